"""What nobody should send: identity card and bank card numbers, passwords and codes are taken out of a message.

The bot's own channels call `mask` before a message enters Rasa, so that nothing
reads, keeps or repeats what it takes out. `rasa shell` and Rasa's HTTP API know
nothing of it: there the tracker keeps what was typed, and only the actions mask
the text that they read.
Order numbers, waybills and telephones stay (`identifiers`), for the
case needs them. A question about codes holds none and stays as it is.

The check digits are python-stdnum's. Its `ric.is_valid` is not asked: it also
wants the district in a list of its own, so that a number of a district missing
there would stay in the message, and it raises `KeyError` on those that begin
with 830000 (residents from Taiwan).
"""

from __future__ import annotations

import re
import unicodedata
from typing import FrozenSet, Iterator, List, Optional, Sequence, Tuple

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from weiquan.language.identifiers import ORDER, TRACKING, find_identifiers
from weiquan.language.patterns import one_of, without_overlaps

ID_NUMBER, BANK_CARD, SECRET = "id_number", "bank_card", "secret"

MASKED = "masked"
"""The key of a parse, and of a channel's metadata, under which the kinds of numbers that were hidden stand."""
KINDS = (ID_NUMBER, BANK_CARD, SECRET)

MARKS = {ID_NUMBER: "【已隐去：身份证号】", BANK_CARD: "【已隐去：银行卡号】", SECRET: "【已隐去：验证码或密码】"}
"""What stands in the place of each kind."""

_Span = Tuple[int, int, str]

_PLAIN = {
    ord("〇"): "0",
    ord("幺"): "1",
    ord("—"): "-",
    ord("－"): "-",
    ord("\u3000"): " ",
    ord("："): ":",
    ord("，"): ",",
}
_PLAIN.update({ord(numeral): str(value) for value, numeral in enumerate("零一二三四五六七八九")})
_PLAIN.update({code + 0xFEE0: chr(code) for code in range(ord("!"), ord("~") + 1)})
"""Full-width forms and read-out digits, one character for one: places in the plain text are places in the message."""

_GAP = "[\\s\\-–_.·*/\u200b\u200c\u200d\u2060\ufeff]{1,3}"

_GROUP = re.compile(r"\d+(?:[Xx](?![A-Za-z]))?")

_RUN = re.compile(rf"{_GROUP.pattern}(?:{_GAP}{_GROUP.pattern})*")

_MOST_GROUPS = 8

_NAME_REACH = 40
"""Characters before a number in which its name is looked for: a whole long message would be read for each number."""

_ID_NAMED = re.compile(r"身份证(?:号码?|件号?)?(?:[是为:\s]|我的|就|给[您你他]|填的?)*\Z")

_ID_LENGTH, _OLD_ID_LENGTH = 18, 15

_YEARS = range(1900, 2100)

_ID_TAIL = re.compile(
    r"身份证(?:号码?)?(?:的)?(?:后|末|尾|最后)(?:4|6|四|六)位?(?:数|号)?(?:[是为:\s])*(?P<secret>\d{3,5}[\dXx])(?![\dA-Za-z])"
)

_BANK = one_of("银行卡 储蓄卡 借记卡 信用卡 工资卡 社保卡 卡号 银行账[号户] [工农中建交招商民]+行卡? 邮储卡?")

_CARD_NAMED = re.compile(rf"{_BANK}(?:号码?|号)?(?:[是为:\s]|我的|就|给[您你他])*\Z")

_CARD_LENGTHS = range(13, 20)

_CARD_STARTS = (
    re.compile(r"62\d{14,17}\Z"),
    re.compile(r"(?:4\d{3}|5[1-5]\d\d|35[2-8]\d)\d{12}\Z"),
    re.compile(r"3[47]\d{13}\Z"),
    re.compile(r"(?:95588|9559|6013|60)\d{14,15}\Z"),
)
"""Leading digits of issuers (ISO/IEC 7812): UnionPay; Visa, Mastercard, JCB; American Express; older Chinese cards."""

_CODE = one_of("验证码 校验码 动态码 动态密码 短信码 确认码 口令")

_CARD_CODE = one_of("CVV2? CVC2? 安全码 (?:卡背面?|背面|卡背后)的?后?[三3]位(?:数字?|码)?")

_IS = r"(?:[是为:=,\s]|\d位数?|就是|我的|发的|收到的?|这个|那个|[\"'「“])*"

_UNITS = one_of("元 块 万 年 月 日 天 分钟 秒 小时 个 次 位 条 人 开头 打头 发来")

_NO_CODE_AFTER = rf"(?![\dA-Za-z])(?!\s?(?:{_UNITS}|号|发的|的?短信|客服|结尾|单))"

_DIGITS = r"\d(?:[ -]?\d){3,7}"

