"""Reading a message: which situations it tells, which question it asks, which steps were taken.

What is told comes with probabilities (`components.nlu.complaint_reader`). Here
it is decided on: what is acted on, what is only offered. The thresholds follow
from what each error costs (docs/evaluation.md, "What an error costs").
"""

from __future__ import annotations

import dataclasses
from typing import Any, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Situation
from weiquan.reading.requests import is_asking
from weiquan.reading.steps import find_steps

REPORT = "report_"

NOT_REPORTS = frozenset({"report_wrong_fact"})
"""Named like a report, but about the bot's own facts."""

MAX_OTHERS = 3

TROUBLE_TOLD = 0.4
"""From this probability on something bought went wrong: to ask needlessly costs more than to open a case that is put
right with one tap."""

TOLD = 0.5
"""From this probability on a situation counts as told, and is acted on."""

MENTIONED, MENTIONED_APART = 0.35, 0.7
"""From this probability on a situation is named beside the one that is acted on; and from this in a clause alone."""

TRACE = 0.02
"""Below this probability the whole message shows no trace of a situation."""

TOLD_IN_PASSING = 0.7
"""The same for a message within a case that is no report: a wrong case there puts the right one away."""

SURE_OF_TROUBLE = 0.8
"""From this probability of a trouble on its likeliest situation is taken, however many share the rest."""

NEWS_TOLD = 0.7
"""From this probability on news count: a rung taken for climbed is asked about no more."""

NEWS_POSSIBLE = 0.3
"""Below this probability a message tells none, whatever its intent seems to be."""

TOPIC_TOLD = 0.85
"""From this probability on a complaint asks a question besides: its answer comes before the step."""

ANSWERED_OTHERWISE = frozenset({"verify_contact", "ask_next_step"})
"""Questions whose answer is a verdict on a number, or the case's own next step."""

NEAR = 0.04
"""From this probability on a reading is near enough to be offered beside the one that is acted on."""

SPECIAL_CASE_TOLD = 0.4
"""From this probability on a special case of the situation is told."""
BARE_WISH = 10
"""Characters up to which "我要投诉一家店" tells no trouble."""
NEEDS_A_STORY = "complaint_rejected"


def is_report(intent: Optional[str]) -> bool:
    """Tell whether `intent` tells a trouble."""
    return bool(intent) and str(intent).startswith(REPORT) and intent not in NOT_REPORTS


def named_shares(value: Any) -> Tuple[Tuple[str, float], ...]:
    """Return the (name, confidence) pairs of a list in a parse; entries of another form are left out."""
    entries = [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    return tuple((str(entry["name"]), float(entry.get("confidence") or 0.0)) for entry in entries if entry.get("name"))


@dataclasses.dataclass(frozen=True)
class Found:
    """What the reader found in a message: each label with its probability, likeliest first.

    `trouble` is the probability that something bought went wrong at all,
    `of_clauses` are the situations of single clauses,
    `special_cases` are variants of situations, `topics` questions, `news` what has
    happened already (`weiquan.case.events.NEWS`).
    """

    trouble: float = 0.0
    situations: Tuple[Tuple[str, float], ...] = ()
    special_cases: Mapping[str, float] = dataclasses.field(default_factory=dict)
    topics: Tuple[Tuple[str, float], ...] = ()
    news: Tuple[Tuple[str, float], ...] = ()
    of_clauses: Tuple[Tuple[str, float], ...] = ()

    @property
    def news_told(self) -> FrozenSet[str]:
        """The news that are sure enough to act on."""
        return frozenset(name for name, share in self.news if share >= NEWS_TOLD)

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any]) -> Found:
        """Return what stands in a Rasa `parse`; what is missing or damaged counts as not found."""
        return cls(
            float(parse.get("tells_trouble") or 0.0),
            named_shares(parse.get("situation_ranking")),
            dict(named_shares(parse.get("special_cases"))),
            named_shares(parse.get("topics")),
            named_shares(parse.get("news")),
            named_shares(parse.get("situations_of_clauses")),
        )


