"""Rasa's REST channel with our own checks: docs/decisions/0004-own-rest-channel.md."""

from channels.rest.channel import WeiquanRestInput

__all__ = ["WeiquanRestInput"]
