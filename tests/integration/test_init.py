"""`stillframe init` at a terminal and in a script, on PostgreSQL and on SQLite."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from dashboard.cli import main
from metrics_core import Snapshot, Window, take_snapshot
from metrics_core.recognise import recognised_sources
from metrics_core.source_file import load_sources
from tests import home_made
from tests.databases import Connection
from tests.home_made import CODES, FIGURES, RUN_MS, TASTES, WAIT_MS, WORK_ITEMS, Taste
from tests.job_tables import drop_schemas
from tests.job_tables import make_in_postgresql as make_system
from tests.roles import as_role, new_role
from tests.terminal import Done, at_terminal, interrupted, typed

Maker = Callable[[Taste], str]


class Ran(NamedTuple):
    """The command's exit status and what it told."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> str:
        return self.out + self.err


Run = Callable[..., Ran]
YES = "y\n"


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as opened:
        yield opened
    drop_schemas(postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Makes a table and gives the url of its database, one after the other in each dialect."""
    if request.param == "sqlite":
        return lambda taste: home_made.make_in_sqlite(tmp_path / "queue.db", taste)
    connection: Connection = request.getfixturevalue("connection")
    url: str = request.getfixturevalue("postgres_url")

    def made(taste: Taste) -> str:
        home_made.make_in_postgresql(connection, taste)
        return url

    return made


def figures(snapshot: Snapshot) -> dict[str, int]:
    return {name: getattr(snapshot.tasks, name) for name in FIGURES}


def taken(url: str) -> Snapshot:
    """A snapshot by the only source of the file that was written."""
    (source,) = load_sources("stillframe.toml", {"DATABASE_URL": url}).values()
    return take_snapshot(source, Window.ending_now(datetime.now(UTC)))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: at a terminal where there are answers, else without one."""

    def ran(*arguments: str, answers: str | None = None, **env: str) -> Ran:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["stillframe", "init", *arguments])
        terminal = nullcontext(None) if answers is None else typed(answers)
        with terminal as stdin, monkeypatch.context() as patch:
            patch.setattr("sys.stdin", stdin or sys.stdin)
            with pytest.raises(SystemExit) as left:
                main()
        out, err = capfd.readouterr()
        return Ran(int(left.value.code or 0), out, err)

    return ran


def assert_refused(done: Ran, status: int, told: str) -> None:
    assert told in done.err
    assert len(done.err.splitlines()) == 1
    assert (done.out, done.status) == ("", status)


def assert_right(snapshot: Snapshot) -> None:
    assert figures(snapshot) == FIGURES
    assert snapshot.quality.findings == ()
    assert snapshot.latency.time_to_complete_ms.p50 == RUN_MS
    assert snapshot.latency.time_to_processing_ms.p50 == WAIT_MS
    assert [(error.code, error.count) for error in snapshot.top_errors] == [("ValueError", 2)]


def test_one_answer_at_a_real_terminal_is_enough(empty_folder: Path, make: Maker) -> None:
    url = make(WORK_ITEMS)
    done = at_terminal("init", answers=YES, env={"DATABASE_URL": url})
    assert done.status == 0, done.told
    assert_right(taken(url))


@pytest.mark.parametrize("taste", TASTES.values(), ids=list(TASTES))
def test_a_home_made_table_gives_a_right_snapshot_after_one_answer(
    empty_folder: Path, run: Run, make: Maker, taste: Taste
) -> None:
    url = make(taste)
    done = run(answers=YES, DATABASE_URL=url)
    assert done.status == 0, done.told
    assert "created 12  queued 3  processing 2  completed 4  failed 2  cancelled 1" in done.told
    assert "Next:" in done.told
    assert_right(taken(url))
    assert stat.S_IMODE(Path("stillframe.toml").stat().st_mode) == 0o600
    assert [*Path().iterdir()] == [Path("stillframe.toml")] or url.startswith("sqlite")


