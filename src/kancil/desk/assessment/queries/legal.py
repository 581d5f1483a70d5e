"""The legal matrix of a round, whether a lawyer signed it as it is, and the road to new law.

The matrix is the same for everybody who sees the round, so that its digest is: what counts of each
provision, the extracts it rests on, and where the country stands with each instrument. It has no
name, no interview, and a comment only where the provision is agreed on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from kancil.assessment.answer import Answer, Outcome, Settled
from kancil.assessment.law import matrix as craft
from kancil.assessment.law.matrix import Matrix, Row
from kancil.assessment.protocol import Indicator, Protocol, Shape
from kancil.desk.assessment.access import CountrySight, Sight
from kancil.desk.assessment.models import (
    EvidenceItem,
    InstrumentStatus,
    LegalSignature,
    RoadStep,
    StatuteExtract,
)
from kancil.desk.assessment.queries.answers import everything
from kancil.desk.assessment.queries.carry_over import SourceChange, changed_sources
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import enter, require, rounds
from kancil.desk.assessment.rows import Standing
from kancil.desk.assessment.stored import open_stored
from kancil.desk.people.models import Person
from kancil.evidence.vault import Vault
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """That a lawyer signed a matrix."""

    lawyer: str
    admitted: str
    matrix_sha256: str
    recorded_by: str
    """Empty from the country's side, where nobody of the team is named."""
    at: datetime
    """When it was recorded."""
    signed_on: date | None = None
    """As was recorded; None: nobody was asked for it then."""
    sha256: str = ""
    """Of the file of the signed paper; empty: none is kept."""
    file_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class LegalMatrix:
    """Provisions by instrument, as they stand now."""

    matrix: Matrix
    sha256: str
    """Of the matrix's canonical JSON: what a lawyer signs; empty where nobody asked for it, and
    where something is `owed`."""
    signature: SignatureRow | None
    """Of this very matrix; None: it is a draft."""
    earlier: tuple[SignatureRow, ...]
    """Of matrices as they once were."""
    owed: frozenset[str] = frozenset()
    """Provisions that others have answered and this person, who answers too, has not."""
    changed: Mapping[str, SourceChange] = field(default_factory=dict)
    """Of provisions whose answer was carried over, that its source has changed since."""

    @property
    def value(self) -> dict[str, Any]:
        """The matrix in the form whose canonical JSON has the digest, where nothing is `owed`."""
        return craft.matrix_json(self.matrix)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows; of a provision that the person owes an answer to, nothing but what is asked."""
        return self.matrix.rows

    @property
    def is_draft(self) -> bool:
        """Whether no lawyer signed it as it is."""
        return self.signature is None


def legal_matrix(sight: Sight, protocol: str, *, is_digested: bool = True) -> LegalMatrix:
    """The legal matrix of a round on a protocol of provisions.

    One who still has to answer a provision alone finds it open, and no digest: that of the
    whole would let them try out what others gave. `is_digested`: whether its
    digest is wanted, which takes as long as all the rest; it is made in any case where somebody
    signed one, to say whether it was this.
    """
    return matrix_in(sight, *everything(sight, protocol), is_digested=is_digested)


def matrix_in(
    sight: Sight, asked: Protocol, standing: Standing, *, is_digested: bool = True
) -> LegalMatrix:
    """The matrix of a standing that was read already."""
    for_all = {name: _for_all(each) for name, each in standing.settled.items()}
    extracts = _cited(sight, standing.settled)
    statuses = [
        _status(row)
        for row in InstrumentStatus.objects.filter(country_id=sight.country, is_latest=True)
    ]
    matrix = craft.make_matrix(asked, for_all, sight.country, extracts, statuses)
    signed = signatures(sight, asked)
    sha256 = _digest(matrix) if is_digested or signed else ""
    now = next((each for each in signed if each.matrix_sha256 == sha256), None)
    if matrix.missing:  # one with a citation that is not there stays a draft
        now = None
    earlier = tuple(each for each in signed if each is not now)
    if hidden := standing.hidden_from(sight):
        sha256 = ""
        shown = {name: each for name, each in for_all.items() if name not in hidden}
        matrix = craft.make_matrix(asked, shown, sight.country, extracts, statuses)
    changed = _changed(sight, asked, standing, hidden)
    return LegalMatrix(matrix, sha256, now, earlier, frozenset(hidden), changed)


def _changed(
    sight: Sight, asked: Protocol, standing: Standing, hidden: Collection[str]
) -> dict[str, SourceChange]:
    """What counts and was carried over from what says something else by now."""
    found = changed_sources([sight.round], protocol=asked.name)
    return {
        name: found[each.answer.id]
        for name, each in standing.settled.items()
        if each.answer is not None and each.answer.id in found and name not in hidden
    }


_digests: dict[str, str] = {}
"""Digests of matrices that were made lately, by that of plainer JSON, which is made ten times as
fast; the same plain JSON is the same matrix."""
_MOST_DIGESTS = 256


def _digest(matrix: Matrix) -> str:
    plain = json.dumps(craft.matrix_json(matrix), ensure_ascii=False, sort_keys=True)
    key = sha256_hex(plain.encode("utf-8", "surrogatepass"))
    found = _digests.get(key)
    if found is None:
        found = craft.matrix_sha256(matrix)
        if len(_digests) >= _MOST_DIGESTS:
            _digests.clear()
        _digests[key] = found
    return found


def rounds_citing(person: Person, country: CountrySight, extract: str) -> list[Sight]:
    """The newest rounds that a person sees in which a piece of law is evidence, five at most."""
    citing = EvidenceItem.objects.filter(
        extract_id=extract, extract__country_id=country.country
    ).values_list("round_id", flat=True)
    seen = [row.id for row in rounds(person, country.country) if row.id in set(citing)]
    return [enter(person, id) for id in seen[:5]]


def matrix_file(sight: Sight, protocol: str) -> bytes:
    """The canonical JSON that has the matrix's digest: what a lawyer reads and signs.

    Raises ActNotYours for an assessor who has not answered all that others have.
    """
    view = legal_matrix(sight, protocol)
    require(not view.owed, sight)
    return canonical.dumps(view.value)


def contradictions_in(
    sight: Sight, asked: Protocol, indicator: Indicator, answer: Answer
) -> tuple[Phrase, ...]:
    """Name what in an answer to a provision does not go together; of other questions nothing."""
    if asked.shape is not Shape.PROVISIONS:
        return ()
    about = indicator.article.instrument if indicator.article else ""
    rows = InstrumentStatus.objects.filter(
        country_id=sight.country, is_latest=True, instrument=about
    )
    return craft.contradictions(
        asked, indicator, answer, {row.instrument: _status(row) for row in rows}
    )


def _for_all(settled: Settled) -> Settled:
    """Take out of where a provision stands what not everybody may see before it is agreed on."""
    if settled.answer is None or settled.outcome is Outcome.AGREED:
        return settled
    return replace(settled, answer=replace(settled.answer, comment=""))


def _cited(sight: Sight, standing: Mapping[str, Settled]) -> dict[str, craft.Extract]:
    """Read the extracts that the answers cite which count."""
    ids = {
        item.extract
        for each in standing.values()
        if each.answer is not None
        for item in each.answer.evidence
        if item.extract
    }
    found = StatuteExtract.objects.filter(country_id=sight.country, id__in=ids)
    return {row.id: _extract(row) for row in found}


def signatures(sight: Sight, asked: Protocol) -> list[SignatureRow]:
    """List all signatures of a round's matrix, the newest first."""
    found = LegalSignature.objects.filter(round_id=sight.round, protocol=asked.name)
    return [_signature(sight, row) for row in found.select_related("by")]


