"""Quick replies: the answers to the questions that the bot asks, and the ways on."""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Optional, Sequence, Tuple

from weiquan.case.case import Case
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Rung, Situation
from weiquan.replies.bubbles import Button, Reply, payload

DETAIL_TOPICS: Tuple[Tuple[str, str], ...] = (
    ("ask_talk_to_seller", "要说的话"),
    ("ask_evidence", "证据清单"),
    ("ask_deadline", "时限"),
    ("ask_phone", "电话"),
    ("ask_compensation", "赔偿和法条"),
)

MOST_BUTTONS = 12
"""Quick replies under one bubble."""

COMMON_SITUATIONS = (
    "quality_problem",
    "seller_ignoring",
    "refund_refused",
    "not_shipped",
    "counterfeit",
    "bad_service",
)


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


def situation_buttons(facts: Knowledge) -> List[Button]:
    """Return the commonest situations, for somebody who has not told theirs."""
    return [_situation_button(facts.situations[common]) for common in COMMON_SITUATIONS]


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


def detail_buttons() -> List[Button]:
    """Return buttons for what the first bubble leaves out."""
    return [Button(title, payload(topic)) for topic, title in DETAIL_TOPICS]


SELLER_MESSAGE = "seller_message"

NEXT_STEP = Button("下一步", payload("ask_next_step"))


TALK_TO_SELLER = payload("ask_talk_to_seller")


def paper_payload(paper: str, tone: Optional[str] = None) -> str:
    """Return the payload that asks for a paper, "" being that of the next rung."""
    if not paper:
        return payload("request_document")
    return payload("request_document", paper=paper, **({"tone": tone} if tone else {}))
