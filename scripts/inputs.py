"""Finding everything that the trained model depends on.

Besides the examples, rules, stories and settings that Rasa reads, these are the
modules that the components of `config.yml` import, directly or indirectly, the
files of `data/` that those modules name, and the part of `knowledge/` that is
used to read a message.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import pathlib
from typing import Any, Iterable, Iterator, List, Set

import yaml

from weiquan.facts.knowledge import Knowledge, load
from weiquan.places import ROOT

CONFIG = "config.yml"
FILES = (CONFIG, "domain.yml", "uv.lock", "data/encoder/adapter.npz")
FOLDERS = ("data/nlu", "data/rules", "data/stories", "data/dictionary")
"""Every file in them counts, whether or not a module names it."""
WORDS = "data"
"""The folder whose other files count if a module names them."""


def module_files(name: str, root: pathlib.Path = ROOT) -> Iterator[pathlib.Path]:
    """Yield the files below `root` that are run when the dotted `name` is imported: its packages, then itself.

    Nothing is yielded for a name outside of `root` or within a module.
    """
    path = root
    for part in name.split("."):
        path = path / part
        for file in (path.with_name(f"{part}.py"), path / "__init__.py"):
            if file.is_file():
                yield file


@functools.cache
def _parsed(source: bytes) -> ast.Module:
    return ast.parse(source)


def imported_names(file: pathlib.Path, root: pathlib.Path = ROOT) -> Iterator[str]:
    """Yield the dotted names that the module `file` imports anywhere; for `from a import b` that is `a.b`."""
    package = file.relative_to(root).parent.parts
    for node in ast.walk(_parsed(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{origin}.{alias.name}" if origin else alias.name for alias in node.names)


def imported_files(names: Iterable[str], root: pathlib.Path = ROOT) -> Set[pathlib.Path]:
    """Return the files below `root` that are run when `names` are imported, with everything that they import."""
    found: Set[pathlib.Path] = set()
    waiting = [file for name in names for file in module_files(name, root)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [other for name in imported_names(file, root) for other in module_files(name, root)]
    return found


def component_names(config: pathlib.Path) -> List[str]:
    """Return the names of the components and policies in the Rasa config file `config`, as they are written there."""
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    return [component["name"] for part in ("pipeline", "policies") for component in content.get(part) or ()]


def named_files(modules: Iterable[pathlib.Path], folder: pathlib.Path) -> Set[pathlib.Path]:
    """Return the files below `folder` whose name, with or without its suffix, is a string in one of `modules`."""
    words = {
        node.value
        for module in modules
        for node in ast.walk(_parsed(module.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {file for file in folder.rglob("*") if file.is_file() and not words.isdisjoint({file.name, file.stem})}


def input_files(root: pathlib.Path = ROOT) -> List[pathlib.Path]:
    """Return the files that the model depends on, in a fixed order; for `knowledge/` see `read_by`."""
    modules = imported_files(component_names(root / CONFIG), root)
    within = {file for folder in FOLDERS for file in (root / folder).rglob("*") if file.is_file()}
    found = {root / name for name in FILES} | within | modules | named_files(modules, root / WORDS)
    return sorted(file for file in found if "__pycache__" not in file.parts)


def read_by(facts: Knowledge) -> List[Any]:
    """Return the part of `facts` that is used to read a message: labels, with the intents they belong to.

    Phone numbers, time limits and sentences are not part of it.
    """
    found: List[Any] = [
        (situation.id, situation.intent, situation.default, [variant.id for variant in situation.variants])
        for situation in facts.situations.values()
    ]
    found += [list(facts.topics), list(facts.dangers)]
    return found


def digest_of_files(root: pathlib.Path = ROOT) -> str:
    """Return a digest of the names and contents of `input_files`."""
    digest = hashlib.sha256()
    for file in input_files(root):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()


def fingerprint(root: pathlib.Path = ROOT) -> str:
    """Return a digest of all inputs. Raises `KnowledgeError`."""
    facts = repr(read_by(load(root / "knowledge")))
    return hashlib.sha256(f"{digest_of_files(root)}\n{facts}".encode()).hexdigest()
