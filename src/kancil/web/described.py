"""Forms and lists that are made from a description: an `Input`, a `Register`.

class OrganisationForm(DescribedForm):
    act = "organisation"
    given = OrganisationInput

asked = OrganisationForm.asked(request, desk=desk, stands=row)
if asked.is_ready:
    with asked.telling():
        change_organisation(by=person, on=id, version=asked.seen, given=asked.typed)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.base.register import REGISTERS, Register, Shown
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase, field_name
from kancil.ground.words import has, render, render_phrase
from kancil.records.described import Amount, Input, Item, Lines, items, named, read
from kancil.records.errors import FieldNotUsable
from kancil.records.table import Holds
from kancil.web.acting import today
from kancil.web.cells import Section, asking, button, empty, link, show
from kancil.web.csv_files import csv_answer
from kancil.web.drafts import DraftedForm
from kancil.web.forms import Choices, WordsForm, choose, day, text
from kancil.web.guard import shown_params
from kancil.web.meanwhile import version_read
from kancil.web.parts import Cell, Column

_ROWS = 20
"""On one page of a list."""


class _FieldsOfInput(DeclarativeFieldsMetaclass):
    """Declares the fields of a form's input before those that the form adds."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **more: Any
    ) -> _FieldsOfInput:
        model: type[Input] | None = attrs.get("given")
        if model is not None:
            described = items(model)
            attrs = {
                **{each.name: _field(each) for each in described},
                "past": tuple(each.name for each in described if each.is_past),
                "described": {each.name: each.called for each in described},
                **attrs,
            }
        return super().__new__(cls, name, bases, attrs, **more)


def _field(item: Item) -> forms.Field:
    """The field of a form for one of an input."""
    if item.is_several:
        boxes = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=(), required=item.is_needed, widget=boxes)
    if item.of or item.words:
        is_given = item.words is not None and item.default is not None and not item.is_chosen
        return forms.ChoiceField(
            choices=(),
            required=item.is_needed or item.is_chosen or is_given,
            initial=item.default if is_given else None,
        )
    if item.kind is bool:
        return forms.BooleanField(required=False, initial=item.default)
    if item.kind is date:
        return day(required=item.is_needed)
    if item.kind is int:
        return forms.IntegerField(required=item.is_needed, initial=item.default)
    if item.kind is Decimal:
        return forms.DecimalField(required=item.is_needed, initial=item.default)
    lines = item.text.rows if isinstance(item.text, Lines) else 1
    most = item.text.most if item.text else 300
    field = text(most, required=item.is_needed, lines=lines)
    if isinstance(item.text, Amount):
        field.widget.attrs["inputmode"] = "decimal"
    return field


