"""Is this number, site or caller really Pinduoduo's or an authority's?"""

from __future__ import annotations

import dataclasses
import re
from typing import List, Optional, Tuple

from weiquan.facts import Contact, Scam, WrongNumber
from weiquan.knowledge import Knowledge

_NUMBER = re.compile(r"(?<![\d])(?:\+?86[- ]?)?(\d(?:[\d]|[-－—– ](?=\d)){1,18}\d)(?!\d)")
_SITE = re.compile(
    r"(?<![\w@])(?:https?://)?((?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|vip|cc|info|shop|site)(?:\.cn)?)", re.I
)
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


def _spellings(contact: Contact) -> List[str]:
    return [contact.value, *contact.also_written]


def _number_verdict(typed: str, facts: Knowledge) -> Verdict:
    number = digits(typed)
    for contact in facts.contacts.values():
        if contact.kind in {"phone", "caller_id"} and number in {digits(one) for one in _spellings(contact)}:
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
        if number == digits(wrong.value):
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


def verify(text: str, facts: Knowledge) -> Tuple[Verdict, ...]:
    """Return a verdict for each number, site and e-mail address in `text`, in that order.

    Only what `knowledge/` lists is official; look-alikes and sub-domains are unknown.
    """
    emails = [match.group() for match in _EMAIL.finditer(text)]
    rest = _EMAIL.sub(" ", text)
    sites = [match.group(1) for match in _SITE.finditer(rest)]
    rest = _SITE.sub(" ", rest)
    numbers = [match.group(1).strip() for match in _NUMBER.finditer(rest) if 3 <= len(digits(match.group(1))) <= 15]
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
