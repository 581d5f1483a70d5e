"""One ledger entry: from a draft to signed bytes, and strictly back.

The bytes are normative (docs/formats/ledger.md, "Entry" and "Statement"). Drafts come from the
acts; entries go to a store, to JSON Lines files and to bundles.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kancil.ground import canonical, clock
from kancil.ground.errors import NotCanonical
from kancil.ground.ids import CaseId, ExhibitId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer, fingerprint

from .errors import EntryNotReadable, LedgerBroken
from .merkle import leaf_hash

FORMAT = "kancil-ledger/1"
NO_HASH = "0" * 64
HEAD_BYTES = 116
"""What stands before the statement: `{"signature":"`, 88 characters, `","statement":`."""

_BEFORE_SIGNATURE = b'{"signature":"'
_AFTER_SIGNATURE = b'","statement":'
_STATEMENT_KEYS = frozenset(
    ("format", "unit", "n", "prev", "at", "officer", "key", "kind", "case", "exhibit", "body")
)
_LINK_KEYS = frozenset(("id", "n", "prev"))
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_HEX = frozenset("0123456789abcdef")
_QUICK = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Python's own writer; where it gives the canonical bytes, see `read_canonical`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an act wants written; the store adds numbers, links, time and signature."""

    kind: str
    body: dict[str, Any]
    officer: OfficerId | None = None
    case: CaseId | None = None
    exhibit: ExhibitId | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry's place within its case or its exhibit."""

    id: str
    n: int
    prev: str
    """Hash (hex) of the entry before in the same case or exhibit; 64 zeros for the first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the ledger."""

    data: bytes
    """The normative bytes, without line end."""
    hash: bytes
    """32 bytes: SHA-256 of 0x00 and `data`."""
    statement: dict[str, Any] = field(repr=False)
    """The statement as read from `data`."""

    @property
    def n(self) -> int:
        """Number within the unit, from 1."""
        return int(self.statement["n"])

    @property
    def kind(self) -> str:
        """What happened, such as `case.opened`."""
        return str(self.statement["kind"])

    @property
    def body(self) -> dict[str, Any]:
        """What the kind says in detail."""
        return dict(self.statement["body"])

    @property
    def unit(self) -> str:
        """Id of the unit."""
        return str(self.statement["unit"])

    @property
    def prev(self) -> str:
        """Hash (hex) of the entry before."""
        return str(self.statement["prev"])

    @property
    def at(self) -> datetime:
        """The unit's clock as aware UTC: a claim, not a proof."""
        return clock.from_text(self.statement["at"])

    @property
    def officer(self) -> OfficerId | None:
        """The officer who acted."""
        value = self.statement["officer"]
        return None if value is None else OfficerId(value)

    @property
    def on_behalf(self) -> dict[str, Any] | None:
        """For whom a server signed: `officer`, and how they were `authenticated_by` it."""
        value = self.statement["body"].get("on_behalf")
        return value if isinstance(value, dict) else None

    @property
    def actor(self) -> OfficerId | None:
        """The person who acted: the officer, or the one for whom a server signed."""
        behalf = self.on_behalf
        named = None if behalf is None else behalf.get("officer")
        return OfficerId(named) if isinstance(named, str) else self.officer

    @property
    def key(self) -> str:
        """Fingerprint of the key that signed."""
        return str(self.statement["key"])

    @property
    def case(self) -> Link | None:
        """Place within its case, if it has one."""
        value = self.statement["case"]
        return None if value is None else Link(**value)

    @property
    def exhibit(self) -> Link | None:
        """Place within its exhibit, if it has one."""
        value = self.statement["exhibit"]
        return None if value is None else Link(**value)

    @property
    def case_id(self) -> CaseId | None:
        """Id of its case."""
        value = self.statement["case"]
        return None if value is None else CaseId(value["id"])

    @property
    def exhibit_id(self) -> ExhibitId | None:
        """Id of its exhibit."""
        value = self.statement["exhibit"]
        return None if value is None else ExhibitId(value["id"])

    @property
    def signature(self) -> bytes:
        """The 64-byte Ed25519 signature over `signed_bytes`."""
        return base64.b64decode(self.data[14:102])

    @property
    def signed_bytes(self) -> bytes:
        """The statement's bytes, which the signature covers."""
        return self.data[HEAD_BYTES:-1]

    def lacking(self, error: Exception) -> LedgerBroken:
        """The error of an entry, rightly signed, that lacks what its kind must say."""
        why = {"kind": self.kind, "why": repr(error)[:90]}
        return LedgerBroken(n=self.n, problem=Phrase("problem.kind-lacks", why))


def entry_hash(data: bytes) -> bytes:
    """Hash an entry's bytes: SHA-256 of 0x00 and the bytes, the leaf hash of RFC 6962."""
    return leaf_hash(data)


def make_entry(
    draft: Draft,
    signer: Signer,
    *,
    unit: str,
    n: int,
    prev: str,
    at: datetime,
    case: Link | None,
    exhibit: Link | None,
) -> Entry:
    """Sign a draft in its place; raises NotCanonical for a body that has no canonical form."""
    statement: dict[str, Any] = {
        "at": clock.to_text(at),
        "body": draft.body,
        "case": _link_dict(case),
        "exhibit": _link_dict(exhibit),
        "format": FORMAT,
        "key": fingerprint(signer.public_raw),
        "kind": draft.kind,
        "n": n,
        "officer": draft.officer,
        "prev": prev,
        "unit": unit,
    }
    # Read back rather than kept: a body that its maker changes later must not change the entry.
    signed, again = write_canonical(statement)
    data = write_line(signer.sign(signed), signed)
    return Entry(data, leaf_hash(data), again)


