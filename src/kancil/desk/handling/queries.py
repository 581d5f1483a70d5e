"""What limits of use forbid in a case, and what there rests on the exhibits that they are set on.

From the roll, the ledger and the vault's listings; for pages, letters, bundles and reports. A limit
follows the bytes: an exhibit of another case that holds the same file is bound by it too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from zoneinfo import ZoneInfo

from kancil.custody.entry import Entry
from kancil.custody.handling import (
    Limit,
    digests_of,
    entries_resting,
    limited_exhibits,
    limits_of,
)
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerView
from kancil.evidence.intake import read_listing
from kancil.evidence.vault import Vault
from kancil.ground.clock import now
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Param, Phrase
from kancil.legal.handling import Use, Way, handling_codes, is_forbidden

from .errors import LimitForbidsUse


@dataclass(frozen=True, slots=True)
class Forbidding:
    """A limit that forbids a use of an exhibit in a case."""

    case: CaseId
    """Where it is wanted."""
    exhibit: Exhibit
    """The one that is wanted; the limit may be set on another that holds the same file."""
    limit: Limit
    use: Use

    @property
    def is_elsewhere(self) -> bool:
        """The limit is set in another case, of which its readers are told nothing but the code."""
        return self.limit.exhibit.case != self.case

    @property
    def sentence(self) -> Phrase:
        """Which exhibit, by which code of whom, for what it may not be used."""
        kind = "-same" if self.exhibit.id != self.limit.exhibit.id else ""
        if self.is_elsewhere:
            kind = "-elsewhere" if self.exhibit.case == self.case else "-read"
        told = {} if self.is_elsewhere else {
            "other": self.limit.exhibit.label, "office": self.limit.stated.source_office,
        }  # fmt: skip
        own = {"exhibit": self.exhibit.label} if self.exhibit.case == self.case else {}
        params: dict[str, Param] = {
            "code": code_name(self.limit.code), "use": Phrase(f"note.handling-use-{self.use}"),
        }  # fmt: skip
        return Phrase(f"note.handling-forbids{kind}", {**params, **told, **own})

    @property
    def lift(self) -> Phrase:
        """What would lift it."""
        return Phrase("note.handling-lift-elsewhere") if self.is_elsewhere else lift_of(self.limit)


def lift_of(limit: Limit) -> Phrase:
    """What would lift a limit."""
    day = limit.stated.until
    return Phrase(
        f"note.handling-lift-{limit.code if limit.code in handling_codes() else 'unknown'}",
        {
            "exhibit": limit.exhibit.label,
            "office": limit.stated.source_office,
            "day": "" if day is None else day.isoformat(),
        },
    )


def code_name(code: str) -> Phrase | str:
    """A handling code in words; one that is not known here as it is written."""
    return Phrase(f"name.handling-{code}") if code in handling_codes() else code


def today(roll: Roll) -> date:
    """The day of the unit's calendar."""
    return now().astimezone(ZoneInfo("UTC") if roll.unit is None else roll.unit.zone).date()


def has_ended(limit: Limit, on: date) -> bool:
    """Whether a limit that ends by itself is over."""
    known, until = handling_codes().get(limit.code), limit.stated.until
    return known is not None and known.has_end and until is not None and on > until


def state_of(limit: Limit, on: date) -> Phrase:
    """Whether a limit stands, has ended, or what lifted it: the newest release."""
    if has_ended(limit, on):
        return Phrase("note.handling-state-ended", {"day": str(limit.stated.until)})
    if not limit.lifted:
        return Phrase("note.handling-state-stands")
    newest = limit.lifted[-1]
    whole = limit.is_lifted_everywhere
    return Phrase(
        "note.handling-state-lifted" if whole else "note.handling-state-lifted-in",
        {
            "way": Phrase(f"note.handling-way-{newest.release.by}"),
            "day": newest.release.on.isoformat(),
            "reference": newest.release.reference,
            "n": newest.n,
        },
    )


def standing_limits(exhibit: Exhibit, on: date) -> list[Limit]:
    """The limits of an exhibit that are neither lifted for every use nor over."""
    return [
        each
        for each in limits_of(exhibit)
        if not each.is_lifted_everywhere and not has_ended(each, on)
    ]


def limits_that_forbid(
    ledger: LedgerView, vault: Vault, case: CaseId, exhibits: Iterable[ExhibitId], use: Use
) -> list[Forbidding]:
    """What forbids a use of these exhibits in a case; nothing where all of it is free.

    `case`: where they are wanted, whichever case they belong to. For `Use.OTHER_CASE` only limits
    of exhibits of other cases count.
    """
    roll = ledger.folded(Roll)
    wanted = [roll.exhibit(each) for each in exhibits]
    return [
        each
        for limited, limits in _limited(roll, case, use)
        if not (use is Use.OTHER_CASE and limited.case == case)
        for each in _of(case, wanted, (limited, limits), vault, use)
    ]


