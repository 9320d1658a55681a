"""Errors: why tasks failed, the most frequent codes first. Codes and messages are shown as text."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import charts, wording
from dashboard.markup import Html, tag, untrusted
from dashboard.panels import navigation
from dashboard.panels.drawing import headline, key_of, say
from dashboard.panels.error_detail import error_detail
from dashboard.panels.sparklines import silhouette
from dashboard.shown import Shown
from metrics_core.groups import ErrorGroup, Errors

LISTED, PICKS = 6, "errors-picked"
Ranked = Mapping[int, ErrorGroup]
"""Error codes by their rank."""


def errors(shown: Shown) -> None:
    """The largest codes, each to be looked into; all of them in a table, for who opens it."""
    found = shown.snapshot.errors
    listed = _listed(shown, found.codes if found else ())
    _list(shown, listed)
    chosen = next((rank for rank, e in listed.items() if e.code == shown.view.error), None)
    if listed:
        _choice(shown, listed, chosen)
    if chosen is not None:
        error_detail(shown, listed[chosen])
    elif found is not None and shown.view.error is not None:
        _absent(shown, shown.view.error)
    if found is not None and found.codes:
        _all_codes(shown, found)


def _listed(shown: Shown, codes: Sequence[ErrorGroup]) -> Ranked:
    """The largest codes, and the one that is looked into, wherever it stands."""
    ranked = enumerate(codes, start=1)
    chosen = shown.view.error
    return {rank: e for rank, e in ranked if rank <= LISTED or e.code == chosen}


def _list(shown: Shown, listed: Ranked) -> None:
    is_new = _is_new(shown)
    entries = [_entry(shown, rank, e, is_new=is_new(e.code)) for rank, e in listed.items()]
    none = tag("p", _why_none(shown), class_="quiet") if not entries else None
    st.html(tag("div", headline("Errors", _note(shown)), none, *entries, class_="sf"))


def _why_none(shown: Shown) -> str:
    if shown.snapshot.errors is None:
        return "Not measurable: this source gives no error text and no error code."
    return "No failures in this window."


def _note(shown: Shown) -> str:
    tasks = shown.snapshot.tasks
    if not tasks.failed:
        return ""
    return f"of {wording.counted(tasks.failed, 'failure')}, times in {charts.zone_words(shown)}"


def _choice(shown: Shown, listed: Ranked, chosen: int | None) -> None:
    """By rank: what Streamlit writes on a button is Markdown, and a code must not be."""
    # Of this order of the codes, and used once: the browser sends a pick again after a quick Back.
    picks = st.session_state.setdefault(PICKS, 0)
    key = key_of(repr((chosen, picks, [error.code for error in listed.values()])))
    picked = st.pills(
        "Look into", [*listed], format_func="no. {}".format, default=chosen, key=f"look-into-{key}"
    )
    if picked != chosen:
        st.session_state[PICKS] = picks + 1
        navigation.go(shown.view.but(error=listed[picked].code if picked else None))


def _absent(shown: Shown, code: str) -> None:
    text = tag("p", "No task failed with ", tag("b", untrusted(code)), " in this window.")
    st.html(tag("div", text, class_="sf quiet"))
    if st.button("Look into no error", key="error-absent", type="tertiary"):
        navigation.go(shown.view.but(error=None))


def _is_new(shown: Shown) -> Callable[[str], bool]:
    """Whether a code was not there before; never where nothing is compared, or not all is known."""
    before = shown.before.errors if shown.before else None
    if before is None or before.other is not None:
        return lambda _: False
    known = {error.code for error in before.codes}
    return lambda code: code not in known


def _entry(shown: Shown, rank: int, error: ErrorGroup, *, is_new: bool) -> Html:
    badge = tag("span", "new", class_="badge") if is_new else None
    code = tag("span", f"{rank}. ", untrusted(error.code), badge, class_="code")
    share = tag("span", f" · {wording.percent(error.share)}")
    number = tag("span", tag("b", wording.count(error.count)), share, class_="number")
    message = None if error.sample_message is None else untrusted(error.sample_message)
    parts = (
        tag("div", code, number, class_="line"),
        tag("div", _bar(error.share), silhouette(error.bins, kind="failed"), class_="trend"),
        tag("p", message, class_="message") if message else None,
        tag("p", seen(shown, error), class_="quiet"),
    )
    return tag("div", *parts, class_="sf-error")


def _bar(share: float) -> Html:
    filled = tag("i", style=f"width:{share * 100:.1f}%")
    return tag("div", filled, class_="bar", aria_hidden="true")


def seen(shown: Shown, error: ErrorGroup) -> str:
    """When it was first and last seen in the window."""
    to, zone = shown.snapshot.window.to, shown.zone
    first = wording.clock_near(error.first_at, to, zone)
    if error.count == 1:
        return f"Seen once, at {first}"
    last = f"{wording.clock_near(error.last_at, to, zone)} ({wording.ago(error.last_at, to)})"
    return f"First at {first}, last at {last}"


def _all_codes(shown: Shown, found: Errors) -> None:
    opened = st.expander("All error codes", key="all-error-codes", on_change="rerun")
    if not opened.open:
        return
    with opened:
        picked = st.dataframe(
            _table(shown, found),
            hide_index=True,
            placeholder=wording.NOTHING,
            column_config={
                "Share": st.column_config.ProgressColumn(format="%.1f %%", max_value=100)
            },
            key=f"error-table-{key_of(shown.view.error or '')}",
            on_select="rerun",
            selection_mode="single-row",
            alt="All error codes; a selected one is looked into",
        )
        _say_others(found)
    for row in picked["selection"]["rows"]:
        if row < len(found.codes):
            navigation.go(shown.view.but(error=found.codes[row].code))


def _say_others(found: Errors) -> None:
    if found.other:
        codes = wording.counted(found.other.codes, "further code")
        say(f"{codes} with {wording.counted(found.other.count, 'failure')} not listed.")


def _table(shown: Shown, found: Errors) -> pd.DataFrame:
    zone = charts.zone_words(shown)
    rows = [
        {
            "Code": error.code,
            "Failures": error.count,
            "Share": error.share * 100,
            # Words, or Streamlit moves them into the browser's zone.
            f"First seen ({zone})": wording.day_and_clock(error.first_at, shown.zone),
            f"Last seen ({zone})": wording.day_and_clock(error.last_at, shown.zone),
            "Newest message": error.sample_message,
            "Newest tasks": ", ".join(error.task_ids),
        }
        for error in found.codes
    ]
    return pd.DataFrame(rows)
