"""Answers: from a case, a question or a number to the bubbles that the shopper reads.

An answer is at most two bubbles. The first holds what to do now; the second
the bot's question, what else was noticed, and buttons for the rest.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan.case import Case
from weiquan.contacts import find_scam, verify, warnings
from weiquan.facts import Rung, Situation, Variant
from weiquan.knowledge import Knowledge
from weiquan.ladder import Step, find_variant, ladder_of, next_step
from weiquan.rendering import render

MAX_BUBBLE = 350
"""Chinese characters that one bubble may hold (a phone screen)."""
NO_CHANNEL_LABEL = "在订单页提交"
DETAIL_TOPICS: Tuple[Tuple[str, str], ...] = (
    ("ask_talk_to_seller", "要说的话"),
    ("ask_evidence", "证据清单"),
    ("ask_deadline", "时限"),
    ("ask_phone", "电话"),
    ("ask_compensation", "赔偿和法条"),
)
_PROGRESS: Mapping[str, Tuple[Tuple[str, str], ...]] = {
    "negotiate": (("还没说", "deny"), ("说了没回", "no_reply_yet"), ("商家拒绝", "seller_refused"), ("商家同意了", "seller_agreed")),
    "after_sales": (("还没申请", "deny"), ("申请了在等", "step_done"), ("被商家拒了", "seller_refused"), ("商家同意了", "seller_agreed")),
    "platform": (("还没申请", "deny"), ("申请了在等", "step_done"), ("平台没支持", "platform_refused"), ("平台支持了", "platform_agreed")),
    "platform_complaint": (("还没", "deny"), ("投诉了在等", "step_done"), ("没用", "platform_refused")),
}
_DEFAULT_PROGRESS: Tuple[Tuple[str, str], ...] = (("还没", "deny"), ("已经做了", "step_done"), ("做了没用", "no_reply_yet"))


@dataclasses.dataclass(frozen=True)
class Button:
    """A quick reply: what it says and the payload that works from any channel."""

    title: str
    payload: str


@dataclasses.dataclass(frozen=True)
class Bubble:
    """One message: complete as plain text, buttons are shortcuts."""

    text: str
    buttons: Tuple[Button, ...] = ()


def payload(intent: str, **entities: str) -> str:
    """Return the `/intent{...}` payload for Rasa."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def fill(text: str, situation: Situation) -> str:
    """Fill {name}, {ask} and {apply_as} of a rung's sentence for `situation`."""
    return (
        text.replace("{name}", situation.name)
        .replace("{ask}", situation.ask)
        .replace("{apply_as}", situation.apply_as or situation.ask)
    )


def _fit(render_with: Any, reductions: Sequence[Mapping[str, Any]]) -> str:
    """Return the fullest text that stays within `MAX_BUBBLE`, dropping detail in the given order."""
    values: Dict[str, Any] = {}
    text = str(render_with(values))
    for reduction in reductions:
        if len(text) <= MAX_BUBBLE:
            break
        values.update(reduction)
        text = str(render_with(values))
    return text


def _step_text(case: Case, step: Step, situation: Situation, facts: Knowledge, today: datetime.date) -> str:
    variant: Optional[Variant] = find_variant(case, situation)
    urgent = situation.urgent or bool(variant and variant.urgent)
    first_time = not case.climbed
    moves = list(variant.first_moves if variant else situation.first_moves)
    if not first_time and not urgent:
        moves = moves[:1]
    moves.append(fill(step.rung.move, situation))
    deadlines = list(dict.fromkeys([*step.rung.deadlines[:1], *situation.deadlines[:1]]))
    evidence = list(situation.evidence[:4])
    contacts = step.rung.contacts[:2] if urgent or not step.rung.channel else ()
    base: Dict[str, Any] = {
        "opening": variant.opening if variant else situation.opening,
        "moves": moves,
        "rung": step.rung,
        "waiting": step.waiting,
        "after": step.after,
        "evidence": evidence,
        "deadlines": deadlines,
        "show_contacts": contacts,
    }
    return _fit(
        lambda values: render("step", facts, today, **{**base, **values}),
        ({"evidence": evidence[:3]}, {"deadlines": deadlines[:1]}, {"evidence": evidence[:2]}, {"deadlines": []}),
    )


def progress_buttons(rung: Rung) -> List[Button]:
    """Return the quick replies to "have you taken this rung?"."""
    return [Button(title, payload(intent)) for title, intent in _PROGRESS.get(rung.id, _DEFAULT_PROGRESS)]


def _other_buttons(case: Case, facts: Knowledge) -> List[Button]:
    return [
        Button(f"处理：{facts.situations[one].name}", payload(facts.situations[one].intent, situation=one))
        for one in case.others[:2]
        if one in facts.situations
    ]


def _detail_buttons() -> List[Button]:
    return [Button(title, payload(topic)) for topic, title in DETAIL_TOPICS]


def situation_answer(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Tuple[Bubble, ...], Case]:
    """Return the next step for `case` and the case with the question that was asked.

    Without a known situation the shopper is asked what happened.
    """
    if case.situation not in facts.situations:
        return (Bubble(render("no_case", facts, today), tuple(_situation_buttons(facts))),), case
    situation = facts.situations[case.situation]
    step = next_step(case, facts)
    first = Bubble(_step_text(case, step, situation, facts, today))
    second, asked = _followup(case, step, facts, today)
    return (first, second), dataclasses.replace(case, asked=asked)


def _followup(case: Case, step: Step, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, Optional[str]]:
    others = [facts.situations[one] for one in case.others if one in facts.situations]
    about = step.waiting or step.rung
    question = about.question
    if step.waiting and question:
        question = f"「{about.name}」有结果了吗？"
    text = render("followup", facts, today, others=others, question=question)
    buttons = (progress_buttons(about) if question else []) + _other_buttons(case, facts) + _detail_buttons()
    return Bubble(text, tuple(buttons)), about.id if question else None


