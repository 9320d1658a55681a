"""Warm: what the first visitor would wait for, done before anybody is let in."""

from importlib import import_module
from pkgutil import iter_modules

from dashboard import panels
from dashboard.chart_specs import ended_spec, open_spec
from dashboard.latency_spec import latency_spec

HEAVY = ("altair", "pandas", "pyarrow")


def warm_up() -> None:
    """Loads all that the page imports, and builds the charts that most sources have."""
    ours = (f"{panels.__name__}.{panel.name}" for panel in iter_modules(panels.__path__))
    for name in (*HEAVY, *ours):
        import_module(name)
    # The first specification takes half a second: Altair loads its schema for it.
    ended_spec(has_created=True, compared=False, zone="UTC")
    open_spec(("processing", "queued"), compared=False, zone="UTC")
    latency_spec(compared=False, zone="UTC")
