"""The tracker store as the channels use it: without Rasa's fall-back to memory."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import FailSafeTrackerStore


def tracker_store(app: Any) -> Any:
    """Return the tracker store of the Sanic `app`, so that its failures are heard.

    Rasa wraps every store in one that answers "no such conversation" where the database
    fails, and saves to memory what it cannot store: a shopper would hear that their
    words were kept. The wrapper is taken off at the first request, and after an operator
    has put another model in place.
    """
    agent = app.ctx.agent
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.tracker_store._tracker_store
        if agent.processor is not None:
            agent.processor.tracker_store = agent.tracker_store
    return agent.tracker_store
