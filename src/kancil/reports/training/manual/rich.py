"""Markdown of a course as what the templates read: blocks, and in them spans of text.

{"block": "text", "spans": [{"text", "look"}]}         look: "", "strong", "em", "code", "cite"
{"block": "heading", "level", "text"}
{"block": "list", "is_ordered", "items": [[block, …]]}
{"block": "grid", "head": [spans], "rows": [[spans]], "is_right": [bool]}
{"block": "picture", "svg", "alt"}
{"block": "quote", "blocks"} · {"block": "code", "text"} · {"block": "rule"}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from kancil.training.courses.markdown import CITE, tokens_of

Block = dict[str, Any]
NOTES = "Note:"
"""Before what only the speaker of a slide reads."""
_LOOKS = {"strong_open": "strong", "em_open": "em"}


@dataclass(frozen=True, slots=True)
class Rich:
    """What the blocks of one course rest on."""

    pictures: Mapping[str, str]
    """SVG by file name."""
    numbers: Mapping[str, int]
    """Of sources, by id."""

    def blocks(self, text: str) -> list[Block]:
        """The blocks of a text."""
        return self._blocks(_Stream(tokens_of(text)))

    def _blocks(self, stream: _Stream, end: str = "") -> list[Block]:
        found: list[Block] = []
        for token in stream:
            if token.type == end:
                break
            found += self._block(token, stream)
        return [_as_text(each) for each in found] if end else found

    def _block(self, token: Token, stream: _Stream) -> list[Block]:
        kind = token.type
        if kind == "heading_open":
            inline = stream.take_to("heading_close")
            said = "".join(each["text"] for each in self._spans(inline))
            return [{"block": "heading", "level": int(token.tag[1]), "text": said}]
        if kind == "paragraph_open":
            return self._paragraph(stream.take_to("paragraph_close"))
        if kind in ("bullet_list_open", "ordered_list_open"):
            return [self._list(stream, kind)]
        if kind == "blockquote_open":
            return [{"block": "quote", "blocks": self._blocks(stream, "blockquote_close")}]
        if kind == "table_open":
            return [self._grid(stream)]
        if kind in ("fence", "code_block"):
            return [{"block": "code", "text": token.content.rstrip("\n")}]
        return [{"block": "rule"}] if kind == "hr" else []

    def _list(self, stream: _Stream, kind: str) -> Block:
        items: list[list[Block]] = []
        for token in stream:
            if token.type == kind.replace("_open", "_close"):
                break
            if token.type == "list_item_open":
                items.append(self._blocks(stream, "list_item_close"))
        return {"block": "list", "is_ordered": kind.startswith("ordered"), "items": items}

    def _grid(self, stream: _Stream) -> Block:
        rows: list[list[list[Block]]] = []
        is_right: list[bool] = []
        for token in stream:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    is_right.append("right" in str(token.attrGet("style") or ""))
                rows[-1].append(self._spans(stream.take_to(token.type.replace("open", "close"))))
        return {"block": "grid", "head": rows[0], "rows": rows[1:], "is_right": is_right}

    def _paragraph(self, tokens: Sequence[Token]) -> list[Block]:
        """The text of a paragraph, and the pictures in it, which stand below it."""
        found: list[Block] = []
        spans = self._spans(tokens)
        if "".join(each["text"] for each in spans).strip():
            found.append({"block": "text", "spans": spans})
        for token in _inline(tokens):
            if token.type == "image":
                name = posixpath.basename(str(token.attrGet("src") or ""))
                if name in self.pictures:
                    svg = self.pictures[name]
                    found.append({"block": "picture", "svg": svg, "alt": token.content})
        return found

    def _spans(self, tokens: Sequence[Token]) -> list[Block]:
        spans: list[Block] = []
        looks: list[str] = []
        for token in _inline(tokens):
            if token.type in _LOOKS:
                looks.append(_LOOKS[token.type])
            elif token.type in ("strong_close", "em_close"):
                looks.pop()
            elif token.type == CITE:
                number = self.numbers.get(str(token.meta["id"]), 0)
                place = f", {token.meta['place']}" if token.meta["place"] else ""
                spans.append({"text": f"[{number}{place}]", "look": "cite"})
            else:
                look = "code" if token.type == "code_inline" else looks[-1] if looks else ""
                text = " " if token.type in ("softbreak", "hardbreak") else token.content
                if token.type in ("text", "code_inline", "softbreak", "hardbreak"):
                    spans.append({"text": text, "look": look})
        return spans


def _as_text(block: Block) -> Block:
    """A heading inside a list or a quotation is a strong line: it begins no part of the paper."""
    if block["block"] != "heading":
        return block
    return {"block": "text", "spans": [{"text": block["text"], "look": "strong"}]}


def levelled(blocks: Sequence[Block], above: int = 1) -> list[Block]:
    """Blocks whose headings skip no level below `above`: readers' programs go by levels."""
    open_levels: list[int] = []
    found: list[Block] = []
    for block in blocks:
        if block["block"] == "heading":
            while open_levels and open_levels[-1] >= block["level"]:
                open_levels.pop()
            open_levels.append(block["level"])
            block = {**block, "level": above + len(open_levels)}
        found.append(block)
    return found


