"""Small neural networks over a message's features: Keras trains them, NumPy runs them.

One hidden layer above features that are finished: what Rasa's DIET learns from
scratch with the words, here the encoder brings along.
"""

from __future__ import annotations

from typing import List

import numpy as np
import numpy.typing as npt

Layers = List[npt.NDArray[np.float32]]
"""Weights and biases of the hidden layer, then those of the output; plain arrays, which a model archive can hold."""
Matrix = npt.NDArray[np.float32]

LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-4
LABEL_SMOOTHING = 0.1
"""Share of the certainty spread over all classes: neighbouring intents overlap, and confidence stays modest."""
INPUT_DROPOUT, HIDDEN_DROPOUT = 0.2, 0.5
BATCH_SIZE = 64


def train_network(
    features: npt.ArrayLike, classes: npt.NDArray[np.int64], count: int, units: int, epochs: int, seed: int
) -> Layers:
    """Return a network that tells the `count` classes apart.

    `features` has a row for each of `classes` (numbers from 0). The same
    input and `seed` give the same network on the same machine.
    """
    import tensorflow as tf  # seconds to load, and only training needs it

    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    rows = np.asarray(features, dtype=np.float32)
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Input(rows.shape[1]),
            layers.Dropout(INPUT_DROPOUT),
            layers.Dense(units, activation="relu"),
            layers.Dropout(HIDDEN_DROPOUT),
            layers.Dense(count),
        ]
    )
    model.compile(
        tf.keras.optimizers.AdamW(LEARNING_RATE, weight_decay=WEIGHT_DECAY),
        tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=LABEL_SMOOTHING),
    )
    wanted = np.eye(count, dtype=np.float32)[classes]
    model.fit(rows, wanted, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return [np.asarray(weights, dtype=np.float32) for weights in model.get_weights()]


def run_network(layers: Layers, features: npt.ArrayLike) -> Matrix:
    """Return the scores (logits) of each class for each row of `features`."""
    hidden_weights, hidden_bias, weights, bias = layers
    hidden = np.maximum(np.asarray(features, dtype=np.float32) @ hidden_weights + hidden_bias, 0)
    return np.asarray(hidden @ weights + bias)
