"""The commands about evidence: verify and diff; and the snapshot command's part in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from dashboard.cli_output import put_out
from metrics_core.errors import NotComparable, StillframeError, UsageError

if TYPE_CHECKING:
    from dashboard.archive_stamp import Stamp
    from metrics_core import Archive, Snapshot
    from metrics_core.archive_record import Entry, Receipt

DIGEST_LENGTH = 64
HEAD_PATTERN = "[0-9a-f]{64}"
REDACT_OPTION = click.option(
    "--redact", metavar="NAME,...", help="Leave out: a dimension, error, task_ids."
)
LEAVING_OPTIONS = (
    REDACT_OPTION,
    click.option("--archive", is_flag=True, help="Keep it in the file $STILLFRAME_ARCHIVE too."),
    click.option("--note", metavar="TEXT", help="Say why, in the archive."),
)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What `stillframe snapshot` is to do with a snapshot before it leaves."""

    redact: str | None
    archive: bool
    note: str | None

    def redacted(self, snapshot: "Snapshot") -> "Snapshot":
        """The snapshot without the values named by --redact."""
        return redacted(snapshot, self.redact)

    def put_out(self, snapshot: "Snapshot", put_out: "Callable[[Stamp], None]") -> None:
        """Archive it if that was asked for, put it out in any case, and say what was done."""
        from dashboard.archive_stamp import stamp
        from dashboard.archiving import head_of
        from dashboard.settings import archive_path

        outcome = _archived(snapshot, self.note) if self.archive else None
        put_out(stamp(outcome, head_of(archive_path())))
        if isinstance(outcome, StillframeError):
            raise StillframeError(f"not archived: {outcome}")
        if outcome is not None:
            click.echo(told(outcome), err=True)


def redacted(snapshot: "Snapshot", listed: str | None) -> "Snapshot":
    """The snapshot without the values that are listed, a comma between them."""
    from metrics_core import redact

    names = [name.strip() for name in (listed or "").split(",")]
    return redact(snapshot, [name for name in names if name])


def leaving_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options --redact, --archive and --note, as the argument `leaving`."""

    @wraps(command)
    def with_leaving(redact: str | None, archive: bool, note: str | None, **others: Any) -> None:
        if note is not None and not archive:
            raise UsageError("--note is kept in the archive: give --archive too")
        command(leaving=Leaving(redact=redact, archive=archive, note=note), **others)

    for option in reversed(LEAVING_OPTIONS):
        with_leaving = option(with_leaving)
    return with_leaving


def _archived(snapshot: "Snapshot", note: str | None) -> "Receipt | StillframeError":
    from dashboard.archiving import archived
    from dashboard.settings import archive_path, login
    from metrics_core import Deposit
    from metrics_core.evidence import Viewer

    name = login()
    actor = Viewer(name=name, self_declared=True) if name else None
    deposit = Deposit(reason="command", actor=actor, note=note)
    return archived(archive_path(), snapshot, deposit)


def told(receipt: "Receipt") -> str:
    """One line about it; the hash is the chain's head as of this record."""
    since = f" since {receipt.archived_at:%Y-%m-%d %H:%M:%S} UTC" if receipt.already else ""
    return f"archived{since}: record {receipt.sequence}, head {receipt.hash}"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--archive",
    is_flag=False,
    flag_value="",
    metavar="[PATH]",
    help="Verify an archive.  [default: $STILLFRAME_ARCHIVE]",
)
@click.option("--expect-head", metavar="HASH", help="A head that its chain must hold.")
def verify(files: tuple[Path, ...], archive: str | None, expect_head: str | None) -> None:
    """Say whether snapshot files or an archive are as they were written.

    Of a file every byte is checked: its shape, its digests and its one definite form. Of an archive
    every record, its place in the chain, and every body; --expect-head proves that its tail was not
    cut: give a head that was handed out with an export. Exit status 1 where anything is wrong.
    """
    if (archive is None) == (not files) or (expect_head is not None and archive is None):
        raise UsageError("verify takes snapshot files, or --archive [PATH] [--expect-head HASH]")
    if expect_head is not None and not re.fullmatch(HEAD_PATTERN, expect_head):
        raise UsageError(f"--expect-head takes a head of 64 signs 0 to 9 and a to f: {expect_head}")
    if archive is not None:
        _verify_archive(archive, expect_head)
    elif not all([_file_verifies(file) for file in files]):  # noqa: C419  # each file is told of
        raise StillframeError("not everything is as it was written")


