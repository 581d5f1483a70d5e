"""The authority of a site's own certificate vouches for that site's names and for nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from kancil.custody import site_certificate as room
from kancil.custody.keys import KeyRing
from kancil.custody.site_certificate import site_authority, site_certificate
from kancil.ground.clock import now

NAMES = ("box.local", "10.0.0.7")


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    found = KeyRing(tmp_path / "keys")
    found.found()
    return found


def forged(monkeypatch: pytest.MonkeyPatch, keys: KeyRing, other: str) -> tuple[bytes, bytes]:
    """The authority of `NAMES`, and what whoever had its key could sign for another name."""
    made: list[EllipticCurvePrivateKey] = []
    at = now()

    def noted(curve: SECP256R1) -> EllipticCurvePrivateKey:
        made.append(generate_private_key(curve))
        return made[-1]

    monkeypatch.setattr(room, "generate_private_key", noted)
    authority = site_authority(site_certificate(keys, NAMES, at=at))
    other_key = generate_private_key(SECP256R1())
    leaf = (
        room._builder(f"Kancil site {other}", other_key, at)
        .issuer_name(authority.subject)
        .add_extension(x509.SubjectAlternativeName(room._general([other])), critical=False)
        .sign(made[0], SHA256())
    )
    return authority.public_bytes(Encoding.PEM), leaf.public_bytes(Encoding.PEM)


def holds(folder: Path, authority: bytes, leaf: bytes) -> bool:
    """Whether OpenSSL takes a certificate under an authority."""
    (folder / "ca.pem").write_bytes(authority)
    (folder / "leaf.pem").write_bytes(leaf)
    words = ["openssl", "verify", "-CAfile", str(folder / "ca.pem"), str(folder / "leaf.pem")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("box.local", True),
        ("10.0.0.7", True),
        ("bank.example", False),
        ("10.0.0.8", False),
        ("2001:db8::1", False),
    ],
)
def test_it_vouches_for_the_sites_names_alone(
    monkeypatch: pytest.MonkeyPatch, keys: KeyRing, tmp_path: Path, name: str, expected: bool
) -> None:
    assert holds(tmp_path, *forged(monkeypatch, keys, name)) is expected


@pytest.mark.parametrize("names", [("box.local",), ("10.0.0.7",), ("2001:db8::7", "a.b"), NAMES])
def test_the_sites_own_certificate_holds(
    keys: KeyRing, tmp_path: Path, names: tuple[str, ...]
) -> None:
    leaf, authority = x509.load_pem_x509_certificates(
        site_certificate(keys, names, at=now()).read_bytes()
    )
    pem = Encoding.PEM
    assert holds(tmp_path, authority.public_bytes(pem), leaf.public_bytes(pem))


def test_a_site_with_names_alone_shuts_every_address_and_the_other_way_round() -> None:
    by_name = room._constraints(["box.local"]).excluded_subtrees or []
    assert [str(each.value) for each in by_name] == ["0.0.0.0/0", "::/0"]
    by_address = room._constraints(["10.0.0.7"]).excluded_subtrees or []
    assert [str(each.value) for each in by_address] == ["", "::/0"]


def test_an_authority_of_before_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, keys: KeyRing
) -> None:
    at = now()
    path = site_certificate(keys, NAMES, at=at)
    before = path.read_bytes()
    assert site_certificate(keys, NAMES, at=at).read_bytes() == before
    monkeypatch.setattr(room, "_is_constrained", lambda _authority: False)
    assert site_certificate(keys, NAMES, at=at).read_bytes() != before
