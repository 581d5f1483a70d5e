"""Answers as JSON, and back: the one form in which they are signed, carried and exported.

What comes back was written by others: every key must be there, no other may, and each value has the
kind and the length that it is kept with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from kancil.assessment.answer import BILL, Answer, Evidence, Given, Kind
from kancil.assessment.errors import AnswersFileNotReadable
from kancil.assessment.protocol import Confidence
from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

EVIDENCE_KINDS = ("document", "data", "statute", BILL, "interview", "observation")
MOST_LONG, MOST_SHORT, MOST_LISTED = 100_000, 500, 20_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

_Word = TypeVar("_Word", bound=StrEnum)


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as JSON, its author left to whoever writes it."""
    told: dict[str, Any] = plain(answer)
    del told["by"]
    return told


class Fields:
    """The keys of one mapping of a file, taken one by one; what is wrong is named by its place."""

    def __init__(self, value: Any, keys: Collection[str], path: str, place: str) -> None:
        """Take a mapping that must have exactly these keys; raises AnswersFileNotReadable."""
        self.path, self.place = path, place
        if not isinstance(value, dict) or set(value) != set(keys):
            self.refuse("")
        self.values: Mapping[str, Any] = value

    def refuse(self, key: str) -> NoReturn:
        """Where the file is not of its form."""
        place = f"{self.place}.{key}" if key else self.place
        raise AnswersFileNotReadable(
            path=self.path, why=Phrase("why.answers-field", {"place": place})
        )

    def text(self, key: str, most: int = MOST_SHORT, *, may_be_empty: bool = True) -> str:
        """Take a text without control characters."""
        value = self.values[key]
        if not isinstance(value, str) or len(value) > most or _CONTROL.search(value):
            self.refuse(key)
        if not value and not may_be_empty:
            self.refuse(key)
        return value

    def ident(self, key: str) -> str:
        """Take an id."""
        value = self.values[key]
        if not isinstance(value, str) or _ID.fullmatch(value) is None:
            self.refuse(key)
        return value

    def maybe_ident(self, key: str) -> str | None:
        """Take an id, or null."""
        return None if self.values[key] is None else self.ident(key)

    def sha256(self, key: str) -> str:
        """Take a digest."""
        value = self.values[key]
        if not isinstance(value, str) or _SHA256.fullmatch(value) is None:
            self.refuse(key)
        return value

    def maybe_sha256(self, key: str) -> str | None:
        """Take a digest, or null."""
        return None if self.values[key] is None else self.sha256(key)

    def maybe_day(self, key: str) -> date | None:
        """Take a day, or null."""
        value = self.values[key]
        if value is None:
            return None
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            self.refuse(key)
        if day.isoformat() != value:
            self.refuse(key)
        return day

    def word(self, key: str, words: type[_Word]) -> _Word:
        """Take one of some words."""
        value = self.values[key]
        if not isinstance(value, str) or value not in {each.value for each in words}:
            self.refuse(key)
        return words(value)

    def whole(self, key: str) -> int:
        """Take a whole number from 0 up."""
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.refuse(key)
        return value

    def listed(self, key: str, most: int = MOST_LISTED) -> list[Any]:
        """Take a list."""
        value = self.values[key]
        if not isinstance(value, list) or len(value) > most:
            self.refuse(key)
        return value

    def idents(self, key: str) -> tuple[str, ...]:
        """Take a list of ids."""
        found = self.listed(key, 1_000)
        if not all(isinstance(each, str) and _ID.fullmatch(each) for each in found):
            self.refuse(key)
        return tuple(found)


def given_of(value: Any, path: str, place: str) -> Given | None:
    """Read what a signed file has of it; whether it stands on the scale, `giving` says.

    Raises AnswersFileNotReadable.
    """
    if value is None:
        return None
    fields = Fields(value, ("kind", "value", "reason"), path, place)
    said = fields.values["value"]
    if isinstance(said, list):
        if len(said) > 1_000 or not all(isinstance(each, str) for each in said):
            fields.refuse("value")
        said = tuple(said)
    elif isinstance(said, str):
        said = fields.text("value", MOST_LONG)
    elif isinstance(said, bool) or not (said is None or isinstance(said, int)):
        fields.refuse("value")
    return Given(fields.word("kind", Kind), said, fields.text("reason", MOST_LONG))


def evidence_of(value: Any, path: str, place: str) -> Evidence:
    """Read what a signed file has of it; raises AnswersFileNotReadable."""
    keys = (
        "id", "grade", "title", "kind", "sha256", "reference", "dated", "interview", "extract",
    )  # fmt: skip
    fields = Fields(value, keys, path, place)
    kind = fields.text("kind")
    if kind not in EVIDENCE_KINDS:
        fields.refuse("kind")
    return Evidence(
        id=fields.ident("id"),
        grade=fields.ident("grade"),
        title=fields.text("title", may_be_empty=False),
        kind=kind,
        sha256=fields.maybe_sha256("sha256"),
        reference=fields.text("reference"),
        dated=fields.maybe_day("dated"),
        interview=fields.maybe_ident("interview"),
        extract=fields.maybe_ident("extract"),
    )


ANSWER_KEYS = (
    "id", "indicator", "at", "given", "parts", "confidence", "comment", "evidence",
)  # fmt: skip


def answer_of(fields: Fields, by: str) -> Answer:
    """Read what `answer_json` wrote, as the answer of this person."""
    path, place = fields.path, fields.place
    try:
        at = clock.from_text(fields.text("at"))
    except TimeNotReadable:
        fields.refuse("at")
    parts: dict[str, Given] = {}
    said = fields.values["parts"]
    if not isinstance(said, dict) or len(said) > 1_000:
        fields.refuse("parts")
    for name, each in said.items():
        given = given_of(each, path, f"{place}.parts.{name[:60]}")
        if given is None:
            fields.refuse("parts")
        parts[name] = given
    evidence = fields.listed("evidence", 1_000)
    return Answer(
        id=fields.ident("id"),
        indicator=fields.ident("indicator"),
        by=by,
        at=at,
        given=given_of(fields.values["given"], path, f"{place}.given"),
        parts=parts,
        confidence=fields.word("confidence", Confidence),
        comment=fields.text("comment", MOST_LONG),
        evidence=tuple(
            evidence_of(each, path, f"{place}.evidence.{number}")
            for number, each in enumerate(evidence)
        ),
    )
