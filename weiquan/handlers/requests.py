"""Things asked of the bot: a verdict on a number, a tick, the case, another case, why a question is asked."""

from __future__ import annotations

from typing import Optional

from weiquan.case.archive import put_away, take_up
from weiquan.case.case import Case
from weiquan.dialogue.reports import take_report
from weiquan.dialogue.ticks import find_ticks, with_ticks
from weiquan.handlers.context import Context, Outcome, is_question
from weiquan.reading.requests import is_about_another_case
from weiquan.reading.situations import is_report
from weiquan.replies.cases import doubt_new_case_reply, new_case_reply, overview_reply
from weiquan.replies.checklist import CHECKLIST, evidence_reply
from weiquan.replies.plan import interview_reply, why_reply
from weiquan.replies.topics import contact_reply
from weiquan.replies.urgent import scam_reply

FRAUD = "impersonation_fraud"
SURE_OF_NEW_CASE = 0.75
"""Confidence from which on a case is put away without a question."""


def contact(context: Context) -> Optional[Outcome]:
    """Say whether a number, site or caller is on the official list; a swindlers' script opens a case of fraud."""
    message, advice = context.message, context.advice
    if message.intent == "verify_contact" and message.scam and message.scam.alarm:
        case = take_report(context.case, message.passing_within(context.case), context.facts, FRAUD)
        return Outcome(scam_reply(message.scam, advice.of(context.with_details(case))))
    if message.fine_question.asked and not message.verdicts and not message.is_about_contact:
        return None
    is_asked = message.intent == "verify_contact" or (is_question(message.intent) and message.is_about_contact)
    # 「有人让我打这个号，真的假的」 tells a trouble, too: the number must not be called meanwhile.
    is_asked = is_asked or (is_report(message.intent) and message.has_dangerous_number)
    # "Whose number is this?" looks like a question about the bot.
    if not is_asked and not (message.intent == "bot_challenge" and message.verdicts):
        return None
    return Outcome(context.with_open_question(contact_reply(message.verdicts, advice)))


def ticks(context: Context) -> Optional[Outcome]:
    """Tick what was named, and show the checklist; a button ticks a piece, or takes the tick back.

    「都有了」 and 「第一个有了」 are what a list just shown invites to say, whatever they look like elsewhere.
    """
    message, facts, case = context.message, context.facts, context.case
    if is_report(message.intent) or is_question(message.intent):
        return None
    was_shown = context.state.shown == CHECKLIST
    speaks_of_it = was_shown and any(find_ticks(message.text, case, facts, context.advice.today))
    if message.intent != "tick_evidence" and not speaks_of_it:
        return None
    if case.situation is None:
        case = take_report(case, message.passing_within(case), facts)
    pressed = message.value("evidence")
    if pressed in facts.pieces:
        named = frozenset({str(pressed)})
        case = with_ticks(case, named - case.evidence, named & case.evidence)
    else:
        had, lacked = find_ticks(message.text, case, facts, context.advice.today)
        # 「写了的，页面上有」 and 「有，专柜开了鉴定单」 answer the open question, unless a list was just shown.
        answered = None if speaks_of_it else context.answered()
        if answered:
            return Outcome(interview_reply(context.case, context.advice.of(with_ticks(answered, had, lacked))))
        case = with_ticks(case, had, lacked)
    return Outcome(context.with_open_question(evidence_reply(context.advice.of(case))))


def show_case(context: Context) -> Optional[Outcome]:
    """Say where the case stands; "the last one" takes up a case put away."""
    message, case, past = context.message, context.case, context.state.past
    if message.intent not in {"show_case", "resume_case"}:
        return None
    number = message.value("case")
    if number or is_about_another_case(message.text):
        taken = take_up(int(number) if number and number.isdecimal() else None, case, past)
        case, past = taken or (case, past)
    return Outcome(overview_reply(context.advice.of(case), past), past)


def start_new_case(context: Context) -> Optional[Outcome]:
    """Put the case at hand away and ask what happened; a doubtful reading is asked about."""
    if context.message.intent != "start_new_case":
        return None
    if context.advice.is_open and context.message.confidence < SURE_OF_NEW_CASE:
        return Outcome(doubt_new_case_reply(context.advice))
    past = put_away(context.case, context.state.past)
    return Outcome(new_case_reply(past, context.advice.of(Case())), past)


def why(context: Context) -> Optional[Outcome]:
    """Say the reason of the open question and put it again, else why steps are asked about."""
    if context.message.intent != "ask_why":
        return None
    return Outcome(why_reply(context.advice.open_question, context.advice))
