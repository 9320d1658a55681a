"""A thousand hostile requests: each line of the log is one line, and says what was asked."""

import io
import random
import re
from urllib.parse import parse_qs, quote

import pytest
from starlette.testclient import TestClient

from metrics_core.record import REQUEST_ID_PATTERN
from tests.unit.api.conftest import RIGHT
from tests.unit.test_logs import parsed

REQUESTS = 1_000
PATH = "/api/admin/metrics-snapshot"
PAST = "to=2026-01-30T11:00:00Z"
ROOM = " abcXYZ019._-=,;"
SIGNS = [
    *"\r\n\x00\x0b\x0c\x1b\x1c\x1d\x1e\x7f\x85\x9b\xa0\"'\\=&%#?/+; \t",
    *("\r\n", "\u2028", "\u2029", "\u200b", "\u202e", "\ufeff", "\ufffd", "é", "🎬", "\x1b[31m"),
    *('" requestId=forged', "\r\n[METRICS] requestId=forged", "\\u000a", "\\", "null", "true"),
]


def hostile(chance: random.Random) -> str:
    """Some signs that break lines, quotes or pairs, among plain ones; at times very many."""
    length = 3_000 if chance.random() < 0.02 else chance.randrange(1, 12)
    return "".join(chance.choice([*SIGNS, *ROOM]) for _ in range(length))


def header_value(text: str) -> bytes:
    """As a client can send it: any byte that HTTP lets through."""
    return text.encode().translate(None, b"\r\n\x00").strip(b" \t")


def told(log: io.StringIO) -> list[dict[str, str]]:
    """The lines since the last look, each read back; the stream is emptied."""
    text = log.getvalue()
    log.seek(0)
    log.truncate()
    assert text.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert text.endswith("\n")
    found = text[:-1].split("\n")
    assert found == text.splitlines()
    return [parsed(line) for line in found]


def asked(client: TestClient, target: str, request_id: bytes) -> tuple[int, str]:
    """The status, and the id of the answer: the same in header and body, and well formed."""
    headers = {b"X-Admin-Secret": RIGHT["X-Admin-Secret"].encode(), b"X-Request-Id": request_id}
    answer = client.get(target, headers=headers)
    given = answer.headers["X-Request-Id"]
    assert re.fullmatch(REQUEST_ID_PATTERN, given)
    assert answer.json()["requestId"] == given
    kept = request_id.decode("latin-1")
    is_well_formed = re.fullmatch(r"[A-Za-z0-9._-]{1,64}", kept, re.ASCII) is not None
    assert (given == kept) == is_well_formed
    return answer.status_code, given


def test_no_request_id_scope_or_source_makes_a_line_of_its_own(
    client: TestClient, log: io.StringIO
) -> None:
    chance, statuses = random.Random(4), set()
    for _ in range(REQUESTS):
        value = hostile(chance)
        name = chance.choice(["queue", "source", "minutes", quote(hostile(chance), safe="")])
        target = f"{PATH}?{PAST}&{name}={quote(value, safe='')}"
        status, request_id = asked(client, target, header_value(hostile(chance)))
        statuses.add(status)
        *before, access = told(log)
        assert {line["requestId"] for line in (*before, access)} == {request_id}
        assert (access["path"], access["status"]) == (PATH, str(status))
        (line,) = before
        if name == "queue" and "\0" not in value:  # which no database holds
            assert status == 200
            assert parse_qs(line["scope"], keep_blank_values=True) == {"queue": [value]}
            assert (line["source"], line["created"]) == ("tasks", "0")
        else:
            assert status == 400
            assert (line["event"], line["level"]) == ("refused", "info")
    assert statuses == {200, 400}


def test_no_path_makes_a_line_of_its_own(client: TestClient, log: io.StringIO) -> None:
    chance = random.Random(5)
    for number in range(REQUESTS):
        text = "x" + hostile(chance).replace("%", "")  # the test client decodes a path twice
        root = ("/api/", "/v1/", "/schemas/", "/snapshots/")[number % 4]
        if root == "/snapshots/":
            answer = client.get(root + quote(text, safe=""), headers={"X-Request-Id": "given"})
            status, request_id = answer.status_code, answer.headers["X-Request-Id"]
        else:
            status, request_id = asked(
                client, root + quote(text, safe=""), header_value(hostile(chance))
            )
        (access,) = told(log)
        asked_for = root + text
        assert access["path"] == (asked_for if len(asked_for) <= 1_000 else f"{asked_for[:1_000]}…")
        assert (access["requestId"], access["status"]) == (request_id, str(status))
        assert status == (401 if root == "/snapshots/" else 404)


def test_a_line_is_no_longer_than_its_reader_needs(client: TestClient, log: io.StringIO) -> None:
    client.request("BREW" * 5_000, "/api/" + "x" * 50_000, headers=RIGHT)
    (access,) = told(log)
    assert access["path"] == "/api/" + "x" * 995 + "…"
    assert access["method"] == "BREW" * 250 + "…"


@pytest.mark.parametrize("bytes_", [b"%ff%fe", b"%ed%a0%80", b"%c0%8a", b"%00", b"%c2%85"])
def test_bytes_that_are_no_text_make_no_line_either(
    client: TestClient, log: io.StringIO, bytes_: bytes
) -> None:
    for target in (f"/api/{bytes_.decode()}", f"{PATH}?{PAST}&queue={bytes_.decode()}"):
        asked(client, target, b"x1")
        assert {line["requestId"] for line in told(log)} == {"x1"}


@pytest.mark.parametrize(
    "secret", [b"wrong\xe2\x80\xa8x", b'" requestId=forged', b"\x1b[31m", b"\x85"]
)
def test_a_wrong_secret_is_in_no_line(client: TestClient, log: io.StringIO, secret: bytes) -> None:
    client.get(PATH, headers={b"X-Admin-Secret": secret, b"X-Request-Id": b"x1"})
    wrong, access = told(log)
    assert (wrong["event"], wrong["requestId"]) == ("wrong admin secret", "x1")
    assert access["status"] == "401"
    assert secret.decode("latin-1") not in str([wrong, access])
