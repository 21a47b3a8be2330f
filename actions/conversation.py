"""What every action shares: reading the tracker, saying bubbles, keeping the case."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Sequence, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from weiquan.advice.next_question import open_question
from weiquan.case.archive import PastCase, read_past, write_past
from weiquan.case.case import Case
from weiquan.clock import BEIJING
from weiquan.dialogue.answers import take_answer
from weiquan.dialogue.circumstances import find_circumstances
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.language.masking import MARKS, mask
from weiquan.language.normalisation import is_cut, normalise
from weiquan.reading.danger import CRISIS
from weiquan.reading.detail_finder import find_details
from weiquan.reading.details import Details, Entity, add_details, read_entity
from weiquan.reading.feelings import feeling_told, sympathy
from weiquan.reading.scams import find_scam
from weiquan.reading.situations import Reading, find_variant_told, read
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, with_note, with_opening
from weiquan.replies.plan import interview_answer, resumed
from weiquan.replies.urgent import crisis_text, privacy_warning, trick_text

PAYLOAD_PREFIX = "/"
MARK = re.compile("|".join(map(re.escape, MARKS.values())) + r"|[\W_]|我的?|银行卡|身份证|号码?|验证码|密码|是|卡")
BARE = 2
"""Characters that may be left of a message that holds nothing but a number and its name."""
TERMINAL = "cmdline"
"""The input channel of `rasa shell`."""


def facts() -> Knowledge:
    """Return the facts of this process."""
    return knowledge()


def today() -> datetime.date:
    """Return today's date in Beijing, where deadlines run."""
    return datetime.datetime.now(BEIJING).date()


def say(dispatcher: CollectingDispatcher, bubbles: Iterable[Bubble], with_cards: bool = True) -> None:
    """Send bubbles with their buttons and cards."""
    for bubble in bubbles:
        buttons: List[Dict[str, Any]] = [{"title": one.title, "payload": one.payload} for one in bubble.buttons]
        card = {"card": dict(bubble.card)} if bubble.card and with_cards else None
        dispatcher.utter_message(text=bubble.text, buttons=buttons or None, json_message=card)


def answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, bubbles: Tuple[Bubble, ...], case: Case
) -> List[EventType]:
    """Say `bubbles` and keep `case`; what must not wait comes before.

    Words of somebody who wants to die, a trick like "withdraw first, then we
    pay", and a number that nobody should be given are met at once, whatever
    else was asked. That a very long message was not read to the end is said
    beside the answer, not before what is urgent; so is a word of sympathy.
    """
    text = message_text(tracker)
    scam = find_scam(text, facts())
    hidden = hidden_kinds(tracker)
    first = None
    if CRISIS.search(text):
        first = crisis_text(facts(), today())
    elif hidden:
        first = privacy_warning(hidden, facts(), today())
    elif scam and not scam.alarm:
        first = trick_text(scam, facts(), today())
    feeling = feeling_told(text)
    if first:
        bubbles, case = _beside(bubbles, case, is_bare=bool(hidden) and len(MARK.sub("", text)) <= BARE)
    elif feeling and not has_spoken(tracker):
        bubbles = with_opening(bubbles, sympathy(feeling, case.situation, text))
    if is_cut(typed_text(tracker)) and not has_spoken(tracker):
        bubbles = with_note(bubbles, render("cut", facts(), today()))
    # `rasa shell` would print a card as raw JSON.
    with_cards = tracker.get_latest_input_channel() != TERMINAL
    say(dispatcher, (Bubble(first), *bubbles) if first else bubbles, with_cards)
    return keep(case, tracker)


def _beside(bubbles: Tuple[Bubble, ...], case: Case, is_bare: bool) -> Tuple[Tuple[Bubble, ...], Case]:
    """Return the one bubble for which there is room beside an urgent one, and the case.

    Of a message that held nothing but a number (`is_bare`) that is the question
    it came in answer to. A question that finds no room is put again later.
    """
    if len(bubbles) == 1 or is_bare:
        return bubbles[-1:], case
    asks = bool(bubbles[-1].card and bubbles[-1].card.get("kind") == "question")
    buttons = () if asks else bubbles[-1].buttons
    case = dataclasses.replace(case, question=None) if asks else case
    return (dataclasses.replace(bubbles[0], buttons=buttons),), case


def message_text(tracker: Tracker) -> str:
    """Return the shopper's words, normalised, without numbers that nobody should be given.

    A button payload counts as no words.
    """
    text = str(tracker.latest_message.get("text") or "")
    return "" if text.startswith(PAYLOAD_PREFIX) else mask(normalise(text))[0]


def hidden_kinds(tracker: Tracker) -> FrozenSet[str]:
    """Return the kinds of numbers that the channel hid, or that the words still hold (`masking.mask`)."""
    metadata = _last_user_event(tracker).get("metadata")
    told = metadata.get("masked") if isinstance(metadata, dict) else None
    if isinstance(told, list) and told:
        return frozenset(str(one) for one in told)
    return mask(typed_text(tracker))[1]


