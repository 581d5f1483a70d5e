"""A compressed DMG is read: what HFS+ it holds is listed."""

from __future__ import annotations

from kancil.evidence.images.containers.udif import UDIF
from tests.evidence.images.known import DMG, seen


def test_hfs_plus_in_a_dmg_is_listed() -> None:
    got = seen([DMG])
    ((volume, listed, rows),) = got.volumes
    assert (got.container, volume.holds) == (UDIF.name, "HFS+")
    assert "a_directory/a_file" in {each.path for each in listed}
    (one,) = [row for row in rows if row[0] == "passwords.txt"]
    assert one[3] == 116
