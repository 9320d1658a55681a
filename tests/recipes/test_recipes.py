"""Real job systems, installed and run by recipes: the counts and codes are what each prints.

Off unless STILLFRAME_RECIPES names a folder of scripts NAME.sh; each takes the url of an empty
database, and its last line is EXPECT and a JSON object. RECIPE_HOME keeps what they install.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from metrics_core import Source, Window, take_snapshot
from metrics_core.recognise import recognised_sources
from tests.integration.test_job_systems import codes
from tests.job_tables import drop_schemas

FOLDER = os.environ.get("STILLFRAME_RECIPES")
RECIPES = sorted(Path(FOLDER).glob("*.sh")) if FOLDER else []
pytestmark = pytest.mark.skipif(not FOLDER, reason="STILLFRAME_RECIPES names no folder")


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    yield postgres_url
    drop_schemas(postgres_url)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_a_real_system_is_counted_as_its_recipe_says(
    empty_database: str, tmp_path: Path, recipe: Path
) -> None:
    wanted = expectation(recipe, empty_database, tmp_path)
    for name, source in recognised_sources(empty_database).items():
        extended = "ext" in wanted and name.endswith("ext")
        counts = wanted["ext"]["normalized"] if extended else wanted["normalized"]
        assert figures(source, [*counts]) == (counts, wanted["errors"])


def expectation(recipe: Path, url: str, home: Path) -> dict[str, Any]:
    """Runs the recipe, and reads what it expects."""
    with psycopg.connect(url) as connection:
        host = connection.info.host
    run = subprocess.run(
        ["bash", recipe, url],
        env={"RECIPE_HOME": str(home), **os.environ, "PGHOST": host, "PGUSER": "postgres"},
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    last = run.stdout.strip().rsplit("\n", 1)[-1]
    found: dict[str, Any] = json.loads(last.removeprefix("EXPECT "))
    return found


def figures(source: Source, states: list[str]) -> tuple[dict[str, int | None], dict[str, int]]:
    """The counts of these states, and those error codes that are no mere messages."""
    # A live window ends at a whole second: the last jobs are of this very one.
    window = Window.ending_now(datetime.now(UTC) + timedelta(seconds=1), minutes=60)
    found = take_snapshot(source, window)
    counts = {state: getattr(found.tasks, state) for state in states}
    return counts, {code: n for code, n in codes(found).items() if " " not in code}
