"""Evidence and interviews come in here. Files rest in the store before the row that names them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from kancil.assessment.answer import BILL
from kancil.assessment.giving import indicator_of
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.models import EvidenceItem, Interview, StatuteExtract
from kancil.desk.assessment.queries.answers import is_agreed, own_latest
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.rows import INTERVIEW, OF_EXTRACTS, STATUTE, items_of
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import fill, keep, keep_changed, reason_for, unusable
from kancil.desk.people.models import Person
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.digests import Digests, Readable
from kancil.ground.files import plain_name

from .answers import rest_further
from .changing import changing, require_open

KINDS = ("document", "data", "observation")
"""Of evidence that is added by itself; statutes come by their extract, interviews as interviews."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be kept, read once from a stream."""

    store: Vault
    stream: Readable
    name: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings, before it is kept."""

    grade: str
    kind: str
    title: str
    reference: str = ""
    dated: date | None = None
    file: File | None = None


def add_evidence(
    *,
    by: Person,
    round: str,
    grade: str,
    kind: str,
    title: str,
    reference: str = "",
    dated: date | None = None,
    file: File | None = None,
    question: tuple[str, str] | None = None,
) -> str:
    """Add an item of evidence, with its file or without; gives its id.

    `question`: protocol and indicator for which it is brought. The person's own answer rests on it
    at once; where they have none yet, the answer that they begin does (`brought_for`). Raises
    FieldNotUsable, FileTooLarge, DiskFull, RoundClosed, RoundNotFound, ActNotYours,
    ProtocolNotInRound, IndicatorNotFound.
    """
    brought = Brought(grade, kind, title, reference, dated, file)
    _may_bring(enter(by, round))
    with ExitStack() as held:
        digests = held.enter_context(taken(file.store, file.stream)) if file else None
        sight = held.enter_context(changing(by, round))
        _may_bring(sight)
        row = keep_item(sight, brought, digests)
        about: dict[str, str] = {}
        if question is not None:
            asked = protocol_in(sight, question[0])
            name = indicator_of(asked, question[1]).id
            about = {"evidence": row.id, "protocol": asked.name, "indicator": name}
            own = own_latest(sight, asked.name, name)
            fits = row.grade in asked.grades and not is_agreed(sight, asked.name, name)
            if len(own) == 1 and fits:
                rest_further(sight, by, asked.name, own[0], [row.id])
        record("evidence.added", by=by, sight=sight, about=row.title, sha256=row.sha256, **about)
    return row.id


def keep_item(sight: Sight, brought: Brought, digests: Digests | None) -> EvidenceItem:
    """Write the row of what was brought; `digests`: of its file, which rests in the store.

    Raises FieldNotUsable.
    """
    if brought.kind not in KINDS:
        raise unusable("kind", "unknown", value=brought.kind[:40])
    check_grade(sight, brought.grade)
    row = EvidenceItem(round_id=sight.round, added_by_id=sight.person, added_at=clock.now())
    fill(row, brought)
    if brought.file is not None and digests is not None:
        _name_file(row, digests, brought.file.name)
    keep(row, "title")
    return row


def _may_bring(sight: Sight) -> None:
    require(sight.may_answer, sight)
    require_open(sight)


def _name_file(row: EvidenceItem, digests: Digests, name: str) -> None:
    row.sha256, row.size_bytes = digests.sha256, digests.size_bytes
    row.file_name = plain_name(name)


def check_grade(sight: Sight, grade: str, *, of_interview: bool = False) -> None:
    """Refuse a grade that no protocol of the round has, or has for interviews, where it is one.

    Raises FieldNotUsable.
    """
    found = [each.grades[grade] for each in protocols_in(sight) if grade in each.grades]
    if not found:
        raise unusable("grade", "unknown", value=grade[:40])
    if of_interview and not any(each.interview for each in found):
        raise unusable("grade", "interview-grade", value=grade)


def bring_file(*, by: Person, round: str, evidence: str, file: File) -> None:
    """Bring the file of an item that came in without it; its digest must be the recorded one.

    Raises FieldNotUsable (another file), RecordNotFound, FileTooLarge, DiskFull, ActNotYours.
    """
    require(enter(by, round).may_answer, enter(by, round))
    with taken(file.store, file.stream) as digests, changing(by, round) as sight:
        row = _own_item(sight, evidence)
        if digests.sha256 != row.sha256:
            raise unusable("sha256", "digest")
        _name_file(row, digests, row.file_name or file.name)
        keep_changed(row, ["size_bytes", "file_name"])
        record("evidence.file-brought", by=by, sight=sight, about=row.title, sha256=row.sha256)


def _own_item(sight: Sight, id: str) -> EvidenceItem:
    """Find an item that the person sees whole."""
    item = items_of(sight.round, [id[:36]]).get(id)
    if item is None or item.seen_by(sight) is not item.evidence:
        raise no_such("evidence")
    return EvidenceItem.objects.get(id=id)


def withhold_evidence(*, by: Person, round: str, evidence: str, reason: str) -> None:
    """Withhold an item from what leaves the site and from the country's side, with a reason.

    By the lead, or whoever added it. A piece of law cannot be: law is public, and stands in the
    matrix. Raises ReasonMissing, FieldNotUsable, RecordNotFound, ActNotYours.
    """
    _withhold(by, round, evidence, reason_for("withholding", reason))


def show_evidence(*, by: Person, round: str, evidence: str) -> None:
    """Withhold an item no longer; an interview stays what it is. Raises as `withhold_evidence`."""
    _withhold(by, round, evidence, "")


def _withhold(by: Person, round: str, evidence: str, reason: str) -> None:
    with changing(by, round) as sight:
        row = _own_item(sight, evidence)
        require(sight.is_lead or (row.added_by_id == by.pk and sight.may_answer), sight)
        if reason and row.kind in OF_EXTRACTS:
            raise unusable("evidence", "law-public")
        row.withheld = reason
        keep_changed(row, ["withheld"])
        is_interview = row.kind == INTERVIEW
        kind = "interview.withheld" if is_interview else "evidence.withheld"
        kind = kind if reason else kind.replace("withheld", "shown")
        record(kind, by=by, sight=sight, about="" if is_interview else row.title)


@dataclass(frozen=True, slots=True)
class Held:
    """An interview, and the item by which answers rest on it."""

    interview: str
    evidence: str


def add_interview(
    *,
    by: Person,
    round: str,
    grade: str,
    held_on: date,
    people_count: int,
    group: str,
    consent: str,
    notes: str,
) -> Held:
    """Record an interview, which only its author and the round's lead will see.

    `group`: whom, in words that name nobody. `consent`: how it was given, and to what. Raises
    FieldNotUsable, RoundClosed, RoundNotFound, ActNotYours.
    """
    with changing(by, round) as sight:
        _may_bring(sight)
        check_grade(sight, grade, of_interview=True)
        if people_count < 1:
            raise unusable("people_count")
        talk = Interview(
            round_id=sight.round,
            author=by,
            held_on=held_on,
            people_count=people_count,
            group=group.strip(),
            consent=consent.strip(),
            notes=notes.strip(),
            added_at=clock.now(),
        )
        keep(talk, "group", "consent", "notes")
        row = EvidenceItem(
            round_id=sight.round,
            grade=grade,
            kind=INTERVIEW,
            title=talk.group,
            dated=held_on,
            interview=talk,
            added_by=by,
            added_at=talk.added_at,
        )
        keep(row)
        record("interview.added", by=by, sight=sight)
    return Held(talk.id, row.id)


def use_extract(*, by: Person, round: str, extract: str, grade: str, lawyer: str = "") -> str:
    """Make a statute extract evidence in a round: one item, however many answers rest on it.

    `lawyer`: who confirmed it, needed where the grade says that one did; kept beside the citation,
    in the words of the protocol. Raises RecordNotFound, FieldNotUsable, RoundClosed, RoundNotFound,
    ActNotYours.
    """
    with changing(by, round) as sight:
        _may_bring(sight)
        check_grade(sight, grade)
        found = StatuteExtract.objects.filter(id=extract[:36], country_id=sight.country).first()
        if found is None:
            raise no_such("extract")
        reference = found.citation
        if (said := _by_lawyer(sight, grade)) is not None:
            if not lawyer.strip():
                raise unusable("lawyer", "blank")
            reference = f"{found.citation} · {said}: {lawyer.strip()}"
        there = EvidenceItem.objects.filter(
            round_id=sight.round, extract=found, grade=grade, reference=reference
        )
        if (item := there.first()) is not None:
            return item.id
        row = EvidenceItem(
            round_id=sight.round,
            grade=grade,
            kind=BILL if found.is_bill else STATUTE,
            title=f"{found.law[:230]}, {found.article}",
            reference=reference,
            dated=found.in_force_on,
            sha256=found.sha256,
            extract=found,
            added_by=by,
            added_at=clock.now(),
        )
        keep(row)
        record("evidence.added", by=by, sight=sight, about=row.title, sha256=row.sha256)
    return row.id


def _by_lawyer(sight: Sight, grade: str) -> str | None:
    """A grade's own words where it says that a lawyer confirmed a law; None: it does not."""
    for each in protocols_in(sight):
        found = each.grades.get(grade)
        if each.shape is Shape.PROVISIONS and found is not None and found.by_lawyer:
            return found.label.in_language(each.language)
    return None
