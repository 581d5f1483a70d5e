"""The tables of a letter: accounts, offences, legal bases, persons, shares of victims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from kancil.ground.country_names import country_named
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped
from kancil.ground.words import has
from kancil.legal.instruments.instrument import instruments
from kancil.legal.request import Basis, Draft, Item, Offence, Sought, Standing
from kancil.reports.document.blocks import (
    Cell,
    Column,
    Line,
    Table,
    cell,
    identifier,
    muted,
    strong,
    table,
)

from .amounts import amount_text, moment_cell, totals
from .annexes import Annexes
from .facts import LetterFacts
from .speech import Speech

MOST_ITEMS = 200
"""Rows in the letter itself; further ones stand in an annex."""
MONEY = (Sought.HOLD, Sought.RELEASE, Sought.TRANSFER)
_ACCOUNTS = ("iban", "bank-account")
_MOST_NAMES = 2


def what(draft: Draft) -> Phrase:
    """What the letter is about, as part of a sentence: the account and the amount, or how many."""
    items = draft.items
    values = dict.fromkeys(each.value for each in items)
    keepers = few(list(dict.fromkeys(each.keeper for each in items if each.keeper)), _MOST_NAMES)
    sums = ", ".join(sought_totals(draft))
    params: dict[str, Param] = {
        "value": next(iter(values), ""),
        "count": grouped(len(values)),
        "keeper": keepers or draft.addressee.name,
        "amount": sums,
    }
    key = "none" if not values else "one" if len(values) == 1 else "many"
    if sums:
        is_account = key == "one" and items[0].selector in _ACCOUNTS
        key += "-account" if is_account else "-money"
    return Phrase(f"letter.what-{key}", params)


def sought_totals(draft: Draft) -> list[str]:
    """The sum of money by asset, where one thing is asked of all of it; else nothing."""
    asked = {each.sought for each in draft.items}
    return totals(draft.items) if len(asked) == 1 and asked <= set(MONEY) else []


def items_table(
    draft: Draft, found: LetterFacts, speech: Speech, items: Sequence[Item], start: int = 1
) -> Table:
    """The accounts and identifiers, each with what is asked and what it rests on.

    `start`: number of the first; rows of an annex leave out what all rows of the letter repeat.
    """
    is_short, annexes, zone = start > 1, Annexes(found.rests), found.unit.zone
    is_money = any(each.sought in MONEY for each in items)
    rows = [
        (
            cell(strong(str(number))),
            _which(item, speech, is_short=is_short),
            (*cell(strong(amount_text(item.amount, item.asset)) if item.amount else None),
             *speech.lines(f"name.sought-{item.sought}"), *_standing(item, annexes, speech)),
            _times(item, draft, zone, speech, is_short=is_short),
        )
        for number, item in enumerate(items, start)
    ]  # fmt: skip
    columns = (
        Column(speech.label("letter.col-number"), 0.06),
        Column(speech.label("letter.col-which"), 0.49),
        Column(speech.label("letter.col-money" if is_money else "letter.col-sought"), 0.23),
        Column(speech.label("letter.col-when"), 0.22),
    )
    left = len(draft.items) - MOST_ITEMS
    note = speech.text("letter.items-more", count=left) if start == 1 and left > 0 else ""
    return table(speech.both("letter.section-what"), columns, rows, note=note)


def _which(item: Item, speech: Speech, *, is_short: bool) -> Cell:
    kind = f"letter.selector-{item.selector}"
    kind = kind if has(kind) else f"name.selector-{item.selector}"
    lines: list[Line | None] = []
    if has(kind) and not is_short:
        lines += [Line(each.text, "muted", each.language) for each in speech.lines(kind)]
    lines.append(identifier(item.value) if item.value.isascii() else strong(item.value))
    lines += [Line(item.keeper), identifier(item.txid, "txid") if item.txid else None]
    lines += [muted(item.link) if item.link and not is_short else None]
    return cell(*lines)


def _times(item: Item, draft: Draft, zone: ZoneInfo, speech: Speech, *, is_short: bool) -> Cell:
    found: list[Line] = []
    for name, value in (("at", item.at), ("since", item.since), ("until", item.until)):
        if value and is_short:
            found += moment_cell(value, zone=zone)[:1]
        elif value:
            found += [*speech.lines(f"letter.time-{name}", "muted"), *moment_cell(value, zone=zone)]
    until = draft.text("hold_until")
    if item.sought is Sought.HOLD and until and not is_short:
        found += [*speech.lines("letter.time-hold", "muted"), Line(until)]
    return tuple(found)


def _standing(item: Item, annexes: Annexes, speech: Speech) -> Cell:
    key = f"letter.standing-{item.standing}"
    if item.standing is Standing.REPORTED and not item.reported_by:
        key = "letter.standing-reported-unnamed"
    lines = speech.lines(key, "strong", by=item.reported_by)
    return cell(*lines, *annexes.proofs(item, speech))


def country_name(code: str, speech: Speech) -> str:
    """Name of a country in the first language."""
    key = f"letter.country-{code.lower()}"
    return speech.text(key) if code and has(key) else country_named(code, speech.first) or code


def offences_tables(draft: Draft, speech: Speech) -> Iterator[Table]:
    """Two laws beside each other where an officer paired them; then each other provision."""
    paired: list[Offence] = []
    for ours, theirs in draft.pairs:
        paired += [ours, theirs]
        yield _pair_table(ours, theirs, speech)
    alone = [each for each in draft.offences if each not in paired]
    if alone:
        yield _offences_table(alone, speech)


def _pair_table(ours: Offence, theirs: Offence, speech: Speech) -> Table:
    """Both provisions: text, penalty, source, and how surely the text is the law's."""
    both = (ours, theirs)
    blank = speech.text("letter.blank")
    rows: list[tuple[Cell, ...]] = [
        (cell(speech.label("letter.col-law")), *(_provision(each, speech) for each in both)),
        (cell(speech.label("letter.col-text")), *(_text(each, speech) for each in both)),
        (cell(speech.label("letter.col-penalty")),
         *(cell(each.maximum_penalty or blank) for each in both)),
        (cell(speech.label("letter.col-source")), *(cell(each.source or blank) for each in both)),
        (cell(speech.label("letter.col-confidence")), *(_surely(each, speech) for each in both)),
    ]  # fmt: skip
    columns = (
        Column("", 0.16),
        *(Column(country_name(each.country, speech), 0.42) for each in both),
    )
    return table(speech.both("letter.section-beside"), columns, rows,
                 note=speech.text("letter.beside-care"))  # fmt: skip


