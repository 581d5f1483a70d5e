"""In which order things happen to a request, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.errors import KancilError
from kancil.ground.words import has, render
from kancil.legal.errors import EventCannotFollow, EventDayWrong
from kancil.legal.request_events import (
    Event,
    State,
    What,
    check_event,
    is_outgoing,
    may_follow,
    state_of,
)
from tests.examples import examples

ZONE = ZoneInfo("Asia/Vientiane")
NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


def said(error: KancilError) -> str:
    return render(f"error.{error.code}.sentence", **error.params)


def events(*whats: What, on: date = date(2026, 3, 2)) -> list[Event]:
    return [Event(each, NOW, on) for each in whats]


def test_a_request_goes_from_draft_to_closed() -> None:
    steps = (
        (What.DRAFTED, State.DRAFT), (What.AUTHORISED, State.AUTHORISED), (What.SENT, State.SENT),
        (What.ACKNOWLEDGED, State.ACKNOWLEDGED), (What.HOLD_SET, State.IN_EXECUTION),
        (What.INFORMATION_ASKED, State.INFORMATION_ASKED), (What.SENT, State.SENT),
        (What.ESCALATED, State.SENT), (What.ANSWERED_IN_PART, State.ANSWERED_IN_PART),
        (What.ANSWERED, State.ANSWERED), (What.RENEWED, State.ANSWERED),
        (What.HOLD_ENDED, State.ANSWERED), (What.CLOSED, State.CLOSED),
    )  # fmt: skip
    past: list[Event] = []
    for what, state in steps:
        check_event(past, Event(what, NOW, date(2026, 3, 9)), ZONE)
        past += events(what)
        assert state_of(past) is state
    assert may_follow(past) == ()


def test_an_answer_to_a_request_that_was_never_sent_is_refused() -> None:
    for past in ([], events(What.DRAFTED), events(What.DRAFTED, What.AUTHORISED)):
        with pytest.raises(EventCannotFollow) as refused:
            check_event(past, Event(What.ANSWERED, NOW), ZONE)
        assert "never sent" in said(refused.value)


def test_a_draft_is_not_sent_before_it_is_authorised_and_a_change_asks_again() -> None:
    assert What.SENT not in may_follow(events(What.DRAFTED))
    changed = events(What.DRAFTED, What.AUTHORISED, What.DRAFTED)
    assert state_of(changed) is State.DRAFT
    assert What.SENT not in may_follow(changed)
    assert What.DRAFTED not in may_follow(events(What.DRAFTED, What.AUTHORISED, What.SENT))


def test_an_incoming_request_is_executed_and_answered_without_being_sent() -> None:
    past = events(What.RECEIVED)
    assert not is_outgoing(past)
    assert is_outgoing(events(What.DRAFTED))
    assert {What.ACKNOWLEDGED, What.IN_EXECUTION, What.ANSWERED, What.REFUSED} <= set(
        may_follow(past)
    )
    assert What.SENT not in may_follow(past)
    assert state_of(events(What.RECEIVED, What.HOLD_SET)) is State.IN_EXECUTION


def test_a_hold_is_lifted_only_where_one_stands_and_nothing_closes_over_it() -> None:
    past = events(What.DRAFTED, What.AUTHORISED, What.SENT)
    with pytest.raises(EventCannotFollow) as none:
        check_event(past, Event(What.LIFTED, NOW), ZONE)
    assert "No hold" in said(none.value)
    held = [*past, *events(What.HOLD_SET)]
    with pytest.raises(EventCannotFollow) as stands:
        check_event(held, Event(What.CLOSED, NOW), ZONE)
    assert "still stands" in said(stands.value)
    check_event([*held, *events(What.LIFTED)], Event(What.CLOSED, NOW), ZONE)


@pytest.mark.parametrize(
    ("on", "until", "why"),
    [
        (date(2026, 3, 12), None, "not come yet"),
        (date(2026, 2, 28), None, "later, on 2026-03-02"),
        (date(2026, 3, 5), date(2026, 3, 4), "before it began"),
        (date(2026, 3, 5), date(9999, 12, 31), "more than 100 years"),
    ],
)
def test_a_day_that_cannot_be_right_is_refused(on: date, until: date | None, why: str) -> None:
    past = events(What.DRAFTED, What.AUTHORISED, What.SENT)
    with pytest.raises(EventDayWrong) as wrong:
        check_event(past, Event(What.HOLD_SET, NOW, on, until), ZONE)
    assert why in said(wrong.value)


def test_a_keeper_east_or_west_of_us_may_write_another_day() -> None:
    past = events(What.DRAFTED, What.AUTHORISED, What.SENT)
    for day in (date(2026, 3, 1), date(2026, 3, 11)):
        check_event(past, Event(What.ACKNOWLEDGED, NOW, day), ZONE)


@examples(100)
@given(st.lists(st.sampled_from(What), max_size=12))
def test_what_may_follow_is_never_refused_and_all_else_is(whats: list[What]) -> None:
    past: list[Event] = []
    for what in whats:
        event = Event(what, NOW, date(2026, 3, 9))
        if what in may_follow(past):
            check_event(past, event, ZONE)
            past.append(event)
        else:
            with pytest.raises(EventCannotFollow):
                check_event(past, event, ZONE)
    assert state_of(past) is not State.NONE or not past


def test_every_word_of_the_two_lists_is_in_the_word_list() -> None:
    assert all(has(f"name.request-event-{each.value}") for each in What)
    assert all(has(f"name.request-state-{each.value}") for each in State)


@pytest.mark.parametrize("what", [What.ANSWERED, What.ANSWERED_IN_PART, What.REFUSED])
def test_an_answer_is_never_older_than_its_letter(what: What) -> None:
    past = events(What.DRAFTED, What.AUTHORISED, What.SENT)
    with pytest.raises(EventDayWrong) as refused:
        check_event(past, Event(what, NOW, date(2026, 3, 1)), ZONE)
    assert "cannot be older" in said(refused.value)
    check_event(past, Event(what, NOW, date(2026, 3, 2)), ZONE)


@pytest.mark.parametrize("until", [date(2026, 3, 31), date(2026, 4, 30)])
def test_a_renewal_to_an_earlier_day_or_the_same_is_refused(until: date) -> None:
    hold = Event(What.HOLD_SET, NOW, date(2026, 3, 3), until=date(2026, 4, 30))
    past = [*events(What.DRAFTED, What.AUTHORISED, What.SENT), hold]
    with pytest.raises(EventDayWrong) as refused:
        check_event(past, Event(What.RENEWED, NOW, date(2026, 3, 9), until=until), ZONE)
    assert "The hold lasts until 2026-04-30 already" in said(refused.value)
    check_event(past, Event(What.RENEWED, NOW, date(2026, 3, 9), until=date(2026, 5, 1)), ZONE)
