"""What a page of the programme says to somebody, and that it is refused to others."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.web.programme.served import ProgrammeSite


def text_of(answer: Any) -> str:
    """What was answered, as it was sent."""
    return str(answer.content.decode())


def bytes_of(answer: Any) -> bytes:
    """A file that was sent to be kept."""
    assert answer.streaming
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def got(programme: ProgrammeSite, name: str, address: str) -> str:
    """What stands on a page, as text of HTML without entities."""
    answer = programme.client(name).get(address)
    assert answer.status_code == 200, (name, address, answer.status_code)
    text = answer.content.decode()
    assert "<script>" not in text
    return unescape(text)


def refused(programme: ProgrammeSite, name: str, address: str) -> None:
    """See that a page is not there for somebody, or not theirs."""
    answer = programme.client(name).get(address)
    assert answer.status_code in (403, 404), (name, address, answer.status_code)


def tables(text: str) -> list[list[str]]:
    """The rows of each table of a page, as words without tags."""
    found = []
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        body = table.partition("<tbody")[2]
        rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
        found.append([" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows])
    return found
