"""A disk of this format is told by its bytes, and a broken one is refused."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from kancil.evidence.errors import ImageNotReadable
from kancil.evidence.images.containers.qcow import QCOW
from kancil.evidence.images.opening import open_image
from tests.evidence.images.known import compare, expected


def test_it_is_told_by_its_first_bytes() -> None:
    assert QCOW.recognises(b"QFI\xfb" + bytes(600), bytes(512))
    assert not QCOW.recognises(bytes(600), bytes(512))


def test_one_without_its_tables_is_refused(tmp_path: Path) -> None:
    image = tmp_path / "broken"
    image.write_bytes(b"QFI\xfb" + bytes(600))
    with ExitStack() as stack, pytest.raises(ImageNotReadable):
        open_image([image], stack)


def test_a_real_one_is_read(shared_data: Path) -> None:
    name = "images/dfvfs/ext2.qcow2"
    known = dict(expected(shared_data / "evidence"))[name]
    assert compare([shared_data / "evidence" / name], known).container == QCOW.name
