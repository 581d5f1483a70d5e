"""The workbook of a round: what is in it, what never is, and that Excel runs nothing of it."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from kancil.assessment.export import WholeRound
from kancil.assessment.planning.costs import CostLine
from tests.reports.programme.sample_papers import (
    ALONE,
    HOSTILE,
    INTERVIEW,
    WITHHELD,
    whole,
)
from tests.web.look import start_django


def answers_workbook(made: WholeRound) -> bytes:
    start_django()
    from kancil.reports.programme.workbook import content

    return content.answers_workbook(made)


def rows(data: bytes) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for sheet in load_workbook(io.BytesIO(data)):
        head, *others = ([cell.value for cell in row] for row in sheet.rows)
        found[sheet.title] = [dict(zip(head, row, strict=True)) for row in others]
    return found


def sample() -> WholeRound:
    made = whole()
    lines = (
        CostLine("Trainers", "day", 120_050, Decimal(10)),
        CostLine(HOSTILE, "day", 30_000, Decimal("2.5")),
    )
    first = replace(made.plan[0], lines=lines, output="40 trained", cost_minor=1_275_500)
    return replace(made, plan=[first, *made.plan[1:]])


def test_a_sheet_for_each_protocol_has_the_answer_and_what_it_rests_on() -> None:
    made = sample()
    sheets = rows(answers_workbook(made))
    protocols = [one.protocol.name for one in made.protocols]
    assert list(sheets) == ["About", *protocols, "Gaps", "Plan", "Cost lines"]
    asked = {row["No."]: row for row in sheets[protocols[0]]}
    assert asked["L0"]["Question"] == "Is there L0?"
    assert asked["L0"]["Answer"] == "4 · Stage 4"
    assert asked["L0"]["Comment"] == HOSTILE
    assert asked["L0"]["Evidence"] == HOSTILE
    assert asked["L2"]["Answer"] == "–"
    assert asked["L2"]["Status"] != asked["L0"]["Status"]
    assert set(asked) == {each.id for each in made.protocols[0].asked}


def test_no_interview_nothing_withheld_and_no_comment_of_one_alone_is_in_it() -> None:
    data = answers_workbook(sample())
    told = "\n".join(
        str(cell.value) for sheet in load_workbook(io.BytesIO(data)) for row in sheet.rows
        for cell in row
    )  # fmt: skip
    for secret in (INTERVIEW, WITHHELD, ALONE):
        assert secret not in told, secret
    assert HOSTILE in told


def test_no_cell_is_a_formula_and_the_same_round_gives_the_same_bytes() -> None:
    made = sample()
    data = answers_workbook(made)
    assert data == answers_workbook(made)
    kinds = {
        cell.data_type for sheet in load_workbook(io.BytesIO(data)) for row in sheet.rows
        for cell in row
    }  # fmt: skip
    assert kinds <= {"s", "n"}


def test_the_plan_costs_what_its_lines_come_to() -> None:
    sheets = rows(answers_workbook(sample()))
    first = sheets["Plan"][0]
    assert (first["Output"], first["Cost"]) == ("40 trained", 12_755)
    totals = [(row["Quantity"], row["Rate"], row["Total"]) for row in sheets["Cost lines"]]
    assert totals == [(10, 1200.5, 12_005), (2.5, 300, 750)]
    assert sum(total for _, _, total in totals) == first["Cost"]


def test_gaps_stand_in_their_order_with_what_the_country_says() -> None:
    made = sample()
    found = rows(answers_workbook(made))["Gaps"]
    names = [each.indicator for one in made.protocols for each in one.gaps]
    assert [row["No."] for row in found] == names
    assert found[0]["The country says"] == "First"


def test_names_that_excel_refuses_and_texts_too_long_for_a_cell_are_made_to_fit() -> None:
    made = sample()
    one = made.protocols[0]
    long = replace(one.protocol, id="p" * 40)
    twin = replace(one.protocol, id="P" * 40)
    item = replace(made.plan[0], output="x" * 40_000)
    whole_one = replace(
        made, plan=[item], protocols=[replace(one, protocol=long), replace(one, protocol=twin)]
    )
    sheets = rows(answers_workbook(whole_one))
    assert len(sheets) == 6
    assert all(len(name) <= 31 for name in sheets)
    assert len(sheets["Plan"][0]["Output"]) == 32_767
