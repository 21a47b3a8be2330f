"""The schema of what can go wrong and what helps: rungs, situations, their special cases; where it was bought."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from pydantic import BaseModel, Extra, Field, root_validator, validator

from weiquan.facts.records import Fact, count, event_name

SELLER_AGREED, PLATFORM_AGREED = "seller_agreed", "platform_agreed"

OUTCOMES = ("no_reply_yet", "seller_refused", SELLER_AGREED, "platform_refused", PLATFORM_AGREED)
"""The intents that tell what came of a rung."""


class Outcome(BaseModel):
    """An answer to the question whether a rung was taken: what came of it."""

    title: str = Field(..., max_length=10, description="what the button says")
    tells: str = Field(..., description=f"the intent that it sends, one of {', '.join(OUTCOMES)}")

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("tells")
    def _is_an_outcome(cls, value: str) -> str:
        if value not in OUTCOMES:
            raise ValueError(f"「{value}」说不出这一步的结果，要写 {'、'.join(OUTCOMES)} 之一")
        return value


class HarmDone(BaseModel):
    """An answer to the question whether harm was done: it opens a special case."""

    title: str = Field(..., max_length=10, description="what the button says")
    tells: str = Field(..., description="the intent of `situation`")
    situation: str
    variant: str

    class Config:
        extra = Extra.forbid
        frozen = True


class Rung(Fact):
    """A rung of the ladder: what to do there, where, with which words, and how it is asked about."""

    name: str
    event: Optional[str] = Field(None, description="the event of a case that taking it is")
    usual: bool = Field(False, description="on the usual ladder, which goes in the order of the file")
    with_seller: bool = Field(False, description="between shopper and seller still: the seller decides there")
    is_complaint: bool = Field(False, description="«the complaint was in vain» may mean it without naming it")
    stops_harm: bool = Field(False, description="in danger it comes before keeping evidence")
    move: str = Field(..., max_length=90, description="the imperative, with {ask} and {apply_as}")
    channel: Optional[str] = None
    contacts: Tuple[str, ...] = ()
    deadlines: Tuple[str, ...] = ()
    answer_within: Optional[str] = Field(None, description="deadline of the reply; without one nothing is waited for")
    words: Optional[str] = Field(None, description="text to send or file there, with {name} and {ask}")
    evidence: Tuple[str, ...] = ()
    question: Optional[str] = Field(None, description="how the bot asks whether it was climbed")
    not_yet: str = Field("还没", max_length=10, description="button: it was not taken")
    done: Optional[str] = Field("已经做了", max_length=10, description="button: it was taken; null: none is offered")
    harm_done: Tuple[HarmDone, ...] = Field((), description="buttons in place of `done`, unless a variant asks")
    outcomes: Tuple[Outcome, ...] = Field((), description="buttons: what came of it")
    done_by: Tuple[str, ...] = Field((), description="news that tell that the shopper has climbed it")
    failed_by: Tuple[str, ...] = Field((), description="news that tell that it was refused or unanswered")
    done_phrases: Tuple[str, ...] = Field((), description="the shopper has climbed it")
    failed_phrases: Tuple[str, ...] = Field((), description="climbed and refused or unanswered")
    denied_phrases: Tuple[str, ...] = Field((), description="the shopper has not climbed it")

    @validator("event")
    def _is_an_event(cls, value: Optional[str]) -> Optional[str]:
        return None if value is None else event_name(value)


class Answer(BaseModel):
    """An answer to the question of a development: what the button says, and the intent that it sends."""

    title: str = Field(..., max_length=10)
    tells: str
    event: Optional[str] = Field(None, description="the development that the answer tells, or the event of today")

    class Config:
        extra = Extra.forbid
        frozen = True


class Development(Fact):
    """What to do about it.

    The id is the news that tells it, or an event told by `phrases`; the first answer is a yes to `question`,
    the second a no.
    """

    name: str = Field(..., max_length=12)
    phrases: Tuple[str, ...] = Field((), description="words that tell it, where it is no news")
    while_told: Optional[str] = Field(None, description="only where this event of the case has a day")
    say: str = Field(..., max_length=130)
    at_fault: Optional[str] = Field(None, max_length=130, description="instead, where the goods are the trouble")
    sum: Optional[str] = Field(None, description="the amount of the case that it is about (SUMS)")
    stage: Optional[str] = Field(None, description="where the order is then")
    rung: Optional[str] = Field(None, description="the rung that it tells as taken")
    day_of: Optional[str] = Field(None, description="the event that gets today's day where no day is told")
    heard_is_yes: bool = Field(False, description="「好」 is a yes to `question`")
    law: Optional[str] = Field(None, description="what `say` rests on")
    law_at_fault: Optional[str] = None
    has_last_day: bool = Field(False, description="a number of days told with it is the time that is left")
    question: str = Field(..., max_length=20)
    answers: Tuple[Answer, ...]

    _answers = count("answers", 2, 3)


class Variant(BaseModel):
    """A special case within a situation that needs its own first moves."""

    id: str
    name: str
    opening: str = Field(..., max_length=60)
    first_moves: Tuple[str, ...]
    ladder: Tuple[str, ...] = ()
    urgent: bool = False
    verdict: bool = Field(False, description="says what is thought of the seller (骗子): what happened goes first")
    # Where the situation's own do not fit:
    ask: Optional[str] = Field(None, max_length=24)
    apply_as: Optional[str] = Field(None, max_length=24)
    words: Optional[str] = Field(None, max_length=170)
    evidence: Optional[Tuple[str, ...]] = None
    deadlines: Optional[Tuple[str, ...]] = None
    question: Optional[str] = Field(None, description="how the bot asks whether its first rung was climbed")

    _moves = count("first_moves", 1, 3)

    class Config:
        extra = Extra.forbid
        frozen = True


class Situation(Fact):
    """A kind of trouble, and what helps against it."""

    number: int = Field(..., ge=1, description="1, 2, 3 … without gaps")
    name: str = Field(..., max_length=16)
    intent: str = Field(..., regex="^report_[a-z_]+$")
    default: bool = Field(False, description="the situation that the intent's button means")
    severity: int = Field(..., ge=0, le=9, description="0 danger … 9 nuisance: what is handled first")
    urgent: bool = False
    about_process: bool = Field(False, description="about how a complaint went: within a case it moves that along")
    opened_by: Tuple[str, ...] = Field((), description="outcomes that, told before any trouble, mean this one")
    fails: Tuple[str, ...] = Field((), description="rungs that it says have failed")
    fails_if_taken: Tuple[str, ...] = Field((), description="rungs that it says have failed if they were taken")
    fails_all: bool = Field(False, description="it says so of all rungs taken, and of the complaint last asked about")
    opening: str = Field(..., max_length=60, description="one sentence: what the shopper can expect")
    first_moves: Tuple[str, ...]
    ask: str = Field(..., max_length=24, description="the usual remedy, as a noun phrase")
    apply_as: Optional[str] = Field(None, max_length=24, description="after-sales type and reason")
    words: str = Field(..., max_length=170, description="a message to the seller (or whom the first rung names)")
    evidence: Tuple[str, ...]
    evidence_note: Optional[str] = None
    evidence_note_says: Tuple[str, ...] = Field((), description="ids of not_required that evidence_note says already")
    deadlines: Tuple[str, ...] = ()
    contacts: Tuple[str, ...] = ()
    laws: Tuple[str, ...]
    compensation: str = Field(..., max_length=160, description="what can be claimed, under which condition")
    freight: str = Field(..., max_length=80, description="who bears return freight here")
    ladder: Tuple[str, ...]
    variants: Tuple[Variant, ...] = ()
    default_variant: Optional[str] = Field(None, description="the variant where none is told")

    _moves = count("first_moves", 1, 3)
    _evidence = count("evidence", 2, 6)
    _laws = count("laws", 1)
    _ladder = count("ladder", 2)

    @validator("opened_by", each_item=True)
    def _are_outcomes(cls, value: str) -> str:
        if value not in OUTCOMES:
            raise ValueError(f"「{value}」不是一种结果，要写 {'、'.join(OUTCOMES)} 之一")
        return value

    @validator("first_moves", "evidence", each_item=True)
    def _items_are_short(cls, value: str) -> str:
        if len(value) > 60:
            raise ValueError(f"「{value[:20]}…」超过 60 字，一条只说一件事")
        return value

    @root_validator(skip_on_failure=True)
    def _only_a_process_fails(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if not values["about_process"] and (values["fails"] or values["fails_if_taken"] or values["fails_all"]):
            raise ValueError("写了 fails、fails_if_taken 或 fails_all 就要写 about_process: true")
        return values

    def seen_as(self, variant: Optional[Variant]) -> Situation:
        """Return the situation with what `variant` says of itself in place of its own."""
        if variant is None:
            return self
        own = {
            "name": variant.name,
            "ask": variant.ask,
            "apply_as": variant.apply_as or variant.ask,
            "words": variant.words,
            "evidence": variant.evidence,
            "deadlines": variant.deadlines,
        }
        return self.copy(update={key: value for key, value in own.items() if value is not None})


PLACE = "{platform}"
"""Stands for the platform's name in the sentences of `ElsewhereRung`."""


