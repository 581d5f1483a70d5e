"""The pages of a register, from its description: list, CSV, form, import, and a row's own page.

    RegisterPages(
        register=ORGANISATIONS, plural="organisations", address="organisations/", way=way,
        may=REGISTERING, add=add_organisation, change=change_organisation,
    )

Their words are `web.list-<plural>.…` and `web.room.…`; their help is that of the room of `way`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.base.action import Action
from kancil.desk.base.register import Register
from kancil.desk.people.queries import Role
from kancil.desk.programme.entering import desk_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.cells import Section, show
from kancil.web.described import DescribedForm, list_file, list_page
from kancil.web.meanwhile import laid_beside
from kancil.web.parts import Cell
from kancil.web.programme.api.door import SERVED, Served
from kancil.web.programme.imports.filled import IMPORT_BYTES, import_page
from kancil.web.programme_page import page
from kancil.web.signed_in import person_of

_BOTH = ("GET", "POST")


@dataclass(frozen=True)
class Beside:
    """A further form on the page of a row, and what sending it does."""

    form: ActForm
    act: Callable[[], object]
    key: str
    """Of its heading, and of its button without `submit`."""
    text: str = ""
    submit: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterPages:
    """Declares the pages; who adds and changes, the actions say."""

    register: Register[Any]
    plural: str
    """Name of the list, and of its words."""
    address: str
    may: frozenset[Role]
    """Who may have the list."""
    add: Action[Any, Any]
    change: Action[Any, Any]
    way: Callable[[], list[dict[str, Any]]]
    """The steps above the list; it stands in the room whose help explains the pages."""
    cells: Mapping[str, Callable[[Any], Cell]] = field(default_factory=dict)
    """As `list_page` has them."""
    about: Callable[[Any, Any], list[Section]] | None = None
    """What stands above the form of a row, by what its reader may do."""
    beside: Callable[[HttpRequest, Any], list[Beside]] | None = None
    is_served: bool = False
    """Whether programs use it too."""

    def __post_init__(self) -> None:
        """Take their places on the site."""
        name, plural, may_add = self.register.name, self.plural, self.add.may
        self._declare(self._list, "", plural, self.may)
        self._declare(self._file, f"{plural}.csv", f"{plural}_file", self.may)
        self._declare(self._add, "new/", f"{name}_new", may_add, methods=_BOTH)
        self._declare(self._import, "import/", f"{plural}_import", may_add, methods=_BOTH,
                      body_bytes=IMPORT_BYTES)  # fmt: skip
        self._declare(self._one, f"<str:{name}>/", name, self.may, methods=_BOTH,
                      sample={name: "none"})  # fmt: skip
        if self.is_served:
            SERVED.append(Served(plural, self.register, self.add, self.change))

    def _declare(
        self, answer: Callable[..., HttpResponse], at: str, name: str, may: frozenset[Role],
        **more: Any,
    ) -> None:  # fmt: skip
        def view(request: HttpRequest, **values: str) -> HttpResponse:
            return answer(request, **values)

        view.__module__ = self.way.__module__
        page(f"{self.address}{at}", name, may=may, **more)(view)

    @cached_property
    def form(self) -> type[DescribedForm]:
        """The form of what the action takes; it is sent under the register's name."""
        name, given = self.register.name, self.add.given
        return type(f"{name.title()}Form", (DescribedForm,), {"act": name, "given": given})

    def _crumbs(self) -> list[dict[str, Any]]:
        here = {"url": reverse(self.plural), "name": Phrase(f"web.room.{self.plural}")}
        return [*self.way(), here]

    def _list(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        may_add = person.role in self.add.may
        return list_page(request, self.register, desk_of(person), plural=self.plural,
                         cells=self.cells, may_add=may_add, may_import=may_add,
                         crumbs=self.way())  # fmt: skip

    def _file(self, request: HttpRequest) -> HttpResponse:
        return list_file(request, self.register, desk_of(person_of(request)), plural=self.plural)

    def _add(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        asked = self.form.asked(request, desk=desk_of(person))
        if asked.is_ready:
            with asked.telling():
                return self._saved(request, self.add(by=person, given=asked.typed))
        title = f"web.list-{self.plural}.new"
        return show(request, Phrase(title), [asked.section(title)], crumbs=self._crumbs())

    def _import(self, request: HttpRequest) -> HttpResponse:
        return import_page(request, self.add, plural=self.plural, crumbs=self._crumbs())

    def _one(self, request: HttpRequest, **values: str) -> HttpResponse:
        person = person_of(request)
        desk = desk_of(person)
        row = self.register.row(desk, values[self.register.name])
        sections = self.about(desk, row) if self.about else []
        forms = self.beside(request, row) if self.beside else []
        if person.role in self.change.may:
            asked = self.form.asked(request, desk=desk, stands=row)

            def change() -> None:
                seen = asked.seen if hasattr(row, "version") else None
                self.change(by=person, on=row.pk, version=seen, given=asked.typed)

            forms = [Beside(asked, change, f"web.list-{self.plural}.change"), *forms]
        for each in forms:
            if each.form.is_ready:
                with each.form.telling():
                    each.act()
                    return self._saved(request, row)
        for each in forms:
            if isinstance(each.form, self.form):
                sections += laid_beside(request, each.form)
            sections.append(each.form.section(each.key, text=each.text, submit=each.submit))
        title = Phrase("web.prog-people.named", {"name": self.register.named(row)})
        return show(request, title, sections, crumbs=self._crumbs())

    def _saved(self, request: HttpRequest, row: Any) -> HttpResponse:
        messages.success(request, words("web.money.saved"))
        name = self.register.name
        return redirect(reverse(name, kwargs={name: row.pk}))
