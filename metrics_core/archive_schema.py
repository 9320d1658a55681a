"""The archive's tables, and the steps by which an older file becomes a newer one."""

import sqlite3

from metrics_core.archive_chain import BEFORE_THE_FIRST

APPLICATION_ID = 0x53544C46
"""Marks the file as ours (the letters STLF), in SQLite's own header."""

COLUMNS = (
    "sequence", "previous", "kind", "archived_at", "actor", "self_declared", "reason", "note",
    "incident", "document", "content", "request_id", "source", "window_from", "window_to", "scope",
    "freshness", "freshness_since", "metrics_line", "body_bytes", "body_sha256", "pruned_through",
    "hash",
)  # fmt: skip

_RECORD = """
CREATE TABLE record (
    sequence INTEGER PRIMARY KEY,
    previous TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('snapshot', 'prune')),
    archived_at TEXT NOT NULL,
    actor TEXT,
    self_declared INTEGER,
    reason TEXT NOT NULL,
    note TEXT,
    incident TEXT,
    document TEXT UNIQUE,
    content TEXT,
    request_id TEXT,
    source TEXT,
    window_from TEXT,
    window_to TEXT,
    scope TEXT,
    freshness TEXT,
    freshness_since TEXT,
    metrics_line TEXT,
    body_bytes INTEGER,
    body_sha256 TEXT,
    pruned_through INTEGER,
    hash TEXT NOT NULL
)"""

# Apart from the record, so that a page of the list reads no bodies.
_BODY = "CREATE TABLE body (sequence INTEGER PRIMARY KEY, deflated BLOB NOT NULL)"

# Before, not after: INSERT OR REPLACE takes the old row away without any DELETE trigger.
_ONLY_APPEND = f"""
CREATE TRIGGER record_only_append BEFORE INSERT ON record
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
  OR NEW.previous IS NOT coalesce(
      (SELECT hash FROM record ORDER BY sequence DESC LIMIT 1), '{BEFORE_THE_FIRST}')
  OR EXISTS (SELECT 1 FROM record WHERE document = NEW.document)
BEGIN SELECT RAISE(ABORT, 'an archive is only appended to'); END"""

_ONLY_WITH_RECORD = """
CREATE TRIGGER body_only_append BEFORE INSERT ON body
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM record WHERE body_sha256 IS NOT NULL)
  OR EXISTS (SELECT 1 FROM body WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a body comes with its record'); END"""

_ONLY_PRUNED = """
CREATE TRIGGER body_only_pruned BEFORE DELETE ON body
WHEN OLD.sequence > (SELECT coalesce(max(pruned_through), 0) FROM record)
BEGIN SELECT RAISE(ABORT, 'a body goes by pruning only'); END"""


def _never(event: str, table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'an archive is never changed'); END"
    )


def _index(*columns: str) -> str:
    return f"CREATE INDEX record_{columns[0]} ON record ({', '.join(columns)})"


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        _RECORD,
        _BODY,
        _ONLY_APPEND,
        _ONLY_WITH_RECORD,
        _ONLY_PRUNED,
        _never("UPDATE", "record"),
        _never("DELETE", "record"),
        _never("UPDATE", "body"),
        _index("request_id"),
        _index("source", "sequence"),
        _index("actor", "sequence"),
        _index("pruned_through"),
    ),
)
"""Step n makes version n + 1 of version n. A step that was once released is never edited."""


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of that version to ours, within the caller's transaction."""
    for step in MIGRATIONS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def schema_of(connection: sqlite3.Connection) -> set[tuple[str, str, str, str]]:
    """Each table, index and trigger of the file: type, name, table, statement."""
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")
    return set(rows.fetchall())


def expected_schema() -> set[tuple[str, str, str, str]]:
    """What `schema_of` gives for a file that nobody has altered."""
    connection = sqlite3.connect(":memory:")
    try:
        migrate(connection, 0)
        return schema_of(connection)
    finally:
        connection.close()
