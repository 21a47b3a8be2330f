"""Reading a message: which situations it tells, which question it asks, which steps were taken.

The classifier gives one intent for the whole message. Here the words decide
what it leaves open: which of the 33 situations within the intent, what else
went wrong, whether a question hides in the complaint.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Dict, FrozenSet, List, Mapping, Optional, Pattern, Sequence, Tuple

from weiquan.contacts import find_scam
from weiquan.knowledge import Knowledge
from weiquan.troubles import Situation

REPORT = "report_"
ASK = "ask_"
NOT_REPORTS = frozenset({"report_wrong_fact"})
"""Named like a report, but about the bot's own facts."""
MAX_OTHERS = 3
MAX_CUE_COUNT = 2
"""More cues of one group tell the classifier nothing more."""
SURE = 0.6
"""From this confidence on the classifier is believed without a cue."""
SURE_OF_DANGER = 0.8
MANNERS = 7
"""From this severity on a situation is about how a complaint went, not about what was bought."""
DANGER = 1
"""Situations up to this severity raise an alarm."""
FRAUD, OFF_PLATFORM = "impersonation_fraud", "off_platform_payment"
CRISIS = re.compile(r"不想活|活不下去|想死|去死了算|自杀|轻生|跳楼|跳河|割腕|没法活")
BARE_WISH = 10
"""Characters up to which "我要投诉一家店" tells nothing more."""
NEEDS_A_CUE = frozenset({"complaint_rejected"})
NOT_URGENT = 3
"""Severity of a calm variant of an urgent situation: after danger, before the rest."""

_NOT_DONE_YET = re.compile(
    r"(没|未|怎么|如何|想|准备|打算|别|不要|是否|能不能|可以|需要|该|先)[^，。,.!?！？；;]{0,3}\Z"
)


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one message says.

    `situation` is None where no trouble is told; `topic` is the id of a
    question (an `ask_` intent), None where none is asked.
    """

    situation: Optional[str]
    variant: Optional[str]
    others: Tuple[str, ...]
    topic: Optional[str]
    climbed: FrozenSet[str]
    failed: FrozenSet[str]
    is_told: bool = True
    """False where neither a word nor a sure classifier stands behind `situation`."""
    supposed: FrozenSet[str] = frozenset()
    """Those of `others` that no word names: worth offering, not worth acting on."""


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _hits(patterns: Sequence[str], text: str, unless_after: Optional[Pattern[str]] = None) -> int:
    """Count the patterns found in `text` that do not follow `unless_after`."""
    if unless_after is None:
        return sum(1 for pattern in patterns if _compiled(pattern).search(text))
    count = 0
    for pattern in patterns:
        for match in _compiled(pattern).finditer(text):
            if not unless_after.search(text[: match.start()]):
                count += 1
                break
    return count


def _resolve_within(intent: str, hits: Mapping[str, int], facts: Knowledge) -> Optional[Situation]:
    """Return the intent's situation: the one with most cues, else its default."""
    named = [one for one in facts.situations.values() if one.intent == intent and hits.get(one.id)]
    if not named:
        return facts.default_situation(intent)
    return max(named, key=lambda one: (hits[one.id], one.default))


def find_variant_told(situation: Situation, text: str, is_named: bool = True) -> Optional[str]:
    """Return the special case that `text` tells, an urgent one first; without a cue the calm default."""
    scored = [(one.urgent, _hits(one.cues, text), one.id) for one in situation.variants]
    found = [one for one in scored if one[1]]
    if found:
        return max(found)[2]
    return None if is_named else situation.default_variant


def find_topic(text: str, facts: Knowledge) -> Optional[str]:
    """Return the question whose cues `text` holds, the one with most hits first, or None."""
    scored = [(_hits(topic.cues, text), topic.id) for topic in facts.topics.values() if topic.cues]
    best = max(scored, key=lambda one: one[0], default=(0, ""))
    return best[1] if best[0] else None


