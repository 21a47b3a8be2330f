"""Reading a message: which situations it tells, which question it asks, which steps were taken.

The classifier gives one intent for the whole message. Here the words decide
what it leaves open: which of the 33 situations within the intent, what else
went wrong, whether a question hides in the complaint.
"""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, List, Mapping, Optional, Sequence, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Situation
from weiquan.reading.cues import count_hits, situation_hits
from weiquan.reading.steps import find_steps

REPORT = "report_"

NOT_REPORTS = frozenset({"report_wrong_fact"})
"""Named like a report, but about the bot's own facts."""

MAX_OTHERS = 3

SURE = 0.6
"""From this confidence on the classifier is believed without a cue."""

SURE_OF_DANGER = 0.8

MANNERS = 7
"""From this severity on a situation is about how a complaint went, not about what was bought."""

DANGER = 1
"""Situations up to this severity raise an alarm."""

BARE_WISH = 10
"""Characters up to which "我要投诉一家店" tells nothing more."""

NEEDS_A_CUE = frozenset({"complaint_rejected"})

NOT_URGENT = 3
"""Severity of a calm variant of an urgent situation: after danger, before the rest."""


def is_report(intent: Optional[str]) -> bool:
    """Tell whether `intent` tells a trouble."""
    return bool(intent) and str(intent).startswith(REPORT) and intent not in NOT_REPORTS


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one message says.

    `situation` is None where no trouble is told; `topic` is the id of a
    question (an intent of `topics.yml`), None where none is asked.
    """

    situation: Optional[str]
    variant: Optional[str]
    others: Tuple[str, ...]
    topic: Optional[str]
    climbed: FrozenSet[str]
    failed: FrozenSet[str]
    is_sure: bool = True
    """False where neither a word nor a sure classifier stands behind `situation`."""
    supposed: FrozenSet[str] = frozenset()
    """Those of `others` that no word names: worth offering, not worth acting on."""


def _resolve_within(intent: str, hits: Mapping[str, int], facts: Knowledge) -> Optional[Situation]:
    """Return the intent's situation: the one with most cues, else its default; None for an intent of no situation."""
    named = [
        situation for situation in facts.situations.values() if situation.intent == intent and hits.get(situation.id)
    ]
    if not named:
        return facts.default_situation(intent)
    return max(named, key=lambda situation: (hits[situation.id], situation.default))


def special_case_in(situation: Situation, text: str, is_named: bool = True) -> Optional[str]:
    """Return the special case that `text` tells, an urgent one first; without a cue the calm default."""
    scored = [(variant.urgent, count_hits(variant.cues, text), variant.id) for variant in situation.variants]
    found = [score for score in scored if score[1]]
    if found:
        return max(found)[2]
    return None if is_named else situation.default_variant


def find_topic(text: str, facts: Knowledge) -> Optional[str]:
    """Return the question whose cues `text` holds, the one with most hits first, or None."""
    scored = [(count_hits(topic.cues, text), topic.id) for topic in facts.topics.values() if topic.cues]
    best = max(scored, key=lambda score: score[0], default=(0, ""))
    return best[1] if best[0] else None