def test_codes_of_a_status_are_asked_about_with_what_their_times_say(
    empty_folder: Path, run: Run, make: Maker
) -> None:
    url = make(CODES)
    answers = "0=queued, 1=processing, 2=completed, 3=failed, 9=cancelled\n" + YES
    done = run(answers=answers, DATABASE_URL=url)
    assert done.status == 0, done.told
    assert "What do these statuses mean: 2, 0, 1, 3, 9?" in done.told
    proposed = "[2=completed, 0=queued, 1=processing, 3=failed, 9=completed]"
    assert f"Statuses {proposed}: " in done.told
    assert_right(taken(url))


def test_codes_are_not_guessed_in_a_script_but_can_be_named(
    empty_folder: Path, run: Run, make: Maker
) -> None:
    env = {"DATABASE_URL": make(CODES)}
    done = run("--yes", **env)
    assert done.status == 1
    assert "stillframe: the status holds numbers, and nothing tells for sure" in done.err
    assert "--status 1=processing" in done.err
    assert not Path("stillframe.toml").exists()
    pairs = ("0=queued", "1=processing", "2=completed", "3=failed", "9=cancelled")
    named = [part for pair in pairs for part in ("--status", pair)]
    assert run("--yes", *named, **env).status == 0
    assert_right(taken(env["DATABASE_URL"]))


def test_bad_answers_are_told_and_asked_for_again(
    empty_folder: Path, run: Run, tmp_path: Path
) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", CODES)
    answers = "0\n0=waits\n7=queued\n-\nperhaps\n" + YES
    done = run(answers=answers, DATABASE_URL=url)
    assert done.status == 0, done.told
    assert "Error: a status is named as VALUE=STATUS, as in 2=completed, not '0'" in done.told
    assert "not '0=waits'; STATUS is one of queued, processing, completed" in done.told
    assert "Error: '7' is none of the statuses asked about" in done.told
    assert "Error: invalid input" in done.told
    assert "Not mapped, and so in no figure: the status '0'" in Path("stillframe.toml").read_text()
    snapshot = taken(url)
    assert {f.value: f.count for f in snapshot.quality.findings if f.kind == "unknown_status"} == {
        "0": 3,
        "1": 2,
        "2": 4,
        "3": 2,
        "9": 1,
    }


@pytest.mark.parametrize(("answers", "told"), [("n\n", "nothing was written"), ("", "stopped")])
def test_no_and_the_end_of_input_write_nothing(
    empty_folder: Path, run: Run, tmp_path: Path, answers: str, told: str
) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    done = run(url, answers=answers)
    assert done.status == 1
    assert f"stillframe: {told}" in done.told
    assert not Path("stillframe.toml").exists()


def test_ctrl_c_writes_nothing(empty_folder: Path, tmp_path: Path) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    done = interrupted("init", url, after="Write stillframe.toml?")
    assert done == Done(done.told, 1)
    assert done.told.rstrip().endswith("stillframe: stopped")
    assert not Path("stillframe.toml").exists()


def test_a_file_that_is_there_is_replaced_only_by_force(
    empty_folder: Path, run: Run, tmp_path: Path
) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    Path("stillframe.toml").write_text("mine")
    assert_refused(run(url, "--yes"), 1, "stillframe.toml is there already: --force ")
    assert Path("stillframe.toml").read_text() == "mine"
    assert run(url, "--yes", "--force").status == 0
    assert [*load_sources("stillframe.toml")] == ["work_items"]
    assert sorted(path.name for path in Path().iterdir()) == ["queue.db", "stillframe.toml"]


def test_a_link_to_nowhere_is_not_followed(empty_folder: Path, run: Run, tmp_path: Path) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    Path("stillframe.toml").symlink_to("elsewhere.toml")
    assert_refused(run(url, "--yes"), 1, "stillframe.toml is there already")
    assert not Path("elsewhere.toml").exists()


def test_without_a_terminal_it_asks_for_yes(empty_folder: Path, run: Run, tmp_path: Path) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    assert_refused(run(url), 1, "standard input is no terminal: --yes takes what it")


def test_print_writes_nothing_and_prints_the_file_alone(
    empty_folder: Path, run: Run, tmp_path: Path
) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    done = run(url, "--print")
    assert done.status == 0
    assert not Path("stillframe.toml").exists()
    assert run(url, "--yes", "--output", "other.toml").status == 0
    assert Path("other.toml").read_text() == done.out
    assert "The tasks would be work_items (all of its rows looked at: 12)." in done.err


