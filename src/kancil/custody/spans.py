"""Which key may sign which entry: the rules of docs/formats/ledger.md, section "Keys".

One implementation for the acts (which must not write what a checker refuses) and for verifying.
It reads statements only, never files.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from kancil.ground.signing import fingerprint

UNIT = "unit"
"""Holder of the unit's key, in place of an officer's id."""

_UNIT_KINDS = ("workspace.", "backup.made")


@dataclass(slots=True)
class Span:
    """A key and where in the ledger it is active: entries `first` to `last`, both included."""

    fingerprint: str
    public_raw: bytes
    holder: str
    """Officer's id, or `unit`."""
    first: int
    last: int | None = None
    ended_by: str | None = None
    """Kind of the entry that ended it."""
    vouched_by: str | None = None
    """Officer who vouched, or `unit`; None where the ledger names nobody."""

    def is_active(self, n: int) -> bool:
        """Whether the key may sign entry n."""
        return self.first <= n and (self.last is None or n <= self.last)


@dataclass(slots=True)
class KeySpans:
    """All keys of a ledger, grown entry by entry."""

    spans: dict[str, Span] = field(default_factory=dict)
    officers: dict[str, bool] = field(default_factory=dict)
    """Officer's id, and whether the officer has retired."""

    def unit_key(self) -> Span | None:
        """The unit's key, once entry 1 was taken."""
        return next((span for span in self.spans.values() if span.holder == UNIT), None)

    def active_keys(self, officer: str, n: int) -> list[Span]:
        """An officer's keys that may sign entry n."""
        return [s for s in self.spans.values() if s.holder == officer and s.is_active(n)]

    def judge(self, statement: dict[str, Any]) -> list[str]:
        """By codes why this key may not sign this statement in this place; empty if it may."""
        n, kind, officer, body = (statement[name] for name in ("n", "kind", "officer", "body"))
        span = self.spans.get(statement["key"])
        if span is None:
            return ["key-unknown"]
        if not span.is_active(n):
            return ["key-not-active"]
        if kind == "unit.founded":
            return [] if n == 1 and officer is None and span.holder == UNIT else ["founded-again"]
        if officer is None:
            return ["officer-missing"]
        if span.holder == UNIT:
            return [] if self._unit_key_may(kind, officer, body) else ["unit-key-may-not"]
        if span.holder != officer:
            return ["key-of-another-officer"]
        own = body.get("officer") == officer
        if kind == "key.rotated" and own and body.get("replaces") != statement["key"]:
            return ["rotation-not-by-old-key"]
        return []

    def take(self, statement: dict[str, Any]) -> list[str]:
        """Let the statement begin and end keys; gives codes of what it says that cannot be."""
        kind, n, body = statement["kind"], statement["n"], statement["body"]
        if kind == "unit.founded":
            return self._begin(UNIT, body, 1, None)
        if kind == "officer.added":
            officer = body.get("officer")
            if not isinstance(officer, str) or officer in self.officers:
                return ["officer-doubled"]
            problems = self._begin(officer, body, n + 1, body.get("vouched_by"))
            self.officers[officer] = False
            return problems
        if kind in ("key.rotated", "key.revoked"):
            return self._change_key(kind, n, statement)
        if kind == "officer.retired":
            return self._retire(n, body)
        return []

    def _unit_key_may(self, kind: str, officer: str, body: dict[str, Any]) -> bool:
        if kind.startswith(_UNIT_KINDS):
            return officer in self.officers
        if kind == "officer.added":
            return not self.officers and body.get("officer") == officer
        if kind in ("key.rotated", "key.revoked"):
            # Nobody else could vouch; else the only officer's lost key would end the unit.
            return body.get("officer") == officer and self.serving() == [officer]
        return False

    def serving(self) -> list[str]:
        """The officers who have not retired."""
        return [name for name, retired in self.officers.items() if not retired]

    def _begin(self, holder: str, body: dict[str, Any], first: int, voucher: object) -> list[str]:
        public_raw = read_public_key(body.get("public_key"))
        if public_raw is None:
            return ["public-key-not-readable"]
        name = fingerprint(public_raw)
        if name in self.spans:
            return ["public-key-doubled"]
        vouched_by = voucher if isinstance(voucher, str) else None
        self.spans[name] = Span(name, public_raw, holder, first, vouched_by=vouched_by)
        return []

    def _change_key(self, kind: str, n: int, statement: dict[str, Any]) -> list[str]:
        body = statement["body"]
        officer = str(body.get("officer"))
        ended = self.spans.get(
            str(body.get("replaces" if kind == "key.rotated" else "fingerprint"))
        )
        if self.officers.get(officer, True):
            return ["officer-not-serving"]
        if ended is None or ended.holder != officer:
            return ["ended-key-unknown"]
        _end(ended, n, kind)
        if kind == "key.revoked":
            return []
        signer = self.spans.get(statement["key"])
        return self._begin(officer, body, n + 1, None if signer is None else signer.holder)

    def _retire(self, n: int, body: dict[str, Any]) -> list[str]:
        officer = str(body.get("officer"))
        if self.officers.get(officer, True):
            return ["officer-not-serving"]
        self.officers[officer] = True
        for span in self.spans.values():
            if span.holder == officer:
                _end(span, n, "officer.retired")
        return []


def _end(span: Span, n: int, kind: str) -> None:
    if span.last is None:
        span.last, span.ended_by = n, kind


def read_public_key(text: object) -> bytes | None:
    """Read the base64 of a 32-byte public key; None if it is not exactly that."""
    if not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 32 and write_public_key(raw) == text else None


def write_public_key(public_raw: bytes) -> str:
    """Write a public key as the base64 of its 32 bytes."""
    return base64.b64encode(public_raw).decode("ascii")
