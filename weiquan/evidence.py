"""The evidence of a case: what to gather, what is there, and how to get what is lacking.

The pieces are facts (`knowledge/evidence.yml`). Which of them a shopper has is
read clause by clause: a piece or its number in the list, and beside it a word
of having (拍了, 存好了) or lacking (没拍, 找不到). A question, a plan and what the
seller demands tell neither.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Pattern, Sequence, Set, Tuple

from weiquan.bubbles import fit
from weiquan.case import Case
from weiquan.facts import NotRequired, Piece
from weiquan.knowledge import Knowledge
from weiquan.ladder import find_variant, ladder_of, next_step
from weiquan.patterns import one_of
from weiquan.rendering import render
from weiquan.troubles import Situation


@dataclasses.dataclass(frozen=True)
class Item:
    """A line of the checklist: the piece, whether the shopper has it, and how this case names it."""

    piece: Piece
    ticked: bool
    text: str


def _situation(case: Case, facts: Knowledge) -> Optional[Situation]:
    situation = facts.situations.get(case.situation or "")
    return situation.seen_as(find_variant(case, situation)) if situation else None


def _lines(texts: Iterable[str], facts: Knowledge) -> Dict[str, str]:
    """Return piece ids with the text that asks for each; a text that asks for several gives each its own name."""
    found: Dict[str, str] = {}
    for text in texts:
        pieces = [one for one in facts.pieces.values() if text in one.names]
        for piece in pieces:
            found.setdefault(piece.id, text if len(pieces) == 1 else piece.name)
    return found


def checklist(case: Case, facts: Knowledge, today: Optional[datetime.date] = None) -> Tuple[Item, ...]:
    """Return what to gather: the situation's or its variant's pieces, then those of the next rung on `today`.

    Without a known situation: what is good to have whatever happened. A piece
    stands once; its place does not depend on what is ticked, so that "the
    third" stays the third.
    """
    situation = _situation(case, facts)
    if situation:
        lines = _lines((*situation.evidence, *next_step(case, facts, today).rung.evidence), facts)
    else:
        lines = {one.id: one.general for one in facts.pieces.values() if one.general}
    return tuple(Item(facts.pieces[one], one in case.evidence, text) for one, text in lines.items())


def not_required(items: Iterable[Item], facts: Knowledge) -> Tuple[NotRequired, ...]:
    """Return what to say of pieces that are no condition, for a list of `items`."""
    listed = {one.piece.id for one in items}
    return tuple(one for one in facts.not_required.values() if listed.intersection(one.pieces))


def checklist_text(case: Case, facts: Knowledge, today: datetime.date) -> str:
    """Return the numbered list with its ticks, the next piece with how to get it, and what is not required.

    At most `bubbles.MAX_BUBBLE` characters: what the next piece proves, where it
    is found and the second note are left out first.
    """
    items = checklist(case, facts, today)
    situation = _situation(case, facts)
    notes = not_required(items, facts)
    values: Dict[str, Any] = {
        "trouble": situation.name if situation else None,
        "items": items,
        "missing": next((one for one in items if not one.ticked), None),
        "notes": notes[:2],
        "with_proof": True,
        "with_path": True,
        "with_hint": True,
    }
    return fit(
        lambda changed: render("evidence", facts, today, **{**values, **changed}),
        ({"notes": notes[:1]}, {"with_proof": False}, {"with_path": False}, {"with_hint": False}, {"notes": ()}),
    )


# What the shopper tells of it

_CLAUSE = re.compile(r"(?:[。;!?？！；~…\n]|(?<!\d)[,，]|[,，](?!\s?\d)|但是?|不过|可是|只是)+")
_QUESTION = re.compile(
    r"[?？]|吗|(?<!怎)么(?:\Z|呢)|有没有|要不要|是不是|需不需要|用不用|能不能|可不可以|怎么|如何|咋|哪|什么(?!都)|啥(?!都)|多少"
)
_OTHERS = one_of("商家 卖家 店家 店铺 客服 平台 老板 他们? 她 对方 12315 快递 系统")
_DEMANDED = re.compile(rf"(?:{_OTHERS}\S{{0,4}}?|非)(?:要我?|让我?|叫我?|问我?|说要|说没|非要|要求)")
"""Who asks for a piece does not say that it is there."""
_PLANNED = one_of("要 会 想 打算 准备(?=拍|截|录|存|去) 去 再 等下 等会儿? 待会儿? 马上 明天 回头 得 应该 可以 正在 在")
_KEPT = r"(?:没(?:有)?(?:扔|丢|删|动|拆))"
_GOT = (
    rf"(?:{_KEPT}|(?:拍照?|照|截[图屏]?|录[屏音]?|存|保存|留存|保留|留|备份|备|准备|打印|整理|收集|开|做|拿|找|弄|搞|收|下载|上传|传|记|发|给)"
    rf"(?:[到下出全]?来?)?(?:了|好了?|过|着|到|全|齐|下来|完)|(?:发给|传给|给){_OTHERS}(?:了|过|看)"
    r"|(?:是|都|已经?)?(?<!没)有(?!问题|毛病|没有|点|些|时|人|用|关|可能)|在(?=的|呢|了|手|\Z)"
    r"|齐(?:了|全)?|全(?:了|的|\Z)|留有|存有|拍得|拍的)"
)
_LACKED = (
    r"(?:还?没(?:有)?(?:来得及|能|法|顾上)?(?!有|问题|用|人|毛病|扔|丢|删|动|拆)|还?没有\Z|未(?!必|来)|还?缺|还差|少了?(?!件|发|货)"
    r"|忘(?:了|记了?)?|弄?丢了?|删了?|找不[到着]|拿不到|开不[出到]|不(?:给|肯|让|见|在)了?|扔了?|拍不了|截不了)"
)
_VERB = rf"(?P<verb>{_KEPT}|{_LACKED}|{_GOT})"
_RUN = "{0,8}"
"""Fillers before or after what counts. Their number is bounded, so that a search takes time linear in the text; and no
filler is two others put together, or there would be many ways to read one run (`tests/hostile`)."""
_BEFORE_VERB = (
    one_of(
        "我们? 也 都 已经? 早 就 全部? 统统 还 确实 给 一直 直 这些 倒是 手里 手头 现在 暂时 目前",
        "好像 根本 真 是 的 之类 那个 这个 这份 当时 自己 家里 里 一起 被 不小心 不知道 [,，、\\s]",
    )
    + _RUN
)
_BEFORE_PIECE = (
    r"(?:[一二两三四五六七八九十几好\d]+)?(?:个|张|份|段|条|些|次|遍|页|下)?"
    + one_of("了 过 的 很多 好多 完整 全部 所有 当时 那个 这个 跟 和 我 清楚 清晰 全套 原始 \\s", _OTHERS)
    + _RUN
)
_NUMERAL = r"(?:\d{1,2}|十[一二]?|[一二两三四五六七八九])"
_MEASURE = r"(?: ?[个项条样份张号])"
_AND_NUMBER = r"(?: ?(?:[、,，.和跟与及]|还有|以及)| )"
_NUMBERED = rf"第 ?{_NUMERAL}{_MEASURE}?(?:{_AND_NUMBER}第? ?{_NUMERAL}{_MEASURE}?){{0,11}}"
_SEVERAL = rf"{_NUMERAL}{_MEASURE}?(?:{_AND_NUMBER}第? ?{_NUMERAL}{_MEASURE}?){{1,11}}"
_PLACES = rf"(?P<places>{_NUMBERED}|{_SEVERAL})(?![次天月日年元块层])"
_BY_NUMBER = (
    re.compile(
        rf"(?:我的?|那|现在){{0,3}}(?P<places>{_NUMBERED}|{_SEVERAL}|\d{{1,2}}) ?{_BEFORE_VERB}{_VERB}\S{{0,3}}\Z"
    ),
    re.compile(rf"(?:我|现在|目前|已经?|还|就|只|那){_RUN}{_VERB} ?{_PLACES}\S{{0,2}}\Z"),
)
"""第3个没有, and 还差第3个."""
_RANGE = re.compile(
    rf"(?:第? ?(?P<first>{_NUMERAL}){_MEASURE}? ?(?:到|至|-|~) ?第? ?(?P<last>{_NUMERAL}){_MEASURE}?"
    rf"|前(?:面|边)?(?P<top>{_NUMERAL}){_MEASURE}?)"
    rf"{_BEFORE_VERB}{_VERB}\S{{0,3}}\Z"
)
_WHOLE = one_of("我 这些 上面 清单上? 证据 凭证 材料 东西 [你您]说的 以上 这几[样个项] 全部 所有 的 \\s") + _RUN
_ALL = re.compile(
    rf"{_WHOLE}(?:都|全部?|统统|全都|样样)(?:已经?|早就|给){{0,3}}(?:有|齐|备|准备|留|存|保存|拍|弄|截|收集|找|整理|在)\S{{0,4}}"
    r"|(?:证据|凭证|材料)(?:已经?|都|全){{0,3}}(?:齐|备齐|准备)(?:了|全|好了?)\S?"
)
_NONE = re.compile(
    rf"{_WHOLE}(?:都|全|(?:什么|啥|一个|一样|一张|哪个)(?:也|都))(?:还)?(?:没(?!问题)|缺)\S{{0,5}}"
    r"|(?:我)?没(?:有)?(?:任何|一点|半点)?(?:证据|凭证)(?:了)?"
)
_BUT = re.compile(
    r"除了?(?P<these>[^,，]{1,16}?)(?:以外|之外|外)?[,，]?(?:其他|其它|别的|其余|剩下的?)(?:的)?(?:都|全)\S{1,5}\Z"
)
_EXCEPTION = re.compile(r"(除了?[^,，。]{1,16})[,，](?=其他|其它|别的|其余|剩下)")
_LINKS = r"[、,，\s]|和|跟|与|及|以及|还有|加上?|也|都|连"
_AND = re.compile(rf"(?:{_LINKS})*\Z")
_ONLY_PIECES = re.compile(rf"(?:{_LINKS}|那个|这个|我|的|至于)*\Z")
_BACK = re.compile(rf"(?:我|可|也|都|还|真|确实|当时|倒是|这个|那个|它){_RUN}{_VERB}\S{{0,3}}\Z")
_EVERY_BEFORE, _EVERY_AFTER = re.compile(r"(?:所有|全部|每张)的?\Z"), re.compile(r"(?:也|我|已经)*(?:都|全)")
_ENDS_IN_VERB = re.compile(r"(?:截图|截屏|录屏|录音|拍照)\Z")
"""聊天记录截图 names a piece; with 了 after it, it tells that it was made."""
_BRACKETS = re.compile(r"[（(].*?[）)]")
_WHOLE_KIND = {"photo": "照片", "video": one_of("视频 录像"), "screenshot": one_of("截图 截屏")}
_VALUES = {one: place for place, one in enumerate("一二三四五六七八九", start=1)}


@dataclasses.dataclass(frozen=True)
class _Mention:
    """Pieces named together at `start:end` of a clause."""

    start: int
    end: int
    pieces: FrozenSet[str]


@dataclasses.dataclass
class _Told:
    """What was read so far; `waiting` are pieces named without a word of having or lacking."""

    ticks: Set[str] = dataclasses.field(default_factory=set)
    unticks: Set[str] = dataclasses.field(default_factory=set)
    waiting: FrozenSet[str] = frozenset()

    def note(self, pieces: Iterable[str], has: Optional[bool]) -> None:
        """Take `pieces` as there, as lacking, or (None) as only named; the last word counts."""
        if has is not None:
            (self.unticks if has else self.ticks).difference_update(pieces)
            (self.ticks if has else self.unticks).update(pieces)


def find_ticks(text: str, case: Case, facts: Knowledge, today: Optional[datetime.date] = None) -> FrozenSet[str]:
    """Return the ids of the pieces that `text` (normalised) says the shopper has.

    Named pieces are those of the case's whole ladder; numbers and "all" mean
    the lines of `checklist`, which depends on `today`.
    """
    return ticks_told(text, case, facts, today)[0]


def find_unticks(text: str, case: Case, facts: Knowledge, today: Optional[datetime.date] = None) -> FrozenSet[str]:
    """Return the ids of the pieces that `text` (normalised) says are lacking; none of them is in `find_ticks`."""
    return ticks_told(text, case, facts, today)[1]


def ticks_told(
    text: str, case: Case, facts: Knowledge, today: Optional[datetime.date] = None
) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return what `find_ticks` and `find_unticks` do, from one reading."""
    told = _read(text, case, facts, today)
    return frozenset(told.ticks), frozenset(told.unticks)


