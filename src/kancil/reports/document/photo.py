"""A photograph as a picture of a document: JPEG or PNG, without what a camera writes beside it.

Place, owner and time of day stand in segments of their own (EXIF, XMP, comments); they are left out
before a photograph leaves. It is not decoded here: only its size is read, and how it is turned.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from kancil.ground.child import in_child
from kancil.ground.phrase import Phrase
from kancil.reports.errors import PhotoNotUsable

from .blocks import Picture

MOST_BYTES = 12_000_000
MOST_DOTS = 40_000_000
"""Width by height: what is larger would take too much memory where it is drawn."""
_WIDE = 700
"""Of the picture, in user units."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP",
              b"sBIT"}  # fmt: skip
_JPEG_START, _JPEG_SCAN, _JPEG_ADOBE, _JPEG_JFIF, _JPEG_COLOURS = 0xD8, 0xDA, 0xEE, 0xE0, 0xE2
_JPEG_EXIF, _ORIENTATION = 0xE1, 0x0112
_TURNED = {3: 180, 6: 90, 8: 270}
"""Degrees by EXIF's orientation (CIPA DC-008, 4.6.4); mirrored ones stay as they are."""
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPEG_MORE = {*range(0xE0, 0xF0), 0xFE}
"""Application segments and comments."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph without what stood beside it."""

    data: bytes
    media_type: str
    width: int
    height: int
    turned: int = 0
    """Clockwise, in degrees: how it must be turned to stand upright."""


@in_child(memory_bytes=1 << 28, cpu_seconds=10)
def read_photo(path: Path) -> Photo:
    """Read a JPEG or PNG file; raises PhotoNotUsable with the reason."""
    with path.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PhotoNotUsable(why=Phrase("why.photo-large"))
    try:
        photo = _png(data) if data.startswith(_PNG) else _jpeg(data)
    except (struct.error, IndexError) as error:
        raise PhotoNotUsable(why=Phrase("why.photo-broken")) from error
    if not 0 < photo.width * photo.height <= MOST_DOTS:
        raise PhotoNotUsable(why=Phrase("why.photo-large"))
    return photo


def _png(data: bytes) -> Photo:
    kept, at = [_PNG], len(_PNG)
    width, height = struct.unpack(">II", data[16:24])
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise PhotoNotUsable(why=Phrase("why.photo-broken"))
        if kind in _PNG_DRAWN:
            kept.append(data[at:end])
        at = end
        if kind == b"IEND":
            break
    return Photo(b"".join(kept), "image/png", width, height)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG until its scan, which goes on to the end."""
    at = 2
    while True:
        mark, kind = data[at], data[at + 1]
        if mark != 0xFF:
            raise PhotoNotUsable(why=Phrase("why.photo-broken"))
        if kind == 0xFF:  # fill bytes
            at += 1
            continue
        if kind == _JPEG_SCAN:
            yield kind, data[at:]
            return
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        yield kind, data[at : at + 2 + length]
        at += 2 + length


def _jpeg(data: bytes) -> Photo:
    if data[:1] != b"\xff" or data[1] != _JPEG_START:
        raise PhotoNotUsable(why=Phrase("why.photo-kind"))
    kept, width, height, turned = [data[:2]], 0, 0, 0
    for kind, segment in _segments(data):
        if kind in _JPEG_SIZES:
            height, width = struct.unpack(">HH", segment[5:9])
        if kind == _JPEG_EXIF and segment[4:10] == b"Exif\x00\x00":
            turned = _turned(segment[10:])
        is_shown = kind in (_JPEG_JFIF, _JPEG_ADOBE) or _is_profile(kind, segment)
        if is_shown or kind not in _JPEG_MORE:
            kept.append(segment)
    return Photo(b"".join(kept), "image/jpeg", width, height, turned)


def _turned(exif: bytes) -> int:
    """How a camera was held, from the first directory of a TIFF header."""
    order = "<" if exif[:2] == b"II" else ">"
    (at,) = struct.unpack(f"{order}I", exif[4:8])
    (entries,) = struct.unpack(f"{order}H", exif[at : at + 2])
    for number in range(min(entries, 200)):
        entry = exif[at + 2 + number * 12 : at + 14 + number * 12]
        tag, _, _, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == _ORIENTATION:
            return _TURNED.get(value, 0)
    return 0


def _is_profile(kind: int, segment: bytes) -> bool:
    """Whether it says how colours are meant."""
    return kind == _JPEG_COLOURS and segment[4:15] == b"ICC_PROFILE"


def photo_picture(photo: Photo, title: str, description: str) -> Picture:
    """A photograph as a picture: it stands whole in the document, and nothing is fetched."""
    wide, high = photo.width, photo.height
    if photo.turned in (90, 270):
        wide, high = high, wide
    height = max(1, round(_WIDE * high / wide))
    own_wide, own_high = (height, _WIDE) if (wide, high) != (photo.width, photo.height) else (
        _WIDE, height)  # fmt: skip
    held = base64.b64encode(photo.data).decode()
    turn = f"translate({_WIDE / 2:g} {height / 2:g}) rotate({photo.turned})"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" '
        f'width="{_WIDE}" height="{height}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>"
        f'<image transform="{turn}" x="{-own_wide / 2:g}" y="{-own_high / 2:g}" '
        f'width="{own_wide}" height="{own_high}" '
        f'href="data:{photo.media_type};base64,{held}"/></svg>'
    )
    return Picture(svg, title, description, _WIDE, height)
