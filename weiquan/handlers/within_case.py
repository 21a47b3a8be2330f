"""What is said within a case: a correction, an answer to the open question, news, something told in passing."""

from __future__ import annotations

from typing import AbstractSet, Optional

from weiquan.case.case import ANYTHING
from weiquan.case.events import EVENTS, SUMS
from weiquan.dialogue.corrections import correct, is_correcting
from weiquan.dialogue.fields import PLAIN_FIELDS, take_field, with_field
from weiquan.dialogue.news import (
    NO_NEWS,
    denies_asked_step,
    find_news,
    interpret,
    is_acknowledgement,
    is_agreement,
    names_complaint,
    side_of,
    situation_of_refusal,
    take_progress,
    without_denied_steps,
)
from weiquan.dialogue.reports import take_report
from weiquan.facts.interview_questions import CIRCUMSTANCE
from weiquan.handlers.context import IN_PASSING, NEWS, UNCLEAR, Context, Outcome, is_question
from weiquan.reading.contacts import is_listed, is_unlisted
from weiquan.reading.message import Message
from weiquan.reading.prices import bare_amount
from weiquan.reading.requests import is_asking
from weiquan.reading.situations import NEWS_POSSIBLE, is_report
from weiquan.replies.bubbles import Reply
from weiquan.replies.plan import case_reply, explain_reply, interview_reply
from weiquan.replies.steps import (
    agreed_doubt_reply,
    agreed_reply,
    first_reply,
    progress_reply,
)
from weiquan.replies.talk import acknowledged_reply, which_refusal_reply
from weiquan.replies.told.corrections import ask_correction_reply, ask_field_reply, kept_reply
from weiquan.replies.topics import contact_reply

AGREED = {"seller_agreed": "商家", "platform_agreed": "平台"}
YES_OR_NO = frozenset({"affirm", "deny", "step_done"})
"""Intents of the buttons under a question that yes or no answers."""
_LEAVE_IT = ("算了", "不改", "没有", "不用", "没错", "不知道", "不记得", "记不", "不清楚", "忘了")
_SHORT_ANSWER = 12
SURE_OF_CORRECTION = 0.5
"""Confidence from which on a message without the words of a correction is one."""
SURE_OUT_OF_SCOPE = 0.6
"""Confidence from which on a message out of scope is not looked at for news."""
HOW_TO = frozenset({"deny", "dont_know", "skip"})
"""Answers after which the rung in question is explained, words to send included."""


def correction(context: Context) -> Optional[Outcome]:
    """Put right what was told before.

    「不对，没写，我又看了一遍」 does so within a case, whatever else the classifier takes it for.
    """
    message, before, facts = context.message, context.case, context.facts
    edited = _edited(context)
    if edited is not None or is_report(message.intent) or is_question(message.intent):
        return edited
    is_said = bool(before.situation) and (is_correcting("", message.text) or _puts_right(context))
    is_read = message.intent in IN_PASSING and is_correcting(message.intent, message.text)
    denies = without_denied_steps(before, message.text, facts) != before
    if not is_said and not (is_read and (denies or message.confidence >= SURE_OF_CORRECTION)):
        return None
    case = take_report(before, message.passing_within(before), facts)
    case = without_denied_steps(correct(case, message.text, message.details, facts), message.text, facts)
    advice = context.advice.of(case)
    if case != before:
        return Outcome(interview_reply(before, advice))
    # 「不是同意，是拒绝了」 puts right what somebody did, which news says.
    tells_news = message.intent in NEWS or any(share >= NEWS_POSSIBLE for _, share in message.found.news)
    return None if tells_news else Outcome(ask_correction_reply(advice))


def _edited(context: Context) -> Optional[Outcome]:
    """Put right by tap, or in words after the field was tapped; who does not know keeps what there was."""
    message, case, advice = context.message, context.case, context.advice
    if not advice.is_open:
        return None
    field, value = message.value("field"), message.value("answer")
    if message.intent == "correct_information" and not message.text:
        if field is None or field.partition(".")[2] not in _names_of(field, context):
            return Outcome(ask_correction_reply(advice))
        changed = with_field(case, field, value, context.facts) if value else None
        return Outcome(interview_reply(case, advice.of(changed)) if changed else ask_field_reply(field, advice))
    if case.correcting is None or message.dangers:
        return None
    gives_up = (message.intent in HOW_TO and not message.text) or _gives_up(message)
    taken = None if gives_up or case.correcting == ANYTHING else take_field(case, case.correcting, message)
    if taken is not None:
        return Outcome(interview_reply(case, advice.of(taken)))
    return Outcome(kept_reply(advice)) if gives_up else None