def _read(text: str, case: Case, facts: Knowledge, today: Optional[datetime.date]) -> _Told:
    listed = [one.piece.id for one in checklist(case, facts, today)]
    candidates = _candidates(case, listed, facts)
    told = _Told()
    for clause, is_question in _clauses(_EXCEPTION.sub(r"\1", text)):
        if is_question:
            told.waiting = frozenset()
        elif not _read_list(clause, listed, candidates, told):
            _read_named(clause, candidates, told)
    return told


def _candidates(case: Case, listed: Sequence[str], facts: Knowledge) -> List[Tuple[Piece, bool]]:
    """Return the pieces that may be named, with whether they are listed now: also those of the rungs to come."""
    ids = dict.fromkeys(listed)
    if case.situation in facts.situations:
        later = (text for rung in ladder_of(case, facts) for text in facts.rungs[rung].evidence)
        ids.update(dict.fromkeys(_lines(later, facts)))
    return [(facts.pieces[one], one in listed) for one in ids]


def _clauses(text: str) -> List[Tuple[str, bool]]:
    """Return the clauses of `text` and whether each asks something."""
    found, start = [], 0
    for border in [*_CLAUSE.finditer(text), None]:
        end = border.start() if border else len(text)
        mark = border.group() if border else ""
        clause = text[start:end].strip()
        if clause:
            found.append((clause, bool(_QUESTION.search(clause + mark))))
        start = border.end() if border else end
    return found