class Platform(Fact):
    """A platform, shop or place where people buy.

    `names` are all that people call it, as in data/entities/platforms.txt.
    """

    name: str = Field(..., max_length=12, description="what the bot calls it")
    names: Tuple[str, ...] = Field(..., description="what people call it")
    own: bool = Field(False, description="the one whose menus and numbers stand in knowledge/")
    private_sellers: bool = Field(False, description="people sell there to people: other law may hold")


class ElsewhereRung(Fact):
    """A rung of the ladder (`id`) as it is on another platform: without menu, number or limit of the own one."""

    move: str = Field(..., max_length=90, description="the imperative, with {ask}, {apply_as} and {platform}")
    words: Optional[str] = Field(None, description="text to send or file there, with {name}, {ask} and {platform}")


def platform_problems(known: Mapping[str, Mapping[str, Any]]) -> Iterator[Tuple[str, str, str]]:
    """Yield what is wrong with the records of `platforms.yml`: kind, id, reason in Chinese.

    One platform is the own one, no name means two, and every rung that leads into its app is told for elsewhere.
    """
    platforms = known["platforms"].values()
    own = [platform.id for platform in platforms if platform.own]
    if len(own) != 1:
        yield "platforms", (own or list(known["platforms"]))[-1], "：要有且只有一个平台写 own: true"
    named: Dict[str, str] = {}
    for platform in platforms:
        for name in platform.names:
            if named.setdefault(name.lower(), platform.id) != platform.id:
                yield "platforms", platform.id, f"的名字「{name}」已经是 {named[name.lower()]} 的"
    for rung in known["elsewhere"]:
        if rung not in known["rungs"]:
            yield "elsewhere", rung, "不是 ladder.yml 里的一步"
    for rung in known["rungs"].values():
        leads_there = rung.channel in known["channels"] and known["channels"][rung.channel].own_platform
        if leads_there and not rung.with_seller and rung.id not in known["elsewhere"]:
            yield "rungs", rung.id, "只有本平台的菜单，别的平台怎么办要写在 platforms.yml 的 elsewhere"


