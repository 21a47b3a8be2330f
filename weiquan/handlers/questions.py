"""A shopper asks for information, within a case or before one."""

from __future__ import annotations

import dataclasses
from typing import Optional

from weiquan.advice.advice import Advice
from weiquan.advice.next_question import date_question
from weiquan.dialogue.news import denies_asked_step, is_news
from weiquan.dialogue.reports import take_report
from weiquan.handlers.context import HUMAN, Context, Outcome, is_question
from weiquan.papers.addresses import CALENDAR
from weiquan.reading.requests import asks_for_day, is_asking
from weiquan.replies.bubbles import Reply, with_opening
from weiquan.replies.buttons import MOST_BUTTONS, likely_buttons
from weiquan.replies.checklist import evidence_reply
from weiquan.replies.estimate import estimate_reply
from weiquan.replies.steps import how_to_reply, progress_reply
from weiquan.replies.topics import answer_reply, dates_reply, told_limit, topic_limit, topic_reply, which_answer_reply

SAME_QUESTION = {HUMAN: "ask_human_agent"}


def question(context: Context) -> Optional[Outcome]:
    """Answer a question; where the message also tells a trouble, its step follows."""
    message, before, facts = context.message, context.case, context.facts
    if not is_question(message.intent):
        return None
    reading, asks = message.reading, is_asking(message.text)
    is_new = bool(reading.situation) and reading.situation != before.situation
    case = take_report(before, reading, facts) if is_new or is_news(message.text, before, reading) else before
    case = context.with_details(case)
    # 「投诉了没用」 is no other trouble but news of the case at hand.
    is_new = is_new and case.situation != before.situation
    if message.intent == "ask_deadline" and case.situation and case.question is None:
        # Without a day nothing can be worked out: it is asked for, and the usual limits are told meanwhile.
        wanted = date_question(case, facts)
        case = dataclasses.replace(case, question=wanted.id if wanted else None)
    advice = context.advice.of(case)
    moved = (case.climbed, case.failed) != (before.climbed, before.failed)
    if moved and not is_new and not asks:
        return Outcome(progress_reply(advice))
    if not is_new and not asks and denies_asked_step(before, message.text, facts):
        return Outcome(how_to_reply(advice))
    fine = message.fine_question
    worked_out = None if is_new else _for_this_case(message.intent, context, advice)
    if fine.asked and worked_out is None:
        answer = answer_reply(facts.answers[fine.asked], advice, is_new, fine.near, fine.besides)
        answer = answer if advice.is_open else _with_likely_troubles(answer, context)
        return Outcome(answer if context.is_announced else context.with_open_question(answer))
    topic = SAME_QUESTION.get(message.intent, message.intent)
    reply = worked_out
    if reply is None and fine.is_doubtful and not is_new:
        return Outcome(which_answer_reply(fine.near, topic, advice))
    reply = reply or topic_reply(topic, advice, is_new, fine.near)
    if not advice.is_open:
        reply = _with_likely_troubles(reply, context)
    last_day = topic_limit(message.intent, advice)
    if not last_day and asks_for_day(message.text, facts):
        # Where no trouble is told, no limit presses more than another.
        events = message.details.dates or ({} if advice.is_open else advice.case.dates)
        last_day = told_limit(events, advice)
    if last_day and (reply.bubbles[0].card or {}).get("kind") != "dates":
        reply = Reply(with_opening(reply.bubbles, last_day), reply.case)
    # After 「我这边没有真人坐席」 there is no room for it.
    return Outcome(reply if context.is_announced else context.with_open_question(reply))


def fine_question(context: Context) -> Optional[Outcome]:
    """Answer a fine question in a message that was taken for something else or for nothing."""
    asked = context.message.question_besides
    if asked is None:
        return None
    return Outcome(context.with_open_question(answer_reply(context.facts.answers[asked], context.advice)))


def _with_likely_troubles(reply: Reply, context: Context) -> Reply:
    """Return the reply with the troubles that the question may hide as its first buttons."""
    *before, last = reply.bubbles
    likely = likely_buttons(context.message.likely_troubles, context.facts)
    buttons = tuple(dict.fromkeys([*likely, *last.buttons]))[:MOST_BUTTONS]
    return Reply((*before, dataclasses.replace(last, buttons=buttons)), reply.case)


def _for_this_case(intent: str, context: Context, advice: Advice) -> Optional[Reply]:
    """Return the answer worked out for the case at hand, None where only the general one can be given."""
    if advice.case.situation is None:
        return None
    if intent == "ask_deadline":
        return dates_reply(advice, lambda: context.paper_url(CALENDAR))
    if intent == "ask_evidence":
        return evidence_reply(advice)
    if intent == "ask_compensation":
        return estimate_reply(advice)
    return None
