"""What people do to their own second factors, as entries of the unit's ledger.

Each page that does it is one transaction, so that no factor is there without its entry. allauth's
own signals come after the commit, which is too late; so the rows' are taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import replace
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponseBase

from kancil.desk.access.actions import record_factor
from kancil.desk.base.opening import one_change
from kancil.web.paging import Page, View
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

_PAGES = frozenset(
    ("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn")
)
_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_asking: ContextVar[HttpRequest | None] = ContextVar("asking", default=None)
"""The request in which a person changes their own factors."""


def recorded(pages: Iterable[Page]) -> list[Page]:
    """The pages by which people come in; those that change factors record it."""
    post_save.connect(_added, sender=Authenticator, dispatch_uid="kancil-factor-added")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="kancil-factor-removed")
    return [
        replace(each, view=_as_one(each.view)) if each.name in _PAGES else each for each in pages
    ]


def _as_one(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        before = _asking.set(request)
        try:
            with one_change():
                return view(request, *args, **kwargs)
        finally:
            _asking.reset(before)

    return answer


def _added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _record("factor-added", instance)


def _removed(instance: Authenticator, **_: Any) -> None:
    _record("factor-removed", instance)


def _record(change: str, factor: Authenticator) -> None:
    request = _asking.get()
    if request is None or factor.type not in _KINDS:
        return
    desk = unit_desk()
    record_factor(
        desk.ledger,
        person_of(request),
        change=change,
        kind=factor.type,
        number=str(factor.pk),
        by=desk.server(request),
    )
