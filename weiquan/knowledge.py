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

from weiquan.compensation_rules import Circumstance, CompensationRule
from weiquan.decision_rules import (
    NEXT,
    ClosedDoor,
    Decision,
    Table,
    compiled,
    contradictions,
    dead_ends,
    is_complete,
    overlaps,
    situation_names,
)
from weiquan.facts import (
    Channel,
    Contact,
    Deadline,
    Fact,
    Law,
    NeverDo,
    NotRequired,
    Piece,
    Record,
    Scam,
    Source,
    Topic,
    WrongNumber,
)
from weiquan.paper_checks import paper_problems
from weiquan.paper_facts import Company, PaperKind, ToldClaim, ToldEvent, ToldTrouble, ToldWish, Tone
from weiquan.troubles import Rung, Situation
from weiquan.wishes import remedy_ids

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
    ("evidence", "pieces", Piece),
    ("evidence", "not_required", NotRequired),
    ("compensation", "circumstances", Circumstance),
    ("compensation", "compensation_rules", CompensationRule),
    ("papers", "papers", PaperKind),
    ("papers", "tones", Tone),
    ("papers", "companies", Company),
    ("papers", "told_events", ToldEvent),
    ("papers", "told_troubles", ToldTrouble),
    ("papers", "told_wishes", ToldWish),
    ("papers", "told_claims", ToldClaim),
    ("decisions", "closed_doors", ClosedDoor),
    ("decisions", "decisions", Decision),
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
    pieces: Mapping[str, Piece]
    not_required: Mapping[str, NotRequired]
    circumstances: Mapping[str, Circumstance]
    compensation_rules: Mapping[str, CompensationRule]
    papers: Mapping[str, PaperKind]
    tones: Mapping[str, Tone]
    companies: Mapping[str, Company]
    told_events: Mapping[str, ToldEvent]
    told_troubles: Mapping[str, ToldTrouble]
    told_wishes: Mapping[str, ToldWish]
    told_claims: Mapping[str, ToldClaim]
    closed_doors: Mapping[str, ClosedDoor]
    decisions: Mapping[str, Decision]

    @functools.cached_property
    def table(self) -> Table:
        """The ladder's decision table, ready for look-up."""
        return compiled(self.decisions.values(), self.closed_doors.values(), self.situations)

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
        need("deadlines", deadline.id, "situations", deadline.not_in)
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
    troubles = {*known["situations"], *(one.id for each in known["situations"].values() for one in each.variants)}
    for paper in known["papers"].values():
        need("papers", paper.id, "rungs", paper.rungs)
        need("papers", paper.id, "laws", [*paper.laws, *paper.leaves_out])
        need("papers", paper.id, "told_events", [paper.own_event])
    for company in known["companies"].values():
        need("companies", company.id, "laws", company.laws)
    for trouble in known["told_troubles"].values():
        need("told_troubles", trouble.id, "told_events", [trouble.same_as])
    for told_claim in known["told_claims"]:
        need("told_claims", told_claim, "compensation_rules", [told_claim])
    for kind, ids in (
        ("told_troubles", {one: [one] for one in known["told_troubles"]}),
        ("companies", {one.id: one.troubles for one in known["companies"].values()}),
    ):
        for record_id, told in ids.items():
            for one in set(told) - troubles:
                reader.problems.append(f"{reader.lines[kind, record_id]}: {record_id} 引用了不存在的情况「{one}」")
    for kind in ("rungs", "situations"):
        for record in known[kind].values():
            for contact in record.contacts:
                if contact in known["contacts"] and not known["contacts"][contact].offered:
                    place = reader.lines[kind, record.id]
                    reader.problems.append(f"{place}: {record.id} 不能推荐「{contact}」（offered: false）")


