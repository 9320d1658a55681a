"""How passwords are hashed, compared, and refused when weak."""

import pytest

from dashboard.passwords import hash_password, refuse_malformed, refuse_weak, verify
from metrics_core.errors import SettingsError

GOOD = "quiet-otter-lantern-42"


def test_the_right_password_matches_its_hash_and_another_does_not() -> None:
    password_hash = hash_password(GOOD)
    assert verify(GOOD, password_hash)
    assert not verify(GOOD + " ", password_hash)
    assert not verify("", password_hash)


def test_a_hash_has_the_documented_form_and_its_own_salt() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first.startswith("scrypt$16384$8$1$")
    assert len(first.split("$")) == 6
    assert first != second


def test_the_same_password_in_another_unicode_form_matches() -> None:
    assert verify("cafe\u0301-otter-lantern", hash_password("caf\u00e9-otter-lantern"))


def test_a_password_that_is_no_ascii_can_be_compared() -> None:
    assert not verify("пароль-и-ещё-что-то", hash_password(GOOD))


@pytest.mark.parametrize(
    "password_hash",
    [
        "",
        "hunter2",
        "scrypt$16384$8$1$c2FsdHNhbHQ=",
        "bcrypt$16384$8$1$c2FsdHNhbHQ=$" + "A" * 86 + "==",
        "scrypt$16383$8$1$c2FsdHNhbHQ=$" + "A" * 86 + "==",
        "scrypt$1073741824$8$1$c2FsdHNhbHQ=$" + "A" * 86 + "==",
        "scrypt$16384$8$1$c2FsdHNhbHQ=$AAAA",
        "scrypt$16384$8$1$not base64$" + "A" * 86 + "==",
        "scrypt6384$8$1$c2FsdHNhbHQ=$" + "A" * 86 + "==",
    ],
)
def test_a_malformed_hash_is_refused_with_the_form_it_should_have(password_hash: str) -> None:
    with pytest.raises(SettingsError, match=r"malformed: it reads scrypt\$16384\$8\$1"):
        refuse_malformed(password_hash)


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "äöüÄÖÜß€é"])
def test_fewer_than_twelve_characters_are_refused(password: str) -> None:
    with pytest.raises(SettingsError, match="at least 12 characters"):
        refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    [
        "change-me-please",
        "Change Me Please!",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple",
        "passwordpassword",
        "P@ssw0rd-1234",
        "stillframe-demo",
        "your_password_here",
    ],
)
def test_common_and_example_passwords_are_refused_however_they_are_spelled(password: str) -> None:
    with pytest.raises(SettingsError, match="a common or an example one"):
        refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    [
        "zzzzzzzzzzzz",
        "tuna7tuna7tuna7",
        "Tuna7-tuna7-tuna7",
        "456789012345",
        "lkjhgfdsapoiu",
        "------------",
        "01010101010011",
    ],
)
def test_patterns_of_keys_are_refused(password: str) -> None:
    with pytest.raises(SettingsError, match="a mere pattern"):
        refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "Vb7#kQ2!xW9z",
        "%&/(=?!+*~<>$",
        "drei nasse Dackel im Regen",
        "密码很长而且没有人会猜到它",
    ],
)
def test_a_decent_password_is_accepted(password: str) -> None:
    refuse_weak(password)


@pytest.mark.parametrize("password", ["Summer2026!!", "december2025", "stillframe.toml"])
def test_a_time_of_the_year_is_no_password(password: str) -> None:
    with pytest.raises(SettingsError, match="mere pattern"):
        refuse_weak(password)
