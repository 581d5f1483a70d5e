"""A lab given to a class: which, how hard, from when to when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from kancil.desk.training import access
from kancil.desk.training.actions.labs import MOST_MINUTES, give_lab
from kancil.desk.training.queries.classes import TrainingClass
from kancil.ground.phrase import Phrase
from kancil.ground.registry import Registry
from kancil.ground.words import render_phrase
from kancil.training import labs
from kancil.training.lab import LANGUAGES, Knobs
from kancil.training.making import KNOB_RANGES
from kancil.web.cells import empty, show
from kancil.web.forms import choose
from kancil.web.page import page
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.signed_in import how_authenticated, person_of

from .acting import TRAINERS, Acting, lab_title, moment_field
from .classes import way

_EVENING = 17
"""The hour at which a lab or test closes unless the trainer says otherwise."""


def _knob(name: str) -> forms.IntegerField:
    least, most = KNOB_RANGES[name]
    return forms.IntegerField(min_value=least, max_value=most, initial=getattr(Knobs(), name))


class GiveForm(Acting):
    """Which lab, how hard, and when."""

    act = "give-lab"
    lab_name = forms.ChoiceField(choices=())
    lab_opens = moment_field()
    lab_closes = moment_field()
    lab_minutes = forms.IntegerField(min_value=0, max_value=MOST_MINUTES, initial=0)
    lab_language = forms.ChoiceField(choices=())
    lab_hops = _knob("hops")
    lab_decoys = _knob("decoys")
    lab_missing = _knob("missing")
    lab_noise = _knob("noise")
    options = ("lab_language", "lab_hops", "lab_decoys", "lab_missing", "lab_noise")
    options_key = "web.training.difficulty"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the labs there are."""
        super().__init__(*args, **kwargs)
        names = [(each.name, _said(each.name)) for each in labs.LABS]
        choose(self, "lab_name", names)
        choose(self, "lab_language", [(each, LANGUAGE_NAMES[each]) for each in LANGUAGES])

    def begin_with(self, found: TrainingClass) -> None:
        """Offer from now until the evening of the class's last day, or of this day in a week."""
        begin_now(self, "lab", found.ends_on, timedelta(days=7))

    def knobs(self) -> Knobs:
        """How hard it is to be."""
        given = self.cleaned_data
        numbers = {name: given[f"lab_{name}"] for name in KNOB_RANGES}
        return Knobs(**numbers, language=given["lab_language"])


def begin_now(asked: Acting, what: str, last: date, later: timedelta) -> None:
    """Offer from now until an evening in the fields `<what>_opens` and `<what>_closes`.

    `last`: the day of that evening; today's where it is over. `later`: by how much the evening
    moves where it is over today.
    """
    now = timezone.localtime().replace(second=0, microsecond=0)
    last = max(last, now.date())
    if last == now.date() and now.hour >= _EVENING:
        last += later
    asked.initial.setdefault(f"{what}_opens", now)
    asked.initial.setdefault(f"{what}_closes", datetime.combine(last, time(_EVENING), now.tzinfo))


def _said(name: str) -> str:
    title = lab_title(name)
    return render_phrase(title) if isinstance(title, Phrase) else title


@page(
    "training/classes/<str:training_class>/labs/new/", "lab_give", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def lab_give(request: HttpRequest, training_class: str) -> HttpResponse:
    """Give a lab to a class; each trainee's variant is then made behind the pages."""
    found = access.find_class(person_of(request), training_class)
    title = Phrase("web.training.give-lab")
    if not labs.LABS:
        return show(request, title, [empty("web.training.no-lab-there")], crumbs=way(found))
    asked = GiveForm.asked(request)
    asked.begin_with(found)
    if asked.is_ready:
        with asked.telling():
            run = _give(request, found, asked)
            return redirect("run", run=run)
    return show(request, title, [asked.section(text="web.training.give-lab-text")],
                crumbs=way(found))  # fmt: skip


def _give(request: HttpRequest, found: TrainingClass, asked: GiveForm) -> str:
    given = asked.cleaned_data
    opens: datetime = given["lab_opens"]
    run = give_lab(
        by=person_of(request), authenticated_by=how_authenticated(request), training_class=found,
        lab=Registry("lab", labs.LABS).named(given["lab_name"]), knobs=asked.knobs(),
        opens_at=opens, closes_at=given["lab_closes"], minutes=given["lab_minutes"],
    )  # fmt: skip
    return run.id
