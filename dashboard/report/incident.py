"""Incident: what a report is made of: one or two exhibits, what changed, log lines. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.report.exhibit import Exhibit
from dashboard.report.metrics_lines import MetricsLine, metrics_lines
from metrics_core import Comparison, Snapshot
from metrics_core.compare import compare
from metrics_core.errors import InvalidSnapshot

NAMES = {1: ("Snapshot",), 2: ("Before", "After")}


@dataclass(frozen=True, kw_only=True)
class Side:
    """An exhibit and what it is called: "Snapshot", or "Before" and "After"."""

    name: str
    exhibit: Exhibit

    @property
    def snapshot(self) -> Snapshot:
        return self.exhibit.snapshot

    @property
    def folder(self) -> str:
        """Its folder in the evidence ZIP."""
        return self.name.lower()


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One side, or two and what changed from the first to the second."""

    sides: tuple[Side, ...]
    comparison: Comparison | None
    metrics_lines: tuple[MetricsLine, ...]

    @classmethod
    def of(
        cls,
        first: Exhibit,
        second: Exhibit | None = None,
        *,
        log_lines: Iterable[str] = (),
        force: bool = False,
    ) -> "Incident":
        """Of the log's lines those of the exhibits are kept.

        Error unless `force`: NotComparable where the two do not speak of the same thing. Error:
        InvalidSnapshot where the parts of one do not belong together, as no Stillframe writes it.
        """
        exhibits = [first] if second is None else [first, second]
        snapshots = [exhibit.snapshot for exhibit in exhibits]
        pairs = zip(NAMES[len(exhibits)], exhibits, strict=True)
        return cls(
            sides=tuple(Side(name=name, exhibit=exhibit) for name, exhibit in pairs),
            comparison=_comparison(*snapshots, force=force) if second else None,
            metrics_lines=metrics_lines(log_lines, [each.request_id for each in snapshots]),
        )

    def said(self, side: Side, text: str) -> str:
        """A sentence, given without its capital: of one of two sides it says of which."""
        return f"{side.name}: {text}" if len(self.sides) > 1 else text[:1].upper() + text[1:]

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        return tuple(side.snapshot for side in self.sides)

    @property
    def last(self) -> Snapshot:
        """The snapshot that the report is titled by."""
        return self.snapshots[-1]


def _comparison(before: Snapshot, after: Snapshot, *, force: bool) -> Comparison:
    try:
        return compare(before, after, force=force)
    except ValueError as error:  # figures that no scan gives, as a bucket of no length of time
        text = "the parts of one of these snapshots do not belong together: it was altered"
        raise InvalidSnapshot(text) from error
