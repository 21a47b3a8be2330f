"""The addresses of papers and of the page of questions: made by the action server, opened by the channels.

Both processes get the same secret from `weiquan.settings`: `WEIQUAN_SECRET`, or
the one kept in var/. Nothing of Rasa is imported here, for the action server
needs it too.
"""

from __future__ import annotations

import datetime
import os

from weiquan.papers.links import Link, make_link, read_link
from weiquan.settings import read_settings

PREFIX = "/papers"
"""Where the channel `channels.papers` is mounted."""
QUESTIONS = "/questions"
"""Where the channel `channels.questions` is mounted."""
CALENDAR = "calendar"
"""What to ask for instead of a paper's id to get the reminders (.ics)."""
TONE_MARK = ":"
"""Stands between a paper's id and the tone of its wording ("seller_message:final")."""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def paper_url(sender: str, what: str, case_number: str) -> str:
    """Return the public address, good for `weiquan.papers.links.LINK_SECONDS`, of a paper or a calendar of `sender`.

    `what` is a paper's id, with a tone if need be ("seller_message:final"), or
    `CALENDAR`; `case_number` that of `weiquan.case.archive`, or `links.CURRENT_CASE`.
    Raises `weiquan.settings.SettingsError` where the settings cannot work.
    """
    settings = read_settings(os.environ)
    return f"{settings.public_url}{PREFIX}/{make_link(settings.secret, sender, what, case_number, _now())}"


def questions_url() -> str:
    """Return the public address of the page of all questions. Raises `weiquan.settings.SettingsError`."""
    return f"{read_settings(os.environ).public_url}{QUESTIONS}"


def open_link(token: str) -> Link:
    """Return what the token of an address says. Raises `weiquan.papers.links.LinkError`."""
    return read_link(read_settings(os.environ).secret, token, _now())
