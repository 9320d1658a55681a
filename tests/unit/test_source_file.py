"""stillframe.toml: what it may say, and the one clear line for each thing that it may not."""

from pathlib import Path

import pytest

from metrics_core.errors import SettingsError
from metrics_core.source_file import load_sources

SECRET = "hunter2"
PLAIN = '[sources.tasks]\nurl = "sqlite:////q.db"\nsql = "SELECT 1"\n'


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "stillframe.toml"
    file.write_text(text, encoding="utf-8")
    return file


def fault(tmp_path: Path, text: str, **environ: str) -> str:
    """The one line that refuses this file, without the file's name."""
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_sources(file, environ)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    assert SECRET not in message
    return message.removeprefix(f"{file}: ")


def url_fault(tmp_path: Path, url: str) -> str:
    return fault(tmp_path, f"[sources.a]\nurl = '{url}'\nsql = 'SELECT 1'")


def test_sources_come_by_name_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, PLAIN + PLAIN.replace("tasks", "another") + "default = true\n")
    sources = load_sources(file, {})
    assert list(sources) == ["tasks", "another"]
    assert (sources["tasks"].name, sources["tasks"].url) == ("tasks", "sqlite:////q.db")
    assert [source.default for source in sources.values()] == [False, True]


def test_a_whole_block_is_read(tmp_path: Path) -> None:
    text = PLAIN + (
        'dimensions = ["engine"]\nstatuses = { queued = ["queued", "pending"] }\n'
        'errors = [{ match = "timed out", code = "ENGINE_TIMEOUT" }]\n'
        'deadline_seconds = 2.5\nmax_rows = 10\ntimezone = "Europe/Berlin"\ntime_unit = "ms"\n'
        'lacks = ["updated_at"]\nretention_hours = 48\nunsafe_role = "refuse"\n'
    )
    source = load_sources(written(tmp_path, text), {})["tasks"]
    assert source.dimensions == ("engine",)
    assert source.status_of["pending"] == "queued"
    assert [(rule.match, rule.code) for rule in source.errors] == [("timed out", "ENGINE_TIMEOUT")]
    assert (source.deadline_seconds, source.max_rows, source.retention_hours) == (2.5, 10, 48)
    assert (source.timezone, source.time_unit, source.lacks) == (
        "Europe/Berlin",
        "ms",
        ("updated_at",),
    )


def test_a_url_may_be_named_by_a_variable(tmp_path: Path) -> None:
    text = '[sources.a]\nurl = "env:QUEUE_URL"\npreset = "video_tasks"'
    environ = {"QUEUE_URL": f" postgres://u:{SECRET}@h/db\n"}
    assert load_sources(written(tmp_path, text), environ)["a"].url == f"postgres://u:{SECRET}@h/db"


def test_the_process_environment_is_where_variables_are_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUEUE_URL", "sqlite:////q.db")
    file = written(tmp_path, '[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"')
    assert load_sources(str(file))["a"].url == "sqlite:////q.db"


def test_a_preset_stands_for_a_block_and_own_settings_win(tmp_path: Path) -> None:
    text = '[sources.a]\nurl = "sqlite:////q.db"\npreset = "video_tasks"\ndimensions = []'
    source = load_sources(written(tmp_path, text), {})["a"]
    assert source.dimensions == ()
    assert "FROM video_tasks" in source.sql
    assert len(source.errors) == 8


