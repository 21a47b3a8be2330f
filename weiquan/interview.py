"""The interview: which question is worth asking next, and what an answer to it says.

The questions are data (`data/interview.yml`, and the conditions of
`knowledge/compensation.yml`). One is put only where two of its answers would
lead to different advice, so nothing is asked that changes nothing; and only
after the first concrete step, which the questions refine.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Any, Iterator, Optional, Sequence, Tuple

from weiquan.case import STAGES, Case
from weiquan.compensation import circumstance, estimate, open_circumstances
from weiquan.dates import due_dates, missing_events
from weiquan.details import Details, Entity, add_details, bare_amount
from weiquan.knowledge import Knowledge
from weiquan.ladder import is_urgent, next_step
from weiquan.progress import WAS_REFUSED
from weiquan.questionnaire import CIRCUMSTANCE, NO, YES, Question, interview
from weiquan.text import normalise
from weiquan.views import view

MAX_QUESTIONS = 4
"""With the one about steps taken, which the first answer asks, at most five in a case."""
TRIAL_AMOUNTS = (20.0, 2_000.0)
"""Below and above every minimum of compensation: where both get the same advice, the amount does not matter."""

_BEFORE = re.compile(
    r"(?:(?:对|嗯+|是)(?:的|啊|呀)?[,，]|好像|应该|大概|可能|似乎|貌似|我?记得|我看?|那个?|就|都"
    r"|商品页面?上?|页面上?|上面|商家|客服|是(?=没|不(?!是))|[,，\s])*"
)
"""Before the word that answers: 「好像有」, 「对，没写」."""
_YES = re.compile(
    r"没错|是(?!不是|否|谁|什么)|对(?!了|方|不起|商家)|有(?!没有|什么|点|人[吗说])|嗯|确实|当然|肯定|写[了着的明]"
    r"|标[了着明]|答应|承诺|说[过了]|带[了着的]"
)
_NO = re.compile(r"不|没|无|否|未|哪有")
_NEWS = re.compile(r"不[理退给发赔换回管行肯让]|不同意[退换赔]|没[用回退发办解兑收]|没人[理回管]")
"""News of the case, whatever was asked: 「没回」, 「不给退」."""
_SOME_TIME = re.compile(r"好?几天|很久|好久|老早|早就|前几天|前段时间|前阵子")
_PAID_IN_PART = re.compile(r"[定订]金|预付|扣")
"""What an amount may be called that is no price and yet answers what was paid."""
_PLAIN_ANSWER = re.compile(r"(?:是|对|有|嗯+|写)(?:的|了)?|没有?写?|不是?的?|没错")
"""What may begin a longer answer: 「没写，我又看了一遍」."""
_ASIDE = re.compile(
    r"(?:我|这个?|那个?|真的?|也|就|先|都|早|实在|确实|具体|啊|额|呃|[,，\s]){0,8}"
    r"(?:不(?:太|大|怎么|是很|很)?(?:清楚|知道|记得|确定|晓得|了解)|忘(?:了|记)|记不|没(?:注意|留意|印象)|想不起|说不(?:准|清|好|上)"
    r"|算了|跳过|略过|不(?:想|方便|愿意?|便)(?:说|讲|透露|回答)|不(?:说|告诉)|下一(?:个|题)|随便|无所谓|都(?:行|可以))"
)
"""Neither yes nor no: not known, or not to be told."""
_QUESTION = re.compile(r"[?？]|吗|怎么|咋|如何")
_CORRECTION = re.compile(
    r"(?:哎呀?|啊|等等|等下)?[,，]?(?:(?:我|刚才|刚刚|前面)*(?:不对|(?:说|写|记|打|搞|弄|点|选)错)(?:了|啦)?"
    r"|更正(?:一下)?|纠正(?:一下)?|改一下|不是(?=[^,，是]{1,8}[,，]?(?:而)?是))[,，。\s]*"
)
"""A bare 不是 is an answer; 不是 … 是 … puts right."""
_DENIED = re.compile(r"(?:而)?不是[^,，是]*")
_AMOUNT_LEAD = re.compile(r"^.*(?:是|改成|改为|付了|花了|错了)[,，]?|[,，]\Z")
_FIRST_CLAUSE = re.compile(r"[^,，。;；]*")
_SHORT = 16
"""Characters up to which a message is an answer rather than a story."""


def find_question(question_id: Optional[str], facts: Knowledge) -> Optional[Question]:
    """Return the question of an id, None where there is none."""
    if not question_id:
        return None
    own = next((one for one in interview().questions if one.id == question_id), None)
    return own or _about_circumstance(question_id, facts)


def open_question(case: Case, facts: Knowledge) -> Optional[Question]:
    """Return the question now open in `case` as it is put there, None where none is."""
    question = find_question(case.question, facts)
    return _as_put(question, case) if question else None


def _as_put(question: Question, case: Case) -> Question:
    """Return the question without the answer 「还没收到」 where the goods are at hand."""
    return question if _may_not_have_happened(question, case) else dataclasses.replace(question, not_yet=None)


def _may_not_have_happened(question: Question, case: Case) -> bool:
    if question.not_yet is None:
        return False
    is_at_hand = question.event == "received" and case.stage in {"received", "returned"}
    return not is_at_hand and case.situation not in question.not_yet.get("not_in", ())


def _about_circumstance(name: str, facts: Knowledge) -> Optional[Question]:
    told = circumstance(name, facts)
    if told is None:
        return None
    options = ({"title": told.yes_label, "value": YES}, {"title": told.no_label, "value": NO})
    return Question(name, CIRCUMSTANCE, told.question, told.why.rstrip("。"), event=name, options=options)


def next_question(case: Case, facts: Knowledge, today: datetime.date) -> Optional[Question]:
    """Return what is worth asking next, None where nothing more would change the advice.

    In danger nothing is asked; and no more than `MAX_QUESTIONS` are put in a case.
    """
    if case.situation not in facts.situations or is_urgent(case, facts) or len(case.put) >= MAX_QUESTIONS:
        return None
    for question in (_as_put(one, case) for one in _candidates(case, facts)):
        if (
            question.id not in case.put
            and not is_known(question, case)
            and changes_advice(question, case, facts, today)
        ):
            return question
    return None


def _candidates(case: Case, facts: Knowledge) -> Iterator[Question]:
    """Yield the questions that fit the case, in their order.

    The conditions of compensation come before the amount: where they rule the
    larger claims out, what was paid changes nothing.
    """
    missing = missing_events(case, facts)
    for question in interview().questions:
        if question.kind == "amount":
            for name in open_circumstances(case, facts):
                about = _about_circumstance(name, facts)
                if about and case.situation not in facts.circumstances[name].not_asked_in:
                    yield about
        if (question.situations and case.situation not in question.situations) or case.situation in question.not_in:
            continue
        if question.unless_failed in case.failed:
            continue
        if question.kind == "date" and question.event not in missing:
            continue
        yield question


def date_question(case: Case, facts: Knowledge) -> Optional[Question]:
    """Return the question for the day from which most of the case's limits run, None where all are known."""
    missing = missing_events(case, facts)
    dated = [one for one in interview().questions if one.kind == "date" and one.event in missing]
    return _as_put(dated[0], case) if dated else None


