"""Parts of the chat channel that need no server: the transcript, a lagging stream, options."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUtteranceReverted, UserUttered
from rasa.shared.exceptions import RasaException

from channels.chat import ChatInput
from channels.chat.conversation import Conversation, Incoming, Limits
from channels.chat.hub import Hub
from channels.chat.requests import as_read
from channels.chat.streams import QUEUE_SIZE, Stream
from channels.chat.transcript import FAILED, ID, Transcript
from channels.messages import BadRequest
from components.core.tracker_store import ForgettingTrackerStore

DOMAIN = Domain.from_dict({"intents": ["greet"]})
EVENTS = st.lists(
    st.one_of(
        st.builds(lambda id: UserUttered("水", metadata={ID: id}), st.sampled_from("abc")),
        st.builds(lambda id: UserUttered("水", metadata={ID: id, FAILED: True}), st.sampled_from("abc")),
        st.builds(lambda text: BotUttered(text), st.sampled_from(["答", "", None])),
        st.sampled_from([UserUtteranceReverted(), ActionExecuted("action_listen"), SlotSet("situation", None)]),
    )
)


@given(EVENTS)
def test_numbers_count_on_and_a_longer_past_never_changes_them(events):
    messages = Transcript.of_events(events).messages
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    ids = [message.id for message in messages if message.role == "user"]
    assert len(ids) == len(set(ids)), "a message that was sent again keeps its place"
    for end in range(len(events)):
        part = Transcript.of_events(events[:end]).messages
        assert part == messages[: len(part)]


def test_a_message_is_answered_by_what_follows_it_unless_its_turn_failed():
    failed = UserUttered("水", metadata={ID: "a", FAILED: True})
    assert not Transcript.of_events([UserUttered("水", metadata={ID: "a"}), BotUttered("答")]).is_unanswered("a")
    assert Transcript.of_events([failed, BotUttered("半句"), UserUtteranceReverted()]).is_unanswered("a")
    again = [failed, UserUtteranceReverted(), UserUttered("水", metadata={ID: "a"}), BotUttered("答")]
    assert not Transcript.of_events(again).is_unanswered("a")


def test_a_stream_that_lags_ends_and_forgets_nothing_before():
    async def lag() -> None:
        stream = Stream()
        for number in range(QUEUE_SIZE):
            stream.put(str(number).encode())
        assert await stream.next(1) == b"0"
        stream.put(b"fits")
        stream.put(b"one too many")
        assert await stream.next(1) is None
        assert await Stream().next(0.01) == b": \n\n", "silence is filled with comments"

    asyncio.run(lag())


@pytest.mark.parametrize("options", [{"streams": 0}, {"streams": "8"}, {"tabs": 3}])
def test_a_wrong_option_is_one_clear_sentence(options):
    with pytest.raises(RasaException, match=next(iter(options))):
        ChatInput.from_credentials(options)


@given(st.text(alphabet="/／ \u200bab{", min_size=1, max_size=6))
def test_no_words_are_ever_read_as_a_command_that_was_not_offered(text):
    read, shown = as_read(text, None, Transcript(), frozenset())
    assert not read.startswith("/")
    assert shown == text


def test_a_turn_that_takes_too_long_fails_and_is_kept():
    async def wait() -> None:
        store = ForgettingTrackerStore(DOMAIN, db=":memory:")

        async def never(message: UserMessage) -> None:
            await message.output_channel.send_response(message.sender_id, {"text": "半句", "timestamp": time.time()})
            await asyncio.sleep(60)

        talk = Conversation("chat-1", Transcript(), {}, Limits(turn_seconds=1), never, lambda: store)
        _, stream = talk.attach(0, None)
        assert talk.accept(Incoming("a", "水壶漏水", "水壶漏水", "2026-11-24T20:00:00+08:00", {}))
        assert talk.worker
        await talk.worker
        sent = b"".join([await stream.next(1) or b"" for _ in range(5)])
        assert sent.index("半句".encode()) < sent.index(b"event: failed")
        tracker = await store.retrieve_full_tracker("chat-1")
        assert Transcript.of_events(tracker.events).messages == talk.transcript.messages
        assert tracker.latest_message.text is None, "the dialogue goes on as if it had not been"
        assert talk.accept(Incoming("a", "水壶漏水", "水壶漏水", "2026-11-24T20:00:00+08:00", {}))
        talk.worker.cancel()

    asyncio.run(wait())


def test_the_chat_takes_only_a_store_that_can_forget_a_conversation_and_listens_to_it():
    async def nothing(message: UserMessage) -> None: ...

    def app_with(store):
        wrapped = FailSafeTrackerStore(store)
        return SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=wrapped, processor=None)))

    async def forget() -> None:
        store = ForgettingTrackerStore(DOMAIN, db=":memory:")
        hub = Hub(Limits(), nothing)
        assert hub.store(app_with(store)) is store
        _, stream = (await hub.open(app_with(store), "chat-1")).attach(0, None)
        await store.forget("chat-1")
        assert b"event: reset" in (await stream.next(1) or b"")

    asyncio.run(forget())
    for other in (InMemoryTrackerStore(DOMAIN), SQLTrackerStore(DOMAIN, db=":memory:")):
        with pytest.raises(BadRequest) as refused:
            Hub(Limits(), nothing).store(app_with(other))
        assert refused.value.code == "wrong_store"
