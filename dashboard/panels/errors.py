"""Errors: why tasks failed, the most frequent codes first. Codes and messages are shown as text."""

from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard import wording
from dashboard.markup import Html, tag, untrusted
from dashboard.panels.drawing import heading
from dashboard.shown import Shown
from metrics_core import Snapshot
from metrics_core.document import Errors, TopError


def errors(shown: Shown) -> None:
    """The five largest codes in full, and behind them a table of all."""
    snapshot = shown.snapshot
    heading("Top errors", _note(snapshot))
    if snapshot.errors is None:
        _say("Not measurable: this source gives no error text and no error code.")
    elif not snapshot.top_errors:
        _say("No failures in this window.")
    else:
        entries = [_entry(error, snapshot.window.to) for error in snapshot.top_errors]
        st.html(str(tag("div", tag("ol", *entries, class_="sf-errors"), class_="sf")))
        _all_codes(snapshot.errors)


def _note(snapshot: Snapshot) -> str:
    return f"of {wording.counted(snapshot.tasks.failed, 'failure')}" if snapshot.top_errors else ""


def _say(text: str) -> None:
    st.html(str(tag("div", tag("p", text), class_="sf quiet")))


def _entry(error: TopError, to: datetime) -> Html:
    number = tag("b", wording.count(error.count))
    share = tag("span", f" · {wording.percent(error.share)}")
    code = tag("span", untrusted(error.code), class_="code")
    message = None if error.sample_message is None else untrusted(error.sample_message)
    return tag(
        "li",
        tag("div", code, tag("span", number, share, class_="number"), class_="line"),
        _bar(error.share),
        tag("p", message, class_="message") if message else None,
        tag("p", _seen(error, to), ". Tasks: ", *_ids(error), class_="quiet"),
    )


def _bar(share: float) -> Html:
    filled = tag("i", style=f"width:{share * 100:.1f}%")
    return tag("div", filled, class_="bar", aria_hidden="true")


def _seen(error: TopError, to: datetime) -> str:
    first = wording.clock_near(error.first_at, to)
    if error.count == 1:
        return f"Seen once, at {first} UTC"
    return f"First at {first}, last at {wording.clock_near(error.last_at, to)} UTC"


def _ids(error: TopError) -> list[str | Html]:
    parts: list[str | Html] = []
    for task_id in error.task_ids:
        parts += [" ", tag("code", untrusted(task_id), class_="id")]
    return parts


def _all_codes(all_errors: Errors) -> None:
    with st.expander("All error codes", key="all-error-codes"):
        st.dataframe(
            _table(all_errors),
            hide_index=True,
            placeholder=wording.NOTHING,
            column_config=_COLUMNS,
            alt="All error codes",
        )
        if all_errors.other:
            other = all_errors.other
            codes = wording.counted(other.codes, "further code")
            _say(f"{codes} with {wording.counted(other.count, 'failure')} not listed.")


_COLUMNS = {
    "Share": st.column_config.NumberColumn(format="%.1f %%"),
    "First seen (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY HH:mm:ss"),
    "Last seen (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY HH:mm:ss"),
}


def _table(all_errors: Errors) -> pd.DataFrame:
    rows = [
        {
            "Code": error.code,
            "Failures": error.count,
            "Share": error.share * 100,
            # Without its zone, or Streamlit moves it into the browser's.
            "First seen (UTC)": error.first_at.replace(tzinfo=None),
            "Last seen (UTC)": error.last_at.replace(tzinfo=None),
            "Newest message": error.sample_message,
            "Newest tasks": ", ".join(error.task_ids),
        }
        for error in all_errors.codes
    ]
    return pd.DataFrame(rows)
