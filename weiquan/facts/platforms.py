"""The platforms that people name, and what differs on those whose menus the bot does not know."""

from __future__ import annotations

from typing import Optional, Tuple

from pydantic import Field

from weiquan.facts.records import Fact

PLACE = "{platform}"
"""Stands for the platform's name in the sentences of `ElsewhereRung`."""


class Platform(Fact):
    """A platform, shop or place where people buy.

    `names` are all that people call it, as in data/entities/platforms.txt.
    """

    name: str = Field(..., max_length=12, description="what the bot calls it")
    names: Tuple[str, ...] = Field(..., description="what people call it")
    own: bool = Field(False, description="the one whose menus and numbers stand in knowledge/")
    private_sellers: bool = Field(False, description="people sell there to people: other law may hold")


class ElsewhereRung(Fact):
    """A rung of the ladder (`id`) as it is on another platform: without menu, number or limit of the own one."""

    move: str = Field(..., max_length=90, description="the imperative, with {ask}, {apply_as} and {platform}")
    words: Optional[str] = Field(None, description="text to send or file there, with {name}, {ask} and {platform}")
