"""The published vectors of eddsa-jcs-2022 come out to the byte, and a changed one does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical
from kancil.ground.signing import MemorySigner
from kancil.training.badges.multikey import (
    did_key,
    from_multibase,
    key_of,
    key_of_method,
    multibase,
    multikey,
    verification_method,
)
from kancil.training.badges.proof import hash_data, proof_options, signing_key, with_proof

VECTORS = Path(__file__).parents[2] / "data" / "training" / "di_eddsa"
CREATED = "2023-02-24T23:36:38Z"


def read(name: str) -> Any:
    return json.loads((VECTORS / name).read_bytes())


def text(name: str) -> str:
    return (VECTORS / name).read_text(encoding="utf-8").strip()


def vector_signer() -> MemorySigner:
    secret = from_multibase(read("keyPair.json")["privateKeyMultibase"])
    assert secret is not None
    return MemorySigner(Ed25519PrivateKey.from_private_bytes(secret[2:]))


def test_the_vectors_key_is_read_and_written() -> None:
    public = read("keyPair.json")["publicKeyMultibase"]
    assert multikey(vector_signer().public_raw) == public
    assert key_of(public) == vector_signer().public_raw


def test_canonical_forms_are_those_of_the_vectors() -> None:
    assert canonical.dumps(read("unsigned.json")).decode() == text("canonDocJCS.txt")
    options = proof_options(read("unsigned.json"), vector_signer().public_raw, CREATED)
    assert options == read("proofConfigJCS.json")
    assert canonical.dumps(options).decode() == text("proofCanonJCS.txt")


def test_the_signed_bytes_are_those_of_the_vectors() -> None:
    found = hash_data(read("unsigned.json"), read("proofConfigJCS.json")).hex()
    assert found == text("combinedHashJCS.txt")
    assert found == text("proofHashJCS.txt") + text("docHashJCS.txt")


def test_the_signed_credential_is_that_of_the_vectors() -> None:
    made = with_proof(read("unsigned.json"), vector_signer(), CREATED)
    assert made == read("signedJCS.json")
    assert made["proof"]["proofValue"] == text("sigBTC58JCS.txt")
    assert from_multibase(made["proof"]["proofValue"]) == bytes.fromhex(text("sigHexJCS.txt"))


def test_the_vectors_credential_verifies() -> None:
    assert signing_key(read("signedJCS.json")) == vector_signer().public_raw


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("name", "Alumni credential"),
        ("issuer", "https://vc.example/issuers/5679"),
        ("added", "a member more"),
    ],
)
def test_a_changed_document_does_not_verify(place: str, value: str) -> None:
    assert signing_key({**read("signedJCS.json"), place: value}) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("created", "2023-02-25T00:00:00Z"),
        ("cryptosuite", "eddsa-rdfc-2022"),
        ("type", "Ed25519Signature2020"),
        ("proofPurpose", "authentication"),
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("proofValue", "z2"),
        ("proofValue", 7),
        ("verificationMethod", did_key(bytes(32))),
    ],
)
def test_a_changed_proof_does_not_verify(place: str, value: Any) -> None:
    signed = read("signedJCS.json")
    assert signing_key({**signed, "proof": {**signed["proof"], place: value}}) is None


def test_a_document_without_one_proof_does_not_verify() -> None:
    signed = read("signedJCS.json")
    assert signing_key(read("unsigned.json")) is None
    assert signing_key({**signed, "proof": [signed["proof"]]}) is None


def test_what_has_no_canonical_form_does_not_verify() -> None:
    assert signing_key({**read("signedJCS.json"), "credits": 1.5}) is None


@given(st.binary(max_size=64))
def test_multibase_comes_back(raw: bytes) -> None:
    assert from_multibase(multibase(raw)) == raw


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_from_its_name_alone(raw: bytes) -> None:
    assert key_of_method(verification_method(raw)) == raw
    assert key_of_method(did_key(raw)) is None
    assert key_of_method(verification_method(raw) + "x") is None
