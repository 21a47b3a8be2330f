"""Is this number, site or caller really Pinduoduo's or an authority's?"""

from __future__ import annotations

import dataclasses
import itertools
import operator
from typing import Iterator, List, Optional, Sequence, Set, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Contact, WrongNumber
from weiquan.language.contact_forms import find_contacts

SHANGHAI = "021"
"""Area code of the platform's own lines."""

MAX_DIGITS = 15
"""More than that is an order number."""

LOCAL_LENGTH, MOBILE_LENGTH = 8, 11

_DOUBT = ("{genuine} 吗/么/不是/?/？/不。", "{genuine} ,/，+对/是 吗/么/不是/?/？")
"""Phrases of who asks whether it is genuine (说是官方，对吗); a 。 closes the message."""

SHORT_LINE = 5
"""Digits of 12315, 96110 and their like."""

AREA_CODED = "line_96110"
"""The line that also shows with an area code before it, as its record says."""

AREA_CODE_LENGTHS = (3, 4)

MOST_DIFFERENT = 2
"""Digits in which a number may differ from a listed one and still be taken for it."""

OFFICIAL, MERCHANT, CALLER_ID, KNOWN_WRONG, UNVERIFIED, PARTIAL, PRIVATE, UNKNOWN = (
    "official",
    "merchant",
    "caller_id",
    "known_wrong",
    "unverified",
    "partial",
    "private",
    "unknown",
)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What is known of one thing the shopper typed (`typed`).

    PARTIAL is the beginning or the end of a number, PRIVATE an account outside
    the app. `alike` is a listed contact that an UNKNOWN number or site looks like.
    """

    typed: str
    kind: str
    contact: Optional[Contact] = None
    wrong: Optional[WrongNumber] = None
    alike: Optional[Contact] = None


def digits(text: str) -> str:
    """Return only the digits of `text`."""
    return "".join(filter(str.isdecimal, text))


def _forms(number: str) -> Set[str]:
    """Return the digits of one line in the ways people write it: +86, without 0, without 021."""
    plain = digits(number)
    plain = plain[2:] if plain.startswith("0086") else plain
    plain = plain[2:] if plain.startswith("86") and len(plain) > MOBILE_LENGTH - 1 else plain
    national = plain if plain.startswith(("0", "1", "4", "8", "9")) else f"0{plain}"
    local = national[3:] if national.startswith(SHANGHAI) and len(national) == len(SHANGHAI) + LOCAL_LENGTH else ""
    return {form for form in (plain, national, local) if form}


def _spellings(contact: Contact) -> List[str]:
    return [contact.value, *contact.also_written]


def _number_verdict(typed: str, facts: Knowledge) -> Verdict:
    forms = _forms(typed)
    for contact in facts.contacts.values():
        known = set().union(*(_forms(spelling) for spelling in _spellings(contact)))
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
    line = facts.contacts[AREA_CODED]
    area_code = digits(typed).removesuffix(line.value)
    if area_code != digits(typed) and area_code.startswith("0") and len(area_code) in AREA_CODE_LENGTHS:
        return Verdict(typed, OFFICIAL, line)
    return Verdict(typed, UNKNOWN, alike=_alike_number(forms, facts))


def _alike_number(forms: Set[str], facts: Knowledge) -> Optional[Contact]:
    """Return the listed line that differs in a digit or two from `forms`, or that stands whole inside a longer one."""
    for contact in facts.contacts.values():
        known = {form for spelling in _spellings(contact) for form in _forms(spelling)}
        if contact.kind not in {"phone", "caller_id"} or min(map(len, known)) <= SHORT_LINE:
            continue
        for typed, listed in itertools.product(forms, known):
            if len(typed) == len(listed) and sum(map(operator.ne, typed, listed)) <= MOST_DIFFERENT:
                return contact
            if contact.kind == "caller_id" and listed in typed:
                return contact
    return None


def _site_verdict(typed: str, facts: Knowledge) -> Verdict:
    host = typed.lower().removeprefix("www.")
    alike = None
    for contact in facts.contacts.values():
        if contact.kind != "website":
            continue
        for spelling in _spellings(contact):
            known = spelling.lower().rpartition("://")[2].split("/")[0].removeprefix("www.")
            if host == known:
                return Verdict(typed, OFFICIAL, contact)
            if known in host or known.split(".")[0] in host.replace("-", ".").split("."):
                alike = contact
    return Verdict(typed, UNKNOWN, alike=alike)


def _apart(typed: str, facts: Knowledge) -> List[str]:
    """Return `typed` whole where it is one number, or its parts where it is two with a space between."""
    parts = [part for part in typed.split(" ") if len(digits(part)) > 2]
    is_two = len(parts) > 1 and any(_number_verdict(part, facts).kind != UNKNOWN for part in parts)
    if is_two and _number_verdict(typed, facts).kind == UNKNOWN:
        return parts
    return [typed] if len(digits(typed)) <= MAX_DIGITS else []


def verify(text: str, facts: Knowledge) -> Tuple[Verdict, ...]:
    """Return a verdict for each number, account, site and e-mail address in `text`, in that order.

    Only what `knowledge/` lists is official; look-alikes and sub-domains are
    unknown. Orders, waybills, dates and amounts are no contacts.
    """
    found = find_contacts(text)
    numbers = [number for typed in found.numbers for number in _apart(typed, facts)]
    return (
        *_number_verdicts(numbers, facts),
        *(Verdict(part, PARTIAL) for part in found.parts),
        *(Verdict(account, PRIVATE) for account in found.accounts),
        *(_site_verdict(site, facts) for site in dict.fromkeys(found.sites)),
        *(Verdict(email, UNKNOWN) for email in found.emails),
    )


def _number_verdicts(numbers: Sequence[str], facts: Knowledge) -> Iterator[Verdict]:
    """Yield a verdict for each number, once; a short one that is no known line says nothing."""
    for typed in dict.fromkeys(numbers):
        verdict = _number_verdict(typed, facts)
        if verdict.kind != UNKNOWN or len(digits(typed)) >= SHORT_LINE:
            yield verdict


def is_listed(verdicts: Sequence[Verdict]) -> bool:
    """Tell whether a full telephone number is among `verdicts` that we know, as genuine, doubtful or wrong.

    The short public lines (12315) are left out: they are asked about, not doubted.
    """
    return any((verdict.contact or verdict.wrong) and len(digits(verdict.typed)) > SHORT_LINE for verdict in verdicts)


def is_doubted(text: str, verdicts: Sequence[Verdict], facts: Knowledge) -> bool:
    """Tell whether `text` names a number or site that we know, and asks whether it is genuine."""
    is_known = any(verdict.kind != UNKNOWN for verdict in verdicts)
    return is_known and facts.phrases(_DOUBT).found_in(f"{text}。")


def is_unlisted(verdicts: Sequence[Verdict]) -> bool:
    """Tell whether a site, a mail address, an account or a full number is among `verdicts` that is on no list."""
    return any(verdict.kind in {UNKNOWN, PRIVATE} and len(verdict.typed) > SHORT_LINE for verdict in verdicts)
