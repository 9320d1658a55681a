"""Departures: of each session the last download, as far as it is not archived."""

from dashboard.departures import Departures
from metrics_core.archive_record import Receipt
from metrics_core.errors import ArchiveFull
from tests.archived import NOON

KEPT = Receipt(sequence=1, hash="ab", archived_at=NOON, already=False)


def test_the_last_download_of_a_session_is_told_of_and_forgotten_once_one_is_archived() -> None:
    departures = Departures()
    departures.left("one", "req_1", ArchiveFull("the disk is full"))
    told = "Not archived: the download of req_1, since the disk is full."
    assert departures.not_archived("one") == told
    assert departures.not_archived("two") == ""
    departures.left("one", "req_2", KEPT)
    assert departures.not_archived("one") == ""


def test_no_more_sessions_are_remembered_than_the_given_number() -> None:
    departures = Departures(most=2)
    for session in ("one", "two", "three"):
        departures.left(session, "req_1", ArchiveFull())
    assert [bool(departures.not_archived(name)) for name in ("one", "two", "three")] == [
        False,
        True,
        True,
    ]