class _Stream(Iterator[Token]):
    """Tokens, taken one after the other by whoever stands in them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._left = iter(tokens)

    def __next__(self) -> Token:
        return next(self._left)

    def take_to(self, end: str) -> list[Token]:
        """The tokens up to the one that ends what was begun."""
        found: list[Token] = []
        for token in self:
            if token.type == end:
                break
            found.append(token)
        return found


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def slides_of(blocks: Sequence[Block], title: str) -> list[Block]:
    """Slides made of a lesson: one a section, with its lists, tables, pictures, first sentences.

    A paragraph that was cut stands whole in `notes`, for the speaker.
    """
    found: list[Block] = [_slide(title, is_title=True)]
    for block in blocks:
        if block["block"] == "heading" and block["level"] <= 2:
            if block["level"] == 2:
                found.append(_slide(block["text"]))
        elif block["block"] == "text":
            short = _first_sentence(block["spans"])
            found[-1]["blocks"].append({"block": "text", "spans": short})
            if _words(short) != _words(block["spans"]):
                found[-1]["notes"].append(block)
        elif block["block"] != "rule":
            found[-1]["blocks"].append(block)
    return [each for each in found if each["blocks"] or each["is_title"]]


def _slide(title: str, *, is_title: bool = False) -> Block:
    return {"title": title, "blocks": [], "notes": [], "is_title": is_title}


def _words(spans: Sequence[Block]) -> str:
    return "".join(each["text"] for each in spans if each["look"] != "cite").strip()


def _first_sentence(spans: Sequence[Block]) -> list[Block]:
    """Spans up to the first full stop that ends a sentence, with the sources behind it."""
    found: list[Block] = []
    for span in spans:
        if span["look"] == "cite":
            found.append(span)
            continue
        head, stop, rest = str(span["text"]).partition(". ")
        found.append({**span, "text": head + (stop.rstrip() if rest else stop)})
        if rest:
            break
    return found


def written_slides(blocks: Sequence[Block], title: str) -> list[Block]:
    """Slides as their author wrote them, parted by rules; a heading is a slide's title.

    From a paragraph that begins with `Note:` on, as in reveal.js, the blocks of a slide are
    `notes`: what its speaker says and nobody sees on the wall.
    """
    found: list[Block] = []
    for block in ({"block": "rule"}, *blocks):
        if block["block"] == "rule":
            found.append(_slide(""))
        elif block["block"] == "heading" and not found[-1]["title"]:
            found[-1]["title"] = block["text"]
        elif found[-1]["notes"] or _begins_notes(block):
            found[-1]["notes"].append(block)
        else:
            found[-1]["blocks"].append(block)
    slides = [each for each in found if each["blocks"] or each["title"]]
    for each in slides:
        each["is_title"] = not each["blocks"]
        each["title"] = each["title"] or title
        each["notes"] = _without_mark(each["notes"])
    return slides


def _begins_notes(block: Block) -> bool:
    return block["block"] == "text" and _words(block["spans"]).startswith(NOTES)


def _without_mark(notes: Sequence[Block]) -> list[Block]:
    """Notes without the mark before them, and without a paragraph that is the mark alone."""
    if not notes:
        return []
    first, *others = notes[0]["spans"]
    first = {**first, "text": str(first["text"]).lstrip().removeprefix(NOTES).lstrip()}
    spans = [first, *others]
    return [*([{"block": "text", "spans": spans}] if _words(spans) else []), *notes[1:]]
