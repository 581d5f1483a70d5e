"""The parts that templates show: the rail, what stands above a page, the cells of a table.

Views fill these from queries; `templates/kancil/` shows them. Names are `Phrase`s, or data as they
are (a case's own title). A value that is `None` is shown as *unknown*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from kancil.ground.phrase import Phrase

Kind = Literal[
    "intact", "warn", "danger", "mix", "service", "unknown", "sealed", "plain", "now"
]  # fmt: skip
"""What a tag means; each has a colour and a shape."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the rail; without `url` it is the heading of those below it."""

    name: Phrase | str
    url: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step above the page; the last has no `url`."""

    name: Phrase | str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; `right` for amounts, `wide` for sentences in a table that scrolls."""

    name: Phrase | str
    right: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """An address, transaction or digest; copied whole even where it is shown short."""

    part: ClassVar[str] = "identifier"
    id: str | None
    url: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """Satoshi, shown as bitcoin and satoshi; `one`: in one line."""

    part: ClassVar[str] = "amount"
    sat: int | None
    one: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """An aware time, shown in UTC and in the unit's zone; `one`: in one line."""

    part: ClassVar[str] = "when"
    moment: datetime | None
    one: bool = False


@dataclass(frozen=True, slots=True)
class Minute:
    """An aware time to the minute in the unit's zone, for long tables; UTC stands behind it."""

    part: ClassVar[str] = "minute"
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A word with a colour and a shape."""

    part: ClassVar[str] = "tag"
    kind: Kind
    text: Phrase | str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to; `is_act`: to do something there, so that it looks like a button."""

    part: ClassVar[str] = "link"
    url: str
    text: Phrase | str
    is_act: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Several cells in one, one under the other."""

    part: ClassVar[str] = "several"
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number with its thousands grouped."""

    part: ClassVar[str] = "number"
    number: int | None


@dataclass(frozen=True, slots=True)
class Marked:
    """Text in which words were found: by turns beside them and of them, beginning beside."""

    part: ClassVar[str] = "marked"
    pieces: Sequence[str]


@dataclass(frozen=True, slots=True)
class Done:
    """How far something is: a bar, and the numbers that it draws."""

    part: ClassVar[str] = "done"
    count: int
    of: int


class Told(Protocol):
    """A value in one currency, in words."""

    @property
    def value(self) -> str:
        """How much, or that there is no price."""

    @property
    def about(self) -> str:
        """Source and date, or why there is none."""

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What an amount was worth at block time, in each currency of the unit's tables."""

    part: ClassVar[str] = "worth"
    answers: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Tick:
    """A check box: its form sends `value` under `name` where it is ticked."""

    part: ClassVar[str] = "tick"
    name: str
    value: str
    label: Phrase
    """Said to whoever does not see in which row it stands."""
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, sent under `name`."""

    part: ClassVar[str] = "choice"
    name: str
    label: Phrase
    options: Sequence[tuple[str, Phrase]]
    """Value and words of each."""
    chosen: str


Cell = (
    Identifier | Amount | When | Minute | Tag | Link | Number | Several | Done | Worth | Tick
    | Choice | Marked | Phrase | str | None
)  # fmt: skip
"""What a cell of a table may hold."""