class DescribedForm(DraftedForm, metaclass=_FieldsOfInput):
    """A form of an input, with its draft, its errors, and the version that was opened."""

    given: ClassVar[type[Input]]
    typed: Any
    """The input, once the form is ready."""
    version = version_read()

    def __init__(self, *args: Any, desk: Any, stands: Any = None, **kwargs: Any) -> None:
        """Offer what a person may choose, by what they may do in the books.

        `stands`: the row that is changed.
        """
        if stands is not None:
            kwargs["initial"] = {
                **{each.name: _stands(each, stands) for each in items(self.given)},
                "version": getattr(stands, "version", None),
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        for each in items(self.given):
            if each.of or each.words:
                choices = choices_of(each, desk, self.initial.get(each.name) or "")
                choose(self, each.name, choices)
                if each.is_several and not choices:
                    del self.fields[each.name]

    def clean(self) -> dict[str, Any]:
        """Read the input of what was typed; what is wrong with it stands at its field."""
        cleaned = super().clean()
        if not self.errors:
            try:
                self.typed = read(self.given, cleaned, today=today())
            except FieldNotUsable as error:
                field, why = error.params["field"], error.params["why"]
                named_so = (each.name for each in items(self.given) if each.label == field)
                said_why = render_phrase(why) if isinstance(why, Phrase) else str(why)
                self.add_error(next(named_so, None), said_why)
            except KancilError as error:
                said = shown_params(error)
                self.add_error(None, render(f"error.{error.code}.sentence", **said))
        return cleaned

    @property
    def seen(self) -> int:
        """The version that was opened; 0: none."""
        return self.cleaned_data["version"] or 0


def _stands(item: Item, row: Any) -> Any:
    """The value of a row as the field would have it."""
    if item.is_several and item.of:
        return [str(each.pk) for each in getattr(row, item.name).all()]
    value = getattr(row, f"{item.name}_id" if item.of else item.name)
    return "" if value is None and item.kind is not date else value


def choices_of(item: Item, desk: Any, standing: object = "") -> Choices:
    """What a field offers: words, or rows of a register under their headings."""
    found: list[Any] = []
    if item.of:
        for heading, rows in REGISTERS[item.of].choices(desk, standing).items():
            found += [(heading, rows)] if heading else rows
    elif item.words:
        found = [(each.value, render_phrase(named(each))) for each in item.words]
    if item.is_several:
        return found
    if item.is_needed or item.is_chosen:
        return [("", render("web.form.choose")), *found]
    if item.of or item.default is None:
        blank = f"field.{item.called.replace('_', '-')}.none"
        return [("", render(blank if has(blank) else "field.none")), *found]
    return found


class SearchForm(WordsForm, metaclass=_FieldsOfInput):
    """What may be looked for in a register; sent as an address."""

    given: ClassVar[type[Input]]

    def __init__(self, request: HttpRequest, register: Register[Any], desk: Any) -> None:
        """Offer what the reader sees."""
        super().__init__(request.GET or None)
        for each in items(self.given):
            field = self.fields[each.name]
            field.required = False
            if each.name == "sort":
                sorts = [(name, render(f"sort.{name}")) for name in register.sorts]
                self.fields[each.name] = forms.ChoiceField(
                    choices=sorts, required=False, label=field.label
                )
            elif each.of or each.words:
                any_ = ("", render("field.any"))
                offers = [one for one in choices_of(each, desk) if one[0] != ""]
                choose(self, each.name, [any_, *offers])
                if each.of == "country" and len(offers) < 2:
                    del self.fields[each.name]

    def wanted(self) -> Input:
        """What was asked for; everything where it cannot be read."""
        if not (self.is_bound and self.is_valid()):
            return self.given()
        return read(self.given, self.cleaned_data, today=today())


def search_of(register: Register[Any]) -> type[SearchForm]:
    """The search of a register."""
    return type("Search", (SearchForm,), {"given": register.asked})


def list_page(
    request: HttpRequest,
    register: Register[Any],
    desk: Any,
    *,
    plural: str,
    cells: Mapping[str, Callable[[Any], Cell]] | None = None,
    may_add: bool,
    may_import: bool = False,
    buttons: Sequence[dict[str, object]] = (),
    may_file: bool = True,
    below: Sequence[Section] = (),
    **more: Any,
) -> HttpResponse:
    """The list of a register: what is looked for, its rows by pages, and the same as a file.

    `plural`: name of the page, and of its words; `<name>`, `<name>_new` and `<plural>_file` are the
    pages beside it. `cells`: columns that a page shows otherwise than a file. `below`: what stands
    under its rows.
    """
    title = Phrase(f"web.room.{plural}")
    search = search_of(register)(request, register, desk)
    wanted = search.wanted()
    found = register.found(desk, wanted)
    count = found.count()
    new = reverse(f"{register.name}_new") if may_add else ""
    first = [button(new, f"web.list-{plural}.new", main=True)] if new else []
    if may_import:
        first.append(button(reverse(f"{plural}_import"), "web.register.import"))
    above = {"buttons": [*first, *buttons], **more}
    if not count and wanted == register.asked():
        return show(request, title, [empty(f"web.list-{plural}.none", url=new)], **above)
    find = asking(f"web.list-{plural}.find", search, submit="web.register.find")
    if not count:
        none = empty("web.register.none-fitting", url=reverse(plural), icon="search")
        return show(request, title, [find, none], **above)
    pages = Paginator(range(count), _ROWS).get_page(request.GET.get("page"))
    shown = [each for each in register.columns if each.lists]
    rows = [
        tuple(_cell(register, each, row, cells or {}, is_first=each is shown[0]) for each in shown)
        for row in found[pages.start_index() - 1 : pages.end_index()]
    ]
    kept = request.GET.copy()
    kept.pop("page", None)
    file = f"{reverse(f'{plural}_file')}?{kept.urlencode()}"
    listed: Section = {
        "kind": "table",
        "heading": Phrase(f"web.list-{plural}.found", {"count": count}),
        "columns": [_heading(plural, each) for each in shown],
        "rows": rows,
        "pages": pages,
        "query": f"{kept.urlencode()}&" if kept else "",
        "more": {"url": file, "text": Phrase("web.register.file")} if may_file else None,
    }
    return show(request, title, [find, listed, *below], **above)


def _heading(plural: str, shown: Shown[Any]) -> Column:
    """The field's name, unless this list calls the column otherwise."""
    name = shown.column.name
    own = f"web.list-{plural}.{name.replace('_', '-')}"
    return Column(Phrase(own) if has(own) else field_name(name), right=shown.column.is_number)


def list_file(
    request: HttpRequest, register: Register[Any], desk: Any, *, plural: str
) -> HttpResponse:
    """The same rows as CSV."""
    wanted = search_of(register)(request, register, desk).wanted()
    table = register.table(register.found(desk, wanted))
    return csv_answer(plural, [each.name for each in table.columns], table.rows)


def _cell(
    register: Register[Any],
    shown: Shown[Any],
    row: Any,
    cells: Mapping[str, Callable[[Any], Cell]],
    *,
    is_first: bool,
) -> Cell:
    name = shown.column.name
    cell = cells[name](row) if name in cells else cell_of(shown, row)
    if is_first:
        address = reverse(register.name, kwargs={register.name: row.pk})
        return link(address, cell if isinstance(cell, str | Phrase) else register.named(row))
    return cell


def cell_of(shown: Shown[Any], row: Any) -> Cell:
    """A column of a row on a page."""
    value = shown.value(row)
    if isinstance(value, bool):
        return Phrase("web.plan.yes" if value else "web.plan.no")
    if isinstance(value, StrEnum):
        return named(value)
    if shown.column.holds is Holds.DAY and value is not None:
        return str(value)
    found = value if isinstance(value, Phrase) else shown.column.shown(value)
    return found if isinstance(found, Phrase) else str(found) or "–"
