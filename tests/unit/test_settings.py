"""What the environment must and must not say."""

from pathlib import Path

import pytest

from dashboard.passwords import hash_password, verify
from dashboard.settings import settings_from_environment, settings_with_password
from metrics_core.errors import SettingsError

GOOD = "quiet-otter-lantern-42"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_password_it_refuses_and_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match="no password: set STILLFRAME_PASSWORD"):
        settings_from_environment({})


def test_an_empty_password_is_no_password() -> None:
    with pytest.raises(SettingsError, match="no password"):
        settings_from_environment({"STILLFRAME_PASSWORD": "", "STILLFRAME_PASSWORD_HASH": ""})


def test_a_weak_password_is_refused_by_the_name_of_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"STILLFRAME_PASSWORD: .* at least 12"):
        settings_from_environment({"STILLFRAME_PASSWORD": "short"})


def test_an_error_never_repeats_the_password() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_environment({"STILLFRAME_PASSWORD": "change-me-please"})
    assert "change-me-please" not in str(caught.value)


def test_password_and_hash_together_are_refused() -> None:
    both = {"STILLFRAME_PASSWORD": GOOD, "STILLFRAME_PASSWORD_HASH": hash_password(GOOD)}
    with pytest.raises(SettingsError, match="both set: unset one"):
        settings_from_environment(both)


def test_a_malformed_hash_is_refused_by_the_name_of_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"STILLFRAME_PASSWORD_HASH: .* malformed"):
        settings_from_environment({"STILLFRAME_PASSWORD_HASH": "scrypt6384"})


def test_a_plain_password_gives_the_same_hash_at_every_start() -> None:
    first = settings_from_environment({"STILLFRAME_PASSWORD": GOOD})
    second = settings_from_environment({"STILLFRAME_PASSWORD": GOOD})
    assert first.password_hash == second.password_hash
    assert verify(GOOD, first.password_hash)


def test_a_hash_is_taken_as_it_stands() -> None:
    password_hash = hash_password(GOOD)
    settings = settings_from_environment({"STILLFRAME_PASSWORD_HASH": f" {password_hash}\n"})
    assert settings.password_hash == password_hash


def test_secrets_are_not_in_the_representation() -> None:
    environ = {"STILLFRAME_PASSWORD": GOOD, "STILLFRAME_ADMIN_SECRET": "admin-s3cret"}
    settings = settings_from_environment(environ)
    assert settings.admin_secret == "admin-s3cret"
    assert "s3cret" not in repr(settings)
    assert GOOD not in repr(settings)


def test_the_settings_file_is_the_named_one_then_the_one_here_then_none(empty_folder: Path) -> None:
    environ = {"STILLFRAME_PASSWORD": GOOD}
    assert settings_from_environment(environ).config is None
    (empty_folder / "stillframe.toml").touch()
    assert settings_from_environment(environ).config == Path("stillframe.toml")
    (empty_folder / "other.toml").touch()
    environ["STILLFRAME_CONFIG"] = "other.toml"
    assert settings_from_environment(environ).config == Path("other.toml")
    third = Path("third.toml")
    assert settings_from_environment(environ, config=third).config == third


def test_a_named_settings_file_that_is_missing_is_refused() -> None:
    environ = {"STILLFRAME_PASSWORD": GOOD, "STILLFRAME_CONFIG": "absent.toml"}
    with pytest.raises(SettingsError, match=r"names absent\.toml, but there is no such file"):
        settings_from_environment(environ)


def test_a_password_made_up_on_the_spot_must_be_a_good_one_too() -> None:
    assert verify(GOOD, settings_with_password(GOOD, config=None).password_hash)
    with pytest.raises(SettingsError, match="at least 12"):
        settings_with_password("short", config=None)


def test_a_weak_admin_secret_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="STILLFRAME_ADMIN_SECRET: the secret must have"):
        settings_from_environment({"STILLFRAME_PASSWORD": GOOD, "STILLFRAME_ADMIN_SECRET": "short"})


def test_the_admin_secret_is_not_the_password() -> None:
    with pytest.raises(SettingsError, match="STILLFRAME_ADMIN_SECRET is the password as well"):
        settings_from_environment({"STILLFRAME_PASSWORD": GOOD, "STILLFRAME_ADMIN_SECRET": GOOD})
