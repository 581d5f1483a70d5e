"""A disk image goes through triage by a command: listed, read, compared, written as CSV."""

from __future__ import annotations

import csv
import zlib
from pathlib import Path

import pytest

from kancil.custody.reading import VIEWED
from kancil.ground.digests import sha256_hex
from tests.cli.running import Unit
from tests.evidence.images.known import SMALL, expected

IMAGE = "ext2-deleted.E01"


@pytest.fixture
def seized(unit: Unit) -> Unit:
    """Exhibit 3 is a disk."""
    unit.say("exhibit", "add", "C1", SMALL / IMAGE, "--title", "Disk")
    return unit


def test_a_disk_is_read_and_its_files_are_written(seized: Unit, tmp_path: Path) -> None:
    out = tmp_path / "files.csv"
    found = seized.ask("evidence", "triage", "E3", "-o", out)
    assert (found["container"], found["entries"], found["files_read"]) == ("ewf", 10, 4)
    assert found["stored"] == {"md5": "d73c51f10c7ee6a681b7b619ccc6f1c4"}
    with out.open(encoding="utf-8", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    known = {row[0]: row[4] for row in dict(expected(SMALL))[IMAGE]["volumes"][0]["regular_files"]}
    assert rows["passwords.txt"]["sha256"] == known["passwords.txt"]
    said = seized.say("evidence", "triage", "E3")
    assert "10 entries, 4 of them deleted; 4 files read" in said
    assert "The image is as its acquisition stored it (MD5 compared)" in said
    assert "Only the deleted name is left" in said
    *_, last = seized.ask("exhibit", "list", "C1")
    assert [each["kind"] for each in last["events"]].count(VIEWED) == 1


def test_an_image_that_is_not_as_it_was_acquired_is_refused(unit: Unit, tmp_path: Path) -> None:
    data = bytearray((SMALL / IMAGE).read_bytes())
    at = data.index(bytes.fromhex("d73c51f10c7ee6a681b7b619ccc6f1c4"))
    data[at] ^= 1
    data[at + 32 : at + 36] = zlib.adler32(data[at : at + 32]).to_bytes(4, "little")
    changed = tmp_path / "changed.E01"
    changed.write_bytes(data)
    unit.say("exhibit", "add", "C1", changed, "--title", "Changed disk")
    refused = unit.refused("evidence", "triage", "E3")
    assert refused["code"] == "stored-digest-differs"
    assert " of E3 (changed.E01) is " in refused["sentence"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("cut.E01", (SMALL / IMAGE).read_bytes()[:3000], "a segment is missing"),
        ("disk.qcow2", b"QFI\xfb\x00\x00\x00\x03" + bytes(90), "(as QCOW)"),
        ("disk.vmdk", b"KDMV\x01\x00\x00\x00" + b"\xff" * 600, "(as VMDK)"),
    ],
)
def test_a_damaged_image_is_named_by_exhibit_and_file_not_by_its_digest(
    unit: Unit, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    image = tmp_path / name
    image.write_bytes(data)
    unit.say("exhibit", "add", "C1", image, "--title", "Damaged disk")
    refused = unit.refused("evidence", "triage", "E3")
    assert refused["code"] == "image-not-readable"
    assert refused["sentence"].startswith(f"E3 ({name}) cannot be opened as a disk image: ")
    assert says in refused["sentence"]
    assert sha256_hex(data) not in refused["sentence"]


def test_what_is_no_image_says_so(unit: Unit, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir\n" * 200)
    unit.say("exhibit", "add", "C1", letter, "--title", "Letter")
    found = unit.ask("evidence", "triage", "E3")
    assert (found["files_read"], len(found["not_examined"])) == (0, 1)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("case", b'"case-investigation:exhibitNumber":"E3"'),
        ("dfxml", b"<filename>passwords.txt</filename>"),
        ("parquet", b"kancil-examined-files/1"),
    ],
)
def test_what_is_on_a_disk_is_written_for_other_tools(
    seized: Unit, tmp_path: Path, form: str, says: bytes
) -> None:
    out = tmp_path / f"disk.{form}"
    told = seized.ask("evidence", "export", "E3", "--form", form, "-o", out)
    written = out.read_bytes()
    assert says in written
    assert (told["sha256"], told["entries"]) == (sha256_hex(written), 10)
    again = seized.refused("evidence", "export", "E3", "--form", form, "-o", out)
    assert (again["code"], out.read_bytes()) == ("file-exists", written)


def test_a_form_that_is_not_known_is_refused_by_name(seized: Unit, tmp_path: Path) -> None:
    out = tmp_path / "disk.ad1"
    refused = seized.refused("evidence", "export", "E3", "--form", "ad1", "-o", out)
    assert (refused["code"], refused["params"]["why"]) == (
        "option-not-usable", "case, dfxml, parquet",
    )  # fmt: skip
    assert not out.exists()
