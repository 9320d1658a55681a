"""Our style in the page that Streamlit serves: compressed, in part, or asked for its head."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app import create_streamlit_middleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from dashboard.styled import Styled

PAGE = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
CSS = files("dashboard").joinpath("page.css").read_text(encoding="utf-8")


async def report(_request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"Content-Disposition": "attachment"})


@pytest.fixture(scope="module")
def streamlit() -> Iterator[TestClient]:
    app = Starlette(
        routes=[Route("/report.html", report), *create_streamlit_static_assets_routes("")],
        middleware=[Middleware(Styled), *create_streamlit_middleware()],
    )
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/?minutes=60", "/no/such/path"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_page_has_our_style_at_the_end_of_its_head_and_is_else_as_it_was(
    streamlit: TestClient, path: str, encoding: str
) -> None:
    answer = streamlit.get(path, headers={"Accept-Encoding": encoding})
    style = f"<style>\nhtml {{\n{CSS}}}\n</style>\n  </head>"
    assert answer.status_code == 200
    assert answer.text == PAGE.replace("</head>", style)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_page_has_no_tag_of_the_page_without_the_style(streamlit: TestClient) -> None:
    headers = streamlit.get("/").headers
    assert not {"etag", "last-modified", "content-encoding"} & set(headers)


def test_a_part_of_the_page_is_answered_with_all_of_it(streamlit: TestClient) -> None:
    answer = streamlit.get("/", headers={"Range": "bytes=0-99"})
    assert (answer.status_code, answer.text) == (200, streamlit.get("/").text)


def test_its_head_alone_has_the_length_of_all_of_it(streamlit: TestClient) -> None:
    whole = streamlit.get("/").headers["content-length"]
    assert streamlit.head("/").headers["content-length"] == whole


def test_what_is_not_the_page_stays_as_it_is(streamlit: TestClient) -> None:
    script = re.search(r'src="\.(/static/js/index\.[^"]+)"', PAGE)
    assert script is not None
    answer = streamlit.get(script[1])
    assert "immutable" in answer.headers["cache-control"]
    assert "etag" in answer.headers
    assert streamlit.get("/report.html").text == PAGE
    assert streamlit.post("/").status_code == 405


def test_the_style_can_stand_inside_one_rule_and_one_element() -> None:
    assert "</" not in CSS
    assert "@import" not in CSS
    assert CSS.count("{") == CSS.count("}")
