"""Stored or said: what is told when the database is gone, locked, read-only, full or damaged; back-ups, purges."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.core import tracker_store
from components.core.nlg import KnowledgeNaturalLanguageGenerator
from components.core.tracker_store import FORGET_SLOT, ForgettingTrackerStore
from scripts.database.sqlite import DatabaseError, copy, erase, prepare, purge, rows_of
from tests.api.chat_client import Person
from tests.conftest import ROOT, Bot, free_port, running
from weiquan.faults import NotDeleted, NotStored

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
WORDS = "紫砂壶漏水"
WEBHOOK = "/webhooks/rest/webhook"


@pytest.fixture
def store(tmp_path: pathlib.Path) -> ForgettingTrackerStore:
    return ForgettingTrackerStore(domain=DOMAIN, dialect="sqlite", db=str(tmp_path / "weiquan.db"))


def file_of(store: ForgettingTrackerStore) -> pathlib.Path:
    return pathlib.Path(store.engine.url.database)


def tracker(sender: str = "s", *events: Any) -> DialogueStateTracker:
    made = DialogueStateTracker.from_events(sender, [UserUttered(WORDS), *events], DOMAIN.slots)
    return made


def save(store: ForgettingTrackerStore, *events: Any) -> None:
    asyncio.run(store.save(tracker("s", *events)))


@contextlib.contextmanager
def gone(store: ForgettingTrackerStore) -> Iterator[None]:
    file_of(store).unlink()
    yield


@contextlib.contextmanager
def locked(store: ForgettingTrackerStore) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(file_of(store), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextlib.contextmanager
def told(store: ForgettingTrackerStore, order: str) -> Iterator[None]:
    """SQLite's own answers to a read-only and a full database, which root would not meet."""
    sa.event.listen(store.engine, "connect", lambda connection, _: connection.execute(order))
    yield


def read_only(store: ForgettingTrackerStore) -> contextlib.AbstractContextManager[None]:
    return told(store, "PRAGMA query_only = ON")


def full(store: ForgettingTrackerStore) -> contextlib.AbstractContextManager[None]:
    return told(store, "PRAGMA max_page_count = 1")


@contextlib.contextmanager
def damaged(store: ForgettingTrackerStore) -> Iterator[None]:
    with file_of(store).open("r+b") as file:
        file.write(b"no database at all" * 100)
    yield


@contextlib.contextmanager
def emptied(store: ForgettingTrackerStore) -> Iterator[None]:
    file_of(store).unlink()
    sqlite3.connect(file_of(store)).execute("CREATE TABLE other (x)").connection.close()
    yield


FAULTS = [gone, locked, read_only, full, damaged, emptied]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_not_stored_is_not_silent_and_not_in_the_log(store, fault, caplog, monkeypatch):
    monkeypatch.setattr("components.core.database.BUSY_SECONDS", 0.2)
    save(store)
    assert store.trouble() is None
    big = BotUttered("答" * 100_000)
    with fault(store):
        with pytest.raises(NotStored):
            save(store, big)
        assert store.trouble()
    assert WORDS not in caplog.text
    assert json.dumps(WORDS).strip('"') not in caplog.text


@pytest.mark.parametrize("fault", [gone, locked, read_only, damaged, emptied])
def test_what_was_not_deleted_is_not_said_to_be(store, fault, monkeypatch):
    monkeypatch.setattr("components.core.database.BUSY_SECONDS", 0.2)
    save(store)
    voice = KnowledgeNaturalLanguageGenerator(domain=DOMAIN)

    async def wish() -> str:
        tracker_store._STORE.set(store)
        with fault(store):
            said = await voice.generate("utter_forgotten", tracker(), "rest")
        if fault is locked:
            # It would succeed now, but the shopper was told otherwise.
            with pytest.raises(NotDeleted):
                await store.save(tracker("s", SlotSet(FORGET_SLOT, True)))
            assert (await store.retrieve("s")) is not None
        return said["text"]

    assert "没删掉" in asyncio.run(wish())


