"""What tables of others report in a case, and its victims, for the printed report.

From the desk's book of reported transfers: the sentences that the workbench shows, the totals by
who reports them, and the table of victims, in which nobody has a name: a complaint is known by its
exhibit and row. All of it is reported and none of it proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.store import LedgerStore
from kancil.custody.withheld import Withheld
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase
from kancil.ground.workspace import Workspace
from kancil.records.table import Table
from kancil.reports.casework.bundle.content_studies import cell_text, heading_of
from kancil.reports.casework.bundle.content_tables import ROWS_SHOWN
from kancil.reports.casework.views import ShownView
from kancil.reports.document.blocks import (
    Block,
    Column,
    Heading,
    Own,
    Paragraph,
    Section,
    bullets,
    cell,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.document.blocks import Table as Printed
from kancil.studies.canvas.source import Source
from kancil.studies.canvas.view import View
from kancil.studies.reported.beside import beside_chain
from kancil.studies.reported.totals import by_publisher
from kancil.studies.reported.victims import WAY_COLUMNS

from .studies import described_table

_KINDS = ("transfers.read", "transfers.decided", "victims.recorded")
_VICTIMS = "victims"
FILE = "reported-{name}.csv"


@dataclass(frozen=True, slots=True)
class Reported:
    """Reported transfers of a case, as the report tells of them."""

    answer: tuple[Phrase, ...]
    limits: tuple[Phrase, ...]
    tables: tuple[Table, ...]
    """Totals by who reports them; then victims, where a table of complaints was read."""
    exhibits: frozenset[str]
    """Ids of the exhibits whose tables were read."""
    drawn: Callable[[View, Chain | None], Source]
    """What a saved view draws of it, beside a chain."""

    @property
    def sentences(self) -> list[str]:
        """The answer, in words."""
        return [render_phrase(one) for one in self.answer]

    def beside(self, view: ShownView) -> ShownView:
        """A saved view with what it draws of reported transfers."""
        return view.beside(self.drawn)

    def is_kept_back(self, withheld: Iterable[Withheld]) -> bool:
        """Whether an entry that it rests on is kept back, so that nothing of it may be shown."""
        entries = [one.entry for one in withheld]
        return any(one.kind in _KINDS or one.exhibit_id in self.exhibits for one in entries)


def reported(
    ledger: LedgerStore, workspace: Workspace, vault: Vault, case: CaseId
) -> Reported | None:
    """Read what tables of a case report; None where none was read. The desk must be open."""
    # The desk's tables can be imported only after it was opened.
    from kancil.desk.studies.reported import case_book
    from kancil.desk.studies.reported_drawn import asked_exhibits, reported_source
    from kancil.desk.studies.reported_words import answer_of, limits_of
    from kancil.desk.studies.stated import stated_rows

    found = case_book(ledger, workspace, vault, case)
    if not found.tables:
        return None
    tables = [by_publisher(found.book, None, found.aside)]
    if found.victims.places:
        tables.append(found.victims.table)

    def drawn(view: View, chain: Chain | None) -> Source:
        rows = stated_rows(workspace, vault, found.tables)
        told = () if chain is None else beside_chain(chain, rows).rows
        return reported_source(found, told, asked_exhibits(view))

    return Reported(
        answer=tuple(answer_of(found)),
        limits=tuple(limits_of(found)),
        tables=tuple(tables),
        exhibits=frozenset(table.exhibit.id for table in found.tables),
        drawn=drawn,
    )


def _victims(shown: Table) -> Printed:
    """Each complaint: its loss, what was followed of it, what is frozen, what was returned."""
    heads = {one.name: heading_of(one) for one in shown.columns}
    columns = {one.name: one for one in shown.columns}
    rows = []
    for number in range(1, min(len(shown.rows), ROWS_SHOWN) + 1):
        row = shown.row(number) or {}
        said = {name: cell_text(columns[name], value) for name, value in row.items()}
        if row[WAY_COLUMNS[0]] is None:
            said |= dict.fromkeys(WAY_COLUMNS, render("web.reported.not-known")) | {"converted": ""}
        least, most = said["moved_on_least"], said["moved_on_most"]
        moved = least if least == most else f"{least}\u2013{most}"
        rows.append(
            (
                cell(strong(said["place"]), said["day"], muted(said["reference"])),
                cell(mono(said["paid_to"])),
                cell(strong(f"{said['loss']} {said['asset']}")),
                cell(moved, muted(said["converted"])),
                *(cell(said[name] or "\u2013") for name in ("at_service", "frozen", "returned")),
            )
        )
    count = len(shown.rows)
    file = FILE.format(name=shown.name)
    note = render("note.pdf-cut", shown=ROWS_SHOWN, count=grouped(count), file=file)
    return table(
        render_phrase(shown.title),
        (
            Column(heads["place"], 0.15),
            Column(heads["paid_to"], 0.23),
            Column(heads["loss"], 0.17, is_number=True),
            Column(render("note.pdf-col-moved-on"), 0.12, is_number=True),
            Column(heads["at_service"], 0.12, is_number=True),
            Column(heads["frozen"], 0.105, is_number=True),
            Column(heads["returned"], 0.105, is_number=True),
        ),
        rows,
        note=note if count > ROWS_SHOWN else "",
    )


def reported_section(said: Reported, zone: ZoneInfo) -> Section:
    """The section of reported transfers and victims."""
    blocks: list[Block] = [
        Paragraph(render("note.pdf-reported-what"), "warn"),
        Own(
            "statements",
            {"class": "none", "title": render("note.study-answer"), "lines": said.sentences},
        ),
    ]
    for one in said.tables:
        blocks.append(Heading(render_phrase(one.title)))
        if one.name == _VICTIMS:
            blocks += [Paragraph(render("note.pdf-victims-what")), _victims(one)]
        else:
            blocks.append(described_table(one, FILE.format(name=one.name), zone))
    blocks.append(Heading(render("note.study-limits")))
    blocks.append(bullets(render_phrase(one) for one in said.limits))
    return section(render("note.pdf-reported"), *blocks, starts_page=True)
