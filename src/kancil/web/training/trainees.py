"""Trainees of a class: added from a pasted list, their slips, a new password for one of them."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.training import access
from kancil.desk.training.actions.classes import remove_trainee
from kancil.desk.training.actions.slips import (
    ANOTHER,
    TWICE,
    Doubt,
    Listed,
    add_listed,
    doubts_of,
    may_renew,
    new_password_for,
    read_names,
    slips_of,
)
from kancil.desk.training.errors import ListNotUsable
from kancil.desk.training.queries.classes import (
    ClassState,
    Enrolment,
    TrainingClass,
    classes,
    trainees_of,
)
from kancil.desk.training.queries.names import names_in
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import visible
from kancil.web.cells import Section, button, empty, facts, identifier, note, show
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed
from kancil.web.forms import choose, text
from kancil.web.page import page
from kancil.web.parts import Minute
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINERS, Acting, ask_once, is_sure, local_warning
from .classes import way


class ListForm(Acting):
    """The names of a class, one a line."""

    act = "add-trainees"
    trainee_names = text(40_000, lines=12)

    def __init__(self, *args: Any, training_class: TrainingClass, **more: Any) -> None:
        """Ask of each name that is there already who it is."""
        super().__init__(*args, **more)
        members = {str(each.person_id) for each in trainees_of(training_class)}
        self._keys = {}
        for each in doubts_of(self._listed()):
            name = f"who-{each.key}"
            self._keys[name] = each.key
            self.fields[name] = _Who(each, members)
            choose(self, name, [(one, _who(each, one, members)) for one in each.answers])

    def _listed(self) -> list[Listed]:
        try:
            return read_names(self.data.get("trainee_names", ""))
        except ListNotUsable:  # it is said when the list is taken
            return []

    def answers(self) -> dict[str, str]:
        """Who each doubtful line is, by its key."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items()}


class _Who(forms.ChoiceField):
    """Who a line is; at first whoever of that name is in the class already is ticked."""

    def __init__(self, doubt: Doubt, members: set[str]) -> None:
        """Label it by the line."""
        super().__init__(
            widget=forms.RadioSelect,
            label=words("web.training.who-is", name=visible(doubt.listed.name), n=doubt.number),
            initial=next((each for each in doubt.answers if each in members), None),
            error_messages={"required": words("web.training.who-is-needed")},
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was ticked, or what is to be."""
        return data or initial


def _who(doubt: Doubt, answer: str, members: set[str]) -> str:
    """The words of one answer."""
    if answer in (ANOTHER, TWICE):
        return words(f"web.training.who-{answer}")
    one = next(each for each in doubt.accounts if str(each.pk) == answer)
    key = "web.training.who-member" if answer in members else "web.training.who-account"
    of = ", ".join(each.title for each in classes(one)) or "–"
    return words(key, name=one.name, account=one.username, classes=of)


class PasswordForm(Acting):
    """Why a trainee is given a new password."""

    act = "new-password"
    reason_of_act = text(500)


@page(
    "training/classes/<str:training_class>/trainees/new/", "trainees_new", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def trainees_new(request: HttpRequest, training_class: str) -> HttpResponse:
    """Make accounts for a pasted list; their slips are printed then."""
    desk, person = unit_desk(), person_of(request)
    found = access.find_class(person, training_class)
    asked = ListForm.asked(request, training_class=found)
    if asked.is_ready:
        with asked.telling("trainee_names"):
            made = add_listed(
                desk.ledger, by=person, acting=desk.server(request),
                authenticated_by=how_authenticated(request), training_class=found,
                listed=read_names(asked.cleaned_data["trainee_names"]), answers=asked.answers(),
            )  # fmt: skip
            if made.slips:
                count = len(made.slips)
                messages.success(request, words("web.training.trainees-added", count=count))
            if made.enrolled or not made.slips:
                count = len(made.enrolled)
                messages.info(request, words("web.training.trainees-known", count=count))
            there = "class_slips" if made.slips else "training_class"
            return redirect(there, training_class=found.id)
    section = asked.section(text="web.training.add-trainees-text")
    return show(request, Phrase("web.training.add-trainees"), [section], crumbs=way(found))


@page(
    "training/classes/<str:training_class>/slips/", "class_slips", may=TRAINERS,
    sample={"training_class": "none"},
)  # fmt: skip
def class_slips(request: HttpRequest, training_class: str) -> HttpResponse:
    """The slips of those who have not joined yet, to be printed and cut."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    slips = [
        {
            "name": each.enrolment.person.name,
            "username": each.enrolment.person.username,
            "code": f"{each.code[:4]} {each.code[4:]}",
            "qr": _qr(request, each.code),
        }
        for each in slips_of(found, person)
        if each.code
    ]
    add = reverse("trainees_new", kwargs={"training_class": found.id})
    shown: dict[str, Any] = {
        "title": Phrase("web.training.slips"),
        "lead": Phrase("web.training.slips-lead", {"count": len(slips)}),
        "crumbs": way(found),
        "class_title": found.title,
        "address": request.build_absolute_uri("/join/"),
        "slips": slips,
        "buttons": [
            button(
                reverse("lab_give", kwargs={"training_class": found.id}), "web.training.give-lab"
            ),
        ],
        "sections": local_warning(request) if slips else [empty("web.training.no-slips", url=add)],
    }
    return render(request, "kancil/training_slips.html", shown)


