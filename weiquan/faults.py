"""Faults that a shopper has to be told of in words of their own, whatever raises them."""

from __future__ import annotations


class NotStored(Exception):
    """The database did not take, or did not give, what it was asked for; nothing of this turn is kept."""


class NotDeleted(NotStored):
    """A conversation that was to be deleted is still there."""
