"""Parts for a bot that fails when a test wants it to."""

from __future__ import annotations

import pathlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore

ACTIONS = '''
import asyncio

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from actions.forget_me import ActionForgetMe

CARD = {"kind": "evidence", "title": "证据", "items": [
    {"id": "photo", "name": "照片", "how": "拍清楚", "ticked": False, "payload": '/tick_evidence{"piece": "photo"}'}]}
silent = set()


class Slow(Action):
    def name(self):
        return "action_answer_question"

    async def run(self, dispatcher, tracker, domain):
        await asyncio.sleep(1.5)
        dispatcher.utter_message(text="慢慢答完了")
        return []


class Card(Action):
    def name(self):
        return "action_show_case"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(
            text="第一段\\n\\n第二段", buttons=[{"title": "好", "payload": "/affirm"}], json_message={"card": CARD}
        )
        return []


class SilentAtFirst(Action):
    """Says nothing the first time, and does not fail either."""

    def name(self):
        return "action_answer_situation"

    def run(self, dispatcher, tracker, domain):
        if tracker.sender_id not in silent:
            silent.add(tracker.sender_id)
        else:
            dispatcher.utter_message(text="这回答上了")
        return [SlotSet("situation", "quality_problem")]


class Flood(Action):
    def name(self):
        return "action_verify_contact"

    def run(self, dispatcher, tracker, domain):
        for number in range(400):
            dispatcher.utter_message(text=f"{number}:" + "水" * 7000)
        return []
'''
"""An action server's module: `/ask_phone` is slow, `/show_case` brings a card, and so on."""


class BrittleLockStore(InMemoryLockStore):
    """Fails at the end of a turn, after it was saved or before it began, while a file asks for it."""

    def __init__(self, endpoint_config: Any) -> None:
        super().__init__()
        self._before = pathlib.Path(endpoint_config.kwargs["fail_before"])
        self._after = pathlib.Path(endpoint_config.kwargs["fail_after"])

    @asynccontextmanager
    async def lock(self, conversation_id: str, *args: Any, **kwargs: Any) -> AsyncGenerator[TicketLock, None]:
        if self._before.exists():
            raise RuntimeError("asked to fail before the turn")
        async with super().lock(conversation_id, *args, **kwargs) as lock:
            yield lock
        if self._after.exists():
            raise RuntimeError("asked to fail after the turn")
