"""Answers to a case: the first step, the next one, where it stands.

An answer is at most two bubbles: what to do now, then the bot's question and
what else was noticed, with buttons for the rest.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Optional, Tuple

from weiquan.advice.due_date import replaced_by
from weiquan.advice.ladder import Step, agreed_rung, find_variant, is_urgent, ladder_of
from weiquan.advice.next_question import next_question
from weiquan.advice.next_step import next_step
from weiquan.advice.views import fill, view
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import PLATFORM_AGREED, SELLER_AGREED, Situation
from weiquan.rendering.fitting import fitted
from weiquan.rendering.render import render
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import (
    detail_buttons,
    other_buttons,
    progress_buttons,
    question_buttons,
    situation_buttons,
    ways_round,
)

AGREEMENTS = {"商家": SELLER_AGREED, "平台": PLATFORM_AGREED}

ALWAYS_SHOWN = frozenset({"after_sales_window", "seven_day_return"})
"""Limits that run whatever the rung is."""

MOST_BUTTONS = 12
"""Quick replies under one bubble."""

Answer = Tuple[Tuple[Bubble, ...], Case]


def words_for(case: Case, step: Step, facts: Knowledge) -> str:
    """Return what to send at the step's rung: on the first one, and in a talk with the seller that the ladder
    lacks, the variant's or situation's own words.
    """
    situation = facts.situations[case.situation or ""]
    variant = find_variant(case, situation)
    ladder = ladder_of(case, facts)
    own = bool(variant and variant.words) or ladder[0] == situation.ladder[0]
    if step.rung.id in {ladder[0], "negotiate"} and own:
        return view(case, facts).words
    return fill(step.rung.words or "", view(case, facts))


def _deadlines(step: Step, situation: Situation, facts: Knowledge) -> List[str]:
    """Return the limits that count now: the rung's first, then the situation's; not those of later rungs."""
    later = {limit for one in facts.rungs.values() if one.id != step.rung.id for limit in one.deadlines}
    own = tuple(one for one in situation.deadlines if one not in later or one in ALWAYS_SHOWN)
    replaced = replaced_by(own, facts)
    general = [one for one in step.rung.deadlines[:1] if one not in replaced]
    return list(dict.fromkeys([*general, *own[:1]]))


def no_case_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Ask what happened."""
    return (Bubble(render("no_case", facts, today), tuple(situation_buttons(facts))),), case


def step_bubble(case: Case, facts: Knowledge, today: datetime.date) -> Bubble:
    """Return the first bubble for a case: opening, moves, why, path, evidence, limits, next rung."""
    situation = view(case, facts)
    variant = find_variant(case, situation)
    step = next_step(case, facts, today)
    move = fill(step.rung.move, situation)
    moves = list(variant.first_moves if variant else situation.first_moves)
    contacts: Tuple[str, ...] = ()
    if is_urgent(case, facts) and step.rung.stops_harm:
        # What stops the harm comes before keeping evidence of it.
        moves = [move, *moves]
        contacts = tuple(dict.fromkeys([*step.rung.contacts, *(step.after.contacts if step.after else ())]))[:3]
    else:
        moves.append(move)
        if not step.rung.channel:
            contacts = step.rung.contacts[:2]
    deadlines = _deadlines(step, situation, facts)
    evidence = list(situation.evidence[:4])
    base: Dict[str, Any] = {
        "opening": variant.opening if variant else situation.opening,
        "moves": moves,
        "reasons": step.reasons,
        "rung": step.rung,
        "waiting": step.waiting,
        "after": step.after,
        "evidence": evidence,
        "deadlines": deadlines,
        "contacts": contacts,
    }
    text, shown = fitted(
        "step",
        facts,
        today,
        base,
        (
            {"deadlines": deadlines[:1]},
            {"reasons": step.reasons[:1]},
            {"evidence": evidence[:3]},
            {"evidence": evidence[:2]},
            {"contacts": contacts[:1]},
            {"deadlines": []},
            {"moves": [moves[0], moves[-1]]},
            {"moves": [move]},
            {"evidence": []},
        ),
    )
    card = cards.step_card(
        step,
        facts,
        opening=base["opening"],
        note=render("waiting", facts, today, waiting=step.waiting) if step.waiting else "",
        reasons=shown["reasons"],
        moves=shown["moves"],
        evidence=shown["evidence"],
        contacts=shown["contacts"],
        deadlines=shown["deadlines"],
        urgent=is_urgent(case, facts),
    )
    return Bubble(text, card=card)


