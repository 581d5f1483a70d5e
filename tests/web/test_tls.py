"""A certificate that a browser would refuse is refused before the site is served under it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kancil.custody.errors import KeyFileExposed
from kancil.ground.errors import FileNotReadable, OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.web.tls import Tls, check_names, read_tls
from tests.web.certificates import NOW, pair


def why(error: OptionNotUsable) -> str:
    found = error.params["why"]
    assert isinstance(found, Phrase)
    return found.key


def test_a_certificate_and_its_key_are_read_with_names_and_end(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "kancil.unit.lan", "*.Other.lan")
    found = read_tls(certificate, key, at=NOW)
    assert found.names == ("kancil.unit.lan", "*.other.lan")
    assert found.ends_at == NOW + timedelta(days=30)
    assert len(found.fingerprint) == 64
    check_names(found, ["kancil.unit.lan", "a.other.lan"])


@pytest.mark.parametrize(
    "name", ["other.lan", "a.b.other.lan", "kancil.unit.lan.evil", "common.example", "lan"]
)
def test_a_certificate_does_not_hold_for_a_name_it_does_not_name(name: str, tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "kancil.unit.lan", "*.other.lan")
    with pytest.raises(OptionNotUsable) as met:
        check_names(read_tls(certificate, key, at=NOW), [name])
    assert why(met.value) == "why.tls-name"


def test_one_that_has_ended_or_not_begun_is_refused(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "a.lan")
    for at, said in (
        (NOW + timedelta(days=30), "why.tls-ended"),
        (NOW - timedelta(days=2), "why.tls-begins"),
    ):
        with pytest.raises(OptionNotUsable) as met:
            read_tls(certificate, key, at=at)
        assert why(met.value) == said


def test_a_key_of_another_certificate_or_closed_or_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    certificate, key = pair(tmp_path, "a.lan")
    _, other = pair(tmp_path / "other", "a.lan")
    for wrong, said in ((other, "why.tls-other-key"), (certificate, "why.tls-no-key")):
        certificate.chmod(0o600)
        with pytest.raises(OptionNotUsable) as met:
            read_tls(certificate, wrong, at=NOW)
        assert why(met.value) == said
    with pytest.raises(OptionNotUsable) as met:
        read_tls(key, key, at=NOW)
    assert why(met.value) == "why.tls-no-certificate"
    pair(tmp_path, "a.lan", password=b"closed")
    with pytest.raises(OptionNotUsable) as met:
        read_tls(certificate, key, at=NOW)
    assert why(met.value) == "why.tls-no-key"
    assert read_tls(certificate, key, at=NOW, password=b"closed").names == ("a.lan",)


def test_a_weak_key_is_refused_here_and_not_by_each_browser(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "a.lan", rsa_bits=1024)
    with pytest.raises(OptionNotUsable) as met:
        read_tls(certificate, key, at=NOW)
    assert why(met.value) == "why.tls-weak"


def test_a_key_that_anyone_may_read_and_a_file_that_is_not_there_are_refused(
    tmp_path: Path,
) -> None:
    certificate, key = pair(tmp_path, "a.lan")
    key.chmod(0o640)
    assert isinstance(read_tls(certificate, key, at=NOW), Tls)
    key.chmod(0o644)
    with pytest.raises(KeyFileExposed):
        read_tls(certificate, key, at=NOW)
    for paths in ((certificate, tmp_path / "no.key"), (tmp_path / "no.crt", key)):
        with pytest.raises(FileNotReadable):
            read_tls(*paths, at=NOW)


@pytest.mark.parametrize("data", [b"", b"\x00", b"-----BEGIN CERTIFICATE-----\n", b"\xff" * 4096])
def test_hostile_files_are_refused_in_words(data: bytes, tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "a.lan")
    for path in (key, certificate):
        path.write_bytes(data)
        with pytest.raises(OptionNotUsable):
            read_tls(certificate, key, at=NOW)
