"""Word documents of an invented statute, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BODY = "Whoever enters a computer system without right is punished. " * 3


def docx(*paragraphs: str, head: str = "") -> bytes:
    """A document with these paragraphs; `head`: what stands before its root element."""
    runs = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    body = f'<w:document xmlns:w="{_W}"><w:body>{runs}</w:body></w:document>'
    xml = f'<?xml version="1.0"?>{head}{body}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", xml)
    return out.getvalue()


def statute_docx(*headings: str) -> bytes:
    """A statute with an article under each heading."""
    return docx(*(each for heading in headings for each in (heading, _BODY)))


def split_by_command(ask: Callable[..., Any], folder: Path) -> list[str]:
    """The ids of a statute's articles, split and kept by command in the country XKA."""
    path = folder / "act.docx"
    path.write_bytes(statute_docx("Article 1", "Article 2"))
    law = ("--law", "Act", "--citation", "No. 1", "--language", "en", "--source", "Gazette")
    ids: list[str] = ask("ann", "extract", "split", "XKA", path, *law, "--keep")["ids"]
    return ids
