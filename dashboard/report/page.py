"""The report as one HTML page: no script, no request, nothing beside it. Pure."""

from functools import cache
from html import escape
from importlib.resources import files
from itertools import chain

from dashboard.markup import tag
from dashboard.report.appendix import definitions, how_to_verify
from dashboard.report.breakdowns import breakdowns
from dashboard.report.changes import changes
from dashboard.report.errors import errors
from dashboard.report.figures import figures
from dashboard.report.head import head, title
from dashboard.report.incident import Incident
from dashboard.report.reliance import provenance, quality
from dashboard.report.series import charts, numbers

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
{main}
</body>
</html>
"""


def report_html(incident: Incident) -> str:
    """The whole page: what is wrong first, then why, then whether it can be believed.

    The same incident always gives the same text.
    """
    parts = chain(
        head(incident),
        changes(incident),
        figures(incident),
        charts(incident),
        errors(incident),
        breakdowns(incident),
        quality(incident),
        provenance(incident),
        how_to_verify(incident),
        definitions(),
        numbers(incident),
    )
    main = str(tag("main", *(part for each in parts for part in (each, "\n"))))
    name = escape(title(incident))
    return FRAME.format(policy=POLICY, title=name, css=_style(), main=main)


@cache
def _style() -> str:
    return files("dashboard").joinpath("html", "report.css").read_text(encoding="utf-8")
