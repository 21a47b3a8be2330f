"""The plots of the report, as PNG files. They use `Figure` without pyplot, which needs no display."""

from __future__ import annotations

import pathlib
from typing import Any, Mapping, Sequence

import numpy as np
from matplotlib.colors import LogNorm  # type: ignore[import-untyped]
from matplotlib.figure import Figure  # type: ignore[import-untyped]

from scripts.evaluation.metrics import AtThreshold, Bin, Prediction, Score, confusion, in_groups

BLUE, RED, GREY, PALE = "#1f5fa8", "#c0392b", "#777777", "#c9d9ec"
_RESOLUTION = 130


def plot_confusion(predictions: Sequence[Prediction], file: pathlib.Path) -> None:
    """Draw into `file` which share of each label's examples (row) got each intent (column), complaints first."""
    groups = in_groups(sorted({prediction.label for prediction in predictions}))
    names = [name for group in groups for name in group]
    counts = confusion(predictions, names).astype(float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.27 * len(names) + 4)
    figure, axes = _figure(side + 1, side)
    image = axes.imshow(np.where(shares > 0, shares, np.nan), norm=LogNorm(0.005, 1), cmap="viridis_r")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(names)), minor=True)
    axes.grid(which="minor", color="#eeeeee", linewidth=0.4)
    axes.tick_params(which="minor", length=0)
    border = -0.5
    for group in groups[:-1]:
        border += len(group)
        axes.axhline(border, color=GREY, linewidth=1)
        axes.axvline(border, color=GREY, linewidth=1)
    axes.set_xlabel("first intent of the classifier")
    axes.set_ylabel("label")
    axes.set_title(
        "Confusion matrix: share of each label's held-out examples (logarithmic colour, each row adds up to 1)"
    )
    bar = figure.colorbar(image, ax=axes, fraction=0.03, pad=0.01)
    bar.set_ticks(
        [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
        labels=["0.5 %", "1 %", "2 %", "5 %", "10 %", "20 %", "50 %", "100 %"],
    )
    _save(figure, file)


def plot_reliability(bins: Sequence[Bin], error: float, file: pathlib.Path) -> None:
    """Draw into `file` the accuracy over the confidence, and below it how many examples each bin holds."""
    figure = Figure(figsize=(6, 6.5), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    width = bins[0].high - bins[0].low
    middles = [(bucket.low + bucket.high) / 2 for bucket in bins]
    filled = [bucket for bucket in bins if bucket.count]
    upper.bar(middles, [bucket.accuracy for bucket in bins], width=width * 0.94, color=PALE)
    upper.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="confidence = accuracy")
    upper.plot(
        [bucket.confidence for bucket in filled], [bucket.accuracy for bucket in filled], "o-", color=BLUE, label="bins"
    )
    upper.set(
        xlim=(0, 1),
        ylim=(0, 1),
        ylabel="accuracy",
        title=f"Calibration: expected error {error:.3f}, {len(bins)} equal bins",
    )
    upper.legend(loc="upper left")
    bars = lower.bar(middles, [bucket.count for bucket in bins], width=width * 0.94, color=BLUE)
    lower.bar_label(bars, fontsize=7)
    lower.margins(y=0.2)
    lower.set(xlabel="confidence of the first intent", ylabel="examples")
    _save(figure, file)


def plot_out_of_scope(curve: Sequence[AtThreshold], chosen: float, file: pathlib.Path) -> None:
    """Draw into `file` false alarms, coverage and right answers kept over the threshold; the config has `chosen`."""
    figure, axes = _figure(7, 4.6)
    steps = [point.threshold for point in curve]
    axes.plot(steps, [point.kept for point in curve], color=BLUE, label="right answers kept (in scope)")
    axes.plot(steps, [point.coverage for point in curve], color=BLUE, linestyle=":", label="answered (in scope)")
    answered = [point for point in curve if point.coverage > 0]
    axes.plot(
        [point.threshold for point in answered],
        [point.accuracy for point in answered],
        color=GREY,
        label="right, of those answered",
    )
    axes.plot(steps, [point.false_alarms for point in curve], color=RED, label="false alarms (out of scope)")
    axes.axvline(chosen, color="black", linewidth=1, linestyle="--", label=f"threshold of the config: {chosen:g}")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="threshold on the confidence", ylabel="share")
    axes.set_title("Threshold: false alarms against answers")
    axes.legend(fontsize=8)
    axes.grid(color="#eeeeee")
    _save(figure, file)


def plot_entities(scores: Mapping[str, Score], file: pathlib.Path) -> None:
    """Draw into `file` the F1 of each entity, with the number of spans to find."""
    names = sorted(scores, key=lambda name: scores[name].f1)
    figure, axes = _figure(7, 0.34 * len(names) + 1.4)
    bars = axes.barh(names, [scores[name].f1 for name in names], color=BLUE)
    axes.bar_label(bars, [f"{scores[name].f1:.3f}  of {scores[name].support}" for name in names], padding=3, fontsize=8)
    axes.set(xlim=(0, 1.2), xlabel="F1, exact boundaries", title="Entities on annotated messages")
    axes.set_xticks(np.arange(0, 1.01, 0.2))
    _save(figure, file)


def plot_first_turns(
    sets: Mapping[str, Mapping[str, Mapping[str, int]]], verdicts: Sequence[str], file: pathlib.Path
) -> None:
    """Draw into `file` the shares of `verdicts` among the complaints of each of `sets` (set -> kind -> outcome)."""
    rows = [
        (f"{name}: {kind}", counts)
        for name, kinds in sets.items()
        for kind, counts in sorted(kinds.items())
        if kind.startswith("complaints")
    ]
    figure, axes = _figure(7.5, 0.5 * len(rows) + 1.4)
    left = np.zeros(len(rows))
    for what, colour in zip(verdicts, (BLUE, PALE, GREY, RED), strict=True):
        widths = np.array([counts.get(what, 0) / max(1, sum(counts.values())) for _, counts in rows])
        axes.barh([label for label, _ in rows], widths, left=left, color=colour, label=what)
        left += widths
    axes.set(xlim=(0, 1), xlabel="share of the messages", title="The first answer to a complaint")
    axes.legend(ncols=len(verdicts), fontsize=8, loc="lower right")
    axes.invert_yaxis()
    _save(figure, file)


def plot_dangers(sets: Mapping[str, Mapping[str, Mapping[str, int]]], file: pathlib.Path) -> None:
    """Draw into `file` the share of each kind of danger met at once in each of `sets` (set -> kind -> outcome)."""
    kinds = sorted({kind for found in sets.values() for kind in found})
    figure, axes = _figure(7.5, 0.6 * len(kinds) + 1.4)
    height = 0.8 / max(1, len(sets))
    for place, (name, colour) in enumerate(zip(sets, (PALE, BLUE), strict=False)):
        counted = [sets[name].get(kind, {}) for kind in kinds]
        met = [1 - counts.get("not met", 0) / max(1, sum(counts.values())) for counts in counted]
        bars = axes.barh(np.arange(len(kinds)) + place * height, met, height, color=colour, label=name)
        axes.bar_label(
            bars,
            [f"{value:.2f} of {sum(counts.values())}" for value, counts in zip(met, counted, strict=True)],
            fontsize=7,
        )
    axes.set_yticks(np.arange(len(kinds)) + height * (len(sets) - 1) / 2, kinds)
    axes.set(xlim=(0, 1.2), xlabel="share met at once", title="Dangers")
    axes.legend(fontsize=8, loc="lower right")
    _save(figure, file)


def _figure(width: float, height: float) -> Any:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Figure, file: pathlib.Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=_RESOLUTION)
