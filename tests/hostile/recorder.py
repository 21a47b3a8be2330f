"""Every regular expression that the project's own code compiles, with the place that did.

Patterns are compiled at import, while files are read, and while messages are read; so
this runs in a process of its own, where nothing is imported yet.
"""

from __future__ import annotations

import importlib
import pathlib
import pkgutil
import re
import sre_compile
import sys
from typing import Any, Dict

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGES = ("weiquan", "channels", "components", "actions")
_OWN = tuple(str(ROOT / package) for package in PACKAGES)
_compile = sre_compile.compile
found: Dict[re.Pattern[str], str] = {}


def _recording(pattern: Any, flags: int = 0) -> Any:
    compiled = _compile(pattern, flags)
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.rpartition("/")[2] in ("re.py", "sre_compile.py"):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_filename.startswith(_OWN) and isinstance(compiled.pattern, str):
        found[compiled] = f"{pathlib.Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"
    return compiled


def record() -> Dict[re.Pattern[str], str]:
    """Import the project, read its facts and a few messages; return each pattern with the line that compiled it."""
    sre_compile.compile = _recording
    re.purge()
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    from tests.hostile.readers import read_everything

    read_everything()
    return found
