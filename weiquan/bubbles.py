"""What a shopper sees: bubbles of text with quick replies."""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan.case import Case
from weiquan.knowledge import Knowledge
from weiquan.questionnaire import Question
from weiquan.reading import FRAUD
from weiquan.troubles import Rung, Situation

MAX_BUBBLE = 350
"""Characters that one bubble may hold (a phone screen)."""

DETAIL_TOPICS: Tuple[Tuple[str, str], ...] = (
    ("ask_talk_to_seller", "要说的话"),
    ("ask_evidence", "证据清单"),
    ("ask_deadline", "时限"),
    ("ask_phone", "电话"),
    ("ask_compensation", "赔偿和法条"),
)
COMMON_SITUATIONS = (
    "quality_problem",
    "seller_ignoring",
    "refund_refused",
    "not_shipped",
    "counterfeit",
    "bad_service",
)
_NOT_YET: Mapping[str, str] = {
    "negotiate": "还没说",
    "after_sales": "还没申请",
    "platform": "还没申请",
    "stop_loss": "还没付",
}
_DONE: Mapping[str, str] = {"after_sales": "申请了在等", "platform": "申请了在等"}
_OUTCOMES: Mapping[str, Tuple[Tuple[str, str], ...]] = {
    "negotiate": (("说了没回", "no_reply_yet"), ("商家拒绝", "seller_refused"), ("商家同意了", "seller_agreed")),
    "after_sales": (("被商家拒了", "seller_refused"), ("商家同意了", "seller_agreed")),
    "platform": (("平台没支持", "platform_refused"), ("平台支持了", "platform_agreed")),
    "platform_complaint": (("没用", "platform_refused"),),
}
_OTHER_OUTCOME: Tuple[Tuple[str, str], ...] = (("没解决", "platform_refused"),)
_SPARED_FOR_A_NOTE = ("【附上】", "【证据】", "【另外】", "【您说的】", "【为什么】", "【时限】", "【盯住】")
_GIVEN_AWAY: Tuple[Tuple[str, str], ...] = (("已经付了", "already_paid"), ("给了验证码或卡号", "code_given"))
_WITHOUT_OUTCOME = frozenset({"stop_loss", "police", "medical_care"})


@dataclasses.dataclass(frozen=True)
class Button:
    """A quick reply: what it says, and the payload that works from any channel."""

    title: str
    payload: str


@dataclasses.dataclass(frozen=True)
class Bubble:
    """One message: complete as plain text; buttons are shortcuts, a card (weiquan.cards) the same in parts."""

    text: str
    buttons: Tuple[Button, ...] = ()
    card: Optional[Mapping[str, Any]] = None


def payload(intent: str, **entities: str) -> str:
    """Return the `/intent{...}` payload for Rasa."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def fill(text: str, situation: Situation) -> str:
    """Fill {name}, {ask} and {apply_as} of a rung's sentence for `situation` (as `seen_as` its variant)."""
    return (
        text.replace("{name}", situation.name)
        .replace("{ask}", situation.ask)
        .replace("{apply_as}", situation.apply_as or situation.ask)
    )


def fit(write: Callable[[Mapping[str, Any]], str], reductions: Sequence[Mapping[str, Any]]) -> str:
    """Return the fullest text that stays within `MAX_BUBBLE`.

    `write` makes the text from overriding values; `reductions` are applied in
    turn, each on top of the former, while the text is too long.
    """
    values: Dict[str, Any] = {}
    text = write(values)
    for reduction in reductions:
        if len(text) <= MAX_BUBBLE:
            break
        values.update(reduction)
        text = write(values)
    return text


def with_note(bubbles: Tuple[Bubble, ...], note: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `note` as the last line of the first one that has, or can make, room for it.

    Room is made by leaving out what a button or a question brings back: evidence,
    other cases and what was told, then time limits. Where no bubble has any, the note is a bubble of its own.
    """
    for place, bubble in enumerate(bubbles):
        text = _with_last_line(bubble.text, note)
        if text:
            return (*bubbles[:place], dataclasses.replace(bubble, text=text), *bubbles[place + 1 :])
    return (Bubble(note), *bubbles)


def with_opening(bubbles: Tuple[Bubble, ...], sentence: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `sentence` as the first line of the first one, where it has room for it."""
    first = bubbles[0]
    text = f"{sentence}\n{first.text}"
    if len(text) > MAX_BUBBLE:
        return bubbles
    return (dataclasses.replace(first, text=text), *bubbles[1:])


def _with_last_line(text: str, line: str) -> str:
    """Return `text` with `line` at its end within `MAX_BUBBLE`, "" if it cannot be."""
    lines = text.split("\n")
    for label in _SPARED_FOR_A_NOTE:
        if len("\n".join([*lines, line])) <= MAX_BUBBLE:
            break
        lines = [one for one in lines if not one.startswith(label)]
    whole = "\n".join([*lines, line])
    return whole if len(whole) <= MAX_BUBBLE else ""


def progress_buttons(rung: Rung, waiting: bool = False, in_variant: bool = False) -> List[Button]:
    """Return the quick replies to "have you taken this rung?", or to "has it led to anything?"."""
    buttons = [Button("还在等" if waiting else _NOT_YET.get(rung.id, "还没"), payload("deny"))]
    if rung.id == "stop_loss" and not waiting and not in_variant:
        buttons += [Button(title, payload("report_fraud", situation=FRAUD, variant=one)) for title, one in _GIVEN_AWAY]
    elif not waiting and rung.id != "negotiate":
        buttons.append(Button(_DONE.get(rung.id, "已经做了"), payload("step_done")))
    if rung.id not in _WITHOUT_OUTCOME:
        buttons += [Button(title, payload(intent)) for title, intent in _OUTCOMES.get(rung.id, _OTHER_OUTCOME)]
    return buttons


def question_buttons(question: Question, today: datetime.date) -> List[Button]:
    """Return the answers offered to a question of the interview, and the ways round it."""
    answers = [Button(one.title, payload("inform", answer=one.value)) for one in question.offered(today)]
    return [*answers, *ways_round()]


def ways_round() -> List[Button]:
    """Return the quick replies of somebody who does not know, or would rather not say."""
    return [Button("不清楚", payload("dont_know")), Button("跳过", payload("skip"))]


def situation_buttons(facts: Knowledge) -> List[Button]:
    """Return the commonest situations, for somebody who has not told theirs."""
    return [
        Button(facts.situations[one].name, payload(facts.situations[one].intent, situation=one))
        for one in COMMON_SITUATIONS
    ]


def other_buttons(case: Case, facts: Knowledge) -> List[Button]:
    """Return buttons for what else was noticed."""
    return [
        Button(f"处理：{facts.situations[one].name}", payload(facts.situations[one].intent, situation=one))
        for one in case.others[:2]
        if one in facts.situations
    ]


def detail_buttons() -> List[Button]:
    """Return buttons for what the first bubble leaves out."""
    return [Button(title, payload(topic)) for topic, title in DETAIL_TOPICS]
