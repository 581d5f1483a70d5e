"""What a label format must do: know its files, and read them into rows and skips.

Members stand in `kancil.bitcoin.labels.label_formats`. A member reads text into `Row` values and
judges nothing: addresses, dates and terms are read in one place for all (`label.label_of_row`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from kancil.ground.digests import sha256_hex
from kancil.ground.skipped import Skipped

from .errors import LabelFileNotReadable
from .label import Row

MAX_FILE_BYTES = 32 << 20


@dataclass(frozen=True)
class LabelFile:
    """A label file in memory."""

    name: str
    """File name without folder; some formats are told by it."""
    raw: bytes

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes, lower-case hex."""
        return sha256_hex(self.raw)

    @cached_property
    def text(self) -> str:
        """The bytes as UTF-8, without a byte-order mark; raises LabelFileNotReadable."""
        try:
            return self.raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.raw.count(b"\n", 0, error.start) + 1
            raise LabelFileNotReadable(path=self.name, line=line) from error

    def first_line(self) -> str:
        """The first line, without its end; bytes that are no text are replaced."""
        return self.raw[:4096].decode("utf-8-sig", "replace").partition("\n")[0].strip()


class LabelFormat(Protocol):
    """One format of label files."""

    @property
    def name(self) -> str:
        """Name of the format, for people and records."""

    def recognises(self, file: LabelFile) -> bool:
        """From name and beginning whether this format reads the file."""

    def names_publisher(self, file: LabelFile) -> bool:
        """From its beginning whether the file itself says who speaks; else the officer must."""

    def rows(self, file: LabelFile) -> Iterator[Row | Skipped]:
        """Read the file row by row; raises LabelFileNotReadable if it is broken as a whole."""
