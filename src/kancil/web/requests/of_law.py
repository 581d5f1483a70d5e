"""What the law that the unit knows offers a letter: legal bases of both countries, texts of law.

The page shows them; an officer takes what fits, and it becomes a row that can be changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kancil.desk.law.queries import law_library
from kancil.ground.clock import now
from kancil.ground.plain import plain
from kancil.ground.words import render_phrase, speaking
from kancil.legal.agreement import Form as BasisForm
from kancil.legal.bases import Bound, PossibleBasis, in_letter
from kancil.legal.fields import Form
from kancil.legal.instruments.instrument import Article
from kancil.legal.offences import OffenceText
from kancil.legal.request import Draft
from kancil.web.law.pages import names
from kancil.web.unit_desk import UnitDesk

from .typed import Row


@dataclass(frozen=True, slots=True)
class OfLaw:
    """One thing that may be taken into the letter."""

    value: str
    """What its tick box sends."""
    title: str
    note: str
    row: Row


def offered_law(desk: UnitDesk, draft: Draft) -> dict[Form, list[OfLaw]]:
    """What may be taken, by field; what does not bind on this day is left out."""
    library = law_library(desk.ledger, desk.workspace)
    ends = (draft.country, draft.addressee.country or draft.country)
    today = now().astimezone(desk.workspace.zone).date()
    found = library.bases(draft.kind, *ends, today)
    texts = [each for each in library.offences.values() if each.country in ends]
    return {
        Form.BASES: list(_bases(found, draft.language)),
        Form.OFFENCES: [_offence(each) for each in texts],
    }


def _bases(found: tuple[PossibleBasis, ...], language: str) -> Iterator[OfLaw]:
    known = names()
    for each in found:
        if each.bound is Bound.NO or not each.name:
            continue
        note = " ".join(render_phrase(phrase) for phrase in each.sentences(known))
        with speaking(language):
            status = " ".join(render_phrase(phrase) for phrase in in_letter(each, known))
        article = ", ".join(article.number for article in each.articles)
        instrument = each.id if each.form is BasisForm.TREATY else each.form.value
        titles = [article.title for article in each.articles if isinstance(article, Article)]
        title = "; ".join(titles) or each.name
        row = {"instrument": instrument, "article": article, "title": title, "status": status}
        yield OfLaw(f"bases:{each.id}", f"{each.name}, {article}", note, row)


def _offence(text: OffenceText) -> OfLaw:
    wanted = ("country", "law", "article", "text", "maximum_penalty", "source", "language",
              "translation")  # fmt: skip
    row = {name: str(value or "") for name, value in plain(text).items() if name in wanted}
    title = f"{text.country}: {text.law}, {text.article}, {text.title}"
    return OfLaw(f"offences:{text.id}", title, text.source, row)
