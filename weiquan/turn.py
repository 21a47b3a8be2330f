"""One turn: a message, the case before it, the answer, the case after it. The same way for every action.

Danger comes first. A number that nobody should send, or a trick, is spoken of
before the answer, whatever else was asked. Then the first handler whose message it is
answers. Requests that name what they want come first; then what is said within
a case, from the surest reading to the least sure; then a new question or
trouble; talk and what was not understood come last.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.case.archive import PastCase
from weiquan.case.case import Case
from weiquan.dialogue.diary import with_diary
from weiquan.dialogue.reports import with_account
from weiquan.handlers import danger, developments, papers, questions, reports, requests, talk, within_case
from weiquan.handlers.context import Context, Handler, Outcome, State, is_question
from weiquan.language.normalisation import normalise
from weiquan.reading.details import Entity
from weiquan.reading.feelings import sympathy
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Reply, read_payload, with_note, with_opening
from weiquan.replies.talk import with_platform, with_platform_note
from weiquan.replies.texts import text_of
from weiquan.replies.told.said_back import with_said_back
from weiquan.replies.urgent import danger_doubt_text, privacy_warning, trick_text

HANDLERS: Tuple[Handler, ...] = (
    danger.danger,
    danger.danger_answered,
    requests.contact,
    papers.paper,
    papers.paper_answer,
    requests.ticks,
    within_case.platform_told,
    within_case.correction,
    requests.show_case,
    requests.start_new_case,
    requests.why,
    developments.development,
    within_case.acknowledgement,
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


_AFTER_LABEL = "。.!?"


@dataclasses.dataclass(frozen=True)
class TurnResult:
    """What to say, and what to keep: the case, the cases put away, the kind of the card shown ("" for none)."""

    bubbles: Tuple[Bubble, ...]
    case: Case
    past: Tuple[PastCase, ...]
    shown: str


def take_turn(message: Message, state: State) -> TurnResult:
    """Return the answer to `message` in a conversation that stands at `state`."""
    message = _as_pressed(message, state)
    context = Context(message, state, Advice(state.case, message.facts, message.today))
    answer = developments.answer(context)
    if answer is not None:
        context = dataclasses.replace(context, message=answer)
    outcome = _handle(context)
    reply = _without_development(outcome.reply, state.case)
    case = with_diary(state.case, with_account(state.case, reply.case, message), context.message)
    reply = Reply(reply.bubbles, case)
    if outcome.past is None and not message.dangers and message.facts.dangers.get(state.case.danger or "") is None:
        reply = with_said_back(reply, state.case, context.advice.of(case))
    # A warning stands before what was taken up.
    reply = _with_platform(_with_what_cannot_wait(reply, context), context)
    shown = next((str(bubble.card["kind"]) for bubble in reply.bubbles if bubble.card), "")
    return TurnResult(reply.bubbles, reply.case, state.past if outcome.past is None else outcome.past, shown)


def _with_platform(reply: Reply, context: Context) -> Reply:
    """Return the reply with a word on the platform where it was bought, when that is told or when a question is asked.

    In danger nothing but the danger is spoken of.
    """
    advice, is_told = context.advice.of(reply.case), reply.case.platform != context.case.platform
    if context.message.dangers or not (is_told or is_question(context.message.intent)):
        return reply
    return with_platform(reply, advice) if is_told else with_platform_note(reply, advice)


def _without_development(reply: Reply, before: Case) -> Reply:
    """Return the reply after which a development, or a correction, of the turn before is asked about no more."""
    case = reply.case
    if case.development is not None and case.development == before.development:
        case = dataclasses.replace(case, development=None)
    if case.correcting is not None and case.correcting == before.correcting:
        case = dataclasses.replace(case, correcting=None)
    return Reply(reply.bubbles, case)


def _as_pressed(message: Message, state: State) -> Message:
    """Return the message as the button whose label it is: 「证据清单」 typed does what the button does.

    The buttons of the turn before go first, then those that are always there.
    """
    label = message.text.rstrip(_AFTER_LABEL)
    offered = {normalise(title).rstrip(_AFTER_LABEL): pressed for title, pressed in state.offered or ()}
    intent, values = read_payload(offered[label]) if label in offered else (message.facts.labels.get(label), {})
    if not intent:
        return message
    entities = tuple(Entity(kind, value, 0, 0) for kind, value in values.items())
    # What the words were read as does not count: a button has none.
    return Message("", message.facts, message.today, intent, 1.0, entities=entities, hidden=message.hidden)


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
