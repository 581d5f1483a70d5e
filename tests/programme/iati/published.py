"""Facts of an invented programme, as they are and as hypothesis makes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from kancil.programme.counting.rule import Counts, Dimension, Rule, Span
from kancil.programme.iati.activity import IatiActivity
from kancil.programme.iati.facts import (
    ActivityFacts,
    Budgeted,
    FigureFacts,
    GrantFacts,
    IndicatorFacts,
    Paper,
    Payer,
    Received,
    Recipient,
    Reporter,
    ResultFacts,
    Spent,
)
from kancil.programme.iati.mapping import activity_of, grant_of, left_out, programme_of
from kancil.programme.iati.results import results_of
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass, DocumentKind

AT = datetime(2026, 11, 29, 9, tzinfo=UTC)
TODAY = AT.date()
REPORTER = Reporter(
    "XM-DAC-99999", "Example office", "40", "Example programme", "What it is for", "en",
    "https://papers.example.org/",
)  # fmt: skip
PAYER = Payer("G-1", "Ministry of Examples", "AU-5", "10")
PEOPLE = Rule(Counts.PEOPLE, split=(Dimension.SEX,))
DONE = ActivityFacts(
    code="2026-SEA-001",
    kind=ActivityKind.TRAINING,
    title="Tracing for investigators",
    purpose="Investigators trace payments.",
    recipients=(Recipient("TH", "South-East Asia"), Recipient("VN", ""), Recipient("LA", "")),
    region="",
    begins=date(2026, 3, 2),
    ends=date(2026, 3, 6),
    state=ActivityState.DONE,
    gender_marker="2a",
    sdg_targets=("16.4",),
    to_security_forces=True,
    payers=(PAYER,),
    budgets=(Budgeted(date(2026, 1, 1), date(2026, 12, 31), Money("USD", 500_000), False),),
    spent=(
        Spent(date(2026, 3, 1), BudgetClass.TRAVEL, Money("USD", 120_050), 4),
        Spent(date(2026, 3, 1), BudgetClass.STAFF, Money("USD", 7_777), 1),
    ),
    papers=(Paper(DocumentKind.OUTCOME, "Outcome", "outcome.pdf", "ab" * 32, date(2026, 4, 1)),),
)
GIVEN = GrantFacts(
    PAYER, "Cybercrime in the region", "South-East Asia", Money("AUD", 100_000_000),
    date(2025, 7, 1), date(2027, 6, 30), (), (Received(date(2025, 8, 1), Money("AUD", 5_000)),),
)  # fmt: skip


def counted(*figures: FigureFacts, measure: str = "unit", rule: Rule = PEOPLE) -> ResultFacts:
    """An output with one indicator that has these figures."""
    one = IndicatorFacts(
        "Officers trained", rule, "Lists of attendance", measure, "0", date(2025, 1, 1), "120",
        date(2027, 6, 30), figures,
    )  # fmt: skip
    return ResultFacts("output", "1.1", "Investigators are trained", (one,))


def whole(*done: ActivityFacts, results: tuple[ResultFacts, ...] = ()) -> list[IatiActivity]:
    """A whole file: what is done, the grant, the programme."""
    activities = [activity_of(each, REPORTER, AT, TODAY, is_practice=True) for each in done]
    names = [each.identifier for each in activities]
    grant = grant_of(GIVEN, REPORTER, AT, TODAY, names, is_practice=True)
    results_ = results_of(results, REPORTER)
    return [*activities, grant, programme_of([GIVEN], REPORTER, AT, TODAY, results_)]


# --- programmes that hypothesis makes -------------------------------------------------------------

_TEXT = st.text(max_size=40)
_DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_MONEY = st.builds(
    Money, st.sampled_from(["USD", "JPY", "KWD"]), st.integers(-(10**9), 10**12)
)  # fmt: skip
_MONTHS = _DAYS.map(lambda day: day.replace(day=1))
RECIPIENTS = st.builds(
    Recipient,
    st.sampled_from(["TH", "VN", "LA", "FJ", "KE", "GT", ""]),
    st.sampled_from(["South-East Asia", "Pacific", "Nowhere", ""]),
    st.booleans(),
).map(lambda each: Recipient(each.code, each.region, not each.code))
_FIGURES = st.builds(
    FigureFacts,
    _DAYS,
    _DAYS,
    st.one_of(st.integers(0, 40).map(str), _TEXT),
    st.fixed_dictionaries(
        {"sex": st.fixed_dictionaries({"female": st.integers(0, 20), "male": st.integers(0, 20)})}
    ),
    st.none() | st.integers(0, 9),
)
_INDICATORS = st.builds(
    IndicatorFacts,
    _TEXT,
    st.sampled_from(
        [
            PEOPLE,
            Rule(Counts.ENTERED),
            Rule(Counts.HEAD_COUNTS, span=Span.TO_DATE),
            Rule(Counts.EVALUATION, question="useful", answers=("4",)),
        ]
    ),
    _TEXT,
    st.sampled_from(["unit", "percentage", "qualitative"]),
    st.one_of(st.just(""), st.just("12.5"), _TEXT),
    st.none() | _DAYS,
    st.one_of(st.just(""), st.just("100"), _TEXT),
    st.none() | _DAYS,
    st.lists(_FIGURES, max_size=4).map(tuple),
)
RESULTS = st.builds(
    ResultFacts,
    st.sampled_from(["impact", "outcome", "output"]),
    st.just("1.1"),
    _TEXT,
    st.lists(_INDICATORS, max_size=2).map(tuple),
)
_PAYERS = st.builds(
    Payer, st.sampled_from(["G-1", "G 2", "G/3"]), st.sampled_from(["Donor A", "Donor B"]),
    st.sampled_from(["AU-5", ""]), st.just("10"),
)  # fmt: skip


@st.composite
def activities(draw: st.DrawFn) -> ActivityFacts:
    """An activity that is not left out, whatever people typed."""
    begins = draw(_DAYS)
    period = draw(_DAYS)
    made = ActivityFacts(
        code="2026-" + draw(st.text("ABC123/ ", max_size=5)),
        kind=draw(st.sampled_from(ActivityKind)),
        title=draw(_TEXT),
        purpose=draw(_TEXT),
        recipients=tuple(draw(st.lists(RECIPIENTS, max_size=7))),
        region=draw(st.sampled_from(["", "Pacific"])),
        begins=begins,
        ends=begins + timedelta(days=draw(st.integers(-2, 400))),
        state=draw(st.sampled_from(ActivityState)),
        gender_marker=draw(st.sampled_from(["", "0", "1", "2a", "2b", "x"])),
        sdg_targets=tuple(draw(st.lists(st.sampled_from(["16.4", "5.2", "no"]), max_size=3))),
        to_security_forces=draw(st.booleans()),
        payers=tuple(draw(st.lists(_PAYERS, max_size=3))),
        budgets=(
            Budgeted(period, period + timedelta(days=draw(st.integers(0, 400))), draw(_MONEY),
                     draw(st.booleans())),
        ),
        spent=tuple(
            Spent(*each)
            for each in draw(
                st.lists(
                    st.tuples(_MONTHS, st.sampled_from(BudgetClass), _MONEY, st.integers(1, 3)),
                    max_size=4,
                )
            )
        ),
        papers=(Paper(DocumentKind.REPORT, draw(_TEXT), "a.b", "cd" * 32, begins),),
    )  # fmt: skip
    return made


def kept(done: ActivityFacts) -> bool:
    """Whether an activity stands in a file of practice."""
    return not left_out(done, is_practice=True)
