"""The search box's answer from the examined disks of one's own cases."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.evidence.identifiers import OnDisk, on_disks
from kancil.desk.selectors.kinds import read_selectors
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, link, number, table
from kancil.web.unit_desk import unit_desk


def disks_that_hold(asked: str, mine: list[str]) -> list[tuple[OnDisk, str]]:
    """Of cases (their ids) the disks on which an identifier stands, each with its page."""
    desk = unit_desk()
    held = on_disks(
        desk.ledger, desk.vault, desk.workspace.triage_dir, read_selectors(asked), mine
    )  # fmt: skip
    numbers = dict(Case.objects.filter(id__in=mine).values_list("id", "number"))
    return [(each, _url(each, numbers[each.exhibit.case])) for each in held]


def _url(each: OnDisk, case: int) -> str:
    page = reverse("disk_identifiers", kwargs={"case": case, "exhibit": each.exhibit.number})
    return f"{page}?{urlencode({'value': each.selector.value})}"


def on_disk_table(rows: list[tuple[OnDisk, str]]) -> Section:
    """How often it stands on each."""
    cells = [
        (
            link(url, f"{each.exhibit.label} {each.exhibit.title}"),
            Phrase(f"name.selector-{each.selector.kind}"),
            number(each.places),
        )
        for each, url in rows
    ]
    return table("web.search.on-disks", ("exhibit", "kind", "places>"), cells)
