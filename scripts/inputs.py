"""What the model is made of, found rather than listed.

Beside the examples, rules, stories and settings that Rasa reads, these are the
modules that the components of `config.yml` import, one through another, the
files of `data/` that those modules name, and what `knowledge/` holds for
reading a message.
"""

from __future__ import annotations

import ast
import hashlib
import pathlib
from typing import Any, Dict, Iterable, Iterator, List, Optional, Set

import yaml

from weiquan.facts.knowledge import Knowledge, load
from weiquan.settings import ROOT

CONFIG = "config.yml"
FILES = (CONFIG, "domain.yml", "uv.lock")
FOLDERS = ("data/nlu", "data/rules", "data/stories", "data/dictionary")
"""Everything in them counts, whether or not a module names it."""
WORDS = "data"
"""The folder of the files that count if a module names them."""
KINDS = ("situations", "topics", "rungs", "scams")
"""The kinds of fact by which the components read a message."""
_KEPT = ("id", "intent", "alarm")
"""What counts of a fact beside its cues: whose they are and what they mean."""


def module_files(name: str, root: pathlib.Path = ROOT) -> Iterator[pathlib.Path]:
    """Yield the files below `root` that importing the dotted `name` runs: its packages, then itself.

    What is not below `root`, another's package or a name within a module, has
    no file.
    """
    path = root
    for part in name.split("."):
        path = path / part
        for file in (path.with_name(f"{part}.py"), path / "__init__.py"):
            if file.is_file():
                yield file


def imported_names(file: pathlib.Path, root: pathlib.Path = ROOT) -> Iterator[str]:
    """Yield the dotted names that the module `file` imports, wherever in it; what comes from a package, with it."""
    package = file.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{origin}.{one.name}" if origin else one.name for one in node.names)


def imported_files(names: Iterable[str], root: pathlib.Path = ROOT) -> Set[pathlib.Path]:
    """Return the files below `root` that importing `names` runs, with all that they import."""
    found: Set[pathlib.Path] = set()
    waiting = [file for name in names for file in module_files(name, root)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [other for name in imported_names(file, root) for other in module_files(name, root)]
    return found


def component_names(config: pathlib.Path) -> List[str]:
    """Return the names of the components and policies of a Rasa config, as it writes them."""
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    return [one["name"] for part in ("pipeline", "policies") for one in content.get(part) or ()]


def named_files(modules: Iterable[pathlib.Path], folder: pathlib.Path) -> Set[pathlib.Path]:
    """Return the files below `folder` whose name, with or without its ending, is a string in one of `modules`."""
    words = {
        node.value
        for module in modules
        for node in ast.walk(ast.parse(module.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {one for one in folder.rglob("*") if one.is_file() and not words.isdisjoint({one.name, one.stem})}


def input_files(root: pathlib.Path = ROOT) -> List[pathlib.Path]:
    """Return the files that a model is made of, in a fixed order; of `knowledge/` see `read_by`."""
    modules = imported_files(component_names(root / CONFIG), root)
    within = {file for folder in FOLDERS for file in (root / folder).rglob("*") if file.is_file()}
    found = {root / name for name in FILES} | within | modules | named_files(modules, root / WORDS)
    return sorted(one for one in found if "__pycache__" not in one.parts)


def read_by(facts: Knowledge) -> List[Any]:
    """Return what of the facts a message is read by: the cues, whose they are and which intent they speak for.

    A phone number, a time limit or a sentence is none of it.
    """
    return [_cues(record.dict()) for kind in KINDS for record in getattr(facts, kind).values()]


def _cues(content: Any) -> Optional[Any]:
    """Return `content` without all that no message is read by, or None where nothing is left."""
    if isinstance(content, (list, tuple)):
        return [kept for one in content if (kept := _cues(one))]
    if not isinstance(content, dict):
        return None
    cues: Dict[str, Any] = {key: value for key, value in content.items() if key.endswith("cues") and value}
    below = {key: kept for key, value in content.items() if key not in cues and (kept := _cues(value))}
    if not (cues or below or content.get("intent")):
        return None
    return {**{key: content[key] for key in _KEPT if key in content}, **cues, **below}


def digest_of_files(root: pathlib.Path = ROOT) -> str:
    """Return a digest of `input_files`: their names and contents."""
    digest = hashlib.sha256()
    for file in input_files(root):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()


def fingerprint(root: pathlib.Path = ROOT) -> str:
    """Return a digest of all inputs. Raises `KnowledgeError`."""
    facts = repr(read_by(load(root / "knowledge")))
    return hashlib.sha256(f"{digest_of_files(root)}\n{facts}".encode()).hexdigest()
