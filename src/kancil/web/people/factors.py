"""Of which roles a second factor is required, and who lacks one: the same page on either site."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Role, factors_by_person, people
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, form, note, show, table, tag
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import WordsForm, choose
from kancil.web.parts import Cell


class FactorForm(WordsForm):
    """Whose people need a second factor, beside administrators."""

    factor_roles = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the site's roles by their words."""
        super().__init__(*args, **kwargs)
        offered = [(role, name) for role, name in roles if role != Role.ADMINISTRATOR]
        choose(self, "factor_roles", offered)


def factors_page(
    request: HttpRequest,
    *,
    roles: Sequence[tuple[str, str]],
    needed: Collection[str],
    exception: str,
    text: str,
    require: Callable[[list[Role]], object],
) -> HttpResponse:
    """Of which roles people need a second factor, and show who has none.

    `roles`: the site's, with their words; `exception`: why administrators need none now, if they
    do not; `require`: makes it so for exactly these roles and administrators.
    """
    first: Mapping[str, Any] = {"factor_roles": sorted(needed), **typed(request)}
    asked = FactorForm(request.POST or None, initial=first, roles=roles)
    if request.method == "POST" and asked.is_valid():
        if not is_confirmed(request):
            return confirm_first(request, asked)
        chosen = [Role(role) for role in asked.cleaned_data["factor_roles"]]
        with asked.telling():
            require([*chosen, Role.ADMINISTRATOR])
            messages.success(request, words("web.factors.required"))
            return redirect("people")
    sections: list[Section] = [
        *confirming_note(request, "web.factors.confirm"),
        *exception_note(exception),
        form("web.factors.require", asked, submit="web.factors.save", text=text),
    ]
    having = factors_by_person()
    missing = [each for each in people() if each.is_active and each.pk not in having]
    if missing:
        rows: list[tuple[Cell, ...]] = [
            (each.name, Phrase(f"web.role.{each.role}")) for each in missing
        ]
        sections.append(table("web.factors.without", ("name", "role"), rows))
    above = {"url": reverse("people"), "name": Phrase("web.room.people")}
    return show(request, Phrase("web.factors.require"), sections, crumbs=[above])


def exception_note(exception: str) -> list[Section]:
    """Warn where administrators need no second factor, with the reason that was stated."""
    return [note("warn", "web.factors.exception", reason=exception)] if exception else []


def factor_tag(kinds: Collection[str], *, is_needed: bool) -> Cell:
    """Which second factors somebody has, and whether one is missing."""
    if kinds:
        return tag("intact", f"web.factor-kinds.{'-and-'.join(kinds)}")
    if is_needed:
        return tag("danger", "web.factors.missing")
    return tag("unknown", "web.factors.none")
