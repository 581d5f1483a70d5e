"""Markdown of courses: CommonMark with tables and sources, and no HTML.

`[^s4]` names a source, `[^s4: p. 12]` the place in it as well. A link is an address on the web,
`lab:ransom-payment`, or another lesson by its file name; a picture is an SVG of the course.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

CITE = "cite"
"""Type of a token that names a source: `meta` has `id` and `place`."""
_CITE = re.compile(r"\[\^([A-Za-z][A-Za-z0-9-]{0,39})(?::\s*([^\]\n]{1,80}))?\]")
_FRONT = re.compile(r"---\n(?P<lines>(?:[a-z]+:[^\n]*\n){0,10})---\n+")


@dataclass(frozen=True, slots=True)
class Part:
    """A block at the top of a text: a heading, a paragraph, a list, a table, a picture."""

    kind: str
    """`heading`, `paragraph`, `list`, `table`, `quote`, `code`, `rule`, `picture`."""
    line: int
    """From 1."""
    tokens: tuple[Token, ...]
    section: str
    """Heading of the section that it is in, at any depth above it: the outermost first, by `/`."""

    @property
    def cites(self) -> tuple[str, ...]:
        """Ids of the sources that are named in it."""
        return tuple(str(each.meta["id"]) for each in _inside(self.tokens) if each.type == CITE)

    @property
    def links(self) -> tuple[str, ...]:
        """Where its links lead."""
        opened = (each for each in _inside(self.tokens) if each.type == "link_open")
        return tuple(str(each.attrGet("href")) for each in opened)

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """Its pictures: where they are, and their words for who does not see them."""
        found = (each for each in _inside(self.tokens) if each.type == "image")
        return tuple((str(each.attrGet("src")), each.content) for each in found)

    @property
    def words(self) -> str:
        """Its text alone."""
        return "".join(
            " " if each.type == "softbreak" else each.content
            for each in _inside(self.tokens)
            if each.type in ("text", "code_inline", "softbreak")
        ).strip()


_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "quote",
    "fence": "code",
    "code_block": "code",
    "hr": "rule",
}


def front_of(text: str) -> tuple[dict[str, str], int]:
    """The lines between `---` at the begin of a text, by their word; and how long they are."""
    found = _FRONT.match(text)
    if found is None:
        return {}, 0
    lines = (each.partition(":") for each in found["lines"].splitlines())
    return {name: value.strip().strip("\"'") for name, _, value in lines}, found.end()


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, without the lines at its begin; what looks like HTML stays text."""
    return _parser().parse(text[front_of(text)[1] :])


def options() -> OptionsDict:
    """What the parser was set to, for whoever renders its tokens."""
    return _parser().options


def parts_of(text: str) -> list[Part]:
    """The blocks of a text, each with its section."""
    begin = front_of(text)[1]
    first = text.count("\n", 0, begin) + 1
    found, section = list[Part](), dict[int, str]()
    for tokens in _top(_parser().parse(text[begin:])):
        head = tokens[0]
        kind, line = _KINDS.get(head.type, head.type), (head.map or [0, 0])[0] + first
        if kind == "heading":
            level = int(head.tag[1])
            section = {deep: said for deep, said in section.items() if deep < level}
            section[level] = Part(kind, line, tokens, "").words
        if kind == "paragraph" and _is_picture(tokens):
            kind = "picture"
        way = "/".join(section[deep] for deep in sorted(section))
        found.append(Part(kind, line, tokens, way))
    return found


def _top(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Tokens by the block at the top that they belong to."""
    begin, depth = 0, 0
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tuple(tokens[begin : place + 1])
            begin = place + 1


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    for each in tokens:
        yield each
        if each.children and each.type != "image":
            yield from _inside(each.children)


def _is_picture(tokens: Sequence[Token]) -> bool:
    inline = [each for token in tokens for each in token.children or ()]
    shown = [each for each in inline if not (each.type == "text" and not each.content.strip())]
    return any(each.type == "image" for each in shown) and all(
        each.type in ("image", "softbreak", CITE) for each in shown
    )


def _cite(state: StateInline, silent: bool) -> bool:
    found = _CITE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push(CITE, "", 0)
        token.content = found[0]
        token.meta = {"id": found[1], "place": (found[2] or "").strip()}
    state.pos = found.end()
    return True


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.disable(["html_block", "html_inline"])
    made.inline.ruler.before("link", CITE, _cite)
    return made
