"""The archive's file: connections that read it, transactions that write it, and its errors.

A rollback journal (TRUNCATE), not a write-ahead log: WAL has a rare corruption with two or more
connections in SQLite below 3.51.3, which most Pythons ship, and a WAL file cannot be read from a
read-only disk. With synchronous=EXTRA a COMMIT returns after the journal, the file and the
journal's truncation were synced, so what was acknowledged survives a power cut. One connection an
operation: nothing is left open when a disk fills up, goes read-only or comes back.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from metrics_core.archive_schema import APPLICATION_ID, MIGRATIONS, migrate
from metrics_core.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveError,
    ArchiveFull,
    ArchiveReadOnly,
    NewerArchive,
    NoArchive,
    NotAnArchive,
)

BUSY_SECONDS = 10.0
PRIMARY_CODE = 0xFF
FULL_FSYNC = "PRAGMA fullfsync = ON"
"""On macOS a plain fsync stops at the drive's cache; elsewhere it is no different."""

DURABILITY: tuple[str, ...] = (
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = EXTRA",
    FULL_FSYNC,
)
SAFETY = ("PRAGMA trusted_schema = OFF", "PRAGMA recursive_triggers = ON")
WIPE_PRUNED = "PRAGMA secure_delete = ON"


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write. NoArchive where there is none, else as `ArchiveError`s."""
    if not path.exists():
        raise NoArchive(f"there is no archive at {path}")
    with _told(path), closing(_connected(path, "rw")) as connection:
        # Not mode=ro: after a crash the first reader must be able to roll the journal back.
        connection.execute("PRAGMA query_only = ON")
        if _version(connection, path) == 0:
            raise NoArchive(f"nothing was archived at {path} yet")
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction of the only writer; when it ends without an error it is on the disk.

    Makes the file where there is none, for its owner alone, and migrates an older one.
    """
    if not path.exists():
        with suppress(OSError):  # then SQLite tries to make it, and says why it cannot
            _make_private(path.resolve())
    with _told(path), closing(_connected(path, "rwc")) as connection:
        for pragma in (*DURABILITY, WIPE_PRUNED):
            connection.execute(pragma)
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection, path)
        if version < len(MIGRATIONS):
            migrate(connection, version)
        yield connection
        connection.execute("COMMIT")
        if version == 0:
            _sync(path.resolve().parent)


def settle(path: Path) -> None:
    """Make sure that what another writer committed is on the disk, though it may have been killed.

    Its last step is to sync the truncation of the journal; a killed one may not have come to it.
    Never open the file itself for this: closing it would drop this process's locks on it.
    """
    file = path.resolve()
    journal = file.with_name(f"{file.name}-journal")
    if journal.exists():
        _sync(journal)


def _make_private(file: Path) -> None:
    """An empty file of mode 0600, unless there is one by now.

    Made under another name and linked to its own: it is never there with another mode, and never
    opened here, which would drop this process's locks on it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    try:
        os.link(name, file)
    finally:
        Path(name).unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    for pragma in SAFETY:
        connection.execute(pragma)
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file's schema; 0 of one that holds nothing at all."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        (things,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application or version or things:
            raise NotAnArchive(f"{path} is a database, but not an archive of Stillframe")
        return 0
    if version > len(MIGRATIONS):
        raise NewerArchive(f"{path} was written by a later Stillframe: update this one to open it")
    return int(version)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors as ours, each with the path and the reason."""
    try:
        yield
    except sqlite3.Error as error:
        raise _error(path, error) from error
    except ValueError as error:  # no text, no instant …; or SQLite's message that quotes such a one
        raise ArchiveDamaged(f"the archive {path} is damaged: a record cannot be read") from error
    except OSError as error:
        raise ArchiveError(f"the archive {path} failed: {error.strerror}") from error


def _error(path: Path, error: sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & PRIMARY_CODE
    if code == sqlite3.SQLITE_CANTOPEN:
        return _not_opened(path)
    kind, said = {
        sqlite3.SQLITE_FULL: (ArchiveFull, f"the disk of the archive {path} is full"),
        sqlite3.SQLITE_READONLY: (ArchiveReadOnly, f"the archive {path} is read-only"),
        sqlite3.SQLITE_BUSY: (ArchiveBusy, f"another process holds the archive {path}"),
        sqlite3.SQLITE_NOTADB: (NotAnArchive, f"{path} is not an archive of Stillframe"),
        sqlite3.SQLITE_CORRUPT: (ArchiveDamaged, f"the archive {path} is damaged: {error}"),
    }.get(code, (ArchiveError, f"the archive {path} failed: {error}"))
    return kind(said)


def _not_opened(path: Path) -> ArchiveError:
    if path.is_dir():
        return NotAnArchive(f"{path} is a folder, not an archive")
    if not path.parent.is_dir():
        return NoArchive(f"the archive {path} cannot be made: there is no folder {path.parent}")
    return ArchiveReadOnly(f"the archive {path} or its folder does not let itself be written")
