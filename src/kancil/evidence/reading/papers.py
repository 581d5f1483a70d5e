"""The text of an HTML file, with its headings, lists and tables; nothing of it is active.

Scripts, styles, pictures and what lies elsewhere are left out. Of a link the address is shown
behind its words, since the two may differ. Text that a style hides is shown too.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import BinaryIO

from kancil.evidence.errors import FileNotOfForm
from kancil.ground.encodings import ENCODINGS, encoding_of
from kancil.ground.phrase import Phrase

from .kinds import HEAD_BYTES
from .page import Asked, Block, BlockKind, PaperPage

MAX_BYTES = 10_000_000
MAX_BLOCKS = 1_500
_BLOCK_CHARACTERS = 8_000
_LEFT_OUT = frozenset(
    {"script", "style", "template", "noscript", "head", "svg", "object", "iframe"}
)
_ENDS = frozenset({"p", "div", "section", "article", "header", "footer", "main", "nav", "aside",
                   "blockquote", "pre", "ul", "ol", "dl", "dt", "dd", "table", "caption", "figure",
                   "figcaption", "form", "fieldset", "hr", "address", "body", "html"})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "title"})


def paper_page(stream: BinaryIO, asked: Asked) -> PaperPage:
    """The blocks of an HTML file; raises FileNotOfForm."""
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FileNotOfForm(way=Phrase("name.way-paper"), why=Phrase("why.file-too-large"))
    encoding = asked.encoding if asked.encoding in ENCODINGS else encoding_of(data[:HEAD_BYTES])[0]
    blocks = blocks_of(data.decode(encoding, "replace").removeprefix("\ufeff"))
    return PaperPage(tuple(blocks[:MAX_BLOCKS]), encoding, len(blocks) > MAX_BLOCKS)


def text_of_html(text: str) -> str:
    """The text alone, a block a line."""
    return "\n".join("\t".join(each.texts) for each in blocks_of(text))


def blocks_of(text: str) -> list[Block]:
    """The blocks of an HTML text, in order; a title that a heading repeats stands once."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    found = reader.blocks
    is_repeated = bool(found) and found[0].kind is BlockKind.HEADING and found[0] in found[1:4]
    return found[1:] if is_repeated else found


class _Reader(HTMLParser):
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.kind = BlockKind.TEXT
        self.words: list[str] = []
        self.cells: list[str] | None = None
        self.is_headed = True
        self.is_in_cell = False
        self.left_out = 0
        self.term = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT and tag != "head":
            self.left_out += 1
        elif tag == "br":
            self.words.append("\n")
        elif tag == "tr":
            self.flush()
            self.cells, self.is_headed = [], True
        elif tag in ("td", "th") and self.cells is not None:
            self.end_cell()
            self.is_headed = self.is_headed and tag == "th"
            self.words, self.is_in_cell = [], True
        elif tag == "dd" and self.term:
            self.words = []
        elif tag in _HEADINGS or tag == "li" or tag in _ENDS:
            self.flush()
            self.kind = (BlockKind.HEADING if tag in _HEADINGS
                         else BlockKind.ITEM if tag == "li" else BlockKind.TEXT)  # fmt: skip
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT and tag != "head":
            self.left_out = max(0, self.left_out - 1)
        elif tag in ("td", "th") and self.cells is not None:
            self.end_cell()
        elif tag in ("tr", "table"):
            self.end_row()
            self.flush()
        elif tag == "dt" and self.cells is None:
            self.term = self.taken()
        elif tag == "dd" and self.term:
            self.blocks.append(Block(BlockKind.ROW, (self.term, self.taken())))
            self.term = ""
        elif tag in _HEADINGS or tag == "li" or tag in _ENDS:
            self.flush()
        elif tag == "a" and self.links:
            address = self.links.pop()
            words = "".join(self.words).strip()
            if ":" in address and not words.endswith(address):
                self.words.append(f" [{address[:500]}]")

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            self.words.append(" ".join(data.split()) if not data.isspace() else " ")
            if data[:1].isspace() and not data.isspace():
                self.words[-1] = f" {self.words[-1]}"
            if data[-1:].isspace() and not data.isspace():
                self.words[-1] += " "

    def taken(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        self.words = []
        return "\n".join(lines).strip()[:_BLOCK_CHARACTERS]

    def end_cell(self) -> None:
        if self.is_in_cell and self.cells is not None:
            self.cells.append(self.taken())
        self.is_in_cell = False

    def end_row(self) -> None:
        if self.cells is not None:
            self.end_cell()
            kind = BlockKind.HEADED if self.is_headed else BlockKind.ROW
            if any(self.cells):
                self.blocks.append(Block(kind, tuple(self.cells)))
        self.cells = None

    def flush(self) -> None:
        if self.cells is not None:
            return  # a block inside a cell: the cell goes on
        if self.term:
            self.blocks.append(Block(BlockKind.TEXT, (self.term,)))
            self.term = ""
        text = self.taken()
        if text:
            self.blocks.append(Block(self.kind, (text,)))
        self.kind = BlockKind.TEXT