def _names_of(field: str, context: Context) -> AbstractSet[str]:
    """Return the names that may follow the kind of `field`: those that the case knows, "" for a field without."""
    kind = field.partition(".")[0]
    if kind == "rung":
        return frozenset(context.facts.rungs)
    known = {"dates": EVENTS, "sums": SUMS, "circumstances": tuple(context.facts.circumstances)}
    return frozenset(known[kind]) if kind in known else frozenset({""} if kind in PLAIN_FIELDS else ())


def _gives_up(message: Message) -> bool:
    is_aside = message.intent in {"skip", "dont_know"} or message.text.startswith(_LEAVE_IT)
    return is_aside and message.details.is_empty and len(message.text) <= _SHORT_ANSWER


def _puts_right(context: Context) -> bool:
    """Tell whether the message tells what was asked for as the right thing, without the words of a correction."""
    details = context.message.details
    is_told = bool(details.dates or details.bare_dates or details.amount is not None or details.goods)
    return context.case.correcting is not None and (is_told or bare_amount(context.message.text) is not None)


def platform_told(context: Context) -> Optional[Outcome]:
    """Take up a message that says hardly more than where it was bought: 「是某宝」; the step is told for there."""
    message, before = context.message, context.case
    told = message.platform or before.platform
    is_new = context.facts.of_platform(told) is not context.facts.of_platform(before.platform)
    says_more = is_report(message.intent) or is_asking(message.text) or not message.is_about_platform
    if not is_new or says_more or not context.advice.is_open:
        return None
    return Outcome(case_reply(before, context.advice.of(context.with_details(before))))


def acknowledgement(context: Context) -> Optional[Outcome]:
    """Go on where 「好」 or 「知道了」 only says that something was heard, and 「嗯」 answers nothing that was asked.

    They change nothing: what was asked is put again.
    """
    message, case, advice = context.message, context.case, context.advice
    if message.intent != "affirm" or not message.text or not advice.is_open or case.danger:
        return None
    question = advice.open_question
    only_heard = is_acknowledgement(message.text)
    if question is not None:
        answers = question.kind == CIRCUMSTANCE and not only_heard
    else:
        # 「有结果了吗」 asks for one of several results.
        is_waited_for = advice.step.waiting is not None and advice.step.waiting.id == case.asked
        answers = context.state.offers(YES_OR_NO) and not is_waited_for and not only_heard
    # 「嗯，打了12315」 says more than that it was heard.
    tells_more = message.passing.climbed or message.found.news_told or not message.details.is_empty
    return None if answers or tells_more else Outcome(acknowledged_reply(advice))


def open_question(context: Context) -> Optional[Outcome]:
    """Take the answer to the question that stands open, and say what it changes.

    "签收十天了" looks like a report of its own and answers what was asked; a new trouble, or a question, is no answer.
    """
    intent, message, before = context.message.intent, context.message, context.case
    if is_report(intent):
        may_answer = not message.reading.is_sure or message.reading.situation == before.situation
    elif is_question(intent):
        is_trouble = bool(message.reading.situation) and message.reading.situation != before.situation
        may_answer = not is_trouble and not is_asking(message.text)
    else:
        may_answer = intent in NEWS | IN_PASSING | UNCLEAR
    answered = context.answered() if may_answer else None
    return Outcome(interview_reply(before, context.advice.of(answered))) if answered else None


