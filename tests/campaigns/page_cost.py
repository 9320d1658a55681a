"""What a refresh of the page costs: bytes on the websocket, and CPU time of the server."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tests.campaigns.page_crowd import cpu_seconds
from tests.campaigns.page_viewer import Answer, PageViewer, cookie_of, viewer_at
from tests.campaigns.served import PASSWORD, Served

TICK_SECONDS = 0.5
FURTHER = 4
WARM_UPS = 3


@dataclass(frozen=True, kw_only=True)
class Cost:
    """CPU milliseconds of a tick without a viewer and with one, and of a further one's refresh.

    Rules of the demo's flight recorder look at each tick, so that each has a scan. All ticks have
    what the server does at rest.
    """

    tick_ms: float
    first_ms: float
    further_ms: float


async def first_answer(served: Served) -> Answer:
    """What the page sends to a browser that has just connected."""
    cookie = cookie_of(served.port, PASSWORD)
    async with viewer_at(served.port, cookie, query="every=5") as page:
        return await page.open_page()


async def refresh_answers(served: Served, times: int) -> list[Answer]:
    """What it sends at refreshes, each of another tick."""
    cookie = cookie_of(served.port, PASSWORD)
    async with viewer_at(served.port, cookie, query="every=5") as page:
        await page.open_page()
        answers = []
        for _ in range(times):
            await _next_tick()
            answers.append(await page.refresh())
        return answers


async def cost_of_refresh(served: Served, ticks: int) -> Cost:
    """Of so many ticks without a viewer, with one, and with further ones; each tick has a scan."""
    cookie = cookie_of(served.port, PASSWORD)
    async with AsyncExitStack() as stack:
        opened = [viewer_at(served.port, cookie, query="every=5") for _ in range(1 + FURTHER)]
        pages = [await stack.enter_async_context(page) for page in opened]
        for page in pages:
            await page.open_page()
            await page.refresh()
        nobody = await _cpu_ms(served, [], ticks)
        alone = await _cpu_ms(served, pages[:1], ticks)
        together = await _cpu_ms(served, pages, ticks)
    return Cost(tick_ms=nobody, first_ms=alone, further_ms=(together - alone) / FURTHER)


async def cost_of_rest(served: Served, ticks: int) -> float:
    """CPU milliseconds of the time between two ticks, of a server that has nothing to do."""
    await asyncio.sleep(WARM_UPS)
    return await _cpu_ms(served, [], ticks)


async def cost_of_floor(floor: Served, times: int) -> float:
    """CPU milliseconds of drawing the floor's elements anew, as often as there are ticks."""
    async with viewer_at(floor.port, cookie="none=") as page:
        for _ in range(WARM_UPS):
            await page.run_page()
        before = cpu_seconds(floor.process.pid)
        for _ in range(times):
            await _next_tick()
            await page.run_page()
        return 1000 * (cpu_seconds(floor.process.pid) - before) / times


async def _cpu_ms(served: Served, pages: list[PageViewer], ticks: int) -> float:
    """Of a tick."""
    before = cpu_seconds(served.process.pid)
    for _ in range(ticks):
        await _next_tick()
        for page in pages:
            await page.refresh()
    return 1000 * (cpu_seconds(served.process.pid) - before) / ticks


async def _next_tick() -> None:
    await asyncio.sleep(TICK_SECONDS - time.time() % TICK_SECONDS + 0.01)
