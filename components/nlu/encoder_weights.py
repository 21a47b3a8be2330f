"""The weights of the sentence encoder by plain names, and the additions to them that fine-tuning found."""

from __future__ import annotations

import pathlib
from typing import Dict, List, Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

Array = npt.NDArray[np.float32]

LAYERS, HEADS = 4, 8
_FIRST, _STEP = 551, 13
"""The export names its matrices by numbers: 551 to 553 in the first layer, 13 more in each further one."""


def names() -> Dict[str, str]:
    """Return the plain name of each weight matrix and its name in the exported model."""
    found = {}
    for layer in range(LAYERS):
        name, number = f"encoder.layer.{layer}", _FIRST + _STEP * layer
        found[f"{name}.qkv"] = f"Attention_{layer}_qkv_weight"
        for place, part in enumerate(("attention.output", "intermediate", "output")):
            found[f"{name}.{part}"] = f"onnx::MatMul_{number + place}"
    return found


def matrices() -> List[str]:
    """Return the plain names of the matrices that fine-tuning adds to."""
    return list(names())


def read_weights(model: pathlib.Path) -> Dict[str, Array]:
    """Return all weights of the ONNX file `model`: matrices by their plain names, the others by their own."""
    plain = {exported: name for name, exported in names().items()}
    plain |= {f"Attention_{layer}_qkv_bias": f"encoder.layer.{layer}.qkv.bias" for layer in range(LAYERS)}
    found = onnx.load(str(model)).graph.initializer
    return {plain.get(tensor.name, tensor.name): numpy_helper.to_array(tensor) for tensor in found}


def add_adapter(source: pathlib.Path, adapter: Mapping[str, Array], target: pathlib.Path) -> None:
    """Write to `target` the ONNX model `source` with the `adapter` added: to each matrix its `.down` times its `.up`.

    Raises `KeyError` where the adapter lacks a matrix and `ValueError` where shapes differ.
    """
    model = onnx.load(str(source))
    exported = {tensor.name: tensor for tensor in model.graph.initializer}
    for name, other in names().items():
        tensor = exported[other]
        added = adapter[f"{name}.down"].astype(np.float32) @ adapter[f"{name}.up"].astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) + added, other))
    onnx.save(model, str(target))
