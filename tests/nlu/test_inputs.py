"""What calls for training: the inputs of the model, found through what the pipeline imports."""

from __future__ import annotations

import dataclasses
import pathlib
import shutil

import pytest

from components.nlu.spacy_pipeline import LABELS, RULES
from scripts.inputs import (
    CONFIG,
    FOLDERS,
    KINDS,
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
from weiquan.reading.cues import cue_counts, situation_hits


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
        "weiquan.reading.scams",
        "weiquan.language.normalisation",
        "components.nlu.situation_scores",
        "components.nlu.spacy_pipeline",
        "components.core.failure_policy",
    ],
)
def test_a_module_that_the_pipeline_imports_calls_for_training(original, before, module):
    *_, file = module_files(module, original)
    assert touched(original, file) != before


@pytest.mark.parametrize(
    "module",
    [
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


def test_a_new_cue_calls_for_training_a_new_phone_number_does_not(original):
    whole = fingerprint(original)
    contacts, topics = original / "knowledge" / "contacts.yml", original / "knowledge" / "topics.yml"
    text = contacts.read_text(encoding="utf-8")
    assert "021-53395288" in text
    contacts.write_text(text.replace("021-53395288", "021-00000000"), encoding="utf-8")
    assert fingerprint(original) == whole
    text = topics.read_text(encoding="utf-8")
    assert "cues: ['邮箱'" in text
    topics.write_text(text.replace("cues: ['邮箱'", "cues: ['邮箱', '伊妹儿'"), encoding="utf-8")
    assert fingerprint(original) != whole


@pytest.mark.parametrize(
    ("kind", "name", "change", "trains"),
    [
        ("situations", "injury", {"cues": ("烫伤",)}, True),
        ("situations", "injury", {"intent": "report_other"}, True),
        ("situations", "injury", {"opening": "先看伤。"}, False),
        ("topics", "ask_email", {"cues": ("伊妹儿",)}, True),
        ("topics", "ask_email", {"label": "伊妹儿"}, False),
        ("rungs", "court", {"failed_cues": ("败诉",)}, True),
        ("rungs", "court", {"words": "请立案。"}, False),
        ("deadlines", "seven_day_return", {"amount": 8}, False),
    ],
)
def test_of_the_facts_only_what_a_message_is_read_by_calls_for_training(facts, kind, name, change, trains):
    records = getattr(facts, kind)
    edited = dataclasses.replace(facts, **{kind: {**records, name: records[name].copy(update=change)}})
    assert (read_by(edited) != read_by(facts)) is trains


def test_a_swindlers_script_calls_for_training(facts):
    name, scam = next(iter(facts.scams.items()))
    edited = [
        dataclasses.replace(facts, scams={**facts.scams, name: scam.copy(update=change)})
        for change in ({"cues": ("伊妹儿",)}, {"alarm": not scam.alarm}, {"what_it_is": "骗局"})
    ]
    assert [read_by(version) != read_by(facts) for version in edited] == [True, True, False]


def test_of_the_data_only_what_the_pipeline_reads_calls_for_training(original):
    inputs = {file.relative_to(original).as_posix() for file in input_files(original)}
    assert {f"data/entities/{name}" for name in (*(f"{stem}.txt" for stem in LABELS), RULES)} <= inputs
    words = {f"data/{name}.yml" for name in ("interview", "case_words", "feelings", "entities/events")}
    assert not words & inputs
    assert not any("__pycache__" in name for name in inputs)


def test_the_components_take_no_other_kinds_of_fact(facts):
    taken = set()

    class Watched:
        def __getattr__(self, name):
            taken.add(name)
            return getattr(facts, name)

    cue_counts("鞋子开胶了,客服让我转账", Watched())
    situation_hits("鞋子开胶了,客服让我转账", Watched())
    assert taken == set(KINDS)
    assert taken <= {field.name for field in dataclasses.fields(facts)}


def test_what_a_message_is_read_by(facts):
    marks = {record["id"]: record for record in read_by(facts) if record}
    assert marks["injury"]["intent"] == "report_injury"
    assert marks["injury"]["cues"] == facts.situations["injury"].cues
    assert "opening" not in marks["injury"]
    assert {"cues", "id"} <= set(marks["not_shipped"]["variants"][0])
    assert any("alarm" in mark for mark in marks.values())


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