def is_known(question: Question, case: Case) -> bool:
    """Tell whether the case holds the answer already."""
    if question.kind == "date":
        passed_over = question.event == "received" and case.stage in {"unshipped", "shipped"}
        return question.event in case.dates or passed_over
    known = {"stage": case.stage, "amount": case.amount, "remedy": case.remedy}
    if question.kind in known:
        return known[question.kind] is not None
    return question.event in case.circumstances


def changes_advice(question: Question, case: Case, facts: Knowledge, today: datetime.date) -> bool:
    """Tell whether two answers to `question` lead to different advice."""
    outcomes = {_advice(one, facts, today) for one in _answered_each_way(question, case, today)}
    return len(outcomes) > 1


def _answered_each_way(question: Question, case: Case, today: datetime.date) -> Iterator[Case]:
    if question.kind == "amount":
        for yuan in TRIAL_AMOUNTS:
            yield dataclasses.replace(case, amount=yuan)
    else:
        for option in question.offered(today):
            yield with_value(question, case, option.value)


def with_value(question: Question, case: Case, value: str) -> Case:
    """Return the case with one of the offered answers; a value of a wrong form changes nothing."""
    if question.kind == "date":
        if value in STAGES:
            return dataclasses.replace(case, stage=value)
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            return case
        return add_details(case, Details(stage=_stage_at(question), dates={question.event: day}))
    if question.kind == "stage":
        return dataclasses.replace(case, stage=value) if value in STAGES else case
    if question.kind == "remedy":
        return dataclasses.replace(case, remedy=value if value in interview().remedies else case.remedy)
    if question.kind == CIRCUMSTANCE and value in (YES, NO):
        return dataclasses.replace(case, circumstances={**case.circumstances, question.event: value == YES})
    return case


