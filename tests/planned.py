"""How a scan of the hour before ten is planned, and what the doctor would say of it."""

from datetime import UTC, datetime

from metrics_core.connect import open_database
from metrics_core.index_advice import ScanPlan, scan_plan
from metrics_core.postgresql import Postgresql
from metrics_core.scan import wanted_columns
from metrics_core.source import Source
from metrics_core.statement import bounded_select
from metrics_core.window import Window

WINDOW = Window.ending(datetime(2026, 1, 30, 10, tzinfo=UTC), minutes=60)


def planned(source: Source) -> ScanPlan:
    """The plan of a scan of that hour, by the server's estimates."""
    with open_database(source) as database, database.transaction():
        assert isinstance(database, Postgresql)
        select = bounded_select(database, source, WINDOW)
        wanted = wanted_columns(source, database.columns(select))
        return scan_plan(database, wanted, select, WINDOW)


def read_whole(plan: ScanPlan) -> list[str]:
    """The large tables that the scan reads from their beginning to their end.

    But not those that are only joined: of these the server looks up rows once they are larger.
    """
    large = [table for table in plan.tables if table.large and table.whole]
    return [table.table for table in large if table.needs or not table.indexed]


def named(plan: ScanPlan) -> list[str]:
    """The statements that the doctor names for large tables."""
    return [need.sql for table in plan.tables if table.large for need in table.missing]
