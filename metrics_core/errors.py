"""Every error that Stillframe raises on purpose; the class docstring is the default message.

An error's text is written for the person who reads it: what is wrong, where, and what to do.
It never carries a password, a full database URL or a value out of a task row.
"""

from inspect import getdoc


class StillframeError(Exception):
    """Stillframe could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or getdoc(type(self)))

    @property
    def reason(self) -> str:
        """What may leave the house, in a sealed snapshot as well."""
        return str(self)


class UsageError(StillframeError):
    """The request is wrong: correct it and ask again."""


class InvalidWindow(UsageError):
    """The window is not valid."""


class InvalidScope(UsageError):
    """The scope names something that the source does not have."""


class UnknownSource(UsageError):
    """There is no source of that name."""


class SettingsError(StillframeError):
    """The settings are not valid."""


class SourceError(StillframeError):
    """The source's SELECT does not give what Stillframe needs."""


class UnsafeRole(StillframeError):
    """The source's database role can do more than read, which its settings refuse."""


class DatabaseError(StillframeError):
    """The database did not answer."""

    def __init__(
        self, message: str | None = None, *, sqlstate: str | None = None, detail: str | None = None
    ) -> None:
        # The detail (an address, the driver's error) is for commands and logs: no reason has it.
        super().__init__(f"{message} ({detail})" if detail else message)
        self.sqlstate = sqlstate
        self._reason = message or str(self)

    @property
    def reason(self) -> str:
        return self._reason


class DatabaseHangs(DatabaseError):
    """The database neither answered nor let itself be cancelled."""


class ScanTooLarge(DatabaseError):
    """The window holds more rows than the source's max_rows allows."""


class InvalidSnapshot(StillframeError):
    """The document is not a Stillframe snapshot."""


class NotComparable(UsageError):
    """The two snapshots do not speak of the same thing, so they cannot be compared."""


class NotVerified(StillframeError):
    """The document or the archive is not what was written once."""


class ArchiveError(StillframeError):
    """The archive could not do what was asked."""

    @property
    def reason(self) -> str:
        """Without the path, which only commands and logs tell."""
        return getdoc(type(self)) or ""


class NoArchive(ArchiveError):
    """There is no archive at that path."""


class NotAnArchive(ArchiveError):
    """The file is not an archive of Stillframe."""


class NewerArchive(ArchiveError):
    """The archive was written by a later Stillframe: update this one to open it."""


class ArchiveFull(ArchiveError):
    """The archive's disk is full."""


class ArchiveReadOnly(ArchiveError):
    """The archive cannot be written."""


class ArchiveBusy(ArchiveError):
    """Another process holds the archive: try again."""


class ArchiveDamaged(ArchiveError):
    """The archive's file is damaged: `stillframe verify --archive` names the first bad record."""


class NotArchived(ArchiveError):
    """The archive holds no such snapshot."""
