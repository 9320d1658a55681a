"""docs/your-queue.md: a line a preset, with what its header says."""

from pathlib import Path

import pytest

from metrics_core.presets import preset_header, preset_names

LINES = (Path(__file__).parents[2] / "docs/your-queue.md").read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_has_a_line_that_tells_what_cannot_be_measured(name: str) -> None:
    header = preset_header(name)
    (line,) = [line for line in LINES if line.startswith(f"| `{name}` | {header['title']}")]
    assert all(f"`{figure}`" in line for figure in header.get("not_measurable", ()))
    assert header.get("retention", "all") in line
