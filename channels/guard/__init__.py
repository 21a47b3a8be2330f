"""Who may call what, before any channel or Rasa's own API hears of a request."""

from channels.guard.channel import GuardInput

__all__ = ["GuardInput"]
