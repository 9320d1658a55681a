"""A snapshot as text: one definite form, read back strictly, described by a schema."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from metrics_core.errors import InvalidSnapshot
from metrics_core.evidence import Viewer
from metrics_core.snapshot import Snapshot, snapshot_json_schema
from metrics_core.take import take_snapshot
from tests.builders import HOUR, row, sqlite_source

ROWS = (
    row("a", "completed", created=1, started=2, finished=3, queue="q", cost_usd=0.1),
    row("b", "failed", created=1, started=2, finished=3, queue=None, error="Überlauf 😀"),
    row("c", "retrying", created=1, eligible=9, queue="q"),
    row("d", "archived", created=1, queue="q"),
)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(name="snapshot")
def taken(tmp_path: Path) -> Snapshot:
    columns = "id, status, created_at, eligible_at, started_at, finished_at, error, cost_usd, queue"
    source = sqlite_source(tmp_path, ROWS, columns=columns, dimensions=("queue",))
    viewer = Viewer(name="Zoë", self_declared=True)
    return take_snapshot(source, HOUR, {"queue": "q"}, request_id="req_1", taken_by=viewer)


@pytest.fixture(name="empty")
def taken_of_nothing(tmp_path: Path) -> Snapshot:
    source = sqlite_source(tmp_path, [], columns="id, status, updated_at")
    return take_snapshot(source, HOUR)


def test_what_was_written_is_read_back_to_the_same_value_and_bytes(snapshot: Snapshot) -> None:
    text = snapshot.to_json()
    read = Snapshot.from_json(text)
    assert read == snapshot
    assert read.to_json() == text
    assert Snapshot.from_json(text.encode()).to_json() == text


def test_a_snapshot_of_nothing_is_read_back_too(empty: Snapshot) -> None:
    assert Snapshot.from_json(empty.to_json()).to_json() == empty.to_json()


def test_the_text_is_indented_json_of_plain_letters_that_ends_its_last_line(
    snapshot: Snapshot,
) -> None:
    text = snapshot.to_json()
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    assert '"name": "Zoë"' in text


def test_the_contract_comes_first(snapshot: Snapshot) -> None:
    members = list(json.loads(snapshot.to_json()))
    assert members[:5] == ["window", "requestId", "tasks", "latency", "topErrors"]
    assert members[5:8] == ["schemaVersion", "source", "scope"]
    assert members[-2:] == ["provenance", "digest"]


def test_real_documents_fulfil_the_published_schema(snapshot: Snapshot, empty: Snapshot) -> None:
    schema = snapshot_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for document in (snapshot, empty):
        assert [
            error.message for error in validator.iter_errors(json.loads(document.to_json()))
        ] == []


def test_the_schema_refuses_what_is_no_snapshot(snapshot: Snapshot) -> None:
    validator = jsonschema.Draft202012Validator(
        snapshot_json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    document = json.loads(snapshot.to_json())
    document["tasks"]["failed"] = -1
    document["window"]["from"] = "yesterday"
    document["colour"] = "red"
    assert sorted(list(error.path) for error in validator.iter_errors(document)) == [
        [],
        ["tasks", "failed"],
        ["window", "from"],
    ]


def test_the_schema_names_its_version() -> None:
    assert snapshot_json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


FAULTS: list[tuple[Change, str]] = [
    (lambda d: d.pop("window"), "window: Field required"),
    (lambda d: d["tasks"].update(failed="1"), "tasks.failed: Input should be a valid integer"),
    (lambda d: d["tasks"].update(failed=1.0), "tasks.failed: Input should be a valid integer"),
    (lambda d: d["tasks"].update(failed=True), "tasks.failed: Input should be a valid integer"),
    (lambda d: d["tasks"].update(failed=2**53), "tasks.failed: Input should be less than"),
    (lambda d: d["tasks"].update(failed=-1), "tasks.failed: Input should be greater than"),
    (lambda d: d["tasks"].update(sleeping=1), "tasks.sleeping: Extra inputs"),
    (lambda d: d["window"].update({"from": "2026-01-30T10:00:00"}), "window.from: Input should"),
    (lambda d: d["window"].update({"from": 1_769_767_200}), "window.from: Input should"),
    (lambda d: d["window"].update({"from": "0001-01-01T00:00:00+01:00"}), "outside the years"),
    (lambda d: d.update(schemaVersion=2), "schemaVersion: Input should be 1"),
    (lambda d: d.update(requestId="a b"), "requestId: String should match pattern"),
    (lambda d: d.update(request_id=d.pop("requestId")), "requestId: Field required"),
    (lambda d: d["digest"].update(content="x"), "digest.content: String should match"),
    (lambda d: d["cost"].update(usd=float("nan")), "cost.usd: Input should be a finite number"),
    (lambda d: d["series"].append(None), "series.60: Input should be an object"),
]


@pytest.mark.parametrize(("change", "fault"), FAULTS)
def test_a_document_that_deviates_is_refused_at_its_place(
    snapshot: Snapshot, change: Change, fault: str
) -> None:
    document = copy.deepcopy(json.loads(snapshot.to_json()))
    change(document)
    with pytest.raises(InvalidSnapshot) as caught:
        Snapshot.from_json(json.dumps(document))
    assert str(caught.value).startswith("not a Stillframe snapshot: ")
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["series"].pop(),
        lambda d: d.update(series=[]),
        lambda d: d["errors"]["codes"][0]["bins"].append(0),
        lambda d: d["errors"]["codes"][0].update(bins=[]),
        lambda d: d["errors"].update(other={"codes": 1, "count": 1, "share": 0.5, "bins": [1]}),
    ],
)
def test_errors_have_a_count_for_each_bin_of_the_series(tmp_path: Path, change: Change) -> None:
    source = sqlite_source(tmp_path, [row("b", "failed", created=1, finished=3, error="no")])
    document = json.loads(take_snapshot(source, HOUR).to_json())
    assert Snapshot.from_json(json.dumps(document)).errors is not None
    change(document)
    fault = "not a Stillframe snapshot: the document: its errors have not a count for each bin"
    with pytest.raises(InvalidSnapshot, match=fault):
        Snapshot.from_json(json.dumps(document))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", "{}", "\ud800", b"\xff\xfe", "[" * 100_000, '"\\ud800"']
)
def test_a_text_that_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidSnapshot, match="not a Stillframe snapshot: "):
        Snapshot.from_json(text)


def test_a_refusal_does_not_repeat_what_stood_there(snapshot: Snapshot) -> None:
    document = json.loads(snapshot.to_json())
    document["tasks"]["failed"] = "hunter2"
    with pytest.raises(InvalidSnapshot) as caught:
        Snapshot.from_json(json.dumps(document))
    assert "hunter2" not in str(caught.value)