def typed_text(tracker: Tracker) -> str:
    """Return the shopper's words as they were typed; a button payload counts as no words.

    `latest_message` holds what the pipeline made of them; only the event keeps them.
    """
    text = str(_last_user_event(tracker).get("text") or "")
    return "" if text.startswith(PAYLOAD_PREFIX) else text


def _last_user_event(tracker: Tracker) -> Dict[str, Any]:
    return next((one for one in reversed(tracker.events) if one.get("event") == "user"), {})


def has_spoken(tracker: Tracker) -> bool:
    """Tell whether the bot has already said something to the latest message."""
    kinds = (one.get("event") for one in reversed(tracker.events))
    return next((one for one in kinds if one in ("user", "bot")), None) == "bot"


def intent_name(tracker: Tracker) -> str:
    """Return the intent of the latest message, "" if none."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def intent_confidence(tracker: Tracker) -> float:
    """Return how sure the classifier is of `intent_name`, from 0 to 1."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def intent_ranking(tracker: Tracker) -> List[Tuple[str, float]]:
    """Return (intent, confidence) pairs, likeliest first."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [
        (str(one["name"]), float(one.get("confidence") or 0.0))
        for one in ranking
        if isinstance(one, dict) and one.get("name")
    ]


def entity_value(tracker: Tracker, name: str) -> Optional[str]:
    """Return the first value of an entity in the latest message, or None."""
    for entity in tracker.latest_message.get("entities") or []:
        if entity.get("entity") == name and isinstance(entity.get("value"), str):
            return str(entity["value"])
    return None


def entities(tracker: Tracker) -> List[Entity]:
    """Return the entities of the latest message; damaged ones count as none."""
    told = tracker.latest_message.get("entities") or []
    return [entity for one in told if isinstance(one, dict) and (entity := read_entity(one))]


def details(tracker: Tracker) -> Details:
    """Return what the latest message tells beside the trouble."""
    return find_details(message_text(tracker), entities(tracker), today())


def with_details(tracker: Tracker, case: Case) -> Case:
    """Return `case` with what the latest message tells of dates, amount, goods and the like."""
    told = find_circumstances(message_text(tracker), case, facts())
    case = dataclasses.replace(case, circumstances={**case.circumstances, **told})
    return add_details(case, details(tracker))


def answered(tracker: Tracker) -> Optional[Case]:
    """Return the case after an answer to the bot's open question, None where the message is none."""
    case = current_case(tracker)
    words = message_text(tracker)
    return take_answer(case, intent_name(tracker), words, details(tracker), entities(tracker), facts())


def say_interview(dispatcher: CollectingDispatcher, tracker: Tracker, case: Case) -> List[EventType]:
    """Answer something told of the case: what it changes, the next question or the plan."""
    bubbles, case = interview_answer(current_case(tracker), case, facts(), today())
    return answer(dispatcher, tracker, bubbles, case)


def with_open_question(bubbles: Tuple[Bubble, ...], case: Case) -> Tuple[Bubble, ...]:
    """Return the answer to something that came between, and after it the question still open."""
    question = open_question(case, facts())
    if question is None or len(bubbles) > 1:
        return bubbles
    return (dataclasses.replace(bubbles[0], buttons=()), resumed(case, facts(), today(), question))


def read_message(tracker: Tracker) -> Reading:
    """Return what the latest message says, with its classifier's ranking."""
    return read(message_text(tracker), intent_name(tracker), intent_ranking(tracker), facts(), situations_told(tracker))


def situations_told(tracker: Tracker) -> List[str]:
    """Return the situation ids that the latest message likely tells, the first to handle first."""
    told = tracker.latest_message.get("situations") or []
    return [str(one["situation"]) for one in told if isinstance(one, dict) and one.get("situation")]


def read_cues(tracker: Tracker) -> Reading:
    """Return what the words alone say, for messages whose intent is not a report.

    Within a case a special case of its situation may be told ("已经转了三千")
    without the situation being named again.
    """
    text, case = message_text(tracker), current_case(tracker)
    reading = read(text, None, [], facts())
    if reading.situation is None and case.situation:
        variant = find_variant_told(facts().situations[case.situation], text)
        if variant and variant != case.variant:
            return dataclasses.replace(reading, situation=case.situation, variant=variant, is_told=True)
    return reading


def current_case(tracker: Tracker) -> Case:
    """Return the case kept in the slots; an unknown situation id counts as none."""
    case = Case.from_slots(tracker.current_slot_values())
    return case if case.situation in facts().situations else dataclasses.replace(case, situation=None, variant=None)


def past_cases(tracker: Tracker) -> Tuple[PastCase, ...]:
    """Return the cases put away."""
    return read_past(tracker.current_slot_values().get("past_cases"))


def keep_past(past: Sequence[PastCase]) -> EventType:
    """Return the slot event that keeps the cases put away."""
    return SlotSet("past_cases", write_past(past))


def keep(case: Case, tracker: Tracker) -> List[EventType]:
    """Return the slot events that keep `case`: of what changed only, for every event is stored for good."""
    known = Case.from_slots(tracker.current_slot_values()).to_slots()
    return [SlotSet(name, value) for name, value in case.to_slots().items() if value != known[name]]
