"""A ZIP of any form is read only to tell that its signed files are unchanged, and never too far."""

from __future__ import annotations

import io
import zipfile

import pytest

from kancil.reports.casework.bundle.checker import zipped_again
from kancil.reports.casework.bundle.checker.zipped_again import read_any_zip

MEMBERS = {"MANIFEST.json": b"{}", "analysis/a.txt": b"one\n" * 500}


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["", "bundle/", "on/the/desk/"])
def test_the_members_are_those_beside_the_manifest(folder: str) -> None:
    beside = {"__MACOSX/x": b"x", folder: b""} if folder else {}
    data = zipped({**beside, **{folder + name: data for name, data in MEMBERS.items()}})
    assert read_any_zip(data) == MEMBERS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        zipped(MEMBERS)[:-1],
        zipped({"analysis/a.txt": b"x"}),
        zipped({**MEMBERS, "other/MANIFEST.json": b"{}"}),
        zipped(MEMBERS, zipfile.ZIP_BZIP2),
        zipped(MEMBERS).replace(b"analysis/a.txt", b"analysis/b.txt", 1),
    ],
)
def test_what_readers_could_read_in_two_ways_is_not_read(data: bytes) -> None:
    assert read_any_zip(data) is None


def test_a_name_twice_is_not_read() -> None:
    data = zipped({**MEMBERS, "analysis/b.txt": b"x"})
    assert read_any_zip(data) is not None
    assert read_any_zip(data.replace(b"analysis/b.txt", b"analysis/a.txt")) is None


def test_what_unpacks_to_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(MEMBERS)
    size = sum(map(len, MEMBERS.values()))
    monkeypatch.setattr(zipped_again, "MOST_BYTES", size)
    assert read_any_zip(data) == MEMBERS
    monkeypatch.setattr(zipped_again, "MOST_BYTES", size - 1)
    assert read_any_zip(data) is None
