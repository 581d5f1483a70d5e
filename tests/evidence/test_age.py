"""Encrypting backups: a stream goes in, only its recipient gets it out, and damage is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from kancil.evidence.age import (
    decrypted,
    encrypted_into,
    is_encrypted,
    read_identities,
    read_recipients,
)
from kancil.evidence.errors import BackupNotReadable
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase

DATA = bytes(range(256)) * 1000
OTHER = pyrage.x25519.Identity.generate()
IDENTITY = pyrage.x25519.Identity.generate()


def sealed(path: Path) -> Path:
    with path.open("wb") as out, encrypted_into(out, [IDENTITY.to_public()]) as plain:
        for start in range(0, len(DATA), 10_000):
            plain.write(DATA[start : start + 10_000])
    return path


def opened(path: Path, identity: object = IDENTITY) -> bytes:
    with decrypted(path, [identity]) as plain:
        return plain.read()


def test_only_the_recipient_gets_it_back(tmp_path: Path) -> None:
    path = sealed(tmp_path / "sealed")
    assert is_encrypted(path)
    assert DATA[:64] not in path.read_bytes()
    assert opened(path) == DATA
    assert pyrage.decrypt(path.read_bytes(), [IDENTITY]) == DATA, "any age tool opens it"
    with pytest.raises(BackupNotReadable) as refused:
        opened(path, OTHER)
    assert refused.value.params["why"] == Phrase("why.backup-other-identity")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:-70_000],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data[:100_000] + bytes([data[100_000] ^ 1]) + data[100_001:],
        lambda data: data + b"more",
    ],
)
def test_a_cut_or_changed_file_is_told(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = sealed(tmp_path / "sealed")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BackupNotReadable):
        opened(path)


def test_a_reader_that_stops_early_holds_nobody_up(tmp_path: Path) -> None:
    path = sealed(tmp_path / "sealed")

    def stops() -> None:
        with decrypted(path, [IDENTITY]) as plain:
            assert plain.read(1) == DATA[:1]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stops()


def test_a_full_disk_is_told_as_what_it_is() -> None:
    def fills() -> None:
        with (
            Path("/dev/full").open("wb", buffering=0) as out,
            encrypted_into(out, [IDENTITY.to_public()]) as plain,
        ):
            for _ in range(100):
                plain.write(DATA)

    with pytest.raises(OSError, match="No space left"):
        fills()


def test_what_stops_while_writing_ends_the_stream() -> None:
    def stops() -> None:
        with encrypted_into(io.BytesIO(), [IDENTITY.to_public()]) as plain:
            plain.write(DATA)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stops()


def test_recipients_are_texts_or_files_of_them(tmp_path: Path) -> None:
    listed = tmp_path / "recipients.txt"
    listed.write_text(f"# the court\n{OTHER.to_public()}\n\n", encoding="utf-8")
    found = read_recipients([str(IDENTITY.to_public()), str(listed)], "--encrypt-to")
    assert [str(each) for each in found] == [str(IDENTITY.to_public()), str(OTHER.to_public())]
    listed.write_text("# nobody\n", encoding="utf-8")
    for wrong in ("age1nobody", str(listed)):
        with pytest.raises(OptionNotUsable):
            read_recipients([wrong], "--encrypt-to")


def test_an_identity_is_read_and_never_repeated(tmp_path: Path) -> None:
    path = tmp_path / "identity.txt"
    path.write_text(f"# public key: {IDENTITY.to_public()}\n{IDENTITY}\n", encoding="utf-8")
    assert [str(each.to_public()) for each in read_identities(path, "--identity")] == [
        str(IDENTITY.to_public())
    ]
    for text in (str(IDENTITY)[:-1], "# nothing"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(OptionNotUsable) as refused:
            read_identities(path, "--identity")
        assert "AGE-SECRET" not in repr(refused.value)
