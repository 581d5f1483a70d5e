"""What is kept back when a case leaves the unit: a ledger entry, or one field of an exhibit's.

Each with a reason, and with the entry's hash, by which a court can ask for it and see that it is
what was kept back. The hash covers the entry's signature, so that nobody can guess a short word
from it. A bundle shows an entry whole or not at all, since a signature covers all of its fields; a
printed report can leave out one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import LEFT_OUT, or_none, written

from .entry import Entry

LONGEST_REASON = 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """An entry, or a field of one, that is kept back, and why."""

    PLAIN_ALSO: ClassVar = ("n", "sha256")

    entry: Entry = dataclasses.field(metadata=LEFT_OUT)
    field: str = dataclasses.field(metadata=written(by=or_none))
    """Name of the field in the entry's body; empty for the whole entry."""
    reason: str

    @property
    def n(self) -> int:
        """Number of the entry."""
        return self.entry.n

    @property
    def sha256(self) -> str:
        """Hash of the entry (hex), as the ledger links it."""
        return self.entry.hash.hex()


def read_withheld(
    given: Iterable[str], free: Mapping[int, Entry], *, option: str, fields: bool
) -> tuple[Withheld, ...]:
    """Read `12=reason` for an entry and `12.place=reason` for a field of an exhibit's.

    `free`: the entries that may be kept back. `fields`: a field may be. What is named twice is kept
    back once, for the last reason. Raises OptionNotUsable, which names `option`.
    """
    found: dict[tuple[int, str], Withheld] = {}
    for text in given:
        what, _, reason = text.partition("=")
        number, dot, field = (part.strip() for part in what.partition("."))
        code = _trouble(number, field if dot else None, reason.strip(), free, fields=fields)
        if code:
            raise OptionNotUsable(option=option, value=text[:80], why=Phrase(code))
        found[int(number), field] = Withheld(free[int(number)], field, reason.strip())
    whole = {n for n, field in found if not field}
    return tuple(one for (n, field), one in sorted(found.items()) if not field or n not in whole)


def _trouble(
    number: str, field: str | None, reason: str, free: Mapping[int, Entry], *, fields: bool
) -> str:
    """By a code why something cannot be kept back; empty where it can."""
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    if not is_number or field == "" or not reason or len(reason) > LONGEST_REASON:
        return "why.withhold-form"
    entry = free.get(int(number))
    if entry is None:
        return "note.not-to-be-sealed"
    if field is None:
        return ""
    if not fields:
        return "why.withhold-field-whole"
    return "" if is_field(entry, field) else "why.withhold-field"


def is_field(entry: Entry, name: str) -> bool:
    """A field that can be kept back by itself: one of an exhibit's entry that holds text."""
    value = entry.body.get(name)
    return isinstance(value, str) and bool(value) and entry.kind.startswith("exhibit.")


def covered(entry: Entry, withheld: Sequence[Withheld], mark: str) -> Entry | None:
    """An entry with a mark in place of each field that is kept back; None for a whole entry.

    Its bytes and hash stay those of the ledger, so the statement no longer is what they say.
    """
    own = [one for one in withheld if one.n == entry.n]
    if any(not one.field for one in own):
        return None
    if not own:
        return entry
    body = entry.body | {one.field: mark for one in own}
    return replace(entry, statement=entry.statement | {"body": body})
