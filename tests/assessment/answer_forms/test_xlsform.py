"""Every protocol becomes a form that pyxform takes without a warning, with names that come back."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from kancil.assessment.answer_forms.names import Asks
from kancil.assessment.answer_forms.xlsform import form_plan, write_form
from kancil.assessment.errors import AreaUnknown
from kancil.assessment.protocol import AskedIf, Protocol
from kancil.assessment.protocol_files.library import named_protocol, protocol_names
from tests.assessment.sheets import indicator, many_scales


def xform(data: bytes) -> str:
    """Convert a form, and refuse one with a warning."""
    warned: list[str] = []
    made = convert(io.BytesIO(data), warnings=warned, file_type=".xlsx")
    assert warned == []
    assert made.warnings in ([], None)
    return str(made.xform)


def sheet(data: bytes, name: str) -> list[dict[str, object]]:
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data))[name].rows]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def survey(data: bytes) -> dict[str, dict[str, object]]:
    """The rows of the survey by name, without those that end a group."""
    return {str(row["name"]): row for row in sheet(data, "survey") if row["type"] != "end_group"}


@pytest.mark.parametrize("name", protocol_names())
def test_every_packaged_protocol_becomes_a_form_without_a_warning(name: str) -> None:
    protocol = named_protocol(name)
    data = write_form(protocol)
    assert data == write_form(protocol)
    found = xform(data)
    for question in form_plan(protocol).questions:
        assert f"<{question}/>" in found


@pytest.mark.parametrize("name", protocol_names())
def test_names_are_one_to_one_and_fit_every_tool(name: str) -> None:
    protocol = named_protocol(name)
    plan = form_plan(protocol)
    asked = {(each.indicator, each.part, each.asks) for each in plan.questions.values()}
    assert len(asked) == len(plan.questions)
    assert set(plan.blocks) == set(protocol.indicators)
    every = [*plan.questions, *plan.areas.values(), *(b.group for b in plan.blocks.values())]
    assert len({each.casefold() for each in every}) == len(every)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", each) for each in every)


def test_ids_that_differ_in_signs_or_capitals_get_names_of_their_own() -> None:
    names = ("a.1", "a-1", "A_1", "1a", "end", "meta", "a_1__comment")
    protocol = replace(many_scales(), indicators={each: indicator(each, "yes") for each in names})
    plan = form_plan(protocol)
    assert [plan.blocks[each].of(Asks.VALUE)[0].name for each in names] == [
        "a_1", "a_1_2", "A_1_3", "q_1a", "end_2", "meta_2", "a_1_comment",
    ]  # fmt: skip
    xform(write_form(protocol))


def test_a_form_is_in_all_languages_of_its_protocol() -> None:
    protocol = many_scales()
    data = write_form(protocol)
    rows = survey(data)
    assert rows["Y1"]["label::English (en)"] == "Y1 · How is Y1?"
    assert rows["Y1"]["label::Khmer (km)"] == "Y1 · តើ Y1 យ៉ាងណា?"
    assert 'lang="Khmer (km)"' in xform(data)


def test_stage_texts_are_the_labels_of_an_indicators_own_list() -> None:
    data = write_form(many_scales())
    stages = [row for row in sheet(data, "choices") if row["list_name"] == "stages__S1"]
    assert [row["name"] for row in stages] == ["0", "1", "2", "3", "4", "na", "nk"]
    assert stages[2]["label::Khmer (km)"] == "2 · ទី 2"


def test_each_kind_of_scale_has_its_type_and_its_bounds() -> None:
    rows = survey(write_form(many_scales()))
    types = {name: str(rows[name]["type"]) for name in ("S1", "M1", "N1", "P1", "W1", "D1")}
    assert types == {
        "S1": "select_one stages__S1",
        "M1": "select_multiple scale__laws",
        "N1": "integer",
        "P1": "decimal",
        "W1": "text",
        "D1": "date",
    }
    assert rows["P1"]["constraint"] == ". >= 0 and . <= 100"
    assert rows["N1"]["relevant"] == "${N1__open} = ''"


def test_not_applicable_needs_its_reason_in_the_form_too() -> None:
    rows = survey(write_form(many_scales()))
    assert rows["Y1__why"]["required"] == "yes"
    assert rows["Y1__why"]["relevant"] == "selected(${Y1}, 'na')"
    assert rows["N1__why"]["relevant"] == "selected(${N1__open}, 'na')"
    assert "selected(${treaty_2__intent}, 'na')" in str(rows["treaty_2__why"]["relevant"])


def conditional() -> Protocol:
    protocol = many_scales()
    asked = {
        "S1": replace(protocol.indicators["S1"], asked_if=AskedIf("Y1", ("yes", "in-part"))),
        "M1": replace(
            protocol.indicators["M1"], asked_if=AskedIf("treaty.2", ("yes",), part="intent")
        ),
    }
    return replace(protocol, indicators={**protocol.indicators, **asked})


def test_a_question_asked_after_certain_answers_is_relevant_after_them() -> None:
    data = write_form(conditional())
    rows = survey(data)
    assert rows["g__S1"]["relevant"] == "selected(${Y1}, 'yes') or selected(${Y1}, 'in_part')"
    assert rows["g__M1"]["relevant"] == "selected(${treaty_2__intent}, 'yes')"
    xform(data)


def test_a_form_of_some_areas_asks_these_alone_and_has_an_id_of_its_own() -> None:
    protocol = named_protocol("threat")
    whole, some = write_form(protocol), write_form(protocol, ["gain"])
    areas = {row["name"] for row in sheet(some, "survey") if row["type"] == "begin_group"}
    assert {"area__fraud", "area__money"} <= areas
    assert "area__ocse" not in areas
    ids = {str(sheet(each, "settings")[0]["form_id"]) for each in (whole, some)}
    assert protocol.name in ids
    assert len(ids) == 2
    xform(some)


def test_what_hangs_on_an_area_that_is_not_asked_is_asked_outright() -> None:
    protocol = conditional()
    moved = replace(protocol.indicators["Y1"], area="b")
    protocol = replace(
        protocol,
        areas={**protocol.areas, "b": replace(protocol.areas["a"], id="b")},
        indicators={**protocol.indicators, "Y1": moved},
    )
    rows = survey(write_form(protocol, ["a"]))
    assert rows["g__S1"]["relevant"] is None
    xform(write_form(protocol, ["a"]))


def test_an_area_that_is_not_there_is_named() -> None:
    with pytest.raises(AreaUnknown) as caught:
        write_form(many_scales(), ["a", "none"])
    assert caught.value.params["name"] == "none"


def test_the_form_names_its_protocol_to_the_byte() -> None:
    protocol = many_scales()
    data = write_form(protocol)
    (settings,) = sheet(data, "settings")
    assert settings["form_id"] == "small-2026.1"
    assert settings["version"] == "2026.1-" + "a" * 12
    assert f"'{protocol.sha256}'" in xform(data)


def test_words_of_a_protocol_cannot_name_a_question_or_break_the_form() -> None:
    hostile = "Is ${S1} \u202e<b>&amp;]]></b> =cmd()?"
    made = indicator("X1", "yes")
    made = replace(made, question=replace(made.question, said={"en": hostile}))
    xform(write_form(replace(many_scales(), indicators={"X1": made})))
