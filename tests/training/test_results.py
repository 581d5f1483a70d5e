"""The tables of a class: counts and means of five and more, and nothing that tells of fewer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.records.package_schemas import training_results as schema
from kancil.records.small_groups import is_small
from kancil.records.table import Table
from kancil.training.results import ClassFacts, TrainedPerson, normalised_gain, training_results
from tests.training.class_samples import facts, person


def tables(found: ClassFacts) -> dict[str, Table]:
    made = {each.name: each for each in training_results(found)}
    schema.check(made)
    return made


def rows(found: ClassFacts, name: str) -> dict[object, tuple[object, ...]]:
    return {row[0]: row[1:] for row in tables(found)[f"training-{name}"].rows}


def test_a_class_is_counted() -> None:
    assert rows(facts(), "course") == {"bitcoin-tracing": (20,)}
    assert rows(facts(), "numbers") == {
        "trainees": (20,), "certified": (12,), "not-certified": (8,), "revoked": (0,),
    }  # fmt: skip
    assert rows(facts(), "sex")["female"] == (9,)
    assert rows(facts(), "countries") == {"LA": (8,), "TH": (12,)}


def test_tests_are_compared_over_those_who_sat_both() -> None:
    # 14 pairs, each 7 of 20 points up: the gain of Hake's paper is the gain of the two means.
    number, before, after, gain, lost = rows(facts(), "tests")["before-and-after"]
    assert (number, before, after, lost) == (14, "44.6", "79.6", None)
    assert gain == "0.63"


def test_the_gain_is_that_of_hake() -> None:
    assert normalised_gain(Fraction(40, 100), Fraction(70, 100)) == Fraction(1, 2)
    assert normalised_gain(Fraction(1), Fraction(1)) is None


def test_a_mean_that_fell_is_said_as_lost() -> None:
    people = tuple(replace(each, before=each.after, after=each.before) for each in facts().people)
    measured = rows(facts(people=people), "tests")["before-and-after"]
    assert measured[3] is None
    assert measured[4] == "0.44"


def test_a_lab_has_its_mean_and_a_small_reaction_is_left_out() -> None:
    assert rows(facts(), "labs") == {"ransom-payment": (20, 20, "79.5")}
    assert rows(facts(), "reaction") == {"relevant": (20, "4.6")}


def test_a_class_under_five_shows_no_number() -> None:
    found = tables(facts(size=4))
    cells = [cell for table in found.values() for row in table.rows for cell in row[1:]]
    assert not [cell for cell in cells if cell not in (None, 0)]


def test_a_part_that_leaves_few_is_hidden() -> None:
    people = tuple(
        replace(each, certified=number < 18) for number, each in enumerate(facts().people)
    )
    shown = rows(facts(people=people), "numbers")
    assert (shown["certified"], shown["not-certified"]) == ((None,), (None,))


def test_counts_of_another_number_of_people_are_not_shown() -> None:
    found = facts(tallies={"sex": {"female": 9, "male": 12}})
    assert set(rows(found, "sex").values()) == {(None,)}


def test_what_is_no_code_of_the_schema_is_other() -> None:
    people = tuple(replace(each, labs={"our own": Fraction(1)}) for each in facts().people)
    found = facts(course="our own", people=people, tallies={"country": {"Lao": 20}})
    assert list(rows(found, "course")) == ["other"]
    assert list(rows(found, "labs")) == ["other"]
    assert list(rows(found, "countries")) == ["XX"]


PEOPLE = st.builds(
    TrainedPerson, st.booleans(), st.just(False),
    st.none() | st.integers(0, 20).map(lambda n: Fraction(n, 20)),
    st.none() | st.integers(0, 20).map(lambda n: Fraction(n, 20)),
    st.dictionaries(
        st.sampled_from((*schema.LABS[:3], "x", "y")),
        st.none() | st.integers(0, 9).map(lambda n: Fraction(n, 9)), max_size=3,
    ),
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(PEOPLE, max_size=24), st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_no_class_shows_a_group_under_five(people: list[TrainedPerson], tally: list[int]) -> None:
    sexes = dict(zip(("female", "male", "other"), tally, strict=True))
    found = tables(facts(people=tuple(people), tallies={"sex": sexes}))
    for table in found.values():
        for row in table.rows:
            assert not [cell for cell in row if isinstance(cell, int) and is_small(cell)]


def test_a_person_has_no_name() -> None:
    assert "name" not in TrainedPerson.__dataclass_fields__
    assert person(1).certified
