"""The reader of complaints: what it leaves on a message, and which intents it puts right."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu import complaint_reader, sentence_encoder
from components.nlu.complaint_reader import LONGEST_IN_CLAUSES, ComplaintReader
from components.nlu.held_back import HELD_BACK
from components.nlu.labels import label_names
from components.nlu.multi_label import MultiLabelModel
from components.nlu.sentence_encoder import SentenceEncoderFeaturizer
from components.open_case import Note, note, note_case

WIDTH = 64
"""Figures of a vector."""
RANKING = (("report_quality_problem", 0.6), ("ask_phone", 0.2), ("out_of_scope", 0.1))


class Figures:
    """An encoder that knows no words: its vectors differ from text to text, and it counts what it is asked for."""

    identity = "figures"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts):
        self.asked += texts
        rows = np.array([list(hashlib.sha512(text.encode()).digest()) for text in texts], dtype=np.float32) - 128
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def encoder(monkeypatch) -> Figures:
    """The encoder that every component opens."""
    figures = Figures()
    for module in (complaint_reader, sentence_encoder):
        monkeypatch.setattr(module, "open_encoder", lambda name: figures)
    return figures


def saying(facts, **shares: float) -> MultiLabelModel:
    """A model that says the same of every message: these shares («situation__injury»), and next to nothing else."""
    names = label_names(facts)
    wanted = {name.replace("__", ":"): share for name, share in shares.items()}
    assert set(wanted) <= set(names)
    told = np.array([wanted.get(name, 0.001) for name in names])
    bias = np.log(told / (1 - told)).astype(np.float32)
    return MultiLabelModel(
        tuple(names), np.zeros((WIDTH, len(names)), np.float32), bias, np.ones(len(names), np.float32)
    )


def read(model: MultiLabelModel | None, *ranking: tuple[str, float], text: str = "杯子漏水", **changed: Any) -> Message:
    """The message as the reader leaves it, after a classifier that gave this ranking of intents."""
    entries = [{"name": name, "confidence": share} for name, share in ranking or RANKING]
    message = Message({TEXT: text, "intent": entries[0], "intent_ranking": entries})
    config = {**ComplaintReader.get_default_config(), **changed}
    return ComplaintReader(config, None, None, model).process([message])[0]


def intents(message: Message) -> list[str]:
    """The intent, and the ranking after its first place."""
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get("intent")
    return [entry["name"] for entry in ranking]


def named(message: Message, what: str) -> list[str]:
    return [entry["name"] for entry in message.get(what)]


def test_what_is_told_stands_on_the_message_likeliest_first(facts, encoder):
    model = saying(
        facts,
        complaint=0.9,
        situation__injury=0.6,
        situation__quality_problem=0.8,
        situation__counterfeit=0.005,
        special_case__threat=0.7,
        topic__ask_phone=0.55,
        news__contacted=0.9,
    )
    message = read(model)
    assert message.get("tells_trouble") == pytest.approx(0.9, abs=1e-3)
    assert named(message, "situation_ranking") == ["quality_problem", "injury"], (
        "what is next to impossible is left out"
    )
    assert message.get("situation_ranking")[0]["confidence"] == pytest.approx(0.8, abs=1e-3)
    assert (named(message, "special_cases"), named(message, "topics")) == (["threat"], ["ask_phone"])
    assert (named(message, "news"), message.get("dangers")) == (["contacted"], [])
    kept = message.as_dict(only_output_properties=True)
    assert {"tells_trouble", "situation_ranking", "special_cases", "topics", "news", "dangers"} <= set(kept)


@pytest.mark.parametrize(
    ("shares", "dangers"),
    [
        ({"danger": 0.9, "danger__fire": 0.6, "danger__injury": 0.7, "danger__threat": 0.39}, ["injury", "fire"]),
        ({"danger": 0.9, "danger__fire": 0.3, "danger__injury": 0.2}, ["fire"]),
        ({"danger": 0.41, "danger__fire": 0.1, "danger__injury": 0.41}, ["injury"]),
        ({"danger": 0.2, "danger__fire": 0.9}, ["fire"]),
        ({"danger": 0.9, "danger__fire": 0.1}, []),
        ({"danger": 0.39, "danger__fire": 0.1}, []),
    ],
)
def test_a_danger_is_told_where_there_is_one_at_all_and_then_at_least_the_likeliest(facts, encoder, shares, dangers):
    assert named(read(saying(facts, **shares), danger_threshold=0.4), "dangers") == dangers


@pytest.mark.parametrize(
    ("danger", "possible"),
    [(0.9, []), (0.5, []), (0.49, ["injury"]), (0.2, ["injury"]), (0.1, [])],
)
def test_the_likeliest_danger_is_possible_where_there_may_be_one(facts, encoder, danger, possible):
    model = saying(facts, danger=danger + 1e-4, danger__fire=danger / 2, danger__injury=danger + 1e-4)
    message = read(model, danger_threshold=0.5, danger_doubt=0.2)
    assert named(message, "possible_dangers") == possible
    assert not (message.get("dangers") and message.get("possible_dangers"))


def test_how_sure_a_danger_must_be_is_set_in_the_config(facts, encoder):
    model = saying(facts, danger=0.4, danger__fire=0.4)
    assert named(read(model, danger_threshold=0.3), "dangers") == ["fire"]
    assert named(read(model, danger_threshold=0.5), "dangers") == []
    assert named(read(model, danger_threshold=0.5, danger_doubt=0.3), "possible_dangers") == ["fire"]
    assert named(read(model, danger_threshold=0.5, danger_doubt=0.45), "possible_dangers") == []


@pytest.mark.parametrize("intent", ["out_of_scope", "greet", "affirm", "report_quality_problem", "report_injury"])
def test_a_message_that_tells_a_trouble_is_a_report_of_its_likeliest_situation(facts, encoder, intent):
    model = saying(facts, complaint=0.8, situation__counterfeit=0.7, situation__injury=0.2)
    message = read(model, (intent, 0.5), ("report_counterfeit", 0.3), ("thank", 0.1))
    assert message.get("intent")["name"] == "report_counterfeit"
    assert message.get("intent")["confidence"] >= 0.8 - 1e-3
    assert intents(message) == ["report_counterfeit", intent, "thank"], "each intent is named once"


def test_a_report_that_hardly_tells_a_trouble_is_out_of_scope(facts, encoder):
    message = read(saying(facts, complaint=0.1, situation__counterfeit=0.3))
    assert intents(message) == ["out_of_scope", "report_quality_problem", "ask_phone"]
    assert message.get("intent")["confidence"] == pytest.approx(0.9, abs=1e-3)


def test_a_sure_question_stays_a_question_however_much_trouble_it_tells(facts, encoder):
    for topic in facts.topics:
        message = read(saying(facts, complaint=0.99, situation__counterfeit=0.99), (topic, 0.7), ("greet", 0.2))
        assert intents(message) == [topic, "greet"]
        assert named(message, "situation_ranking") == ["counterfeit"], "the trouble is told besides"


def test_a_question_that_is_not_sure_gives_way_to_a_trouble_that_is(facts, encoder):
    for sure, trouble, first in (
        (0.69, 0.86, "report_counterfeit"),
        (0.69, 0.84, "ask_phone"),
        (0.71, 0.86, "ask_phone"),
    ):
        model = saying(facts, complaint=trouble, situation__counterfeit=0.9)
        message = read(model, ("ask_phone", sure), ("greet", 0.2), report_from_question=0.85, sure_question=0.7)
        assert intents(message)[0] == first
        assert {"ask_phone", "greet"} <= set(intents(message))


@pytest.mark.parametrize(
    ("intent", "certainty", "least"),
    [("greet", 0.5, 0.5), ("inform", 0.5, 0.5), ("out_of_scope", 0.9, 0.75), ("out_of_scope", 0.6, 0.6)],
)
def test_what_tells_no_trouble_for_sure_stays_what_it_is(facts, encoder, intent, certainty, least):
    """Out of scope takes more, for a false alarm speaks of parcels to somebody with another worry; in doubt as much."""
    before = ((intent, certainty), ("report_injury", 0.05))
    for share, first in ((least - 0.01, intent), (least + 0.01, "report_injury")):
        message = read(saying(facts, complaint=share, situation__injury=0.5), *before)
        assert (intents(message)[0], set(intents(message))) == (first, {name for name, _ in before})


def test_a_report_in_doubt_is_one_of_the_likeliest_situation(facts, encoder):
    for share, first in ((0.46, "report_injury"), (0.44, "out_of_scope")):
        assert intents(read(saying(facts, complaint=share, situation__injury=0.3)))[0] == first


def test_the_thresholds_are_set_in_the_config(facts, encoder):
    model = saying(facts, complaint=0.4, situation__injury=0.4)
    assert intents(read(model, ("greet", 0.5), report_from=0.3))[0] == "report_injury"
    for least, first in ((0.3, "report_injury"), (0.45, "out_of_scope")):
        assert intents(read(model, ("out_of_scope", 0.5), report_from_out_of_scope=least))[0] == first
    assert intents(read(model, no_report_below=0.5))[0] == "out_of_scope"
    thresholds = {"report_from", "report_from_out_of_scope", "report_from_question", "sure_question"}
    for name in (*thresholds, "no_report_below", "danger_threshold", "danger_doubt"):
        for value in (0, 1, 1.5):
            with pytest.raises(ValueError, match=name):
                ComplaintReader.validate_config({name: value})
    ComplaintReader.validate_config(ComplaintReader.get_default_config())


@pytest.mark.parametrize("complaint", [0.05, 0.95])
@pytest.mark.parametrize("intent", ["affirm", "report_quality_problem", "out_of_scope"])
def test_within_a_case_the_intent_stays_as_it_is(facts, encoder, intent, complaint):
    def within() -> Message:
        slot = TextSlot("situation", mappings=[{}], initial_value="quality_problem")
        note_case(DialogueStateTracker("someone", [slot]))
        return read(saying(facts, complaint=complaint, situation__injury=0.9), (intent, 0.5), ("greet", 0.2))

    message = contextvars.copy_context().run(within)
    assert intents(message) == [intent, "greet"]
    assert named(message, "situation_ranking") == ["injury"]


@pytest.mark.parametrize("text", ["", "  ", '/report_injury{"situation": "injury"}', None])
def test_a_button_and_a_blank_are_not_read(facts, encoder, text):
    message = read(saying(facts, complaint=0.9, situation__injury=0.9, danger=0.9), text=text)
    assert message.get("tells_trouble") is None
    assert intents(message) == [name for name, _ in RANKING]
    assert encoder.asked == []


def test_an_untrained_reader_leaves_the_message_alone(encoder):
    assert intents(read(None)) == [name for name, _ in RANKING]


def test_a_vector_that_the_featurizer_has_worked_out_is_not_worked_out_again(facts, encoder):
    chance = np.random.default_rng(1)
    names = label_names(facts)
    weights = chance.normal(size=(WIDTH, len(names))).astype(np.float32)
    model = MultiLabelModel(tuple(names), weights, np.zeros(len(names), np.float32), np.ones(len(names), np.float32))
    alone = read(model)
    config = {**SentenceEncoderFeaturizer.get_default_config(), "scale": 3.0}
    featurizer = SentenceEncoderFeaturizer.create(config, None, None, SimpleNamespace(node_name="featurizer"))
    message = Message({TEXT: "杯子漏水", "intent": alone.get("intent"), "intent_ranking": []})
    featurizer.process([message])
    encoder.asked.clear()
    ComplaintReader(ComplaintReader.get_default_config(), None, None, model).process([message])
    assert encoder.asked == []
    assert message.get("situation_ranking") == alone.get("situation_ranking")


# --- clauses ---


class Meanings:
    """An encoder whose vectors are as it is told: a text means the labels given with it, any other text none."""

    identity = "meanings"

    def __init__(self, names: list[str], **meanings: dict[str, float]) -> None:
        self.names, self.meanings, self.asked = names, meanings, []

    def encode(self, texts):
        self.asked += texts
        shares = np.array([[self.meanings.get(text, {}).get(name, 0.001) for name in self.names] for text in texts])
        return np.log(shares / (1 - shares)).astype(np.float32)


@pytest.fixture
def reading(facts, monkeypatch):
    """Return a function that reads a text, given what it and its clauses mean; it gives the message and the encoder."""

    def read_meaning(text: str, **meanings: dict[str, float]) -> tuple[Message, Meanings]:
        names = label_names(facts)
        encoder = Meanings(names, **meanings)
        monkeypatch.setattr(complaint_reader, "open_encoder", lambda name: encoder)
        size = len(names)
        plain = np.zeros(size, np.float32)
        model = MultiLabelModel(tuple(names), np.eye(size, dtype=np.float32), plain, plain + 1)
        return read(model, ("ask_phone", 0.9), text=text, sentence_scale=1.0), encoder

    return read_meaning


LEAKS = {"complaint": 0.9, "situation:quality_problem": 0.8}
ASKS = {"complaint": 0.2, "situation:counterfeit": 0.7, "topic:ask_phone": 0.9, "danger": 0.9, "danger:fire": 0.9}


def test_the_trouble_that_a_question_hides_is_found_in_its_clause(reading):
    message, _ = reading(
        "杯子漏水,电话多少",
        **{"杯子漏水,电话多少": {"complaint": 0.3, "topic:ask_phone": 0.8}, "杯子漏水": LEAKS, "电话多少": ASKS},
    )
    assert message.get("tells_trouble") == pytest.approx(0.9, abs=1e-3), "it is the highest"
    assert named(message, "situation_ranking") == [], "the whole says what the message is about"
    assert named(message, "situations_of_clauses") == ["quality_problem"], "not of a clause that tells no trouble"
    assert named(message, "topics") == ["ask_phone"]
    assert message.get("dangers") == [], "a danger is told by the whole"
    assert "situations_of_clauses" in message.as_dict(only_output_properties=True)


def test_of_two_clauses_each_tells_its_trouble_and_the_surer_of_one_counts(reading):
    again = {"complaint": 0.6, "situation:quality_problem": 0.6, "situation:counterfeit": 0.9}
    message, _ = reading("杯子漏水,还是假货", **{"杯子漏水": LEAKS, "还是假货": again})
    assert message.get("situations_of_clauses") == [
        {"name": "counterfeit", "confidence": pytest.approx(0.9, abs=1e-3)},
        {"name": "quality_problem", "confidence": pytest.approx(0.8, abs=1e-3)},
    ]


def test_where_the_whole_is_surer_of_a_trouble_no_clause_lessens_it(reading):
    message, _ = reading("杯子漏水,电话多少", **{"杯子漏水,电话多少": LEAKS, "杯子漏水": ASKS})
    assert message.get("tells_trouble") == pytest.approx(0.9, abs=1e-3)
    assert named(message, "situation_ranking") == ["quality_problem"]
    assert named(message, "situations_of_clauses") == []


def test_only_of_a_short_message_with_several_clauses_clauses_are_read(reading):
    for length, read_apart in ((LONGEST_IN_CLAUSES, True), (LONGEST_IN_CLAUSES + 1, False)):
        text = "杯子漏水,".ljust(length, "好")
        message, encoder = reading(text, 杯子漏水=LEAKS)
        assert ("杯子漏水" in encoder.asked) is read_apart
        assert named(message, "situations_of_clauses") == (["quality_problem"] if read_apart else [])
        assert (message.get("tells_trouble") > 0.5) is read_apart
    message, encoder = reading("杯子漏水", 杯子漏水=LEAKS)
    assert encoder.asked == ["杯子漏水"]
    assert named(message, "situations_of_clauses") == []


# --- training, keeping ---


class Folder:
    """A model storage: one folder."""

    def __init__(self, path) -> None:
        self.path = path

    @contextlib.contextmanager
    def write_to(self, resource):
        yield self.path

    @contextlib.contextmanager
    def read_from(self, resource):
        yield self.path


MORE = """
messages:
- {text: 充电宝冒烟了, danger: [fire], situations: [injury]}
- {text: 充电宝充不进电, danger: []}
"""


def lesson(text: str, intent: str, **metadata: Any) -> Message:
    return Message.build(text, intent, intent_metadata=metadata or None)


@pytest.fixture
def trained(encoder, monkeypatch, tmp_path):
    """A reader trained on a few examples, its folder, its config, and the texts that it learned from."""
    monkeypatch.setattr(complaint_reader, "encode_cached", lambda encoder, texts: encoder.encode(texts))
    more = tmp_path / "more.yml"
    more.write_text(MORE, encoding="utf-8")
    learned = [chr(0x4E00 + number) for number in range(40)]
    examples = [lesson(text, "report_counterfeit", situations=["counterfeit"]) for text in learned[:10]]
    examples += [lesson(text, "report_injury", situations=["injury"], danger=["fire"]) for text in learned[10:20]]
    examples += [lesson(text, "ask_phone") for text in learned[20:30]]
    examples += [lesson(text, "out_of_scope") for text in learned[30:]]
    config = {**ComplaintReader.get_default_config(), "more_examples": [str(more)], "C": 10.0}
    folder = Folder(tmp_path)
    reader = ComplaintReader.create(config, folder, Resource("reader"), None)
    reader.train(TrainingData(examples))
    return reader, folder, config, learned


def told(reader: ComplaintReader, text: str) -> Message:
    return reader.process([Message({TEXT: text})])[0]


def test_what_was_learned_is_told(trained):
    reader, _, _, learned = trained
    for text in learned[:10]:
        assert named(told(reader, text), "situation_ranking")[0] == "counterfeit"
        assert told(reader, text).get("tells_trouble") > 0.5
    for text in learned[10:20]:
        assert named(told(reader, text), "dangers") == ["fire"]
    for text in learned[20:30]:
        assert named(told(reader, text), "topics")[0] == "ask_phone"
        assert told(reader, text).get("tells_trouble") < 0.5


def test_messages_beside_data_nlu_are_learned_too(trained):
    reader, *_ = trained
    smoke, none = told(reader, "充电宝冒烟了"), told(reader, "充电宝充不进电")
    assert named(smoke, "dangers") == ["fire"]
    assert none.get("dangers") == []


def test_a_reader_that_was_kept_reads_the_same_and_one_that_was_not_reads_nothing(trained, tmp_path):
    reader, folder, config, learned = trained
    again = ComplaintReader.load(config, folder, Resource("reader"), None)
    assert told(again, learned[3]).data == told(reader, learned[3]).data
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = ComplaintReader.load(config, Folder(empty), Resource("reader"), None)
    assert told(nothing, learned[3]).get("tells_trouble") is None


def test_of_what_is_held_back_nothing_is_learned(encoder, monkeypatch, tmp_path):
    monkeypatch.setattr(complaint_reader, "encode_cached", lambda encoder, texts: encoder.encode(texts))
    seen = {}

    def fit(features, *others):
        seen["rows"] = len(features)
        return complaint_reader_fit(features, *others)

    complaint_reader_fit = complaint_reader.fit
    monkeypatch.setattr(complaint_reader, "fit", fit)
    texts = [chr(0x4E00 + number) for number in range(300)]
    examples = [lesson(text, "ask_phone") for text in texts]
    for example in examples[::10]:
        example.set(HELD_BACK, True)
    config = {**ComplaintReader.get_default_config(), "more_examples": [], "max_iter": 5}
    reader = ComplaintReader.create(config, Folder(tmp_path), Resource("reader"), None)
    reader.train(TrainingData(examples))
    assert seen["rows"] == 270


def test_the_files_that_it_learns_from_besides_are_there(facts):
    for name in ComplaintReader.get_default_config()["more_examples"]:
        assert (complaint_reader.ROOT / name).is_file()


def test_what_was_put_right_stays_in_front(facts, encoder):
    """A second place above the first would be taken for doubt by the FallbackClassifier."""
    message = read(saying(facts, complaint=0.51, situation__counterfeit=0.5), ("seller_refused", 0.9), ("greet", 0.05))
    shares = [entry["confidence"] for entry in message.get("intent_ranking")]
    assert message.get("intent")["name"] == "report_counterfeit"
    assert shares == sorted(shares, reverse=True)


class _Answers(MultiLabelModel):
    """A model that finds danger and news only in a text that holds the question before it."""

    def probabilities(self, features):
        found = super().probabilities(features).copy()
        places = [self.labels.index(name) for name in ("danger", "news:contacted", "complaint")]
        found[:, places] = 0.0
        if len(features) > 1:
            found[0, places] = 0.9
        return found


def test_dangers_and_news_are_read_as_an_answer_to_the_open_question_too(facts, encoder):
    plain = saying(facts, danger__fire=0.5)
    model = _Answers(plain.labels, plain.weights, plain.bias, plain.slopes)
    alone = read(model, text="没关")
    with note_of("屏幕共享关了吗？"):
        answered = read(model, text="没关")
    assert set(encoder.asked[-2:]) == {"屏幕共享关了吗? 没关", "没关"}
    assert (alone.get("news"), alone.get("dangers")) == ([], [])
    assert answered.get("news") == [{"name": "contacted", "confidence": 0.45}], "each reading counts half"
    assert named(answered, "dangers") == ["fire"]
    assert answered.get("tells_trouble") == 0.0, "what went wrong is told by the message alone"


@contextlib.contextmanager
def note_of(question: str):
    note(Note(is_open=True, question=question))
    try:
        yield
    finally:
        note(Note())
