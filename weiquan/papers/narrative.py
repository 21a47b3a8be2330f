"""The facts of a paper: what happened and was done, in the order of time, each with its source in the case."""

from __future__ import annotations

import datetime
import functools
import re
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.ladder import find_variant
from weiquan.case.case import Case
from weiquan.dialogue.reports import LONGEST_ACCOUNT
from weiquan.facts.papers import EventSentence, PaperKind, TroubleSentence
from weiquan.papers.printable import blank, in_full, printable
from weiquan.papers.statements import (
    ACCOUNT,
    AT_STAGE,
    DATE,
    OTHERS,
    PURCHASE,
    RUNG,
    SITUATION,
    STAGE,
    TOLD,
    Statement,
    without_contradictions,
)
from weiquan.reading.details import possible_dates, rank_of_event

ELEMENTS = ("合同的订立", "交付情况", "争议的问题", "协商和投诉的经过")
"""The elements by which a court's form asks for the facts of a purchase."""
_MAX_OTHERS = 2
DEFECT = "defect"
"""The question whose answer tells the trouble in the shopper's own words."""
_NARROW_COMMA = re.compile(r"(?<=[^\x00-\x7f]),|,(?=[^\x00-\x7f])")


class Narrative:
    """What a paper of one kind tells of a case; `words` are what its sentences are filled with."""

    def __init__(self, kind: PaperKind, advice: Advice, words: Mapping[str, str]) -> None:
        case, facts = advice.case, advice.facts
        self.kind, self.case, self.facts, self.today, self.words = kind, case, facts, advice.today, words
        self.situation = facts.situations.get(case.situation or "")
        self.trouble = next((facts.trouble_sentences[name] for name in self.troubles if self._is_told(name)), None)
        others = [name for name in case.others if self._is_told(name) and name not in self.troubles]
        self.others = [facts.trouble_sentences[name] for name in others][:_MAX_OTHERS]

    @property
    def troubles(self) -> Tuple[str, ...]:
        """The ids under which the trouble may be described, the special case first."""
        variant = find_variant(self.case, self.situation) if self.situation else None
        return tuple(trouble.id for trouble in (variant, self.situation) if trouble)

    @property
    def is_purchase(self) -> bool:
        """False where nothing need have been bought."""
        return self.trouble is None or self.trouble.is_purchase

    @functools.cached_property
    def account(self) -> List[Tuple[str, str, str]]:
        """(source, what of it, words) of what the shopper told in words of their own.

        The seller is told of the goods alone: what else was said here was not meant for it.
        """
        told = self.case.told.get(DEFECT)
        own = [(TOLD, DEFECT, told)] if told else []
        answers, account = self.case.told.values(), enumerate(self.case.account)
        said = [(ACCOUNT, str(place), words) for place, words in account if words not in answers]
        return (own or said[:1]) if self.kind.is_message else [*own, *said]

    @functools.cached_property
    def days_in_doubt(self) -> FrozenSet[str]:
        """The events whose days cannot be right beside those of others: received before it was ordered."""
        dates = self.case.dates
        kept = possible_dates(dates, sorted(dates, key=rank_of_event))
        dropped = set(dates) - set(kept)
        # Of two that cannot both be right either may be wrong.
        pairs = [(one, other) for one in dropped for other in kept]
        beside = {
            other for one, other in pairs if len(possible_dates({n: dates[n] for n in (one, other)}, (one, other))) < 2
        }
        return frozenset(dropped | beside)

    @functools.cached_property
    def statements(self) -> List[Statement]:
        """The facts, in the order of time.

        An event without a date stays behind the one that usually comes before it.
        """
        dated: List[Tuple[datetime.date, Statement]] = []
        latest = datetime.date.min
        for event in self.facts.event_sentences.values():
            if not self._is_to_be_told(event):
                continue
            day = self._day(event.id)
            latest = day or latest
            dated += [(latest, statement) for statement in self._of(event, day)]
        in_order = [statement for _, statement in sorted(dated, key=lambda pair: pair[0])]
        return without_contradictions(in_order)

    # --- the trouble ---

    def say(self, sentence: str) -> str:
        """Return a sentence with its fillings."""
        said = re.sub(r"\{(\w+)\}", lambda match: self.words[match.group(1)], sentence)
        return said.replace(" 【", "【")

    def _is_told(self, trouble: str) -> bool:
        return trouble in self.facts.trouble_sentences

    def sentence_of(self, trouble: TroubleSentence) -> str:
        """Return how `trouble` is told in this case, its fillings still open."""
        later = next((text for event, text in trouble.once.items() if self._has_happened(event)), None)
        if later:
            return later
        if trouble.where_platform and self._only_platform_refused():
            return trouble.where_platform
        return trouble.plain if trouble.plain and self.account else trouble.text

    def _only_platform_refused(self) -> bool:
        """Tell whether the refusal that is known is the platform's, and none of the seller's is."""
        failed = {self.facts.rungs[rung] for rung in self.case.failed if rung in self.facts.rungs}
        by_platform = any(rung.id in {"platform", "platform_complaint"} for rung in failed)
        by_seller = "refused" in self.case.dates or "after_sales" in self.case.failed or self.case.told.get("refusal")
        return by_platform and not by_seller

    def _of_trouble(self, latest: Optional[datetime.date]) -> List[Statement]:
        about = self.trouble.id if self.trouble else (self.case.situation or "")
        statements = [Statement(self.words["trouble"], SITUATION, about, *self._told_by(self.trouble))]
        statements += [
            Statement(f"经过（原话）：{quoted(words)}。", source, name) for source, name, words in self.account
        ]
        for other in self.others:
            text = self._sentence_beside(other)
            if text:
                statements.append(Statement(self.say(text), OTHERS, other.id, *self._told_by(other)))
        return statements

    def _told_by(self, trouble: Optional[TroubleSentence]) -> Tuple[FrozenSet[str], FrozenSet[str]]:
        """Return the events that a trouble says have, and have not, happened."""
        if trouble is None:
            return frozenset(), frozenset()
        return frozenset(trouble.supposes), frozenset(trouble.denies)

    def first_sentence(self) -> str:
        """Return the sentence of the trouble itself, "" where none is known."""
        trouble = self.trouble
        if trouble is None:
            return ""
        return self.sentence_of(trouble) + ("" if self._is_said_by_event(trouble) else trouble.also or "")

    def _sentence_beside(self, trouble: TroubleSentence) -> str:
        """Return the sentence of another trouble, "" where an event tells it."""
        return "" if self._is_said_by_event(trouble) else trouble.also or self.sentence_of(trouble)

    def _is_said_by_event(self, trouble: TroubleSentence) -> bool:
        return trouble.same_as is not None and self._has_happened(trouble.same_as)

    # --- what happened and was done ---

    def _is_to_be_told(self, event: EventSentence) -> bool:
        if event.is_against or event.id in self.kind.keeps_back or not self._has_happened(event.id):
            return False
        return event.id != self.kind.own_event or self._has_failed(event.id)

    def _has_failed(self, event: str) -> bool:
        fruitless = {trouble.same_as for trouble in (self.trouble, *self.others) if trouble}
        return self.facts.rung_of.get(event, event) in self.case.failed or event in fruitless

    def _of(self, event: EventSentence, day: Optional[datetime.date]) -> List[Statement]:
        if event.id == "trouble":
            return self._of_trouble(day)
        sentence = self.say(event.failed if event.failed and self._has_failed(event.id) else event.text)
        when = in_full(day) if day else blank("下单日期" if event.id == "purchase" else "日期")
        source, about = self._source(event.id)
        return [Statement(f"{when}，{sentence}", source, about, frozenset({event.id}), day=day)]

    def _source(self, event: str) -> Tuple[str, str]:
        """Return what of the case an event rests on."""
        if event == "purchase":
            return PURCHASE, event
        rung = self.facts.rung_of.get(event, event)
        if self._day(event) or event in self.case.dates:
            return DATE, event
        return (RUNG, rung) if rung in self.case.climbed else (STAGE, event)

    def _day(self, event: str) -> Optional[datetime.date]:
        dates = self.case.dates
        named = next((name for name in ("ordered", "paid") if name in dates), "") if event == "purchase" else event
        day = dates.get(named)
        # What has not come yet has not happened.
        return day if day and day <= self.today and named not in self.days_in_doubt else None

    def _has_happened(self, event: str) -> bool:
        case = self.case
        if event == "trouble":
            return True
        if event == "purchase":
            return bool(case.goods or case.order_number or "ordered" in case.dates) or self.is_purchase
        if event == "paid":
            return "ordered" in case.dates and self._day(event) not in {None, case.dates["ordered"]}
        told = case.dates.get(event)
        if (told and told <= self.today) or self.facts.rung_of.get(event, event) in case.climbed:
            return True
        return event in AT_STAGE.get(case.stage or "", ())


def element_of(statement: Statement) -> str:
    """Return the element of `ELEMENTS` that a statement belongs to."""
    contract, delivery, trouble, handling = ELEMENTS
    if statement.source == PURCHASE:
        return contract
    if statement.source in {SITUATION, OTHERS, ACCOUNT, TOLD}:
        return trouble
    (event,) = statement.says
    return {"paid": contract, "shipped": delivery, "received": delivery, "harmed": trouble}.get(event, handling)


def quoted(words: Optional[str]) -> str:
    """Return `words` of the shopper in quotation marks, "" for none."""
    written = _NARROW_COMMA.sub("，", printable(words or "", LONGEST_ACCOUNT))
    return f"「{written.rstrip('。.!，')}」" if written else ""


def told_words(case: Case, questions: Mapping[str, Any]) -> Dict[str, str]:
    """Return the answers to `questions` that have no field of their own, as sentences are filled with them."""
    return {
        question.id: _written(question.kind, case.told.get(question.id, "")) or blank(question.blank)
        for question in questions.values()
        if question.fills is None
    }


def _written(kind: str, words: str) -> str:
    return quoted(words) if kind == "words" else printable(words)