NOTHING_FOUND = Found()


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one message says.

    `situation` is None where no trouble is told; `topic` is the id of a
    question (an intent of `topics.yml`), None where none is asked. `near` are
    situations that it might tell instead: worth a button, not worth acting on.
    """

    situation: Optional[str]
    variant: Optional[str]
    others: Tuple[str, ...]
    topic: Optional[str]
    climbed: FrozenSet[str]
    failed: FrozenSet[str]
    is_sure: bool = True
    near: Tuple[str, ...] = ()


def special_case_of(situation: Situation, found: Found, least: float = SPECIAL_CASE_TOLD) -> Optional[str]:
    """Return the special case of `situation` that is told (from `least` on), an urgent one first, else its default."""
    told = [
        (variant.urgent, found.special_cases.get(variant.id, 0.0), variant.id)
        for variant in situation.variants
        if found.special_cases.get(variant.id, 0.0) >= least
    ]
    return max(told)[2] if told else situation.default_variant


def read(text: str, intent: Optional[str], found: Found, facts: Knowledge, least: float = TOLD) -> Reading:
    """Read `text` (normalised) with the classifier's `intent` and what the reader `found` in it.

    Told are the situations of a probability of at least `least`, in a report at
    least the likeliest. What was bought comes before how the complaint
    went, then the likeliest, of about equally likely ones what is urgent, then the
    more severe: severity promotes nothing that is not told.
    """
    likely = [(facts.situations[name], share) for name, share in _together(found) if name in facts.situations]
    apart = [(facts.situations[name], share) for name, share in found.of_clauses if name in facts.situations]
    told = [(situation, share) for situation, share in likely if share >= least]
    if is_report(intent):
        told = told or likely[:1]
    elif found.trouble < (TROUBLE_TOLD if least == TOLD else least):
        told = []
    elif least == TOLD and found.trouble >= SURE_OF_TROUBLE:
        # A question hides the trouble that one of its clauses tells.
        told = told or [entry for entry in apart[:1] if entry[1] >= least] or likely[:1]
    told.sort(key=lambda entry: _order(entry[0], entry[1], found))
    main, certainty = told[0] if told else (None, 0.0)
    if main and main.about_process:
        bought = [entry for entry in _surely(apart) if not entry[0].about_process]
        main, certainty = bought[0] if bought else (main, certainty)
    if main and _is_verdict(main, found):
        happened = [
            entry
            for entry in (*told, *_surely(apart))
            if entry[0].id not in (main.id, NEEDS_A_STORY) and not _is_urgent(entry[0], found)
        ]
        main, certainty = happened[0] if happened else (main, certainty)
    if main and main.id == NEEDS_A_STORY and len(text) <= BARE_WISH and len(told) == 1:
        main, certainty, likely = None, 0.0, []
    elif main is None and is_report(intent):
        main = facts.default_situation(str(intent))
    named = [situation.id for situation, share in likely if share >= MENTIONED]
    # A clause torn out of its sentence (吸不起头发) sounds like much of which the whole shows no trace.
    traces = {name for name, share in found.situations if share >= TRACE}
    named += [situation.id for situation, share in apart if share >= MENTIONED_APART and situation.id in traces]
    others = [name for name in dict.fromkeys(named) if name != main.id][:MAX_OTHERS] if main and told else []
    near = [situation.id for situation, share in likely if share >= NEAR]
    climbed, failed = find_steps(text, found.news_told, facts)
    topic = intent if intent in facts.topics else _topic_besides(found) if is_asking(text) else None
    return Reading(
        situation=main.id if main else None,
        variant=special_case_of(main, found) if main else None,
        others=tuple(others),
        topic=topic,
        climbed=climbed,
        failed=failed,
        is_sure=certainty >= TOLD,
        near=tuple(name for name in near if main and name != main.id and name not in others)[:MAX_OTHERS],
    )


def _together(found: Found) -> List[Tuple[str, float]]:
    """Return the situations of the whole message; where its clauses tell another one, the mean of both.

    A day and an amount beside a trouble (漏水，25号签收的，花了39) make the whole look like another one.
    """
    whole, clauses = dict(found.situations), dict(found.of_clauses)
    if not clauses or not whole or found.of_clauses[0][0] == found.situations[0][0]:
        return list(found.situations)
    shares = {name: (whole.get(name, 0.0) + clauses.get(name, 0.0)) / 2 for name in {**whole, **clauses}}
    return sorted(shares.items(), key=lambda entry: -entry[1])


def _topic_besides(found: Found) -> Optional[str]:
    """Return the question that a message asks besides, None where it asks none that has an answer of its own.

    The examples of reports are not labelled for questions, so a likely one alone proves none: the words must ask.
    """
    asked = (name for name, share in found.topics if share >= TOPIC_TOLD and name not in ANSWERED_OTHERWISE)
    return next(asked, None)


def _order(situation: Situation, share: float, found: Found) -> Tuple[bool, float, bool, int]:
    """Return the sort key by which told situations are handled: how a complaint went comes after what was bought."""
    return (situation.about_process, -round(share, 1), not _is_urgent(situation, found), situation.severity)


def _surely(apart: Sequence[Tuple[Situation, float]]) -> List[Tuple[Situation, float]]:
    """Return those of the situations of clauses that are sure enough to be named."""
    return [entry for entry in apart if entry[1] >= MENTIONED_APART]


def _is_verdict(situation: Situation, found: Found) -> bool:
    """Tell whether `situation` is told as a mere word about the seller: 「骗子」, without how somebody was cheated."""
    verdicts = {variant.id for variant in situation.variants if variant.verdict}
    return bool(verdicts) and special_case_of(situation, found) in {*verdicts, None}


def _is_urgent(situation: Situation, found: Found) -> bool:
    variant = special_case_of(situation, found)
    if variant is None:
        return situation.urgent
    return any(special.urgent for special in situation.variants if special.id == variant)


def likely_situations(found: Found, least: float, most: int) -> List[str]:
    """Return the situations of a probability of at least `least`, likeliest first, at most so many."""
    return [name for name, share in found.situations if share >= least][:most]


def situations_of_intents(intents: Sequence[str], facts: Knowledge) -> List[str]:
    """Return the usual situation of each `report_` intent in `intents`."""
    return [situation.id for intent in intents if (situation := facts.default_situation(intent))]
