"""Files of an exhibit: listed, read as text from any place on, and sent as they are."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from ninja import Header, Query, Schema
from pydantic import Field

from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.cases.reading import files_from, readable_file, send_file, view_file
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.reading.page import Asked as AskedPlace
from kancil.evidence.reading.page import TextPage, Way
from kancil.ground.ids import ExhibitId
from kancil.ground.words import harmless
from kancil.web.page import EVERYONE
from kancil.web.ranges import Stretch, attached

from .fields import FEW, FIRST, Bytes, Cursor, Limit, Name, Part, part
from .operation import Asker, operation

_LARGEST = 2**53 - 1
_ENCODING = r"^[a-z0-9-]{0,16}$"
_SAMPLE = {"exhibit": "E1", "file": "1"}


class FileAnswer(Schema):
    """A file of an exhibit."""

    number: int = Field(description="Its place among the exhibit's files, from 1.")
    path: str = Field(description="As stated when it was taken in.")
    sha256: str
    size_bytes: Bytes


class LineAnswer(Schema):
    """A line, or a piece of one that is very long."""

    offset: Bytes = Field(description="Byte at which it begins.")
    number: int | None = Field(description="From 1; null: not counted, or a line that goes on.")
    text: str


class TextAnswer(Schema):
    """Some lines of a file, read as text."""

    encoding: str
    lines: list[LineAnswer]
    next_offset: Bytes | None = Field(
        description="`offset` of what follows; null: this is the end."
    )
    next_line: int = Field(description="`line` of what follows.")


@operation(
    "GET", "/cases/{case}/exhibits/{exhibit}/files", may=EVERYONE, of_case=True,
    gives=Part[FileAnswer], sample={"exhibit": "E1"},
)  # fmt: skip
def list_files(
    asker: Asker, case: Case, exhibit: Name, cursor: Cursor = FIRST, limit: Limit = FEW
) -> Any:
    """The files of an exhibit, in the order of its listings."""
    desk, found = asker.desk, _exhibit(case, exhibit)
    files = files_from(desk.ledger, desk.vault, found, cursor, limit + 1)
    numbered = list(enumerate(files, cursor + 1))

    def shown(each: tuple[int, NamedFile]) -> dict[str, Any]:
        number, file = each
        return {
            "number": number,
            "path": harmless(file.path),
            "sha256": file.sha256,
            "size_bytes": str(file.size_bytes),
        }

    return part(numbered, cursor, limit, lambda each: each[0], shown)


@operation(
    "GET", "/cases/{case}/exhibits/{exhibit}/files/{file}/text", may=EVERYONE, of_case=True,
    gives=TextAnswer, sample=_SAMPLE,
)  # fmt: skip
def read_text(
    asker: Asker,
    case: Case,
    exhibit: Name,
    file: Name,
    offset: Annotated[int, Query(ge=0, le=_LARGEST, description="Byte to begin at.")] = 0,
    line: Annotated[int, Query(ge=0, le=_LARGEST, description="Lines before it.")] = 0,
    encoding: Annotated[str, Query(pattern=_ENCODING, description="Empty: found.")] = "",
) -> Any:
    """At most 200 lines of a file as text; `file`: its number, or its SHA-256.

    The ledger says who opened the exhibit, once a day.
    """
    desk = asker.desk
    asked = AskedPlace(way=Way.TEXT, encoding=encoding, at=offset, line=line)
    found = _file(asker, case, exhibit, file)
    page = view_file(desk.ledger, desk.vault, found, asked, asker.server()).shown
    if not isinstance(page, TextPage):
        raise PageNotFound
    return {
        "encoding": page.encoding,
        "lines": [
            {"offset": str(each.at), "number": each.number or None, "text": harmless(each.text)}
            for each in page.lines
        ],
        "next_offset": None if page.after < 0 else str(page.after),
        "next_line": page.line_after,
    }


@operation(
    "GET", "/cases/{case}/exhibits/{exhibit}/files/{file}/download", may=EVERYONE, of_case=True,
    media_type="application/octet-stream", sample=_SAMPLE,
)  # fmt: skip
def download_file(
    asker: Asker,
    case: Case,
    exhibit: Name,
    file: Name,
    stretch: Annotated[str, Header(alias="Range", max_length=100)] = "",
    if_range: Annotated[str, Header(alias="If-Range", max_length=100)] = "",
) -> Any:
    """The bytes of a file as they are, whole or one range; `file`: its number, or its SHA-256.

    The ledger says who downloaded it, each time.
    """
    desk, found = asker.desk, _file(asker, case, exhibit, file)
    return attached(
        Stretch(stretch, if_range),
        name=found.path,
        size_bytes=found.size_bytes,
        sha256=found.sha256,
        read=lambda first, last: send_file(
            desk.ledger, desk.vault, found, asker.server(), first, last
        ),
    )


def _exhibit(case: Case, name: str) -> ExhibitId:
    found = queries.find_exhibit(case, name)
    if found is None:
        raise PageNotFound
    return ExhibitId(found.id)


def _file(asker: Asker, case: Case, exhibit: str, name: str) -> NamedFile:
    """A file by its SHA-256, or by its number from 1."""
    desk, found = asker.desk, _exhibit(case, exhibit)
    sha256 = name
    if name.isascii() and name.isdigit() and len(name) < 10:
        files = exhibit_files(desk.ledger.folded(Roll).exhibit(found), desk.vault)
        named = next(islice(files, max(0, int(name) - 1), None), None)
        sha256 = "" if named is None or name == "0" else named.sha256
    return readable_file(desk.ledger, desk.vault, found, sha256)
