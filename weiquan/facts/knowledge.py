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

from weiquan.facts.answers import Answer, Topic
from weiquan.facts.checks import (
    check_answers,
    check_buttons,
    check_compensation,
    check_dangers,
    check_days,
    check_developments,
    check_evidence,
    check_papers,
    check_phrases,
    check_platforms,
    check_references,
    check_rungs,
    check_situations,
)
from weiquan.facts.compensation import Circumstance, CompensationRule
from weiquan.facts.dangers import Danger
from weiquan.facts.decision_table import Table, check_decisions, compiled
from weiquan.facts.decisions import ClosedDoor, Decision
from weiquan.facts.papers import (
    ClaimSentence,
    Company,
    EventSentence,
    PaperKind,
    PaperQuestion,
    Tone,
    TroubleSentence,
    WishSentence,
)
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
    WordList,
    WrongNumber,
)
from weiquan.facts.situations import PLACE, Development, ElsewhereRung, Platform, Rung, Situation
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
    platforms: Mapping[str, Platform]
    elsewhere: Mapping[str, ElsewhereRung]
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
    paper_questions: Mapping[str, PaperQuestion]
    companies: Mapping[str, Company]
    event_sentences: Mapping[str, EventSentence]
    trouble_sentences: Mapping[str, TroubleSentence]
    wish_sentences: Mapping[str, WishSentence]
    claim_sentences: Mapping[str, ClaimSentence]
    closed_doors: Mapping[str, ClosedDoor]
    decisions: Mapping[str, Decision]
    at_home: Optional[Knowledge] = None
    """The facts of the own platform, where these are those of another one."""

    def of_platform(self, platform: Optional[str]) -> Knowledge:
        """Return the facts as they are on `platform` (id): elsewhere without the own one's menus, numbers and limits.

        None and what is not known count as the own one.
        """
        home = self.at_home or self
        known = home.platforms.get(platform or "")
        if known is None or known.own:
            return home
        if known.id not in home._elsewhere:
            home._elsewhere[known.id] = _abroad(home, known)
        return home._elsewhere[known.id]

    @functools.cached_property
    def own_platform(self) -> Platform:
        """The platform whose menus, numbers and limits these are."""
        return next(platform for platform in self.platforms.values() if platform.own)

    @functools.cached_property
    def _elsewhere(self) -> Dict[str, Knowledge]:
        return {}

    @functools.cached_property
    def platform_names(self) -> Mapping[str, str]:
        """What people call a platform, in small letters, -> its id."""
        return {name.lower(): platform.id for platform in self.platforms.values() for name in platform.names}

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

    def as_elsewhere(self, answer: Answer) -> Answer:
        """Return what is said elsewhere for `answer`: itself, unless it tells menus or numbers of the own platform."""
        is_own = any(getattr(fact, "own_platform", False) for fact in self.stands_on(answer))
        return next((other for other in self.answers.values() if other.elsewhere), answer) if is_own else answer

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


def _abroad(home: Knowledge, platform: Platform) -> Knowledge:
    """Return the facts of `home` as they are on another platform."""

    def kept(limits: Tuple[str, ...]) -> Tuple[str, ...]:
        return tuple(limit for limit in limits if not home.deadlines[limit].own_platform)

    def renamed(title: str) -> str:
        return title.replace(home.own_platform.name, platform.name)

    def rung(own: Rung) -> Rung:
        change: Dict[str, Any] = {
            "deadlines": kept(own.deadlines),
            "answer_within": next(iter(kept((own.answer_within,))), None) if own.answer_within else None,
            "channel": None if own.channel and home.channels[own.channel].own_platform else own.channel,
            "contacts": tuple(contact for contact in own.contacts if not home.contacts[contact].own_platform),
        }
        if there := home.elsewhere.get(own.id):
            change["move"] = there.move.replace(PLACE, platform.name)
            change["words"] = there.words and there.words.replace(PLACE, platform.name)
        return own.copy(update=change)

    def situation(own: Situation) -> Situation:
        variants = tuple(one.copy(update={"deadlines": one.deadlines and kept(one.deadlines)}) for one in own.variants)
        return own.copy(update={"deadlines": kept(own.deadlines), "variants": variants})

    return dataclasses.replace(
        home,
        at_home=home,
        rungs={name: rung(own) for name, own in home.rungs.items()},
        situations={name: situation(own) for name, own in home.situations.items()},
        papers={name: paper.copy(update={"title": renamed(paper.title)}) for name, paper in home.papers.items()},
        companies={},
        deadlines={
            name: limit.copy(update={"remedies": ()}) if limit.own_platform else limit
            for name, limit in home.deadlines.items()
        },
    )


def load(directory: pathlib.Path = DEFAULT_DIRECTORY, today: Optional[datetime.date] = None) -> Knowledge:
    """Read and check `directory`.

    With `today`, no fact may have been checked later; a bot is started without it,
    since the clock of its machine may be slow.

    Returns the frozen facts. Raises `KnowledgeError` naming every problem with
    its file and line.
    """
    reader = RecordReader(directory)
    known: Dict[str, Any] = {}
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
        check_platforms(reader, known)
        check_situations(reader, known["situations"])
        check_phrases(reader, known)
        check_papers(reader, known)
        check_decisions(reader, known)
        if today:
            check_days(reader, known, today)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return Knowledge(**known)


def facts_folder() -> pathlib.Path:
    """Return the folder of this process's facts: `WEIQUAN_KNOWLEDGE`, or the project's own."""
    return pathlib.Path(os.environ.get("WEIQUAN_KNOWLEDGE", DEFAULT_DIRECTORY))


@functools.cache
def knowledge() -> Knowledge:
    """Return the facts of this process, read once."""
    return load(facts_folder())
