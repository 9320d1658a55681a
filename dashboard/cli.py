"""The commands: those that run or examine a Stillframe, and the `cli_*` ones about snapshots.

Heavy modules are imported by the command that needs them, so that --help is quick.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from dashboard.cli_archive import archive
from dashboard.cli_doctor import doctor
from dashboard.cli_evidence import diff, verify
from dashboard.cli_init import init
from dashboard.cli_options import (
    config_option,
    host_option,
    log_format_option,
    no_browser_option,
    port_option,
)
from dashboard.cli_report import report
from dashboard.cli_snapshot import snapshot
from dashboard.progress import progress
from metrics_core.errors import StillframeError, UsageError

if TYPE_CHECKING:
    from dashboard.settings import Settings


def main() -> NoReturn:
    """The console script. Exit status: 0 done, 1 it could not be done, 2 wrong usage."""
    with _one_clear_line():
        stillframe(prog_name="stillframe", standalone_mode=False)
    sys.exit(0)


@contextmanager
def _one_clear_line() -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        _leave(error, 2)
    except StillframeError as error:
        _leave(error, 1)
    except click.ClickException as error:
        _leave(error.format_message(), error.exit_code)
    except click.Abort:
        _leave("stopped", 1)
    except BrokenPipeError:
        sys.stderr.close()  # who read our output has gone; there is nobody left to tell
        sys.exit(1)


def _leave(error: StillframeError | str, status: int) -> NoReturn:
    click.echo(f"stillframe: {error}", err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="stillframe", message="%(prog)s %(version)s")
def stillframe() -> None:
    """A still frame of your task queue, at any instant.

    Point Stillframe at the table in which your tasks live: it shows what is wrong right now, what
    was wrong last night, and hands you the proof.

    \b
    Try it:         stillframe demo
    Your own table: stillframe init, set STILLFRAME_PASSWORD, then: stillframe serve
    """


@stillframe.command()
@host_option
@port_option
@no_browser_option
@click.option("--seed", default=1, show_default=True, help="The history is made from this number.")
def demo(host: str, port: int, no_browser: bool, seed: int) -> None:
    """Show the page on a made-up queue with faults worth finding.

    Needs nothing: 24 hours of history of two queues are made in an SQLite file that goes away at
    the end (Ctrl-C), and a writer keeps the queues alive meanwhile.
    """
    from dashboard.demo import DemoWriter, make_demo, one_time_password
    from dashboard.serving import refuse_taken_port
    from dashboard.settings import settings_with_password

    refuse_taken_port(host, port)
    with tempfile.TemporaryDirectory(prefix="stillframe-demo-") as name:
        folder, password = Path(name), one_time_password()
        with progress("Making 24 hours of history"):
            config = make_demo(folder, seed=seed, now=datetime.now(UTC))
        writer = DemoWriter(folder)
        writer.start()
        try:
            settings = settings_with_password(
                password, config=config, archive=folder / "archive.db"
            )
            _serve_demo(settings, password, host, port, open_browser=not no_browser)
        finally:
            writer.stop()


def _serve_demo(
    settings: "Settings", password: str, host: str, port: int, *, open_browser: bool
) -> None:
    from dashboard.serving import serve as run_server

    def announce(url: str) -> None:
        click.echo(f"Stillframe's demo is at {url}")
        click.echo(f"Sign in with the one-time password: {password}")
        click.echo("Stop with Ctrl-C.")

    run_server(settings, host=host, port=port, open_browser=open_browser, announce=announce)


@stillframe.command()
@config_option
@host_option
@port_option
@no_browser_option
@log_format_option
def serve(
    config: Path | None,
    host: str,
    port: int,
    no_browser: bool,
    log_format: Literal["text", "json"],
) -> None:
    """Serve the page behind its password.

    The password comes from STILLFRAME_PASSWORD, or as a hash from STILLFRAME_PASSWORD_HASH (see
    `stillframe hash-password`). Without a settings file, DATABASE_URL alone is enough where it
    holds a table that Stillframe knows.
    """
    from dashboard.serving import serve as run_server
    from dashboard.settings import settings_from_environment

    settings = settings_from_environment(config=config, log_format=log_format)
    run_server(settings, host=host, port=port, open_browser=not no_browser)


@stillframe.command("hash-password", short_help="Print the hash of a password.")
def hash_password() -> None:
    """Ask for a password and print its hash, for STILLFRAME_PASSWORD_HASH.

    Reads one line of standard input where that is no terminal.
    """
    from dashboard.passwords import hash_password as hashed
    from dashboard.passwords import refuse_weak

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    refuse_weak(password)
    click.echo(hashed(password))


for command in (init, snapshot, verify, diff, archive, report, doctor):
    stillframe.add_command(command)


if __name__ == "__main__":
    main()
