"""The commands as a shell runs them: output, exit status, and one clear line for each fault."""

import json
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from metrics_core import Snapshot
from metrics_core.presets import preset_settings
from tests.databases import SqliteTable
from tests.video_tasks import make_video_tasks

TO = datetime(2026, 1, 30, 10, tzinfo=UTC)
COLUMNS = ("id", "status", "created_at", "started_at", "finished_at", "engine")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM task_table"


@pytest.fixture
def settings_file(empty_folder: Path) -> Path:
    """A settings file with two sources, the first of them marked default."""
    table = SqliteTable(empty_folder / "queue.db")
    times = {"created_at": TO - timedelta(minutes=30), "started_at": None, "finished_at": None}
    rows = [{"id": f"t{n}", "status": "queued", "engine": "runway"} | times for n in range(3)]
    table.load([*rows, rows[0] | {"id": "t3", "engine": "luma"}], COLUMNS)
    file = empty_folder / "stillframe.toml"
    file.write_text(
        f"""
        [sources.video_tasks]
        url = "{table.url}"
        default = true
        sql = "{SELECT}"
        dimensions = ["engine"]

        [sources.other]
        url = "{table.url}"
        sql = "{SELECT} WHERE engine = 'luma'"
        """
    )
    return file


def run(
    *arguments: str, env: dict[str, str] | None = None, words: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs a command in the working directory, with no terminal."""
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, **(env or {})},
        input=words,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def snapshot(*arguments: str) -> Snapshot:
    done = run("snapshot", *arguments)
    assert done.returncode == 0
    taken = Snapshot.from_json(done.stdout)
    (line,) = done.stderr.splitlines()
    assert line.startswith("[METRICS] ")
    assert f"requestId={taken.request_id} scan={taken.request_id} source={taken.source} " in line
    return taken


def assert_refused(done: subprocess.CompletedProcess[str], status: int, told: str) -> None:
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("stillframe: ")
    assert done.stdout == ""
    assert done.returncode == status


def test_snapshot_prints_one_document(settings_file: Path) -> None:
    document = snapshot("--to", "2026-01-30T11:00:00+01:00", "--minutes", "45")
    assert document.source == "video_tasks"
    assert document.window.to == TO
    assert document.window.minutes == 45
    assert document.tasks.queued == 4


def test_snapshot_of_a_named_source_and_a_scope(settings_file: Path) -> None:
    assert snapshot("other", "--to", TO.isoformat()).tasks.queued == 1
    scoped = snapshot("--scope", "engine=luma", "--to", TO.isoformat(), "--minutes", "10080")
    assert scoped.tasks.queued == 1
    assert scoped.scope == {"engine": "luma"}


def test_snapshot_without_an_end_is_live(settings_file: Path) -> None:
    document = snapshot()
    assert document.provenance.live is True
    assert datetime.now(UTC) - document.window.to < timedelta(minutes=1)


def test_snapshot_writes_into_a_file(settings_file: Path) -> None:
    printed = run("snapshot", "--to", TO.isoformat(), "--output", "incident.json")
    assert (printed.returncode, printed.stdout) == (0, "")
    assert printed.stderr.startswith("[METRICS] ")
    written = Path("incident.json").read_text(encoding="utf-8")
    assert Snapshot.from_json(written).to_json() == written


def test_snapshot_does_not_write_where_it_cannot(settings_file: Path) -> None:
    done = run("snapshot", "--output", "no/such/folder/x.json")
    assert_refused(done, 1, "cannot write no/such/folder/x.json: No such file or directory")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--minutes", "0"], "minutes must be a whole number from 1 to 10080"),
        (["--minutes", "-1"], "minutes must be a whole number from 1 to 10080"),
        (["--minutes", "10081"], "minutes must be a whole number from 1 to 10080"),
        (["--minutes", "1" + "0" * 18], "minutes must be a whole number from 1 to 10080"),
        (["--minutes", "NaN"], "minutes must be a whole number from 1 to 10080"),
        (["--minutes", "１２"], "minutes must be a whole number from 1 to 10080"),
        (["--to", "2026-01-30T10:00:00"], "the time needs a zone: add Z for UTC"),
        (["--to", "yesterday"], "the time must be ISO 8601 with a zone"),
        (["--to", "2999-01-01T00:00:00Z"], "the time lies in the future"),
        (["--to", "1969-12-31T23:59:59Z"], "the time lies before 1970-01-01T00:00:00Z"),
        (["--to", "1970-01-01T00:30:00Z"], "the window must not begin before 1970"),
        (["nowhere"], "there is no source 'nowhere'; there are: video_tasks, other"),
        (["--scope", "tenant=t1"], "has no dimension 'tenant'; its dimensions: engine"),
        (["--scope", "engine"], "--scope takes name=value"),
        (["--scope", "engine=a", "--scope", "engine=b"], "--scope names engine twice"),
    ],
)
def test_a_wrong_question_is_refused(settings_file: Path, arguments: list[str], told: str) -> None:
    assert_refused(run("snapshot", *arguments), 2, told)


def test_without_settings_it_says_what_to_write(empty_folder: Path) -> None:
    assert_refused(run("snapshot"), 1, "no settings file: write ./stillframe.toml")


def test_a_settings_file_that_is_not_there_is_named(empty_folder: Path) -> None:
    assert_refused(run("snapshot", "--config", "none.toml"), 1, "none.toml: cannot be read")
    done = run("snapshot", env={"STILLFRAME_CONFIG": "other.toml"})
    assert_refused(done, 1, "STILLFRAME_CONFIG names other.toml")


def test_bad_toml_is_told_with_its_place(empty_folder: Path) -> None:
    Path("stillframe.toml").write_text('[sources.a]\nurl = "x\n')
    assert_refused(run("snapshot"), 1, "stillframe.toml: not valid TOML")
    assert "line 2, column" in run("snapshot").stderr


def test_a_url_of_an_unset_variable_is_told(empty_folder: Path) -> None:
    Path("stillframe.toml").write_text('[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"')
    assert_refused(run("snapshot"), 1, "the variable QUEUE_URL, which is not set")


def test_a_database_that_does_not_answer_is_told_without_its_secret(empty_folder: Path) -> None:
    Path("stillframe.toml").write_text('[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"')
    done = run("snapshot", env={"QUEUE_URL": "postgresql://ann:s3cr3t@127.0.0.1:1/queue"})
    assert_refused(done, 1, "(at 127.0.0.1:1, ")
    assert "s3cr3t" not in done.stderr


def test_database_url_alone_is_enough_for_a_known_table(empty_folder: Path) -> None:
    table = SqliteTable(empty_folder / "known.db")
    columns = "id, status, created_at, processing_at, completed_at, failed_at, cancelled_at"
    table.run(f"CREATE TABLE video_tasks ({columns}, error_message, engine)")
    done = run("snapshot", env={"DATABASE_URL": table.url})
    assert done.returncode == 0
    document = Snapshot.from_json(done.stdout)
    assert document.source == "video_tasks"
    select = preset_settings("video_tasks", "sqlite")["sql"]
    assert "FROM video_tasks" in select


def test_wrong_usage_ends_with_2(empty_folder: Path) -> None:
    done = run("snapshot", "--no-such-option")
    assert done.returncode == 2
    assert "No such option" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["demo", "init", "serve", "snapshot", "doctor", "hash-password", "verify", "diff", "archive"],
)
def test_each_command_explains_itself(empty_folder: Path, command: str) -> None:
    listed, own = run("--help"), run(command, "--help")
    assert command in listed.stdout
    assert own.stdout.startswith(f"Usage: python -m dashboard.cli {command}") or (
        f"stillframe {command}" in own.stdout
    )
    assert own.returncode == 0


def test_serve_refuses_to_start_without_a_password(settings_file: Path) -> None:
    assert_refused(run("serve", "--no-browser"), 1, "no password: set STILLFRAME_PASSWORD")


def test_serve_refuses_a_weak_password(settings_file: Path) -> None:
    done = run("serve", "--no-browser", env={"STILLFRAME_PASSWORD": "short"})
    assert_refused(done, 1, "STILLFRAME_PASSWORD")
    assert "12 characters" in done.stderr
    assert "short" not in done.stderr.replace("too short", "")


def test_doctor_examines_an_sqlite_file(settings_file: Path) -> None:
    done = run("doctor", "other")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("source    other\nserver    SQLite 3.")
    assert "role      good: the file is opened read-only" in done.stdout


def test_doctor_prints_the_sql_of_a_role_and_of_indexes(
    empty_folder: Path, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        make_video_tasks(connection, rows=10_000)
        try:
            done = run("doctor", env={"DATABASE_URL": postgres_url})
        finally:
            connection.execute("DROP TABLE video_tasks")
    assert (done.returncode, done.stderr) == (0, "")
    assert "CREATE ROLE stillframe_reader LOGIN" in done.stdout
    assert "CREATE INDEX CONCURRENTLY ON public.video_tasks (created_at);" in done.stdout


def test_doctor_as_json_and_its_exit_status(settings_file: Path) -> None:
    settings_file.write_text(
        settings_file.read_text()
        + f"""
        [sources.odd]
        url = "{tomllib.loads(settings_file.read_text())["sources"]["other"]["url"]}"
        sql = "SELECT id, 'weird' AS status, created_at FROM task_table"
        """
    )
    done = run("doctor", "odd", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert (document["source"], document["good"]) == ("odd", False)
    assert document["sample"]["rows"] == 4
    assert document["columns"][2] == {"name": "created_at", "kind": "any", "nulls": 0}
    faults = [each["text"] for each in document["remarks"] if each["level"] == "not_good"]
    assert faults[0].startswith("Rows with the status 'weird', which this source does not map: 4.")
    strict = run("doctor", "odd", "--strict")
    assert (strict.returncode, strict.stderr) == (3, "")
    assert strict.stdout.endswith("verdict   there is something to do about: rows.\n")


def test_doctor_of_an_unknown_source_is_refused(settings_file: Path) -> None:
    assert_refused(run("doctor", "nowhere"), 2, "there is no source 'nowhere'")


def test_doctor_of_a_database_that_is_down_is_one_clear_line(empty_folder: Path) -> None:
    Path("stillframe.toml").write_text('[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"')
    done = run("doctor", env={"QUEUE_URL": "postgresql://ann:s3cr3t@127.0.0.1:1/queue"})
    assert_refused(done, 1, "(at 127.0.0.1:1, ")
    assert "s3cr3t" not in done.stderr


def test_snapshot_of_a_refused_role_names_the_way_out(
    empty_folder: Path, postgres_url: str
) -> None:
    Path("stillframe.toml").write_text(
        '[sources.a]\nurl = "env:QUEUE_URL"\nunsafe_role = "refuse"\n'
        "sql = \"SELECT 'a' AS id, 'queued' AS status, now() AS created_at\""
    )
    done = run("snapshot", env={"QUEUE_URL": postgres_url})
    assert_refused(done, 1, 'source a is not opened (unsafe_role = "refuse"): its role')
    assert "`stillframe doctor a` prints the SQL" in done.stderr


def test_hash_password_prints_what_serve_accepts(empty_folder: Path) -> None:
    done = run("hash-password", words="a-lantern-in-the-fog-19\n")
    assert done.returncode == 0
    assert done.stdout.startswith("scrypt$16384$8$1$")
    assert json.dumps(done.stdout.strip()).isascii()


def test_hash_password_refuses_a_weak_one(empty_folder: Path) -> None:
    assert_refused(run("hash-password", words="password\n"), 1, "12 characters")
