"""What an output script is: its kind and payload, plainly computed, and the script back from them.

This is the plain twin of the parsing kernel: the same answer, one script at a time. The rules are
those of Bitcoin Core's Solver (src/script/solver.cpp, release 28), except that everything after
OP_RETURN is kept whatever it is. Scripts are not run, and keys are not checked to lie on the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.network import Network

from .address import P2A_PROGRAM, encode_address, p2pkh_address, witness_kind
from .kind import ScriptKind
from .ripemd160 import hash160

OP_PUSHDATA1 = 0x4C
OP_PUSHDATA2 = 0x4D
OP_PUSHDATA4 = 0x4E
OP_1 = 0x51
OP_16 = 0x60
OP_RETURN = 0x6A
OP_DUP = 0x76
OP_EQUAL = 0x87
OP_EQUALVERIFY = 0x88
OP_HASH160 = 0xA9
OP_CHECKSIG = 0xAC
OP_CHECKMULTISIG = 0xAE
MAX_MULTISIG_KEYS = 20
"""Source: Bitcoin Core script.h, MAX_PUBKEYS_PER_MULTISIG."""

_KIND_WITHOUT_PAYLOAD = (ScriptKind.NONSTANDARD, b"")
_P2PKH_HEAD = bytes([OP_DUP, OP_HASH160, 20])
_P2PKH_TAIL = bytes([OP_EQUALVERIFY, OP_CHECKSIG])


@dataclass(frozen=True, slots=True)
class Multisig:
    """A bare multisig script: `required` signatures by any of `keys`."""

    required: int
    keys: tuple[bytes, ...]


def key_length(first_byte: int) -> int:
    """The length a public key of this first byte must have; 0 if no key starts so.

    Source: Bitcoin Core pubkey.h, CPubKey::GetLen (6 and 7 are the old hybrid form).
    """
    if first_byte in (2, 3):
        return 33
    return 65 if first_byte in (4, 6, 7) else 0


def classify(script: bytes) -> tuple[ScriptKind, bytes]:
    """The kind and payload of an output script, as the columns hold them."""
    size = len(script)
    if size == 25 and script[:3] == _P2PKH_HEAD and script[23:] == _P2PKH_TAIL:
        return ScriptKind.P2PKH, script[3:23]
    if size == 23 and script[:2] == bytes([OP_HASH160, 20]) and script[22] == OP_EQUAL:
        return ScriptKind.P2SH, script[2:22]
    if size >= 1 and script[0] == OP_RETURN:
        return ScriptKind.OP_RETURN, script[1:]
    witness = _witness(script)
    if witness is not None:
        return witness
    if size in (35, 67) and script[0] == size - 2 and script[-1] == OP_CHECKSIG:
        key = script[1:-1]
        if key_length(key[0]) == len(key):
            return ScriptKind.P2PK, key
    if size >= 37 and script[-1] == OP_CHECKMULTISIG:
        return _classify_multisig(script)
    return _KIND_WITHOUT_PAYLOAD


def _witness(script: bytes) -> tuple[ScriptKind, bytes] | None:
    """Read a witness program: one small number and one direct push of 2 to 40 bytes (BIP 141)."""
    if not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    if script[0] != 0 and not OP_1 <= script[0] <= OP_16:
        return None
    version = 0 if script[0] == 0 else script[0] - OP_1 + 1
    # A version-0 program of another length than 20 or 32 can never be spent: nonstandard.
    return witness_kind(version, script[2:]) or _KIND_WITHOUT_PAYLOAD


def _small_number(script: bytes, at: int) -> tuple[int, int]:
    """Read a number from 1 to 20, minimally written; gives it and the next place, or 0 if none."""
    if at < len(script) and OP_1 <= script[at] <= OP_16:
        return script[at] - OP_1 + 1, at + 1
    if at + 1 < len(script) and script[at] == 1 and 16 < script[at + 1] <= MAX_MULTISIG_KEYS:
        return script[at + 1], at + 2
    return 0, at


def _push(script: bytes, at: int) -> tuple[bytes, int]:
    """Read one push of any form; gives its data and the next place, or nothing if there is none."""
    if at >= len(script) or script[at] > OP_PUSHDATA4:
        return b"", at
    width = {OP_PUSHDATA1: 1, OP_PUSHDATA2: 2, OP_PUSHDATA4: 4}.get(script[at], 0)
    start = at + 1 + width
    length = int.from_bytes(script[at + 1 : start], "little") if width else script[at]
    if start + length > len(script):
        return b"", at
    return script[start : start + length], start + length


def _classify_multisig(script: bytes) -> tuple[ScriptKind, bytes]:
    """Read m, keys, n, CHECKMULTISIG (Core, MatchMultisig)."""
    required, at = _small_number(script, 0)
    keys: list[bytes] = []
    while True:
        key, after = _push(script, at)
        if not key or key_length(key[0]) != len(key):
            break
        keys.append(key)
        at = after
    stated, at = _small_number(script, at)
    if not 1 <= required <= stated or stated != len(keys) or at != len(script) - 1:
        return _KIND_WITHOUT_PAYLOAD
    payload = b"".join(bytes([len(key)]) + key for key in keys)
    return ScriptKind.MULTISIG, bytes([required, stated]) + payload


def script_of(kind: ScriptKind | int, payload: bytes) -> bytes | None:
    """The output script of a kind and payload; None for NONSTANDARD, whose bytes are not kept.

    Exact inverse of `classify` for every other kind, but for a bare multisig whose keys are pushed
    in an unusual form (PUSHDATA): that comes back with direct pushes.
    """
    match kind:
        case ScriptKind.P2PK:
            return bytes([len(payload)]) + payload + bytes([OP_CHECKSIG])
        case ScriptKind.P2PKH:
            return _P2PKH_HEAD + payload + _P2PKH_TAIL
        case ScriptKind.P2SH:
            return bytes([OP_HASH160, 20]) + payload + bytes([OP_EQUAL])
        case ScriptKind.P2WPKH | ScriptKind.P2WSH:
            return bytes([0, len(payload)]) + payload
        case ScriptKind.P2TR | ScriptKind.P2A:
            return bytes([OP_1, len(payload)]) + payload
        case ScriptKind.WITNESS_FUTURE:
            return bytes([OP_1 + payload[0] - 1, len(payload) - 1]) + payload[1:]
        case ScriptKind.OP_RETURN:
            return bytes([OP_RETURN]) + payload
        case ScriptKind.MULTISIG:
            required, stated = _number_bytes(payload[0]), _number_bytes(payload[1])
            return required + payload[2:] + stated + bytes([OP_CHECKMULTISIG])
    return None


def _number_bytes(number: int) -> bytes:
    return bytes([OP_1 + number - 1]) if number <= 16 else bytes([1, number])


def multisig_of(payload: bytes) -> Multisig:
    """Read the payload of a bare multisig: how many signatures, and the keys in script order."""
    keys: list[bytes] = []
    at = 2
    for _ in range(payload[1]):
        length = payload[at]
        keys.append(payload[at + 1 : at + 1 + length])
        at += 1 + length
    return Multisig(required=payload[0], keys=tuple(keys))


def bare_keys(kind: ScriptKind, payload: bytes) -> tuple[bytes, ...]:
    """The keys that a script shows itself: of a bare key or a bare multisig; else none."""
    if kind == ScriptKind.P2PK:
        return (payload,)
    return multisig_of(payload).keys if kind == ScriptKind.MULTISIG else ()


def same_key_address(key: bytes, network: Network) -> str:
    """The P2PKH address of a public key, to be shown only as "same key as".

    A P2PK output has no address of its own; whoever holds the key of this address can spend it.
    `key`: 33 or 65 bytes, a P2PK payload or one key of a multisig.
    """
    return p2pkh_address(hash160(key), network)


def address_of_script(script: bytes, network: Network) -> str | None:
    """The address of an output script, or None if its kind has none."""
    return encode_address(*classify(script), network)


__all__ = [
    "MAX_MULTISIG_KEYS",
    "P2A_PROGRAM",
    "Multisig",
    "address_of_script",
    "bare_keys",
    "classify",
    "key_length",
    "multisig_of",
    "same_key_address",
    "script_of",
]
