"""Rows of a spreadsheet, done one by one by an action whose input names the columns.

A column is called as its field is: by its name, or by its label in any language. What a row says
is read as if it had been typed; a row that is refused changes nothing, and the others go on. A row
with a cell that begins with `#` and a blank is a remark, such as those of `template`.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kancil.assessment.export import safe_table
from kancil.desk.base.action import Action
from kancil.desk.base.keeping import unusable
from kancil.desk.base.opening import one_change
from kancil.desk.base.register import REGISTERS
from kancil.desk.people.queries import Person
from kancil.desk.programme.entering import desk_of
from kancil.ground.errors import KancilError, NotPermitted
from kancil.ground.phrase import Phrase
from kancil.ground.words import has, languages, render, render_phrase
from kancil.programme.errors import LedgerTooLarge
from kancil.programme.imports.fields import NO, YES, plain_words, words_of
from kancil.programme.imports.reading import ascii_digits, read_whole_rows
from kancil.programme.money.sheets import days_of
from kancil.records.described import Input, Item, items, named, read

_REMARK = "# "


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of the rows of a file."""

    taken: int
    refused: tuple[tuple[int, Phrase], ...]
    """Number of the row in the file, and why."""
    unread: tuple[str, ...]
    """Headings of columns that name no field."""
    remarks: int
    """Rows that are none."""


def template(given: type[Input]) -> bytes:
    """An empty sheet as CSV: headings, below each what fits, and an example of a row."""
    fields = items(given)
    rows = [[f(each) for each in fields] for f in (_explained, _example)]
    marked = [[f"{_REMARK}{first}", *others] for first, *others in rows]
    return BOM_UTF8 + safe_table([render_phrase(each.label) for each in fields], marked)


def _explained(item: Item) -> str:
    """What fits, in the words that are spoken now; a command's help where there is no hint."""
    hint = f"field.{item.called.replace('_', '-')}.help"
    said = [render(hint) if has(hint) else item.help]
    if item.words:
        words = " · ".join(render_phrase(named(each)) for each in item.words)
        said.append(render("web.prog-filled.words", words=words))
    elif item.kind is bool:
        said.append(render("web.prog-filled.yes"))
    elif item.text:
        said.append(render("web.prog-filled.most", most=item.text.most))
    said += [render("web.prog-filled.several")] if item.is_several else []
    said += [render("web.prog-import-note-needed")] if item.is_needed else []
    return " ".join(filter(None, said))


def _example(item: Item) -> str:
    if item.words and not item.example:
        return render_phrase(named(item.default or next(iter(item.words))))
    return {bool: "yes" if item.default else "no", date: "2026-03-09"}.get(item.kind, item.example)


def fill(
    action: Action[Any, Any],
    *,
    by: Person,
    data: bytes,
    path: str,
    today: date,
    try_only: bool,
    most: int | None = None,
) -> Filled:
    """Do an action with each row of a table (XLSX, XLS, ODS, CSV); `try_only`: change nothing.

    `most`: rows. Raises LedgerNotReadable, LedgerTooLarge, FieldNotUsable where a needed field has
    no column, ActNotYours.
    """
    whole = read_whole_rows(data, path, None)
    if most is not None and len(whole.rows) > most:
        raise LedgerTooLarge(path=path, why=Phrase("why.sheet-rows", {"most": most}))
    given: type[Input] = action.given
    columns = _columns(given, whole.headings)
    for each in items(given):
        if each.is_needed and each not in columns.values():
            raise unusable(each.called, "no-column")
    rows = _Rows(desk_of(by))
    refused: list[tuple[int, Phrase]] = []
    taken = remarks = 0
    with one_change():
        for number, cells in whole.rows:
            texts = {each: cells[at].strip() for at, each in columns.items()}
            if any(f"{each} ".startswith(_REMARK) for each in cells):
                remarks += 1
                continue
            if not any(texts.values()):
                continue
            try:
                values = {each.name: rows.value(each, text) for each, text in texts.items() if text}
                action(by=by, given=read(given, values, today=today))
                taken += 1
            except NotPermitted:
                raise
            except KancilError as error:
                refused.append((number, Phrase(f"error.{error.code}.sentence", error.params)))
        if try_only:
            transaction.set_rollback(True)
    unread = tuple(each for at, each in enumerate(whole.headings) if at not in columns)
    return Filled(taken, tuple(refused), unread, remarks)


def _columns(given: type[Input], headings: Sequence[str]) -> Mapping[int, Item]:
    """The field of each column that names one; the first of two counts."""
    names = {
        plain_words(written): each
        for each in items(given)
        for written in (each.name, *(render(each.label.key, one) for one in languages()))
    }
    found: dict[int, Item] = {}
    for at, heading in enumerate(headings):
        item = names.get(plain_words(heading))
        if item is not None and item not in found.values():
            found[at] = item
    return found


class _Rows:
    """Rows of registers by what a file calls them: their name, or what a command takes."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self._known: dict[str, dict[str, str]] = {}

    def value(self, item: Item, text: str) -> Any:
        """What a cell says, as a command would be told it; raises FieldNotUsable."""
        if item.is_several:
            return tuple(self._one(item, each.strip()) for each in text.split(";") if each.strip())
        return self._one(item, text)

    def _one(self, item: Item, text: str) -> Any:
        if item.of:
            return self._named(item.of).get(plain_words(text), text)
        if item.words:
            return words_of(item.words).get(plain_words(text), text)
        if item.kind is bool:
            word = plain_words(text)
            if word and word not in YES | NO:
                raise unusable(item.called)
            return word in YES
        if item.kind is date:
            days = days_of(ascii_digits(text))
            found = {days["ymd"]} if "ymd" in days else set(days.values())
            if len(found) != 1:
                raise unusable(item.called, "no-day")
            return found.pop()
        return text

    def _named(self, register: str) -> Mapping[str, str]:
        """Ids by name; a name that two rows bear names neither."""
        if register not in self._known:
            pairs = [
                (plain_words(name), id)
                for some in REGISTERS[register].choices(self.desk).values()
                for id, name in some
            ]
            names = [name for name, _ in pairs]
            self._known[register] = {name: id for name, id in pairs if names.count(name) == 1}
        return self._known[register]
