"""What news does to a case: what the seller or the platform said, what the shopper did."""

from __future__ import annotations

import dataclasses
import datetime
from typing import FrozenSet, Mapping, Optional, Sequence

from weiquan.advice.ladder import ladder_of
from weiquan.advice.next_step import next_step
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.language.endings import beginnings
from weiquan.language.phrases import compiled
from weiquan.reading.requests import is_asking
from weiquan.reading.scams import find_scam
from weiquan.reading.situations import NEWS_POSSIBLE, NEWS_TOLD, NOTHING_FOUND, Found, Reading
from weiquan.reading.steps import find_steps_denied

SIDES: Mapping[str, str] = {
    "agreed": "seller_agreed",
    "refused": "seller_refused",
    "silent": "no_reply_yet",
    "platform_for": "platform_agreed",
    "platform_against": "platform_refused",
}
"""News and the intents that mean the same."""

NO_NEWS = "inform"

_TRACE = 0.05
"""Below this probability the reader sees nothing at all of what an intent says."""

AGREEMENT_TOLD = 0.5
"""From this probability on somebody agreed; below it the bot asks, for who is told of a success relies on it."""

MADE_PROGRESS = frozenset({"affirm", "step_done"})

_HANDED_IN = compiled(("申请/提交/上传/点/交/投诉/举报/报/打+了/过/上去/好了", "处理中/受理"), {})

_BROKEN_PROMISE = compiled(("没兑现/不兑现/反悔/变卦/说话不算/又不认了/赖账",), {})

_STILL_WAITING = compiled(("还/再/继续/正+在/-+等",), {})

_REFUSAL = compiled(("不+同意/肯/给/让/答应/接受", "拒绝/驳回"), {})

_SAYS_NO = compiled(
    ("说/是/坚持/死活/就+不+会/能/可以/可/-+退/换/赔/补/给/肯/行/同意", "拒绝", "被 拒"),
    {},
)
"""「商家刚回了，说不退」 sounds like good news to the classifier."""

_OF_AN_APPLICATION = compiled(
    ("被+商家/卖家/店家/他们/他/对方/-+拒/驳/关", "驳回", "申请/售后/退款单+被/没/给/-+拒/驳/关/过/通过"),
    {},
)
"""A refusal of what was applied for; 「他不给退」 may be said in a talk."""

_ACKNOWLEDGED = (
    *("好的", "好嘞", "好滴", "好", "行", "可以", "知道了", "知道啦", "知道", "明白了", "明白", "了解了", "了解"),
    *("收到", "懂了", "ok", "OK", "Ok", "晓得了", "哦", "噢", "喔"),
)
_BESIDE_ACKNOWLEDGEMENT = (
    *("嗯", "恩", "吧", "呢", "的", "哈", "呀", "啊", "谢谢", "谢谢您", "谢谢你", "那"),
    *",，。!~. ",
)
_LONGEST_ACKNOWLEDGEMENT = 12

_SILENCE = compiled(("还/还是+没/没有/不+人/给/有人/-+回/理/处理/动静/反应/消息/结果",), {})

_USELESS = compiled(("没用/不管用/没效果/白搭/没解决",), {})

WAS_REFUSED = frozenset({"seller_refused", "platform_refused", "no_reply_yet"})


def side_of(intent: str, found: Found, text: str) -> str:
    """Return which side answered and how, where the news `found` in a message know it better than its `intent`.

    Where `text` asks and the reader sees no answer of anybody, there is none: 「平台一般多久有结果」; nor where
    it sees not a trace of one: 「我要全退」 is a wish.
    What was not read (a button, a parse without the reader) is as its intent says.
    """
    if intent not in SIDES.values() or found == NOTHING_FOUND:
        return intent
    news = dict(found.news)
    told = max(SIDES, key=lambda name: news.get(name, 0.0))
    if news.get(told, 0.0) >= NEWS_TOLD:
        return SIDES[told]
    return NO_NEWS if news.get(told, 0.0) < (NEWS_POSSIBLE if is_asking(text) else _TRACE) else intent


