"""What the law that the unit knows offers a letter: legal bases of both countries, texts of law.

The page shows them; an officer takes what fits, and it becomes a row that can be changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kancil.desk.law.queries import law_library, offence_named
from kancil.ground.clock import now
from kancil.ground.phrase import Param, Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render_phrase, speaking
from kancil.legal.agreement import Form as BasisForm
from kancil.legal.bases import Bound, PossibleBasis, in_letter
from kancil.legal.fields import Form
from kancil.legal.instruments.instrument import Article
from kancil.legal.offences import OffenceText, SideBySide, side_by_side
from kancil.legal.quality import DUAL
from kancil.legal.request import Draft, RequestKind
from kancil.web.law.pages import names
from kancil.web.law.texts import PAIR
from kancil.web.unit_desk import UnitDesk

from .typed import Row, Typed, is_filled


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
    row["compared_on"] = text.verified_on.isoformat()
    title = f"{text.country}: {text.law}, {text.article}, {text.title}"
    note = " ".join([text.source, *(render_phrase(each) for each in _repealed(text))])
    return OfLaw(f"offences:{text.id}", title, note, row)


def _repealed(text: OffenceText) -> list[Phrase]:
    """That a text is law no more, which no letter says by itself."""
    if text.repealed_on is None:
        return []
    params: dict[str, Param] = {"law": f"{text.law}, {text.article}",
                                "day": text.repealed_on.isoformat()}  # fmt: skip
    return [Phrase("law.repealed", params)]


def take_pair(
    desk: UnitDesk, kind: RequestKind, draft: Draft, typed: Typed, asked: Mapping[str, str]
) -> list[Phrase]:
    """Put two texts of law beside each other in the letter, as an officer paired them on *Law*.

    `asked`: `beside` names both by id, `pair-<element>` the elements that were ticked. Raises
    OffenceNotFound, ElementNotFound.
    """
    library = law_library(desk.ledger, desk.workspace)
    names = asked["beside"].split(":", 1)
    left, right = (offence_named(library, each) for each in (names[0], names[-1]))
    pairs = [(name.removeprefix(PAIR), value) for name, value in asked.items()
             if name.startswith(PAIR) and value]  # fmt: skip
    if right.country == draft.country:
        left, right, pairs = right, left, [(b, a) for a, b in pairs]
    ours, theirs = _offence(left).row, _offence(right).row
    ours["counterpart"] = f"{right.country} {right.law}, {right.article}"
    rows = typed.rows.setdefault(Form.OFFENCES, [])
    both = [_provision(each) for each in (ours, theirs)]
    others = [each for each in rows if is_filled(Form.OFFENCES, each)]
    rows[:] = [*(each for each in others if _provision(each) not in both), ours, theirs]
    if DUAL in kind.fields and not typed.values.get(f"t_{DUAL}"):
        with speaking(draft.language):
            typed.values[f"t_{DUAL}"] = "\n".join(_elements(side_by_side(left, right, pairs)))
    taken = Phrase("web.letter.pair-taken", {"left": left.title, "right": right.title})
    return [taken, *_repealed(left), *_repealed(right)]


def _provision(row: Row) -> list[str]:
    return [row.get(name, "") for name in ("country", "law", "article")]


def _elements(compared: SideBySide) -> Iterator[str]:
    """Each element with its counterpart, or that it has none, as a line of the letter."""
    alone = render_phrase(Phrase("web.unit-law.no-counterpart"))
    for row in compared.rows:
        params: dict[str, Param] = {
            "part": Phrase(f"law.part-{row.part}"),
            "left": row.left.text if row.left else alone,
            "right": row.right.text if row.right else alone,
        }
        yield render_phrase(Phrase("law.pair-line", params))
