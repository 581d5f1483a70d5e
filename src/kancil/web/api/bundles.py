"""Bundles of a case: list, and download of one that was made on the site."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from ninja import Schema
from pydantic import Field

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.kept_files import open_kept
from kancil.desk.cases.queries import Bundle, Case
from kancil.web.cases.leaving import kept_bundle
from kancil.web.page import EVERYONE

from .fields import FEW, FIRST, Cursor, Limit, Moment, Name, Part, moment, part
from .operation import Asker, operation


class BundleAnswer(Schema):
    """A bundle that left the unit."""

    id: str = Field(description="Number of the entry that records it.")
    purpose: str
    analysis_sha256: str
    made_at: Moment
    is_kept: bool = Field(description="Whether the file was made on the site and is still there.")


@operation("GET", "/cases/{case}/bundles", may=EVERYONE, of_case=True, gives=Part[BundleAnswer])
def list_bundles(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The bundles that left, in the order of the ledger."""

    def shown(each: Bundle) -> dict[str, Any]:
        return {
            "id": str(each.n),
            "purpose": each.purpose,
            "analysis_sha256": each.analysis_sha256,
            "made_at": moment(each.made_at),
            "is_kept": kept_bundle(asker.desk, case, each.n).is_file(),
        }

    return part(queries.bundles(case), cursor, limit, lambda bundle: int(bundle.n), shown)


@operation(
    "GET", "/cases/{case}/bundles/{bundle}/file", may=EVERYONE, of_case=True,
    sample={"bundle": "1"},
)  # fmt: skip
def get_bundle_file(asker: Asker, case: Case, bundle: Name) -> Any:
    """The bundle's ZIP file, as it left."""
    found = next((each for each in queries.bundles(case) if str(each.n) == bundle), None)
    if found is None:
        raise PageNotFound
    path = kept_bundle(asker.desk, case, found.n)
    file = open_kept(asker.desk.ledger, path, found.n, asker.server)
    return FileResponse(file, as_attachment=True, filename=path.name)
