"""Pages of a PDF and pictures, drawn anew: what a browser gets is a picture that we wrote.

PDFium draws pages as it does in Chromium; scripts in a PDF are not run, since the build that is
used has none. Pillow reads pictures of a few formats and writes them again, without
what they carried along (place, camera, thumbnails). One frame of a moving picture is shown.
"""

from __future__ import annotations

import io
from typing import BinaryIO

import pypdfium2
from PIL import Image, ImageOps

from kancil.evidence.errors import FileNotOfForm
from kancil.ground.phrase import Phrase

from .page import Asked, Drawn, PdfPage, PicturePage

WIDTH = 1_240
"""Pixels: an A4 page at 150 dots an inch."""
MAX_PIXELS = 4_000_000
"""Of a page that is drawn."""
PICTURE_SIDE = 1_600
MAX_PICTURE_PIXELS = 80_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")
_TEXT_CHARACTERS = 20_000
_LARGE_BYTES = 500_000
_QUALITY = 82


def pdf_page(stream: BinaryIO, asked: Asked) -> PdfPage:
    """How many pages a PDF has, and the text of one; raises FileNotOfForm."""
    document = _document(stream)
    count = len(document)
    at = max(0, min(asked.at, count - 1))
    try:
        text = document[at].get_textpage().get_text_bounded() if count else ""
    except pypdfium2.PdfiumError:
        text = ""
    return PdfPage(at, count, text[:_TEXT_CHARACTERS])


def draw_pdf_page(stream: BinaryIO, asked: Asked) -> Drawn:
    """A picture of one page; raises FileNotOfForm."""
    document = _document(stream)
    if not 0 <= asked.at < len(document):
        raise FileNotOfForm(way=Phrase("name.way-pages"), why=Phrase("why.file-no-place"))
    try:
        page = document[asked.at]
        wide, high = page.get_size()
        scale = min(WIDTH / max(wide, 1), (MAX_PIXELS / max(wide * high, 1)) ** 0.5)
        image = page.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise _not_read("name.way-pages", error) from error
    return _written(image.convert("RGB"))


def picture_page(stream: BinaryIO, _asked: Asked) -> PicturePage:
    """Format and size of a picture, from its head; raises FileNotOfForm."""
    found = _picture(stream)
    return PicturePage(str(found.format), found.width, found.height)


def draw_picture(stream: BinaryIO) -> Drawn:
    """A picture again, no side longer than `PICTURE_SIDE`; raises FileNotOfForm."""
    found = _picture(stream)
    try:
        found.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
        image = ImageOps.exif_transpose(found).convert("RGB")
        image.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _not_read("name.way-picture", error) from error
    return _written(image)


def _document(stream: BinaryIO) -> pypdfium2.PdfDocument:
    stream.seek(0)
    try:
        return pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        raise _not_read("name.way-pages", error) from error


def _picture(stream: BinaryIO) -> Image.Image:
    stream.seek(0)
    Image.MAX_IMAGE_PIXELS = MAX_PICTURE_PIXELS // 2  # twice as many raise, fewer only warn
    try:
        return Image.open(stream, formats=_FORMATS)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _not_read("name.way-picture", error) from error


def _not_read(way: str, error: Exception) -> FileNotOfForm:
    why = Phrase("why.file-not-parsed", {"what": str(error)[:160]})
    return FileNotOfForm(way=Phrase(way), why=why)


def _written(image: Image.Image) -> Drawn:
    """As PNG, or as JPEG where that is much smaller."""
    out, media_type = io.BytesIO(), "image/png"
    image.save(out, "PNG")
    if out.tell() > _LARGE_BYTES:
        out, media_type = io.BytesIO(), "image/jpeg"
        image.save(out, "JPEG", quality=_QUALITY)
    return Drawn(out.getvalue(), media_type, image.width, image.height)
