"""What calls for training: the inputs of the model, found through what the pipeline imports."""

from __future__ import annotations

import dataclasses
import pathlib
import shutil

import pytest

from components.nlu.labels import label_names
from components.nlu.spacy_pipeline import LABELS, RULES
from scripts.inputs import (
    CONFIG,
    FOLDERS,
    component_names,
    digest_of_files,
    fingerprint,
    imported_files,
    imported_names,
    input_files,
    module_files,
    named_files,
    read_by,
)
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of all that the fingerprint may look at, and its neighbours."""
    root = tmp_path_factory.mktemp("project")
    modules = [file for folder in ("weiquan", "components") for file in (ROOT / folder).rglob("*.py")]
    copied = [*input_files(), *modules, *(ROOT / "data").glob("*.yml")]
    for file in copied:
        target = root / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    shutil.copytree(ROOT / "knowledge", root / "knowledge")
    return root


@pytest.fixture(scope="module")
def before(original: pathlib.Path) -> str:
    """The digest of the copy's files."""
    return digest_of_files(original)


@pytest.fixture(scope="module")
def fingerprint_before(original: pathlib.Path) -> str:
    """The fingerprint of the copy."""
    return fingerprint(original)


def touched(root: pathlib.Path, file: pathlib.Path) -> str:
    """Return the digest of the files of `root` with a line added to `file`, and put the file back."""
    content = file.read_bytes()
    file.write_bytes(content + b"# edited\n")
    try:
        return digest_of_files(root)
    finally:
        file.write_bytes(content)


def test_the_same_files_have_the_same_digest(original, before):
    assert digest_of_files(original) == before == digest_of_files(ROOT)


@pytest.mark.parametrize(
    "place", [*FOLDERS, CONFIG, "domain.yml", "uv.lock", "data/entities/goods.txt", f"data/entities/{RULES}"]
)
def test_an_edit_of_any_input_calls_for_training(original, before, place):
    target = original / place
    file = target if target.is_file() else next(path for path in sorted(target.rglob("*")) if path.is_file())
    assert touched(original, file) != before


def test_a_new_file_of_examples_calls_for_training(original, before):
    file = original / "data" / "nlu" / "talk" / "new.yml"
    file.write_text("", encoding="utf-8")
    assert digest_of_files(original) != before
    file.unlink()
    assert digest_of_files(original) == before


@pytest.mark.parametrize(
    "module",
    [
        "weiquan.reading.situations",
        "weiquan.reading.steps",
        "weiquan.language.normalisation",
        "components.nlu.complaint_reader",
        "components.nlu.multi_label",
        "components.nlu.held_back",
        "components.nlu.spacy_pipeline",
        "components.core.failure_policy",
        "components.core.danger_policy",
    ],
)
def test_a_module_that_the_pipeline_imports_calls_for_training(original, before, module):
    *_, file = module_files(module, original)
    assert touched(original, file) != before


@pytest.mark.parametrize(
    "module",
    [
        "weiquan.reading.scams",
        "weiquan.papers.draft",
        "weiquan.replies.plan",
        "weiquan.dialogue.answers",
        "components.core.nlg",
        "components.core.tracker_store",
        "components.nlu.number_neutral",
    ],
)
def test_a_module_that_it_does_not_import_calls_for_none(original, before, module):
    *_, file = module_files(module, original)
    assert touched(original, file) == before


@pytest.mark.parametrize("name", ["data/danger.yml", "data/news.yml", "data/encoder/adapter.npz"])
def test_what_the_reader_of_complaints_learns_from_calls_for_training(original, before, name):
    assert touched(original, original / name) != before


@pytest.mark.parametrize(
    ("file", "old", "new", "trains"),
    [
        ("contacts.yml", "021-53395288", "021-00000000", False),
        ("dangers.yml", "now: 先别慌", "now: 别慌", False),
        ("situations.yml", "- id: already_paid", "- id: paid_already", True),
    ],
)
def test_a_new_label_calls_for_training_a_new_phone_number_does_not(
    original, fingerprint_before, file, old, new, trains
):
    edited = {path: path.read_text(encoding="utf-8") for path in (original / "knowledge").glob("*.yml")}
    assert old in edited[original / "knowledge" / file]
    # The name of a special case stands in other files too.
    name, other = old.removeprefix("- id: "), new.removeprefix("- id: ")
    try:
        for path, text in edited.items():
            path.write_text(text.replace(name, other), encoding="utf-8")
        assert (fingerprint(original) != fingerprint_before) is trains
    finally:
        for path, text in edited.items():
            path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "name", "change", "trains"),
    [
        ("situations", "injury", {"intent": "report_other"}, True),
        ("situations", "bad_service", {"variants": ()}, True),
        ("situations", "injury", {"opening": "先看伤。"}, False),
        ("situations", "injury", {"severity": 3}, False),
        ("topics", "ask_email", {"label": "伊妹儿"}, False),
        ("dangers", "fire", {"now": "快跑。"}, False),
        ("rungs", "court", {"failed_phrases": ("败诉",)}, False),
        ("rungs", "court", {"words": "请立案。"}, False),
        ("rungs", "police", {"evidence": ("回执",)}, False),
        ("deadlines", "seven_day_return", {"amount": 8}, False),
    ],
)
def test_of_the_facts_only_what_a_message_is_read_by_calls_for_training(facts, kind, name, change, trains):
    records = getattr(facts, kind)
    edited = dataclasses.replace(facts, **{kind: {**records, name: records[name].copy(update=change)}})
    assert (read_by(edited) != read_by(facts)) is trains


