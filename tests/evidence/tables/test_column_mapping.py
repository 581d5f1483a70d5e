"""A mapping goes to JSON and back unchanged, and is read strictly."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import MappingNotReadable
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import (
    COLUMNS,
    CONSTANTS,
    FROM_TO,
    UNITS,
    ColumnMapping,
    DirectionRule,
    mapping_from,
    read_mapping,
)
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.table import TableForm
from kancil.ground import canonical
from tests.evidence.tables.making import mapping
from tools.tree import ROOT

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=9).filter(
    str.strip
)
SAFE = sorted(set(COLUMNS) - {"amount_in", "amount_out", "direction"} - set(CONSTANTS))
MAPPINGS = st.builds(
    ColumnMapping,
    name=TEXT,
    version=st.integers(1, 9),
    table=st.builds(
        TableForm, st.sampled_from(["utf-8", "cp874"]), st.sampled_from([",", "\t"]),
        st.integers(1, 50),
    ),
    columns=st.dictionaries(st.sampled_from(SAFE), TEXT),
    constants=st.dictionaries(st.sampled_from(FROM_TO), TEXT),
    amount=st.none() | st.sampled_from([AmountForm(".", ","), AmountForm(",", " ")]),
    time=st.none()
    | st.builds(
        TimeForm, st.sampled_from([(), ("unix",), ("DD/MM/YYYY", "DD/MM/YY")]),
        st.sampled_from([None, "unknown", "Asia/Vientiane", "+07:00"]),
        st.sampled_from(["gregorian", "buddhist"]),
    ),
    direction=st.none()
    | st.sampled_from([
        DirectionRule("none"), DirectionRule("value", "out"), DirectionRule("sign", "in"),
    ]),
    done=st.none() | st.lists(TEXT | st.just(""), max_size=3).map(tuple),
    stated_by=st.none() | TEXT,
    unit=st.sampled_from(UNITS),
)  # fmt: skip


@given(MAPPINGS)
def test_a_mapping_comes_back_from_json_as_it_was(made: ColumnMapping) -> None:
    again = read_mapping(json.dumps(made.as_dict()).encode())
    assert again == made
    assert again.sha256 == made.sha256
    assert canonical.loads_canonical(canonical.dumps(made.as_dict())) == made.as_dict()


@given(st.binary(max_size=80))
def test_any_bytes_are_a_mapping_or_refused(data: bytes) -> None:
    with pytest.raises(MappingNotReadable):
        read_mapping(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(mapping().as_dict())), JSON)
def test_any_value_in_any_part_is_taken_or_refused(part: str, value: Any) -> None:
    whole = {**mapping().as_dict(), part: value}
    try:
        read = mapping_from(whole)
    except MappingNotReadable as error:
        said = str(error.params["part"])
        assert said
        return
    assert read.as_dict()[part] == value


def change(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(whole: dict[str, Any]) -> None:
        at: Any = whole
        for name in path[:-1]:
            at = at[name]
        at[path[-1]] = to

    return apply


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (change("format", to="kancil-mapping/4"), "format"),
        (change("more", to=1), "mapping"),
        (change("unit", to="smallest"), "mapping"),
        (change("format", to="kancil-mapping/2"), "mapping"),
        (change("version", to=0), "version"),
        (change("version", to=True), "version"),
        (change("table", "encoding", to="utf-7"), "table.encoding"),
        (change("table", "delimiter", to="ab"), "table.delimiter"),
        (change("table", "header_line", to=0), "table.header_line"),
        (change("columns", "colour", to="x"), "columns"),
        (change("columns", "amount_in", to="x"), "columns"),
        (change("columns", "own_name", to="x"), "columns"),
        (change("constants", "asset", to="BTC"), "constants"),
        (change("constants", "amount", to="5"), "constants"),
        (change("amount", "thousands", to="."), "amount.thousands"),
        (change("amount", "decimal", to="·"), "amount.decimal"),
        (change("time", "formats", to=["DD/MM"]), "time.formats"),
        (change("time", "zone", to="Mars"), "time.zone"),
        (change("time", "calendar", to="lunar"), "time.calendar"),
        (change("direction", "by", to="dice"), "direction.by"),
        (change("direction", "by", to="words"), "direction.words_in"),
        (change("direction", "value", to="in"), "direction.value"),
        (change("direction", "words_in", to=["cr"]), "direction.words_in"),
        (change("stated_by", to=""), "stated_by"),
        (change("stated_by", to="\ud800"), "stated_by"),
        (change("name", to="x" * 1001), "name"),
        (change("done", to="Completed"), "done"),
    ],
)
def test_a_wrong_part_is_refused_by_its_name(
    wrong: Callable[[dict[str, Any]], None], part: str
) -> None:
    whole = copy.deepcopy(mapping().as_dict())
    wrong(whole)
    with pytest.raises(MappingNotReadable) as caught:
        mapping_from(whole)
    assert caught.value.params["part"] == part


def test_what_nobody_decided_is_named() -> None:
    bare = ColumnMapping("own", 1, TableForm("utf-8", ",", 1), {})
    assert bare.missing() == (
        "stated_by", "amount", "columns.amount", "asset", "columns.time", "time.formats",
        "time.zone", "direction",
    )  # fmt: skip
    assert mapping().missing() == ()
    with_status = mapping(columns={**mapping().columns, "status": "status"})
    assert with_status.missing() == ("done",)
    held = {"time": "t", "amount": "a", "asset": "c", "other_name": "n"}
    assert mapping(columns=held).missing() == ("direction",)


def test_the_mapping_on_the_page_is_one_and_lacks_nothing() -> None:
    page = (ROOT / "docs" / "howto" / "stated-transfers.md").read_text(encoding="utf-8")
    shown = read_mapping(page.split("```json\n")[1].split("```")[0].encode())
    assert shown.missing() == ()


def test_the_officer_names_the_publisher_over_the_mapping() -> None:
    assert mapping().by("Another").stated_by == "Another"
    assert mapping().by(None) == mapping()


def test_a_mapping_in_whole_coins_keeps_the_first_format_and_its_digest() -> None:
    whole, counted = mapping(), mapping(unit="smallest")
    assert (whole.as_dict()["format"], "unit" in whole.as_dict()) == ("kancil-mapping/1", False)
    assert (counted.as_dict()["format"], counted.as_dict()["unit"]) == (
        "kancil-mapping/2", "smallest",
    )  # fmt: skip
    said = {**whole.as_dict(), "format": "kancil-mapping/2", "unit": "whole"}
    assert mapping_from(said).sha256 == whole.sha256, "the same said in two ways is one mapping"
    with pytest.raises(MappingNotReadable) as caught:
        mapping_from({**said, "unit": "sat"})
    assert caught.value.params["part"] == "unit"