def test_of_a_table_without_rows_nothing_is_said_of_its_values(
    empty_folder: Path, run: Run, tmp_path: Path
) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    with closing(sqlite3.connect(tmp_path / "queue.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM work_items")
    done = run(url, "--yes")
    assert done.status == 0
    assert "never null" not in done.out
    assert "0 of 0" not in done.out
    assert "inserted <= began is open: no row has both" in done.out
    assert "No row is there: statuses are taken to be Stillframe's own words." in done.out


def test_it_does_not_write_where_it_cannot(empty_folder: Path, run: Run, tmp_path: Path) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    done = run(url, "--yes", "--output", "no/such/x.toml")
    assert done.status == 1
    assert done.err == "stillframe: cannot write no/such/x.toml: No such file or directory\n"


def test_no_password_is_written(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    home_made.make_in_postgresql(connection, WORK_ITEMS)
    connection.execute("CREATE TABLE forbidden_jobs (id int, state text, done timestamptz)")
    with new_role(connection, "init_reader"):
        connection.execute("GRANT SELECT (id, state, inserted, done) ON work_items TO init_reader")
        url = as_role(postgres_url, "init_reader")
        secret = f"{url}{'&' if '?' in url else '?'}password=s3cr3t"
        done = run(secret, "--yes")
        connection.execute("REVOKE ALL ON work_items FROM init_reader")
    assert done.status == 0, done.err
    written = Path("stillframe.toml").read_text()
    assert 'url = "env:DATABASE_URL"' in written
    assert "s3cr3t" not in written + done.out + done.err
    assert "set DATABASE_URL to that url" in done.out
    assert "Not looked at: public.forbidden_jobs: the role may read no column of it" in done.out
    assert "No column for started_at, error: what needs it is not measurable." in done.out


def test_a_url_of_a_variable_stays_there(empty_folder: Path, run: Run, tmp_path: Path) -> None:
    url = home_made.make_in_sqlite(tmp_path / "queue.db", WORK_ITEMS)
    assert run("env:QUEUE_URL", "--yes", QUEUE_URL=url).status == 0
    assert 'url = "env:QUEUE_URL"' in Path("stillframe.toml").read_text()
    assert_refused(run("--yes", "--force"), 1, "DATABASE_URL is not set: set it, or give")


def test_known_systems_become_sources_with_what_is_to_know(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    for schema in ("pgboss", "jobs!"):
        make_system(connection, "pgboss", schema)
    make_system(connection, "celery", "public")
    done = run(answers=YES, DATABASE_URL=postgres_url)
    assert done.status == 0, done.told
    written = Path("stillframe.toml").read_text()
    assert "[sources.pgboss_jobs_]\n# pg-boss.\n# Kept: Finished jobs are deleted after" in written
    assert "# Beware: " in written
    assert 'preset = "pgboss"\nschema = "jobs!"\n' in written
    known = recognised_sources(postgres_url)
    assert load_sources("stillframe.toml", {"DATABASE_URL": postgres_url}) == known
    assert [*known] == ["celery", "pgboss_jobs_", "pgboss_pgboss"]


def test_the_best_of_several_tables_is_proposed_and_another_by_its_name(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    env = {"DATABASE_URL": postgres_url}
    home_made.make_in_postgresql(connection, WORK_ITEMS)
    home_made.make_in_postgresql(connection, TASTES["other words"])
    connection.execute("CREATE TABLE users (id int, state text, created_at timestamptz)")
    connection.execute("INSERT INTO users VALUES (1, 'CA', now())")
    connection.execute("CREATE TABLE orders (id int, status text, created_at timestamptz)")
    connection.execute("INSERT INTO orders VALUES (1, 'shipped', now()), (2, 'paid', now())")
    done = run("--print", **env)
    assert done.status == 0
    assert "[sources.background_jobs]" in done.out
    assert "Also possible, by --table: public.work_items\n" in done.err
    chosen = run("--print", "--table", "public.work_items", **env)
    assert "[sources.work_items]" in chosen.out
    assert_refused(run("--print", "--table", "nope", **env), 2, "holds no table or view 'nope'")


def test_enumerated_types_partitions_and_keys_of_two_columns_are_read_right(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    home_made.make_in_postgresql(connection, WORK_ITEMS)
    labels = "'waiting', 'running', 'done', 'failed', 'cancelled', 'paused'"
    connection.execute(
        f"""
        CREATE TYPE job_state AS ENUM ({labels});
        CREATE TABLE parted (
          id text, state job_state, inserted timestamptz, began timestamptz, done timestamptz,
          reason jsonb, PRIMARY KEY (id, inserted)
        ) PARTITION BY RANGE (inserted);
        CREATE TABLE parted_now PARTITION OF parted DEFAULT;
        INSERT INTO parted
        SELECT id, state::job_state, inserted, began, done,
          jsonb_build_object('message', reason) FROM work_items;
        UPDATE parted SET reason = NULL WHERE state <> 'failed';
        DROP TABLE work_items
        """.encode()
    )
    done = run("--yes", DATABASE_URL=postgres_url)
    assert done.status == 0, done.err
    snapshot = taken(postgres_url)
    assert figures(snapshot) == FIGURES
    assert [error.sample_message for error in snapshot.top_errors] == [home_made.ERROR]
    written = Path("stillframe.toml").read_text()
    assert """CAST("id" AS text) || '/' || CAST("inserted" AS text) AS id""" in written
    assert 'scheduled = ["paused"]' in written
    assert 'error_format = "json_object"' in written


def test_a_table_that_is_asked_for_is_proposed_with_what_speaks_against_it(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    connection.execute("CREATE TABLE users (id int, state text, created_at timestamptz)")
    connection.execute("INSERT INTO users VALUES (1, 'CA', now() - interval '5 minutes')")
    done = run("--yes", "--table", "users", "--status", "CA=queued", DATABASE_URL=postgres_url)
    assert done.status == 0
    assert "Beware: its column state holds 'CA': not the words of a task's status." in done.out
    assert taken(postgres_url).tasks.queued == 1


def test_where_nothing_fits_it_says_what_was_looked_for_and_what_was_nearest(
    empty_folder: Path, run: Run, tmp_path: Path, connection: Connection, postgres_url: str
) -> None:
    connection.execute("CREATE TABLE users (id int, state text, created_at timestamptz)")
    connection.execute("INSERT INTO users VALUES (1, 'CA', now())")
    connection.execute("CREATE TABLE towns (name text)")
    done = run("--yes", DATABASE_URL=postgres_url)
    assert (done.status, done.out) == (1, "")
    assert "2 tables: none is of a job system that Stillframe knows" in done.err
    assert "Looked for: an id, a status of few words" in done.err
    fault = "public.users: its column state holds 'CA': not the words of a task's status"
    assert fault in done.err
    assert "public.towns: no column tells its rows apart" in done.err
    assert not os.path.lexists("stillframe.toml")


def test_a_database_that_does_not_answer_is_one_clear_line(empty_folder: Path, run: Run) -> None:
    done = run("postgresql://ann:s3cr3t@127.0.0.1:1/queue", "--yes")
    assert_refused(done, 1, "(at 127.0.0.1:1, ")
    assert "s3cr3t" not in done.err


def test_a_status_that_only_the_snapshot_sees_is_mapped_by_its_words(
    empty_folder: Path, run: Run, connection: Connection, postgres_url: str
) -> None:
    connection.execute(
        "CREATE TABLE jobs AS SELECT n AS id, 'done' AS status, now() - interval '3 days' AS "
        "created_at, now() - interval '3 days' AS finished_at FROM generate_series(1, 9000) AS n"
    )
    connection.execute(
        "INSERT INTO jobs VALUES (9001, 'EXPIRED', now() - interval '5 minutes', now())"
    )
    done = run("--yes", DATABASE_URL=postgres_url)
    assert done.status == 0, done.err
    source = load_sources("stillframe.toml", {"DATABASE_URL": postgres_url})["jobs"]
    assert dict(source.statuses) == {"completed": ("done",), "failed": ("EXPIRED",)}