def test_it_is_gone_before_that_is_said(store):
    save(store)
    voice = KnowledgeNaturalLanguageGenerator(domain=DOMAIN)

    async def wish() -> str:
        assert await store.retrieve("s")
        said = await voice.generate("utter_forgotten", tracker(), "rest")
        assert rows_of(file_of(store), "s") == {"events": [], "feedback": []}
        return said["text"]

    assert "都删除了" in asyncio.run(wish())


def test_a_deletion_that_left_something_is_found_by_reading(store):
    save(store)
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute("CREATE TRIGGER keep BEFORE DELETE ON events BEGIN SELECT RAISE(IGNORE); END")
    with pytest.raises(NotDeleted):
        asyncio.run(store.forget("s"))


def test_a_damaged_row_does_not_end_the_server(store):
    save(store)
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute("UPDATE events SET data = '{'")
    with pytest.raises(NotStored):
        asyncio.run(store.retrieve("s"))


def test_only_the_owner_can_read_and_writers_do_not_wait_for_readers(store):
    save(store)
    file = file_of(store)
    assert file.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(file)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchone()
        asyncio.run(store.save(tracker("another")))


# The operator's commands


def run(database: pathlib.Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WEIQUAN_DATABASE": str(database), "WEIQUAN_PORT": str(free_port()), **more}
    line = [sys.executable, "-W", "ignore", "-m", "scripts.database", *command]
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_a_back_up_taken_in_use_brings_everything_back(store, tmp_path):
    save(store)
    file, folder = file_of(store), tmp_path / "kept"
    with contextlib.closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchone()
        assert run(file, "backup", str(folder)).returncode == 0
    assert "is there already" in run(file, "backup", str(folder)).stderr
    assert (folder / "weiquan.db").stat().st_mode & 0o077 == 0
    before = rows_of(file, "s")
    assert before["events"]
    asyncio.run(store.forget("s"))
    # The project's own secret stays out of it.
    done = run(file, "restore", str(folder), WEIQUAN_SECRET="x" * 40)
    assert done.returncode == 0, done.stderr
    assert rows_of(file, "s") == before
    assert asyncio.run(store.retrieve("s")).latest_message.text == WORDS
    assert [path for path in file.parent.iterdir() if path.name.endswith(".old")], "what was there is kept"


def test_a_damaged_back_up_is_not_put_in_place(store, tmp_path):
    save(store)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "weiquan.db").write_bytes(b"no database at all" * 1000)
    done = run(file_of(store), "restore", str(tmp_path / "kept"))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert rows_of(file_of(store), "s")["events"]


def test_what_nobody_touched_for_long_is_purged_and_thumbs_lose_their_words(store):
    for sender in ("old", "new"):
        asyncio.run(store.save(tracker(sender)))
        asyncio.run(store.keep_feedback(sender, 2, "down", "没用", "回答"))
    file, day = file_of(store), 86_400
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE events SET timestamp = ? WHERE sender_id = 'old'", [time.time() - 181 * day])
        connection.execute("UPDATE events SET timestamp = ? WHERE sender_id = 'new'", [time.time() - 179 * day])
    assert "1 conversations" in run(file, "purge").stdout
    assert rows_of(file, "old") == {"events": [], "feedback": []}
    assert rows_of(file, "new")["events"]
    with contextlib.closing(sqlite3.connect(file)) as connection:
        thumbs = connection.execute("SELECT value, word, said FROM feedback ORDER BY word").fetchall()
        assert thumbs == [("down", None, None), ("down", "没用", "回答")]
    assert purge(file, 180, time.time()) == 0


