"""allauth's forms in our words: sign-in, password, second factors, and showing who is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as factors
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from kancil.desk.people.actions import log_wrong_factor
from kancil.desk.people.queries import account_named
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

    def clean_login(self) -> str:
        """Name the account that is meant, so that no other spelling of it is counted apart."""
        return account_named(self.cleaned_data["login"])


class NewPassword(_Worded, ChangePasswordForm):  # type: ignore[misc]
    """The old password, and a new one twice."""

    def clean_oldpassword(self) -> str:
        """Try the old password where wrong ones are counted, as at sign-in."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password

    def clean(self) -> dict[str, Any]:
        """In our words that the two differ."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "password1" in given and "password2" in self.errors:
            self.errors["password2"] = self.error_class([words("web.form.differ")])
        return given


class ConfirmByPassword(_Worded, ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


@contextmanager
def _as_wrong_code() -> Iterator[None]:
    """Of an answer that no browser gives, which fido2 stumbles over, that it is a wrong one."""
    try:
        yield
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise factors().validation_error("incorrect_code") from error


class _Logged:
    """A wrong second factor goes into the log of failures; allauth counts it and limits."""

    user: Any

    def clean_code(self) -> Any:
        with self._logged():
            return super().clean_code()  # type: ignore[misc]

    def clean_credential(self) -> Any:
        with self._logged(), _as_wrong_code():
            return super().clean_credential()  # type: ignore[misc]

    @contextmanager
    def _logged(self) -> Iterator[None]:
        try:
            yield
        except forms.ValidationError as refused:
            if refused.code == "incorrect_code":
                log_wrong_factor(self.user, context.request, is_last=not self._may_try_again())
            raise

    def _may_try_again(self) -> bool:
        key = f"mfa-auth-user-{self.user.pk}"  # as allauth.mfa names it
        return bool(
            ratelimit.consume(context.request, action="login_failed", key=key, dry_run=True)
        )


class Code(_Logged, _Worded, codes.AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""


class ConfirmByCode(_Logged, _Worded, codes.ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""


class Passkey(_Logged, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey at sign-in, after the password."""


class SignInByPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone; whose it is, only the answer says."""

    def clean_credential(self) -> Any:
        """Refuse what is no answer of a browser."""
        with _as_wrong_code():
            return super().clean_credential()


class ConfirmByPasskey(_Logged, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""


class CodesOn(_Worded, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app."""


class AddPasskey(_Worded, AddWebAuthnForm):  # type: ignore[misc]
    """A name for a passkey, and whether it signs in alone."""


class RenamePasskey(_Worded, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""
