"""One turn: a message, the case before it, the answer, the case after it. The same way for every action.

Danger comes first. A number that nobody should send, or a trick, is spoken of
before the answer, whatever else was asked. Then the first handler whose message it is
answers. Requests that name what they want come first; then what is said within
a case, from the surest reading to the least sure; then a new question or
trouble; talk and what was not understood come last.
"""

from __future__ import annotations

import dataclasses
from typing import Mapping, Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.case.archive import PastCase
from weiquan.case.case import Case
from weiquan.dialogue.reports import with_account
from weiquan.handlers import danger, developments, papers, questions, reports, requests, talk, within_case
from weiquan.handlers.context import Context, Handler, Outcome, State
from weiquan.reading.feelings import sympathy
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Reply, with_note, with_opening
from weiquan.replies.buttons import DETAIL_TOPICS, NEXT_STEP
from weiquan.replies.texts import text_of
from weiquan.replies.urgent import danger_doubt_text, privacy_warning, trick_text

HANDLERS: Tuple[Handler, ...] = (
    danger.danger,
    danger.danger_answered,
    requests.contact,
    papers.paper,
    papers.paper_answer,
    requests.ticks,
    within_case.correction,
    requests.show_case,
    requests.start_new_case,
    requests.why,
    developments.development,
    within_case.open_question,
    within_case.news,
    within_case.news_in_words,
    within_case.in_passing,
    questions.question,
    reports.report,
    talk.talk,
    questions.fine_question,
    talk.decline,
)
"""In the order in which they are asked; `talk.clarify` answers what none of them takes."""


LABELS: Mapping[str, str] = {**{title: topic for topic, title in DETAIL_TOPICS}, NEXT_STEP.title: "ask_next_step"}
"""The labels of the buttons that are always there, and the intents that they stand for."""


@dataclasses.dataclass(frozen=True)
class TurnResult:
    """What to say, and what to keep: the case, the cases put away, the kind of the card shown ("" for none)."""

    bubbles: Tuple[Bubble, ...]
    case: Case
    past: Tuple[PastCase, ...]
    shown: str


def take_turn(message: Message, state: State) -> TurnResult:
    """Return the answer to `message` in a conversation that stands at `state`."""
    message = _as_pressed(message)
    context = Context(message, state, Advice(state.case, message.facts, message.today))
    answer = developments.answer(context)
    if answer is not None:
        context = dataclasses.replace(context, message=answer)
    outcome = _handle(context)
    reply = _without_development(_with_what_cannot_wait(outcome.reply, context), state.case)
    reply = Reply(reply.bubbles, with_account(state.case, reply.case, message))
    shown = next((str(bubble.card["kind"]) for bubble in reply.bubbles if bubble.card), "")
    return TurnResult(reply.bubbles, reply.case, state.past if outcome.past is None else outcome.past, shown)


def _without_development(reply: Reply, before: Case) -> Reply:
    """Return the reply after which a development of the turn before is asked about no more."""
    if reply.case.development is None or reply.case.development != before.development:
        return reply
    return Reply(reply.bubbles, dataclasses.replace(reply.case, development=None))


def _as_pressed(message: Message) -> Message:
    """Return the message as the button whose label it is: 「证据清单」 typed does what the button does."""
    intent = LABELS.get(message.text.rstrip("。.!?"))
    return dataclasses.replace(message, text="", intent=intent, entities=()) if intent else message


def _handle(context: Context) -> Outcome:
    for handler in HANDLERS:
        outcome = handler(context)
        if outcome is not None:
            return outcome
    return talk.clarify(context)


def _with_what_cannot_wait(reply: Reply, context: Context) -> Reply:
    """Return the reply with a warning before it, or with a word of sympathy; and what was not read of it."""
    message, (bubbles, case) = context.message, reply
    first = _warning(context)
    if message.dangers:
        # Nothing stands before a danger; what else must be said is a line below it.
        return Reply(with_note(bubbles, first), case) if first else reply
    line = _danger_in_doubt(context, case)
    if first:
        first = f"{first}\n{line}" if line else first
        bubbles, case = _beside(reply, is_bare=message.is_bare_number)
    elif line:
        bubbles = with_opening(bubbles, line)
    elif message.feeling and not context.is_announced:
        bubbles = with_opening(bubbles, sympathy(message.feeling, case.situation, message.text))
    if message.is_cut and not context.is_announced:
        bubbles = with_note(bubbles, text_of("cut", context.advice))
    return Reply((Bubble(first), *bubbles) if first else bubbles, case)


def _danger_in_doubt(context: Context, case: Case) -> Optional[str]:
    """Return what to do for somebody who may be in danger, None where that was said or is no question."""
    dangers = context.facts.dangers
    going_on = dangers.get(case.danger or "")
    if going_on:
        return danger_doubt_text(going_on, context.advice) if going_on.lasting and not _is_met(context) else None
    danger = dangers.get(next(iter(context.message.possible_dangers), ""))
    return danger_doubt_text(danger, context.advice) if danger else None


def _is_met(context: Context) -> bool:
    """Tell whether the answer itself speaks of the danger that goes on."""
    return context.message.intent in danger.NOT_DONE or bool(context.message.dangers)


def _warning(context: Context) -> Optional[str]:
    message, advice = context.message, context.advice
    if message.hidden:
        return privacy_warning(message.hidden, advice)
    if message.scam and not message.scam.alarm:
        return trick_text(message.scam, advice)
    return None


def _beside(reply: Reply, is_bare: bool) -> Reply:
    """Return the one bubble for which there is room beside a warning, and the case.

    Of a message that held nothing but a number (`is_bare`) that is the question
    it came in answer to. A question that finds no room is put again later.
    """
    bubbles, case = reply
    if len(bubbles) == 1 or is_bare:
        return Reply(bubbles[-1:], case)
    asks = bubbles[-1].asks
    buttons = () if asks else bubbles[-1].buttons
    case = dataclasses.replace(case, question=None) if asks else case
    return Reply((dataclasses.replace(bubbles[0], buttons=buttons),), case)
