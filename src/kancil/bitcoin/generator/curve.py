"""secp256k1 in plain integers: public keys, ECDSA by RFC 6979, Schnorr by BIP 340, keys by BIP 341.

Only for chains that are generated with valid signatures. The private keys follow from a seed that
`truth.json` names, so nothing here is secret and nothing is made to take constant time; never use
it for a key that matters. Sources: SEC 2, section 2.4.1; RFC 6979, section 3.2; BIP 340; BIP 341.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import TypeAlias

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_GX = 0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798
_GY = 0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8

Point: TypeAlias = tuple[int, int]


def _plus(one: Point, two: Point) -> Point:
    """Add two points that are neither equal and opposite nor at infinity."""
    (x1, y1), (x2, y2) = one, two
    if x1 == x2:
        slope = 3 * x1 * x1 * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


@cache
def _table() -> list[list[Point]]:
    """The points d * 16^i * G for each place i of a number in base 16 and each digit d, 1 to 15."""
    rows, base = [], (_GX, _GY)
    for _ in range(64):
        row = [base]
        for _ in range(14):
            row.append(_plus(row[-1], base))
        rows.append(row)
        base = _plus(row[-1], base)
    return rows


def public_point(secret: int) -> Point:
    """The point secret * G, secret from 1 to N - 1; mixed addition in Jacobian coordinates."""
    x, y, z = 0, 0, 0
    for row in _table():
        digit, secret = secret & 15, secret >> 4
        if not digit:
            continue
        ax, ay = row[digit - 1]
        if not z:
            x, y, z = ax, ay, 1
            continue
        zz = z * z % P
        h = (ax * zz - x) % P
        r = (ay * zz * z - y) % P
        hh = h * h % P
        hhh, v = h * hh % P, x * hh % P
        x = (r * r - hhh - 2 * v) % P
        y = (r * (v - x) - y * hhh) % P
        z = z * h % P
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def compressed(point: Point) -> bytes:
    """Write a public key in 33 bytes."""
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(32, "big")


def uncompressed(point: Point) -> bytes:
    """Write a public key in 65 bytes."""
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def nonce(secret: int, digest: bytes) -> int:
    """The k of RFC 6979 with HMAC-SHA256, for a 32-byte digest."""
    start = secret.to_bytes(32, "big") + (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    key, value = bytes(32), b"\x01" * 32
    for mark in (b"\0", b"\1"):
        key = hmac.digest(key, value + mark + start, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        k = int.from_bytes(value, "big")
        if 0 < k < N:
            return k
        key = hmac.digest(key, value + b"\0", "sha256")
        value = hmac.digest(key, value, "sha256")


def sign(secret: int, digest: bytes) -> tuple[int, int]:
    """Sign a 32-byte digest by ECDSA; s is the lower of the two (BIP 146)."""
    k = nonce(secret, digest)
    r = public_point(k)[0] % N
    s = pow(k, -1, N) * (int.from_bytes(digest, "big") + r * secret) % N
    return r, min(s, N - s)


def der(r: int, s: int) -> bytes:
    """Write an ECDSA signature strictly (BIP 66)."""
    parts = b""
    for number in (r, s):
        raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
        parts += b"\x02" + bytes([len(raw)]) + raw
    return b"\x30" + bytes([len(parts)]) + parts


def tagged(tag: str, data: bytes) -> bytes:
    """The tagged hash of BIP 340."""
    mark = hashlib.sha256(tag.encode("ascii")).digest()
    return hashlib.sha256(mark + mark + data).digest()


def _even(secret: int) -> tuple[int, bytes]:
    """The secret whose point has an even y, and that point's x."""
    x, y = public_point(secret)
    return (N - secret if y & 1 else secret), x.to_bytes(32, "big")


def tweaked(secret: int) -> int:
    """The secret of a taproot output key without scripts (BIP 341, taproot_tweak_seckey)."""
    even, x = _even(secret)
    return (even + int.from_bytes(tagged("TapTweak", x), "big")) % N


def x_only(secret: int) -> bytes:
    """The 32 bytes of a public key as BIP 340 has it."""
    return public_point(secret)[0].to_bytes(32, "big")


def sign_schnorr(secret: int, message: bytes, extra: bytes = bytes(32)) -> bytes:
    """Sign 32 bytes by BIP 340; `extra`: its auxiliary random data, here always the same."""
    even, x = _even(secret)
    masked = even ^ int.from_bytes(tagged("BIP0340/aux", extra), "big")
    drawn = tagged("BIP0340/nonce", masked.to_bytes(32, "big") + x + message)
    k, r = _even(int.from_bytes(drawn, "big") % N)
    e = int.from_bytes(tagged("BIP0340/challenge", r + x + message), "big") % N
    return r + ((k + e * even) % N).to_bytes(32, "big")
