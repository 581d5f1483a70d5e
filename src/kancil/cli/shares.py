"""Shares with their exact bounds, in words."""

from __future__ import annotations

from kancil.bitcoin.evaluate import Share
from kancil.bitcoin.interval import MILLION
from kancil.ground.units import grouped
from kancil.ground.words import render


def share_text(share: Share) -> str:
    """Write a share with its denominator and its bounds, in percent rounded outward."""
    bounds = share.bounds
    if bounds is None:
        return render("note.evaluate-nothing")
    high = MILLION - (MILLION - bounds.high_ppm) // 100 * 100
    return render(
        "note.evaluate-share",
        count=grouped(share.count),
        of=grouped(share.of),
        low=_percent(bounds.low_ppm // 100),
        high=_percent(high // 100),
    )


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
