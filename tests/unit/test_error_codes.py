"""Error codes: what the text of a failure is grouped by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_core.error_codes import error_code, error_codes
from metrics_core.source import ErrorRule

TRACEBACK = "Traceback (most recent call last):\n  File 'a.py', line 1, in f\n    g()\n"


@pytest.mark.parametrize("message", [None, "", "   ", "\n\t\u3000"])
def test_a_failure_without_words_has_the_code_no_message(message: str | None) -> None:
    assert error_code(message, ()) == "NO_MESSAGE"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("ENGINE_TIMEOUT", "ENGINE_TIMEOUT"),
        ("ENGINE_TIMEOUT after 30 s", "ENGINE_TIMEOUT"),
        ("  GPU_OOM: 80 GiB", "GPU_OOM"),
        ("E_404-x", "E_404"),
        ("A_B_C3(x)", "A_B_C3"),
        ("HTTP: no route", "HTTP"),
        ("E1: bad", "E1"),
    ],
)
def test_a_leading_upper_snake_token_is_the_code(message: str, code: str) -> None:
    assert error_code(message, ()) == code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("HTTP 500", "HTTP <num>"),
        ("I was lost", "I was lost"),
        ("NOT_Quite so", "NOT_Quite so"),
        ("the ENGINE_TIMEOUT came", "the ENGINE_TIMEOUT came"),
        ("DISK FULL", "DISK FULL"),
    ],
)
def test_capitals_that_are_no_token_at_the_beginning_are_words_like_others(
    message: str, code: str
) -> None:
    assert error_code(message, ()) == code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("ValueError: 17 is odd", "ValueError"),
        ("ValueError", "ValueError"),
        ("ValueError:", "ValueError"),
        ("ValueError\nmore", "ValueError"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", "Error"),
        ("java.lang.NullPointerException: x", "java.lang.NullPointerException"),
        ("app.errors.Broken: it broke", "app.errors.Broken"),
        ("ReadTimeout: host", "ReadTimeout"),
    ],
)
def test_an_exceptions_class_at_the_beginning_is_the_code(message: str, code: str) -> None:
    assert error_code(message, ()) == code


@pytest.mark.parametrize(
    ("last_line", "code"),
    [
        ("KeyError: 'x'", "KeyError"),
        ("app.errors.Broken", "app.errors.Broken"),
        ("ConnectionRefusedError: [Errno 111] refused", "ConnectionRefusedError"),
    ],
)
def test_of_a_traceback_the_last_line_names_the_class(last_line: str, code: str) -> None:
    assert error_code(TRACEBACK + last_line + "\n", ()) == code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("no answer from 10.0.0.7 after 31.5 s", "no answer from <ip> after <num> s"),
        ("no answer from 10.0.0.7:8080", "no answer from <ip>"),
        ("task 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone", "task <uuid> gone"),
        ("cannot get https://api.example.com/v1/a?b=c now", "cannot get <url> now"),
        ("cannot read /srv/data/17.bin", "cannot read <path>"),
        (r"cannot read C:\data\17.bin", "cannot read <path>"),
        ("mail to a.b@example.com bounced", "mail to <email> bounced"),
        ("late since 2026-01-30T10:00:00Z", "late since <time>"),
        ("late since 2026-01-30", "late since <time>"),
        ("bad page 0xdeadBEEF", "bad page <hex>"),
        ("commit 9fceb02d0ae5 unknown", "commit <hex> unknown"),
        ("1,024 of 4.096.000 rows", "<num> of <num> rows"),
        ("a  b\n\tc", "a b c"),
        ("Überlauf 😀 7", "Überlauf 😀 <num>"),
    ],
)
def test_of_other_messages_the_variable_parts_are_taken_out(message: str, code: str) -> None:
    assert error_code(message, ()) == code


def test_messages_that_differ_in_variable_parts_only_have_one_code() -> None:
    messages = [f"worker {n} lost 10.0.{n}.1 at /srv/w{n}/run.log" for n in (1, 22, 250)]
    assert {error_code(message, ()) for message in messages} == {"worker <num> lost <ip> at <path>"}


def test_a_long_message_gives_a_code_of_200_characters() -> None:
    assert error_code("é" * 900, ()) == "é" * 200
    assert error_code("A_" + "B" * 900, ()) == "A_" + "B" * 198


def test_a_rule_wins_over_what_the_message_says_of_itself() -> None:
    rules = (ErrorRule(match="timed out", code="ENGINE_TIMEOUT"),)
    assert error_code("GPU_OOM: timed out", rules) == "ENGINE_TIMEOUT"


def test_the_first_rule_that_hits_gives_the_code() -> None:
    rules = (
        ErrorRule(match="x" * 9, code="NEVER"),
        ErrorRule(match=r"^disk \d+", code="DISK"),
        ErrorRule(match="disk", code="OTHER"),
    )
    assert [error_code(m, rules) for m in ("disk 7 is full", "the disk")] == ["DISK", "OTHER"]


def test_a_rule_is_text_first_so_that_special_characters_mean_themselves() -> None:
    rules = (ErrorRule(match="what? (odd)", code="ODD"), ErrorRule(match="(", code="PARENTHESIS"))
    assert error_code("so what? (odd) indeed", rules) == "ODD"
    assert error_code("f(x) fails", rules) == "PARENTHESIS"


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999999999}", "(?P<a>x)(?P<a>y)"])
def test_a_rule_that_is_no_regular_expression_is_plain_text(pattern: str) -> None:
    rules = (ErrorRule(match=pattern, code="TEXT"),)
    assert error_code(f"see {pattern} there", rules) == "TEXT"
    assert error_code("see nothing", rules) == "see nothing"


def test_a_rule_does_not_speak_of_a_failure_without_words() -> None:
    assert error_code(" ", (ErrorRule(match=".*", code="ANY"),)) == "NO_MESSAGE"


WORDS = ("0", "1", "07", "9", "x", "0x", "af", "Z", "_", ":", ".", "-", "/", "@", " ", "Error", "٣")
MESSAGES = st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map("".join), max_size=9)
PATTERNS = ("timed out", r"^\d+x", "[/-:]f", "1", r"(?P<d>\d)(?P=d)", r"\N{DIGIT ONE}", "E.r", "(")


@given(MESSAGES, st.lists(st.sampled_from(PATTERNS), max_size=2))
def test_many_messages_have_the_codes_that_each_has_alone(
    messages: list[str], patterns: list[str]
) -> None:
    rules = [ErrorRule(match=pattern, code=f"RULE {pattern}") for pattern in patterns]
    assert error_codes(messages, rules) == [error_code(message, rules) for message in messages]