def _limited(roll: Roll, case: CaseId, use: Use) -> Iterator[tuple[Exhibit, list[Limit]]]:
    """Exhibits of the unit with the limits that forbid this use in the case today."""
    day = today(roll)
    for exhibit in limited_exhibits(roll):
        limits = [
            each
            for each in limits_of(exhibit)
            if not each.is_lifted(case)
            and is_forbidden(
                each.code, use, case=case, cases=each.stated.cases, until=each.stated.until, on=day
            )
        ]
        if limits:
            yield exhibit, limits


def _of(
    case: CaseId,
    wanted: Iterable[Exhibit],
    found: tuple[Exhibit, list[Limit]],
    vault: Vault,
    use: Use,
) -> Iterator[Forbidding]:
    limited, limits = found
    held = file_digests(limited, vault)
    for exhibit in wanted:
        if exhibit.id == limited.id or held & file_digests(exhibit, vault):
            yield from (Forbidding(case, exhibit, each, use) for each in limits)


def file_digests(exhibit: Exhibit, vault: Vault) -> frozenset[str]:
    """SHA-256 of all files of an exhibit, of those that its listings name too.

    Raises VaultBytesMissing for a listing that is gone.
    """
    listings = {
        str(each.body["content"]["listing_sha256"])
        for each in exhibit.events
        if isinstance(each.body.get("content"), dict) and not each.body["content"]["sha256"]
    }
    inside = (line["sha256"] for each in listings for line in read_listing(vault, each))
    return digests_of(exhibit).union(inside)


def codes_on(roll: Roll, ids: Collection[str]) -> dict[str, list[str]]:
    """The codes that stand on exhibits and forbid something, by the exhibit's id.

    Of an exhibit that holds the same one file as another, the other's too. Exhibits without any are
    not there.
    """
    day, known = today(roll), handling_codes()
    found: dict[str, list[str]] = {}
    for limited in limited_exhibits(roll):
        standing = dict.fromkeys(each.code for each in standing_limits(limited, day))
        codes = [each for each in standing if each not in known or known[each].forbids]
        held = digests_of(limited)
        for exhibit in (roll.exhibits[ExhibitId(each)] for each in ids if codes):
            if exhibit.id == limited.id or held & digests_of(exhibit):
                found[exhibit.id] = list(dict.fromkeys([*found.get(exhibit.id, ()), *codes]))
    return found


@dataclass(frozen=True, slots=True)
class Bound:
    """What of a case limits keep from a use."""

    forbidding: tuple[Forbidding, ...]
    exhibits: frozenset[str]
    """Ids of the exhibits of the case that may not be used."""
    labels: frozenset[str]
    """Their short numbers."""
    digests: frozenset[str]
    """SHA-256 of the files of all exhibits of the unit that may not be used here."""
    entries: tuple[Entry, ...]
    """Entries of the case that rest on them."""


def bound_in_case(ledger: LedgerView, vault: Vault, case: CaseId, use: Use) -> Bound | None:
    """What limits keep from a use of a case's material; None where there is no such limit.

    Exhibits of other cases count as far as their bytes were read here, as blocks or labels.
    """
    roll = ledger.folded(Roll)
    found = list(_limited(roll, case, use))
    if not found:
        return None
    own = [roll.exhibits[each] for each in roll.case(case).exhibits]
    forbidding = [each for one in found for each in _of(case, own, one, vault, use)]
    bound = {str(each.exhibit.id): each.exhibit.label for each in forbidding}
    digests = frozenset[str]().union(*(file_digests(each, vault) for each, _ in found))
    entries = entries_resting(list(ledger.case_entries(case)), frozenset(bound), digests)
    if not forbidding:  # bytes of another case, read here as blocks or labels
        forbidding = [Forbidding(case, each, one, use) for each, limits in found for one in limits]
    return Bound(
        tuple(forbidding), frozenset(bound), frozenset(bound.values()), digests, tuple(entries)
    )


def require_use(
    ledger: LedgerView, vault: Vault, case: CaseId, exhibits: Iterable[ExhibitId], use: Use
) -> None:
    """Refuse a use of exhibits that a limit forbids in this case; raises LimitForbidsUse."""
    found = limits_that_forbid(ledger, vault, case, exhibits, use)
    if found:
        raise refusal(found)


def refusal(forbidding: Sequence[Forbidding], *instead: Phrase) -> LimitForbidsUse:
    """The error that names each limit, and what would lift it; `instead`: what else may be done."""
    return LimitForbidsUse(
        limits=joined(each.sentence for each in forbidding),
        todo=joined([*(each.lift for each in forbidding), *instead]),
    )


def joined(phrases: Iterable[Phrase]) -> Phrase | str:
    """Sentences one after the other, each once."""
    distinct: list[Phrase] = []
    for each in phrases:
        if each not in distinct:
            distinct.append(each)
    if not distinct:
        return ""
    return reduce(
        lambda first, more: Phrase("note.handling-and", {"first": first, "more": more}), distinct
    )


def ways_of(code: str) -> tuple[Way, ...]:
    """What may lift a code; of one that is not known here, consent alone."""
    known = handling_codes().get(code)
    return (Way.CONSENT,) if known is None else known.lifted_by
