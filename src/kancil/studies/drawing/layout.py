"""Where the boxes and ribbons of a flow stand on the page: layers from left to right by time.

A flow of more layers than fit side by side is wrapped into bands, one below the other, like lines
of text. All numbers are pixels of the picture, whole ones, so that the picture is the same to the
byte on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from .flow import END, START, Box, Flow, Ribbon, depths

WIDTH = 1120
BOX_WIDTH = 164
COLUMNS = 5
MOST_PITCH = 300
LINE = 16
PAD = 9
GAP = 18
AXIS = 26
BAND_GAP = 34
MOST_THICK = 56
LEAST_THICK = 2
SWEEPS = 8
_LANE = "lane"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the flow is drawn on: a page that ends at its right edge, or a canvas that does not."""

    box_width: int = BOX_WIDTH
    columns: int = COLUMNS
    """Layers side by side at most; 0: all, without wrapping."""
    pitch: int = 0
    """From one layer's left edge to the next one's; 0: as the page allows."""
    width: int = WIDTH
    """Of the page, where the pitch is as the page allows."""
    most_thick: int = MOST_THICK
    """Height of the busiest side of a box."""
    most_lanes: int = 1_000_000
    """Lanes of long ribbons at most; a ribbon beyond goes straight from box to box."""


PAGE = Frame()


@dataclass(slots=True)
class Slot:
    """A place in a column: a box, or a lane through which a long ribbon passes."""

    key: str
    box: Box | None
    layer: int
    height: int
    y: int = 0
    ins: list[Piece] = field(default_factory=list)
    outs: list[Piece] = field(default_factory=list)

    @property
    def middle(self) -> int:
        """Height of its middle."""
        return self.y + self.height // 2


@dataclass(slots=True)
class Piece:
    """A ribbon's way from one layer to the next; the first piece carries its words."""

    ribbon: Ribbon
    source: Slot
    target: Slot
    thick: int
    is_first: bool
    y0: int = 0
    y1: int = 0


@dataclass(slots=True)
class Band:
    """One line of the picture."""

    first: int
    """Its first layer."""
    last: int
    top: int = 0
    height: int = 0


@dataclass(slots=True)
class Layout:
    """All places."""

    slots: list[Slot]
    pieces: list[Piece]
    bands: list[Band]
    pitch: int
    height: int
    frame: Frame = PAGE

    def band_of(self, layer: int) -> Band:
        """The band in which a layer stands."""
        return next(band for band in self.bands if band.first <= layer <= band.last)

    def x_of(self, layer: int) -> int:
        """The left edge of a layer's boxes."""
        return (layer - self.band_of(layer).first) * self.pitch


def lay_out(flow: Flow, lines_of: Callable[[Box], int], frame: Frame = PAGE) -> Layout:
    """Place everything; `lines_of`: number of text lines in a box."""
    layers = _layers(flow)
    scale = _scale(flow, frame)
    slots = {
        key: Slot(key, box, layers[key], lines_of(box) * LINE + 2 * PAD)
        for key, box in flow.boxes.items()
    }
    pieces: list[Piece] = []
    lanes_left = frame.most_lanes
    for ribbon in flow.ribbons:
        lanes = layers[ribbon.target] - layers[ribbon.source] - 1
        if lanes > lanes_left:
            source, target = slots[ribbon.source], slots[ribbon.target]
            pieces.append(Piece(ribbon, source, target, scale(ribbon), is_first=True))
            continue
        lanes_left -= lanes
        pieces.extend(_pieces(ribbon, slots, scale(ribbon)))
    for piece in pieces:
        piece.source.outs.append(piece)
        piece.target.ins.append(piece)
    for slot in slots.values():
        for side in (slot.ins, slot.outs):
            slot.height = max(slot.height, _side_height(side, slot) + PAD)
    if not slots:
        return Layout([], [], [Band(0, 0)], 0, AXIS, frame)
    columns: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots.values():
        columns[slot.layer].append(slot)
    ordered = [columns[layer] for layer in sorted(columns)]
    _order(ordered)
    bands = _bands(len(ordered), frame.columns)
    _stack(ordered, bands)
    _ports(list(slots.values()))
    last = bands[-1]
    pitch = frame.pitch or _pitch(bands, frame.width)
    return Layout(list(slots.values()), pieces, bands, pitch, last.top + last.height, frame)


def _side_height(side: list[Piece], slot: Slot) -> int:
    return sum(piece.thick + _room_above(piece, slot) for piece in side)


def _room_above(piece: Piece, slot: Slot) -> int:
    """The free height above a ribbon's end: where it begins, and nowhere else."""
    return piece.ribbon.words_height if piece.is_first and piece.source is slot else 0


def _layers(flow: Flow) -> dict[str, int]:
    """Put starts and transactions by their longest way, ends beside what they hang on."""
    moving = {key for key, box in flow.boxes.items() if box.kind != END}
    depth = depths(flow, moving)
    for ribbon in flow.ribbons:
        if ribbon.target not in moving:
            depth[ribbon.target] = max(depth.get(ribbon.target, 0), depth[ribbon.source] + 1)
    for ribbon in flow.ribbons:
        if ribbon.source not in moving:
            near = depth[ribbon.target] - 1
            depth[ribbon.source] = min(depth.get(ribbon.source, near), near)
    for key in flow.boxes:
        depth.setdefault(key, 0)  # a box of which all lines lead back
    least = min(depth.values(), default=0)
    used = sorted(set(depth.values()))
    dense = {layer: place for place, layer in enumerate(used)} if least else None
    return {key: dense[depth[key]] if dense else depth[key] for key in flow.boxes}


