"""Forms: labels are `web.field.<name>` or `field.<last words>`, hints `web.hint.<name>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kancil.custody.errors import KeyLocked
from kancil.desk.base.errors import KeyTriesSpent
from kancil.ground.errors import KancilError, Unreachable
from kancil.ground.words import has, render, visible
from kancil.web.guard import shown_params

Choices = Sequence[tuple[str, str] | tuple[str, list[tuple[str, str]]]]
"""Values with their words, or words with the values that stand under them."""


def label_of(name: str) -> str:
    """The key of a field's label: its own, or that of its last words, `reason` of `cancel-reason`.

    A field that has neither says its own key.
    """
    own = f"web.field.{name}"
    words = name.split("-")
    last = (f"field.{'-'.join(words[at:])}" for at in range(len(words)))
    return next((each for each in (own, *last) if has(each, "en")), own)


def put_into_words(
    fields: Mapping[str, forms.Field], described: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Labels, hints, and the words for an empty field and a choice that is none.

    `described`: those that an input describes, and by which name; their words are every door's.
    """
    for name, field in fields.items():
        key = name.replace("_", "-")
        label, hint = label_of(key), f"web.hint.{key}"
        if name in described:
            key = described[name].replace("_", "-")
            label, hint = f"field.{key}", f"field.{key}.help"
        field.label = render(label)
        if has(hint):
            field.help_text = render(hint)
        field.error_messages["required"] = render("web.form.required")
        field.error_messages["invalid_choice"] = render("web.form.no-choice")


class WordsForm(forms.Form):
    """A form whose labels and hints come from the words, in the reader's language."""

    described: Mapping[str, str] = MappingProxyType({})
    """Fields that an input describes (`records.described`), and by which name."""
    options: tuple[str, ...] = ()
    """Fields that stand folded below the others."""
    options_key = "web.form.options"
    """What is said above them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put labels and hints into words."""
        super().__init__(*args, **kwargs)
        put_into_words(self.fields, self.described)

    @property
    def opens_options(self) -> bool:
        """Whether one of the folded fields is wrong, so that it has to be seen."""
        return any(name in self.errors for name in self.options)

    @contextmanager
    def telling(self, field: str | None = None) -> Iterator[None]:
        """An error of ours at the form, or at one of its fields, and go on after it.

        That a key does not open stands at the passphrase, where the form has one. A form that
        nobody has sent yet has no place for an error: then it goes up.
        """
        try:
            yield
        except KancilError as error:
            if not self.is_bound:
                raise
            if field is None and isinstance(error, KeyLocked | KeyTriesSpent):
                field = "passphrase" if "passphrase" in self.fields else None
            params = shown_params(error)
            self.add_error(field, render(f"error.{error.code}.sentence", **params))
            if isinstance(error, Unreachable | KeyTriesSpent):
                self.add_error(None, render(f"error.{error.code}.next", **params))


def say_own_key(form: forms.Form) -> None:
    """At the passphrase that it opens the officer's own key, where another stands beside it."""
    field = form.fields["passphrase"]
    field.label, field.help_text = render("web.field.own-passphrase"), render("web.hint.own-key")


def say_signing_key(form: forms.Form) -> None:
    """At the passphrase that it opens the signing key, and is not the password."""
    field = form.fields["passphrase"]
    field.label = render("web.field.signing-passphrase")
    field.help_text = render("web.hint.signing-passphrase")


def text(limit: int = 300, *, required: bool = True, lines: int = 1) -> forms.CharField:
    """A text field; NUL is refused by Django, and every page escapes what it shows."""
    widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
    return forms.CharField(max_length=limit, required=required, widget=widget)


class Suggested(forms.TextInput):
    """A text field that suggests values as one types; without script, too."""

    def __init__(self, values: Sequence[str] = ()) -> None:
        """Suggest what is given here, or put into `values` later."""
        super().__init__(attrs={"autocomplete": "off"})
        self.values = values

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, and the list that the browser shows below it."""
        listed = f"{name}-suggested"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}">', ((each,) for each in self.values))
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, options)


def day(*, required: bool = False) -> forms.DateField:
    """A field for a day, which the browser's own calendar fills."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(required=required, widget=widget)


def choose(form: forms.Form, name: str, choices: Choices) -> None:
    """Put choices into a field that was declared without.

    They may be other people's words: characters that steer unseen are shown as their numbers.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = [
        (first, visible(second))
        if isinstance(second, str)
        else (visible(first), [(value, visible(label)) for value, label in second])
        for first, second in choices
    ]


def listed(written: str) -> list[str]:
    """What stands between commas, the Arabic one (U+060C) among them; nothing empty."""
    return [each.strip() for each in written.replace("\u060c", ",").split(",") if each.strip()]


def secret(*, required: bool = True) -> forms.CharField:
    """A field for a passphrase; never sent back."""
    return forms.CharField(
        max_length=1000,
        required=required,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
