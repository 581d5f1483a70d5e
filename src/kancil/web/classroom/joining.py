"""The page on which a trainee joins a class by its code, and makes their own account.

Wrong codes are counted by address, as wrong passwords are; so is how many accounts one address
makes, by which a code that got about cannot fill the site.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.training.actions.classes import join_class
from kancil.desk.training.errors import JoinCodeWrong
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.web.cells import form, show
from kancil.web.forms import WordsForm, secret, text
from kancil.web.page import ANYONE, page

WRONG, JOINED = "join_wrong", "join_made"
"""What is counted; how often is allowed stands in the settings (ACCOUNT_RATE_LIMITS)."""


class JoinForm(WordsForm):
    """Join code, name, user name, and a password twice."""

    join_code = text(20)
    person_name = text(200)
    username = text(60)
    password1 = secret()
    password2 = secret()

    def clean(self) -> dict[str, object]:
        """Hold the two passwords against each other."""
        given: dict[str, object] = super().clean() or self.cleaned_data
        if given.get("password1") != given.get("password2"):
            self.add_error("password2", words("web.form.differ"))
        return given


@page("join/", "join", may=ANYONE, methods=("GET", "POST"))
def join(request: HttpRequest) -> HttpResponse:
    """Make an account of a trainee for whoever knows a class's code, and send them to sign in."""
    if isinstance(request.user, Person):
        return redirect("/")
    begun = {"join_code": request.GET.get("code", "")[:20]}
    asked = JoinForm(request.POST) if request.method == "POST" else JoinForm(initial=begun)
    if request.method == "POST" and asked.is_valid() and _join(request, asked):
        messages.success(request, words("web.join.done"))
        return redirect(f"{reverse('account_login')}?next={reverse('own_key')}")
    sections = [form("web.room.join", asked, submit="web.join.do", text="web.join.text")]
    return show(request, Phrase("web.room.join"), sections)


def _join(request: HttpRequest, asked: JoinForm) -> bool:
    """Join; what is wrong stands at the form then."""
    given = asked.cleaned_data
    if not all(ratelimit.consume(request, action=each, dry_run=True) for each in (WRONG, JOINED)):
        asked.add_error(None, words("web.join.too-often"))
        return False
    with asked.telling("username"):
        try:
            join_class(
                code=given["join_code"], username=given["username"], name=given["person_name"],
                password=given["password1"], language=spoken(),
            )  # fmt: skip
        except JoinCodeWrong as error:
            ratelimit.consume(request, action=WRONG)
            asked.add_error("join_code", words(f"error.{error.code}.sentence"))
        except ValidationError as error:
            asked.add_error("password1", forms.ValidationError(error.messages))
        else:
            ratelimit.consume(request, action=JOINED)
            return True
    return False
