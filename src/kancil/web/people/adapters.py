"""How allauth behaves here: nobody signs up by herself; second factors are sealed at rest."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest

from kancil.desk.people.actions import password_was_changed
from kancil.desk.people.queries import Person
from kancil.ground.errors import SecondFactorSealed


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def set_password(self, user: Person, password: str) -> None:
        """Take a password that the person has chosen herself."""
        super().set_password(user, password)
        password_was_changed(user)
        user.must_change_password = False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are encrypted with a key from the workspace's secret."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; raises SecondFactorSealed without the key that sealed it."""
        try:
            return _box().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken as error:
            raise SecondFactorSealed from error

    def build_totp_svg(self, url: str) -> str:
        """Draw the code of a TOTP secret as SVG without inline style, which the policy forbids."""
        return segno.make(url).svg_inline(scale=5, border=2, omitsize=False)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Name the site to a passkey."""
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Kancil"}


def _box() -> Fernet:
    key = hashlib.sha256(b"kancil second factors" + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
