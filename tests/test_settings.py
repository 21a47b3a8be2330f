"""The settings of a run: defaults, what is refused and how, and that nobody changes them."""

from __future__ import annotations

import concurrent.futures

import pytest

from weiquan.settings import SettingsError, read_settings, secret_of

SECRET = "a secret of more than thirty-two characters"
OUTSIDE = {"WEIQUAN_HOST": "0.0.0.0", "WEIQUAN_SECRET": SECRET}


def test_an_empty_variable_is_one_not_set(tmp_path):
    names = ("HOST", "PORT", "ACTIONS_PORT", "PUBLIC_URL", "ALLOWED_ORIGINS", "SECRET")
    empty = read_settings({f"WEIQUAN_{name}": "" for name in names}, tmp_path)
    assert empty == read_settings({}, tmp_path)
    assert empty.allowed_origins == ()


def test_what_is_set_is_taken_and_other_variables_are_not(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIQUAN_PORT", "7007")
    given = {
        "WEIQUAN_HOST": "::1",
        "WEIQUAN_PORT": "6005",
        "WEIQUAN_ACTIONS_PORT": "6055",
        "WEIQUAN_ALLOWED_ORIGINS": "https://a.example, https://b.example,",
        "PATH": "/bin",
        "host": "0.0.0.0",
        "secret": "x",
    }
    settings = read_settings({**given, "WEIQUAN_SECRET": SECRET}, tmp_path)
    assert (settings.host, settings.port, settings.actions_port) == ("::1", 6005, 6055)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.local_url == settings.public_url == "http://[::1]:6005"
    assert settings.secret == SECRET
    assert not (tmp_path / "secret").exists()
    assert read_settings({}, tmp_path).port == 5005


def test_the_public_address_loses_its_last_slash(tmp_path):
    public = read_settings({"WEIQUAN_PUBLIC_URL": "https://bot.example/weiquan/"}, tmp_path).public_url
    assert public == "https://bot.example/weiquan"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "WEIQUAN_PORT='http' is not a port number (1 to 65535)."),
        ("PORT", "65536", "WEIQUAN_PORT='65536' is not a port number (1 to 65535)."),
        ("ACTIONS_PORT", "-1", "WEIQUAN_ACTIONS_PORT='-1' is not a port number (1 to 65535)."),
        ("ACTIONS_PORT", "5005", "WEIQUAN_PORT and WEIQUAN_ACTIONS_PORT are the same; choose two ports."),
        ("PUBLIC_URL", "ftp://a", "WEIQUAN_PUBLIC_URL='ftp://a' must start with http:// or https://."),
        ("PUBLIC_URL", "https://", "WEIQUAN_PUBLIC_URL='https://' must start with http:// or https://."),
        ("SECRET", "short", "WEIQUAN_SECRET is too short: use at least 32 characters."),
    ],
)
def test_a_wrong_setting_is_told_in_these_words(tmp_path, name, value, sentence):
    with pytest.raises(SettingsError) as caught:
        read_settings({f"WEIQUAN_{name}": value}, tmp_path)
    assert str(caught.value) == sentence


def test_nobody_changes_them(tmp_path):
    settings = read_settings({}, tmp_path)
    with pytest.raises(TypeError):
        settings.port = 1


def test_the_secret_is_not_printed_with_them():
    assert SECRET not in repr(read_settings(OUTSIDE)) + str(read_settings(OUTSIDE))


def test_the_token_of_the_api_comes_from_the_secret_alone(tmp_path):
    token = read_settings(OUTSIDE, tmp_path).api_token
    assert len(token) == 64
    assert token == read_settings({**OUTSIDE, "WEIQUAN_PORT": "6005"}, tmp_path).api_token
    assert token != read_settings({**OUTSIDE, "WEIQUAN_SECRET": SECRET + "!"}, tmp_path).api_token


def test_processes_that_start_at_the_same_time_in_a_fresh_folder_share_one_secret(tmp_path):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secret_of(tmp_path / "var", {}), range(32)))
    assert len(found) == 1
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret"]
