"""The commands about what is in the archive: list, show, prune."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from dashboard.cli_evidence import REDACT_OPTION, configured_archive, named, redacted
from dashboard.cli_output import put_out

if TYPE_CHECKING:
    from metrics_core.archive_record import Entry


@click.group()
def archive() -> None:
    """List, show and prune what is in the archive, $STILLFRAME_ARCHIVE."""


@archive.command("list")
@click.option("--request-id", metavar="PREFIX", help="Its requestId begins so.")
@click.option("--since", metavar="ISO8601", help="Its window ends after that.")
@click.option("--until", metavar="ISO8601", help="Its window begins before that.")
@click.option("--source", metavar="NAME")
@click.option("--actor", metavar="NAME")
@click.option("--note", metavar="TEXT", help="Stands in its note or incident key.")
@click.option("--before", type=int, metavar="RECORD", help="Go on with those before that record.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_archived(
    request_id: str | None,
    since: str | None,
    until: str | None,
    before: int | None,
    limit: int,
    **others: str | None,
) -> None:
    """Print a line for each archived snapshot, newest first."""
    from metrics_core.archive_search import Search

    search = Search(
        request_id_prefix=request_id, since=_instant(since), until=_instant(until), **others
    )
    page = configured_archive().page(search, before=before, size=limit)
    for entry in page.entries:
        click.echo(_line(entry))
    if page.before is not None:
        click.echo(f"there are more: --before {page.before}", err=True)


def _instant(text: str | None) -> datetime | None:
    from metrics_core.window import parse_instant

    return parse_instant(text, now=datetime.now(UTC)) if text else None


def _line(entry: "Entry") -> str:
    from dashboard.logs import key_values
    from metrics_core.window import utc_text

    return key_values(
        {
            "record": entry.sequence,
            "archived": utc_text(entry.archived_at),
            "requestId": entry.request_id,
            "source": entry.source,
            "from": utc_text(entry.window_from),
            "to": utc_text(entry.window_to),
            "freshness": entry.freshness,
            "reason": entry.reason,
            "actor": entry.actor,
            "incident": entry.incident,
            "note": entry.note,
            "pruned": entry.pruned,
            "document": entry.document,
        }
    )


@archive.command()
@click.argument("name", metavar="REQUEST_ID|DIGEST")
@REDACT_OPTION
def show(name: str, redact: str | None) -> None:
    """Print an archived snapshot, the very bytes that were archived.

    With --redact what is printed is another document, sealed anew, that says what it lacks.
    """
    from metrics_core import verified

    store = configured_archive()
    text = store.text(named(store, name).document)
    put_out(redacted(verified(text), redact).to_json().encode() if redact else text)


@archive.command()
@click.option("--older-than", type=click.FloatRange(min=0), metavar="DAYS")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="No more than the newest N.")
def prune(older_than: float | None, keep: int | None) -> None:
    """Give up the bodies of old snapshots; their records stay, so that the chain still verifies.

    With both options a body goes when either limit says so.
    """
    age = None if older_than is None else timedelta(days=older_than)
    pruned = configured_archive().prune(now=datetime.now(UTC), older_than=age, keep=keep)
    click.echo(f"{pruned.bodies} bodies pruned")
