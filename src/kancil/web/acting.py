"""Forms that stand beside others on one page: each sends its own name, by which it is found again.

A form whose values were refused keeps what was typed; those beside it stay as they were.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kancil.desk.base.opening import day_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, form
from kancil.web.forms import WordsForm, put_into_words

Filled = TypeVar("Filled", bound="ActForm")


def today() -> date:
    """The day by which things are called late: that of the workspace's zone."""
    return day_of(clock.now())


def show_wide(
    request: HttpRequest, title: Phrase, sections: list[Section], **more: Any
) -> HttpResponse:
    """Show a page whose tables have many columns: no word in them is broken."""
    shown = {"title": title, "sections": sections, **more}
    return render(request, "kancil/law_page.html", shown)


class ActForm(WordsForm):
    """One of several forms of a page; `act`: what it does, sent as `do`."""

    act: ClassVar[str] = ""
    past: ClassVar[tuple[str, ...]] = ()
    """Fields for days that are not to come."""
    begins: ClassVar[str] = ""
    """How the names of its fields begin, before the names that an act knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the name of the act, and words for days and numbers that are none."""
        super().__init__(*args, auto_id=f"{self.act}_%s", **kwargs)
        self.fields["do"] = forms.CharField(widget=forms.HiddenInput, initial=self.act)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = words("web.acting.no-day")
            elif isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = words("web.acting.no-number")

    @classmethod
    def asked(cls: type[Filled], request: HttpRequest, **given: Any) -> Filled:
        """The form as it was sent, or unsent where another one of the page was."""
        is_sent = request.method == "POST" and request.POST.get("do") == cls.act
        sent = (request.POST, request.FILES) if is_sent else ()
        return cls(*sent, **given)

    def ask_to_be_sure(self) -> None:
        """Ask for one more tick: what is done here overturns what somebody else decided."""
        field = forms.BooleanField()
        self.fields["act_sure"] = field
        put_into_words({"act_sure": field})

    def clean(self) -> dict[str, Any]:
        """Refuse a day to come where something is said to have been."""
        given: dict[str, Any] = super().clean() or {}
        for name in self.past:
            if given.get(name) is not None and given[name] > today():
                self.add_error(name, words("web.acting.future"))
        return given

    def by_name(self) -> dict[str, Any]:
        """What was typed, by the names of the act."""
        return {
            name.removeprefix(self.begins): value
            for name, value in self.cleaned_data.items()
            if name != "do"
        }

    @classmethod
    def as_it_stands(cls, row: Any) -> dict[str, Any]:
        """What a row says, as the form would have it: each field by the name of the act."""
        return {name: getattr(row, name.removeprefix(cls.begins)) for name in cls.base_fields}

    @property
    def is_ready(self) -> bool:
        """Whether it was sent and can be read."""
        return self.is_bound and self.is_valid()

    def section(self, key: str, *, submit: str = "", text: str = "") -> Section:
        """Show it under a heading, which its button bears too unless it has words of its own."""
        return form(key, self, submit=submit or key, text=text)
