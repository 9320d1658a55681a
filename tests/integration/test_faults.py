"""The campaign of faults in short: once each of a crash, a hang and a torn result."""

from collections.abc import Iterator

import pytest

from tests.campaigns.kinds import KINDS
from tests.campaigns.rounds import LIVE_WITHIN_SECONDS, Stage, stage

SHORT = ("kill -9 of the backend", "SIGSTOP of each backend", "proxy truncates")


@pytest.fixture(scope="module")
def ready() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.mark.parametrize("name", SHORT)
def test_a_fault_is_survived(ready: Stage, name: str) -> None:
    suffered = ready.play(KINDS[name])
    assert suffered.complaints(KINDS[name], stale_within=LIVE_WITHIN_SECONDS) == []
