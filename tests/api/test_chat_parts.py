"""Parts of the chat channel that need no server: the transcript, a lagging stream, options."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUtteranceReverted, UserUttered
from rasa.shared.exceptions import RasaException

from channels.chat import ChatInput, as_read
from channels.chat_conversation import Conversation, Incoming, Limits
from channels.chat_streams import QUEUE_SIZE, Stream
from channels.chat_transcript import FAILED, ID, Transcript
from components.core.tracker_store import ForgettingTrackerStore

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
    assert [one.seq for one in messages] == list(range(1, len(messages) + 1))
    ids = [one.id for one in messages if one.role == "user"]
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
        store = ForgettingTrackerStore(Domain.from_dict({"intents": ["greet"]}), db=":memory:")

        async def never(message: UserMessage) -> None:
            await message.output_channel.send_response(message.sender_id, {"text": "半句", "timestamp": time.time()})
            await asyncio.sleep(60)

        talk = Conversation("chat-1", Transcript(), {}, Limits(turn_seconds=1), never, lambda: store)
        _, stream = talk.attach(0, None)
        assert talk.accept(Incoming("a", "水壶漏水", "水壶漏水", "2026-11-24T20:00:00+08:00", {}))
        assert talk.worker
        await talk.worker
        told = b"".join([await stream.next(1) or b"" for _ in range(5)])
        assert told.index("半句".encode()) < told.index(b"event: failed")
        tracker = await store.retrieve_full_tracker("chat-1")
        assert Transcript.of_events(tracker.events).messages == talk.transcript.messages
        assert tracker.latest_message.text is None, "the dialogue goes on as if it had not been"
        assert talk.accept(Incoming("a", "水壶漏水", "水壶漏水", "2026-11-24T20:00:00+08:00", {}))
        talk.worker.cancel()

    asyncio.run(wait())
