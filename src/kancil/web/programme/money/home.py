"""What of money stands on Home of whoever keeps it: grants that end, open lines."""

from __future__ import annotations

from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.money.lines import spending_lines
from kancil.desk.programme.money.standing import GrantRow, unspent
from kancil.ground.phrase import Phrase
from kancil.web.acting import today
from kancil.web.assessment.site.home import DESK
from kancil.web.cells import Section, link, note, table
from kancil.web.parts import Cell

from .grants import left
from .words import money

_MOST = 8
"""Rows of a table on Home."""


def money_sections(person: Person) -> list[Section]:
    """What waits for who keeps money; nothing for anybody else."""
    desk, day = desk_of(person), today()
    if not desk.may_keep_money:
        return []
    sections: list[Section] = []
    waiting = spending_lines(desk, only_unmatched=True).count()
    if waiting:
        there = reverse("spending_unmatched")
        sections.append(note("warn", "web.money.left-to-match", count=waiting, url=there,
                             do="web.money.match"))  # fmt: skip
    return [*sections, *_ending(unspent(desk, day))]


DESK.append(money_sections)


def _more(one: Section, rows: int) -> list[Section]:
    if rows > _MOST:
        one["more"] = {"url": reverse("grants"), "text": Phrase("web.money.all-grants")}
    return [one] if rows else []


def _ending(found: list[GrantRow]) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("grant", kwargs={"grant": each.id}), each.reference),
            each.donor,
            each.ends_on.isoformat(),
            money(each.given),
            left(each),
        )
        for each in found[:_MOST]
    ]
    columns = ("money-grant", "money-donor", "money-ends", "money-given>", "money-left>")
    return _more(table("web.money.unspent", columns, rows), len(found))
