"""stillframe.toml: from the settings file to sources. Every fault is named with its place."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from metrics_core.connect import dialect_of
from metrics_core.errors import SettingsError
from metrics_core.presets import PRESET_KEYS, Place, preset_names, preset_settings
from metrics_core.source import Source

ENV = "env:"
NAME = r"[A-Za-z0-9_-]{1,64}"
NOT_IN_ORDER = ("name", "preset")
SOURCE_KEYS = (
    *(name for name in Source.model_fields if name not in NOT_IN_ORDER),
    *PRESET_KEYS,
    "preset",
)


def load_sources(
    path: str | os.PathLike[str], environ: Mapping[str, str] | None = None
) -> dict[str, Source]:
    """The sources of a settings file, by name, in its order.

    `environ` is where `url = "env:NAME"` looks: the process's own environment by default.
    SettingsError says what is wrong, and where.
    """
    file = Path(path)
    tables = _tables(file)
    known = os.environ if environ is None else environ
    sources = {name: _source(file, name, table, known) for name, table in tables.items()}
    defaults = [name for name, source in sources.items() if source.default]
    if len(defaults) > 1:
        raise SettingsError(f"{file}: {' and '.join(defaults)} are both marked default")
    return sources


def _tables(file: Path) -> dict[str, Any]:
    settings = _parsed(file)
    if unknown := next((key for key in settings if key != "sources"), None):
        raise SettingsError(
            f"{file}: unknown key {unknown!r}; all settings are under [sources.NAME]"
        )
    tables = settings.get("sources")
    if not isinstance(tables, dict) or not tables:
        raise SettingsError(f"{file}: it names no source; begin with [sources.NAME]")
    return tables


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not valid TOML: it is not UTF-8 text") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None


def _source(file: Path, name: str, table: Any, environ: Mapping[str, str]) -> Source:
    if not re.fullmatch(NAME, name):
        raise SettingsError(
            f"{file}: sources.{name!r}: a name is 1 to 64 letters, digits, hyphens or underscores"
        )
    place = f"{file}: sources.{name}"
    if not isinstance(table, dict):
        raise SettingsError(f"{place}: must be a table: [sources.{name}]")
    _refuse_unknown_keys(place, table)
    url = _resolved_url(place, table.get("url"), environ)
    settings = _with_preset(place, table, url)
    try:
        return Source.model_validate({**settings, "name": name, "url": url})
    except ValidationError as error:
        raise SettingsError(f"{place}{_fault(error)}") from None


def _refuse_unknown_keys(place: str, table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in SOURCE_KEYS:
            near = difflib.get_close_matches(key, SOURCE_KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(SOURCE_KEYS)}"
            raise SettingsError(f"{place}: unknown key {key!r}; {hint}")


def _resolved_url(place: str, url: object, environ: Mapping[str, str]) -> str:
    if not isinstance(url, str) or not url:
        raise SettingsError(f'{place}: needs a url, as url = "env:DATABASE_URL"')
    if url.startswith(ENV):
        return _from_environment(place, url.removeprefix(ENV), environ)
    if has_password(url):
        raise SettingsError(
            f"{place}: its url holds a password: put the url into the environment, "
            'and write url = "env:DATABASE_URL"'
        )
    _dialect(place, url)
    return url


def _from_environment(place: str, variable: str, environ: Mapping[str, str]) -> str:
    if not variable:
        raise SettingsError(f'{place}: its url names no variable: write url = "env:DATABASE_URL"')
    url = environ.get(variable, "").strip()
    if not url:
        raise SettingsError(f"{place}: its url names the variable {variable}, which is not set")
    _dialect(f"{place}: {variable}", url)
    return url


def _dialect(place: str, url: str) -> str:
    try:
        return dialect_of(url)
    except SettingsError as error:
        raise SettingsError(f"{place}: {error}") from None


def has_password(url: str) -> bool:
    """Whether it may hold one: an @ behind the host is of a password that was not encoded."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    stray = ":" in parts.netloc and "@" in url.partition(parts.netloc)[2]
    named = any("password" in name for name, _ in parse_qsl(parts.query))
    return bool(parts.password) or stray or named


def _with_preset(place: str, table: Mapping[str, Any], url: str) -> dict[str, Any]:
    own = {key: value for key, value in table.items() if key not in ("preset", *PRESET_KEYS)}
    where = {key: table[key] for key in PRESET_KEYS if key in table}
    preset = table.get("preset")
    for key, value in where.items():
        if preset is None or not isinstance(value, str):
            raise SettingsError(f"{place}.{key}: is a name, and stands beside preset only")
    if preset is None:
        return own
    if preset not in preset_names():
        known = ", ".join(preset_names())
        raise SettingsError(f"{place}: unknown preset {preset!r}; known: {known}")
    try:
        return preset_settings(preset, dialect_of(url), Place(**where)) | own
    except SettingsError as error:
        raise SettingsError(f"{place}: {error}") from None


def _fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    steps = "".join(f".{step}" for step in fault["loc"])
    message = "is missing" if fault["type"] == "missing" else fault["msg"]
    plain = message.removeprefix("Value error, ").replace("valid tuple", "list")
    return f"{steps}: {plain}"
