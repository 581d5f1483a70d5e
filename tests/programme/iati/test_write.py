"""Files of a programme: valid whatever people typed, and read again as they were written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.counting.rule import Counts, Dimension, Rule, Span
from kancil.programme.errors import IatiNotReadable, IatiNotValid
from kancil.programme.iati.activity import IatiActivity
from kancil.programme.iati.check import MAX_BYTES, check_iati
from kancil.programme.iati.facts import FigureFacts, Recipient, ResultFacts, Spent
from kancil.programme.iati.mapping import activity_of, left_out, shares
from kancil.programme.iati.read import read_iati, read_iati_file
from kancil.programme.iati.results import results_of
from kancil.programme.iati.write import write_activities
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityState, BudgetClass
from tests.programme.iati.published import (
    AT,
    DONE,
    PEOPLE,
    RECIPIENTS,
    REPORTER,
    RESULTS,
    TODAY,
    activities,
    counted,
    kept,
    whole,
)

DATA = Path(__file__).parents[2] / "data" / "iati"


def written(listed: list[IatiActivity]) -> bytes:
    out = io.BytesIO()
    assert write_activities(out, listed, AT) == len(listed)
    return out.getvalue()


def test_a_programme_is_written_in_three_hierarchies() -> None:
    text = written(whole(DONE, results=(counted(),))).decode()
    found = check_iati(text.encode(), AT)
    assert (found.count, found.faults) == (3, ())
    assert "<iati-identifier>XM-DAC-99999-2026-SEA-001</iati-identifier>" in text
    assert '<related-activity ref="XM-DAC-99999-GRANT-G-1" type="1"/>' in text
    assert '<related-activity ref="XM-DAC-99999-2026-SEA-001" type="2"/>' in text
    assert '<policy-marker vocabulary="1" code="1" significance="1"/>' in text
    assert 'url="https://papers.example.org/abab' in text
    assert '<sector vocabulary="1" code="15132" percentage="100"/>' in text


@given(st.lists(activities(), max_size=3), st.lists(RESULTS, max_size=2))
def test_every_file_of_a_programme_is_valid(made: list, results: list[ResultFacts]) -> None:  # type: ignore[type-arg]
    listed = {each.code: each for each in made if kept(each)}
    data = written(whole(*listed.values(), results=tuple(results)))
    found = check_iati(data, AT)
    assert [(each.rule, each.phrase.params) for each in found.faults] == []
    again = read_iati(data)
    assert dict(again.not_understood) == {}
    assert written(list(again.activities)) == data


@given(st.lists(RECIPIENTS, max_size=50), st.sampled_from(["Pacific", ""]))
def test_shares_sum_to_a_hundred(recipients: list[Recipient], region: str) -> None:
    countries, regions = shares(recipients, region)
    parts = [each.percentage or Decimal(0) for each in (*countries, *regions)]
    assert sum(parts) == 100
    assert all(each > 0 for each in parts)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "2026/1"}, "code"),
        ({"code": "GRANT-1"}, "code"),
        ({"title": " "}, "title"),
        ({"ends": date(2026, 3, 1)}, "days"),
        ({"payers": ()}, "no-funding"),
        ({"recipients": ()}, "no-country"),
        ({"recipients": (Recipient("", "Practice", is_invented=True),)}, "invented"),
        ({"state": ActivityState.CANCELLED}, ""),
        ({"recipients": (), "region": "Pacific"}, ""),
    ],
)
def test_what_cannot_be_published_is_left_out(change: dict[str, object], reason: str) -> None:
    assert left_out(replace(DONE, **change), is_practice=False) == reason  # type: ignore[arg-type]


def test_an_invented_country_is_its_region_in_practice_and_says_so() -> None:
    invented = replace(DONE, recipients=(Recipient("", "Pacific", is_invented=True),))
    found = activity_of(invented, REPORTER, AT, TODAY, is_practice=True)
    assert [(each.code, each.percentage) for each in found.regions] == [("889", Decimal(100))]
    assert found.countries == ()
    assert "PRACTICE DATA" in found.descriptions[-1].texts[0].text


@pytest.mark.parametrize(
    ("state", "begins", "status", "types"),
    [
        (ActivityState.PLANNED, -9, "1", "13"),
        (ActivityState.CONFIRMED, 9, "1", "13"),
        (ActivityState.CONFIRMED, -9, "2", "132"),
        (ActivityState.DONE, -9, "4", "1324"),
        (ActivityState.CANCELLED, -9, "5", "13"),
        (ActivityState.POSTPONED, 9, "6", "13"),
    ],
)
def test_status_and_days_follow_the_state(
    state: ActivityState, begins: int, status: str, types: str
) -> None:
    day = TODAY + timedelta(days=begins)
    done = replace(DONE, state=state, begins=day, ends=day)
    found = activity_of(done, REPORTER, AT, TODAY)
    assert found.status == status
    assert "".join(each.type for each in found.dates) == types


def spending(*spent: Spent) -> list[tuple[date | None, str, Decimal | None, str]]:
    found = activity_of(replace(DONE, spent=spent), REPORTER, AT, TODAY).transactions
    assert all(each.type == "4" and each.value for each in found)
    return [
        (each.day, each.value.currency, each.value.amount, each.description[0].text)
        for each in found
        if each.value
    ]


MARCH = date(2026, 3, 1)
OTHER = "Expenditure: several classes of budget"


def test_spending_is_summed_by_month_and_a_single_line_bears_no_class() -> None:
    assert spending(
        Spent(MARCH, BudgetClass.TRAVEL, Money("USD", 1_000), 4),
        Spent(MARCH, BudgetClass.STAFF, Money("USD", 700), 1),
        Spent(MARCH, BudgetClass.EQUIPMENT, Money("USD", 50), 1),
        Spent(MARCH, BudgetClass.EQUIPMENT, Money("JPY", 0), 2),
    ) == [
        (date(2026, 3, 31), "USD", Decimal("10.00"), "Expenditure: Travel"),
        (date(2026, 3, 31), "USD", Decimal("7.50"), OTHER),
    ]


def test_a_month_of_one_line_stands_with_the_next_or_with_the_year() -> None:
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    one = Spent(MARCH, BudgetClass.TRAVEL, Money("USD", 100), 1)
    assert spending(one, replace(one, month=may)) == [
        (date(2026, 5, 31), "USD", Decimal("2.00"), OTHER)
    ]
    many = replace(one, month=april, lines=2)
    assert spending(many, one, replace(one, month=may)) == [
        (date(2026, 4, 30), "USD", Decimal("1.00"), OTHER),
        (date(2026, 4, 30), "USD", Decimal("1.00"), "Expenditure: Travel"),
        (TODAY, "USD", Decimal("1.00"), OTHER),
    ]
    assert spending(replace(one, month=date(2025, 2, 1))) == [
        (date(2025, 12, 31), "USD", Decimal("1.00"), OTHER)
    ]


@given(
    st.lists(
        st.builds(
            Spent,
            st.dates(date(2024, 1, 1), TODAY).map(lambda day: day.replace(day=1)),
            st.sampled_from(BudgetClass),
            st.builds(Money, st.just("USD"), st.integers(-500, 500)),
            st.integers(1, 3),
        ),
        max_size=12,
        unique_by=lambda each: (each.month, each.budget_class),
    )
)
def test_no_amount_is_lost_however_it_is_summed(spent: list[Spent]) -> None:
    total = sum(each.money.minor for each in spent)
    assert sum(amount or 0 for _, _, amount, _ in spending(*spent)) * 100 == total


def shown(*figures: FigureFacts, rule: Rule = PEOPLE) -> list[tuple[str, str]]:
    (result,) = results_of([counted(*figures, rule=rule)], REPORTER)
    return [
        (actual.value, "".join(each.value for each in actual.dimensions))
        for period in result.indicators[0].periods
        for actual in period.actuals
    ]


def test_no_group_under_five_is_in_a_file() -> None:
    first, half = date(2026, 1, 1), date(2026, 6, 30)
    people = FigureFacts(first, half, "30", {"sex": {"female": 12, "male": 18}})
    assert shown(people) == [("30", ""), ("12", "female"), ("18", "male")]
    assert shown(replace(people, parts={"sex": {"female": 2, "male": 28}})) == [("30", "")]
    few = replace(people, value="4", parts={})
    assert shown(few) == []
    assert shown(few, rule=Rule(Counts.ENTERED)) == [("4", "")]
    answers = Rule(Counts.EVALUATION, question="useful", answers=("4",))
    assert shown(replace(few, value="75", of=4), rule=answers) == []
    longer = replace(people, ends=date(2026, 7, 31), value="33", parts={})
    assert shown(people, longer) == [("33", "")], "their difference would be three people"
    next_ = replace(people, begins=date(2026, 7, 1), ends=date(2026, 9, 30), value="32", parts={})
    assert [value for value, sex in shown(people, next_) if not sex] == ["30", "32"]
    to_date = replace(PEOPLE, span=Span.TO_DATE)
    assert shown(people, next_, rule=to_date) == [("32", "")]


def test_two_indicators_of_a_file_tell_no_small_group() -> None:
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    node = counted(FigureFacts(first, last, "40"))
    of_women = Rule(Counts.PEOPLE, only={Dimension.SEX: ("female",)})
    women = counted(FigureFacts(first, last, "37"), rule=of_women).indicators
    (made,) = results_of([replace(node, indicators=(*node.indicators, *women))], REPORTER)
    actuals = [[one.value for period in each.periods for one in period.actuals]
               for each in made.indicators]  # fmt: skip
    assert actuals == [["40"], []]


def test_an_indicator_says_its_counting_rule() -> None:
    (result,) = results_of([counted()], REPORTER)
    assert "split by sex" in result.indicators[0].description[0].text.casefold()


def test_an_activity_that_breaks_the_standard_ends_the_file() -> None:
    (found, *_) = whole(DONE)
    with pytest.raises(IatiNotValid) as raised:
        written([found, found])
    assert raised.value.params["activity"] == found.identifier
    with pytest.raises(IatiNotValid):
        written([replace(found, identifier="XM-DAC-99999-a/b")])
    with pytest.raises(IatiNotValid):
        written([replace(found, status="")])


# --- reading --------------------------------------------------------------------------------------


def test_the_standards_own_example_is_read_and_what_is_not_is_counted() -> None:
    found = read_iati((DATA / "standard-example.xml").read_bytes())
    (activity,) = found.activities
    assert activity.identifier == "AA-AAA-123456789-ABC123"
    assert [each.percentage for each in activity.countries] == [Decimal(25), Decimal(25)]
    assert activity.budgets[0].value is not None
    assert activity.budgets[0].value.amount == 3000
    assert activity.results[0].indicators[0].periods[0].actuals[0].dimensions[1].value == "adult"
    assert found.not_understood["iati-activity/location"] == 2
    assert found.not_understood["iati-activity@linked-data-uri"] == 1


@pytest.mark.parametrize("name", ["activity.xml", "standard-example.xml"])
def test_what_was_read_is_written_and_read_the_same(name: str) -> None:
    first = read_iati((DATA / name).read_bytes()).activities
    out = io.BytesIO()
    write = [replace(each, reporter=each.reporter) for each in first]
    if name == "activity.xml":
        write_activities(out, write, AT)
        assert read_iati(out.getvalue()).activities == first
    else:  # breaks rules of the ruleset by intent: two kinds of regions, for one
        with pytest.raises(IatiNotValid):
            write_activities(out, write, AT)


def test_a_value_that_is_none_is_counted_and_not_taken() -> None:
    text = (DATA / "activity.xml").read_text(encoding="utf-8")
    text = text.replace('percentage="60"', 'percentage="NaN"').replace(
        'iso-date="2026-01-15"', 'iso-date="15.1.2026"'
    )
    found = read_iati(text.encode())
    assert found.activities[0].sectors[0].percentage is None
    assert dict(found.not_understood) == {
        "activity-date@iso-date": 1,
        "sector@percentage": 1,
    }


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 9)
    ) + ']><iati-activities version="2.03">&a8;</iati-activities>'
)  # fmt: skip


OUTSIDE = (
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    '<iati-activities version="2.03">&b;</iati-activities>'
)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (LAUGHS.encode(), "problem.iati-xml"),
        (OUTSIDE.encode(), "problem.iati-doctype"),
        (b"<a>" * 61 + b"</a>" * 61, "problem.iati-depth"),
        (b" " * (MAX_BYTES + 1), "problem.iati-size"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe</a>', "problem.iati-xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "problem.iati-xml"),
        ("<a/>".encode("utf-16-le"), "problem.iati-xml"),
        (b"code,title\n1,Training\n", "problem.iati-xml"),
        (b"", "problem.iati-xml"),
        (b'<iati-organisations version="2.03"/>', "problem.iati-no-activities"),
        (b'<iati-activities version="1.05"/>', "problem.iati-old"),
        (b"<iati-activities/>", "problem.iati-old"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_one_sentence(data: bytes, key: str) -> None:
    with pytest.raises(IatiNotReadable) as raised:
        read_iati(data)
    problem = raised.value.params["problem"]
    assert getattr(problem, "key", "") == key


def test_a_file_is_read_in_a_child() -> None:
    found = read_iati_file(DATA / "activity.xml")
    assert found == read_iati((DATA / "activity.xml").read_bytes())
