"""What a shopper sees: bubbles of text with quick replies."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Mapping, Optional, Tuple

from weiquan.rendering.fitting import MAX_BUBBLE

_SPARED_FOR_A_NOTE = ("【附上】", "【证据】", "【另外】", "【您说的】", "【为什么】", "【时限】", "【盯住】")


@dataclasses.dataclass(frozen=True)
class Button:
    """A quick reply: what it says, and the payload that works from any channel."""

    title: str
    payload: str


@dataclasses.dataclass(frozen=True)
class Bubble:
    """One message: complete as plain text; buttons are shortcuts, a card (weiquan.cards) the same in parts."""

    text: str
    buttons: Tuple[Button, ...] = ()
    card: Optional[Mapping[str, Any]] = None


def payload(intent: str, **entities: str) -> str:
    """Return the `/intent{...}` payload for Rasa."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def with_note(bubbles: Tuple[Bubble, ...], note: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `note` as the last line of the first one that has, or can make, room for it.

    Room is made by leaving out what a button or a question brings back: evidence,
    other cases and what was told, then time limits. Where no bubble has any, the note is a bubble of its own.
    """
    for place, bubble in enumerate(bubbles):
        text = _with_last_line(bubble.text, note)
        if text:
            return (*bubbles[:place], dataclasses.replace(bubble, text=text), *bubbles[place + 1 :])
    return (Bubble(note), *bubbles)


def with_opening(bubbles: Tuple[Bubble, ...], sentence: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `sentence` as the first line of the first one, where it has room for it."""
    first = bubbles[0]
    text = f"{sentence}\n{first.text}"
    if len(text) > MAX_BUBBLE:
        return bubbles
    return (dataclasses.replace(first, text=text), *bubbles[1:])


def _with_last_line(text: str, line: str) -> str:
    """Return `text` with `line` at its end within `MAX_BUBBLE`, "" if it cannot be."""
    lines = text.split("\n")
    for label in _SPARED_FOR_A_NOTE:
        if len("\n".join([*lines, line])) <= MAX_BUBBLE:
            break
        lines = [one for one in lines if not one.startswith(label)]
    whole = "\n".join([*lines, line])
    return whole if len(whole) <= MAX_BUBBLE else ""
