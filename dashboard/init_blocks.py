"""What `stillframe init` writes: a source a known system, or the proposed one. Pure."""

from collections.abc import Mapping
from typing import Any

from dashboard.init_text import doubts
from metrics_core.look import Found
from metrics_core.presets import preset_header
from metrics_core.proposal import Proposal
from metrics_core.recognise import Recognised, settings_of
from metrics_core.settings_text import Block, settings_text, source_name

SAID_OF_ALL = (
    "Written by stillframe init: change what is not so. The url's secrets stay in the environment.",
)


def system_text(found: Found, url: str) -> str:
    """The file of the known systems; `url` is what it says of theirs."""
    blocks = [_system_block(name, each, found.zone, url) for name, each in found.systems.items()]
    return settings_text(blocks, SAID_OF_ALL)


def _system_block(name: str, system: Recognised, zone: str, url: str) -> Block:
    settings = {"url": url, **settings_of(system, zone)}
    return Block(name=name, settings=settings, comments=_said_of(preset_header(system.preset)))


def _said_of(header: Mapping[str, Any]) -> list[str]:
    kept = header.get("retention")
    named = [f"{header['title']}."] + ([f"Kept: {kept}"] if kept else [])
    return [*named, *(f"Beware: {trap}" for trap in header.get("traps", ()))]


def proposal_text(proposal: Proposal, url: str) -> str:
    """The file of a table that Stillframe did not know."""
    left_out = [value.native for value in proposal.unclear]
    comments = [
        f"The table {proposal.table.title}, by the names, types and values of its columns.",
        *doubts(proposal),
        *(f"Not mapped, and so in no figure: the status {native!r}" for native in left_out),
    ]
    settings = {"url": url, **proposal.settings()}
    block = Block(name=source_name(proposal.table.name), settings=settings, comments=comments)
    return settings_text([block], SAID_OF_ALL)
