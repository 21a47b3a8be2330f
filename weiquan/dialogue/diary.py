"""What a message adds to the diary of a case: who did what, when, about how much, and in which words it was told."""

from __future__ import annotations

import dataclasses
import datetime
from typing import FrozenSet, Mapping, Optional, Tuple

from weiquan.advice.pending import OFFERED
from weiquan.case.case import Case
from weiquan.case.diary import LONGEST_WORDS, MOST_ENTRIES, Happening
from weiquan.case.events import EVENTS
from weiquan.dialogue.news import SIDES
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.message import Message
from weiquan.reading.situations import NEWS_TOLD

SURE = 0.85
"""From this probability on news are entered without a mark of doubt."""

EVENT_OF_NEWS: Mapping[str, str] = {
    "contacted": "negotiated",
    "refused": "refused",
    "applied": "applied",
    "platform_asked": "intervened",
    "sent_back": "returned",
    "return_received": "return_received",
    "complained_12315": "complained_12315",
    "police_asked": "called_police",
}
"""News and the event whose day is theirs."""

DECLINED = "offer_declined"

IN_OWN_WORDS = frozenset({"refused", "platform_against", "complaint_refused", "offered", "demanded"})
"""News of which the words matter: the reason given, the price offered."""

_IMPLIED: Mapping[str, FrozenSet[str]] = {
    "contacted": frozenset({"silent", "refused", "agreed", "offered", "demanded"}),
    "applied": frozenset({"closed"}),
    "platform_asked": frozenset({"platform_wants_evidence", "platform_for", "platform_against"}),
}
"""What goes without saying where one of the others is told."""


def with_diary(before: Case, case: Case, message: Message) -> Case:
    """Return the case after the turn with what `message` told as entries, where the case took it up."""
    names = _told(before, case, message)
    new = tuple(_entry(name, before, case, message, len(names)) for name in names)
    known = {(entry.what, entry.told, entry.words) for entry in before.diary}
    kept = tuple(entry for entry in new if (entry.what, entry.told, entry.words) not in known)
    return dataclasses.replace(case, diary=(*case.diary, *kept)[-MOST_ENTRIES:]) if kept else case


def _told(before: Case, case: Case, message: Message) -> Tuple[str, ...]:
    """Return the news and events of the message that changed the case, or that the bot has just spoken of."""
    if case.situation is None:
        return ()
    climbed, failed = case.climbed - before.climbed, case.failed - before.failed
    moved = climbed | failed
    news = message.found.news_told if message.text else frozenset()
    told = {name for name in news if _moves(name, climbed, failed, message.facts)}
    sides = {intent: name for name, intent in SIDES.items()}
    if before.development == OFFERED and message.intent == SIDES["refused"]:
        # It is the shopper who says no to an offer.
        return (DECLINED,)
    if case.development and case.development != before.development:
        told.add(case.development)
    elif moved and message.intent in sides and (not message.text or not told & set(SIDES)):
        told.add(sides[message.intent])
    tapped = message.value("development") if not message.text else None
    if tapped and case != before and tapped in {*EVENTS, *EVENT_OF_NEWS, *_NEWS_WITHOUT_DAY}:
        told.add(tapped)
    implied = {name for name, others in _IMPLIED.items() if told & others}
    return tuple(sorted(told - implied))


_NEWS_WITHOUT_DAY = frozenset({"complaint_refused", "refunded", "refunded_part", "return_refused_at_door"})


def _moves(name: str, climbed: FrozenSet[str], failed: FrozenSet[str], facts: Knowledge) -> bool:
    return any(
        (rung.id in climbed and name in rung.done_by) or (rung.id in failed and name in rung.failed_by)
        for rung in facts.rungs.values()
    )


def _entry(name: str, before: Case, case: Case, message: Message, beside: int) -> Happening:
    development = message.facts.developments.get(name)
    share = dict(message.found.news).get(name, 0.0)
    return Happening(
        what=name,
        told=message.today,
        day=_day(name, message, beside),
        yuan=_yuan(development.sum, before, case) if development and development.sum else None,
        words=message.text[:LONGEST_WORDS] if name in IN_OWN_WORDS else "",
        is_sure=not message.text or share >= SURE or share < NEWS_TOLD,
    )


def _yuan(name: str, before: Case, case: Case) -> Optional[float]:
    return case.sums.get(name) if case.sums.get(name) != before.sums.get(name) else None


def _day(name: str, message: Message, beside: int) -> Optional[datetime.date]:
    dated = message.details.dates.get(EVENT_OF_NEWS.get(name, name))
    bare = message.details.bare_dates
    return dated or (bare[0] if beside == 1 and len(bare) == 1 else None)
