"""What the classroom's pages have in common: their roles, and forms that say what they do."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Self

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.desk.base.opening import current_workspace
from kancil.desk.people.queries import Person, Role
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import has, render_phrase
from kancil.ground.words import render as words
from kancil.training.marking.marks import points_text
from kancil.web.cells import Section, button, form, note, show
from kancil.web.forms import WordsForm
from kancil.web.reach import leads_here_only

TRAINERS = frozenset({Role.TRAINER})
TRAINEES = frozenset({Role.TRAINEE})
CLASSROOM = TRAINERS | TRAINEES
_TIME = re.compile(
    r"(?<!\d)(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)(?!\d)", re.ASCII
)


class Acting(WordsForm):
    """One of several forms on a page: its hidden `do` says which was sent."""

    act = ""
    """What it does; its words are `web.training.<act>`."""
    do = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def asked(cls, request: HttpRequest, **more: Any) -> Self:
        """The form as it was sent, if it was this one; else an empty one."""
        is_this = request.method == "POST" and request.POST.get("do") == cls.act
        sent = (request.POST, request.FILES) if is_this else (None, None)
        made = cls(*sent, **more)
        made.initial["do"] = cls.act
        return made

    @property
    def is_ready(self) -> bool:
        """Whether it was sent, and nothing in it is wrong."""
        return self.is_bound and self.is_valid()

    def section(self, *, text: str = "") -> Section:
        """The form on its page."""
        key = f"web.training.{self.act}"
        return form(key, self, submit=f"{key}-do", text=text)


class SureForm(WordsForm):
    """That what cannot be taken back is meant."""

    do = forms.CharField(widget=forms.HiddenInput)
    sure = forms.CharField(widget=forms.HiddenInput)


def is_sure(request: HttpRequest) -> bool:
    """Whether the act was asked for a second time."""
    return request.POST.get("sure") == "yes"


def ask_once(
    request: HttpRequest,
    act: str,
    *,
    title: Phrase,
    told: Section,
    back: str,
    crumbs: list[dict[str, Any]],
) -> HttpResponse:
    """Ask before an act that ends something; its words are `web.training.<act>`.

    `told`: what ends with it. The button sends the act again, and *Go back* leads to `back`.
    """
    asked = SureForm(initial={"do": act, "sure": "yes"})
    key = f"web.training.{act}"
    sections = [told, form(key, asked, submit=f"{key}-do", action=back)]
    buttons = [button(back, "web.training.go-back")]
    return show(request, title, sections, crumbs=crumbs, buttons=buttons)


class _MomentWidget(forms.SplitDateTimeWidget):
    """A day and a time, each called so for who does not see that they belong to one question."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name the two fields in the reader's language."""
        context = super().get_context(name, value, attrs)
        for part, key in zip(context["widget"]["subwidgets"], ("day", "time"), strict=True):
            part["attrs"]["aria-label"] = words(f"web.training.moment-{key}")
        return context


def moment_field() -> forms.SplitDateTimeField:
    """A day and an hour in the classroom's zone."""
    widget = _MomentWidget(
        date_attrs={"type": "date"}, time_attrs={"type": "time"}, time_format="%H:%M"
    )
    return forms.SplitDateTimeField(widget=widget)


def local_warning(request: HttpRequest) -> list[Section]:
    """That an address and its QR code lead to this machine alone, where they do."""
    return [note("warn", "web.training.join-local")] if leads_here_only(request.get_host()) else []


def lab_title(name: str) -> Phrase | str:
    """What a lab is called; its bare name where the lab is not there any more."""
    key = f"web.lab-title-{name}"
    return Phrase(key) if has(key) else name


def local_minute(moment: datetime) -> str:
    """A time to the minute in the classroom's zone, for a sentence."""
    zone = current_workspace().zone
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def plain_times(said: Phrase | str) -> str:
    """Words with their times as a reader writes them: `2026-03-09 14:05:00 +07:00`.

    Labs record times as RFC 3339 has them, and what is recorded stays.
    """
    text = render_phrase(said) if isinstance(said, Phrase) else said
    return _TIME.sub(lambda each: f"{each[1]} {each[2]} {each[3].replace('Z', '+00:00')}", text)


def is_trainer(person: Person) -> bool:
    """Whether the reader teaches."""
    return person.role in TRAINERS


def points_of(earned_hundredths: int, points: int) -> Phrase:
    """So many of so many points."""
    told: dict[str, Param] = {"earned": points_text(earned_hundredths), "of": points}
    return Phrase("web.training.points-of", told)
