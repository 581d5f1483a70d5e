"""What a plan costs: summed within one currency, never from one into another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .plan import ItemState


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
