"""How the bytes of a table are read: the form in which an officer changes it."""

from __future__ import annotations

from typing import Any

from django import forms

from kancil.evidence.tables.table import DELIMITERS, ENCODINGS, MAX_HEADER_LINES, TableForm
from kancil.ground.words import render as words
from kancil.web.forms import WordsForm


class FormOfTable(WordsForm):
    """How the bytes are read as a table."""

    encoding = forms.ChoiceField(choices=[(each, each) for each in ENCODINGS])
    delimiter = forms.ChoiceField(choices=())
    header_line = forms.IntegerField(min_value=1, max_value=10_000)
    header_lines = forms.IntegerField(
        min_value=1, max_value=MAX_HEADER_LINES, required=False, initial=1
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the separators."""
        super().__init__(*args, **kwargs)
        names = ("name.comma", "name.semicolon", "name.tab", "name.bar")
        field = self.fields["delimiter"]
        if isinstance(field, forms.ChoiceField):
            marks = zip(DELIMITERS, names, strict=True)
            field.choices = [(name.removeprefix("name."), words(name)) for _, name in marks]

    def form(self) -> TableForm:
        """The form that was chosen."""
        given = self.cleaned_data
        marks = dict(zip(("comma", "semicolon", "tab", "bar"), DELIMITERS, strict=True))
        return TableForm(
            given["encoding"],
            marks[given["delimiter"]],
            given["header_line"],
            given["header_lines"] or 1,
        )


def form_values(form: TableForm) -> dict[str, Any]:
    """What `FormOfTable` is sent for a form."""
    names = ("comma", "semicolon", "tab", "bar")
    return {
        "encoding": form.encoding,
        "delimiter": names[DELIMITERS.index(form.delimiter)],
        "header_line": form.header_line,
        "header_lines": form.header_lines,
    }