def find_steps(text: str, facts: Knowledge) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return (climbed, failed) rung ids that `text` tells; "还没申请售后" tells none."""
    failed = {rung.id for rung in facts.rungs.values() if _hits(rung.failed_cues, text)}
    climbed = {rung.id for rung in facts.rungs.values() if _hits(rung.done_cues, text, unless_after=_NOT_DONE_YET)}
    return frozenset(climbed | failed), frozenset(failed)


_DENIED: Mapping[str, Pattern[str]] = {
    "negotiate": re.compile(r"没有?(?:跟|和|找|问|联系|告诉)[^,，。]{0,3}(?:商家|卖家|店家|客服)"),
    "after_sales": re.compile(r"没有?(?:真的)?(?:申请|提交|点)[^,，。介]{0,4}(?:售后|退款|退货|换货)?(?!.{0,4}介入)"),
    "platform": re.compile(r"没有?(?:申请|找|点|让)[^,，。]{0,4}介入"),
    "platform_complaint": re.compile(r"没有?(?:跟|找|打|联系)[^,，。]{0,4}(?:平台|官方|拼多多)客服"),
    "complaint_12315": re.compile(r"没有?[^,，。]{0,4}12315"),
    "police": re.compile(r"没有?报警"),
}


def find_steps_denied(text: str, facts: Knowledge) -> FrozenSet[str]:
    """Return the rung ids of which `text` (normalised) says that they were not taken."""
    return frozenset(rung for rung, pattern in _DENIED.items() if rung in facts.rungs and pattern.search(text))


def read(
    text: str,
    intent: Optional[str],
    ranking: Sequence[Tuple[str, float]],
    facts: Knowledge,
    told: Sequence[str] = (),
) -> Reading:
    """Read `text` (normalised) with the classifier's `intent` and (intent, confidence) `ranking`.

    The situation to handle first is the one of least `severity` among the
    intent's own and those whose words occur; the others are named after it,
    in the same order. A further trouble is noticed by its words, or because
    `components.situation_ranker` holds it likely told (`told`, situation ids):
    the classifier's second guess would name too many that nobody told.
    """
    intent = intent or ""
    hits = situation_hits(text, facts)
    confidence = dict(ranking).get(intent, 0.0)
    found: List[Situation] = []
    own = _resolve_within(intent, hits, facts) if intent.startswith(REPORT) else None
    is_named = any(facts.situations[one].severity < MANNERS for one in hits)
    # "水壶漏水，我申请了退款" is no refusal: beside a named trouble, how people
    # behaved must be told in words too.
    is_supported = own and (hits.get(own.id) or not is_named or own.severity < MANNERS)
    if own and is_supported and _may_stand(own, confidence, len(text), hits):
        found.append(own)
    found += [facts.situations[one] for one in hits]
    if found:
        found += _further(told, found, facts)
    ordered = _without_defaults_of_named(list({one.id: one for one in found}.values()), hits)
    ordered.sort(key=lambda one: (_effective_severity(one, text), -hits.get(one.id, 0)))
    # A default that no word supports never stands before a trouble that was named
    # (how people behaved about it is not the trouble itself).
    ordered.sort(key=lambda one: is_named and not hits.get(one.id))
    topic = intent if intent.startswith(ASK) else find_topic(text, facts)
    climbed, failed = find_steps(text, facts)
    main = ordered[0] if ordered else None
    return Reading(
        situation=main.id if main else None,
        variant=find_variant_told(main, text, main.id in hits) if main else None,
        others=tuple(one.id for one in ordered[1 : MAX_OTHERS + 1]),
        topic=topic,
        climbed=climbed,
        failed=failed,
        supposed=frozenset(one.id for one in ordered[1:] if not hits.get(one.id)),
        is_told=bool(main and (hits.get(main.id) or confidence >= SURE)),
    )


def situation_hits(text: str, facts: Knowledge) -> Dict[str, int]:
    """Return the number of cues of each situation in `text`; a swindlers' script is a cue of fraud."""
    hits = {one.id: count for one in facts.situations.values() if (count := _hits(one.cues, text))}
    scam = find_scam(text, facts)
    if scam and scam.alarm and OFF_PLATFORM not in hits:
        hits[FRAUD] = hits.get(FRAUD, 0) + 1
    return hits


def _further(told: Sequence[str], found: Sequence[Situation], facts: Knowledge) -> List[Situation]:
    """Return the situations of `told` whose intent is not found yet; danger needs a word of its own."""
    intents = {one.intent for one in found}
    further = [facts.situations[one] for one in told if one in facts.situations]
    return [one for one in further if one.intent not in intents and one.severity > DANGER]


def situations_told(
    text: str, intents: Sequence[str], facts: Knowledge, hits: Optional[Mapping[str, int]] = None
) -> List[str]:
    """Return the situation of each of `intents` that `text` (normalised) tells, the one to handle first first.

    `hits` are its `situation_hits`, where the caller has them.
    """
    hits = situation_hits(text, facts) if hits is None else hits
    found = [one for intent in intents if (one := _resolve_within(intent, hits, facts))]
    found.sort(key=lambda one: (_effective_severity(one, text), -hits.get(one.id, 0)))
    return [one.id for one in found]


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
    variant = next((one for one in situation.variants if one.id == find_variant_told(situation, text)), None)
    if variant is None:
        return situation.severity
    if variant.urgent:
        return 0
    return max(situation.severity, NOT_URGENT) if situation.urgent else situation.severity


def _without_defaults_of_named(found: List[Situation], hits: Mapping[str, int]) -> List[Situation]:
    """Drop a default that no word supports where a sibling of its intent was named."""
    named = {one.intent for one in found if hits.get(one.id) and not one.default}
    return [one for one in found if hits.get(one.id) or not one.default or one.intent not in named]


def cue_groups(facts: Knowledge) -> List[Tuple[str, Tuple[str, ...]]]:
    """Return (name, patterns) of every situation, question and rung that has cues, in a fixed order."""
    groups = [(one.id, one.cues) for one in facts.situations.values()]
    groups += [(one.id, one.cues) for one in facts.topics.values()]
    groups += [(one.id, (*one.done_cues, *one.failed_cues)) for one in facts.rungs.values()]
    return [(name, patterns) for name, patterns in groups if patterns]


def cue_counts(text: str, facts: Knowledge) -> List[int]:
    """Return for each of `cue_groups` how many of its patterns `text` holds, at most `MAX_CUE_COUNT`."""
    return [min(_hits(patterns, text), MAX_CUE_COUNT) for _, patterns in cue_groups(facts)]
