"""A class's tables are refused where a part tells of fewer than five."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.records.errors import PackageNotReadable, SmallGroupShown
from kancil.records.package_schema import full_name
from kancil.records.package_schemas import PACKAGE_SCHEMAS
from kancil.records.package_schemas import training_results as schema
from kancil.training.results import training_results
from tests.training.class_samples import facts

MADE = {each.name: each for each in training_results(facts())}


def test_a_class_that_is_as_the_schema_has_it_is_taken() -> None:
    schema.check(MADE)
    assert list(MADE) == [shape.name for shape in schema.SHAPES]
    assert full_name(schema) in {full_name(each) for each in PACKAGE_SCHEMAS}


@pytest.mark.parametrize(
    ("name", "row", "error"),
    [
        ("training-tests", ("before-and-after", 18, "45.0", "80.0", None, None), SmallGroupShown),
        ("training-tests", ("before-and-after", 21, None, None, None, None), PackageNotReadable),
        (
            "training-tests",
            ("before-and-after", None, "45.0", None, None, None),
            PackageNotReadable,
        ),
        ("training-tests", ("before-and-after", 20, "145.0", None, None, None), PackageNotReadable),
        ("training-labs", ("ransom-payment", 20, 17, "50.0"), SmallGroupShown),
        ("training-reaction", ("pace", 25, "3.0"), PackageNotReadable),
        ("training-course", ("bitcoin-tracing", 19), PackageNotReadable),
    ],
)
def test_a_table_that_tells_too_much_is_refused(
    name: str, row: tuple[object, ...], error: type[Exception]
) -> None:
    changed = replace(MADE[name], rows=(row,))  # type: ignore[arg-type]
    with pytest.raises(error):
        schema.check(MADE | {name: changed})
