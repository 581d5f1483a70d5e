"""A heat map: rows by columns, each cell a category with a pattern and a letter of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .legend import Swatch, legend
from .svg import SMALL, About, Drawing, height_of, longest_word, wrapped

_CELL, _HIGH = 44, 26


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
    """Give the look of a stage; `place`: from 0, the lowest, among `of` stages."""
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


def heat_map(
    columns: Sequence[str], rows: Sequence[HeatRow], categories: Mapping[str, Category],
    about: About,
) -> str:  # fmt: skip
    """Draw rows by columns; the picture grows wider than `about.width` if the columns need it."""
    longest = longest_word(columns, SMALL) + 8
    cell = min(130.0, max(_CELL, longest, min(96, about.width * 0.62 / max(1, len(columns)))))
    if 160 + cell * len(columns) > about.width:
        about = replace(about, width=int(160 + cell * len(columns)) + 1)
    drawing = Drawing(about)
    left = about.width - cell * len(columns)
    heads = [wrapped(name, cell - 6, SMALL) for name in columns]
    y = float(max((height_of(head) for head in heads), default=0))
    for place, head in enumerate(heads):
        x = left + cell * (place + 0.5)
        drawing.lines(x, y - height_of(head), head, anchor="middle", class_="c-small")
    y += 6
    for row in rows:
        lines = wrapped(row.label, left - 14)
        high = max(_HIGH, height_of(lines) + 6)
        drawing.label(0, y + (high - height_of(lines)) / 2, lines, of=row.label, url=row.url)
        for place, name in enumerate(row.cells):
            if name is not None:
                _cell(drawing, categories[name], left + cell * place + 1, y + 1, cell - 2, high - 2)
        y += high
    used = {name for row in rows for name in row.cells}
    meanings = [(_swatch(each), each.meaning) for name, each in categories.items() if name in used]
    y = legend(drawing, 0, y + 10, about.width, meanings)
    return drawing.finish(y + 2)


def _cell(
    drawing: Drawing,
    category: Category,
    x: float,
    y: float,
    wide: float,
    high: float,
    plate: int = 20,
) -> None:
    pattern = _PATTERNS.get(category.look)
    class_ = _CLASSES[category.look]
    if pattern:
        fill = drawing.pattern(pattern)
        drawing.add("rect", x=x, y=y, width=wide, height=high, class_=class_, fill=fill)
    else:
        drawing.add("rect", x=x, y=y, width=wide, height=high, class_=class_)
    middle = (x + wide / 2, y + high / 2)
    if pattern:
        drawing.add("rect", x=middle[0] - plate / 2, y=middle[1] - 8, width=plate, height=16, rx=3,
                    class_="c-plate")  # fmt: skip
    on = " c-on" if category.look is Look.FULL else ""
    drawing.text(middle[0], middle[1] + 4.5, category.letter, anchor="middle",
                 class_=f"c-bold{on}")  # fmt: skip


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
