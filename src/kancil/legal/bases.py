"""On which law a request may stand between two countries, as far as it is known here.

Suggests and never decides: an officer chooses. What is bound is said only where a row of status
says so; what is not known is *not known*, with the place where the depositary can be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from kancil.ground.phrase import Param, Phrase

from .agreement import Agreement, Clause, Form
from .instruments.instrument import Article, Entry, Instrument, Role, instruments
from .instruments.status import Status, Statuses, TreatyStatus, is_past

NO_ENTRIES: Mapping[str, Entry] = MappingProxyType({})
NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Bound(StrEnum):
    """Whether a law binds, by what is known here."""

    YES = "yes"
    UNVERIFIED = "unverified"
    """By general knowledge, compared with no list."""
    NOT_KNOWN = "not-known"
    NO = "no"


_RANK = {Bound.YES: 0, Bound.UNVERIFIED: 1, Bound.NOT_KNOWN: 2, Bound.NO: 3}


@dataclass(frozen=True, slots=True)
class Side:
    """How one of the two countries stands to an instrument on the day asked about."""

    country: str
    status: TreatyStatus
    bound: Bound
    reason: str
    """Its sentence: `law.side-<reason>`."""


@dataclass(frozen=True, slots=True)
class PossibleBasis:
    """One law on which the request may stand."""

    form: Form
    id: str
    name: str
    bound: Bound
    reason: str
    """Its sentence: `law.basis-<reason>`."""
    articles: tuple[Article | Clause, ...] = ()
    is_own: bool = True
    """Whether an article is about this kind of request, or carries it as assistance of any sort."""
    is_limited: bool = False
    """Whether it serves only cases of its own subject, which its conditions name."""
    sides: tuple[Side, ...] = ()
    """Of a treaty: the requesting country, then the requested."""
    conditions: str | None = None
    check_at: str | None = None
    source: str | None = None
    as_of: date | None = None
    """When an officer of the unit looked at it; of a treaty each side has its own."""
    entry: Entry | None = None

    def sentences(self, names: Mapping[str, str] = NO_NAMES) -> tuple[Phrase, ...]:
        """Why it binds or not, the answer first; `names`: of countries by their two letters."""
        params: dict[str, Param] = {"name": self.name, "check_at": self.check_at or ""}
        if self.as_of is not None:
            params["as_of"] = self.as_of.isoformat()
        if self.entry is not None and self.entry.in_force_on is not None:
            params["day"] = self.entry.in_force_on.isoformat()
        if self.entry is not None and self.entry.not_before is not None:
            params["before"] = self.entry.not_before.isoformat()
        told = [Phrase(f"law.basis-{self.reason}", params)]
        told += [_side_sentence(each, names) for each in self.sides]
        return tuple(told)


def in_letter(basis: PossibleBasis, names: Mapping[str, str] = NO_NAMES) -> tuple[Phrase, ...]:
    """Where both countries stand, as a letter says it: status, day and source of each."""
    if not basis.sides:
        since = basis.entry.in_force_on if basis.entry else None
        day = since.isoformat() if since else ""
        key = "law.letter-since" if since else "law.letter-source"
        return (Phrase(key, {"day": day, "source": basis.source or ""}),)
    return tuple(
        Phrase(
            "law.letter-side" if _is_stated(side.status) else "law.letter-unknown",
            {
                "country": names.get(side.country, side.country),
                "status": side.status.status.words if side.status.status else "",
                "as_of": side.status.as_of or "",
                "source": side.status.source or "",
            },
        )
        for side in basis.sides
    )


def _is_stated(row: TreatyStatus) -> bool:
    """Whether a letter may state how a country stands: a source says so."""
    return row.status is not None and not row.verify


def _side_sentence(side: Side, names: Mapping[str, str]) -> Phrase:
    row = side.status
    day = row.ended_on if side.reason == "ended" else row.in_force_on or _consent(row)
    params: dict[str, Param] = {
        "country": names.get(side.country, side.country),
        "as_of": row.as_of or "",
        "day": day or "",
        "status": row.status.words if row.status else "",
    }
    return Phrase(f"law.side-{side.reason}", params)


def bases_for(
    kind: str,
    requesting: str,
    requested: str,
    statuses: Statuses,
    on: date,
    *,
    agreements: Iterable[Agreement] = (),
    entries: Mapping[str, Entry] = NO_ENTRIES,
) -> tuple[PossibleBasis, ...]:
    """The laws that may carry a kind of request on a day, the best first.

    `requesting`, `requested`: two letters; the same twice for a request at home. `entries`: what
    the unit knows of an instrument's entry into force, before what comes with Kancil. First what
    binds both, then what does so by general knowledge, then what is not known, then what does not
    bind; in each, agreements of the two before treaties, treaties for any offence before those of
    one subject, and articles about the kind before those on assistance of any sort.
    """
    own = [
        _of_agreement(each, each.carrying(kind), on)
        for each in agreements
        if each.serves(requesting, requested) and each.carrying(kind)
    ]
    found = sorted(own, key=lambda basis: basis.form not in (Form.BILATERAL, Form.RECIPROCITY))
    if requesting == requested:
        return tuple(_ordered(found or [_nothing_entered(Form.DOMESTIC)]))
    for each in instruments().values():
        if each.carrying(kind):
            rows = [
                statuses.get((country, each.id)) or TreatyStatus(country, each.id)
                for country in (requesting, requested)
            ]
            found.append(_of_treaty(each, kind, rows, entries.get(each.id, each.entry), on))
    if not any(basis.form in (Form.BILATERAL, Form.RECIPROCITY) for basis in own):
        found.append(_nothing_entered(Form.RECIPROCITY))
    return tuple(_ordered(found))


def _ordered(found: Sequence[PossibleBasis]) -> list[PossibleBasis]:
    return sorted(
        found,
        key=lambda each: (
            _RANK[each.bound],
            each.reason == "none-entered",
            each.is_limited,
            not each.is_own,
        ),
    )


def _nothing_entered(form: Form) -> PossibleBasis:
    return PossibleBasis(form, "none-entered", "", Bound.NOT_KNOWN, "none-entered", is_own=False)


def _of_agreement(agreement: Agreement, clauses: tuple[Clause, ...], on: date) -> PossibleBasis:
    bound, reason = Bound.YES, f"in-force-{agreement.form}"
    if agreement.form is Form.KEEPER_POLICY:
        bound, reason = Bound.NOT_KNOWN, "policy"
    elif agreement.ended_on is not None and agreement.ended_on <= on:
        bound, reason = Bound.NO, "ended"
    elif agreement.in_force_on is None:
        bound, reason = Bound.NOT_KNOWN, "no-day"
    elif agreement.in_force_on > on:
        bound, reason = Bound.NO, "not-yet"
    return PossibleBasis(
        agreement.form, agreement.id, agreement.title, bound, reason, clauses,
        source=agreement.source, as_of=agreement.verified_on,
        entry=Entry(agreement.source, agreement.ended_on if reason == "ended"
                    else agreement.in_force_on),
    )  # fmt: skip


def _of_treaty(
    instrument: Instrument, kind: str, rows: Sequence[TreatyStatus], entry: Entry, on: date
) -> PossibleBasis:
    sides = tuple(_side(row, on, instrument.open_to) for row in rows)
    bound = max((side.bound for side in sides), key=_RANK.__getitem__)
    reason = f"both-{bound}"
    if entry.in_force_on is not None and entry.in_force_on > on:
        bound, reason = Bound.NO, "not-yet"
    elif entry.in_force_on is None and entry.not_before is not None:
        is_early, said = on < entry.not_before, all(each.in_force_on for each in rows)
        if is_early:
            bound, reason = Bound.NO, "not-before"
        elif not (bound is Bound.YES and said):
            bound, reason = max(bound, Bound.NOT_KNOWN, key=_RANK.__getitem__), f"{reason}-since"
    articles = instrument.carrying(kind)
    return PossibleBasis(
        Form.TREATY, instrument.id, instrument.name, bound, reason, articles,
        is_own=articles[0].kinds[kind] is Role.OWN, is_limited=instrument.is_limited,
        sides=sides, entry=entry,
        conditions=instrument.conditions, check_at=instrument.check_at, source=instrument.source,
    )  # fmt: skip


def _side(row: TreatyStatus, on: date, open_to: Sequence[str]) -> Side:
    bound, reason = _stands(row, on)
    if row.status is None and open_to and row.country not in open_to:
        bound, reason = Bound.NO, "not-open"
    elif row.verify and bound is Bound.YES:
        bound, reason = Bound.UNVERIFIED, "party-verify"
    return Side(row.country, row, bound, reason)


def _stands(row: TreatyStatus, on: date) -> tuple[Bound, str]:
    """Whether a country is bound on a day, and why; of later time than `as_of` no row speaks."""
    if row.status is None:
        return Bound.NOT_KNOWN, "unknown"
    if row.ended_on is not None and is_past(row.ended_on, on):
        return Bound.NO, "ended"
    if row.status not in (Status.PARTY, Status.RATIFIED):
        is_over = row.as_of is None or is_past(row.as_of, on) is not False
        has_passed = is_over and row.as_of != on.isoformat()
        return (Bound.NOT_KNOWN, "no-consent-then") if has_passed else (Bound.NO, "no-consent")
    return _since(row, on)


def _since(row: TreatyStatus, on: date) -> tuple[Bound, str]:
    """Whether the consent of a party had its effect on a day."""
    if row.in_force_on is not None:
        has_come = is_past(row.in_force_on, on)
        if has_come is None:
            return Bound.NOT_KNOWN, "vague"
        return (Bound.YES, "party") if has_come else (Bound.NO, "not-yet")
    consent = _consent(row)
    if consent is not None and is_past(consent, on) is False:
        return Bound.NO, "not-yet"
    if row.status is Status.RATIFIED:
        return Bound.NOT_KNOWN, "ratified"
    if consent is None:
        is_before = row.as_of is not None and is_past(row.as_of, on) is False
        return (Bound.NOT_KNOWN, "later") if is_before else (Bound.YES, "party")
    a_year_on = f"{int(consent[:4]) + 1}{consent[4:]}"
    return (Bound.YES, "party") if is_past(a_year_on, on) else (Bound.NOT_KNOWN, "vague")


def _consent(row: TreatyStatus) -> str | None:
    """When a country gave its consent; a treaty binds it some months later."""
    return row.ratified_on or row.acceded_on
