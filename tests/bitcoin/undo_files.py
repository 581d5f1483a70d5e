"""Writes Bitcoin Core's undo files from known spent outputs, by the documented format.

Shares nothing with the reader. Source: Bitcoin Core, src/undo.h, src/compressor.cpp,
src/serialize.h (WriteVarInt), src/node/blockstorage.cpp (WriteBlockUndo).
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.bitcoin.regtest import MAGIC, sha256d, size


@dataclass(frozen=True)
class Spent:
    """An output spent, and where it was made."""

    value: int
    script: bytes
    height: int = 7
    is_coinbase: bool = False
    version: int = 0
    """Of the transaction that made it: old versions of Core wrote it where 0 stands now."""


def written_varint(number: int) -> bytes:
    out = [number & 0x7F]
    while number > 0x7F:
        number = (number >> 7) - 1
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def packed_amount(value: int) -> int:
    if value == 0:
        return 0
    zeros = 0
    while value % 10 == 0 and zeros < 9:
        value //= 10
        zeros += 1
    if zeros == 9:
        return 1 + (value - 1) * 10 + 9
    return 1 + (value // 10 * 9 + value % 10 - 1) * 10 + zeros


P = (1 << 256) - (1 << 32) - 977


def packed_script(script: bytes) -> bytes:
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return b"\x00" + script[3:23]
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22] == 0x87:
        return b"\x01" + script[2:22]
    if len(script) == 35 and script[0] == 33 and script[34] == 0xAC and script[1] in (2, 3):
        return script[1:34]
    if len(script) == 67 and script[0] == 65 and script[66] == 0xAC and script[1] == 4:
        x, y = int.from_bytes(script[2:34], "big"), int.from_bytes(script[34:66], "big")
        if x < P and y < P and (y * y - x * x * x - 7) % P == 0:
            return bytes([4 | y & 1]) + script[2:34]
    return written_varint(len(script) + 6) + script


def written_coin(spent: Spent) -> bytes:
    out = written_varint(spent.height * 2 + spent.is_coinbase)
    if spent.height > 0:
        out += written_varint(spent.version)
    return out + written_varint(packed_amount(spent.value)) + packed_script(spent.script)


def written_undo(txs: list[list[Spent]]) -> bytes:
    return size(len(txs)) + b"".join(
        size(len(coins)) + b"".join(written_coin(coin) for coin in coins) for coins in txs
    )


def record(previous: bytes, txs: list[list[Spent]], magic: bytes = MAGIC) -> bytes:
    body = written_undo(txs)
    return magic + len(body).to_bytes(4, "little") + body + sha256d(previous + body)


def xored(data: bytes, key: bytes) -> bytes:
    return bytes(byte ^ key[place % 8] for place, byte in enumerate(data))
