"""Presets: their headers, their SELECTs, and the catalogue of video_tasks."""

import re

import pytest

from metrics_core.error_codes import error_code
from metrics_core.errors import SettingsError
from metrics_core.presets import (
    FOR_PEOPLE,
    FOR_RECOGNITION,
    Place,
    preset_dialects,
    preset_header,
    preset_names,
    preset_settings,
)
from metrics_core.source import Source
from metrics_core.sqlite import Sqlite
from metrics_core.statement import bounded_select
from tests.builders import HOUR

EVERY_SELECT = [(name, each) for name in preset_names() for each in preset_dialects(name)]

CATALOGUE = {
    "Video generation timed out. Please try again.": "ENGINE_TIMEOUT",
    "Service busy. Please wait and retry.": "ENGINE_RATE_LIMITED",
    "Video service temporarily unavailable.": "ENGINE_UNAVAILABLE",
    "Service configuration error.": "ENGINE_AUTH_ERROR",
    "Video generation temporarily disabled.": "ENGINE_CIRCUIT_OPEN",
    "Invalid prompt. Check content guidelines.": "INVALID_PROMPT",
    "Task exceeded maximum processing time.": "TASK_TIMEOUT",
    "An unexpected error occurred.": "UNKNOWN_ERROR",
}


def preset_source(name: str, dialect: str) -> Source:
    return Source(name=name, url="sqlite://", **preset_settings(name, dialect))


def test_the_presets_are_known_by_name() -> None:
    assert {"agent_events", "video_tasks"} <= {*preset_names()}
    assert list(preset_names()) == sorted(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_every_header_has_a_title_and_names_its_table(name: str) -> None:
    header = preset_header(name)
    assert header["title"].strip()
    select = preset_settings(name, "postgresql")["sql"]
    assert re.search(rf"(\bFROM|\bJOIN) ([a-z_]+\.)?{next(iter(header['tables']))}\b", select)


@pytest.mark.parametrize(("name", "dialect"), EVERY_SELECT)
def test_every_preset_is_a_source_whose_select_has_its_dimensions(name: str, dialect: str) -> None:
    source = preset_source(name, dialect)
    assert all(re.search(rf"\b{each}\b", source.sql) for each in source.dimensions)
    assert not source.sql.startswith("--")
    assert not source.sql.endswith(";")


@pytest.mark.parametrize(("name", "dialect"), EVERY_SELECT)
def test_no_preset_asks_the_database_what_time_it_is(name: str, dialect: str) -> None:
    sql = preset_source(name, dialect).sql.lower()
    assert not re.search(r"\bnow\b|current_timestamp|current_date|clock_timestamp", sql)


@pytest.mark.parametrize(("message", "code"), CATALOGUE.items())
def test_video_tasks_knows_the_sentences_of_the_catalogue(message: str, code: str) -> None:
    rules = preset_source("video_tasks", "postgresql").errors
    assert error_code(message, rules) == code
    assert error_code(f"engine runway: {message} (attempt 3)", rules) == code


def test_video_tasks_has_the_eight_rules_and_no_more() -> None:
    rules = preset_source("video_tasks", "postgresql").errors
    assert {rule.match: rule.code for rule in rules} == CATALOGUE


def test_video_tasks_reads_no_column_that_metrics_do_not_need() -> None:
    sql = preset_source("video_tasks", "postgresql").sql
    assert not re.search(r"title|prompt|url|params|progress|\*", sql)


def test_agent_events_has_a_select_of_its_own_for_sqlite() -> None:
    assert "DISTINCT ON" in preset_source("agent_events", "postgresql").sql
    assert "DISTINCT ON" not in preset_source("agent_events", "sqlite").sql


@pytest.mark.parametrize(("name", "dialect"), EVERY_SELECT)
def test_the_colons_of_a_preset_are_only_windows_and_casts(name: str, dialect: str) -> None:
    source = preset_source(name, dialect)
    filled = bounded_select(Sqlite.__new__(Sqlite), source, HOUR)
    assert ":window" not in filled


@pytest.mark.parametrize("name", preset_names())
def test_a_header_holds_what_is_known_of_a_source_and_nothing_else(name: str) -> None:
    header = preset_header(name)
    settings = {*Source.model_fields} - {"name", "url", "sql", "preset"}
    assert {*header} <= {*FOR_PEOPLE, *FOR_RECOGNITION, *settings}
    assert all(columns for columns in header["tables"].values())


@pytest.mark.parametrize("name", {*preset_names()} - {"video_tasks", "agent_events"})
def test_a_job_systems_header_tells_people_what_to_know(name: str) -> None:
    header = preset_header(name)
    assert {*FOR_PEOPLE} <= {*header}
    told = [header["title"], header["versions"], header["retention"], header["indexes"]]
    assert all(text.strip() for text in [*told, *header["traps"]])


def test_a_place_names_schema_prefix_and_table_quoted() -> None:
    def tables(place: Place) -> list[str]:
        select = preset_settings("pgqueuer", "postgresql", place)["sql"]
        return sorted(set(re.findall(r"(?:FROM|JOIN) (\S*pgqueuer\S*|\S*odd\S*)", select)))

    assert tables(Place()) == ["pgqueuer", "pgqueuer_log"]
    assert tables(Place(schema='a"b', prefix="X_")) == [
        '"a""b"."X_pgqueuer"',
        '"a""b"."X_pgqueuer_log"',
    ]
    assert tables(Place(table="odd;--")) == ['"odd;--"', '"pgqueuer_log"']


@pytest.mark.parametrize("name", ["", "a" * 64, "a\0b", "a\nb", ":window_to", "ä" * 32])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="is no name of a schema or a table"):
        preset_settings("pgboss", "postgresql", Place(schema=name))


def test_a_usual_schema_stands_in_the_select_of_postgresql_only() -> None:
    assert "FROM dbos.workflow_status" in preset_settings("dbos", "postgresql")["sql"]
    assert "FROM workflow_status" in preset_settings("dbos", "sqlite")["sql"]


def test_a_system_that_sqlite_never_has_is_refused_there() -> None:
    with pytest.raises(SettingsError, match="the preset pgboss is of postgresql only"):
        preset_settings("pgboss", "sqlite")
