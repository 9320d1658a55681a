"""Pages that refresh, over their real websockets: what they show, and how much that moves."""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import TypeVar

import pytest

from dashboard import wording
from metrics_core import Snapshot
from tests.campaigns.page_cost import refresh_answers
from tests.campaigns.page_crowd import crowd
from tests.campaigns.page_sources import living_demo
from tests.campaigns.page_viewer import Answer, cookie_of
from tests.campaigns.served import PASSWORD, Served, served

Result = TypeVar("Result")

MOST_WIRE_BYTES = 21_500
MOST_PAYLOAD_BYTES = 57_000
MOST_MESSAGES = 70
TILES = ("created", "completed", "failed", "cancelled", "processing", "queued")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo, with ticks of half a second."""
    folder = tmp_path_factory.mktemp("sessions")
    with pytest.MonkeyPatch.context() as patch, living_demo() as config:
        patch.setenv("STILLFRAME_TICK_SECONDS", "0.5")
        with served(config, folder / "log") as running:
            yield running


def ended(work: Coroutine[object, object, Result]) -> Result:
    """What the work came to, in a thread: a browser of other tests may hold this one's loop."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()


def test_a_refresh_moves_few_bytes(server: Served) -> None:
    for answer in ended(refresh_answers(server, 3)):
        assert answer.wire_bytes < MOST_WIRE_BYTES
        assert answer.payload_bytes < MOST_PAYLOAD_BYTES
        assert len(answer.messages) < MOST_MESSAGES
        assert sum(e.WhichOneof("type") == "vega_lite_chart" for e in answer.elements) == 4


def test_ten_pages_that_refresh_at_once_all_show_the_figures_of_their_snapshot(
    server: Served,
) -> None:
    seen = ended(crowd(server, viewers=10, refreshes=2, every_seconds=1.0, keep=True))
    assert (len(seen.answers), seen.unanswered) == (20, 0)
    snapshots = {_request_id(answer): _snapshot(server, answer) for answer in seen.answers}
    assert len(snapshots) > 1, "the pages were never drawn anew"
    for answer in seen.answers:
        tasks = snapshots[_request_id(answer)].tasks
        assert _tiles(answer) == {name: wording.count(getattr(tasks, name)) for name in TILES}


def _request_id(answer: Answer) -> str:
    (found,) = re.findall(r'href="snapshots/([^"]+)" download', answer.html)
    assert isinstance(found, str)
    return found


def _tiles(answer: Answer) -> dict[str, str]:
    return dict(re.findall(r'class="sf-tile (\w+)".*?class="value"[^>]*>(.*?)<', answer.html))


def _snapshot(server: Served, answer: Answer) -> Snapshot:
    """The download that the page offers."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        cookie = {"Cookie": cookie_of(server.port, PASSWORD)}
        connection.request("GET", f"/snapshots/{_request_id(answer)}", headers=cookie)
        return Snapshot.from_json(connection.getresponse().read())
    finally:
        connection.close()
