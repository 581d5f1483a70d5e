"""A GIFT file cut into blocks: what stands between blank lines, without its comments.

Every character of a block remembers its line, so that a fault can name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kancil.ground.phrase import Param

SPECIAL = "~=#{}:\\"
"""Characters that a backslash takes the meaning from; `\\n` is an end of line."""
_ID = re.compile(r"\[id:([^\]]+)\]")
_TAG = re.compile(r"\[tag:([^\]]+)\]")


class Broken(Exception):
    """Where a bank cannot be read, and why: the code of `problem.gift-<code>`."""

    def __init__(self, code: str, line: int, **params: Param) -> None:
        """Keep the code, the line (from 1) and the parameters of the sentence."""
        super().__init__(code, line)
        self.code, self.line, self.params = code, line, params


@dataclass(slots=True)
class Head:
    """What the comments above an item and in it say of it."""

    id: str | None = None
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, comment: str) -> None:
        """Take the text of one comment line."""
        found = _ID.search(comment)
        if found is not None:
            self.id = found[1].strip()
        self.tags += [each.strip() for each in _TAG.findall(comment)]
        if found is None and not _TAG.search(comment) and comment.strip():
            self.notes.append(comment.strip())


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one item, still with their backslashes."""

    text: str
    line: int
    """Of its first line, from 1."""
    lines: tuple[int, ...]
    """The number in the file of each of its lines: comments stand between."""
    head: Head

    def line_at(self, place: int) -> int:
        """The line in the file of a character of `text`."""
        return self.lines[self.text.count("\n", 0, place)]

    def find(self, wanted: str, begin: int = 0) -> int:
        """The first place of a text that no backslash stands before; -1 where there is none."""
        return find(self.text, wanted, begin)


def find(text: str, wanted: str, begin: int = 0) -> int:
    """The first place of `wanted` from `begin` that no backslash stands before; -1: none."""
    place = begin
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(wanted, place):
            return place
        else:
            place += 1
    return -1


def blocks(text: str) -> Iterator[Block]:
    """Cut a file at its blank lines; raises Broken where one stands within braces."""
    head, found = Head(), list[tuple[int, str]]()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            head.take(line.lstrip()[2:])
        elif line.strip():
            found.append((number, line))
            if line.startswith("$CATEGORY:") and len(found) == 1:
                yield _made(found, head)
                head, found = Head(), []
        elif found:
            yield _made(found, head)
            head, found = Head(), []


def _made(found: list[tuple[int, str]], head: Head) -> Block:
    numbers = tuple(number for number, _ in found)
    return Block("\n".join(line for _, line in found), numbers[0], numbers, head)


def unescaped(text: str) -> str:
    """The text without its backslashes."""
    made, place = list[str](), 0
    while place < len(text):
        each, after = text[place], text[place + 1 : place + 2]
        if each == "\\" and after and after in SPECIAL + "n":
            made.append("\n" if after == "n" else after)
            place += 2
        else:
            made.append(each)
            place += 1
    return "".join(made)
