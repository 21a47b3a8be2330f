"""Papers written from a case: messages, complaints, a civil complaint, a list of evidence.

What a paper must hold stands in `knowledge/papers.yml` with its source, its
layout in `templates/papers/`. What only the shopper can know is left as a blank
「【请填写：…】」. A template's lines become blocks by their first characters:

    ## heading    - numbered    | cell | cell |    >> signature    // note

anything else is a paragraph. Notes are for the shopper and are not part of
what is handed in.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from decimal import Decimal
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from weiquan.bubbles import fill
from weiquan.case import RUNG_EVENTS, Case
from weiquan.compensation import Claim, estimate, is_odd_amount, ruled_out, yuan
from weiquan.evidence import checklist
from weiquan.knowledge import Knowledge
from weiquan.ladder import USUAL_ORDER, find_variant, ladder_of, next_step
from weiquan.paper_facts import PaperKind, ToldTrouble
from weiquan.privacy import mask
from weiquan.rendering import render_parts
from weiquan.troubles import Situation
from weiquan.views import view

PAPERS = (
    "seller_message",
    "platform_complaint",
    "complaint_12315",
    "report_12315",
    "association_complaint",
    "civil_complaint",
    "evidence_list",
)
"""The ids of all papers, the one used first at the front."""
TONES = ("polite", "firm", "final")
"""The ids of the tones of the message to the seller."""

HEADING, PARAGRAPH, NUMBERED, TABLE, SIGNATURE, NOTE = (
    "heading",
    "paragraph",
    "numbered",
    "table",
    "signature",
    "note",
)
CELL_MARK = " ｜ "
"""What stands between the cells of a row in the text form."""

_MARKS = (("## ", HEADING), ("- ", NUMBERED), (">> ", SIGNATURE), ("// ", NOTE))
_TALKS = frozenset({"negotiate", "after_sales"})
"""Rungs that are still between the shopper and the seller."""
_MAX_OPTIONAL = 4
_MAX_OTHERS = 2
_MAX_VALUE = 60

# Longer than any telephone and most waybills: cards have 16 to 19 digits, identity cards 15 or 18 with X.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-.·]?\d){13,}[\s\-.·]?[\dXx]")
_PINDUODUO_ORDER = re.compile(r"(?P<day>\d{6})-(?P<rest>\d{12,18})")
_BIRTH_AND_MORE = re.compile(r"(?P<day>(?:19|20)\d{6})\d{4}")
"""What stands on an identity card after the six digits of the district."""
_WRITE = re.compile(
    r"(?:写|拟|生成|打印?|来|出|要|开)(?:一|1|个|张)?[份封](?!儿?钱)|[帮替给]我(?:写|拟|起草|生成|打印)"
)
"""Asks for something written, not how to write it."""
_LONGER_THAN_ANY_CARD = re.compile(r"\d{20,24}")
_FIRST_DAY = datetime.date(2015, 1, 1)
"""Pinduoduo took its first orders in 2015."""


@dataclasses.dataclass(frozen=True)
class Block:
    """A piece of a paper: `kind` is one of the names above; a table has `rows`, the first its heads, others `text`.

    A numbered block's text begins with its number.
    """

    kind: str
    text: str = ""
    rows: Tuple[Tuple[str, ...], ...] = ()


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper ready to be read: the blocks from top to bottom, the notes at the end.

    `written` is the day that it bears; an `is_message` is sent as it stands, without its title.
    """

    id: str
    title: str
    blocks: Tuple[Block, ...]
    written: datetime.date
    is_message: bool = False


def blank(what: str) -> str:
    """Return the blank for what only the shopper can fill in."""
    return f"【请填写：{what}】"


_UNKNOWN_AMOUNT = f"{blank('金额')}元"


