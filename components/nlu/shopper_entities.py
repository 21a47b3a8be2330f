"""Entities that are read rather than looked up: money, dates, numbers and wishes.

What an entity is, is decided in `weiquan` (no Rasa there); this component asks
each reader, settles overlaps, also with the entities that spaCy found before it
in the pipeline, and hands them on in Rasa's form.
"""

from __future__ import annotations

import datetime
from typing import Any, Dict, Iterator, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from weiquan.clock import BEIJING
from weiquan.language.entities import wishes
from weiquan.language.entities.dates import find_dates, find_durations
from weiquan.language.entities.money import find_amounts
from weiquan.language.identifiers import find_identifiers
from weiquan.language.patterns import without_overlaps

Entity = Dict[str, Any]

METADATA, TIMESTAMP = "metadata", "timestamp"
CONFIDENCE = "confidence_entity"
_MILLISECONDS = 100_000_000_000
"""A timestamp above this is in milliseconds: in seconds it would be the year 5138."""

_SURE = ("order_number", "tracking_number")
"""Digits that are read first: 12315 inside an order number is no telephone."""
_RANK = {name: rank for rank, name in enumerate((*_SURE, "remedy", "phone_number", "amount", "date"))}
"""Of two entities of one length the one named first stays."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopperEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Extracts amount, date, duration, order_number, tracking_number, phone_number and remedy.

    Stands after `SpacyEntityExtractor`: of overlapping entities the longest
    stays. `value` is what the words say (yuan, an ISO day or duration, an id of
    `data/entities/remedies.yml`), None where they leave it open; `text` are the words.
    Dates are resolved against the `timestamp` of the message's metadata (ISO 8601
    or seconds since 1970), else against the clock of Shanghai.
    """

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopperEntityExtractor:
        """Create the component and read its data; raises where `data/entities/` is broken."""
        component = cls()
        component.warm_up()
        return component

    def warm_up(self) -> None:
        """Compile the patterns and load the libraries, so that the first message need not wait."""
        wishes.warm_up()
        self.extract("去年中秋节花了两百五,三天前说要退款", datetime.datetime.now(BEIJING))

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith(INTENT_MESSAGE_PREFIX):
                continue
            found = self.extract(text, _written_at(message))
            before = message.get(ENTITIES, [])
            message.set(ENTITIES, _settled([*before, *found]), add_to_output=True)
        return messages

    def extract(self, text: str, now: datetime.datetime) -> List[Entity]:
        """Return this component's entities in `text`, which was written at `now`, first to last."""
        found = list(_read(text, now.replace(tzinfo=None)))
        for entity in found:
            entity["text"] = text[entity[ENTITY_ATTRIBUTE_START] : entity[ENTITY_ATTRIBUTE_END]]
            entity[EXTRACTOR] = self.name
        return _settled(found)


def _written_at(message: Message) -> datetime.datetime:
    """Return the local time at which the shopper wrote; the clock's where the metadata tells none."""
    metadata = message.get(METADATA)
    given = metadata.get(TIMESTAMP) if isinstance(metadata, dict) else None
    return _time(given) or datetime.datetime.now(BEIJING)


def _time(given: object) -> Optional[datetime.datetime]:
    """Return the time that `given` means in Shanghai, None where it means none."""
    try:
        if isinstance(given, str) and not given.replace(".", "", 1).isdigit():
            moment = datetime.datetime.fromisoformat(given.strip().replace("Z", "+00:00"))
            return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        if isinstance(given, (int, float, str)) and not isinstance(given, bool):
            seconds = float(given)
            seconds = seconds / 1000 if seconds > _MILLISECONDS else seconds
            return datetime.datetime.fromtimestamp(seconds, BEIJING)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _entity(kind: str, start: int, end: int, value: object, **more: object) -> Entity:
    """Return an entity in Rasa's form; empty extra keys are left out."""
    return {
        ENTITY_ATTRIBUTE_TYPE: kind,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
        ENTITY_ATTRIBUTE_VALUE: value,
        CONFIDENCE: 1.0,
        **{key: extra for key, extra in more.items() if extra},
    }


def _read(text: str, now: datetime.datetime) -> Iterator[Entity]:
    for number in find_identifiers(text):
        yield _entity(number.kind, number.start, number.end, number.value)
    for amount in find_amounts(text):
        yield _entity("amount", amount.start, amount.end, amount.yuan, approximate=amount.approximate)
    for moment in find_dates(text, now):
        first, last = _iso(moment.first), _iso(moment.last)
        is_stretch = first != last
        yield _entity(
            "date",
            moment.start,
            moment.end,
            f"{first}/{last}" if is_stretch else first,
            approximate=moment.approximate,
            **({"from": first, "to": last} if is_stretch else {}),
        )
    for length in find_durations(text, now):
        since = _iso(length.since)
        yield _entity("duration", length.start, length.end, length.iso, approximate=length.approximate, since=since)
    for wish in wishes.find_wishes(text):
        yield _entity("remedy", wish.start, wish.end, wish.remedy)


def _iso(day: Optional[datetime.date]) -> Optional[str]:
    return day.isoformat() if day else None


def _settled(entities: List[Entity]) -> List[Entity]:
    """Return `entities` without overlaps, first to last: numbers of orders stay, then the longest."""

    def rank(entity: Entity) -> tuple[bool, int, int]:
        kind = entity[ENTITY_ATTRIBUTE_TYPE]
        length = entity[ENTITY_ATTRIBUTE_END] - entity[ENTITY_ATTRIBUTE_START]
        return kind not in _SURE, -length, _RANK.get(kind, len(_RANK))

    return without_overlaps(
        sorted(entities, key=rank), lambda entity: (entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
    )
