"""The kinds of archive. To add one: a file beside these, its name in `ARCHIVES`, its test."""

from __future__ import annotations

from kancil.evidence.members.archive import Archive

from .compressed import COMPRESSED
from .zip import ZIP

ARCHIVES: tuple[Archive, ...] = (ZIP, COMPRESSED)
NO_READER = frozenset({"7z", "rar"})
"""Archives that are known and for which there is no reader here."""
