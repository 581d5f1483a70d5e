"""Reads the file of an official text or a statute into lines, told by its bytes.

Plain text, HTML, PDF with text, and documents of Word (Office Open XML, ECMA-376).

Runs in the limited child alone (`assessment.foreign`). Nothing that a file names is fetched, no
script and no entity is followed. An empty line parts what the publisher set apart.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kancil.assessment.errors import OfficialTextNotReadable
from kancil.ground.encodings import encoding_of
from kancil.ground.phrase import Param, Phrase
from kancil.ground.zips import DAMAGED_ZIP

MAX_DEPTH = 200
"""Of HTML elements within each other; published treaties stay under 40."""
MAX_ELEMENTS = 300_000
MAX_PAGES = 1_500
MAX_CHARACTERS = 5_000_000
_LEAST_CHARACTERS = 200
"""Fewer in a whole file are no treaty: a scanned PDF, or a page that a script would fill."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[\W_]*(page\s*)?[0-9]{1,4}(\s*(/|of)\s*[0-9]{1,4})?[\W_]*", re.IGNORECASE
)
_AS_TYPED = {
    0: "\ufffd",
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
}
"""Letters by Latin ligature: a PDF is set with `\ufb03`, and people look for `ffi`. A glyph of
which a PDF names no letter comes as zero; it stands as the mark of what cannot be read."""
_BLANKS = re.compile(r"\s+")
_GUESSED_FROM = 65_536
"""Bytes, from the first one beyond ASCII on, by which an encoding is guessed."""
_ZIP = b"PK\x03\x04"
_MOST_XML_BYTES = 40_000_000
"""Of the main part of a Word document, unpacked."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lines_of(data: bytes, path: str) -> list[str]:
    """The lines of a file; `path`: for what is said of it. Raises OfficialTextNotReadable."""
    head = data[:1024]
    if head.lstrip().startswith(b"%PDF-"):
        lines = _pdf_lines(data, path)
    elif head.startswith(_ZIP):
        lines = _docx_lines(data, path)
    elif _HTML.search(head):
        lines = _html_lines(data, path)
    else:
        lines = _text_lines(data, path)
    if sum(len(each) for each in lines) < _LEAST_CHARACTERS:
        raise refusal(path, "why.official-no-text")
    return lines


def statute_lines(data: bytes, path: str) -> tuple[list[str], str]:
    """The lines of a statute, and its encoding where it is plain text and that is a guess.

    Raises OfficialTextNotReadable.
    """
    try:
        return lines_of(data, path), ""
    except OfficialTextNotReadable as error:
        why, beyond = error.params["why"], re.search(rb"[\x80-\xff]", data)
        if beyond is None or not isinstance(why, Phrase) or why.key != "why.official-encoding":
            raise
        guessed, _ = encoding_of(data[beyond.start() :][:_GUESSED_FROM])
        try:
            text = data.decode(guessed)
        except UnicodeDecodeError:
            raise error from None
        return lines_of(text.encode(), path), guessed


def refusal(path: str, key: str, **params: Param) -> OfficialTextNotReadable:
    """The error that says why a file is not read."""
    return OfficialTextNotReadable(path=path, why=Phrase(key, params))


def _too_much(path: str) -> OfficialTextNotReadable:
    return refusal(path, "why.official-limits", pages=MAX_PAGES, characters=MAX_CHARACTERS)


# --- plain text -----------------------------------------------------------------------------------


def _text_lines(data: bytes, path: str) -> list[str]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\x00" in data:
        raise refusal(path, "why.official-kind")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal(path, "why.official-encoding") from None
    if len(text) > MAX_CHARACTERS:
        raise _too_much(path)
    return [_BLANKS.sub(" ", each).strip() for each in text.splitlines()]


# --- Word -----------------------------------------------------------------------------------------


def _docx_lines(data: bytes, path: str) -> list[str]:
    """The paragraphs of the main part: no headers, notes, comments or text that was deleted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open("word/document.xml") as part:
            xml = part.read(_MOST_XML_BYTES + 1)
    except DAMAGED_ZIP:
        raise refusal(path, "why.official-kind") from None
    if len(xml) > _MOST_XML_BYTES:
        raise _too_much(path)
    if b"<!DOCTYPE" in xml:  # Word writes none, and what it would bring in is never read
        raise refusal(path, "why.official-kind")
    try:
        found = list(_paragraphs(xml))
    except etree.LxmlError:
        raise refusal(path, "why.official-kind") from None
    if sum(len(each) for each in found) > MAX_CHARACTERS:
        raise _too_much(path)
    return found