def read(
    text: str,
    intent: Optional[str],
    ranking: Sequence[Tuple[str, float]],
    facts: Knowledge,
    likely: Sequence[str] = (),
) -> Reading:
    """Read `text` (normalised) with the classifier's `intent` and (intent, confidence) `ranking`.

    The situation to handle first is the one of least `severity` among the
    intent's own and those whose words occur; the others are named after it,
    in the same order. A further trouble is noticed by its words, or because
    the ranker of situations holds it likely (`likely`, situation ids):
    the classifier's second guess would name too many that nobody told.
    """
    intent = intent or ""
    hits = situation_hits(text, facts)
    confidence = dict(ranking).get(intent, 0.0)
    found: List[Situation] = []
    own = _resolve_within(intent, hits, facts)
    is_named = any(facts.situations[other].severity < MANNERS for other in hits)
    # "水壶漏水，我申请了退款" is no refusal: beside a named trouble, how people
    # behaved must be told in words too.
    is_supported = own and (hits.get(own.id) or not is_named or own.severity < MANNERS)
    if own and is_supported and _may_stand(own, confidence, len(text), hits):
        found.append(own)
    found += [facts.situations[other] for other in hits]
    further = _further(likely, found, facts) if found else []
    found += further
    only_likely = {situation.id for situation in further} - set(hits)
    ordered = _without_defaults_of_named(list({situation.id: situation for situation in found}.values()), hits)
    ordered.sort(key=lambda situation: (_effective_severity(situation, text), -hits.get(situation.id, 0)))
    # A default that no word supports never stands before a trouble that was named
    # (how people behaved about it is not the trouble itself).
    ordered.sort(key=lambda situation: is_named and not hits.get(situation.id))
    # Nor does one that is only likely: its severity must not promote it.
    ordered.sort(key=lambda situation: situation.id in only_likely)
    topic = intent if intent in facts.topics else find_topic(text, facts)
    climbed, failed = find_steps(text, facts)
    main = ordered[0] if ordered else None
    return Reading(
        situation=main.id if main else None,
        variant=special_case_in(main, text, main.id in hits) if main else None,
        others=tuple(other.id for other in ordered[1 : MAX_OTHERS + 1]),
        topic=topic,
        climbed=climbed,
        failed=failed,
        supposed=frozenset(other.id for other in ordered[1:] if not hits.get(other.id)),
        is_sure=bool(main and (hits.get(main.id) or confidence >= SURE)),
    )


def _further(likely: Sequence[str], found: Sequence[Situation], facts: Knowledge) -> List[Situation]:
    """Return the situations of `likely` whose intent is not found yet; danger needs a word of its own."""
    intents = {situation.intent for situation in found}
    further = [facts.situations[other] for other in likely if other in facts.situations]
    return [situation for situation in further if situation.intent not in intents and situation.severity > DANGER]


def find_situations(
    text: str, intents: Sequence[str], facts: Knowledge, hits: Optional[Mapping[str, int]] = None
) -> List[str]:
    """Return the situation of each of `intents` that `text` (normalised) tells, the one to handle first first.

    `hits` are its `situation_hits`, where the caller has them.
    """
    hits = situation_hits(text, facts) if hits is None else hits
    found = [situation for intent in intents if (situation := _resolve_within(intent, hits, facts))]
    found.sort(key=lambda situation: (_effective_severity(situation, text), -hits.get(situation.id, 0)))
    return [situation.id for situation in found]


def _may_stand(situation: Situation, confidence: float, length: int, hits: Mapping[str, int]) -> bool:
    """Tell whether the classifier's word alone is enough for `situation`.

    A false alarm is worse than a question back: danger needs a word of its
    own or a sure classifier. "我要投诉" alone tells no trouble.
    """
    if hits.get(situation.id):
        return True
    if situation.id in NEEDS_A_CUE:
        return confidence >= SURE and length > BARE_WISH
    if situation.default_variant:
        return True
    return situation.severity > DANGER or confidence >= SURE_OF_DANGER


def _effective_severity(situation: Situation, text: str) -> int:
    """Return the order of handling: danger first, whichever situation it hides in."""
    variant = next((variant for variant in situation.variants if variant.id == special_case_in(situation, text)), None)
    if variant is None:
        return situation.severity
    if variant.urgent:
        return 0
    return max(situation.severity, NOT_URGENT) if situation.urgent else situation.severity


def _without_defaults_of_named(found: List[Situation], hits: Mapping[str, int]) -> List[Situation]:
    """Drop a default that no word supports where a sibling of its intent was named."""
    named = {situation.intent for situation in found if hits.get(situation.id) and not situation.default}
    return [
        situation
        for situation in found
        if hits.get(situation.id) or not situation.default or situation.intent not in named
    ]
