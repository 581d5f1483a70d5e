"""The finder: selectors in bytes, as they stand, in UTF-16 and in base64, in one pass.

Bytes come from files, unallocated space and slack; sights go to the index of a disk. Kernels look
at every byte once and write down candidates, which `rules` verify. UTF-16 and base64 are looked
into one level deep: also UTF-16 in base64, but no base64 in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from . import forms, rules, tables
from . import kernels as k

SEPARATOR = b"\xff" * 16
"""Put between pieces in one buffer: nothing is found across it."""
CONTEXT_BYTES = 4096
"""A sight, and all that decides on it, lies within so many bytes before and after its start.

So a long buffer may be read in windows with so many bytes more on each side; of each window those
sights count that start in it.
"""
PLAIN, UTF_16, BASE64 = "plain", "utf-16", "base64"
_MASK = "•"
_LONGEST_URL = {PLAIN: 2000, UTF_16: 1000, BASE64: 1000}
"""Characters; what is longer is named by its host."""
_FIRST_ROWS = 1 << 14
_RULES: dict[int, rules.Rule] = {
    forms.BASE58: rules.read_base58,
    forms.BECH32: rules.read_bech32,
    forms.HEX_64: rules.read_hex_64,
    forms.ETHEREUM: rules.read_ethereum,
    forms.ETHEREUM_TX: rules.read_ethereum_txid,
    forms.ONION: rules.read_onion,
    forms.EMAIL: rules.read_email,
    forms.URL: rules.read_url,
    forms.DOMAIN: rules.read_domain,
    forms.IPV4: rules.read_ipv4,
    forms.IPV6: rules.read_ipv6,
    forms.PHONE: rules.read_phone,
    forms.IBAN: rules.read_iban,
    forms.BIC: rules.read_bic,
    forms.CARD: rules.read_card,
    forms.IMEI: rules.read_imei,
    forms.PGP: rules.read_pgp,
    forms.PHRASE: rules.read_phrases,
}
_HIDES = {"url": ("domain",), "email-address": ("domain",), "iban": ("payment-card",),
          "phone-number": ("payment-card",), "imei": ("payment-card",)}  # fmt: skip
"""Kinds that do not count inside another."""

_MAY_HOLD_SECRETS = frozenset({"url", "email-address"})
Held = tuple[int, int, str, str | None]
"""Start and end in a layer, kind and value."""
Bytes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sight:
    """A selector that was seen."""

    kind: str
    value: str
    """Normal form; a payment card's number only in part."""
    start: int
    end: int
    """Bytes of the buffer in which it is written."""
    coded: str
    """`plain` (ASCII, UTF-8), `utf-16` or `base64`."""


@dataclass(frozen=True, slots=True)
class Secret:
    """That something stands at a place which moves money; its value is kept nowhere."""

    kind: str
    start: int
    end: int
    coded: str


class Finder:
    """Finds selectors in bytes; its tables are made once."""

    def __init__(self) -> None:
        """Make the tables."""
        self._labels, self._kinds = tables.label_table()
        self._classes, self._lengths = tables.classes(), tables.lengths()
        self._seeds, self._digits = tables.seed_table(), tables.base64_digits()

    def ready(self) -> None:
        """Compile the kernels, or load them where they are kept.

        Call it before a process is confined: Numba writes what it compiles.
        """
        wide = "a@example.org ".encode("utf-16-le")
        self.find(wide + b" " + base64.b64encode(wide * 2))

    def find(self, buffer: bytes | Bytes) -> list[Sight | Secret]:
        """Everything that stands in a buffer, by its start. `buffer`: bytes, or uint8 `[n]`."""
        if len(buffer) == 0:
            return []
        plain = _padded(np.frombuffer(buffer, np.uint8))
        rows = self._scan(plain, PLAIN)
        found = list(_seen(plain, rows, PLAIN, lambda start, end: (start - k.PAD, end - k.PAD)))
        wide = rows[rows[:, 0] == forms.UTF_16]
        if len(wide):
            found += self._in_wide(plain, wide, UTF_16, lambda at: at - k.PAD)
        lines = rows[rows[:, 0] == forms.BASE64]
        if len(lines):
            found += self._in_base64(plain, lines)
        found.sort(key=lambda each: (each.start, each.end, each.kind))
        return found

    def _scan(self, buffer: Bytes, coded: str) -> Rows:
        out = np.empty((_FIRST_ROWS, 3), np.int64)
        while True:
            count = k.scan(
                buffer, self._classes, self._lengths, self._labels, self._kinds, self._seeds,
                _LONGEST_URL[coded], out,
            )  # fmt: skip
            if count <= len(out):
                return out[:count]
            out = np.empty((count, 3), np.int64)

    def _in_wide(
        self, buffer: Bytes, rows: Rows, coded: str, place: Callable[[int], int]
    ) -> Iterator[Sight | Secret]:
        """What stands in runs of UTF-16; `place`: where a byte of `buffer` is in the whole."""
        size = int((rows[:, 2] - rows[:, 1] + 1).sum()) // 2 + len(rows) * 17 + 2 * k.PAD
        narrow, pieces = _filled(size), np.empty((len(rows), 2), np.int64)
        narrow = _cut(narrow, k.narrow(buffer, rows, narrow, pieces))

        def at(index: int) -> int:
            begin, first = pieces[np.searchsorted(pieces[:, 0], index, "right") - 1]
            return int(first + 2 * (index - begin))

        def placed(start: int, end: int) -> tuple[int, int]:
            return place(at(start)), place(at(end - 1)) + 1

        yield from _seen(narrow, self._scan(narrow, coded), coded, placed)

    def _in_base64(self, buffer: Bytes, rows: Rows) -> Iterator[Sight | Secret]:
        size = int((rows[:, 2] - rows[:, 1]).sum()) + len(rows) * 16 + 2 * k.PAD
        out, pieces = _filled(size), np.empty((len(rows), 2), np.int64)
        out = _cut(out, k.decode(buffer, rows, self._digits, out, pieces))

        def at(index: int) -> int:
            begin, first = pieces[np.searchsorted(pieces[:, 0], index, "right") - 1]
            groups, rest = divmod(int(index - begin), 3)
            return int(first + 4 * groups + rest - k.PAD)

        def placed(start: int, end: int) -> tuple[int, int]:
            return at(start), at(end - 1) + 2

        found = self._scan(out, BASE64)
        yield from _seen(out, found, BASE64, placed)
        wide = found[found[:, 0] == forms.UTF_16]
        if len(wide):
            yield from self._in_wide(out, wide, BASE64, at)


