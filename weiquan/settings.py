"""Settings of a run, from environment variables. See docs/operating.md.

A pydantic model and not its `BaseSettings`, which reads this process's own
environment alone: the runner and the tests hand in theirs.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import pathlib
import secrets
import socket
import tempfile
from typing import Any, Dict, Mapping, Optional, Tuple

from pydantic import BaseModel, Field, ValidationError, root_validator, validator

from weiquan.keys import Purpose, derive_key
from weiquan.places import VAR

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

SECRET_LENGTH = 32
"""Characters that a secret has at least."""


class SettingsError(Exception):
    """A setting that cannot work, as one sentence."""


class Settings(BaseModel):
    """Where the bot listens and whom it answers; made by `read_settings`."""

    host: str = Field("127.0.0.1", alias="WEIQUAN_HOST")
    port: int = Field(5005, alias="WEIQUAN_PORT", ge=1, le=65535)
    actions_port: int = Field(5055, alias="WEIQUAN_ACTIONS_PORT", ge=1, le=65535)
    given_url: Optional[str] = Field(None, alias="WEIQUAN_PUBLIC_URL", regex="^https?://[^/]")
    allowed_origins: Tuple[str, ...] = Field((), alias="WEIQUAN_ALLOWED_ORIGINS")
    database: pathlib.Path = Field(VAR / "weiquan.db", alias="WEIQUAN_DATABASE")
    keep_days: int = Field(180, alias="WEIQUAN_KEEP_DAYS", ge=1)
    proxies: Tuple[str, ...] = Field((), alias="WEIQUAN_PROXIES")
    token_always: bool = Field(False, alias="WEIQUAN_API_TOKEN_ALWAYS")
    secret: str = Field(alias="WEIQUAN_SECRET", repr=False)

    class Config:
        """Unknown variables are other programs'."""

        frozen = True
        extra = "ignore"

    @validator("allowed_origins", "proxies", pre=True)
    def _parted_by_commas(cls, given: str) -> Tuple[str, ...]:
        return tuple(item.strip() for item in given.split(",") if item.strip())

    @validator("proxies", each_item=True)
    def _address(cls, given: str) -> str:
        return str(ipaddress.ip_address(given))

    @root_validator(skip_on_failure=True)
    def _two_ports(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if values["port"] == values["actions_port"]:
            raise ValueError("WEIQUAN_PORT and WEIQUAN_ACTIONS_PORT are the same; choose two ports.")
        return values

    @property
    def is_local(self) -> bool:
        """True while nothing outside this machine can reach the bot."""
        return self.host in LOOPBACK

    @property
    def api_token(self) -> str:
        """The token of Rasa's HTTP API, derived from the secret."""
        return derive_key(self.secret, Purpose.HTTP_API).hex()

    @property
    def api_needs_token(self) -> bool:
        """Whether this machine's own programs need it, too."""
        return self.token_always or not self.is_local

    @property
    def actions_token(self) -> str:
        """What Rasa shows to the action server, derived from the secret."""
        return derive_key(self.secret, Purpose.ACTION_SERVER).hex()

    @property
    def local_url(self) -> str:
        """The URL under which this machine reaches the bot."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "localhost"} else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def public_url(self) -> str:
        """The URL under which shoppers reach the bot, without a slash at its end."""
        return (self.given_url or self.local_url).rstrip("/")


_WRONG = {
    "WEIQUAN_PORT": "is not a port number (1 to 65535)",
    "WEIQUAN_ACTIONS_PORT": "is not a port number (1 to 65535)",
    "WEIQUAN_PUBLIC_URL": "must start with http:// or https://",
    "WEIQUAN_KEEP_DAYS": "is not a number of days (1 or more)",
    "WEIQUAN_PROXIES": "is not a list of IP addresses, separated by commas",
    "WEIQUAN_API_TOKEN_ALWAYS": "is neither 1 nor 0",
}
"""What a variable that the model refuses is said to be."""


def secret_of(directory: pathlib.Path, environment: Mapping[str, str]) -> str:
    """Return the signing secret: `WEIQUAN_SECRET`, else the one kept in `directory`, made on first use.

    Raises `SettingsError` for one that is too short.
    """
    given = environment.get("WEIQUAN_SECRET", "")
    if given:
        if len(given) < SECRET_LENGTH:
            raise SettingsError(f"WEIQUAN_SECRET is too short: use at least {SECRET_LENGTH} characters.")
        return given
    file = directory / "secret"
    if not file.exists():
        directory.mkdir(parents=True, exist_ok=True)
        _make_secret(file)
    return file.read_text(encoding="ascii").strip()


def _make_secret(file: pathlib.Path) -> None:
    """Write a new secret to `file`, unless another process has just done so: whole or not at all."""
    descriptor, draft = tempfile.mkstemp(dir=file.parent)  # for its owner only
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        os.unlink(draft)


def read_settings(environment: Mapping[str, str], directory: pathlib.Path = VAR) -> Settings:
    """Return the settings of `environment`; an empty variable is one not set.

    The secret comes from `directory` where `environment` has none. Raises
    `SettingsError` with one clear sentence.
    """
    given = {name: value for name, value in environment.items() if value}
    given["WEIQUAN_SECRET"] = secret_of(directory, environment)
    try:
        return Settings.parse_obj(given)
    except ValidationError as error:
        first = error.errors()[0]
    name = str(first["loc"][0])
    raise SettingsError(f"{name}={given[name]!r} {_WRONG[name]}." if name in _WRONG else first["msg"])


def check_port_is_free(host: str, port: int, variable: str) -> None:
    """Raise `SettingsError` if `port` on `host` is taken or `host` is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {host}:{port} ({error.strerror}): "
                f"stop what uses it or set {variable} to another port."
            ) from None


def quiet_environment(environment: Mapping[str, str]) -> Dict[str, str]:
    """Return the environment of the servers: no telemetry, no chatter of old dependencies."""
    return {
        **environment,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        # rasa-sdk listens on all interfaces unless told otherwise.
        "SANIC_HOST": "127.0.0.1",
        # Seconds that a browser of another site may keep a preflight's answer; Rasa would say "None".
        "SANIC_CORS_MAX_AGE": "86400",
    }