def news(context: Context) -> Optional[Outcome]:
    """Move the case along by a short answer and say what is next; without a case the message itself may open one."""
    message, facts, advice = context.message, context.facts, context.advice
    if message.intent not in NEWS:
        return None
    text, reading = message.text, message.passing_within(context.case)
    told = side_of(message.intent, message.found, message.text)
    intent = interpret(told, context.case, text, facts, advice.today)
    before = context.with_details(context.case)
    if denies_asked_step(before, text, facts):
        # 「还没申请售后」 is no news of the seller's silence.
        intent, before = "deny", without_denied_steps(before, text, facts)
    if before.situation is None:
        opened = None if reading.situation else situation_of_refusal(intent, text, facts)
        case = take_report(before, reading, facts, opened)
        if intent in AGREED and case.situation is None:
            return Outcome(agreed_reply(AGREED[intent], advice.of(case)))
        return Outcome(first_reply(advice.of(case)))
    if intent in AGREED:
        taken = advice.of(before.with_rungs(reading.climbed, reading.failed))
        is_told = is_agreement(intent, message.found)
        return Outcome((agreed_reply if is_told else agreed_doubt_reply)(AGREED[intent], taken))
    if intent in HOW_TO:
        return Outcome(explain_reply(advice.of(before)))
    if reading.variant and reading.variant != before.variant and reading.situation == before.situation:
        return Outcome(case_reply(before, advice.of(take_report(before, reading, facts))))
    if intent == NO_NEWS:
        return Outcome(case_reply(context.case, advice.of(before.with_rungs(reading.climbed, reading.failed))))
    if _is_said_of_one_of_two(intent, context):
        return Outcome(which_refusal_reply(advice.of(before)))
    # "申请了，商家拒绝了" is one intent but two pieces of news.
    moved = take_progress(before, intent, facts, advice.today, reading.climbed, text, reading.failed)
    # What was refused as an application was not refused in a talk.
    talk = {"negotiate"} if "after_sales" in moved.failed - before.failed else set()
    return Outcome(progress_reply(advice.of(moved.with_rungs(reading.climbed - talk, reading.failed - talk))))


def _is_said_of_one_of_two(intent: str, context: Context) -> bool:
    """Tell whether a typed refusal by the platform may be of its decision, known already, or of a complaint since."""
    case = context.case
    return (
        intent == "platform_refused"
        and bool(context.message.text)
        and not names_complaint(context.message.text)
        and "platform" in case.failed
        and case.asked == "platform_complaint"
        and "platform_complaint" not in case.climbed
    )


def news_in_words(context: Context) -> Optional[Outcome]:
    """Take a message at its word where the classifier is unsure: a step, a trouble, a number.

    Of a report that is not sure only plain news; of what seems out of scope only what is doubtful. In a case the
    words come first: 「已经转了三千」 is an answer, whatever it looks like.
    """
    message = context.message
    if is_report(message.intent):
        is_doubtful = not message.reading.is_sure and bool(find_news(message.text))
    elif message.intent == "out_of_scope":
        is_doubtful = bool(context.case.situation) or message.confidence < SURE_OUT_OF_SCOPE or bool(message.verdicts)
    else:
        is_doubtful = message.intent == "nlu_fallback"
    reply = _at_word(context) if is_doubtful else None
    return Outcome(reply) if reply else None


def _at_word(context: Context) -> Optional[Reply]:
    """Return an answer by the words alone, None where they say nothing."""
    message, before, facts, advice = context.message, context.case, context.facts, context.advice
    reading = message.passing_within(before)
    news = find_news(message.text) if before.situation and not reading.situation else None
    if news:
        meant = interpret(news, before, message.text, facts, advice.today)
        moved = take_progress(before, meant, facts, advice.today, text=message.text)
        return progress_reply(advice.of(moved), news=moved != before)
    if reading.situation or (before.situation and reading.climbed):
        return case_reply(before, advice.of(context.with_details(take_report(before, reading, facts))))
    if is_listed(message.verdicts) or is_unlisted(message.verdicts):
        return contact_reply(message.verdicts, advice)
    return None


def in_passing(context: Context) -> Optional[Outcome]:
    """Take up a date, an amount, a step told in passing, or say what is next; a trouble told now opens a case."""
    message, before = context.message, context.case
    # 「看病花了600」 tells a sum, whatever it looks like.
    tells = before.situation is not None and message.intent in UNCLEAR and bool(message.details.sums)
    if message.intent not in IN_PASSING and not tells:
        return None
    case = context.with_details(take_report(before, message.passing_within(before), context.facts))
    return Outcome(case_reply(before, context.advice.of(case)))
