"""Plain text in its encoding, HTML, and the strings in bytes of no format that is known.

HTML: scripts, styles and comments are left out; addresses of links and pictures are kept, and text
that a style hides is too. Strings are runs of at least six printable ASCII characters, of one or of
two bytes each (UTF-16), as strings(1) takes them; words of other scripts are not found so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from kancil.ground.encodings import MARKS, encoding_of

_GUESSED_BYTES = 4096
"""By so many, from the first one beyond ASCII on, an encoding is guessed that nothing proves."""
_STRINGS = re.compile(rb"[\t\x20-\x7e]{6,}|(?:[\t\x20-\x7e]\x00){6,}")
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_HEAD = 1024
_ASIDE = frozenset({"script", "style"})
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "mark", "q",
     "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr")
)  # fmt: skip
"""What stands within a word or a line; every other element ends one."""
_ADDRESSES = ("href", "src", "alt", "title", "value", "content", "action")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def plain_text(data: bytes) -> str:
    """A text as it stands, or that of HTML."""
    wide = encoding_of(data[:_HTML_HEAD])[0].startswith("utf-16") if b"\0" in data[:8] else False
    head = data[:_HTML_HEAD].replace(b"\0", b"") if wide else data[:_HTML_HEAD]
    return html_text(data) if _HTML.search(head) else decoded(data)


def decoded(data: bytes) -> str:
    """Bytes as text: by mark, by the form of UTF-8, else guessed."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # From a whole line on, so that the guess begins with a whole character.
        start = data.rfind(b"\n", 0, error.start) + 1 if b"\0" not in data[:64] else 0
    encoding, _ = encoding_of(data[start : start + _GUESSED_BYTES])
    return data.decode(encoding, "replace")


def html_text(data: bytes) -> str:
    """The text of HTML, a block a line."""
    stated = _CHARSET.search(data[:_HTML_HEAD])
    text = _as_stated(data, stated.group(1).decode("ascii")) if stated else decoded(data)
    options: dict[str, Any] = {"no_network": True, "huge_tree": True, "remove_comments": True}
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, **options)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return text
    return "" if root is None else "".join(_pieces(root))


def _as_stated(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError):
        return decoded(data)


def _pieces(root: Any) -> Iterator[str]:
    aside = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            aside += tag in _ASIDE
            if tag not in _INLINE:
                yield "\n"
            for name in _ADDRESSES:
                value = element.get(name)
                if value and not aside:
                    yield f" [{value}] "
            if element.text and not aside:
                yield element.text
        else:
            aside -= tag in _ASIDE
            if tag not in _INLINE:
                yield "\n"
            if element.tail and not aside:
                yield element.tail


def strings(data: bytes) -> str:
    """The strings in bytes, one a line."""
    found = (each.group().replace(b"\0", b"") for each in _STRINGS.finditer(data))
    return b"\n".join(found).decode("ascii")