_SECRETS = (
    re.compile(rf"{_CODE}{_IS}(?P<secret>{_DIGITS}){_NO_CODE_AFTER}"),
    # 验证码告诉他了,482913: further off only what has the six digits of a code.
    re.compile(rf"{_CODE}[^\d【】\n]{{1,10}}(?P<secret>(?<![\d¥￥.])\d{{6}}){_NO_CODE_AFTER}"),
    re.compile(
        rf"(?<![\d.¥￥-])(?P<secret>\d{{6}}(?=\D)|\d{{4,8}}(?=\s?(?:是|就是|这个)))\s?(?:是|就是|这个|那个)?(?:我的?|刚才的?)*(?:{_CODE}|密码)(?!【)"
    ),
    re.compile(rf"{_CARD_CODE}{_IS}(?P<secret>\d{{3,4}}){_NO_CODE_AFTER}", re.IGNORECASE),
    re.compile(
        r"密码[是为:=,\s「“\"']*(?P<secret>(?=[!-~]{0,19}\d)[A-Za-z0-9!@#$%^&*_+.?~-]{4,20})"
        rf"(?!\s?{_UNITS})"
    ),
    re.compile(r"密码(?:是|为|:|=)\s?[「“\"']?(?P<secret>[A-Za-z][A-Za-z!@#$%^&*_+.-]{3,19})(?![A-Za-z])"),
)


def mask(text: str) -> Tuple[str, FrozenSet[str]]:
    """Return `text` with a mark of `MARKS` for each number or secret that is nobody's business, and their kinds.

    `text` is taken as typed; full-width and read-out digits count, spaces and
    dashes within a number too. An 18-digit identity number is told by its date
    and check digit, or by being called one; an old 15-digit one only by its
    name; a bank card by name, or by the leading digits of an issuer and the
    Luhn sum. To mask again changes nothing.
    """
    spans = _spans(text)
    parts: List[str] = []
    start = 0
    for first, last, kind in spans:
        parts += [text[start:first], MARKS[kind]]
        start = last
    return "".join([*parts, text[start:]]), frozenset(kind for _, _, kind in spans)


def _spans(text: str) -> List[_Span]:
    """Return (start, end, kind) of what to mask, first to last, without overlaps."""
    plain = text.translate(_PLAIN)
    found = [*_secrets(plain), *_numbers(plain)]
    # Of two readings the longer one: a card number after 密码 is masked whole.
    longest_first = sorted(found, key=lambda span: (span[0] - span[1], span[0]))
    return without_overlaps(longest_first, lambda span: span[:2])


def _secrets(plain: str) -> Iterator[_Span]:
    for pattern in _SECRETS:
        for match in pattern.finditer(plain):
            yield (*match.span("secret"), SECRET)
    for match in _ID_TAIL.finditer(plain):
        yield (*match.span("secret"), ID_NUMBER)


def _numbers(plain: str) -> Iterator[_Span]:
    """Yield identity and card numbers, whole or in groups that spaces and dashes part."""
    taken = [
        (identifier.start, identifier.end)
        for identifier in find_identifiers(plain)
        if identifier.kind in {ORDER, TRACKING}
    ]
    for run in _RUN.finditer(plain):
        groups = [(match.start(), match.end()) for match in _GROUP.finditer(plain, run.start(), run.end())]
        for place in range(len(groups)):
            span = _number_at(groups[place : place + _MOST_GROUPS], plain, taken)
            if span:
                yield span


def _number_at(groups: Sequence[Tuple[int, int]], plain: str, taken: Sequence[Tuple[int, int]]) -> Optional[_Span]:
    """Return the number that the first of `groups` begins, the longest reading first; None where it begins none."""
    start = groups[0][0]
    before = plain[max(0, start - _NAME_REACH) : start]
    for count in range(len(groups), 0, -1):
        end = groups[count - 1][1]
        number = _ascii("".join(plain[first:last] for first, last in groups[:count]))
        if len(number) not in _CARD_LENGTHS:  # 13 to 19 digits: identity numbers are among them
            continue
        is_taken = any(first < end and start < last for first, last in taken)
        if _is_id(number, bool(_ID_NAMED.search(before))):
            return start, end, ID_NUMBER
        if _is_card(number, bool(_CARD_NAMED.search(before)), is_taken):
            return start, end, BANK_CARD
    return None


def _ascii(number: str) -> str:
    """Return `number` with an X for x, and the digits of any script (`\\d` takes them all) as 0 to 9."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in number).upper()


def _is_id(number: str, is_named: bool) -> bool:
    if len(number) == _ID_LENGTH and re.fullmatch(r"\d{17}[\dX]", number):
        return is_named or (ric.calc_check_digit(number) == number[-1] and _has_birth_date(number))
    return is_named and len(number) == _OLD_ID_LENGTH and number.isdigit()


def _has_birth_date(number: str) -> bool:
    try:
        return ric.get_birth_date(number).year in _YEARS
    except InvalidComponent:
        return False


def _is_card(number: str, is_named: bool, is_taken: bool) -> bool:
    if not number.isdigit() or len(number) not in _CARD_LENGTHS:
        return False
    if is_named:
        return True
    return not is_taken and any(start.match(number) for start in _CARD_STARTS) and luhn.is_valid(number)
