"""An altered copy differs from its image in one bit, and the disk in it differs too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.evidence.errors import ImageNotReadable
from kancil.evidence.validation.altered import alter
from kancil.evidence.validation.validate import REFERENCE
from tests.evidence.images.known import seen


@pytest.mark.parametrize("image", sorted(REFERENCE.glob("*.E01")), ids=lambda each: each.stem)
def test_one_bit_of_the_image_is_changed_and_the_disk_is_another(
    image: Path, tmp_path: Path
) -> None:
    copy, before = tmp_path / "copy.E01", image.read_bytes()
    alter(image, copy)
    after = copy.read_bytes()
    changed = [one ^ other for one, other in zip(before, after, strict=True) if one != other]
    assert (len(changed), image.read_bytes()) == (1, before)
    got = seen([copy])
    assert got.md5 != got.stored["md5"] == seen([image]).md5


def test_what_has_no_sectors_cannot_be_altered(tmp_path: Path) -> None:
    image = tmp_path / "image.raw"
    image.write_bytes(bytes(4096))
    with pytest.raises(ImageNotReadable):
        alter(image, tmp_path / "copy.raw")
