"""The facts that are built into the web widget, for when the server does not answer."""

from __future__ import annotations

import re
import urllib.parse
from typing import Any, Dict

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Contact


def widget_essentials(facts: Knowledge) -> Dict[str, Any]:
    """Return the object that widget/src/shared/essentials.ts describes, in plain JSON values.

    It holds only contacts that may be given to a shopper: the widget turns these
    numbers and sites into links, and no others.
    """
    offered = [contact for contact in facts.contacts.values() if contact.offered]
    path = facts.channels["pdd_customer_service"]
    return {
        "hotline": _phone(facts.contacts["pdd_hotline"]),
        "police": _phone(facts.contacts["line_110"]),
        "path": list(path.path),
        "pathCertain": path.is_certain,
        # An unverified number may be named, with its warning; it is not to be one tap away.
        "phones": [contact.value for contact in offered if contact.kind == "phone" and contact.confidence != "C"],
        "hosts": sorted({_host(contact.value) for contact in offered if contact.kind == "website"}),
    }


def _phone(contact: Contact) -> Dict[str, str]:
    phone = {"name": contact.name, "value": contact.value, "tel": re.sub(r"\D", "", contact.value)}
    if contact.hours:
        phone.update(opens=contact.hours.opens, closes=contact.hours.closes)
    return phone


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address if "//" in address else f"//{address}").netloc
