"""Deadlines: work on a source's database that ends by our own clock, on at most two connections.

A server's own timeouts never fire on a backend that hangs, so the work runs in a thread of its
own: past the deadline it is cancelled, and if that does not help it is abandoned. An abandoned
connection counts among the source's two until the driver gives it back.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Event, Semaphore, Thread
from typing import Generic, TypeVar

from metrics_core.connect import open_database
from metrics_core.database import Database
from metrics_core.errors import DatabaseHangs
from metrics_core.source import Source

CONNECTIONS_A_SOURCE = 2
CANCEL_GRACE_SECONDS = 0.25

Result = TypeVar("Result")
Work = Callable[[Database], Result]


@dataclass
class Connections:
    """The connections of one source: how many more it may have, and how many of its own hang."""

    free: Semaphore = field(default_factory=lambda: Semaphore(CONNECTIONS_A_SOURCE))
    abandoned: set[object] = field(default_factory=set)


_of_source: dict[tuple[str, str], Connections] = {}


def connections_of(source: Source) -> Connections:
    """The connections of one source, the same for all who ask in this process."""
    return _of_source.setdefault((source.name, source.url), Connections())


def within_deadline(source: Source, work: Work[Result], *, request_id: str = "") -> Result:
    """The work's result on a connection of its own, which is closed at the end.

    DatabaseHangs where this connection or two earlier ones hang, DatabaseError where the work was
    cancelled at the source's deadline, and whatever the work itself raises.
    """
    connections = connections_of(source)
    _take_place(source, connections)
    attempt = _Attempt(source, work, connections, request_id)
    attempt.start()
    if not attempt.ended.wait(source.deadline_seconds):
        attempt.cancel()
        if not attempt.ended.wait(CANCEL_GRACE_SECONDS):
            _abandon(connections, attempt)
            raise DatabaseHangs(
                f"source {source.name}: the database did not answer within "
                f"{source.deadline_seconds:g} s, nor let the scan be cancelled"
            )
    return attempt.outcome.result()


def _abandon(connections: Connections, attempt: "_Attempt[Result]") -> None:
    connections.abandoned.add(attempt)
    if attempt.ended.is_set():  # it came back in this very moment
        connections.abandoned.discard(attempt)


def _take_place(source: Source, connections: Connections) -> None:
    """Waits for one of the source's connections; not where both of them hang."""
    hopeless = len(connections.abandoned) >= CONNECTIONS_A_SOURCE
    if hopeless or not connections.free.acquire(timeout=source.deadline_seconds):
        raise DatabaseHangs(
            f"source {source.name}: its {CONNECTIONS_A_SOURCE} connections hang in the database; "
            "there is no new attempt until one is free"
        )


class _Attempt(Generic[Result]):
    """One piece of work in its thread."""

    def __init__(
        self, source: Source, work: Work[Result], connections: Connections, request_id: str
    ) -> None:
        self._source = source
        self._work = work
        self._connections = connections
        self._request_id = request_id
        self._given_up = Event()
        self._database: Database | None = None
        self.outcome: Future[Result] = Future()
        self.ended = Event()

    def start(self) -> None:
        Thread(target=self._run, name=f"scan {self._source.name}", daemon=True).start()

    def cancel(self) -> None:
        """Asks the server to end the statement; in a thread, for asking may hang as well."""
        self._given_up.set()
        if self._database is not None:
            Thread(target=self._database.cancel, daemon=True).start()

    def _run(self) -> None:
        try:
            self.outcome.set_result(self._worked())
        except BaseException as error:  # whoever waits for the outcome raises it
            self.outcome.set_exception(error)
        finally:
            self._connections.abandoned.discard(self)
            self._connections.free.release()
            self.ended.set()

    def _worked(self) -> Result:
        with open_database(self._source, self._request_id) as database:
            self._database = database
            if self._given_up.is_set():
                raise DatabaseHangs(f"source {self._source.name}: it answered too late")
            return self._work(database)
