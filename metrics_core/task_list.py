"""Task lists: the single tasks behind a figure, in a total order and bounded in number.

Each list is a read of its own, on demand: the source's SELECT and the window of the snapshot whose
figure it explains, in the same kind of transaction, within the same deadline and max_rows. What is
listed is judged by the same rules, so that a figure and its list agree on unchanged rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from metrics_core.backlog import since_of
from metrics_core.database import Database
from metrics_core.errors import UsageError
from metrics_core.failures import failure_codes
from metrics_core.figures import Figures
from metrics_core.readable import TaskRows
from metrics_core.scan import canonical, exactly, read, refuse_too_many
from metrics_core.source import TIME_COLUMNS, TRACE_ID, Source
from metrics_core.statement import Statement, bound_of
from metrics_core.states import NEVER
from metrics_core.take import answered, checked_request_id, checked_scope, figures_of
from metrics_core.task_row import TaskRow, task_rows
from metrics_core.task_statement import ended_statement, newest_statement, open_statement
from metrics_core.tasks import NULL, STATUS_CODE, Coded, Tasks
from metrics_core.window import Window

LISTED_COLUMNS = (*TIME_COLUMNS, "duration_ms", "error", "error_code", TRACE_ID)
LARGEST_LIST = 200
"""Of failures; PostgreSQL sorts those itself."""
LARGEST_RANKING = 100
"""Of lists that are ranked here, out of all rows that may be among them."""
MORE_ROWS = 8

Rows = NDArray[np.intp]
Ranking = Callable[[Figures], Rows]
"""The rows of a list, first to last."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a source; `request_id` stands in a comment of each statement."""

    source: Source
    window: Window
    scope: Mapping[str, str]
    limit: int
    request_id: str | None = None
    database: Database | None = None


def newest_failures(question: Question, *, code: str | None = None) -> tuple[TaskRow, ...]:
    """Tasks that failed in the window, by (end descending, id); with `code` those of that code.

    PostgreSQL sorts the window's failures and sends `limit` of them. Where SQL cannot tell an end
    just as we do (SQLite, epoch numbers, naive times of a zone) all the window's failures are read.
    No SQL can tell a code: until `limit` of it are found, more and more failures are read, at most
    all of the window.
    """
    statement = partial(newest_statement, status="failed")
    ranking = partial(_newest_failed, code=code)
    return _listed(question, statement, ranking, largest=LARGEST_LIST, asked=question.limit)


def slowest_completed(question: Question) -> tuple[TaskRow, ...]:
    """Tasks that completed in the window, by (time to complete descending, id).

    The first one's is latency.timeToCompleteMs.max. Reads the window's completed tasks.
    """
    statement = partial(ended_statement, status="completed")
    return _listed(question, statement, _slowest)


def oldest_queued(question: Question) -> tuple[TaskRow, ...]:
    """Tasks that are queued at the window's end, by (age descending, id); unknown ages last.

    The first one is backlog.queued.oldestId. Reads all tasks open at the window's end.
    """
    return _listed(question, open_statement, partial(_oldest, state="queued"))


def longest_processing(question: Question) -> tuple[TaskRow, ...]:
    """Tasks that are processing at the window's end, as in `oldest_queued`."""
    return _listed(question, open_statement, partial(_oldest, state="processing"))


def checked_limit(limit: int, *, maximum: int) -> int:
    """The limit. UsageError where it is not 1 to `maximum`."""
    if not 1 <= limit <= maximum:
        raise UsageError(f"limit must be 1 to {maximum}, not {limit}")
    return limit


def _listed(
    question: Question,
    statement: Callable[..., str],
    ranking: Ranking,
    *,
    largest: int = LARGEST_RANKING,
    asked: int | None = None,
) -> tuple[TaskRow, ...]:
    """The list; `asked` rows are enough of a statement that sorts, of others it takes all."""
    limit, source = checked_limit(question.limit, maximum=largest), question.source
    work = partial(
        _ranked,
        question=replace(question, scope=checked_scope(source, question.scope)),
        statement=statement,
        ranking=ranking,
        asked=asked or bound_of(source),
    )
    request_id = checked_request_id(question.request_id)
    figures, rows = answered(source, work, request_id=request_id, database=question.database)
    return task_rows(figures, rows[:limit])


def _ranked(
    database: Database,
    *,
    question: Question,
    statement: Callable[..., str],
    ranking: Ranking,
    asked: int,
) -> tuple[Figures, Rows]:
    """The list's rows, among them the first `limit`; asks for more where too many fell out."""
    with database.transaction():
        while True:
            figures, sent = _figures(database, question, partial(statement, limit=asked))
            rows = ranking(figures)
            if len(rows) >= question.limit or sent != asked:
                return figures, rows
            asked = min(asked * MORE_ROWS, bound_of(question.source))


def _figures(database: Database, question: Question, statement: Statement) -> tuple[Figures, int]:
    """The figures of the rows that the statement yields, and how many it sent."""
    source, window, scope = question.source, question.window, question.scope
    rows = read(database, source, window, scope, statement, LISTED_COLUMNS)
    refuse_too_many(source, rows)
    tasks = _traced(canonical(rows), rows)
    exact = tasks.where(exactly(tasks, window, scope))
    return figures_of(source, window, exact), rows.table.num_rows


def _traced(tasks: Tasks, rows: TaskRows) -> Tasks:
    """The tasks with their trace ids among the dimensions, if the source has any."""
    if TRACE_ID not in rows.wanted.kinds:
        return tasks
    traces = Coded.of(rows.table[TRACE_ID])
    return replace(tasks, dimensions={**tasks.dimensions, TRACE_ID: traces})


def _newest_failed(figures: Figures, *, code: str | None) -> Rows:
    rows = np.flatnonzero(figures.ended_as["failed"])
    if code is not None:
        codes = failure_codes(figures.tasks, rows, figures.source.errors)
        rows = rows[np.array([value == code for value in codes.values], np.bool_)[codes.codes]]
    return _by(figures, rows, -figures.life.end[rows])


def _slowest(figures: Figures) -> Rows:
    samples = figures.time_to_complete
    return _by(figures, samples.rows, -samples.ms)


def _oldest(figures: Figures, *, state: str) -> Rows:
    rows = np.flatnonzero(figures.states_at_end == STATUS_CODE[state])
    since = since_of(figures.tasks, state)[rows]
    return _by(figures, rows, np.where(since == NULL, NEVER, since))


def _by(figures: Figures, rows: Rows, key: NDArray[np.int64]) -> Rows:
    """The rows by (key, id), ids in code-point order."""
    columns = pa.table({"key": key, "id": figures.tasks.id.take(pa.array(rows))})
    order = pc.sort_indices(columns, sort_keys=[("key", "ascending"), ("id", "ascending")])
    ranked: Rows = rows[order.to_numpy().astype(np.intp)]
    return ranked
