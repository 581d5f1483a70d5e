"""Checkpoints: short signed notes that say how a ledger stood, to be kept by someone outside.

A checkpoint held elsewhere is the only thing that shows a cut tail, a fork, or a ledger written
anew. Heads of a case or an exhibit are the same notes over that subject's entries alone.
Format: docs/formats/ledger.md, "Tree and checkpoint". Source: C2SP `tlog-checkpoint` and
`signed-note` (Ed25519, signature type 0x01).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer, verify

from .errors import CheckpointNotReadable
from .store import Head

LEDGER = "ledger"
CASE = "case"
EXHIBIT = "exhibit"
MAX_BYTES = 4096

_DASH = "\u2014 "
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint, or the head of a case or exhibit, as read; its signature not yet verified."""

    data: bytes
    """The whole note."""
    unit: str
    """Id of the unit."""
    scope: str
    """`ledger`, `case` or `exhibit`."""
    subject: str | None
    """Id of the case or exhibit; None for the ledger."""
    size: int
    """Number of entries."""
    root: bytes
    """Root of the Merkle tree over their hashes, 32 bytes."""
    at: datetime
    """The unit's clock as aware UTC: a claim, not a proof."""
    ledger_size: int | None
    """For heads: size of the ledger's checkpoint that they belong to."""
    ledger_root: bytes | None
    """For heads: its root."""
    key_hash: bytes
    """Four bytes that hint at the signing key."""
    signature: bytes
    """64 bytes over `text`."""

    @property
    def text(self) -> bytes:
        """What is signed: the note up to and with the line end before the empty line."""
        return self.data[: self.data.rindex(b"\n\n") + 1]

    @property
    def sha256(self) -> str:
        """The checkpoint's own identity: SHA-256 (hex) of the whole note."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def origin(self) -> str:
        """First line of the note."""
        return origin_of(self.unit, self.scope, self.subject)


def origin_of(unit: str, scope: str = LEDGER, subject: str | None = None) -> str:
    """The first line of the notes of a ledger, a case or an exhibit."""
    return f"kancil/{unit}" if scope == LEDGER else f"kancil/{unit}/{scope}/{subject}"


def key_hash(unit: str, public_raw: bytes) -> bytes:
    """The four bytes by which a note hints at its key (C2SP signed-note, type 0x01)."""
    return hashlib.sha256(f"kancil/{unit}\n".encode() + b"\x01" + public_raw).digest()[:4]


def make_checkpoint(head: Head, unit: str, signer: Signer, at: datetime) -> bytes:
    """Sign a ledger's head with the unit's key."""
    lines = [origin_of(unit), str(head.size), _b64(head.root), f"time {clock.to_text(at)}"]
    return _sign(lines, unit, signer)


def make_head(
    scope: str, subject: str, size: int, root: bytes, *, within: Checkpoint, signer: Signer
) -> bytes:
    """Sign the head of a case or exhibit as it stands in a checkpoint; its time is that one's."""
    lines = [
        origin_of(within.unit, scope, subject),
        str(size),
        _b64(root),
        f"time {clock.to_text(within.at)}",
        f"ledger {within.size} {_b64(within.root)}",
    ]
    return _sign(lines, within.unit, signer)


def read_checkpoint(data: bytes) -> Checkpoint:
    """Read a note strictly; raises CheckpointNotReadable. The signature is not yet verified."""
    if len(data) > MAX_BYTES:
        raise CheckpointNotReadable(why=Phrase("why.too-long"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointNotReadable(why=Phrase("why.not-utf8")) from error
    body, gap, tail = text.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) not in (4, 5) or not lines[3].startswith("time "):
        raise CheckpointNotReadable(why=Phrase("why.checkpoint-lines"))
    unit, scope, subject = _read_origin(lines[0])
    if (scope == LEDGER) != (len(lines) == 4):
        raise CheckpointNotReadable(why=Phrase("why.checkpoint-ledger-lines"))
    try:
        at = clock.from_text(lines[3][5:])
    except TimeNotReadable as error:
        raise CheckpointNotReadable(why=Phrase("why.not-a-time")) from error
    ledger_size = ledger_root = None
    if len(lines) == 5:
        words = lines[4].split(" ")
        if len(words) != 3 or words[0] != "ledger":
            raise CheckpointNotReadable(why=Phrase("why.checkpoint-ledger-line"))
        ledger_size, ledger_root = _read_size(words[1]), _unb64(words[2], 32)
    hint, signature = _read_signature(tail, unit)
    return Checkpoint(
        data, unit, scope, subject, _read_size(lines[1]), _unb64(lines[2], 32), at,
        ledger_size, ledger_root, hint, signature,
    )  # fmt: skip


def is_signed_by(checkpoint: Checkpoint, public_raw: bytes) -> bool:
    """Whether the note is signed by this 32-byte public key."""
    return checkpoint.key_hash == key_hash(checkpoint.unit, public_raw) and verify(
        public_raw, checkpoint.signature, checkpoint.text
    )


def _sign(lines: list[str], unit: str, signer: Signer) -> bytes:
    text = ("\n".join(lines) + "\n").encode()
    signature = _b64(key_hash(unit, signer.public_raw) + signer.sign(text))
    return text + f"\n{_DASH}kancil/{unit} {signature}\n".encode()


def _read_origin(line: str) -> tuple[str, str, str | None]:
    parts = line.split("/")
    if (
        len(parts) not in (2, 4)
        or parts[0] != "kancil"
        or not is_id(parts[1])
        or (len(parts) == 4 and (parts[2] not in (CASE, EXHIBIT) or not is_id(parts[3])))
    ):
        raise CheckpointNotReadable(why=Phrase("why.checkpoint-first-line"))
    return (parts[1], LEDGER, None) if len(parts) == 2 else (parts[1], parts[2], parts[3])


def _read_signature(tail: str, unit: str) -> tuple[bytes, bytes]:
    start = f"{_DASH}kancil/{unit} "
    if not tail.startswith(start) or not tail.endswith("\n") or tail.count("\n") != 1:
        raise CheckpointNotReadable(why=Phrase("why.checkpoint-signature-line"))
    raw = _unb64(tail[len(start) : -1], 68)
    return raw[:4], raw[4:]


def _read_size(text: str) -> int:
    if _SIZE.fullmatch(text) is None or int(text) > 2**53 - 1:
        raise CheckpointNotReadable(why=Phrase("why.checkpoint-size"))
    return int(text)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str, length: int) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise CheckpointNotReadable(why=Phrase("why.not-base64")) from error
    if len(data) != length or _b64(data) != text:
        raise CheckpointNotReadable(why=Phrase("why.not-bytes-of-base64", {"length": length}))
    return data
