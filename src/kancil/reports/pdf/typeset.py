"""From data and a template to an unsigned PDF/A-3: the same bytes for the same input, every time.

Typst sets the page. Text of a case goes in as JSON data and never into the template's source; no
font but ours, no package, no file and no network is within the template's reach.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kancil.reports.errors import ReportNotPrinted

from .glyphs import FONTS, Printable

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: tuple[PDFStandard, ...] = ("a-3a", "ua-1")
"""PDF/A-3, level A (ISO 19005-3), and PDF/UA-1 (ISO 14289-1), by Typst's own check."""
_NO_PACKAGES = "/nonexistent"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies inside the PDF, to be taken out by any reader."""

    name: str
    data: bytes
    """UTF-8 text."""
    media_type: str
    description: str
    """What it holds, in words."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """An unsigned document."""

    pdf: bytes
    replaced: Counter[str]
    """Characters that no font has, written as `U+XXXX`, by how often."""


def typeset(
    template: str,
    tree: Mapping[str, Any],
    attachments: Sequence[Attachment],
    *,
    at: datetime,
) -> Typeset:
    """Set a document; `at` is its date, the only moment in it that is not in the data.

    `tree`: JSON-ready, read by the template as `tree`; a member `replaced` is added: how many
    characters were written by their numbers. Raises ReportNotPrinted.
    """
    import typst  # heavy: loaded when a document is printed, not with the house

    printable = Printable()
    shown = printable.tree(tree)
    shown["replaced"] = printable.replaced.total()
    moment = at.astimezone(UTC).replace(microsecond=0)
    shown["date"] = {"year": moment.year, "month": moment.month, "day": moment.day}
    files = [
        {
            "name": one.name,
            "text": one.data.decode("utf-8"),
            "media_type": one.media_type,
            "description": printable.text(one.description),
        }
        for one in attachments
    ]
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    try:
        compiler = typst.Compiler(
            input=template.encode("utf-8"),
            font_paths=fonts,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
            sys_inputs={"tree": json.dumps(shown), "files": json.dumps(files)},
        )
        pdf = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=moment)
    except typst.TypstError as error:
        raise ReportNotPrinted(why=str(error.message)[:200]) from error
    if not isinstance(pdf, bytes):
        raise ReportNotPrinted(why="Typst")
    return Typeset(pdf, printable.replaced)
