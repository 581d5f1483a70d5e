"""The legal matrix: each provision with its answer, its elements, the law cited, and its relations.

Answers come settled from the desk, extracts from the country's shelf. A lawyer admitted there signs
the SHA-256 of the matrix's canonical JSON (RFC 8785): whatever changes afterwards, be it a word of
an extract, makes it a draft again. Nothing here says what the law is; it says who cited what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kancil.assessment.answer import BILL, Answer, Given, Kind, Outcome, Settled
from kancil.assessment.method import is_asked, is_law
from kancil.assessment.protocol import Article, Duty, Indicator, Protocol, Relation, ScaleKind, Text
from kancil.ground.canonical import dumps
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Param, Phrase
from kancil.ground.plain import plain

FORMAT = "kancil-legal-matrix/2"
YES, NO, RESERVED = "yes", "no", "reserved"
"""Answers to an element that mean the same in every protocol of provisions."""
_LEFT_OUT = ("exclusion", "reservation")
"""Kinds of elements that a law may lack or narrow and still do what the provision asks."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One piece of a country's law, which serves all articles that cite it."""

    id: str
    law: str
    citation: str
    """Number, gazette, date."""
    article: str
    text: str
    language: str
    translation: str = ""
    translated_by: str = ""
    in_force_on: date | None = None
    source: str = ""
    sha256: str = ""
    """Of the file it was taken from."""
    is_bill: bool = False
    """Whether it is a draft statute, which is no law."""


@dataclass(frozen=True, slots=True)
class InstrumentStatus:
    """Where a country stands with an instrument, as of a day and by a source."""

    instrument: str
    as_of: date
    source: str
    signed_on: date | None = None
    consent: str = ""
    """`ratified`, `acceded`, `accepted`, `approved`, `succeeded`, `none`; empty: not known."""
    consent_on: date | None = None
    in_force_on: date | None = None
    reservations: str = ""
    declarations: str = ""
    authorities: str = ""


class RowStatus(StrEnum):
    """How far a provision is."""

    NOT_ASKED = "not-asked"
    OPEN = "open"
    """Nobody has answered."""
    ALONE = "alone"
    """One has answered, and nobody else yet."""
    AGREED = "agreed"
    DISPUTED = "disputed"
    NOT_KNOWN = "not-known"
    NOT_APPLICABLE = "not-applicable"
    UNCITED = "uncited"
    """Answered with a value, and no law is cited for it; a bill is none."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a provision, and what was answered on it."""

    part: str
    kind: str
    question: Text
    given: Given | None


@dataclass(frozen=True, slots=True)
class Bond:
    """How a provision stands to another one."""

    to: str
    relation: Relation
    """As seen from this one, on whichever side it was stated."""
    difference: Text | None
    is_stated_here: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One provision."""

    indicator: str
    article: Article | None
    question: Text
    status: RowStatus
    given: Given | None
    comment: str
    elements: tuple[Element, ...]
    extracts: tuple[str, ...]
    """Ids of those that its answer cites, bills among them."""
    bonds: tuple[Bond, ...]
    offered: tuple[str, ...]
    """Extracts that related provisions cite and this one does not: to be read, not taken."""
    is_alone: bool = False
    """Whether the answer that counts is one assessor's, and nobody else has answered yet."""
    contradictions: tuple[Phrase, ...] = ()
    """What in the answer does not go together."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A country's law against a protocol of provisions."""

    country: str
    protocol: str
    protocol_sha256: str
    rows: tuple[Row, ...]
    extracts: Mapping[str, Extract]
    """Those that are cited, by id."""
    instruments: tuple[InstrumentStatus, ...]
    missing: tuple[str, ...] = ()
    """Ids of extracts that are cited and were not given."""

    def of_instrument(self, instrument: str) -> tuple[Row, ...]:
        """The rows of one instrument; instruments are never added together."""
        return tuple(
            each for each in self.rows if each.article and each.article.instrument == instrument
        )

    def asked_of(self, instrument: str) -> tuple[Row, ...]:
        """Those of them that are asked in this round."""
        rows = self.of_instrument(instrument)
        return tuple(each for each in rows if each.status is not RowStatus.NOT_ASKED)


