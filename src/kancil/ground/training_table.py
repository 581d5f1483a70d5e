"""A table that leaves a classroom: its last column says so, whichever door it leaves by.

Spreadsheets keep the column, and no reader of columns by name stumbles over it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

COLUMN = "training"


def marked_table(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """A table in pieces of UTF-8 with one more column, row by row, beginning as it began.

    `word`: what stands in the column, below its name.
    """
    lines = _lines(chunks)
    first = next(lines, "")
    mark = "\ufeff" if first.startswith("\ufeff") else ""
    first = first.removeprefix("\ufeff")
    delimiter = ";" if ";" in first and "," not in first else ","
    rows = csv.reader(_after(first, lines), delimiter=delimiter, strict=False)
    for number, row in enumerate(rows):
        out = io.StringIO()
        end = "\r\n" if first.endswith("\r\n") else "\n"
        cells = [*row, COLUMN if number == 0 else word] if row else row
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerow(cells)
        yield ((mark if number == 0 else "") + out.getvalue()).encode()


def _after(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of UTF-8 in pieces, with their ends."""
    decoder, rest = codecs.getincrementaldecoder("utf-8")(), ""
    for chunk in chunks:
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in whole:
            yield line + "\n"
    if rest:
        yield rest
