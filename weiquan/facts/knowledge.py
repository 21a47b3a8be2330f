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
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from weiquan.facts.answers import Answer
from weiquan.facts.checks import (
    check_answers,
    check_buttons,
    check_compensation,
    check_dangers,
    check_decisions,
    check_developments,
    check_evidence,
    check_papers,
    check_phrases,
    check_references,
    check_rungs,
    check_situations,
)
from weiquan.facts.compensation import Circumstance, CompensationRule
from weiquan.facts.dangers import Danger
from weiquan.facts.decision_table import Table, compiled
from weiquan.facts.decisions import ClosedDoor, Decision
from weiquan.facts.papers import ClaimSentence, Company, EventSentence, PaperKind, Tone, TroubleSentence, WishSentence
from weiquan.facts.quick_replies import BACK, STEP, QuickReply
from weiquan.facts.record_reader import FOUNDATIONS, RECORD_KINDS, KnowledgeError, RecordReader
from weiquan.facts.records import (
    Channel,
    Contact,
    Deadline,
    Fact,
    Law,
    NeverDo,
    NotRequired,
    Piece,
    Scam,
    Source,
    Topic,
    WordList,
    WrongNumber,
)
from weiquan.facts.situations import Development, Rung, Situation
from weiquan.language.phrases import Phrases
from weiquan.language.phrases import compiled as compiled_phrases
from weiquan.places import ROOT

DEFAULT_DIRECTORY = ROOT / "knowledge"


@dataclasses.dataclass(frozen=True)
class Knowledge:
    """All facts by kind and id. Look-ups of an unknown id raise `KeyError`."""

    sources: Mapping[str, Source]
    lexicon: Mapping[str, WordList]
    contacts: Mapping[str, Contact]
    channels: Mapping[str, Channel]
    laws: Mapping[str, Law]
    deadlines: Mapping[str, Deadline]
    rungs: Mapping[str, Rung]
    situations: Mapping[str, Situation]
    topics: Mapping[str, Topic]
    buttons: Mapping[str, QuickReply]
    answers: Mapping[str, Answer]
    dangers: Mapping[str, Danger]
    developments: Mapping[str, Development]
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
    event_sentences: Mapping[str, EventSentence]
    trouble_sentences: Mapping[str, TroubleSentence]
    wish_sentences: Mapping[str, WishSentence]
    claim_sentences: Mapping[str, ClaimSentence]
    closed_doors: Mapping[str, ClosedDoor]
    decisions: Mapping[str, Decision]

    @functools.cached_property
    def table(self) -> Table:
        """The ladder's decision table, ready for look-up."""
        return compiled(self.decisions.values(), self.closed_doors.values(), self.situations)

    @functools.cached_property
    def usual_ladder(self) -> Tuple[str, ...]:
        """The ids of the rungs of the usual ladder, lowest first: for a case whose trouble is not known."""
        return tuple(rung.id for rung in self.rungs.values() if rung.usual)

    @functools.cached_property
    def rung_of(self) -> Mapping[str, str]:
        """Event -> the id of the rung that was taken with it."""
        return {rung.event: rung.id for rung in self.rungs.values() if rung.event}

    @functools.cached_property
    def labels(self) -> Mapping[str, str]:
        """Label of a button that is always there -> the topic that it asks for: typed, it does the same."""
        always = (button for place in (STEP, BACK) for button in self.buttons_at(place))
        return {button.title or self.topics[button.topic].label: button.topic for button in always if button.topic}

    def buttons_at(self, place: str) -> Tuple[QuickReply, ...]:
        """Return the quick replies of a place, in their order."""
        return tuple(button for button in self.buttons.values() if button.place == place)

    def phrases(self, phrases: Tuple[str, ...]) -> Phrases:
        """Return `phrases` of a record ready to be looked for in a message."""
        if phrases not in self._compiled_phrases:
            self._compiled_phrases[phrases] = compiled_phrases(phrases, self._words)
        return self._compiled_phrases[phrases]

    def words(self, name: str) -> Tuple[str, ...]:
        """Return the words of the list `name` of `lexicon.yml`."""
        return self.lexicon[name].words

    @functools.cached_property
    def _words(self) -> Mapping[str, Tuple[str, ...]]:
        return {word_list.id: word_list.words for word_list in self.lexicon.values()}

    @functools.cached_property
    def _compiled_phrases(self) -> Dict[Tuple[str, ...], Phrases]:
        return {}

    def default_situation(self, intent: str) -> Optional[Situation]:
        """Return the situation that a `report_` intent means when it is all that is known, or None."""
        of_intent = (situation for situation in self.situations.values() if situation.intent == intent)
        return next((situation for situation in of_intent if situation.default), None)

    def situation_opened_by(self, outcome: str) -> Optional[Situation]:
        """Return the situation that an `outcome` means where no trouble was told before, or None."""
        return next((situation for situation in self.situations.values() if outcome in situation.opened_by), None)

    def stands_on(self, answer: Answer) -> Tuple[Fact, ...]:
        """Return the records on which `answer` stands, in the order in which it names them."""
        return tuple(record for name in answer.facts for record in self._facts_of[name])

    @functools.cached_property
    def _facts_of(self) -> Mapping[str, Tuple[Fact, ...]]:
        found: Dict[str, Tuple[Fact, ...]] = {}
        for kind in FOUNDATIONS:
            for record in getattr(self, kind).values():
                found[record.id] = (*found.get(record.id, ()), record)
        return found

    def facts(self) -> Iterator[Tuple[str, Fact]]:
        """Yield (kind, fact) for every record that carries a `checked` date."""
        for _, kind, _ in RECORD_KINDS:
            for record in getattr(self, kind).values():
                if isinstance(record, Fact):
                    yield kind, record

    def stale_facts(self, today: datetime.date) -> List[Tuple[str, Fact]]:
        """Return the facts unchecked for six months on `today`."""
        return [(kind, fact) for kind, fact in self.facts() if fact.is_stale(today)]


def load(directory: pathlib.Path = DEFAULT_DIRECTORY) -> Knowledge:
    """Read and check `directory`.

    Returns the frozen facts. Raises `KnowledgeError` naming every problem with
    its file and line.
    """
    reader = RecordReader(directory)
    known: Dict[str, Dict[str, Any]] = {}
    for stem, key, kind in RECORD_KINDS:
        known[key] = reader.records(stem, key, kind)
    if not reader.problems:
        check_references(reader, known)
        check_answers(reader, known)
        check_buttons(reader, known)
        check_compensation(reader, known)
        check_dangers(reader, known)
        check_developments(reader, known)
        check_evidence(reader, known)
        check_rungs(reader, known)
        check_situations(reader, known["situations"])
        check_phrases(reader, known)
        check_papers(reader, known)
        check_decisions(reader, known)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return Knowledge(**known)


@functools.cache
def knowledge() -> Knowledge:
    """Return the facts of this process: `WEIQUAN_KNOWLEDGE` or the project's own, read once."""
    return load(pathlib.Path(os.environ.get("WEIQUAN_KNOWLEDGE", DEFAULT_DIRECTORY)))
