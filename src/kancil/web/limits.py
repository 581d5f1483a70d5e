"""Limits of use as pages show them: a tag beside an exhibit, a sentence, and what rests on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.urls import reverse

from kancil.custody.handling import Limit, limits_of
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.withheld import LONGEST_REASON
from kancil.desk.handling.queries import (
    Bound,
    bound_in_case,
    code_name,
    codes_on,
    joined,
    lift_of,
    standing_limits,
    state_of,
    today,
)
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import few
from kancil.ground.words import render as words
from kancil.legal.handling import Use, handling_codes
from kancil.web.cells import Section, note, number, table, tag
from kancil.web.parts import Cell, Several
from kancil.web.unit_desk import unit_desk

_NAMED = 12


def limits_by_exhibit(ids: Collection[str]) -> dict[str, list[str]]:
    """The codes that stand on exhibits and forbid something, by id, as `codes_on` finds them."""
    return codes_on(unit_desk().ledger.folded(Roll), ids)


def tables_limited(numbers: Iterable[int]) -> frozenset[int]:
    """Which tables, by the entries of their reading, are of an exhibit whose use is limited."""
    roll, asked = unit_desk().ledger.folded(Roll), set(numbers)
    held = {entry.n: str(entry.exhibit_id) for entry in roll.transfers if entry.n in asked}
    limited = codes_on(roll, set(held.values()))
    return frozenset(n for n, exhibit in held.items() if exhibit in limited)


def limit_sections(name: str) -> list[Section]:
    """What limits an exhibit's use, in a sentence; then each limit with what became of it."""
    roll = unit_desk().ledger.folded(Roll)
    exhibit, on = roll.exhibit(name), today(roll)
    limits = limits_of(exhibit)
    if not limits:
        codes = codes_on(roll, {exhibit.id}).get(exhibit.id, ())
        told = {"exhibit": exhibit.label, "codes": ", ".join(map(word_of, codes))}
        return [note("warn", "web.handling.elsewhere", **told)] if codes else []
    stands = standing_limits(exhibit, on)
    columns = ("limit", "asked-by", "only-for", "told-in", "state", "entry>")
    rows = [_row(roll, each, is_standing=each in stands) for each in limits]
    return [
        *(limit_sentence(exhibit, each) for each in stands),
        table("web.handling.limits", columns, rows),
    ]


def limit_sentence(exhibit: Exhibit, limit: Limit) -> Section:
    """Whose condition an exhibit is under, what it means, and what would lift it."""
    told = handling_codes().get(limit.code)
    if told is not None and not told.forbids:
        return note("info", f"note.handling-is-{limit.code}")
    code = limit.code if told is not None else "unknown"
    return note(
        "warn", "web.handling.stands", exhibit=exhibit.label, code=code_name(limit.code),
        office=limit.stated.source_office, what=Phrase(f"note.handling-is-{code}"),
        lift=lift_of(limit),
    )  # fmt: skip


def _row(roll: Roll, limit: Limit, *, is_standing: bool) -> tuple[Cell, ...]:
    stated = limit.stated
    told = handling_codes().get(limit.code)
    only: list[Cell] = []
    if told is not None and told.only_in_cases:
        only.append(few([roll.cases[each].label for each in stated.cases if each in roll.cases], 9))
    if told is not None and told.has_end:
        only.append(Phrase("web.handling.until", {"day": str(stated.until)}))
    return (
        tag("warn" if is_standing else "unknown", "web.handling.code", code=code_name(limit.code)),
        stated.source_office,
        Several([*only, *stated.offences]) if only or stated.offences else "",
        stated.reason,
        state_of(limit, today(roll)),
        number(limit.n),
    )


def limit_cell(codes: Iterable[str]) -> Cell:
    """A tag for each code."""
    tags = [tag("warn", "web.handling.code", code=code_name(code)) for code in codes]
    return Several(tags) if tags else Phrase("web.handling.none")


def tables_note(exhibits: Iterable[Exhibit]) -> list[Section]:
    """That rows come from exhibits whose use is limited; which ones, and by which code."""
    held = {str(each.id): each.label for each in exhibits}
    found = limits_by_exhibit(set(held))
    return [
        note("warn", "web.handling.rows", exhibit=held[name], codes=", ".join(map(word_of, codes)))
        for name, codes in found.items()
    ]


def bound_to(case: CaseId, use: Use = Use.REPORT) -> Bound | None:
    """What limits keep from a bundle or report of a case; None for none."""
    desk = unit_desk()
    return bound_in_case(desk.ledger, desk.vault, case, use)


def bound_note(number: int, bound: Bound | None, key: str) -> list[Section]:
    """What of a case may not leave, and where it is said what would lift that."""
    if bound is None or not bound.exhibits:
        return []
    labels = sorted(bound.labels, key=lambda each: int(each[1:]))
    return [
        note(
            "warn", key, url=reverse("exhibits", kwargs={"case": number}),
            do="web.room.exhibits", exhibits=few(labels, _NAMED),
        )
    ]  # fmt: skip


def leaving_note(number: int, bound: Bound | None) -> list[Section]:
    """Before something leaves: what is limited, and that what rests on it is ticked below."""
    if bound is None:
        return []
    if not bound.exhibits:
        limits = joined(each.sentence for each in bound.forbidding)
        return [note("warn", "web.handling.leaving-read", limits=limits)]
    return bound_note(number, bound, "web.handling.leaving")


def ticked(bound: Bound | None, free: Collection[int]) -> str:
    """What is to be withheld with the reason, a line each, as the field of a form takes it.

    `free`: numbers of the entries that may be withheld.
    """
    if bound is None:
        return ""
    codes = ", ".join(dict.fromkeys(word_of(each.limit.code) for each in bound.forbidding))
    reason = words("web.handling.reason", codes=codes)[:LONGEST_REASON]
    return "\n".join(f"{entry.n}={reason}" for entry in bound.entries if entry.n in free)


def word_of(code: str) -> str:
    """A handling code in the words of who reads."""
    name = code_name(code)
    return name if isinstance(name, str) else words(name.key)
