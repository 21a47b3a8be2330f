"""What `make evaluate` and `make experiment` count, on cases known beforehand; nothing is trained."""

from __future__ import annotations

import argparse
import json
from collections import Counter

import pytest

from scripts import experiment
from scripts.comparison.setups import CHOSEN, SetupError, read_setups
from scripts.comparison.trials import WARM_UP, archive_of, timing_of
from scripts.evaluation import cross_validation, entities, error_costs, messages, metrics, models, plots, summary
from scripts.evaluation.entities import GOLD
from scripts.evaluation.folds import sample, split
from scripts.evaluation.metrics import Prediction, Share
from scripts.evaluation.tables import as_json
from scripts.training_data.examples import Example, TrainingSet, read_training_set
from tests.conftest import ROOT
from weiquan.facts.knowledge import knowledge

THINGS = ["鞋子", "雨伞", "锅盖", "耳机", "毛巾", "台灯", "水杯", "拖把", "花盆", "书包"]
TROUBLES = ("ask_phone", "greet", "report_quality_problem")


def examples_of(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(intent, text, text) for intent, text in pairs]


def guess(label: str, top: str | None, confidence: float, answer: str | None = None) -> Prediction:
    return Prediction(label, top, confidence, answer or top)


# --- folds ---


def test_near_duplicates_are_never_on_both_sides():
    texts = [f"{thing * 2}{number}" for number, thing in enumerate(THINGS)]
    examples = examples_of(*[("greet", text + tail) for text in texts for tail in ("", "！", "。")])
    for train, held in split(examples, 5):
        stems = [{examples[place].text.strip("！。") for place in side} for side in (train, held)]
        assert not stems[0] & stems[1]


def test_every_example_is_held_out_once_and_intents_are_spread():
    words = ["".join(chr(0x4E00 + start + step) for step in range(4)) for start in range(0, 600, 4)]
    examples = examples_of(*zip(TROUBLES * 50, words, strict=True))
    folds = split(examples, 5)
    assert sorted(place for _, held in folds for place in held) == list(range(len(examples)))
    for train, held in folds:
        assert not set(train) & set(held)
        counts = Counter(examples[place].intent for place in held)
        # Ten of each would be even; the splitter comes near.
        assert {name: 5 <= counts[name] <= 16 for name in TROUBLES} == dict.fromkeys(TROUBLES, True), counts


def test_one_fold_is_refused():
    with pytest.raises(ValueError, match="two folds"):
        split(examples_of(("greet", "你好")), 1)


def test_a_sample_has_each_intents_share_and_whole_families():
    words = ["".join(chr(0x4E00 + start + step) for step in range(4)) for start in range(0, 1200, 4)]
    intents = ["greet"] * 60 + ["ask_phone"] * 30 + ["report_fraud"] * 10
    pairs = [(intent, word + tail) for intent, word in zip(intents, words, strict=False) for tail in ("", "！", "。")]
    examples = examples_of(*pairs)
    places = range(3, len(examples))
    chosen = sample(examples, places, 100)
    assert chosen == sample(examples, places, 100)
    assert set(chosen) <= set(places)
    counts = Counter(examples[place].intent for place in chosen)
    assert {name: abs(counts[name] - share) <= 3 for name, share in (("greet", 60), ("ask_phone", 30))} == {
        "greet": True,
        "ask_phone": True,
    }
    assert set(Counter(examples[place].text.strip("！。") for place in chosen).values()) == {3}


def test_a_sample_of_more_than_there_is_is_all_and_of_none_is_refused():
    examples = examples_of(("greet", "你好"), ("thank", "谢谢"))
    assert sample(examples, [1, 0], 5) == [0, 1]
    with pytest.raises(ValueError, match="at least one"):
        sample(examples, [0, 1], 0)


def test_a_written_part_is_read_back_the_same(tmp_path, training_set):
    data = training_set
    places = range(0, len(data.examples), 30)
    data.write(places, tmp_path / "nlu.yml")
    again = read_training_set(tmp_path)
    assert Counter(again.examples) == Counter(data.examples[place] for place in places)
    assert again.other_blocks == data.other_blocks


