"""Our style in Streamlit's page as it is served: there before its first element is laid out.

Sent with the elements, it would come after some of them, and move them. Knows nothing of who looks.
"""

from functools import cache
from importlib.resources import files

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

END_OF_HEAD = "</head>"


class Styled:
    """Answers as `app` does, but for Streamlit's page, which gets our style into its head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        shows_page = False

        async def send_all_but_the_page(message: Message) -> None:
            nonlocal shows_page
            if message["type"] == "http.response.start":
                shows_page = _is_page(message)
            if not shows_page:
                await send(message)

        await self._app(scope, receive, send_all_but_the_page)
        if shows_page:
            await HTMLResponse(styled_page())(scope, receive, send)


def _is_page(start: Message) -> bool:
    """Whether a response that starts so is Streamlit's page, or a part of it, or it compressed.

    No other HTML comes from behind the gate but reports, which are to be saved.
    """
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] in (200, 206) and is_html and "content-disposition" not in headers


@cache
def styled_page() -> str:
    """Streamlit's page with our style in its head.

    Streamlit puts its own styles behind ours, where they would win over rules of the same
    specificity: inside `html { }` each rule of ours is more specific by one element.
    """
    page = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    css = files("dashboard").joinpath("page.css").read_text(encoding="utf-8")
    return page.replace(END_OF_HEAD, f"<style>\nhtml {{\n{css}}}\n</style>\n  {END_OF_HEAD}", 1)