def _padded(buffer: Bytes) -> Bytes:
    """A copy between 0xFF bytes, at which all looking back and ahead stops."""
    padded = _filled(len(buffer) + 2 * k.PAD)
    padded[k.PAD : k.PAD + len(buffer)] = buffer
    return _cut(padded, len(buffer) + 2 * k.PAD)


def _filled(size: int) -> Bytes:
    return np.full(-(-size // 8) * 8, 255, np.uint8)


def _cut(buffer: Bytes, size: int) -> Bytes:
    """The first bytes of a buffer, up to whole words of 8."""
    return buffer[: -(-size // 8) * 8]


def _seen(
    buffer: Bytes, rows: Rows, coded: str, placed: Callable[[int, int], tuple[int, int]]
) -> Iterator[Sight | Secret]:
    """Verify candidates of one layer; `placed`: where a stretch of it is in the whole."""
    held: list[Held] = []
    for rule, first, last in rows.tolist():
        read = _RULES.get(rule)
        if read is None:
            continue
        if rule == forms.URL and last - first > _LONGEST_URL[coded]:
            read = rules.read_long_url
        for kind, value, start, end in read(buffer[first:last].tobytes()):
            if _may_stand(buffer, kind, first + start, first + end):
                held.append((first + start, first + end, kind, value))
    for start, end, kind, value in _counting(held):
        begin, ends = placed(start, end)
        if value is None:
            yield Secret(kind, begin, ends, coded)
        else:
            yield Sight(kind, value, begin, ends, coded)


def _may_stand(buffer: Bytes, kind: str, start: int, end: int) -> bool:
    """Whether what is beside a candidate speaks for it, where its kind asks for that."""
    needed, barred = rules.NEAR.get(kind), rules.NOT_BEFORE.get(kind)
    if needed is None and barred is None:
        return True
    before = buffer[start - forms.NEAR_BYTES : start].tobytes().rpartition(b"\xff")[2]
    after = buffer[end : end + forms.NEAR_BYTES].tobytes().partition(b"\xff")[0]
    if barred is not None:
        return barred.search(before) is None
    return needed is None or bool(needed.search(before) or needed.search(after))


def _counting(held: list[Held]) -> Iterator[Held]:
    """What counts of all that was verified in a layer, by start.

    A kind in `_HIDES` hides some in it. A URL with a secret or a card's number in it has these
    masked; no other sight has a secret in it.
    """
    reach: dict[str, int] = {}
    masks = [
        (start, end) if value is None else (start + 6, end - 4)
        for start, end, kind, value in held
        if value is None or kind == "payment-card"
    ]
    for start, end, kind, value in sorted(held, key=lambda each: each[:3]):
        if start < reach.get(kind, 0):
            continue
        for hidden in _HIDES.get(kind, ()):
            reach[hidden] = max(end, reach.get(hidden, 0))
        if value is not None and kind in _MAY_HOLD_SECRETS:
            value = _masked(value, [(first - start, last - start) for first, last in masks])
        yield start, end, kind, value


def _masked(text: str, places: list[tuple[int, int]]) -> str:
    """A text with a dot for each character of some places, which may reach beyond it."""
    for first, last in places:
        first, last = max(first, 0), min(last, len(text))
        if first < last:
            text = text[:first] + _MASK * (last - first) + text[last:]
    return text


@cache
def _finder() -> Finder:
    return Finder()


def masked(text: str) -> str:
    """A text with a dot for each character of a secret; the same text where it holds none.

    A secret of which the text holds only a part is not known for one.
    """
    raw = text.encode("utf-8", "surrogatepass")
    places = [
        (_characters(raw[: each.start]), _characters(raw[: each.end]))
        for each in _finder().find(raw)
        if isinstance(each, Secret)
    ]
    return _masked(text, places)


def _characters(raw: bytes) -> int:
    return len(raw.decode("utf-8", "surrogatepass"))
