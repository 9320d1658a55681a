"""Roles: looks once at the database role of each source, and says loudly which can do too much.

It looks in the background, so that no start waits for a database, and again later while one is out
of reach.
"""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread

from dashboard import logs
from metrics_core import Source, StillframeError
from metrics_core.role import RoleFindings, check_role, role_warning

RETRY_SECONDS = 30.0

log = logging.getLogger("stillframe.roles")


class Roles:
    """The warnings about the sources' roles, as far as they are known by now."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        *,
        check: Callable[[Source], RoleFindings | None] = check_role,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._sources = sources
        self._check = check
        self._retry_seconds = retry_seconds
        self._warnings: dict[str, str] = {}

    def watch(self) -> None:
        """Look at every source, in a thread that ends once all have been seen."""
        Thread(target=self.look, name="stillframe-roles", daemon=True).start()

    def look(self) -> None:
        """Look at every source until each has been reached."""
        waiting = [source for source in self._sources.values() if not self._seen(source)]
        while waiting:
            Event().wait(self._retry_seconds)
            waiting = [source for source in waiting if not self._seen(source)]

    def warning(self, source: str) -> str:
        """What is wrong with the source's role, as far as known, and the way out; else empty."""
        return self._warnings.get(source, "")

    def _seen(self, source: Source) -> bool:
        try:
            findings = self._check(source)
        except StillframeError:
            return False  # whoever asks for figures is told why
        warning = role_warning(findings, source) if findings else ""
        if warning:
            fields: dict[str, logs.Value] = {"source": source.name, "warning": warning}
            logs.tell(log, "unsafe role", fields, level=logging.WARNING)
        if source.unsafe_role == "warn":  # else the refusal itself tells, as long as it is true
            self._warnings[source.name] = warning
        return True
