"""What is done to the law of a country: extracts, status of treaties, the matrix, the road map."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from kancil.assessment.law.consent import CONSENTS
from kancil.assessment.law.matrix import InstrumentStatus as Status
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import ActNotYours, AnswerFirst, MatrixMoved
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import (
    InstrumentStatus,
    LegalSignature,
    RoadStep,
    StatuteExtract,
)
from kancil.desk.assessment.queries.countries import enter_country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.legal import legal_matrix
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import fill, keep, keep_changed, unusable
from kancil.desk.base.opening import day_of, one_change
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.files import plain_name

from .changing import changing, changing_country
from .evidence import File


@dataclass(frozen=True, slots=True)
class Extract:
    """One piece of a country's law, word for word."""

    law: str
    citation: str
    article: str
    text: str
    language: str
    source: str
    translation: str = ""
    translated_by: str = ""
    in_force_on: date | None = None
    is_bill: bool = False
    """Whether it is a draft that no parliament has passed."""
    replaces: str | None = None
    """Id of the extract that it takes the place of."""


def add_extract(*, by: Person, country: str, extract: Extract, file: File | None = None) -> str:
    """Add a statute extract, with the file it was taken from or without; gives its id.

    Raises FieldNotUsable, RecordNotFound, FileTooLarge, DiskFull, CountryNotFound, ActNotYours.
    """
    if not enter_country(by, country).may_write:
        raise ActNotYours(name=by.name)
    with ExitStack() as held:
        if extract.is_bill and extract.in_force_on is not None:
            raise unusable("in_force_on", "bill")
        digests = held.enter_context(taken(file.store, file.stream)) if file else None
        held.enter_context(changing_country(by, country))
        older = StatuteExtract.objects.filter(id=extract.replaces, country_id=country)
        if extract.replaces is not None and not older.exists():
            raise no_such("extract")
        row = StatuteExtract(country_id=country, added_by=by, added_at=clock.now())
        row.sha256 = digests.sha256 if digests else ""
        fill(row, extract, as_it_is=("text", "language", "translation"))
        needed = ("translated_by",) if row.translation.strip() else ()
        keep(row, "law", "citation", "article", "text", "language", "source", *needed)
        about = f"{row.law}, {row.article}"
        kind = "bill.added" if row.is_bill else "extract.added"
        record(kind, by=by, country=country, about=about, sha256=row.sha256)
    return row.id


def add_extracts(*, by: Person, country: str, extracts: Sequence[Extract]) -> list[str]:
    """Add several extracts, all or none; gives their ids.

    Raises FieldNotUsable where there is none, and as `add_extract` does.
    """
    if not extracts:
        raise unusable("text", "blank")
    with one_change():
        return [add_extract(by=by, country=country, extract=each) for each in extracts]


def set_status(*, by: Person, country: str, status: Status, is_packaged: bool = False) -> str:
    """Record where a country stands with an instrument; older records stay behind the newest.

    `is_packaged`: it comes with the packaged data and nobody here looked at it. Raises
    FieldNotUsable, CountryNotFound, ActNotYours.
    """
    if status.consent not in CONSENTS:
        raise unusable("kind", "unknown", value=status.consent[:40])
    with changing_country(by, country):
        row = InstrumentStatus(country_id=country, at=clock.now(), is_latest=False)
        row.by = None if is_packaged else by
        fill(row, status, as_it_is=("instrument",))
        keep(row, "instrument", "source")
        same = InstrumentStatus.objects.filter(country_id=country, instrument=row.instrument)
        newest = same.order_by("-as_of", "-at", "-id")[0]
        same.exclude(id=newest.id).filter(is_latest=True).update(is_latest=False)
        same.filter(id=newest.id).update(is_latest=True)
        record("status.set", by=by, country=country, about=row.instrument, as_of=str(row.as_of))
    return row.id