# By number, and all of it


def _read_list(clause: str, listed: Sequence[str], candidates: Sequence[Tuple[Piece, bool]], told: _Told) -> bool:
    """Read "the first and the third", "all", "all but the second"; tell whether the clause was of that kind."""
    exception = _BUT.search(clause)
    if exception:
        lacking = _numbered(exception["these"], listed) | _all_of(_mentions(exception["these"], candidates))
        told.note(set(listed) - lacking, True)
        told.note(lacking, False)
        return True
    for pattern, has in ((_NONE, False), (_ALL, True)):
        if pattern.fullmatch(clause):
            told.note(told.waiting or listed, has)
            return True
    span = _RANGE.match(clause)
    if span:
        first, last = (1, _value(span["top"])) if span["top"] else (_value(span["first"]), _value(span["last"]))
        told.note(listed[first - 1 : last], _verb_says(span["verb"]))
        return True
    match = next((found for pattern in _BY_NUMBER if (found := pattern.match(clause))), None)
    if match:
        told.note(_numbered(match["places"], listed), _verb_says(match["verb"]))
    return match is not None


def _numbered(text: str, listed: Sequence[str]) -> Set[str]:
    places = [_value(one) for one in re.findall(_NUMERAL, text)]
    return {listed[one - 1] for one in places if 1 <= one <= len(listed)}


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    if numeral.startswith("十"):
        return 10 + _VALUES.get(numeral[1:], 0)
    return 2 if numeral == "两" else _VALUES[numeral]


