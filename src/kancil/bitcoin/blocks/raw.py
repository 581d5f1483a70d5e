"""One transaction's own bytes, read again where the columns do not keep what is needed.

Used to compare what inputs show, and to write the bytes that a transaction id is the hash of.
"""

from __future__ import annotations

from collections.abc import Iterator

_PUSHDATA = {0x4C: 1, 0x4D: 2, 0x4E: 4}
SEGWIT_MARK = b"\x00\x01"


def compact_size(raw: bytes, at: int) -> tuple[int, int]:
    """Read a CompactSize; gives it and the next place, or -1 where the bytes end before."""
    if at >= len(raw):
        return -1, at
    first = raw[at]
    if first < 0xFD:
        return first, at + 1
    width = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
    if at + 1 + width > len(raw):
        return -1, at
    return int.from_bytes(raw[at + 1 : at + 1 + width], "little"), at + 1 + width


def count_of(raw: bytes, at: int) -> tuple[int, int]:
    """Read a count. Raises EOFError where the bytes cannot hold so many."""
    count, after = compact_size(raw, at)
    if not 0 <= count <= len(raw) - after:
        raise EOFError
    return count, after


def piece_of(raw: bytes, at: int) -> tuple[bytes, int]:
    """Read bytes with their length before them. Raises EOFError."""
    length, start = count_of(raw, at)
    return raw[start : start + length], start + length


def inputs_shown(raw: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """Signature script and witness of each input of a transaction.

    Raises EOFError where the bytes are no transaction. Source: Bitcoin Core
    primitives/transaction.h, UnserializeTransaction.
    """
    is_segwit = raw[4:6] == SEGWIT_MARK
    count, at = count_of(raw, 6 if is_segwit else 4)
    scripts = []
    for _ in range(count):
        script, after = piece_of(raw, at + 36)
        scripts.append(script)
        at = after + 4
    witnesses: list[list[bytes]] = [[] for _ in scripts]
    if is_segwit:
        at = after_outputs(raw, at)
        for witness in witnesses:
            items, at = count_of(raw, at)
            for _ in range(items):
                item, at = piece_of(raw, at)
                witness.append(item)
    yield from zip(scripts, witnesses, strict=True)


def after_outputs(raw: bytes, at: int) -> int:
    """The place behind a transaction's outputs. Raises EOFError."""
    count, at = count_of(raw, at)
    for _ in range(count):
        _, at = piece_of(raw, at + 8)
    return at


def base_of(raw: bytes) -> bytes:
    """The bytes that the txid is the hash of: all but the witness data (BIP 144).

    Raises EOFError where the bytes are no transaction.
    """
    if raw[4:6] != SEGWIT_MARK:
        return raw
    count, at = count_of(raw, 6)
    for _ in range(count):
        _, after = piece_of(raw, at + 36)
        at = after + 4
    end = after_outputs(raw, at)
    if end + 4 > len(raw):  # no room for the lock time
        raise EOFError
    return raw[:4] + raw[6:end] + raw[-4:]


def last_push(script: bytes) -> bytes | None:
    """The last item that a script of pushes leaves; None if it is no such script."""
    at, last = 0, None
    while at < len(script):
        code = script[at]
        at += 1
        if code <= 75:
            length = code
        elif code in _PUSHDATA:
            width = _PUSHDATA[code]
            length = int.from_bytes(script[at : at + width], "little")
            at += width
        elif 0x4F <= code <= 0x60:
            last = _number_pushed(code)
            continue
        else:
            # P2PKH's rules allow other operations in old inputs; the last push still counts.
            continue
        if at + length > len(script):
            return None
        last = script[at : at + length]
        at += length
    return last


def _number_pushed(code: int) -> bytes:
    if code == 0x4F:
        return b"\x81"
    return bytes([code - 0x50]) if code > 0x50 else b""