@pytest.mark.parametrize("kind", ["situations", "topics", "dangers"])
def test_a_label_fewer_calls_for_training(facts, kind):
    _, *kept = getattr(facts, kind).items()
    assert read_by(dataclasses.replace(facts, **{kind: dict(kept)})) != read_by(facts)


def test_a_swindlers_script_calls_for_no_training(facts):
    """It is found by its words, after the model has read the message."""
    for name, scam in facts.scams.items():
        for change in ({"cues": ("伊妹儿",)}, {"alarm": not scam.alarm}, {"what_it_is": "骗局"}):
            edited = dataclasses.replace(facts, scams={**facts.scams, name: scam.copy(update=change)})
            assert edited != facts
            assert read_by(edited) == read_by(facts)


def test_of_the_data_only_what_the_pipeline_reads_calls_for_training(original):
    inputs = {file.relative_to(original).as_posix() for file in input_files(original)}
    assert {f"data/entities/{name}" for name in (*(f"{stem}.txt" for stem in LABELS), RULES)} <= inputs
    # The questions of the interview are context for the reader, so they are an input.
    words = {"data/evidence_words.yml", "data/feelings.yml"}
    assert all((original / name).is_file() for name in words)
    assert not words & inputs
    assert not any("__pycache__" in name for name in inputs)


def test_all_labels_are_part_of_what_a_message_is_read_by(facts):
    names = {label.partition(":")[2] for label in label_names(facts) if label.split(":")[0] != "news"} - {""}
    written = repr(read_by(facts))
    assert [name for name in names if f"'{name}'" not in written] == []


# --- finding modules ---


@pytest.fixture
def project(tmp_path):
    """A small project of packages and modules."""
    files = {
        "config.yml": "pipeline:\n- name: parts.eye.Eye\n- name: SpacyNLP\npolicies:\n- name: parts.will.Will\n",
        "parts/__init__.py": "",
        "parts/eye.py": "import json\nfrom mind import reading\nfrom mind.words import split as cut\n",
        "parts/will.py": "def choose():\n    import mind.late\n",
        "parts/mouth.py": "import mind.voice\n",
        "mind/__init__.py": "",
        "mind/reading/__init__.py": "from .inner import read\nfrom . import signs\n",
        "mind/reading/inner.py": "from ..base import thing\nFILE = 'signs.txt'\n",
        "mind/reading/signs.py": "from mind.reading import inner\n",
        "mind/base.py": "",
        "mind/words.py": "LISTS = {'goods': 1}\n",
        "mind/late.py": "",
        "mind/voice.py": "",
        "mind/alone.py": "import mind.words\n",
        "data/signs.txt": "",
        "data/lists/goods.txt": "",
        "data/voice.txt": "",
    }
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return tmp_path


def relative(files, root):
    return {file.relative_to(root).as_posix() for file in files}


def test_modules_are_followed_through_packages_and_relative_imports(project):
    found = imported_files(component_names(project / "config.yml"), project)
    assert relative(found, project) == {
        "parts/__init__.py",
        "parts/eye.py",
        "parts/will.py",
        "mind/__init__.py",
        "mind/reading/__init__.py",
        "mind/reading/inner.py",
        "mind/reading/signs.py",
        "mind/base.py",
        "mind/words.py",
        "mind/late.py",
    }


def test_a_module_runs_the_packages_above_it(project):
    found = [file.relative_to(project).as_posix() for file in module_files("mind.reading.inner", project)]
    assert found == ["mind/__init__.py", "mind/reading/__init__.py", "mind/reading/inner.py"]
    assert list(module_files("json", project)) == []


def test_relative_imports_are_named_in_full(project):
    inner = project / "mind" / "reading"
    assert list(imported_names(inner / "inner.py", project)) == ["mind.base.thing"]
    assert list(imported_names(inner / "__init__.py", project)) == ["mind.reading.inner.read", "mind.reading.signs"]


def test_data_files_are_found_by_their_names_in_the_modules(project):
    modules = imported_files(component_names(project / "config.yml"), project)
    assert relative(named_files(modules, project / "data"), project) == {"data/signs.txt", "data/lists/goods.txt"}
