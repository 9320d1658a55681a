"""Settings: the only reader of the environment. Refuses to start when that would be unsafe."""

import getpass
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dashboard import behind_proxy
from dashboard.behind_proxy import BehindProxy
from dashboard.limits import Limits, limits_of
from dashboard.passwords import hash_password, refuse_malformed, refuse_weak
from metrics_core import Source, load_sources
from metrics_core.errors import SettingsError
from metrics_core.recognise import recognised_sources
from metrics_core.source_file import ENV, has_password

DEFAULT_TICK_SECONDS = 5.0
LEAST_TICK_SECONDS = 0.1
MOST_TICK_SECONDS = 60.0
DEFAULT_CONFIG = Path("stillframe.toml")
DEFAULT_URL_VARIABLE = "DATABASE_URL"
Sources = dict[str, Source]
# Fixed, so that sign-ins outlive a restart: the cookies' key comes from the hash. A plain
# password's hash stays in memory, where the password itself is in the environment anyway.
PLAIN_PASSWORD_SALT = b"stillframe.sign-in.v1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says. `config` is None where there is no settings file.

    `archive` is the archive's file; None where nothing is archived.

    Whoever knows `password_hash` can sign cookies: it is a secret like the password.
    """

    config: Path | None
    password_hash: str = field(repr=False)
    admin_secret: str | None = field(default=None, repr=False)
    archive: Path | None = None
    retention: Limits = field(default_factory=Limits)
    tick_seconds: float = DEFAULT_TICK_SECONDS
    proxy: BehindProxy = field(default_factory=BehindProxy)
    log_format: Literal["text", "json"] = "text"
    log_level: int = logging.INFO


def settings_from_environment(
    environ: Mapping[str, str] = os.environ,
    *,
    config: Path | None = None,
    log_format: Literal["text", "json"] = "text",
) -> Settings:
    """The settings; `config` (of --config) wins over STILLFRAME_CONFIG and ./stillframe.toml."""
    return Settings(
        config=config or _config_path(environ),
        password_hash=_password_hash(environ),
        admin_secret=_admin_secret(environ),
        archive=archive_path(environ),
        retention=limits_of(
            days=environ.get("STILLFRAME_ARCHIVE_DAYS", ""),
            snapshots=environ.get("STILLFRAME_ARCHIVE_SNAPSHOTS", ""),
        ),
        tick_seconds=_tick_seconds(environ),
        proxy=_behind_proxy(environ),
        log_format=log_format,
    )


def settings_with_password(
    password: str, *, config: Path | None, archive: Path | None = None
) -> Settings:
    """Settings around a password that is made up on the spot, as the demo's is; a quiet log."""
    return Settings(
        config=config,
        password_hash=_hash_of_plain(password),
        archive=archive,
        log_level=logging.WARNING,
    )


def configured_sources(
    config: Path | None, environ: Mapping[str, str] = os.environ
) -> dict[str, Source]:
    """The sources of the settings file; without one, what DATABASE_URL holds that we know."""
    file = config or _config_path(environ)
    if file is not None:
        return load_sources(file, environ)
    url = environ.get("DATABASE_URL", "").strip()
    if not url:
        raise SettingsError(
            "no settings file: write ./stillframe.toml (`stillframe init` does), name one by "
            "--config or STILLFRAME_CONFIG, or set DATABASE_URL"
        )
    return recognised_sources(url)


@dataclass(frozen=True, kw_only=True)
class NamedUrl:
    """A database's url, and how a settings file says it: `setting` never holds a secret.

    `unset` is the variable that the settings file names and that does not hold the url yet.
    """

    url: str = field(repr=False)
    setting: str
    unset: str | None = None


def named_url(given: str | None, environ: Mapping[str, str] = os.environ) -> NamedUrl:
    """The url that was given, as it is or as env:NAME, else that of DATABASE_URL."""
    if given is None or given.startswith(ENV):
        variable = given.removeprefix(ENV) if given else DEFAULT_URL_VARIABLE
        url = environ.get(variable, "").strip()
        if not url:
            raise SettingsError(
                f"{variable or 'env:'} is not set: set it, or give the database's url, as in "
                "stillframe init postgresql://reader@db.example/queue"
            )
        return NamedUrl(url=url, setting=f"{ENV}{variable}")
    if given == environ.get(DEFAULT_URL_VARIABLE, "").strip():
        return NamedUrl(url=given, setting=f"{ENV}{DEFAULT_URL_VARIABLE}")
    if has_password(given) or not given.isprintable():
        variable = DEFAULT_URL_VARIABLE
        return NamedUrl(url=given, setting=f"{ENV}{variable}", unset=variable)
    return NamedUrl(url=given, setting=given)


