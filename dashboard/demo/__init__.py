"""The demo: an embedded database with 24 hours of history and a living, misbehaving queue.

It knows the two real tables of Stillframe's first users and nothing of Stillframe itself: what the
demo's page shows has been measured by the same code that measures anybody's tables.
"""

from dashboard.demo.history import make_demo
from dashboard.demo.password import one_time_password
from dashboard.demo.writer import DemoWriter

__all__ = ["DemoWriter", "make_demo", "one_time_password"]
