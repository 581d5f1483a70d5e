"""What a password may be, in our words: Django's own rules, and three that Django has not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from kancil.desk.people.queries import Person
from kancil.ground.folding import folded
from kancil.ground.words import render as words

LEAST = 12
"""Characters that a password has at least."""
_DIFFERENT = 5
"""Different characters that a password has at least, spaces apart."""
_OF_ITS_OWN = 5
"""Characters that a password has at least beside the person's names."""


class LongEnough(MinimumLengthValidator):
    """A password is long enough."""

    def get_error_message(self) -> str:
        """How long it must be."""
        return words("web.password.short", least=self.min_length)

    get_help_text = get_error_message


class NotCommon(CommonPasswordValidator):
    """A password is not on Django's list of those that are tried first."""

    def get_error_message(self) -> str:
        """That it is on the list."""
        return words("web.password.common")

    get_help_text = get_error_message


class NotDecorated(CommonPasswordValidator):
    """A password is no short one written several times, and no common one with signs around it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError; spaces and capitals change nothing."""
        plain = "".join(folded(password).split())
        bare = plain.strip("".join(each for each in set(plain) if not each.isalpha()))
        if len(_period(plain)) < LEAST or _period(bare) in self.passwords:
            raise ValidationError(self.get_help_text(), code="password_repeated")

    def get_help_text(self) -> str:
        """That it must be more than that."""
        return words("web.password.repeated")


def _period(text: str) -> str:
    """The shortest text that gives this one when repeated; itself, where there is none."""
    length = (text + text).find(text, 1) if text else 0
    return text[:length]


class Varied:
    """A password is more than one or two characters repeated, and more than blanks."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password of too few different characters."""
        if len(set("".join(folded(password).split()))) < _DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_too_monotonous")

    def get_help_text(self) -> str:
        """How many different characters it needs."""
        return words("web.password.varied", least=_DIFFERENT)


class NotOneself(UserAttributeSimilarityValidator):
    """A password is not made of the person's own names, nor like one of them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError; Django compares with each name, here also with all repeated."""
        super().validate(password, user)
        rest = "".join(folded(password).split())
        for name in sorted(self._names(user), key=len, reverse=True):
            rest = rest.replace(name, "")
        if len(rest) < _OF_ITS_OWN:
            raise ValidationError(self.get_error_message(), code="password_too_similar")

    def _names(self, user: Any) -> set[str]:
        values = (folded(str(getattr(user, each, "") or "")) for each in self.user_attributes)
        parts = {part for value in values for part in (*value.split(), "".join(value.split()))}
        return {part for part in parts if len(part) > 2}

    def get_error_message(self) -> str:
        """That it is too like a name."""
        return words("web.password.similar")

    get_help_text = get_error_message


class NotTheSame:
    """A new password is another one: a one-time password is nobody's own."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for the password that the account has now."""
        if isinstance(user, Person) and user.password and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        """That another one is needed."""
        return words("web.password.same")
