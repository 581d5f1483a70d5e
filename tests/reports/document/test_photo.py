"""Photographs in documents: what a camera writes beside them does not leave."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest

from kancil.reports.document.photo import Photo, photo_picture, read_photo
from kancil.reports.document.raster import png_of
from kancil.reports.errors import PhotoNotUsable
from tests.reports.programme.sample_donor import png

SECRET = b"17.9757 N 102.6331 E, telephone of A. Nobody"


def segment(kind: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    """EXIF with one entry: how the camera was held."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + head + struct.pack(f"{order}H", 1) + entry + SECRET


def jpeg(*more: bytes, width: int = 60, height: int = 40) -> bytes:
    """The frame of a JPEG; its scan is none."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    return b"\xff\xd8" + b"".join(more) + frame + b"\xff\xda" + b"scan" + b"\xff\xd9"


def read(tmp_path: Path, data: bytes) -> Photo:
    """Read it where the test runs."""
    path = tmp_path / "picture"
    path.write_bytes(data)
    return read_photo.here(path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("orientation", "turned"), [(1, 0), (3, 180), (6, 90), (8, 270), (2, 0)])
def test_place_and_owner_are_left_out_and_the_picture_stands_upright(
    tmp_path: Path, orientation: int, turned: int, order: str
) -> None:
    data = jpeg(segment(0xE1, exif(orientation, order)), segment(0xFE, SECRET))
    photo = read(tmp_path, data)
    assert SECRET not in photo.data
    assert photo.data.endswith(b"\xff\xdascan\xff\xd9")
    assert (photo.width, photo.height, photo.turned) == (60, 40, turned)
    shown = photo_picture(photo, "T", "D")
    assert (shown.width > shown.height) == (turned in (0, 180))


def test_a_png_loses_its_texts_and_can_be_drawn(tmp_path: Path) -> None:
    photo = read(tmp_path, png(8, 6, SECRET))
    assert photo.data == png(8, 6)
    shown = photo_picture(photo, "A & B", "<of>")
    assert base64.b64encode(photo.data).decode() in shown.svg
    assert "A &amp; B" in shown.svg
    assert png_of(shown.svg).startswith(b"\x89PNG")


def test_it_is_read_in_a_child_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(png())
    assert read_photo(path) == read_photo.here(path)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff", jpeg()[:12], b"\xff\xd8\x00\x00\x00",
        png()[:30], png(0, 0), png(50_000, 50_000), jpeg(width=0),
        b"\xff\xd8" + segment(0xE1, b"Exif\x00\x00II") + jpeg()[2:],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PhotoNotUsable):
        read(tmp_path, data)
