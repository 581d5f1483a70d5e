"""A group of provisions is all in law, some, none or unknown; instruments are never added."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.assessment.answer import Given, Kind
from kancil.assessment.law.matrix import Row, RowStatus
from kancil.assessment.law.spread import Group, Spread, spreads
from kancil.assessment.protocol_files.library import named_protocol

PROTOCOL = named_protocol("legal-2026.4")
OFFENCES = ("budapest", "substantive_offence")


def row(number: str, value: int | Kind | None, status: RowStatus = RowStatus.AGREED) -> Row:
    indicator = PROTOCOL.indicators[f"budapest.{number}"]
    given = None if value is None else Given(Kind.VALUE, value)
    if isinstance(value, Kind):
        given = Given(value, None)
    return Row(
        indicator.id, indicator.article, indicator.question, status, given, "", (), (), (), ()
    )


@pytest.mark.parametrize(
    ("values", "spread"),
    [
        ([2, 3], Spread.ALL),
        ([2, 1], Spread.SOME),
        ([0, 1], Spread.NONE),
        ([None, None], Spread.UNKNOWN),
        ([3, None], Spread.ALL),
        ([Kind.NOT_KNOWN, None], Spread.UNKNOWN),
    ],
)
def test_a_group_comes_to_what_was_answered(
    values: list[int | Kind | None], spread: Spread
) -> None:
    rows = [row(number, value) for number, value in zip("23", values, strict=True)]
    assert spreads(PROTOCOL, rows)[OFFENCES].spread is spread


def test_what_is_disputed_or_does_not_apply_is_not_counted_as_law() -> None:
    rows = [
        row("2", 3, RowStatus.DISPUTED),
        row("3", Kind.NOT_APPLICABLE, RowStatus.NOT_APPLICABLE),
        row("4", 3),
    ]
    found = spreads(PROTOCOL, rows)[OFFENCES]
    assert found == Group(asked=2, answered=1, covered=1, disputed=1)
    only = spreads(PROTOCOL, rows[:2])[OFFENCES]
    assert (only.asked, only.answered, only.spread) == (1, 0, Spread.DISPUTED)


def test_what_an_answer_rests_on_is_counted_beside_it() -> None:
    cited = replace(row("2", 2), extracts=("x1",))
    alone = replace(row("3", 2), is_alone=True)
    group = spreads(PROTOCOL, [cited, alone, row("4", None)])[OFFENCES]
    assert (group.spread, group.asked, group.answered) == (Spread.ALL, 3, 2)
    assert (group.cited, group.alone) == (1, 1)


def test_each_instrument_and_kind_is_counted_by_itself() -> None:
    found = spreads(PROTOCOL, [row("2", 3), row("16", 0), row("22", None)])
    assert {place: group.spread for place, group in found.items()} == {
        OFFENCES: Spread.ALL,
        ("budapest", "procedural_power"): Spread.NONE,
        ("budapest", "jurisdiction"): Spread.UNKNOWN,
    }
