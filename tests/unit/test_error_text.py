"""Errors out of JSON, tracebacks and pickles: messages, classes, and nothing that runs."""

import base64
import decimal
import json
import pickle
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from metrics_core.error_text import CONTAINER_LIMIT, READERS, error_parts
from metrics_core.pickles import peek

PYTHON = """Traceback (most recent call last):
  File "a.py", line 1, in f
    1 / 0
ZeroDivisionError: division by zero

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in f
    raise jobs.PaymentDeclined("card")
jobs.PaymentDeclined: card 4242
declined: twice
"""
JAVA = """Exception in thread "main" java.lang.RuntimeException: outer
\tat a.B.c(B.java:1)
Caused by: java.io.IOException: inner
\tat a.B.d(B.java:2)
Caused by: java.net.SocketTimeoutException: after 31 s
\t... 3 more"""

CAUSE = "java.net.SocketTimeoutException"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (PYTHON, ("jobs.PaymentDeclined: card 4242", "jobs.PaymentDeclined")),
        (
            "Traceback (most recent call last):\n  File 'a'\nKeyboardInterrupt",
            ("KeyboardInterrupt", "KeyboardInterrupt"),
        ),
        (
            "** (Ecto.StaleError) stale\n    (a 1) b",
            ("** (Ecto.StaleError) stale", "Ecto.StaleError"),
        ),
        (
            JAVA,
            ("Caused by: java.net.SocketTimeoutException: after 31 s", CAUSE),
        ),
        (
            "java.io.IOException: x\n\tat a.B.c(B.java:1)",
            ("java.io.IOException: x", "java.io.IOException"),
        ),
        (
            "a.rb:3:in 'foo': bad thing (Net::ReadTimeout)\n\tfrom b.rb:1",
            ("a.rb:3:in 'foo': bad thing (Net::ReadTimeout)", "Net::ReadTimeout"),
        ),
        ("Net::ReadTimeout: after 31 s", ("Net::ReadTimeout: after 31 s", "Net::ReadTimeout")),
        ("PaymentDeclined: card", ("PaymentDeclined: card", "PaymentDeclined")),
        ("went wrong: 42", ("went wrong: 42", None)),
        ("Traceback (most recent call last):", ("Traceback (most recent call last):", None)),
        ("  ", ("", None)),
    ],
)
def test_a_traceback_tells_the_class_of_its_last_line_or_cause(
    text: str, parts: tuple[str, str | None]
) -> None:
    assert error_parts(text, "traceback") == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[{"error": "** (First) a"}, {"error": "** (Last) b"}]', ("** (Last) b", "Last")),
        ('{"error": "ValueError: b"}', ("ValueError: b", "ValueError")),
        ('{"exc_type": "E", "exc_message": ["m", 2]}', ("['m', 2]", "E")),
        ('{"exception_class": "Net::E", "message": "m"}', ("m", "Net::E")),
        ('{"code": 7, "message": "m"}', ("m", "7")),
        (
            '{"code": null, "name": "E", "message": null}',
            ('{"code": null, "name": "E", "message": null}', "E"),
        ),
        ('{"value": {"name": "E", "message": "m"}}', ("m", "E")),
        ('{"value": "plain"}', ("plain", None)),
        ("[]", ("[]", None)),
        ("[1]", ("[1]", None)),
        (
            '{"exc_type": "E", "exc_message": ["cut … ',
            ('{"exc_type": "E", "exc_message": ["cut … ', "E"),
        ),
        ('[{"error": "ValueError: a", "x": "', ("ValueError: a", "ValueError")),
        ("** (Plain) text", ("** (Plain) text", "Plain")),
    ],
)
def test_json_tells_its_last_attempt(text: str, parts: tuple[str, str | None]) -> None:
    assert error_parts(text, "json_last_attempt") == parts