def _weight(ribbon: Ribbon, most: int) -> int:
    return ribbon.lower or min(ribbon.upper, most)


def _scale(flow: Flow, frame: Frame) -> Callable[[Ribbon], int]:
    """A ribbon's thickness by its value; the busiest side of a box has the most."""
    known = [box.upper for box in flow.boxes.values() if box.kind == START] or [1]
    most = sum(known)
    sides: defaultdict[tuple[str, int], int] = defaultdict(int)
    for ribbon in flow.ribbons:
        sides[ribbon.source, 1] += _weight(ribbon, most)
        sides[ribbon.target, 0] += _weight(ribbon, most)
    busiest = max(sides.values(), default=1) or 1

    def thickness(ribbon: Ribbon) -> int:
        return max(LEAST_THICK, _weight(ribbon, most) * frame.most_thick // busiest)

    return thickness


def _pieces(ribbon: Ribbon, slots: dict[str, Slot], thick: int) -> list[Piece]:
    """Cut a ribbon at each layer it passes, and give it a lane there."""
    here, target = slots[ribbon.source], slots[ribbon.target]
    pieces: list[Piece] = []
    for layer in range(here.layer + 1, target.layer):
        key = f"{_LANE} {ribbon.source} {ribbon.target} {ribbon.tone} {layer}"
        lane = Slot(key, None, layer, thick)
        slots[key] = lane
        pieces.append(Piece(ribbon, here, lane, thick, is_first=not pieces))
        here = lane
    pieces.append(Piece(ribbon, here, target, thick, is_first=not pieces))
    return pieces


def _order(columns: list[list[Slot]]) -> None:
    """Order each column by the middle place of its neighbours, forth and back a few times."""
    place: dict[str, int] = {}
    for column in columns:
        for number, slot in enumerate(column):
            place[slot.key] = number * 1000 // max(1, len(column))

    def by_neighbours(slot: Slot, *, left: bool) -> int:
        others = [p.source for p in slot.ins] if left else [p.target for p in slot.outs]
        if not others:
            return place[slot.key]
        return sum(place[other.key] for other in others) // len(others)

    for sweep in range(SWEEPS):
        left = sweep % 2 == 0
        for column in columns if left else reversed(columns):
            wish = {slot.key: by_neighbours(slot, left=left) for slot in column}
            column.sort(key=lambda slot: (wish[slot.key], _rank(slot), place[slot.key]))
            for number, slot in enumerate(column):
                place[slot.key] = number * 1000 // max(1, len(column))


def _rank(slot: Slot) -> int:
    """Put ends below what goes on."""
    return 1 if slot.box is not None and slot.box.kind == END else 0


def _bands(layers: int, columns: int) -> list[Band]:
    if not columns or layers <= columns:
        return [Band(0, layers - 1)]
    count = -(-layers // columns)
    size = -(-layers // count)
    return [Band(first, min(first + size, layers) - 1) for first in range(0, layers, size)]


def _pitch(bands: list[Band], width: int) -> int:
    most = max(band.last - band.first for band in bands)
    return min(MOST_PITCH, (width - BOX_WIDTH) // most) if most else 0


def _stack(columns: list[list[Slot]], bands: list[Band]) -> None:
    """Each slot its height on the page: columns centred, then drawn towards neighbours."""
    top = 0
    for band in bands:
        inside = columns[band.first : band.last + 1]
        band.top = top
        heights = [_column_height(column) for column in inside]
        room = max(heights)
        for column, height in zip(inside, heights, strict=True):
            y = top + AXIS + (room - height) // 2
            for slot in column:
                slot.y = y
                y += slot.height + GAP
        for sweep in range(SWEEPS):
            for column in inside if sweep % 2 == 0 else reversed(inside):
                _draw_near(column, band, room)
        band.height = AXIS + room
        top += band.height + BAND_GAP


def _column_height(column: list[Slot]) -> int:
    return sum(slot.height for slot in column) + GAP * (len(column) - 1)


def _draw_near(column: list[Slot], band: Band, room: int) -> None:
    """Move each slot towards the middle of its neighbours in the band, keeping order and gaps."""
    top = band.top + AXIS
    bottom = top + room
    wishes = []
    for slot in column:
        others = [p.source for p in slot.ins] + [p.target for p in slot.outs]
        others = [other for other in others if band.first <= other.layer <= band.last]
        middle = sum(o.middle for o in others) // len(others) if others else slot.middle
        wishes.append(middle - slot.height // 2)
    floor = top
    for slot, wish in zip(column, wishes, strict=True):
        slot.y = max(wish, floor)
        floor = slot.y + slot.height + GAP
    ceiling = bottom
    for slot in reversed(column):
        slot.y = min(slot.y, ceiling - slot.height)
        ceiling = slot.y - GAP


def _ports(slots: list[Slot]) -> None:
    """Stack the ends of ribbons on each side of a box, in the order of where they go."""
    for slot in slots:
        outs = sorted(slot.outs, key=lambda piece: (piece.target.layer, piece.target.y))
        y = slot.middle - _side_height(outs, slot) // 2
        for piece in outs:
            piece.y0 = y + _room_above(piece, slot)
            y = piece.y0 + piece.thick
        ins = sorted(slot.ins, key=lambda piece: (piece.source.layer, piece.source.y))
        y = slot.middle - _side_height(ins, slot) // 2
        for piece in ins:
            piece.y1 = y
            y += piece.thick
