"""Files of an activity: programme, materials, papers, pictures, the outcome statement."""

from __future__ import annotations

from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.entering import enter_activity, require
from kancil.desk.programme.models import Activity, Document
from kancil.ground import clock
from kancil.ground.files import plain_name
from kancil.programme.vocabulary import DocumentKind


def add_document(
    *, by: Person, activity: str, kind: str, title: str, file: File, is_public: bool = False
) -> str:
    """Keep a file; `is_public`: it may go into reports and IATI files. Gives its id.

    Raises FieldNotUsable, FileTooLarge, DiskFull, ActivityNotFound, ActNotYours.
    """
    if kind not in set(DocumentKind):
        raise unusable("kind", "unknown", value=kind[:40])
    sight = enter_activity(by, activity)
    require(sight.may_write, sight.desk)
    with taken(file.store, file.stream) as digests, writing(by, activity) as row:
        document = Document(
            activity=row, kind=kind, title=title.strip(), file_name=plain_name(file.name),
            sha256=digests.sha256, is_public=is_public, by=by, at=clock.now(),
        )  # fmt: skip
        keep(document, "title", "file_name")
        record("document.added", by=by, about=row.code, activity=row.id, sha256=document.sha256)
    return document.id


def set_document_public(*, by: Person, activity: str, document: str, is_public: bool) -> None:
    """Let a file go into what is public, or no more; raises RecordNotFound, ActNotYours."""
    with writing(by, activity) as row:
        found = _document(row, document)
        found.is_public = is_public
        keep_changed(found, ["is_public"])
        kind = "document.published" if is_public else "document.unpublished"
        record(kind, by=by, about=row.code, activity=row.id, sha256=found.sha256)


def withdraw_document(*, by: Person, activity: str, document: str) -> None:
    """Withdraw a file, which nobody is shown any more; raises RecordNotFound, ActNotYours."""
    with writing(by, activity) as row:
        found = _document(row, document)
        found.withdrawn_at = clock.now()
        keep_changed(found, ["withdrawn_at"])
        record("document.withdrawn", by=by, about=row.code, activity=row.id, sha256=found.sha256)


def _document(row: Activity, document: str) -> Document:
    found = Document.objects.filter(activity=row, withdrawn_at=None, id=document[:36]).first()
    if found is None:
        raise no_such("document")
    return found
