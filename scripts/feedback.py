"""List what shoppers said about the bot: opinions, facts that they found wrong, thumbs up and down.

`python -m scripts.feedback [DATABASE]` prints one tab-separated line for each,
oldest first: time (Beijing), kind, the answer it is about, the shopper's words.
"""

from __future__ import annotations

import datetime
import json
import pathlib
import sqlite3
import sys
from typing import Dict, Iterator, Tuple

from weiquan.clock import BEIJING
from weiquan.places import VAR

KINDS = ("give_feedback", "report_wrong_fact")

Opinion = Tuple[float, str, str, str]
"""Timestamp, kind, what it is about, words."""


def read_feedback(database: pathlib.Path) -> Iterator[Tuple[str, str, str, str]]:
    """Yield (time, kind, first line of the bot's message, words) from the SQLite tracker store, oldest first.

    The kind is the intent of a message, or `thumbs_up` or `thumbs_down` from the chat.
    Raises `sqlite3.Error` where `database` is no tracker store.
    """
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        opinions = sorted([*_messages(connection), *_thumbs(connection)])
    for timestamp, kind, said, words in opinions:
        time = datetime.datetime.fromtimestamp(timestamp, BEIJING).strftime("%Y-%m-%d %H:%M")
        yield time, kind, said, " ".join(words.split())


def _messages(connection: sqlite3.Connection) -> Iterator[Opinion]:
    last_said: Dict[str, str] = {}
    rows = connection.execute("SELECT sender_id, type_name, timestamp, intent_name, data FROM events ORDER BY id")
    for sender, kind, timestamp, intent, data in rows:
        event = json.loads(data)
        if kind == "bot":
            last_said[sender] = (event.get("text") or "").split("\n")[0]
        elif kind == "user" and intent in KINDS:
            yield timestamp, intent, last_said.get(sender, ""), event.get("text") or ""


def _thumbs(connection: sqlite3.Connection) -> Iterator[Opinion]:
    """Yield the thumbs; a database from before there were any has no table for them."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'feedback'").fetchone():
        for timestamp, value, said, word in connection.execute("SELECT timestamp, value, said, word FROM feedback"):
            yield timestamp, f"thumbs_{value}", said or "", word or ""


def main() -> int:
    """Print the list; return 1 if there is no database."""
    database = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else VAR / "weiquan.db"
    if not database.exists():
        print(f"There is no database at {database}: nobody has talked to the bot yet.", file=sys.stderr)
        return 1
    for row in read_feedback(database):
        print(*row, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