def followup(
    case: Case, facts: Knowledge, today: datetime.date, with_others: bool = True, asks_steps: Optional[bool] = None
) -> Tuple[Bubble, Case]:
    """Return the second bubble (question, what else was noticed) and the case that remembers the question.

    The first question is about the steps taken, on which most depends; then the interview has its turn.
    `asks_steps` settles which, None leaves it to the case: nothing told of steps yet, nothing asked.
    """
    step = next_step(case, facts, today)
    about = step.waiting or step.rung
    others = [facts.situations[one] for one in case.others if one in facts.situations] if with_others else []
    more = other_buttons(case, facts) if with_others else []
    if asks_steps is None:
        asks_steps = not (case.climbed or case.put or case.question)
    question = None if asks_steps else next_question(case, facts, today)
    if question:
        text = render("question", facts, today, others=others, resumed=False, question=question)
        buttons = [*question_buttons(question, today), *more]
        asked = dataclasses.replace(case, asked=about.id, question=question.id)
        return Bubble(text, tuple(buttons), card=cards.question_card(question)), asked
    variant = find_variant(case, facts.situations[case.situation or ""])
    words = (variant and about.id == ladder_of(case, facts)[0] and variant.question) or about.question
    if step.waiting:
        words = f"「{about.name}」有结果了吗？"
    text = render("followup", facts, today, others=others, question=words)
    buttons = progress_buttons(about, bool(step.waiting), bool(variant and variant.question)) if words else []
    round_it = ways_round() if words and not step.waiting else []
    asked = dataclasses.replace(case, asked=about.id if words else None, question=None)
    offered = [*buttons, *round_it, *more]
    return Bubble(text, (*offered, *detail_buttons()[: MOST_BUTTONS - len(offered)])), asked


def first_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the answer to a trouble just told; without one the shopper is asked what happened."""
    if case.situation not in facts.situations:
        return no_case_answer(case, facts, today)
    second, asked = followup(case, facts, today, asks_steps=True)
    return (step_bubble(case, facts, today), second), asked


def rung_bubble(lead: str, case: Case, facts: Knowledge, today: datetime.date) -> Bubble:
    """Return how to take the next rung, with the words to send there."""
    situation = view(case, facts)
    step = next_step(case, facts, today)
    words = words_for(case, step, facts)
    evidence = list(dict.fromkeys([*step.rung.evidence[:2], *situation.evidence]))[:4]
    base: Dict[str, Any] = {
        "lead": lead,
        "reasons": step.reasons,
        "rung": step.rung,
        "move": fill(step.rung.move, situation),
        "words": words,
        "after": step.after,
        "evidence": evidence,
        "deadlines": step.rung.deadlines[:2],
    }
    text, shown = fitted(
        "rung",
        facts,
        today,
        base,
        (
            {"deadlines": step.rung.deadlines[:1]},
            {"evidence": evidence[:2]},
            {"reasons": ()},
            {"words": fill(step.rung.words or "", situation)},
            {"words": ""},
            {"deadlines": ()},
        ),
    )
    card = cards.step_card(
        step,
        facts,
        opening=lead,
        reasons=shown["reasons"],
        moves=[base["move"]],
        words=shown["words"],
        evidence=shown["evidence"],
        contacts=() if step.rung.channel else step.rung.contacts[:3],
        deadlines=shown["deadlines"],
    )
    return Bubble(text, card=card)


def progress_answer(case: Case, facts: Knowledge, today: datetime.date, news: bool = True) -> Answer:
    """Return the next rung after `news`; a rung whose answer is still due is waited for first."""
    if case.situation not in facts.situations:
        return no_case_answer(case, facts, today)
    step = next_step(case, facts, today)
    lead = render("lead", facts, today, step=step, news=news)
    second, asked = followup(case, facts, today, with_others=False)
    return (rung_bubble(lead, case, facts, today), second), asked


def how_to_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Explain the rung that was asked about and is not taken yet ("还没").

    Where the question was whether a rung led to anything, "not yet" means
    waiting on, and the time to wait is named.
    """
    if case.situation not in facts.situations:
        return no_case_answer(case, facts, today)
    step = next_step(case, facts, today)
    if step.waiting and case.asked == step.waiting.id:
        about, lead = step.waiting, render("still_waiting", facts, today, step=step)
    else:
        about, lead = step.rung, f"那就先做这一步：{step.rung.name}"
    told = rung_bubble(lead, case, facts, today)
    question = next_question(case, facts, today)
    if question:
        second, asked = followup(case, facts, today, with_others=False, asks_steps=False)
        return (told, second), asked
    buttons = [one for one in progress_buttons(about, about is step.waiting) if one.payload != payload("deny")]
    return (dataclasses.replace(told, buttons=tuple(buttons + detail_buttons()[1:])),), dataclasses.replace(
        case, asked=about.id
    )


def agreed_answer(who: str, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return how to make an agreement hold; `who` is 商家 or 平台.

    The rung that agreed counts as climbed, so that a broken promise leads on
    from there and not back to the talk.
    """
    after = None
    if case.situation in facts.situations:
        reached = agreed_rung(AGREEMENTS[who], case.asked, facts)
        case = dataclasses.replace(case.with_rungs(climbed={reached}), asked=reached, question=None)
        after = next_step(case, facts, today).rung
    text = render("agreed", facts, today, who=who, after=after)
    return (Bubble(text, (Button("没兑现", payload("no_reply_yet")), *detail_buttons()[1:3])),), case


def comfort_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return one human sentence, then the next step or the question what happened."""
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        text = render("comfort", facts, today, situation=None)
        return (Bubble(text, tuple(situation_buttons(facts))),), case
    step = next_step(case, facts, today)
    move = fill(step.rung.move, view(case, facts))
    text = render("comfort", facts, today, situation=view(case, facts), step=step, move=move)
    asked = dataclasses.replace(case, asked=step.rung.id, question=None)
    return (Bubble(text, tuple(progress_buttons(step.rung))),), asked
