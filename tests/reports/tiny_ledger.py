"""A second, plain way to make a ledger's custody part of a bundle, from the format page alone.

Tests use it so that the checker is not judged only by what Kancil's own writer makes. Keys, times
and ids are fixed, so that the same bundle comes out every time.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

UNIT = "01936000-0000-7000-8000-000000000001"
OFFICER = "01936000-0000-7000-8000-000000000002"
OTHER_OFFICER = "01936000-0000-7000-8000-000000000006"
CASE = "01936000-0000-7000-8000-000000000003"
EXHIBIT = "01936000-0000-7000-8000-000000000004"
BASIS = "01936000-0000-7000-8000-000000000005"
ZEROS = "0" * 64


_seed = b"test key "


@contextmanager
def keys_of_strangers() -> Iterator[None]:
    """Let every key be another one meanwhile, as where strangers forge a unit under its names."""
    global _seed  # noqa: PLW0603
    held, _seed = _seed, b"stranger's key "
    try:
        yield
    finally:
        _seed = held


def key_of(name: str) -> Ed25519PrivateKey:
    """The fixed test key of a name; a key anyone can compute, for tests only."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_seed + name.encode()).digest())


def raw_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 public bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint_of(key: Ed25519PrivateKey) -> str:
    """The fingerprint as ledger.md says."""
    digest = base64.b64encode(hashlib.sha256(raw_of(key)).digest()).decode().rstrip("=")
    return "SHA256:" + digest


def canonical(value: object) -> bytes:
    """Write canonical JSON; enough for test data, which is ASCII keys, text and small integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(data: bytes) -> bytes:
    """Hash one leaf (RFC 6962)."""
    return hashlib.sha256(b"\0" + data).digest()


def root(hashes: list[bytes]) -> bytes:
    """The RFC 6962 root of leaf hashes."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + root(hashes[:split]) + root(hashes[split:])).digest()


def path(place: int, hashes: list[bytes]) -> list[bytes]:
    """The RFC 6962 audit path of a leaf, from the leaf up."""
    if len(hashes) == 1:
        return []
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if place < split:
        return [*path(place, hashes[:split]), root(hashes[split:])]
    return [*path(place - split, hashes[split:]), root(hashes[:split])]


@dataclass
class TinyLedger:
    """Entries made one after the other, and the notes over them."""

    entries: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    chains: dict[str, list[bytes]] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        body: dict[str, object],
        *,
        key: Ed25519PrivateKey,
        officer: str | None,
        case: str | None = None,
        exhibit: str | None = None,
    ) -> bytes:
        """Append one entry and give its bytes."""
        number = len(self.entries) + 1
        statement = {
            "at": f"2026-11-24T08:{number:02d}:00.000000Z",
            "body": body,
            "case": self._link(case),
            "exhibit": self._link(exhibit),
            "format": "kancil-ledger/1",
            "key": fingerprint_of(key),
            "kind": kind,
            "n": number,
            "officer": officer,
            "prev": self.hashes[-1].hex() if self.hashes else ZEROS,
            "unit": UNIT,
        }
        signed = canonical(statement)
        signature = base64.b64encode(key.sign(signed))
        entry = b'{"signature":"' + signature + b'","statement":' + signed + b"}"
        self.entries.append(entry)
        self.hashes.append(leaf(entry))
        for name in (case, exhibit):
            if name is not None:
                self.chains.setdefault(name, []).append(self.hashes[-1])
        return entry

    def _link(self, name: str | None) -> dict[str, object] | None:
        if name is None:
            return None
        chain = self.chains.get(name, [])
        return {"id": name, "n": len(chain) + 1, "prev": chain[-1].hex() if chain else ZEROS}

    def note(self, origin: str, hashes: list[bytes], *extra: str) -> bytes:
        """Write one signed note (C2SP signed-note, tlog-checkpoint)."""
        name = f"kancil/{UNIT}"
        key = key_of("unit")
        lines = [origin, str(len(hashes)), base64.b64encode(root(hashes)).decode(), *extra]
        text = "\n".join(lines).encode() + b"\n"
        key_hash = hashlib.sha256(name.encode() + b"\n\1" + raw_of(key)).digest()[:4]
        signature = base64.b64encode(key_hash + key.sign(text)).decode()
        return text + f"\n\u2014 {name} {signature}\n".encode()

    def checkpoint(self) -> bytes:
        """The checkpoint over all entries."""
        return self.note(f"kancil/{UNIT}", self.hashes, "time 2026-11-24T09:00:00.000000Z")

    def head(self, kind: str, name: str) -> bytes:
        """The head note of a case or exhibit."""
        ledger = f"ledger {len(self.hashes)} {base64.b64encode(root(self.hashes)).decode()}"
        return self.note(
            f"kancil/{UNIT}/{kind}/{name}",
            self.chains[name],
            "time 2026-11-24T09:00:00.000000Z",
            ledger,
        )


def found_ledger(
    title: str = "Sample: payment under threat",
    *,
    expires_on: str | None = None,
    is_training: bool = False,
) -> TinyLedger:
    """Make the first entries: unit, disk, officer, case, exhibit; `expires_on`: of its basis."""
    ledger = TinyLedger()
    unit, officer = key_of("unit"), key_of("officer")
    basis = {
        "authority": "Sample Court", "country": "LA", "document_sha256": None,
        "expires_on": expires_on, "id": BASIS,
        "issued_on": "2026-11-01", "kind": "order", "number": "12/2026",
        "return_due_on": None, "scope": "bitcoin payments of the sample case",
    }  # fmt: skip
    ledger.add(
        "unit.founded",
        {
            "country": "LA",
            "name": "Sample Cybercrime Unit",
            "public_key": base64.b64encode(raw_of(unit)).decode(),
            "zone": "Asia/Vientiane",
            **({"site": "classroom"} if is_training else {}),
        },
        key=unit,
        officer=None,
    )
    ledger.add(
        "officer.added",
        {
            "name": "Dara (sample)", "number": 1, "officer": OFFICER,
            "public_key": base64.b64encode(raw_of(officer)).decode(), "role": "investigator",
            "vouched_by": None, "vouched_how": "first officer",
        },
        key=unit,
        officer=OFFICER,
    )  # fmt: skip
    ledger.add(
        "unit.disk-stated",
        {"encrypted": "not known", "exception": None, "seen": "nothing"},
        key=officer,
        officer=OFFICER,
    )
    ledger.add(
        "case.opened",
        {"basis": basis, "number": 1, "title": title},
        key=officer,
        officer=OFFICER,
        case=CASE,
    )
    content = {
        "files": 1, "in_place": False, "listing_sha256": None, "md5": "0" * 32, "sha1": "0" * 40,
        "sha256": "0" * 64, "size_bytes": "0",
    }  # fmt: skip
    ledger.add(
        "exhibit.added",
        {"basis": BASIS, "content": content, "number": 1, "source": "copied by hand",
         "title": "Block files"},
        key=officer,
        officer=OFFICER,
        case=CASE,
        exhibit=EXHIBIT,
    )  # fmt: skip
    return ledger
