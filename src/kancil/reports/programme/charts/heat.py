"""A heat map: rows by columns, each cell a category with a pattern and a letter of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .legend import Swatch, legend
from .svg import SMALL, About, Drawing, height_of, longest_word, width_of, wrapped

_CELL, _HIGH = 44, 26
_SLIM, _PHONE = 19, 500
"""Narrowest column under an upright name, and the width below which a picture is for a phone."""


class Look(StrEnum):
    """How the cells of a category look, from full to empty; colour is never alone."""

    FULL = "full"
    STRIPED = "striped"
    DOTTED = "dotted"
    OPEN = "open"
    """White, with a full edge: answered, and nothing is there."""
    DOUBTFUL = "doubtful"
    """Crossed: disputed."""
    UNKNOWN = "unknown"
    """Hatched, with a dashed edge: not known, or not answered."""
    BLANK = "blank"
    """Nothing drawn: it does not apply."""


_RISING = (Look.OPEN, Look.DOTTED, Look.STRIPED, Look.FULL)


def look_of(place: int, of: int) -> Look:
    """The look of a stage; `place`: from 0, the lowest, among `of` stages."""
    return _RISING[min(place * len(_RISING) // of, len(_RISING) - 1)]


@dataclass(frozen=True, slots=True)
class Category:
    """What a cell can say."""

    letter: str
    """One or two letters that stand in the cell."""
    meaning: str
    look: Look


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row; `cells` by column, each the id of a category or None where there is nothing."""

    label: str
    cells: Sequence[str | None]
    url: str = ""
    counts: Sequence[str] = ()
    """By column, what is counted in a cell; stands below its letter where there is room."""


def heat_map(
    columns: Sequence[str], rows: Sequence[HeatRow], categories: Mapping[str, Category],
    about: About, *, is_upright: bool = False,
) -> str:  # fmt: skip
    """Draw rows by columns; the picture grows wider than `about.width` if the columns need it.

    `is_upright`: the names of columns stand upright, so that many fit beside each other; on a phone
    the name of a row then stands above its cells.
    """
    is_above = is_upright and about.width < _PHONE
    if is_upright:
        longest = longest_word([row.label for row in rows]) + 16
        least = 0.0 if is_above else max(about.width * 0.21, longest)
        cell = max(_SLIM, (about.width - least) / max(1, len(columns)))
    else:
        longest = longest_word(columns, SMALL) + 8
        cell = min(130.0, max(_CELL, longest, min(96, about.width * 0.62 / max(1, len(columns)))))
        least = 160
    if least + cell * len(columns) > about.width:
        about = replace(about, width=int(least + cell * len(columns)) + 1)
    drawing = Drawing(about)
    left = about.width - cell * len(columns)
    y = (_upright if is_upright else _across)(drawing, columns, left, cell) + 6
    has_counts = cell >= _CELL and any(row.counts for row in rows)
    for row in rows:
        lines = wrapped(row.label, about.width if is_above else left - 14)
        high = float(_HIGH + (14 if has_counts else 0))
        if is_above:
            y = drawing.label(0, y + 4, lines, of=row.label, url=row.url)
        else:
            high = max(high, height_of(lines) + 6)
            drawing.label(0, y + (high - height_of(lines)) / 2, lines, of=row.label, url=row.url)
        for place, name in enumerate(row.cells):
            if name is not None:
                count = row.counts[place] if has_counts and row.counts else ""
                _cell(
                    drawing, categories[name], left + cell * place + 1, y + 1, cell - 2, high - 2,
                    count=count, plate=min(20, int(cell) - 4),
                )  # fmt: skip
        y += high
    used = {name for row in rows for name in row.cells}
    meanings = [(_swatch(each), each.meaning) for name, each in categories.items() if name in used]
    y = legend(drawing, 0, y + 10, about.width, meanings)
    return drawing.finish(y + 2)


def _across(drawing: Drawing, columns: Sequence[str], left: float, cell: float) -> float:
    """Write the names of columns above them; give where they end."""
    heads = [wrapped(name, cell - 6, SMALL) for name in columns]
    y = float(max((height_of(head) for head in heads), default=0))
    for place, head in enumerate(heads):
        x = left + cell * (place + 0.5)
        drawing.lines(x, y - height_of(head), head, anchor="middle", class_="c-small")
    return y


def _upright(drawing: Drawing, columns: Sequence[str], left: float, cell: float) -> float:
    """Write the names of columns upwards, each from its column; give where they begin."""
    y = max((width_of(name, SMALL) for name in columns), default=0.0) + 4
    for place, name in enumerate(columns):
        x = left + cell * (place + 0.5) + 4
        drawing.add(
            "text", name, x=x, y=y, class_="c-text c-small", transform=f"rotate(-90 {x:g} {y:g})"
        )
    return y


def _cell(
    drawing: Drawing,
    category: Category,
    x: float,
    y: float,
    wide: float,
    high: float,
    plate: int = 20,
    count: str = "",
) -> None:
    pattern = _PATTERNS.get(category.look)
    class_ = _CLASSES[category.look]
    if pattern:
        fill = drawing.pattern(pattern)
        drawing.add("rect", x=x, y=y, width=wide, height=high, class_=class_, fill=fill)
    else:
        drawing.add("rect", x=x, y=y, width=wide, height=high, class_=class_)
    middle = (x + wide / 2, y + high / 2 - (8 if count else 0))
    if pattern:
        drawing.add("rect", x=middle[0] - plate / 2, y=middle[1] - 8, width=plate, height=16, rx=3,
                    class_="c-plate")  # fmt: skip
        if count:
            long = width_of(count, SMALL) + 4
            drawing.add("rect", x=middle[0] - long / 2, y=middle[1] + 9, width=long, height=14,
                        rx=3, class_="c-plate")  # fmt: skip
    on = " c-on" if category.look is Look.FULL else ""
    drawing.text(middle[0], middle[1] + 4.5, category.letter, anchor="middle",
                 class_=f"c-bold{on}")  # fmt: skip
    if count:
        drawing.text(middle[0], middle[1] + 20, count, anchor="middle", class_=f"c-small{on}")


_PATTERNS = {
    Look.STRIPED: "stripe", Look.DOTTED: "dots", Look.DOUBTFUL: "cross", Look.UNKNOWN: "hatch",
}  # fmt: skip
_CLASSES = {
    Look.FULL: "c-fill",
    Look.STRIPED: "c-edge",
    Look.DOTTED: "c-edge",
    Look.OPEN: "c-hollow",
    Look.DOUBTFUL: "c-doubt",
    Look.UNKNOWN: "c-none",
    Look.BLANK: "c-track",
}


def _swatch(category: Category) -> Swatch:
    def draw(drawing: Drawing, x: float, y: float) -> None:
        _cell(drawing, category, x, y - 3, 26, 17, plate=12)

    return draw
