"""The `[METRICS]` lines of a requestId, out of the lines of any log. Pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HEAD = re.compile(r' head=([0-9a-f]{64})(?= |$)|"head": ?"([0-9a-f]{64})"')
DOCUMENT = re.compile(r' document=([0-9a-f]{64})(?= |$)|"document": ?"([0-9a-f]{64})"')


@dataclass(frozen=True, kw_only=True)
class MetricsLine:
    """A line as it was given; its document's digest and the archive's head, where it names them."""

    text: str
    document: str | None
    head: str | None


def metrics_lines(lines: Iterable[str], request_ids: Iterable[str]) -> tuple[MetricsLine, ...]:
    """Those of the lines that tell of one of the requestIds, in their order, as they are.

    Both forms are known, key=value (with the time of logging, and as the archive keeps it, without)
    and JSON, and either may stand behind what a log collector puts
    in front. A requestId in any other place of a line does not count.

    >>> [line.text for line in metrics_lines(
    ...     ["x [METRICS] at=1 level=info requestId=r1 rows=1", "GET /r1 requestId=r1"], ["r1"])]
    ['x [METRICS] at=1 level=info requestId=r1 rows=1']
    """
    wanted = frozenset(request_ids)
    stripped = (line.rstrip("\r\n") for line in lines)
    return tuple(
        MetricsLine(text=line, document=_named(DOCUMENT, line), head=_named(HEAD, line))
        for line in stripped
        if _request_id(line) in wanted
    )


PLAIN = re.compile(r'\[METRICS\] (?:at=\S+ level=\S+ )?requestId="?([A-Za-z0-9._-]{1,64})"?(?= |$)')


def _request_id(line: str) -> str | None:
    if found := PLAIN.search(line):
        return found[1]
    members = _json_members(line)
    request_id = members.get("requestId") if members.get("tag") == "METRICS" else None
    return request_id if isinstance(request_id, str) else None


def _json_members(line: str) -> dict[str, Any]:
    if '"METRICS"' not in line:
        return {}
    try:
        members = json.loads(line[line.index("{") :])
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def _named(what: re.Pattern[str], line: str) -> str | None:
    found = what.search(line)
    return (found[1] or found[2]) if found else None
