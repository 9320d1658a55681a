"""The command `report`: snapshots in, an incident report or an evidence ZIP out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.cli_evidence import configured_archive, named
from dashboard.cli_output import put_out
from metrics_core.errors import InvalidSnapshot, NotComparable, StillframeError, UsageError

if TYPE_CHECKING:
    from dashboard.report import Exhibit, Incident

FILE = click.Path(path_type=Path, dir_okay=False)
KINDS = (".html", ".zip")


@click.command()
@click.argument("before", type=FILE, metavar="A")
@click.argument("after", type=FILE, metavar="[B]", required=False)
@click.option(
    "--output",
    type=FILE,
    required=True,
    metavar="FILE",
    help="incident.html for the report alone, incident.zip for all the evidence.",
)
@click.option(
    "--log",
    "logs",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Take the [METRICS] lines with the same requestId from there; repeatable.",
)
@click.option(
    "--refuse-unverified",
    is_flag=True,
    help="Make no report of a snapshot that is not as Stillframe sealed it.",
)
@click.option("--force", is_flag=True, help="Compare A and B though they are of unlike things.")
def report(
    before: Path,
    after: Path | None,
    output: Path,
    logs: tuple[Path, ...],
    refuse_unverified: bool,
    force: bool,
) -> None:
    """Make an incident report of one snapshot, or of two: before and after.

    A and B are snapshot files, or requestIds or document digests of the archive
    ($STILLFRAME_ARCHIVE): of those the report also says who archived them, when and why.

    The report is one HTML file that needs no network and no Stillframe. The ZIP also holds the
    snapshots, CSV files, log lines and SHA256SUMS. The same snapshots always give the same bytes.

    \b
    One moment:       stillframe report incident.json --output incident.html
    Before and after: stillframe report calm.json bad.json --output incident.zip
    """
    from dashboard.report import evidence_zip, report_html

    if output.suffix.lower() not in KINDS:
        raise UsageError(f"--output takes a name that ends in .html or .zip, not {output.name}")
    exhibits = [_exhibit(path) for path in (before, after) if path is not None]
    if refuse_unverified:
        _refuse_unverified(exhibits, (before, after))
    lines = [*_kept_lines(exhibits), *(line for path in logs for line in _log_lines(path))]
    incident = _incident(exhibits, lines, force=force)
    _warn(incident, logs)
    is_zip = output.suffix.lower() == ".zip"
    put_out(evidence_zip(incident) if is_zip else report_html(incident).encode(), output)


def _exhibit(path: Path) -> "Exhibit":
    from dashboard.report import read_exhibit
    from dashboard.settings import archive_path

    if not path.is_file() and archive_path() is not None:
        archive = configured_archive()
        entry = named(archive, str(path))
        return read_exhibit(archive.text(entry.document), entry)
    try:
        return read_exhibit(_read(path))
    except InvalidSnapshot as error:
        raise InvalidSnapshot(f"{path}: {error}") from None


def _incident(exhibits: "list[Exhibit]", lines: list[str], *, force: bool) -> "Incident":
    from dashboard.report import Incident

    try:
        return Incident.of(*exhibits, log_lines=lines, force=force)
    except NotComparable as error:
        raise StillframeError(f"{error}; --force compares them anyway") from error


def _kept_lines(exhibits: "list[Exhibit]") -> list[str]:
    """The `[METRICS]` lines that the archive has."""
    entries = [exhibit.entry for exhibit in exhibits if exhibit.entry]
    return [entry.metrics_line for entry in entries if entry.metrics_line]


def _refuse_unverified(exhibits: list["Exhibit"], paths: tuple[Path | None, ...]) -> None:
    for exhibit, path in zip(exhibits, paths, strict=False):
        if exhibit.faults:
            raise StillframeError(f"{path} is not verified. {' '.join(exhibit.faults)}")


def _log_lines(path: Path) -> list[str]:
    # Not splitlines(): a line of a log ends by a line feed alone.
    return _read(path).decode(errors="replace").split("\n")


def _warn(incident: "Incident", logs: tuple[Path, ...]) -> None:
    """What the report says too, for who runs the command."""
    for side in incident.sides:
        if not side.exhibit.is_verified:
            _tell(f"{side.name.lower()}: NOT VERIFIED. {' '.join(side.exhibit.faults)}")
    if logs and not incident.metrics_lines:
        ids = " or ".join(snapshot.request_id for snapshot in incident.snapshots)
        _tell(f"no [METRICS] line of {ids} in {', '.join(map(str, logs))}")


def _tell(text: str) -> None:
    click.echo(f"stillframe: {text}", file=sys.stderr)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StillframeError(f"cannot read {path}: {error.strerror}") from None
