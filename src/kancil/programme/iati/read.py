"""Reading files of activities that others wrote, of any version 2: in the limited child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kancil.ground.child import in_child
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Phrase
from kancil.programme.errors import IatiNotReadable

from .activity import IatiActivity
from .binding import NotUnderstood, read
from .check import MAX_BYTES, parsed

VERSIONS = ("2.01", "2.02", "2.03")
MOST_ACTIVITIES = 20_000


@dataclass(frozen=True, slots=True)
class IatiDocument:
    """What was read of a file."""

    version: str
    activities: tuple[IatiActivity, ...]
    not_understood: Mapping[str, int]
    """How often what has no place in `IatiActivity` stands in the file, by its path."""
    lines: tuple[int, ...] = ()
    """Of the file, on which each activity begins."""
    first_lines: Mapping[str, int] = field(default_factory=dict)
    """On which each path of `not_understood` stands first."""

    def line(self, n: int) -> int:
        """The line of an activity, from 1; 0: not known."""
        return self.lines[n - 1] if n <= len(self.lines) else 0


@in_child(memory_bytes=2 << 30, cpu_seconds=300)
def read_iati_file(path: Path) -> IatiDocument:
    """Read a file; raises FileNotReadable, IatiNotReadable, ParserStopped, ParserLimitReached."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileNotReadable(path=str(path), reason=error.strerror or str(error)) from error
    return read_iati(content)


def read_iati(content: bytes) -> IatiDocument:
    """Read bytes where they are; raises IatiNotReadable."""
    root, fault = parsed(content)
    if fault is not None:
        raise IatiNotReadable(problem=fault.phrase)
    version = str(root.get("version") or "")[:20]
    if root.tag != "iati-activities":
        raise IatiNotReadable(problem=Phrase("problem.iati-no-activities"))
    if version not in VERSIONS:
        raise IatiNotReadable(problem=Phrase("problem.iati-old", {"version": version}))
    found = root.findall("iati-activity")
    if len(found) > MOST_ACTIVITIES:
        raise IatiNotReadable(problem=Phrase("problem.iati-many", {"most": MOST_ACTIVITIES}))
    not_understood = NotUnderstood()
    activities = tuple(read(IatiActivity, each, not_understood) for each in found)
    return IatiDocument(
        version, activities, dict(not_understood.most_common()),
        tuple(int(each.sourceline or 0) for each in found), not_understood.lines,
    )  # fmt: skip
