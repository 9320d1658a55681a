"""Row level security: which tables may show the source's role fewer rows than there are."""

from metrics_core.database import Database
from metrics_core.role import RELATIONS_READ, is_named
from metrics_core.source import Source

ROW_SECURITY = f"""
SELECT
  CAST(c.relname AS text) AS name,
  format('%I.%I', n.nspname, c.relname) AS quoted
FROM ({RELATIONS_READ}) AS read
JOIN pg_class AS c ON c.oid = read.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE row_security_active(c.oid)
ORDER BY n.nspname, c.relname
"""


def tables_with_row_security(database: Database, source: Source) -> tuple[str, ...]:
    """Of the tables that the open transaction has read, those whose rows a policy chooses.

    Only those that the SELECT itself names: a view reads what is behind it by its owner's rights.
    """
    if database.name != "postgresql":
        return ()
    rows = database.fetch(ROW_SECURITY, {}).to_pylist()
    return tuple(row["quoted"] for row in rows if is_named(source.sql, row["name"]))
