"""Answers to fine questions: the records of `knowledge/answers/`."""

from __future__ import annotations

from typing import List, Optional, Sequence

from weiquan.advice.advice import Advice
from weiquan.facts.answers import Answer
from weiquan.facts.records import Channel, Law
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.texts import text_of
from weiquan.replies.topics import answer_button, beside_step, last_day

MOST_RELATED = 3


def answer_text(answer: Answer, advice: Advice) -> str:
    """Return the answer, what to do, and what it stands on; first the day, where the case gives the one it is about."""
    records = advice.facts.stands_on(answer)
    text = text_of(
        "answer",
        advice,
        answer=answer,
        articles=[record for record in records if isinstance(record, Law)],
        ways=[record for record in records if isinstance(record, Channel)],
    )
    day = last_day(answer.limits, advice)
    return f"{day}\n{text}" if day else text


def answer_reply(answer: Answer, advice: Advice, with_step: bool = False) -> Reply:
    """Answer a fine question; what people ask next, and the way back to the case, are buttons.

    Where the message also told a trouble (`with_step`), its step follows.
    """
    if with_step and advice.is_open:
        return beside_step(Bubble(answer_text(answer, advice)), advice)
    related = [advice.facts.answers[other] for other in answer.related[:MOST_RELATED]]
    buttons = [answer_button(other) for other in related]
    if advice.is_open:
        situation = advice.facts.situations[advice.case.situation or ""]
        buttons.append(Button(f"回到：{situation.name}", payload("ask_next_step")))
    return Reply((Bubble(answer_text(answer, advice), tuple(buttons)),), advice.case)


def which_answer_reply(answers: Sequence[str], topic: Optional[str], advice: Advice) -> Reply:
    """Ask which of `answers` (ids) is meant; the whole `topic`, where there is one, is a choice too."""
    facts = advice.facts
    buttons: List[Button] = [answer_button(facts.answers[name]) for name in answers]
    if topic and topic in facts.topics:
        buttons.append(Button(f"都不是，看「{facts.topics[topic].label}」", payload(topic)))
    else:
        buttons.append(Button("都不是", payload("nlu_fallback")))
    return Reply((Bubble(text_of("which_answer", advice), tuple(buttons)),), advice.case)
