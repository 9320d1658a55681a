"""Recognition: which known job systems a database holds, when there is no settings file."""

from metrics_core.connect import dialect_of, open_database
from metrics_core.errors import SettingsError, SourceError
from metrics_core.presets import preset_names, preset_settings
from metrics_core.source import Source
from metrics_core.statement import bounded_select
from metrics_core.window import EPOCH, Window


def recognised_sources(url: str) -> dict[str, Source]:
    """A source for each preset whose SELECT this database can run; SettingsError if none can.

    Nothing is read but the names of columns. DatabaseError where the database does not answer.
    """
    dialect = dialect_of(url)
    candidates = [
        Source.model_validate({**preset_settings(name, dialect), "name": name, "url": url})
        for name in preset_names()
    ]
    sources = {source.name: source for source in candidates if _runs(source)}
    if not sources:
        raise SettingsError(
            f"the database holds no table that Stillframe knows ({', '.join(preset_names())}): "
            "write a stillframe.toml that names yours"
        )
    return sources


def _runs(source: Source) -> bool:
    some_window = Window(start=EPOCH, end=EPOCH)
    with open_database(source) as database, database.transaction():
        try:
            return bool(database.columns(bounded_select(database, source, some_window)))
        except SourceError:
            return False
