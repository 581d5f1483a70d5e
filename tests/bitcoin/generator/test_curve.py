"""secp256k1: published vectors of RFC 6979, BIP 340 and BIP 341, and another library's answer."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.generator import curve
from tests.bitcoin.generator.signatures import check_ecdsa, schnorr_fits

SECRETS = st.integers(1, curve.N - 1)

# Widely published vectors of RFC 6979 on this curve with SHA-256 (bitcointalk topic 285142; the
# tests of several libraries): secret, message, k, r, s.
RFC_6979 = [
    (1, b"Satoshi Nakamoto",
     "8f8a276c19f4149656b280621e358cce24f5f52542772691ee69063b74f15d15",
     "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
     "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"),
    (1, b"All those moments will be lost in time, like tears in rain. Time to die...",
     "38aa22d72376b4dbc472e06c3ba403ee0a394da63fc58d88686c611aba98d6b3",
     "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
     "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "message", "k", "r", "s"), RFC_6979)
def test_nonce_and_signature_are_those_of_published_vectors(
    secret: int, message: bytes, k: str, r: str, s: str
) -> None:
    digest = hashlib.sha256(message).digest()
    assert curve.nonce(secret, digest) == int(k, 16)
    assert curve.sign(secret, digest) == (int(r, 16), int(s, 16))


# BIP 340, test-vectors.csv, indexes 0 and 1: secret, key, extra, message, signature.
BIP_340 = [
    (3, "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9", bytes(32), bytes(32),
     ("E907831F80848D1069A5371B402410364BDF1C5F8307B0084C55F1CE2DCA821525F66A4A85EA8B71E482A74F382D"
      "2CE5EBEEE8FDB2172F477DF4900D310536C0")),
    (0xB7E151628AED2A6ABF7158809CF4F3C762E7160F38B4DA56A784D9045190CFEF,
     "DFF1D77F2A671C5F36183726DB2341BE58FEAE1DA2DECED843240F7B502BA659",
     (1).to_bytes(32, "big"),
     bytes.fromhex("243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89"),
     ("6896BD60EEAE296DB48A229FF71DFE071BDE413E6D43F917DC8DCF8C78DE33418906D11AC976ABCCB20B091292BF"
      "F4EA897EFCB639EA871CFA95F6DE339E4B0A")),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "key", "extra", "message", "signature"), BIP_340)
def test_schnorr_signatures_are_those_of_bip_340(
    secret: int, key: str, extra: bytes, message: bytes, signature: str
) -> None:
    assert curve.x_only(secret).hex().upper() == key
    assert curve.sign_schnorr(secret, message, extra).hex().upper() == signature
    assert schnorr_fits(bytes.fromhex(key), message, bytes.fromhex(signature))


def test_a_taproot_key_is_tweaked_as_in_bip_341() -> None:
    # BIP 341, wallet-test-vectors.json, keyPathSpending, the input without scripts.
    secret = 0x6B973D88838F27366ED61C9AD6367663045CB456E28335C109E30717AE0C6BAA
    expected = 0x2405B971772AD26915C8DCDF10F238753A9B837E5F8E6A86FD7C0CCE5B7296D9
    assert curve.tweaked(secret) == expected
    assert curve.x_only(expected).hex() == (
        "53a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343"
    )


@given(SECRETS)
def test_public_keys_are_those_of_another_library(secret: int) -> None:
    point = ec.derive_private_key(secret, ec.SECP256K1()).public_key().public_numbers()
    assert curve.public_point(secret) == (point.x, point.y)


@given(SECRETS, st.binary(min_size=32, max_size=32))
def test_signatures_hold_for_other_code(secret: int, digest: bytes) -> None:
    key = curve.compressed(curve.public_point(secret))
    check_ecdsa(key, digest, curve.der(*curve.sign(secret, digest)) + b"\x01")


@pytest.mark.parametrize("secret", [1, 2, 15, 16, 2**252, curve.N - 1])
def test_secrets_at_the_edges_have_keys(secret: int) -> None:
    point = ec.derive_private_key(secret, ec.SECP256K1()).public_key().public_numbers()
    assert curve.public_point(secret) == (point.x, point.y)
