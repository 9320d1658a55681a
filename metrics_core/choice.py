"""Which source an answer speaks of. Pure."""

from collections.abc import Mapping

from metrics_core.errors import UnknownSource
from metrics_core.source import Source


def chosen_source(
    sources: Mapping[str, Source], name: str | None = None, *, preset: str | None = None
) -> Source:
    """The source of that name; with none named the one marked default, else the only one.

    Else, where the question is of one preset's kind, the only source with that preset.
    UnknownSource names those that there are.
    """
    if name is not None:
        if name not in sources:
            raise UnknownSource(f"there is no source {name!r}; there are: {', '.join(sources)}")
        return sources[name]
    known = list(sources.values())
    fitting = [source for source in known if preset is not None and source.preset == preset]
    for candidates in ([source for source in known if source.default], known, fitting):
        if len(candidates) == 1:
            return candidates[0]
    raise UnknownSource(f"name a source, or mark one default = true: {', '.join(sources)}")