def new_config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a settings file would be looked for, whether there is one yet or not."""
    return Path(environ.get("STILLFRAME_CONFIG") or DEFAULT_CONFIG)


def sources_with(config: Path, named: NamedUrl, environ: Mapping[str, str] = os.environ) -> Sources:
    """The sources of a settings file where the variable that it names holds that url."""
    variable = named.setting.removeprefix(ENV) if named.setting.startswith(ENV) else None
    return load_sources(config, {**environ, variable: named.url} if variable else environ)


def archive_path(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The archive's file, of STILLFRAME_ARCHIVE; None where nothing is archived."""
    named = environ.get("STILLFRAME_ARCHIVE", "").strip()
    return Path(named) if named else None


def login() -> str | None:
    """The name under which the command's user is logged in, as far as the system tells."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def _config_path(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("STILLFRAME_CONFIG")
    if named and not Path(named).is_file():
        raise SettingsError(f"STILLFRAME_CONFIG names {named}, but there is no such file")
    if named:
        return Path(named)
    return DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None


def _tick_seconds(environ: Mapping[str, str]) -> float:
    """How far apart live windows end, and so how often a source is read at most."""
    text = environ.get("STILLFRAME_TICK_SECONDS") or str(DEFAULT_TICK_SECONDS)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not LEAST_TICK_SECONDS <= seconds <= MOST_TICK_SECONDS:
        raise SettingsError(
            f"STILLFRAME_TICK_SECONDS must be a number of seconds from {LEAST_TICK_SECONDS:g} "
            f"to {MOST_TICK_SECONDS:g}"
        )
    return seconds


def _behind_proxy(environ: Mapping[str, str]) -> BehindProxy:
    """What stands in front of us, if anything."""
    proxies = behind_proxy.trusted_proxies(environ.get("STILLFRAME_TRUSTED_PROXIES", ""))
    if environ.get("FORWARDED_ALLOW_IPS", "").strip() and not proxies:
        raise SettingsError(
            "FORWARDED_ALLOW_IPS is not read: name your proxies in STILLFRAME_TRUSTED_PROXIES"
        )
    return BehindProxy(
        allowed_hosts=behind_proxy.allowed_hosts(environ.get("STILLFRAME_ALLOWED_HOSTS", "")),
        trusted_proxies=proxies,
        user_header=behind_proxy.user_header(
            environ.get("STILLFRAME_USER_HEADER", ""), proxies=proxies
        ),
        base_path=behind_proxy.base_path(environ.get("STILLFRAME_BASE_PATH", "")),
    )


def _admin_secret(environ: Mapping[str, str]) -> str | None:
    """The secret of the HTTP API; without one nobody passes by secret."""
    secret = environ.get("STILLFRAME_ADMIN_SECRET", "").strip()
    if not secret:
        return None
    try:
        refuse_weak(secret, what="secret")
    except SettingsError as error:
        raise SettingsError(f"STILLFRAME_ADMIN_SECRET: {error}") from error
    if secret == environ.get("STILLFRAME_PASSWORD"):
        raise SettingsError("STILLFRAME_ADMIN_SECRET is the password as well: choose another")
    return secret


def _password_hash(environ: Mapping[str, str]) -> str:
    password = environ.get("STILLFRAME_PASSWORD")
    password_hash = environ.get("STILLFRAME_PASSWORD_HASH")
    if password and password_hash:
        raise SettingsError(
            "STILLFRAME_PASSWORD and STILLFRAME_PASSWORD_HASH are both set: unset one of them"
        )
    if password_hash:
        return _checked_hash(password_hash)
    if password:
        return _hash_of_plain(password)
    raise SettingsError(
        "no password: set STILLFRAME_PASSWORD (at least 12 characters), or STILLFRAME_PASSWORD_HASH"
        " to what `stillframe hash-password` prints"
    )


def _checked_hash(password_hash: str) -> str:
    try:
        refuse_malformed(password_hash)
    except SettingsError as error:
        raise SettingsError(f"STILLFRAME_PASSWORD_HASH: {error}") from error
    return password_hash.strip()


def _hash_of_plain(password: str) -> str:
    try:
        refuse_weak(password)
    except SettingsError as error:
        raise SettingsError(f"STILLFRAME_PASSWORD: {error}") from error
    return hash_password(password, salt=PLAIN_PASSWORD_SALT)
