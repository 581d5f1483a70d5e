"""Tables, parameters and material are written one way and read back strictly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical
from kancil.ground.cells import plain_cell, write_table
from kancil.reports.casework.bundle.material_read import read_material
from kancil.reports.casework.bundle.parquet import read_transfers, write_transfers
from kancil.studies.trace.question import NamedStart, TraceQuestion, is_same_method, read_question
from kancil.studies.trace.table import read_table
from kancil.studies.trace.tables import result_digest
from tests.reports.make_sample_bundle import block_9_question, make_sample

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_a_table_is_read_back_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    flat = [(plain_cell(one), plain_cell(other)) for one, other in rows]
    data = write_table(("a", "b"), flat)
    assert read_table(data, ("a", "b")) == [{"a": one, "b": other} for one, other in flat]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b",
        b"b,a\n",
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\r\n1,2\r\n",
        b'a,b\n"1",2\n',
        b"a,b\n1,2",
        b"a,b\n\xff,2\n",
        b"\xef\xbb\xbfa,b\n",
    ],
)
def test_a_table_in_any_other_form_is_refused(data: bytes) -> None:
    assert read_table(data, ("a", "b")) is None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert plain_cell(text) == "'" + text


def test_a_cell_is_one_line_without_control_characters() -> None:
    assert plain_cell(" a\r\nb\x00\u202ec ") == "a b c"


def test_parquet_holds_the_rows_of_the_csv_and_equal_rows_make_equal_bytes() -> None:
    (answer,) = make_sample().answers.answers
    rows = answer.tables["transfers"]
    data = write_transfers(rows)
    assert data == write_transfers(list(rows))
    assert read_transfers(data) == [
        tuple("" if cell is None else str(cell) for cell in row) for row in rows
    ]
    assert read_transfers(write_transfers([])) == []


def test_bytes_that_are_no_such_parquet_are_refused() -> None:
    assert read_transfers(b"") is None
    assert read_transfers(b"PAR1" * 10) is None


def whole_question() -> TraceQuestion:
    return TraceQuestion(
        starts=(NamedStart("ab" * 32 + ":0", 5, "victim 1"), NamedStart("cd" * 32 + ":7")),
        policy="fifo",
        policy_reason="a reason",
        direction="backward",
        hops=3,
        min_sat=10**15,
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2021, 1, 1, tzinfo=UTC),
        pass_services="why",
        all_coins_ever=True,
        last_height=7,
        asked=("an address",),
    )


@pytest.mark.parametrize("question", [whole_question(), block_9_question()])
def test_a_question_is_read_back_from_its_parameters(question: TraceQuestion) -> None:
    value = canonical.loads(canonical.dumps(question.as_dict()))
    assert read_question(value) == question
    assert is_same_method(value)


WRONG: list[tuple[str, Any]] = [
    ("direction", "sideways"),
    ("hops", -1),
    ("hops", True),
    ("min_sat", 5),
    ("min_sat", "05"),
    ("policy", "nonsense"),
    ("since", "yesterday"),
    ("starts", []),
    ("starts", [{"outpoint": "ab:0", "reference": "", "share_sat": None}]),
    ("starts", [{"outpoint": "ab" * 32 + ":0", "reference": "", "share_sat": 5}]),
    ("asked", [1]),
    ("policies", {"fifo": "1"}),
    ("policies", [{"name": "fifo", "version": "1"}] * 2),
    ("policies", [{"name": "lifo", "version": "1"}]),
    ("heuristics", [{"name": "whirlpool"}]),
    ("method_version", "2"),
    ("more", 1),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_parameters_of_another_form_are_refused(name: str, value: Any) -> None:
    assert read_question({**whole_question().as_dict(), name: value}) is None


def test_another_version_of_a_policy_is_another_method() -> None:
    value = replace(whole_question(), stops_at=()).as_dict()
    assert is_same_method(value)
    other = [{**one, "version": "9"} for one in value["policies"]]
    assert not is_same_method({**value, "policies": other})
    assert not is_same_method({**value, "method_version": "9"})
    assert not is_same_method({**value, "format": "kancil-parameters/3"})


def version_1(**changed: Any) -> dict[str, Any]:
    value = {**whole_question().as_dict(), "stops_at": {"whirlpool": "1"}, "method_version": "2"}
    del value["format"], value["heuristics"]
    return {
        **value,
        "policies": {"fifo": "1", "haircut": "1", "lifo": "1", "poison": "1"},
    } | changed


def test_parameters_of_version_1_name_the_members_of_their_time() -> None:
    question = read_question(version_1())
    assert question is not None
    assert [name for name, _ in question.policies] == ["poison", "haircut", "fifo", "lifo"]
    assert ("whirlpool", "2") in question.heuristics
    assert question.as_dict() == version_1()


@pytest.mark.parametrize(
    "changed",
    [
        {"policies": {"fifo": "1"}},
        {"policies": {"fifo": "1", "haircut": "1", "lifo": "1", "poison": "1", "seniority": "1"}},
        {"stops_at": {"whirlpool": "3"}},
        {"method_version": "3"},
        {"heuristics": []},
    ],
    ids=str,
)
def test_what_version_1_never_named_is_no_parameters_of_version_1(changed: Any) -> None:
    assert read_question(version_1(**changed)) is None


def test_the_digest_of_an_answer_does_not_depend_on_label_numbers() -> None:
    (answer,) = make_sample().answers.answers
    parameters = answer.question.as_dict()
    tables = {name: list(rows) for name, rows in answer.tables.items()}
    numbered = {**tables, "transfers": [(*row[:-1], "4 5") for row in tables["transfers"]]}
    assert result_digest(parameters, numbered) == answer.digest
    moved = {**tables, "transfers": tables["transfers"][1:]}
    assert result_digest(parameters, moved) != answer.digest
    assert result_digest({**parameters, "hops": 1}, tables) != answer.digest


def test_the_material_is_read_back_from_the_members() -> None:
    sample = make_sample()
    assert read_material(sample.analysis) == (sample.answers.material, [])


MEMBERS = [
    "analysis/analysis.json",
    "analysis/labels.csv",
    "analysis/proofs/blocks.json",
    "analysis/proofs/headers.bin",
    "analysis/proofs/transactions.json",
    "analysis/traces/1/parameters.json",
]


@pytest.mark.parametrize("name", MEMBERS)
def test_a_missing_or_malformed_member_is_told_by_name(name: str) -> None:
    members = make_sample().analysis
    for data in (None, b"x", b"[]", b"{}", b'[{"a":1}]', b"null"):
        changed = {key: value for key, value in members.items() if key != name}
        if data is not None:
            changed[name] = data
        material, problems = read_material(changed)
        if name.endswith("parameters.json") and data not in (None, b"x"):
            assert material is not None
            continue
        if name.endswith("blocks.json") and data == b"[]":
            continue
        assert material is None, data
        assert problems[0].code == "member-form"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("index", -1),
        ("index", None),
        ("index", True),
        ("path", ["00"]),
        ("path", ["00" * 32] * 33),
        ("run", [0]),
        ("run", [-2, 0]),
        ("stated_values", [{"input": 0, "value_sat": 5}]),
        ("stated_values", [{"input": 0, "value_sat": "2100000000000001"}]),
        ("unknown_inputs", [1, 0]),
        ("unspent_outputs", [0, 0]),
        ("txid", "F" * 64),
        ("block", 5),
        ("extra", 1),
    ],
)
def test_a_transaction_of_another_form_is_refused(key: str, value: Any) -> None:
    members = dict(make_sample().analysis)
    name = "analysis/proofs/transactions.json"
    rows = json.loads(members[name])
    rows[2] = {**rows[2], key: value}
    members[name] = canonical.dumps(rows)
    material, problems = read_material(members)
    assert material is None
    assert problems[0].code == "member-form"
