"""Archiving: a snapshot that leaves is put into the archive, if it can be."""

from datetime import UTC, datetime
from pathlib import Path

from dashboard.metrics_line import metrics_line
from metrics_core import Archive, Deposit, Snapshot, StillframeError
from metrics_core.archive_record import Reason, Receipt
from metrics_core.errors import SettingsError
from metrics_core.evidence import Viewer

NO_ARCHIVE = "no archive is set: name its file by STILLFRAME_ARCHIVE"


def opened(path: Path | None) -> Archive:
    """The archive at the path that the settings name. SettingsError where they name none."""
    if path is None:
        raise SettingsError(NO_ARCHIVE)
    return Archive(path)


def archived(
    path: Path | None,
    snapshot: Snapshot,
    *,
    reason: Reason,
    actor: Viewer | None = None,
    note: str | None = None,
    incident: str | None = None,
) -> Receipt | StillframeError:
    """The receipt of the snapshot, that is on the disk now; or why it is not archived.

    No error is raised, since the snapshot is to leave in any case.
    """
    deposit = Deposit(
        reason=reason,
        actor=actor,
        note=note,
        incident=incident,
        metrics_line=metrics_line(snapshot),
    )
    try:
        return opened(path).append(snapshot, deposit, now=datetime.now(UTC))
    except StillframeError as error:
        return error