def in_full(day: datetime.date) -> str:
    """Return a date as papers write it: 2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def write_paper(paper_id: str, case: Case, facts: Knowledge, today: datetime.date, tone: str = "firm") -> Paper:
    """Return the paper `paper_id` for `case`, dated `today`; a case of which nothing is known gives blanks.

    `tone` (see `TONES`) matters to the message to the seller alone. Raises
    `KeyError` for an unknown paper or tone.
    """
    kind, manner = facts.papers[paper_id], facts.tones[tone]
    draft = _Draft(kind, case, facts, today)
    parts, notes = render_parts(
        f"papers/{paper_id}",
        facts,
        today,
        paper=kind,
        seller=kind.seller,
        tone=manner,
        blank=blank,
        dated=in_full(today),
        until=in_full(today + datetime.timedelta(days=manner.reply_days)),
        written=lambda law_id: _cited([law_id], facts),
        **draft.values(),
    )
    # What the facts used call for, then that it is a draft: the last line of every paper.
    last, _ = render_parts("papers/draft", facts, today)
    text = "\n".join([*parts, *(f"// {one}" for one in notes.split("\n") if one), *last])
    return Paper(paper_id, kind.title, _blocks(text), today, kind.is_message)


def as_text(paper: Paper, with_notes: bool = True) -> str:
    """Return the paper as plain text to copy: the title first, then an empty line before headings and notes."""
    lines = [] if paper.is_message else [paper.title]
    before = ""
    for block in paper.blocks:
        if block.kind == NOTE and not with_notes:
            continue
        if block.kind == HEADING or (block.kind == NOTE and before != NOTE):
            lines.append("")
        lines.extend([CELL_MARK.join(row) for row in block.rows] if block.kind == TABLE else [block.text])
        before = block.kind
    return "\n".join(lines).strip()


def papers_for(case: Case, facts: Knowledge, today: Optional[datetime.date] = None) -> Tuple[str, ...]:
    """Return the papers that fit the case, the most fitting first: next rung, evidence, rungs left, rungs taken.

    `today` decides on the next rung, see `ladder.next_step`.
    A case without a known situation gets those of the usual ladder.
    """
    if case.situation in facts.situations:
        ladder, first = ladder_of(case, facts), next_step(case, facts, today).rung.id
    else:
        ladder, first = USUAL_ORDER, USUAL_ORDER[0]
    if "complaint_12315" in ladder and "association" not in ladder:
        # The association mediates whatever the market regulator does, and is the other door.
        ladder = (*ladder, "association")
    left = [one for one in ladder if one not in case.climbed]
    found = [*_papers_of([first], facts), "evidence_list", *_papers_of([*left, *reversed(ladder)], facts)]
    return tuple(dict.fromkeys(found))


def paper_told(text: str, facts: Knowledge) -> Optional[str]:
    """Return the paper that a shopper asks for in `text` (normalised), None where it names none."""
    return _told(text, facts.papers.values())


def asks_for_paper(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` (normalised) asks for a paper by its name: 「起诉状也来一份」, 「帮我写12315投诉」."""
    return bool(_WRITE.search(text)) and paper_told(text, facts) is not None


def tone_told(text: str, facts: Knowledge) -> Optional[str]:
    """Return the tone that `text` (normalised) asks for, None where it says nothing of it."""
    return _told(text, facts.tones.values())


def _told(text: str, records: Iterable[Any]) -> Optional[str]:
    for record in records:
        if any(re.search(cue, text, re.IGNORECASE) for cue in record.cues):
            return str(record.id)
    return None


def _papers_of(rungs: Iterable[str], facts: Knowledge) -> List[str]:
    return [one for rung in rungs for one in PAPERS if rung in facts.papers[one].rungs]


# --- values of a case, safe to print ---


def printable(value: str) -> str:
    """Return `value` on one line and of bearable length; what could be the number of an identity or bank card goes."""
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", mask(value)[0])).strip().replace("|", "｜")
    return _LONG_NUMBER.sub(blank("此处号码已隐去"), line)[:_MAX_VALUE]


def order_number_of(case: Case, today: datetime.date) -> Optional[str]:
    """Return the case's order number if it cannot be anybody's identity card or bank card, else None.

    Pinduoduo's begin with the day of the order (yymmdd) and a dash; other
    digits are taken where there are more of them than on any card.
    """
    told = re.sub(r"\s", "", unicodedata.normalize("NFKC", case.order_number or ""))
    if _LONGER_THAN_ANY_CARD.fullmatch(told):
        return told
    match = _PINDUODUO_ORDER.fullmatch(told)
    day = _day_of(match["day"], "%y%m%d") if match else None
    if match is None or day is None or not _FIRST_DAY <= day <= today + datetime.timedelta(days=1):
        return None
    birth = _BIRTH_AND_MORE.fullmatch(match["rest"])
    return None if birth and _day_of(birth["day"], "%Y%m%d") else told


