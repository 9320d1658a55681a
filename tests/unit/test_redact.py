"""Redaction: the values are nowhere in the document, its figures stay, and it says what is gone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from metrics_core import Snapshot, compare, redact, take_snapshot
from metrics_core.errors import NotComparable, UsageError
from metrics_core.evidence import Viewer
from metrics_core.verify import verified
from tests.builders import HOUR, row, sqlite_source

COLUMNS = "id, status, created_at, started_at, finished_at, tenant, engine, error"
ACME, SHORT = "acme", "t1"


def failed(name: str, tenant: str | None, engine: str, error: str | None) -> dict[str, object]:
    times = {"created": 1, "started": 2, "finished": 3}
    return row(name, "failed", **times, tenant=tenant, engine=engine, error=error)


ROWS = (
    failed("a", ACME, "runway", "quota of acme exceeded"),
    failed("b", ACME, "runway", "quota of acme exceeded"),
    failed("acme-17", SHORT, "luma", "ACME_QUOTA: t1 is over it, xt1 is not"),
    failed("c", None, "acme-gpu", "app.Exploded: no more"),
    row("d", "odd for acme", created=1, tenant="it's", engine="luma"),
    row("e", "queued", created=1, tenant=SHORT, engine="luma"),
)


@pytest.fixture(name="snapshot")
def taken(tmp_path: Path) -> Snapshot:
    return snapshot_of(tmp_path, ROWS)


def snapshot_of(
    folder: Path, rows: Sequence[dict[str, object]], scope: dict[str, str] | None = None
) -> Snapshot:
    source = sqlite_source(folder, rows, columns=COLUMNS, dimensions=("tenant", "engine"))
    viewer = Viewer(name="Ann", self_declared=True)
    return take_snapshot(source, HOUR, scope, request_id="req_1", taken_by=viewer)


def document(snapshot: Snapshot) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(snapshot.to_json())
    return parsed


def values(snapshot: Snapshot, dimension: str) -> list[str | None]:
    (found,) = (part for part in snapshot.breakdowns if part.dimension == dimension)
    return [each.value for each in found.values]


def test_the_values_of_a_dimension_are_nowhere(snapshot: Snapshot) -> None:
    hidden = redact(snapshot, ["tenant"])
    assert values(snapshot, "tenant") == [ACME, SHORT, None]
    assert values(hidden, "tenant") == ["<tenant 1>", "<tenant 2>", None]
    assert values(hidden, "engine") == ["luma", "runway", "<tenant 1>-gpu"]
    assert ACME not in hidden.to_json().lower()
    assert hidden.redacted == ("tenant",)


def test_a_value_is_found_in_texts_and_a_short_one_as_a_word_only(snapshot: Snapshot) -> None:
    errors = {each.code: each for each in redact(snapshot, ["tenant"]).top_errors}
    assert list(errors) == [
        "quota of <tenant 1> exceeded",
        "<tenant 1>_QUOTA",
        "app.Exploded",
    ]
    told = errors["<tenant 1>_QUOTA"]
    assert told.sample_message == "<tenant 1>_QUOTA: <tenant 2> is over it, xt1 is not"
    assert told.task_ids == ("<tenant 1>-17",)


def test_a_finding_of_the_quality_does_not_tell_it_either(snapshot: Snapshot) -> None:
    (finding,) = redact(snapshot, ["tenant"]).quality.findings
    assert finding.value == "odd for <tenant 1>"
    assert "'odd for <tenant 1>'" in finding.text


def test_a_scope_keeps_its_name_and_loses_its_value(tmp_path: Path) -> None:
    hidden = redact(snapshot_of(tmp_path, ROWS, {"tenant": ACME}), ["tenant"])
    assert hidden.scope == {"tenant": "<tenant 1>"}
    assert ACME not in hidden.to_json().lower()


def test_a_value_that_only_the_scope_names_is_left_out_too(tmp_path: Path) -> None:
    hidden = redact(snapshot_of(tmp_path, ROWS, {"tenant": "nobody"}), ["tenant"])
    assert hidden.scope == {"tenant": "<tenant 1>"}


def test_errors_lose_their_messages_and_every_code_that_may_be_one(snapshot: Snapshot) -> None:
    hidden = redact(snapshot, ["error"])
    assert [(each.code, each.sample_message) for each in hidden.top_errors] == [
        ("<code 1>", None),
        ("ACME_QUOTA", None),
        ("app.Exploded", None),
    ]
    assert hidden.errors is not None
    assert [each.code for each in hidden.errors.codes] == [e.code for e in hidden.top_errors]
    assert "exceeded" not in hidden.to_json()


def test_task_ids_and_who_took_it_can_be_left_out(snapshot: Snapshot) -> None:
    hidden = redact(snapshot, ["task_ids", "taken_by"])
    assert all(each.task_ids == () for each in hidden.top_errors)
    assert hidden.backlog.queued.oldest_id is None
    assert hidden.quality.findings[0].task_ids == ()
    assert hidden.provenance.taken_by is None
    assert '"e"' not in hidden.to_json()


def test_figures_and_request_id_stay(snapshot: Snapshot) -> None:
    hidden = redact(snapshot, ["tenant", "error", "task_ids", "taken_by", "engine"])
    for member in ("requestId", "window", "tasks", "latency", "ledger", "series", "failureRate"):
        assert document(hidden)[member] == document(snapshot)[member]
    counts = [[each.tasks for each in part.values] for part in snapshot.breakdowns]
    assert [[each.tasks for each in part.values] for part in hidden.breakdowns] == counts


def test_it_is_sealed_anew_and_its_digests_cover_what_was_redacted(snapshot: Snapshot) -> None:
    hidden = redact(snapshot, ["error", "tenant"])
    assert verified(hidden.to_json().encode()) == hidden
    assert hidden.digest.content != snapshot.digest.content
    assert hidden.to_json() == redact(snapshot, ["tenant", "error"]).to_json()
    assert document(hidden)["redacted"] == ["error", "tenant"]
    assert "redacted" not in document(snapshot)


def test_redacting_again_changes_nothing_and_redacting_more_adds_to_the_list(
    snapshot: Snapshot,
) -> None:
    hidden = redact(snapshot, ["tenant"])
    assert redact(hidden, ["tenant"]) is hidden
    assert redact(hidden, ["task_ids"]).redacted == ("task_ids", "tenant")
    assert redact(snapshot, []) is snapshot


def test_codes_that_only_a_value_told_apart_stay_apart(tmp_path: Path) -> None:
    rows = [
        failed("a", "acme", "x", "acme_down: 1"),
        failed("b", "acme", "x", "ACME_DOWN: 1"),
        failed("c", "Acme", "x", "app.Exploded"),
    ]
    hidden = redact(snapshot_of(tmp_path, rows), ["tenant"])
    codes = [each.code for each in hidden.top_errors]
    assert len({*codes}) == len(codes)
    assert "acme" not in hidden.to_json().lower()


def test_what_the_snapshot_does_not_have_cannot_be_redacted(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError) as caught:
        redact(snapshot, ["tennant"])
    assert str(caught.value) == (
        "'tennant' cannot be redacted; what can: tenant, engine, error, task_ids, taken_by"
    )


def test_redacted_values_are_not_compared_unless_forced(snapshot: Snapshot, tmp_path: Path) -> None:
    other = snapshot_of(tmp_path, ROWS[:3])
    hidden = redact(snapshot, ["tenant", "error"])
    with pytest.raises(NotComparable, match="error and tenant left out: what stands in its place"):
        compare(hidden, redact(other, ["tenant", "error"]))
    assert "left out" in compare(hidden, other, force=True).notes[0]
    assert "Both snapshots hold the same figures." in compare(hidden, hidden).notes
    assert compare(redact(snapshot, ["task_ids"]), other).notes