def test_the_digest_changes_with_the_examples():
    first, second = (TrainingSet(tuple(examples_of(("greet", text))), ()) for text in ("你好", "您好"))
    assert first.digest() != second.digest()


# --- figures ---


def test_calibration_error_of_a_known_case():
    sure = [guess("greet", "greet", 0.95)] * 9 + [guess("greet", "thank", 0.95)]
    unsure = [guess("greet", "greet", 0.35)] * 6 + [guess("greet", "thank", 0.35)] * 4
    assert metrics.calibration_error(sure) == pytest.approx(0.05)
    assert metrics.calibration_error(sure + unsure) == pytest.approx((10 * 0.05 + 10 * 0.25) / 20)
    assert [bucket.count for bucket in metrics.reliability(sure + unsure)] == [0, 0, 0, 10, 0, 0, 0, 0, 0, 10]


def test_full_confidence_and_none_fall_into_the_outer_bins():
    bins = metrics.reliability([guess("greet", "greet", 1.0), guess("greet", None, 0.0)])
    assert (bins[0].count, bins[-1].count) == (1, 1)


def test_the_curve_of_false_alarms_of_a_known_case():
    predictions = [
        guess("out_of_scope", "report_fraud", 0.6),
        guess("out_of_scope", "ask_phone", 0.3),
        guess("out_of_scope", "out_of_scope", 0.9),
        guess("out_of_scope", "chitchat", 0.9),
        guess("report_fraud", "report_fraud", 0.8),
        guess("report_fraud", "ask_phone", 0.4),
    ]
    at = {point.threshold: point for point in metrics.threshold_curve(predictions, [0.0, 0.5, 0.7, 0.95])}
    assert [at[step].false_alarms for step in (0.0, 0.5, 0.7, 0.95)] == [0.5, 0.25, 0.0, 0.0]
    assert [at[step].coverage for step in (0.0, 0.5, 0.95)] == [1.0, 0.5, 0.0]
    assert [at[step].accuracy for step in (0.0, 0.5)] == [0.5, 1.0]
    assert [at[step].kept for step in (0.0, 0.5, 0.95)] == [1.0, 1.0, 0.0]


def test_a_refused_out_of_scope_example_is_no_false_alarm():
    predictions = [guess("out_of_scope", "ask_phone", 0.1, "nlu_fallback"), guess("out_of_scope", "ask_phone", 0.5)]
    assert metrics.false_alarms(predictions) == Share(1, 2)


def test_false_alarms_are_compared_where_models_keep_as_many_right_answers():
    right = [guess("greet", "greet", step / 10) for step in range(1, 11)]
    outside = [guess("out_of_scope", "ask_phone", 0.15), guess("out_of_scope", "ask_phone", 0.5)]
    assert metrics.false_alarms_at_kept(right + outside, 0.9) == 0.5
    assert metrics.false_alarms_at_kept(right + outside, 1.0) == 1.0


def test_scores_of_intents():
    predictions = [
        guess("greet", "greet", 1),
        guess("greet", "thank", 1),
        guess("thank", "thank", 1),
        guess("deny", None, 0),
    ]
    scores = metrics.intent_scores(predictions)
    assert scores["thank"].precision == 0.5
    assert scores["greet"].recall == 0.5
    assert scores["deny"].f1 == 0
    assert metrics.macro_f1(predictions) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert metrics.accuracy(predictions) == Share(2, 4)
    assert metrics.confused_pairs(predictions) == [("deny", "None", 1, 1), ("greet", "thank", 1, 2)]


def test_intervals_hold_the_value_and_narrow_with_more_examples():
    few = [guess("greet", "greet", 1), guess("greet", "thank", 1), guess("thank", "thank", 1)] * 10
    widths = []
    for predictions in (few, few * 20):
        low, high = metrics.macro_f1_interval(predictions, 200)
        assert low <= metrics.macro_f1(predictions) <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2
    assert Share(50, 100).interval == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_merged_intents_are_no_error_and_the_label_may_come_later():
    predictions = [
        Prediction("ask_phone", "ask_email", 0.5, "ask_email", ("ask_email", "greet", "ask_phone")),
        Prediction("greet", "ask_phone", 0.5, "ask_phone", ("ask_phone", "thank", "deny")),
    ]
    questions = error_costs.merged(predictions, {"ask_phone": "question", "ask_email": "question"})
    assert [question.is_right for question in questions] == [True, False]
    assert [metrics.among_first(predictions, count).hits for count in (1, 3)] == [0, 1]
    assert dict(error_costs.errors_by_kind(predictions)) == {
        "complaint": (0, 0, 0, 0),
        "question": (0, 1, 0, 0),
        "case and talk": (0, 1, 0, 0),
        "out_of_scope": (0, 0, 0, 0),
    }