def _verify_archive(path: str, expect_head: str | None) -> None:
    from dashboard.archiving import opened
    from dashboard.settings import archive_path
    from metrics_core.archive_verify import verify_archive

    file = opened(Path(path) if path else archive_path()).path
    try:
        found = verify_archive(file, expect_head=expect_head)
    except StillframeError as error:
        raise StillframeError(f"NOT VERIFIED  {file}: {error}") from error
    after = "" if found.after_expected is None else f", {found.after_expected} after the expected"
    click.echo(
        f"VERIFIED  {file}: {found.head.sequence} records{after}, {found.snapshots} snapshots, "
        f"{found.pruned} of them pruned, head {found.head.hash}"
    )


def _file_verifies(file: Path) -> bool:
    try:
        snapshot = _verified_file(file)
    except StillframeError as error:
        click.echo(f"NOT VERIFIED  {error}")
        return False
    without = f", without {', '.join(snapshot.redacted)}" if snapshot.redacted else ""
    click.echo(
        f"VERIFIED  {file}: {snapshot.request_id}{without}, document {snapshot.digest.document}"
    )
    return True


def _verified_file(file: Path) -> "Snapshot":
    from metrics_core import verified

    try:
        return verified(file.read_bytes())
    except OSError as error:
        raise StillframeError(f"{file}: cannot be read: {error.strerror}") from None
    except StillframeError as error:
        raise StillframeError(f"{file}: {error}") from error


@click.command()
@click.argument("before")
@click.argument("after")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--force", is_flag=True, help="Compare even what does not speak of the same thing.")
def diff(before: str, after: str, form: Literal["text", "json"], force: bool) -> None:
    """Print what changed from one snapshot to another.

    BEFORE and AFTER are snapshot files, or requestIds or document digests of the archive
    ($STILLFRAME_ARCHIVE). Both are verified first. The surest change comes first. Exit status 1
    where they cannot be compared.
    """
    from dashboard.diff_text import diff_text
    from metrics_core import compare

    try:
        comparison = compare(_side(before), _side(after), force=force)
    except NotComparable as error:
        raise StillframeError(f"{error}; --force compares them anyway") from error
    text = comparison.to_json() if form == "json" else diff_text(comparison)
    put_out(text.encode())


def _side(name: str) -> "Snapshot":
    from dashboard.settings import archive_path
    from metrics_core import verified

    if Path(name).is_file():
        return _verified_file(Path(name))
    if archive_path() is None:
        raise StillframeError(f"there is no file {name}, and no archive is set")
    archive = configured_archive()
    return verified(archive.text(named(archive, name).document))


def configured_archive() -> "Archive":
    """The archive that the settings name. SettingsError where they name none."""
    from dashboard.archiving import opened
    from dashboard.settings import archive_path

    return opened(archive_path())


def named(archive: "Archive", name: str) -> "Entry":
    """The archived snapshot of that requestId, or of that document digest.

    UsageError where a requestId names several that differ in their figures.
    """
    if len(name) == DIGEST_LENGTH:
        return archive.entry(name)
    entries = archive.entries_of(name)
    if not entries:
        raise StillframeError(f"{name} is no file, and is not in the archive {archive.path}")
    if len({entry.content for entry in entries}) > 1:
        digests = ", ".join(entry.document for entry in entries)
        raise UsageError(f"{name} names several snapshots; name one by its digest: {digests}")
    return entries[0]
