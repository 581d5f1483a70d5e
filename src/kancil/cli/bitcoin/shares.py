"""Shares with their exact bounds, in words."""

from __future__ import annotations

from kancil.bitcoin.evaluation.interval import MILLION
from kancil.bitcoin.evaluation.measure import Share
from kancil.ground.units import grouped
from kancil.ground.words import render


def share_text(share: Share, *, is_brief: bool = False) -> str:
    """Write a share with its denominator and its bounds, in percent rounded outward.

    `is_brief`: what the bounds are is said elsewhere.
    """
    bounds = share.bounds
    if bounds is None:
        return render("note.evaluate-nothing")
    high = MILLION - (MILLION - bounds.high_ppm) // 100 * 100
    return render(
        "note.evaluate-share-brief" if is_brief else "note.evaluate-share",
        count=grouped(share.count),
        of=grouped(share.of),
        low=_percent(bounds.low_ppm // 100),
        high=_percent(high // 100),
    )


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
