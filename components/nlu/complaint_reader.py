"""What a message tells, beside its intent: whether a trouble, which situations, what has happened, which dangers.

An intent classifier divides one certainty among all intents. Here each label has a probability of its own, so that a
message may tell two troubles and ask a question, and a danger is found in whatever is said. All of it is learned from
labelled examples (`components.nlu.labels`); no expression has a say.
"""

from __future__ import annotations

import dataclasses
import logging
import pathlib
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.held_back import HELD_BACK
from components.nlu.labels import (
    ANSWERS,
    ANY_DANGER,
    COMPLAINT,
    OUT_OF_SCOPE,
    Lesson,
    as_answer,
    in_context,
    label_names,
    labels_of,
    lessons_of_messages,
    questions_put,
    targets,
)
from components.nlu.logistic_regression import INTENT_RANKING
from components.nlu.multi_label import Array, Families, MultiLabelModel, by_family, fit, mean
from components.nlu.sentence_encoder import encode_cached, is_readable, open_encoder, prepare, vectors_of
from components.open_case import case_is_open, question_open
from weiquan.facts.knowledge import knowledge
from weiquan.language.clauses import clauses
from weiquan.language.normalisation import normalise, without_numbers
from weiquan.places import ROOT
from weiquan.reading.situations import is_report

logger = logging.getLogger(__name__)