def is_acknowledgement(text: str) -> bool:
    """Tell whether `text` (normalised) only says that something was heard: 「好的，知道了」; 「嗯」 may be a yes."""
    if len(text) > _LONGEST_ACKNOWLEDGEMENT or not any(word in text for word in _ACKNOWLEDGED):
        return False
    words = (*_ACKNOWLEDGED, *_BESIDE_ACKNOWLEDGEMENT)
    return len(text) in beginnings(text, words, _LONGEST_ACKNOWLEDGEMENT)


def is_agreement(intent: str, found: Found) -> bool:
    """Tell whether the reader is sure enough of an agreement (`seller_agreed`, `platform_agreed`) to act on it."""
    return found == NOTHING_FOUND or any(
        SIDES.get(name) == intent and share >= AGREEMENT_TOLD for name, share in found.news
    )


def interpret(intent: str, case: Case, text: str, facts: Knowledge, today: Optional[datetime.date] = None) -> str:
    """Return what a short answer means where it was given.

    The classifier knows no context: "没用" is a no, "还没回" a silence. About
    a rung that was asked about they mean more, or something else.
    """
    if case.situation not in facts.situations:
        return intent
    trick = find_scam(text, facts)
    if trick and not trick.alarm:
        # "商家让我先撤销退款" sounds like an agreement and is none.
        return "inform"
    if intent == "seller_agreed" and _SAYS_NO.found_in(text):
        return "seller_refused"
    about = _about(case, facts, today)
    if intent == "deny" and _USELESS.found_in(text):
        return "platform_refused"
    if _BROKEN_PROMISE.found_in(text):
        return "no_reply_yet"
    if intent != "no_reply_yet":
        return intent
    if _STILL_WAITING.found_in(text) or not (facts.rungs[about].answer_within or about == "negotiate"):
        # "还没看医生": nothing is waited for there, so it is a plain no.
        return "deny"
    if about != ladder_of(case, facts)[0] and about not in case.climbed and _HANDED_IN.found_in(text):
        return "step_done"
    return intent


def _about(case: Case, facts: Knowledge, today: Optional[datetime.date]) -> str:
    """Return the rung that news is about: last asked about, else waited for, else the next."""
    if case.asked in facts.rungs:
        return str(case.asked)
    step = next_step(case, facts, today)
    return (step.waiting or step.rung).id


def _height(rung: str, ladder: Sequence[str], usual: Sequence[str]) -> int:
    """Return how high `rung` stands on `ladder`; one that it lacks counts at its height on the `usual` one."""
    if rung in ladder:
        return ladder.index(rung)
    passed = usual[: usual.index(rung)] if rung in usual else usual
    return sum(below in passed for below in ladder)


def take_progress(
    case: Case,
    intent: str,
    facts: Knowledge,
    today: Optional[datetime.date] = None,
    named: FrozenSet[str] = frozenset(),
    text: str = "",
    failed: FrozenSet[str] = frozenset(),
) -> Case:
    """Return the case after a short piece of news (`seller_refused`, `step_done` …; see `interpret`).

    「做了」 means the rung in question, 「打了12315」 the one it names: where the
    words name rungs (`named`) without that one, it is not taken for done.

    A refusal by the seller also fails the application where one was made,
    and never a rung above it. A rung taken again after it failed was taken
    `today`: only so is it told from the time before. What is typed (`text`) fails no
    rung that was not taken, unless it names it, and what it tells as `failed` is all that it says.
    """
    if case.situation not in facts.situations:
        return case
    ladder, about = ladder_of(case, facts), _about(case, facts, today)
    if intent in MADE_PROGRESS:
        if named and about not in named:
            return dataclasses.replace(case, asked=None)
        moved = dataclasses.replace(case.with_rungs(climbed={about}), asked=None)
        event = facts.rungs[about].event
        if about in case.failed and event and today:
            return dataclasses.replace(moved, dates={**moved.dates, event: today})
        return moved
    if intent not in WAS_REFUSED:
        return case
    if text and facts.rungs[about].usual:
        told = _failed_by_words(case, intent, facts, about, text, named, failed)
        if told is not None:
            return dataclasses.replace(case.with_rungs(failed=told), asked=None) if told - case.failed else case
    if intent == "no_reply_yet" and about != ladder[0] and about not in case.climbed:
        # It says nothing of an application: it is the seller who is silent.
        return case.with_rungs(failed=frozenset({"negotiate"}).intersection(ladder))
    height = _height(about, ladder, facts.usual_ladder)
    if intent == "platform_refused" and "platform" in ladder and height < ladder.index("platform"):
        about = "platform"
    elif intent == "seller_refused" and "after_sales" in ladder and height > ladder.index("after_sales"):
        # A seller can refuse no further up than the application.
        about = "after_sales"
    return dataclasses.replace(case.with_rungs(failed={about}), asked=None)


