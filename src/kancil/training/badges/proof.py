"""Proofs of credentials: W3C Data Integrity, cryptosuite `eddsa-jcs-2022`.

What is signed is SHA-256 of the canonical proof options, then SHA-256 of the canonical document
(RFC 8785), each without the signature. Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section
3.3; its test vectors, appendix B.2, are in `tests/data/training/di_eddsa`.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.signing import Signer, verify

from .multikey import from_multibase, key_of_method, multibase, verification_method

SUITE = "eddsa-jcs-2022"
Document = Mapping[str, Any]


def hash_data(document: Document, options: Document) -> bytes:
    """The 64 bytes that are signed; neither of the two holds a signature.

    Raises NotCanonical.
    """
    return b"".join(sha256(canonical.dumps(dict(each))).digest() for each in (options, document))


def proof_options(document: Document, public_raw: bytes, created: str) -> dict[str, Any]:
    """A proof without its signature; `created`: UTC in whole seconds, `2026-11-29T23:00:00Z`."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": verification_method(public_raw),
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }


def with_proof(document: Document, signer: Signer, created: str) -> dict[str, Any]:
    """The document with its proof by `signer`; raises NotCanonical."""
    options = proof_options(document, signer.public_raw, created)
    signature = signer.sign(hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def has_other_proof(secured: Document) -> bool:
    """Whether it bears proofs of another form than this suite alone: none of them is checked here.

    Other suites (`eddsa-rdfc-2022`), other types of proof, and several proofs (section 2.1.1 of
    W3C Data Integrity 1.0) are such forms. Whether they fit is not said.
    """
    proof = secured.get("proof")
    if isinstance(proof, list):
        return True
    if not isinstance(proof, dict):
        return False
    stated = (proof.get("type"), proof.get("cryptosuite"))
    return stated != ("DataIntegrityProof", SUITE) and any(isinstance(each, str) for each in stated)


def signing_key(secured: Document) -> bytes | None:
    """The key (32 raw bytes) whose proof fits the whole document; None where none fits.

    Exactly one proof of this suite is taken, whose `@context` is the document's.
    """
    document = dict(secured)
    proof = document.pop("proof", None)
    if not isinstance(proof, dict) or proof.get("@context") != document.get("@context"):
        return None
    options = dict(proof)
    signature = from_multibase(options.pop("proofValue", None))
    key = key_of_method(proof.get("verificationMethod"))
    stated = (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose"))
    if stated != ("DataIntegrityProof", SUITE, "assertionMethod"):
        return None
    if key is None or signature is None:
        return None
    try:
        message = hash_data(document, options)
    except NotCanonical:
        return None
    return key if verify(key, signature, message) else None
