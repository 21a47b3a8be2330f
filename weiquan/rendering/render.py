"""Jinja2 templates with facts looked up by id.

A template names facts, never holds them. The functions it may call record
which facts were used; from that the renderer adds, once a text, that what is
not certain goes by the app, and the date of facts unchecked for six months.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from typing import Any, Dict, List, Tuple

import jinja2

from weiquan.facts.dangers import with_numbers
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Contact, Deadline, Fact
from weiquan.places import TEMPLATES

ARROW = " → "

UNCERTAIN_NOTE = "（菜单名和带「通常」的时间，以 App 页面显示为准）"

USUALLY = "通常"

TEMPLATE_FUNCTIONS = ("contact", "number", "worded", "listed", "path", "channel", "limit", "law", "laws", "use")

_FRAGMENTS = frozenset({"lead", "still_waiting", "waiting", "danger", "danger_met", "danger_possible"})
"""Templates whose text goes into another, which adds the notes, or which is too urgent for them."""

_PART = re.compile(r"^---$", re.MULTILINE)

_BLANK_LINES = re.compile(r"\n\s*\n+")


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
    )


def stated(deadline: Deadline) -> str:
    """Return the sentence of a time limit, with 通常 where it is not certain."""
    return deadline.text if deadline.is_certain else USUALLY + deadline.text


@dataclasses.dataclass
class Lookup:
    """The functions a template may call; gathers the facts it used.

    Each raises `KeyError` for an unknown id, so a template cannot name a fact
    that does not exist.
    """

    facts: Knowledge
    used: List[Fact] = dataclasses.field(default_factory=list)

    def use(self, fact: Fact) -> Fact:
        """Note that `fact` is shown."""
        self.used.append(fact)
        return fact

    def contact(self, contact_id: str) -> Contact:
        """Return a contact. Raises `ValueError` for one that must not be offered."""
        contact = self.facts.contacts[contact_id]
        if not contact.offered:
            raise ValueError(f"contact {contact_id} is not offered to shoppers")
        self.use(contact)
        return contact

    def number(self, contact_id: str) -> str:
        """Return the value of a contact with its hours. Errors as `contact`."""
        return self.contact(contact_id).with_hours

    def worded(self, text: str) -> str:
        """Return a danger's `text` with the numbers that it names."""
        return with_numbers(text, self.number)

    def listed(self, contact_id: str) -> str:
        """Return «name number», or the name alone where it holds the number (12315 热线)."""
        contact = self.contact(contact_id)
        return contact.name if contact.value in contact.name else f"{contact.name} {self.number(contact_id)}"

    def path(self, channel_id: str) -> str:
        """Return the menu path as «A → B → C»."""
        channel = self.facts.channels[channel_id]
        self.use(channel)
        return ARROW.join(channel.path)

    def channel(self, channel_id: str) -> Any:
        """Return a channel record."""
        return self.use(self.facts.channels[channel_id])

    def limit(self, deadline_id: str) -> str:
        """Return the sentence of a time limit, with 通常 where it is not certain."""
        deadline: Deadline = self.facts.deadlines[deadline_id]
        self.use(deadline)
        return stated(deadline).rstrip("。")

    def law(self, law_id: str) -> Any:
        """Return a law record."""
        return self.use(self.facts.laws[law_id])

    def laws(self, law_ids: Any) -> List[Any]:
        """Return several law records."""
        return [self.law(law_id) for law_id in law_ids]


def render_parts(name: str, facts: Knowledge, today: datetime.date, **values: Any) -> Tuple[List[str], str]:
    """Return the template's parts (split at its lines «---»), without blank lines, and the notes due.

    `today` decides which facts are stale. Raises `jinja2.UndefinedError` for
    a missing value and `KeyError` for an unknown fact.
    """
    lookup = Lookup(facts)
    context: Dict[str, Any] = {function: getattr(lookup, function) for function in TEMPLATE_FUNCTIONS}
    text = _environment().get_template(f"{name}.j2").render(**context, facts=facts, **values)
    parts = [_BLANK_LINES.sub("\n", part).strip() for part in _PART.split(text)]
    return [part for part in parts if part], _notes(lookup.used, today)


def render(name: str, facts: Knowledge, today: datetime.date, **values: Any) -> str:
    """Return the text of a template of one part, with its notes. Errors as `render_parts`."""
    parts, notes = render_parts(name, facts, today, **values)
    return "\n".join(parts) + ("" if name in _FRAGMENTS else notes)


def _notes(used: List[Fact], today: datetime.date) -> str:
    notes = ""
    if any(not fact.is_certain for fact in used):
        notes += "\n" + UNCERTAIN_NOTE
    stale = [fact.checked for fact in used if fact.is_stale(today)]
    if stale:
        notes += f"\n（其中有信息最后核对于 {min(stale).isoformat()}，请先在 App 里确认）"
    return notes
