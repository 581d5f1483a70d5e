"""Packs: whole and signed, or refused with one sentence."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.ground import canonical
from kancil.ground.errors import FormatTooNew, KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import write_signed
from kancil.ground.signing import MemorySigner, fingerprint
from kancil.training.courses import checks, kept, pack
from kancil.training.courses.course import Course
from kancil.training.courses.kept import FOLDER
from kancil.training.courses.pack import LIST, SUFFIX, unpacked, write_pack
from kancil.training.courses.reading import course_of
from kancil.training.errors import (
    CourseExists,
    CourseNotFound,
    CoursePackBroken,
    CoursePackNotReadable,
    CourseSignerOther,
)
from kancil.training.labs import LABS
from tests.training.courses.sample import sample_files, the_sample_lab

SIGNER = MemorySigner(
    Ed25519PrivateKey.from_private_bytes(b"an invented trainer's long secret"[:32])
)
KEY = fingerprint(SIGNER.public_raw)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample's lab is known, and packs are read in this process: no child knows that lab."""
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))
    for name in ("open_pack", "read_outline", "pack_files"):
        monkeypatch.setattr(pack, name, getattr(pack, name).here)
    for name in ("open_pack", "pack_files"):
        monkeypatch.setattr(kept, name, getattr(pack, name))
    kept._opened.cache_clear()


def _pack(files: dict[str, bytes] | None = None) -> bytes:
    return write_pack(files or sample_files(), SIGNER)[0]


def _course() -> Course:
    return course_of(sample_files())


def test_a_pack_has_the_files_of_the_course_and_is_the_same_again() -> None:
    data = _pack()
    assert data == _pack()
    assert unpacked(data, "x") == (sample_files(), SIGNER.public_raw)
    opened = pack.open_pack(data, "x")
    assert (opened.course, opened.fingerprint) == (_course(), KEY)


def _rewritten(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The pack with its members changed after it was signed."""
    with zipfile.ZipFile(io.BytesIO(_pack())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _newer(members: dict[str, bytes]) -> None:
    statement = canonical.loads(members[LIST])["statement"]
    members[LIST] = write_signed({**statement, "format": "kancil-course-pack/2"}, SIGNER)


def _other_signature(members: dict[str, bytes]) -> None:
    line = json.loads(members[LIST])
    line["signature"] = base64.b64encode(bytes(64)).decode()
    members[LIST] = canonical.dumps(line) + b"\n"


def _listed_outside(members: dict[str, bytes]) -> None:
    """Listed and signed, and still outside of the course."""
    members["../../home/x.md"] = b"x"


REFUSED: dict[str, tuple[Callable[[dict[str, bytes]], object], type[KancilError], str]] = {
    "path outside": (_listed_outside, CoursePackNotReadable, "why.course-pack-path"),
    "absolute path": (
        lambda members: members.__setitem__("/etc/x.md", b"x"),
        CoursePackNotReadable, "why.course-pack-path"),
    "unknown file": (
        lambda members: members.__setitem__("en/run.py", b"x"),
        CoursePackNotReadable, "why.course-pack-path"),
    "wrong signature": (_other_signature, CoursePackBroken, ""),
    "newer": (_newer, FormatTooNew, ""),
    "a changed file": (
        lambda members: members.__setitem__("en/trainee.md", b"x"), CoursePackBroken, ""),
    "a missing file": (lambda members: members.pop("en/trainee.md"), CoursePackBroken, ""),
    "one more file": (
        lambda members: members.__setitem__("en/slides.md", b"x"), CoursePackBroken, ""),
    "no list": (
        lambda members: members.pop(LIST), CoursePackNotReadable, "why.course-pack-other-file"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_pack_that_is_not_what_was_signed_is_refused(name: str, tmp_path: Path) -> None:
    change, error, why = REFUSED[name]
    data = _rewritten(change)
    with pytest.raises(error) as caught:
        kept.keep_pack(tmp_path, data, name="p.kancil-course", fingerprint=KEY)
    found = caught.value.params.get("why")
    assert not why or (isinstance(found, Phrase) and found.key == why)
    assert not (tmp_path / FOLDER).exists()


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(CoursePackNotReadable):
        pack.open_pack(b"%PDF-1.7", "x")


def test_a_pack_of_another_key_is_not_imported(tmp_path: Path) -> None:
    with pytest.raises(CourseSignerOther) as caught:
        kept.keep_pack(tmp_path, _pack(), name="p", fingerprint="another")
    assert caught.value.params["found"] == KEY
    assert not (tmp_path / FOLDER).exists()


def _version(version: str) -> dict[str, bytes]:
    files = sample_files()
    files["course.yaml"] = files["course.yaml"].replace(
        b'version: "1"', f'version: "{version}"'.encode()
    )
    return files


def test_an_imported_course_is_found_in_its_highest_version(tmp_path: Path) -> None:
    for version in ("2", "10", "9.1"):
        kept.keep_pack(tmp_path, _pack(_version(version)), name="p", fingerprint=KEY)
    assert len(list((tmp_path / FOLDER).glob(f"*{SUFFIX}"))) == 3
    assert kept.find_course(tmp_path, "sample").outline.version == "10"
    assert kept.files_of_course(tmp_path, "sample") == _version("10")
    with pytest.raises(CourseNotFound):
        kept.find_course(tmp_path, "another")


def test_the_same_pack_again_changes_nothing_and_other_contents_are_refused(tmp_path: Path) -> None:
    for _ in range(2):
        kept.keep_pack(tmp_path, _pack(), name="p", fingerprint=KEY)
    files = sample_files()
    files["en/trainee.md"] += b"\nMore [^s1].\n"
    with pytest.raises(CourseExists):
        kept.keep_pack(tmp_path, _pack(files), name="p", fingerprint=KEY)
    assert kept.find_course(tmp_path, "sample") == _course()