def situation_problems(situations: Mapping[str, Situation]) -> Iterator[str]:
    """Yield in Chinese what is wrong with all situations together.

    The kinds are numbered without gaps, and each intent has one default.
    """
    numbered: Dict[int, List[str]] = {}
    for situation in situations.values():
        numbered.setdefault(situation.number, []).append(situation.id)
    missing = sorted(set(range(1, max(numbered, default=0) + 1)) - set(numbered))
    if missing:
        yield f"情况的编号不连续，缺 {'、'.join(map(str, missing))}"
    for number, ids in sorted(numbered.items()):
        if len(ids) > 1:
            yield f"编号 {number} 重复：{'、'.join(ids)}"
    opened = [outcome for situation in situations.values() for outcome in situation.opened_by]
    for outcome in sorted({outcome for outcome in opened if opened.count(outcome) > 1}):
        yield f"不止一种情况的 opened_by 写了 {outcome}"
    defaults_of: Dict[str, List[str]] = {situation.intent: [] for situation in situations.values()}
    for situation in situations.values():
        if situation.default:
            defaults_of[situation.intent].append(situation.id)
    for intent, defaults in sorted(defaults_of.items()):
        if len(defaults) != 1:
            yield f"意图 {intent} 要恰有一个 default，现有 {defaults}"
