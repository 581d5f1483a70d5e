"""Check every signature of a transaction, from its bytes and what it spends, by other code.

ECDSA by the `cryptography` package, Schnorr by BIP 340's own pseudo-code, digests written out
once more from the specifications: the old one, BIP 143, BIP 341. Only the forms of the generator
are known; anything else fails.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from kancil.bitcoin.script.ripemd160 import hash160
from tests.bitcoin.slow_parser import SlowTx, compact, sha256d

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
Spent = tuple[int, bytes]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sized(data: bytes) -> bytes:
    return compact(len(data)) + data


def pushes(script: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(script):
        length, at = script[at], at + 1
        if length == 0x4C:
            length, at = script[at], at + 1
        assert length <= 75 or script[at - 2] == 0x4C
        found.append(script[at : at + length])
        at += length
    return found


def head(tx: SlowTx) -> tuple[bytes, bytes]:
    return tx.version.to_bytes(4, "little", signed=True), tx.locktime.to_bytes(4, "little")


def paid(tx: SlowTx) -> bytes:
    return b"".join(value.to_bytes(8, "little") + sized(script) for value, script in tx.outputs)


def old_digest(tx: SlowTx, i: int, code: bytes) -> bytes:
    version, locktime = head(tx)
    body = compact(len(tx.inputs))
    for n, (prev, index, _, sequence) in enumerate(tx.inputs):
        body += prev + index.to_bytes(4, "little") + sized(code if n == i else b"")
        body += sequence.to_bytes(4, "little")
    return sha256d(version + body + compact(len(tx.outputs)) + paid(tx) + locktime + b"\1\0\0\0")


def outpoints(tx: SlowTx) -> list[bytes]:
    return [prev + index.to_bytes(4, "little") for prev, index, _, _ in tx.inputs]


def sequences(tx: SlowTx) -> list[bytes]:
    return [sequence.to_bytes(4, "little") for _, _, _, sequence in tx.inputs]


def digest_143(tx: SlowTx, i: int, code: bytes, value: int) -> bytes:
    version, locktime = head(tx)
    return sha256d(
        version + sha256d(b"".join(outpoints(tx))) + sha256d(b"".join(sequences(tx)))
        + outpoints(tx)[i] + sized(code) + value.to_bytes(8, "little") + sequences(tx)[i]
        + sha256d(paid(tx)) + locktime + b"\1\0\0\0"
    )  # fmt: skip


def tagged(tag: str, data: bytes) -> bytes:
    return sha256(sha256(tag.encode()) * 2 + data)


def digest_341(tx: SlowTx, i: int, spent: list[Spent]) -> bytes:
    version, locktime = head(tx)
    amounts = b"".join(value.to_bytes(8, "little") for value, _ in spent)
    scripts = b"".join(sized(script) for _, script in spent)
    message = b"\0" + version + locktime + sha256(b"".join(outpoints(tx))) + sha256(amounts)
    message += sha256(scripts) + sha256(b"".join(sequences(tx))) + sha256(paid(tx))
    return tagged("TapSighash", b"\0" + message + b"\0" + i.to_bytes(4, "little"))


def add(one: tuple[int, int] | None, two: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and one[1] != two[1]:
        return None
    if one == two:
        slope = 3 * one[0] ** 2 * pow(2 * one[1], P - 2, P) % P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], P - 2, P) % P
    x = (slope**2 - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(point: tuple[int, int] | None, number: int) -> tuple[int, int] | None:
    result = None
    for bit in range(256):
        if number >> bit & 1:
            result = add(result, point)
        point = add(point, point)
    return result


def lift(x: int) -> tuple[int, int]:
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    assert pow(y, 2, P) == square, "not on the curve"
    return x, y if y % 2 == 0 else P - y


def schnorr_fits(key: bytes, message: bytes, signature: bytes) -> bool:
    """BIP 340, Verify."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    e = int.from_bytes(tagged("BIP0340/challenge", signature[:32] + key + message), "big") % N
    point = add(times(G, s), times(lift(int.from_bytes(key, "big")), N - e))
    return point is not None and point[1] % 2 == 0 and point[0] == r


def check_ecdsa(key: bytes, digest: bytes, signature: bytes) -> None:
    """Raise unless the signature fits; the last byte is the sighash byte."""
    assert signature[-1] == 1
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), key)
    public.verify(signature[:-1], digest, ec.ECDSA(Prehashed(SHA256())))
    length = signature[3]
    assert int.from_bytes(signature[6 + length : -1], "big") <= N // 2


def keys_of(script: bytes) -> list[bytes]:
    return [script[at + 1 : at + 34] for at in range(1, len(script) - 2, 34)]


def check_input(tx: SlowTx, i: int, spent: list[Spent]) -> str:
    """Check one input; gives the form it has."""
    value, script = spent[i]
    given = pushes(tx.inputs[i][2])
    stack = tx.stacks[i] if tx.segwit else []
    if script[:3] == b"\x76\xa9\x14":
        signature, key = given
        assert hash160(key) == script[3:23]
        check_ecdsa(key, old_digest(tx, i, script), signature)
        return "pkh"
    if script[0] in (33, 65) and script[-1] == 0xAC:
        check_ecdsa(script[1:-1], old_digest(tx, i, script), given[0])
        return "pk"
    if script[-1] == 0xAE:
        check_ecdsa(keys_of(script)[0], old_digest(tx, i, script), given[1])
        return "bare"
    if script[:2] == b"\xa9\x14":
        redeem = given[-1]
        assert hash160(redeem) == script[2:22]
        if redeem[:2] == b"\0\x14":
            check_key_hash(tx, i, redeem, value, stack)
            return "nested"
        for key, signature in zip(keys_of(redeem), given[1:-1], strict=False):
            check_ecdsa(key, old_digest(tx, i, redeem), signature)
        assert len(given) == 4
        return "shared"
    if script[:2] == b"\0\x14":
        check_key_hash(tx, i, script, value, stack)
        return "wpkh"
    if script[:2] == b"\0\x20":
        assert sha256(stack[-1]) == script[2:]
        for key, signature in zip(keys_of(stack[-1]), stack[1:-1], strict=False):
            check_ecdsa(key, digest_143(tx, i, stack[-1], value), signature)
        assert len(stack) == 4
        return "wsh"
    assert script[:2] == b"\x51\x20"
    assert schnorr_fits(script[2:], digest_341(tx, i, spent), stack[0])
    return "tr"


def check_key_hash(tx: SlowTx, i: int, program: bytes, value: int, stack: list[bytes]) -> None:
    signature, key = stack
    assert hash160(key) == program[2:]
    code = b"\x76\xa9\x14" + program[2:] + b"\x88\xac"
    check_ecdsa(key, digest_143(tx, i, code, value), signature)