def names_complaint(text: str) -> bool:
    """Tell whether `text` speaks of a complaint to the platform, and not of its decision on an application."""
    return any(word in text for word in ("客服", "投诉"))


def _failed_by_words(
    case: Case, intent: str, facts: Knowledge, about: str, text: str, named: FrozenSet[str], failed: FrozenSet[str]
) -> Optional[FrozenSet[str]]:
    """Return the rungs that a typed refusal or silence fails, None where it is the rung asked `about`."""
    if intent == "platform_refused":
        # 「平台没支持」 said twice is no answer of whoever stands above.
        return None if names_complaint(text) else failed or None
    if intent == "no_reply_yet" and not (facts.rungs[about].with_seller and about not in case.climbed):
        return None
    is_applied = "after_sales" in case.climbed | named
    is_first = not {"negotiate"} & (case.failed | set(ladder_of(case, facts)))
    is_asked = case.asked == "after_sales" and intent == "seller_refused"
    answers = is_asked and (is_first or _OF_AN_APPLICATION.found_in(text))
    return frozenset({"after_sales" if is_applied or answers else "negotiate"})


def denies_asked_step(case: Case, text: str, facts: Knowledge) -> bool:
    """Tell whether `text` (normalised) says that the rung last asked about was not taken."""
    return case.asked in find_steps_denied(text, facts)


def without_denied_steps(case: Case, text: str, facts: Knowledge) -> Case:
    """Return the case without the rungs that `text` says were not taken after all (「我还没申请售后」)."""
    denied = find_steps_denied(text, facts)
    undone = {facts.rungs[rung].event for rung in denied}
    dates = {event: day for event, day in case.dates.items() if event not in undone}
    return dataclasses.replace(case, climbed=case.climbed - denied, failed=case.failed - denied, dates=dates)


def is_news(text: str, case: Case, reading: Reading) -> bool:
    """Tell whether a message taken for a question reports a step of the case instead ("我已经打了12315")."""
    return bool(case.situation and reading.climbed - case.climbed and not is_asking(text))


def find_news(text: str) -> Optional[str]:
    """Return the news (`seller_refused`, `no_reply_yet`) that `text` (normalised) tells in plain words, None if none.

    For messages that the classifier made nothing of: 「刚看到,被商家拒了」, 「商家还是没处理」.
    """
    if is_asking(text):
        return None
    if _SILENCE.found_in(text):
        return "no_reply_yet"
    return "seller_refused" if _SAYS_NO.found_in(text) else None


def situation_of_refusal(intent: str, text: str, facts: Knowledge) -> Optional[str]:
    """Return the situation that a refusal or silence told out of the blue opens, or None."""
    outcome = "seller_refused" if intent not in WAS_REFUSED and _REFUSAL.found_in(text) else intent
    opened = facts.situation_opened_by(outcome)
    return opened.id if opened else None
