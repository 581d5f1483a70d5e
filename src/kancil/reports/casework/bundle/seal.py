"""Closing a bundle: the manifest over all members, its signature, the ZIP around them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kancil.ground import clock
from kancil.ground.digests import sha256_hex
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.workspace import Site

from .archive import write_archive
from .manifest import MANIFEST, PAGE, SIGNATURE, SITE, build_manifest

CHECKPOINT = "custody/checkpoint.txt"


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a bundle, for which case, when, and with which Kancil."""

    unit: str
    """UUIDv7 of the unit, as in its ledger."""
    officer: str
    """UUIDv7 of the officer whose key signs."""
    case: str
    """UUIDv7 of the case."""
    network: str
    """`mainnet`, or what the watermark says."""
    made_at: datetime
    """As that entry states it."""
    kancil: str
    """Version of Kancil."""
    made_entry: str
    """Hash (hex) of the ledger entry that records the making."""
    is_training: bool = False
    """Whether it is made in a classroom."""


def seal_members(
    members: Mapping[str, bytes], *, maker: Maker, signer: Signer, page: bytes | None = None
) -> bytes:
    """The bytes of the finished bundle.

    `members`: everything under `analysis/` and `custody/`. `page`: verify.html, put beside the
    manifest as a convenience. Raises BundleTooLarge.
    """
    manifest = build_manifest(
        members,
        case=maker.case,
        checkpoint_sha256=sha256_hex(members[CHECKPOINT]),
        kancil=maker.kancil,
        key=fingerprint(signer.public_raw),
        made_at=clock.to_text(maker.made_at),
        made_entry=maker.made_entry,
        network=maker.network,
        officer=maker.officer,
        unit=maker.unit,
        **({SITE: Site.CLASSROOM.value} if maker.is_training else {}),
    )
    signature = base64.b64encode(signer.sign(manifest)) + b"\n"
    outside = {MANIFEST: manifest, SIGNATURE: signature}
    if page is not None:
        outside[PAGE] = page
    return write_archive({**members, **outside})
