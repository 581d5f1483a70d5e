"""The clock of requests: days counted, zones, holidays, and what ends a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.words import has
from kancil.legal.clock import Asked, Deadline, DeadlineKind, deadlines_of, rules
from kancil.legal.request_events import Event, What
from kancil.legal.working_days import Side, after_working_days, end_of, is_working, weekends
from tests.examples import examples

LAOS, THAILAND = Side("LA", ZoneInfo("Asia/Vientiane")), Side("TH", ZoneInfo("Asia/Bangkok"))
AMERICA = Side("US", ZoneInfo("America/Los_Angeles"))
PRESERVATION = Asked("preservation", LAOS, THAILAND, "network-24-7", ("budapest",))
FREEZE = Asked("freeze", LAOS, THAILAND, "bank")


def event(what: What, on: str, until: str | None = None, *, at: str | None = None) -> Event:
    moment = datetime.fromisoformat(at or f"{on}T03:00:00+00:00")
    return Event(
        what, moment, date.fromisoformat(on), None if until is None else date.fromisoformat(until)
    )


def sent(on: str, *then: Event) -> list[Event]:
    return [event(What.DRAFTED, on), event(What.AUTHORISED, on), event(What.SENT, on), *then]


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T05:00:00+00:00")


def of_kind(found: list[Deadline], kind: DeadlineKind) -> list[Deadline]:
    return [each for each in found if each.kind is kind]


def days(found: list[Deadline], kind: DeadlineKind) -> list[str]:
    return [each.day.isoformat() for each in of_kind(found, kind)]


def test_sixty_days_of_article_29_are_counted_over_a_leap_day() -> None:
    """Budapest Convention, article 29(7): not less than sixty days. 2028 has a 29 February."""
    found = deadlines_of(sent("2028-01-10"), PRESERVATION, moment("2028-01-11"))
    (end,) = of_kind(found, DeadlineKind.PRESERVED_UNTIL)
    assert (end.day, end.rule) == (date(2028, 3, 10), "treaty-least-60")
    assert "29(7)" in rules()[end.rule].source
    in_2027 = deadlines_of(sent("2027-01-10"), PRESERVATION, moment("2027-01-11"))
    assert days(in_2027, DeadlineKind.PRESERVED_UNTIL) == ["2027-03-11"]


def test_a_day_that_the_keeper_states_stands_above_every_rule() -> None:
    events = sent("2026-03-02", event(What.ANSWERED, "2026-03-04", "2026-09-01"))
    found = deadlines_of(events, PRESERVATION, moment("2026-03-05"))
    (end,) = of_kind(found, DeadlineKind.PRESERVED_UNTIL)
    assert (end.day, end.rule, end.basis.what) == (date(2026, 9, 1), "stated", What.ANSWERED)
    assert days(found, DeadlineKind.REMINDER) == []


def test_the_formal_order_comes_before_a_hold_that_ends_on_a_holiday() -> None:
    """13 to 15 April 2026 is the new year of both countries; 11 and 12 are a weekend."""
    events = sent("2026-03-02", event(What.HOLD_SET, "2026-03-02", "2026-04-14"))
    found = deadlines_of(events, FREEZE, moment("2026-03-03"))
    (end,) = of_kind(found, DeadlineKind.HOLD_ENDS)
    assert (end.day, end.moved_from, end.is_free_day) == (date(2026, 4, 14), None, True)
    (order,) = of_kind(found, DeadlineKind.FORMAL_ORDER)
    assert (order.day, order.moved_from) == (date(2026, 4, 10), date(2026, 4, 14))
    assert days(found, DeadlineKind.RENEWAL) == ["2026-03-31", "2026-04-08"]


def test_an_order_that_was_delivered_is_due_no_more() -> None:
    events = sent("2026-03-02", event(What.HOLD_SET, "2026-03-02", "2026-04-14"))
    served = [*events, event(What.ORDER_SERVED, "2026-03-10")]
    assert not of_kind(
        deadlines_of(served, FREEZE, moment("2026-03-11")), DeadlineKind.FORMAL_ORDER
    )
    assert days(deadlines_of(served, FREEZE, moment("2026-03-11")), DeadlineKind.HOLD_ENDS) == [
        "2026-04-14"
    ]


def test_an_order_is_not_moved_to_before_the_hold_that_it_replaces() -> None:
    """A hold over the new year alone: no day of it is a working day of both."""
    events = sent("2026-04-09", event(What.HOLD_SET, "2026-04-13", "2026-04-15"))
    found = deadlines_of(events, FREEZE, moment("2026-04-13"))
    (order,) = of_kind(found, DeadlineKind.FORMAL_ORDER)
    assert (order.day, order.moved_from, order.is_free_day) == (date(2026, 4, 15), None, True)


def test_the_promise_of_our_letter_counts_where_it_is_sooner_and_before_any_hold() -> None:
    asked = replace(FREEZE, order_by=date(2026, 3, 12))
    before = deadlines_of(sent("2026-03-02"), asked, moment("2026-03-03"))
    assert days(before, DeadlineKind.FORMAL_ORDER) == ["2026-03-12"]
    events = sent("2026-03-02", event(What.HOLD_SET, "2026-03-02", "2026-03-31"))
    (order,) = of_kind(deadlines_of(events, asked, moment("2026-03-03")), DeadlineKind.FORMAL_ORDER)
    assert (order.day, order.rule) == (date(2026, 3, 12), "letter")


def test_a_hold_that_was_set_ends_the_reminders_of_a_freeze() -> None:
    events = sent("2026-03-02", event(What.HOLD_SET, "2026-03-03", "2026-04-30"))
    found = deadlines_of(events, FREEZE, moment("2026-03-20"))
    assert not {DeadlineKind.REMINDER, DeadlineKind.ESCALATION} & {each.kind for each in found}


def test_a_freeze_has_no_length_that_nobody_stated() -> None:
    found = deadlines_of(sent("2026-03-02"), FREEZE, moment("2026-03-03"))
    assert not of_kind(found, DeadlineKind.HOLD_ENDS)
    assert {each.kind for each in found} == {DeadlineKind.REMINDER}


def test_a_day_ends_in_the_zone_of_the_requested_office() -> None:
    """A date that is over in Vientiane since hours still runs in California."""
    asked = Asked("preservation", LAOS, AMERICA, "provider")
    events = sent("2026-03-02", event(What.ANSWERED, "2026-03-04", "2026-05-31"))
    (end,) = of_kind(
        deadlines_of(events, asked, moment("2026-05-01")), DeadlineKind.PRESERVED_UNTIL
    )
    assert end.due_at == datetime(2026, 6, 1, 6, 59, 59, 999_999, tzinfo=UTC)
    late = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Vientiane"))
    assert not end.is_over(late)
    assert end.is_over(late + timedelta(hours=5))


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        # Daylight saving begins (23 hours) and ends (25 hours) in Sydney in 2026.
        ("2026-10-04", "Australia/Sydney", "2026-10-04T12:59:59.999999+00:00"),
        ("2026-04-05", "Australia/Sydney", "2026-04-05T13:59:59.999999+00:00"),
        # Beirut puts its clock back at midnight: 23:59 comes twice.
        ("2026-10-24", "Asia/Beirut", "2026-10-24T21:59:59.999999+00:00"),
        # Samoa had no 30 December 2011.
        ("2011-12-29", "Pacific/Apia", "2011-12-30T09:59:59.999999+00:00"),
    ],
)
def test_a_day_ends_once_where_clocks_change(day: str, zone: str, end: str) -> None:
    ends = end_of(date.fromisoformat(day), ZoneInfo(zone))
    assert ends == datetime.fromisoformat(end)


def test_without_a_zone_the_day_ends_where_it_ends_first_in_the_country() -> None:
    assert Side("ID").zone_on(date(2026, 3, 2)).key == "Asia/Jayapura"
    assert Side("LA").zone_on(date(2026, 3, 2)).key == "Asia/Vientiane"
    assert Side("").zone_on(date(2026, 3, 2)).key == "UTC"


def test_a_country_without_a_calendar_has_weekends_only() -> None:
    nowhere = Side("XX")
    assert not nowhere.is_known
    assert nowhere.is_working(date(2026, 12, 25))
    assert not nowhere.is_working(date(2026, 12, 26))
    assert nowhere.holiday(date(2026, 12, 25)) == ""


def test_a_weekend_is_the_countrys_own() -> None:
    """Offices of Brunei are shut on Friday and Sunday, and work on Saturday."""
    brunei = Side("BN")
    worked = [brunei.is_working(date(2026, 11, day)) for day in range(23, 30)]
    assert worked == [True, True, True, True, False, True, False]


@pytest.mark.parametrize(
    ("country", "free"),
    [("LY", "Fri Sat"), ("PS", "Fri Sat"), ("MR", "Sat Sun"), ("NP", "Sat"), ("SA", "Fri Sat"),
     ("AE", "Sat Sun"), ("IR", "Thu Fri Sat"), ("AF", "Thu Fri Sat"), ("SO", "Thu Fri Sat")],
)  # fmt: skip
def test_a_wrong_weekend_of_the_package_is_mended_by_our_table(country: str, free: str) -> None:
    side = Side(country)
    weeks = [date(2027, 8, 30) + timedelta(days=n) for n in range(28)]
    worked = {each.strftime("%a") for each in weeks if side.is_working(each)}
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert [name for name in names if name not in worked] == free.split()
    assert side.weekend_differs == (country in ("IR", "AF", "SO"))
    assert country not in weekends() or "http" in weekends()[country].source or side.weekend_differs


def test_a_weekend_holds_from_its_day_on() -> None:
    mauritania = Side("MR")
    assert not mauritania.is_working(date(2014, 9, 26)), "the last free Friday"
    assert mauritania.is_working(date(2014, 10, 10))
    assert not mauritania.is_working(date(2026, 11, 28)), "independence"


@examples(60)
@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(1, 15),
    st.sampled_from(["LA", "TH", "VN", "PH", "BN", "XX"]),
    st.sampled_from(["MM", "KH", "ID", "US"]),
)
def test_working_days_counted_on_and_back_meet(day: date, count: int, one: str, two: str) -> None:
    sides = (Side(one), Side(two))
    later = after_working_days(day, count, sides)
    between = [day + timedelta(n) for n in range(1, (later - day).days + 1)]
    assert sum(is_working(each, sides) for each in between) == count
    assert is_working(later, sides)
    back = after_working_days(later, -count, sides)
    assert back <= day
    assert not any(is_working(back + timedelta(n), sides) for n in range(1, (day - back).days + 1))


def test_of_reminders_that_passed_only_the_last_is_left_and_then_one_goes_higher() -> None:
    asked = Asked("mutual-assistance", LAOS, THAILAND, "central-authority")
    events = sent("2026-01-05")
    early = deadlines_of(events, asked, moment("2026-01-06"))
    assert days(early, DeadlineKind.REMINDER) == ["2026-02-04", "2026-03-06", "2026-04-05"]
    later = deadlines_of(events, asked, moment("2026-03-20"))
    assert days(later, DeadlineKind.REMINDER) == ["2026-03-06", "2026-04-05"]
    assert not of_kind(later, DeadlineKind.ESCALATION)
    over = deadlines_of(events, asked, moment("2026-04-08"))
    # 5 April is a Sunday; Laos works on 6, 7 and 8 April.
    assert days(over, DeadlineKind.ESCALATION) == ["2026-04-08"]
    higher = [*events, event(What.ESCALATED, "2026-04-08")]
    assert not deadlines_of(higher, asked, moment("2026-04-09"))


def test_an_overdue_answer_asks_for_escalation_until_somebody_escalated() -> None:
    asked = replace(FREEZE, answer_by=date(2026, 3, 5))
    found = deadlines_of(sent("2026-03-02"), asked, moment("2026-03-06"))
    assert days(found, DeadlineKind.ANSWER) == ["2026-03-05"]
    (escalation,) = of_kind(found, DeadlineKind.ESCALATION)
    assert escalation.day == after_working_days(date(2026, 3, 5), 3, [LAOS])
    events = sent("2026-03-02", event(What.ESCALATED, "2026-03-06"))
    assert not of_kind(deadlines_of(events, asked, moment("2026-03-07")), DeadlineKind.ESCALATION)


def test_an_hour_that_the_letter_names_is_kept_and_shown_in_the_zone_of_the_office() -> None:
    at = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo("Asia/Vientiane"))
    asked = Asked("emergency", LAOS, AMERICA, "provider", answer_by=at)
    found = deadlines_of(sent("2026-03-02"), asked, moment("2026-03-02"))
    (answer,) = of_kind(found, DeadlineKind.ANSWER)
    assert (answer.day, answer.due_at) == (date(2026, 3, 2), at)
    assert answer.is_over(at + timedelta(minutes=1))


def test_a_provider_of_the_united_states_keeps_for_ninety_days_and_once_more() -> None:
    asked = Asked("preservation", LAOS, AMERICA, "provider")
    events = sent("2026-03-02", event(What.ACKNOWLEDGED, "2026-03-03"))
    now = moment("2026-03-04")
    assert days(deadlines_of(events, asked, now), DeadlineKind.PRESERVED_UNTIL) == ["2026-06-01"]
    once = [*events, event(What.RENEWED, "2026-05-01")]
    twice = [*once, event(What.RENEWED, "2026-07-01")]
    for renewed in (once, twice):
        found = deadlines_of(renewed, asked, now)
        assert days(found, DeadlineKind.PRESERVED_UNTIL) == ["2026-08-30"]


def test_information_asked_of_us_is_ours_to_give() -> None:
    events = sent("2026-03-02", event(What.INFORMATION_ASKED, "2026-03-09", "2026-03-20"))
    found = deadlines_of(events, FREEZE, moment("2026-03-10"))
    assert days(found, DeadlineKind.OWN_ANSWER) == ["2026-03-20"]
    without = [*events[:-1], event(What.INFORMATION_ASKED, "2026-03-09")]
    (own,) = of_kind(deadlines_of(without, FREEZE, moment("2026-03-10")), DeadlineKind.OWN_ANSWER)
    assert (own.rule, own.zone) == ("own-supply-5", LAOS.zone)


def test_an_incoming_request_is_answered_by_us_in_our_zone() -> None:
    asked = Asked("subscriber", LAOS, THAILAND, "police")
    events = [event(What.RECEIVED, "2026-03-02", "2026-03-27")]
    found = deadlines_of(events, asked, moment("2026-03-03"))
    (answer,) = of_kind(found, DeadlineKind.OWN_ANSWER)
    assert (answer.day, answer.zone) == (date(2026, 3, 27), LAOS.zone)
    assert days(found, DeadlineKind.REMINDER) == ["2026-04-01", "2026-05-01", "2026-05-31"]
    asked_them = [*events, event(What.INFORMATION_ASKED, "2026-03-05", "2026-03-12")]
    found = deadlines_of(asked_them, asked, moment("2026-03-06"))
    assert days(found, DeadlineKind.ANSWER) == ["2026-03-12"]
    assert not of_kind(found, DeadlineKind.OWN_ANSWER)


def test_what_is_lifted_refused_or_closed_has_no_day_left() -> None:
    held = sent("2026-03-02", event(What.HOLD_SET, "2026-03-02", "2026-04-30"))
    now = moment("2026-03-10")
    assert of_kind(deadlines_of(held, FREEZE, now), DeadlineKind.HOLD_ENDS)
    lifted = [*held, event(What.LIFTED, "2026-03-09")]
    assert not of_kind(deadlines_of(lifted, FREEZE, now), DeadlineKind.HOLD_ENDS)
    assert not deadlines_of([*lifted, event(What.CLOSED, "2026-03-09")], FREEZE, now)
    refused = sent("2026-03-02", event(What.REFUSED, "2026-03-05"))
    assert not deadlines_of(refused, PRESERVATION, now)
    assert not deadlines_of(refused[:2], PRESERVATION, now)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_a_rule_has_words_and_names_whose_it_is(rule: object) -> None:
    (found,) = [each for each in rules().values() if each is rule]
    assert has(f"note.deadline-{found.id}")
    assert has(f"name.deadline-whose-{found.whose}")
    assert has(f"name.deadline-{found.gives.value}")
    assert found.confidence in ("high", "medium", "low")
    assert (found.whose == "own") == (not found.source)
    assert found.count in ("calendar", "ours", "requested", "both")
    assert "freeze" not in found.kinds or found.whose == "own", "no length of a freeze is made up"
