"""What a plan costs: summed within one currency, never from one into another.

An item's cost is the sum of its lines, a rate a unit by how many, where it has lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from kancil.assessment.planning.amounts import read_amount
from kancil.assessment.planning.plan import ItemState
from kancil.ground.phrase import Phrase
from kancil.ground.plain import written

_CURRENCIES = Path(__file__).parents[1] / "countries" / "currencies.txt"


@cache
def currencies() -> frozenset[str]:
    """Codes of ISO 4217 for money that is paid with somewhere; countries/SOURCES.md says whence."""
    return frozenset(_CURRENCIES.read_text("ascii").split())


def quantity_text(quantity: Decimal) -> str:
    """How many, without the noughts behind: `3`, `2.5`."""
    return f"{quantity.normalize():f}"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of an item's cost."""

    what: str
    unit: str
    """What the rate is for: a day, a person, a laptop."""
    rate_minor: int
    """In hundredths of the item's currency."""
    quantity: Decimal = field(metadata=written(by=quantity_text))
    """How many units, to hundredths."""

    @property
    def total_minor(self) -> int:
        """Rate by quantity, half a hundredth rounded up."""
        exact = self.rate_minor * self.quantity
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def read_line(row: Iterable[str]) -> CostLine | Phrase:
    """A line as it was typed: what, unit, rate and quantity; or what is wrong with it."""
    what, unit, rate_text, many_text = (each.strip() for each in row)
    if not (what and unit and rate_text and many_text):
        return Phrase("why.line-not-whole")
    for text, most in ((what, 200), (unit, 60)):
        if len(text) > most:
            return Phrase("why.value-too-long", {"most": most})
    rate, many = read_amount(rate_text), read_amount(many_text)
    if isinstance(rate, Phrase):
        return rate
    if isinstance(many, Phrase):
        return many
    if not 0 < many < 10**12:
        return Phrase("why.line-quantity")
    return CostLine(what, unit, rate, Decimal(many) / 100)


def sum_minor(lines: Iterable[CostLine]) -> int:
    """What lines cost together: the sum of what each shows."""
    return sum(each.total_minor for each in lines)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one item costs, in hundredths of its currency."""

    state: ItemState
    donor: str
    """Empty: none is found yet."""
    currency: str
    cost_minor: int | None
    """None: not costed."""
    is_held: bool = False
    """Whether something keeps it from being approved, or from staying so."""


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in one currency, and how many items it is of."""

    currency: str
    donor: str
    items: int
    all_minor: int
    approved_minor: int
    """Of it, what is approved or done, and not held back."""
    held_minor: int = 0
    """Of it, what is proposed or approved while something is in its way."""

    @property
    def proposed_minor(self) -> int:
        """Of it, what is proposed with nothing in its way."""
        return self.all_minor - self.approved_minor - self.held_minor


def totals(costs: Iterable[Cost], *, by_donor: bool = False) -> list[Total]:
    """Sum items by currency, or by donor and currency. Rejected and uncosted ones are left out."""
    found: dict[tuple[str, str], list[Cost]] = {}
    for each in costs:
        if each.cost_minor is not None and each.state is not ItemState.REJECTED:
            found.setdefault((each.donor if by_donor else "", each.currency), []).append(each)
    return [
        Total(
            currency,
            donor,
            len(own),
            sum(each.cost_minor or 0 for each in own),
            sum(
                each.cost_minor or 0
                for each in own
                if each.state in (ItemState.APPROVED, ItemState.DONE) and not _is_held(each)
            ),
            sum(each.cost_minor or 0 for each in own if _is_held(each)),
        )
        for (donor, currency), own in sorted(found.items())
    ]


def _is_held(cost: Cost) -> bool:
    return cost.is_held and cost.state in (ItemState.PROPOSED, ItemState.APPROVED)


def uncosted(costs: Iterable[Cost]) -> int:
    """Count the items that are not rejected and have no cost: no total tells of them."""
    return sum(each.cost_minor is None and each.state is not ItemState.REJECTED for each in costs)