def write_line(signature: bytes, statement: bytes) -> bytes:
    """Join a 64-byte signature and a canonical statement to an entry's bytes."""
    return b"".join(
        (_BEFORE_SIGNATURE, base64.b64encode(signature), _AFTER_SIGNATURE, statement, b"}")
    )


def read_entry(data: bytes, computed: bytes | None = None) -> Entry:
    """Read an entry's bytes strictly: canonical, the eleven keys, each of its right form.

    `computed`: the bytes' own hash, from whoever has just made it with `leaf_hash`. Neither the
    signature nor any link is checked here; that is `verify`. Raises EntryNotReadable.
    """
    if (
        data[:14] != _BEFORE_SIGNATURE
        or data[102:HEAD_BYTES] != _AFTER_SIGNATURE
        or data[-1:] != b"}"
    ):
        raise EntryNotReadable(why=Phrase("why.entry-form"))
    try:
        signature = base64.b64decode(data[14:102], validate=True)
    except binascii.Error as error:
        raise EntryNotReadable(why=Phrase("why.signature-no-base64")) from error
    if len(signature) != 64 or base64.b64encode(signature) != data[14:102]:
        raise EntryNotReadable(why=Phrase("why.signature-length"))
    statement = read_canonical(data[HEAD_BYTES:-1])
    _check_statement(statement)
    return Entry(data, leaf_hash(data) if computed is None else computed, statement)


def read_known_entry(data: bytes, known_hash: bytes) -> Entry:
    """Read bytes that `read_entry` has accepted before, under this hash, at a third of its cost.

    Bytes of another hash are read strictly. Raises EntryNotReadable.
    """
    found = leaf_hash(data)
    if found != known_hash:
        return read_entry(data)
    try:
        return Entry(data, found, json.loads(data[HEAD_BYTES:-1]))
    except ValueError as error:
        raise EntryNotReadable(why=Phrase("why.not-canonical")) from error


def write_canonical(value: Any) -> tuple[bytes, Any]:
    """Write canonical JSON, quickly, and give it with what it reads back as.

    Python's own writer is used where it gives the same bytes (see `read_canonical`): when the
    keys are ASCII and the value reads back unchanged. Raises NotCanonical.
    """
    try:
        quick = _QUICK.encode(value)
        again = canonical.loads(quick.encode("utf-8"))
        if again == value and _has_ascii_keys(again):
            return quick.encode("utf-8"), again
    except (NotCanonical, TypeError, ValueError, RecursionError):
        pass  # the slow way says what is wrong, or that nothing is
    data = canonical.dumps(value)
    return data, canonical.loads(data)


def read_canonical(data: bytes) -> Any:
    """Read JSON that must be canonical, quickly; raises EntryNotReadable.

    Python's own writer with sorted keys gives the RFC 8785 form in all but one point: RFC 8785
    sorts keys by UTF-16 code units, Python by code points. The two agree on ASCII, so only JSON
    with other keys takes the slow way.
    """
    try:
        value = canonical.loads(data)
        again = _QUICK.encode(value)
        if data.isascii() or _has_ascii_keys(value):
            same = again.encode("utf-8") == data
        else:
            same = canonical.dumps(value) == data
    except (NotCanonical, UnicodeEncodeError, RecursionError) as error:
        raise EntryNotReadable(why=Phrase("why.not-canonical")) from error
    if not same:
        raise EntryNotReadable(why=Phrase("why.not-canonical"))
    return value


def _has_ascii_keys(value: Any) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _has_ascii_keys(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_has_ascii_keys(item) for item in value)
    return True


def _check_statement(statement: Any) -> None:
    if not isinstance(statement, dict) or statement.keys() != _STATEMENT_KEYS:
        raise EntryNotReadable(why=Phrase("why.entry-keys"))
    if statement["format"] != FORMAT:
        raise EntryNotReadable(why=Phrase("why.entry-format"))
    n, officer = statement["n"], statement["officer"]
    if type(n) is not int or n < 1:
        raise EntryNotReadable(why=Phrase("why.entry-number"))
    for name in ("unit", "key", "kind", "at"):
        if not isinstance(statement[name], str):
            raise EntryNotReadable(why=Phrase("why.field-no-text", {"field": name}))
    if officer is not None and not isinstance(officer, str):
        raise EntryNotReadable(why=Phrase("why.entry-officer"))
    if not isinstance(statement["body"], dict):
        raise EntryNotReadable(why=Phrase("why.entry-body"))
    if not is_hash(statement["prev"]):
        raise EntryNotReadable(why=Phrase("why.entry-prev"))
    for name in ("case", "exhibit"):
        if statement[name] is not None:
            _check_link(statement[name], name)
    if not _is_time(statement["at"]):
        raise EntryNotReadable(why=Phrase("why.entry-time"))


def _is_time(text: str) -> bool:
    """What `clock.from_text` accepts, without its cost: `verify` asks this of every entry."""
    if _TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_link(link: Any, name: str) -> None:
    if (
        not isinstance(link, dict)
        or link.keys() != _LINK_KEYS
        or not isinstance(link["id"], str)
        or type(link["n"]) is not int
        or link["n"] < 1
        or not is_hash(link["prev"])
    ):
        raise EntryNotReadable(why=Phrase("why.entry-link", {"field": name}))


def is_hash(text: Any) -> bool:
    """Whether a value is 64 lower-case hex digits."""
    return isinstance(text, str) and len(text) == 64 and _HEX.issuperset(text)


def _link_dict(link: Link | None) -> dict[str, Any] | None:
    return None if link is None else {"id": link.id, "n": link.n, "prev": link.prev}
