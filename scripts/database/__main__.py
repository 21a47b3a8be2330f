"""`python -m scripts.database check | backup FOLDER | restore FOLDER | purge | export SENDER | erase SENDER`."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import shutil
import sys
import time

from scripts.database.sqlite import PRIVATE, DatabaseError, check, copy, erase, prepare, purge, rows_of
from weiquan.places import VAR
from weiquan.settings import Settings, SettingsError, check_port_is_free, read_settings

DATABASE, SECRET = "weiquan.db", "secret"
"""Files of a back-up; the secret is what links and sessions of the chat are signed with."""


def backup(settings: Settings, folder: pathlib.Path) -> str:
    """Copy the database, and the secret where a file holds it, to `folder`; the bot may go on."""
    copy(settings.database, folder / DATABASE)
    if (VAR / SECRET).exists() and not os.environ.get("WEIQUAN_SECRET"):
        shutil.copyfile(VAR / SECRET, folder / SECRET)
        (folder / SECRET).chmod(PRIVATE)
    return f"Backed up to {folder}."


def restore(settings: Settings, folder: pathlib.Path) -> str:
    """Put the database and the secret of `folder` in place, with the bot stopped; what was there stays beside them."""
    check_port_is_free(settings.host, settings.port, "WEIQUAN_PORT")
    check(folder / DATABASE)
    mark = time.strftime(".%Y%m%d-%H%M%S.old")
    places = [settings.database.with_name(settings.database.name + end) for end in ("", "-wal", "-shm")]
    for place in places:
        if place.exists():
            place.rename(place.with_name(place.name + mark))
    copy(folder / DATABASE, settings.database)
    if (folder / SECRET).exists() and not os.environ.get("WEIQUAN_SECRET"):
        if (VAR / SECRET).exists():
            (VAR / SECRET).rename(VAR / (SECRET + mark))
        shutil.copyfile(folder / SECRET, VAR / SECRET)
        (VAR / SECRET).chmod(PRIVATE)
    return f"Restored from {folder}; what was there before ends in {mark}."


def main() -> int:
    """Do what the command line says; return 1, with one sentence, where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m scripts.database", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "purge"):
        commands.add_parser(name)
    for name in ("backup", "restore"):
        commands.add_parser(name).add_argument("folder", type=pathlib.Path)
    for name in ("export", "erase"):
        commands.add_parser(name).add_argument("sender")
    given = parser.parse_args()
    os.umask(0o077)
    try:
        settings = read_settings(os.environ)
        file = settings.database
        if given.command == "check":
            prepare(file)
            said = f"{file} is whole."
        elif given.command == "purge":
            said = f"{purge(file, settings.keep_days, time.time())} conversations purged."
        elif given.command == "export":
            said = json.dumps(rows_of(file, given.sender), ensure_ascii=False, indent=2)
        elif given.command == "erase":
            said = f"{erase(file, given.sender)} rows deleted."
        else:
            said = (backup if given.command == "backup" else restore)(settings, given.folder)
    except (DatabaseError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
