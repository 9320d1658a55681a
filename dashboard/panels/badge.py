"""Badge: in one word how fresh the figures are, with a sign and a colour as further cues."""

from dashboard.markup import Html, tag

SIGNS = {
    "LIVE": "●",
    "STALE": "▲",
    "UNAVAILABLE": "✕",
    "PAST": "◆",
    "PAUSED": "❚❚",
    "FROZEN": "■",
    "VERIFIED": "✓",
    "NOT VERIFIED": "✕",
}


def badge(state: str, more: str | Html = "") -> Html:
    """The word, and after it what more there is to say."""
    sign = tag("span", SIGNS.get(state, "◆"), class_="sign", aria_hidden="true")
    words = tag("span", tag("b", state), more)
    return tag("span", sign, words, class_=f"sf-badge {state.lower().replace(' ', '-')}")


def disconnected() -> Html:
    """What takes the badge's place while the browser does not reach the server (page.css)."""
    sign = tag("span", "✕", class_="sign", aria_hidden="true")
    words = tag("span", tag("b", "NOT CONNECTED"), ": these figures stand still")
    return tag("span", sign, words, class_="sf-badge no-connection")
