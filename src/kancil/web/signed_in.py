"""Who is signed in, on either site."""

from __future__ import annotations

from django.http import HttpRequest

from kancil.desk.people.queries import Person


def person_of(request: HttpRequest) -> Person:
    """Whoever is signed in; a page asks only behind its own guard."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("nobody is signed in")
    return person


def how_authenticated(request: HttpRequest) -> str:
    """How the site recognised the person: what an entry's `on_behalf` states."""
    methods = request.session.get("account_authentication_methods", [])
    names = {str(each.get("type") or each.get("method")) for each in methods}
    factors = {"totp": "code", "recovery_codes": "recovery code", "webauthn": "passkey"}
    second = [word for name, word in factors.items() if name in names]
    if "password" not in names:
        return second[0] if second else "password"
    return " and ".join(["password", *second[:1]])
