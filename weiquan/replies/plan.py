"""Answers of the interview: what was noted, the next question, the plan that it leads to."""

from __future__ import annotations

import dataclasses
from typing import List, Optional

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import Claim, yuan
from weiquan.advice.deadlines import worth_telling
from weiquan.case.case import Case
from weiquan.facts.interview_questions import Question
from weiquan.facts.quick_replies import PLAN
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Reply
from weiquan.replies.buttons import progress_buttons, question_buttons, quick_replies, situation_buttons
from weiquan.replies.steps import first_reply, followup, how_to_reply, no_case_reply, progress_reply
from weiquan.replies.texts import due_lines, fitted_text, text_of
from weiquan.replies.told.said_back import noted_text

MOST_CLAIMS = 2
MOST_LAWS = 2


def interview_reply(before: Case, advice: Advice) -> Reply:
    """Return the answer to something told of the case: what it changes, then the next question or the plan."""
    if not advice.is_open:
        return no_case_reply(advice)
    if before.situation != advice.case.situation:
        return first_reply(advice)
    said = noted_text(before, advice)
    if advice.next_question is None:
        return plan_reply(said, advice)
    (second,), asked = followup(advice, with_others=False)
    lines = [said, *_changes(advice.of(before), advice)]
    while len(lines) > 1 and len("\n".join(lines)) > MAX_BUBBLE:
        lines.pop()
    return Reply((Bubble("\n".join(lines)), second), asked)


def case_reply(before: Case, advice: Advice) -> Reply:
    """Return the answer to what a message told: a new trouble's first step, what a detail changes, or the next rung."""
    case = advice.case
    if (before.situation, before.variant) != (case.situation, case.variant):
        return first_reply(advice)
    if case != before and (before.climbed, before.failed) == (case.climbed, case.failed):
        return interview_reply(before, advice)
    return progress_reply(advice, news=case != before)


def _changes(before: Advice, advice: Advice) -> List[str]:
    """Return what is advised otherwise than before: another step, limits that can now be worked out."""
    step, lines = advice.step, []
    if step.rung.id != before.step.rung.id:
        lines.append(f"下一步改为：{step.rung.name}。{''.join(step.reasons)}")
    known = {(due.deadline.id, due.ends) for due in before.due_dates}
    new = [due for due in advice.due_dates if (due.deadline.id, due.ends) not in known]
    return [*lines, *(line for _, line in due_lines(worth_telling(new), advice))]


def claim_line(claim: Claim) -> str:
    """Return a claim in a few words: 「退款 120 元」."""
    worth = yuan(claim.amount) if claim.amount is not None else claim.formula
    beside = "另加" if claim.rule.beside_refund == "added" else ""
    condition = f"（前提：{claim.needs[0]}）" if claim.needs else ""
    return f"{claim.rule.name}：{beside}{worth}{condition}"


def _plan_bubble(said: str, advice: Advice, room: int = MAX_BUBBLE) -> Bubble:
    step, situation = advice.step, advice.situation
    lines = due_lines(worth_telling(advice.due_dates), advice)
    found = advice.claims if advice.case.amount is not None else ()
    # The price back, then the most that may be had beside it; the freight is the smallest matter.
    weighty = [*found[:1], *sorted(found[1:], key=lambda claim: -(claim.amount or 0))]
    claims = [claim_line(claim) for claim in weighty[:MOST_CLAIMS]]
    laws = situation.laws[:MOST_LAWS]
    contacts = () if step.rung.channel else step.rung.contacts[:2]
    base = {
        "noted": said,
        "rung": step.rung,
        "reasons": step.reasons,
        "move": advice.move,
        "contacts": contacts,
        "dues": lines,
        "claims": claims,
        "articles": [advice.facts.laws[law] for law in laws],
        "after": step.after,
    }
    text, shown = fitted_text(
        "plan",
        advice,
        base,
        (
            {"articles": []},
            {"after": None},
            {"claims": claims[:1]},
            {"dues": lines[:1]},
            {"claims": []},
            {"reasons": step.reasons[:1]},
            {"noted": ""},
            {"dues": []},
        ),
        room,
    )
    card = cards.step_card(
        step,
        advice.facts,
        opening=shown["noted"],
        reasons=shown["reasons"],
        moves=[advice.move],
        contacts=contacts,
        dues=[cards.due_part(due, line) for due, line in shown["dues"]],
        laws=laws if shown["articles"] else (),
    )
    kept = {"after": shown["after"].name if shown["after"] else None, "plan": True, "claims": shown["claims"]}
    return Bubble(text, card={**card, **kept}, within=lambda less: _plan_bubble(said, advice, less))


def plan_reply(said: str, advice: Advice) -> Reply:
    """Return the plan made for this case, and the question whether its step is taken."""
    (second,), asked = followup(advice, with_others=False, offers_words=False)
    second = dataclasses.replace(second, buttons=(*second.buttons, *quick_replies(PLAN, advice.facts)))
    return Reply((_plan_bubble(said, advice), second), asked)


def explain_reply(advice: Advice) -> Reply:
    """Return how to take the rung that was asked about and is not taken yet ("还没").

    Who has told all that would be asked gets the plan at once.
    """
    case = advice.case
    knows_much = advice.is_open and bool(case.dates or case.amount is not None)
    if knows_much and advice.step.waiting is None and advice.next_question is None and not advice.is_urgent:
        return plan_reply("", advice.of(dataclasses.replace(case, question=None)))
    return how_to_reply(advice)


def why_reply(question: Optional[Question], advice: Advice) -> Reply:
    """Say why the open question is asked, and put it again; else why the steps taken are asked about."""
    text = text_of("why", advice, question=question)
    if question:
        buttons = tuple(question_buttons(question, advice.today))
        return Reply((Bubble(text, buttons, card=cards.question_card(question), asks=True),), advice.case)
    if not advice.is_open:
        return Reply((Bubble(text, tuple(situation_buttons(advice.facts))),), advice.case)
    about = advice.rung_in_question
    buttons = tuple(progress_buttons(about, bool(advice.step.waiting)))
    return Reply((Bubble(text, buttons),), dataclasses.replace(advice.case, asked=about.id))
