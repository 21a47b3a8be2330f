"""The importer reads what Rasa's own reads, once, and says as clearly what is wrong with a file."""

from __future__ import annotations

import os
import pathlib

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.importers.rasa import RasaFileImporter

from components.importer import ExamplesImporter
from weiquan.places import DATA

GOOD = """version: "3.1"
nlu:
- intent: greet
  metadata:
    situations: [quality_problem]
  examples: |
    - 你好
    - 花了[129元](amount)
"""


def _importer(file: pathlib.Path, kind: type[RasaFileImporter] = ExamplesImporter) -> RasaFileImporter:
    return kind(training_data_paths=[str(file)])


def test_it_reads_what_rasas_own_importer_reads():
    file = DATA / "nlu" / "case" / "affirm.yml"
    entities = DATA / "nlu" / "entities.yml"
    for one in (file, entities):
        ours, theirs = (_importer(one, kind).get_nlu_data() for kind in (ExamplesImporter, RasaFileImporter))
        assert ours.training_examples
        assert ours.fingerprint() == theirs.fingerprint()


def test_a_file_is_read_again_only_when_it_changed(tmp_path):
    file = tmp_path / "nlu.yml"
    file.write_text(GOOD, encoding="utf-8")
    first = _importer(file).get_nlu_data()
    assert _importer(file).get_nlu_data() is first
    file.write_text(GOOD + "    - 早上好\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert len(_importer(file).get_nlu_data().training_examples) == len(first.training_examples) + 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("version: '3.1'\nnlu:\n- intent: greet\n  examples:\n  - 你好\n", "nlu.yml:3"),
        ("version: '3.1'\nnlu:\n- intent: [greet\n", "line 4"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path, content, told):
    file = tmp_path / "nlu.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(YamlException) as caught:
        _importer(file).get_nlu_data()
    assert file.name in str(caught.value)
    assert told in str(caught.value)
