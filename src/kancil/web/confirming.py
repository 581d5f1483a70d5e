"""Who is there now: a page that signs with an officer's own key has that shown once more.

allauth decides what shows it (password, code or passkey) and for how long it holds. What was
typed waits in the session until the officer is back, secrets apart, which are never kept anywhere.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .cells import Section, note

_TYPED = "kancil_typed"


def is_confirmed(request: HttpRequest) -> bool:
    """Whether whoever is signed in has shown who they are within the last minutes.

    Signing in shows it as well as being asked again does.
    """
    if did_recently_reauthenticate(request):
        return True
    shown = [each.get("at", 0.0) for each in get_authentication_records(request, request.user)]
    return bool(time.time() - max(shown, default=0.0) < app_settings.REAUTHENTICATION_TIMEOUT)


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


def confirming_note(request: HttpRequest, key: str = "web.confirm.first") -> list[Section]:
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
