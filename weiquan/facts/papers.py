"""The schema of `knowledge/papers.yml`: the papers, their tones and the sentences they are made of.

And what must hold beside it: that sentences can be filled in, and papers hold their words.
"""

from __future__ import annotations

import re
from typing import Any, Collection, FrozenSet, Iterator, Mapping, Optional, Tuple

from pydantic import BaseModel, Extra, Field

from weiquan.case.events import EVENTS
from weiquan.facts.records import Fact, Record, count
from weiquan.places import TEMPLATES

PAPERS = TEMPLATES / "papers"

WORDS = frozenset({"me", "seller", "shop", "goods", "order_number", "amount", "today"})
"""What the writer of papers fills in, anywhere in a sentence of an event, a trouble or a wish; beside the answers to
`paper_questions` that are kept as they were said."""

PURCHASE, TROUBLE = "purchase", "trouble"
"""Ids of event sentences that are neither events of a case nor rungs; both are needed."""

_FILLINGS: Mapping[Tuple[str, str], FrozenSet[str]] = {
    ("event_sentences", "text"): WORDS | {TROUBLE},
    ("event_sentences", "failed"): WORDS | {TROUBLE},
    ("trouble_sentences", "text"): WORDS,
    ("trouble_sentences", "also"): WORDS,
    ("trouble_sentences", "plain"): WORDS,
    ("trouble_sentences", "where_platform"): WORDS,
    ("trouble_sentences", "request"): frozenset(),
    ("trouble_sentences", "suspected"): frozenset(),
    ("wish_sentences", "text"): WORDS,
    ("claim_sentences", "text"): frozenset({"amount"}),
}
"""(kind, field) -> the names that its sentences may have in braces."""

FIELDS = ("shop", "goods", "amount", "order_number", "remedy")
"""The fields of a case that the answer to a question may fill, beside the days of its events."""

_NEEDED = {"event_sentences": (PURCHASE, TROUBLE), "wish_sentences": ("refund",)}

_IN_BRACES = re.compile(r"\{[^{}]*\}|[{}]")

_NOT_SAID = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)

_NOTES = re.compile(r"^---$", re.MULTILINE)

Problem = Tuple[str, Optional[str], str]
"""(kind, id of the record or None for all of them, reason)"""


class Party(BaseModel):
    """One side of a paper: its heading and what is to be told of it."""

    heading: str
    fields: Tuple[str, ...] = Field(..., description="each becomes a line with a blank; a hint stands in （）")
    is_respondent: bool = Field(False, description="the first field is the name of the seller or the platform")

    _fields = count("fields", 1)

    class Config:
        extra = Extra.forbid
        frozen = True


class PaperKind(Fact):
    """A paper that can be written, and what it must hold by the rule in `source` and `laws`."""

    name: str = Field(..., max_length=12, description="as a button says it")
    title: str
    me: str = Field(..., description="how the paper calls the shopper")
    seller: str = Field(..., description="how it calls the other side")
    rungs: Tuple[str, ...] = Field(..., description="where on the ladder it is used")
    own_event: Optional[str] = Field(None, description="what it is itself, told of only where it failed before")
    keeps_back: Tuple[str, ...] = Field((), description="events that its reader is not told of")
    chooses_claims: bool = Field(False, description="what is claimed beyond the refund is chosen before it is written")
    parties: Tuple[Party, ...] = ()
    required: Tuple[str, ...] = Field(..., description="words that the written paper must hold")
    laws: Tuple[str, ...] = Field(..., description="what lays down its form")
    to_platform: bool = Field(False, description="the platform reads it")
    is_message: bool = Field(False, description="it is sent as it stands, without a title")
    cites: Tuple[str, ...] = Field(..., description="titles of the laws that it may rely on")
    leaves_out: Tuple[str, ...] = Field((), description="ids of articles that it does not rely on all the same")
    phrases: Tuple[str, ...] = Field(..., description="how a shopper asks for it")

    _phrases = count("phrases", 1)


class Tone(Record):
    """A way to word the message to the seller."""

    name: str
    reply_days: Optional[int] = Field(None, gt=0, description="days until an answer is asked for; none: no day is set")
    phrases: Tuple[str, ...]


class Company(Fact):
    """A company that is complained of in certain situations or variants (`troubles`) in place of a seller."""

    name: str
    troubles: Tuple[str, ...]
    laws: Tuple[str, ...] = Field((), description="its own duties, held against nobody else")


class EventSentence(Record):
    """The sentence that tells an event of a case, or a rung taken; `failed` where it led nowhere."""

    text: str
    failed: Optional[str] = None
    is_against: bool = Field(False, description="no claim rests on it, and the other side could use it: left out")


