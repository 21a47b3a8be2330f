"""What an answer does: it settles the open question of the interview."""

from __future__ import annotations

import dataclasses
from typing import Iterable, Optional, Sequence

from weiquan.advice.next_question import find_question, may_not_have_happened, with_value
from weiquan.case.case import Case
from weiquan.dialogue.news import WAS_REFUSED
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.language.clauses import split
from weiquan.language.endings import beginnings
from weiquan.language.identifiers import ORDER, PHONE, TRACKING
from weiquan.language.normalisation import normalise
from weiquan.language.phrases import compiled
from weiquan.reading.details import Details, Entity, add_details
from weiquan.reading.prices import bare_amount

_BEFORE = (
    *(f"{yes}{particle}{mark}" for yes in ("对", "嗯", "是") for particle in ("的", "啊", "呀", "") for mark in ",，"),
    *("好像", "应该", "大概", "可能", "似乎", "貌似", "记得", "我记得", "我看", "我", "那个", "那", "就", "都"),
    *("商品页面", "商品页面上", "商品页", "商品页上", "页面", "页面上", "上面", "商家", "客服", ",", "，", " "),
)
"""Before the word that answers: 「好像有」, 「对，没写」."""

_MOST_BEFORE = 8

_YES = (
    *("没错", "是", "对", "有", "嗯", "确实", "当然", "肯定", "写了", "写着", "写的", "写明", "标了", "标着", "标明"),
    *("答应", "承诺", "说过", "说了", "带了", "带着", "带的"),
)
_NO = ("不", "没", "无", "否", "未", "哪有", "是没", "是不")
_NEITHER = (
    *("是不是", "是否", "是谁", "是什么", "对了", "对方", "对不起", "对商家"),
    *("有没有", "有什么", "有点", "有人吗", "有人说"),
)
_ANSWERS = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False), **dict.fromkeys(_NEITHER)}
"""What an answer begins with, and whether it is a yes; the longest counts: 没错 is a yes, 是不是 neither."""

_NEWS = (
    *(f"不{verb}" for verb in "理退给发赔换回管行肯让"),
    *("不同意退", "不同意换", "不同意赔"),
    *(f"没{verb}" for verb in "用回退发办解兑收"),
    *("没人理", "没人回", "没人管"),
)
"""News of the case, whatever was asked: 「没回」, 「不给退」."""

_SOME_TIME = ("几天", "很久", "好久", "老早", "早就", "前段时间", "前阵子")

_NUMBERS = frozenset({ORDER, TRACKING, PHONE})
"""Entities that are a number and no amount."""

_PAID_IN_PART = ("定金", "订金", "预付", "扣")
"""What an amount may be called that is no price and yet answers what was paid."""

_PLAIN_ANSWERS = frozenset(
    (
        *(f"{yes}{particle}" for yes in ("是", "对", "有", "嗯", "嗯嗯", "写") for particle in ("的", "了", "")),
        *("没", "没有", "没写", "没有写", "不", "不是", "不的", "不是的", "没错"),
    )
)
"""What may begin a longer answer: 「没写，我又看了一遍」."""

_BEFORE_ASIDE = (
    *("我", "这", "这个", "那", "那个", "真", "真的", "也", "就", "先", "都", "早", "实在", "确实", "具体"),
    *("啊", "额", "呃", ",", "，", " "),
)
_ASIDE = compiled(
    (
        "不+太/大/怎么/是很/很/-+清楚/知道/记得/确定/晓得/了解",
        "忘了/忘记/记不/没注意/没留意/没印象/想不起/说不准/说不清/说不好/说不上",
        "算了/跳过/略过/不说/不告诉/下一个/下一题/随便/无所谓/都行/都可以",
        "不+想/方便/愿意/愿/便+说/讲/透露/回答",
    ),
    {},
)
"""Neither yes nor no: not known, or not to be told."""

_QUESTION = ("?", "？", "吗", "怎么", "咋", "如何")

_SHORT = 16
"""Characters up to which a message is an answer rather than a story."""


def take_answer(
    case: Case,
    intent: str,
    text: str,
    details: Details,
    entities: Sequence[Entity],
    facts: Knowledge,
) -> Optional[Case]:
    """Return the case after an answer to its open question, None where the message is no answer to it.

    A pressed button of the question brings the value as an entity and no `text`.
    """
    question = find_question(case.question, facts)
    if question is None:
        return None
    if _puts_aside(intent, text) and details.is_empty:
        return settled(case, question)
    pressed = next((str(entity.value) for entity in entities if entity.kind == "answer"), None)
    if pressed is not None:
        return settled(with_value(question, case, pressed), question)
    if not text:
        return None  # a button of another question: "not yet" there is no answer here
    answered = _typed_answer(question, case, intent, text, details, entities)
    return settled(answered, question) if answered is not None else None


