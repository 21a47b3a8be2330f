"""List what shoppers said of the bot: opinions, and facts that they found wrong.

`python -m scripts.feedback [DATABASE]` prints one tab-separated line for each
message: time (Beijing), kind, the answer it followed, the words.
"""

from __future__ import annotations

import datetime
import json
import pathlib
import sqlite3
import sys
from typing import Iterator, Tuple
from zoneinfo import ZoneInfo

from scripts.settings import VAR

KINDS = ("give_feedback", "report_wrong_fact")
BEIJING = ZoneInfo("Asia/Shanghai")


def read_feedback(database: pathlib.Path) -> Iterator[Tuple[str, str, str, str]]:
    """Yield (time, intent, first line of the bot's last message, words) from Rasa's SQLite tracker store.

    Raises `sqlite3.Error` where `database` is no tracker store.
    """
    last_said = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT sender_id, type_name, timestamp, intent_name, data FROM events ORDER BY id")
        for sender, kind, timestamp, intent, data in rows:
            event = json.loads(data)
            if kind == "bot":
                last_said[sender] = (event.get("text") or "").split("\n")[0]
            elif kind == "user" and intent in KINDS:
                time = datetime.datetime.fromtimestamp(timestamp, BEIJING).strftime("%Y-%m-%d %H:%M")
                yield time, intent, last_said.get(sender, ""), " ".join((event.get("text") or "").split())


def main() -> int:
    """Print the list; return 1 where there is no database."""
    database = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else VAR / "weiquan.db"
    if not database.exists():
        print(f"There is no database at {database}: nobody has talked to the bot yet.", file=sys.stderr)
        return 1
    for row in read_feedback(database):
        print(*row, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