class TroubleSentence(Record):
    """The sentence that tells a situation or variant; `also` goes on, and stands for it beside another trouble."""

    text: str
    plain: Optional[str] = Field(None, description="told instead where the shopper's own words say the rest")
    once: Mapping[str, str] = Field({}, description="event -> what is told instead once it has happened")
    where_platform: Optional[str] = Field(None, description="told where the platform refused, and not the seller")
    supposes: Tuple[str, ...] = Field((), description="events that have happened wherever it is true")
    denies: Tuple[str, ...] = Field((), description="events that have not happened wherever it is true")
    also: Optional[str] = None
    same_as: Optional[str] = Field(None, description="the event whose sentence says what `also` says, where it failed")
    request: Optional[str] = Field(None, description="what to ask for where the situation's own wish does not fit")
    suspected: Optional[str] = Field(None, description="what a report calls it")
    is_purchase: bool = Field(True, description="false: nothing need have been bought")


class WishSentence(Record):
    """A remedy as a request; the id is the remedy's."""

    text: str


class ClaimSentence(Record):
    """A claim as a request; the id is that of its rule in `compensation.yml`."""

    text: str
    amount_from: Optional[str] = Field(None, description="the question that tells what was lost")


class PaperQuestion(Record):
    """What is asked before a paper is written; the answer stands in it.

    It goes into the field `fills` of the case (an event, where `kind` is date), else it is
    kept as it was said, for {id} in the sentences.
    """

    kind: str = Field(..., regex="^(words|shop|goods|amount|age|order_number|date|remedy)$")
    text: str = Field(..., max_length=60)
    why: str = Field(..., max_length=40, description="goes on after 问这个是为了")
    label: str = Field(..., max_length=8, description="how what is known is called")
    blank: str = Field(..., description="what stands in the paper without an answer")
    fills: Optional[str] = None
    papers: Tuple[str, ...] = Field((), description="asked for these only; none: for all but those of `leaves_out`")
    leaves_out: Tuple[str, ...] = ()
    troubles: Tuple[str, ...] = Field((), description="situations or variants in which it is asked")
    after: Tuple[str, ...] = Field((), description="rungs that failed, or events, after which it is asked in any")
    is_purchase: bool = Field(False, description="asked only where something was bought")


def paper_problems(known: Mapping[str, Mapping[str, Any]], remedies: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the records of `papers.yml` (kind -> id -> record), in Chinese.

    `remedies` are the ids of what a shopper may want. Whether a paper holds a
    required word is looked up in its title, its parties and its template, the
    notes for the shopper aside; what stands there under a condition counts.
    """
    kept = {question.id for question in known["paper_questions"].values() if question.fills is None}
    for (kind, field), fillings in _FILLINGS.items():
        names = fillings | kept if fillings >= WORDS else fillings
        for record in known[kind].values():
            for found in _IN_BRACES.findall(getattr(record, field) or ""):
                if found[1:-1] not in names or found in "{}":
                    yield kind, record.id, f"的 {field} 里，「{found}」不认识"
    for trouble in known["trouble_sentences"].values():
        for found in _IN_BRACES.findall("".join(trouble.once.values())):
            if found[1:-1] not in WORDS | kept or found in "{}":
                yield "trouble_sentences", trouble.id, f"的 once 里，「{found}」不认识"
        for event in {*trouble.once, *trouble.supposes, *trouble.denies} - set(EVENTS):
            yield "trouble_sentences", trouble.id, f"引用了不存在的事件「{event}」"
    yield from _question_problems(known)
    events = {*EVENTS, *known["rungs"], PURCHASE, TROUBLE}
    for kind, ids, what in (("event_sentences", events, "事件或步骤"), ("wish_sentences", remedies, "诉求")):
        for record_id in set(known[kind]) - set(ids):
            yield kind, record_id, f"引用了不存在的{what}「{record_id}」"
        for needed in _NEEDED[kind]:
            if needed not in known[kind]:
                yield kind, None, f"缺少「{needed}」"
    for paper in known["papers"].values():
        said = _said(paper)
        if said is None:
            yield "papers", paper.id, f"没有版式文件 templates/papers/{paper.id}.j2"
            continue
        for word in paper.required:
            if word not in said:
                yield "papers", paper.id, f"必须写明的「{word}」在这份材料里没有"


def _question_problems(known: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield what is wrong with the questions: what they name must exist."""
    situations = known["situations"].values()
    troubles = {*known["situations"], *(variant.id for situation in situations for variant in situation.variants)}
    for question in known["paper_questions"].values():
        fields = set(EVENTS) if question.kind == "date" else set(FIELDS)
        named = (
            ("材料", {*question.papers, *question.leaves_out} - set(known["papers"])),
            ("情况", set(question.troubles) - troubles),
            ("事件或步骤", set(question.after) - {*EVENTS, *known["rungs"]}),
            ("字段", {question.fills or question.id} - {question.id, *fields}),
        )
        for what, missing in named:
            for name in missing:
                yield "paper_questions", question.id, f"引用了不存在的{what}「{name}」"


def _said(paper: PaperKind) -> Optional[str]:
    """Return what every paper of this kind may say whatever the case; None where it has no template."""
    template = PAPERS / f"{paper.id}.j2"
    if not template.is_file():
        return None
    text = _NOT_SAID.sub("\n", _NOTES.split(template.read_text(encoding="utf-8"))[0])
    parties = [line for party in paper.parties for line in (party.heading, *party.fields)]
    return "\n".join([paper.title, *parties, text])
