"""Composition root: gate, routes and page as the one ASGI app that Streamlit and uvicorn find."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st

from dashboard import logs, runtime
from dashboard.api.routes import routes
from dashboard.front import front
from dashboard.no_delay import send_without_delay
from dashboard.warm import warm_up

PAGE = Path(__file__).resolve().with_name("page.py")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Load what the first visitor would wait for, then tell that the app has started."""
    warm_up()
    # Streamlit collects garbage after every run: frozen objects spare it 75 ms each time.
    gc.collect()
    gc.freeze()
    send_without_delay()
    with runtime.current().in_the_background():
        runtime.current().ready.set()
        Thread(target=runtime.current().when_ready, name="stillframe-ready", daemon=True).start()
        yield


# Here, since uvicorn configures its loggers just before it imports this module.
logs.configure(runtime.current().settings.log_format, level=runtime.current().settings.log_level)
# With none at all, as with {}, Streamlit looks for a secrets.toml whenever it is asked who looks.
app = st.App(
    PAGE,
    routes=routes(),
    middleware=front(runtime.current()),
    lifespan=lifespan,
    secrets={"stillframe": {}},
)
