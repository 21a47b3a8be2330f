"""Settings of a run, from environment variables. See README, "Settings"."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
import pathlib
import secrets
import socket
from typing import Dict, Mapping, Tuple

from weiquan.places import VAR

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """A setting that cannot work, as one sentence."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where the bot listens and whom it answers."""

    host: str
    port: int
    actions_port: int
    public_url: str
    allowed_origins: Tuple[str, ...]
    secret: str

    @property
    def is_local(self) -> bool:
        """True while nothing outside this machine can reach the bot."""
        return self.host in LOOPBACK

    @property
    def api_token(self) -> str:
        """The token of Rasa's HTTP API: "" on loopback, else derived from the secret."""
        if self.is_local:
            return ""
        return hmac.new(self.secret.encode(), b"rasa-http-api", hashlib.sha256).hexdigest()

    @property
    def local_url(self) -> str:
        """The URL under which this machine reaches the bot."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "localhost"} else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}={text!r} is not a port number (1 to 65535).")
    return int(text)


def secret_of(directory: pathlib.Path, environment: Mapping[str, str]) -> str:
    """Return the signing secret: `WEIQUAN_SECRET`, else the one kept in `directory`, made on first use."""
    given = environment.get("WEIQUAN_SECRET", "")
    if given:
        if len(given) < 32:
            raise SettingsError("WEIQUAN_SECRET is too short: use at least 32 characters.")
        return given
    file = directory / "secret"
    if not file.exists():
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()


def read_settings(environment: Mapping[str, str], directory: pathlib.Path = VAR) -> Settings:
    """Return the settings of `environment`. Raises `SettingsError` with one clear sentence."""
    host = environment.get("WEIQUAN_HOST") or "127.0.0.1"
    port = _port(environment, "WEIQUAN_PORT", 5005)
    actions_port = _port(environment, "WEIQUAN_ACTIONS_PORT", 5055)
    if port == actions_port:
        raise SettingsError("WEIQUAN_PORT and WEIQUAN_ACTIONS_PORT are the same; choose two ports.")
    origins = tuple(one.strip() for one in environment.get("WEIQUAN_ALLOWED_ORIGINS", "").split(",") if one.strip())
    settings = Settings(host, port, actions_port, "", origins, secret_of(directory, environment))
    public = (environment.get("WEIQUAN_PUBLIC_URL") or settings.local_url).rstrip("/")
    if not public.startswith(("http://", "https://")):
        raise SettingsError(f"WEIQUAN_PUBLIC_URL={public!r} must start with http:// or https://.")
    return dataclasses.replace(settings, public_url=public)


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
