"""Home, and the pages by which a person comes in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.custody.keys import fingerprint_of
from kancil.desk.access.actions import make_own_key
from kancil.desk.cases import queries
from kancil.desk.people.actions import choose_language
from kancil.desk.people.queries import Person, case_ids_of
from kancil.ground.ids import OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    form,
    identifier,
    note,
)
from kancil.web.forms import WordsForm, secret
from kancil.web.page import ACTING, ANYONE, EVERYONE, page, take_over
from kancil.web.unit_desk import person_of, unit_desk
from kancil.web.work.pages import running

from .tables import case_table

_NEWEST = 10
"""How many of my cases stand on Home; all of them are a page of their own."""


@page("", "home", may=EVERYONE, menu="site", order=0)
def home(request: HttpRequest) -> HttpResponse:
    """My cases, and what waits for me."""
    person = person_of(request)
    ids = case_ids_of(person)
    mine = queries.cases(ids, _NEWEST)
    sections: list[Section] = []
    if person.acts and person.officer is None:
        sections.append(
            note("warn", "web.home.no-key", url=reverse("own_key"), do="web.home.make-key")
        )
    now = running(request)
    if now["tasks"]:
        sections.append(now)
    if mine:
        all_of_them = {"url": reverse("cases"), "text": Phrase("web.home.all-cases")}
        more = {"more": all_of_them} if len(ids) > len(mine) else {}
        sections.append({**case_table(mine), **more})
    else:
        begin = reverse("case_new") if person.acts else ""
        key = "web.home.empty" if person.acts else "web.home.empty-reader"
        sections.append(empty(key, url=begin))
    sections += _guided(ids)
    buttons = [button(reverse("case_new"), "web.case.new", main=True)] if person.acts else []
    shown = {
        "title": Phrase("web.home.title", {"name": person.name}),
        "sections": sections,
        "buttons": buttons,
    }
    return render(request, "kancil/page.html", shown)


_GUIDE: tuple[tuple[str, str, dict[str, int] | None], ...] = (
    ("open", "overview", {"case": 1}),
    ("exhibit", "exhibit", {"exhibit": 1}),
    ("money", "trace", {"trace": 1}),
    ("finding", "finding_new", {"trace": 1}),
    ("report", "report", {"case": 1}),
    ("bundle", "bundle", {"case": 1}),
    ("verify", "verify", None),
)
"""Steps of the guided case: words `web.guide.<name>`, page, values; None: no page of the case."""


def _guided(ids: list[str]) -> list[Section]:
    """Offer the guided case of the sample workspace to whoever belongs to it."""
    mark = unit_desk().workspace.root / "desk" / "guided-case"
    if not mark.is_file():
        return []
    number = mark.read_text("ascii", "replace").strip()
    case = queries.find_case(number)
    if case is None or case.id not in ids:
        return []
    steps = [
        {
            "name": Phrase(f"web.guide.{name}"),
            "text": Phrase(f"web.guide.{name}-text"),
            "url": reverse(
                target, kwargs=None if given is None else {**given, "case": int(number)}
            ),
        }
        for name, target, given in _GUIDE
    ]
    return [{"kind": "steps", "heading": Phrase("web.guide.title"), "rows": steps}]


@page("language/", "language", may=ANYONE, methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Read the site in another language from now on."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    if chosen in languages():
        if isinstance(request.user, Person):
            choose_language(request.user, chosen)
        answer.set_cookie("language", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer


class OwnKeyForm(WordsForm):
    """The passphrase of a new key, twice."""

    passphrase = secret()
    passphrase_again = secret()

    def clean(self) -> dict[str, object]:
        """Refuse two passphrases that differ."""
        given = super().clean() or {}
        if given.get("passphrase") != given.get("passphrase_again"):
            self.add_error("passphrase_again", words("web.form.differ"))
        return given


@page("account/key/", "own_key", may=ACTING, methods=("GET", "POST"), menu="person")
def own_key(request: HttpRequest) -> HttpResponse:
    """Make my own signing key, or see it."""
    person, desk = person_of(request), unit_desk()
    title = Phrase("web.key.title")
    if person.officer is not None:
        mark = fingerprint_of(desk.keys.officer_path(OfficerId(person.officer)))
        shown = [facts("web.key.yours", [("fingerprint", identifier(mark))])]
        return render(request, "kancil/page.html", {"title": title, "sections": shown})
    asked = OwnKeyForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        with asked.telling("passphrase"):
            make_own_key(
                desk.ledger,
                desk.keys,
                person=person,
                passphrase=asked.cleaned_data["passphrase"],
                vouched_how=words("note.key-made-on-site", account=person.username),
                by=desk.server(request),
            )
            return redirect("own_key")
    sections = [form("web.key.make", asked, submit="web.key.make", text="web.key.text")]
    return render(request, "kancil/page.html", {"title": title, "sections": sections})


take_over("sign-in/", "account_login", account.login, may=ANYONE)
take_over("sign-out/", "account_logout", account.logout, may=ANYONE)
take_over("account/inactive/", "account_inactive", account.account_inactive, may=ANYONE)
take_over("account/confirm/", "account_reauthenticate", account.reauthenticate, may=EVERYONE)
take_over("account/password/", "account_change_password", account.password_change, may=EVERYONE)
take_over("account/factors/", "mfa_index", mfa.index, may=EVERYONE)
take_over("sign-in/code/", "mfa_authenticate", mfa.authenticate, may=ANYONE)
take_over("account/confirm/code/", "mfa_reauthenticate", mfa.reauthenticate, may=EVERYONE)
take_over("account/code/on/", "mfa_activate_totp", totp.activate_totp, may=EVERYONE)
take_over("account/code/off/", "mfa_deactivate_totp", totp.deactivate_totp, may=EVERYONE)
take_over("account/passkeys/", "mfa_list_webauthn", passkeys.list_webauthn, may=EVERYONE)
take_over("account/passkeys/add/", "mfa_add_webauthn", passkeys.add_webauthn, may=EVERYONE)
take_over(
    "account/passkeys/<int:pk>/remove/",
    "mfa_remove_webauthn",
    passkeys.remove_webauthn,
    may=EVERYONE,
)
take_over(
    "account/passkeys/<int:pk>/edit/", "mfa_edit_webauthn", passkeys.edit_webauthn, may=EVERYONE
)
take_over(
    "account/confirm/passkey/",
    "mfa_reauthenticate_webauthn",
    passkeys.reauthenticate_webauthn,
    may=EVERYONE,
)
take_over("sign-in/passkey/", "mfa_login_webauthn", passkeys.login_webauthn, may=ANYONE)
take_over("account/codes/", "mfa_view_recovery_codes", codes.view_recovery_codes, may=EVERYONE)
take_over(
    "account/codes/new/",
    "mfa_generate_recovery_codes",
    codes.generate_recovery_codes,
    may=EVERYONE,
)
take_over(
    "account/codes/file/",
    "mfa_download_recovery_codes",
    codes.download_recovery_codes,
    may=EVERYONE,
)
