"""What a country signed off: what stands now, what was signed, and what changed since, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from kancil.assessment.planning.plan import Choice, Feasibility, ItemState
from kancil.assessment.voice import (
    ChangeSaid,
    ClosedAs,
    Covered,
    SignOffSaid,
    moved,
    part_key,
    parts_sha256,
    stood_parts,
    stood_sha256,
)
from kancil.desk.assessment.access import COUNTRY_SIDE, Sight
from kancil.desk.assessment.models import (
    Act,
    Comment,
    CommentTerm,
    GapWish,
    Narrative,
    PlanItem,
    Round,
    SignOff,
)
from kancil.desk.assessment.queries.comments import said_of_country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import settled_in
from kancil.desk.assessment.stored import open_stored
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled
from kancil.ground.plain import plain

_ITEM = (
    "title", "protocol", "indicators", "assistance", "concepts", "owner", "partner", "donor",
    "begins_on", "months", "cost_minor", "currency", "cost_basis", "success", "to_security_forces",
    "not_forces_reason", "position", "output", "outcome", "impact",
)  # fmt: skip
"""What a plan says of an item. How far it was carried out is not signed."""


def parts_of(round: str) -> dict[str, str]:
    """Digest of each part of the paper of a round as it stands now, the same whoever asks."""
    settled = {name: each for (_, name), each in settled_in([round]).items()}
    others = {**dict(_texts(round)), **dict(_plan(round)), **dict(_wishes(round))}
    return stood_parts(settled, said_of_country(round), others)


def stood_of(round: str) -> str:
    """Digest of the paper of a round as it stands now: what an official signs."""
    return parts_sha256(round, parts_of(round))


def _texts(round: str) -> Iterator[tuple[str, Any]]:
    for each in Narrative.objects.filter(round_id=round, is_latest=True):
        if each.text.strip():
            key = part_key(Covered.TEXT, each.section, each.kind, each.language)
            yield key, {"text": each.text}


def _plan(round: str) -> Iterator[tuple[str, Any]]:
    rows = PlanItem.objects.filter(round_id=round).prefetch_related("depends_on", "cost_lines")
    for row in rows:
        is_rejected = row.state == ItemState.REJECTED.value
        yield (
            part_key(Covered.PLAN, row.id),
            {
                **{name: plain(getattr(row, name)) for name in _ITEM},
                "depends_on": sorted(each.id for each in row.depends_on.all()),
                "lines": [
                    [each.what, each.unit, str(each.rate_minor), f"{each.quantity:.2f}"]
                    for each in row.cost_lines.all()
                ],
                "rejected": row.state_reason if is_rejected else None,
            },
        )


def _wishes(round: str) -> Iterator[tuple[str, Any]]:
    for row in GapWish.objects.filter(round_id=round):
        yield (
            part_key(Covered.WISH, row.protocol, row.indicator),
            {
                "target": row.target,
                "choice": Choice(row.choice).name.lower(),
                "reason": row.reason,
                "feasibility": Feasibility(row.feasibility).name.lower(),
            },
        )


def sign_off_of(sight: Sight) -> SignOffSaid | None:
    """The newest sign-off of a round, whether it counts, and what changed since.

    What stands is read only where there is one.
    """
    row = SignOff.objects.filter(round_id=sight.round).first()
    if row is None:
        return None
    if row.parts is None:
        settled = {name: each for (_, name), each in settled_in([sight.round]).items()}
        before = stood_sha256(sight.round, settled, said_of_country(sight.round))
        return filled(SignOffSaid, row, counts=row.stood_sha256 == before, changes=())
    signed: Mapping[str, str] = row.parts
    keys = moved(signed, parts_of(sight.round))
    changes = tuple(_changes(sight, keys, row.at)) if keys else ()
    return filled(SignOffSaid, row, counts=not keys, changes=changes)


def _changes(sight: Sight, keys: list[str], since: datetime) -> Iterator[ChangeSaid]:
    """Name what is not as it was signed, with who changed it where the person may know that."""
    texts = {
        part_key(Covered.TEXT, each.section, each.kind, each.language): each
        for each in Narrative.objects.filter(round_id=sight.round, is_latest=True).select_related(
            "author"
        )
    }
    items = dict(PlanItem.objects.filter(round_id=sight.round).values_list("id", "title"))
    wishes = {
        part_key(Covered.WISH, each.protocol, each.indicator): each
        for each in GapWish.objects.filter(round_id=sight.round).select_related("by")
    }
    acts = _plan_acts(sight.round, since)
    for key in keys:
        kind, _, rest = key.partition(":")
        names = rest.split(":")
        by, at = "", None
        if kind == Covered.TEXT:
            text = texts.get(key)
            by, at = (text.author.name, text.at) if text else ("", None)
            section, genre, language = names
            yield ChangeSaid(Covered.TEXT, "", section, genre, language, by, at)
        elif kind == Covered.PLAN:
            act = acts.get(rest)
            if act is not None:
                by, at = (act.person.name if act.person else ""), act.at
            by = by if sight.sees_answers else ""
            yield ChangeSaid(Covered.PLAN, "", items.get(rest, rest), "", "", by, at)
        elif kind == Covered.WISH:
            wish = wishes.get(key)
            if wish is not None:
                by, at = (wish.by.name if sight.sees_answers else ""), wish.at
            yield ChangeSaid(Covered.WISH, names[0], names[1], "", "", by, at)
        elif kind == Covered.ANSWER:
            yield ChangeSaid(Covered.ANSWER, names[0], names[1], "", "", "", None)
        else:
            yield ChangeSaid(Covered.COMMENT, "", rest, "", "", "", None)


def _plan_acts(round: str, since: datetime) -> dict[str, Act]:
    """The last act on each item of the plan since a moment, by the item's id."""
    found = Act.objects.filter(round=round, kind__startswith="plan.", at__gte=since)
    rows = found.select_related("person").order_by("id")
    return {str(each.details.get("item", "")): each for each in rows}


