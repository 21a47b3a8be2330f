"""Is this number, site or caller really Pinduoduo's or an authority's?"""

from __future__ import annotations

import dataclasses
import re
from typing import List, Optional, Set, Tuple

from weiquan.facts import Contact, Scam, WrongNumber
from weiquan.knowledge import Knowledge

_NUMBER = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[)(\-－—– ]{0,2}\d){2,18}(?!\d)")
_SITE = re.compile(
    r"(?<![\w@])(?:https?://)?((?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|vip|cc|info|shop|site)(?:\.cn)?)", re.I
)
SHANGHAI = "021"
"""Area code of the platform's own lines."""
MAX_DIGITS = 15
"""More than that is an order number."""
LOCAL_LENGTH, MOBILE_LENGTH = 8, 11
_DOUBT = re.compile(r"(官方|真|假|正规|可信|靠谱|骗).{0,6}(吗|么|的吗|不是|不\Z|[?？])")
SHORT_LINE = 5
"""Digits of 12315, 96110 and their like."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

OFFICIAL, MERCHANT, CALLER_ID, KNOWN_WRONG, UNVERIFIED, UNKNOWN = (
    "official",
    "merchant",
    "caller_id",
    "known_wrong",
    "unverified",
    "unknown",
)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What is known of one thing the shopper typed (`typed`)."""

    typed: str
    kind: str
    contact: Optional[Contact] = None
    wrong: Optional[WrongNumber] = None


def digits(text: str) -> str:
    """Return only the digits of `text`."""
    return re.sub(r"\D", "", text)


def _forms(number: str) -> Set[str]:
    """Return the digits of one line in the ways people write it: +86, without 0, without 021."""
    plain = digits(number)
    plain = plain[2:] if plain.startswith("86") and len(plain) > MOBILE_LENGTH - 1 else plain
    national = plain if plain.startswith(("0", "1", "4", "8", "9")) else f"0{plain}"
    local = national[3:] if national.startswith(SHANGHAI) and len(national) == len(SHANGHAI) + LOCAL_LENGTH else ""
    return {one for one in (plain, national, local) if one}


def _spellings(contact: Contact) -> List[str]:
    return [contact.value, *contact.also_written]


def _number_verdict(typed: str, facts: Knowledge) -> Verdict:
    forms = _forms(typed)
    for contact in facts.contacts.values():
        known = set().union(*(_forms(one) for one in _spellings(contact)))
        if contact.kind in {"phone", "caller_id"} and forms & known:
            if contact.audience == "merchant":
                kind = MERCHANT
            elif contact.kind == "caller_id" or not contact.offered:
                kind = CALLER_ID
            elif contact.confidence.value == "C":
                kind = UNVERIFIED
            else:
                kind = OFFICIAL
            return Verdict(typed, kind, contact)
    for wrong in facts.wrong_numbers.values():
        if forms & _forms(wrong.value):
            return Verdict(typed, KNOWN_WRONG, wrong=wrong)
    return Verdict(typed, UNKNOWN)


def _site_verdict(typed: str, facts: Knowledge) -> Verdict:
    host = typed.lower().removeprefix("www.")
    for contact in facts.contacts.values():
        if contact.kind != "website":
            continue
        for spelling in _spellings(contact):
            known = re.sub(r"^https?://", "", spelling.lower()).split("/")[0].removeprefix("www.")
            if host == known:
                return Verdict(typed, OFFICIAL, contact)
    return Verdict(typed, UNKNOWN)


def _apart(typed: str, facts: Knowledge) -> List[str]:
    """Return `typed` whole where it is one number, or its parts where it is two with a space between."""
    parts = [one for one in typed.split(" ") if len(digits(one)) > 2]
    is_two = len(parts) > 1 and any(_number_verdict(one, facts).kind != UNKNOWN for one in parts)
    if is_two and _number_verdict(typed, facts).kind == UNKNOWN:
        return parts
    return [typed] if len(digits(typed)) <= MAX_DIGITS else []


def verify(text: str, facts: Knowledge) -> Tuple[Verdict, ...]:
    """Return a verdict for each number, site and e-mail address in `text`, in that order.

    Only what `knowledge/` lists is official; look-alikes and sub-domains are unknown.
    """
    emails = [match.group() for match in _EMAIL.finditer(text)]
    rest = _EMAIL.sub(" ", text)
    sites = [match.group(1) for match in _SITE.finditer(rest)]
    rest = _SITE.sub(" ", rest)
    numbers = [one for match in _NUMBER.finditer(rest) for one in _apart(match.group().strip(), facts)]
    return (
        *(_number_verdict(one, facts) for one in numbers),
        *(_site_verdict(one, facts) for one in sites),
        *(Verdict(one, UNKNOWN) for one in emails),
    )


def find_scam(text: str, facts: Knowledge) -> Optional[Scam]:
    """Return the known swindlers' script that `text` describes, or None."""
    for scam in facts.scams.values():
        if any(re.search(cue, text, re.IGNORECASE) for cue in scam.cues):
            return scam
    return None


def is_about_listed_number(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` names a full telephone number that we know, as genuine, doubtful or wrong.

    The short public lines (12315) are left out: they are asked about, not doubted.
    """
    return any(one.kind != UNKNOWN and len(digits(one.typed)) > SHORT_LINE for one in verify(text, facts))


def is_doubted_contact(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` names a number or site that we know and asks whether it is genuine."""
    return bool(_DOUBT.search(text)) and any(one.kind != UNKNOWN for one in verify(text, facts))


def is_about_unknown_site(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` shows a site, a mail address or a full number that is on no list."""
    return any(one.kind == UNKNOWN and len(one.typed) > SHORT_LINE for one in verify(text, facts))
