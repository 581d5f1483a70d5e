"""Judging a receipt: what the receiver of an exhibit signed, against what the entry says.

Form: docs/formats/ledger.md, "Receipt". Used by the act that writes it and by `verify`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.signing import verify

from .entry import is_hash
from .spans import KeySpans

_KEYS = {"at", "exhibit", "format", "from", "place", "seal", "to", "unit"}


def check_receipt(
    body: dict[str, Any], *, ledger_unit: str, exhibit: str, keys: KeySpans, n: int
) -> str | None:
    """Say what is wrong with the receipt in an `exhibit.transferred` body; None if nothing is.

    A signed paper is only a digest here: nothing about its signature is checked. An officer of
    the unit as receiver must sign with a key of hers that is active in entry `n`.
    """
    receipt = body.get("receipt")
    if not isinstance(receipt, dict):
        return "there is no receipt"
    if receipt.keys() == {"document_sha256"}:
        return None if is_hash(receipt["document_sha256"]) else "the paper's digest is no digest"
    if receipt.keys() != {"key", "signature", "statement"}:
        return "it has not the form of a receipt"
    statement = receipt["statement"]
    if not isinstance(statement, dict) or statement.keys() != _KEYS:
        return "its statement has not the form of a receipt"
    expected = {
        "exhibit": exhibit,
        "format": "kancil-receipt/1",
        "from": body.get("from"),
        "place": body.get("place"),
        "seal": body.get("seal"),
        "to": body.get("to"),
        "unit": ledger_unit,
    }
    if any(statement[name] != value for name, value in expected.items()):
        return "the receiver signed something else"
    span = keys.spans.get(receipt["key"]) if isinstance(receipt["key"], str) else None
    if span is None or span.holder != body.get("to") or not span.is_active(n):
        return "its key is no active key of the receiver"
    return _check_signature(receipt["signature"], statement, span.public_raw)


def _check_signature(signature: object, statement: Any, public_raw: bytes) -> str | None:
    try:
        raw = base64.b64decode(str(signature), validate=True)
        message = canonical.dumps(statement)
    except (binascii.Error, ValueError, NotCanonical):
        return "its signature is not readable"
    return None if verify(public_raw, raw, message) else "its signature does not fit"
