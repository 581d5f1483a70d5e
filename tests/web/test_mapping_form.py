"""The mapping form says what it was given: any mapping goes into it and comes out the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.tables.column_mapping import (
    CONSTANTS,
    FROM_TO,
    OWN_OTHER,
    ColumnMapping,
    mapping_from,
)
from tests.cli.stated_files import MAPPING
from tests.web.look import start_django

COLUMNS = tuple(f"Column {number}" for number in range(6))
WORDS = st.text("abcäខ=<", min_size=1, max_size=8)


@st.composite
def mappings(draw: st.DrawFn) -> ColumnMapping:
    """Any mapping that is whole."""
    parties = draw(st.sampled_from((FROM_TO, OWN_OTHER)))
    fields = draw(st.sets(st.sampled_from([*parties, "txid", "chain", "fee", "reference"])))
    columns = {name: draw(st.sampled_from(COLUMNS)) for name in sorted(fields)}
    columns |= {name: draw(st.sampled_from(COLUMNS)) for name in ("time", "asset")}
    free = [name for name in CONSTANTS if name in ("contract", "fee_asset", *parties)]
    constants = {
        name: draw(WORDS) for name in draw(st.sets(st.sampled_from(free))) if name not in columns
    }
    by = draw(st.sampled_from(("value", "sign", "columns", "words")))
    rule: dict[str, Any] = {"by": by, "value": None, "words_in": [], "words_out": []}
    if by in ("value", "sign"):
        rule["value"] = draw(st.sampled_from(("in", "out")))
    if by == "words":
        columns["direction"] = COLUMNS[0]
        rule |= {"words_in": ["in " + draw(WORDS)], "words_out": ["out " + draw(WORDS)]}
    amounts = ("amount_in", "amount_out") if by == "columns" else ("amount",)
    columns |= {name: draw(st.sampled_from(COLUMNS)) for name in amounts}
    done = None
    if draw(st.booleans()):
        columns["status"] = COLUMNS[1]
        done = draw(st.sampled_from((["done"], ["done", ""], [""])))
    decimal, thousands = draw(st.sampled_from(((".", ","), (",", "."), (".", ""), (",", " "))))
    return mapping_from(
        {
            **MAPPING,
            "amount": {"decimal": decimal, "thousands": thousands},
            "columns": columns,
            "constants": constants,
            "direction": rule,
            "done": done,
            "format": "kancil-mapping/2",
            "unit": draw(st.sampled_from(("whole", "smallest"))),
            "stated_by": draw(WORDS),
            "time": {
                "calendar": draw(st.sampled_from(("gregorian", "buddhist"))),
                "formats": draw(st.sampled_from((["unix"], ["DD/MM/YYYY", "YYYY-MM-DD hh:mm"]))),
                "zone": draw(st.sampled_from(("UTC", "+07:00", "Asia/Vientiane", "unknown"))),
            },
        }
    )


def sent(form: Any) -> dict[str, str]:
    """What a browser sends of a form as it was filled in."""
    found = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        if value not in (None, "", False):
            found[name] = "on" if value is True else str(value)
    return found


@given(mappings())
def test_a_mapping_comes_out_of_the_form_as_it_went_in(mapping: ColumnMapping) -> None:
    start_django()
    from kancil.web.stated.mapping_form import MappingForm

    shown = MappingForm(COLUMNS, mapping)
    again = MappingForm(COLUMNS, mapping, sent(shown))
    assert again.is_valid(), again.errors
    assert again.mapping() == mapping
    assert again.mapping().sha256 == mapping.sha256


def test_what_is_left_undecided_is_told_beside_its_field_and_gives_no_mapping() -> None:
    start_django()
    from kancil.web.stated.mapping_form import MappingForm

    whole = mapping_from(MAPPING)
    columns = tuple(dict.fromkeys(MAPPING["columns"].values()))  # type: ignore[attr-defined]
    given_ = sent(MappingForm(columns, whole))
    for name in ("stated_by", "decimal", "thousands", "time_format", "table_zone",
                 "direction_rule", "column_amount", "column_asset", "column_time",
                 "done_words"):  # fmt: skip
        form = MappingForm(columns, whole, {key: given_[key] for key in given_ if key != name})
        assert not form.is_valid(), name
        assert name in form.errors, (name, form.errors)
    for wrong in (
        {"table_zone": "Mars"},
        {"time_format": "YYYY"},
        {"column_amount": "99"},
        {"thousands": "point"},
        {"same_own_name": "Bank"},
        {"same_asset": "BTC"},
    ):
        assert not MappingForm(columns, whole, given_ | wrong).is_valid(), wrong
    own = MappingForm(columns, whole, given_ | {"column_reference": "0"})
    assert own.is_valid()
    assert (own.mapping().name, own.mapping().version) == ("own", 1)
