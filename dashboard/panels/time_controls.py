"""Time controls: how long the window is, when it ends, and in whose time that is said."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.panels import navigation, notice
from dashboard.shown import UTC_ZONE
from dashboard.view import MAX_MINUTES, MINUTE, View

PICKS = (5, 15, 30, 60, 180, 360, 720, 1440)
PICK, SLIDER, NUMBER = "window-pick", "window-minutes", "window-number"
END, ZONE, PROBLEM = "window-end", "zone-pick", "time-problem"
ZONE_WIDTH = 112
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""The first instant that can be picked; the URL takes those from 1970 on."""


def length(view: View) -> None:
    """The window's length by quick picks, by a slider, and as a number of minutes."""
    _pick(view)
    with st.container(width="stretch", key="window-slider"):
        _minutes_slider(view)
    _minutes_number(view)


def _pick(view: View) -> None:
    st.session_state[PICK] = view.minutes if view.minutes in PICKS else None

    def choose() -> None:
        # None: the pick that is shown was clicked again, which changes nothing.
        if st.session_state[PICK] is not None:
            navigation.write(view.but(minutes=st.session_state[PICK]))

    st.segmented_control(
        "Window", PICKS, key=PICK, format_func=wording.span, on_change=choose, wrap=True
    )


def _minutes_slider(view: View) -> None:
    st.session_state[SLIDER] = view.minutes

    def choose() -> None:
        navigation.write(view.but(minutes=st.session_state[SLIDER]))

    label = "Window in minutes"
    st.slider(label, 1, MAX_MINUTES, key=SLIDER, format="%d min", on_change=choose)


def _minutes_number(view: View) -> None:
    st.session_state[NUMBER] = view.minutes

    def choose() -> None:
        navigation.write(view.but(minutes=st.session_state[NUMBER]))

    st.number_input("Minutes", 1, MAX_MINUTES, key=NUMBER, step=1, width=130, on_change=choose)


def end(view: View) -> None:
    """When the window ends: now, or at a chosen instant; and steps of one window."""
    span = wording.span(view.minutes)
    st.button(
        f"Back {span}",
        key="earlier",
        icon=":material/chevron_left:",
        on_click=lambda: navigation.write(view.earlier(navigation.now())),
    )
    _end_instant(view)
    st.button(
        f"Forward {span}",
        key="later",
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=lambda: navigation.write(view.later(navigation.now())),
        disabled=view.is_live,
    )
    live = view.but(to=None)
    st.button("Now", key="now", on_click=navigation.write, args=(live,), disabled=view.is_live)


def _end_instant(view: View) -> None:
    def choose(instant: datetime | None) -> None:
        navigation.write(view.but(to=instant))

    label = "To now"
    if view.to is not None:
        label = f"To {wording.clock_near(view.to, navigation.now(), shown_zone(view))}"
    with st.popover(label, key="window-end-popover"):
        instant_input("The window ends at", view.to, view, key=END, choose=choose)


def instant_input(
    label: str,
    instant: datetime | None,
    view: View,
    *,
    key: str,
    choose: Callable[[datetime | None], None],
) -> None:
    """A date and time in the view's zone. An instant that has not come yet is refused in words."""
    shown_in = shown_zone(view)
    # To the minute, as the widget holds it: with seconds it would call any other click a choice.
    st.session_state[key] = instant and _to_the_minute(instant, shown_in)

    def check_and_choose() -> None:
        entered: datetime | None = st.session_state[key]
        chosen = entered and entered.replace(tzinfo=shown_in).astimezone(UTC)
        if chosen and chosen > navigation.now():
            st.session_state[PROBLEM] = f"{_in_words(chosen, shown_in)} has not come yet."
        elif chosen and chosen < EARLIEST:
            st.session_state[PROBLEM] = f"{_in_words(chosen, shown_in)} is too long ago."
        else:
            choose(chosen)

    st.datetime_input(
        f"{label} ({shown_in.key})",
        key=key,
        min_value=EARLIEST.replace(tzinfo=None),
        format="YYYY-MM-DD",
        step=MINUTE,
        width=250,
        on_change=check_and_choose,
    )


def _to_the_minute(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive time in the zone, without its seconds."""
    return instant.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)


def problem() -> None:
    """Why the last choice of an instant was not taken; said once."""
    text = st.session_state.pop(PROBLEM, None)
    with st.container():
        if text:
            notice.refused(f"{text} The view is as it was.")


def zone(view: View) -> None:
    """Whether times are UTC's or the viewer's; nothing where these are the same."""
    if wording.zone_named(st.context.timezone) is None:
        return
    st.session_state[ZONE] = view.zone

    def choose() -> None:
        navigation.write(view.but(zone=st.session_state[ZONE]))

    names: dict[str, str] = {"utc": "UTC", "local": "Local time"}
    st.selectbox(
        "Times in",
        list(names),
        key=ZONE,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        width=ZONE_WIDTH,
        on_change=choose,
    )


def shown_zone(view: View) -> ZoneInfo:
    """The zone of the view's times: the viewer's, where that is known and asked for, else UTC."""
    local = wording.zone_named(st.context.timezone) if view.zone == "local" else None
    return local or UTC_ZONE


def _in_words(instant: datetime, zone: ZoneInfo) -> str:
    return f"{wording.day_and_clock(instant, zone)} {zone.key}"
