"""Still: what a URL asks for that no database is asked for: an archived snapshot, or a file's.

Pure; knows no screen and no archive.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from dashboard.view import MAX_MINUTES, Archived, View, Zone
from dashboard.view_parsing import DIGEST, ZONES, Params, choice, quoted, single
from metrics_core import Snapshot, Source
from metrics_core.errors import UsageError
from metrics_core.record import REQUEST_ID_PATTERN

FILE = "file"
LOOKS = ("compare", "zone", "error")
"""How a snapshot is looked at, whatever it is."""


@dataclass(frozen=True, kw_only=True)
class StillView(View):
    """The view of a snapshot that is there already: window and scope are the snapshot's own.

    `address` is what names the snapshot in the URL.
    """

    address: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, str]:
        """What `parse_still` reads this view from."""
        looks = {name: value for name, value in super().params.items() if name in LOOKS}
        return {**self.address, **looks}

    @property
    def of_the_database(self) -> View:
        """The same window of the same tasks, as their rows are now."""
        minutes = min(self.minutes, MAX_MINUTES)
        scope = dict(self.scope)
        return View(source=self.source, minutes=minutes, to=self.to, scope=scope, zone=self.zone)


@dataclass(frozen=True, kw_only=True)
class Still:
    """A snapshot by its requestId, by that and its `digest.document`, or the one of a file.

    `compare` is what it is compared with.
    """

    request_id: str | None = None
    document: str | None = None
    compare: Archived | None = None
    zone: Zone = "utc"
    error: str | None = None

    @property
    def address(self) -> dict[str, str]:
        """What names the snapshot in the URL."""
        if self.request_id is None:
            return {"view": FILE}
        exact = {} if self.document is None else {"document": self.document}
        return {"snapshot": self.request_id, **exact}

    @property
    def params(self) -> dict[str, str]:
        """What `parse_still` reads this from."""
        looks = StillView(source="", compare=self.compare, zone=self.zone, error=self.error)
        return {**self.address, **looks.params}

    def view_of(self, snapshot: Snapshot) -> StillView:
        """The view of that snapshot, which this asks for."""
        return StillView(
            source=snapshot.source,
            minutes=snapshot.window.minutes,
            to=snapshot.window.to,
            scope=snapshot.scope,
            compare=self.compare,
            zone=self.zone,
            error=self.error,
            address=self.address,
        )


def still_of(request_id: str, document: str, *, compare: str | None = None) -> StillView:
    """The view by which one archived snapshot is linked to, whatever it is of."""
    still = Still(request_id=request_id, document=document)
    compared = None if compare is None else Archived(compare)
    return StillView(source="", compare=compared, address=still.address)


def parse_still(params: Params) -> Still:
    """The snapshot that a URL asks for. A UsageError says what is wrong with it."""
    request_id = single(params, "snapshot", UsageError)
    known = ("snapshot", "document", *LOOKS) if request_id is not None else ("view", *LOOKS)
    _refuse_others(params, known)
    compare = _digest(params, "compare")
    return Still(
        request_id=None if request_id is None else _request_id(request_id),
        document=_digest(params, "document"),
        compare=None if compare is None else Archived(compare),
        zone=cast("Zone", choice(params, "zone", ZONES, "utc")),
        error=single(params, "error", UsageError),
    )


def can_be_asked(view: View, sources: Mapping[str, Source]) -> bool:
    """Whether there is a source, with the dimensions, of which the view is."""
    source = sources.get(view.source)
    return source is not None and {*view.scope} <= {*source.dimensions}


def _request_id(text: str) -> str:
    if not re.fullmatch(REQUEST_ID_PATTERN, text):
        raise UsageError(
            f"This address asks for the snapshot {quoted(text)}: that is no requestId."
        )
    return text


def _digest(params: Params, name: str) -> str | None:
    text = single(params, name, UsageError)
    if text is not None and not DIGEST.fullmatch(text):
        raise UsageError(
            f"This address asks for {name}={quoted(text)}, but {name} is a snapshot's "
            "digest.document: 64 of the signs 0 to 9 and a to f."
        )
    return text


def _refuse_others(params: Params, known: tuple[str, ...]) -> None:
    other = next((name for name in params if name not in known), None)
    if other is not None:
        raise UsageError(
            f"This address names {quoted(other)}, which a snapshot that stands still does not "
            f"have. It may name: {', '.join(known)}."
        )