def _stage_at(question: Question) -> Optional[str]:
    return {"received": "received", "return_received": "returned"}.get(question.event)


def _advice(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Any, ...]:
    """Return what is advised, comparable: step, reasons, last days, claims beyond the price, what to ask for."""
    step = next_step(case, facts, today)
    dues = tuple((one.deadline.id, one.ends) for one in due_dates(case, facts, today))
    claims = tuple(
        (one.rule.id, one.amount if one.rule.is_beyond_refund else None, one.met) for one in estimate(case, facts)
    )
    return step.rung.id, step.reasons, dues, claims, view(case, facts).ask


def take_answer(
    case: Case,
    intent: str,
    text: str,
    details: Details,
    entities: Sequence[Entity],
    facts: Knowledge,
) -> Optional[Case]:
    """Return the case after an answer to its open question, None where the message is no answer to it.

    A pressed button of the question brings the value as an entity and no `text`.
    """
    question = find_question(case.question, facts)
    if question is None:
        return None
    if _puts_aside(intent, text) and details.is_empty:
        return settled(case, question)
    pressed = next((str(one.value) for one in entities if one.kind == "answer"), None)
    if pressed is not None:
        return settled(with_value(question, case, pressed), question)
    if not text:
        return None  # a button of another question: "not yet" there is no answer here
    answered = _typed_answer(question, case, intent, text, details, entities)
    return settled(answered, question) if answered is not None else None


def settled(case: Case, question: Question) -> Case:
    """Return the case with `question` put and closed."""
    put = tuple(one for one in case.put if one != question.id)
    return dataclasses.replace(case, question=None, put=(*put, question.id))


def _puts_aside(intent: str, text: str) -> bool:
    """Tell whether a message says that its writer does not know, or does not want to say."""
    if len(text) > _SHORT or _QUESTION.search(text):
        return False
    return intent in {"skip", "dont_know"} or bool(_ASIDE.match(text))


def _typed_answer(
    question: Question, case: Case, intent: str, text: str, details: Details, entities: Sequence[Entity]
) -> Optional[Case]:
    told = add_details(case, details)
    if question.kind == "date":
        return _day_answer(question, case, intent, text, details, entities)
    titles = {normalise(one["title"]): str(one["value"]) for one in question.options}
    written_out = titles.get(text.rstrip("。"))
    if written_out:
        return with_value(question, told, written_out)
    if question.kind == "amount":
        yuan = details.amount if details.amount is not None else bare_amount(text)
        if yuan is None and len(text) <= _SHORT and _PAID_IN_PART.search(text):
            yuan = next((float(one.value) for one in entities if one.kind == "amount" and one.value), None)
        is_number_of_something = any(one.kind.endswith("_number") for one in entities)
        return dataclasses.replace(told, amount=yuan) if yuan and not is_number_of_something else None
    if question.kind == "stage":
        return told if details.stage else None
    if question.kind == "remedy":
        return told if details.remedy else None
    return _yes_or_no(question, told, intent, text)


