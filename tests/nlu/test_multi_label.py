"""Many labels at once: learned where they are known, sure to the right degree, kept and read again."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from components.nlu.multi_label import MultiLabelModel, by_family, fit

LABELS = ("kind:a", "kind:b", "rare:c", "all")
STRENGTH = {"": 1.0}
ROUNDS = 300


@pytest.fixture(scope="module")
def examples():
    """Features, what holds and what is known: each label follows from features of its own, by chance."""
    chance = np.random.default_rng(5)
    features = chance.normal(size=(900, 8)).astype(np.float32)
    scores = features @ chance.normal(size=(8, len(LABELS))) + np.array([0, -0.5, -3, 0.5])
    holds = (chance.uniform(size=scores.shape) < 1 / (1 + np.exp(-scores))).astype(np.float32)
    return features, holds, np.ones_like(holds)


def test_each_label_is_learned_as_if_it_were_the_only_one(examples):
    features, holds, known = examples
    known = known.copy()
    known[::3, 1] = 0
    model = fit(features, holds, known, LABELS, STRENGTH, ROUNDS)
    for column in range(len(LABELS)):
        rows = known[:, column] == 1
        alone = LogisticRegression(C=1.0, max_iter=ROUNDS).fit(features[rows], holds[rows, column])
        expected = alone.predict_proba(features)[:, 1]
        assert model.probabilities(features)[:, column] == pytest.approx(expected, abs=0.01), LABELS[column]


def test_what_is_not_known_of_a_label_counts_for_nothing(examples):
    features, holds, known = examples
    known = known.copy()
    known[:400, 0] = 0
    false = holds.copy()
    false[:400, 0] = 1 - holds[:400, 0]
    models = [fit(features, told, known, LABELS, STRENGTH, ROUNDS) for told in (holds, false)]
    assert np.array_equal(models[0].weights, models[1].weights)


def test_a_label_that_nothing_is_known_of_stays_even_and_one_that_never_holds_stays_rare(examples):
    features, holds, known = examples
    holds, known = holds.copy(), known.copy()
    known[:, 0], holds[:, 2] = 0, 0
    shares = fit(features, holds, known, LABELS, STRENGTH, ROUNDS).probabilities(features)
    assert shares[:, 0] == pytest.approx(0.5)
    assert shares[:, 2].max() < 0.02
    assert np.isfinite(shares).all()


def test_a_family_may_be_learned_more_carefully_than_the_others(examples):
    features, holds, known = examples
    plain = fit(features, holds, known, LABELS, STRENGTH, ROUNDS)
    careful = fit(features, holds, known, LABELS, {"": 1.0, "kind": 0.001}, ROUNDS)
    size = [np.abs(careful.weights[:, column]).sum() / np.abs(plain.weights[:, column]).sum() for column in range(4)]
    assert max(size[:2]) < 0.5
    assert size[2:] == pytest.approx([1, 1], rel=0.05)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_calibration_undoes_too_much_and_too_little_certainty_family_by_family(examples, factor):
    features, holds, known = examples
    model = fit(features, holds, known, LABELS, STRENGTH, ROUNDS)
    stretch = np.array([factor, factor, 1, 1], np.float32)
    distorted = MultiLabelModel(LABELS, model.weights * stretch, model.bias * stretch, np.ones(4, np.float32))
    slopes = distorted.calibrated(features, holds, known).slopes
    assert slopes[0] == slopes[1] == pytest.approx(1 / factor, rel=0.15)
    assert slopes[2:] == pytest.approx([1, 1], rel=0.25)
    assert distorted.slopes.tolist() == [1, 1, 1, 1], "the model itself is not changed"


def test_calibration_looks_at_what_is_known_only_and_changes_no_order(examples):
    features, holds, known = examples
    known, false = known.copy(), holds.copy()
    known[300:, :2], false[300:, :2] = 0, 1 - holds[300:, :2]
    model = fit(features, holds, known, LABELS, STRENGTH, ROUNDS)
    calibrated = model.calibrated(features, holds, known)
    assert np.array_equal(calibrated.slopes, model.calibrated(features, false, known).slopes)
    assert (calibrated.slopes > 0).all()
    assert np.array_equal((calibrated.scores(features) > 0), (model.scores(features) > 0))


def test_a_model_that_was_kept_reads_the_same(examples, tmp_path):
    features, holds, known = examples
    model = fit(features, holds, known, LABELS, STRENGTH, 20).calibrated(features, holds, known)
    model.save(tmp_path)
    again = MultiLabelModel.load(tmp_path)
    assert again.labels == LABELS
    assert np.array_equal(again.probabilities(features), model.probabilities(features))
    (tmp_path / "labels.json").unlink()
    with pytest.raises(FileNotFoundError):
        MultiLabelModel.load(tmp_path)


def test_the_same_examples_give_the_same_model(examples):
    first, second = (fit(*examples, LABELS, STRENGTH, 20) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)


def test_values_are_told_by_family_and_name():
    found = by_family(
        ["danger:fire", "danger:injury", "danger", "complaint"], np.array([0.5, 0.25, 0.75, 1], np.float32)
    )
    assert found == {
        "danger": {"fire": 0.5, "injury": 0.25, "danger": 0.75},
        "complaint": {"complaint": 1.0},
    }
