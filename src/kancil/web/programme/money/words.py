"""How money is said on the pages: amounts, shares, sums with a missing rate, and the way back."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as Slice
from django.http import HttpRequest
from django.urls import reverse

from kancil.ground.phrase import Phrase
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import TableName, Total
from kancil.programme.money.reconcile import Reconciliation
from kancil.web.cells import Section, link, tag
from kancil.web.parts import Cell, Several

ROWS = 50


def money(amount: Money | None) -> str:
    """An amount, or that there is none."""
    return "–" if amount is None else str(amount)


def summed(total: Total) -> Cell:
    """A sum; without a rate its parts, as the ledger has them."""
    if total.money is not None:
        return money(total.money)
    return Several([tag("warn", "web.money.no-rate"), *(money(each) for each in total.parts)])


def percent(share_bp: int | None) -> str:
    """A share in hundredths of a percent, as people say it."""
    if share_bp is None:
        return "–"
    whole, rest = divmod(share_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "\u00a0%"


def class_name(budget_class: str) -> Phrase:
    """The name of a budget class."""
    return Phrase(f"programme.budget-class.{budget_class}")


def activity_link(activity: str, code: str) -> Cell:
    """The way to an activity's page."""
    return link(reverse("activity", kwargs={"activity": activity}), code)


def way(*further: tuple[str, Any, Phrase | str]) -> list[dict[str, Any]]:
    """The steps above a page: the grants, then names of pages with their values and words."""
    found: list[dict[str, Any]] = [{"url": reverse("grants"), "name": Phrase("web.room.grants")}]
    return found + [
        {"url": reverse(name, kwargs=given), "name": said} for name, given, said in further
    ]


def paged(request: HttpRequest, one: Section, pages: Slice[Any]) -> Section:
    """A table cut into pages, which keep what was asked for."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return {**one, "pages": pages, "query": f"{kept.urlencode()}&" if kept else ""}


def told(key: str, texts: list[Phrase]) -> list[Section]:
    """Sentences under a heading, where there are any."""
    return [{"kind": "told", "heading": Phrase(key), "texts": texts}] if texts else []


def reconciled(found: Reconciliation) -> list[Section]:
    """Why something is not reconciled, and what else is worth a look."""
    return [
        *told("web.money.not-reconciled-why", list(found.open_ones)),
        *told("web.money.remarks", list(found.remarks)),
    ]


def reconciled_tag(found: Reconciliation) -> Cell:
    """Whether it is reconciled."""
    if found.is_reconciled:
        return tag("intact", "web.money.reconciled")
    return tag("warn", "web.money.not-reconciled")


def rates_used(tables: tuple[TableName, ...]) -> list[Phrase]:
    """Which tables of rates sums rest on."""
    return [
        Phrase("web.money.rate-from", {"source": each.source, "day": each.valid_from.isoformat()})
        for each in tables
    ]
