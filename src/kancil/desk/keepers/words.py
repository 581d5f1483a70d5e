"""What is said of keepers, to be read aloud: whom to ask first, and what is not known."""

from __future__ import annotations

from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped
from kancil.studies.keepers.keeper import FRESH_HOURS, elapsed
from kancil.studies.keepers.rest import GONE

from .queries import CaseKeepers

_NAMED = 3


def answer_of(found: CaseKeepers) -> list[Phrase]:
    """Whom to ask first and for how much; then that only they know what is left, and the rest."""
    said = [_first(found), Phrase("web.keepers.unknown")] if found.met else [_none(found)]
    if found.elsewhere:
        amounts = few([each.said for each in found.elsewhere], _NAMED)
        count = sum(each.addresses for each in found.elsewhere)
        said.append(Phrase("web.keepers.elsewhere", {"amounts": amounts, "count": grouped(count)}))
    again = len(found.book.twice.least_without()) if found.book and found.starts else 0
    if again:
        said.append(Phrase("web.keepers.twice", {"count": grouped(again)}))
    if found.apart:
        said.append(Phrase("web.keepers.apart", {"count": grouped(found.apart)}))
    return said


def _first(found: CaseKeepers) -> Phrase:
    first = found.met[0]
    rest = first.remaining
    if rest.state == GONE:
        return Phrase("web.keepers.all-passed", {"count": grouped(len(found.met))})
    told: dict[str, Param] = {
        "count": grouped(len(found.met)),
        "keeper": first.keeper.name or Phrase("study.keeper-unnamed"),
        "held": first.identifier,
        "amount": first.said_amount(rest.most),
        "since": elapsed(first.hours_since(found.moment)) or Phrase("web.keepers.undated"),
    }
    return Phrase("web.keepers.ask-one" if len(found.met) == 1 else "web.keepers.ask-first", told)


def _none(found: CaseKeepers) -> Phrase:
    if found.starts or found.traces:
        return Phrase("web.keepers.none-met")
    return Phrase("web.keepers.no-complaint" if found.tables else "web.keepers.nothing-asked")


def _prices(found: CaseKeepers) -> str:
    """The rows of prices by which amounts were compared."""
    rows = (f"{each.source}, {each.dated}" for each in found.order.values.values() if each.source)
    return few(list(dict.fromkeys(rows)), _NAMED) or ""


def old_of(found: CaseKeepers) -> Phrase | None:
    """That a hold of the newest money comes late, where all of it is old."""
    if not found.met or not all(each.is_old(found.moment) for each in found.met):
        return None
    newest = min(found.met, key=lambda each: each.hours_since(found.moment) or 0)
    return Phrase("web.keepers.old", {"since": elapsed(newest.hours_since(found.moment))})


def asked_of(found: CaseKeepers) -> Phrase:
    """From what money was followed."""
    transfers = len(found.starts)
    told: dict[str, Param] = {"traces": few(found.traces, 8), "count": grouped(transfers)}
    if found.traces and transfers:
        return Phrase("web.keepers.asked-both", told)
    return Phrase("web.keepers.asked-traces" if found.traces else "web.keepers.asked-tables", told)


def limits_of(found: CaseKeepers) -> list[Phrase]:
    """The rule of the rank, and what none of this says."""
    said = [asked_of(found)] if found.traces or found.starts else []
    said.append(Phrase("web.keepers.limit-order", {"hours": FRESH_HOURS}))
    if found.order.currency:
        told: dict[str, Param] = {"currency": found.order.currency, "prices": _prices(found)}
        said.append(Phrase("web.keepers.limit-compared", told))
    elif found.order.is_mixed:
        said.append(Phrase("web.keepers.limit-not-compared"))
    if any(each.keeper.how in ("label", "cluster") for each in found.met):
        said += [Phrase("note.label-allegation"), Phrase("web.keepers.limit-hot")]
    if found.traces:
        said.append(Phrase("note.policy-is-a-choice"))
    if found.starts:
        said += [Phrase("note.stated-not-proved"), Phrase("web.reported.conventions"),
                 Phrase("web.keepers.limit-asset")]  # fmt: skip
    for key, names in (
        ("web.keepers.limit-backward", found.backward),
        ("web.keepers.limit-left", found.left),
    ):
        if names:
            said.append(Phrase(key, {"traces": few(names, 8)}))
    return said