def _provision(each: Offence, speech: Speech) -> Cell:
    return cell(strong(each.law), speech.line("letter.article", article=each.article))


def _text(each: Offence, speech: Speech) -> Cell:
    translation = Line(each.translation, "muted", speech.second) if each.translation else None
    return cell(Line(each.text, language=each.language), translation)


def _surely(each: Offence, speech: Speech) -> Cell:
    """Whether somebody compared the text with its source, and when."""
    if not each.compared_on:
        return speech.lines("letter.not-compared")
    return speech.lines("letter.compared", day=each.compared_on)


def _offences_table(offences: Sequence[Offence], speech: Speech) -> Table:
    """Each provision with its text, in the order of the letter."""
    rows = [
        (
            (*_provision(each, speech), *cell(muted(country_name(each.country, speech)))),
            (*_text(each, speech), *cell(muted(each.source) if each.source else None)),
            cell(each.maximum_penalty or speech.text("letter.blank")),
        )
        for each in offences
    ]  # fmt: skip
    columns = (
        Column(speech.label("letter.col-law"), 0.26),
        Column(speech.label("letter.col-text"), 0.54),
        Column(speech.label("letter.col-penalty"), 0.2),
    )
    return table(speech.both("letter.section-offence"), columns, rows)


def bases_table(draft: Draft, speech: Speech) -> Table:
    """The instruments under which the addressee may act, and where both countries stand."""
    rows = [
        (_instrument(each, speech), cell(each.title or None, muted(each.status or None)))
        for each in draft.bases
    ]
    columns = (
        Column(speech.label("letter.col-instrument"), 0.34),
        Column(speech.label("letter.col-basis"), 0.66),
    )
    return table(speech.both("letter.section-law"), columns, rows)


def _instrument(basis: Basis, speech: Speech) -> Cell:
    article = speech.line("letter.article", article=basis.article) if basis.article else None
    treaty = instruments().get(basis.instrument)
    if treaty is not None:
        return cell(strong(treaty.title), Line(f"{treaty.name}, {treaty.ref}", "muted"), article)
    key = f"letter.basis-{basis.instrument}"
    return cell(speech.line(key, "strong") if has(key) else strong(basis.instrument), article)


def persons_table(draft: Draft, speech: Speech) -> Table:
    """Whom the letter concerns, with the basis that covers them."""
    rows = [
        (
            cell(strong(each.name), *(speech.lines("letter.alias") if each.is_alias else ())),
            cell(*speech.lines(f"name.role-in-case-{each.role}")),
            cell(each.nationality or None, each.place or None),
            cell(each.basis or None, muted(each.proof or None)),
        )
        for each in draft.persons
    ]
    columns = (
        Column(speech.label("letter.col-person"), 0.3),
        Column(speech.label("letter.col-role"), 0.2),
        Column(speech.label("letter.col-place"), 0.22),
        Column(speech.label("letter.col-basis"), 0.28),
    )
    return table(speech.both("letter.section-persons"), columns, rows,
                 note=speech.text("letter.persons-care"))  # fmt: skip


def shares_table(draft: Draft, speech: Speech) -> Table:
    """What each victim is to get back, by the place of their complaint."""
    rows = [
        (
            cell(each.victim),
            cell(strong(amount_text(each.amount, each.asset))),
            cell(each.reference or None),
        )
        for each in draft.shares
    ]
    columns = (
        Column(speech.label("letter.col-complaint"), 0.4),
        Column(speech.label("letter.col-amount"), 0.3),
        Column(speech.label("letter.col-reference"), 0.3),
    )
    return table(speech.both("name.request-field-shares"), columns, rows)
