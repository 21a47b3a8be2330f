"""The packages and who may import whom: always downward, never in a circle, never late."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator

import pytest

from weiquan.places import ROOT

# From the bottom to the top: a name imports only from names before it.
LEVELS = (
    *("places", "keys", "clock", "data_files", "settings", "language", "entities", "case", "facts", "rendering"),
    *("reading", "advice", "dialogue", "papers", "replies", "handlers", "turn"),
)
# Beside `weiquan`: what each of the other folders may import.
ABOVE = {
    "weiquan": {"weiquan"},
    "actions": {"actions", "weiquan"},
    "components": {"components", "weiquan"},
    "channels": {"channels", "weiquan"},
    "scripts": {"scripts", "weiquan"},
}
MOST_MODULES, MOST_LINES = 14, 300
FREE_OF_RASA = ("rasa", "rasa_sdk")


def modules(folder: str) -> Iterator[tuple[str, pathlib.Path]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


def imports(file: pathlib.Path) -> Iterator[tuple[ast.stmt, str, bool]]:
    """Yield every import of a file: the statement, the module, whether it stands inside a function."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bodies = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    late = {id(one) for body in bodies for one in ast.walk(body)}
    for node in ast.walk(tree):
        names = [one.name for one in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
        if isinstance(node, ast.ImportFrom):
            whole = node.module or ""
            # `from weiquan.replies import cards` imports a module, `from weiquan.clock import BEIJING` a name.
            names = [f"{whole}.{one}" if is_module(f"{whole}.{one}") else whole for one in names]
        for name in names:
            yield node, name, id(node) in late


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def place(file: pathlib.Path, node: ast.stmt) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"


def level(module: str) -> int:
    return LEVELS.index(module.split(".")[1])


def test_a_package_of_the_domain_imports_only_what_lies_below_it():
    upward = [
        place(file, node)
        for module, file in modules("weiquan")
        for node, name, _ in imports(file)
        if name.startswith("weiquan.") and module != "weiquan" and level(name) > level(module)
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("folder", ABOVE)
def test_a_folder_imports_only_what_lies_below_it(folder):
    upward = [
        place(file, node)
        for _, file in modules(folder)
        for node, name, _ in imports(file)
        if name.split(".")[0] in ABOVE and name.split(".")[0] not in ABOVE[folder]
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("folder", ["components", "channels"])
def test_the_packages_of_a_folder_do_not_import_each_other(folder):
    """What they share stands in the folder itself."""
    across = [
        place(file, node)
        for _, file in modules(folder)
        for node, name, _ in imports(file)
        if name.startswith(f"{folder}.")
        for package in [ROOT.joinpath(*name.split(".")[:2])]
        if package.is_dir() and not file.is_relative_to(package)
    ]
    assert not across, "\n".join(across)


def test_the_domain_knows_nothing_of_rasa():
    found = [
        place(file, node)
        for _, file in modules("weiquan")
        for node, name, _ in imports(file)
        if name.split(".")[0] in FREE_OF_RASA
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ABOVE)
def test_nothing_of_the_project_is_imported_late(folder):
    late = [
        place(file, node)
        for _, file in modules(folder)
        for node, name, is_late in imports(file)
        if is_late and name.split(".")[0] in ABOVE
    ]
    assert not late, "\n".join(late)


def test_no_module_imports_itself_by_a_detour():
    arrows: dict[str, set[str]] = {}
    for folder in ABOVE:
        for module, file in modules(folder):
            arrows[module] = {name for _, name, _ in imports(file) if name.split(".")[0] in ABOVE and name != module}

    def reach(start: str, path: tuple[str, ...], seen: set[str]) -> None:
        for name in sorted(arrows.get(start, ())):
            assert name not in path, " -> ".join([*path[path.index(name) :], name])
            if name not in seen:
                seen.add(name)
                reach(name, (*path, name), seen)

    for module in arrows:
        reach(module, (module,), set())


@pytest.mark.parametrize("folder", ABOVE)
def test_a_package_is_of_a_size_that_a_newcomer_takes_in(folder):
    packages: dict[pathlib.Path, int] = {}
    for _, file in modules(folder):
        packages[file.parent] = packages.get(file.parent, 0) + (file.name != "__init__.py")
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= MOST_LINES, f"{file.relative_to(ROOT)}: {lines} lines"
    assert all(count <= MOST_MODULES for count in packages.values()), packages


def test_every_package_says_what_lives_there():
    for _, file in modules("weiquan"):
        if file.name == "__init__.py":
            assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file