def _signature(sight: Sight, row: LegalSignature) -> SignatureRow:
    return filled(
        SignatureRow,
        row,
        recorded_by=row.by.name if sight.sees_answers else "",
        file_name=row.file_name if sight.sees_answers else "",
    )


def open_signature(sight: Sight, store: Vault, id: str) -> tuple[SignatureRow, BinaryIO]:
    """Open the file of a signed paper, checked, for whoever sees who recorded it.

    Raises ActNotYours, RecordNotFound, also where there is none, StoredFileMissing,
    StoredFileBroken.
    """
    require(sight.sees_answers, sight)
    found = LegalSignature.objects.filter(round_id=sight.round, id=id[:36]).select_related("by")
    row = found.first()
    if row is None or not row.sha256:
        raise no_such("signature")
    return _signature(sight, row), open_stored(store, row.sha256)


def _extract(row: StatuteExtract) -> craft.Extract:
    return filled(craft.Extract, row)


def _status(row: InstrumentStatus) -> craft.InstrumentStatus:
    return filled(craft.InstrumentStatus, row)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on the way to ratification or to a law."""

    id: str
    subject: str
    instrument: str
    stage: str
    owner: str
    due_on: date | None
    done_on: date | None
    note: str

    def is_late(self, today: date) -> bool:
        """Whether it should be done by now and is not."""
        return self.done_on is None and self.due_on is not None and self.due_on < today


def road(sight: Sight) -> list[StepRow]:
    """List the steps of a round's road map by subject, in order."""
    return [filled(StepRow, row) for row in RoadStep.objects.filter(round_id=sight.round)]
