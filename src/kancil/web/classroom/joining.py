"""The page on which a trainee joins a class by its code, and makes their own account.

Wrong codes are counted by address, as wrong passwords are; so is how many accounts one address
makes, by which a code that got about cannot fill the site.
"""

from __future__ import annotations

from copy import copy

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.people.queries import Person
from kancil.desk.training.actions.classes import class_by_code, join_class
from kancil.desk.training.actions.slips import slip_by_code, use_slip
from kancil.desk.training.errors import JoinCodeWrong
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.web.cells import asking, form, show
from kancil.web.forms import WordsForm, secret, text
from kancil.web.page import ANYONE, page

WRONG, JOINED = "join_wrong", "join_made"
"""What is counted; how often is allowed stands in the settings (ACCOUNT_RATE_LIMITS)."""
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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


class SlipForm(WordsForm):
    """A password twice, for the account that a slip is of."""

    join_code = forms.CharField(max_length=20, widget=forms.HiddenInput)
    password1 = secret()
    password2 = secret()

    def clean(self) -> dict[str, object]:
        """Hold the two passwords against each other."""
        given: dict[str, object] = super().clean() or self.cleaned_data
        if given.get("password1") != given.get("password2"):
            self.add_error("password2", words("web.form.differ"))
        return given


class CodeForm(WordsForm):
    """The code alone: it says what else is asked."""

    join_code = text(20)


@page("join/", "join", may=ANYONE, methods=("GET", "POST"))
def join(request: HttpRequest) -> HttpResponse:
    """Join by a class's code with a new account, or by a slip with the one that waits; signed in.

    Whoever comes without a code is asked for it first. After it comes the lab that waits.
    """
    if isinstance(request.user, Person):
        return redirect("/")
    code = _code(request)
    slip = slip_by_code(code) if code and not _too_often(request) else None
    if request.method == "GET" and slip is None:
        refused = _refused(request, code)
        if refused is not None:
            return show(request, Phrase("web.room.join"), [
                asking("web.join.which", refused, submit="web.join.go-on"),
            ])  # fmt: skip
    kind: type[JoinForm | SlipForm] = JoinForm if slip is None else SlipForm
    asked = kind(request.POST) if request.method == "POST" else kind(initial={"join_code": code})
    if request.method == "POST" and asked.is_valid():
        joined = _join(request, asked)
        if joined is not None:
            _sign_in(request, joined)
            messages.success(request, words("web.join.welcome", username=joined.username))
            return redirect("training_next")
    title = Phrase("web.room.join")
    if slip is not None:
        title = Phrase("web.join.as", {"name": slip.enrolment.person.name})
        told = form("web.join.password", asked, submit="web.join.do", text="web.join.slip-text")
        return show(request, title, [told])
    sections = [form("web.room.join", asked, submit="web.join.do", text="web.join.text")]
    return show(request, title, sections)


def _code(request: HttpRequest) -> str:
    """The code that was sent: typed, or scanned as an address that ends in `?code=`."""
    asked = request.GET.get("code") or request.GET.get("join_code", "")
    return (request.POST.get("join_code") or asked)[:20]


def _refused(request: HttpRequest, code: str) -> CodeForm | None:
    """The form that asks for a code, where none was sent or no open class has it; else None."""
    if not code:
        return CodeForm()
    asked = CodeForm({"join_code": code})
    if _too_often(request):
        asked.add_error(None, words("web.join.too-often"))
        return asked
    try:
        class_by_code(code)
    except JoinCodeWrong as error:
        ratelimit.consume(_counted(request), action=WRONG)
        told = (words(f"error.{error.code}.{part}") for part in ("sentence", "next"))
        asked.add_error("join_code", " ".join(told))
        return asked
    return None


def _too_often(request: HttpRequest) -> bool:
    return not all(
        ratelimit.consume(_counted(request), action=each, dry_run=True) for each in (WRONG, JOINED)
    )


def _counted(request: HttpRequest) -> HttpRequest:
    """The request as allauth counts it: it lets every GET pass, by which a code comes too."""
    counted = copy(request)
    counted.method = "POST"
    return counted


def _sign_in(request: HttpRequest, person: Person) -> None:
    """Sign whoever has just set their password in, as the sign-in page would."""
    login(request, person, backend=_BACKEND)
    record_authentication(request, person, method="password", username=person.username)


def _join(request: HttpRequest, asked: JoinForm | SlipForm) -> Person | None:
    """Join; what is wrong stands at the form then."""
    given = asked.cleaned_data
    if _too_often(request):
        asked.add_error(None, words("web.join.too-often"))
        return None
    field = "username" if isinstance(asked, JoinForm) else None
    with asked.telling(field):
        try:
            if isinstance(asked, SlipForm):
                person = use_slip(
                    code=given["join_code"], password=given["password1"], language=spoken()
                )
            else:
                person = join_class(
                    code=given["join_code"], username=given["username"],
                    name=given["person_name"], password=given["password1"], language=spoken(),
                )  # fmt: skip
        except JoinCodeWrong as error:
            ratelimit.consume(request, action=WRONG)
            asked.add_error("join_code", words(f"error.{error.code}.sentence"))
        except ValidationError as error:
            asked.add_error("password1", forms.ValidationError(error.messages))
        else:
            ratelimit.consume(request, action=JOINED)
            return person
    return None
