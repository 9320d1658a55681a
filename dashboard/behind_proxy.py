"""What an operator tells about the reverse proxy in front, checked. Pure; reads no environment.

Every error is one line that names the variable and what it should say.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from metrics_core.errors import SettingsError

Network = IPv4Network | IPv6Network
# What stands first in paths of ours and of Streamlit's: under such a base path nobody could tell
# whether a proxy has stripped it.
TAKEN = (
    *("api", "v1", "schemas", "metrics", "openapi.json", "snapshots", "login", "logout"),
    *("healthz", "readyz", "static", "media", "component", "app", "_stcore"),
)
NOT_FOR_NAMES = ("authorization", "cookie", "host", "origin", "forwarded", "x-admin-secret")


@dataclass(frozen=True, kw_only=True)
class BehindProxy:
    """Which hosts we are called by, whom to believe, and under which path we are seen.

    `allowed_hosts` empty: any. `base_path` is "" or begins, and does not end, with a slash.
    """

    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    user_header: str | None = None
    base_path: str = ""


def allowed_hosts(text: str) -> tuple[str, ...]:
    """Host names of a comma list, lower case; `*.example.org` means every name below it."""
    hosts = tuple(host.lower() for host in _listed(text))
    for host in hosts:
        name = host.removeprefix("*.")
        if not re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", name):
            raise SettingsError(
                f"STILLFRAME_ALLOWED_HOSTS: {host!r} is no host name; give names without scheme "
                "and port, as status.example.org"
            )
    return hosts


def trusted_proxies(text: str) -> tuple[Network, ...]:
    """Addresses and networks of a comma list."""
    return tuple(_network(one) for one in _listed(text))


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise SettingsError(
            f"STILLFRAME_TRUSTED_PROXIES: {text!r} is no address and no network; give the "
            "proxy's own, as 10.0.0.5 or 10.0.0.0/24"
        ) from error
    if network.prefixlen == 0:
        raise SettingsError(
            f"STILLFRAME_TRUSTED_PROXIES: {text} would believe everybody; name your proxies only"
        )
    return network


def user_header(text: str, *, proxies: tuple[Network, ...]) -> str | None:
    """The header's name in lower case; None where there is none."""
    name = text.strip().lower()
    if not name:
        return None
    if not proxies:
        raise SettingsError(
            "STILLFRAME_USER_HEADER is believed only from a proxy: name it in "
            "STILLFRAME_TRUSTED_PROXIES"
        )
    is_ours = name.startswith(("x-stillframe-", "x-forwarded-for", "x-forwarded-proto"))
    if not re.fullmatch(r"[a-z0-9-]+", name) or is_ours or name in NOT_FOR_NAMES:
        raise SettingsError(
            f"STILLFRAME_USER_HEADER: {text!r} cannot hold the user's name; "
            "give a header as X-Forwarded-User"
        )
    return name


def base_path(text: str) -> str:
    """The path without a slash at its end.

    >>> base_path("/stillframe/"), base_path("/ops/queue"), base_path("/"), base_path("")
    ('/stillframe', '/ops/queue', '', '')
    """
    path = text.strip().rstrip("/")
    segments = path.split("/")[1:]
    is_path = re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", path) and not {".", ".."} & set(segments)
    if not is_path:
        raise SettingsError(
            f"STILLFRAME_BASE_PATH: {text!r} is no path; give one as /stillframe, of letters, "
            "digits and . _ ~ -"
        )
    if segments and segments[0].lower() in TAKEN:
        raise SettingsError(
            f"STILLFRAME_BASE_PATH: /{segments[0]} is a path of Stillframe's own; take another"
        )
    return path


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
