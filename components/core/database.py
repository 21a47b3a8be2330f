"""The SQLite file under the tracker store: opened carefully, and asked whether it is well.

SQLite makes a new, empty file where the one it knew is gone, waits for a lock
without saying how long, and SQLAlchemy writes the row that it could not store into
the error. None of it may happen to conversations.
"""

from __future__ import annotations

import contextlib
import logging
import pathlib
import shutil
import sqlite3
from typing import Any, List, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Engine

logger = logging.getLogger(__name__)

BUSY_SECONDS = 3.0
"""How long a turn waits for a lock; the server answers nobody else meanwhile."""
LEAST_FREE = 100 * 1024 * 1024
"""Bytes of free disk under which the bot says that it is not well."""
PRIVATE = 0o600


def file_of(engine: Engine) -> Optional[pathlib.Path]:
    """Return the database file of `engine`, None where it is no SQLite file."""
    name = engine.url.database
    is_file = engine.dialect.name == "sqlite" and name and name != ":memory:"
    return pathlib.Path(name).absolute() if is_file else None


def open_carefully(engine: Engine) -> None:
    """Make `engine` keep rows out of its errors, and open its SQLite file only where there is one.

    Each connection writes ahead (WAL: readers and the writer do not wait for each
    other, and a crash loses no committed turn), overwrites what is deleted, and
    waits `BUSY_SECONDS` for a lock.
    """
    engine.hide_parameters = True
    file = file_of(engine)
    if file is None:
        return
    if file.exists():
        file.chmod(PRIVATE)

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _arguments: List[Any], _options: Any) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        return connection


def reason(error: Exception) -> str:
    """Return what went wrong as a log may hold it: SQLite's own sentence, of other databases the kind of the error."""
    origin = getattr(error, "orig", None) or error
    return str(origin) if isinstance(origin, sqlite3.Error) else type(origin).__name__


def empty_log(engine: Engine) -> None:
    """Move what SQLite wrote ahead into the database file and cut the log, which may hold rows since deleted."""
    if file_of(engine) is not None:
        with engine.connect() as connection:
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def trouble(engine: Engine) -> Optional[str]:
    """Return what keeps the database from taking a turn now, or soon will (in English, for the operator); else None."""
    try:
        with contextlib.closing(engine.raw_connection()) as connection:
            if engine.dialect.name == "sqlite":
                # Takes the writer's lock, which a read-only, locked or missing file refuses.
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("CREATE TABLE probe (x)")
            connection.cursor().execute("SELECT 1 FROM events WHERE id = -1")
            connection.rollback()
    except Exception as error:
        return f"the database does not take anything: {reason(error)}"
    file = file_of(engine)
    free = shutil.disk_usage(file.parent).free if file else LEAST_FREE
    return f"only {free // 1024 // 1024} MB are free on the disk" if free < LEAST_FREE else None
