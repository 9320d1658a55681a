"""What leaves by the page: archived as it leaves, or marked; and the files of what is archived."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import runtime
from dashboard.api.routes import routes
from dashboard.settings import settings_with_password
from metrics_core import Archive, Deposit, Snapshot, verified
from metrics_core.evidence import Viewer
from tests.archived import NOON, some_snapshot

CONFIG = '[sources.tasks]\nurl = "sqlite:///absent.db"\nsql = "SELECT id, status FROM tasks"\n'
ADA = {"x-stillframe-name": "Ada", "x-stillframe-session": "session-1"}
LINE = "[METRICS] requestId=req_0 source=tasks"


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return some_snapshot()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "kept" / "archive.db")


@pytest.fixture
def client(tmp_path: Path, archive: Archive, snapshot: Snapshot) -> Iterator[TestClient]:
    """An archive whose folder is not there yet, and a snapshot that is on a screen."""
    config = tmp_path / "stillframe.toml"
    config.write_text(CONFIG)
    settings = settings_with_password("quiet-otter-lantern-42", config=config)
    runtime.start(replace(settings, archive=archive.path))
    runtime.remember(snapshot)
    with TestClient(Starlette(routes=routes())) as client:
        yield client


@pytest.fixture
def kept(client: TestClient, archive: Archive, snapshot: Snapshot) -> Archive:
    """The archive with the snapshot, and with its figures under another requestId."""
    archive.path.parent.mkdir()
    deposit = Deposit(
        reason="freeze",
        actor=Viewer(name="Ada <b>", self_declared=True),
        note="the queue <i>burns",
        incident="OPS-4711",
        metrics_line=LINE,
    )
    archive.append(snapshot, deposit, now=NOON)
    archive.append(snapshot.answering("req_1"), deposit, now=NOON)
    return archive


def test_a_download_is_archived_as_it_leaves(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    archive.path.parent.mkdir()
    response = client.get(f"/snapshots/{snapshot.request_id}", headers=ADA)
    taken = verified(response.content)
    assert taken.provenance.taken_by == Viewer(name="Ada", self_declared=True)
    (entry,) = archive.page().entries
    assert (entry.reason, entry.actor) == ("download", "Ada")
    assert archive.text(entry.document) == response.content
    assert response.headers["x-stillframe-archived"] == "yes"
    assert response.headers["x-stillframe-archive-record"] == "1"
    assert response.headers["x-stillframe-archive-head"] == entry.hash
    assert runtime.current().departures.not_archived("session-1") == ""


def test_a_download_that_cannot_be_archived_leaves_all_the_same_and_is_told_of(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    response = client.get(f"/snapshots/{snapshot.request_id}", headers=ADA)
    assert verified(response.content).digest.content == snapshot.digest.content
    assert response.headers["x-stillframe-archived"] == "no"
    assert response.headers["x-stillframe-not-archived"] == "There is no archive at that path."
    told = runtime.current().departures.not_archived("session-1")
    assert told.startswith(f"Not archived: the download of {snapshot.request_id}, since the")
    assert runtime.current().departures.not_archived("session-2") == ""
    archive.path.parent.mkdir()
    client.get(f"/snapshots/{snapshot.request_id}", headers=ADA)
    assert runtime.current().departures.not_archived("session-1") == ""


def test_only_what_really_leaves_is_archived(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    archive.path.parent.mkdir()
    assert client.head(f"/snapshots/{snapshot.request_id}").status_code == 200
    assert not archive.path.exists()


def test_a_redacted_download_lacks_what_was_named_and_is_what_is_archived(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    archive.path.parent.mkdir()
    path = f"/snapshots/{snapshot.request_id}?redact=queue,error"
    response = client.get(path, headers=ADA)
    assert verified(response.content).redacted == ("error", "queue")
    assert b"no answer" not in response.content
    (entry,) = archive.page().entries
    assert archive.text(entry.document) == response.content


def test_what_cannot_be_redacted_is_refused_and_nothing_leaves(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    response = client.get(f"/snapshots/{snapshot.request_id}?redact=tenant")
    assert response.status_code == 400
    assert "'tenant' cannot be redacted; what can: queue, error" in response.json()["message"]
    assert not archive.path.exists()


def test_an_archived_snapshot_is_a_file_of_the_very_bytes(
    client: TestClient, kept: Archive, snapshot: Snapshot
) -> None:
    head = kept.head()
    response = client.get(f"/archive/{snapshot.digest.document}.json")
    assert response.content == snapshot.to_json().encode()
    name = 'attachment; filename="tasks_20260130T100100Z_req_0.json"'
    assert response.headers["content-disposition"] == name
    assert response.headers["x-stillframe-archived"] == "yes"
    assert response.headers["x-stillframe-archive-record"] == "1"
    assert kept.head() == head


def test_the_report_of_one_and_of_two(client: TestClient, kept: Archive) -> None:
    one, two = (kept.entries_of(name)[0].document for name in ("req_0", "req_1"))
    alone = client.get("/archive/report.html", params={"of": one})
    assert alone.headers["content-type"].startswith("text/html")
    assert LINE in alone.text
    assert two not in alone.text
    assert "frozen on the page by <bdi>Ada &lt;b&gt;</bdi> (self-declared)" in alone.text
    assert "OPS-4711" in alone.text
    assert "the queue &lt;i&gt;burns" in alone.text
    assert kept.entries_of("req_0")[0].hash in alone.text
    assert alone.headers["x-stillframe-archive-head"] == kept.head().hash
    both = client.get("/archive/report.html", params={"of": two, "before": one})
    assert one in both.text
    assert two in both.text
    assert both.content == client.get(both.request.url.path, params=both.request.url.params).content


def test_the_report_of_one_that_lacks_who_took_it_does_not_tell_who_kept_it(
    client: TestClient, archive: Archive, snapshot: Snapshot
) -> None:
    archive.path.parent.mkdir()
    client.get(f"/snapshots/{snapshot.request_id}?redact=taken_by", headers=ADA)
    (entry,) = archive.page().entries
    report = client.get("/archive/report.html", params={"of": entry.document}).text
    assert "UTC, downloaded from the page</span>" in report
    assert "Ada" not in report


def test_the_evidence_holds_snapshots_and_log_lines(
    client: TestClient, kept: Archive, snapshot: Snapshot
) -> None:
    one, two = (kept.entries_of(name)[0].document for name in ("req_0", "req_1"))
    response = client.get("/archive/evidence.zip", params={"of": two, "before": one})
    with zipfile.ZipFile(io.BytesIO(response.content)) as evidence:
        files = {name.partition("/")[2]: evidence.read(name) for name in evidence.namelist()}
    assert files["before/snapshot.json"] == snapshot.to_json().encode()
    assert LINE.encode() in files["metrics.log"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/archive/{'0' * 64}.json", 404, "is not in the archive"),
        (f"/archive/report.html?of={'0' * 64}", 404, "is not in the archive"),
        ("/archive/evidence.zip", 400, "say of which archived snapshot"),
        ("/archive/a/b", 404, "There is no such path."),
    ],
)
def test_what_is_not_archived_is_a_json_error(
    client: TestClient, kept: Archive, path: str, status: int, said: str
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert said in response.json()["message"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_route_changes_the_archive(client: TestClient, kept: Archive, method: str) -> None:
    head, document = kept.head(), kept.page().entries[0].document
    for path in (f"/archive/{document}.json", "/archive/report.html", "/archive/x"):
        assert client.request(method, path).status_code in (404, 405)
    assert kept.head() == head
