"""Judging a receipt: what the receiver of an exhibit signed, against what the entry says.

Form: docs/formats/ledger.md, "Receipt". Used by the act that writes it and by `verify`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.phrase import Phrase
from kancil.ground.signing import verify

from .entry import is_hash
from .spans import KeySpans

_KEYS = {"at", "exhibit", "format", "from", "place", "seal", "to", "unit"}


def check_receipt(
    body: dict[str, Any], *, ledger_unit: str, exhibit: str, keys: KeySpans, n: int
) -> Phrase | None:
    """What is wrong with the receipt in an `exhibit.transferred` body; None if nothing is.

    A signed paper is only a digest here: nothing about its signature is checked. An officer of
    the unit as receiver must sign with a key of their own that is active in entry `n`.
    """
    receipt = body.get("receipt")
    if not isinstance(receipt, dict):
        return Phrase("why.receipt-none")
    if receipt.keys() == {"document_sha256"}:
        return None if is_hash(receipt["document_sha256"]) else Phrase("why.receipt-paper-digest")
    if receipt.keys() != {"key", "signature", "statement"}:
        return Phrase("why.receipt-form")
    statement = receipt["statement"]
    if not isinstance(statement, dict) or statement.keys() != _KEYS:
        return Phrase("why.receipt-statement")
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
        return Phrase("why.receipt-other")
    span = keys.spans.get(receipt["key"]) if isinstance(receipt["key"], str) else None
    if span is None or span.holder != body.get("to") or not span.is_active(n):
        return Phrase("why.receipt-key")
    return _check_signature(receipt["signature"], statement, span.public_raw)


def _check_signature(signature: object, statement: Any, public_raw: bytes) -> Phrase | None:
    try:
        raw = base64.b64decode(str(signature), validate=True)
        message = canonical.dumps(statement)
    except (binascii.Error, ValueError, NotCanonical):
        return Phrase("why.receipt-signature-unreadable")
    return None if verify(public_raw, raw, message) else Phrase("why.receipt-signature")
