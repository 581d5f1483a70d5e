"""GIFT, the text format of Moodle's question banks, read.

Source: Moodle, *GIFT format* (docs.moodle.org, `GIFT_format`), and what the test questions of
fuhrmanator/GIFT-grammar-PEG.js (commit 84236c6) are read as there; both kept as fixtures. Where
Moodle adds a meaning to what is not in its description, that is not read here.
"""

from __future__ import annotations

import re
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.training.errors import GiftNotReadable

from .bank import Bank, Item, ItemKind, Markup, Option, Pair, Span, Text
from .blocks import Block, Broken, blocks, find, unescaped

MAX_BYTES = 4_000_000
MOST_ITEMS = 5_000
_MARKUP = re.compile(r"\s*\[(moodle|html|markdown|plain)\]")
_TRUTH = re.compile(r"(TRUE|T|FALSE|F)\s*(?=#|$)", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_NUMBER = r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})"
_SPAN = re.compile(rf"({_NUMBER})(?:\s*\.\.\s*({_NUMBER})|\s*:\s*({_NUMBER}))?")
_LINE_END = re.compile(r"[ \t]*\n[ \t]*")
_EVERYTHING = "####"


def read_bank(content: bytes, name: str) -> Bank:
    """Read bytes where they are; raises GiftNotReadable, which names the line."""
    try:
        return Bank(_items(_decoded(content)))
    except Broken as fault:
        why = Phrase(f"problem.gift-{fault.code}", fault.params)
        raise GiftNotReadable(path=name, line=fault.line, why=why) from fault


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Broken("too-large", 1, megabytes=MAX_BYTES // 1_000_000)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken("not-utf8", content[: error.start].count(b"\n") + 1) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _items(text: str) -> tuple[Item, ...]:
    found = list[Item]()
    for block in blocks(text):
        if len(found) == MOST_ITEMS:
            raise Broken("too-many", block.line, most=MOST_ITEMS)
        found.append(_item(block))
    return tuple(found)


def _item(block: Block) -> Item:
    if block.text.startswith("$CATEGORY:"):
        path = Text(block.text.removeprefix("$CATEGORY:").strip())
        return Item(ItemKind.CATEGORY, path, line=block.line)
    title, begin = _title(block)
    brace = block.find("{", begin)
    stray = block.find("}", begin)
    if stray >= 0 and (brace < 0 or stray < brace):
        raise Broken("stray-brace", block.line_at(stray))
    stem = _text(block.text[begin : brace if brace >= 0 else None], Markup.MOODLE)
    head: dict[str, Any] = {
        "title": title,
        "id": block.head.id,
        "tags": tuple(block.head.tags),
        "notes": tuple(block.head.notes),
        "line": block.line,
    }
    if brace < 0:
        return Item(ItemKind.DESCRIPTION, stem, **head)
    end = block.find("}", brace)
    if end < 0:
        raise Broken("open-brace", block.line_at(brace))
    nested = block.find("{", brace + 1)
    if 0 <= nested < end:
        raise Broken("nested-brace", block.line_at(nested))
    after = _text(block.text[end + 1 :], stem.markup).text
    for mark in "{}":
        if block.find(mark, end + 1) >= 0:
            raise Broken("second-answer", block.line_at(block.find(mark, end + 1)))
    if not (stem.text or after):
        raise Broken("no-words", block.line)
    return _answered(Answer(block, brace + 1, end, stem.markup), stem, after, head)


def _title(block: Block) -> tuple[str | None, int]:
    begin = len(block.text) - len(block.text.lstrip())
    if not block.text.startswith("::", begin):
        return None, 0
    end = block.find("::", begin + 2)
    if end < 0:
        raise Broken("open-title", block.line_at(begin))
    return unescaped(_LINE_END.sub(" ", block.text[begin + 2 : end]).strip()), end + 2


def _text(written: str, markup: Markup) -> Text:
    """A text with its markup, or with that of what it stands in."""
    found = _MARKUP.match(written)
    if found is not None:
        markup, written = Markup(found[1]), written[found.end() :]
    if markup is Markup.MOODLE:
        written = _LINE_END.sub(" ", written)
    return Text(unescaped(written.strip()), markup)


class Answer:
    """What stands between the braces of a block."""

    def __init__(self, block: Block, begin: int, end: int, markup: Markup) -> None:
        """Take the place of the answer in its block; general feedback is cut off at once."""
        self.block, self.begin, self.markup = block, begin, markup
        written = block.text[begin:end]
        cut = find(written, _EVERYTHING)
        self.feedback = _text(written[cut + 4 :], markup) if cut >= 0 else None
        self.written = written[:cut] if cut >= 0 else written

    def broken(self, code: str, place: int, **params: str) -> Broken:
        """A fault at a place within the answer."""
        return Broken(code, self.block.line_at(self.begin + place), **params)

    def options(self, begin: int = 0) -> list[tuple[str, int, str]]:
        """Its parts: `=` or `~`, place of what follows, and that; raises Broken."""
        marks = [at for at in range(begin, len(self.written)) if self._is_mark(at)]
        if not marks or self.written[begin : marks[0]].strip():
            raise self.broken("words-before", begin)
        ends = [*marks[1:], len(self.written)]
        return [
            (self.written[at], at + 1, self.written[at + 1 : end])
            for at, end in zip(marks, ends, strict=True)
        ]

    def _is_mark(self, at: int) -> bool:
        if self.written[at] not in "=~":
            return False
        back = len(self.written[:at]) - len(self.written[:at].rstrip("\\"))
        return back % 2 == 0


def _answered(answer: Answer, stem: Text, after: str, head: dict[str, Any]) -> Item:
    written = answer.written.strip()
    found: dict[str, Any] = {"after": after, "feedback": answer.feedback, **head}
    truth = _TRUTH.match(written)
    if not written:
        kind = ItemKind.ESSAY
    elif written.startswith("#"):
        kind = ItemKind.NUMBER
        found |= _numbers(answer)
    elif truth is not None:
        kind = ItemKind.TRUE_FALSE
        found |= _truth(answer, truth[1], written[truth.end() :])
    elif written[0] not in "=~":
        kind = ItemKind.SHORT
        if find(written, "=") >= 0 or find(written, "~") >= 0:
            raise answer.broken("words-before", answer.written.index(written[0]))
        found["options"] = (_option(answer, "=", 0, answer.written),)
    else:
        parts = answer.options()
        is_short = all(mark == "=" for mark, _, _ in parts)
        if is_short and all(find(each, "->") >= 0 for _, _, each in parts):
            kind = ItemKind.MATCHING
            found["pairs"] = tuple(_pair(answer, each) for _, _, each in parts)
        else:
            kind = ItemKind.SHORT if is_short else ItemKind.CHOICE
            found["options"] = tuple(_option(answer, *each) for each in parts)
    return Item(kind, stem, **found)


def _truth(answer: Answer, word: str, rest: str) -> dict[str, Any]:
    """True or false with up to two feedbacks: if wrong, if right."""
    parts = _cut_all(rest, "#")[1:]
    if len(parts) > 2:
        raise answer.broken("feedback-many", 0)
    texts = [_text(each, answer.markup) for each in parts]
    shown = [each if each.text else None for each in texts]
    wrong, right, *_ = [*shown, None, None]
    return {"is_true": word[0] in "tT", "if_wrong": wrong, "if_right": right}


def _cut_all(text: str, mark: str) -> list[str]:
    parts, begin = list[str](), 0
    while (at := find(text, mark, begin)) >= 0:
        parts.append(text[begin:at])
        begin = at + len(mark)
    return [*parts, text[begin:]]


def _pair(answer: Answer, written: str) -> Pair:
    at = find(written, "->")
    right = _text(written[at + 2 :], Markup.MOODLE).text
    return Pair(_text(written[:at], answer.markup), right)


def _weighed(answer: Answer, place: int, written: str) -> tuple[str, str, Text | None]:
    """An option's weight, what is left of it, and its feedback."""
    weight = ""
    found = _WEIGHT.match(written)
    if found is not None:
        weight, written = found[1], written[found.end() :]
        if abs(float(weight)) > 100:
            raise answer.broken("weight-wrong", place, weight=weight)
    elif written.lstrip().startswith("%") and written.count("%") > 1:
        raise answer.broken("weight-wrong", place, weight=written.strip()[:20])
    words, *feedback = _cut_all(written, "#")
    said = _text("#".join(feedback), answer.markup) if feedback else None
    return weight, words, said if said and said.text else None


def _option(answer: Answer, mark: str, place: int, written: str) -> Option:
    weight, words, feedback = _weighed(answer, place, written)
    text = _text(words, answer.markup)
    if not text.text:
        raise answer.broken("option-empty", place)
    return Option(mark == "=", text, weight, feedback)


def _numbers(answer: Answer) -> dict[str, Any]:
    begin = answer.written.index("#") + 1
    rest = answer.written[begin:]
    if rest.lstrip().startswith(("=", "~")):
        parts = answer.options(begin)
        return {"options": tuple(_number(answer, *each) for each in parts)}
    return {"options": (_number(answer, "=", begin, rest),), "is_list": False}


def _number(answer: Answer, mark: str, place: int, written: str) -> Option:
    """One number, or what is answered otherwise: an empty one or `*`."""
    weight, words, feedback = _weighed(answer, place, written)
    said = unescaped(words).strip()
    if said in ("", "*") and mark == "~":
        return Option(False, Text("*"), weight, feedback)
    found = _SPAN.fullmatch(said)
    if found is None:
        raise answer.broken("not-a-number", place, written=said[:40])
    low, high, tolerance = found[1], found[2] or "", found[3] or ""
    return Option(mark == "=", Text(""), weight, feedback, Span(low, tolerance, high))