def _qr(request: HttpRequest, code: str) -> str:
    drawn = segno.make(request.build_absolute_uri(f"/join/?code={code}"), error="m")
    return str(drawn.svg_inline(border=2, dark="#000", light="#fff", omitsize=True))


class RemoveForm(Acting):
    """Taking somebody out of the class."""

    act = "remove-trainee"


@page(
    "training/classes/<str:training_class>/trainees/<int:trainee>/", "class_trainee",
    may=TRAINERS, methods=("GET", "POST"), sample={"training_class": "none", "trainee": 1},
)  # fmt: skip
def class_trainee(request: HttpRequest, training_class: str, trainee: int) -> HttpResponse:
    """One trainee of a class: given another password, or taken out of the class."""
    desk, person = unit_desk(), person_of(request)
    found = access.find_class(person, training_class)
    enrolment = next((each for each in trainees_of(found) if each.pk == trainee), None)
    if enrolment is None:
        raise PageNotFound
    asked, removing = PasswordForm.asked(request), RemoveForm.asked(request)
    back = reverse("training_class", kwargs={"training_class": found.id})
    name = names_in(found)[enrolment.person_id]
    if removing.is_ready:
        if not is_sure(request):
            return _ask_remove(request, found, name)
        with removing.telling():
            remove_trainee(by=person, enrolment=enrolment)
            messages.success(request, words("web.training.removed-trainee", name=name))
            return redirect(back)
    title = Phrase("web.training.trainee", {"name": name})
    if asked.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, asked)
        with asked.telling():
            password = new_password_for(
                desk.ledger, by=person, acting=desk.server(request), enrolment=enrolment,
                because=asked.cleaned_data["reason_of_act"],
            )  # fmt: skip
            shown = [("account", identifier(enrolment.person.username)),
                     ("password", identifier(password))]  # fmt: skip
            once = [note("warn", "web.people.password-once"), facts("web.people.one-time", shown)]
            return show(request, title, once, crumbs=way(found))
    sections = [_about(enrolment)]
    if may_renew(person, enrolment.person):
        sections += confirming_note(request)
        sections.append(asked.section(text="web.training.new-password-text"))
    else:
        sections.append(note("info", "web.training.new-password-elsewhere"))
    if found.state == ClassState.OPEN:
        sections.append(removing.section(text="web.training.remove-trainee-text"))
    buttons = [button(back, "web.training.to-class")]
    return show(request, title, sections, crumbs=way(found), buttons=buttons)


def _ask_remove(request: HttpRequest, found: TrainingClass, name: str) -> HttpResponse:
    told = {"name": name, "title": found.title}
    return ask_once(
        request, "remove-trainee", title=Phrase("web.training.remove-trainee-sure"),
        told=note("warn", "web.training.remove-trainee-tells", **told),
        back=request.path, crumbs=way(found),
    )  # fmt: skip


def _about(enrolment: Enrolment) -> Section:
    return facts(
        "web.training.about",
        [("account", enrolment.person.username), ("joined", Minute(enrolment.joined_at))],
    )
