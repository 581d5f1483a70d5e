"""The picture of a trace as shapes with places, before any page is chosen.

From a flow to bands, boxes, and texts in whole pixels; the bundle writes them as SVG, the printed
report sets them with the page. Both show the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.studies.amounts import btc_range

from .box_words import Line, lines_of
from .flow import END, FOLD, START, Box, Flow
from .layout import AXIS, BOX_WIDTH, COLUMNS, LINE, PAD, WIDTH, Frame, Layout, Piece, Slot, lay_out

MARGIN = 40
_STUB = 34


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of one thickness from one height at the left to another at the right."""

    x0: int
    x1: int
    y0: int
    y1: int
    thick: int


@dataclass(frozen=True, slots=True)
class RibbonShape:
    """Coins on their way. `tone`: as of a `Ribbon`; doubtful: not known to be so much."""

    tone: str
    is_doubtful: bool
    bands: tuple[Band, ...]
    goes_on: tuple[int, int] | None
    """Where a mark says that it goes on in the next line of the picture: left, base line."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the picture: left (or middle) and base line."""

    x: int
    y: int
    text: str
    is_middle: bool = False


@dataclass(frozen=True, slots=True)
class BoxShape:
    """A box with its lines, each with its base line."""

    x: int
    y: int
    width: int
    height: int
    tone: str
    is_first: bool
    """A start."""
    is_stack: bool
    """Several things are folded into it."""
    left: int
    """Left edge of its lines."""
    lines: tuple[tuple[Line, int], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in its place; drawn in this order, from the ground up."""

    width: int
    """Without the margin at both sides."""
    height: int
    axis: tuple[Words, ...]
    ribbons: tuple[RibbonShape, ...]
    boxes: tuple[BoxShape, ...]
    amounts: tuple[Words, ...]


def draw(flow: Flow, *, columns: int = COLUMNS, width: int = WIDTH) -> Drawing:
    """Place a flow in lines of at most so many columns, within a width in pixels."""
    words = {
        key: lines_of(box, is_backward=flow.is_backward, adds_up=flow.adds_up)
        for key, box in flow.boxes.items()
    }
    layout = lay_out(flow, lambda box: len(words[box.key]), Frame(columns=columns, width=width))
    return Drawing(
        width=width,
        height=layout.height + PAD,
        axis=tuple(_axis(layout)),
        ribbons=tuple(_ribbon(piece, layout) for piece in layout.pieces),
        boxes=tuple(
            _box(slot, slot.box, words[slot.key], layout)
            for slot in layout.slots
            if slot.box is not None
        ),
        amounts=tuple(
            amount
            for piece in layout.pieces
            if piece.is_first and (amount := _amount(piece, layout)) is not None
        ),
    )


def _axis(layout: Layout) -> list[Words]:
    """The first day of each layer, above it, where it is another than before."""
    firsts: dict[int, str] = {}
    for slot in layout.slots:
        if slot.box is not None and slot.box.times:
            day = min(slot.box.times)[:10]
            firsts[slot.layer] = min(firsts.get(slot.layer, day), day)
    words = []
    before = ""
    for layer in sorted(firsts):
        if firsts[layer] != before:
            y = layout.band_of(layer).top + AXIS - 12
            words.append(Words(layout.x_of(layer), y, firsts[layer]))
        before = firsts[layer]
    return words


def _left(slot: Slot, layout: Layout) -> int:
    return layout.x_of(slot.layer)


def _right(slot: Slot, layout: Layout) -> int:
    return layout.x_of(slot.layer) + BOX_WIDTH


def _wraps(piece: Piece, layout: Layout) -> bool:
    return layout.band_of(piece.source.layer) is not layout.band_of(piece.target.layer)


def _ribbon(piece: Piece, layout: Layout) -> RibbonShape:
    ribbon = piece.ribbon
    x0, x1 = _right(piece.source, layout), _left(piece.target, layout)
    goes_on = None
    if _wraps(piece, layout):
        bands = [
            Band(x0, x0 + _STUB, piece.y0, piece.y0, piece.thick),
            Band(x1 - _STUB, x1, piece.y1, piece.y1, piece.thick),
        ]
        goes_on = (x0 + _STUB + 2, piece.y0 + piece.thick // 2 + 4)
    else:
        bands = [Band(x0, x1, piece.y0, piece.y1, piece.thick)]
    if piece.target.box is None:
        y = _lane_out(piece.target)
        bands.append(Band(x1, x1 + BOX_WIDTH, piece.y1, y, piece.thick))
    return RibbonShape(ribbon.tone, ribbon.lower != ribbon.upper, tuple(bands), goes_on)


def _lane_out(slot: Slot) -> int:
    return slot.outs[0].y0 if slot.outs else slot.y


def _amount(piece: Piece, layout: Layout) -> Words | None:
    """Place the amount just above the ribbon; ends carry theirs in their box."""
    ribbon = piece.ribbon
    ends = (piece.source.box, _last(piece).box)
    if any(box is not None and box.kind == END for box in ends):
        return None
    text = btc_range(ribbon.lower, ribbon.upper).removesuffix(" BTC")
    x0, x1 = _right(piece.source, layout), _left(piece.target, layout)
    if _wraps(piece, layout):
        return Words(x0 + 4, piece.y0 - 5, text)
    y = min(piece.y0, piece.y1) if piece.y0 == piece.y1 else (piece.y0 + piece.y1) // 2
    return Words((x0 + x1) // 2, y - 5, text, is_middle=True)


def _last(piece: Piece) -> Slot:
    slot = piece.target
    while slot.box is None and slot.outs:
        slot = slot.outs[0].target
    return slot


def _box(slot: Slot, box: Box, lines: list[Line], layout: Layout) -> BoxShape:
    x, y = _left(slot, layout), slot.y
    top = y + (slot.height - len(lines) * LINE) // 2
    return BoxShape(
        x=x,
        y=y,
        width=BOX_WIDTH,
        height=slot.height,
        tone=box.tone,
        is_first=box.kind == START,
        is_stack=box.kind == FOLD or box.count > 1,
        left=x + 10,
        lines=tuple((line, top + number * LINE + 12) for number, line in enumerate(lines)),
    )
