"""Exhibits of a case: list, one with its history, and taking in a small file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from kancil.desk.cases import queries
from kancil.desk.cases.actions import admit_exhibit
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Exhibit
from kancil.ground.files import plain_name
from kancil.ground.ids import CaseId, ExhibitId
from kancil.web.page import ACTING, EVERYONE

from .cases import EntryAnswer, entry_shown
from .fields import FEW, FIRST, Bytes, Cursor, Limit, Moment, Name, Part, Words, moment, part
from .operation import Asker, operation

MOST_FILE_BYTES = 16_000_000
"""Bytes of a request that takes a file in."""
_CHUNK = 1 << 20


class ExhibitAnswer(Schema):
    """An exhibit."""

    id: str
    number: str
    title: str
    status: str
    holder: str | None = Field(description="Officer's id, or a name.")
    seal: str | None
    files: int
    size_bytes: Bytes
    last_at: Moment


class ContentAnswer(Schema):
    """Digests of bytes that an exhibit has; of several files only their listing has one."""

    files: int
    size_bytes: Bytes
    sha256: str | None
    sha1: str | None
    md5: str | None
    listing_sha256: str | None


class WholeExhibitAnswer(ExhibitAnswer):
    """An exhibit with its digests and its whole history."""

    contents: list[ContentAnswer]
    history: list[EntryAnswer]


def exhibit_shown(exhibit: Exhibit) -> dict[str, Any]:
    """An exhibit for an answer."""
    return {
        "id": exhibit.id,
        "number": f"E{exhibit.number}",
        "title": exhibit.title,
        "status": exhibit.status,
        "holder": exhibit.holder,
        "seal": exhibit.seal,
        "files": exhibit.file_count,
        "size_bytes": str(exhibit.size_bytes),
        "last_at": moment(exhibit.last_at),
    }


@operation("GET", "/cases/{case}/exhibits", may=EVERYONE, of_case=True, gives=Part[ExhibitAnswer])
def list_exhibits(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The exhibits of a case, by number."""
    found = queries.exhibits_after(case, cursor, limit)
    return part(found, cursor, limit, lambda exhibit: int(exhibit.number), exhibit_shown)


def _whole(asker: Asker, found: Exhibit) -> dict[str, Any]:
    entries = list(asker.desk.ledger.exhibit_entries(ExhibitId(found.id)))
    contents = [
        entry.body["content"]
        for entry in entries
        if entry.kind in ("exhibit.added", "exhibit.acquired")
    ]
    return {
        **exhibit_shown(found),
        "contents": contents,
        "history": [entry_shown(entry) for entry in entries],
    }


@operation(
    "GET", "/cases/{case}/exhibits/{exhibit}", may=EVERYONE, of_case=True,
    gives=WholeExhibitAnswer, sample={"exhibit": "E1"},
)  # fmt: skip
def get_exhibit(asker: Asker, case: Case, exhibit: Name) -> Any:
    """One exhibit: its digests, and every entry of its custody."""
    found = queries.find_exhibit(case, exhibit)
    if found is None:
        raise PageNotFound
    return _whole(asker, found)


@operation(
    "POST", "/cases/{case}/exhibits", may=ACTING, of_case=True, gives=WholeExhibitAnswer,
    status=201, most_bytes=MOST_FILE_BYTES,
    sample={"form": {"title": "Sent", "source": "by hand"}, "file": b"sent"},
)  # fmt: skip
def add_exhibit(
    asker: Asker,
    case: Case,
    title: Annotated[Words, Form()],
    source: Annotated[Words, Form(description="Where it comes from, as stated.")],
    file: Annotated[UploadedFile, File()],
) -> Any:
    """Take one small file in as an exhibit, as a form with `title`, `source` and `file`."""
    desk = asker.desk
    desk.workspace.uploads_dir.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=desk.workspace.uploads_dir))
    try:
        path = folder / plain_name(str(file.name or ""))
        with path.open("xb") as kept:
            for chunk in file.chunks(_CHUNK):
                kept.write(chunk)
        entry, _ = admit_exhibit(
            desk.ledger,
            desk.vault,
            case=CaseId(case.id),
            paths=[path],
            title=title,
            source=source,
            by=asker.server(),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = queries.find_exhibit(case, str(entry.exhibit_id))
    if found is None:
        raise PageNotFound
    return _whole(asker, found)
