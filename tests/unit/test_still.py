"""Still: snapshots and lists of the archive in the URL, there and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.archive_list import ArchiveList, id_in, parse_archive_list
from dashboard.still import Still, can_be_asked, parse_still, still_of
from dashboard.view import Archived, View
from dashboard.view_parsing import parse_view
from metrics_core import Snapshot
from metrics_core.errors import UsageError
from tests.archived import some_snapshot
from tests.builders import new_source

DIGEST, OTHER = "ab" * 32, "01" * 32
NOW = datetime(2026, 1, 30, 12, tzinfo=UTC)
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

digests = st.sampled_from([DIGEST, OTHER])
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
stills = st.builds(
    Still,
    request_id=st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True),
    document=st.none() | digests,
    compare=st.none() | digests.map(Archived),
    zone=st.sampled_from(["utc", "local"]),
    error=st.none() | words,
)
times = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))
lists = st.builds(
    ArchiveList,
    id=words,
    source=words,
    actor=words,
    note=words,
    since=st.none() | times,
    until=st.none() | times,
    before=st.none() | st.integers(0, 10**15 - 1),
    compare=st.none() | digests,
)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return some_snapshot()


def asked(params: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in params.items()}


@given(stills)
def test_a_snapshot_is_read_back_from_its_parameters(still: Still) -> None:
    assert parse_still(asked(still.params)) == still


@given(lists)
def test_a_search_is_read_back_from_its_parameters(listed: ArchiveList) -> None:
    assert parse_archive_list(asked(listed.params)) == listed


def test_a_view_of_a_snapshot_has_its_window_and_its_address(snapshot: Snapshot) -> None:
    still = Still(request_id="req_0", document=DIGEST, error="E_ONE", zone="local")
    view = still.view_of(snapshot)
    assert (view.source, view.minutes, view.to) == ("tasks", 1, snapshot.window.to)
    assert view.params == still.params
    assert view.but(error=None).params == {
        "snapshot": "req_0",
        "document": DIGEST,
        "zone": "local",
    }
    assert not view.is_live
    assert view.refresh_seconds is None


def test_what_leads_back_to_the_database_is_a_view_as_any_other(snapshot: Snapshot) -> None:
    view = Still(request_id="req_0").view_of(snapshot)
    then = view.of_the_database
    sources = {"tasks": new_source(name="tasks", dimensions=("queue",))}
    assert parse_view(asked(then.params), sources, now=NOW) == then
    assert then.params == {"source": "tasks", "minutes": "1", "to": "2026-01-30T10:01:00Z"}


def test_a_source_or_a_dimension_that_is_gone_cannot_be_asked() -> None:
    sources = {"tasks": new_source(name="tasks", dimensions=("queue",))}
    assert can_be_asked(View(source="tasks", scope={"queue": "q"}), sources)
    assert not can_be_asked(View(source="tasks", scope={"tenant": "t"}), sources)
    assert not can_be_asked(View(source="gone"), sources)


def test_a_link_to_a_record_names_its_document() -> None:
    assert still_of("req_1", DIGEST, compare=OTHER).params == {
        "snapshot": "req_1",
        "document": DIGEST,
        "compare": OTHER,
    }


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"snapshot": ["a b"]}, "the snapshot “a b”: that is no requestId"),
        ({"snapshot": ["a"], "document": ["ab"]}, "but document is a snapshot's"),
        ({"snapshot": ["a"], "minutes": ["60"]}, "names “minutes”, which a snapshot"),
        ({"snapshot": ["a", "b"]}, "names snapshot more than once"),
        ({"snapshot": ["a"], "zone": ["mars"]}, "but zone is one of: utc, local"),
        ({"view": ["file"], "document": [DIGEST]}, "names “document”"),
    ],
)
def test_a_wrong_address_of_a_snapshot_is_refused(params: dict[str, list[str]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_still(params)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"since": "yesterday"}, "but the time must be ISO 8601"),
        ({"before": "-1"}, "that is no record's number"),
        ({"before": "١"}, "that is no record's number"),
        ({"compare": "req_1"}, "that is no document's digest"),
        ({"minutes": "60"}, "names “minutes”, which a search"),
        ({"note": "a\0b"}, "a note that no text can be"),
    ],
)
def test_a_wrong_search_is_refused(params: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_archive_list(asked({"view": "archive", **params}))


def test_what_is_searched_is_what_the_form_says() -> None:
    listed = ArchiveList(id="req", actor="Ada", since=NOW, before=7)
    assert listed.search.request_id_prefix == "req"
    assert listed.search.actor == "Ada"
    assert listed.search.since == NOW
    assert listed.search.source is None
    assert listed.is_limited
    assert not ArchiveList(before=7, compare=DIGEST).is_limited


def test_a_requestid_is_found_in_what_was_pasted() -> None:
    line = '{"tag": "METRICS", "at": "x", "requestId":"req_9", "scan": "req_1"}'
    assert id_in(line) == "req_9"
    assert id_in("https://host/base/?snapshot=req_9&document=ab") == "req_9"
    assert id_in("  req ") == "req"
