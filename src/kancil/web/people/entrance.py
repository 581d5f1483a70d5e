"""The pages by which a person comes in and keeps their account, the same on either site."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.desk.people.actions import choose_language
from kancil.desk.people.queries import Person, Role
from kancil.ground.words import languages
from kancil.web.paging import ANYONE, Page, View, brought, guarded

_IN: tuple[tuple[str, str, View], ...] = (
    ("sign-in/", "account_login", account.login),
    ("sign-out/", "account_logout", account.logout),
    ("account/inactive/", "account_inactive", account.account_inactive),
    ("sign-in/code/", "mfa_authenticate", mfa.authenticate),
    ("sign-in/passkey/", "mfa_login_webauthn", passkeys.login_webauthn),
)
"""For whoever is not signed in yet, or no more."""
_OWN: tuple[tuple[str, str, View], ...] = (
    ("account/confirm/", "account_reauthenticate", account.reauthenticate),
    ("account/password/", "account_change_password", account.password_change),
    ("account/factors/", "mfa_index", mfa.index),
    ("account/confirm/code/", "mfa_reauthenticate", mfa.reauthenticate),
    ("account/code/on/", "mfa_activate_totp", totp.activate_totp),
    ("account/code/off/", "mfa_deactivate_totp", totp.deactivate_totp),
    ("account/passkeys/", "mfa_list_webauthn", passkeys.list_webauthn),
    ("account/passkeys/add/", "mfa_add_webauthn", passkeys.add_webauthn),
    ("account/passkeys/<int:pk>/remove/", "mfa_remove_webauthn", passkeys.remove_webauthn),
    ("account/passkeys/<int:pk>/edit/", "mfa_edit_webauthn", passkeys.edit_webauthn),
    ("account/confirm/passkey/", "mfa_reauthenticate_webauthn", passkeys.reauthenticate_webauthn),
    ("account/codes/", "mfa_view_recovery_codes", codes.view_recovery_codes),
    ("account/codes/new/", "mfa_generate_recovery_codes", codes.generate_recovery_codes),
    ("account/codes/file/", "mfa_download_recovery_codes", codes.download_recovery_codes),
)
"""Of whoever is signed in; allauth itself asks them to be."""


_IN_MENU = ("account_change_password", "mfa_index")
"""Those of them that stand in everyone's own menu."""


def entrance(everyone: frozenset[Role]) -> list[Page]:
    """The pages by which people of these roles come in, and choose their language."""
    post = ("POST",)
    return [
        Page("language/", "language", guarded(language, ANYONE, post, None), ANYONE, None, post),
        *(brought(*each, may=ANYONE) for each in _IN),
        *(
            brought(*each, may=everyone, menu="person" if each[1] in _IN_MENU else "")
            for each in _OWN
        ),
    ]


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