def rung_answer(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Tuple[Bubble, ...], Case]:
    """Explain how to take the rung that was asked about ("还没"), with the words to send there."""
    if case.situation not in facts.situations:
        return situation_answer(case, facts, today)
    situation = facts.situations[case.situation]
    step = next_step(case, facts)
    words = situation.words if step.rung.id == "negotiate" else fill(step.rung.words or "", situation)
    text = _fit(
        lambda values: render(
            "rung_detail",
            facts,
            today,
            rung=step.rung,
            move=fill(step.rung.move, situation),
            after=step.after,
            **{"words": words, **values},
        ),
        ({"words": fill(step.rung.words or "", situation)}, {"words": ""}),
    )
    buttons = [one for one in progress_buttons(step.rung) if one.payload != "/deny"]
    return (Bubble(text, tuple(buttons + _detail_buttons()[1:])),), dataclasses.replace(case, asked=step.rung.id)


def agreed_answer(who: str, case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Return how to make an agreement hold; `who` is 商家 or 平台."""
    after = next_step(case, facts).after if case.situation in facts.situations else None
    text = render("agreed", facts, today, who=who, after=after)
    return (Bubble(text, (Button("没兑现", payload("no_reply_yet")), *_detail_buttons()[2:4])),)


def overview_answer(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Return where the case stands: what was done, what is next, what to watch."""
    if case.situation not in facts.situations:
        return situation_answer(case, facts, today)[0]
    situation = facts.situations[case.situation]
    step = next_step(case, facts)
    text = render(
        "overview",
        facts,
        today,
        situation=situation,
        others=[facts.situations[one] for one in case.others if one in facts.situations],
        done=[facts.rungs[one] for one in ladder_of(case, facts) if one in case.climbed],
        step=step,
        move=fill(step.rung.move, situation),
        deadline=next(iter((*step.rung.deadlines, *situation.deadlines)), None),
    )
    return (Bubble(text, tuple(progress_buttons(step.rung) + [Button("换一件事", payload("start_new_case"))])),)


def comfort_answer(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Return one human sentence, then the next step or the question what happened."""
    situation = facts.situations.get(case.situation or "")
    step = next_step(case, facts) if situation else None
    move = fill(step.rung.move, situation) if situation and step else ""
    text = render("comfort", facts, today, situation=situation, step=step, move=move)
    return (Bubble(text, tuple(progress_buttons(step.rung) if step else _situation_buttons(facts))),)


def topic_answer(
    topic: str, case: Case, told_now: bool, facts: Knowledge, today: datetime.date
) -> Tuple[Tuple[Bubble, ...], Case]:
    """Answer the question `topic`; where the message also told a trouble (`told_now`), the step follows.

    Raises `KeyError` for a topic without a template.
    """
    situation = facts.situations.get(case.situation or "")
    answer = Bubble(_topic_text(topic, situation, facts, today))
    if told_now and situation:
        step = next_step(case, facts)
        steps = Bubble(_step_text(case, step, situation, facts, today))
        second, asked = _followup(case, step, facts, today)
        return (answer, Bubble(steps.text, second.buttons)), dataclasses.replace(case, asked=asked)
    buttons: List[Button] = []
    if situation:
        buttons.append(Button(f"回到：{situation.name}", payload("ask_next_step")))
    else:
        buttons += _situation_buttons(facts)
    return (Bubble(answer.text, tuple(buttons)),), case


def _topic_text(topic: str, situation: Optional[Situation], facts: Knowledge, today: datetime.date) -> str:
    if topic not in facts.topics:
        raise KeyError(topic)
    return render(f"topics/{topic}", facts, today, situation=situation)


def contact_answer(text: str, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Say what is known of the numbers, sites or callers in `text`."""
    verdicts = verify(text, facts)
    scam = find_scam(text, facts)
    if scam:
        return (Bubble(render("scam", facts, today, scam=scam)),)
    return (Bubble(render("verdict", facts, today, verdicts=verdicts, never=warnings(facts))),)


def _situation_buttons(facts: Knowledge) -> List[Button]:
    common = ("quality_problem", "seller_ignoring", "refund_refused", "not_shipped", "counterfeit", "bad_service")
    return [Button(facts.situations[one].name, payload(facts.situations[one].intent)) for one in common]


def reading_label(intent: str, facts: Knowledge) -> Optional[str]:
    """Return how an intent is named on a button, or None if it is not one to offer."""
    if intent in facts.topics:
        return facts.topics[intent].label
    return next((one.name for one in facts.situations.values() if one.intent == intent and one.default), None)


def clarify_answer(
    ranking: Sequence[Tuple[str, float]], text: str, facts: Knowledge, today: datetime.date
) -> Tuple[Bubble, ...]:
    """First stage of the fallback: offer the two or three likeliest readings."""
    offered = [(intent, label) for intent, _ in ranking if (label := reading_label(intent, facts))][:3]
    letters = [one for one in text if one.isalpha()]
    english = bool(letters) and all(one.isascii() for one in letters) and len(text) > 3
    buttons = [Button(label, payload(intent)) for intent, label in offered]
    if buttons:
        buttons.append(Button("都不是", payload("nlu_fallback")))
    else:
        buttons = _situation_buttons(facts)
    return (Bubble(render("clarify", facts, today, offered=bool(offered), english=english), tuple(buttons)),)


def menu_answer(facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Second stage of the fallback: the menu and the human channels."""
    buttons = [*_situation_buttons(facts), Button("投诉电话", payload("ask_phone"))]
    return (Bubble(render("menu", facts, today), tuple(buttons)),)
