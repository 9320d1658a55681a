"""The command `snapshot`: one document, to standard output or into a file."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from dashboard.cli_evidence import Leaving, leaving_options
from dashboard.cli_options import config_option, log_format_option
from dashboard.cli_output import put_out
from dashboard.progress import progress
from metrics_core.errors import UsageError

if TYPE_CHECKING:
    from dashboard.archive_stamp import Stamp
    from metrics_core import Window


@click.command()
@click.argument("source", required=False)
@click.option("--minutes", default="60", metavar="N", show_default=True, help="Length, 1 to 10080.")
@click.option("--to", metavar="ISO8601", help="End, with its zone.  [default: now]")
@click.option(
    "--scope", multiple=True, metavar="NAME=VALUE", help="Only tasks with this value; repeatable."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write there instead of to standard output.",
)
@leaving_options
@config_option
@log_format_option
def snapshot(
    source: str | None,
    minutes: str,
    to: str | None,
    scope: tuple[str, ...],
    output: Path | None,
    leaving: Leaving,
    config: Path | None,
    log_format: Literal["text", "json"],
) -> None:
    """Take one snapshot and print it as JSON.

    SOURCE may be left out where there is only one, or one is marked default.

    \b
    Last hour:       stillframe snapshot
    Last night:      stillframe snapshot video_tasks --to 2026-01-30T04:00:00+01:00 --minutes 90
    One engine only: stillframe snapshot --scope engine=runway --output incident.json
    """
    from dashboard import logs
    from dashboard.metrics_line import tell_metrics
    from dashboard.settings import configured_sources
    from metrics_core import take_snapshot
    from metrics_core.choice import chosen_source

    window, wanted = _window(minutes, to), _scope(scope)
    chosen = chosen_source(configured_sources(config), source)
    with progress(f"Reading {chosen.name}"):
        taken = leaving.redacted(take_snapshot(chosen, window, wanted))

    def leave(stamp: "Stamp") -> None:
        put_out(taken.to_json().encode(), output)
        logs.configure(log_format, level=logging.INFO)
        tell_metrics(taken, stamp)

    leaving.put_out(taken, leave)


def _window(minutes: str, to: str | None) -> "Window":
    from metrics_core.window import MAX_MINUTES, Window, parse_instant, parse_minutes

    now, length = datetime.now(UTC), parse_minutes(minutes, maximum=MAX_MINUTES)
    if to is None:
        return Window.ending_now(now, minutes=length)
    return Window.ending(parse_instant(to, now=now), minutes=length)


def _scope(pairs: tuple[str, ...]) -> dict[str, str]:
    scope: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--scope takes name=value, as engine=runway, not {pair!r}")
        if scope.setdefault(name, value) != value:
            raise UsageError(f"--scope names {name} twice: a snapshot has one value of it")
    return scope
