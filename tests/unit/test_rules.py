"""Rules of the flight recorder: what may be written, and what is read of a snapshot."""

from pathlib import Path

import pytest

from metrics_core import Snapshot, take_snapshot
from metrics_core.errors import SettingsError
from metrics_core.rules import FIGURES, NAMED_OTHERWISE, parsed, reading
from metrics_core.source import DECLARABLE_FIGURES
from metrics_core.source_file import load_sources
from tests.builders import HOUR, row, sqlite_source

COLUMNS = "id, status, created_at, started_at, finished_at, error, queue"


@pytest.mark.parametrize(
    ("text", "definite"),
    [
        ("failure_rate > 0.2", "failure_rate > 0.2"),
        ("  backlog_age_seconds>600 ", "backlog_age_seconds > 600"),
        ("completed < 10.0", "completed < 10"),
        ("p95_ms.time_to_complete by queue > 60000", "p95_ms.time_to_complete by queue > 60000"),
    ],
)
def test_a_rule_has_one_definite_form(text: str, definite: str) -> None:
    assert parsed(text, ["queue"]).text == definite


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no rule: write figure > number, as failure_rate > 0.2"),
        ("failure_rate = 0.2", "is no rule"),
        ("failure_rate > 20%", "is no rule"),
        ("failure_rate >= 0.2", "is no rule"),
        ("failure_rate > -1", "is no rule"),
        ("failure_rate > 1e3", "is no rule"),
        ("failure_rat > 0.2", "there is no figure 'failure_rat'; did you mean failure_rate?"),
        ("xyz > 1", "there is no figure 'xyz'; known: failure_rate, no_completed_for, backlog_age"),
        ("failure_rate > 20", "a failure rate is a share: its limit lies below 1"),
        ("no_completed_for > 3600", "only the last hour is looked at"),
        ("failure_rate by engine > 0.1", "'engine' is no dimension here; known: queue"),
        ("backlog_age_seconds by queue > 9", "backlog_age_seconds is not broken down; what is: "),
    ],
)
def test_what_is_no_rule_is_refused_with_what_may_stand_there(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parsed(text, ["queue"])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('["failed > 1", "failed>1.0"]', "record_when: a rule stands there twice"),
        ('["nonsense"]', "record_when: 'nonsense' is no rule"),
        ('["failed by engine > 1"]', "'engine' is no dimension here; known: none"),
        ('"failed > 1"', "record_when: Input should be a list"),
    ],
)
def test_the_settings_name_the_place_of_a_wrong_rule(tmp_path: Path, rules: str, said: str) -> None:
    file = tmp_path / "stillframe.toml"
    block = '[sources.tasks]\nurl = "sqlite:////q.db"\nsql = "SELECT 1"\nrecord_when = '
    file.write_text(block + rules)
    with pytest.raises(SettingsError) as caught:
        load_sources(file, {})
    assert str(caught.value).startswith(f"{file}: sources.tasks")
    assert said in str(caught.value)
    file.write_text(f'{block}["failed > 1"]')
    source = load_sources(file, {})["tasks"]
    assert [rule.text for rule in source.rules] == ["failed > 1"]


def test_rules_shape_no_figure(tmp_path: Path) -> None:
    plain = sqlite_source(tmp_path, [row("a", "queued", created=0)])
    ruled = plain.model_copy(update={"record_when": ("failed > 1",)})
    assert ruled.definitions_sha256 == plain.definitions_sha256


@pytest.fixture(name="busy")
def taken(tmp_path: Path) -> Snapshot:
    """Of two queues: one whose tasks fail half the time, one with 30 good ones, few of a third."""
    rows = [row("old", "queued", created=3_000, queue="good")]
    rows += [row("running", "processing", created=100, started=3_300, queue="good")]
    for n in range(40):
        status = "failed" if n % 2 else "completed"
        rows.append(row(f"b{n}", status, created=n, started=n, finished=n + 9, queue="bad"))
    for n in range(30):
        rows.append(
            row(f"g{n}", "completed", created=n, started=n + 1, finished=n + 3, queue="good")
        )
    rows += [row("few", "failed", created=1, started=2, finished=903, queue="few")]
    rows += [row("last", "completed", created=1, started=899, finished=900, queue="few")]
    source = sqlite_source(tmp_path, rows, columns=COLUMNS, dimensions=("queue",))
    return take_snapshot(source, HOUR)


@pytest.mark.parametrize(
    ("rule", "value", "tasks", "of"),
    [
        ("failure_rate > 0.2", 21 / 72, 72, None),
        ("failure_rate by queue > 0.2", 0.5, 40, 'queue="bad"'),
        ("failure_rate by queue < 0.2", 0.0, 30, 'queue="good"'),
        ("failed by queue > 1", 20, None, 'queue="bad"'),
        ("p95_ms.time_to_complete by queue > 1", 9_000, 20, 'queue="bad"'),
        ("p95_ms.time_to_complete > 1", 9_000, 51, None),
        ("max_ms.time_to_processing > 1", 898_000, 51, None),
        ("backlog_age_seconds > 1", 600, None, None),
        ("processing_age_seconds > 1", 300, None, None),
        ("created > 1", 74, None, None),
        ("queued > 1", 1, None, None),
        ("no_completed_for > 1", 3600 - 960, None, None),  # its minute ends at 10:16
    ],
)
def test_a_figure_is_that_of_the_snapshot(
    busy: Snapshot, rule: str, value: float, tasks: int | None, of: str | None
) -> None:
    found = reading(parsed(rule, ["queue"]), busy)
    assert found is not None
    assert found.value == pytest.approx(value, abs=1e-6)
    assert (found.tasks, found.of) == (tasks, of)


def test_where_nothing_waits_its_age_is_0_and_where_nothing_ended_there_is_no_rate(
    tmp_path: Path,
) -> None:
    source = sqlite_source(tmp_path, [row("a", "cancelled", created=1, finished=2)])
    empty = take_snapshot(source, HOUR)
    found = {figure: reading(parsed(f"{figure} > 0.5", ()), empty) for figure in FIGURES}
    values = {figure: each.value if each else None for figure, each in found.items()}
    assert (values["backlog_age_seconds"], values["processing_age_seconds"]) == (0, 0)
    assert (values["failure_rate"], values["p95_ms.time_to_complete"]) == (None, None)
    assert values["no_completed_for"] == 3600
    assert reading(parsed("failure_rate by queue > 0.1", ["queue"]), empty) is None


def test_what_the_source_cannot_tell_is_not_measurable(tmp_path: Path) -> None:
    figures = {**dict.fromkeys(DECLARABLE_FIGURES, "it keeps none"), "tasks.created": "x"}
    source = sqlite_source(
        tmp_path,
        [row("a", "queued", created=1), row("b", "completed", created=1, finished=5)],
        not_measurable=figures,
    )
    blank = take_snapshot(source, HOUR)
    measured = {f for f in FIGURES if reading(parsed(f"{f} > 0.5", ()), blank) is not None}
    assert measured == {"failed", "cancelled"}


def test_every_figure_but_those_that_are_always_there_can_be_declared() -> None:
    assert set(NAMED_OTHERWISE) == set(FIGURES)
    always = {"tasks.failed", "tasks.cancelled"}
    assert set(NAMED_OTHERWISE.values()) - always <= set(DECLARABLE_FIGURES)
