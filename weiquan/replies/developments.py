"""Answers to what the other side offers, wants or does."""

from __future__ import annotations

import re
from typing import Optional

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import circumstance_told
from weiquan.advice.due_date import day_in_words
from weiquan.advice.views import fill
from weiquan.facts.situations import Development
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.texts import text_of

AT_FAULT = "goods_at_fault"

_DAYS = re.compile(r"P(\d{1,2})D")


def development_reply(development: Development, message: Message, advice: Advice) -> Reply:
    """Say what to do about `development`, by when where the `message` tells, and ask how the shopper answers."""
    is_at_fault = bool(development.at_fault and circumstance_told(AT_FAULT, advice.case, advice.facts))
    words = str(development.at_fault) if is_at_fault else development.say
    text = text_of(
        "development",
        advice,
        words=fill(words, advice.situation),
        cited=development.law_at_fault if is_at_fault else development.law,
        last_day=_last_day(development, message),
    )
    buttons = tuple(Button(answer.title, payload(answer.tells)) for answer in development.answers)
    return Reply((Bubble(text), Bubble(development.question, buttons)), advice.case)


def development_doubt_reply(development: Development, advice: Advice) -> Reply:
    """Ask whether `development` is what the shopper means."""
    yes = Button("是这样", payload("inform", development=development.id))
    no = Button("不是", payload("inform"))
    return Reply((Bubble(text_of("development_doubt", advice, meant=development.name), (yes, no)),), advice.case)


def _last_day(development: Development, message: Message) -> Optional[str]:
    lengths = [_DAYS.fullmatch(str(entity.value)) for entity in message.entities if entity.kind == "duration"]
    days = [int(length[1]) for length in lengths if length]
    if not development.has_last_day or len(days) != 1:
        return None
    return day_in_words(message.today + relativedelta(days=days[0]), message.today)
