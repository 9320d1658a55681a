"""Sign-in and sign-out over HTTP: GET and POST of /login and /logout. The gate calls it."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboard import logs
from dashboard.base_path import base_of, outside
from dashboard.html_pages import notice_page, sign_in_page, sign_out_page
from dashboard.passwords import verify
from dashboard.same_origin import local_path
from dashboard.sessions import SESSION_SECONDS, Session, Sessions
from dashboard.throttle import Throttle
from dashboard.trusted_proxies import told_user

MAX_FORM_BYTES = 8 * 1024
FORM_SECONDS = 10
A_MINUTE = 60
log = logging.getLogger("stillframe.gate")


class Form(NamedTuple):
    """What the sign-in form sends."""

    password: str = ""
    name: str = ""
    next: str = "/"


class SignIn:
    """Answers /login and /logout. `now` gives seconds since the epoch, `steady` never jumps."""

    def __init__(
        self,
        *,
        password_hash: str,
        sessions: Sessions,
        throttle: Throttle,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._password_hash = password_hash
        self._sessions = sessions
        self._throttle = throttle
        self._now = now
        self._steady = steady
        # Each check takes 16 MB and 60 ms: a flood of tries must not take every thread.
        self._checks = CapacityLimiter(2)

    async def answer(self, request: Request, session: Session | None) -> Response:
        """The response to a request for /login or /logout."""
        match request.method, request.scope["path"]:
            case "GET" | "HEAD", "/login":
                return self._form(request, session)
            case "POST", "/login":
                return await self._sign_in(request)
            case "GET" | "HEAD", _:
                return sign_out_page() if session else _redirect(request, "/login")
            case "POST", _:
                return self._sign_out(request, session)
        return PlainTextResponse("Method Not Allowed", 405, headers={"Allow": "GET, HEAD, POST"})

    def _form(self, request: Request, session: Session | None) -> Response:
        next_path = local_path(request.query_params.get("next", "/"))
        if session:
            return _redirect(request, next_path)
        return sign_in_page(next_path=next_path, told_name=told_user(request.scope))

    async def _sign_in(self, request: Request) -> Response:
        form = await _form_in_time(request)
        if form is None:
            return notice_page("Sign in", "That was no sign-in form of ours.", status=400)
        client = request.client.host if request.client else ""
        wait = self._throttle.admit(client, now=self._steady())
        if wait:
            _warn("sign-in throttled", client=client, waitSeconds=wait)
            return _throttled(request, form, wait)
        if not await to_thread.run_sync(
            verify, form.password, self._password_hash, limiter=self._checks
        ):
            _warn("sign-in refused: wrong password", client=client)
            return _refused(request, form)
        self._throttle.welcome(client)
        return self._signed_in(request, form)

    def _signed_in(self, request: Request, form: Form) -> Response:
        _, token = self._sessions.begin(form.name, now=self._now())
        response = _redirect(request, local_path(form.next))
        # Lax, not Strict: a link to a snapshot in a chat must open for who is signed in. Nothing
        # changes on GET, and every other method must come from our own origin.
        response.set_cookie(
            self._sessions.cookie_name,
            token,
            max_age=SESSION_SECONDS,
            path=base_of(request.scope) or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    def _sign_out(self, request: Request, session: Session | None) -> Response:
        if session:
            self._sessions.end(session.id, now=self._now())
        response = _redirect(request, "/login")
        response.delete_cookie(
            self._sessions.cookie_name,
            path=base_of(request.scope) or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response


def _warn(event: str, **fields: logs.Value) -> None:
    logs.tell(log, event, fields, level=logging.WARNING)


def sign_in_path(next_path: str) -> str:
    """/login, and on to `next_path` from there."""
    wanted = local_path(next_path)
    return "/login" if wanted == "/" else "/login?" + urlencode({"next": wanted})


async def _form_in_time(request: Request) -> Form | None:
    """The form, or None as well where it does not come."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FORM_SECONDS):
            return await _form_of(request)
    return None


async def _form_of(request: Request) -> Form | None:
    """The form, or None: too large, of another type, or not well-formed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return None
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return None
    return Form(**{name: fields[name] for name in Form._fields if name in fields})


def _redirect(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(outside(request.scope, path), 303)


def _refused(request: Request, form: Form) -> Response:
    return _again(request, form, "That password is not right.", 401)


def _throttled(request: Request, form: Form, wait: int) -> Response:
    alert = f"Too many wrong passwords. Wait {_spoken(wait)}, then try again."
    page = _again(request, form, alert, 429)
    page.headers["Retry-After"] = str(wait)
    return page


def _again(request: Request, form: Form, alert: str, status: int) -> Response:
    return sign_in_page(
        next_path=local_path(form.next),
        name=form.name,
        told_name=told_user(request.scope),
        alert=alert,
        status=status,
    )


def _spoken(seconds: int) -> str:
    """
    >>> _spoken(30), _spoken(60), _spoken(61)
    ('30 seconds', '1 minute', '2 minutes')
    """
    minutes = ceil(seconds / A_MINUTE)
    count, unit = (minutes, "minute") if seconds >= A_MINUTE else (seconds, "second")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
