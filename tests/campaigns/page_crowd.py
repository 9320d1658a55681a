"""A crowd of viewers, each with a page of his own that refreshes, and what it costs the server."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaigns.page_viewer import Answer, PageViewer, cookie_of, viewer_at
from tests.campaigns.served import PASSWORD, Served


@dataclass(kw_only=True)
class Crowd:
    """What a crowd saw. `megabytes` are the server's at the start, midway and at the end."""

    seconds: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    unanswered: int = 0
    megabytes: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used so far, on behalf of itself."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def crowd(
    served: Served, *, viewers: int, refreshes: int, every_seconds: float, keep: bool = False
) -> Crowd:
    """Each viewer refreshes at the same pace, all of them evenly spread over it.

    With `keep` the answers are kept, not only how long they took.
    """
    seen = Crowd()
    async with AsyncExitStack() as stack:
        pages = [await _opened(stack, served.port) for _ in range(viewers)]
        seen.megabytes.append(served.megabytes)
        began, cpu = time.perf_counter(), cpu_seconds(served.process.pid)
        for half in (refreshes // 2, refreshes - refreshes // 2):
            await _look(seen, pages, half, every_seconds, keep=keep)
            seen.megabytes.append(served.megabytes)
        seen.wall_seconds = time.perf_counter() - began
        seen.cpu_seconds = cpu_seconds(served.process.pid) - cpu
    return seen


async def _opened(stack: AsyncExitStack, port: int) -> PageViewer:
    cookie = await asyncio.to_thread(cookie_of, port, PASSWORD)
    page = await stack.enter_async_context(viewer_at(port, cookie, query="every=5"))
    await page.open_page()
    return page


async def _look(
    seen: Crowd, pages: Sequence[PageViewer], times: int, every_seconds: float, *, keep: bool
) -> None:
    starts = (every_seconds * place / len(pages) for place in range(len(pages)))
    looks = (
        _refresh(seen, page, start, times, every_seconds, keep=keep)
        for page, start in zip(pages, starts, strict=True)
    )
    await asyncio.gather(*looks)


async def _refresh(
    seen: Crowd, page: PageViewer, start: float, times: int, every_seconds: float, *, keep: bool
) -> None:
    await asyncio.sleep(start)
    due = time.perf_counter()
    for _ in range(times):
        await asyncio.sleep(due - time.perf_counter())
        due += every_seconds
        try:
            answer = await page.refresh()
        except TimeoutError:
            seen.unanswered += 1
            continue
        seen.seconds.append(answer.seconds)
        if keep:
            seen.answers.append(answer)
