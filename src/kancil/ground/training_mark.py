"""What leaves a classroom says so inside, by its format: one place for every door.

A table gets a last column (`training_table`); an object in JSON a member; a picture visible text; a
calendar a name, and the word before what each entry and alarm says. A signed file keeps its bytes:
it states its site itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from .training_table import marked_table

MEMBER = "training"
_SVG_START = re.compile(rb"<svg\b[^>]*>")
_VIEW = re.compile(rb"""viewBox=["']\s*(-?[0-9.]+)[\s,]+(-?[0-9.]+)""")
_SIGNED = frozenset(("signature", "statement", "proof"))
_SAYING = re.compile(rb"^((?:SUMMARY|DESCRIPTION)[^:\r\n]*:)", re.M)

Marking = Callable[[Iterable[bytes], str], Iterator[bytes]]
"""A file in pieces, and the word that marks it (UTF-8), to the pieces of the marked file."""


def marked_object(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """An object with one more member; a signed one, or what is no object, as it is."""
    data = b"".join(chunks)
    try:
        value = json.loads(data)
    except ValueError:  # sent as it is: this is no reader of JSON
        value = None
    if not isinstance(value, dict) or _SIGNED & value.keys() or MEMBER in value:
        yield data
        return
    end = data.rstrip()
    member = f"{',' if value else ''}{json.dumps(MEMBER)}:{json.dumps(word)}}}".encode()
    yield end[:-1].rstrip() + member + data[len(end) :]


def marked_picture(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """An SVG picture with the word over its upper left corner."""
    data = b"".join(chunks)
    start = _SVG_START.search(data)
    at = data.rfind(b"</svg>")
    if start is None or at < 0:
        yield data
        return
    view = _VIEW.search(start[0])
    left, top = (float(view[1]), float(view[2])) if view else (0.0, 0.0)
    text = (
        f'<text x="{left + 6:g}" y="{top + 16:g}" font-size="14" font-weight="700"'
        f' font-family="sans-serif" fill="#9b1c1c" stroke="#fff" stroke-width="3"'
        f' paint-order="stroke">{word}</text>'
    )
    yield data[:at] + text.encode() + data[at:]


def marked_calendar(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """A calendar (RFC 5545) named by the word (RFC 7986, section 5.1), and each entry begun by it.

    A folded line goes on in lines that begin with a space, so what follows the word is folded and
    no line grows too long (section 3.1).
    """
    first, end, rest = b"".join(chunks).partition(b"\r\n")
    text = re.sub(r"([\\;,])", r"\\\1", word).encode()
    yield first + end + b"NAME:" + text + b"\r\nX-WR-CALNAME:" + text + b"\r\n"
    yield _SAYING.sub(lambda found: found[1] + text + b":\r\n  ", rest)


MARKINGS: dict[str, tuple[str, Marking]] = {
    "text/csv": (".csv", marked_table),
    "application/json": (".json", marked_object),
    "image/svg+xml": (".svg", marked_picture),
    "text/calendar": (".ics", marked_calendar),
}
"""By the media type of a file: the end of its name, and how it is marked."""