def test_a_preset_is_the_one_of_the_urls_dialect(tmp_path: Path) -> None:
    text = '[sources.a]\nurl = "env:U"\npreset = "agent_events"'
    file = written(tmp_path, text)
    on_sqlite = load_sources(file, {"U": "sqlite:////q.db"})["a"]
    on_postgresql = load_sources(file, {"U": "postgresql://h/db"})["a"]
    assert "julianday" in on_sqlite.sql
    assert "DISTINCT ON" in on_postgresql.sql
    assert on_sqlite.preset == on_postgresql.preset == "agent_events"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_sources(tmp_path / "nowhere.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_sources(tmp_path)


def test_bad_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    assert fault(tmp_path, '[sources.a]\nurl = "x\n') == (
        "not valid TOML: Illegal character '\\n' (at line 2, column 9)"
    )


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_bytes(b"[sources.\xff]")
    with pytest.raises(SettingsError, match="not valid TOML: it is not UTF-8 text"):
        load_sources(file)


@pytest.mark.parametrize("text", ["", "# nothing\n", "sources = 5", "[sources]", "sources = []"])
def test_a_file_without_a_source(tmp_path: Path, text: str) -> None:
    assert fault(tmp_path, text) == "it names no source; begin with [sources.NAME]"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("port = 1\n" + PLAIN, "unknown key 'port'; all settings are under [sources.NAME]"),
        ("[source.a]\n", "unknown key 'source'; all settings are under [sources.NAME]"),
        ("[sources]\na = 5", "sources.a: must be a table: [sources.a]"),
        (
            PLAIN + "dimension = []",
            "sources.tasks: unknown key 'dimension'; did you mean 'dimensions'?",
        ),
        (
            PLAIN + "statusses = {}",
            "sources.tasks: unknown key 'statusses'; did you mean 'statuses'?",
        ),
        (
            "[sources.'a b']\nurl = 'sqlite:////q'\nsql = 'x'",
            "sources.'a b': a name is 1 to 64 letters",
        ),
        ("[sources.a]\nurl = 'env:'\nsql = 'x'", "sources.a: its url names no variable"),
        ("[sources.a]\nurl = 'sqlite:////q'", "sources.a.sql: is missing"),
        ("[sources.a]\nsql = 'SELECT 1'", 'sources.a: needs a url, as url = "env:DATABASE_URL"'),
        ("[sources.a]\nurl = 5", 'sources.a: needs a url, as url = "env:DATABASE_URL"'),
        ("[sources.a]\nurl = ''", 'sources.a: needs a url, as url = "env:DATABASE_URL"'),
        (PLAIN + "preset = 'vidio'", "unknown preset 'vidio'; known: agent_events, airflow"),
        (PLAIN + "preset = ['video_tasks']", "unknown preset ['video_tasks']; known: agent"),
        (PLAIN + "max_rows = 'many'", "sources.tasks.max_rows: Input should be a valid integer"),
        (
            PLAIN + "max_rows = 0",
            "sources.tasks.max_rows: Input should be greater than or equal to 1",
        ),
        (PLAIN + "deadline_seconds = 0", "sources.tasks.deadline_seconds: Input should be greater"),
        (PLAIN + "dimensions = 'queue'", "sources.tasks.dimensions: Input should be a list"),
        (PLAIN + "dimensions = ['limit']", "sources.tasks.dimensions: 'limit' is reserved"),
        (PLAIN + "dimensions = [1]", "sources.tasks.dimensions.0: Input should be a valid string"),
        (
            PLAIN + "statuses = { queued = 'x' }",
            "sources.tasks.statuses.queued: Input should be a list",
        ),
        (
            PLAIN + "statuses = { queued = ['x'], failed = ['x'] }",
            "sources.tasks: status 'x' is mapped to queued and failed",
        ),
        (PLAIN + "statuses = { done = ['x'] }", "sources.tasks.statuses.done"),
        (PLAIN + "errors = [{ match = 'x' }]", "sources.tasks.errors.0.code: is missing"),
        (PLAIN + "timezone = 'Mars'", "sources.tasks.timezone: 'Mars' is no time zone of the IANA"),
        (PLAIN + "time_unit = 'h'", "sources.tasks.time_unit: Input should be 's', 'ms', 'us' or"),
        (PLAIN + "schema = 'a'", "sources.tasks.schema: is a name, and stands beside preset only"),
        (
            '[sources.tasks]\nurl = "sqlite:////q.db"\npreset = "celery"\ntable = 1',
            "sources.tasks.table: is a name, and stands beside preset only",
        ),
        (
            '[sources.tasks]\nurl = "sqlite:////q.db"\npreset = "pgboss"',
            "sources.tasks: the preset pgboss is of postgresql only",
        ),
        (
            PLAIN + "not_measurable = { tasks = 'x' }",
            "sources.tasks.not_measurable: 'tasks' is none of tasks.created, tasks.completed",
        ),
        (PLAIN + "lacks = ['x']", "sources.tasks.lacks: 'x' is none of created_at, eligible_at"),
        (PLAIN + "default = 'maybe'", "sources.tasks.default: Input should be a valid boolean"),
        (PLAIN + "default = 'yes'", "sources.tasks.default: Input should be a valid boolean"),
        (PLAIN + "default = 1", "sources.tasks.default: Input should be a valid boolean"),
        (PLAIN + "max_rows = true", "sources.tasks.max_rows: Input should be a valid integer"),
        (PLAIN + "max_rows = '5'", "sources.tasks.max_rows: Input should be a valid integer"),
        (PLAIN + "max_rows = 5.0", "sources.tasks.max_rows: Input should be a valid integer"),
        (PLAIN + "deadline_seconds = '5'", "sources.tasks.deadline_seconds: Input should be a "),
        (PLAIN + "deadline_seconds = true", "sources.tasks.deadline_seconds: Input should be a "),
        (PLAIN + "deadline_seconds = nan", "sources.tasks.deadline_seconds: Input should be "),
        (PLAIN + "retention_hours = '48'", "sources.tasks.retention_hours: Input should be a "),
        (PLAIN + "timezone = 1", "sources.tasks.timezone: Input should be a valid string"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, line: str) -> None:
    assert line in fault(tmp_path, text)


def test_a_key_like_no_other_is_answered_with_all_that_are_known(tmp_path: Path) -> None:
    line = fault(tmp_path, PLAIN + "zzz = 1")
    assert line.startswith("sources.tasks: unknown key 'zzz'; known: url, sql, dimensions")
    assert line.endswith("preset")


def test_two_sources_cannot_both_be_the_default(tmp_path: Path) -> None:
    marked = PLAIN + "default = true\n"
    assert fault(tmp_path, marked + marked.replace("tasks", "b")) == (
        "tasks and b are both marked default"
    )


@pytest.mark.parametrize("environ", [{}, {"QUEUE_URL": ""}, {"QUEUE_URL": " \n"}])
def test_a_variable_that_is_unset_or_empty(tmp_path: Path, environ: dict[str, str]) -> None:
    text = '[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"'
    assert fault(tmp_path, text, **environ) == (
        "sources.a: its url names the variable QUEUE_URL, which is not set"
    )


def test_a_variable_that_holds_no_url_is_named_and_not_shown(tmp_path: Path) -> None:
    text = '[sources.a]\nurl = "env:QUEUE_URL"\nsql = "SELECT 1"'
    assert fault(tmp_path, text, QUEUE_URL=SECRET).startswith(
        "sources.a: QUEUE_URL: the database url cannot be used: it names no dialect"
    )
    assert "'mysql' is not supported" in fault(tmp_path, text, QUEUE_URL=f"mysql://u:{SECRET}@h")
    assert "cannot be read" in fault(tmp_path, text, QUEUE_URL=f"postgresql://u:[{SECRET}@h")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@h/db",
        "postgresql://:hunter2@h/db",
        "postgresql://h/db?password=hunter2",
        "postgresql://h/db?user=u&pass%77ord=hunter2",
        "postgresql://h/db?sslpassword=hunter2",
        "postgresql://u:hunter2#1@h/db",
        "postgresql://u:hunter2/1@h/db",
        "postgresql://u:hunter2?1@h/db",
        "postgresql://u:[hunter2@h/db",
        "mysql://u:hunter2@h/db",
    ],
)
def test_a_password_in_the_file_is_refused(tmp_path: Path, url: str) -> None:
    assert url_fault(tmp_path, url) == (
        "sources.a: its url holds a password: put the url into the environment, "
        'and write url = "env:DATABASE_URL"'
    )


@pytest.mark.parametrize(
    "url",
    ["postgresql://u@h:5432/db?sslmode=require", "postgres://h1:1,h2:2/db", "sqlite:////a@b:c.db"],
)
def test_a_url_without_a_password_may_stand_in_the_file(tmp_path: Path, url: str) -> None:
    file = written(tmp_path, f"[sources.a]\nurl = '{url}'\nsql = 'SELECT 1'")
    assert load_sources(file, {})["a"].url == url


def test_a_url_of_another_system_is_refused_by_name(tmp_path: Path) -> None:
    assert "'mysql' is not supported" in url_fault(tmp_path, "mysql://h/db")
