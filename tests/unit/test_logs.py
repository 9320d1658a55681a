"""Log lines: one a record, whatever is in it, and read back as what was said."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import logs

LOG = logging.getLogger("stillframe.test")
PAIR = re.compile(r'([A-Za-z_]+)=("(?:[^"\\]|\\.)*"|[^ "]*)(?: |$)')


def parsed(line: str) -> dict[str, str]:
    """The pairs of a line, by a reader that knows key=value and JSON strings only."""
    text = re.sub(r"^\[[A-Z]+\] ", "", line)
    pairs, at = {}, 0
    while at < len(text):
        hit = PAIR.match(text, at)
        assert hit, text[at:]
        pairs[hit[1]] = json.loads(hit[2]) if hit[2].startswith('"') else hit[2]
        at = hit.end()
    return pairs


def line_of(form: logs.Format, **fields: logs.Value) -> str:
    record = LOG.makeRecord(
        LOG.name, logging.INFO, "f", 1, "said", (), None,
        extra={"stillframe_fields": fields, "stillframe_tag": "METRICS"},
    )  # fmt: skip
    return logs.LineFormatter(form).format(record)


HOSTILE = st.text() | st.sampled_from(
    [
        "a\r\nb",
        "\x1b[31mred",
        "\u2028",
        "\u2029",
        "\x85",
        '"',
        "\\",
        "a=b c=d",
        "",
        "null",
        "\ud800",
    ]
)


@given(HOSTILE, HOSTILE)
def test_no_value_makes_a_second_line_and_each_reads_back(first: str, second: str) -> None:
    line = line_of("text", scope=first, source=second)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()
    pairs = parsed(line)
    assert (pairs["scope"], pairs["source"]) == (first, second)


@given(HOSTILE)
def test_as_json_it_is_one_line_as_well(value: str) -> None:
    line = line_of("json", scope=value, rows=3, since=None)
    assert len(line.splitlines()) == 1
    told = json.loads(line)
    assert (told["tag"], told["scope"], told["rows"], told["since"]) == ("METRICS", value, 3, None)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.LineFormatter("text"))
    LOG.addHandler(handler)
    yield stream
    LOG.removeHandler(handler)


def test_a_traceback_is_a_value_of_its_line(stream: io.StringIO) -> None:
    try:
        int("two\nlines")
    except ValueError:
        LOG.exception("it failed")
    (line,) = stream.getvalue().splitlines()
    pairs = parsed(line)
    assert pairs["event"] == "it failed"
    assert pairs["traceback"].endswith("'two\\nlines'\n")


def test_the_request_s_id_is_in_each_line_of_it(stream: io.StringIO) -> None:
    held = logs.request_id.set("req_1")
    LOG.warning("said")
    logs.request_id.reset(held)
    LOG.warning("said")
    assert [parsed(line)["requestId"] for line in stream.getvalue().splitlines()] == [
        "req_1",
        "null",
    ]


@pytest.fixture
def untouched() -> Iterator[None]:
    """Puts the loggers back that `configure` touches."""
    names = ("stillframe", *logs.SERVER)
    kept = {
        name: (list(log.handlers), log.propagate, log.level)
        for name, log in ((name, logging.getLogger(name)) for name in names)
    }
    yield
    for name, (handlers, propagate, level) in kept.items():
        log = logging.getLogger(name)
        log.handlers[:], log.propagate = handlers, propagate
        log.setLevel(level)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", ["uvicorn", "uvicorn.error", "asyncio"])
def test_what_the_server_says_is_one_of_our_lines(name: str) -> None:
    """Streamlit takes the propagation from uvicorn.error, and uvicorn then its handler."""
    log, stream = logging.getLogger(name), io.StringIO()
    log.propagate = False
    logs.configure("json", level=logging.INFO, stream=stream)
    log.error("it failed\nin two lines")
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert (told["logger"], told["event"]) == (name, "it failed\nin two lines")
