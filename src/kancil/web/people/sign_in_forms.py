"""allauth's forms in our words: sign-in, password, second factors, and showing who is there."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)

from kancil.ground.words import render as words
from kancil.web.forms import put_into_words


class _Worded:
    """Labels, hints and refusals from the words; no placeholder, which is no label."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
        put_into_words(self.fields)


class SignIn(_Worded, LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""


class NewPassword(_Worded, ChangePasswordForm):  # type: ignore[misc]
    """The old password, and a new one twice."""

    def clean(self) -> dict[str, Any]:
        """Say in our words that the two differ."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "password1" in given and "password2" in self.errors:
            self.errors["password2"] = self.error_class([words("web.form.differ")])
        return given


class ConfirmByPassword(_Worded, ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class Code(_Worded, codes.AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""


class ConfirmByCode(_Worded, codes.ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""


class CodesOn(_Worded, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app."""


class AddPasskey(_Worded, AddWebAuthnForm):  # type: ignore[misc]
    """A name for a passkey, and whether it signs in alone."""


class RenamePasskey(_Worded, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""


class LongEnough(MinimumLengthValidator):
    """A password is long enough."""

    def get_error_message(self) -> str:
        """Say how long it must be."""
        return words("web.password.short", least=self.min_length)

    def get_help_text(self) -> str:
        """Say how long it must be."""
        return words("web.password.short", least=self.min_length)


class NotCommon(CommonPasswordValidator):
    """A password is none that everybody uses."""

    def get_error_message(self) -> str:
        """Say that it is."""
        return words("web.password.common")

    def get_help_text(self) -> str:
        """Say that it must be none."""
        return words("web.password.common")
