"""The pages that need no Streamlit: sign-in, sign-out, notices. No script, no outside resource."""

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from starlette.responses import HTMLResponse

from dashboard.headers import source_hash


def sign_in_page(
    *,
    next_path: str = "/",
    name: str = "",
    told_name: str | None = None,
    alert: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The sign-in form; `alert` says what went wrong with the last try.

    Nobody is asked for a name that a trusted proxy has told.
    """
    who = _template("sign_in_told.html" if told_name else "sign_in_name.html")
    body = _template("sign_in.html").substitute(
        alert=f'<p role="alert" id="alert">{escape(alert)}</p>' if alert else "",
        invalid=' aria-invalid="true" aria-describedby="alert"' if alert else "",
        next=escape(next_path),
        who=who.substitute(name=escape(told_name or name)).rstrip(),
    )
    return _page("Sign in", body, status)


def sign_out_page() -> HTMLResponse:
    """Asks before signing out: a link alone must not do it."""
    return _page("Sign out", _template("sign_out.html").substitute(), 200)


def notice_page(title: str, text: str, *, status: int) -> HTMLResponse:
    """One sentence and a way back."""
    return _page(title, _template("notice.html").substitute(text=escape(text)), status)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    css = _text("frame.css")
    html = _template("frame.html").substitute(title=escape(title), css=css, body=body)
    policy = (
        f"default-src 'none'; style-src {source_hash(css)}; img-src data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return HTMLResponse(html, status, headers={"Content-Security-Policy": policy})


@cache
def _text(name: str) -> str:
    return files("dashboard").joinpath("html", name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    return Template(_text(name))