def test_all_of_one_person_can_be_exported_and_erased(store):
    for sender in ("a", "b"):
        asyncio.run(store.save(tracker(sender)))
    asyncio.run(store.keep_feedback("a", 2, "up", "好", "回答"))
    exported = json.loads(run(file_of(store), "export", "a").stdout)
    assert exported["events"][0]["data"]["text"] == WORDS
    assert exported["feedback"][0]["word"] == "好"
    assert erase(file_of(store), "a") == 2
    assert rows_of(file_of(store), "a") == {"events": [], "feedback": []}
    assert rows_of(file_of(store), "b")["events"]


def test_a_database_that_cannot_be_used_stops_the_start_with_one_sentence(tmp_path, store):
    save(store)
    with file_of(store).open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * 3000)
    environment = {**os.environ, "WEIQUAN_DATABASE": str(file_of(store)), "WEIQUAN_PORT": str(free_port())}
    line = [sys.executable, "-W", "ignore", "-m", "scripts.serve"]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_database_is_made_and_one_that_is_no_file_refused(tmp_path):
    prepare(tmp_path / "deep" / "weiquan.db")
    assert (tmp_path / "deep" / "weiquan.db").stat().st_mode & 0o777 == 0o600
    with pytest.raises(DatabaseError, match="cannot be used"):
        prepare(tmp_path)
    with pytest.raises(DatabaseError, match="there already"):
        copy(tmp_path / "deep" / "weiquan.db", tmp_path)


# The whole bot


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot of its own, whose database is taken away."""
    with running(tmp_path_factory.mktemp("frail") / "weiquan.db") as bot:
        yield bot


@contextlib.contextmanager
def taken_away(file: pathlib.Path) -> Iterator[None]:
    aside = file.parent / "aside"
    aside.mkdir()
    parts = list(file.parent.glob("weiquan.db*"))
    for part in parts:
        shutil.move(part, aside / part.name)
    yield
    assert not file.exists(), "no new database is made in silence"
    for part in parts:
        shutil.move(aside / part.name, part)
    aside.rmdir()


@contextlib.contextmanager
def held(file: pathlib.Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("fault", [taken_away, held])
def test_rest_chat_and_health_say_so_and_go_on_when_the_database_is_back(frail, fault):
    sender, person = frail.new_sender(), Person(frail.url)
    frail.say("水壶漏水", sender)
    person.say("水壶漏水", "m-1")
    with fault(frail.database):
        reply = frail.client.post(WEBHOOK, json={"sender": sender, "message": "申请售后了"})
        assert (reply.status_code, reply.json()["error"]) == (503, "not_stored")
        assert "没存上，请再发一次" in reply.json()["message"]
        assert int(reply.headers["retry-after"])
        body = {"sender": sender, "message": "申请售后了"}
        stream = frail.client.post(WEBHOOK, params={"stream": "true"}, json=body)
        assert "没存上" in json.loads(stream.text.splitlines()[-1])["text"]
        reply = frail.client.post(WEBHOOK, json={"sender": sender, "message": "删除我的数据"})
        assert reply.status_code == 503
        assert "都删除了" not in reply.text
        tab = person.tab()
        person.send("申请售后了", "m-2")
        tab.wait(lambda: "failed" in tab.names)
        assert "没存上，请再发一次" in tab.data("failed")[0]["message"]
        person.send("删除我的数据", "m-3")
        tab.wait(lambda: len(tab.data("failed")) == 2)
        assert "都删除了" not in str(tab.events)
        assert person.delete().status_code == 503
        health = frail.client.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "failing")
        assert "database" in health.json()
    assert frail.client.get("/health").json() == {"status": "ok"}
    assert frail.slots(sender)["situation"] == "quality_problem", "nothing is lost"
    assert frail.say("申请售后了", sender)
    assert frail.slots(sender)["rungs_climbed"]
    assert person.say("申请售后了", "m-2")
    assert "都删除了" in frail.say("删除我的数据", sender)[-1]["text"]
    assert person.delete().status_code == 204
    log = (ROOT / "var" / "logs" / "serve.log").read_text(encoding="utf-8", errors="replace")
    assert "水壶漏水" not in log