def _day_of(digits: str, form: str) -> Optional[datetime.date]:
    try:
        return datetime.datetime.strptime(digits, form).date()
    except ValueError:
        return None


# --- what a template is given ---


@dataclasses.dataclass(frozen=True)
class OpenRequest:
    """A request that holds under conditions only."""

    text: str
    conditions: str
    citations: str


class _Draft:
    """Everything that the templates say of one case in one paper."""

    def __init__(self, kind: PaperKind, case: Case, facts: Knowledge, today: datetime.date) -> None:
        self.kind, self.case, self.facts, self.today = kind, case, facts, today
        self.situation: Optional[Situation] = view(case, facts) if case.situation in facts.situations else None
        self.claims: Tuple[Claim, ...] = estimate(case, facts) if self.situation else ()
        self.trouble = self._trouble()
        is_paid_known = case.amount is not None and not is_odd_amount(case)
        self.words: Dict[str, str] = {
            "me": kind.me,
            "seller": kind.seller,
            "shop": "贵店" if kind.seller == "贵店" else f"拼多多店铺{blank('店铺名称')}",
            "goods": printable(case.goods) if case.goods else blank("商品名称和规格"),
            "order_number": order_number_of(case, today) or blank("订单号"),
            "amount": yuan(Decimal(str(case.amount))) if is_paid_known else _UNKNOWN_AMOUNT,
            "today": in_full(today),
        }
        self.words["trouble"] = self._say(self._told_first(self.trouble)) if self.trouble else blank("出了什么问题")

    def values(self) -> Dict[str, Any]:
        """Return the values by the names that the templates use."""
        items = checklist(self.case, self.facts, self.today)
        names = {one.piece.id: one.text if self.situation else one.piece.name for one in items}
        missing = [one for one in items if not one.ticked]
        return {
            "events": self._events(),
            "requests": self._requests(),
            "optional": self._optional(),
            "citations": self._citations(),
            "suspected": (self.trouble and self.trouble.suspected) or "侵害消费者合法权益",
            "subject": self.situation.name if self.situation else blank("出了什么问题"),
            "order_number": self.words["order_number"],
            "company": self._company(),
            "parties": self._parties(),
            "is_delivered": self._is_purchase(),
            "is_choice": sum(one.rule.choice == "punitive" for one in self.claims) > 1,
            "evidence": [(names[one.piece.id], one.piece.proves) for one in items],
            "attached": "、".join(names.values()),
            # Where nothing was ticked, nothing is known of what is missing.
            "missing": "、".join(names[one.piece.id] for one in missing) if len(missing) < len(items) else "",
            "further": self._further(),
        }

    def _say(self, sentence: str) -> str:
        said = re.sub(r"\{(\w+)\}", lambda match: self.words[match.group(1)], sentence)
        return said.replace(" 【", "【")

    def _troubles(self) -> Tuple[str, ...]:
        """Return the ids under which the trouble may be described, the special case first."""
        variant = find_variant(self.case, self.facts.situations[self.situation.id]) if self.situation else None
        return tuple(one.id for one in (variant, self.situation) if one)

    def _trouble(self) -> Optional[ToldTrouble]:
        told = self.facts.told_troubles
        return next((told[one] for one in self._troubles() if one in told), None)

    def _told_first(self, trouble: ToldTrouble) -> str:
        return trouble.text + ("" if self._is_told_by_event(trouble) else trouble.also or "")

    def _told_beside(self, trouble: ToldTrouble) -> str:
        """Return the sentence of another trouble, "" where an event tells it."""
        return "" if self._is_told_by_event(trouble) else trouble.also or trouble.text

    def _is_told_by_event(self, trouble: ToldTrouble) -> bool:
        event = trouble.same_as
        return event is not None and self._has_happened(event, _RUNG_OF.get(event, event))

    def _is_purchase(self) -> bool:
        return self.trouble is None or self.trouble.is_purchase

    def _other_troubles(self) -> List[ToldTrouble]:
        told = self.facts.told_troubles
        return [told[one] for one in self.case.others if one in told][:_MAX_OTHERS]

    def _company(self) -> str:
        """Return the platform's company where it is the one complained of, else "".

        A variant decides for itself: an event of the platform's is another
        matter than a seller's gift.
        """
        about = self._troubles()[:1]
        return next((one.name for one in self.facts.companies.values() if set(about) & set(one.troubles)), "")

    def _parties(self) -> List[Tuple[str, List[str]]]:
        """Return each party's heading and lines, 「名称：【请填写：…】」 or the company's name."""
        return [
            (
                party.heading,
                [
                    _line(field, self._company() if party.is_respondent and place == 0 else "")
                    for place, field in enumerate(party.fields)
                ],
            )
            for party in self.kind.parties
        ]

    # --- what happened ---

    def _events(self) -> List[str]:
        """Return the sentences of what happened and was done, in the order of time.

        An event without a date stays behind the one that usually comes before it.
        """
        told: List[Tuple[datetime.date, str]] = []
        latest = datetime.date.min
        others = self._other_troubles()
        fruitless = {one.same_as for one in (self.trouble, *others) if one}
        for event in self.facts.told_events.values():
            rung = _RUNG_OF.get(event.id, event.id)
            has_failed = rung in self.case.failed or event.id in fruitless
            if not self._has_happened(event.id, rung) or (event.id == self.kind.own_event and not has_failed):
                continue
            day = self._day(event.id)
            latest = day or latest
            sentence = self._say(event.failed if event.failed and has_failed else event.text)
            if event.id != "trouble":
                when = in_full(day) if day else blank("下单日期" if event.id == "purchase" else "日期")
                sentence = f"{when}，{sentence}"
            told.append((latest, sentence))
            if event.id == "trouble":
                told.extend((latest, said) for one in others if (said := self._say(self._told_beside(one))))
        return [sentence for _, sentence in sorted(told, key=lambda one: one[0])]

    def _day(self, event: str) -> Optional[datetime.date]:
        dates = self.case.dates
        day = dates.get("ordered", dates.get("paid")) if event == "purchase" else dates.get(event)
        # What has not come yet has not happened.
        return day if day and day <= self.today else None

    def _has_happened(self, event: str, rung: str) -> bool:
        case = self.case
        if event == "trouble":
            return True
        if event == "purchase":
            is_known = bool(case.goods or case.order_number or self._day(event))
            return is_known or self._is_purchase()
        if event == "paid":
            return "ordered" in case.dates and self._day(event) not in {None, case.dates["ordered"]}
        if self._day(event) or rung in case.climbed:
            return True
        return event in _IMPLIED.get(case.stage or "", ())

    # --- what is wanted, and why it is due ---

    def _requests(self) -> List[str]:
        """Return what is asked for: what the shopper said, else the usual, and the claims that hold without more."""
        wishes = self.facts.told_wishes
        refunds = any(_is_refund(one) and one.rule.basis == "price" for one in self.claims)
        if self.case.remedy in wishes:
            first = self._say(wishes[self.case.remedy or ""].text)
        elif self.trouble and self.trouble.request:
            first = self.trouble.request
        elif self.kind.id == "civil_complaint" and refunds:
            # A court cannot decide "return or exchange"; and only plain money is a small claim.
            first = self._say(wishes["refund"].text)
        elif self.situation:
            first = fill("{ask}", self.situation).replace("商家", self.kind.seller)
        else:
            first = blank("您要怎么处理，如退款、换货、补发")
        return [first, *(self._claimed(one) for one in self.claims if one.met and not _is_refund(one))]

    def _optional(self) -> List[OpenRequest]:
        """Return the claims whose conditions are open, with those conditions."""
        open_claims = [one for one in self.claims if not one.met and not _is_refund(one)]
        return [
            OpenRequest(self._claimed(one), "；".join(one.needs), _cited(self._allowed(one.rule.laws), self.facts))
            for one in open_claims[:_MAX_OPTIONAL]
        ]

    def _claimed(self, claim: Claim) -> str:
        """Return a claim as a request, with the amount and, where it is more than the price, how it is reckoned."""
        told = self.facts.told_claims.get(claim.rule.id)
        text = told.text if told else f"支付{claim.rule.name} {{amount}}"
        said = text.replace("{amount}", _UNKNOWN_AMOUNT if claim.amount is None else yuan(claim.amount))
        said = said.replace(" 【", "【")
        return f"{said}（{claim.formula}）" if claim.amount is not None or claim.rule.minimum is not None else said

    def _citations(self) -> str:
        """Return the articles that this paper may rely on, without those of claims that are open or ruled out."""
        if not self.situation:
            return ""
        owed = {law for one in self.claims if one.met or one.rule.tier == 1 for law in one.rule.laws}
        hoped_for = {law for one in self.claims if not one.met and one.rule.tier > 1 for law in one.rule.laws}
        fallen = {law for rule, _ in ruled_out(self.case, self.facts) for law in rule.laws}
        unfounded = (hoped_for | fallen) - owed
        return _cited([one for one in self._allowed(self.situation.laws) if one not in unfounded], self.facts)

    def _allowed(self, laws: Sequence[str]) -> List[str]:
        left_out = set(self.kind.leaves_out)
        if not (self.kind.to_platform or self._company()):
            left_out.update(law for one in self.facts.companies.values() for law in one.laws)
        return [one for one in laws if one.startswith(self.kind.cites) and one not in left_out]

    # --- the way on ---

    def _further(self) -> str:
        """Return the name of the step to announce: the lowest beyond talking that is not taken yet."""
        ladder = ladder_of(self.case, self.facts) if self.situation else USUAL_ORDER
        beyond = [one for one in ladder if one in USUAL_ORDER and one not in _TALKS]
        left = [one for one in beyond if one not in self.case.climbed] or beyond or ["complaint_12315"]
        return self.facts.rungs[left[0]].name


