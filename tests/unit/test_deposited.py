"""How a snapshot came into the archive, in words."""

from pathlib import Path

import pytest

from dashboard.deposited import deposited
from dashboard.markup import tag
from metrics_core import Archive, Deposit
from metrics_core.archive_record import Reason
from metrics_core.evidence import Viewer
from tests.archived import NOON, some_snapshot

ADA = Viewer(name="Ada", self_declared=True)


@pytest.mark.parametrize(
    ("reason", "actor", "said"),
    [
        ("freeze", ADA, "frozen on the page by <bdi>Ada</bdi> (self-declared)"),
        ("api", None, "asked for over HTTP by unknown"),
        ("recorder", ADA, "recorded by a rule of the source"),
    ],
)
def test_who_is_said_unless_a_rule_did_it(
    tmp_path: Path, reason: Reason, actor: Viewer | None, said: str
) -> None:
    archive = Archive(tmp_path / "archive.db")
    archive.append(some_snapshot(), Deposit(reason=reason, actor=actor), now=NOON)
    (entry,) = archive.page().entries
    assert str(tag("p", *deposited(entry))) == f"<p>{said}</p>"
