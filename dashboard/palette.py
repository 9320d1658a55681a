"""Palette: order, colour and dashes of statuses and percentiles, wherever they are drawn. Pure.

The colours are Okabe and Ito's, so that the colour-blind can tell them apart; the dashes tell the
same on paper without colours.
"""

ENDED = ("failed", "cancelled", "completed")
OPEN = ("processing", "queued", "scheduled", "retrying")
PERCENTILES = ("p50", "p95", "p99")
COLOURS = {
    "completed": "#009E73",
    "processing": "#0072B2",
    "queued": "#56B4E9",
    "cancelled": "#999999",
    "failed": "#D55E00",
    "scheduled": "#CC79A7",
    "retrying": "#E69F00",
    "created": "#CC79A7",
    "p50": "#009E73",
    "p95": "#E69F00",
    "p99": "#D55E00",
}
DASHES = {
    "created": [4, 3],
    "processing": [1, 0],
    "queued": [6, 3],
    "scheduled": [2, 3],
    "retrying": [8, 3, 2, 3],
    "p50": [1, 0],
    "p95": [6, 3],
    "p99": [2, 3],
}
