"""What an answer to a question for a paper does: it goes into the case, as it was said."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence

from weiquan.case.case import Case
from weiquan.case.values import number
from weiquan.dialogue.reports import LONGEST_ACCOUNT
from weiquan.facts.papers import PaperQuestion
from weiquan.language.endings import beginnings
from weiquan.language.entities.numerals import whole_number
from weiquan.reading.details import Details, Entity, add_details
from weiquan.reading.prices import bare_amount

_LONGEST_NAME, _OLDEST_CHILD = 30, 18
_BEFORE_NAME = (
    *("店铺名字", "店铺名称", "店铺名", "店铺", "店名", "名字", "商品", "买的", "我买的"),
    *("叫做", "叫", "是", "就是", ":", "：", " ", "我", "的"),
)
_MOST_BEFORE = 4


def take_paper_answer(
    question: PaperQuestion, case: Case, text: str, details: Details, entities: Sequence[Entity]
) -> Optional[Case]:
    """Return the case with the answer `text` (normalised) to `question`, None where it holds none."""
    if question.kind == "date":
        event = question.fills or ""
        day = details.dates.get(event) or next(iter(details.bare_dates), None)
        return add_details(case, Details(dates={event: day}, stage=details.stage)) if day else None
    if question.kind == "amount":
        yuan = _amount(text, details, entities)
        if yuan is None:
            return None
        return dataclasses.replace(case, amount=yuan) if question.fills else told(case, question.id, f"{yuan:g}")
    if question.kind == "age":
        number = whole_number(text.rstrip("了。吧").removesuffix("周岁").removesuffix("岁"))
        years = int(number.value) if number and number.value is not None else None
        return told(case, question.id, str(years)) if years is not None and years <= _OLDEST_CHILD else None
    if question.kind == "order_number":
        number_told = details.order_number
        return dataclasses.replace(case, order_number=number_told) if number_told else None
    if question.kind == "remedy":
        return dataclasses.replace(case, remedy=details.remedy) if details.remedy else None
    if question.kind in {"shop", "goods"}:
        name = (details.shop if question.kind == "shop" else None) or _name(text)
        tells_other = details.order_number or details.amount is not None or details.dates or details.bare_dates
        if not 0 < len(name) <= _LONGEST_NAME or name.isdigit() or tells_other:
            return None
        is_shop = question.kind == "shop"
        return dataclasses.replace(case, shop=name) if is_shop else dataclasses.replace(case, goods=name)
    # 「店铺叫…」 is no reason of a refusal: it has a place of its own.
    is_of_another = details.shop or details.order_number
    return told(case, question.id, text[:LONGEST_ACCOUNT]) if text and not is_of_another else None


def told(case: Case, question: str, words: str) -> Case:
    """Return the case that keeps `words` as the answer to `question`; "" passes it over."""
    return dataclasses.replace(case, told={**case.told, question: words})


def _amount(text: str, details: Details, entities: Sequence[Entity]) -> Optional[float]:
    """Return the yuan told: a whole answer, what was called a price, else the only amount."""
    whole = bare_amount(text)
    if whole is not None:
        return whole
    values = (number(entity.value) for entity in entities if entity.kind == "amount")
    amounts = [yuan for yuan in values if yuan is not None]
    return details.amount if details.amount is not None else amounts[0] if len(amounts) == 1 else None


def _name(text: str) -> str:
    start = max(beginnings(text, _BEFORE_NAME, _MOST_BEFORE))
    return text[start:].strip("「」\"'“”。. ")
