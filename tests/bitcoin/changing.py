"""Transactions for the tests of change: as a heuristic sees them, and in chains made here."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.change.heuristic import Fate, Seen, Shape, Spender, Traits
from kancil.bitcoin.coinjoins.heuristic import Coin, Shown
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin import regtest

HEAD = Traits(2, has_locktime=True, signals_replacement=True, has_witness=True)
"""Of a transaction whose wallet is told by its head."""
OTHER = Traits(1, has_locktime=False, signals_replacement=False, has_witness=False)


def coin(value_sat: int | None, key: int, kind: ScriptKind = ScriptKind.P2WPKH) -> Coin:
    """A coin of a made-up key."""
    return Coin(value_sat, kind, key.to_bytes(20, "big"))


UNKNOWN = Coin(None, None)
MANY = Shape(2, 3)


def spender(
    traits: Traits = OTHER,
    *,
    shape: Shape = MANY,
    fee_sat: int | None = 500,
    is_excluded: bool = False,
) -> Spender:
    """A transaction that spends an output."""
    return Spender("ab" * 32, traits, shape, fee_sat, is_excluded)


def seen(
    inputs: list[Coin],
    outputs: list[Coin],
    *fates: Fate,
    traits: Traits | None = HEAD,
    fee_sat: int | None = 200,
    maker: Shape | None = None,
) -> Seen:
    """A transaction; outputs without a fate have none known."""
    every = (*fates, *[Fate()] * (len(outputs) - len(fates)))
    shown = Shown("cd" * 32, tuple(inputs), tuple(outputs))
    return Seen(shown, every, traits, fee_sat, maker)


@dataclass(frozen=True)
class HeadedTx(regtest.Tx):
    """A transaction with a version, lock time and sequence of its own."""

    version: int = 2
    locktime: int = 0
    sequence: int = 0xFFFFFFFF

    def _body(self) -> bytes:
        return (
            super()
            ._body()
            .replace(b"\x51\xff\xff\xff\xff", b"\x51" + self.sequence.to_bytes(4, "little"))
        )

    @property
    def base(self) -> bytes:
        return (
            self.version.to_bytes(4, "little") + self._body() + self.locktime.to_bytes(4, "little")
        )

    @property
    def raw(self) -> bytes:
        whole = super().raw
        return (
            self.version.to_bytes(4, "little") + whole[4:-4] + self.locktime.to_bytes(4, "little")
        )