def _day_answer(
    question: Question, case: Case, intent: str, text: str, details: Details, entities: Sequence[Entity]
) -> Optional[Case]:
    """Return the case after an answer to "on which day?".

    "Last month" tells no day that a limit could be reckoned from: it settles
    the question and nothing else.
    """
    told, is_short = add_details(case, details), len(text) <= _SHORT
    if question.event in details.dates:
        return told
    if details.dates:
        return None
    if details.bare_dates and is_short:
        return with_value(question, told, details.bare_dates[0].isoformat())
    if question.not_yet:
        is_about_goods = question.event == "received" and details.stage in {"unshipped", "shipped"}
        # 「12315 没解决」 is a no as well, and says nothing of the goods.
        is_plain_no = is_short and intent == "deny" and not _NEWS.search(text)
        is_waited_for = details.stage == "shipped" or (is_short and details.future)
        if is_about_goods or is_waited_for or (is_plain_no and _may_not_have_happened(question, told)):
            return dataclasses.replace(told, stage=details.stage if is_about_goods else question.not_yet["stage"])
        if is_plain_no:
            return told  # shoes that were worn have come: 「没有」 tells no day, and not that they are on their way
    tells_some_time = any(one.kind in {"date", "duration"} for one in entities) or bool(_SOME_TIME.search(text))
    return told if is_short and tells_some_time and not details.future else None


def _yes_or_no(question: Question, case: Case, intent: str, text: str) -> Optional[Case]:
    says_yes = _says_yes(intent, text)
    if says_yes is None:
        return None
    return dataclasses.replace(case, circumstances={**case.circumstances, question.event: says_yes})


def _says_yes(intent: str, text: str) -> Optional[bool]:
    """Tell whether a message says yes, None where it says neither; its words go before `intent`."""
    if intent in WAS_REFUSED or _QUESTION.search(text):
        return None
    begins = _FIRST_CLAUSE.match(text)
    words = (
        text if len(text) <= _SHORT else begins.group() if begins and _PLAIN_ANSWER.fullmatch(begins.group()) else ""
    )
    hedges = _BEFORE.match(words)
    words = words[hedges.end() :] or words if hedges else words
    if _NEWS.match(words):
        return None
    if _YES.match(words):
        return True
    return False if _NO.match(words) else {"affirm": True, "deny": False}.get(intent)


def is_correcting(intent: str, text: str) -> bool:
    """Tell whether a message corrects what was told before; a bare 「不对」 is an answer."""
    begins = _CORRECTION.match(text)
    return intent == "correct_information" or bool(begins and begins.end() < len(text))


def correct(case: Case, text: str, details: Details, facts: Knowledge) -> Case:
    """Return the case after a correction: a bare day, number, yes or no is the one told last.

    「不对，是上周三」 means the date that was asked for last; 「是 49 不是 39」 the
    amount. Named ones are taken as they are named. What corrects nothing may
    answer the open question.
    """
    rest = _CORRECTION.sub("", text, count=1)
    if rest == text:
        answer = take_answer(case, "inform", text, details, (), facts)
        if answer:
            return answer
    told = add_details(_without_arrival(case, details), details)
    if details.goods:
        told = dataclasses.replace(told, goods=details.goods)
    if details.bare_dates and not details.dates:
        latest = _latest_date(case, facts)
        if latest:
            told = add_details(told, Details(dates={latest: details.bare_dates[0]}))
    if details.amount is None and case.amount is not None:
        yuan = bare_amount(_AMOUNT_LEAD.sub("", _DENIED.sub("", text)))
        told = dataclasses.replace(told, amount=yuan) if yuan else told
    if told == case:
        last = find_question(case.put[-1] if case.put else None, facts)
        # 「说错了，是799」 is no yes.
        if last and last.kind == CIRCUMSTANCE and not re.search(r"\d", rest):
            told = _yes_or_no(last, told, "inform", rest) or told
    return told if told != case else take_answer(case, "inform", rest, details, (), facts) or case


def _without_arrival(case: Case, details: Details) -> Case:
    """Return the case without the days on which the goods came, where they have not come after all."""
    if details.stage not in {"unshipped", "shipped"}:
        return case
    dates = {event: day for event, day in case.dates.items() if event not in {"received", "confirmed"}}
    return dataclasses.replace(case, dates=dates)


def _latest_date(case: Case, facts: Knowledge) -> Optional[str]:
    """Return the event whose date was asked for last, else the only one dated."""
    for asked in reversed(case.put):
        question = find_question(asked, facts)
        if question and question.kind == "date" and question.event in case.dates:
            return question.event
    return next(iter(case.dates)) if len(case.dates) == 1 else None
