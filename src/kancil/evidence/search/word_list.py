"""A list of words to look for, as an officer or another agency wrote it: a line each."""

from __future__ import annotations

from pathlib import Path

from kancil.evidence.errors import SearchNotUnderstood
from kancil.evidence.text.plain import decoded
from kancil.ground.child import in_child
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped

MOST_LINES = 20_000


@in_child(memory_bytes=512 << 20, cpu_seconds=60)
def read_word_list(path: Path) -> list[str]:
    """The lines of a text file in its encoding, without empty ones; raises SearchNotUnderstood."""
    lines = [each.strip() for each in decoded(read_file(path)).splitlines() if each.strip()]
    if len(lines) > MOST_LINES:
        raise SearchNotUnderstood(why=Phrase("why.search-list", {"most": grouped(MOST_LINES)}))
    return lines
