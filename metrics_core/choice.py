"""Which source an answer speaks of. Pure."""

from collections.abc import Mapping

from metrics_core.errors import UnknownSource
from metrics_core.source import Source


def chosen_source(sources: Mapping[str, Source], name: str | None = None) -> Source:
    """The source of that name; with none named the one marked default, else the only one."""
    if name is not None:
        if name not in sources:
            raise UnknownSource(f"there is no source {name!r}; there are: {', '.join(sources)}")
        return sources[name]
    defaults = [source for source in sources.values() if source.default]
    candidates = defaults or list(sources.values())
    if len(candidates) != 1:
        raise UnknownSource(f"name a source, or mark one default = true: {', '.join(sources)}")
    return candidates[0]
