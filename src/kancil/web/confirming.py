"""Who is there now: what counts as a person's own act has that shown once more.

allauth decides what shows it: password, code or passkey. It holds for five minutes, and for thirty
where a passphrase is typed as well. A form that opens a key asks for the password beside the
passphrase. Any other page sends the person to show who they are; what was typed waits in the
session until they are back, secrets apart, which are never kept anywhere.
"""

from __future__ import annotations

import time
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    reauthenticate_by_password,
)
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.ground.words import render as words

from .cells import Section, note
from .forms import secret

SIGNING_SECONDS = 1800
"""How long it holds for an act that a passphrase is typed for as well."""
_IN_HAND = 6
"""A form opens without the question while more than a sixth of the time is left to fill it in."""
FIELD = "sign_in_password"
_TYPED = "kancil_typed"
_Form = TypeVar("_Form", bound=forms.Form)


def is_confirmed(request: HttpRequest, *, signs: bool = False) -> bool:
    """Whether whoever is signed in has shown who they are within the last minutes.

    Signing in shows it as well as being asked again does. `signs`: the act needs the passphrase of
    a key besides, and may be later.
    """
    if did_recently_reauthenticate(request):
        return True
    seconds = SIGNING_SECONDS if signs else app_settings.REAUTHENTICATION_TIMEOUT
    return _seconds_since(request) < seconds


def _seconds_since(request: HttpRequest) -> float:
    shown = [each.get("at", 0.0) for each in get_authentication_records(request, request.user)]
    return float(time.time() - max(shown, default=0.0))


def ask_who(request: HttpRequest, asked: _Form, *, seconds: int = SIGNING_SECONDS) -> _Form:
    """Have a form with a passphrase ask for the sign-in password too, where it is time to.

    A right password is taken before anything else of the form is looked at, and the form then does
    not ask for it. `seconds`: how long showing who is there holds for what the form does.
    """
    said = ""
    if request.method == "POST" and (typed_now := request.POST.get(FIELD, "")):
        if get_adapter().reauthenticate(request.user, typed_now):
            reauthenticate_by_password(request)
            return asked
        said = words("web.refused.password")
    left = 0 if request.method == "POST" else seconds // _IN_HAND
    if not said and _seconds_since(request) < seconds - left:
        return asked
    field = secret(required=asked.fields["passphrase"].required)
    field.widget.attrs["autocomplete"] = "current-password"
    field.label = words("web.field.sign-in-password")
    field.help_text = words("web.confirm.here") if seconds == SIGNING_SECONDS else ""
    field.error_messages["required"] = words("web.form.required")
    if said:
        field.validators.append(_refusing(said))
    names = list(asked.fields)
    names.insert(names.index("passphrase"), FIELD)
    asked.fields[FIELD] = field
    asked.order_fields(names)
    return asked


def _refusing(said: str) -> Any:
    def refuse(_: object) -> None:
        raise forms.ValidationError(said)

    return refuse


def factor_note(request: HttpRequest, asked: forms.Form) -> list[Section]:
    """Above a form that asks for the password: that a code or a passkey does as well."""
    if FIELD not in asked.fields or not is_mfa_enabled(request.user):
        return []
    there = _confirming(request.get_full_path())
    return [note("info", "web.confirm.by-factor", url=there, do="web.confirm.do")]


def confirm_first(request: HttpRequest, asked: forms.Form, back: str = "") -> HttpResponse:
    """Send the person to show who they are, and back with what was typed, here or to `back`."""
    request.session[_TYPED] = {
        "path": back or request.path,
        "fields": {
            name: field.widget.value_from_datadict(request.POST, request.FILES, name)
            for name, field in asked.fields.items()
            if name in request.POST and not isinstance(field.widget, forms.PasswordInput)
        },
    }
    return redirect(_confirming(back or request.get_full_path()))


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed on this page before it asked who is there; once."""
    kept = request.session.get(_TYPED)
    if request.method != "GET" or kept is None or kept["path"] != request.path:
        return {}
    del request.session[_TYPED]
    return dict(kept["fields"])


def confirming_note(request: HttpRequest, key: str = "web.confirm.before") -> list[Section]:
    """Above a form that sending it will ask who is there; nothing if that was just shown."""
    if is_confirmed(request):
        return []
    return [
        note(
            "info",
            key,
            url=_confirming(request.get_full_path()),
            do="web.confirm.do",
        )
    ]


def _confirming(back: str) -> str:
    there = urlencode({"next": back})
    return f"{reverse('account_reauthenticate')}?{there}"
