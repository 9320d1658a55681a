"""What axe finds serious or critical on a page, in light and dark, but for faults named here."""

from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
BACKGROUND = """() => getComputedStyle(
    document.querySelector('[data-testid=stApp]') ?? document.body).backgroundColor"""
IN_SCHEME = "scheme => (parseInt(({})().slice(4)) > 127) === (scheme === 'light')"


class Allowed(NamedTuple):
    """A rule that a foreign part of the page breaks: in which element, as CSS says it, and why."""

    rule: str
    selector: str
    reason: str


NOT_OURS = (
    Allowed(
        "svg-img-alt",
        "g.zoom_brush, g.zoom_brush_bg",
        "Vega-Lite draws a brush as two marks of its own, which cannot be named, nor hidden; "
        "the chart around them has its text and its table.",
    ),
)
"""Streamlit's own markup breaks no grave rule on our views; this is all, and from Vega."""
MATCHES = "(element, selector) => element.matches(selector)"


def grave_faults(page: Page) -> list[str]:
    """Each grave fault as "scheme rule selector: summary", in light and in dark, which stays."""
    page.evaluate(Axe().axe_script)
    return [fault for scheme in ("light", "dark") for fault in _faults(page, scheme)]


def _faults(page: Page, scheme: str) -> list[str]:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.wait_for_function(IN_SCHEME.format(BACKGROUND), arg=scheme)
    found = page.evaluate("options => axe.run(options)", ONLY_VIOLATIONS)["violations"]
    return [
        f"{scheme} {violation['id']} {node['target']}: {node['failureSummary']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not _is_allowed(page, violation["id"], node["target"][0])
    ]


def _is_allowed(page: Page, rule: str, target: str) -> bool:
    element = page.locator(target).first
    return any(each.rule == rule and element.evaluate(MATCHES, each.selector) for each in NOT_OURS)
