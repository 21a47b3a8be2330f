"""Quick replies: the answers to the questions that the bot asks, and the ways on."""

from __future__ import annotations

import datetime
from typing import List, Mapping, Optional, Tuple

from weiquan.case.case import Case
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Rung
from weiquan.reading.cues import FRAUD
from weiquan.replies.bubbles import Button, payload

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

_GIVEN_AWAY: Tuple[Tuple[str, str], ...] = (("已经付了", "already_paid"), ("给了验证码或卡号", "code_given"))

_WITHOUT_OUTCOME = frozenset({"stop_loss", "police", "medical_care"})


def progress_buttons(rung: Rung, waiting: bool = False, in_variant: bool = False, denied: bool = False) -> List[Button]:
    """Return the quick replies to "have you taken this rung?", or to "has it led to anything?".

    Where "not yet" was just said (`denied`), it is not offered again.
    """
    not_yet = Button("还在等" if waiting else _NOT_YET.get(rung.id, "还没"), payload("deny"))
    buttons = [] if denied else [not_yet]
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


SELLER_MESSAGE = "seller_message"

NEXT_STEP = Button("下一步", payload("ask_next_step"))


TALK_TO_SELLER = payload("ask_talk_to_seller")


def paper_payload(paper: str, tone: Optional[str] = None) -> str:
    """Return the payload that asks for a paper, "" being that of the next rung."""
    if not paper:
        return payload("request_document")
    return payload("request_document", paper=paper, **({"tone": tone} if tone else {}))
