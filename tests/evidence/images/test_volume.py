"""What a volume holds is told by signatures where no reader opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.evidence.images.volume import VolumeState
from tests.evidence.images.known import seen


@pytest.mark.parametrize("sector", range(4))
def test_a_label_of_lvm_is_found_in_each_of_the_first_four_sectors(
    tmp_path: Path, sector: int
) -> None:
    """As pvcreate(8) may write it; it does so in the second one unless asked."""
    disk = bytearray(1 << 20)
    disk[sector * 512 : sector * 512 + 32] = b"LABELONE".ljust(24, b"\0") + b"LVM2 001"
    path = tmp_path / "disk.raw"
    path.write_bytes(disk)
    (volume, entries, _), *others = seen([path]).volumes
    assert (volume.holds, volume.state) == ("LVM2", VolumeState.NO_READER)
    assert not entries
    assert not others
