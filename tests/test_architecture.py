"""Who may import whom: always downward, never in a circle, never late; and nothing is done twice a turn."""

from __future__ import annotations

import ast

import pytest

from scripts.structure import (
    ABOVE,
    SAMPLES,
    cycles,
    imports,
    late_imports,
    modules,
    place,
    sizes,
    upward_imports,
    work_of_a_turn,
)
from weiquan.places import ROOT

MOST_MODULES, MOST_LINES = 14, 300
FREE_OF_RASA = ("rasa", "rasa_sdk")


def test_a_package_imports_only_what_lies_below_it():
    assert upward_imports() == []


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
    assert across == []


def test_no_module_imports_itself_by_a_detour():
    assert cycles() == []


def test_nothing_of_the_project_is_imported_late():
    assert late_imports() == []


def test_the_domain_knows_nothing_of_rasa():
    found = [
        place(file, node)
        for _, file in modules("weiquan")
        for node, name, _ in imports(file)
        if name.split(".")[0] in FREE_OF_RASA
    ]
    assert found == []


def test_a_package_is_of_a_size_that_a_newcomer_takes_in():
    large = {name: size for name, size in sizes().items() if size[0] > MOST_MODULES or size[1] > MOST_LINES}
    assert large == {}


def test_every_package_says_what_lives_there():
    for folder in ABOVE:
        for _, file in modules(folder):
            if file.name == "__init__.py":
                assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file


@pytest.mark.parametrize(("text", "intent", "case"), SAMPLES)
def test_a_message_is_cleaned_once_and_a_case_decided_once_a_turn(text, intent, case):
    work = work_of_a_turn(text, intent, case)
    assert work["normalised"] == work["masked"] == 1
    # No step is needed to say what can be claimed, or that something is out of scope.
    assert work["decided"] == (intent not in {"ask_compensation", "out_of_scope", "request_document"})
