"""Connecting: which dialect a url means, and what is said of a url that means none."""

from pathlib import Path

import pytest

from metrics_core.connect import dialect_of, open_database
from metrics_core.errors import DatabaseError, SettingsError
from tests.builders import new_source, row, sqlite_source


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("postgresql://h/db", "postgresql"),
        ("postgres://h/db", "postgresql"),
        ("postgresql+psycopg://h/db", "postgresql"),
        ("sqlite:////var/q.db", "sqlite"),
        ("sqlite+pysqlite:///q.db", "sqlite"),
    ],
)
def test_the_scheme_of_a_url_names_the_dialect(url: str, dialect: str) -> None:
    assert dialect_of(url) == dialect


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("mysql://u:hunter2@h/db", "'mysql' is not supported"),
        ("mysql+pymysql://u:hunter2@h/db", "'mysql' is not supported"),
        ("oracle://hunter2", "'oracle' is not supported"),
        ("host=h password=hunter2", "it names no dialect"),
        ("hunter2:x://", "it names no dialect"),
        ("/var/hunter2.db", "it names no dialect"),
        ("", "it names no dialect"),
        ("postgresql://u:[hunter2@h/db", "cannot be read"),
    ],
)
def test_any_other_url_is_refused_without_being_repeated(url: str, named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        dialect_of(url)
    assert named in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("place", ["", "/", "/nowhere.db", "//tmp", "//" + "x" * 300, "nowhere"])
def test_where_no_sqlite_file_is_the_error_says_so(place: str) -> None:
    source = new_source(url=f"sqlite://{place}")
    with (
        pytest.raises(DatabaseError, match="source tasks: there is no SQLite file at "),
        open_database(source),
    ):
        pass


def test_no_sqlite_file_is_ever_made(tmp_path: Path) -> None:
    source = new_source(url=f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(DatabaseError), open_database(source):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_any_name_is_opened_and_closed_again(tmp_path: Path) -> None:
    folder = tmp_path / "50% of a?b #1"
    folder.mkdir()
    source = sqlite_source(folder, [row("a", "queued", created=0)])
    with open_database(source) as database:
        assert database.name == "sqlite"
        assert set(database.columns(source.sql)) == {"id", "status", "created_at"}


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (":99999/db", "port is no number from 1 to 65535"),
        (":abc/db", "port is no number from 1 to 65535"),
        (":1/db?port=1,2", "has not one port for each host"),
        (":1/db?ssl_mode=require", "has an option ssl_mode that PostgreSQL does not know"),
        (":1/db?sslmode=hunter2", "option sslmode cannot have that value"),
        (":1/db?connect_timeout=hunter2", "option connect_timeout cannot have that value"),
        (":1/db?hunter2", "has an option that is not written name=value"),
        (":1/db?password=%zz", "has a % that encodes no character"),
        (":1/db?password=a&hunter2=b", "has an option that PostgreSQL does not know"),
        (":1/db?x@hunter2=b", "has an option that PostgreSQL does not know"),
    ],
)
def test_a_fault_of_the_url_itself_is_told(rest: str, told: str) -> None:
    source = new_source(url=f"postgresql://u:hunter2@127.0.0.1{rest}")
    with pytest.raises(DatabaseError) as caught, open_database(source):
        pass
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@127.0.0.1:1/db",
        "postgresql+psycopg://u:hunter2@127.0.0.1:1/db",
        "postgres://127.0.0.1:1/db?user=u&password=hunter2",
        "postgresql://u:hunter2#x@127.0.0.1:1/db",
        "postgresql://u:hunter2/x@127.0.0.1:1/db",
        "postgresql://u:hunter2?x@127.0.0.1:1/db",
        "postgresql://u:hunter2@x@127.0.0.1:1/db",
    ],
)
def test_a_postgresql_that_does_not_answer_is_told_without_the_secrets_of_its_url(url: str) -> None:
    with pytest.raises(DatabaseError) as caught, open_database(new_source(url=url)):
        pass
    message = str(caught.value)
    assert message.startswith("source tasks: cannot connect to its database: ")
    assert "127.0.0.1" not in caught.value.reason
    assert "hunter2" not in message
    clear = "#" not in url and "/x" not in url and "?x" not in url and "@x" not in url
    assert ("127.0.0.1:1, " in message) == clear
