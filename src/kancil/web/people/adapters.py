"""How allauth behaves here: nobody signs up on their own; second factors are sealed at rest."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy

from kancil.desk.base.opening import current_workspace
from kancil.desk.people.actions import password_was_changed
from kancil.desk.people.queries import Person
from kancil.ground.words import render as words
from kancil.web.errors import SecondFactorSealed
from kancil.web.signed_in import person_of

_SAID = {
    "account/messages/password_changed.txt": "web.said.password-changed",
    "mfa/messages/recovery_codes_generated.txt": "web.said.codes-made",
    "mfa/messages/totp_activated.txt": "web.said.code-on",
    "mfa/messages/totp_deactivated.txt": "web.said.code-off",
    "mfa/messages/webauthn_added.txt": "web.said.passkey-added",
    "mfa/messages/webauthn_removed.txt": "web.said.passkey-removed",
}
"""What allauth wants said, and our words for it; what is not here is not said."""
_in_words = lazy(words, str)


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _in_words("web.refused.ended"),
        "enter_current_password": _in_words("web.refused.password"),
        "incorrect_password": _in_words("web.refused.password"),
        "username_password_mismatch": _in_words("web.refused.sign-in"),
        "invalid_login": _in_words("web.refused.sign-in"),
        "rate_limited": _in_words("web.refused.too-often"),
        "too_many_login_attempts": _in_words("web.refused.too-often"),
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_: Any,
        **__: Any,
    ) -> None:
        """In our words what allauth wants said."""
        key = _SAID.get(message_template or "")
        if key is not None:
            messages.add_message(request, level, words(key))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave passwords to axes, which counts them by name and address, in the database."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where one goes on once the password is changed: to one's signing key, or home."""
        person = person_of(request)
        signs = current_workspace().site.holds_cases and person.acts
        makes_key = signs and person.officer is None
        return reverse("own_key") if makes_key else "/"

    def set_password(self, user: Person, password: str) -> None:
        """Take a password that the person has chosen themselves."""
        super().set_password(user, password)
        password_was_changed(user)
        user.must_change_password = False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are encrypted with a key from the workspace's secret."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _in_words("web.refused.factor"),
        "cannot_generate_recovery_codes": _in_words("web.refused.codes"),
        "incorrect_code": _in_words("web.refused.code"),
    }

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        """A new passkey a name to begin with, in the person's language."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return words("web.passkey.name-of", number=count + 1)

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
        """Draw the code of a TOTP secret as SVG without inline style, which the policy forbids.

        Black on white in both themes, with the quiet zone that ISO/IEC 18004 asks for.
        """
        return segno.make(url).svg_inline(border=4, dark="#000", light="#fff", omitsize=True)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Name the site to a passkey."""
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Kancil"}


def _box() -> Fernet:
    key = hashlib.sha256(b"kancil second factors" + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