@dataclass(frozen=True, slots=True)
class Voice:
    """How far a round is with the country's word."""

    due_on: date | None
    """The last day for comments; None: the team has named none."""
    note: str
    sign_off: SignOffSaid | None
    count: int
    """Comments of everybody, seen or not."""
    unanswered: int
    from_country: int
    closed_as: ClosedAs | None
    """None: it is open, or was closed before this was kept."""

    @property
    def is_signed(self) -> bool:
        """Whether the country signed off what stands."""
        return self.sign_off is not None and self.sign_off.counts

    def ends_as(self, today: date) -> ClosedAs | None:
        """As what a round may be closed that is not signed off; None while its term runs."""
        if self.is_signed or self.due_on is None or self.due_on >= today:
            return None
        is_silent = self.from_country == 0 and self.sign_off is None
        return ClosedAs.NOT_COMMENTED if is_silent else ClosedAs.NOT_SIGNED_OFF


def voice_of(sight: Sight) -> Voice:
    """The term, the sign-off and how many comments wait; counts only what the person may see."""
    term = CommentTerm.objects.filter(round_id=sight.round, is_latest=True).first()
    found = Comment.objects.filter(round_id=sight.round)
    of_country = found.filter(author__role__in=COUNTRY_SIDE)
    counted = of_country if sight.of_country else found
    closed_as = Round.objects.values_list("closed_as", flat=True).get(id=sight.round)
    return Voice(
        due_on=term.due_on if term else None,
        note=term.note if term else "",
        sign_off=sign_off_of(sight),
        count=counted.count(),
        unanswered=counted.filter(replies=None).count(),
        from_country=of_country.count(),
        closed_as=ClosedAs(closed_as) if closed_as else None,
    )


def open_sign_off(sight: Sight, store: Vault) -> tuple[str, BinaryIO]:
    """Name and checked bytes of the newest sign-off's paper; raises RecordNotFound."""
    row = SignOff.objects.filter(round_id=sight.round).exclude(sha256="").first()
    if row is None:
        raise no_such("sign-off")
    return row.file_name or f"{row.sha256[:16]}.bin", open_stored(store, row.sha256)
