"""A lab travels as one file, and a file that is not wholly a lab writes nothing."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyrage
import pytest

from kancil.ground import canonical
from kancil.ground.errors import FileExists, FormatTooNew, KancilError
from kancil.ground.progress import SILENT
from kancil.training.errors import LabFileChanged, LabNotReadable
from kancil.training.lab import SMALL
from kancil.training.making import check_files, make_lab
from kancil.training.packing import _members, _read, pack_lab, unpack_lab
from tests.training.tiny_lab import LAB, TABLE
from tests.zips import negative_offset

TRAINER = pyrage.x25519.Identity.generate()


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "lab"
    make_lab(LAB, 7, SMALL, folder, [TRAINER.to_public()], SILENT)
    return folder


def names(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_a_packed_lab_comes_out_as_it_went_in(lab: Path, tmp_path: Path) -> None:
    packed = tmp_path / "one.kancil-lab"
    packed.write_bytes(pack_lab(lab))
    assert pack_lab(lab) == packed.read_bytes()
    manifest = unpack_lab(packed, tmp_path / "out")
    check_files(manifest, tmp_path / "out")
    assert names(tmp_path / "out") == names(lab)
    assert not (tmp_path / "out" / "files" / TABLE).stat().st_mode & 0o077
    assert "key.age" not in zipfile.ZipFile(io.BytesIO(pack_lab(lab, with_key=False))).namelist()
    with pytest.raises(FileExists):
        unpack_lab(packed, tmp_path / "out")


def zipped(members: Mapping[str, bytes], mode: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr, member.compress_type = mode << 16, method
            packed.writestr(member, data)
    return out.getvalue()


def refused(data: bytes) -> type[KancilError]:
    """How the reader, in this process, refuses bytes: the same function that a child runs."""
    with pytest.raises(KancilError) as error:
        _read.here(data, "x.kancil-lab")
    return error.type


def test_a_member_that_begins_before_the_file_is_refused() -> None:
    assert refused(negative_offset("lab.json")) is LabNotReadable


def test_what_is_not_wholly_a_lab_is_refused(lab: Path) -> None:
    members = {
        each.relative_to(lab).as_posix(): each.read_bytes()
        for each in lab.rglob("*")
        if each.is_file()
    }
    assert _read.here(zipped(members, method=zipfile.ZIP_DEFLATED), "x").manifest.lab == "tiny"
    outside = {**members, "../../outside.txt": b"x"}
    assert refused(zipped(outside)) is LabFileChanged
    assert refused(zipped({**members, "/etc/cron.d/x": b"x"})) is LabFileChanged
    assert refused(zipped({**members, f"files/{TABLE}": b"other"})) is LabFileChanged
    without = {name: data for name, data in members.items() if TABLE not in name}
    assert refused(zipped(without)) is LabFileChanged
    assert refused(zipped({f"files/{TABLE}": b"x"})) is LabNotReadable
    assert refused(zipped(members, stat.S_IFLNK | 0o777)) is LabNotReadable
    assert refused(zipped({**members, "folder/": b""})) is LabNotReadable
    assert refused(zipped(members, method=zipfile.ZIP_BZIP2)) is LabNotReadable
    assert refused(zipped(members)[:-30]) is LabNotReadable
    assert refused(b"no zip") is LabNotReadable
    newer = json.loads(members["lab.json"]) | {"format": "kancil-lab/2"}
    assert refused(zipped({**members, "lab.json": canonical.dumps(newer)})) is FormatTooNew
    escaping = json.loads(members["lab.json"])
    escaping["evidence"][0]["name"] = "../outside.txt"
    wrong = {**members, "lab.json": canonical.dumps(escaping), "files/../outside.txt": b"x"}
    assert refused(zipped(wrong)) is LabNotReadable


def test_a_bomb_is_stopped_at_the_limit_and_a_doubled_name_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kancil.training.packing.MOST_BYTES", 10_000)
    bomb = zipped({"lab.json": b"0" * 100_000}, method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1_000
    with pytest.raises(LabNotReadable) as large:
        _members(bomb, "x")
    assert str(large.value.params["why"]).startswith("why.lab-pack-large")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("lab.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("lab.json", b"2")
    with pytest.raises(LabNotReadable) as twice:
        _members(out.getvalue(), "x")
    assert str(twice.value.params["why"]).startswith("why.lab-pack-twice")


def test_nothing_is_written_of_a_refused_file(lab: Path, tmp_path: Path) -> None:
    packed = tmp_path / "bad.kancil-lab"
    packed.write_bytes(pack_lab(lab)[:-30])
    with pytest.raises(LabNotReadable):
        unpack_lab(packed, tmp_path / "out")
    assert not (tmp_path / "out").exists()
