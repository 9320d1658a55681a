"""Redact: a snapshot without the values that are not to be given away. Pure.

| name | what is left out |
|---|---|
| a dimension | its values: in the scope, the breakdowns and the failures' counts, and in any text |
| `error` | sample messages, and each code that may hold words of one |
| `task_ids` | every id of a task |
| `taken_by` | who took the snapshot |

A value is replaced by its place, as `<tenant_id 1>`, the same one throughout the document, so that
the figures of it stay together. In a text it is found whatever its case. Codes that are names by
their form (RATE_LIMITED, app.QuotaExceeded) stay; every other one is the message itself with its
numbers folded, or may be, and becomes `<code 3>`. What a message tells of a value that the document
does not list (one beyond the largest 50) cannot be known here: redact `error` as well.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from metrics_core.document import SnapshotBody
from metrics_core.error_codes import NO_MESSAGE, is_name
from metrics_core.errors import UsageError
from metrics_core.snapshot import Snapshot, as_json_value

ERROR, TASK_IDS, TAKEN_BY = "error", "task_ids", "taken_by"
TELLING = ("scope", "topErrors", "errors", "backlog", "breakdowns", "quality")
"""The members that hold texts out of task rows."""

NOT_OF_ROWS = frozenset({"dimension", "kind", "figure", "reason", "firstAt", "lastAt"})
SHORT = 4
"""A value of fewer characters is sought as a whole word only: "a" stands in every sentence."""

StandIns = Mapping[str, Mapping[str, str]]
"""For each value of each redacted dimension what is written instead."""


def redact(snapshot: Snapshot, names: Collection[str]) -> Snapshot:
    """The snapshot without these values, sealed anew; its `redacted` lists them.

    It keeps its requestId, by which the whole one can be found. The same snapshot and names give
    the same bytes. UsageError for a name that the snapshot does not have.
    """
    document = as_json_value(snapshot)
    del document["digest"]
    _refuse_unknown(names, document)
    gone = {*document.get("redacted", ())}
    if {*names} <= gone:
        return snapshot
    document |= _without(document, {*names} - gone)
    document["redacted"] = sorted({*names} | gone)
    body = SnapshotBody.model_validate_json(json.dumps(document), strict=True, by_alias=True)
    return Snapshot.sealed(body)


def _refuse_unknown(names: Collection[str], document: Mapping[str, Any]) -> None:
    known = [*dict.fromkeys(_dimensions(document)), ERROR, TASK_IDS, TAKEN_BY]
    for name in names:
        if name not in known:
            raise UsageError(f"{name!r} cannot be redacted; what can: {', '.join(known)}")


def _dimensions(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (breakdown["dimension"] for breakdown in document["breakdowns"])
    yield from document["scope"]


def _without(document: dict[str, Any], redacted: Collection[str]) -> dict[str, Any]:
    dimensions = sorted({*_dimensions(document)} & {*redacted})
    chosen = {name: _stand_ins(document, name) for name in dimensions}
    if ERROR in redacted:
        document |= _without_messages(document)
    if TASK_IDS in redacted:
        document |= {name: _without_ids(document[name]) for name in TELLING}
    if TAKEN_BY in redacted:
        document["provenance"] |= {"takenBy": None}
    spelled = _spelled(chosen)
    return _codes_apart({name: _told(document[name], chosen, spelled) for name in TELLING})


def _stand_ins(document: Mapping[str, Any], dimension: str) -> dict[str, str]:
    """Each value of the dimension by its place: as broken down, then among failures, then scope."""
    values = [value for value in _values(document, dimension) if value is not None]
    distinct = dict.fromkeys(values)
    return {value: f"<{dimension} {place}>" for place, value in enumerate(distinct, start=1)}


def _values(document: Mapping[str, Any], dimension: str) -> Iterator[str | None]:
    errors = document["errors"] or {"codes": ()}
    parts = [*document["breakdowns"], *(p for code in errors["codes"] for p in code["dimensions"])]
    for part in parts:
        if part["dimension"] == dimension:
            yield from (entry["value"] for entry in part["values"])
    yield document["scope"].get(dimension)


def _without_messages(document: Mapping[str, Any]) -> dict[str, Any]:
    if document["errors"] is None:
        return {}
    codes = [group["code"] for group in document["errors"]["codes"]]
    shown = {
        code: code if is_name(code) or code == NO_MESSAGE else f"<code {place}>"
        for place, code in enumerate(codes, start=1)
    }

    def wordless(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**g, "code": shown[g["code"]], "sampleMessage": None} for g in groups]

    errors = document["errors"] | {"codes": wordless(document["errors"]["codes"])}
    return {"topErrors": wordless(document["topErrors"]), "errors": errors}


def _without_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_ids(each) for each in node]
    if not isinstance(node, dict):
        return node
    empty: dict[str, Any] = {"taskIds": [], "oldestId": None}
    return {name: empty.get(name, _without_ids(each)) for name, each in node.items()}


def _spelled(stand_ins: StandIns) -> dict[str, str]:
    """Each value, as it stands in a text, with what is written instead; the longest first."""
    known: dict[str, str] = {}
    for of_dimension in stand_ins.values():
        for value, stand_in in of_dimension.items():
            for spelling in (value, repr(value)[1:-1]):
                known.setdefault(spelling, stand_in)
    texts = sorted(filter(None, known), key=len, reverse=True)
    return {text: known[text] for text in texts}


def _told(node: Any, stand_ins: StandIns, spelled: Mapping[str, str]) -> Any:
    """The part of the document with every redacted value replaced."""
    if not spelled:
        return node
    pattern = re.compile("|".join(map(_sought, spelled)), re.IGNORECASE)
    written = [*spelled.values()]

    def walk(each: Any, dimension: str | None = None) -> Any:
        if isinstance(each, str):
            own = stand_ins.get(dimension or "", {}).get(each)
            return own or pattern.sub(lambda hit: written[(hit.lastindex or 1) - 1], each)
        if isinstance(each, list):
            return [walk(part, dimension) for part in each]
        if not isinstance(each, dict):
            return each
        here = each.get("dimension", dimension)
        return {
            name: part if name in NOT_OF_ROWS else walk(part, name if name in stand_ins else here)
            for name, part in each.items()
        }

    return walk(node)


def _codes_apart(told: dict[str, Any]) -> dict[str, Any]:
    """Codes that only a redacted value told apart stay apart, by their place."""
    if told["errors"] is None:
        return told
    seen: set[str] = set()
    groups = told["errors"]["codes"]
    for place, group in enumerate(groups, start=1):
        if group["code"] in seen:
            group["code"] += f" <code {place}>"
        seen.add(group["code"])
    for top, group in zip(told["topErrors"], groups, strict=False):
        top["code"] = group["code"]
    return told


def _sought(spelling: str) -> str:
    whole_word = len(spelling) < SHORT
    edges = (r"(?<![^\W_])", r"(?![^\W_])") if whole_word else ("", "")
    return f"{edges[0]}({re.escape(spelling)}){edges[1]}"
