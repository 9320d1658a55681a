"""A disk whose power is cut: the writes of a traced process, of which those not synced may be lost.

The model: what was written to a file is safe once that file was synced, and a new file's name once
its folder was. Of the rest each sector of 512 bytes reaches the disk or not, by chance; so does
each truncation, and each name. The writes of one file that do reach it keep their order.
"""

import random
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "openat,link,linkat,pwrite64,write,ftruncate,fsync,fdatasync,unlink"
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)")
_HEX = re.compile(r"\\x([0-9a-f]{2})")
_QUOTED = re.compile(r'"([^"]*)"')
_HANDLE = re.compile(r"^\d+<([^>]*)>")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the system: what it did to the file (or folder) of that path."""

    name: str
    path: str
    data: bytes = b""
    offset: int = 0


def traced(command: Sequence[str], folder: Path) -> tuple[list[Call], list[tuple[int, str]]]:
    """The calls on files in the folder, and after how many of them each line was printed."""
    trace = folder.with_suffix(".trace")
    strace = ["strace", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*strace, *command], check=True, stdout=subprocess.DEVNULL)
    calls: list[Call] = []
    printed: list[tuple[int, str]] = []
    for line in trace.read_text().splitlines():
        hit = _CALL.match(line)
        if not hit or int(hit[3]) < 0:
            continue
        if hit[1] == "write" and hit[2].startswith("1<"):
            printed.append((len(calls), _bytes(_quoted(hit[2])).decode().strip()))
        else:
            calls += (call for call in _calls(hit[1], hit[2]) if call.path.startswith(str(folder)))
    return calls, printed


def _calls(name: str, arguments: str) -> Iterator[Call]:
    last = arguments.rsplit(", ", 1)[-1]
    if name in ("link", "linkat"):
        old, new = _QUOTED.findall(arguments)
        yield Call(name="link", path=_bytes(new).decode(), data=_bytes(old))
        return
    if name in ("openat", "unlink"):
        if name == "unlink" or "O_CREAT" in arguments:
            yield Call(name=name, path=_bytes(_quoted(arguments)).decode())
        return
    handle = _HANDLE.match(arguments)
    path = _bytes(handle[1]).decode() if handle else ""
    if name == "pwrite64":
        yield Call(name=name, path=path, data=_bytes(_quoted(arguments)), offset=int(last))
    elif name == "ftruncate":
        yield Call(name=name, path=path, offset=int(last))
    elif name in ("fsync", "fdatasync"):
        yield Call(name="sync", path=path)
    else:
        yield Call(name=name, path=path)


def _quoted(arguments: str) -> str:
    hit = _QUOTED.search(arguments)
    return hit[1] if hit else ""


def _bytes(text: str) -> bytes:
    return bytes.fromhex("".join(_HEX.findall(text)))


@dataclass(kw_only=True)
class Disk:
    """What is safe on the disk, and what may be lost."""

    safe: dict[str, bytes] = field(default_factory=dict)
    pending: dict[str, list[Call]] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)

    def run(self, calls: Iterable[Call]) -> None:
        """Do these calls."""
        for call in calls:
            if call.name in ("openat", "link") and call.path not in self.safe:
                if call.name == "link" and self._written(call.data.decode()):
                    raise ValueError("the model knows links to empty files only")
                self.safe[call.path] = b""
                self.unnamed.add(call.path)
            elif call.name == "unlink" and call.path in self.unnamed:
                # It may be there after the cut: nobody looks for that name.
                self.unnamed.remove(call.path)
                del self.safe[call.path]
            elif call.name == "sync" and call.path in self.safe:
                kept = self.pending.pop(call.path, [])
                self.safe[call.path] = applied(self.safe[call.path], kept)
            elif call.name == "sync":
                self.unnamed = {p for p in self.unnamed if str(Path(p).parent) != call.path}
            elif call.name in ("pwrite64", "ftruncate"):
                self.pending.setdefault(call.path, []).append(call)
            elif call.name != "openat":
                raise ValueError(f"the model knows no {call.name}")

    def _written(self, path: str) -> bool:
        return bool(self.safe[path] or self.pending.get(path))

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be after the power came back."""
        survival = chance.choice([0.0, 1.0, chance.random()])
        lost = {path for path in sorted(self.unnamed) if chance.random() >= survival}
        return {
            path: applied(data, _survivors(self.pending.get(path, []), survival, chance))
            for path, data in self.safe.items()
            if path not in lost
        }


def _survivors(calls: list[Call], survival: float, chance: random.Random) -> list[Call]:
    parts = (part for call in calls for part in _sectors(call))
    return [part for part in parts if chance.random() < survival]


def _sectors(call: Call) -> Iterator[Call]:
    """The call, sector by sector.

    >>> whole = Call(name="pwrite64", path="", data=b"ab", offset=511)
    >>> [(part.offset, part.data) for part in _sectors(whole)]
    [(511, b'a'), (512, b'b')]
    """
    if call.name != "pwrite64":
        yield call
        return
    begin = 0
    while begin < len(call.data):
        end = begin + SECTOR - (call.offset + begin) % SECTOR
        data, offset = call.data[begin:end], call.offset + begin
        yield Call(name=call.name, path=call.path, data=data, offset=offset)
        begin = end


def applied(data: bytes, calls: Iterable[Call]) -> bytes:
    """The file's bytes after these calls."""
    file = bytearray(data)
    for call in calls:
        end = call.offset + len(call.data)
        file.extend(bytes(max(0, end - len(file))))
        if call.name == "ftruncate":
            del file[call.offset :]
        else:
            file[call.offset : end] = call.data
    return bytes(file)
