"""A small programme's money and activities, for what leaves as IATI."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.desk.programme.models import (
    Activity,
    BudgetLine,
    Document,
    Donor,
    Funding,
    Grant,
    ImportBatch,
    Indicator,
    IndicatorVersion,
    NodeVersion,
    Participant,
    Participation,
    Receipt,
    ResultNode,
    SpendingFile,
    SpendingLine,
)
from kancil.desk.programme.models import Figure as FigureRow
from kancil.programme.iati.facts import Reporter

AT = datetime(2026, 11, 29, 9, tzinfo=UTC)
REPORTER = Reporter(
    "XM-DAC-99999", "Example office", "40", "Example programme", "What it is for", "en"
)
NAMES = ("Ana Example-Person", "Bopha", "สมชาย ใจดี")
"""Of participants: two words, one word, and a script without blanks between words."""


def activity(by: Person, code: str, *countries: str, **other: Any) -> Activity:
    """An activity in March 2026."""
    given: dict[str, Any] = {
        "kind": "training", "title": f"Training {code}", "begins_on": date(2026, 3, 2),
        "ends_on": date(2026, 3, 6), "state": "done", "officer": by, "by": by, "at": AT,
    }  # fmt: skip
    row = Activity.objects.create(code=code, **{**given, **other})
    row.countries.set(Country.objects.filter(code__in=countries))
    return row


def books(by: Person) -> Grant:
    """Two countries, a donor with a grant, its receipt, budget and spending, three people."""
    for code, name in (("KHM", "Cambodia"), ("LAO", "Laos")):
        Country.objects.get_or_create(
            code=code, defaults={"name": name, "region": "South-East Asia"}
        )
    donor = Donor.objects.create(name="Ministry of Examples", iati_ref="AU-5", by=by, at=AT)
    grant = Grant.objects.create(
        donor=donor, reference="G-1", title="Cybercrime in the region", amount_minor=10**8,
        currency="AUD", begins_on=date(2025, 7, 1), ends_on=date(2027, 6, 30),
        audit_until=date(2034, 6, 30), by=by, at=AT,
    )  # fmt: skip
    Receipt.objects.create(
        grant=grant, received_on=date(2025, 8, 1), amount_minor=5 * 10**7, by=by, at=AT
    )
    first = activity(by, "2026-SEA-001", "KHM", "LAO", to_security_forces=True)
    Funding.objects.create(activity=first, grant=grant, share_bp=10_000)
    for n, name in enumerate(NAMES):
        person = Participant.objects.create(name=name, sex="female", by=by, at=AT)
        Participation.objects.create(
            activity=first, participant=person, attended=True, badge=f"b{n}", by=by, at=AT
        )
    period = {"period_from": date(2026, 1, 1), "period_to": date(2026, 12, 31)}
    for minor, replaced in ((400, AT), (500, None), (100, None)):
        BudgetLine.objects.create(
            activity=first, budget_class="travel", amount_minor=minor, currency="AUD",
            replaced_at=replaced, by=by, at=AT, **period,
        )  # fmt: skip
    spend(by, grant, first)
    return grant


def spend(by: Person, grant: Grant, done: Activity, undone_at: datetime | None = None) -> None:
    """An export of the ledger: two lines of travel in March, and one of no activity in April."""
    batch = ImportBatch.objects.create(
        kind="spending", file_name="ledger.csv", sha256="0" * 64, by=by, at=AT,
        undone_at=undone_at,
    )  # fmt: skip
    file = SpendingFile.objects.create(
        batch=batch, system="Ledger", period_from=date(2026, 1, 1), period_to=date(2026, 6, 30),
        currency="AUD",
    )  # fmt: skip
    for n, (minor, day, of) in enumerate(
        [(1_250, date(2026, 3, 3), done), (250, date(2026, 3, 20), done),
         (999, date(2026, 4, 1), None)]
    ):  # fmt: skip
        SpendingLine.objects.create(
            file=file, row=n, posted_on=day, reference=f"PO-SECRET-{n}", grant=grant, activity=of,
            budget_class="travel", what="Ticket of somebody", amount_minor=minor,
        )  # fmt: skip


def figures(by: Person) -> None:
    """An output with one indicator: a figure of all, of which three are women, and of one grant."""
    node = ResultNode.objects.create(kind="output", code="1.1")
    NodeVersion.objects.create(node=node, n=1, statement="Police are trained", by=by, at=AT)
    indicator = Indicator.objects.create(node=node, code="1.1.a")
    version = IndicatorVersion.objects.create(
        indicator=indicator, n=1, title="Officers trained",
        rule={"counts": "people", "split": ["sex"], "schema": "counting-rule/1"},
        means="Lists", baseline="0",
        baseline_on=date(2025, 1, 1), target="120", target_on=date(2026, 12, 31), by=by, at=AT,
    )  # fmt: skip
    half = {"period_from": date(2026, 1, 1), "period_to": date(2026, 6, 30)}
    split = {"sex": {"female": 3, "male": 40}}
    first = FigureRow.objects.create(version=version, value="44", split=split, by=by, at=AT, **half)
    FigureRow.objects.create(
        version=version, value="43", split=split, older=first, by=by, at=AT, **half
    )
    grant = Grant.objects.get()
    FigureRow.objects.create(version=version, value="41", grant=grant, by=by, at=AT, **half)


def document(by: Person, done: Activity, title: str, **other: Any) -> Document:
    """A file of an activity."""
    return Document.objects.create(
        activity=done, kind="outcome", title=title, file_name="a.pdf", sha256="ab" * 32, by=by,
        at=AT, **other,
    )  # fmt: skip