class Declined(Exception):
    """An exception of an application's own."""


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (ValueError("bad 42"), ("bad 42", "ValueError")),
        (KeyError(), ("KeyError", "KeyError")),
        (decimal.InvalidOperation("x"), ("x", "InvalidOperation")),
        (Declined("card"), ("card", "Declined")),
        (f"bad : {PYTHON}", ("jobs.PaymentDeclined: card 4242", "jobs.PaymentDeclined")),
    ],
)
def test_a_pickle_tells_its_class_and_its_first_text(
    error: object, parts: tuple[str, str], protocol: int
) -> None:
    data = pickle.dumps(error, protocol)
    assert error_parts(base64.b64encode(data).decode(), "pickle") == parts
    assert error_parts(data.hex(), "celery") == parts
    assert error_parts(base64.encodebytes(data).decode(), "celery") == parts


def test_a_pickle_that_was_cut_in_the_middle_tells_its_class() -> None:
    text = base64.b64encode(pickle.dumps(ValueError("x" * 50_000))).decode()
    assert error_parts(f"{text[:10_000]} … {text[-10_000:]}", "pickle") == (
        "ValueError",
        "ValueError",
    )


class Bomb:
    """What would write a file if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.write_text, (self.path, "boom"))


def test_nothing_of_a_pickle_is_run(tmp_path: Path) -> None:
    data = pickle.dumps(Bomb(tmp_path / "boom"))
    for text in (data.hex(), base64.b64encode(data).decode()):
        for error_format in READERS:
            error_parts(text, error_format)
    assert peek(data).classes
    assert not (tmp_path / "boom").exists()


def hostile(dice: random.Random, tmp_path: Path) -> str:
    """A text that means ill: pickles and JSON, whole, cut, mixed up, nested, or plain noise."""
    pickles = [
        pickle.dumps(Bomb(tmp_path / "boom"), dice.randrange(6)),
        pickle.dumps(ValueError("x" * dice.randrange(3000)), dice.randrange(6)),
        b"\x80\x04\x8d" + b"\xff" * 8 + b"x",
        b"\x80\x04\x8b\xff\xff\xff\x7f",
        b"I" + b"9" * 9000 + b"\n.",
        b"(" * 5000 + b"t" * 5000,
        dice.randbytes(dice.randrange(400)),
        b"\x8c\x02os\x8c\x06system\x93\x94h\x00h\x09r\xff\xff\xff\xff" * 50,
    ]
    data = bytearray(dice.choice(pickles))
    for _ in range(dice.randrange(6)):
        if data:
            data[dice.randrange(len(data))] = dice.randrange(256)
    texts = [
        bytes(data).hex(),
        base64.b64encode(bytes(data)).decode(),
        "[" * dice.randrange(9000),
        '{"value":' * dice.randrange(2000),
        '{"message": ' + "[" * 900 + "]" * 900 + "}",
        '{"message": ' + "9" * 5000 + "}",
        json.dumps({dice.choice(("code", "name", "message", "value")): dice.choice(JUNK)}),
        '"' + "\\" * dice.randrange(9000),
        "Traceback (most recent call last)" + ' \n  File "' * dice.randrange(2000),
        "Caused by: " + "a." * dice.randrange(9000),
        "a:1:in " * dice.randrange(2000),
        bytes(data).decode("latin-1"),
    ]
    return dice.choice(texts)[:CONTAINER_LIMIT]


JUNK: tuple[object, ...] = (None, True, -1e308, [], {}, [[]], "\0", "\ud800", {"name": {"x": []}})


@pytest.mark.parametrize("seed", range(10))
def test_hostile_containers_neither_run_nor_raise_nor_grow(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    for _ in range(100):
        text = hostile(dice, tmp_path)
        tracemalloc.start()
        message, code = error_parts(text, dice.choice([*READERS]))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(message.encode()) <= 4000
        assert code is None or code.encode().strip()
        assert peak < 20_000_000
    assert not (tmp_path / "boom").exists()