def test_intents_are_merged_by_rule_and_by_ladder():
    rules = error_costs.actions_by_intent(ROOT / "data" / "rules")
    assert rules["ask_phone"] == rules["ask_email"] != rules["greet"]
    advice = error_costs.advice_by_intent(["report_quality_problem", "report_injury", "ask_phone"], knowledge())
    assert advice["ask_phone"] == "ask_phone"
    assert advice["report_injury"] != advice["report_quality_problem"]


# --- entities ---


def test_a_wrong_boundary_is_wrong_and_a_miss():
    gold = entities.parse_gold("[前天](date)买的[车厘子](goods)烂了")
    assert gold.text == "前天买的车厘子烂了"
    scores = entities.entity_scores([(gold.spans, {(0, 2, "date"), (3, 7, "goods")})])
    assert (scores["date"].f1, scores["goods"].f1) == (1, 0)
    assert (scores["goods"].wrong, scores["goods"].missed) == (1, 1)
    assert entities.total(scores).f1 == 0.5


def test_a_span_of_another_entity_is_wrong_and_one_found_twice_counts_once():
    found = entities.found_spans([{"start": 0, "end": 2, "entity": "date"}] * 2)
    scores = entities.entity_scores([([(0, 2, "duration")], found)])
    assert scores["date"].wrong == 1
    assert scores["duration"].missed == 1


def test_values_are_compared_where_they_are_annotated_and_the_span_is_found():
    gold = entities.parse_gold('花了[39.9](amount){"value": 39.9}和[5块](amount){"value": 5}、[六块](amount)')
    found = [
        {"start": 2, "end": 6, "entity": "amount", "value": 39.9},
        {"start": 7, "end": 9, "entity": "amount", "value": "5块"},
    ]
    assert entities.resolved_shares([(gold, found)]) == {"amount": Share(1, 2)}


def test_a_stretch_may_stand_in_the_value_or_beside_it():
    gold = entities.parse_gold('[国庆](date){"value": {"from": "2026-10-01", "to": "2026-10-07"}}买的')
    assert gold.text == "国庆买的"
    place, stretch = {"start": 0, "end": 2, "entity": "date"}, {"from": "2026-10-01", "to": "2026-10-07"}
    inside, beside = {**place, "value": stretch}, {**place, "value": "2026-10-01", **stretch}
    other = {**place, "value": {**stretch, "to": "2026-10-08"}}
    shares = [entities.resolved_shares([(gold, [entity])])["date"] for entity in (inside, beside, other)]
    assert shares == [Share(1, 1), Share(1, 1), Share(0, 1)]


def test_the_annotated_messages_can_be_read():
    now, gold = entities.read_gold(GOLD)
    assert now.startswith("20")
    assert all(message.text[start:end].strip() for message in gold for start, end, _ in message.spans)
    assert not any(set("[]{}") & set(message.text) for message in gold)


def test_spans_move_with_a_cleaned_text():
    gold = entities.parse_gold('坏了！！！[昨天](date){"value": "2026-11-23"}买的')
    moved = entities.moved(gold, "坏了!昨天买的")
    assert moved.spans == ((3, 5, "date"),)
    assert moved.resolved == {(3, 5, "date"): {"value": "2026-11-23"}}


# --- real messages ---


@pytest.fixture
def folder(tmp_path):
    """Three messages, as a tester would keep them."""
    directory = tmp_path / "messages"
    directory.mkdir()
    (directory / "situations.tsv").write_text("鞋子开胶\tquality\n鞋子开胶还不理我\tquality|silent\n", encoding="utf-8")
    (directory / "out_of_scope.tsv").write_text("今天天气\tweather\n", encoding="utf-8")
    table = {
        "situations": {"quality": ["report_quality_problem"], "silent": ["report_seller_ignoring"]},
        "out_of_scope": {"*": ["nlu_fallback", "chitchat"]},
    }
    (tmp_path / "intents.json").write_text(json.dumps(table), encoding="utf-8")
    return directory