# By name


def _read_named(clause: str, candidates: Sequence[Tuple[Piece, bool]], told: _Told) -> None:
    """Read "照片拍了", "没有截图" and their like; a piece that was only named waits for the next clause."""
    groups = _groups(clause, _mentions(clause, candidates))
    if not groups:
        back = _BACK.fullmatch(clause)
        if back:
            told.note(told.waiting, _verb_says(back["verb"]))
        told.waiting = frozenset()
        return
    if _DEMANDED.search(clause[: groups[0].start]):
        told.waiting = _all_of(groups)
        return
    verb_first = bool(re.search(rf"{_VERB}{_BEFORE_PIECE}\Z", clause[: groups[0].start]))
    only_named: Set[str] = set()
    for place, group in enumerate(groups):
        before = clause[groups[place - 1].end if place else 0 : group.start]
        is_last = place + 1 == len(groups)
        after = clause[group.end : len(clause) if is_last else groups[place + 1].start]
        has = _has(clause[group.start : group.end], before, after, verb_first, is_last)
        told.note(group.pieces, has)
        if has is None:
            only_named |= group.pieces
        elif place == 0:
            told.note(told.waiting, has)
    is_bare = bool(_ONLY_PIECES.match("".join(_between(clause, groups))))
    told.waiting = told.waiting | only_named if only_named and is_bare else frozenset()


