"""docs/deployment.md speaks of what there is: variables, commands, options, paths, metrics."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from dashboard.api import prometheus
from dashboard.api.routes import routes
from dashboard.cli import stillframe

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)


def block(kind: str, containing: str = "") -> str:
    found: str
    (found,) = [text for name, text in BLOCKS if name == kind and containing in text]
    return found


def test_the_table_of_variables_is_what_the_settings_read() -> None:
    rows = re.findall(r"^\| `(STILLFRAME_\w+)` \|", DOCS, re.MULTILINE)
    settings = (ROOT / "dashboard" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'environ\.get\(\s*"(STILLFRAME_\w+)"', settings))
    assert set(rows) == read
    assert len(rows) == len(read) > 8


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        path.name
        for path in (ROOT / "dashboard").rglob("*.py")
        if re.search(r"environ(\.get\(|\[)\s*\"STILLFRAME_", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["settings.py"]


def test_each_variable_that_the_docs_set_is_one_of_the_table() -> None:
    rows = set(re.findall(r"^\| `(STILLFRAME_\w+)` \|", DOCS, re.MULTILINE))
    assert set(re.findall(r"STILLFRAME_[A-Z_]+", DOCS)) == rows


def served_options(words: list[str]) -> dict[str, object]:
    """What `stillframe serve` makes of these words; click refuses unknown ones."""
    program, command, *arguments = words
    assert Path(program).name == "stillframe"
    return dict(stillframe.commands[command].make_context(command, arguments).params)


def test_the_container_starts_stillframe_for_the_port_that_it_shows() -> None:
    dockerfile = block("dockerfile")
    command = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[-1]
    options = served_options(json.loads(command))
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", dockerfile, re.MULTILINE)
    assert (options["host"], options["port"]) == ("0.0.0.0", int(exposed))
    assert options["no_browser"] is True


def test_the_container_is_no_root_and_has_a_python_that_will_do() -> None:
    dockerfile = block("dockerfile")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (wanted,) = re.findall(r'^requires-python = "(.*)"$', project, re.MULTILINE)
    (python,) = re.findall(r"^FROM python:([\d.]+)-slim$", dockerfile, re.MULTILINE)
    assert SpecifierSet(wanted).contains(python)
    assert "\nUSER stillframe\n" in dockerfile
    assert "ENV" not in re.findall(r"^[A-Z]+", dockerfile, re.MULTILINE)


def test_the_image_holds_only_files_that_are_named_and_needed() -> None:
    copied = re.findall(r"^COPY (?:--\S+ )?(.+) \S+$", block("dockerfile"), re.MULTILINE)
    names = {name for line in copied for name in line.split()} - {"stillframe.toml"}
    assert all((ROOT / name).exists() for name in names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert names == needed | {*wheel["packages"], *wheel["force-include"]}


def test_the_health_check_is_python_and_asks_a_path_that_there_is() -> None:
    (check,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", block("dockerfile"), re.MULTILINE)
    python, flag, code = json.loads(check)
    assert (python, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    (asked,) = re.findall(r"http://127\.0\.0\.1:8501(/\w+)", code)
    assert asked in {getattr(route, "path", None) for route in routes()}


def test_the_unit_starts_stillframe_for_the_port_of_the_proxies() -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", block("ini"), re.MULTILINE)
    options = served_options(shlex.split(command))
    assert options["config"] == Path("/etc/stillframe/stillframe.toml")
    assert set(re.findall(r"127\.0\.0\.1:(8\d+)", DOCS)) == {str(options["port"])}


@pytest.mark.parametrize("line", ["DynamicUser=yes", "ProtectSystem=strict", "Restart=on-failure"])
def test_the_unit_is_hardened_and_comes_back(line: str) -> None:
    assert f"\n{line}\n" in block("ini")


def test_alerts_are_on_metrics_and_labels_that_there_are() -> None:
    rules = block("yaml", "groups:")
    gauges = {gauge.name: gauge.labels for gauge in prometheus.GAUGES}
    gauges |= {"stillframe_up": (), "stillframe_archive_up": ()}
    named = re.findall(r"(stillframe_\w+)(?:\{([^}]*)\})?", rules)
    assert len(named) >= 4
    for name, labels in named:
        assert set(re.findall(r'(\w+)=~?"', labels)) <= {*gauges[name], "source"}
