"""The legal basis on which a unit holds and works on something: typed, never just a file name.

Stated by the officer in free text or in a TOML or JSON file; kept in `case.opened`,
`case.basis-added`. Expiry stops new processing (`require_basis` in `cases`); it never hides what
was done before. Fields: docs/formats/ledger.md, "Legal basis".
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from kancil.ground.files import read_file
from kancil.ground.ids import BasisId, is_id, new_id
from kancil.ground.phrase import Phrase

from .entry import is_hash
from .errors import LegalBasisNotReadable

_KINDS = Path(__file__).parent / "basis_kinds.yaml"
_COUNTRY_KIND = re.compile(r"[a-z]{2}:[a-z0-9][a-z0-9-]{0,59}")
STATED = "stated"
"""Kind of a basis of which only words were stated."""
_DATES = ("issued_on", "expires_on", "return_due_on")


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One warrant, order, consent, statute or foreign request; what is not stated is None."""

    id: BasisId
    kind: str
    """`warrant`, `order`, `consent`, `statute`, `foreign-request`, `stated` (words only), or a
    country's `xx:term`."""
    number: str | None = None
    authority: str | None = None
    """Who issued it, in the officer's words."""
    issued_on: date | None = None
    expires_on: date | None = None
    """Last day on which it covers new work, in the unit's zone."""
    scope: str | None = None
    return_due_on: date | None = None
    """Day by which the seized things are due back."""
    document_sha256: str | None = None
    """SHA-256 of the document itself."""
    country: str | None = None

    def has_expired(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the last day it covers is over at that moment, in the unit's zone."""
        return self.expires_on is not None and moment.astimezone(zone).date() > self.expires_on

    def title(self) -> str:
        """Name it in one line for people."""
        kind = None if self.kind == STATED else self.kind
        return " ".join(part for part in (kind, self.number, self.authority) if part)


@cache
def kinds() -> tuple[str, ...]:
    """List the kinds of legal basis: the general ones, then countries' own."""
    found = yaml.safe_load(_KINDS.read_text(encoding="utf-8"))
    own = [f"{code}:{term}" for code, terms in found["countries"].items() for term in terms]
    return (*found["general"], *own)


def from_text(text: str) -> LegalBasis:
    """Take a legal basis from free text, as its authority in the officer's own words.

    `consent: Mr A, in writing` states a kind; other words are of the kind `stated`, and nothing is
    read into them. Whoever needs a number or an end date states them in a file (`from_file`).
    Raises LegalBasisNotReadable for empty text.
    """
    if not text.strip():
        raise LegalBasisNotReadable(source="text", why=Phrase("why.basis-empty"))
    kind, colon, words = text.strip().partition(":")
    if colon and kind in kinds() and words.strip():
        return LegalBasis(BasisId(new_id()), kind, authority=words.strip())
    return LegalBasis(BasisId(new_id()), STATED, authority=text.strip())


def from_file(path: Path) -> LegalBasis:
    """Read a legal basis from a TOML or JSON file with the fields of `LegalBasis`.

    Dates are `2026-03-09` or TOML dates; `id` may be left out. Raises LegalBasisNotReadable,
    FileNotReadable.
    """
    data = read_file(path)
    try:
        text = data.decode("utf-8")
        stated = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except ValueError as error:  # JSON, TOML and UTF-8 errors are all ValueErrors
        raise LegalBasisNotReadable(source=str(path), why=str(error)[:160]) from error
    if not isinstance(stated, dict):
        raise LegalBasisNotReadable(source=str(path), why=Phrase("why.basis-no-table"))
    return from_dict({"id": new_id(), **stated}, source=str(path))


def from_dict(stated: dict[str, Any], *, source: str = "entry") -> LegalBasis:
    """Read a legal basis from named fields, strictly; raises LegalBasisNotReadable."""
    known = {item.name for item in fields(LegalBasis)}
    for name in stated:
        if name not in known:
            raise LegalBasisNotReadable(
                source=source, why=Phrase("why.field-unknown", {"field": name[:40]})
            )
    values = {name: _read_field(name, stated.get(name), source) for name in known}
    kind, identity, document = values["kind"], values["id"], values["document_sha256"]
    if kind is None or (kind not in kinds() and _COUNTRY_KIND.fullmatch(kind) is None):
        known_kinds = ", ".join(kinds())
        raise LegalBasisNotReadable(
            source=source, why=Phrase("why.basis-kind", {"known": known_kinds})
        )
    if identity is None or not is_id(identity):
        raise LegalBasisNotReadable(source=source, why=Phrase("why.basis-id"))
    if document is not None and not is_hash(document):
        raise LegalBasisNotReadable(source=source, why=Phrase("why.basis-document"))
    return LegalBasis(**values)


def _read_field(name: str, value: Any, source: str) -> Any:
    if value is None:
        return None
    if name in _DATES:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            why = Phrase("why.field-no-date", {"field": name})
            raise LegalBasisNotReadable(source=source, why=why) from error
    if not isinstance(value, str) or not value.strip():
        raise LegalBasisNotReadable(source=source, why=Phrase("why.field-no-text", {"field": name}))
    return value
