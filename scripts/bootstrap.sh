#!/bin/sh
# Print the path of a uv to use, installing it into a private place where the
# machine has none: a system Python may be externally managed.
set -u
pinned="uv==0.13.9"
here=$(cd "$(dirname "$0")/.." && pwd)

if command -v uv >/dev/null 2>&1; then command -v uv; exit 0; fi
own="$here/.tools/uv/bin/uv"
if [ -x "$own" ]; then echo "$own"; exit 0; fi

try() { # try COMMAND: a Python 3 that can make the private environment
  "$@" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 || return 1
  if "$@" -m venv "$here/.tools/uv" >/dev/null 2>&1; then
    "$here/.tools/uv/bin/python" -m pip install --quiet --disable-pip-version-check "$pinned" >&2 && [ -x "$own" ] && return 0
  fi
  rm -rf "$here/.tools/uv"
  # Debian without python3-venv: pip alone will do.
  "$@" -m pip install --quiet --disable-pip-version-check --target "$here/.tools/uv" "$pinned" >&2 && [ -x "$own" ]
}

# pyenv's shims refuse to run while .python-version names a Python it lacks; then its other Pythons will do.
for candidate in python3.10 python3 python /usr/bin/python3; do
  if try "$candidate"; then echo "$own"; exit 0; fi
done
if try env PYENV_VERSION=system python3; then echo "$own"; exit 0; fi
if command -v pyenv >/dev/null 2>&1; then
  for version in $(pyenv versions --bare 2>/dev/null); do
    if try env PYENV_VERSION="$version" python; then echo "$own"; exit 0; fi
  done
fi
echo "No usable Python 3 was found to install uv with: install Python 3.10 (for example 'pyenv install 3.10' or your system's package) and run make again." >&2
exit 1