def bonds(protocol: Protocol) -> dict[str, tuple[Bond, ...]]:
    """Every indicator's relations, those stated on the other side turned round."""
    found: dict[str, list[Bond]] = {name: [] for name in protocol.indicators}
    for name, indicator in protocol.indicators.items():
        for each in indicator.related:
            found[name].append(Bond(each.to, each.relation, each.difference, True, each.checked))
            if each.to in found:
                found[each.to].append(
                    Bond(name, each.relation.turned, each.difference, False, each.checked)
                )
    return {name: tuple(each) for name, each in found.items()}


def make_matrix(
    protocol: Protocol,
    settled: Mapping[str, Settled],
    country: str,
    extracts: Mapping[str, Extract],
    instruments: Iterable[InstrumentStatus] = (),
) -> Matrix:
    """Make the matrix of a round.

    `settled`: by indicator. `extracts`: the country's, by id. `instruments`: the newest status of
    each; those of instruments that the protocol does not have are left out.
    """
    related, stands = bonds(protocol), {each.instrument: each for each in instruments}
    cited = {name: _cited(settled.get(name)) for name in protocol.indicators}
    rows = tuple(
        _row(protocol, each, settled, related[each.id], cited, stands)
        for each in protocol.indicators.values()
    )
    wanted = sorted({each for ids in cited.values() for each in ids})
    return Matrix(
        country,
        protocol.name,
        protocol.sha256,
        rows,
        {each: extracts[each] for each in wanted if each in extracts},
        tuple(
            sorted(
                (each for id, each in stands.items() if id in protocol.instruments),
                key=lambda each: list(protocol.instruments).index(each.instrument),
            )
        ),
        tuple(each for each in wanted if each not in extracts),
    )


def _cited(settled: Settled | None) -> tuple[str, ...]:
    answer = settled.answer if settled else None
    if answer is None:
        return ()
    return tuple(sorted({each.extract for each in answer.evidence if each.extract}))


def _row(
    protocol: Protocol,
    indicator: Indicator,
    settled: Mapping[str, Settled],
    related: tuple[Bond, ...],
    cited: Mapping[str, tuple[str, ...]],
    stands: Mapping[str, InstrumentStatus],
) -> Row:
    now = settled.get(indicator.id)
    answer = now.answer if now else None
    own = cited[indicator.id]
    nearby = {each for bond in related for each in cited.get(bond.to, ())}
    return Row(
        indicator=indicator.id,
        article=indicator.article,
        question=indicator.question,
        status=_status(protocol, indicator, settled),
        given=answer.given if answer else None,
        comment=answer.comment if answer else "",
        elements=tuple(
            Element(
                part.id, part.kind, part.question, answer.parts.get(part.id) if answer else None
            )
            for part in indicator.parts
        ),
        extracts=own,
        bonds=related,
        offered=tuple(sorted(nearby - set(own))),
        is_alone=now is not None and answer is not None and now.outcome is Outcome.ALONE,
        contradictions=contradictions(protocol, indicator, answer, stands) if answer else (),
    )


def contradictions(
    protocol: Protocol,
    indicator: Indicator,
    answer: Answer,
    stands: Mapping[str, InstrumentStatus],
) -> tuple[Phrase, ...]:
    """Name what in an answer to a provision does not go together; it may be right all the same.

    An answer at the second highest stage or above says that the elements are in law, the lowest
    that none is: elements that say otherwise are counted, but for those that a law may lack and
    those that are good practice alone.
    `stands`: where the country stands, by instrument. An option that is used ("reserved") needs an
    instrument that the country is bound by; that it is not known to be bound is no contradiction.
    """
    counted = [
        part.id
        for part in indicator.parts
        if part.kind not in _LEFT_OUT and part.duty is Duty.TREATY
    ]
    given = {name: each.value for name, each in answer.parts.items() if each.kind is Kind.VALUE}
    found = []
    is_covered = is_in_law(protocol, indicator, answer.given)
    whole = answer.given.value if answer.given else None
    for wanted, key in ((NO, "why.law-missing"), (YES, "why.law-there")):
        count = sum(given.get(name) == wanted for name in counted)
        is_lowest = is_covered is False and whole == protocol.scales[indicator.scale or ""].lowest
        if count and (is_covered if wanted == NO else is_lowest):
            params: dict[str, Param] = {"value": str(whole), "count": count, "of": len(counted)}
            found.append(Phrase(key, params))
    has_bill = any(each.kind == BILL for each in answer.evidence)
    if is_covered and has_bill and not any(map(is_law, answer.evidence)):
        found.append(Phrase("why.law-bill-alone", {"value": str(whole)}))
    if RESERVED in given.values() and indicator.article is not None:
        instrument = protocol.instruments.get(indicator.article.instrument)
        status = stands.get(indicator.article.instrument)
        if instrument is not None and not instrument.takes_consent:
            found.append(Phrase("why.law-reserved-of-none"))
        elif status is not None and status.consent == "none":
            found.append(Phrase("why.law-reserved-not-bound", {"day": status.as_of.isoformat()}))
    return tuple(found)


