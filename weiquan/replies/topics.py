"""Answers to questions: the topics of `knowledge/topics.yml`, what is known of a number, the last days of a case."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Collection, Dict, Iterable, List, Optional, Sequence

from weiquan.advice.advice import Advice
from weiquan.advice.deadlines import NEAR
from weiquan.advice.due_date import DueDate, due_date, in_words
from weiquan.facts.answers import Answer
from weiquan.facts.dangers import contacts_named
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Channel, Law
from weiquan.reading.contacts import Verdict
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render_parts
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import situation_buttons
from weiquan.replies.steps import followup, step_bubble, words_for
from weiquan.replies.texts import due_lines, fitted_text, text_of

MOST_FINE = 3
"""Fine questions that are offered below the answer to their topic."""


def topic_reply(topic: str, advice: Advice, with_step: bool, near: Sequence[str] = ()) -> Reply:
    """Answer the question `topic`; where the message also told a trouble (`with_step`), the step follows.

    Below it are fine questions to tap, those that may be meant (`near`, ids) first.
    A template of two parts gives two bubbles, or its first part where the step follows.
    Raises `KeyError` for an unknown topic.
    """
    facts = advice.facts
    general = next((answer for answer in facts.answers.values() if answer.elsewhere), None)
    if advice.elsewhere and facts.topics[topic].own_platform and general:
        return answer_reply(general, advice, with_step)
    label = facts.topics[topic].label
    situation = advice.situation if advice.is_open else None
    parts, notes = render_parts(f"topics/{topic}", facts, advice.today, situation=situation, **_step_values(advice))
    if with_step and situation:
        return _beside_step(Bubble(parts[0] + notes), advice)
    of_topic = [answer.id for answer in facts.answers.values() if answer.topic == topic]
    fine = [_answer_button(facts.answers[name]) for name in dict.fromkeys([*near, *of_topic])]
    buttons: List[Button] = [*fine[:MOST_FINE], *situation_buttons(facts)]
    if situation:
        buttons = [*_back_to_case(advice), *fine[:MOST_FINE]]
    # A question still open is put again below: of two parts there is room for the first.
    *before, last = parts[:1] if advice.case.question else parts
    called = facts.topics[topic].contacts
    card = cards.contacts_card(called, facts, label) if called else None
    bubbles = (*(Bubble(part) for part in before), Bubble(last + notes, tuple(buttons), card=card))
    return Reply(bubbles, advice.case)


def _beside_step(answer: Bubble, advice: Advice) -> Reply:
    """Return the answer to a question with the step for the trouble that was told with it, the urgent one first."""
    (second,), asked = followup(advice, asks_steps=True)
    steps = _step_and_question(advice, second)
    return Reply((steps, answer) if advice.is_urgent else (answer, steps), asked)


def _answer_button(answer: Answer) -> Button:
    return Button(answer.title, payload(answer.topic, answer_id=answer.id))


def _back_to_case(advice: Advice) -> List[Button]:
    """Return the way back to the case, where one is open."""
    return [Button(f"回到：{advice.situation.name}", payload("ask_next_step"))] if advice.is_open else []


def topic_limit(topic: str, advice: Advice) -> Optional[str]:
    """Return the line with the last day that the question `topic` is about, where the days told give one.

    It needs no trouble: 「11月20号他们签收了我退的货，最迟哪天退钱」.
    """
    known = advice.facts.topics.get(topic)
    return _last_day(known.limits if known else (), advice)


def told_limit(events: Collection[str], advice: Advice) -> Optional[str]:
    """Return the line with the last day that runs from one of `events`, just told, else the most pressing of the case.

    For a question that asks for a day, whatever its topic: 「退货最晚到几号」.
    """
    facts = advice.facts
    told = [limit.id for limit in facts.deadlines.values() if limit.starts in events and not limit.replaces]
    pressing = [due.deadline.id for due in advice.due_dates]
    return _last_day([*told, *pressing], advice)


def _last_days(limits: Iterable[str], advice: Advice) -> List[str]:
    """Return the line with the last day of the first of `limits` that runs, and those of the same remedy beside it.

    Faulty goods may go back within the days of a return without a reason, and within those for a fault.
    """
    first = _first_running(limits, advice)
    if first is None:
        return []
    alike = set(first.deadline.remedies)
    beside = [
        due
        for due in advice.due_dates
        if due.deadline.id != first.deadline.id and due.is_open and alike.intersection(due.deadline.remedies)
    ]
    return [in_words(due, advice.facts, advice.today) for due in (first, *beside[:1])]


def _last_day(limits: Iterable[str], advice: Advice) -> Optional[str]:
    """Return the line with the last day of the first of `limits` (ids) that still runs in this case, None for none."""
    last = _first_running(limits, advice)
    return in_words(last, advice.facts, advice.today) if last else None


def _first_running(limits: Iterable[str], advice: Advice) -> Optional[DueDate]:
    due_dates = (due_date(limit, advice.case, advice.facts, advice.today) for limit in limits)
    return next((due for due in due_dates if due and due.ends and not due.closed), None)


def _step_and_question(advice: Advice, question: Bubble, room: int = MAX_BUBBLE) -> Bubble:
    """Return the step with the question at its end, for there are only two bubbles; it then has no card to hide it."""
    step = step_bubble(advice, room - len(question.text) - 1)
    if len(step.text) + len(question.text) >= room:
        # What cannot be shortened stands by itself: buttons without their question would answer nothing.
        return step
    text = f"{step.text}\n{question.text}"
    return Bubble(text, question.buttons, within=lambda less: _step_and_question(advice, question, less))


def _step_values(advice: Advice) -> Dict[str, Any]:
    """Return what a template may say of the case: its next rung, what to do and to send there."""
    if not advice.is_open:
        return {"rung": None, "move": "", "words": "", "to_seller": True}
    rung = advice.step.rung
    return {"rung": rung, "move": advice.move, "words": words_for(advice), "to_seller": rung.id == "negotiate"}


def contact_reply(verdicts: Sequence[Verdict], advice: Advice) -> Reply:
    """Say what is known of numbers and sites."""
    return Reply((Bubble(text_of("verdict", advice, verdicts=verdicts)),), advice.case)


def dates_reply(advice: Advice, calendar_url: Callable[[], str]) -> Optional[Reply]:
    """Return the last days of this case, None where none can be worked out.

    `calendar_url` makes the address of the calendar file, asked for only where a day is still to come.
    """
    near = [due for due in advice.due_dates if due.days_left is None or abs(due.days_left) <= NEAR]
    if not near:
        # A limit years away is no answer to 「最晚哪天」.
        return None
    mine = [due for due in near if due.is_open and due.is_the_shoppers]
    ordered = [*mine[:1], *(due for due in near if due not in mine[:1])]
    lines = due_lines(ordered, advice)
    calendar = calendar_url() if any(due.is_open for due in advice.due_dates) else None
    text, shown = fitted_text(
        "dates",
        advice,
        {"lines": lines, "calendar": calendar, "is_first_to_act_on": bool(mine) and len(lines) > 1},
        ({"lines": lines[:4]}, {"lines": lines[:3]}, {"lines": lines[:2]}, {"lines": lines[:1]}),
    )
    card = cards.dates_card([cards.due_part(due, line) for due, line in shown["lines"]], calendar)
    (second,), asked = followup(advice, with_others=False)
    return Reply((Bubble(text, card=card), second), asked)


def answer_words(answer: Answer, facts: Knowledge) -> str:
    """Return the answer and what to do, with the numbers that they name and when these are served."""
    return answer.filled(facts.contacts)


def answer_text(answer: Answer, advice: Advice) -> str:
    """Return the answer, what to do, and what it stands on; first the day, where the case gives the one it is about."""
    records = advice.facts.stands_on(answer)
    text = text_of(
        "answer",
        advice,
        answer=answer,
        words=answer_words(answer, advice.facts),
        articles=[record for record in records if isinstance(record, Law)],
        ways=[record for record in records if isinstance(record, Channel)],
    )
    days = "\n".join(_last_days(answer.limits, advice))
    return f"{days}\n{text}" if days else text


def answer_reply(
    answer: Answer, advice: Advice, with_step: bool = False, near: Sequence[str] = (), besides: Sequence[str] = ()
) -> Reply:
    """Answer a fine question; what may be meant instead (`near`, ids), what people ask next, and the case are buttons.

    Where the message also told a trouble (`with_step`), its step follows. Where it asked a second
    question (`besides`, ids), its answer follows, or is a button below the step.
    """
    more = [advice.facts.answers[other] for other in besides]
    answer = advice.facts.as_elsewhere(answer) if advice.elsewhere else answer
    if with_step and advice.is_open:
        return _with_buttons(_beside_step(Bubble(answer_text(answer, advice)), advice), more)
    if more:
        first = Bubble(answer_text(answer, advice))
        second = answer_reply(more[0], advice, near=(*(other.id for other in more[1:]), *near))
        return Reply((first, *second.bubbles), advice.case)
    others = dict.fromkeys([*near, *answer.related])
    buttons = [*(_answer_button(advice.facts.answers[other]) for other in others), *_back_to_case(advice)]
    called = sorted(contacts_named(answer.text)) if advice.facts.topics[answer.topic].contacts else []
    card = cards.contacts_card(called, advice.facts, answer.title) if called else None
    return Reply((Bubble(answer_text(answer, advice), tuple(buttons), card=card),), advice.case)


def _with_buttons(reply: Reply, answers: Sequence[Answer]) -> Reply:
    """Return the reply with `answers` to tap below it."""
    *before, last = reply.bubbles
    buttons = (*last.buttons, *(_answer_button(answer) for answer in answers))
    return Reply((*before, dataclasses.replace(last, buttons=buttons)), reply.case)


def which_answer_reply(answers: Sequence[str], topic: str, advice: Advice) -> Reply:
    """Ask which of `answers` (ids) is meant; their `topic` is a choice too. Raises `KeyError` for an unknown topic."""
    facts = advice.facts
    buttons: List[Button] = [_answer_button(facts.answers[name]) for name in answers]
    buttons.append(Button(f"都不是，看「{facts.topics[topic].label}」", payload(topic)))
    return Reply((Bubble(text_of("which_answer", advice), tuple(buttons)),), advice.case)
