"""Security headers on everything that leaves this process. Knows nothing of who is signed in."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send "Origin: null" with our own sign-in form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def with_security_headers(send: Send) -> Send:
    """`send`, but every response it starts carries our headers and is not stored.

    A policy that the response already has stays. Streamlit's hashed assets hold no data and keep
    their own caching; all else may be data, and must be gone from the browser after the sign-out.
    """

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            _secure(MutableHeaders(scope=message))
        await send(message)

    return send_with_headers


def source_hash(text: str) -> str:
    """The source expression that lets exactly this inline style or script through a policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _secure(headers: MutableHeaders) -> None:
    for name, value in COMMON.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", page_policy())
    if "immutable" not in headers.get("cache-control", ""):
        headers["Cache-Control"] = "no-store"


@cache
def page_policy() -> str:
    """What Streamlit 1.67 needs, seen in Chromium, and no more.

    Inline styles are emotion's; blob: images are the charts' exports. Charts need no eval:
    Streamlit runs Vega with its expression interpreter.
    """
    scripts = " ".join(["'self'", *_inline_script_hashes()])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _inline_script_hashes() -> list[str]:
    """Of the inline scripts in the HTML page that this version of Streamlit ships."""
    page = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [source_hash(script) for script in scripts]
