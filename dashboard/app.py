"""Composition root: gate, routes and page as the one ASGI app that Streamlit and uvicorn find."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware

from dashboard import runtime
from dashboard.api import routes
from dashboard.gate import Gate
from dashboard.sign_in import SignIn

PAGE = Path(__file__).resolve().with_name("page.py")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Load what the first visitor would wait for, then tell that the app has started."""
    for heavy in ("altair", "pandas", "pyarrow"):
        import_module(heavy)
    # Streamlit collects garbage after every run: frozen objects spare it 75 ms each time.
    gc.collect()
    gc.freeze()
    runtime.current().roles.watch()
    Thread(target=runtime.current().when_ready, name="stillframe-ready", daemon=True).start()
    yield


def _gate() -> Middleware:
    held = runtime.current()
    sign_in = SignIn(
        password_hash=held.settings.password_hash, sessions=held.sessions, throttle=held.throttle
    )
    return Middleware(Gate, sessions=held.sessions, sign_in=sign_in)


# Set here, since uvicorn configures its loggers just before it imports this module.
logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
# secrets={}: otherwise every look at st.secrets raises where there is no secrets.toml.
app = st.App(PAGE, routes=routes(), middleware=[_gate()], lifespan=lifespan, secrets={})
