"""How fast the page is: `python -m tests.benchmarks.page`, about two minutes.

Three tables of the demo's last hour. From the navigation to all charts drawn, in turns with the
floor: the same elements sent as constants by an app without a gate. What one refresh moves on the
websocket. What a refresh costs the server in CPU beyond what it takes at rest: the scan of its
tick, which all viewers and the flight recorder share, and the drawing; and of such a floor.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.page_cost import (
    TICK_SECONDS,
    Cost,
    cost_of_floor,
    cost_of_refresh,
    cost_of_rest,
    first_answer,
    refresh_answers,
)
from tests.campaigns.page_floor import floor_of
from tests.campaigns.page_sources import living_demo
from tests.campaigns.page_timing import browser_context, drawn_after_ms, shifts, wait_for_refresh
from tests.campaigns.page_viewer import Answer
from tests.campaigns.served import PASSWORD, Served, served

REFRESHES_WATCHED = 3
TICKS = 40
SETTLED_MS = 3_000


@dataclass(frozen=True, kw_only=True)
class Navigation:
    """Milliseconds to all charts drawn, ours and the floor's in turn; and what moved."""

    ours: list[float]
    floor: list[float]
    shift_at_load: float
    shift_at_refreshes: float


def main() -> None:
    rounds = _rounds()
    os.environ["STILLFRAME_TICK_SECONDS"] = str(TICK_SECONDS)
    with (
        living_demo() as config,
        tempfile.TemporaryDirectory() as name,
        served(config, Path(name) / "log") as server,
    ):
        refreshes = asyncio.run(refresh_answers(server, 5))
        _print_bytes(refreshes)
        with floor_of(refreshes[-1], Path(name)) as floor:
            least_ms = asyncio.run(cost_of_floor(floor, TICKS))
        _print_cost(asyncio.run(cost_of_refresh(server, TICKS)), least_ms, _rest_ms(config))
        answer = asyncio.run(first_answer(server))
        with floor_of(answer, Path(name)) as floor:
            _print_navigation(navigation(server, f"http://127.0.0.1:{floor.port}/", rounds))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _rest_ms(config: Path) -> float:
    with (
        tempfile.TemporaryDirectory() as name,
        served(config, Path(name) / "log", archives=False) as server,
    ):
        return asyncio.run(cost_of_rest(server, TICKS))


def _rounds() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="navigations to each of the two")
    rounds: int = parser.parse_args().rounds
    return rounds


def navigation(server: Served, floor: str, rounds: int) -> Navigation:
    """Both pages in turn, once each to warm up."""
    ours, theirs = list[float](), list[float]()
    with browser_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/login")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        address = f"http://127.0.0.1:{server.port}/?every=2"
        for number in range(rounds + 1):
            for where, took in ((address, ours), (floor, theirs)):
                ms = drawn_after_ms(page, where)
                if number:
                    took.append(ms)
        drawn_after_ms(page, address)
        page.wait_for_timeout(SETTLED_MS)
        at_load = shifts(page)
        for _ in range(REFRESHES_WATCHED):
            wait_for_refresh(page)
        page.wait_for_timeout(500)
        return Navigation(
            ours=ours,
            floor=theirs,
            shift_at_load=at_load,
            shift_at_refreshes=shifts(page) - at_load,
        )


def _print_navigation(seen: Navigation) -> None:
    ratio = statistics.median(seen.ours) / statistics.median(seen.floor)
    print("| navigation to all charts drawn, medians | Stillframe | floor | ratio |")
    print("|---|---|---|---|")
    print(
        f"| {len(seen.ours)} each, in turn | {_ms(seen.ours)} | {_ms(seen.floor)} | {ratio:.2f} |"
    )
    print(f"layout shift: {seen.shift_at_load:.4f} at the first load, ", end="")
    print(f"{seen.shift_at_refreshes:.4f} in {REFRESHES_WATCHED} refreshes\n", flush=True)


def _ms(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ms ({min(values):,.0f} to {max(values):,.0f})"


def _print_bytes(answers: list[Answer]) -> None:
    wire = statistics.median(answer.wire_bytes for answer in answers)
    payload = statistics.median(answer.payload_bytes for answer in answers)
    messages = statistics.median(len(answer.messages) for answer in answers)
    print("| one refresh, medians | on the wire | before compression | messages |")
    print("|---|---|---|---|")
    print(
        f"| of {len(answers)} | {wire / 1e3:.1f} kB | {payload / 1e3:.1f} kB | {messages:.0f} |\n",
        flush=True,
    )


def _print_cost(cost: Cost, floor_ms: float, rest_ms: float) -> None:
    print("| CPU | at rest | a tick's scan | a refresh | both | a further refresh | its floor |")
    print("|---|---|---|---|---|---|---|")
    scan_ms, both_ms = cost.tick_ms - rest_ms, cost.first_ms - rest_ms
    told = (rest_ms, scan_ms, both_ms - scan_ms, both_ms, cost.further_ms, floor_ms - rest_ms)
    print(f"| means | {' | '.join(f'{ms:.1f} ms' for ms in told)} |\n", flush=True)


if __name__ == "__main__":
    main()
