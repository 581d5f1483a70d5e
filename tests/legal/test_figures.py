"""Figures of requests: counted, measured, and with nothing of a case in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.legal.figures import (
    RequestFacts,
    cooperation_figures,
    facts_of,
    quartiles,
    sent_in,
    wilson,
)
from kancil.legal.request_events import REFUSALS, Event, What
from kancil.records.package import Period
from kancil.records.package_schemas import cooperation_figures as schema
from kancil.records.small_groups import is_small
from kancil.records.table import Table
from tests.examples import examples

BEGIN = date(2026, 1, 5)
ZONE = ZoneInfo("Asia/Vientiane")
SECRET = "Mr Somchai, account 123-4-56789-0, bc1qexample"


def one(number: int = 0, **more: object) -> RequestFacts:
    facts = RequestFacts("freeze", "TH", BEGIN, BEGIN + timedelta(days=number))
    return replace(facts, **more)  # type: ignore[arg-type]


def answered(number: int, days: int, outcome: str = "answered", **more: object) -> RequestFacts:
    facts = one(0, **more)
    assert facts.sent_on is not None
    return replace(facts, outcome=outcome, first_answer_on=facts.sent_on + timedelta(days=days))


def tables(requests: Sequence[RequestFacts]) -> dict[str, Table]:
    made = {each.name.removeprefix("cooperation-"): each for each in cooperation_figures(requests)}
    schema.check({each.name: each for each in made.values()})
    return made


def column(table: Table, name: str) -> dict[object, object]:
    place = [each.name for each in table.columns].index(name)
    return {row[0]: row[place] for row in table.rows}


def sample() -> list[RequestFacts]:
    """Twelve freezes answered in Thailand, eight other requests refused in Laos, six still open."""
    held = {"THB": Decimal("1000.50")}
    return [
        *(answered(n, n + 1, held=held) for n in range(12)),
        *(
            answered(n, 30, "refused", country="LA", kind="subscriber",
                     refusal="too-broad", problems=frozenset({"vague"}))
            for n in range(8)
        ),
        *(one(n) for n in range(6)),
    ]  # fmt: skip


def test_requests_are_counted_by_outcome_kind_and_country() -> None:
    made = tables(sample())
    assert column(made["outcomes"], "requests") == {
        "sent": 26, "with-answer": 20, "answered": 12, "answered-in-part": 0, "refused": 8,
        "without-answer": 6, "open": 6, "withdrawn": 0,
    }  # fmt: skip
    assert column(made["kinds"], "with_answer") == {"freeze": 12, "subscriber": 8}
    assert column(made["countries"], "without_answer") == {"LA": 0, "TH": 6}
    assert column(made["problems"], "requests")["vague"] == 8
    assert made["money"].rows == (("THB", 12, "12006", 0, None),)


def test_days_to_the_first_answer_have_quartiles_and_their_number() -> None:
    made = tables(sample())
    assert made["kinds"].row(1) == {
        "request_kind": "freeze", "with_answer": 12, "without_answer": 6,
        "days_lower": "3.8", "days_median": "6.5", "days_upper": "9.2",
    }  # fmt: skip
    assert column(made["times"], "requests") == {"drafted-to-sent": 26, "sent-to-answer": 20}


def test_quartiles_are_those_of_definition_seven() -> None:
    """R: quantile(c(1, 2, 3, 4, 10), c(.25, .5, .75)) gives 2, 3, 4."""
    days = [Decimal(each) for each in (10, 1, 3, 2, 4)]
    assert quartiles(days) == (Decimal(2), Decimal(3), Decimal(4))
    assert quartiles(days[:4]) is None


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"),
     (0, 20, "0.0000", "0.1611"), (1, 29, "0.0061", "0.1718")],
)  # fmt: skip
def test_the_interval_is_that_of_newcombes_table(
    part: int, whole: int, low: str, high: str
) -> None:
    found = [each.quantize(Decimal("0.0001")) for each in wilson(part, whole)]
    assert found == [Decimal(low), Decimal(high)]


def test_refusals_have_their_reason_and_the_share_its_denominator() -> None:
    made = tables(sample())
    assert column(made["refusals"], "requests")["too-broad"] == 8
    assert made["shares"].rows == (("refused", 8, 20, "40.0", "21.9", "61.3"),)


def test_a_small_group_hides_what_would_tell_it() -> None:
    made = tables([*sample(), *(answered(n, 3, "answered-in-part") for n in range(2))])
    assert column(made["outcomes"], "requests") == {
        "sent": 28, "with-answer": 22, "answered": None, "answered-in-part": None, "refused": 8,
        "without-answer": 6, "open": 6, "withdrawn": 0,
    }  # fmt: skip
    few = tables([*sample()[:20], *(one(n) for n in range(3))])
    assert column(few["outcomes"], "requests")["with-answer"] == 20
    assert column(few["outcomes"], "requests")["sent"] is None
    assert set(column(few["kinds"], "without_answer").values()) == {None}


def test_no_row_says_that_a_hidden_group_exists() -> None:
    few = [answered(n, 2, country=code) for code in ("TH", "VN") for n in range(4)]
    assert tables(few)["countries"].rows == ()
    waiting = [one(n, country=code) for code in ("TH", "LA") for n in range(4)]
    assert tables([*few, *waiting])["countries"].rows == ()
    shown = tables([*few, *(one(n, country="TH") for n in range(6))])["countries"]
    assert shown.rows == (("TH", None, 6, None, None, None),)


def test_a_period_is_of_days_of_sending() -> None:
    late = one(sent_on=date(2026, 7, 1))
    period = Period(date(2026, 1, 1), date(2026, 6, 30))
    assert sent_in([late, one(sent_on=None)], period) == []
    assert sent_in([late], Period(date(2026, 7, 1), date(2026, 7, 1))) == [late]


def event(what: What, hour: int, on: date | None = None, reason: str = "") -> Event:
    return Event(what, datetime(2026, 6, 30, hour, tzinfo=UTC), on, reason=reason)


def test_the_reasons_of_refusal_are_those_that_are_recorded() -> None:
    assert schema.REASONS == REFUSALS


def test_the_facts_of_a_request_are_read_from_its_events() -> None:
    events = [
        event(What.DRAFTED, 3), event(What.AUTHORISED, 4), event(What.SENT, 18),
        event(What.HOLD_SET, 19, date(2026, 7, 2)),
    ]  # fmt: skip
    facts = facts_of(events, ZONE, one())
    assert (facts.drafted_on, facts.sent_on) == (date(2026, 6, 30), date(2026, 7, 1))
    assert (facts.first_answer_on, facts.outcome) == (date(2026, 7, 2), "answered-in-part")
    refused = event(What.REFUSED, 20, date(2026, 7, 9), "too-broad: all accounts")
    facts = facts_of([*events, refused, event(What.HOLD_SET, 21)], ZONE, one())
    assert (facts.outcome, facts.refusal) == ("refused", "too-broad")
    assert facts.first_answer_on == date(2026, 7, 1), "the hold of 1 July in Vientiane"
    facts = facts_of([*events[:3], event(What.WITHDRAWN, 19)], ZONE, one())
    assert (facts.outcome, facts.first_answer_on) == ("withdrawn", None)
    assert facts_of(events[:2], ZONE, one()).sent_on is None


def test_no_text_of_a_draft_reaches_a_table() -> None:
    """Whatever a draft says anywhere, a table has the schema's codes and numbers alone."""
    odd = [
        replace(each, kind=SECRET, country=SECRET, refusal=SECRET,
                problems=frozenset({SECRET}), held={SECRET: Decimal(1)},
                returned={SECRET: Decimal(2)})
        for each in sample()
    ]  # fmt: skip
    made = tables(odd)
    assert SECRET not in repr(made)
    known = {code for shape in schema.SHAPES for codes in shape.codes.values() for code in codes}
    for table in made.values():
        for row in table.rows:
            assert all(
                cell is None or isinstance(cell, int) or cell in known
                or cell.replace(".", "").isdigit() for cell in row
            )  # fmt: skip


