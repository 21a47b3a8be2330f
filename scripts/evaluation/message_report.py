"""How the trained model reads real messages."""

from __future__ import annotations

import pathlib

from scripts.evaluation import messages, models
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import percent, share_text, table


def message_report(model: pathlib.Path, directory: pathlib.Path) -> Part:
    """Score the readings that `model` gives the messages in `directory`. Raises `MessagesError` and `ModelError`."""
    labelled, accepted = messages.read_messages(directory)
    found = messages.score(labelled, models.parse(model, [message.text for message in labelled]).readings, accepted)
    errors = found["calibration_error"]
    rows = [[name, share_text(share), f"{errors[name]:.3f}"] for name, share in found["accuracy"].items()]
    summary = [(f"real messages: {name}", share_text(share)) for name, share in found["accuracy"].items()]
    parts = ["## Real messages\n"]
    parts.append(
        f"{len(labelled)} messages of strangers that no example was written from. "
        "Right: an accepted intent of any label.\n"
    )
    rows.append(["all", "", f"{found['calibration_error_of_all']:.3f}"])
    parts.append(table(["messages", "right", "calibration error"], rows))
    summary.append(("real messages: expected calibration error, all", f"{found['calibration_error_of_all']:.3f}"))
    for key, name in (
        ("false_alarms", "false alarms"),
        ("both_labels_in_top_three", "both troubles among the first three"),
    ):
        if key in found:
            parts.append(f"{name.capitalize()}: {share_text(found[key])}.\n")
            summary.append((f"real messages: {name}", share_text(found[key])))
    rows = [[name, *counts.values()] for name, counts in found["misread_as"].items()]
    parts.append(table(["misread", *(f"as {kind}" for kind in messages.READ_AS)], rows))
    if "situations_by_label" in found:
        summary.append(("real messages: mean over the kinds of trouble", percent(found["situations_macro"])))
        rows = [[label, share_text(share)] for label, share in found["situations_by_label"].items()]
        parts.append(table(["trouble", "right"], rows))
    return Part(found, "\n".join(parts), summary)
