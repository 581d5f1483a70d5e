"""A backup that only the holder of an age key can read, of either site."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from tests.cli.running import Unit, run
from tests.modes import mode


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, Path]:
    """Make a key as age-keygen does: the recipient, and the file of its identity."""
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "identity.txt"
    path.write_text(f"# made elsewhere\n{identity}\n", encoding="utf-8")
    return str(identity.to_public()), path


def test_it_comes_back_with_the_identity_and_shows_nothing_without(
    unit: Unit, keys: tuple[str, Path], tmp_path: Path
) -> None:
    recipient, identity = keys
    out = tmp_path / "out" / "unit.tar.age"
    out.parent.mkdir()
    made = unit.ask("backup", "-o", out, "--with-keys", "--encrypt-to", recipient)
    assert made["encrypted"] is True
    assert mode(out) == 0o600
    assert list(out.parent.iterdir()) == [out]
    data = out.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    for plain in (b"unit.founded", b"kancil.toml", b"BEGIN ENCRYPTED"):
        assert plain not in data

    second = tmp_path / "second"
    refused = run("restore", out, second)
    assert "it is encrypted" in refused.err
    assert refused.status
    assert not second.exists()
    restored = run("restore", out, second, "--identity", identity, env={"KANCIL_OFFICER": "O1"})
    assert restored.status == 0, restored.err
    assert run("verify", second).status == 0


def test_a_changed_one_restores_nothing(unit: Unit, keys: tuple[str, Path], tmp_path: Path) -> None:
    recipient, identity = keys
    out = tmp_path / "unit.tar.age"
    unit.say("backup", "-o", out, "--encrypt-to", recipient)
    data = out.read_bytes()
    for place in (len(data) // 2, len(data) - 1):
        out.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        refused = run("restore", out, tmp_path / "second", "--identity", identity)
        assert "was changed after it was encrypted" in refused.err
        assert not (tmp_path / "second").exists()


def test_keys_in_an_open_backup_are_warned_of(unit: Unit, tmp_path: Path) -> None:
    ran = unit.run("backup", "-o", tmp_path / "unit.tar", "--with-keys")
    assert "can sign as this unit" in ran.err
    assert "can sign" not in unit.run("backup", "-o", tmp_path / "other.tar").err


def test_a_recipient_that_is_none_is_refused_before_anything_is_recorded(
    unit: Unit, tmp_path: Path
) -> None:
    before = unit.ask("status")["workspace"]["entries"]
    refused = unit.refused("backup", "-o", tmp_path / "unit.tar", "--encrypt-to", "age1nobody")
    assert refused["code"] == "option-not-usable"
    assert unit.ask("status")["workspace"]["entries"] == before
    assert not (tmp_path / "unit.tar").exists()


def test_a_programmes_comes_back_too(keys: tuple[str, Path], tmp_path: Path) -> None:
    recipient, identity = keys
    site = Unit(tmp_path / "programme", "ada")
    run("init", site.root, "--site", "programme", "--officer", "Ada", "--username", "ada")
    out = tmp_path / "programme.tar.age"
    site.say("backup", "-o", out, "--encrypt-to", recipient)
    assert out.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"kancil.toml" not in out.read_bytes()
    done = run("restore", out, tmp_path / "second", "--identity", identity)
    assert done.status == 0, done.err
