"""The officer who acts, and the one way in which an act becomes an entry.

An act is decided under the ledger's head lock, on the roll as it is at that moment: the officer
serves, her key is active and hers, numbers are the next ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from kancil.ground.errors import KeyNotActive, OfficerRetired
from kancil.ground.ids import OfficerId
from kancil.ground.signing import Signer, fingerprint

from .entry import Draft, Entry
from .roll import Officer, Roll
from .store import LedgerStore, LedgerView


@dataclass(frozen=True, slots=True)
class ActingOfficer:
    """An officer with her unlocked key."""

    id: OfficerId
    signer: Signer


class _HasNumber(Protocol):
    @property
    def number(self) -> int: ...


def write_act(ledger: LedgerStore, by: ActingOfficer, build: Callable[[Roll], Draft]) -> Entry:
    """Write the draft that `build` makes of the present roll, signed by the acting officer.

    Raises OfficerNotFound, OfficerRetired, KeyNotActive, and what `build` raises.
    """

    def decide(view: LedgerView) -> Draft:
        roll = view.folded(Roll)
        check_acting(roll, by)
        return build(roll)

    return ledger.append_with(decide, by.signer)


def check_acting(roll: Roll, by: ActingOfficer) -> Officer:
    """Refuse an officer who may not sign the next entry; gives her record."""
    officer = serving_officer(roll, by.id)
    name = fingerprint(by.signer.public_raw)
    span = roll.keys.spans.get(name)
    if span is None or span.holder != by.id or not span.is_active(roll.size + 1):
        raise KeyNotActive(officer=officer.name, fingerprint=name)
    return officer


def serving_officer(roll: Roll, officer: OfficerId) -> Officer:
    """Give an officer who has not retired; raises OfficerNotFound, OfficerRetired."""
    found = roll.officer(officer)
    if found.retired_at is not None:
        raise OfficerRetired(officer=found.name)
    return found


def next_number(items: Iterable[_HasNumber]) -> int:
    """Give the next short number within the unit."""
    return 1 + max((item.number for item in items), default=0)
