"""Loading and validating `knowledge/`.

`load` reads every YAML file once, checks the schema and all references, and
returns a frozen `Knowledge`. What is wrong is reported all at once, each line
with the file, the line number and the reason, in Chinese for the editor.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import pathlib
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Type, TypeVar

import yaml
from pydantic import ValidationError

from weiquan.facts import Channel, Contact, Deadline, Fact, Law, NeverDo, Record, Scam, Source, Topic, WrongNumber
from weiquan.troubles import Rung, Situation

DEFAULT_DIRECTORY = pathlib.Path(__file__).resolve().parent.parent / "knowledge"
SITUATION_COUNT = 33

R = TypeVar("R", bound=Record)

RECORD_KINDS: Tuple[Tuple[str, str, type], ...] = (
    ("sources", "sources", Source),
    ("contacts", "contacts", Contact),
    ("channels", "channels", Channel),
    ("laws", "laws", Law),
    ("deadlines", "deadlines", Deadline),
    ("ladder", "rungs", Rung),
    ("situations", "situations", Situation),
    ("topics", "topics", Topic),
    ("scams", "wrong_numbers", WrongNumber),
    ("scams", "scams", Scam),
    ("scams", "never_do", NeverDo),
)
"""(file stem, top-level key, record class) of everything in `knowledge/`."""


class KnowledgeError(Exception):
    """`knowledge/` is unusable. `problems` lists «file:line: reason» strings."""

    def __init__(self, problems: List[str]) -> None:
        self.problems = problems
        super().__init__("knowledge/ 有错误，已停止启动：\n" + "\n".join(problems))


@dataclasses.dataclass(frozen=True)
class Knowledge:
    """All facts by kind and id. Look-ups of an unknown id raise `KeyError`."""

    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]
    channels: Mapping[str, Channel]
    laws: Mapping[str, Law]
    deadlines: Mapping[str, Deadline]
    rungs: Mapping[str, Rung]
    situations: Mapping[str, Situation]
    topics: Mapping[str, Topic]
    wrong_numbers: Mapping[str, WrongNumber]
    scams: Mapping[str, Scam]
    never_do: Mapping[str, NeverDo]

    def default_situation(self, intent: str) -> Optional[Situation]:
        """Return the situation that a `report_` intent means when no cue decides, or None."""
        return next((one for one in self.situations.values() if one.intent == intent and one.default), None)

    def facts(self) -> Iterator[Tuple[str, Fact]]:
        """Yield (kind, fact) for every record that carries a `checked` date."""
        for _, kind, _ in RECORD_KINDS:
            for record in getattr(self, kind).values():
                if isinstance(record, Fact):
                    yield kind, record

    def stale_facts(self, today: datetime.date) -> List[Tuple[str, Fact]]:
        """Return the facts unchecked for six months on `today`."""
        return [(kind, fact) for kind, fact in self.facts() if fact.is_stale(today)]


def _node_line(node: yaml.Node, location: Tuple[Any, ...]) -> int:
    """Return the line (from 1) of the value at `location` below `node`, as near as it exists."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
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


