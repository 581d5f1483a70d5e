"""Exposure as bars: where all coins of a side ended, a part of the bar each, with words below."""

from __future__ import annotations

from typing import Any

from kancil.bitcoin.exposure.answer import SIDES
from kancil.ground.phrase import Phrase
from kancil.studies.amounts import btc_range
from kancil.studies.study import Result
from kancil.web.cells import Section

WIDTH = 1000
_DOUBTFUL = ("unknown-source", "coinjoin", "hops", "unspendable")


def exposure_bars(result: Result) -> list[Section]:
    """A bar for each side whose amounts add up; nothing where none does."""
    bars = []
    for side in SIDES[result.parameters["direction"]]:
        rows = [
            row
            for row in result.table("ends").as_rows()
            if (row["side"], row["within"]) == (side, "hops")
        ]
        whole = sum(_size(row) for row in rows)
        if whole:
            bars.append(
                {"name": Phrase(f"name.exposure-side-{side}"), "parts": _parts(rows, whole)}
            )
    return [{"kind": "bars", "heading": Phrase("web.exposure.bars"), "rows": bars}] if bars else []


def _parts(rows: list[dict[str, Any]], whole: int) -> list[dict[str, Any]]:
    found, start = [], 0
    for row in sorted(rows, key=lambda each: -_size(each)):
        size = _size(row)
        if not size:
            continue
        width = max(1, round(size * WIDTH / whole))
        found.append(
            {
                "x": min(start, WIDTH),
                "width": min(width, WIDTH - start) if start < WIDTH else 0,
                "tone": _tone(row),
                "name": _name(row),
                "amount": btc_range(int(row["lower_sat"]), int(row["upper_sat"])),
                "share": _share(size, whole),
            }
        )
        start += width
    return found


def _size(row: dict[str, Any]) -> int:
    """The middle of an amount's bounds, by which the bar is drawn; the words give both."""
    return (int(row["lower_sat"] or 0) + int(row["upper_sat"] or 0)) // 2


def _share(size: int, whole: int) -> str:
    tenths = (size * 1000 + whole // 2) // whole
    return f"{tenths // 10}.{tenths % 10} %"


def _tone(row: dict[str, Any]) -> str:
    if row["group"] == "exposed":
        return "danger"
    return "unknown" if row["end"] in _DOUBTFUL else "rest"


def _name(row: dict[str, Any]) -> Phrase | str:
    end = str(row["end"])
    return Phrase(f"note.exposure-end-{end}") if end in KNOWN_ENDS else end


KNOWN_ENDS = frozenset(
    {
        "exposed", "kept", "fees", "counted-once", "hops", "service", "coinjoin", "no-spend-seen",
        "unspendable", "unknown-source", "newly-issued",
    }
)  # fmt: skip
