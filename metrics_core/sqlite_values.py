"""What SQLite's driver gives: texts of any bytes, and times of every type in one column. Pure."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics_core.source import Source
from metrics_core.tasks import NULL, Instants, Mask
from metrics_core.times import epoch_number, in_another_zone, iso_instants


def with_valid_texts(rows: pa.Table) -> pa.Table:
    """The rows; SQLite lets a text be any bytes, and those that are no UTF-8 become U+FFFD."""
    try:
        rows.validate(full=True)
    except pa.ArrowInvalid:
        return pa.table([_valid_text(column) for column in rows.columns], rows.schema)
    return rows


def _valid_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as it is, or a text that is no UTF-8 with replacements."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        texts = column.cast(pa.binary()).to_pylist()
        valid = [None if text is None else text.decode(errors="replace") for text in texts]
        return pa.chunked_array([pa.array(valid, column.type)])
    return column


def times_of(
    written: pa.ChunkedArray, numbers: pa.ChunkedArray, source: Source
) -> tuple[Instants, Mask]:
    """A column as Instants, and which of its values could not be read.

    `numbers` are those of its values that are no texts.
    """
    texts = _as_texts(written)
    if numbers.null_count == len(numbers):
        return _times_of_texts(texts, source)
    texts = pc.if_else(numbers.is_null(), texts, None)
    instants, bad_text = _times_of_texts(texts, source)
    found, bad_number = epoch_number(numbers.to_numpy(), source.time_units_per_second)
    return np.where(instants == NULL, found, instants), bad_number | bad_text


def _as_texts(written: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts of the column; its numbers are so too where it has texts, or blobs, beside them."""
    if pa.types.is_string(written.type):
        return written
    if pa.types.is_binary(written.type):
        return _valid_text(written.cast(pa.string(), safe=False))
    return pa.chunked_array([pa.nulls(len(written), pa.string())])


def _times_of_texts(texts: pa.ChunkedArray, source: Source) -> tuple[Instants, Mask]:
    if texts.null_count == len(texts):
        return np.full(len(texts), NULL), np.zeros(len(texts), np.bool_)
    instants, bad = iso_instants(texts, source.zone)
    if source.utc_texts:
        bad |= in_another_zone(texts)
        instants = np.where(bad, NULL, instants)
    return instants, bad
