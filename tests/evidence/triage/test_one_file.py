"""One file of an image by its address: the same bytes as the pass read, without a walk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kancil.evidence.errors import VaultBytesBroken
from kancil.evidence.reading.page import Asked, BytesPage, Way
from kancil.evidence.triage.one_file import OneFile, open_entry_file, read_entry_file
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.supervise import triage
from kancil.ground.confine import Grants
from tests.evidence.images.known import DMG, SMALL

IMAGES = (SMALL / "ext2.E01", SMALL / "ext2-deleted.E01", DMG)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Outcome]:
    found = {}
    for image in IMAGES:
        folder = tmp_path_factory.mktemp("outcome")
        found[image] = triage([image], folder, workers=1)
    return found


def asked_of(outcome: Outcome) -> list[OneFile]:
    entries = outcome.entries.to_pylist()
    return [
        OneFile(entry["volume"], entry["address"], entry["path"], row["read_bytes"],
                row["sha256"].hex())
        for row in outcome.contents.to_pylist() if row["member"] == 0
        for entry in (entries[row["number"] - 1],)
    ]  # fmt: skip


@pytest.mark.parametrize("image", IMAGES, ids=lambda each: each.name)
def test_every_file_that_the_pass_read_has_the_same_bytes_by_its_address(
    outcomes: dict[Path, Outcome], image: Path
) -> None:
    files = asked_of(outcomes[image])
    assert files
    for one in files:
        data = read_entry_file.here((str(image),), one, 0, one.size_bytes)
        assert hashlib.sha256(data).hexdigest() == one.sha256, one.name


def test_a_stretch_is_the_same_bytes_as_the_whole_has_there(outcomes: dict[Path, Outcome]) -> None:
    files = (str(IMAGES[0]),)
    one = max(asked_of(outcomes[IMAGES[0]]), key=lambda each: each.size_bytes)
    whole = read_entry_file.here(files, one, 0, one.size_bytes)
    for at in (0, 1, one.size_bytes // 2, one.size_bytes - 1, one.size_bytes + 5):
        assert read_entry_file.here(files, one, at, 7) == whole[at : at + 7]


def test_a_child_shows_bytes_and_sees_the_image_alone(outcomes: dict[Path, Outcome]) -> None:
    files = (str(IMAGES[0]),)
    one = next(each for each in asked_of(outcomes[IMAGES[0]]) if each.size_bytes)
    asked = open_entry_file.within(open_entry_file.limits, Grants(reads=files))
    page = asked(files, one, Asked(Way.BYTES)).shown
    assert isinstance(page, BytesPage)
    whole = read_entry_file.here(files, one, 0, one.size_bytes)
    assert page.rows[0][1] == whole[:16].hex(" ")


@pytest.mark.parametrize("address", ["999999", "999999-128-1", "1"])
def test_an_address_that_leads_elsewhere_shows_nothing(address: str) -> None:
    one = OneFile(1, address, "note.txt", 5, hashlib.sha256(b"hello").hexdigest())
    with pytest.raises(VaultBytesBroken):
        open_entry_file.here((str(IMAGES[0]),), one, Asked())


def test_a_volume_that_is_none_shows_nothing(tmp_path: Path) -> None:
    image = tmp_path / "zeros.raw"
    image.write_bytes(bytes(1 << 16))
    one = OneFile(1, "5", "note.txt", 5, hashlib.sha256(b"hello").hexdigest())
    with pytest.raises(VaultBytesBroken):
        open_entry_file.here((str(image),), one, Asked())
