"""Fine-tune the sentence encoder on all labels of the examples at once, and write data/encoder/adapter.npz.

Takes about half an hour on two cores. It is run by hand when examples have
changed much; `make train` only adds the file to the encoder's weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any, List, Sequence

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tokenizers import Tokenizer

from components.nlu.held_back import is_held_back
from components.nlu.labels import Lesson, answer_of, label_names, labels_of, lessons_of_messages, targets
from components.nlu.sentence_encoder import prepare
from scripts.encoder import ADAPTER, ADAPTER_NOTE, FOLDER
from scripts.fine_tuning.bert import AdaptedEncoder, padded
from scripts.training_data.examples import read_blocks
from scripts.training_data.near_duplicates import without_annotations
from weiquan.clock import today
from weiquan.facts.knowledge import knowledge
from weiquan.language.normalisation import normalise
from weiquan.places import DATA

Array = npt.NDArray[np.float32]

RANK, SEED = 32, 20261130
EPOCHS, BATCH, CHUNK = 3, 32, 50
RATE, HEAD_RATE, WARM_UP = 1e-3, 2e-3, 200
DROPOUT, SMOOTHING = 0.1, 0.01
MORE = ("danger.yml", "news.yml")
"""Messages beside data/nlu that have labels and no intent."""
LONGEST = 192
"""Tokens of a message that are read in training."""
INTENT = "intent:"
"""Before the name of an intent among the labels: here the intents are learned too."""
WEIGHTS = {"danger": 2.0, "news": 2.0}
"""How much a family of labels counts beside the others (1)."""
ANSWERS_WEIGHT = 1.0
"""How much it counts which answer a fine question asks for: one example in four asks for one."""
NO_ANSWER = -1
SHARPNESS = 2.0
"""Of the answers' scores: hundreds of classes need larger ones than the labels."""


def all_lessons() -> List[Lesson]:
    """Return what all examples teach, but for those held back; each text once a source."""
    facts = knowledge()
    blocks = [block for _, block in read_blocks(DATA / "nlu") if "intent" in block]
    intents = sorted({block["intent"] for block in blocks})
    found = [lesson for name in MORE for lesson in lessons_of_messages(DATA / name, facts)]
    for block in blocks:
        labels = {f"{INTENT}{other}": other == block["intent"] for other in intents}
        labels |= labels_of(block["intent"], block.get("metadata"), facts)
        lines = (line.removeprefix("- ").strip() for line in block["examples"].splitlines())
        texts = [without_annotations(line) for line in lines if line]
        answer = answer_of(block.get("metadata"))
        found += [Lesson(text, labels, is_held_back(text), answer) for text in texts]
    return [lesson for lesson in found if not lesson.is_held_back]


