"""Run the action server and the Rasa server together, until one of them stops or Ctrl-C is pressed.

honcho starts and stops both. Its output goes to a log file; the console shows
only a few lines of our own.
"""

from __future__ import annotations

import collections
import os
import shlex
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Any, Deque, Dict, List, Optional, TextIO

import yaml
from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Printer

from scripts.database.sqlite import DatabaseError, purge
from scripts.database.sqlite import prepare as prepare_database
from weiquan.facts.knowledge import knowledge
from weiquan.facts.record_reader import KnowledgeError
from weiquan.places import LOGS, MODEL, ROOT, VAR
from weiquan.settings import Settings, SettingsError, check_port_is_free, quiet_environment, read_settings

START_TIMEOUT = 180.0
_INTERRUPTED = frozenset({130, 143})  # honcho's return codes for SIGINT and SIGTERM


class NotReady(Exception):
    """A server that runs but cannot serve; the message is its own account of it."""


class LogPrinter(Printer):
    """honcho's printer to a file that remembers each server's last lines."""

    def __init__(self, output: TextIO) -> None:
        super().__init__(output=output, colour=False)
        self.tails: Dict[str, Deque[str]] = collections.defaultdict(lambda: collections.deque(maxlen=15))
        self.first_stopped: Optional[str] = None

    def write(self, message: Any) -> None:
        """Write one line; note which server stopped first."""
        text = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else str(message.data)
        if message.name == SYSTEM_PRINTER_NAME and " stopped (rc=" in text and self.first_stopped is None:
            self.first_stopped = text.split(" ", 1)[0]
        self.tails[message.name].append(text.rstrip())
        super().write(message)


def write_endpoints(settings: Settings) -> str:
    """Write a copy of endpoints.yml with this run's action server and database to var/run; return its path."""
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"] = {
        "url": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "headers": {"Authorization": f"Bearer {settings.actions_token}"},
    }
    endpoints["tracker_store"]["db"] = str(settings.database)
    out = VAR / "run" / f"endpoints-{settings.port}.yml"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_text(yaml.safe_dump(endpoints, allow_unicode=True), encoding="utf-8")
    return str(out)


def actions_command(settings: Settings) -> List[str]:
    """Return the command line of the action server for `settings`."""
    return [sys.executable, "-m", "actions.server", "--port", str(settings.actions_port)]


def rasa_command(settings: Settings) -> List[str]:
    """Return the command line of the Rasa server for `settings`."""
    command = [sys.executable, "-m", "rasa", "run", "--model", str(MODEL), "--enable-api"]
    command += ["--interface", settings.host, "--port", str(settings.port)]
    command += ["--endpoints", write_endpoints(settings), "--credentials", str(ROOT / "credentials.yml")]
    if settings.allowed_origins:
        command += ["--cors", *settings.allowed_origins]
    return command


def is_up(url: str) -> bool:
    """Tell whether `url` answers. Raises `NotReady` where it answers that it is not well."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        raise NotReady(error.read().decode("utf-8", "replace")) from None
    except OSError:
        return False


def _announce(settings: Settings, stopped: threading.Event, manager: Manager, late: List[str]) -> None:
    """Wait for both servers and print their addresses."""
    began = time.monotonic()
    for name, url in (
        ("action server", f"http://127.0.0.1:{settings.actions_port}/health"),
        ("Rasa server", f"{settings.local_url}/health"),
    ):
        try:
            while not is_up(url):
                if stopped.wait(0.5):
                    return
                if time.monotonic() - began > START_TIMEOUT:
                    late.append(f"The {name} did not answer within {START_TIMEOUT:.0f} s.")
                    manager.terminate()
                    return
        except NotReady as error:
            late.append(f"The {name} cannot serve: {error}")
            manager.terminate()
            return
        print(f"  {name} is up", flush=True)
    print(f"Weiquan is ready: {settings.public_url}", flush=True)
    print(f"  chat   {settings.public_url}/chat/", flush=True)
    print(f"  REST   POST {settings.public_url}/webhooks/rest/webhook", flush=True)
    print(
        f"  API    {settings.local_url}/model/parse" + ("?token=… (make token)" if settings.api_needs_token else ""),
        flush=True,
    )
    print(f"  logs   {LOGS / 'serve.log'}      stop with Ctrl-C", flush=True)


def _purge_daily(settings: Settings, stopped: threading.Event, log: TextIO) -> None:
    """Delete conversations that are too old, now and once a day."""
    while True:
        try:
            count = purge(settings.database, settings.keep_days, time.time())
            log.write(f"purge: {count} conversations untouched for {settings.keep_days} days\n")
        except DatabaseError as error:
            log.write(f"purge: {error}\n")
        if stopped.wait(24 * 3600):
            return


def prepare(environment: Dict[str, str]) -> Settings:
    """Check what can be wrong before a process starts; return the settings in `environment`.

    What is written from here on can be read by its owner alone.
    Raises `SettingsError`, `KnowledgeError` or `DatabaseError`.
    """
    os.umask(0o077)
    settings = read_settings(environment)
    knowledge()
    if not MODEL.exists():
        # Rasa would silently load another model of the folder.
        raise SettingsError(f"There is no trained model at {MODEL}; run `make train`.")
    prepare_database(settings.database)
    check_port_is_free(settings.host, settings.port, "WEIQUAN_PORT")
    check_port_is_free("127.0.0.1", settings.actions_port, "WEIQUAN_ACTIONS_PORT")
    return settings


def main() -> int:
    """Serve until stopped; return 0 after Ctrl-C, 1 if a server died or could not start."""
    try:
        settings = prepare(dict(os.environ))
    except (SettingsError, KnowledgeError, DatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    LOGS.mkdir(parents=True, exist_ok=True)
    environment = quiet_environment(os.environ)
    (LOGS / "serve.log").touch()
    (LOGS / "serve.log").chmod(0o600)
    with (LOGS / "serve.log").open("a", encoding="utf-8") as log:
        printer = LogPrinter(log)
        manager = Manager(printer)
        manager.add_process("actions", shlex.join(["exec", *actions_command(settings)]), env=environment, cwd=str(ROOT))
        manager.add_process("rasa", shlex.join(["exec", *rasa_command(settings)]), env=environment, cwd=str(ROOT))
        print("Starting the action server and the Rasa server …", flush=True)
        stopped = threading.Event()
        late: List[str] = []
        watcher = threading.Thread(target=_announce, args=(settings, stopped, manager, late), daemon=True)
        watcher.start()
        threading.Thread(target=_purge_daily, args=(settings, stopped, log), daemon=True).start()
        manager.loop()
        stopped.set()
    if late:
        print(late[0], file=sys.stderr)
        print(f"The whole log is {LOGS / 'serve.log'}.", file=sys.stderr)
        return 1
    if manager.returncode in _INTERRUPTED:
        print("Stopped.", flush=True)
        return 0
    name = printer.first_stopped or "a server"
    print("\n".join(printer.tails.get(name, ())), file=sys.stderr)
    print(f"The {name} process stopped (exit {manager.returncode}), so the other was stopped too.", file=sys.stderr)
    print(f"The whole log is {LOGS / 'serve.log'}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
