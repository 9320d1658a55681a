"""The command `doctor`: what is wrong with a source's database, and what to do."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from dashboard.cli_options import config_option
from dashboard.cli_output import put_out
from dashboard.progress import progress

FAULTS_FOUND = 3


@click.command()
@click.argument("source", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Exit with 3 where something is NOT GOOD or NOT SAFE.")
@config_option
def doctor(
    source: str | None, form: Literal["text", "json"], strict: bool, config: Path | None
) -> None:
    """Print what is wrong with a source's database, and what to do.

    Its version and clock; whether the role can do more than read, and the SQL of one that cannot;
    the columns found, odd rows, zones; whether scans can use indexes and the SQL of those that
    would help; what cannot be measured. It reads catalogs and plans (EXPLAIN, never ANALYZE) and at
    most 10,000 rows for at most 2 s, so it is safe on a production database.

    Exit status: 0 examined, whatever was found (3 for faults with --strict); 1 could not be done.
    """
    from dashboard.doctor_text import doctor_text
    from dashboard.settings import archive_path, configured_sources
    from metrics_core.choice import chosen_source
    from metrics_core.doctor_report import doctor_report

    chosen = chosen_source(configured_sources(config), source)
    with progress(f"Examining {chosen.name}"):
        is_set = archive_path() is not None
        report = doctor_report(chosen, now=datetime.now(UTC), archive_is_set=is_set)
    text = report.to_json() if form == "json" else doctor_text(report)
    put_out(text.encode())
    if strict and not report.good:
        sys.exit(FAULTS_FOUND)