class Trainer:
    """Learns the adapter and, only to learn it, one linear head for all labels and one for the answers."""

    def __init__(self, names: Sequence[str], answers: int, steps: int) -> None:
        tf.keras.utils.set_random_seed(SEED)
        self.encoder = AdaptedEncoder(FOLDER / "model.onnx", RANK, SEED)
        self._head = tf.Variable(np.random.default_rng(SEED).normal(0, 0.02, (512, len(names))).astype(np.float32))
        self._bias = tf.Variable(np.full(len(names), -2.0, np.float32))
        self._answers = tf.Variable(np.random.default_rng(SEED).normal(0, 0.02, (512, answers)).astype(np.float32))
        self._weight = tf.constant([WEIGHTS.get(name.split(":")[0], 1.0) for name in names])
        self._rates = tf.keras.optimizers.Adam(RATE), tf.keras.optimizers.Adam(HEAD_RATE)
        self._steps, self._step = steps, 0

    def learn(self, rows: Sequence[Sequence[int]], holds: Array, known: Array, asked: Any) -> float:
        """Take one step on a batch, of which `asked` holds the places of the answers; return its loss."""
        self._step += 1
        share = min(1.0, self._step / WARM_UP) * max(0.02, 1 - self._step / self._steps)
        for optimizer, rate in zip(self._rates, (RATE, HEAD_RATE), strict=True):
            optimizer.learning_rate.assign(rate * share)
        return float(self._learn(*padded(rows), tf.constant(holds), tf.constant(known), tf.constant(asked)))

    @tf.function(reduce_retracing=True)
    def _learn(self, ids: Any, mask: Any, holds: Any, known: Any, asked: Any) -> Any:
        variables = [*self.encoder.variables, self._head, self._bias, self._answers]
        with tf.GradientTape() as tape:
            vectors = tf.nn.dropout(self.encoder.vectors(ids, mask, DROPOUT), DROPOUT)
            scores = tf.matmul(vectors, self._head) + self._bias
            wanted = holds * (1 - 2 * SMOOTHING) + SMOOTHING
            losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, scores) * known * self._weight
            chosen = tf.nn.sparse_softmax_cross_entropy_with_logits(
                tf.maximum(asked, 0), tf.matmul(vectors, self._answers) * SHARPNESS
            )
            chosen *= tf.cast(asked != NO_ANSWER, tf.float32) * ANSWERS_WEIGHT
            loss = tf.reduce_mean(tf.reduce_sum(losses, axis=1) + chosen)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
        self._rates[0].apply_gradients(zip(gradients[:-3], variables[:-3]))  # noqa: B905 - autograph knows no strict
        self._rates[1].apply_gradients(zip(gradients[-3:], variables[-3:]))  # noqa: B905
        return loss


def batches(lengths: Sequence[int], random: np.random.Generator) -> List[List[int]]:
    """Return all places in random batches of about equal length each."""
    order = random.permutation(len(lengths))
    found: List[List[int]] = []
    for start in range(0, len(order), BATCH * CHUNK):
        chunk = sorted(order[start : start + BATCH * CHUNK], key=lambda place: lengths[place])
        found += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    return [found[place] for place in random.permutation(len(found))]


def tokens(texts: Sequence[str]) -> List[List[int]]:
    """Return the token ids of each text, as the encoder will see it."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    return [one.ids for one in tokenizer.encode_batch([prepare(normalise(text)) for text in texts])]


def write(encoder: AdaptedEncoder, count: int, note: str) -> None:
    """Write the adapter in 16 bits, and what it was made from."""
    ADAPTER.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(ADAPTER, **{name: value.astype(np.float16) for name, value in encoder.adapter().items()})
    content = {"made": today().isoformat(), "examples": count, "rank": RANK, "note": note}
    ADAPTER_NOTE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Fine-tune and write the adapter after each epoch; return 0."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--epochs", type=int, default=EPOCHS)
    options.add_argument("--note", default="", help="a word that is kept with the file")
    args = options.parse_args(arguments)
    lessons = all_lessons()
    facts = knowledge()
    intents = sorted({name for lesson in lessons for name in lesson.labels if name.startswith(INTENT)})
    names = [*intents, *label_names(facts)]
    answers = {name: place for place, name in enumerate(facts.answers)}
    asked = np.array([answers[lesson.answer] if lesson.answer else NO_ANSWER for lesson in lessons], np.int32)
    holds, known = targets(lessons, names)
    rows = tokens([lesson.text for lesson in lessons])
    random = np.random.default_rng(SEED)
    plan = [batches([len(row) for row in rows], random) for _ in range(args.epochs)]
    trainer = Trainer(names, len(answers), sum(map(len, plan)))
    print(
        f"{len(lessons)} examples, {sum(map(len, rows))} tokens, {len(names)} labels, {len(answers)} answers",
        flush=True,
    )
    for number, epoch in enumerate(plan, 1):
        started, loss = time.monotonic(), 0.0
        for done, batch in enumerate(epoch, 1):
            loss += trainer.learn([rows[place] for place in batch], holds[batch], known[batch], asked[batch])
            if done % 100 == 0:
                print(f"epoch {number}, {done} of {len(epoch)} batches, loss {loss / done:.3f}", flush=True)
        print(f"epoch {number}: loss {loss / len(epoch):.3f}, {time.monotonic() - started:.0f} s", flush=True)
        write(trainer.encoder, len(lessons), args.note)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
