"""Times of every type side by side in one column of SQLite, as the driver gives them."""

from pathlib import Path

import pytest

from metrics_core.connect import open_database
from metrics_core.scan import scan
from metrics_core.tasks import NULL
from tests.builders import HOUR, sqlite_source, us

NOW = "2026-01-30T10:00:05.25Z"
TODAY = us(0) - 10 * 3_600_000_000
"""The midnight before ten."""
VALUES = {
    "text": (NOW, us(5.25), False),
    "digits": ("20260130", TODAY, False),
    "whole": (us(5) // 1_000_000, us(5), False),
    "real": (us(5.25) / 1e6, us(5.25), False),
    "infinite": (float("inf"), NULL, True),
    "bytes": (NOW.encode(), NULL, True),
    "no_utf_8": (b"\xff", NULL, True),
    "no_bytes": (b"", NULL, True),
    "empty": ("", NULL, True),
    "null": (None, NULL, False),
}
"""What is written, when that is, and whether it cannot be read."""


@pytest.mark.parametrize("beside", VALUES)
@pytest.mark.parametrize("utc_texts", [False, True])
def test_a_time_is_read_alike_whatever_stands_beside_it(
    tmp_path: Path, beside: str, utc_texts: bool
) -> None:
    good = {"status": "queued", "created_at": NOW}
    for name in VALUES:
        rows = [good | {"id": each, "started_at": VALUES[each][0]} for each in (beside, name, name)]
        (tmp_path / name).mkdir()
        source = sqlite_source(tmp_path / name, [*rows, good | {"id": "t", "started_at": NOW}])
        source = source.model_copy(update={"utc_texts": utc_texts})
        with open_database(source) as database:
            tasks = scan(database, source, HOUR, {}).tasks
        expected = [VALUES[each] for each in (beside, name, name, "text")]
        assert tasks.started.tolist() == [instant for _, instant, _ in expected]
        assert tasks.unreadable.tolist() == [bad for _, _, bad in expected]
