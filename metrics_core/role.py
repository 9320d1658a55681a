"""The database role of a source: whether it can do more than read, and the SQL of one that cannot.

READ ONLY is no wall: a superuser leaves it at will, an owner may lock and drop, and a writer is one
mistake away from writing. SQLite files are opened read-only and have no roles.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from metrics_core.database import Database
from metrics_core.deadline import within_deadline
from metrics_core.errors import UnsafeRole
from metrics_core.source import Source
from metrics_core.statement import bounded_select
from metrics_core.window import Window

READER = "stillframe_reader"
CONNECTIONS = 3
PLACEHOLDER = "<a long random password>"
CHECKS_CLIENTS_SINCE = 140_000
"""The version from which a server notices that a client died in the midst of a query."""
ROLE = """
SELECT
  CAST(current_user AS text) AS role,
  CAST(quote_ident(current_database()) AS text) AS database,
  CAST(current_setting('server_version_num') AS integer) AS version_number,
  EXISTS (
    SELECT FROM pg_roles WHERE rolsuper AND pg_has_role(oid, 'MEMBER')
  ) AS superuser
"""
RELATIONS_READ = """
  SELECT DISTINCT relation AS oid
  FROM pg_locks
  WHERE pid = pg_backend_pid()
    AND locktype = 'relation'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""The relations that this transaction has locked in reading or planning.

A plan names neither views nor the parents of partitions, on which a GRANT must stand.
"""
RIGHTS = f"""
SELECT
  CAST(n.nspname AS text) AS schema,
  CAST(c.relname AS text) AS name,
  quote_ident(n.nspname) AS quoted_schema,
  format('%I.%I', n.nspname, c.relname) AS quoted,
  pg_has_role(c.relowner, 'MEMBER') AS owned,
  has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    OR has_any_column_privilege(c.oid, 'INSERT, UPDATE') AS writable
FROM ({RELATIONS_READ}) AS read
JOIN pg_class AS c ON c.oid = read.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY n.nspname, c.relname
"""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A table or view that a source's SELECT reads; `owned` and `writable` by the source's role.

    The quoted forms are fit for SQL.
    """

    schema: str
    name: str
    quoted_schema: str
    quoted: str
    owned: bool
    writable: bool


@dataclass(frozen=True, kw_only=True)
class RoleFindings:
    """What the role of a source may do to the database beyond reading from it."""

    role: str
    database: str
    version_number: int
    superuser: bool
    relations: tuple[Relation, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the role, a sentence each; empty where it can only read."""
        if self.superuser:
            return (f"its role {self.role} is a superuser, whom no read-only transaction holds",)
        return tuple(self._faults())

    def _faults(self) -> Iterator[str]:
        if owned := [relation.quoted for relation in self.relations if relation.owned]:
            yield f"its role {self.role} owns {', '.join(owned)}, so it may lock, change or drop it"
        writable = [r.quoted for r in self.relations if r.writable and not r.owned]
        if writable:
            yield f"its role {self.role} may write {', '.join(writable)}"


def role_findings(database: Database, source: Source) -> RoleFindings | None:
    """What the source's role may do; None where the database knows no roles. It only reads."""
    with database.transaction():
        database.columns(bounded_select(database, source, _some_window()))
        return findings_in_transaction(database)


def findings_in_transaction(database: Database) -> RoleFindings | None:
    """The same about what the open transaction has read or planned to read."""
    if database.name != "postgresql":
        return None
    rights = database.fetch(RIGHTS, {}).to_pylist()
    (role,) = database.fetch(ROLE, {}).to_pylist()
    return RoleFindings(**role, relations=tuple(Relation(**each) for each in rights))


def check_role(source: Source) -> RoleFindings | None:
    """`role_findings` on a connection of its own, within the source's deadline."""
    return within_deadline(source, partial(role_findings, source=source))


_found_safe: set[tuple[str, str, str]] = set()


def refuse_unsafe_role(database: Database, source: Source) -> None:
    """UnsafeRole where the source says `unsafe_role = "refuse"` and its role can do more than read.

    A role that was found safe is not looked at again in this process.
    """
    key = (source.name, source.url, source.sql)
    if source.unsafe_role != "refuse" or key in _found_safe:
        return
    findings = role_findings(database, source)
    if findings is not None and findings.faults:
        raise UnsafeRole(
            f'source {source.name} is not opened (unsafe_role = "refuse"): '
            f"{'; '.join(findings.faults)}; "
            f"`stillframe doctor {source.name}` prints the SQL of a role that can only read"
        )
    _found_safe.add(key)


def role_warning(findings: RoleFindings, source: Source) -> str:
    """What is wrong with the role and the way out, in one line; empty where nothing is."""
    if not findings.faults:
        return ""
    refused = " is not opened" if source.unsafe_role == "refuse" else ""
    grants = " ".join(_grants(findings, source))
    return (
        f"source {source.name}{refused}: {'; '.join(findings.faults)}. Give it a role that can "
        f"only read: {grants} `stillframe doctor {source.name}` prints the rest."
    )


def role_sql(findings: RoleFindings, source: Source) -> str:
    """The SQL that makes a role which can read what the source reads, and nothing else."""
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": f"'{round(source.deadline_seconds * 1000)}ms'",
        "lock_timeout": "'100ms'",
        "idle_in_transaction_session_timeout": "'3s'",
    }
    if findings.version_number >= CHECKS_CLIENTS_SINCE:
        settings["client_connection_check_interval"] = "'1s'"
    lines = (
        f"CREATE ROLE {READER} LOGIN PASSWORD '{PLACEHOLDER}' CONNECTION LIMIT {CONNECTIONS};",
        *(f"ALTER ROLE {READER} SET {name} = {value};" for name, value in settings.items()),
        f"GRANT CONNECT ON DATABASE {findings.database} TO {READER};",
        *_grants(findings, source),
    )
    return "\n".join(lines)


def _grants(findings: RoleFindings, source: Source) -> Iterator[str]:
    relations = named_in(source.sql, findings.relations)
    for schema in dict.fromkeys(relation.quoted_schema for relation in relations):
        yield f"GRANT USAGE ON SCHEMA {schema} TO {READER};"
    for relation in relations:
        yield f"GRANT SELECT ON {relation.quoted} TO {READER};"


def named_in(select: str, relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
    """Those relations that the SELECT itself names; all of them where it seems to name none.

    What lies behind a view, and a partition, is read by the right to what stands before it.
    """
    named = tuple(each for each in relations if is_named(select, each.name))
    return named or relations


def is_named(select: str, name: str) -> bool:
    """Whether the SELECT names a relation so, quoted or not."""
    doubled = name.replace('"', '""')
    return bool(re.search(rf"(?<!\w){re.escape(doubled)}(?!\w)", select, re.IGNORECASE))


def _some_window() -> Window:
    return Window.ending_now(datetime.now(UTC))
