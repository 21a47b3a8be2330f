"""The sentence encoder in TensorFlow, with a low-rank addition to each weight matrix that can be learned.

The encoder is BERT (Devlin et al. 2019, arXiv:1810.04805) of four layers; the
additions are those of LoRA (Hu et al. 2021, arXiv:2106.09685): a matrix W of
n x m becomes W + A B with A of n x rank and B of rank x m, B starting at 0.
"""

from __future__ import annotations

import pathlib
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from components.nlu.encoder_weights import HEADS, LAYERS, matrices, read_weights

Array = npt.NDArray[np.float32]
EPSILON = 1e-12
ATTENTION_OFF = -1e9


class AdaptedEncoder:
    """An encoder whose own weights stay as they are, with `rank` columns of addition to each of its matrices."""

    def __init__(self, model: pathlib.Path, rank: int, seed: int) -> None:
        """Read the ONNX `model`."""
        self._weights = {name: tf.constant(value) for name, value in read_weights(model).items()}
        random = np.random.default_rng(seed)
        self.additions: Dict[str, Tuple[tf.Variable, tf.Variable]] = {}
        for name in matrices():
            rows, columns = self._weights[name].shape
            down = random.normal(0, rows**-0.5, (rows, rank)).astype(np.float32)
            self.additions[name] = tf.Variable(down), tf.Variable(np.zeros((rank, columns), np.float32))

    @property
    def variables(self) -> List[tf.Variable]:
        """What is learned."""
        return [variable for pair in self.additions.values() for variable in pair]

    def adapter(self) -> Dict[str, Array]:
        """Return the additions as arrays: `<matrix>.down` and `<matrix>.up`."""
        found = {}
        for name, (down, up) in self.additions.items():
            found[f"{name}.down"], found[f"{name}.up"] = down.numpy(), up.numpy()
        return found

    def vectors(self, ids: Any, mask: Any, dropout: float = 0.0) -> Any:
        """Return the [CLS] vector of each row of token `ids`; `mask` is 1 for tokens and 0 for padding."""
        weights = self._weights
        places = tf.shape(ids)[1]
        hidden = tf.gather(weights["embeddings.word_embeddings.weight"], ids)
        hidden += weights["embeddings.position_embeddings.weight"][tf.newaxis, :places]
        hidden += weights["embeddings.token_type_embeddings.weight"][0]
        hidden = self._normalised(hidden, "embeddings")
        shape = tf.shape(hidden)
        width = hidden.shape[-1]
        off = (1.0 - mask[:, tf.newaxis, tf.newaxis, :]) * ATTENTION_OFF
        hidden = tf.reshape(hidden, (-1, width))
        for layer in range(LAYERS):
            hidden = self._layer(hidden, layer, shape, width, off, dropout)
        return tf.reshape(hidden, shape)[:, 0]

    def _layer(self, hidden: Any, layer: int, shape: Any, width: int, off: Any, dropout: float) -> Any:
        name, size = f"encoder.layer.{layer}", width // HEADS
        mixed = self._times(hidden, f"{name}.qkv") + self._weights[f"{name}.qkv.bias"]
        mixed = tf.reshape(mixed, (shape[0], shape[1], 3, HEADS, size))
        query, key, value = (tf.transpose(mixed[:, :, part], (0, 2, 1, 3)) for part in range(3))
        attention = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * size**-0.5 + off)
        seen = tf.reshape(tf.transpose(tf.matmul(attention, value), (0, 2, 1, 3)), (-1, width))
        out = self._times(seen, f"{name}.attention.output") + self._weights[f"{name}.attention.output.dense.bias"]
        hidden = self._normalised(hidden + _dropped(out, dropout), f"{name}.attention.output")
        inner = self._times(hidden, f"{name}.intermediate") + self._weights[f"{name}.intermediate.dense.bias"]
        out = self._times(tf.nn.gelu(inner, approximate=False), f"{name}.output")
        out += self._weights[f"{name}.output.dense.bias"]
        return self._normalised(hidden + _dropped(out, dropout), f"{name}.output")

    def _times(self, hidden: Any, name: str) -> Any:
        """Return `hidden` times the matrix `name` and its addition; in 16 bits, which is nearly twice as fast."""
        down, up = self.additions[name]
        short = tf.cast(hidden, tf.bfloat16)
        product = tf.matmul(short, tf.cast(self._weights[name], tf.bfloat16))
        added = tf.matmul(tf.matmul(short, tf.cast(down, tf.bfloat16)), tf.cast(up, tf.bfloat16))
        return tf.cast(product + added, tf.float32)

    def _normalised(self, hidden: Any, name: str) -> Any:
        mean, variance = tf.nn.moments(hidden, axes=[-1], keepdims=True)
        scale, offset = self._weights[f"{name}.LayerNorm.weight"], self._weights[f"{name}.LayerNorm.bias"]
        return tf.nn.batch_normalization(hidden, mean, variance, offset, scale, EPSILON)


def _dropped(values: Any, share: float) -> Any:
    return tf.nn.dropout(values, share) if share else values


def padded(rows: Sequence[Sequence[int]]) -> Tuple[Any, Any]:
    """Return token ids and mask of `rows`, padded to a multiple of 8 places (few shapes, few graphs)."""
    places = -(-max(map(len, rows)) // 8) * 8
    ids, mask = np.zeros((len(rows), places), np.int64), np.zeros((len(rows), places), np.float32)
    for place, row in enumerate(rows):
        ids[place, : len(row)], mask[place, : len(row)] = row, 1
    return tf.constant(ids), tf.constant(mask)
