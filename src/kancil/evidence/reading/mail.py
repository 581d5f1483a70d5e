"""A mail (RFC 5322, MIME): its headers, its text, and what is attached, as the mail states it.

Headers can be forged by whoever sends; only those that a server of the receiver added above them
say more. Nothing of a mail is fetched or followed.
"""

from __future__ import annotations

import io
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from typing import BinaryIO

from kancil.evidence.errors import FileNotOfForm
from kancil.ground.phrase import Phrase

from .page import Asked, Attachment, MailPage
from .papers import text_of_html

MAX_BYTES = 60_000_000
_TEXT_CHARACTERS = 60_000
_SHOWN = (
    "From",
    "To",
    "Cc",
    "Date",
    "Subject",
    "Reply-To",
    "Message-ID",
    "Received",
    "X-Originating-IP",
)
_HEADERS = 60
_HEADER_CHARACTERS = 1_000
_ATTACHMENTS = 200


def mail_page(stream: BinaryIO, _asked: Asked) -> MailPage:
    """One mail; raises FileNotOfForm."""
    message = _read(stream)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    text, from_html = (
        (_text(plain), False) if plain is not None else (_html(html), html is not None)
    )
    return MailPage(
        tuple(_headers(message))[:_HEADERS],
        text[:_TEXT_CHARACTERS],
        from_html,
        len(text) > _TEXT_CHARACTERS,
        tuple(
            Attachment(number, _name(each), each.get_content_type()[:100], len(_bytes(each)))
            for number, each in enumerate(_attached(message), 1)
        ),
    )


def attachment(stream: BinaryIO, number: int) -> tuple[str, BinaryIO]:
    """Name and bytes of an attachment, by its number from 1; raises FileNotOfForm."""
    parts = _attached(_read(stream))
    if not 0 < number <= len(parts):
        raise _refused("why.file-no-place")
    part = parts[number - 1]
    return _name(part), io.BytesIO(_bytes(part))


def _read(stream: BinaryIO) -> EmailMessage:
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _refused("why.file-too-large")
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    if not message.keys():
        raise _refused("why.file-no-mail")
    return message


def _refused(why: str) -> FileNotOfForm:
    return FileNotOfForm(way=Phrase("name.way-mail"), why=Phrase(why))


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    found = []
    for name in _SHOWN:
        for value in message.get_all(name, []):
            found.append((name, " ".join(str(value).split())[:_HEADER_CHARACTERS]))
    return found


def _attached(message: EmailMessage) -> list[EmailMessage]:
    """The leaves that are not the text that is shown; a mail within a mail is one."""
    body = message.get_body(("plain",)) or message.get_body(("html",))
    waiting: list[EmailMessage] = [message]
    found: list[EmailMessage] = []
    while waiting and len(found) < _ATTACHMENTS:
        part = waiting.pop(0)
        if part.get_content_type() == "message/rfc822" or not part.is_multipart():
            if part is not body:
                found.append(part)
            continue
        waiting = [each for each in part.iter_parts() if isinstance(each, EmailMessage)] + waiting
    return found


def _name(part: EmailMessage) -> str:
    name = " ".join((part.get_filename() or "").split())
    if name:
        return name[:200].replace("/", "_")
    ending = {"text/html": "html", "text/plain": "txt", "message/rfc822": "eml"}
    return f"part.{ending.get(part.get_content_type(), 'bin')}"


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, EmailMessage) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: MIMEPart) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return _bytes(part).decode(charset, "replace")
    except LookupError:
        return _bytes(part).decode("utf-8", "replace")


def _html(part: MIMEPart | None) -> str:
    return "" if part is None else text_of_html(_text(part))
