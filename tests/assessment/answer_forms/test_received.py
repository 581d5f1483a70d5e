"""Answers come back from ODK and Kobo as they were given; what cannot be read is counted."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kancil.assessment.answer import Given, Kind
from kancil.assessment.answer_forms.cells import option_of, read_value
from kancil.assessment.answer_forms.names import Asks
from kancil.assessment.answer_forms.received import AnswerSheet, read_answers
from kancil.assessment.answer_forms.xlsform import form_plan
from kancil.assessment.errors import AnswersForOther, AnswerSheetNotReadable, AnswerSheetTooLarge
from kancil.assessment.giving import check_answer
from kancil.assessment.protocol import Confidence, Protocol, ScaleKind
from kancil.assessment.protocol_files.library import named_protocol
from kancil.ground.phrase import Phrase
from kancil.ground.spreadsheet import SheetCell
from tests.assessment.sheets import (
    as_csv,
    as_workbook,
    filled,
    headed,
    many_scales,
    newer_of,
    table,
)

PROTOCOL = many_scales()
VALUES: dict[str, Given] = {
    "S1": Given(Kind.VALUE, 3),
    "Y1": Given(Kind.VALUE, "in-part"),
    "M1": Given(Kind.VALUE, ("code", "act own")),
    "N1": Given(Kind.VALUE, 12),
    "P1": Given(Kind.VALUE, "37.5"),
    "W1": Given(Kind.VALUE, "=1+1, ច្បាប់; and more"),
    "D1": Given(Kind.VALUE, "2026-03-09"),
    "treaty.2": Given(Kind.VALUE, "yes"),
    "treaty.2:intent": Given(Kind.NOT_KNOWN),
    "treaty.2:age-limit": Given(Kind.VALUE, 18),
}


def read(data: bytes, protocol: Protocol = PROTOCOL) -> AnswerSheet:
    return read_answers(data, "answers.csv", protocol)


def given_back(sheet: AnswerSheet) -> dict[str, Given]:
    found: dict[str, Given] = {}
    for each in sheet.answers:
        if each.given is not None:
            found[each.indicator] = each.given
        found |= {f"{each.indicator}:{name}": one for name, one in each.parts.items()}
    return found


def skips(sheet: AnswerSheet) -> list[tuple[str, str]]:
    """Of each skip its code, or for a cell the reason, and its place."""
    whys = [(each, each.params.get("why")) for each in sheet.skipped]
    return [(why.key if isinstance(why, Phrase) else each.code, each.place) for each, why in whys]


def one_row(changes: dict[str, str], values: dict[str, Given] | None = None) -> bytes:
    row = {**filled(PROTOCOL, VALUES if values is None else values), **changes}
    return as_csv(table(PROTOCOL, [row]))


@pytest.mark.parametrize("style", ["central", "kobo"])
@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_answers_come_back_as_they_were_given(
    style: str, write: Callable[[list[list[str]]], bytes]
) -> None:
    sheet = read(write(table(PROTOCOL, [filled(PROTOCOL, VALUES)], style)))
    assert given_back(sheet) == VALUES
    assert sheet.skipped == ()
    assert {each.said_by for each in sheet.answers} == {"Ann"}
    assert {each.confidence for each in sheet.answers} == {Confidence.HIGH}


@pytest.mark.parametrize("language", ["en", "km"])
def test_labels_of_any_language_are_read_in_the_place_of_names(language: str) -> None:
    row = filled(PROTOCOL, VALUES, language=language)
    sheet = read(as_csv(table(PROTOCOL, [row], "labels", language)))
    assert given_back(sheet) == VALUES
    assert sheet.skipped == ()


@pytest.mark.parametrize(("delimiter", "mark"), [(";", b""), (";", b"\xef\xbb\xbf"), ("\t", b"")])
def test_another_separator_and_a_mark_change_nothing(delimiter: str, mark: bytes) -> None:
    lines = table(PROTOCOL, [filled(PROTOCOL, VALUES)])
    assert given_back(read(as_csv(lines, delimiter, mark))) == VALUES


def test_columns_without_their_groups_are_found() -> None:
    row = filled(PROTOCOL, VALUES)
    assert given_back(read(as_csv([list(row), list(row.values())]))) == VALUES


def test_extra_columns_are_named_and_hinder_nothing() -> None:
    extra = [("_validation_status", "ok"), ("SubmitterName", "=cmd()"), ("meta/other", "x")]
    sheet = read(as_csv(table(PROTOCOL, [filled(PROTOCOL, VALUES)], extra=extra)))
    assert given_back(sheet) == VALUES
    assert sheet.extra_columns == tuple(name for name, _ in extra)
    assert sheet.skipped == ()


def test_choices_in_columns_of_their_own_are_put_together() -> None:
    row = filled(PROTOCOL, {"Y1": VALUES["Y1"]})
    row |= {"M1/code": "1", "M1/act": "0", "M1/An act of its own": "True", "M1__confidence": "low"}
    found = read(as_csv([list(row), list(row.values())]))
    assert given_back(found)["M1"] == VALUES["M1"]


def test_evidence_and_comment_come_with_their_answer() -> None:
    more = {
        ("Y1", Asks.COMMENT): "As the ministry says\nand others",
        ("Y1", Asks.EVIDENCE): "Gazette",
        ("Y1", Asks.GRADE): "A",
        ("Y1", Asks.REFERENCE): "No. 7",
        ("S1", Asks.EVIDENCE): "Talk",
        ("S1", Asks.GRADE): "C",
    }
    data = as_csv(table(PROTOCOL, [filled(PROTOCOL, VALUES, more=more)]))
    found = {each.indicator: each for each in read(data).answers}
    assert found["Y1"].comment == "As the ministry says\nand others"
    ids = iter(["e1", "a1", "e2", "a2"])
    at = datetime(2026, 5, 4, tzinfo=UTC)
    answer = found["Y1"].answer(by="ann", at=at, make_id=lambda: next(ids))
    assert (answer.id, answer.by, answer.given) == ("a1", "ann", VALUES["Y1"])
    (evidence,) = answer.evidence
    assert (evidence.title, evidence.grade, evidence.kind) == ("Gazette", "A", "document")
    talk = found["S1"].answer(by="ann", at=at, make_id=lambda: next(ids)).evidence[0]
    assert talk.kind == "interview"


@pytest.mark.parametrize(
    ("name", "written", "why"),
    [
        ("S1", "9", "why.cell-no-choice"),
        ("S1", "3.5", "why.cell-no-choice"),
        ("Y1", "ja", "why.cell-no-choice"),
        ("M1", "code ghost", "why.cell-no-choice"),
        ("M1", "code nk", "why.cell-both"),
        ("N1", "twelve", "why.cell-no-whole"),
        ("N1", "-3", "why.cell-no-whole"),
        ("N1", "1" * 40, "why.cell-no-whole"),
        ("P1", "101", "why.cell-no-share"),
        ("P1", "NaN", "why.cell-no-share"),
        ("P1", "1e9999", "why.cell-no-share"),
        ("P1", "33.123456", "why.cell-no-share"),
        ("D1", "04/05/2026", "why.cell-no-day"),
        ("D1", "2026-02-30", "why.cell-no-day"),
        ("D1", "45000", "why.cell-no-day"),
        ("W1", "a\x00b", "why.cell-control"),
        ("W1", "x" * 20_001, "why.cell-long"),
        ("treaty_2__age_limit", "eighteen", "why.cell-no-whole"),
    ],
)
def test_a_bad_cell_is_left_out_with_its_place_and_takes_no_other_along(
    name: str, written: str, why: str
) -> None:
    sheet = read(one_row({name: written}))
    assert len(sheet.answers) in (len(PROTOCOL.indicators), len(PROTOCOL.indicators) - 1)
    column = headed(PROTOCOL, "central")[name]
    assert skips(sheet)[0] == (why, f"row 2, column {column}")
    left = {"treaty_2__age_limit": "treaty.2:age-limit"}.get(name, name)
    assert given_back(sheet) == {key: each for key, each in VALUES.items() if key != left}


def test_a_formula_in_a_workbook_is_not_run_and_is_left_out() -> None:
    lines = table(PROTOCOL, [filled(PROTOCOL, VALUES)])
    book = Workbook()
    for line in lines:
        book.active.append(line)
    assert "=1+1, ច្បាប់; and more" in lines[1]
    stream = io.BytesIO()
    book.save(stream)
    sheet = read(stream.getvalue())
    assert "why.cell-formula" in {why for why, _ in skips(sheet)}
    assert "W1" not in given_back(sheet)


def test_not_applicable_comes_with_its_reason_or_not_at_all() -> None:
    values = {"Y1": Given(Kind.NOT_APPLICABLE, None, "No sea"), "N1": Given(Kind.NOT_KNOWN)}
    assert given_back(read(one_row({}, values))) == values
    sheet = read(one_row({"Y1__why": ""}, values))
    assert given_back(sheet) == {"N1": values["N1"]}
    assert "why.cell-no-reason" in {why for why, _ in skips(sheet)}


def test_a_value_and_not_known_at_once_is_neither() -> None:
    sheet = read(one_row({"N1__open": "nk"}))
    assert "N1" not in given_back(sheet)
    assert "why.cell-both" in {why for why, _ in skips(sheet)}


@pytest.mark.parametrize("asks", [Asks.COMMENT, Asks.EVIDENCE, Asks.WHY])
def test_words_without_an_answer_are_told(asks: Asks) -> None:
    row = filled(PROTOCOL, {"Y1": VALUES["Y1"]}, more={("W1", asks): "lonely"})
    assert "sheet-words-alone" in {code for code, _ in skips(read(as_csv(table(PROTOCOL, [row]))))}


def test_a_confidence_that_cannot_be_read_is_low_and_said_so() -> None:
    sheet = read(one_row({"Y1__confidence": "sure"}, {"Y1": VALUES["Y1"]}))
    assert sheet.answers[0].confidence is Confidence.LOW
    assert [each.code for each in sheet.skipped] == ["sheet-confidence"]


def test_a_repeated_submission_counts_once_and_a_changed_one_twice() -> None:
    row = filled(PROTOCOL, {"Y1": VALUES["Y1"]})
    changed = filled(PROTOCOL, {"Y1": Given(Kind.VALUE, "no")})
    extra = [("instanceID", "uuid:1")]
    sheet = read(as_csv(table(PROTOCOL, [row, row, changed], extra=extra)))
    assert [each.given for each in sheet.answers] == [VALUES["Y1"], Given(Kind.VALUE, "no")]
    assert skips(sheet) == [("sheet-row-repeated", "row 3")]
    assert sheet.rows == 3


def test_a_second_column_for_a_question_is_told_and_not_read() -> None:
    row = filled(PROTOCOL, {"Y1": VALUES["Y1"]})
    data = as_csv([[*row, "area/Y1"], [*row.values(), "no"]])
    sheet = read(data)
    assert given_back(sheet) == {"Y1": VALUES["Y1"]}
    assert skips(sheet) == [("sheet-column-twice", "row 1, column area/Y1")]


def test_when_a_form_was_finished_is_taken_where_it_has_a_zone() -> None:
    rows = [filled(PROTOCOL, {"Y1": VALUES["Y1"]})]
    for text, expected in (
        ("2026-05-04T10:00:00.000+07:00", datetime(2026, 5, 4, 3, tzinfo=UTC)),
        ("2026-05-04 10:00", None),
        ("never", None),
    ):
        (answer,) = read(as_csv(table(PROTOCOL, rows, extra=[("end", text)]))).answers
        assert answer.ended_at == expected


# --- versions -------------------------------------------------------------------------------------


def test_answers_on_an_older_version_are_refused_by_its_name() -> None:
    newer = newer_of(PROTOCOL)
    with pytest.raises(AnswersForOther) as caught:
        read(one_row({}), newer)
    assert caught.value.params["found"] == "small-2026.1"
    assert caught.value.params["known"] == "small-2026.2"


def test_answers_on_an_older_version_are_mapped_where_it_is_declared() -> None:
    newer = newer_of(PROTOCOL)
    sheet = read_answers(one_row({}), "a.csv", newer, [PROTOCOL])
    back = given_back(sheet)
    assert back["S9"] == VALUES["S1"]
    assert back["treaty.2:age-limit"] == VALUES["treaty.2:age-limit"]
    assert {each.answered_on for each in sheet.answers} == {"small-2026.1"}
    gone = {str(each.params["indicator"]) for each in sheet.skipped}
    assert gone == {"Y1", "W1"}


def test_an_older_version_without_a_declaration_is_refused() -> None:
    newer = replace(newer_of(PROTOCOL), maps_from=())
    with pytest.raises(AnswersForOther):
        read_answers(one_row({}), "a.csv", newer, [PROTOCOL])


def test_rows_of_two_versions_are_told_apart() -> None:
    row = filled(PROTOCOL, {"Y1": VALUES["Y1"]})
    other = {**row, "protocol_name": "small-2025.1\u202e"}
    same_name = {**row, "protocol_sha256": "c" * 64}
    sheet = read(as_csv(table(PROTOCOL, [row, other, same_name])))
    assert len(sheet.answers) == 1
    assert skips(sheet) == [("sheet-other-protocol", "row 3"), ("sheet-other-protocol", "row 4")]


def test_a_sheet_that_names_no_protocol_is_refused() -> None:
    with pytest.raises(AnswerSheetNotReadable) as caught:
        read(b"a,b\n1,2\n")
    assert isinstance(caught.value.params["why"], Phrase)
    assert caught.value.params["why"].key == "why.sheet-no-protocol"


def test_a_sheet_without_a_row_has_no_answers() -> None:
    sheet = read(as_csv(table(PROTOCOL, [])))
    assert (sheet.answers, sheet.rows) == ((), 0)


# --- properties -----------------------------------------------------------------------------------

STUDY = named_protocol("study")
WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x1FFFF, exclude_categories=("Cs", "Cc", "Cn")),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip


def values_of(protocol: Protocol, scale_id: str) -> st.SearchStrategy[Given]:
    scale = protocol.scales[scale_id]
    listed = [each.value for each in scale.values]
    value: st.SearchStrategy[object]
    if scale.kind is ScaleKind.MANY:
        value = st.sets(st.sampled_from(listed), min_size=1).map(
            lambda chosen: tuple(str(each) for each in listed if each in chosen)
        )
    elif listed:
        value = st.sampled_from(listed)
    elif scale.kind is ScaleKind.COUNT:
        value = st.integers(0, 10**12)
    elif scale.kind is ScaleKind.SHARE:
        value = st.integers(0, 200).map(lambda half: f"{half / 2:g}")
    elif scale.kind is ScaleKind.DATE:
        value = st.dates().map(lambda day: day.isoformat())
    else:
        value = WORDS
    given_value = value.map(lambda each: Given(Kind.VALUE, each))  # type: ignore[arg-type]  # a Value
    return st.one_of(given_value, st.just(Given(Kind.NOT_KNOWN)))


@st.composite
def some_answers(draw: st.DrawFn) -> dict[str, Given]:
    found: dict[str, Given] = {}
    for indicator in STUDY.indicators.values():
        asked = [(indicator.id, indicator.scale)]
        asked += [(f"{indicator.id}:{part.id}", part.scale) for part in indicator.parts]
        for key, scale in asked:
            if scale is not None and draw(st.booleans()):
                found[key] = draw(values_of(STUDY, scale))
    return found


@settings(max_examples=25)
@given(some_answers(), st.sampled_from(["central", "kobo"]), st.booleans())
def test_whatever_is_given_comes_back(
    answers: dict[str, Given], style: str, in_a_workbook: bool
) -> None:
    lines = table(STUDY, [filled(STUDY, answers)], style)
    sheet = read((as_workbook if in_a_workbook else as_csv)(lines), STUDY)
    assert sheet.skipped == ()
    assert given_back(sheet) == answers
    for each in sheet.answers:
        assert check_answer(STUDY, each.indicator, each.given, each.parts)


@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=4), st.sampled_from(",;\t"))
def test_no_cells_make_the_reader_fall_over(cells: list[list[str]], delimiter: str) -> None:
    columns = ["protocol_name", "Y1", "M1", "a-N1", "a/P1", "D1__why"]
    rows = [[PROTOCOL.name, *row] for row in cells]
    lines = [[each.replace("\ud800", "") for each in row] for row in [columns, *rows]]
    try:
        sheet = read(as_csv(lines, delimiter))
    except (AnswerSheetNotReadable, AnswerSheetTooLarge, AnswersForOther):
        return
    assert sheet.rows == len(cells)


@given(st.text(max_size=200))
def test_labels_that_could_be_cut_in_many_ways_end_in_time(words: str) -> None:
    plan = form_plan(PROTOCOL)
    question = plan.questions["M1"]
    options = plan.lists[question.list or ""]
    for text in (words, "An act " * 40 + words, "An act of its own an act"):
        read_value(question, options, SheetCell(text or "x"))
    assert option_of(options, "AN  ACT") is option_of(options, "act")