class _Reader:
    """Reads the files of one directory and gathers problems."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.problems: List[str] = []
        self.lines: Dict[Tuple[str, str], str] = {}
        self._trees: Dict[str, Tuple[Any, yaml.Node]] = {}

    def tree(self, stem: str) -> Tuple[Any, yaml.Node] | None:
        if stem not in self._trees:
            path = self.directory / f"{stem}.yml"
            try:
                text = path.read_text(encoding="utf-8")
                node = yaml.compose(text, Loader=yaml.SafeLoader)
                data = yaml.safe_load(text)
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
                    self.problems.append(f"{name}:{where}: {raw.get('id', '?')} 的 {field}：{detail['msg']}")
                continue
            if record.id in found:
                self.problems.append(f"{name}:{line}: id「{record.id}」重复")
                continue
            found[record.id] = record
            self.lines[key, record.id] = f"{name}:{line}"
        return found


def _check_references(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """Report every id that is named somewhere and defined nowhere."""

    def need(kind: str, record_id: str, target: str, ids: Any) -> None:
        for one in ids:
            if one and one not in known[target]:
                reader.problems.append(f"{reader.lines[kind, record_id]}: {record_id} 引用了不存在的 {target}「{one}」")

    for _, kind, _ in RECORD_KINDS:
        for record in known[kind].values():
            if isinstance(record, Fact):
                need(kind, record.id, "sources", record.source)
    for deadline in known["deadlines"].values():
        need("deadlines", deadline.id, "laws", [deadline.law])
    for rung in known["rungs"].values():
        need("rungs", rung.id, "channels", [rung.channel])
        need("rungs", rung.id, "contacts", rung.contacts)
        need("rungs", rung.id, "deadlines", [*rung.deadlines, rung.answer_within])
    for situation in known["situations"].values():
        for target, ids in (
            ("laws", situation.laws),
            ("deadlines", situation.deadlines),
            ("contacts", situation.contacts),
            ("rungs", situation.ladder),
        ):
            need("situations", situation.id, target, ids)
        if situation.default_variant and situation.default_variant not in {one.id for one in situation.variants}:
            place = reader.lines["situations", situation.id]
            reader.problems.append(f"{place}: {situation.id} 的 default_variant「{situation.default_variant}」不存在")
        for variant in situation.variants:
            need("situations", situation.id, "rungs", variant.ladder)
            need("situations", situation.id, "deadlines", variant.deadlines or ())
    for kind in ("rungs", "situations"):
        for record in known[kind].values():
            for contact in record.contacts:
                if contact in known["contacts"] and not known["contacts"][contact].offered:
                    place = reader.lines[kind, record.id]
                    reader.problems.append(f"{place}: {record.id} 不能推荐「{contact}」（offered: false）")


def _check_situations(reader: _Reader, situations: Dict[str, Situation]) -> None:
    """The 33 kinds are complete and each intent has one default."""
    if {one.number for one in situations.values()} != set(range(1, SITUATION_COUNT + 1)):
        missing = sorted(set(range(1, SITUATION_COUNT + 1)) - {one.number for one in situations.values()})
        reader.problems.append(f"situations.yml:1: 33 类情况不全，缺编号 {missing}")
    if len(situations) != len({one.number for one in situations.values()}):
        reader.problems.append("situations.yml:1: number 有重复")
    for intent in sorted({one.intent for one in situations.values()}):
        defaults = [one.id for one in situations.values() if one.intent == intent and one.default]
        if len(defaults) != 1:
            reader.problems.append(f"situations.yml:1: 意图 {intent} 要恰有一个 default，现有 {defaults}")


def _check_patterns(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """Every cue is a valid regular expression."""
    for kind, fields in (
        ("situations", ("cues",)),
        ("topics", ("cues",)),
        ("scams", ("cues",)),
        ("rungs", ("done_cues", "failed_cues")),
    ):
        for record in known[kind].values():
            patterns = [one for field in fields for one in getattr(record, field)]
            if isinstance(record, Situation):
                patterns += [one for variant in record.variants for one in variant.cues]
            for pattern in patterns:
                try:
                    re.compile(pattern)
                except re.error as error:
                    reader.problems.append(
                        f"{reader.lines[kind, record.id]}: {record.id} 的「{pattern}」不是合法的正则（{error}）"
                    )


def load(directory: pathlib.Path = DEFAULT_DIRECTORY) -> Knowledge:
    """Read and check `directory`.

    Returns the frozen facts. Raises `KnowledgeError` naming every problem with
    its file and line.
    """
    reader = _Reader(directory)
    known: Dict[str, Dict[str, Any]] = {}
    for stem, key, kind in RECORD_KINDS:
        known[key] = reader.records(stem, key, kind)
    if not reader.problems:
        _check_references(reader, known)
        _check_situations(reader, known["situations"])
        _check_patterns(reader, known)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return Knowledge(**known)


@functools.cache
def knowledge() -> Knowledge:
    """Return the facts of this process: `WEIQUAN_KNOWLEDGE` or the project's own, read once."""
    return load(pathlib.Path(os.environ.get("WEIQUAN_KNOWLEDGE", DEFAULT_DIRECTORY)))