def _paragraphs(xml: bytes) -> Iterator[str]:
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    for _, paragraph in etree.iterparse(io.BytesIO(xml), tag=f"{_W}p", **options):
        line = ""
        for each in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
            if each.tag != f"{_W}br":
                line += (each.text or "") if each.tag == f"{_W}t" else " "
                continue
            yield _BLANKS.sub(" ", line).strip()
            line = ""
        yield _BLANKS.sub(" ", line).strip()
        paragraph.clear()


# --- HTML -----------------------------------------------------------------------------------------


class _Collector:
    """Takes the events of the parser; no tree is built. Raises `_Hostile` beyond a limit."""

    ASIDE: ClassVar = frozenset(
        ("script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form",
         "button", "select", "textarea", "iframe", "object", "title")
    )  # fmt: skip
    """What is no text of the document, with all that stands in it."""
    INLINE: ClassVar = frozenset(
        ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s",
         "small", "span", "strong", "sub", "sup", "time", "tt", "u")
    )  # fmt: skip
    """What stands within a line; every other element begins one."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._depth = self._elements = self._aside = self._characters = 0

    def start(self, tag: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise _Hostile
        if self._aside or tag in self.ASIDE:
            self._aside += 1
        elif tag not in self.INLINE:
            self._break()

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._aside:
            self._aside -= 1
        elif tag not in self.INLINE:
            self._break()

    def data(self, text: str) -> None:
        if not self._aside:
            self._characters += len(text)
            if self._characters > MAX_CHARACTERS:
                raise _Hostile
            self._line.append(text)

    def comment(self, _text: str) -> None:
        """Leave comments out."""

    def close(self) -> list[str]:
        self._break()
        return self.lines

    def _break(self) -> None:
        """End a line, and part it from the next by an empty one."""
        line = _BLANKS.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if line:
            self.lines += (line, "")


class _Hostile(Exception):
    """HTML is deeper or longer than any that is published."""


def _html_lines(data: bytes, path: str) -> list[str]:
    encoding = None
    try:
        data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        pass  # what its own head says, else Latin-1
    parser = etree.HTMLParser(target=_Collector(), encoding=encoding, no_network=True)
    try:
        parser.feed(data)
        found: list[str] = parser.close()
    except _Hostile:
        limits = {"depth": MAX_DEPTH, "elements": MAX_ELEMENTS}
        raise refusal(path, "why.official-html-limits", **limits) from None
    except (etree.LxmlError, LookupError, ValueError, AssertionError):
        raise refusal(path, "why.official-html") from None
    return found


# --- PDF ------------------------------------------------------------------------------------------

_BROKEN = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError,
    OSError, RecursionError, TypeError, ValueError, zlib.error,
)  # fmt: skip
"""What pypdf raises for files that are damaged: it says so itself for some of them alone."""


def _pdf_lines(data: bytes, path: str) -> list[str]:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise refusal(path, "why.official-pdf-locked")
        count = len(reader.pages)
        if not 0 < count <= MAX_PAGES:
            raise _too_much(path)
        pages, characters = [], 0
        for each in reader.pages:
            text = each.extract_text()
            characters += len(text)
            if characters > MAX_CHARACTERS:
                raise _too_much(path)
            plain = text.translate(_AS_TYPED).replace("\u0e4d\u0e32", "\u0e33")
            plain = plain.replace("\u0ecd\u0eb2", "\u0eb3")  # am is one letter: Thai, then Lao
            pages.append([_BLANKS.sub(" ", line).strip() for line in plain.splitlines()])
    except _BROKEN:
        raise refusal(path, "why.official-pdf") from None
    return _without_margins(pages)


def _without_margins(pages: list[list[str]]) -> list[str]:
    """Join pages, without page numbers and without the lines that most pages begin or end with."""
    edges = [_edge(page) for page in pages]
    seen = Counter(line for edge in edges for line in set(edge.values()))
    often = {line for line, count in seen.items() if count > max(2, len(pages) // 2)}
    return [
        line
        for page, edge in zip(pages, edges, strict=True)
        for place, line in enumerate(page)
        if edge.get(place) not in often and not (place in edge and _PAGE_NUMBER.fullmatch(line))
    ]


def _edge(page: list[str]) -> dict[int, str]:
    """The first and last two written lines of a page by their places, each number as `#`."""
    written = [place for place, line in enumerate(page) if line]
    return {place: re.sub(r"[0-9]+", "#", page[place]) for place in (*written[:2], *written[-2:])}