def _between(clause: str, groups: Sequence[_Mention]) -> List[str]:
    """Return what of `clause` lies outside `groups`."""
    ends = [0, *(one.end for one in groups)]
    starts = [*(one.start for one in groups), len(clause)]
    return [clause[end:start] for end, start in zip(ends, starts, strict=True)]


def _has(name: str, before: str, after: str, verb_first: bool, is_last: bool) -> Optional[bool]:
    """Tell whether the piece called `name` is there (True), lacking (False), or only named (None)."""
    following = re.match(rf"{_BEFORE_VERB}{_VERB}", after)
    made = _ENDS_IN_VERB.search(name)
    if following is None and made:
        following = re.match(_VERB, made.group() + after)
    leading = re.search(rf"(?P<plan>{_PLANNED})?{_VERB}{_BEFORE_PIECE}\Z", before)
    if following and (not verb_first or (is_last and leading is None)):
        return _verb_says(following["verb"])
    if leading:
        has = _verb_says(leading["verb"])
        return None if leading["plan"] and has else has
    return None


def _verb_says(verb: str) -> bool:
    return bool(re.match(_KEPT, verb)) or not re.match(_LACKED, verb)


def _mentions(clause: str, candidates: Sequence[Tuple[Piece, bool]]) -> List[_Mention]:
    """Return the pieces named in `clause`, of nested names the longest, first to last.

    A name that several pieces share means those listed now, if any is.
    """
    found: Dict[Tuple[int, int], Dict[str, bool]] = {}
    for piece, is_listed in candidates:
        spans = [match.span() for match in _cues(piece.tick_cues, piece.names).finditer(clause)]
        if is_listed and piece.kind in _WHOLE_KIND:
            spans += _every_of(_WHOLE_KIND[piece.kind], clause)
        for span in spans:
            found.setdefault(span, {})[piece.id] = is_listed
    kept = [
        _Mention(
            start, end, frozenset(one for one, is_listed in pieces.items() if is_listed or not any(pieces.values()))
        )
        for (start, end), pieces in found.items()
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in found)
    ]
    return sorted(kept, key=lambda one: (one.start, one.end))


def _every_of(kind: str, clause: str) -> List[Tuple[int, int]]:
    """Return where `clause` speaks of all photos, all screenshots …"""
    return [
        match.span()
        for match in re.finditer(kind, clause)
        if _EVERY_AFTER.match(clause[match.end() :]) or _EVERY_BEFORE.search(clause[: match.start()])
    ]


def _groups(clause: str, mentions: Sequence[_Mention]) -> List[_Mention]:
    """Join mentions that overlap or that only 和 or a comma parts: one word of having counts for all of them."""
    groups: List[_Mention] = []
    for one in mentions:
        last = groups[-1] if groups else None
        if last and (one.start <= last.end or _AND.match(clause[last.end : one.start])):
            groups[-1] = _Mention(last.start, max(last.end, one.end), last.pieces | one.pieces)
        else:
            groups.append(one)
    return groups


def _all_of(mentions: Iterable[_Mention]) -> FrozenSet[str]:
    return frozenset(piece for one in mentions for piece in one.pieces)


@functools.lru_cache(maxsize=256)
def _cues(patterns: Tuple[str, ...], names: Tuple[str, ...]) -> Pattern[str]:
    """Return what names a piece: its cues, and the texts of the list without what stands in brackets."""
    plain = [re.escape(_BRACKETS.sub("", one)) for one in names]
    return re.compile("|".join([*plain, *(f"(?:{one})" for one in patterns)]), re.IGNORECASE)