def read_as(*names: str) -> models.Reading:
    ranking = tuple((name, 0.5 / (place + 1)) for place, name in enumerate(names))
    return models.Reading("", names[0], ranking, (), 1.0)


def test_real_messages_are_scored_by_the_accepted_intents(folder):
    labelled, table = messages.read_messages(folder)
    readings = [
        read_as("report_quality_problem"),
        read_as("report_seller_ignoring", "ask_phone", "report_fraud", "report_quality_problem", "report_other"),
        read_as("ask_phone"),
    ]
    found = messages.score(labelled, readings, table)
    assert found["accuracy"] == {"situations": Share(2, 2), "out_of_scope": Share(0, 1)}
    assert found["both_labels_in_top_three"] == Share(1, 1)
    assert found["false_alarms"] == Share(1, 1)
    assert found["situations_macro"] == 1.0
    assert sum(found["misread_as"]["situations"].values()) == 0
    assert found["misread_as"]["out_of_scope"]["question"] == 1


def test_both_troubles_must_be_among_the_three_likeliest_complaints(folder):
    labelled, table = messages.read_messages(folder)
    ranking = ("report_seller_ignoring", "report_fraud", "report_other", "report_quality_problem")
    found = messages.score(labelled, [read_as("greet"), read_as(*ranking), read_as("chitchat")], table)
    assert found["both_labels_in_top_three"] == Share(0, 1)
    assert found["false_alarms"] == Share(0, 1)


def test_messages_without_a_table_are_refused(folder):
    (folder.parent / "intents.json").unlink()
    with pytest.raises(messages.MessagesError, match=r"intents\.json"):
        messages.read_messages(folder)


# --- reports ---


def test_plots_are_written(tmp_path):
    predictions = [
        guess("report_fraud", "report_fraud", 0.9),
        guess("ask_phone", "greet", 0.2),
        guess("out_of_scope", None, 0),
    ]
    plots.plot_confusion(predictions, tmp_path / "a" / "confusion.png")
    plots.plot_reliability(metrics.reliability(predictions), 0.1, tmp_path / "calibration.png")
    plots.plot_out_of_scope(metrics.threshold_curve(predictions, [0, 0.5, 1]), 0.2, tmp_path / "out_of_scope.png")
    plots.plot_entities({"date": metrics.Score(3, 1, 1)}, tmp_path / "entities.png")
    written = sorted(tmp_path.rglob("*.png"))
    assert len(written) == 4
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in written)


