"""One public key, and the scripts that it alone can spend: P2PK, P2PKH, P2WPKH.

Text comes from doors; scripts go to `chain`, which looks for them one by one. An address does not
tell its key, but a payment straight to a key tells its address (HASH160). Sources: BIP 141 (P2WPKH
takes compressed keys alone), SEC 1 version 2, section 2.3.3 (both forms of a key).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from kancil.bitcoin.blocks.undo import whole_key
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.ripemd160 import hash160, ripemd160_of_digests
from kancil.bitcoin.script.script import key_length

MOST_BARE_KEYS = 200_000
"""Of so many keys paid directly the addresses are worked out; a chain with more is not searched."""
_KEY_DIGITS = (66, 130)
Script = tuple[ScriptKind, bytes]


def key_of_text(text: str) -> bytes:
    """Read a public key in hex, 33 or 65 bytes; empty if the text is none."""
    text = text.strip()
    try:
        key = bytes.fromhex(text) if len(text) in _KEY_DIGITS else b""
    except ValueError:
        return b""
    return key if key and key_length(key[0]) == len(key) else b""


def script_of_text(text: str, network: Network) -> Script:
    """Read an address, or a public key in hex (then the key paid directly, P2PK).

    Raises the errors of `decode_address`.
    """
    key = key_of_text(text)
    return (ScriptKind.P2PK, key) if key else decode_address(text, network)


def scripts_of_key(key: bytes) -> tuple[Script, ...]:
    """The scripts of a key in the form given, then those of its other form."""
    short = key if len(key) == 33 else bytes([2 | key[64] & 1]) + key[1:33]
    long = key if len(key) == 65 else whole_key(key[1:], is_odd=key[0] == 3)
    forms = [key, *(form for form in (short, long) if form is not None and form != key)]
    scripts: list[Script] = []
    for form in forms:
        scripts += [(ScriptKind.P2PK, form), (ScriptKind.P2PKH, hash160(form))]
        if form == short:
            scripts.append((ScriptKind.P2WPKH, hash160(form)))
    return tuple(scripts)


def key_hashes(keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Keys by their HASH160."""
    if not keys:
        return {}
    digests = b"".join(hashlib.sha256(key).digest() for key in keys)
    hashes = ripemd160_of_digests(np.frombuffer(digests, np.uint8).reshape(-1, 32))
    return {bytes(row): key for row, key in zip(hashes, keys, strict=True)}


__all__ = ["MOST_BARE_KEYS", "key_hashes", "key_of_text", "script_of_text", "scripts_of_key"]
