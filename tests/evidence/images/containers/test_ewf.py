"""E01: what its acquisition stored is read; a cut one is refused."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from kancil.evidence.errors import ImageNotReadable
from kancil.evidence.images.containers.ewf import EWF
from kancil.evidence.images.opening import open_image
from kancil.ground.phrase import Phrase
from tests.evidence.images.known import SMALL


def test_the_acquisition_is_read() -> None:
    with ExitStack() as stack:
        image = open_image([SMALL / "ext2.E01"], stack)
    assert image.container == EWF.name
    assert image.stored == {"md5": "196066add11fb71c4c49cf1bb50d6d24"}
    assert image.stated["acquiry_operating_system"] == "Linux"


@pytest.mark.parametrize("size", [9, 20, 100, 4000, 12_000, 12_121])
def test_a_cut_one_is_refused(tmp_path: Path, size: int) -> None:
    cut = tmp_path / "cut.E01"
    cut.write_bytes((SMALL / "ext2.E01").read_bytes()[:size])
    assert refusal([cut]).key == "why.image-segment"


def test_a_missing_first_segment_is_refused(tmp_path: Path) -> None:
    data = (SMALL / "ext2.E01").read_bytes()
    second = tmp_path / "disk.E02"
    second.write_bytes(data[:9] + b"\x02\x00" + data[11:])
    assert refusal([second]).key == "why.image-segment"


def refusal(paths: list[Path]) -> Phrase:
    """Why an image is refused."""
    with ExitStack() as stack, pytest.raises(ImageNotReadable) as refused:
        open_image(paths, stack)
    why = refused.value.params["why"]
    assert isinstance(why, Phrase)
    return why


def test_an_ad1_is_named_as_without_reader(tmp_path: Path) -> None:
    image = tmp_path / "logical.ad1"
    image.write_bytes(b"ADSEGMENTEDFILE\0" + bytes(600))
    assert refusal([image]).params == {"container": "AD1"}
