"""Quick replies: the answers to the questions that the bot asks, and the ways on."""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Optional, Sequence

from weiquan.case.case import Case
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.quick_replies import BACK, NEXT_PAPER, NO_CASE, STEP, QuickReply, title_of
from weiquan.facts.situations import Rung, Situation
from weiquan.replies.bubbles import Button, Reply, payload

MOST_BUTTONS = 12
"""Quick replies under one bubble."""


def progress_buttons(rung: Rung, waiting: bool = False, in_variant: bool = False, denied: bool = False) -> List[Button]:
    """Return the quick replies to "have you taken this rung?", or to "has it led to anything?".

    Where "not yet" was just said (`denied`), it is not offered again.
    """
    buttons = [] if denied else [Button("还在等" if waiting else rung.not_yet, payload("deny"))]
    if rung.harm_done and not waiting and not in_variant:
        for harm in rung.harm_done:
            buttons.append(Button(harm.title, payload(harm.tells, situation=harm.situation, variant=harm.variant)))
    elif rung.done and not waiting:
        buttons.append(Button(rung.done, payload("step_done")))
    return [*buttons, *(Button(outcome.title, payload(outcome.tells)) for outcome in rung.outcomes)]


def question_buttons(question: Question, today: datetime.date) -> List[Button]:
    """Return the answers offered to a question of the interview, and the ways round it."""
    answers = [Button(choice.title, payload("inform", answer=choice.value)) for choice in question.offered(today)]
    return [*answers, *ways_round()]


def ways_round() -> List[Button]:
    """Return the quick replies of somebody who does not know, or would rather not say."""
    return [Button("不清楚", payload("dont_know")), Button("跳过", payload("skip"))]


def quick_replies(place: str, facts: Knowledge) -> List[Button]:
    """Return the buttons of a `place` of `knowledge/buttons.yml`."""
    return [_quick_reply(button, facts) for button in facts.buttons_at(place)]


def _quick_reply(button: QuickReply, facts: Knowledge) -> Button:
    title = title_of(button, vars(facts))
    if button.situation:
        return _situation_button(facts.situations[button.situation], title)
    if button.topic:
        return Button(title, payload(button.topic))
    return Button(title, paper_payload("" if button.paper == NEXT_PAPER else str(button.paper)))


def situation_buttons(facts: Knowledge) -> List[Button]:
    """Return the commonest situations, for somebody who has not told theirs."""
    return quick_replies(NO_CASE, facts)


def likely_buttons(situations: Sequence[str], facts: Knowledge) -> List[Button]:
    """Return a button for each of `situations` (ids)."""
    return [_situation_button(facts.situations[name]) for name in situations]


def instead_buttons(case: Case, situations: Sequence[str], facts: Knowledge) -> List[Button]:
    """Return buttons that put right what trouble the case is about: one of `situations` instead of its own."""
    found = [facts.situations[name] for name in situations]
    return [
        Button(
            f"不是，是「{situation.name}」",
            payload(situation.intent, situation=situation.id, instead_of=str(case.situation)),
        )
        for situation in found
    ]


def with_near(reply: Reply, situations: Sequence[str], facts: Knowledge) -> Reply:
    """Return the reply to a trouble just told, with buttons for the `situations` that it might be instead."""
    *before, last = reply.bubbles
    named = {reply.case.situation, *reply.case.others}
    near = instead_buttons(reply.case, [name for name in situations if name not in named], facts)
    buttons = (*last.buttons[: MOST_BUTTONS - len(near)], *near)
    return Reply((*before, dataclasses.replace(last, buttons=buttons)), reply.case)


def other_buttons(case: Case, facts: Knowledge) -> List[Button]:
    """Return buttons for what else was noticed."""
    known = [facts.situations[other] for other in case.others[:2] if other in facts.situations]
    return [_situation_button(situation, f"处理：{situation.name}") for situation in known]


def _situation_button(situation: Situation, title: str = "") -> Button:
    return Button(title or situation.name, payload(situation.intent, situation=situation.id))


def detail_buttons(facts: Knowledge, offers_words: bool = True) -> List[Button]:
    """Return buttons for what the first bubble leaves out; `offers_words` with the one for the words to the seller."""
    return [button for button in quick_replies(STEP, facts) if offers_words or button.payload != TALK_TO_SELLER]


def back_button(facts: Knowledge) -> Button:
    """Return the way back to the case."""
    return quick_replies(BACK, facts)[0]


SELLER_MESSAGE = "seller_message"

TALK_TO_SELLER = payload("ask_talk_to_seller")


def paper_payload(paper: str, tone: Optional[str] = None) -> str:
    """Return the payload that asks for a paper, "" being that of the next rung."""
    if not paper:
        return payload("request_document")
    return payload("request_document", paper=paper, **({"tone": tone} if tone else {}))
