"""What the environment may say of a proxy, and the one clear line where it is wrong."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from dashboard.behind_proxy import BehindProxy
from dashboard.settings import settings_from_environment
from metrics_core.errors import SettingsError

PASSWORD = {"STILLFRAME_PASSWORD": "quiet-otter-lantern-42"}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def behind(**environ: str) -> BehindProxy:
    named = {f"STILLFRAME_{name}": value for name, value in environ.items()}
    return settings_from_environment(PASSWORD | named).proxy


def test_without_a_word_nobody_is_believed_and_any_host_is_served() -> None:
    empty = behind(TRUSTED_PROXIES="", ALLOWED_HOSTS=" ", USER_HEADER="", BASE_PATH="")
    assert empty == behind() == BehindProxy()


def test_all_of_it_is_read() -> None:
    found = behind(
        ALLOWED_HOSTS="Ops.example, *.example.org,[::1]",
        TRUSTED_PROXIES="10.0.0.5, 192.168.7.0/24,fd00::/8",
        USER_HEADER="X-Forwarded-User",
        BASE_PATH="/stillframe/",
    )
    assert found == BehindProxy(
        allowed_hosts=("ops.example", "*.example.org", "[::1]"),
        trusted_proxies=(
            ip_network("10.0.0.5/32"),
            ip_network("192.168.7.0/24"),
            ip_network("fd00::/8"),
        ),
        user_header="x-forwarded-user",
        base_path="/stillframe",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALLOWED_HOSTS", "https://ops.example", "'https://ops.example' is no host name"),
        ("ALLOWED_HOSTS", "ops.example:8501", "without scheme and port"),
        ("ALLOWED_HOSTS", "*", "is no host name"),
        ("TRUSTED_PROXIES", "proxy.example", "'proxy.example' is no address and no network"),
        ("TRUSTED_PROXIES", "10.0.0.5/8", "is no address and no network"),
        ("TRUSTED_PROXIES", "*", "is no address and no network"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "would believe everybody"),
        ("TRUSTED_PROXIES", "::/0", "would believe everybody"),
        ("USER_HEADER", "X-Forwarded-User", "name it in STILLFRAME_TRUSTED_PROXIES"),
        ("BASE_PATH", "stillframe", "'stillframe' is no path"),
        ("BASE_PATH", "/a//b", "is no path"),
        ("BASE_PATH", "/a/../b", "is no path"),
        ("BASE_PATH", "https://ops.example/a", "is no path"),
        ("BASE_PATH", "//evil.example", "is no path"),
        ("BASE_PATH", "/api", "/api is a path of Stillframe's own"),
        ("BASE_PATH", "/static/x", "/static is a path of Stillframe's own"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_variable(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        behind(**{name: value})
    line = str(caught.value)
    assert line.startswith(f"STILLFRAME_{name}")
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize("header", ["X-Stillframe-Name", "Cookie", "X-Forwarded-For", "a b", "ä"])
def test_a_header_that_cannot_hold_the_name_is_refused(header: str) -> None:
    with pytest.raises(SettingsError, match=r"STILLFRAME_USER_HEADER: .* cannot hold"):
        behind(USER_HEADER=header, TRUSTED_PROXIES="10.0.0.5")


def test_uvicorns_own_variable_is_not_read_in_silence() -> None:
    with pytest.raises(SettingsError, match=r"FORWARDED_ALLOW_IPS is not read: .*TRUSTED_PROXIES"):
        settings_from_environment(PASSWORD | {"FORWARDED_ALLOW_IPS": "10.0.0.5"})
    both = {"FORWARDED_ALLOW_IPS": "*", "STILLFRAME_TRUSTED_PROXIES": "10.0.0.5"}
    found = settings_from_environment(PASSWORD | both).proxy
    assert found.trusted_proxies == (ip_network("10.0.0.5"),)
