"""Amounts and names as reports write them; one way each, whatever the machine's locale."""

from __future__ import annotations

from kancil.ground.units import SAT_PER_BTC, grouped

EN_DASH = "\u2013"
COIN = "BTC"
_SHORT = 12


def btc(value_sat: int, coin: str = COIN) -> str:
    """Write satoshi as bitcoin without needless zeros: `50 BTC`, `0.38796959 BTC`.

    `coin`: the symbol of the network's coins (`Network.coin`).
    """
    whole, part = divmod(value_sat, SAT_PER_BTC)
    decimals = f"{part:08d}".rstrip("0")
    return f"{grouped(whole)}.{decimals} {coin}" if decimals else f"{grouped(whole)} {coin}"


def btc_range(lower: int, upper: int, coin: str = COIN) -> str:
    """Write bounds in bitcoin: one number when they are equal, `0–40 BTC` when not."""
    if lower == upper:
        return btc(lower, coin)
    return f"{btc(lower, coin).removesuffix(f' {coin}')}{EN_DASH}{btc(upper, coin)}"


def sat_range(lower: int, upper: int) -> str:
    """Write bounds in satoshi, grouped."""
    if lower == upper:
        return grouped(lower)
    return f"{grouped(lower)}{EN_DASH}{grouped(upper)}"


def short(name: str) -> str:
    """Shorten a txid or address for a picture: its first and last characters."""
    return name if len(name) <= 2 * _SHORT else f"{name[:8]}\u2026{name[-6:]}"


def short_outpoint(outpoint: str) -> str:
    """Shorten `txid:n`."""
    txid, _, number = outpoint.partition(":")
    return f"{short(txid)}:{number}" if number else short(txid)
