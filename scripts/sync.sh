#!/bin/sh
# Bring .venv to the state of uv.lock. Arguments go to `uv sync`.
set -u
cd "$(dirname "$0")/.." || exit 1
uv=$(scripts/bootstrap.sh) || exit 1
echo "Installing the environment from uv.lock …"
mkdir -p var/logs
if ! "$uv" python find 3.10 >/dev/null 2>&1 && ! "$uv" python install 3.10 >var/logs/python.log 2>&1; then
  echo "Python 3.10 is needed (Rasa 3.6 runs on no later one), none was found, and uv could not fetch it: install Python 3.10, for example with 'pyenv install 3.10', and run make again." >&2
  exit 1
fi
exec "$uv" sync --frozen --quiet --python 3.10 "$@"
