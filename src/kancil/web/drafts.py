"""Drafts on the site: what was typed into a form of the desk waits there until it is sent.

A form that is refused keeps what was typed, and so does its button *Keep as draft*; on return the
page offers it. The browser's own drafts (`drafts.js`) end with its window, these do not. A form
has all of this by being a `DraftedForm`; its page does nothing for it:

    filled = SessionForm.asked(request)     # keeps, discards, goes on with a draft
    if filled.is_ready:
        with filled.telling():              # forgets it once the act is done
            add_session(…)
            return redirect(…)
    sections = [filled.section("web.x.add")]  # says that there is one; keeps what was refused
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from kancil.desk.programme.drafts import Given, draft_of, drop_draft, keep_draft
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.cells import Section, note
from kancil.web.signed_in import person_of

KEEP, DISCARD = "keep-draft", "discard-draft"
"""Values of `do` of the two buttons, which a browser sends after the form's own."""
_CONTINUE = "draft"
"""What stands in the address where a draft is gone on with: which one of the page."""
_NEVER = {"csrfmiddlewaretoken", "do"}
_UNTYPED = (forms.BooleanField, forms.FileField)

Filled = TypeVar("Filled", bound="DraftedForm")


class DraftedForm(ActForm):
    """A form whose page keeps what was typed into it; one made without `asked` keeps nothing."""

    _draft: _Draft | None = None

    @property
    def drafted_as(self) -> str:
        """What tells its draft from others of the same page."""
        return self.act

    @classmethod
    def asked(cls: type[Filled], request: HttpRequest, **given: Any) -> Filled:
        """The form as it was sent, or unsent with the draft that was kept or is gone on with."""
        filled = super().asked(request, **given)
        if filled._is_typed:
            filled._draft = _Draft(request, filled)
        return filled

    @property
    def _is_typed(self) -> bool:
        return any(
            not each.widget.is_hidden
            and not isinstance(each, _UNTYPED)
            and not isinstance(each.widget, forms.PasswordInput)
            for each in self.fields.values()
        )

    @contextmanager
    def telling(self, field: str | None = None) -> Iterator[None]:
        """As every form, and forget the draft of what was done."""
        with super().telling(field):
            yield
            if self._draft is not None and self.is_bound:
                self._draft.drop()

    def section(self, key: str, *, submit: str = "", text: str = "") -> Section:
        """As every form, with its draft and the buttons of drafts."""
        shown = super().section(key, submit=submit, text=text)
        return shown if self._draft is None else {**shown, **self._draft.shown()}


class _Draft:
    """The draft of one form of a page, by the page's address and the form's name there."""

    def __init__(self, request: HttpRequest, filled: DraftedForm) -> None:
        """Do what a button of drafts says, and fill the form where its draft is gone on with."""
        self._request, self._filled, self._person = request, filled, person_of(request)
        self._name = filled.drafted_as
        self._form = f"{request.path}#{self._name}"
        sent = request.POST.getlist("do") if request.method == "POST" else []
        self._does = sent[-1] if sent[:1] == [filled.act] and len(sent) == 2 else ""
        if self._does == KEEP:
            self._keep_sent()
        elif self._does == DISCARD:
            self.drop()
            messages.success(request, words("web.prog-draft.discarded"))
        self._kept = draft_of(self._person, self._form)
        if self._does == KEEP:
            self._fill(_given(request.POST))
        elif self._is_continued and self._kept is not None:
            self._fill(self._kept.given)

    @property
    def _is_continued(self) -> bool:
        request = self._request
        return request.method == "GET" and request.GET.get(_CONTINUE) == self._name

    def drop(self) -> None:
        """Forget it."""
        drop_draft(by=self._person, form=self._form)

    def shown(self) -> dict[str, Any]:
        """What the form's section has of drafts; a form that comes back refused is kept here."""
        is_refused = self._filled.is_bound and self._keep(self._filled.data)
        also = [(KEEP, Phrase("web.prog-draft.keep"))]
        if self._kept is not None or is_refused:
            also.append((DISCARD, Phrase("web.prog-draft.discard")))
        return {"also": also, "note": self._note(is_refused=is_refused)}

    def _note(self, *, is_refused: bool) -> Section | None:
        if is_refused:
            return note("info", "web.prog-draft.refused")
        if self._kept is None or self._filled.is_bound:
            return None
        at = _minute(self._kept.at)
        if self._does == KEEP or self._is_continued:
            return note("info", "web.prog-draft.continued", at=at)
        query = self._request.GET.copy()
        query[_CONTINUE] = self._name
        there = f"{self._request.path}?{query.urlencode()}"
        return note("info", "web.prog-draft.offered", url=there, do="web.prog-draft.continue",
                    at=at)  # fmt: skip

    def _keep_sent(self) -> None:
        if self._keep(self._request.POST):
            messages.success(self._request, words("web.prog-draft.kept"))
        else:
            messages.error(self._request, words("web.prog-draft.not-kept"))

    def _keep(self, sent: Mapping[str, Any]) -> bool:
        secret = {
            name for name, each in self._filled.fields.items()
            if isinstance(each.widget, forms.PasswordInput)
        }  # fmt: skip
        given = {name: each for name, each in _given(sent).items() if name not in secret}
        return keep_draft(by=self._person, form=self._form, given=given)

    def _fill(self, given: Given) -> None:
        data = QueryDict(mutable=True)
        for name, values in given.items():
            data.setlist(name, values)
        filled = self._filled
        filled.initial = {**filled.initial}
        for name, each in filled.fields.items():
            if name != "do" and not isinstance(each, forms.FileField):
                value = each.widget.value_from_datadict(data, {}, filled.add_prefix(name))
                filled.initial[name] = value


def _given(sent: Mapping[str, Any]) -> Given:
    """Fields as a browser sent them; a plain mapping has one value each."""
    lists = sent.lists() if isinstance(sent, QueryDict) else ((k, [v]) for k, v in sent.items())
    return {name: [str(each) for each in values] for name, values in lists if name not in _NEVER}


def _minute(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
