"""Figures as text: Markdown tables, percentages, JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import platform
from typing import Any, Sequence

from scripts.evaluation.metrics import Interval, Score, Share
from weiquan import clock


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def percent(value: float) -> str:
    """Return 0.8123 as `81.2 %`."""
    return f"{value * 100:.1f} %"


def with_interval(value: float, interval: Interval) -> str:
    """Return a share with its interval: `81.2 % (78.0–84.1)`."""
    low, high = interval
    return f"{value * 100:.1f} % ({low * 100:.1f}–{high * 100:.1f})"


def share_text(share: Share) -> str:
    """Return a share with its interval and counts."""
    return f"{with_interval(share.value, share.interval)}, {share.hits} of {share.total}"


def as_json(value: Any) -> Any:
    """Return `value` in types that JSON knows: shares and scores become objects with all their figures."""
    if isinstance(value, Share):
        return {"hits": value.hits, "total": value.total, "value": round(value.value, 4), "interval": value.interval}
    if isinstance(value, Score):
        figures = {"precision": value.precision, "recall": value.recall, "f1": value.f1}
        return {
            **{name: round(figure, 4) for name, figure in figures.items()},
            "support": value.support,
            **dataclasses.asdict(value),
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    return value


def write_json(file: pathlib.Path, value: Any) -> None:
    """Write `value` to `file`, completely or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(as_json(value), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(file)


def today() -> str:
    """Return today's date in ISO 8601."""
    return clock.today().isoformat()


def machine() -> str:
    """Return a description of this machine and how busy it is."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, load {load:.1f} before"
