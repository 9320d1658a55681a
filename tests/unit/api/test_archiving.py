"""Archiving over HTTP: stored before the answer, told in its headers, and in the log."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.archive_stamp import Stamp
from dashboard.archiving import Archiving
from dashboard.front import front
from metrics_core import Archive, Deposit, Snapshot
from metrics_core.archive_chain import BEFORE_THE_FIRST
from metrics_core.source import RESERVED_NAMES
from tests.unit.api.conftest import PASSWORD, RIGHT

PATH = "/api/admin/metrics-snapshot"
PAST = {"minutes": "60", "to": "2026-01-30T11:00:00Z"}
ASKED = {**PAST, "archive": "1"}
ARCHIVED, RECORD = "X-Stillframe-Archived", "X-Stillframe-Archive-Record"
HEAD, WHY = "X-Stillframe-Archive-Head", "X-Stillframe-Not-Archived"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def served(held: runtime.Runtime, file: Path | None) -> TestClient:
    """A client of the same Stillframe with that archive."""
    now_held = runtime.start(replace(held.settings, archive=file))
    app = Starlette(routes=routes(), middleware=front(now_held))
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def archiving(held: runtime.Runtime, file: Path) -> Iterator[TestClient]:
    with served(held, file) as client:
        yield client


@pytest.fixture
def failing(held: runtime.Runtime, tmp_path: Path) -> Iterator[TestClient]:
    """Its archive cannot be made: the folder is missing."""
    with served(held, tmp_path / "secret-folder" / "archive.db") as client:
        yield client


def test_what_is_asked_for_with_archive_is_stored_before_it_is_answered(
    archiving: TestClient, file: Path, log: io.StringIO
) -> None:
    said = {"archive_note": "look", "archive_incident": "OPS-1", "archive_actor": "nightly job"}
    answer = archiving.get(PATH, params={**ASKED, **said}, headers=RIGHT)
    archive = Archive(file)
    (entry,) = archive.page().entries
    assert archive.text(entry.document) == answer.content
    assert (entry.reason, entry.note, entry.incident) == ("api", "look", "OPS-1")
    assert (entry.actor, entry.self_declared) == ("nightly job", True)
    told = [answer.headers[name] for name in (ARCHIVED, RECORD, HEAD)]
    assert told == ["yes", "1", archive.head().hash]
    (metrics,) = [line for line in log.getvalue().splitlines() if line.startswith("[METRICS]")]
    assert metrics.endswith(f" archived=yes head={archive.head().hash}")
    assert entry.metrics_line is not None
    assert entry.metrics_line.removeprefix("[METRICS] ") in metrics


def test_the_same_document_is_stored_once(archiving: TestClient, file: Path) -> None:
    headers = {**RIGHT, "X-Request-Id": "retried-7"}
    first, again = (archiving.get(PATH, params=ASKED, headers=headers) for _ in range(2))
    assert first.content == again.content
    assert (first.headers[RECORD], again.headers[RECORD]) == ("1", "1")
    assert Archive(file).head().sequence == 1
    other = archiving.get(PATH, params=ASKED, headers=RIGHT)
    assert other.headers[RECORD] == "2"


def test_it_is_archived_though_the_figures_need_not_be_sent(
    archiving: TestClient, file: Path
) -> None:
    etag = archiving.get(PATH, params=PAST, headers=RIGHT).headers["ETag"]
    answer = archiving.get(PATH, params=ASKED, headers={**RIGHT, "If-None-Match": etag})
    assert (answer.status_code, answer.headers[ARCHIVED]) == (304, "yes")
    assert Archive(file).head().sequence == 1


@pytest.mark.parametrize("query", [PAST, {**PAST, "archive": "0"}, {**PAST, "archive_note": ""}])
def test_nothing_is_archived_unasked_but_the_head_is_told(
    archiving: TestClient, file: Path, query: dict[str, str]
) -> None:
    before = archiving.get(PATH, params=query, headers=RIGHT)
    assert not file.exists()
    assert (before.headers[ARCHIVED], before.headers[HEAD]) == ("no", BEFORE_THE_FIRST)
    archiving.get(PATH, params=ASKED, headers=RIGHT)
    after = archiving.get(PATH, params=query, headers=RIGHT)
    assert (after.headers[ARCHIVED], RECORD in after.headers) == ("no", False)
    assert after.headers[HEAD] == Archive(file).head().hash


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"archive": "2"}, "archive must be 1"),
        ({"archive": "yes"}, "archive must be 1"),
        ({"archive_note": "x"}, "archive_note is kept in the archive: give archive=1 too"),
        ({"archive": "0", "archive_actor": "x"}, "archive_actor is kept in the archive"),
        ({"archive": "1", "archive_note": "x" * 2001}, "the note is longer than 2000"),
        ({"archive": "1", "archive_actor": "a\0"}, "the actor is longer than 2000"),
    ],
)
def test_a_wish_that_makes_no_sense_is_a_400(
    archiving: TestClient, file: Path, query: dict[str, str], said: str
) -> None:
    answer = archiving.get(PATH, params={**PAST, **query}, headers=RIGHT)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_QUERY")
    assert said in answer.json()["message"]
    assert not file.exists() or Archive(file).page().entries == ()
    health = archiving.get("/api/admin/health", headers=RIGHT).json()["archive"]
    assert (health["state"], health["lastError"]) == ("OK", None)


def test_what_was_to_be_archived_and_could_not_be_is_a_507(failing: TestClient) -> None:
    answer = failing.get(PATH, params=ASKED, headers={**RIGHT, "X-Request-Id": "inc-7"})
    assert answer.status_code == 507
    body = answer.json()
    assert (body["code"], body["requestId"]) == ("NOT_ARCHIVED", "inc-7")
    why = "There is no archive at that path."
    assert why in body["message"]
    assert (answer.headers[ARCHIVED], answer.headers[WHY]) == ("no", why)
    assert "secret-folder" not in answer.text + str(answer.headers)
    assert failing.get(PATH, params=PAST, headers=RIGHT).status_code == 200


def test_without_an_archive_to_ask_for_it_is_a_501_that_reads_nothing(
    held: runtime.Runtime, log: io.StringIO
) -> None:
    with served(held, None) as client:
        answer = client.get(PATH, params=ASKED, headers=RIGHT)
        plain = client.get(PATH, params=PAST, headers=RIGHT)
    assert (answer.status_code, answer.json()["code"]) == (501, "ARCHIVE_NOT_SET")
    assert "name its file by STILLFRAME_ARCHIVE" in answer.json()["message"]
    assert log.getvalue().count("[METRICS]") == 1
    assert log.getvalue().splitlines()[1].endswith(" archived=no head=null")
    assert (plain.headers[ARCHIVED], HEAD in plain.headers) == ("no", False)


def shown(client: TestClient) -> Snapshot:
    """A snapshot as the page shows it."""
    snapshot = Snapshot.from_json(client.get(PATH, params=PAST, headers=RIGHT).text)
    runtime.remember(snapshot)
    return snapshot


def sign_in(client: TestClient, name: str) -> None:
    assert client.post("/login", data={"password": PASSWORD, "name": name}).status_code == 303


def test_a_download_is_archived_with_who_took_it(archiving: TestClient, file: Path) -> None:
    snapshot = shown(archiving)
    sign_in(archiving, "Ann")
    answer = archiving.get(f"/snapshots/{snapshot.request_id}")
    (entry,) = Archive(file).page().entries
    assert (answer.status_code, answer.headers[ARCHIVED], answer.headers[RECORD]) == (
        200,
        "yes",
        "1",
    )
    assert Archive(file).text(entry.document) == answer.content
    assert (entry.reason, entry.actor, entry.request_id) == ("download", "Ann", snapshot.request_id)
    assert archiving.head(f"/snapshots/{snapshot.request_id}").headers[ARCHIVED] == "no"
    archiving.get(f"/snapshots/{snapshot.request_id}")
    assert Archive(file).head().sequence == 1


def test_a_download_that_cannot_be_archived_leaves_all_the_same(
    failing: TestClient, log: io.StringIO
) -> None:
    snapshot = shown(failing)
    sign_in(failing, "Ann")
    answer = failing.get(f"/snapshots/{snapshot.request_id}")
    assert (answer.status_code, answer.headers[ARCHIVED]) == (200, "no")
    assert answer.headers[WHY] == "There is no archive at that path."
    assert Snapshot.from_json(answer.text).digest.content == snapshot.digest.content
    (told,) = [line for line in log.getvalue().splitlines() if 'event="not archived"' in line]
    assert "level=error" in told
    assert "secret-folder" in told  # the log may know


def test_who_is_signed_in_is_the_actor_whatever_the_query_says(
    archiving: TestClient, file: Path
) -> None:
    sign_in(archiving, "Adé")
    archiving.get(PATH, params={**ASKED, "archive_actor": "Mallory"})
    (entry,) = Archive(file).page().entries
    assert (entry.actor, entry.self_declared) == ("Adé", True)


def test_a_reason_makes_no_header_of_its_own() -> None:
    headers = Stamp(why_not="full\r\nSet-Cookie: a=b\n").headers()
    assert headers == {ARCHIVED: "no", WHY: "full Set-Cookie: a=b "}


def test_health_tells_of_the_archive_but_not_where_it_is(archiving: TestClient, file: Path) -> None:
    def health() -> dict[str, object]:
        body = archiving.get("/api/admin/health", headers=RIGHT)
        assert str(file.parent) not in body.text
        found: dict[str, object] = body.json()
        return found

    archive = {"state": "OK", "records": 0, "head": BEFORE_THE_FIRST}
    none_yet = {"lastError": None, "lastErrorAt": None}
    assert health()["archive"] == archive | none_yet
    archiving.get(PATH, params=ASKED, headers=RIGHT)
    head = Archive(file).head().hash
    assert health()["archive"] == archive | none_yet | {"records": 1, "head": head}
    file.write_bytes(b"no archive any more" * 9)
    assert archiving.get(PATH, params=ASKED, headers=RIGHT).status_code == 507
    found = health()
    assert found["status"] == "degraded"
    assert isinstance(found["archive"], dict)
    why = "The file is not an archive of Stillframe."
    assert (found["archive"]["state"], found["archive"]["head"]) == ("FAILING", None)
    assert found["archive"]["lastError"] == why
    assert str(found["archive"]["lastErrorAt"]).endswith("Z")


def test_prometheus_sees_the_archive(failing: TestClient) -> None:
    lines = failing.get("/metrics", headers=RIGHT).text.splitlines()
    assert {"stillframe_archive_up 1.0", "stillframe_archive_records 0.0"} <= set(lines)
    failing.get(PATH, params=ASKED, headers=RIGHT)
    assert "stillframe_archive_up 0.0" in failing.get("/metrics", headers=RIGHT).text.splitlines()


def test_the_head_follows_what_another_process_archives(
    archiving: TestClient, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "stillframe.metrics"):
        first = archiving.get(PATH, params=ASKED, headers=RIGHT)
        other = Snapshot.from_json(first.text).answering("other-7")
        Archiving(file).keep(other, Deposit(reason="command"))
        second = archiving.get(PATH, params=PAST, headers=RIGHT)
    assert first.headers[HEAD] != second.headers[HEAD] == Archive(file).head().hash
    assert [record.__dict__["stillframe_fields"]["head"] for record in caplog.records] == [
        first.headers[HEAD],
        second.headers[HEAD],
    ]


def test_no_dimension_is_called_as_the_query_s_own_names(archiving: TestClient) -> None:
    refused = archiving.get(PATH, params={"no-such-name": "1"}, headers=RIGHT).json()["message"]
    names = refused.partition("known: ")[2].split(", ")
    assert set(names) - {"queue"} <= set(RESERVED_NAMES)
