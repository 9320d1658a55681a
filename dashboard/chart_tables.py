"""Tables behind the charts: the same figures, a row a bin, in words. Pure."""

from collections.abc import Iterator

import pandas as pd

from dashboard import wording
from dashboard.charts import LatencyName, zone_words
from dashboard.palette import PERCENTILES
from dashboard.shown import Shown
from metrics_core.document import SeriesBin
from metrics_core.groups import ErrorGroup

LARGEST_DIGIT_FACTOR = {"1": 2, "2": 2.5, "5": 2}


def count_table(shown: Shown, names: tuple[str, ...]) -> pd.DataFrame:
    """The counts of each bin; where something is compared, that follows on the right."""
    frame = _counts(shown, shown.snapshot.series, names)
    if shown.before is None:
        return frame
    older = _counts(shown, shown.before.series, names)
    return pd.concat([frame, older.add_suffix(", before")], axis=1)


def latency_table(shown: Shown, name: LatencyName) -> pd.DataFrame:
    """Percentiles, n and the heat map's cells of each bin."""
    return pd.DataFrame(
        {**_time(shown, part), **_percentiles(part, name)} for part in shown.snapshot.series
    )


def bucket_words(edge_ms: str) -> str:
    """The bucket of a lower edge.

    >>> bucket_words("0"), bucket_words("200"), bucket_words("20000")
    ('0 ms to 1 ms', '200 ms to 500 ms', '20 s to 50 s')
    """
    low = int(edge_ms)
    high = int(low * LARGEST_DIGIT_FACTOR[edge_ms[0]]) if low else 1
    return f"{wording.duration(low)} to {wording.duration(high)}"


def _counts(shown: Shown, series: tuple[SeriesBin, ...], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {**_time(shown, part), **{n.capitalize(): getattr(part.tasks, n) for n in names}}
        for part in series
    )


def _time(shown: Shown, part: SeriesBin) -> dict[str, str]:
    span = wording.interval(part.from_, part.to, shown.zone)
    return {f"Time ({zone_words(shown)})": f"{span}{' (partial)' if part.partial else ''}"}


def _percentiles(part: SeriesBin, name: LatencyName) -> dict[str, object]:
    latency = getattr(part, name)
    words = {each: wording.duration(getattr(latency, each)) for each in PERCENTILES}
    cells = (f"{bucket_words(edge)}: {count}" for edge, count in latency.buckets.items())
    return {"n": latency.samples, **words, "Tasks by how long they took": _joined(cells)}


def _joined(parts: Iterator[str]) -> str:
    return ", ".join(parts) or wording.NOTHING


def error_table(shown: Shown, error: ErrorGroup) -> pd.DataFrame:
    """The failures with one code, a bin each."""
    return pd.DataFrame(
        {**_time(shown, part), "Failures": count}
        for part, count in zip(shown.snapshot.series, error.bins, strict=True)
    )
