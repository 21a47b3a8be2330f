"""Every kind of record in `knowledge/`, and reading its file; what is wrong is gathered with file and line."""

from __future__ import annotations

import pathlib
from typing import Any, Dict, List, Tuple, Type, TypeVar

import yaml
from pydantic import ValidationError

from weiquan.data_files import read_yaml, reason_of
from weiquan.facts.answers import Answer, Topic
from weiquan.facts.compensation import Circumstance, CompensationRule
from weiquan.facts.dangers import Danger
from weiquan.facts.decisions import ClosedDoor, Decision
from weiquan.facts.papers import (
    ClaimSentence,
    Company,
    EventSentence,
    PaperKind,
    PaperQuestion,
    Tone,
    TroubleSentence,
    WishSentence,
)
from weiquan.facts.quick_replies import QuickReply
from weiquan.facts.records import (
    Channel,
    Contact,
    Deadline,
    Law,
    NeverDo,
    NotRequired,
    Piece,
    Record,
    Scam,
    Source,
    WordList,
    WrongNumber,
)
from weiquan.facts.situations import Development, ElsewhereRung, Platform, Rung, Situation

R = TypeVar("R", bound=Record)

RECORD_KINDS: Tuple[Tuple[str, str, type], ...] = (
    ("sources", "sources", Source),
    ("lexicon", "lexicon", WordList),
    ("contacts", "contacts", Contact),
    ("channels", "channels", Channel),
    ("laws", "laws", Law),
    ("deadlines", "deadlines", Deadline),
    ("ladder", "rungs", Rung),
    ("platforms", "platforms", Platform),
    ("platforms", "elsewhere", ElsewhereRung),
    ("situations", "situations", Situation),
    ("topics", "topics", Topic),
    ("buttons", "buttons", QuickReply),
    ("answers/*", "answers", Answer),
    ("dangers", "dangers", Danger),
    ("developments", "developments", Development),
    ("scams", "wrong_numbers", WrongNumber),
    ("scams", "scams", Scam),
    ("scams", "never_do", NeverDo),
    ("evidence", "pieces", Piece),
    ("evidence", "not_required", NotRequired),
    ("compensation", "circumstances", Circumstance),
    ("compensation", "compensation_rules", CompensationRule),
    ("papers", "papers", PaperKind),
    ("papers", "tones", Tone),
    ("papers", "paper_questions", PaperQuestion),
    ("papers", "companies", Company),
    ("papers", "event_sentences", EventSentence),
    ("papers", "trouble_sentences", TroubleSentence),
    ("papers", "wish_sentences", WishSentence),
    ("papers", "claim_sentences", ClaimSentence),
    ("decisions", "closed_doors", ClosedDoor),
    ("decisions", "decisions", Decision),
)
"""(file stem, top-level key, record class) of everything in `knowledge/`; `folder/*` are all files of a folder."""

FOUNDATIONS = (
    *("laws", "deadlines", "contacts", "channels", "rungs", "situations", "compensation_rules", "pieces"),
    *("scams", "never_do", "wrong_numbers", "not_required", "developments"),
)
"""The kinds of record on which an answer may stand."""


class KnowledgeError(Exception):
    """`knowledge/` is unusable. `problems` lists «file:line: reason» strings."""

    def __init__(self, problems: List[str]) -> None:
        self.problems = problems
        super().__init__("knowledge/ 有错误，已停止启动：\n" + "\n".join(problems))


def _node_line(node: yaml.Node, location: Tuple[Any, ...]) -> int:
    """Return the line (from 1) of the value at `location` below `node`, as near as it exists."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            # Of a key given twice, or taken over by `<<` and given anew, the last one counts.
            for key, value in reversed(node.value):
                if key.value == step:
                    node = value
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            break
    return int(node.start_mark.line) + 1


class RecordReader:
    """Reads the files of one directory and gathers problems."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.problems: List[str] = []
        self.lines: Dict[Tuple[str, str], str] = {}
        self._trees: Dict[str, Tuple[Any, yaml.Node]] = {}

    def blame(self, kind: str, record_id: str, reason: str) -> None:
        """Report a problem of one record, with its file and line."""
        self.problems.append(f"{self.lines[kind, record_id]}: {record_id} {reason}")

    def tree(self, stem: str) -> Tuple[Any, yaml.Node] | None:
        """Return a file as data and as nodes with their lines, None where it cannot be read; read once."""
        if stem not in self._trees:
            path = self.directory / f"{stem}.yml"
            try:
                data, node = read_yaml(path.read_text(encoding="utf-8"))
            except FileNotFoundError:
                self.problems.append(f"{path.name}:1: 文件不存在")
                return None
            except UnicodeDecodeError:
                self.problems.append(f"{path.name}:1: 不是 UTF-8 编码")
                return None
            except yaml.YAMLError as error:
                mark = getattr(error, "problem_mark", None)
                line = mark.line + 1 if mark else 1
                self.problems.append(f"{path.name}:{line}: YAML 写法有误（{getattr(error, 'problem', error)}）")
                return None
            if not isinstance(data, dict) or node is None:
                self.problems.append(f"{path.name}:1: 顶层要是「名称: 列表」")
                return None
            self._trees[stem] = (data, node)
        return self._trees.get(stem)

    def records(self, stem: str, key: str, kind: Type[R]) -> Dict[str, R]:
        """Return the records of the list `key` in the file `stem`, by id; what is wrong is reported and left out.

        Of a stem that ends in `/*` all files of the folder are read, and an id stands in one of them.
        """
        if not stem.endswith("/*"):
            return self._records_of_file(stem, key, kind)
        found: Dict[str, R] = {}
        for path in sorted((self.directory / stem[:-2]).glob("*.yml")):
            for record_id, record in self._records_of_file(f"{stem[:-1]}{path.stem}", key, kind).items():
                if record_id in found:
                    self.problems.append(f"{self.lines[key, record_id]}: id「{record_id}」重复")
                found[record_id] = record
        return found

    def _records_of_file(self, stem: str, key: str, kind: Type[R]) -> Dict[str, R]:
        tree = self.tree(stem)
        if tree is None:
            return {}
        data, node = tree
        name = f"{stem}.yml"
        if not isinstance(data.get(key), list):
            self.problems.append(f"{name}:1: 缺少列表「{key}」")
            return {}
        found: Dict[str, R] = {}
        for index, raw in enumerate(data[key]):
            line = _node_line(node, (key, index))
            if not isinstance(raw, dict):
                self.problems.append(f"{name}:{line}: 「{key}」第 {index + 1} 条不是键值对")
                continue
            if isinstance(raw.get("source"), str):
                raw = {**raw, "source": [raw["source"]]}
            try:
                record = kind.parse_obj(raw)
            except ValidationError as error:
                for detail in error.errors():
                    where = _node_line(node, (key, index, *detail["loc"]))
                    field = ".".join(str(part) for part in detail["loc"])
                    self.problems.append(f"{name}:{where}: {raw.get('id', '?')} 的 {field}：{reason_of(detail)}")
                continue
            if record.id in found:
                self.problems.append(f"{name}:{line}: id「{record.id}」重复")
                continue
            found[record.id] = record
            self.lines[key, record.id] = f"{name}:{line}"
        return found
