"""Lines of a text of any length, from any byte on, and bytes as hex: nothing before is read.

A page is sought from its byte, so that the middle of a file of many gigabytes opens as fast as its
beginning. Lines are counted where pages are turned from the beginning on, and nowhere else.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from kancil.ground.encodings import ENCODINGS, MARKS, encoding_of
from kancil.ground.phrase import Phrase

from .kinds import HEAD_BYTES
from .page import Asked, BytesPage, Line, TextPage

PAGE_LINES = 200
PIECE_BYTES = 4_000
"""Of a longer line each piece is a row of its own."""
PAGE_BYTES = 240_000
_ROW_BYTES = 16
_BYTES_ROWS = 128


def text_page(stream: BinaryIO, asked: Asked) -> TextPage:
    """Some lines from a byte on."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if asked.encoding in ENCODINGS:
        encoding, reason = asked.encoding, Phrase("note.encoding-chosen")
    else:
        encoding, reason = encoding_of(head)
    form = _Form(stream, encoding, _mark(head, encoding), size)
    at = min(max(asked.at, form.begin), size)
    at = form.line_start(at) if asked.is_near else at - (at - form.begin) % form.unit
    is_counted = at == form.begin or asked.line > 0
    number = asked.line if at != form.begin else 0
    lines, after, ended = form.lines(at, number, is_counted=is_counted)
    before, lines_before = form.back(at)
    return TextPage(
        tuple(lines),
        encoding,
        reason,
        at,
        -1 if at <= form.begin else before,
        -1 if after >= size else after,
        max(0, number - lines_before) if is_counted and before > form.begin else 0,
        number + ended if is_counted else 0,
    )


def _mark(head: bytes, encoding: str) -> int:
    """How long the byte order mark of a text is."""
    return max((len(mark) for mark, of in MARKS if of == encoding and head.startswith(mark)),
               default=0)  # fmt: skip


class _Form:
    """A text whose encoding is known, read by places."""

    def __init__(self, stream: BinaryIO, encoding: str, begin: int, size: int) -> None:
        self.stream, self.encoding, self.begin, self.size = stream, encoding, begin, size
        self.unit = 2 if encoding.startswith("utf-16") else 1
        self.end = "\n".encode(encoding)

    def read(self, at: int, count: int) -> bytes:
        self.stream.seek(at)
        return self.stream.read(count)

    def line_start(self, at: int) -> int:
        """Where the line begins in which a byte is; after a long way back, where a piece may."""
        at -= (at - self.begin) % self.unit
        low = max(self.begin, at - PIECE_BYTES)
        found = self.ends(self.read(low, at - low))
        if found:
            return low + found[-1] + self.unit
        if low == self.begin:
            return low
        data = self.read(at, 4)
        return at + next(
            (step for step in range(0, 4, self.unit) if self.may_begin(data[step:])), 0
        )

    def may_begin(self, data: bytes) -> bool:
        """Whether a character may begin here."""
        if self.encoding == "utf-8":
            return not data or data[0] & 0xC0 != 0x80
        return True

    def end_from(self, data: bytes, start: int) -> int:
        """Place of the next line end in bytes that begin with a whole character; -1: none."""
        at = data.find(self.end, start)
        while at >= 0 and at % self.unit:
            at = data.find(self.end, at + 1)
        return at

    def ends(self, data: bytes) -> list[int]:
        """Places of all line ends."""
        found, at = [], self.end_from(data, 0)
        while at >= 0:
            found.append(at)
            at = self.end_from(data, at + self.unit)
        return found

    def lines(self, at: int, number: int, *, is_counted: bool) -> tuple[list[Line], int, int]:
        """Rows of a page, the byte after them, and how many lines ended in them."""
        data = self.read(at, PAGE_BYTES)
        is_all = at + len(data) >= self.size
        rows: list[Line] = []
        place, ended, goes_on, stop = 0, 0, False, -1
        while place < len(data) and len(rows) < PAGE_LINES:
            if stop < place:
                stop = self.end_from(data, place)
                stop = len(data) if stop < 0 else stop
            until = min(stop, place + PIECE_BYTES)
            if until == len(data) and not is_all and rows:
                break  # where it ends is not known: the next page begins with it
            is_whole = until == stop and (stop < len(data) or is_all)
            if not is_whole:
                until -= self.cut_back(data[place:until])
            text = data[place:until].decode(self.encoding, "replace").rstrip("\r")
            shown = number + ended + 1 if is_counted and not goes_on else 0
            rows.append(Line(at + place, shown, text))
            place, goes_on = until, not is_whole
            if is_whole and stop < len(data):
                place, ended = stop + self.unit, ended + 1
        return rows, at + place, ended

    def cut_back(self, data: bytes) -> int:
        """How many bytes at the end are a character that is not whole."""
        if self.encoding == "utf-8":
            for back in range(1, min(4, len(data)) + 1):
                if data[-back] & 0xC0 == 0xC0:
                    return back if back < _length(data[-back]) else 0
                if data[-back] < 0x80:
                    return 0
        elif self.unit == 2 and len(data) >= 2:
            high = data[-1] if self.encoding == "utf-16-le" else data[-2]
            return 2 if 0xD8 <= high <= 0xDB else len(data) % 2
        return 0

    def back(self, at: int) -> tuple[int, int]:
        """Where the page before begins, and how many lines end in it."""
        low = max(self.begin, at - PAGE_BYTES)
        low += (at - low) % self.unit
        data = self.read(low, at - low)
        ends = self.ends(data)
        starts = [each + self.unit for each in ends[:-1]] if ends else []
        if low == self.begin:
            starts.insert(0, 0)
        if len(starts) > PAGE_LINES:
            starts = starts[-PAGE_LINES:]
        # Long lines are several rows: so many fit that they are no more than a page.
        while len(starts) > 1 and self.rows_of(data, starts) > PAGE_LINES:
            starts = starts[1:]
        if not starts or self.rows_of(data, starts) > PAGE_LINES:
            return max(self.begin, at - PIECE_BYTES * PAGE_LINES // 4), 0
        return low + starts[0], len(starts)

    def rows_of(self, data: bytes, starts: list[int]) -> int:
        stops = [*starts[1:], len(data)]
        return sum(
            max(1, -(-(stop - start) // PIECE_BYTES))
            for start, stop in zip(starts, stops, strict=True)
        )


def _length(first: int) -> int:
    """How many bytes a character of UTF-8 has, by its first one."""
    return 4 if first >= 0xF0 else 3 if first >= 0xE0 else 2


def bytes_page(stream: BinaryIO, asked: Asked) -> BytesPage:
    """Some bytes from a place on, in rows of sixteen."""
    size = stream.seek(0, os.SEEK_END)
    at = min(max(asked.at, 0), max(size - 1, 0))
    at -= at % _ROW_BYTES
    stream.seek(at)
    data = stream.read(_ROW_BYTES * _BYTES_ROWS)
    rows = tuple(
        (
            at + place,
            data[place : place + _ROW_BYTES].hex(" "),
            _letters(data[place : place + _ROW_BYTES]),
        )
        for place in range(0, len(data), _ROW_BYTES)
    )
    after = at + len(data)
    before = max(0, at - _ROW_BYTES * _BYTES_ROWS) if at else -1
    return BytesPage(rows, at, before, after if after < size else -1)


def _letters(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
