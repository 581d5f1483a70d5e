"""A disk of this format is told by its bytes at either end, and a broken one is refused."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from kancil.evidence.errors import ImageNotReadable
from kancil.evidence.images.containers.vhd import VHD
from kancil.evidence.images.opening import open_image
from tests.evidence.images.known import seen


def test_it_is_told_by_its_first_or_last_bytes() -> None:
    assert VHD.recognises(b"conectix" + bytes(600), bytes(512))
    assert VHD.recognises(bytes(600), b"conectix" + bytes(504))
    assert not VHD.recognises(bytes(600), bytes(512))


def test_one_without_its_tables_is_refused(tmp_path: Path) -> None:
    image = tmp_path / "broken"
    image.write_bytes(b"conectix" + bytes(600))
    with ExitStack() as stack, pytest.raises(ImageNotReadable):
        open_image([image], stack)


def test_a_real_one_is_read(shared_data: Path) -> None:
    got = seen([shared_data / "evidence/images/dfvfs/image.vhd"])
    ((volume, listed, _),) = got.volumes
    assert (got.container, volume.holds, len(listed)) == (VHD.name, "ext2", 10)
