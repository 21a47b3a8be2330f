"""A paper: what will stand in it, what is asked for it, and the paper itself."""

from __future__ import annotations

import dataclasses
from typing import Any, Mapping, Optional

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.dialogue.answers import yes_or_no
from weiquan.dialogue.corrections import is_correcting
from weiquan.dialogue.paper_answers import take_paper_answer, told
from weiquan.dialogue.reports import take_report
from weiquan.facts.interview_questions import CIRCUMSTANCE, NO, YES, Question
from weiquan.handlers.context import IN_PASSING, NEWS, UNCLEAR, Context, Outcome, is_question
from weiquan.papers.addresses import TONE_MARK
from weiquan.papers.questions import (
    CIRCUMSTANCE_KIND,
    CLAIM_KIND,
    DEFAULT_TONE,
    Asked,
    open_paper_question,
    paper_of,
    passed_over,
    questions_for,
)
from weiquan.papers.writing import papers_for
from weiquan.reading.message import Message
from weiquan.reading.prices import bare_amount
from weiquan.reading.requests import asks_for_paper, find_paper, find_tone, is_asking, wants_it_at_once
from weiquan.reading.situations import is_report
from weiquan.replies.papers import (
    NOW,
    asked_again_reply,
    next_paper_question_reply,
    no_trouble_reply,
    paper_reply,
    review_reply,
)

ASIDE = frozenset({"skip", "dont_know"})
OWN_WORDS = frozenset({"defect", "refusal"})
"""Questions to which a trouble, or news of a refusal, is the answer."""


def paper(context: Context) -> Optional[Outcome]:
    """Answer who asks for a paper: with what will stand in it and the first question for it, else with the paper.

    Without a kind it is the one of the next rung; a trouble told with the wish opens a case first.
    """
    message, facts, before = context.message, context.facts, context.case
    # 「打一份证据目录」 says it, whatever else it looks like; a complaint that mentions a paper does not.
    is_asked = not is_report(message.intent) and asks_for_paper(message.text, facts)
    if message.intent != "request_document" and not is_asked:
        return None
    case = before if before.situation else take_report(before, message.passing_within(before), facts)
    advice = context.advice.of(context.with_details(case))
    chosen = _among(message.value("paper"), facts.papers) or find_paper(message.text, facts)
    chosen = chosen or papers_for(advice)[0]
    tone = _among(message.value("tone"), facts.tones) or find_tone(message.text, facts) or DEFAULT_TONE
    if message.value("answer") == NOW or wants_it_at_once(message.text):
        return _written(chosen, tone, advice, context)
    if not advice.is_open:
        return Outcome(no_trouble_reply(chosen, tone, advice))
    asked = questions_for(chosen, advice)
    if not asked:
        return _written(chosen, tone, advice, context)
    return Outcome(review_reply(chosen, f"{chosen}{TONE_MARK}{tone}", asked[0], advice))


def paper_answer(context: Context) -> Optional[Outcome]:
    """Take the answer to the question that is open for a paper; put the next one, or give the paper."""
    message, advice = context.message, context.advice
    asked = open_paper_question(advice)
    if asked is None:
        return None
    chosen, tone = paper_of(context.case)
    if chosen not in context.facts.papers or tone not in context.facts.tones:
        return None
    if message.intent == "ask_why":
        return Outcome(asked_again_reply(asked, advice))
    if wants_it_at_once(message.text):
        return _written(chosen, tone, advice, context)
    case = _answered(asked, message, context) or _told_besides(message, context)
    if case is None:
        return None
    answered = advice.of(dataclasses.replace(case, question=None))
    left = questions_for(chosen, answered)
    if not left:
        return _written(chosen, tone, answered, context)
    return Outcome(next_paper_question_reply(asked, left[0], answered))


def _written(chosen: str, tone: str, advice: Advice, context: Context) -> Outcome:
    done = advice.of(passed_over(chosen, advice))
    return Outcome(paper_reply(chosen, tone, done, context.paper_url(f"{chosen}{TONE_MARK}{tone}")))


def _answered(asked: Asked, message: Message, context: Context) -> Optional[Case]:
    """Return the case with the answer, None where the message is none."""
    case, facts = context.case, context.facts
    pressed = message.value("answer")
    if message.intent in ASIDE:
        return told(case, asked.id, "")
    if asked.kind in {CLAIM_KIND, CIRCUMSTANCE_KIND}:
        says_yes = pressed == YES if pressed in {YES, NO} else _says_yes(asked, message)
        if says_yes is None:
            return None
        if asked.kind == CLAIM_KIND:
            return told(case, asked.id, YES if says_yes else NO)
        return dataclasses.replace(case, circumstances={**case.circumstances, asked.id: says_yes})
    if pressed in {value for _, value in asked.options}:
        return dataclasses.replace(case, remedy=pressed)
    if not message.text or not _may_answer(asked, message):
        return None
    question = facts.paper_questions[asked.id]
    return take_paper_answer(question, case, message.text, message.details, message.entities)


def _told_besides(message: Message, context: Context) -> Optional[Case]:
    """Return the case with a detail that is no answer and yet stands in the paper, None where none was told."""
    is_plain = message.intent in IN_PASSING | UNCLEAR and not is_correcting("", message.text)
    case = context.with_details(context.case) if is_plain and not message.tells_trouble else context.case
    return None if case == context.case or is_asking(message.text) else case


def _says_yes(asked: Asked, message: Message) -> Optional[bool]:
    """Return the yes or no in words, None where a message says neither."""
    question = Question(asked.id, CIRCUMSTANCE, asked.text, asked.why, event=asked.id)
    answered = yes_or_no(question, Case(), message.intent, message.text) if message.text else None
    return answered.circumstances[asked.id] if answered and not is_asking(message.text) else None


def _may_answer(asked: Asked, message: Message) -> bool:
    """Tell whether a message is no question, correction, request or news of its own."""
    intent = message.intent
    if is_correcting("", message.text) or (is_question(intent) and is_asking(message.text)):
        return False
    if asked.kind == "words":
        speaks_of_case = is_report(intent) or bool(message.found.news_told)
        return asked.id in OWN_WORDS or not speaks_of_case
    # 「12岁」, 「239」, a shop by its kind: the form alone tells the answer, whatever else it looks like.
    if asked.kind in {"age", "order_number", "date"} or bare_amount(message.text) is not None:
        return True
    if asked.kind == "shop" and message.details.shop:
        return True
    is_plain = intent in NEWS | IN_PASSING | UNCLEAR or is_report(intent) or is_question(intent)
    return is_plain and not message.tells_trouble and not message.found.news_told


def _among(name: Optional[str], known: Mapping[str, Any]) -> Optional[str]:
    return name if name in known else None
