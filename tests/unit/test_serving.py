"""How the server is started: Streamlit's options as flags, and what is refused before."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from dashboard.passwords import hash_password
from dashboard.serving import refuse_taken_port, serve, streamlit_flags
from dashboard.settings import Settings
from metrics_core.errors import SettingsError


@pytest.fixture
def flags() -> dict[str, str]:
    listed = streamlit_flags(host="127.0.0.1", port=9000)
    pairs = [flag.removeprefix("--").partition("=") for flag in listed]
    assert len(pairs) == len({name for name, _, _ in pairs})
    return {name: value for name, _, value in pairs}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_the_security_options_are_flags(flags: dict[str, str]) -> None:
    wanted = {
        "server.address": "127.0.0.1",
        "server.port": "9000",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.enableAgentApi": "false",
        "server.enableStaticServing": "false",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "server.headless": "true",
        "server.maxUploadSize": "8",
    }
    assert {name: flags.get(name) for name in wanted} == wanted


def test_the_identity_headers_are_the_ones_that_the_gate_sets(flags: dict[str, str]) -> None:
    assert json.loads(flags["server.trustedUserHeaders"]) == {
        "x-stillframe-session": "session_id",
        "x-stillframe-name": "name",
        "x-stillframe-name-told-by-proxy": "told_by_proxy",
    }


def test_every_flag_is_an_option_of_this_streamlit(flags: dict[str, str]) -> None:
    assert set(flags) <= set(config.get_config_options())


def test_both_themes_and_the_status_colours_are_flags(flags: dict[str, str]) -> None:
    for theme in ("theme.light", "theme.dark"):
        assert flags[f"{theme}.backgroundColor"].startswith("#")
        colours = json.loads(flags[f"{theme}.chartCategoricalColors"])
        assert colours[:5] == ["#009E73", "#0072B2", "#56B4E9", "#999999", "#D55E00"]


def test_no_option_names_an_outside_address(flags: dict[str, str]) -> None:
    assert not [value for value in flags.values() if "://" in value]


def test_a_taken_port_is_one_clear_line(taken_port: int) -> None:
    settings = Settings(config=Path("absent.toml"), password_hash=hash_password("x" * 12))
    with pytest.raises(
        SettingsError, match=rf"port {taken_port} on 127\.0\.0\.1 is in use: choose"
    ):
        serve(settings, port=taken_port)


def test_without_a_settings_file_it_says_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("STILLFRAME_CONFIG", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings(config=None, password_hash=hash_password("x" * 12))
    with pytest.raises(SettingsError, match=r"no settings file: write \./stillframe\.toml"):
        serve(settings, port=0)


def test_an_impossible_port_is_refused() -> None:
    settings = Settings(config=None, password_hash=hash_password("x" * 12))
    with pytest.raises(SettingsError, match="port 70000 on 127"):
        serve(settings, port=70000)


@pytest.mark.parametrize(("host", "told"), [("", "--host is empty"), ("no.invalid", "no address")])
def test_a_host_that_cannot_be_listened_on_is_told(host: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        refuse_taken_port(host, 0)
