"""What a released document is, by its content and never by its name: PDF, DOCX or HTML.

It says what form a file has, not what stands in it: whether it is the report that the official
released is for whoever records the release to see.
"""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

_HEAD, _TAIL = 1024, 2048
"""Bytes at either end in which a form shows itself."""
_WORD = {"[Content_Types].xml", "word/document.xml"}
"""Parts that every text document has (ECMA-376, Open Packaging Conventions)."""


def form_of(stream: BinaryIO) -> str | None:
    """Which form a document has: `pdf`, `docx` or `html`; None: another one.

    The stream stands at its beginning again after it.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    try:
        if head.startswith(b"%PDF-"):
            return "pdf" if b"%%EOF" in tail else None
        if head.startswith(b"PK\x03\x04"):
            return "docx" if _is_text_document(stream) else None
        begin = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        return "html" if begin.startswith((b"<!doctype html", b"<html")) else None
    finally:
        stream.seek(0)


def _is_text_document(stream: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(stream) as package:
            return set(package.namelist()) >= _WORD
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