REQUESTS = st.lists(
    st.builds(
        lambda kind, country, outcome, refusal, problem: answered(
            0, 2, outcome, kind=kind, country=country, refusal=refusal,
            problems=frozenset({problem}), held={"USDT": Decimal(1)},
        ),
        st.sampled_from(schema.KINDS), st.sampled_from(["LA", "TH", "VN"]),
        st.sampled_from([*schema.ANSWERS, *schema.NO_ANSWERS]),
        st.sampled_from(schema.REASONS), st.sampled_from(schema.PROBLEMS),
    ),
    max_size=60,
)  # fmt: skip


@given(REQUESTS)
@examples(150)
def test_whatever_was_requested_the_schemas_own_check_finds_no_small_group(
    requests: list[RequestFacts],
) -> None:
    for table in tables(requests).values():
        numbers = [cell for row in table.rows for cell in row if isinstance(cell, int)]
        assert not any(map(is_small, numbers))


def test_the_unit_sees_its_own_small_groups_and_a_package_does_not() -> None:
    few = [answered(0, 2), answered(1, 3), one(2)]
    own = {each.name: each for each in cooperation_figures(few, is_own=True)}
    outcome = column(own[schema.OUTCOME.name], "requests")
    assert (outcome["sent"], outcome["answered"], outcome["without-answer"]) == (3, 2, 1)
    assert column(own[schema.BY_KIND.name], "with_answer") == {"freeze": 2}
    hidden = column(tables(few)["outcomes"], "requests")
    assert hidden["sent"] is None
