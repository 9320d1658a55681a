"""Pickles: the class and the text that one holds, read from its opcodes. Nothing is ever unpickled.

Pure: no import, no call, no object is made of what the bytes say but strings and numbers.
"""

import pickletools
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

MOST_OPCODES = 5_000
STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE", "STRING", "SHORT_BINSTRING"}
PUTS = {"PUT", "BINPUT", "LONG_BINPUT"}
GETS = {"GET", "BINGET", "LONG_BINGET"}
MACHINERY = {"copyreg", "copy_reg"}
"""Modules whose functions only rebuild an object of the class named next."""


@dataclass(kw_only=True)
class Peek:
    """What was seen: names of classes as (module, name), and texts that are no such names."""

    classes: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _stack: list[str | None] = field(default_factory=list)
    _memo: dict[int, str | None] = field(default_factory=dict)

    def see(self, opcode: str, argument: object) -> None:
        """Takes one opcode; only texts are told apart, all else on the stack is None."""
        if opcode == "MEMOIZE" or opcode in PUTS:
            place = argument if isinstance(argument, int) else len(self._memo)
            self._memo[place] = self._stack[-1] if self._stack else None
        elif opcode == "GLOBAL":
            module, _, name = str(argument).partition(" ")
            self._see_class(module, name)
        elif opcode == "STACK_GLOBAL":
            self._see_class(*(text or "" for text in ["", "", *self._stack][-2:]))
        elif opcode in GETS and isinstance(argument, int):
            self._stack.append(self._memo.get(argument))
        elif opcode in STRINGS:
            self._stack.append(str(argument))
            self.texts.append(str(argument))
        elif opcode not in ("PROTO", "FRAME"):
            self._stack.append(None)

    def _see_class(self, module: str, name: str) -> None:
        self._stack.append(None)
        self.texts = [text for text in self.texts if text not in (module, name)]
        if name and module not in MACHINERY:
            self.classes.append((module, name))


def peek(data: bytes) -> Peek:
    """What the first opcodes of a pickle name; as far as they can be read."""
    seen = Peek()
    for opcode, argument in islice(_opcodes(data), MOST_OPCODES):
        seen.see(opcode, argument)
    return seen


def _opcodes(data: bytes) -> Iterator[tuple[str, object]]:
    try:
        for opcode, argument, _ in pickletools.genops(data):
            yield opcode.name, argument
    except Exception:  # pickletools raises whatever its readers happen to
        return
