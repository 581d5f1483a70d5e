"""Key files: who may read them, how they open, how they are exchanged."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from kancil.custody.errors import KeyFileExposed, KeyLocked, KeyNotFound, PassphraseTooShort
from kancil.custody.keys import KeyRing, create_key, fingerprint_of, open_key
from kancil.ground.errors import FileExists
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.signing import fingerprint, verify
from tests.conftest import REAL_PASSPHRASE_ROUNDS

PHRASE = "correct horse battery staple"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    found = KeyRing(tmp_path / "keys")
    found.found()
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    made = create_key(path, PHRASE)
    opened = open_key(path, PHRASE)
    assert opened.public_raw == made.public_raw
    assert verify(made.public_raw, opened.sign(b"x"), b"x")
    with pytest.raises(KeyLocked):
        open_key(path, "another passphrase")
    with pytest.raises(KeyNotFound):
        open_key(tmp_path / "none.pem", PHRASE)
    with pytest.raises(FileExists):
        create_key(path, PHRASE)


def test_openssl_opens_a_key_file_and_many_rounds_guard_a_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.custody.keys.PASSPHRASE_ROUNDS", REAL_PASSPHRASE_ROUNDS)
    path = tmp_path / "k.pem"
    create_key(path, PHRASE)
    opened = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", f"pass:{PHRASE}", "-noout", "-text"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "ED25519" in opened.stdout
    parsed = subprocess.run(
        ["openssl", "asn1parse", "-in", path], capture_output=True, text=True, check=True
    )
    rounds = [line for line in parsed.stdout.splitlines() if "INTEGER" in line]
    assert int(rounds[0].rsplit(":", 1)[1], 16) == 600_000


def test_a_private_key_never_stands_in_the_clear(ring: KeyRing) -> None:
    ring.create_officer(OfficerId(new_id()))
    for path in ring.folder.rglob("*.pem"):
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes()


def test_key_files_are_for_their_owner_alone(ring: KeyRing) -> None:
    officer = OfficerId(new_id())
    ring.create_officer(officer, PHRASE)
    assert mode(ring.folder) == mode(ring.folder / "officers") == 0o700
    for path in (ring.unit_path, ring.secret_path, ring.officer_path(officer)):
        assert mode(path) == 0o600


@pytest.mark.parametrize("name", ["unit.pem", "secret", "."])
def test_an_exposed_key_is_not_used(ring: KeyRing, name: str) -> None:
    path = ring.folder / name
    path.chmod(mode(path) | 0o040)
    with pytest.raises(KeyFileExposed):
        ring.unit_signer()


def test_the_secret_opens_what_it_sealed(ring: KeyRing) -> None:
    officer = OfficerId(new_id())
    made = ring.create_officer(officer)
    assert ring.officer_signer(officer).public_raw == made.public_raw
    assert fingerprint_of(ring.officer_path(officer)) == fingerprint(made.public_raw)
    ring.secret_path.write_bytes(b"QUFB\n")
    with pytest.raises(KeyLocked):
        ring.officer_signer(officer)
    ring.secret_path.unlink()
    with pytest.raises(KeyNotFound):
        ring.officer_signer(officer)


def test_a_ring_is_founded_once(ring: KeyRing) -> None:
    with pytest.raises(FileExists):
        ring.found()


def test_a_short_passphrase_is_refused(ring: KeyRing) -> None:
    with pytest.raises(PassphraseTooShort):
        ring.create_officer(OfficerId(new_id()), "short")


def test_a_rotation_is_finished_whenever_it_was_interrupted(ring: KeyRing) -> None:
    officer = OfficerId(new_id())
    old = ring.create_officer(officer)
    abandoned = ring.create_next(officer)  # interrupted before its entry
    new = ring.create_next(officer)
    ring.settle(officer, fingerprint(old.public_raw))  # its entry was never written
    assert ring.officer_signer(officer).public_raw == old.public_raw
    ring.settle(officer, fingerprint(new.public_raw))
    ring.settle(officer, fingerprint(new.public_raw))
    assert ring.officer_signer(officer).public_raw == new.public_raw != abandoned.public_raw
    ring.remove_officer(officer)
    with pytest.raises(KeyNotFound):
        ring.officer_signer(officer)
