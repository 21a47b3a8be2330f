"""Reads the training data for Rasa: each file once a process, and with libyaml.

`rasa train` reads all examples four times, in pure Python: two minutes for 39,000 of
them. What is read, and what is said of a malformed file, is Rasa's own.
"""

from __future__ import annotations

import importlib.resources
import pathlib
from typing import Any, Dict, List, Mapping, Optional, Tuple

import yaml
from pykwalify.core import Core
from pykwalify.errors import SchemaError
from rasa.shared.constants import PACKAGE_NAME, RESPONSES_SCHEMA_FILE, SCHEMA_EXTENSIONS_FILE
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import NLU_SCHEMA_FILE, RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData

_Version = Tuple[str, int, int]

_read: Dict[Tuple[_Version, ...], TrainingData] = {}
"""What was read, by the files' names, times and sizes."""


class QuickReader(RasaYAMLReader):
    """Rasa's reader of NLU files, but for how it checks their form."""

    def validate(self, string: str) -> None:
        """Raise what Rasa raises for a file of another form; only then it is read in the way that keeps the lines."""
        try:
            Core(source_data=yaml.load(string, yaml.CSafeLoader), **_schema()).validate(raise_exception=True)
        except (yaml.YAMLError, SchemaError):
            super().validate(string)


class ExamplesImporter(RasaFileImporter):
    """Rasa's importer of files, which reads each example file once a process."""

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Return the examples of all files; the caller copies them (`TrainingData.merge`) before it changes any.

        Raises `YamlException` for a file that is no training data.
        """
        files: List[str] = sorted(self._nlu_files)
        versions = tuple(_version(file) for file in files)
        if versions not in _read:
            _read.clear()
            _read[versions] = TrainingData().merge(*(QuickReader().read(file) for file in files))
        return _read[versions]


def _version(file: str) -> _Version:
    state = pathlib.Path(file).stat()
    return file, state.st_mtime_ns, state.st_size


def _schema() -> Mapping[str, Any]:
    """Return what `rasa.shared.utils.validation.validate_yaml_schema` checks an NLU file against."""
    package = importlib.resources.files(PACKAGE_NAME)
    schema: Dict[str, Any] = {}
    for name in (NLU_SCHEMA_FILE, RESPONSES_SCHEMA_FILE):
        schema |= yaml.load((package / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {"schema_data": schema, "extensions": [str(package / SCHEMA_EXTENSIONS_FILE)]}
