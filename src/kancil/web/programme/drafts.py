"""Drafts on the site: what was typed into a long form waits there until it is sent.

A form that is refused keeps what was typed, and so does its button *Keep as draft*; on return the
page offers it. The browser's own drafts (`drafts.js`) end with its window, these do not.

    typed = Draft(request, filled)
    if typed.is_answered:
        return typed.answer()
    if filled.is_ready:
        with filled.telling():
            add(…)
            typed.drop()
            return redirect(…)
    sections = [*typed.notes(), typed.section("web.x.add")]
"""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from kancil.desk.programme.drafts import draft_of, drop_draft, keep_draft
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, form, note
from kancil.web.signed_in import person_of

KEEP, DISCARD = "keep-draft", "discard-draft"
"""Values of `do` of the two buttons."""
_CONTINUE = "draft"
"""What stands in the address where a draft is gone on with."""
_NEVER = {"csrfmiddlewaretoken", "do"}


class Draft:
    """The draft of one form of a page, whose address names it."""

    def __init__(self, request: HttpRequest, filled: forms.Form, name: str = "") -> None:
        """Put the draft into a form that is not sent, where the reader goes on with it.

        `name`: tells several forms of one page apart.
        """
        self._request, self._filled, self._person = request, filled, person_of(request)
        self._form = f"{request.path}#{name}" if name else request.path
        self._does = request.POST.get("do", "") if request.method == "POST" else ""
        self._kept = draft_of(self._person, self._form)
        if self._kept is not None and self._is_continued and not filled.is_bound:
            self._fill(self._kept.given)

    @property
    def _is_continued(self) -> bool:
        return self._request.method == "GET" and _CONTINUE in self._request.GET

    @property
    def is_answered(self) -> bool:
        """Whether one of the two buttons of drafts was pressed."""
        return self._does in (KEEP, DISCARD)

    def answer(self) -> HttpResponse:
        """Do what the button says, and show the page again."""
        query = self._request.GET.copy()
        query.pop(_CONTINUE, None)
        if self._does == DISCARD:
            self.drop()
            messages.success(self._request, words("web.prog-draft.discarded"))
        elif self._keep():
            query[_CONTINUE] = "1"
            messages.success(self._request, words("web.prog-draft.kept"))
        else:
            messages.error(self._request, words("web.prog-draft.not-kept"))
        there = self._request.path
        return redirect(f"{there}?{query.urlencode()}" if query else there)

    def drop(self) -> None:
        """Forget it: what was typed was sent."""
        drop_draft(by=self._person, form=self._form)

    def notes(self) -> list[Section]:
        """Above the form: that there is a draft, or that what was refused is kept as one."""
        if self._request.method == "POST":
            return [note("info", "web.prog-draft.refused")] if self._keep() else []
        if self._kept is None:
            return []
        if self._is_continued:
            return [note("info", "web.prog-draft.continued", at=_minute(self._kept.at))]
        query = self._request.GET.copy()
        query[_CONTINUE] = "1"
        there = f"{self._request.path}?{query.urlencode()}"
        return [
            note("info", "web.prog-draft.offered", url=there, do="web.prog-draft.continue",
                 at=_minute(self._kept.at))
        ]  # fmt: skip

    def section(self, key: str, *, submit: str = "", text: str = "") -> Section:
        """Show the form with its buttons of drafts."""
        also = [(KEEP, Phrase("web.prog-draft.keep"))]
        if self._kept is not None:
            also.append((DISCARD, Phrase("web.prog-draft.discard")))
        return form(key, self._filled, submit=submit or key, text=text, also=also)

    def _keep(self) -> bool:
        secret = {
            name for name, each in self._filled.fields.items()
            if isinstance(each.widget, forms.PasswordInput)
        }  # fmt: skip
        given = {
            name: values
            for name, values in self._request.POST.lists()
            if name not in _NEVER | secret
        }
        return keep_draft(by=self._person, form=self._form, given=given)

    def _fill(self, given: dict[str, list[str]]) -> None:
        data = QueryDict(mutable=True)
        for name, values in given.items():
            data.setlist(name, values)
        for name, each in self._filled.fields.items():
            if name != "do" and not isinstance(each, forms.FileField):
                key = self._filled.add_prefix(name)
                self._filled.initial[name] = each.widget.value_from_datadict(data, {}, key)


def _minute(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
