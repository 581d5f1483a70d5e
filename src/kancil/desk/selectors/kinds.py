"""The kinds of selector that the index knows; adding one touches its craft and this tuple."""

from __future__ import annotations

from kancil.bitcoin.script import selectors as bitcoin
from kancil.records.selector import Selector, SelectorKind

KINDS: tuple[SelectorKind, ...] = (*bitcoin.SELECTORS,)


def read_selectors(text: str) -> list[Selector]:
    """What a typed text may be: one selector of each kind whose grammar and check it keeps."""
    found = ((kind.name, kind.read(text)) for kind in KINDS)
    return [Selector(name, value) for name, value in found if value is not None]