def test_parts_of_the_report_are_kept_and_joined(tmp_path):
    predictions = [
        guess("report_fraud", "report_fraud", 0.9),
        guess("greet", "thank", 0.4),
        guess("out_of_scope", "greet", 0.3),
    ]
    found = cross_validation.cv_figures(predictions, 0.2)
    found["split"] = {"folds": 5, "run": 1, "seed": 1, "same_fold": 0.45, "data": ""}
    found["folds"], found["same_reply"] = [metrics.accuracy(predictions)], Share(1, 3)
    found["levels"] = cross_validation.level_figures(predictions, knowledge())
    part = summary.Part(found, cross_validation.cv_section(found), cross_validation.cv_summary(found))
    summary.keep("cv", part, tmp_path)
    joined = summary.join(tmp_path)
    assert "| accuracy, held-out examples | 33.3 % (6.1–79.2), 1 of 3 |" in joined
    assert joined in (tmp_path / "evaluation.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "evaluation.json").read_text(encoding="utf-8"))["cv"]["accuracy"]["hits"] == 1


def test_conversations_are_counted():
    conversations, turns = summary.conversation_counts()
    assert conversations >= 80
    assert turns > conversations


@pytest.fixture
def small(monkeypatch):
    """Thirty examples in place of data/nlu."""
    texts = [(intent, thing * 3 + intent) for intent in TROUBLES for thing in THINGS]
    data = TrainingSet(tuple(examples_of(*texts)), ())
    monkeypatch.setattr(experiment, "read_training_set", lambda folder: data)
    return data


def test_every_setup_of_the_experiment_is_known_by_text_and_data(small):
    setups = {setup.name: setup for setup in read_setups(small)}
    assert {"stock", "sparse_lr", "dense_sparse", "use_dense", "diet_dense", CHOSEN} <= set(setups)
    assert all(setup.description for setup in setups.values())
    (quick,) = read_setups(small, ["stock"], epochs=1)
    assert "epochs: 100" not in quick.config
    assert quick.key != setups["stock"].key
    more = TrainingSet((*small.examples, Example("greet", "您好", "您好")), ())
    assert read_setups(more, ["stock"])[0].key != setups["stock"].key
    with pytest.raises(SetupError, match="nonesuch"):
        read_setups(small, ["nonesuch"])


def test_a_finished_setup_is_not_trained_again(small, tmp_path, monkeypatch):
    trained = []

    def pretend(setup, data, fold, results):
        trained.append(setup.name)
        archive = archive_of(setup, results)
        archive.parent.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(b"")
        predictions = [guess("greet", "greet", 0.9)]
        return {
            "key": setup.key, "description": setup.description, "config": setup.config,
            "date": "2026-11-24", "load_before": 0.0,
            "train_seconds": 1.0, "archive_megabytes": 1.0, "accuracy": metrics.accuracy(predictions), "macro_f1": 1.0,
            "macro_f1_interval": (1.0, 1.0), "calibration_error": 0.1, "answered_right": Share(1, 1),
            "false_alarms": Share(0, 1), "false_alarms_at_kept": 0.0,
        }  # fmt: skip

    monkeypatch.setattr(experiment, "train_and_test", pretend)
    options = argparse.Namespace(
        only=["stock", "sparse_lr"],
        epochs=None,
        examples=None,
        messages=None,
        rounds=0,
        timing_only=False,
        results=tmp_path,
    )
    experiment.run(options)
    experiment.run(options)
    assert trained == ["stock", "sparse_lr"]
    assert "| sparse_lr | 100.0 %" in (tmp_path / "experiment.md").read_text(encoding="utf-8")
    options.epochs = 1
    experiment.run(options)
    assert trained == ["stock", "sparse_lr", "stock"]
    assert "| stock | 1, 1 |" in (tmp_path / "experiment.md").read_text(encoding="utf-8")


def test_a_sample_is_trained_on_its_own_and_tested_on_the_same(small, tmp_path, monkeypatch):
    trained = []

    def pretend(setup, data, fold, results):
        trained.append((setup.key, len(fold[0]), len(fold[1])))
        raise models.ModelError("enough")

    monkeypatch.setattr(experiment, "train_and_test", pretend)
    for examples in (None, 12):
        options = argparse.Namespace(
            only=["stock"], epochs=None, examples=examples, messages=None, rounds=0, timing_only=False, results=tmp_path
        )
        with pytest.raises(models.ModelError):
            experiment.run(options)
    (whole, sampled) = trained
    assert sampled[0] != whole[0]
    assert sampled[1] <= 12 < whole[1]
    assert sampled[2] == whole[2]


def test_times_leave_out_the_warm_up():
    slow = tuple(models.Reading("", "greet", (), (), 1000.0) for _ in range(WARM_UP))
    fast = tuple(models.Reading("", "greet", (), (), float(step)) for step in range(100))
    found = timing_of([models.Run(slow + fast, 5.0, 6.0, 600.0, 700.0)])
    assert (found["parse_ms_p50"], found["parse_ms_p95"]) == (50.0, 95.0)
    assert found["first_parse_seconds"] == 6.0


def test_readings_survive_json():
    reading = models.Reading("甲", "greet", (("greet", 0.5),), ({"entity": "date"},), 1.5)
    assert models.as_reading(json.loads(json.dumps(as_json(reading)))) == reading


def test_a_missing_model_is_not_silently_replaced(tmp_path):
    with pytest.raises(models.ModelError, match="missing"):
        models.parse(tmp_path / "none.tar.gz", ["你好"])
