"""Cards: an answer in parts that a page can draw (docs/chat-channel.md).

Each function returns a JSON-able dict. The text of the bubble is complete
without it: a card orders what the text says, and lets numbers be called and
words be copied.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from weiquan.advice.due_date import DueDate
from weiquan.advice.ladder import Step, ladder_of
from weiquan.case.case import Case
from weiquan.facts.dangers import Danger
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Confidence, Contact, Deadline, Law
from weiquan.rendering.render import stated

Card = Dict[str, Any]

_DIALLED = re.compile(r"[^\d+]")


def contact_part(contact: Contact) -> Card:
    """Return a contact: `tel` where it can be called, `url` where it is a site."""
    part: Card = {"name": contact.name, "value": contact.value, "use": contact.use}
    if contact.kind == "phone" and contact.confidence is not Confidence.C:
        # A number that could not be verified is shown, but not a tap away.
        part["tel"] = _DIALLED.sub("", contact.value)
    elif contact.kind == "website":
        part["url"] = contact.value if contact.value.startswith("http") else f"https://{contact.value}"
    if contact.hours:
        part.update(opens=contact.hours.opens, closes=contact.hours.closes)
    if contact.caution:
        part["caution"] = contact.caution
    return part


def limit_part(deadline: Deadline) -> Card:
    """Return a time limit as it is stated."""
    return {"name": deadline.name, "text": stated(deadline), "certain": deadline.is_certain}


def due_part(due: DueDate, line: str) -> Card:
    """Return a last day; `line` is how the text tells it."""
    return {
        "name": due.deadline.name,
        "line": line,
        "ends": due.ends.isoformat() if due.ends else None,
        "days_left": due.days_left,
        "approximate": due.approximate,
        "mine": due.is_the_shoppers,
    }


def law_part(law: Law, facts: Knowledge) -> Card:
    """Return an article with its plain meaning, where that was read and when it was checked."""
    sources = "、".join(facts.sources[source].name for source in law.source)
    meaning = f"{law.meaning}（来源：{sources}，{law.checked.isoformat()} 核对）"
    return {"short": law.short, "title": f"《{law.law}》{'、'.join(law.articles)}", "meaning": meaning}


def step_card(
    step: Step,
    facts: Knowledge,
    *,
    opening: str = "",
    note: str = "",
    reasons: Sequence[str] = (),
    moves: Sequence[str] = (),
    words: str = "",
    evidence: Sequence[str] = (),
    contacts: Sequence[str] = (),
    deadlines: Sequence[str] = (),
    dues: Iterable[Card] = (),
    laws: Sequence[str] = (),
    urgent: bool = False,
) -> Card:
    """Return the card of the next step; ids are of contacts, deadlines and laws."""
    channel = facts.channels[step.rung.channel] if step.rung.channel else None
    return {
        "kind": "step",
        "title": step.rung.name,
        "urgent": urgent,
        "opening": opening,
        "reasons": list(reasons),
        "note": note,
        "moves": list(moves),
        "path": list(channel.path) if channel else [],
        "words": words,
        "evidence": list(evidence),
        "contacts": [contact_part(facts.contacts[contact]) for contact in contacts],
        "limits": [limit_part(facts.deadlines[deadline]) for deadline in deadlines],
        "dues": list(dues),
        "laws": [law_part(facts.laws[law], facts) for law in laws],
        "after": step.after.name if step.after else None,
    }


def danger_card(danger: Danger, now: str, facts: Knowledge) -> Card:
    """Return the card of what a danger calls for at once (`now`): that of a step, marked urgent."""
    return {
        **{part: [] for part in ("reasons", "path", "evidence", "limits", "dues", "laws")},
        **dict.fromkeys(("opening", "note", "words"), ""),
        "kind": "step",
        "title": danger.name,
        "urgent": True,
        "moves": [f"{sentence}。" for sentence in re.split(r"[。\n]+", now) if sentence],
        "contacts": [contact_part(facts.contacts[contact]) for contact in danger.contacts],
        "after": None,
    }


def question_card(question: Question) -> Card:
    """Return the card of a question of the interview."""
    return {"kind": "question", "id": question.id, "text": question.text, "why": question.why}


def ladder_part(case: Case, step: Step, facts: Knowledge) -> List[Card]:
    """Return the rungs of the case's ladder, each with how far it got."""
    waiting = step.waiting.id if step.waiting else None

    def state(rung: str) -> str:
        if rung == waiting:
            return "waiting"
        if rung == step.rung.id:
            return "next"
        if rung in case.failed:
            return "failed"
        return "done" if rung in case.climbed else "later"

    return [{"id": rung, "name": facts.rungs[rung].name, "state": state(rung)} for rung in ladder_of(case, facts)]


def case_card(
    case: Case,
    step: Step,
    facts: Knowledge,
    known: Sequence[Sequence[str]],
    dues: Iterable[Card],
    name: str,
    fields: Mapping[str, str],
) -> Card:
    """Return the card of a case: what was `known` (label, value), how far up the ladder, which days count.

    `fields` are the payloads that put right what stands under a label.
    """
    return {
        "kind": "case",
        "title": "您的事办到哪了",
        "situation": name,
        "others": [facts.situations[other].name for other in case.others if other in facts.situations],
        "facts": [_fact_part(label, value, fields.get(label)) for label, value in known],
        "ladder": ladder_part(case, step, facts),
        "dues": list(dues),
    }


def _fact_part(label: str, value: str, payload: Optional[str]) -> Card:
    part: Card = {"label": label, "value": value}
    return {**part, "payload": payload} if payload else part


def dates_card(dues: Iterable[Card], calendar: Optional[str]) -> Card:
    """Return the card of the days that count, with the address of the calendar file."""
    card: Card = {"kind": "dates", "title": "要盯住的日子", "dues": list(dues)}
    return {**card, "calendar": calendar} if calendar else card


def contacts_card(contacts: Sequence[str], facts: Knowledge, title: str) -> Card:
    """Return the card of contacts by their ids."""
    return {
        "kind": "contacts",
        "title": title,
        "contacts": [contact_part(facts.contacts[contact]) for contact in contacts],
    }