def _check_compensation(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """Rules name laws, circumstances and situations that exist, and every circumstance decides something."""
    places = set(known["situations"])
    for situation in known["situations"].values():
        places.update(f"{situation.id}.{one.id}" for one in situation.variants)

    def need(kind: str, record_id: str, what: str, ids: Any, defined: Any) -> None:
        for one in ids:
            if one not in defined:
                reader.problems.append(f"{reader.lines[kind, record_id]}: {record_id} 引用了不存在的 {what}「{one}」")

    used = set()
    for rule in known["compensation_rules"].values():
        used.update(rule.circumstances())
        need("compensation_rules", rule.id, "laws", rule.laws, known["laws"])
        need("compensation_rules", rule.id, "circumstances", rule.circumstances(), known["circumstances"])
        need("compensation_rules", rule.id, "situations", (*rule.situations, *rule.not_for), places)
    for circumstance in known["circumstances"].values():
        need("circumstances", circumstance.id, "situations", circumstance.told_by, places)
        if circumstance.id not in used:
            place = reader.lines["circumstances", circumstance.id]
            reader.problems.append(f"{place}: 没有规则用到 circumstance「{circumstance.id}」")


def _check_evidence(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """Every text that asks for evidence is the name of a piece, and notes and pieces name what exists."""
    named = {name for piece in known["pieces"].values() for name in piece.names}
    for kind in ("situations", "rungs"):
        for record in known[kind].values():
            texts = list(record.evidence)
            if isinstance(record, Situation):
                texts += [text for variant in record.variants for text in variant.evidence or ()]
            for text in texts:
                if text not in named:
                    reader.problems.append(
                        f"{reader.lines[kind, record.id]}: {record.id} 的证据「{text}」在 evidence.yml 里没有条目"
                    )
    for piece in known["pieces"].values():
        if piece.channel and piece.channel not in known["channels"]:
            reader.problems.append(f"{reader.lines['pieces', piece.id]}: {piece.id} 引用了不存在的「{piece.channel}」")
    for note in known["not_required"].values():
        for one in set(note.pieces) - set(known["pieces"]):
            reader.problems.append(f"{reader.lines['not_required', note.id]}: {note.id} 引用了不存在的「{one}」")


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
        ("pieces", ("tick_cues",)),
        ("papers", ("cues",)),
        ("tones", ("cues",)),
        ("rungs", ("done_cues", "failed_cues")),
        ("circumstances", ("yes_cues", "no_cues")),
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


def _check_decisions(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """The decision table names what exists, always has an answer, and never two."""
    named = {**known, "situations": situation_names(known["situations"])}
    for kind in ("closed_doors", "decisions"):
        for record in known[kind].values():
            place = f"{reader.lines[kind, record.id]}: {record.id}"
            own = record.rungs if isinstance(record, ClosedDoor) else {record.then, record.after or NEXT} - {NEXT}
            for target, ids in (
                ("rungs", record.when.rungs() | own),
                ("deadlines", record.when.limits() | ({record.limit} if record.limit else set())),
                ("situations", record.when.situations | record.when.except_situations),
            ):
                for one in sorted(ids.difference(named[target])):
                    reader.problems.append(f"{place} 引用了不存在的 {target}「{one}」")
            limit = known["deadlines"].get(record.limit)
            if limit and not (limit.amount and limit.unit):
                reader.problems.append(f"{place} 的 limit「{record.limit}」没有写 amount 和 unit")
    if reader.problems:
        return
    table = compiled(known["decisions"].values(), known["closed_doors"].values(), known["situations"])
    for one in contradictions(table):
        kind = "decisions" if one in known["decisions"] else "closed_doors"
        reader.problems.append(f"{reader.lines[kind, one]}: {one} 的条件互相矛盾，永远不会成立")
    for one, other in overlaps(table):
        place = reader.lines["decisions", other]
        reader.problems.append(f"{place}: {other} 和 {one} 同级，条件可能同时成立，下一步却不同")
    if not is_complete(table, known["situations"]):
        reader.problems.append("decisions.yml:1: 最后一级要有一行没有条件、then: next，否则有的情况没有下一步")
    for situation, variant in dead_ends(table, known["situations"]):
        reader.problems.append(f"decisions.yml:1: {situation}/{variant or ''} 的每一步都可能被关上，没有路了")


def _check_papers(reader: _Reader, known: Dict[str, Dict[str, Any]]) -> None:
    """Sentences have only fillings that the writer knows, and papers hold what they must."""
    for kind, record_id, reason in paper_problems(known, remedy_ids()):
        place = f"{reader.lines[kind, record_id]}: {record_id}" if record_id else f"papers.yml:1: {kind}"
        reader.problems.append(f"{place} {reason}")


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
        _check_compensation(reader, known)
        _check_evidence(reader, known)
        _check_situations(reader, known["situations"])
        _check_patterns(reader, known)
        _check_papers(reader, known)
        _check_decisions(reader, known)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return Knowledge(**known)


@functools.cache
def knowledge() -> Knowledge:
    """Return the facts of this process: `WEIQUAN_KNOWLEDGE` or the project's own, read once."""
    return load(pathlib.Path(os.environ.get("WEIQUAN_KNOWLEDGE", DEFAULT_DIRECTORY)))
