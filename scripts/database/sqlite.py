"""What can be done with the SQLite file of conversations, also while the bot runs."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import secrets
import sqlite3
from typing import Any, Dict, Iterator, List

BUSY_SECONDS = 10.0
PRIVATE = 0o600
SECONDS_PER_DAY = 86_400
TABLES = ("events", "feedback")


class DatabaseError(Exception):
    """A database that cannot be used, as one sentence for the operator."""


@contextlib.contextmanager
def opened(file: pathlib.Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to `file`, which must be there. Raises `DatabaseError` for whatever SQLite refuses."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            yield connection
    except sqlite3.Error as error:
        raise DatabaseError(f"The database {file} cannot be used: {error}.") from None


def check(file: pathlib.Path) -> None:
    """Read all of `file` and try to write to it. Raises `DatabaseError` where it is damaged, read-only or locked."""
    with opened(file) as connection:
        found = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            raise DatabaseError(
                f"The database {file} is damaged ({found[0]}): restore a back-up (make restore), or move it away."
            )
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE probe (x)")
        connection.rollback()


def prepare(file: pathlib.Path) -> None:
    """Make the folder of `file`, close what is there to others, and check it. Raises `DatabaseError`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=PRIVATE)
        for part in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            if part.exists():
                part.chmod(PRIVATE)
    except OSError as error:
        raise DatabaseError(f"The database {file} cannot be used: {error.strerror}.") from None
    check(file)


def copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """Write a whole and checked copy of `source`, which may be in use, to `target`, which must not be there."""
    if target.exists():
        raise DatabaseError(f"{target} is there already; choose another place.")
    check(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    with opened(source) as origin, opened(target) as made:
        origin.backup(made)
    check(target)


def purge(file: pathlib.Path, days: int, now: float) -> int:
    """Delete conversations in which nothing happened for `days` days before `now`; return how many.

    Their thumbs are kept for the operator, without words and under a name that leads nowhere.
    """
    with opened(file) as connection:
        if not _has(connection, "events"):
            return 0
        old = "SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < ?"
        connection.execute("BEGIN IMMEDIATE")
        senders = connection.execute(old, [now - days * SECONDS_PER_DAY]).fetchall()
        for (sender,) in senders:
            connection.execute("DELETE FROM events WHERE sender_id = ?", [sender])
            if _has(connection, "feedback"):
                nameless = ("purged-" + secrets.token_hex(16), sender)
                forget = "UPDATE feedback SET word = NULL, said = NULL, sender_id = ? WHERE sender_id = ?"
                connection.execute(forget, nameless)
        connection.commit()
        _empty_log(connection)
        return len(senders)


def rows_of(file: pathlib.Path, sender: str) -> Dict[str, List[Dict[str, Any]]]:
    """Return all that is kept of `sender`: events as Rasa stored them, and thumbs."""
    with opened(file) as connection:
        connection.row_factory = sqlite3.Row
        found: Dict[str, List[Dict[str, Any]]] = {}
        for table in TABLES:
            query = f"SELECT * FROM {table} WHERE sender_id = ?"
            found[table] = [dict(row) for row in connection.execute(query, [sender])] if _has(connection, table) else []
    for event in found["events"]:
        event["data"] = json.loads(event["data"])
    return found


def erase(file: pathlib.Path, sender: str) -> int:
    """Delete all that is kept of `sender`, look whether it is gone, and return how many rows it was."""
    with opened(file) as connection:
        tables = [table for table in TABLES if _has(connection, table)]
        done = sum(
            connection.execute(f"DELETE FROM {table} WHERE sender_id = ?", [sender]).rowcount for table in tables
        )
        connection.commit()
        _empty_log(connection)
    if any(rows_of(file, sender).values()):
        raise DatabaseError("Something of that conversation is still there; try again.")
    return done


def _has(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, [table]).fetchone() is not None


def _empty_log(connection: sqlite3.Connection) -> None:
    """Cut the log that SQLite writes ahead: it may hold rows that were deleted."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
