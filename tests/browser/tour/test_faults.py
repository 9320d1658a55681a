"""The demo's four faults, found by the very steps of docs/finding-faults.md: three at most."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.demo.world import STALL_AGE_US, STALL_LENGTH_US
from tests.browser.tour.accessibility import grave_faults
from tests.browser.tour.conftest import SLOW, Tour

STEPS = Path(__file__).parents[3] / "docs" / "finding-faults.md"
MOST_STEPS = 3
DEPLOY_AGE = timedelta(hours=3)
STALL_BEGIN = timedelta(microseconds=STALL_AGE_US)
STALL_END = timedelta(microseconds=STALL_AGE_US - STALL_LENGTH_US)
FAULTS = ("The bad deploy", "The stall", "The drift", "The failing tenant")


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_written_down_in_three_steps_at_most(fault: str) -> None:
    _, _, after = STEPS.read_text(encoding="utf-8").partition(f"## {fault}\n")
    steps = re.findall(r"^(\d)\. ", after.partition("\n## ")[0], re.MULTILINE)
    assert 0 < len(steps) <= MOST_STEPS
    assert steps == [str(n + 1) for n in range(len(steps))]


def test_the_bad_deploy_is_a_new_code_of_one_engine_since_three_hours(tour: Tour) -> None:
    tour.open("/")
    pick(tour, "6 h")
    codes = [
        text.partition(". ")[2] for text in tour.page.locator(".sf-error .code").all_inner_texts()
    ]
    rank = codes.index("ENGINE_SCHEMA_MISMATCH") + 1
    tour.page.get_by_role("radio", name=f"no. {rank}", exact=True).click()
    detail = tour.page.locator(".st-key-error-detail")
    expect(detail).to_be_visible(timeout=SLOW)
    rows = detail.locator("table").filter(has_text="By engine").locator("tr")
    expect(rows).to_have_text([re.compile(r"^runway\d+100 %$")])
    tour.settle()
    errors = tour.downloaded().errors
    assert errors is not None
    [bad] = [error for error in errors.codes if error.code == "ENGINE_SCHEMA_MISMATCH"]
    since = tour.stand.made_at - DEPLOY_AGE
    assert timedelta() < bad.first_at - since < timedelta(minutes=5)
    entry = tour.page.locator(".sf-error").nth(rank - 1)
    expect(entry).to_contain_text(f"{bad.first_at:%H:%M:%S}, last at")
    assert grave_faults(tour.page) == []


def test_the_stall_is_a_backlog_while_nothing_is_processed(tour: Tour) -> None:
    tour.open("/")
    pick(tour, "12 h")
    window = tour.downloaded().window
    length = window.to - window.from_
    begin, end = (
        (tour.stand.made_at - age - window.from_) / length
        for age in (STALL_BEGIN + timedelta(minutes=15), STALL_END + timedelta(minutes=2))
    )
    tour.brush("Tasks open", begin, end)
    expect(tour.page).to_have_url(re.compile(r"minutes=\d\d&"), timeout=SLOW)
    tour.settle()
    assert int(tour.value("processing")) <= 3
    assert int(tour.value("queued")) > 150
    oldest = tour.downloaded().backlog.queued.oldest_age_ms
    assert oldest is not None
    assert 7 * 60_000 < oldest < 13 * 60_000
    expect(tour.tile("queued")).to_contain_text(f"oldest {oldest // 60_000} min")
    tour.choose("Compare with", "vs window before")
    expect(tour.heading("What changed")).to_be_visible(timeout=SLOW)
    tour.settle()
    first = tour.page.locator(".sf-changes li").first
    expect(first).to_have_text(
        re.compile(r"Queued tasks at the window's end rose from \d+ to \d{3} .* worse$")
    )


def test_the_drift_is_a_longer_time_to_complete_of_one_engine(tour: Tour) -> None:
    tour.open("/")
    pick(tour, "12 h")
    tour.choose("Compare with", "vs window before")
    expect(tour.heading("What changed")).to_be_visible(timeout=SLOW)
    tour.settle()
    changes = tour.page.locator(".sf-changes").first.locator("li").all_inner_texts()
    # A tenant who has most of his videos made by that engine may be told after it.
    told = [text for text in changes if "time to complete of" in text]
    assert len([text for text in told if "of engine=" in text]) == 1
    words = r"p95 of time to complete of engine=luma rose from (1 min \d+ s) to (1 min \d+ s) \(n"
    assert re.search(words, told[0]), told
    assert told[0].endswith("worse")
    assert grave_faults(tour.page) == []


def test_the_failing_tenant_has_more_of_the_failures_than_of_the_tasks(tour: Tour) -> None:
    tour.open("/")
    pick(tour, "24 h")
    [tenants] = [b for b in tour.downloaded().breakdowns if b.dimension == "tenant_id"]
    rates = {part.value: part.failure_rate or 0 for part in tenants.values}
    worst = max(rates, key=lambda value: rates[value])
    tour.pick_row("tenant_id", list(rates).index(worst) + 1)
    expect(tour.page.locator(".sf-chip")).to_have_text(["tenant_id: fjord"], timeout=SLOW)
    tour.settle()
    scoped = tour.downloaded()
    assert (scoped.failure_rate or 0) > 2 * max(rates[value] for value in rates if value != worst)
    codes = tour.page.locator(".sf-error .code")
    expect(codes.first).to_have_text("1. INVALID_PROMPT")
    share = tour.page.locator(".sf-error .number").first.inner_text().partition("· ")[2]
    assert float(share.rstrip(" %")) > 50


def pick(tour: Tour, length: str) -> None:
    """The first step: a longer window."""
    tour.page.get_by_role("radio", name=length, exact=True).click()
    expect(tour.heading(f"video_tasks: the {length} to")).to_be_visible(timeout=SLOW)
    tour.settle()
