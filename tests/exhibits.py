"""Exhibits for the tests of the report: an hour of a queue that is calm, burning, or hostile."""

import json
from pathlib import Path
from typing import Any

from dashboard.report import Exhibit
from metrics_core import Snapshot, Window, take_snapshot
from tests.builders import HOUR, TEN, row, sqlite_source
from tests.compared import QUEUE_COLUMNS, Row, tasks

NINE = Window.ending(TEN, minutes=60)
COLUMNS = f"{QUEUE_COLUMNS}, error"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=http://example.com/x onerror=alert(1)>',
    "=HYPERLINK(\"http://example.com\",'x')",
    "@SUM(1)\t+1\r\n-1",
    "gnp.\u202eexe & </style></title>",
    "'s own \x07 apostrophe",
)


def calm(folder: Path, **settings: Any) -> Exhibit:
    """From nine to ten: 40 tasks completed, 10 failed with one code."""
    rows = [*tasks(40, since=-3600), *_failed(10, "E_TIMEOUT", "c", since=-3600)]
    return exhibit(folder, rows, NINE, **settings)


def burning(folder: Path, **settings: Any) -> Exhibit:
    """From ten to eleven: 60 completed, 90 failed with two codes, one has waited for 30 min."""
    failed = [*_failed(80, "E_DISK", "d"), *_failed(10, "E_TIMEOUT", "e")]
    waiting = row("patient", "queued", created=1800, queue="slow")
    return exhibit(folder, [*tasks(60, queue="fast"), *failed, waiting], **settings)


def hostile(folder: Path) -> Exhibit:
    """Each hostile text as an error code, a message, a dimension's value and a part of an id."""
    rows = [
        {**each, "id": f"{text}{n}", "error": text, "error_code": text, "queue": text}
        for text in HOSTILE
        for n, each in enumerate(tasks(3, "failed"))
    ]
    return exhibit(folder, rows)


def exhibit(folder: Path, rows: list[Row], window: Window = HOUR, **settings: Any) -> Exhibit:
    given = {"columns": COLUMNS, "dimensions": ("queue",), **settings}
    return Exhibit.of(take_snapshot(sqlite_source(folder, rows, **given), window))


def altered(exhibit: Exhibit, **members: Any) -> bytes:
    """The exhibit's file with other members, and the seal that it had."""
    document = {**json.loads(exhibit.data), **members}
    return Snapshot.from_json(json.dumps(document)).to_json().encode()


def _failed(number: int, code: str, name: str, **spans: float) -> list[Row]:
    told = {"error_code": code, "error": f"{code}: it broke"}
    return tasks(number, "failed", name, queue="slow", **told, **spans)
