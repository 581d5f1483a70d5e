"""Whether spending agrees with the ledger that it comes from, and with the grant that pays it.

Counts and sums come in; what keeps a file or a grant from being reconciled comes out, and beside
it what is only worth a look. Nothing is corrected here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kancil.ground.phrase import Param, Phrase

from .amount import Money
from .rates import Total
from .shares import WHOLE_BP
from .terms import Period


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found."""

    said: Phrase
    is_open: bool
    """Whether it keeps from being reconciled; else it is a remark."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was found; see `is_reconciled`."""

    findings: tuple[Finding, ...] = ()

    @property
    def is_reconciled(self) -> bool:
        """Whether nothing is open."""
        return not any(each.is_open for each in self.findings)

    @property
    def open_ones(self) -> tuple[Phrase, ...]:
        """Why it is not reconciled."""
        return tuple(each.said for each in self.findings if each.is_open)

    @property
    def remarks(self) -> tuple[Phrase, ...]:
        """What is worth a look and keeps nothing open."""
        return tuple(each.said for each in self.findings if not each.is_open)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What the lines of a ledger's export say together."""

    currency: str
    stated_minor: int | None
    """The total that the ledger states."""
    counted_minor: int
    """Sum of the lines."""
    lines: int
    not_taken: int
    """Rows that could not be read."""
    unmatched: int
    """Lines of no grant, and of no activity that grants pay for whole."""
    unmatched_minor: int
    outside: int
    """Lines posted on a day that is not in the file's period."""
    twice_here: int
    """Lines whose day, reference and amount another line of the file has too."""
    twice_elsewhere: int
    """Lines whose day, reference and amount a line of another file has."""
    credits: int
    credits_minor: int
    overlapping: tuple[str, ...] = ()
    """Files of the same ledger whose periods have days of this one's."""


def _money(currency: str, minor: int) -> str:
    return str(Money(currency, minor)).replace(" ", "\u00a0")


def _found(key: str, is_open: bool, **params: Param) -> Finding:
    return Finding(Phrase(f"programme.reconcile.{key}", params), is_open)


def reconcile_file(said: FileCounts) -> Reconciliation:
    """A ledger's export against its own total, its neighbours, and the grants that pay."""
    found: list[Finding] = []
    counted = _money(said.currency, said.counted_minor)
    if said.stated_minor is None:
        found.append(_found("no-total", True, counted=counted))
    elif said.stated_minor != said.counted_minor:
        off = _money(said.currency, said.counted_minor - said.stated_minor)
        stated = _money(said.currency, said.stated_minor)
        found.append(_found("total", True, stated=stated, counted=counted, off=off))
    if said.not_taken:
        found.append(_found("not-taken", True, count=said.not_taken))
    if said.unmatched:
        amount = _money(said.currency, said.unmatched_minor)
        found.append(_found("unmatched", True, count=said.unmatched, amount=amount))
    if said.outside:
        found.append(_found("outside", True, count=said.outside))
    found += [_found("overlap", True, name=each) for each in said.overlapping]
    if said.twice_elsewhere:
        found.append(_found("twice-elsewhere", True, count=said.twice_elsewhere))
    if said.twice_here:  # a voucher may pay several people the same: the stated total decides
        found.append(_found("twice-here", False, count=said.twice_here))
    if said.credits:
        amount = _money(said.currency, said.credits_minor)
        found.append(_found("credits", False, count=said.credits, amount=amount))
    return Reconciliation(tuple(found))


@dataclass(frozen=True, slots=True)
class GrantCounts:
    """What stands for a grant, in its own currency."""

    currency: str
    given_minor: int
    received_minor: int
    spent: Total
    support_spent: Total
    """Programme support costs as the ledger charged them."""
    support_bp: int
    """The agreed rate on what is spent directly."""
    open_files: tuple[str, ...] = ()
    """Files with days of the period that are not reconciled; the grant may miss a line of them."""
    missing_days: tuple[Period, ...] = ()
    """Days of the period that no file covers."""
    over: Mapping[str, int] = field(default_factory=dict, hash=False)
    """By how much a budget class is overspent, by its value."""
    undecided: tuple[str, ...] = ()
    """Codes of activities that it pays for outside its earmark, which nobody decided."""


def support_due(direct_minor: int, support_bp: int) -> int:
    """Programme support costs at a rate, rounded to the even one of two halves."""
    whole, rest = divmod(direct_minor * support_bp, WHOLE_BP)
    return whole + (rest * 2 > WHOLE_BP or (rest * 2 == WHOLE_BP and whole % 2 == 1))


def reconcile_grant(said: GrantCounts, names: Mapping[str, Phrase]) -> Reconciliation:
    """A grant against the files that its spending comes from, its budget and its terms.

    `names`: of budget classes, by value.
    """
    found = [
        _found("no-rate", True, currency=each.currency, to=each.to, on=each.on)
        for each in said.spent.missing
    ]
    found += [_found("file-open", True, name=each) for each in said.open_files]
    for each in said.missing_days:
        first, last = each.begins_on.isoformat(), each.ends_on.isoformat()
        found.append(_found("no-file", True, first=first, last=last))
    found += _support(said)
    found += [_found("outside-earmark", True, code=each) for each in said.undecided]
    spent = said.spent.minor
    if spent is not None and spent > said.given_minor:
        over = _money(said.currency, spent - said.given_minor)
        found.append(_found("over-grant", True, over=over))
    if spent is not None and said.received_minor < spent <= said.given_minor:
        ahead = _money(said.currency, spent - said.received_minor)
        found.append(_found("before-receipt", False, ahead=ahead))
    for budget_class, minor in said.over.items():
        over = _money(said.currency, minor)
        found.append(_found("over-budget", False, name=names[budget_class], over=over))
    return Reconciliation(tuple(found))


def _support(said: GrantCounts) -> Sequence[Finding]:
    spent, charged = said.spent.minor, said.support_spent.minor
    if spent is None or charged is None:
        return []
    due = support_due(spent - charged, said.support_bp)
    told = {"charged": _money(said.currency, charged), "due": _money(said.currency, due)}
    if charged > due:
        return [_found("support-over", True, **told)]
    return [_found("support-under", False, **told)] if charged < due else []
