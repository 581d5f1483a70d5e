"""What leaves: a named official releases a document as it is, or withdraws it again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, cast

from kancil.assessment.foreign import document_form
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import AlreadyWithdrawn, FileTooLarge
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Release
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.releases import COMPARISON, figures_to_release, first_day
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.queries.stood import stood_json, stood_now
from kancil.desk.assessment.stored import MOST_MEGABYTES, taken
from kancil.desk.base.keeping import fill, keep, keep_changed, reason_for, unusable
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.evidence.vault import Vault
from kancil.ground import canonical, clock
from kancil.ground.files import plain_name

from .changing import changing
from .evidence import File

DOCUMENTS = ("country", "brief")
"""Documents that are files; `comparison` is figures, which are made here."""


def record_release(
    *,
    by: Person,
    round: str,
    document: str,
    official: str,
    office: str,
    released_on: date,
    file: File,
    consent: str,
    consent_file: File | None = None,
) -> str:
    """Record that a named official released a document, which is kept as it is; gives its id.

    `consent`: the paper by which the country consented, its letter, number and day; `consent_file`:
    a scan of it. The document is a PDF, a text document (DOCX) or a page (HTML), by its content;
    its stream can be sought in. Raises FieldNotUsable, FileTooLarge, DiskFull, RoundNotFound,
    ActNotYours.
    """
    if document not in DOCUMENTS:
        raise unusable("document", "unknown", value=document[:40])
    sight = enter(by, round)
    require(sight.may_release, sight)
    stream = cast(BinaryIO, file.stream)
    if stream.seek(0, io.SEEK_END) > MOST_MEGABYTES * 1_000_000:
        raise FileTooLarge(megabytes=MOST_MEGABYTES)
    if document_form(stream) is None:
        raise unusable("file", "no-document")
    _check_day(sight, released_on)
    given = _Given(official, office, released_on, consent, consent_file)
    return _release(by, round, document, given, file, {}, None)


def release_figures(
    *,
    by: Person,
    round: str,
    official: str,
    office: str,
    released_on: date,
    protocols: Sequence[str],
    store: Vault,
    consent: str,
    consent_file: File | None = None,
) -> str:
    """Record that a named official lets a round's figures be shown beside other countries'.

    They are made here, from the round as it stands, and stay as they are. Raises
    ProtocolNotInRound and as `record_release` does.
    """
    sight = enter(by, round)
    require(sight.may_release, sight)
    if not protocols:
        raise unusable("protocols", "blank")
    for name in protocols:
        protocol_in(sight, name)
    _check_day(sight, released_on)
    wanted = sorted(set(protocols))
    figures = figures_to_release(sight.leaving(), wanted)
    if empty := next(
        (name for name, made in figures.items() if not (made["figures"] or made.get("answers"))), ""
    ):
        raise unusable("protocols", "no-figures", value=empty)
    stood = stood_json(stood_now(sight, wanted))
    around = {name: each for name, each in stood.items() if name != "protocols"}
    for name, made in figures.items():
        made["stood"] = {**around, **stood["protocols"][name]}
    stream = io.BytesIO(canonical.dumps(figures))
    file = File(store, stream, f"{COMPARISON}-{sight.country}.json")
    given = _Given(official, office, released_on, consent, consent_file)
    return _release(by, round, COMPARISON, given, file, figures, stood)


@dataclass(frozen=True, slots=True)
class _Given:
    """Who released it on which day, and on which consent."""

    official: str
    office: str
    released_on: date
    consent: str
    consent_file: File | None


def _release(
    by: Person,
    round: str,
    document: str,
    given: _Given,
    file: File,
    figures: dict[str, Any],
    stood: dict[str, Any] | None,
) -> str:
    paper = given.consent_file
    with ExitStack() as held:
        digests = held.enter_context(taken(file.store, file.stream))
        kept = held.enter_context(taken(paper.store, paper.stream)) if paper else None
        sight = held.enter_context(changing(by, round))
        require(sight.may_release, sight)
        row = Release(
            round_id=sight.round,
            document=document,
            consent_sha256=kept.sha256 if kept else "",
            consent_name=plain_name(paper.name, 100) if paper else "",
            sha256=digests.sha256,
            file_name=plain_name(file.name, 100),
            figures=figures,
            stood=stood_json(stood_now(sight, sight.protocols)) if stood is None else stood,
            by=by,
            at=clock.now(),
        )
        fill(row, given)
        keep(row, "official", "office", "consent")
        record(
            "release.recorded",
            by=by,
            sight=sight,
            about=document,
            official=row.official,
            office=row.office,
            sha256=row.sha256,
            consent=row.consent,
            consent_sha256=row.consent_sha256,
        )
    return row.id


def _check_day(sight: Sight, released_on: date) -> None:
    """Refuse a day on which nobody can have released anything of the round."""
    first = first_day(sight)
    if released_on < first:
        raise unusable("released_on", "before-round", day=first.isoformat())
    if released_on > day_of(clock.now()):
        raise unusable("released_on", "to-come")


def withdraw_release(*, by: Person, round: str, release: str, reason: str) -> None:
    """Withdraw a release, with a reason: nobody is shown it any more; that it was stays recorded.

    Raises ReasonMissing, RecordNotFound, AlreadyWithdrawn, RoundNotFound, ActNotYours.
    """
    why = reason_for("withdrawal", reason)
    with changing(by, round) as sight:
        require(sight.may_release, sight)
        row = Release.objects.filter(round_id=sight.round, id=release[:36]).first()
        if row is None:
            raise no_such("release")
        if row.withdrawn_at is not None:
            raise AlreadyWithdrawn(title=sight.title)
        row.withdrawn_at, row.withdrawn_reason = clock.now(), why
        keep_changed(row, ["withdrawn_at", "withdrawn_reason"])
        record("release.withdrawn", by=by, sight=sight, about=row.document, reason=why)
