"""What can happen to an order and a complaint, and where an order can be."""

from __future__ import annotations

from typing import Mapping

STAGES = ("unshipped", "shipped", "received", "returned")
"""Where the order is: not sent yet, on its way, signed for, sent back to the seller."""

RUNG_EVENTS: Mapping[str, str] = {
    "negotiate": "negotiated",
    "after_sales": "applied",
    "platform": "intervened",
    "platform_complaint": "complained_to_platform",
    "complaint_12315": "complained_12315",
    "report_12315": "reported_12315",
    "courier": "complained_to_courier",
    "court": "filed_at_court",
    "police": "called_police",
}
"""The event that taking a rung is."""

EVENTS = (
    "ordered",
    "paid",
    "shipped",
    "received",
    "confirmed",
    "harmed",
    "refused",
    "returned",
    "return_received",
    "accepted_12315",
    *RUNG_EVENTS.values(),
)
"""What can have a date in a case. `confirmed`: 确认收货; `refused`: the seller refused the
application; `return_received`: the seller signed for the goods sent back."""
