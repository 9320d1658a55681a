"""The command `init`: looks at a database, proposes a settings file, asks, and writes it."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metrics_core.errors import StillframeError

if TYPE_CHECKING:
    from dashboard.init_draft import Draft
    from dashboard.settings import NamedUrl


MODE = 0o600


@click.command()
@click.argument("database_url", required=False)
@click.option("--table", metavar="NAME", help="Propose this table, with its schema or without.")
@click.option(
    "--status",
    multiple=True,
    metavar="VALUE=STATUS",
    help="What a native status means; repeatable.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write there.  [default: $STILLFRAME_CONFIG, else ./stillframe.toml]",
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option("--yes", is_flag=True, help="Take what is proposed, and ask nothing.")
@click.option("--print", "only_print", is_flag=True, help="Print the file, and write nothing.")
def init(
    database_url: str | None,
    table: str | None,
    status: tuple[str, ...],
    output: Path | None,
    force: bool,
    yes: bool,
    only_print: bool,
) -> None:
    """Look at a database and write a stillframe.toml for its queue.

    DATABASE_URL is the database's url or env:NAME; left out, it is $DATABASE_URL. Job systems that
    Stillframe knows are recognised. Of other tables the likeliest is proposed, with the evidence
    from its names, types and a bounded sample, and with figures of a real snapshot, before anything
    is written. It only reads; no password is written.

    \b
    On a terminal: stillframe init postgresql://reader@db.example/queue
    In a script:   stillframe init --yes --table jobs --status 0=queued --status 1=completed
    """
    from dashboard.init_draft import Wish, draft_of, meanings
    from dashboard.settings import named_url, new_config_path

    target, asks = output or new_config_path(), sys.stdin.isatty() and not yes
    if not only_print:
        _refuse_at_once(target, force=force, may_write=asks or yes)
    url = named_url(database_url)
    wish = Wish(table=table, meanings=meanings(status), asks=asks, only_print=only_print)
    draft = draft_of(wish, url)
    if only_print:
        click.echo(draft.text, nl=False)
    else:
        _finish(target, url, draft, asks=asks, force=force)


def _finish(target: Path, url: "NamedUrl", draft: "Draft", *, asks: bool, force: bool) -> None:
    """Writes it, after a yes where there is somebody to be asked, and says what comes next."""
    if asks and not click.confirm(f"Write {target}?", default=True):
        raise StillframeError("nothing was written; --table NAME proposes another table")
    _write(target, draft.text, force=force)
    click.echo(_next_steps(target, url, draft))


def _refuse_at_once(target: Path, *, force: bool, may_write: bool) -> None:
    """What can be told before the database is looked at."""
    if os.path.lexists(target) and not force:
        raise _is_there(target)
    if not may_write:
        raise StillframeError(
            "init asks before it writes, and standard input is no terminal: --yes takes what it "
            "proposes, --print shows the file and writes nothing"
        )


def _is_there(target: Path) -> StillframeError:
    return StillframeError(
        f"{target} is there already: --force replaces it, --output names another file, "
        "--print only prints what would be in it"
    )


def _write(target: Path, text: str, *, force: bool) -> None:
    """The whole file or none, readable by its owner alone; another's is not replaced unasked."""
    try:
        made = Path(f"{target}.{os.getpid()}.part") if force else target
        _make(made, text.encode())
        made.replace(target)
    except FileExistsError:
        raise _is_there(target) from None
    except OSError as error:
        raise StillframeError(f"cannot write {target}: {error.strerror}") from None


def _make(path: Path, data: bytes) -> None:
    """A new file; where it cannot be written in full there is none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        path.unlink()
        raise


def _next_steps(target: Path, url: "NamedUrl", draft: "Draft") -> str:
    """What is to be done with the file."""
    config = "" if target == Path("stillframe.toml") else f" --config {shlex.quote(str(target))}"
    first = next(iter(draft.sources))
    lines = [f"Wrote {target}. Next:"]
    if url.unset:
        lines.append(f"  set {url.unset} to that url: the file names it, for it may hold a secret")
    lines.append(f"  stillframe doctor {first}{config}    what is wrong with it, and what to do")
    lines.append(f"  stillframe serve{config}    the page; set STILLFRAME_PASSWORD before")
    return "\n".join(lines)
