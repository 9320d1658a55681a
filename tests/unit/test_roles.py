"""The look at each source's role in the background of a running Stillframe."""

import logging
from collections.abc import Callable

import pytest

from dashboard.roles import Roles
from metrics_core import Source
from metrics_core.errors import DatabaseError
from metrics_core.role import RoleFindings
from tests.builders import new_source

UNSAFE = RoleFindings(
    role="app", database="queue", version_number=180_000, superuser=True, relations=()
)


def roles(check: Callable[[Source], RoleFindings | None], *sources: Source) -> Roles:
    return Roles({source.name: source for source in sources}, check=check, retry_seconds=0)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the lines about unsafe roles say."""
    return [record.__dict__["stillframe_fields"]["warning"] for record in caplog.records]


def test_an_unsafe_role_is_said_once_for_each_source(caplog: pytest.LogCaptureFixture) -> None:
    watched = roles(lambda source: UNSAFE, new_source(name="a"), new_source(name="b"))
    with caplog.at_level(logging.WARNING):
        watched.look()
    assert [text.partition(",")[0] for text in warnings(caplog)] == [
        "source a: its role app is a superuser",
        "source b: its role app is a superuser",
    ]
    assert watched.warning("a") == warnings(caplog)[0]


def test_nothing_is_said_of_a_role_that_can_only_read(caplog: pytest.LogCaptureFixture) -> None:
    watched = roles(lambda source: None, new_source())
    watched.look()
    assert (warnings(caplog), watched.warning("tasks")) == ([], "")


def test_a_database_out_of_reach_is_looked_at_later(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    def check(source: Source) -> RoleFindings:
        asked.append(source.name)
        if source.name == "down" and asked.count("down") < 3:
            raise DatabaseError
        return UNSAFE

    watched = roles(check, new_source(name="down"), new_source(name="up"))
    watched.look()
    assert asked == ["down", "up", "down", "down"]
    assert len(warnings(caplog)) == 2
    assert "superuser" in watched.warning("down")


def test_what_refuses_tells_so_itself_on_the_page(caplog: pytest.LogCaptureFixture) -> None:
    watched = roles(lambda source: UNSAFE, new_source(unsafe_role="refuse"))
    watched.look()
    assert warnings(caplog)[0].startswith("source tasks is not opened: ")
    assert watched.warning("tasks") == ""
