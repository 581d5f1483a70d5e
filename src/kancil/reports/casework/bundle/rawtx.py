"""One raw transaction, read plainly: what a checker reads, apart from the parser that traced.

Kernels read whole chains; this reads the few transactions of a bundle, byte by byte and with no
compiled code, so that the checker does not share the parser's faults.

Source: Bitcoin Core src/primitives/transaction.h (UnserializeTransaction), BIP 144, BIP 34.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.ground.units import MAX_MONEY_SAT

_NO_PREV = bytes(32)
_COINBASE_INDEX = 0xFFFFFFFF
_WITNESS_MARK = b"\x00\x01"


class RawTransactionWrong(Exception):
    """The bytes are not one whole transaction."""


@dataclass(frozen=True, slots=True)
class RawInput:
    """What an input spends."""

    txid: bytes
    """32 bytes as on the wire."""
    index: int
    script: bytes


@dataclass(frozen=True, slots=True)
class RawOutput:
    """What an output holds."""

    value_sat: int
    script: bytes


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """One transaction."""

    base: bytes
    """The bytes without witness: what the txid is the hash of."""
    inputs: tuple[RawInput, ...]
    outputs: tuple[RawOutput, ...]

    @property
    def is_coinbase(self) -> bool:
        """Whether it makes new coins."""
        first = self.inputs[0]
        return len(self.inputs) == 1 and (first.txid, first.index) == (_NO_PREV, _COINBASE_INDEX)

    def claimed_height(self) -> int | None:
        """The height that a coinbase states (BIP 34), None if it states none."""
        script = self.inputs[0].script
        if not self.is_coinbase or not script:
            return None
        size = script[0]
        if size == 0 or 0x51 <= size <= 0x60:
            return 0 if size == 0 else size - 0x50
        if size > 4 or len(script) < 1 + size:
            return None
        number = int.from_bytes(script[1 : 1 + size], "little")
        return None if script[size] & 0x80 else number


class _Bytes:
    """A place in some bytes that can never run over their end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise RawTransactionWrong
        part = self.data[self.at : end]
        self.at = end
        return part

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "little")

    def compact(self) -> int:
        first = self.number(1)
        if first < 0xFD:
            return first
        size, least = {0xFD: (2, 0xFD), 0xFE: (4, 0x10000), 0xFF: (8, 0x100000000)}[first]
        value = self.number(size)
        if value < least:
            raise RawTransactionWrong
        return value


def read_transaction(raw: bytes) -> RawTransaction:
    """Read one whole transaction with or without witness; raises RawTransactionWrong."""
    data = _Bytes(raw)
    version = data.take(4)
    has_witness = raw[4:6] == _WITNESS_MARK
    if has_witness:
        data.take(2)
    start = data.at
    inputs = tuple(_read_input(data) for _ in range(_count(data, 41)))
    outputs = tuple(_read_output(data) for _ in range(_count(data, 9)))
    end = data.at
    if has_witness:
        _skip_witness(data, len(inputs))
    locktime = data.take(4)
    if data.at != len(raw) or not inputs or not outputs:
        raise RawTransactionWrong
    base = version + raw[start:end] + locktime
    return RawTransaction(base, inputs, outputs)


def _count(data: _Bytes, least_size: int) -> int:
    count = data.compact()
    if count * least_size > len(data.data) - data.at:
        raise RawTransactionWrong
    return count


def _read_input(data: _Bytes) -> RawInput:
    txid, index = data.take(32), data.number(4)
    script = data.take(data.compact())
    data.take(4)
    return RawInput(txid, index, script)


def _read_output(data: _Bytes) -> RawOutput:
    value = data.number(8)
    if value > MAX_MONEY_SAT:
        raise RawTransactionWrong
    return RawOutput(value, data.take(data.compact()))


def _skip_witness(data: _Bytes, inputs: int) -> None:
    is_empty = True
    for _ in range(inputs):
        for _ in range(_count(data, 1)):
            data.take(data.compact())
            is_empty = False
    if is_empty:
        raise RawTransactionWrong