TELLS_TROUBLE, SITUATION_RANKING = "tells_trouble", "situation_ranking"
SPECIAL_CASES, TOPICS, NEWS = "special_cases", "topics", "news"
BESIDE = "situations_of_clauses"
DANGERS, POSSIBLE_DANGERS = "dangers", "possible_dangers"
"""Properties of a message that was read."""
LONGEST_IN_CLAUSES = 40
"""Characters up to which clauses are read by themselves: of a long story one clause or another sounds like trouble."""
_TELLS = 0.5  # a clause that hardly tells a trouble says nothing of which
_WORTH_KEEPING = 0.01  # what is less likely would only fill the tracker
IN_CONTEXT = ("danger", "news")
"""Families that are read with the open question as well."""
THRESHOLDS = (
    *("danger_threshold", "danger_threshold_in_question", "danger_doubt", "sure_question", "no_report_below"),
    *("report_from", "report_from_out_of_scope", "report_from_question"),
)
"""Settings between 0 and 1."""
FEWEST = 20
"""Labels with fewer examples cannot be calibrated; there the scores stay as they are."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ComplaintReader(GraphComponent):
    """Adds to a message what it tells, each a list of `name` and `confidence`, likeliest first.

    Dangers and news are read twice where a question is open, by itself and as the answer to it; the mean counts.
    `situation_ranking`, `situations_of_clauses`, `special_cases`, `topics` and `news` hold what is possible at all,
    `dangers` those of at least `danger_threshold`, `possible_dangers` the likeliest from `danger_doubt` on where there
    is none. `tells_trouble` is the probability that something bought went wrong.

    Where no case is open the intent follows from it: a message that tells a trouble and asks no question is a report of
    its likeliest situation, and a report that hardly tells one is out of scope (`report_from`, `no_report_below`; for
    what seems out of scope `report_from_out_of_scope` or, where that is less sure, the classifier's own certainty). A
    doubtful question gives way to a sure trouble (`sure_question`, `report_from_question`).
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return the components that must precede this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults; `encoder` is that of the SentenceEncoderFeaturizer, `C` that of scikit-learn."""
        return {
            "encoder": "use",
            "sentence_scale": 8.0,
            "C": 1.0,
            "max_iter": 150,
            "more_examples": ["data/danger.yml", "data/news.yml"],
            "danger_threshold": 0.3,
            "danger_threshold_in_question": 0.5,
            "danger_doubt": 0.15,
            "report_from": 0.5,
            "report_from_out_of_scope": 0.75,
            "no_report_below": 0.45,
            "report_from_question": 0.85,
            "sure_question": 0.7,
        }

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a threshold outside 0 to 1."""
        for name in THRESHOLDS:
            if not 0 < float(config.get(name, 0.5)) < 1:
                raise ValueError(f"ComplaintReader: {name} must be between 0 and 1")

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[MultiLabelModel] = None,
    ) -> None:
        """Open the encoder that the config names. Raises `EncoderError`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._encoder = open_encoder(str(config["encoder"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ComplaintReader:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn all labels, and on what is held back how sure to be; keep both in the model."""
        facts = knowledge()
        lessons = list(self._lessons(training_data))
        if not lessons:
            return self._resource
        names = label_names(facts)
        holds, known = targets(lessons, names)
        features = self._scaled(encode_cached(self._encoder, [prepare(lesson.text) for lesson in lessons]))
        held = np.array([lesson.is_held_back for lesson in lessons])
        strength, rounds = {"": float(self._config["C"])}, int(self._config["max_iter"])
        model = fit(features[~held], holds[~held], known[~held], names, strength, rounds)
        if held.sum() >= FEWEST:
            model = model.calibrated(features[held], holds[held], known[held])
        self._model = model
        logger.info("Learned %d labels from %d examples, %d held back", len(names), len(lessons), int(held.sum()))
        with self._model_storage.write_to(self._resource) as directory:
            model.save(directory)
        return self._resource

    def _lessons(self, training_data: TrainingData) -> List[Lesson]:
        facts = knowledge()
        put = [normalise(question) for question in questions_put(facts)]
        found = []
        for example in training_data.intent_examples:
            if is_readable(example.get(TEXT)):
                metadata = (example.get("metadata") or {}).get("intent")
                labels = labels_of(str(example.get(INTENT)), metadata, facts)
                lesson = Lesson(str(example.get(TEXT)), labels, bool(example.get(HELD_BACK)))
                found += [lesson, as_answer(lesson, put)] if example.get(INTENT) in ANSWERS else [lesson]
        for file in self._config["more_examples"]:
            lessons = lessons_of_messages(ROOT / pathlib.Path(str(file)), facts)
            found += [dataclasses.replace(lesson, text=normalise(lesson.text)) for lesson in lessons]
        return found

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples unchanged: no later component reads these labels in training."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what is told to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            if self._model is None or not is_readable(text):
                continue
            vectors, question = self._vectors(message, str(text)), question_open()
            if question:
                answer = prepare(in_context(str(text), normalise(question)))
                vectors = np.concatenate([self._encoder.encode([answer]), vectors])
            rows = self._model.probabilities(self._scaled(vectors))
            families = [by_family(self._model.labels, row) for row in rows]
            found, *parts = families[1:] if question else families
            if question:
                found = {**found, **{name: mean(found[name], families[0][name]) for name in IN_CONTEXT}}
            told = {**self._told(found, parts), **self._dangers(found["danger"], self._is_sure_question(message))}
            for name, value in told.items():
                message.set(name, value, add_to_output=True)
            self._settle_intent(message)
        return messages

    def _vectors(self, message: Message, text: str) -> Array:
        """Return the vector of the whole text, and after it those of its clauses where it has several and is short."""
        parts = clauses(text) if len(text) <= LONGEST_IN_CLAUSES else ()
        return vectors_of(message, text, parts, self._encoder)

    def _told(self, found: Families, parts: Sequence[Families]) -> Dict[str, Any]:
        """Return the properties of a message with these probabilities, and those of its clauses.

        The whole says what it is about; a clause may tell a trouble that it, a question, hides, or a second one.
        """
        trouble = max(part[COMPLAINT][COMPLAINT] for part in (found, *parts))
        beside = {
            name: max(part["situation"][name] for part in parts if part[COMPLAINT][COMPLAINT] >= _TELLS)
            for name in found["situation"]
            if any(part[COMPLAINT][COMPLAINT] >= _TELLS for part in parts)
        }
        return {
            TELLS_TROUBLE: round(trouble, 4),
            SITUATION_RANKING: _ranked(found["situation"]),
            BESIDE: _ranked(beside),
            SPECIAL_CASES: _ranked(found["special_case"]),
            TOPICS: _ranked(found["topic"]),
            NEWS: _ranked(found["news"]),
        }

    def _is_sure_question(self, message: Message) -> bool:
        intent = message.get(INTENT) or {}
        is_sure = float(intent.get("confidence") or 0.0) >= float(self._config["sure_question"])
        return is_sure and intent.get("name") in knowledge().topics

    def _dangers(self, found: Mapping[str, float], in_question: bool) -> Dict[str, Any]:
        """Return the dangers told: where there is one at all, at least the likeliest kind; in doubt the likeliest.

        How sure it is: the geometric mean of the readings whether there is any and which; in a sure question more.
        """
        least = float(self._config["danger_threshold_in_question" if in_question else "danger_threshold"])
        kinds = _ranked({kind: value for kind, value in found.items() if kind != ANY_DANGER})
        certainty = (found[ANY_DANGER] * max(found[kind] for kind in found if kind != ANY_DANGER)) ** 0.5
        if certainty >= least:
            told = [entry for entry in kinds if entry["confidence"] >= least] or kinds[:1]
            return {DANGERS: told, POSSIBLE_DANGERS: []}
        in_doubt = certainty >= float(self._config["danger_doubt"])
        return {DANGERS: [], POSSIBLE_DANGERS: kinds[:1] if in_doubt else []}

    def _settle_intent(self, message: Message) -> None:
        """Put the intent right where it and the troubles found disagree; within a case it stays as it is."""
        ranking, trouble = message.get(INTENT_RANKING) or [], float(message.get(TELLS_TROUBLE))
        name = str((message.get(INTENT) or {}).get("name") or "")
        says_something = any(character.isalpha() for character in without_numbers(str(message.get(TEXT))))
        if not says_something or case_is_open() or not ranking or not message.get(SITUATION_RANKING):
            return
        settled, is_question = None, name in knowledge().topics
        kind = "_out_of_scope" if name == OUT_OF_SCOPE else "_question" if is_question else ""
        least = float(self._config[f"report_from{kind}"])
        if name == OUT_OF_SCOPE:  # where neither is sure the likelier one counts
            certainty = float((message.get(INTENT) or {}).get("confidence") or 0.0)
            least = min(least, max(float(self._config["report_from"]), certainty))
        if is_report(name) and trouble < float(self._config["no_report_below"]):
            settled = OUT_OF_SCOPE
        elif is_report(name) or (not self._is_sure_question(message) and trouble >= least):
            settled = knowledge().situations[message.get(SITUATION_RANKING)[0]["name"]].intent
        if settled is None or settled == name:
            return
        certainty = trouble if is_report(settled) else 1 - trouble
        first = {"name": settled, "confidence": certainty}
        message.set(INTENT, first, add_to_output=True)
        # An other above the first would count as doubt (FallbackClassifier).
        others = [
            {**entry, "confidence": min(float(entry["confidence"]), certainty)}
            for entry in ranking
            if entry["name"] != settled
        ]
        message.set(INTENT_RANKING, [first, *others], add_to_output=True)

    def _scaled(self, vectors: Array) -> Array:
        return np.asarray(vectors * float(self._config["sentence_scale"]), np.float32)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ComplaintReader:
        """Return the trained component; an untrained one where the model holds none."""
        try:
            with model_storage.read_from(resource) as directory:
                return cls(config, model_storage, resource, MultiLabelModel.load(directory))
        except (ValueError, FileNotFoundError):
            logger.warning("The model holds no reader of complaints; only intents are read.")
            return cls(config, model_storage, resource)


def _ranked(values: Mapping[str, float]) -> List[Dict[str, Any]]:
    order = sorted((name for name in values if values[name] >= _WORTH_KEEPING), key=lambda name: -values[name])
    return [{"name": name, "confidence": round(values[name], 4)} for name in order]
