"""The few facts that must reach a shopper even when everything else fails."""

from __future__ import annotations

from typing import Dict

from weiquan.clock import today
from weiquan.facts.knowledge import Knowledge
from weiquan.faults import NotDeleted, NotStored
from weiquan.rendering.render import ARROW, render


def essentials(facts: Knowledge) -> Dict[str, str]:
    """Return the values for `{hotline}` and its like in domain.yml's responses."""
    hotline = facts.contacts["pdd_hotline"]
    return {
        "hotline": hotline.value,
        "hotline_hours": str(hotline.hours or ""),
        "service_path": ARROW.join(facts.channels["pdd_customer_service"].path),
    }


def apology(facts: Knowledge) -> str:
    """Return what is said when a turn failed: try again, and the official ways meanwhile."""
    return render("apology", facts, today())


def explanation(error: Exception, facts: Knowledge) -> str:
    """Return what is said when a turn raised `error`: what was not done and what to do, or the apology."""
    if isinstance(error, NotDeleted):
        return render("not_deleted", facts, today())
    return render("not_stored", facts, today()) if isinstance(error, NotStored) else apology(facts)
