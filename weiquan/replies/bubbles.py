"""What a shopper sees: bubbles of text with quick replies, and the case that is left after them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple

from weiquan.case.case import Case
from weiquan.rendering.fitting import MAX_BUBBLE


@dataclasses.dataclass(frozen=True)
class Button:
    """A quick reply: what it says, and the payload that works from any channel."""

    title: str
    payload: str


@dataclasses.dataclass(frozen=True)
class Bubble:
    """One message: complete as plain text; buttons are shortcuts, a card (`cards`) the same in parts.

    `asks` tells that it puts a question of the interview. `within` makes the same
    bubble in at most so many characters, for a text that can do with less.
    """

    text: str
    buttons: Tuple[Button, ...] = ()
    card: Optional[Mapping[str, Any]] = None
    asks: bool = False
    within: Optional[Callable[[int], Bubble]] = dataclasses.field(default=None, repr=False, compare=False)


class Reply(NamedTuple):
    """The bubbles that answer a message, and the case after them: it knows what they ask."""

    bubbles: Tuple[Bubble, ...]
    case: Case


def payload(intent: str, **entities: str) -> str:
    """Return the `/intent{...}` payload for Rasa."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def read_payload(written: str) -> Tuple[str, Dict[str, str]]:
    """Return the intent and the entities of a payload as `payload` writes it; ("", {}) for anything else."""
    intent, brace, values = written.removeprefix("/").partition("{")
    try:
        loaded = json.loads(brace + values) if brace else {}
    except ValueError:
        return "", {}
    return intent, {str(name): str(value) for name, value in loaded.items()}


def with_note(bubbles: Tuple[Bubble, ...], note: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `note` as the last line of the first one that has, or can make, room for it.

    Where no bubble has any, the note is a bubble of its own.
    """
    room = MAX_BUBBLE - len(note) - 1
    for place, bubble in enumerate(bubbles):
        shorter = bubble.within(room) if bubble.within and len(bubble.text) > room else bubble
        if len(shorter.text) <= room:
            noted = dataclasses.replace(shorter, buttons=bubble.buttons, text=f"{shorter.text}\n{note}")
            return (*bubbles[:place], noted, *bubbles[place + 1 :])
    return (Bubble(note), *bubbles)


def with_opening(bubbles: Tuple[Bubble, ...], sentence: str) -> Tuple[Bubble, ...]:
    """Return `bubbles` with `sentence` as the first line of the first one, where it has, or can make, room for it."""
    first, room = bubbles[0], MAX_BUBBLE - len(sentence) - 1
    shorter = first.within(room) if first.within and len(first.text) > room else first
    if len(shorter.text) > room:
        return bubbles
    card = shorter.card
    if card and card.get("kind") == "step":
        # A page that draws the card shows no text beside it.
        card = {**card, "opening": "\n".join(filter(None, [sentence, card["opening"]]))}
    text = f"{sentence}\n{shorter.text}"
    return (dataclasses.replace(shorter, text=text, buttons=first.buttons, card=card), *bubbles[1:])