_RUNG_OF = {event: rung for rung, event in RUNG_EVENTS.items()}
_IMPLIED: Mapping[str, Tuple[str, ...]] = {
    "shipped": ("shipped",),
    "received": ("received",),
    "returned": ("received", "returned"),
}
"""What has happened at a stage even where no date of it is known."""


def _is_refund(claim: Claim) -> bool:
    """Tell whether a claim is the money back, which the first request already asks for."""
    return claim.rule.choice in {"refund", "deposit"} and claim.rule.tier == 1


def _line(field: str, value: str) -> str:
    """Return «name: value» of a field 「名称（提示）」; the blank of an unknown value bears the hint."""
    name, _, hint = field.rstrip("）").partition("（")
    return f"{name}：{value or blank(hint or name)}"


def _cited(laws: Sequence[str], facts: Knowledge) -> str:
    """Return «《…法》第二十四条、第五十五条，《…》第十条», in the order of `laws.yml`, "" for none."""
    articles: Dict[str, List[str]] = {}
    in_order = list(facts.laws)
    for one in sorted(set(laws), key=in_order.index):
        record = facts.laws[one]
        articles.setdefault(record.law, []).extend(record.articles)
    # Within 《》 a title is set in 〈〉 (GB/T 15834).
    titles = {law: law.replace("《", "〈").replace("》", "〉") for law in articles}
    return "，".join(f"《{titles[law]}》{'、'.join(told)}" for law, told in articles.items())


# --- from text to blocks ---


def _blocks(text: str) -> Tuple[Block, ...]:
    blocks: List[Block] = []
    rows: List[Tuple[str, ...]] = []
    number = 0
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            blocks.append(Block(TABLE, rows=tuple(rows)))
            rows = []
        if not line.strip():
            continue
        mark, kind = next((one for one in _MARKS if line.startswith(one[0])), ("", PARAGRAPH))
        said = line[len(mark) :].strip()
        if kind == NUMBERED:
            number += 1
            said = f"{number}. {said}"
        elif kind == HEADING:
            number = 0
        blocks.append(Block(kind, said))
    return tuple(blocks)