def settled(case: Case, question: Question) -> Case:
    """Return the case with `question` put and closed."""
    put = tuple(other for other in case.put if other != question.id)
    return dataclasses.replace(case, question=None, put=(*put, question.id))


def _puts_aside(intent: str, text: str) -> bool:
    """Tell whether a message says that its writer does not know, or does not want to say."""
    if len(text) > _SHORT or _holds(text, _QUESTION):
        return False
    begins = beginnings(text, _BEFORE_ASIDE, _MOST_BEFORE)
    return intent in {"skip", "dont_know"} or any(start in begins for start, _ in _ASIDE.spans(text))


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _typed_answer(
    question: Question, case: Case, intent: str, text: str, details: Details, entities: Sequence[Entity]
) -> Optional[Case]:
    updated = add_details(case, details)
    if question.kind == "date":
        return _day_answer(question, case, intent, text, details, entities)
    titles = {normalise(option["title"]): str(option["value"]) for option in question.options}
    written_out = titles.get(text.rstrip("。"))
    if written_out:
        return with_value(question, updated, written_out)
    if question.kind == "amount":
        yuan = details.amount if details.amount is not None else bare_amount(text)
        if yuan is None and len(text) <= _SHORT and _holds(text, _PAID_IN_PART):
            yuan = next((float(entity.value) for entity in entities if entity.kind == "amount" and entity.value), None)
        is_number_of_something = any(entity.kind in _NUMBERS for entity in entities)
        return dataclasses.replace(updated, amount=yuan) if yuan and not is_number_of_something else None
    if question.kind == "stage":
        return updated if details.stage else None
    if question.kind == "remedy":
        return updated if details.remedy else None
    return yes_or_no(question, updated, intent, text)


def _day_answer(
    question: Question, case: Case, intent: str, text: str, details: Details, entities: Sequence[Entity]
) -> Optional[Case]:
    """Return the case after an answer to "on which day?".

    "Last month" tells no day that a limit could be counted from: it settles
    the question and nothing else.
    """
    updated, is_short = add_details(case, details), len(text) <= _SHORT
    if question.event in details.dates:
        return updated
    if details.dates:
        return None
    if details.bare_dates and is_short:
        return with_value(question, updated, details.bare_dates[0].isoformat())
    if question.not_yet:
        is_about_goods = question.event == "received" and details.stage in {"unshipped", "shipped"}
        # 「12315 没解决」 is a no as well, and says nothing of the goods.
        is_plain_no = is_short and intent == "deny" and not _holds(text, _NEWS)
        is_waited_for = details.stage == "shipped" or (is_short and details.future)
        if is_about_goods or is_waited_for or (is_plain_no and may_not_have_happened(question, updated)):
            return dataclasses.replace(updated, stage=details.stage if is_about_goods else question.not_yet["stage"])
        if is_plain_no:
            return updated  # shoes that were worn have come: 「没有」 tells no day, and not that they are on their way
    tells_some_time = any(entity.kind in {"date", "duration"} for entity in entities) or _holds(text, _SOME_TIME)
    return updated if is_short and tells_some_time and not details.future else None


def yes_or_no(question: Question, case: Case, intent: str, text: str) -> Optional[Case]:
    """Return the case with the yes or no that `text` says to `question`, None where it says neither."""
    says_yes = _says_yes(intent, text)
    if says_yes is None:
        return None
    return dataclasses.replace(case, circumstances={**case.circumstances, question.event: says_yes})


def _plain_beginning(text: str) -> str:
    """Return the first clause of `text` where it is a plain answer by itself, else ""."""
    first = next(split(text), None)
    return first.text if first and first.text in _PLAIN_ANSWERS else ""


def _says_yes(intent: str, text: str) -> Optional[bool]:
    """Tell whether a message says yes, None where it says neither; its words go before `intent`."""
    if intent in WAS_REFUSED or _holds(text, _QUESTION):
        return None
    words = text if len(text) <= _SHORT else _plain_beginning(text)
    words = words[max(beginnings(words, _BEFORE, _MOST_BEFORE)) :] or words
    if words.removeprefix("是").startswith(_NEWS):
        return None
    begins = max(filter(words.startswith, _ANSWERS), key=len, default=None)
    return _ANSWERS[begins] if begins else {"affirm": True, "deny": False}.get(intent)
