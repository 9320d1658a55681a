"""The API's description: nothing forgotten, nothing promised that is not so, examples that hold."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.api.door import is_api
from dashboard.api.example_answers import snapshot_example
from dashboard.api.operation import Operation
from dashboard.api.operations import OPERATIONS
from dashboard.api.routes import UNKNOWN, routes
from metrics_core import Snapshot
from metrics_core.digest import digests
from tests.api_examples import FILE, example_snapshot
from tests.unit.api.conftest import PASSWORD, RIGHT

OPEN = {"/healthz", "/readyz"}
PATHS = [each.path for each in OPERATIONS]
ASKED = [each for each in OPERATIONS if each.numbers]
PAST = "2026-01-30T11:00:00Z"


@pytest.fixture
def described(client: TestClient) -> dict[str, Any]:
    """What the served API says of itself."""
    document: dict[str, Any] = client.get("/openapi.json", headers=RIGHT).json()
    return document


def get(described: dict[str, Any], path: str) -> dict[str, Any]:
    """The description of a path's GET."""
    found: dict[str, Any] = described["paths"][path]["get"]
    return found


def query_names(described: dict[str, Any], path: str) -> list[str]:
    """The described parameters of a path's query."""
    return [one["name"] for one in get(described, path)["parameters"] if one["in"] == "query"]


def always_there(response: dict[str, Any], described: dict[str, Any]) -> list[str]:
    """The headers, in lower case, that the response is described to have in any case."""
    headers = described["components"]["headers"]
    return [name.lower() for name in response["headers"] if headers[name]["required"]]


def whole(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """The schema with the components that it may refer to."""
    return {**schema, "components": described["components"]}


def test_every_route_of_the_api_is_described_and_the_reverse(described: dict[str, Any]) -> None:
    served = {route.path for route in routes() if isinstance(route, Route)} - set(UNKNOWN)
    assert {path for path in served if is_api(path) or path in OPEN} == set(described["paths"])


def test_it_says_the_version_of_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    names = [get(described, path)["operationId"] for path in described["paths"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", PATHS)
def test_the_example_of_each_answer_fits_its_schema(described: dict[str, Any], path: str) -> None:
    for response in get(described, path)["responses"].values():
        for content in response.get("content", {}).values():
            schema = whole(content["schema"], described)
            Draft202012Validator.check_schema(schema)
            if "example" in content:
                Draft202012Validator(schema).validate(content["example"])
    answers = get(described, path)["responses"]["200"]["content"].values()
    assert all(answer["example"] for answer in answers)


@pytest.mark.parametrize("path", PATHS)
def test_the_live_answer_fits_its_schema(
    described: dict[str, Any], client: TestClient, path: str
) -> None:
    answer = client.get(path, headers=RIGHT)
    response = get(described, path)["responses"][str(answer.status_code)]
    assert set(always_there(response, described)) <= {*answer.headers.keys()}
    media_type = answer.headers["Content-Type"].partition(";")[0]
    value = answer.json() if media_type.endswith("json") else answer.text
    Draft202012Validator(whole(response["content"][media_type]["schema"], described)).validate(
        value
    )


@pytest.mark.parametrize("path", [path for path in PATHS if path not in OPEN])
def test_the_described_names_are_those_that_are_known(
    described: dict[str, Any], client: TestClient, path: str
) -> None:
    refused = client.get(path, params={"no-such-name": "1"}, headers=RIGHT)
    assert refused.status_code == 400
    message = refused.json()["message"]
    known = re.search(r"known: (.*)", message)
    assert known is not None
    assert known[1] == (", ".join(query_names(described, path)) or "none")


@pytest.mark.parametrize("operation", ASKED, ids=lambda each: each.path)
def test_whole_numbers_are_taken_to_the_described_ends_and_no_further(
    described: dict[str, Any], client: TestClient, operation: Operation
) -> None:
    path, past = operation.path, {"to": PAST} if "to" in operation.asks else {}
    numbers = [
        each for each in get(described, path)["parameters"] if each["schema"]["type"] == "integer"
    ]
    assert numbers
    for number in numbers:
        most = number["schema"]["maximum"]
        statuses = [
            client.get(path, params={number["name"]: value, **past}, headers=RIGHT).status_code
            for value in (0, 1, most, most + 1)
        ]
        assert statuses == [400, 200, 200, 400]


def test_the_window_has_its_default_length(described: dict[str, Any], client: TestClient) -> None:
    path = "/api/admin/metrics-snapshot"
    default = get(described, path)["parameters"][0]["schema"]["default"]
    body = client.get(path, params={"to": PAST}, headers=RIGHT).json()
    assert body["window"]["minutes"] == default == 60


def test_sources_and_dimensions_are_those_that_are_configured(described: dict[str, Any]) -> None:
    parameters = get(described, "/api/admin/metrics-snapshot")["parameters"]
    by_name = {each["name"]: each for each in parameters}
    assert by_name["source"]["schema"]["enum"] == ["tasks"]
    assert by_name["queue"]["schema"] == {"type": "string"}
    assert not any(each.get("required") for each in parameters)


@pytest.mark.parametrize("path", PATHS)
def test_the_ways_in_are_those_that_open(
    described: dict[str, Any], client: TestClient, path: str
) -> None:
    ways = [next(iter(way)) for way in get(described, path)["security"]]
    assert (client.get(path).status_code != 401) == (ways == [])
    assert client.post("/login", data={"password": PASSWORD}).status_code == 303
    cookie_opens = client.get(path).status_code != 401
    assert cookie_opens == (ways == [] or "pageCookie" in ways)
    scheme = described["components"]["securitySchemes"]["pageCookie"]
    assert scheme["name"] in client.cookies


def test_every_refusal_that_is_given_is_described(
    described: dict[str, Any], client: TestClient
) -> None:
    path = "/api/admin/metrics-snapshot"
    given = [client.get(path, params={"minutes": "x"}, headers=RIGHT)]
    given += [client.get(path), client.post(path, headers=RIGHT)]
    given += [client.get(path, headers={"X-Admin-Secret": "wrong"}) for _ in range(6)]
    assert {answer.status_code for answer in given} == {400, 401, 405, 429}
    for answer in given:
        response = get(described, path)["responses"][str(answer.status_code)]
        schema = whole(response["content"]["application/json"]["schema"], described)
        Draft202012Validator(schema).validate(answer.json())
        assert set(always_there(response, described)) <= {*answer.headers.keys()}


def test_the_snapshot_s_schema_is_served(client: TestClient) -> None:
    answer = client.get("/schemas/snapshot.json", headers=RIGHT)
    assert answer.headers["Content-Type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(snapshot_example())
    assert not Draft202012Validator(schema).is_valid({**snapshot_example(), "rows": 1})


def test_it_says_where_it_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json", headers=RIGHT).json()["servers"] == [{"url": "/"}]


def test_the_example_is_what_is_measured_today(tmp_path: Path) -> None:
    """Where the model has changed: `python -m tests.api_examples`."""
    kept = Snapshot.from_json(FILE.read_bytes())
    assert kept.to_json() == FILE.read_text(encoding="utf-8")
    assert (kept.digest.content, kept.digest.document) == digests(
        {name: value for name, value in snapshot_example().items() if name != "digest"}
    )
    assert kept.digest.content == example_snapshot(tmp_path).digest.content
