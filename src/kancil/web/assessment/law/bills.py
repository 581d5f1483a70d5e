"""A bill's page: which gaps it would close in the rounds that cite it, once it were law."""

from __future__ import annotations

from kancil.assessment.law.bills import gaps_closed
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.queries.countries import ExtractRow
from kancil.desk.assessment.queries.legal import legal_matrix, rounds_citing
from kancil.desk.people.queries import Person
from kancil.ground.phrase import Phrase
from kancil.web.assessment.rounds.given import address_of, said_given
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, link, note, table
from kancil.web.parts import Cell

from .matrix_words import article_name


def gaps_of_bill(person: Person, sight: CountrySight, bill: ExtractRow) -> list[Section]:
    """The provisions that cite a bill and are answered below in law, by round."""
    sections: list[Section] = []
    for seen in rounds_citing(person, sight, bill.id):
        for asked in of_shape(seen, Shape.PROVISIONS):
            matrix = legal_matrix(seen, asked.name, is_digested=False).matrix
            rows: list[tuple[Cell, ...]] = []
            for row in gaps_closed(asked, matrix, bill.id):
                there = address_of(seen, asked.name, row.indicator, "provision")
                scale = asked.scales.get(asked.indicators[row.indicator].scale or "")
                name = article_name(asked, row.indicator)
                rows.append((link(there, name), said(row.question), said_given(scale, row.given)))
            if rows:
                made = table("web.bill.gaps", ("bill-provision", "question", "bill-now"), rows)
                sections.append({**made, "heading": Phrase("web.bill.gaps", {"round": seen.title})})
    return sections or [note("info", "web.bill.no-gaps")]
