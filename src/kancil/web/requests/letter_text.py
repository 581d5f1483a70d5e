"""A letter as text on a page: each field under its name, in the order of the letter."""

from __future__ import annotations

from typing import Any

from kancil.desk.requests.queries import kind_of
from kancil.ground.phrase import Phrase
from kancil.legal.fields import Form, fields
from kancil.legal.instruments.instrument import instruments
from kancil.legal.request import Draft, Item
from kancil.reports.casework.request.reply import check_code

from .typed import RIGHTS

Value = dict[str, Any]
"""`text`, or `lines` of one row: each a name and what it says."""


def letter_parts(letter: Draft) -> list[dict[str, Any]]:
    """The parts of a letter that say something."""
    to = letter.addressee
    lines = [to.name, to.address, to.country]
    head: list[dict[str, Any]] = [
        {"heading": Phrase("web.letter.addressee"),
         "values": [{"text": "\n".join(each for each in lines if each)}]},
        {"heading": Phrase("web.letter.head-reference"), "values": [{"text": letter.reference}]},
        {"heading": Phrase("web.letter.check-code"), "values": [{"text": check_code(letter)}]},
    ]  # fmt: skip
    found = [
        {"heading": field_name(name), "values": values_of(letter, name)}
        for name in kind_of(letter).fields
    ]  # fmt: skip
    return [each for each in (*head, *found) if any(map(_says, each["values"]))]


def _says(value: Value) -> bool:
    return bool(value.get("text") or value.get("lines"))


def field_name(name: str) -> Phrase:
    """The name of a field."""
    if name == "addressee":
        return Phrase("web.letter.addressee")
    return Phrase(f"name.request-field-{name.replace('_', '-')}")


def changed_fields(before: Draft, after: Draft) -> list[Phrase]:
    """The fields in which two versions differ."""
    found = ["addressee"] if before.addressee != after.addressee else []
    found += [name for name in kind_of(after).fields
              if values_of(before, name) != values_of(after, name)]  # fmt: skip
    return [field_name(name) for name in found]


def values_of(letter: Draft, name: str) -> list[Value]:
    """What a field of a letter says."""
    form = fields()[name].form
    if form.is_text:
        text = letter.text(name)
        second = letter.translations.get(name, "")
        return [{"text": each} for each in (text, second) if each]
    if form is Form.RIGHTS:
        return [
            {"lines": [(Phrase(f"rights.{question}"), Phrase(f"rights.answer-{answer}"))],
             "text": letter.assurances.get(question, "")}
            for question, answer in sorted(letter.rights.items(), key=_place)
        ]  # fmt: skip
    rows = getattr(letter, form.value)
    return [{"text": each} if isinstance(each, str) else {"lines": _lines(each)} for each in rows]


def _place(answered: tuple[str, str]) -> int:
    """Where a question stands in the order in which they are asked; one not known stands last."""
    return RIGHTS.index(answered[0]) if answered[0] in RIGHTS else len(RIGHTS)


_PHRASES = {"sought": "name.sought", "standing": "name.standing", "role": "name.role-in-case",
            "instrument": "name.request-basis"}  # fmt: skip
_IDS = ("value", "txid")


def _lines(row: Any) -> list[tuple[Phrase, Any]]:
    """What a row says, each with the name of its input; what is empty is left out."""
    found: list[tuple[Phrase, Any]] = []
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if not value or (isinstance(row, Item) and name == "selector"):
            continue
        label = Phrase(f"web.letter.{name.replace('_', '-')}")
        if name == "instrument" and value in instruments():
            value = instruments()[value].name
        elif name in _PHRASES:
            value = Phrase(f"{_PHRASES[name]}-{value}")
        elif name in ("since", "until", "at"):
            value = str(value).replace("T", " ", 1)
        elif value is True:
            value = Phrase("web.letter.alias")
        found.append((label, value))
    return found
