"""The HTTP routes of ours, in front of Streamlit's. Who may pass is the gate's to say."""

import re
from typing import Any

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.api.endpoint import AnyMethod, Endpoint, Probe
from dashboard.api.operations import OPERATIONS
from dashboard.api.problems import NOT_FOUND, problem
from dashboard.api.snapshot import download
from dashboard.archive_files import archive_files


class _Rest(PathConvertor):
    """Whatever follows. Starlette's own `path` ends before a line break."""

    regex = "(?s:.*)"


register_url_convertor("rest", _Rest())


class _Exact(Route):
    """A route that ends with its path: the `$` of Starlette's own lets a line break follow."""

    def __init__(self, path: str, endpoint: Any) -> None:
        super().__init__(path, endpoint)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")


def routes() -> list[BaseRoute]:
    """In order, the unknown ones last: there Streamlit would answer with its page, and a 200."""
    return [
        *[_Exact(each.path, Probe(each) if each.open else Endpoint(each)) for each in OPERATIONS],
        _Exact("/snapshots/{request_id}", download),
        *[_Exact(path, endpoint) for path, endpoint in archive_files().items()],
        *[_Exact(path, AnyMethod(unknown)) for path in UNKNOWN],
    ]


UNKNOWN = (
    *(pattern for root in ("/api", "/v1", "/schemas") for pattern in (root, root + "/{path:rest}")),
    "/snapshots/{path:rest}",
    "/archive/{path:rest}",
)


def unknown(request: Request) -> Response:
    """A 404 in JSON."""
    return problem(request.scope["path"], 404, NOT_FOUND, "There is no such path.")
