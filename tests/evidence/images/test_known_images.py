"""Entries, addresses, deleted ones and contents of images are what The Sleuth Kit's tools say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kancil.evidence.images.volume import VolumeState
from tests.evidence.images.known import SMALL, compare, expected, seen, unpacked


@pytest.mark.parametrize(("name", "known"), list(expected(SMALL)), ids=lambda each: str(each)[:20])
def test_a_small_image_is_listed_as_known(name: str, known: dict[str, Any]) -> None:
    assert compare([SMALL / name], known).container == "ewf"


def test_a_split_raw_image_is_its_parts_in_a_row(tmp_path: Path) -> None:
    known = dict(expected(SMALL))["ext2.E01"]
    whole = raw_of(SMALL / "ext2.E01")
    parts = [tmp_path / f"disk.{number:03}" for number in (1, 2, 3)]
    for part, start, end in zip(
        parts, (0, 1_000_003, 3 << 20), (1_000_003, 3 << 20, None), strict=True
    ):
        part.write_bytes(whole[start:end])
    got = compare(parts, known)
    assert (got.container, got.stored) == ("raw", {})


def test_a_volume_that_is_encrypted_or_without_reader_is_named(tmp_path: Path) -> None:
    signatures = {3: b"-FVE-FS-", 0: b"LUKS\xba\xbe", 32: b"NXSB", 0x10040: b"_BHRfS_M"}
    got = []
    for offset, signature in signatures.items():
        image = tmp_path / "volume.raw"
        image.write_bytes(bytes(offset) + signature + bytes(1 << 18))
        ((volume, listed, _),) = seen([image]).volumes
        assert listed == []
        got.append((volume.holds, volume.state))
    assert got == [
        ("BitLocker", VolumeState.ENCRYPTED), ("LUKS", VolumeState.ENCRYPTED),
        ("APFS", VolumeState.NO_READER), ("Btrfs", VolumeState.NO_READER),
    ]  # fmt: skip


def test_the_wider_images_are_listed_as_known(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "evidence"
    containers = set()
    for name, known in expected(folder):
        containers.add(compare([unpacked(folder / name, tmp_path)], known).container)
    assert containers == {"raw", "ewf", "qcow", "vmdk"}


def raw_of(path: Path) -> bytes:
    """The disk's bytes of an image."""
    from contextlib import ExitStack

    from kancil.evidence.images.opening import open_image

    with ExitStack() as stack:
        image = open_image([path], stack)
        return image.read(0, image.size_bytes)
