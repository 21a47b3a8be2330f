"""What can happen to an order and a complaint, and where an order can be."""

from __future__ import annotations

STAGES = ("unshipped", "shipped", "received", "returned")
"""Where the order is: not sent yet, on its way, signed for, sent back to the seller."""

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
    "evidence_due",
    "evidence_sent",
    "offer_declined",
    # What the taking of a rung is; which rung says `event` in knowledge/ladder.yml.
    "negotiated",
    "applied",
    "intervened",
    "complained_to_platform",
    "complained_12315",
    "reported_12315",
    "complained_to_courier",
    "filed_at_court",
    "called_police",
)
"""What can have a date in a case. `confirmed`: 确认收货; `refused`: the seller refused the
application; `return_received`: the seller signed for the goods sent back; `evidence_due`: the
day by which the platform wants evidence, the only one that may be to come; `evidence_sent`: it was handed in;
`offer_declined`: the shopper did not take what the seller offered."""

SUMS = ("offered", "deducted", "refunded", "medical", "freight", "deposit")
"""Amounts in yuan of a case beside the price: what the seller offers, wants to keep, has paid back; what the
shopper paid for treatment, for freight, as a deposit."""

NEWS = frozenset(
    {
        *("contacted", "silent", "refused", "agreed", "offered", "demanded", "applied", "closed"),
        *("platform_asked", "platform_wants_evidence", "platform_for", "platform_against"),
        *("sent_back", "return_refused_at_door", "return_received", "refunded_part", "refunded"),
        *("complained_12315", "complaint_refused", "police_asked"),
    }
)
"""What a message may tell of the complaint so far, and who did it: contacted to demanded are the seller's side,
platform_… the platform's; complaint_refused is 12315's answer."""
