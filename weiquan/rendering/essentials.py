"""The few facts that must reach a shopper even when everything else fails."""

from __future__ import annotations

from typing import Dict

from weiquan.clock import today
from weiquan.facts.knowledge import Knowledge
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
