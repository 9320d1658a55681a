"""OpenAPI 3.1 of the API, made from its operations and the models that it answers with. Pure."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboard.api import openapi_parts as parts
from dashboard.api.door import COOKIE_OPENS
from dashboard.api.operation import Operation
from dashboard.api.problems import Problem, RunsProblem, Unauthorized
from metrics_core import Source

Json = dict[str, Any]

ABOUT = """\
Figures of task queues, each of one scan of the task table.

- Every answer has an `X-Request-Id`: yours where it is 1 to 64 characters of `[A-Za-z0-9._-]`, else
  one of ours. It is in every line of the log about the request, and in the body of every error.
- HEAD is answered like GET, without the body; OPTIONS with 204 and `Allow`; other methods with 405.
- A query parameter that is not described here is a 400, and so is one that stands there twice.
- An unknown path under `/api`, `/v1` or `/schemas` is a 404 in JSON, for who has the secret.
- A right secret always passes. Wrong ones are slowed down: 429 with `Retry-After`.
"""


def description(
    operations: Sequence[Operation],
    sources: Mapping[str, Source],
    *,
    cookie_name: str,
    server: str = "/",
) -> Json:
    """The whole document. `server` is the path under which the API is served."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stillframe",
            "version": version("stillframe"),
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "paths": {each.path: {"get": _get(each, sources)} for each in operations},
        "components": {
            "schemas": _schemas(operations),
            "headers": parts.HEADERS,
            "securitySchemes": parts.security_schemes(cookie_name),
        },
    }


def _schemas(operations: Sequence[Operation]) -> Json:
    """As the models check what they read: what they write is the same, and told more exactly."""
    bodies = [each.body for each in operations if not isinstance(each.body, dict)]
    models: list[type[BaseModel]] = [*bodies, Problem, RunsProblem, Unauthorized]
    _, found = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)],
        ref_template="#/components/schemas/{model}",
    )
    schemas: Json = found["$defs"]
    return schemas


def _get(operation: Operation, sources: Mapping[str, Source]) -> Json:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.meaning,
        "security": _security(operation),
        "parameters": parts.parameters(operation, sources),
        "responses": _responses(operation),
    }


def _security(operation: Operation) -> list[Json]:
    if operation.open:
        return []
    cookie: list[Json] = [{"pageCookie": []}] if operation.path in COOKIE_OPENS else []
    return [{"adminSecret": []}, {"bearer": []}, *cookie]


def _responses(operation: Operation) -> Json:
    found = {"200": _answer(operation)}
    if operation.conditional:
        headers = parts.answer_headers(operation)
        found["304"] = parts.response("You have these figures.", headers=headers)
    if operation.open:
        return found | parts.open_problems(operation)
    return found | parts.problems(operation)


def _answer(operation: Operation) -> Json:
    headers = parts.answer_headers(operation)
    content = {"schema": _schema(operation), "example": operation.example}
    contents = dict.fromkeys(operation.media_types, content)
    return parts.response(operation.summary + ".", headers=headers, content=contents)


def _schema(operation: Operation) -> Json:
    body = operation.body
    return body if isinstance(body, dict) else parts.reference("schemas", body.__name__)
