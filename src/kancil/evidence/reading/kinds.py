"""What a file is, by its first bytes and, where these say *text*, by its name.

Signatures: the formats' own specifications, as gathered in the file(1) database. A signature says
how a file begins and no more: the rest may be anything.
"""

from __future__ import annotations

from collections.abc import Callable

from kancil.ground.encodings import is_text

from .page import Way

HEAD_BYTES = 8192

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (8, b"WEBP", "webp"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"BZh", "bzip2"),
    (257, b"ustar", "tar"),
    (0, b"SQLite format 3\x00", "sqlite"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ", "program"),
    (4, b"ftyp", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (8, b"AVI ", "video"),
    (0, b"OggS", "sound"),
    (0, b"ID3", "sound"),
    (8, b"WAVE", "sound"),
    (0, b"\xf9\xbe\xb4\xd9", "blocks"),
    (0, b"\xfa\xbf\xb5\xda", "blocks"),
    (0, b"\x0b\x11\x09\x07", "blocks"),
    (0, b"PAR1", "parquet"),
    (0, b"EVF\x09\x0d\x0a\xff\x00", "ewf"),
)  # fmt: skip
PICTURES = frozenset({"png", "jpeg", "gif", "tiff", "webp", "bmp"})
_BY_NAME = {
    "csv": Way.TABLE, "tsv": Way.TABLE, "tab": Way.TABLE, "json": Way.JSON, "geojson": Way.JSON,
    "eml": Way.MAIL, "html": Way.PAPER, "htm": Way.PAPER, "xhtml": Way.PAPER,
}  # fmt: skip
_KINDS_OF_ENDING = {
    **{each: {"zip"} for each in
       ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "jar", "apk", "epub")},
    **{each: {"text", "bytes", "empty"} for each in
       ("txt", "csv", "tsv", "json", "xml", "html", "htm", "eml", "md", "log", "ini")},
    **{each: {each} for each in ("pdf", "png", "gif", "webp", "bmp", "7z", "rar", "xz", "tar")},
    "jpg": {"jpeg"}, "jpeg": {"jpeg"}, "tif": {"tiff"}, "tiff": {"tiff"}, "gz": {"gzip"},
    "tgz": {"gzip"}, "bz2": {"bzip2"}, "sqlite": {"sqlite"}, "exe": {"program"},
    "dll": {"program"}, "mp4": {"video"}, "mkv": {"video"}, "webm": {"video"}, "avi": {"video"},
    "ogg": {"sound"}, "wav": {"sound"},
}  # fmt: skip
"""What a file is by its first bytes whose name ends so. Endings that several formats without one
signature share (`doc`, `db`, `mov`, `mp3`) are left out."""
_SHEETS = frozenset({"xlsx", "xlsm", "xls", "ods"})


_NO_TEXT = bytes(sorted({*range(32), 127} - {*b"\a\b\t\n\v\f\r\x1b"}))
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def may_be_text(head: bytes) -> bool:
    """Whether bytes may be text in any encoding: as file(1) tells it (encoding.c).

    A guess of the encoding costs a thousand times as much; whoever opens the file gets one.
    """
    return head.startswith(_WIDE_MARKS) or len(head) == len(head.translate(None, _NO_TEXT))


def kind_of(head: bytes, name: str, is_text: Callable[[bytes], bool] = is_text) -> str:
    """The word of what a file is: `pdf`, `text`, `bytes`, … ; `head`: its first bytes.

    `is_text`: what tells text from other bytes where no signature does.
    """
    if not head:
        return "empty"
    for place, mark, kind in _SIGNATURES:
        if head.startswith(mark, place):
            return kind
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "bmp"
    return "text" if is_text(head) else "bytes"


def fits_ending(kind: str, name: str) -> bool | None:
    """Whether the ending of a name is one of its kind; None: not known of this ending.

    A file is often saved under another ending by mistake or by its program: a hint, no intent.
    """
    known = _KINDS_OF_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None
    return None if known is None or kind == "empty" else kind in known


def ways_of(kind: str, name: str, head: bytes) -> tuple[Way, ...]:
    """In which ways a file can be shown, the one it suggests first."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if kind in PICTURES:
        return Way.PICTURE, Way.BYTES
    if kind == "pdf":
        return Way.PAGES, Way.BYTES, Way.TEXT
    if kind in ("zip", "ole") and ending in _SHEETS:
        return Way.TABLE, Way.BYTES
    if kind != "text":
        return Way.BYTES, Way.TEXT
    first = _BY_NAME.get(ending) or _by_content(head)
    others = (Way.TEXT, Way.TABLE, Way.BYTES)
    return (first, *(each for each in others if each is not first))


def _by_content(head: bytes) -> Way:
    """The way of a text whose name says nothing."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Way.PAPER
    if start.startswith((b"{", b"[")):
        return Way.JSON
    if start.startswith((b"return-path:", b"received:", b"delivered-to:", b"mime-version:")):
        return Way.MAIL
    return Way.TEXT
