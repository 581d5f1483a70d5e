"""A sample year of the programme's desk in five invented countries, for the demonstration.

It continues the sample programme: a need of Kasa's plan becomes a conference that two donors pay
for; trainings, a workshop, a study, a mentorship, equipment, a campaign in schools and legislative
advice stand beside it, some done, some to come, one postponed, one cancelled. Money is in three
currencies, spending comes from the export of an invented ledger. Nobody and nothing of it exists.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from kancil.programme.vocabulary import (
    AgeBand,
    Audience,
    AudienceAge,
    BudgetClass,
    Moment,
    OrganisationKind,
    Part,
    Profession,
    Sex,
)
from tools.tree import ROOT

if TYPE_CHECKING:
    from kancil.desk.people.models import Person
    from kancil.evidence.vault import Vault
    from kancil.programme.evaluation.form import Question

FRAMEWORKS = ROOT / "src" / "kancil" / "programme" / "frameworks"
YEAR = ROOT / "sample" / "programme-year.yaml"
"""Donors, grants, organisations, people and activities of the year."""
PROTOCOL = "capability-2026.2"
_BP = 100


@dataclass(slots=True)
class Year:
    """What was built: ids by the short names of the file."""

    people: Mapping[str, Person]
    store: Vault
    stated: dict[str, Any]
    today: date
    """The day on which the year is looked at."""
    older: str
    """Id of Kasa's round with the plan."""
    donors: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    participants: dict[str, list[int]] = field(default_factory=dict)
    """Ids by country."""
    activities: dict[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Person:
        """Who writes most of it."""
        return self.people["olga"]

    @property
    def finance(self) -> Person:
        """Who keeps the money."""
        return self.people["fin"]


def add_year(people: Mapping[str, Person], store: Vault, older: str) -> Year:
    """Fill the desk; `older`: Kasa's round with the plan whose items the conference answers."""
    stated = yaml.safe_load(YEAR.read_text(encoding="utf-8"))
    year = Year(people, store, stated, stated["looked_at"], older)
    plan = _plan(older)
    _countries(year)
    _framework(year)
    _money(year)
    _people(year)
    for each in stated["activities"]:
        _activity(year, each, plan)
    _next_round(year)
    _spending(year)
    _figures(year)
    _reported(year)
    return year


def _plan(round: str) -> list[str]:
    """The item of the plan that the conference answers."""
    from kancil.desk.assessment.models import PlanItem

    found = PlanItem.objects.filter(round_id=round, title__startswith="One desk")
    return list(found.values_list("id", flat=True)[:1])


def _next_round(year: Year) -> None:
    """Answer the protocol again after the conference, and release the figures of both rounds."""
    from kancil.desk.assessment.actions.evidence import add_evidence
    from kancil.desk.assessment.actions.releases import release_figures
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part as InRound
    from tools.sample_answers import answers

    people, asked = year.people, [PROTOCOL]
    made = open_round(
        by=year.officer, country="XKA", title="Third round", period_from=date(2026, 10, 5),
        period_to=date(2026, 11, 13), protocols=asked, older=year.older,
        scope="Invented for practice; says nothing of any country.",
    )  # fmt: skip
    parts = {"lea": InRound.LEAD, "ann": InRound.ASSESSOR, "bo": InRound.ASSESSOR}
    set_team(by=year.officer, round=made,
             members=[Member(people[name].pk, part) for name, part in parts.items()])  # fmt: skip
    add_evidence(
        by=people["ann"], round=made, grade="a", kind="data", reference="Letter 31 (invented)",
        title="Register of cases of the unit, 2026",
    )  # fmt: skip
    answers(people, made, asked, drift=2)
    for round, day in ((year.older, date(2026, 6, 15)), (made, date(2026, 11, 14))):
        release_figures(
            consent="Letter 12 (invented)",
            by=year.officer, round=round, official="A. Minister (invented)",
            office="Ministry of Justice", released_on=day, protocols=asked, store=year.store,
        )  # fmt: skip


def _countries(year: Year) -> None:
    from kancil.desk.assessment.actions.site import add_country
    from kancil.desk.assessment.queries.countries import countries

    there = {each.code for each in countries(year.officer)}
    for code, name in year.stated["countries"].items():
        if code not in there:
            add_country(
                by=year.people["ada"], code=code, name=name, region="Practice", is_invented=True
            )


def _framework(year: Year) -> None:
    from kancil.desk.programme.results.versions import import_framework
    from kancil.programme.framework import read_framework

    content = (FRAMEWORKS / "cybercrime.yaml").read_bytes()
    framework = read_framework(content, "cybercrime.yaml")
    import_framework(by=year.officer, framework=framework, reason="First version")


def _money(year: Year) -> None:
    from kancil.desk.programme.money.donors import add_donor, set_donor_seats
    from kancil.desk.programme.money.grants import add_grant, add_receipt
    from kancil.desk.programme.money.rates import add_rate_table
    from kancil.programme.funding import DonorInput, GrantInput, RateTableInput, ReceiptInput

    by = year.finance
    for name, row in year.stated["donors"].items():
        year.donors[name] = add_donor(by=by, given=DonorInput(**row)).id
    set_donor_seats(
        by=year.officer,
        person=year.people["don"].pk,
        donors=[year.donors[year.stated["reads_for"]]],
    )
    for row in year.stated["rates"]:
        rates = "\n".join(f"{currency} {rate}" for currency, rate in row["rates"].items())
        add_rate_table(by=by, given=RateTableInput(**{**row, "rates": rates}))
    for name, row in year.stated["grants"].items():
        receipts = row.pop("receipts")
        given = GrantInput(**{**row, "donor": year.donors[row["donor"]]})
        year.grants[name] = add_grant(by=by, given=given).id
        for each in receipts:
            add_receipt(by=by, given=ReceiptInput(**each), grant_id=year.grants[name])


def _people(year: Year) -> None:
    from kancil.desk.programme.people.organisations import add_organisation
    from kancil.desk.programme.people.participants import add_participant
    from kancil.programme.people import OrganisationInput, ParticipantInput

    work = {
        OrganisationKind.POLICE: Profession.POLICE, OrganisationKind.PROSECUTION:
        Profession.PROSECUTOR, OrganisationKind.JUDICIARY: Profession.JUDGE,
        OrganisationKind.MINISTRY: Profession.POLICY,
        OrganisationKind.CIVIL_SOCIETY: Profession.CIVIL_SOCIETY,
    }  # fmt: skip
    first, last = year.stated["first_names"], year.stated["last_names"]
    number = 0
    for code in year.stated["countries"]:
        for kind in year.stated["organisations"]:
            name = f"{year.stated['organisations'][kind]} of {year.stated['countries'][code]}"
            asked = OrganisationKind(kind)
            made = add_organisation(
                by=year.officer, given=OrganisationInput(name=name, kind=asked, country=code)
            ).id
            year.organisations[f"{code} {kind}"] = made
            for _ in range(year.stated["people_each"]):
                number += 1
                sex = Sex.FEMALE if number % 5 in (0, 2) else Sex.MALE
                name = f"{first[number % len(first)]} {last[number // 3 % len(last)]} {number}"
                draft = ParticipantInput(
                    name=name, country=code, organisation=made, sex=sex,
                    email=f"p{number}@example.org", role=work[asked],
                    age_band=list(AgeBand)[number % 4], consent_on=date(2026, 1, 12),
                    consent_to="Invitation and counting, on the registration sheet",
                )  # fmt: skip
                year.participants.setdefault(code, []).append(
                    add_participant(by=year.officer, given=draft).pk
                )


def _activity(year: Year, row: dict[str, Any], plan: Sequence[str]) -> None:
    from kancil.desk.programme.activities.draft import ActivityDraft
    from kancil.desk.programme.activities.planning import (
        add_activity,
        add_diligence,
        cancel_activity,
        confirm_activity,
        finish_activity,
        postpone_activity,
        set_funding,
        write_report,
    )
    from kancil.desk.programme.models import Activity, ResultNode

    by = year.officer
    output = ResultNode.objects.get(code=row["output"]).id
    draft = ActivityDraft(
        kind=row["kind"], title=row["title"], begins_on=row["begins_on"], ends_on=row["ends_on"],
        code=row["code"], purpose=row["purpose"], countries=tuple(row["countries"]),
        region="Practice", place=row["place"], counterpart=row.get("counterpart", ""),
        to_security_forces=row.get("to_security_forces", False), gender_marker="2a",
        sdg_targets=tuple(row.get("sdg", ("16.a",))), output=output,
        plan_items=tuple(plan) if row.get("answers_plan") else (),
    )  # fmt: skip
    made = add_activity(by=by, draft=draft, template=row.get("template", ""))
    year.activities[row["code"]] = made
    shares = {year.grants[name]: share * _BP for name, share in row["funding"].items()}
    override = row.get("outside_earmark", "")
    set_funding(by=year.finance, activity=made, shares_bp=shares, override=override)
    if draft.to_security_forces:
        add_diligence(
            by=by, activity=made, risk="Skills could be used against journalists (invented).",
            mitigation="Participants are vetted; a session on safeguards; follow-up with the unit.",
            decision="proceed-with-conditions", decided_by="Head of programme (invented)",
            review_on=date(2027, 6, 30),
        )  # fmt: skip
    _beside(year, made, row)
    state = row["state"]
    if state == "cancelled":
        cancel_activity(by=by, activity=made, reason=row["reason"])
    elif state == "postponed":
        postpone_activity(by=by, activity=made, reason=row["reason"])
    elif state in ("confirmed", "done"):
        confirm_activity(by=by, activity=made, today=row["begins_on"] - timedelta(days=30))
    if state == "done":
        version = Activity.objects.get(id=made).version
        write_report(
            by=by, activity=made, report=row["report"], version=version,
            outcome_statement=row.get("outcome"),
        )  # fmt: skip
        if not row.get("is_open"):
            finish_activity(by=by, activity=made, today=year.today)


def _beside(year: Year, made: str, row: dict[str, Any]) -> None:
    """What hangs on an activity: delegations, registrations, marks, counts, follow-up."""
    if row.get("registered"):
        _registered(year, made, row)
    for count in row.get("head_counts", ()):
        _head_count(year, made, count)
    if row.get("handover"):
        _handover(year, made, row["handover"])
    if row.get("placement"):
        _placement(year, made, row["placement"])
    for each in row.get("follow_up", ()):
        from kancil.desk.programme.activities.follow_up import add_follow_up

        add_follow_up(by=year.officer, activity=made, **each)


def _registered(year: Year, made: str, row: dict[str, Any]) -> None:
    """Invite by country, register in turn, mark who came by day, and take in evaluations."""
    from kancil.desk.programme.activities.delegations import add_delegation, answer_delegation
    from kancil.desk.programme.models import Participation
    from kancil.desk.programme.taking_part.marking import mark_present
    from kancil.desk.programme.taking_part.registering import register, set_state
    from kancil.programme.vocabulary import RegistrationState

    by, part = year.officer, Part(row.get("part", "participant"))
    each_has = row["registered"]
    for code in row["countries"]:
        invited = add_delegation(
            by=by, activity=made, country=code, places=each_has + 1,
            head="Ministry of Justice" if part is Part.DELEGATE else "Police Academy",
            invited_on=row["begins_on"] - timedelta(days=90),
            answer_by=row["begins_on"] - timedelta(days=30),
        )  # fmt: skip
        if row["state"] != "planned":
            answer_delegation(by=by, activity=made, delegation=invited, answer="accepted")
        known = year.participants[code]
        start = row["from"] % len(known)
        for place in range(each_has):
            register(
                by=by, activity=made, participant=known[(start + place) % len(known)], part=part
            )
    rows = list(Participation.objects.filter(activity_id=made).order_by("id"))
    set_state(by=by, activity=made, registrations=[each.pk for each in rows],
              state=RegistrationState.CONFIRMED)  # fmt: skip
    if row["state"] != "done":
        return
    days = (row["ends_on"] - row["begins_on"]).days + 1
    for step in range(days):
        there = [each.pk for n, each in enumerate(rows) if n % 9 != 8 and (n + step) % 11 != 10]
        mark_present(by=by, activity=made, day=row["begins_on"] + timedelta(days=step),
                     participations=there)  # fmt: skip
    _evaluated(year, made, row, len(rows))


def _evaluated(year: Year, made: str, row: dict[str, Any], count: int) -> None:
    from kancil.desk.programme.taking_part.evaluating import enter_sheets
    from kancil.programme.evaluation.form import forms

    for name in row.get("evaluated", ()):
        moment = Moment(name)
        asked = forms()[moment].questions
        sheets = [
            {"answers": {each.id: _answer(each, n) for each in asked if each.kind != "words"}}
            for n in range(count * 2 // 3)
        ]
        enter_sheets(by=year.officer, activity=made, moment=moment, sheets=sheets,
                     today=year.today)  # fmt: skip


def _answer(question: Question, number: int) -> Any:
    """What one sheet says: mostly content."""
    if question.kind == "choice":
        return question.options[0 if number % 3 else -1]
    return 5 - number % 3


def _head_count(year: Year, made: str, row: dict[str, Any]) -> None:
    from kancil.desk.programme.taking_part.registering import add_head_count

    add_head_count(
        by=year.officer, activity=made, series=row["series"], country=row["country"],
        who=Audience(row["who"]), count=row["count"], counted_on=row["counted_on"],
        how="Counted by the teacher on the class list, sheet kept at the school",
        sex=Sex(row["sex"]), age_band=AudienceAge(row["age"]),
    )  # fmt: skip


def _handover(year: Year, made: str, row: dict[str, Any]) -> None:
    from kancil.desk.programme.activities.equipment import add_check, add_handover

    given = add_handover(
        by=year.officer, activity=made, organisation=year.organisations[row["organisation"]],
        what=row["what"], quantity=row["quantity"], handed_on=row["handed_on"],
        received_by="Head of the forensic laboratory", today=year.today, worth=row["worth"],
        currency="USD",
    )  # fmt: skip
    for check in row["checks"]:
        add_check(by=year.officer, activity=made, handover=given, today=year.today, **check)


def _placement(year: Year, made: str, row: dict[str, Any]) -> None:
    from kancil.desk.programme.activities.mentoring import add_placement, add_visit

    mentor = year.participants[row["mentor_from"]][0]
    placed = add_placement(
        by=year.officer, activity=made, mentor=mentor,
        organisation=year.organisations[row["organisation"]], begins_on=row["begins_on"],
        ends_on=row["ends_on"], aims=row["aims"],
    )  # fmt: skip
    for visit in row["visits"]:
        add_visit(by=year.officer, activity=made, placement=placed, today=year.today, **visit)


def _spending(year: Year) -> None:
    """Write the export of an invented ledger, and import it as finance does."""
    from kancil.desk.programme.money.budgets import add_budget_line
    from kancil.desk.programme.money.spending import LedgerExport, hand_in_spending, import_spending
    from kancil.programme.funding import BudgetInput
    from kancil.programme.money.amount import read_minor
    from kancil.programme.money.ledger_file import LedgerMapping

    for row in year.stated["budget"]:
        given = {name: each for name, each in row.items() if name != "grant"}
        add_budget_line(
            by=year.finance, given=BudgetInput(**given), grant_id=year.grants[row["grant"]]
        )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Date", "Reference", "Grant", "Activity", "Class", "Amount", "Description"])
    references = {name: row["reference"] for name, row in year.stated["grants"].items()}
    total = 0
    for n, row in enumerate(year.stated["spending"], start=1):
        grant = references.get(row.get("grant", ""), row.get("grant", ""))
        writer.writerow([row["posted"].isoformat(), f"V{n:04}", grant, row.get("activity", ""),
                         BudgetClass(row["class"]).value, row["amount"], row["what"]])  # fmt: skip
        total += read_minor(str(row["amount"]), "USD")
    data = out.getvalue().encode()
    batch = hand_in_spending(
        by=year.finance, store=year.store, data=data, file_name="ledger-2026.csv"
    )
    import_spending(
        by=year.finance, store=year.store, batch=batch,
        export=LedgerExport("Ledger of practice", date(2026, 1, 1), date(2026, 10, 31), "USD",
                            total),
        mapping=LedgerMapping(
            {"posted_on": "Date", "reference": "Reference", "grant_code": "Grant",
             "activity_code": "Activity", "budget_class": "Class", "amount": "Amount",
             "what": "Description"}
        ),
    )  # fmt: skip


def _figures(year: Year) -> None:
    from kancil.desk.programme.models import Indicator
    from kancil.desk.programme.results.recording import Entry, Within, count_figure, enter_figure

    within = Within(date(2026, 1, 1), date(2026, 10, 31))
    ids = dict(Indicator.objects.values_list("code", "id"))
    for code in year.stated["counted"]:
        count_figure(by=year.officer, indicator=ids[code], within=within)
    for row in year.stated["entered"]:
        enter_figure(
            by=year.officer, indicator=ids[row["indicator"]], within=within,
            entry=Entry(row["value"], row["source"], row.get("contribution", "")),
        )  # fmt: skip


def _reported(year: Year) -> None:
    """Publish the first report to the donor whose reader there is; the second is a draft."""
    from kancil import __version__
    from kancil.desk.programme.reports.donor_reports import enter_report, said_of
    from kancil.desk.programme.reports.writing import (
        begin_report,
        publish_report,
        write_report_section,
    )
    from kancil.ground import clock
    from kancil.reports.programme.make import ReportFormat, make_donor_report
    from kancil.reports.programme.study.content import Publication

    for row in year.stated["reports"]:
        report = begin_report(by=year.officer, grant=year.grants[row["grant"]], **row["of"])
        for section, text in row["sections"].items():
            write_report_section(by=year.officer, report=report, section=section, text=text, seen=0)
        if not row["is_published"]:
            continue
        said = said_of(enter_report(year.officer, report))
        of = Publication("Head of programme (invented)", "Programme of practice")
        files = {
            each.value: make_donor_report(
                said, of, year.store, each, "en", kancil=__version__, at=clock.now(),
                on=year.today,
            ).data
            for each in ReportFormat
        }  # fmt: skip
        publish_report(
            by=year.officer, report=report, seen=said.sha256, official=of.official,
            office=of.office, language="en", files=files, store=year.store,
        )  # fmt: skip
