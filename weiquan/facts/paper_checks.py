"""What `knowledge/papers.yml` must be beside its schema: sentences can be filled in, papers hold their words."""

from __future__ import annotations

import re
from typing import Any, Collection, FrozenSet, Iterator, Mapping, Optional, Tuple

from weiquan.case.events import EVENTS
from weiquan.facts.papers import PaperKind
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
