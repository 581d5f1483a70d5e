"""Documents of Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300): all text of all parts.

Notes, comments, headers, deleted and hidden text are taken too: search must find what the
author no longer shows. Numbers and dates of a sheet come as they are stored, beside the
shared texts of its cells.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from kancil.ground.zips import DAMAGED_ZIP

MAX_PART_BYTES = 64 << 20
_PARTS = re.compile(
    r"(word/(document|comments|footnotes|endnotes|header\d*|footer\d*)"
    r"|ppt/(slides|notesSlides|comments)/[^/]+"
    r"|xl/(sharedStrings|comments\d*|worksheets/[^/]+|externalLinks/_rels/[^/]+)"
    r"|docProps/(core|app|custom)|content|meta|styles)\.xml(\.rels)?"
    r"|word/_rels/document\.xml\.rels"
)
_ENDS = frozenset(
    ("p", "h", "br", "tab", "tr", "tc", "c", "f", "v", "si", "row", "comment", "s", "line-break",
     "table-cell", "list-item", "instrText")
)  # fmt: skip
"""Elements that end a word. Runs do not: one word is often set in several."""
_PROPERTIES = re.compile(r"docProps/.*|meta\.xml")
"""Parts in which every element is a word of its own."""


def office_text(data: bytes) -> str:
    """The text of a document; empty for any other ZIP."""
    pieces: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if not {"[Content_Types].xml", "content.xml"} & set(names):
                return ""
            for name in names:
                if _PARTS.fullmatch(name):
                    with package.open(name) as part:
                        xml = part.read(MAX_PART_BYTES)
                        pieces.extend(_text(xml, is_flat=bool(_PROPERTIES.match(name))))
    except DAMAGED_ZIP:
        pass  # the text of the parts before; the pass lists the archive as damaged
    return "".join(pieces).strip()


def _text(xml: bytes, *, is_flat: bool) -> Iterator[str]:
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        root = etree.fromstring(xml, etree.XMLParser(recover=True, huge_tree=True, **options))
    except etree.LxmlError:
        return
    if root is None:
        return
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name == "Relationship" and element.get("TargetMode") == "External":
                yield f"{element.get('Target')}\n"
            if not _is_place(name, element):
                yield element.text or ""
        else:
            if is_flat or name in _ENDS:
                yield "\n"
            yield element.tail or ""
    yield "\n"


def _is_place(name: str, element: Any) -> bool:
    """Whether a value of a cell is only the number of a shared text."""
    if name != "v":
        return False
    cell = element.getparent()
    return cell is not None and cell.get("t") == "s"