def is_in_law(protocol: Protocol, indicator: Indicator, given: Given | None) -> bool | None:
    """Whether a provision is answered as in law: at the second highest stage or above.

    None: there is no answer that is a value, or its scale has no order.
    """
    scale = protocol.scales.get(indicator.scale or "")
    if scale is None or scale.kind is not ScaleKind.ORDERED:
        return None
    if given is None or given.kind is not Kind.VALUE:
        return None
    values = sorted(int(each.value) for each in scale.values)
    return int(str(given.value)) >= values[-2 if len(values) > 1 else -1]


def _status(
    protocol: Protocol,
    indicator: Indicator,
    settled: Mapping[str, Settled],
) -> RowStatus:
    now = settled.get(indicator.id)
    if not is_asked(protocol, indicator, settled):
        return RowStatus.NOT_ASKED
    if now is None:
        return RowStatus.OPEN
    if now.outcome is Outcome.DISPUTED:
        return RowStatus.DISPUTED
    if now.answer is None:
        return RowStatus.OPEN
    given = now.answer.given
    if given is not None and given.kind is Kind.NOT_APPLICABLE:
        return RowStatus.NOT_APPLICABLE
    if given is not None and given.kind is Kind.NOT_KNOWN:
        return RowStatus.NOT_KNOWN
    if not any(map(is_law, now.answer.evidence)):
        return RowStatus.UNCITED
    return RowStatus.AGREED if now.outcome is Outcome.AGREED else RowStatus.ALONE


# --- what is signed -------------------------------------------------------------------------------


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """The matrix as what a lawyer signs: all they read, and nothing that they did not.

    What is only offered for reading is not in it.
    """
    return {
        "format": FORMAT,
        "country": matrix.country,
        "protocol": {"name": matrix.protocol, "sha256": matrix.protocol_sha256},
        "rows": [_row_json(each) for each in matrix.rows],
        "extracts": [extract_json(each) for each in matrix.extracts.values()],
        "missing_extracts": list(matrix.missing),
        "instruments": [
            {**plain(each), "consent": each.consent or None} for each in matrix.instruments
        ],
    }


def matrix_sha256(matrix: Matrix) -> str:
    """The SHA-256 of the matrix's canonical JSON, lower-case hex."""
    return sha256_hex(dumps(matrix_json(matrix)))


def _row_json(row: Row) -> dict[str, Any]:
    article = row.article
    return {
        "indicator": row.indicator,
        "article": {
            "instrument": article.instrument,
            "number": article.number,
            "title": dict(article.title.said),
            "category": article.category,
        }
        if article
        else None,
        "status": row.status.value,
        "answered_by_one": row.is_alone,
        "contradictions": plain(row.contradictions),
        "given": plain(row.given),
        "comment": row.comment,
        "elements": [
            {"part": each.part, "kind": each.kind, "given": plain(each.given)}
            for each in row.elements
        ],
        "extracts": plain(row.extracts),
        "relations": [
            {
                "to": each.to,
                "relation": each.relation.value,
                "difference": dict(each.difference.said) if each.difference else None,
                "checked": each.checked,
            }
            for each in row.bonds
        ],
    }


def extract_json(extract: Extract) -> dict[str, Any]:
    """An extract as it is signed and exported; only of a bill that it is one."""
    told = {**plain(extract), "sha256": extract.sha256 or None}
    if not extract.is_bill:
        del told["is_bill"]
    return told
