"""Counting: each kind of rule by hand, double counting, and a slow twin over random records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.counting.count import Scope, count, feeds
from kancil.programme.counting.records import (
    ActivityRow,
    HandoverRow,
    HeadCountRow,
    OrganisationRow,
    Records,
    ScoreRow,
    SheetRow,
    TakingPart,
)
from kancil.programme.counting.rule import WHOLE, Counts, Dimension, Rule, Span, Times
from kancil.programme.errors import CountryNeeded, NothingToCount
from kancil.programme.vocabulary import ActivityState
from tests.examples import examples

YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))
MAY = date(2026, 5, 8)
D = Dimension


def activity(id: str, kind: str = "training", **more: object) -> ActivityRow:
    usual = ActivityRow(id, kind, "done", MAY, 4, frozenset({"XKA"}), "2.1", frozenset({"G1"}))
    return replace(usual, **more)  # type: ignore[arg-type]


def of(*rows: ActivityRow) -> dict[str, ActivityRow]:
    return {row.id: row for row in rows}


THERE = of(
    activity("A"),
    activity(
        "B", "conference", grants=frozenset({"G1", "G2"}), countries=frozenset({"XKA", "XBO"})
    ),
    activity("C", ended_on=date(2025, 5, 8)),
    activity("D", state="cancelled"),
)
PEOPLE = (
    # Amara (1) attended A whole, B for one day of four, and C the year before.
    TakingPart(11, "A", 1, 1, "participant", 4, "female", "police", country="XKA"),
    TakingPart(12, "B", 1, 1, "delegate", 1, "female", "police", country="XKA"),
    TakingPart(13, "C", 1, 1, "participant", 4, "female", "police", country="XKA"),
    # Bram is rows 2 and 3, joined: 2 stands; row 3 was registered by the other country.
    TakingPart(21, "A", 2, 2, "participant", 2, "male", "judge", country="XKA", own_country="XKA"),
    TakingPart(22, "B", 3, 2, "delegate", 4, "male", "judge", country="XKA", own_country="XBO"),
    # Cora (4) was to come to what was cancelled, and trained at A.
    TakingPart(31, "D", 4, 4, sex="female", country="XBO"),
    TakingPart(32, "A", 4, 4, "trainer", 4, "female", "academic", country="XBO"),
)
ALL = Records(THERE, taking_part=PEOPLE)


def value(rule: Rule, records: Records = ALL, scope: Scope = YEAR) -> Decimal:
    return count(rule, records, scope).value


def test_each_person_counts_once_however_many_activities_they_attended() -> None:
    found = count(Rule(Counts.PEOPLE, split=(D.SEX, D.COUNTRY, D.PART)), ALL, YEAR)
    assert found.value == 3
    assert found.split["sex"] == {"female": 2, "male": 1}
    assert found.split["country"] == {"XBO": 1, "XKA": 2}
    assert found.split["part"] == {"delegate": 2, "participant": 2, "trainer": 1}
    assert found.records == {"participations": ("11", "12", "21", "22", "32")}


def test_who_counts_twice_is_told() -> None:
    found = count(Rule(Counts.PEOPLE), ALL, YEAR).doubles
    assert found is not None
    assert (found.once, found.each) == (3, 5)
    assert (found.several_activities, found.by_activities) == (2, {"A B": 2})
    assert (found.joined, found.several_countries) == (1, 1)


def test_each_attendance_counts_where_the_rule_says_each_time() -> None:
    assert value(Rule(Counts.PEOPLE, Times.EACH_TIME)) == 5


@pytest.mark.parametrize(
    ("rule", "counted"),
    [
        (Rule(Counts.PEOPLE, span=Span.TO_DATE, times=Times.EACH_TIME), 6),
        (Rule(Counts.PEOPLE, least_attendance=50, times=Times.EACH_TIME), 4),
        (Rule(Counts.PEOPLE, least_attendance=51), 3),
        (Rule(Counts.PEOPLE, only={D.PART: ("trainer",)}), 1),
        (Rule(Counts.PEOPLE, only={D.SEX: ("female",), D.KIND: ("conference",)}), 1),
        (Rule(Counts.PEOPLE, only={D.GRANT: ("G2",)}), 2),
        (Rule(Counts.PEOPLE, only={D.OUTPUT: ("9",)}), 0),
        (Rule(Counts.PEOPLE, states=(ActivityState.CANCELLED,)), 1),
        (Rule(Counts.ACTIVITIES), 2),
        (Rule(Counts.ACTIVITIES, only={D.KIND: ("conference",)}), 1),
    ],
)
def test_conditions_choose_what_counts(rule: Rule, counted: int) -> None:
    assert value(rule) == counted


def test_a_scope_is_one_more_condition() -> None:
    assert value(Rule(Counts.PEOPLE), scope=replace(YEAR, country="XBO")) == 1
    assert value(Rule(Counts.PEOPLE), scope=replace(YEAR, grant="G2")) == 2
    only = Rule(Counts.PEOPLE, only={D.COUNTRY: ("XKA",)})
    assert value(only, scope=replace(YEAR, country="XBO")) == 0


def test_an_activity_for_two_countries_counts_in_each_and_once_in_all() -> None:
    found = count(Rule(Counts.ACTIVITIES, split=(D.COUNTRY,)), ALL, YEAR)
    assert found.value == 2
    assert found.split["country"] == {"XBO": 1, "XKA": 2}
    one = count(Rule(Counts.ACTIVITIES, split=(D.COUNTRY,)), ALL, replace(YEAR, country="XBO"))
    assert one.split["country"] == {"XBO": 1}


def test_organisations_count_once_or_with_each_activity() -> None:
    rows = [OrganisationRow("O", each, "XKA", "police") for each in ("A", "A", "B", "D")]
    records = Records(THERE, organisations=(*rows, OrganisationRow("P", "A", "XKA", "judiciary")))
    assert value(Rule(Counts.ORGANISATIONS), records) == 2
    assert value(Rule(Counts.ORGANISATIONS, Times.EACH_TIME), records) == 3
    only = Rule(Counts.ORGANISATIONS, only={D.ORGANISATION: ("judiciary",)})
    assert value(only, records) == 1


def test_equipment_counts_by_pieces_and_after_12_months_by_those_in_use() -> None:
    records = Records(
        THERE,
        handovers=(
            HandoverRow("H", "A", 10, MAY, "XKA", "police", {6: 9, 12: 7}),
            HandoverRow("I", "A", 3, MAY, "XBO", "police", {6: 3}),
            HandoverRow("J", "A", 5, date(2025, 1, 1)),
        ),
    )
    assert value(Rule(Counts.HANDOVERS), records) == 13
    found = count(Rule(Counts.HANDOVERS, months=12, split=(D.COUNTRY,)), records, YEAR)
    assert found.value == 7
    assert found.split == {"country": {"XKA": 7}}


def test_children_of_a_series_count_once_with_its_largest_session() -> None:
    def session(id: str, series: str, n: int, sex: str) -> HeadCountRow:
        return HeadCountRow(id, "A", series, n, MAY, "XKA", "children", sex, "10-17")

    records = Records(
        THERE,
        head_counts=(
            session("1", "School 7", 30, "female"), session("2", "School 7", 28, "female"),
            session("3", "School 7", 25, "male"), session("4", "School 9", 40, "male"),
            session("5", "", 5, "male"), session("6", "", 5, "male"),
        ),
    )  # fmt: skip
    rule = Rule(Counts.HEAD_COUNTS, only={D.AUDIENCE: ("children",)}, split=(D.SEX,))
    found = count(rule, records, YEAR)
    assert found.value == 105
    assert found.split["sex"] == {"female": 30, "male": 75}
    assert value(replace(rule, times=Times.EACH_TIME), records) == 133
    none = replace(rule, only={D.AUDIENCE: ("parents",)})
    assert value(none, records) == 0


def test_a_share_of_answers_says_of_how_many() -> None:
    said = [("1", "5"), ("2", "4"), ("3", "3"), ("4", ""), ("5", "1")]
    sheets = tuple(SheetRow(id, "A", "6-months", answer) for id, answer in said)
    records = Records(THERE, sheets=(*sheets, SheetRow("6", "A", "at-once", "5")))
    rule = Rule(Counts.EVALUATION, question="used", answers=("4", "5"), moment="6-months")
    found = count(rule, records, YEAR)
    assert (found.value, found.of) == (Decimal("50.0"), 4)
    assert value(replace(rule, moment=""), records) == Decimal("60.0")
    with pytest.raises(NothingToCount):
        count(replace(rule, moment="3-months"), records, YEAR)


def test_countries_count_whose_released_score_rose() -> None:
    def score(id: str, country: str, day: int, percent: str) -> ScoreRow:
        return ScoreRow(id, country, date(2024, 1, day), Decimal(percent))

    records = Records(
        scores=(
            score("a2", "XKA", 9, "45.5"), score("a1", "XKA", 1, "40.0"),
            score("b1", "XBO", 1, "50.0"), score("b2", "XBO", 9, "48.0"),
            score("c1", "XCE", 1, "50.0"),
        ),
    )  # fmt: skip
    rule = Rule(Counts.ROUND_COUNTRIES, protocol="capability", area="lf", rise=5)
    found = count(rule, records, YEAR)
    assert found.value == 1
    assert found.of == 3
    assert found.records == {"releases": ("a1", "a2")}
    score_rule = Rule(Counts.ROUND_SCORE, protocol="capability", area="lf")
    assert value(score_rule, records, replace(YEAR, country="XKA")) == Decimal("45.5")
    with pytest.raises(CountryNeeded):
        count(score_rule, records, YEAR)
    with pytest.raises(NothingToCount):
        count(score_rule, records, replace(YEAR, country="XDO"))


def test_what_is_entered_by_hand_is_not_counted() -> None:
    with pytest.raises(NothingToCount):
        count(Rule(Counts.ENTERED), ALL, YEAR)


def test_an_activity_feeds_the_rules_that_it_fits() -> None:
    assert feeds(Rule(Counts.PEOPLE, only={D.KIND: ("training",), D.SEX: ("male",)}), THERE["A"])
    assert not feeds(Rule(Counts.PEOPLE, only={D.KIND: ("training",)}), THERE["B"])
    assert not feeds(Rule(Counts.ENTERED), THERE["A"])


def test_who_attended_on_no_recorded_day_is_named_beside_the_figure() -> None:
    there = of(activity("A", days=4), activity("B", days=1))
    rows = (
        TakingPart(1, "A", 1, 1, days_attended=4, sex="female"),
        TakingPart(2, "A", 2, 2, days_attended=0, sex="female"),
        TakingPart(3, "A", 3, 3, days_attended=0, sex="male"),
        TakingPart(4, "B", 4, 4, days_attended=0, sex="female"),
        TakingPart(5, "A", 4, 4, days_attended=0, sex="female"),
        TakingPart(6, "A", 6, 6, days_attended=1, sex="female"),
    )
    records = Records(there, taking_part=rows)
    women = Rule(Counts.PEOPLE, only={D.SEX: ("female",)}, least_attendance=50)
    found = count(women, records, YEAR)
    assert (int(found.value), found.without_days) == (2, 1)
    each = count(replace(women, times=Times.EACH_TIME), records, YEAR)
    assert (int(each.value), each.without_days) == (2, 2)
    anybody = count(replace(women, least_attendance=0), records, YEAR)
    assert (int(anybody.value), anybody.without_days) == (4, 0)


def slow(rule: Rule, records: Records, scope: Scope) -> tuple[int, int]:
    """People once and each time, written out with no thought of speed."""
    once, each = set(), 0
    for row in records.taking_part:
        held = records.activities[row.activity]
        is_in = held.state in [str(one) for one in rule.states] and held.ended_on <= scope.until
        if rule.span is Span.PERIOD and held.ended_on < scope.since:
            is_in = False
        days = row.days_attended or int(held.days == 1)
        if days < held.days * rule.least_attendance / 100:
            is_in = False
        says = {
            D.SEX: {row.sex}, D.PROFESSION: {row.profession}, D.PART: {row.part},
            D.COUNTRY: {row.country}, D.KIND: {held.kind}, D.GRANT: set(held.grants),
        }  # fmt: skip
        for dimension, values in rule.only.items():
            if not says[dimension] & set(values):
                is_in = False
        if is_in:
            each += 1
            once.add(row.person)
    return len(once), each


DAYS = st.dates(date(2025, 6, 1), date(2026, 6, 30))
ACTIVITIES = st.lists(
    st.builds(
        activity, st.sampled_from("ABCD"), st.sampled_from(["training", "conference"]),
        ended_on=DAYS, days=st.integers(1, 5), grants=st.frozensets(st.sampled_from(["G1", "G2"])),
        state=st.sampled_from(["done", "planned"]),
    ),
    min_size=1,
)  # fmt: skip


@st.composite
def record_sets(draw: st.DrawFn) -> Records:
    there = of(*draw(ACTIVITIES))
    sexes = {person: draw(st.sampled_from(["female", "male"])) for person in range(4)}
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(there)), st.integers(0, 3), st.integers(0, 6),
                st.sampled_from(["participant", "trainer"]),
            )
        )
    )  # fmt: skip
    return Records(
        there,
        taking_part=tuple(
            TakingPart(n, held, person, person, part, days, sexes[person], country=f"X{person % 2}")
            for n, (held, person, days, part) in enumerate(rows)
        ),
    )


RULES = st.builds(
    Rule, st.just(Counts.PEOPLE), st.sampled_from(list(Times)), st.sampled_from(list(Span)),
    st.dictionaries(
        st.sampled_from([D.SEX, D.KIND, D.GRANT, D.PART]),
        st.sampled_from([("female",), ("training",), ("G1",), ("trainer",), ("female", "G2")]),
        max_size=2,
    ),
    st.just((D.SEX, D.COUNTRY, D.KIND)),
    least_attendance=st.integers(0, 100),
)  # fmt: skip


@examples(300)
@given(RULES, record_sets(), DAYS, st.integers(0, 400))
def test_people_are_counted_as_a_slow_twin_counts_them(
    rule: Rule, records: Records, until: date, days: int
) -> None:
    scope = Scope(until - timedelta(days), until)
    found = count(rule, records, scope)
    once, each = slow(rule, records, scope)
    assert found.doubles is not None
    assert (found.doubles.once, found.doubles.each) == (once, each)
    assert found.value == (once if rule.times is Times.ONCE else each)
    assert once <= each
    for name, cells in found.split.items():
        total = sum(cells.values())
        if Dimension(name) in WHOLE[rule.counts] or rule.times is Times.EACH_TIME:
            assert total == found.value, name
        else:
            assert total >= found.value, name
