"""One message of a shopper, read once.

Everything that reads the words is asked at most once a turn: what a reader
found is kept with the message.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from typing import Any, FrozenSet, List, Mapping, Optional, Tuple

from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Scam
from weiquan.language.masking import MARKS, MASKED, mask
from weiquan.language.normalisation import CUT, normalise_whole
from weiquan.reading.contacts import Verdict, is_doubted, is_listed, is_unlisted, verify
from weiquan.reading.detail_finder import find_details
from weiquan.reading.details import Details, Entity, read_entity
from weiquan.reading.feelings import find_feeling
from weiquan.reading.fine_questions import CLEAR, CLEAR_UNASKED, FineQuestion, fine_question
from weiquan.reading.platforms import BUTTON, find_platform
from weiquan.reading.requests import is_asking
from weiquan.reading.scams import find_scam
from weiquan.reading.situations import (
    NOTHING_FOUND,
    TOLD_IN_PASSING,
    TROUBLE_TOLD,
    Found,
    Reading,
    likely_situations,
    named_shares,
    read,
    special_case_of,
)

PAYLOAD_PREFIX = "/"
"""How a pressed button begins: it has no words."""
_NAMES_OF_NUMBERS = (
    *MARKS.values(),
    *("我的", "我", "银行卡", "身份证", "号码", "号", "验证码", "密码", "是", "卡"),
)
_TRACE, _WORTH_OFFERING, _MOST_OFFERED = 0.1, 0.03, 3
_ABOUT_PLATFORM = 12
_BARE = 2
"""Characters that may be left of a message that holds nothing but a number and its name."""


@dataclasses.dataclass(frozen=True)
class Message:
    """What a shopper sent, as the pipeline read it.

    `text` are the words, normalised and masked, "" for a pressed button.
    `confidence` is that of `intent`, `ranking` holds (intent, confidence) pairs,
    likeliest first; `dangers` are the ids of the dangers told, `possible_dangers`
    of one that may be; `answers` are those in `knowledge/answers/` that it may ask for
    (id, share), likeliest first, `asks_fine_question` the probability that it asks
    for any, `answers_besides` those to further questions in it; `found` is what the reader of complaints made of it.
    `hidden` are the kinds of numbers that were masked in it.
    """

    text: str
    facts: Knowledge
    today: datetime.date
    intent: str = ""
    confidence: float = 0.0
    ranking: Tuple[Tuple[str, float], ...] = ()
    entities: Tuple[Entity, ...] = ()
    dangers: Tuple[str, ...] = ()
    possible_dangers: Tuple[str, ...] = ()
    found: Found = NOTHING_FOUND
    answers: Tuple[Tuple[str, float], ...] = ()
    asks_fine_question: float = 0.0
    answers_besides: Tuple[str, ...] = ()
    hidden: FrozenSet[str] = frozenset()
    is_cut: bool = False

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any], metadata: Any, facts: Knowledge, today: datetime.date) -> Message:
        """Return the message of a Rasa `parse` (`latest_message`) with the `metadata` of its event.

        What is damaged in them counts as missing. Words that no `TextNormaliser`
        has cleaned are cleaned here.
        """
        text = str(parse.get("text") or "")
        intent = parse.get("intent") or {}
        hidden = _kinds(metadata.get(MASKED) if isinstance(metadata, Mapping) else None)
        was_cut = bool(parse.get(CUT))
        if text.startswith(PAYLOAD_PREFIX):
            text = ""
        elif MASKED in parse:
            hidden |= _kinds(parse[MASKED])
        else:
            text, was_cut = normalise_whole(text)
            text, found = mask(text)
            hidden |= found
        return cls(
            text=text,
            facts=facts,
            today=today,
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            ranking=named_shares(parse.get("intent_ranking")),
            entities=tuple(
                entity for entry in _mappings(parse.get("entities")) if (entity := read_entity(entry)) is not None
            ),
            dangers=tuple(name for name, _ in named_shares(parse.get("dangers"))),
            possible_dangers=tuple(name for name, _ in named_shares(parse.get("possible_dangers"))),
            found=Found.from_parse(parse),
            answers=named_shares(parse.get("answers")),
            asks_fine_question=float(parse.get("asks_fine_question") or 0.0),
            answers_besides=tuple(name for name, _ in named_shares(parse.get("answers_besides"))),
            hidden=hidden,
            is_cut=was_cut,
        )

    @property
    def likely_troubles(self) -> Tuple[str, ...]:
        """The situations that may be told in it, likeliest first; for offering, not for acting on."""
        if self.found.trouble < _TRACE:
            return ()
        return tuple(likely_situations(self.found, _WORTH_OFFERING, _MOST_OFFERED))

    @property
    def tells_trouble(self) -> bool:
        """True where something bought went wrong, whatever else the message is."""
        return self.found.trouble >= TROUBLE_TOLD

    def value(self, kind: str) -> Optional[str]:
        """Return the first text that an entity of `kind` has for a value, None where there is none."""
        return next(
            (entity.value for entity in self.entities if entity.kind == kind and isinstance(entity.value, str)), None
        )

    @functools.cached_property
    def details(self) -> Details:
        """Dates, amount, goods and the like."""
        return find_details(self.text, self.entities, self.today, self.found.news_told)

    @functools.cached_property
    def platform(self) -> Optional[str]:
        """The id of the platform that it names as the one where it was bought."""
        return find_platform(self.text, self.entities, self.facts)

    @property
    def is_about_platform(self) -> bool:
        """True where it says hardly more than which platform it is: 「我是在京东买的」."""
        is_price = any(entity.kind == "amount" for entity in self.entities)
        return bool(self.value(BUTTON)) or (len(self.text) <= _ABOUT_PLATFORM and not is_price)

    @functools.cached_property
    def reading(self) -> Reading:
        """Troubles, question and steps."""
        return read(self.text, self.intent, self.found, self.facts)

    @functools.cached_property
    def passing(self) -> Reading:
        """Troubles, question and steps told in passing, in a message whose intent is no report."""
        return read(self.text, None, self.found, self.facts, TOLD_IN_PASSING)

    def passing_within(self, case: Case) -> Reading:
        """Return `passing`; within a case a special case of its situation may be told without naming it again."""
        situation = self.facts.situations.get(case.situation or "")
        if self.passing.situation is None and situation:
            variant = special_case_of(situation, self.found, TOLD_IN_PASSING)
            if variant and variant != case.variant:
                return dataclasses.replace(self.passing, situation=situation.id, variant=variant, is_sure=True)
        return self.passing

    @functools.cached_property
    def scam(self) -> Optional[Scam]:
        """The script of swindlers, or the trick, that it describes."""
        return find_scam(self.text, self.facts)

    @functools.cached_property
    def fine_question(self) -> FineQuestion:
        """The fine question that it asks, by a button or in words."""
        chosen = self.value("answer_id")
        if chosen in self.facts.answers:
            return FineQuestion(str(chosen))
        known = [entry for entry in self.answers if entry[0] in self.facts.answers]
        besides = tuple(name for name in self.answers_besides if name in self.facts.answers)
        return dataclasses.replace(fine_question(known, self.asks_fine_question), besides=besides)

    @property
    def question_besides(self) -> Optional[str]:
        """The fine question (id of its answer) that it asks though it was taken for no question, None for none."""
        asked = self.fine_question
        return asked.asked if asked.certainty >= (CLEAR if is_asking(self.text) else CLEAR_UNASKED) else None

    @functools.cached_property
    def verdicts(self) -> Tuple[Verdict, ...]:
        """What is known of each number, account and site in it."""
        return verify(self.text, self.facts)

    @property
    def is_about_contact(self) -> bool:
        """True where it names a listed number, doubts one, or shows a site or account that is on no list."""
        verdicts = self.verdicts
        return is_listed(verdicts) or is_doubted(self.text, verdicts, self.facts) or is_unlisted(verdicts)

    @property
    def has_dangerous_number(self) -> bool:
        """True where it names a number that circulates as genuine and is not, or doubts one that we know."""
        return any(verdict.wrong for verdict in self.verdicts) or is_doubted(self.text, self.verdicts, self.facts)

    @functools.cached_property
    def feeling(self) -> Optional[str]:
        """The shopper's own anger or despair."""
        return None if self.dangers else find_feeling(self.text)

    @property
    def is_bare_number(self) -> bool:
        """True for a message that held nothing but a number that nobody should send."""
        rest = self.text
        for name in _NAMES_OF_NUMBERS:
            rest = rest.replace(name, "")
        return bool(self.hidden) and sum(sign.isalnum() for sign in rest) <= _BARE


def _mappings(value: Any) -> List[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _kinds(value: Any) -> FrozenSet[str]:
    return frozenset(str(kind) for kind in value) if isinstance(value, (list, tuple)) else frozenset()
