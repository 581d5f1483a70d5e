"""Markdown of a course as HTML that is safe to show: everything that an author wrote is escaped.

Who shows it says where links and pictures lead; what leads nowhere is shown as its words alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from .markdown import CITE, options, tokens_of


@dataclass(frozen=True, slots=True)
class Places:
    """Where the links and pictures of a text lead on a site."""

    lesson: Callable[[str], str]
    """Address of a lesson by its file name; empty: nowhere."""
    lab: Callable[[str], str]
    """Address of a lab by its name; empty: nowhere, as where it was not given yet."""
    picture: Callable[[str], str]
    """Address of a picture by its file name."""
    source: Callable[[str], tuple[str, str]]
    """What is shown of a source by its id, and its title."""


def as_html(text: str, places: Places) -> str:
    """The HTML of a text."""
    return str(_Renderer(places).render(tokens_of(text), options(), {}))


@dataclass(frozen=True, slots=True)
class TextPart:
    """What stands below one heading of the second level, as HTML."""

    heading: str
    """Empty: what stands in front of the first heading."""
    body: str


def parts_as_html(text: str, places: Places) -> tuple[TextPart, ...]:
    """The HTML of a text without its title, in parts: one for each heading of the second level."""
    tokens = tokens_of(text)
    tokens = tokens[3:] if _is_heading(tokens[:1], "h1") else tokens
    starts = [at for at in range(len(tokens)) if _is_heading(tokens[at : at + 1], "h2")]
    renderer = _Renderer(places)

    def html(tokens: Sequence[Token]) -> str:
        return str(renderer.render(tokens, options(), {}))

    front = html(tokens[: starts[0] if starts else None])
    ends = [*starts[1:], None][: len(starts)]
    found = [
        TextPart(html(tokens[at + 1 : at + 2]), html(tokens[at + 3 : end]))
        for at, end in zip(starts, ends, strict=True)
    ]
    return (*([TextPart("", front)] if front else []), *found)


def _is_heading(tokens: Sequence[Token], tag: str) -> bool:
    """Whether a heading of a level opens here."""
    return bool(tokens) and (tokens[0].type, tokens[0].tag, tokens[0].level) == (
        "heading_open", tag, 0,
    )  # fmt: skip


class _Renderer(RendererHTML):
    """Renders links, pictures, headings and sources for a site; all else as markdown-it does."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.places = places
        self._closing: list[str] = []
        for name in ("link_open", "link_close", "image", "heading_open", "heading_close",
                     "table_open", "table_close", "th_open", "td_open"):  # fmt: skip
            self.rules[name] = getattr(self, f"_{name}")
        self.rules[CITE] = getattr(self, f"_{CITE}")

    def _link_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        to = str(tokens[at].attrGet("href") or "")
        url, is_outside = "", False
        if to.startswith("lab:"):
            url = self.places.lab(to.removeprefix("lab:"))
        elif to.startswith(("https://", "http://")):
            url, is_outside = to, True
        elif ":" not in to:
            url = self.places.lesson(posixpath.basename(to.partition("#")[0]))
        self._closing.append("</a>" if url else "</span>")
        if not url:
            return "<span>"
        more = ' rel="noreferrer noopener"' if is_outside else ""
        return f'<a href="{escape(url)}"{more}>'

    def _link_close(self, *_: Any) -> str:
        return self._closing.pop() if self._closing else ""

    def _image(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        token = tokens[at]
        url = self.places.picture(posixpath.basename(str(token.attrGet("src") or "")))
        words = escape(token.content)
        if not url:
            return f"<span>{words}</span>"
        picture = f'<img class="lesson-picture" src="{escape(url)}" alt="{words}" loading="lazy">'
        return f'<a href="{escape(url)}">{picture}</a>'  # by itself it can be enlarged

    def _heading_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f"<h{_level(tokens[at])}>"

    def _heading_close(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f"</h{_level(tokens[at])}>\n"

    def _table_open(self, *_: Any) -> str:
        return '<div class="scroll"><table>\n'

    def _table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def _th_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return _cell("th", tokens[at])

    def _td_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return _cell("td", tokens[at])

    def _cite(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        meta: Mapping[str, Any] = tokens[at].meta
        shown, title = self.places.source(str(meta["id"]))
        place = f"{title}, {meta['place']}" if meta["place"] else title
        target = f"source-{meta['id']}"
        about = f'href="#{escape(target)}" title="{escape(place)}"'
        return f'<a class="cite" {about}>[{escape(shown)}]</a>'


def _level(token: Token) -> int:
    """The level of a heading below the page's own, which is the only one of the first."""
    return max(2, int(token.tag[1]))


def _cell(tag: str, token: Token) -> str:
    """A cell; numbers stand to the right by a class, since pages take no style of their own."""
    is_right = "right" in str(token.attrGet("style") or "")
    return f'<{tag} class="num">' if is_right else f"<{tag}>"
