"""Answers to a case: the first step, the next one, how to take it.

An answer is at most two bubbles: what to do now, then the bot's question and
what else was noticed, with buttons for the rest.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.due_date import in_words, replaced_by
from weiquan.advice.ladder import agreed_rung, find_variant
from weiquan.advice.pending import OFFERED, evidence_due, open_offer, return_is_on_its_way
from weiquan.advice.views import fill
from weiquan.facts.interview_questions import Question
from weiquan.facts.quick_replies import AGREED
from weiquan.facts.situations import PLATFORM_AGREED, SELLER_AGREED
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import (
    MOST_BUTTONS,
    detail_buttons,
    other_buttons,
    progress_buttons,
    question_buttons,
    quick_replies,
    situation_buttons,
    ways_round,
)
from weiquan.replies.texts import fitted_text, text_of

REFUSALS = {"商家": "seller_refused", "平台": "platform_refused"}
AGREEMENTS = {"商家": SELLER_AGREED, "平台": PLATFORM_AGREED}


def words_for(advice: Advice) -> str:
    """Return what to send at the next rung: on the ladder's first one, and in a talk with the seller that the ladder
    lacks, the special case's or situation's own words.
    """
    own_situation = advice.facts.situations[advice.case.situation or ""]
    variant = find_variant(advice.case, own_situation)
    lowest, rung = advice.ladder[0], advice.step.rung
    own = bool(variant and variant.words) or lowest == own_situation.ladder[0]
    if rung.id in {lowest, "negotiate"} and own:
        return advice.situation.words
    return fill(rung.words or "", advice.situation)


def _deadlines(advice: Advice) -> List[str]:
    """Return the limits that count now: the rung's first, then the situation's; not those of later rungs."""
    facts, rung = advice.facts, advice.step.rung
    later = {limit for other in facts.rungs.values() if other.id != rung.id for limit in other.deadlines}
    named = advice.situation.deadlines
    own = tuple(limit for limit in named if limit not in later or facts.deadlines[limit].always_told)
    replaced = replaced_by(own, facts)
    general = [limit for limit in rung.deadlines[:1] if limit not in replaced]
    return list(dict.fromkeys([*general, *own[:1]]))


def no_case_reply(advice: Advice) -> Reply:
    """Ask what happened."""
    return Reply((Bubble(text_of("no_case", advice), tuple(situation_buttons(advice.facts))),), advice.case)


def step_bubble(advice: Advice, room: int = MAX_BUBBLE) -> Bubble:
    """Return the first bubble for a case: opening, moves, why, path, evidence, limits, next rung."""
    step, situation, move = advice.step, advice.situation, advice.move
    variant = find_variant(advice.case, situation)
    moves = list(variant.first_moves if variant else situation.first_moves)
    contacts: Tuple[str, ...] = ()
    if advice.is_urgent and step.rung.stops_harm:
        # What stops the harm comes before keeping evidence of it.
        moves = [move, *moves]
        contacts = tuple(dict.fromkeys([*step.rung.contacts, *(step.after.contacts if step.after else ())]))[:3]
    else:
        moves.append(move)
        if not step.rung.channel:
            contacts = step.rung.contacts[:2]
    deadlines = _deadlines(advice)
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
    text, shown = fitted_text(
        "step",
        advice,
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
        room,
    )
    card = cards.step_card(
        step,
        advice.facts,
        opening=base["opening"],
        note=text_of("waiting", advice, waiting=step.waiting) if step.waiting else "",
        reasons=shown["reasons"],
        moves=shown["moves"],
        evidence=shown["evidence"],
        contacts=shown["contacts"],
        deadlines=shown["deadlines"],
        urgent=advice.is_urgent,
    )
    return Bubble(text, card=card, within=lambda less: step_bubble(advice, less))


def question_bubble(question: Question, advice: Advice, resumed: bool, with_others: bool = False) -> Bubble:
    """Return a question of the interview; `resumed` where it is put again after something came between."""
    case, facts = advice.case, advice.facts
    others = [facts.situations[other] for other in case.others if other in facts.situations] if with_others else []
    text = text_of("question", advice, others=others, resumed=resumed, question=question)
    buttons = [*question_buttons(question, advice.today), *(other_buttons(case, facts) if with_others else [])]
    return Bubble(text, tuple(buttons), card=cards.question_card(question), asks=True)


def followup(
    advice: Advice, with_others: bool = True, asks_steps: Optional[bool] = None, offers_words: bool = True
) -> Reply:
    """Return the second bubble (question, what else was noticed) and the case that remembers the question.

    The first question is about the steps taken, on which most depends; then the interview has its turn.
    `asks_steps` settles which, None leaves it to the case: nothing known of steps yet, nothing asked.
    `offers_words` adds the button for the words to the seller.
    """
    case, facts, step, about = advice.case, advice.facts, advice.step, advice.rung_in_question
    if asks_steps is None:
        asks_steps = not (case.climbed or case.put or case.question)
    question = None if asks_steps else advice.next_question
    if question:
        asked = dataclasses.replace(case, asked=about.id, question=question.id)
        return Reply((question_bubble(question, advice, resumed=False, with_others=with_others),), asked)
    variant = find_variant(case, facts.situations[case.situation or ""])
    words = (variant and about.id == advice.ladder[0] and variant.question) or about.question
    if step.waiting:
        words = f"「{about.name}」有结果了吗？"
    others = [facts.situations[other] for other in case.others if other in facts.situations] if with_others else []
    text = text_of("followup", advice, others=others, question=words)
    buttons = progress_buttons(about, bool(step.waiting), bool(variant and variant.question)) if words else []
    round_it = ways_round() if words and not step.waiting else []
    asked = dataclasses.replace(case, asked=about.id if words else None, question=None)
    offered = [*buttons, *round_it, *(other_buttons(case, facts) if with_others else [])]
    details = detail_buttons(facts, offers_words)[: MOST_BUTTONS - len(offered)]
    return Reply((Bubble(text, (*offered, *details)),), asked)


def first_reply(advice: Advice) -> Reply:
    """Return the answer to a trouble just told; without one the shopper is asked what happened."""
    if not advice.is_open:
        return no_case_reply(advice)
    (second,), asked = followup(advice, asks_steps=True)
    return Reply((step_bubble(advice), second), asked)


def rung_bubble(lead: str, advice: Advice, room: int = MAX_BUBBLE) -> Bubble:
    """Return how to take the next rung, with the words to send there."""
    step, situation = advice.step, advice.situation
    evidence = list(dict.fromkeys([*step.rung.evidence[:2], *situation.evidence]))[:4]
    base: Dict[str, Any] = {
        "lead": lead,
        "reasons": step.reasons,
        "rung": step.rung,
        "move": advice.move,
        "words": words_for(advice),
        "after": step.after,
        "evidence": evidence,
        "deadlines": step.rung.deadlines[:2],
    }
    text, shown = fitted_text(
        "rung",
        advice,
        base,
        (
            {"deadlines": step.rung.deadlines[:1]},
            {"evidence": evidence[:2]},
            {"reasons": ()},
            {"words": fill(step.rung.words or "", situation)},
            {"words": ""},
            {"deadlines": ()},
        ),
        room,
    )
    card = cards.step_card(
        step,
        advice.facts,
        opening=lead,
        reasons=shown["reasons"],
        moves=[base["move"]],
        words=shown["words"],
        evidence=shown["evidence"],
        contacts=() if step.rung.channel else step.rung.contacts[:3],
        deadlines=shown["deadlines"],
    )
    return Bubble(text, card=card, within=lambda less: rung_bubble(lead, advice, less))


def pending_lines(advice: Advice) -> List[str]:
    """Return what is under way in the case: what the platform wants by a day, a return, an offer."""
    case, lines = advice.case, []
    due, offer = evidence_due(case, advice.facts, advice.today), open_offer(case)
    if due:
        lines.append(f"先把平台要的证据交上去。{in_words(due, advice.facts, advice.today)}")
    if return_is_on_its_way(case):
        lines.append("退货在路上：盯住物流，商家签收那天截图，退款从那天起算。")
    if offer and case.development != OFFERED:
        lines.append("商家开的价还没定：接不接受由您，没谈妥就往下走。")
    return lines


def progress_reply(advice: Advice, news: bool = True) -> Reply:
    """Return the next rung after `news`; a rung whose answer is still due is waited for first."""
    if not advice.is_open:
        return no_case_reply(advice)
    lead = text_of("lead", advice, step=advice.step, pending=pending_lines(advice))
    (second,), asked = followup(advice, with_others=False)
    return Reply((rung_bubble(lead, advice), second), asked)


def how_to_reply(advice: Advice) -> Reply:
    """Explain the rung that was asked about and is not taken yet ("还没").

    Where the question was whether a rung led to anything, "not yet" means
    waiting on, and the time to wait is named.
    """
    if not advice.is_open:
        return no_case_reply(advice)
    step = advice.step
    if step.waiting and advice.case.asked == step.waiting.id:
        about, lead = step.waiting, text_of("still_waiting", advice, step=step)
    else:
        about, lead = step.rung, f"那就先做这一步：{step.rung.name}"
    explained = rung_bubble(lead, advice)
    if advice.next_question:
        (second,), asked = followup(advice, with_others=False, asks_steps=False)
        return Reply((explained, second), asked)
    buttons = progress_buttons(about, about is step.waiting, denied=True) + detail_buttons(
        advice.facts, offers_words=False
    )
    return Reply(
        (dataclasses.replace(explained, buttons=tuple(buttons)),), dataclasses.replace(advice.case, asked=about.id)
    )


def agreed_reply(who: str, advice: Advice) -> Reply:
    """Return how to make an agreement hold; `who` is 商家 or 平台.

    The rung that agreed counts as climbed, so that a broken promise leads on
    from there and not back to the talk.
    """
    case, after = advice.case, None
    if advice.is_open:
        reached = agreed_rung(AGREEMENTS[who], case.asked, advice.facts)
        case = dataclasses.replace(case.with_rungs(climbed={reached}), asked=reached, question=None)
        after = advice.of(case).step.rung
    text = text_of("agreed", advice, who=who, after=after)
    return Reply(
        (Bubble(text, (Button("没兑现", payload("no_reply_yet")), *quick_replies(AGREED, advice.facts))),), case
    )


def agreed_doubt_reply(who: str, advice: Advice) -> Reply:
    """Ask whether `who` (商家 or 平台) has really agreed."""
    buttons = (
        Button(f"{who}同意了", payload(AGREEMENTS[who])),
        Button("还在谈", payload("inform")),
        Button(f"{who}拒绝了", payload(REFUSALS[who])),
    )
    return Reply((Bubble(text_of("agreed_doubt", advice, who=who), buttons),), advice.case)


def comfort_reply(advice: Advice) -> Reply:
    """Return one human sentence, then the next step or the question what happened."""
    if not advice.is_open:
        text = text_of("comfort", advice, situation=None)
        return Reply((Bubble(text, tuple(situation_buttons(advice.facts))),), advice.case)
    text = text_of("comfort", advice, situation=advice.situation, step=advice.step, move=advice.move)
    asked = dataclasses.replace(advice.case, asked=advice.step.rung.id, question=None)
    return Reply((Bubble(text, tuple(progress_buttons(advice.step.rung))),), asked)
