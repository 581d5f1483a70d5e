"""The words in the boxes of a flow, the same in the picture and in the list for small screens."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import btc_range, sat_range, short, short_outpoint

from .flow import FOLD, START, TRANSACTION, Box

TITLE, NAME, PLAIN, AMOUNT = "title", "name", "plain", "amount"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box. `kind`: title, name (of a thing on the chain), amount or plain."""

    kind: str
    text: str


def lines_of(box: Box, *, is_backward: bool, adds_up: bool) -> list[Line]:
    """The lines of a box, from the top."""
    if box.kind == START:
        return _start(box, is_backward=is_backward)
    if box.kind in (TRANSACTION, FOLD):
        return _transaction(box)
    return _end(box, adds_up=adds_up)


def days(times: list[str]) -> str:
    """The day, or the first and the last, of some times."""
    first, last = min(times)[:10], max(times)[:10]
    return first if first == last else f"{first} \u2013 {last}"


def _start(box: Box, *, is_backward: bool) -> list[Line]:
    key = "note.report-box-target" if is_backward else "note.report-box-start"
    if box.count > 1:
        key = "note.report-box-targets" if is_backward else "note.report-box-starts"
    lines = [Line(TITLE, render(key, count=box.count))]
    lines.append(Line(AMOUNT, btc_range(box.lower, box.upper)))
    if box.count == 1:
        lines.append(Line(NAME, short_outpoint(box.outpoints[0])))
        if box.address:
            lines.append(Line(NAME, short(box.address)))
        lines += _label(box)
    return lines


def _label(box: Box) -> list[Line]:
    if not box.label:
        return []
    said = render("note.report-box-says", publisher=box.publisher)
    return [Line(TITLE, _cut(box.label)), Line(PLAIN, _cut(said))]


def _transaction(box: Box) -> list[Line]:
    if box.count > 1:
        hops = f"{min(box.hops)}\u2013{max(box.hops)}"
        lines = [
            Line(TITLE, render("note.report-box-fold", count=box.count)),
            Line(PLAIN, render("note.report-box-hops", hops=hops)),
        ]
    else:
        lines = [
            Line(TITLE, render("note.report-box-transaction")),
            Line(NAME, short(box.txids[0])),
        ]
    lines.append(Line(PLAIN, days(box.times) if box.times else render("note.report-no-block")))
    if box.fee_upper:
        fee = sat_range(box.fee_lower, box.fee_upper)
        lines.append(Line(PLAIN, render("note.report-box-fee", amount=fee)))
    return lines


def _end(box: Box, *, adds_up: bool) -> list[Line]:
    amount = btc_range(box.lower, box.upper)
    if not adds_up and box.count > 1:
        amount = render("note.report-box-not-summed")
    lines = [Line(AMOUNT, amount)]
    lines += _label(box)
    if not box.label and box.count > 1:
        lines.append(Line(TITLE, render("note.report-box-ends", count=grouped(box.count))))
    if box.count == 1 and box.outpoints and box.outpoints[0]:
        lines.append(Line(NAME, short(box.address) or short_outpoint(box.outpoints[0])))
    lines.append(Line(PLAIN, render(f"note.report-end-{box.state}")))
    return lines


def _cut(text: str, most: int = 26) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"