def sign_matrix(
    *,
    by: Person,
    round: str,
    protocol: str,
    lawyer: str,
    admitted: str,
    matrix_sha256: str,
    signed_on: date,
    file: File | None = None,
) -> str:
    """Record that a lawyer admitted in the country signed the matrix that has this digest.

    Nothing here checks the lawyer or the signature. `file`: of the signed paper. Raises MatrixMoved
    where the matrix is another by now, AnswerFirst where whoever records it has not answered all
    that others have, FieldNotUsable (also a day to come), FileTooLarge, DiskFull,
    ProtocolNotInRound, RoundNotFound, ActNotYours.
    """
    require((before := enter(by, round)).may_run, before)
    if signed_on > day_of(clock.now()):
        raise unusable("signed_on", "future")
    with ExitStack() as held:
        digests = held.enter_context(taken(file.store, file.stream)) if file else None
        sight = held.enter_context(changing(by, round))
        require(sight.may_run, sight)
        if protocol_in(sight, protocol).shape is not Shape.PROVISIONS:
            raise unusable("protocol")
        view = legal_matrix(sight, protocol)
        if view.owed:
            raise AnswerFirst(name=min(view.owed))
        if view.sha256 != matrix_sha256:
            raise MatrixMoved
        row = LegalSignature(
            round_id=sight.round,
            protocol=protocol,
            lawyer=lawyer.strip(),
            admitted=admitted.strip(),
            matrix_sha256=matrix_sha256,
            signed_on=signed_on,
            sha256=digests.sha256 if digests else "",
            file_name=plain_name(file.name) if file else "",
            by=by,
            at=clock.now(),
        )
        keep(row, "lawyer", "admitted")
        record(
            "matrix.signed", by=by, sight=sight, about=row.lawyer, sha256=matrix_sha256,
            signed_on=str(signed_on), file_sha256=row.sha256,
        )  # fmt: skip
    return row.id


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to ratification or to a law."""

    subject: str
    stage: RoadStep.Stage
    owner: str
    instrument: str = ""
    due_on: date | None = None
    note: str = ""


def add_step(*, by: Person, round: str, step: Step) -> str:
    """Add a step after the others of its subject; gives its id.

    Raises FieldNotUsable, RoundNotFound, ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_map_road, sight)
        row = RoadStep(round_id=sight.round)
        row.position = RoadStep.objects.filter(
            round_id=sight.round, subject=step.subject.strip()
        ).count()
        fill(row, step)
        keep(row, "subject", "owner")
        record("road.added", by=by, sight=sight, about=row.subject, stage=row.stage)
    return row.id


def change_step(*, by: Person, round: str, id: str, step: Step) -> None:
    """Write a step anew. Raises RecordNotFound and as `add_step` does."""
    with changing(by, round) as sight:
        row = _step(sight, id)
        keep_changed(row, fill(row, step), "subject", "owner")
        due = str(row.due_on or "")
        record("road.changed", by=by, sight=sight, about=row.subject, stage=row.stage, due_on=due)


def move_step(*, by: Person, round: str, id: str, position: int) -> None:
    """Put a step at another place among those of its subject, from 0. Raises as `change_step`."""
    with changing(by, round) as sight:
        row = _step(sight, id)
        same = RoadStep.objects.filter(round_id=sight.round, subject=row.subject)
        others = [each for each in same if each.id != row.id]
        others.insert(min(max(position, 0), len(others)), row)
        for place, each in enumerate(others):
            RoadStep.objects.filter(id=each.id).update(position=place)
        record("road.moved", by=by, sight=sight, about=row.subject, stage=row.stage)


def finish_step(*, by: Person, round: str, id: str, done_on: date | None) -> None:
    """On which day a step was done; None: it was not after all. Raises as `change_step`."""
    with changing(by, round) as sight:
        row = _step(sight, id)
        row.done_on = done_on
        keep_changed(row, ["done_on"])
        day = str(done_on or "")
        record("road.done", by=by, sight=sight, about=row.subject, stage=row.stage, done_on=day)


def _step(sight: Sight, id: str) -> RoadStep:
    require(sight.may_map_road, sight)
    found = RoadStep.objects.filter(round_id=sight.round, id=id[:36]).first()
    if found is None:
        raise no_such("step")
    return found
