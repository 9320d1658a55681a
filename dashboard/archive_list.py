"""Archive list: which archived snapshots the page lists. It lives in the URL alone. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from dashboard.view_parsing import DIGEST, Params, instant, quoted, single
from metrics_core.archive_search import Search
from metrics_core.errors import UsageError
from metrics_core.window import utc_text

ARCHIVE = "archive"
TEXTS = ("id", "source", "actor", "note")
NAMES = ("view", *TEXTS, "since", "until", "before", "compare")
NO_TEXT = re.compile("[\0\ud800-\udfff]")
IN_A_LINE = re.compile(r'"?\brequestId"?[=:] ?"?([A-Za-z0-9._-]{1,64})')
ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ArchiveList:
    """A search; what is empty does not limit. `before` is the record before which to go on.

    `id` is a requestId or the beginning of one. `compare` is the `digest.document` of the snapshot
    for which another one is sought here.
    """

    id: str = ""
    source: str = ""
    actor: str = ""
    note: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    compare: str | None = None

    @property
    def params(self) -> dict[str, str]:
        """What `parse_archive_list` reads this from."""
        return dict(self._params())

    def _params(self) -> Iterator[tuple[str, str]]:
        yield "view", ARCHIVE
        yield from ((name, getattr(self, name)) for name in TEXTS if getattr(self, name))
        for name in ("since", "until"):
            if getattr(self, name) is not None:
                yield name, utc_text(getattr(self, name))
        if self.before is not None:
            yield "before", str(self.before)
        if self.compare is not None:
            yield "compare", self.compare

    @property
    def link(self) -> str:
        """The address of this list, from the page's own."""
        return f"?{urlencode(self.params)}"

    def but(self, **changes: Any) -> "ArchiveList":
        """This list with some of its members changed."""
        return replace(self, **changes)

    @property
    def is_limited(self) -> bool:
        """Whether it leaves anything out."""
        return self.but(before=None, compare=None) != ArchiveList()

    @property
    def search(self) -> Search:
        """The search of the archive."""
        return Search(
            request_id_prefix=self.id or None,
            since=self.since,
            until=self.until,
            source=self.source or None,
            actor=self.actor or None,
            note=self.note or None,
        )


def parse_archive_list(params: Params) -> ArchiveList:
    """The list that a URL asks for. A UsageError says what is wrong with it."""
    other = next((name for name in params if name not in NAMES), None)
    if other is not None:
        raise UsageError(
            f"This address names {quoted(other)}, which a search of the archive does not have. "
            f"It may name: {', '.join(NAMES[1:])}."
        )
    return ArchiveList(
        **{name: _text(params, name) for name in TEXTS},
        since=instant(params, "since", ANY_TIME),
        until=instant(params, "until", ANY_TIME),
        before=_record(params),
        compare=_digest(params),
    )


def id_in(text: str) -> str:
    """The requestId in what somebody pasted: itself, a line of the log, or an address of the page.

    >>> id_in(" req_1 "), id_in("[METRICS] at=1 level=info requestId=req_2 source=x")
    ('req_1', 'req_2')
    >>> id_in('{"tag": "METRICS", "requestId": "req_3"}'), id_in("https://x/?snapshot=req_4&zone=local")
    ('req_3', 'req_4')
    """
    if found := IN_A_LINE.search(text) or re.search(r"[?&]snapshot=([A-Za-z0-9._-]+)", text):
        return found[1]
    return text.strip()


def _text(params: Params, name: str) -> str:
    text = single(params, name, UsageError) or ""
    if NO_TEXT.search(text):
        raise UsageError(f"This address asks for a {name} that no text can be.")
    return text


def _record(params: Params) -> int | None:
    text = single(params, "before", UsageError)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text, re.ASCII):
        raise UsageError(
            f"This address asks for before={quoted(text)}: that is no record's number."
        )
    return int(text)


def _digest(params: Params) -> str | None:
    text = single(params, "compare", UsageError)
    if text is not None and not DIGEST.fullmatch(text):
        raise UsageError(
            f"This address asks for compare={quoted(text)}: that is no document's digest."
        )
    return text
