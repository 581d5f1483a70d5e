"""How a request is cut out of a connection: strictly, so that nobody reads another one in it.

RFC 9112: one length, in digits; no transfer coding (section 6.3: a server may ask for a length); no
folded line, no blank before a colon, no line that ends otherwise than CR LF, no control character.
"""

from __future__ import annotations

import re
from typing import Any

from cheroot import server as cheroot_server

SMALL_BODY_BYTES = 65_536
"""A body up to this size is gathered before a thread is taken: all that a stranger may send. More
than this that nobody read is not read away: the connection is closed."""
_FIELD = re.compile(
    rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r\n"
)
_TARGET = re.compile(rb"[^\x00-\x20\x7f]+")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_STATED_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)")
_EXPECTS = re.compile(rb"(?i)\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)")
_ONCE = frozenset(
    {b"Content-Length", b"Content-Type", b"Cookie", b"Host", b"Origin", b"Transfer-Encoding"}
)
_VERSIONS = (b"HTTP/1.0", b"HTTP/1.1")


def body_bytes(head: bytes) -> int:
    """Read how long a body is to be; 0 where the head does not say it well, and is refused."""
    found = _STATED_LENGTH.findall(head)
    return int(found[0]) if len(found) == 1 else 0


def expects_word(head: bytes) -> bool:
    """Whether the other side sends its body only when it is told to go on."""
    return _EXPECTS.search(head) is not None


def _read_fields(rfile: Any, found: dict[bytes, bytes]) -> str:
    """Read the lines between a request's first line and its body; gives what is wrong, or nothing.

    RFC 9112, sections 5 and 6. Names with an underscore are dropped: in the application they would
    stand for others.
    """
    while (line := rfile.readline()) != b"\r\n":
        field = _FIELD.fullmatch(line)
        if field is None:
            return "Illegal header line."
        name, value = field[1].title(), field[2]
        if b"_" in name:
            continue
        if name in found and name in _ONCE:
            return "A header stands twice that may stand once."
        found[name] = b", ".join((found[name], value)) if name in found else value
    length = found.get(b"Content-Length")
    if length is not None and _LENGTH.fullmatch(length) is None:
        return "Malformed Content-Length Header."
    if length is not None and b"Transfer-Encoding" in found:
        return "A length and a transfer coding."
    if int(length or 0) <= SMALL_BODY_BYTES:
        found.pop(b"Expect", None)  # was answered while the body was gathered
    return ""


class _ReadAlready(cheroot_server.HeaderReader):
    """Leaves the headers as they were read."""

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> dict[bytes, bytes]:
        """What is there."""
        return {} if hdict is None else hdict


class Request(cheroot_server.HTTPRequest):
    """One request and its answer."""

    header_reader = _ReadAlready()

    def __init__(self, server: Any, conn: Any) -> None:
        """Begin, and let the connection know."""
        super().__init__(server, conn)
        self.method = b""
        conn.request = self

    @property
    def is_unread(self) -> bool:
        """Whether more of it may still arrive, which nobody will read."""
        return not self.ready or getattr(self.rfile, "remaining", 0) > 0

    def read_request_line(self) -> bool:
        """Read the first line; an answer was written where this is False."""
        if not super().read_request_line():  # type: ignore[no-untyped-call]
            return False
        if _TARGET.fullmatch(self.uri) and self.request_protocol in _VERSIONS:
            return True
        self.simple_response("400 Bad Request", "Malformed Request-Line")
        return False

    def read_request_headers(self) -> bool:
        """Read the headers; an answer was written where this is False."""
        wrong = _read_fields(self.rfile, self.inheaders)
        if wrong:
            self.simple_response("400 Bad Request", wrong)
            return False
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if b"Transfer-Encoding" not in self.inheaders:
            return True
        self.simple_response("411 Length Required", "Send a Content-Length.")
        return False

    def simple_response(self, status: str, msg: str = "") -> None:
        """Answer what cannot be read; the connection is closed after it."""
        self.close_connection = True
        super().simple_response(status, "" if self.method == b"HEAD" else msg)

    def send_headers(self) -> None:
        """Send the head of the answer; a large body that nobody read is not waited for."""
        if getattr(self.rfile, "remaining", 0) > SMALL_BODY_BYTES:
            self.close_connection = True
        super().send_headers()
