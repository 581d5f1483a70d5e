"""IATI files of a programme: what is in them, what never is, and files of others imported."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kancil.desk.assessment.errors import ActNotYours, RecordNotFound
from kancil.desk.assessment.models import Act, Country
from kancil.desk.assessment.stored import named_files, open_stored
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.errors import IatiReporterMissing, ImportInUse
from kancil.desk.programme.iati import importing as iati_import
from kancil.desk.programme.iati.file import (
    iati_files,
    iati_imports,
    open_iati_file,
    overview,
)
from kancil.desk.programme.iati.importing import (
    import_iati,
    plan_import,
    undo_iati_import,
)
from kancil.desk.programme.iati.publishing import Published, publish_iati, set_reporter
from kancil.desk.programme.iati.stated import (
    stated_activities,
    stated_activity,
    totals,
)
from kancil.desk.programme.models import (
    Activity,
    AgendaItem,
    Funding,
    Grant,
    IatiFile,
    ImportBatch,
    SpendingLine,
    StatedActivity,
)
from kancil.desk.programme.models import Figure as FigureRow
from kancil.programme.errors import IatiNotValid
from kancil.programme.iati.activity import IatiActivity, Related, Share
from kancil.programme.iati.check import check_iati
from kancil.programme.iati.read import IatiDocument, read_iati
from kancil.programme.vocabulary import ActivityKind
from kancil.records.errors import FieldNotUsable
from tests.desk.desks import Desk
from tests.desk.programme.iati_books import (
    AT,
    NAMES,
    REPORTER,
    activity,
    books,
    document,
    figures,
    spend,
)

SAMPLE = Path(__file__).parents[2] / "data" / "iati" / "activity.xml"


def person(name: str, role: Role) -> Person:
    made = Person(username=name, name=name.title(), role=role, must_change_password=False)
    made.set_unusable_password()
    made.save()
    return made


@pytest.fixture
def olga(desk: Desk) -> Person:
    made = person("olga", Role.PROGRAMME_OFFICER)
    books(made)
    set_reporter(by=made, reporter=REPORTER)
    return made


def publish(desk: Desk, by: Person, **other: Any) -> tuple[Published, str]:
    made = publish_iati(by=by, store=desk.vault, folder=desk.workspace.uploads_dir, at=AT, **other)
    with open_stored(desk.vault, made.sha256) as stream:
        return made, stream.read().decode()


def by_name(text: str) -> dict[str, IatiActivity]:
    found = read_iati(text.encode())
    assert dict(found.not_understood) == {}
    return {each.identifier.removeprefix("XM-DAC-99999-"): each for each in found.activities}


def test_a_programme_is_published_valid_and_nobody_is_in_it(desk: Desk, olga: Person) -> None:
    figures(olga)
    made, text = publish(desk, olga)
    assert check_iati(text.encode(), AT).faults == ()
    assert (made.activities, made.left_out) == (3, [])
    for secret in (*NAMES, "SECRET", "Ticket", "Olga", "1250", "12.50", "2.50"):
        assert secret not in text, secret
    found = by_name(text)
    done, grant, whole = found["2026-SEA-001"], found["GRANT-G-1"], found["PROGRAMME"]
    assert {each.code for each in done.countries} == {"KH", "LA"}
    assert [(each.type, str(each.value and each.value.amount)) for each in done.transactions] == [
        ("4", "15.00")
    ]
    assert [(each.type, str(each.value and each.value.amount)) for each in done.budgets] == [
        ("2", "6.00")
    ]
    assert [(each.type, str(each.value and each.value.amount)) for each in grant.transactions] == [
        ("11", "1000000.00"), ("1", "500000.00"), ("4", "9.99"),
    ]  # fmt: skip
    assert whole.transactions == ()
    (first, _) = whole.results[0].indicators[0].periods
    assert [each.value for each in first.actuals] == ["43"], "three women stand in no file"
    assert iati_files(olga)[0].id == made.id
    row, stream = open_iati_file(olga, desk.vault, made.id)
    stream.close()
    assert row.sha256 in named_files()


def test_what_cannot_be_published_is_left_out_with_its_reason(desk: Desk, olga: Person) -> None:
    grant = Grant.objects.get()
    Country.objects.create(code="XKA", name="Kasa", region="Practice", is_invented=True)
    activity(olga, "A-UNPAID", "KHM")
    rows = {
        "B-INVENTED": ("invented", activity(olga, "B-INVENTED", "XKA")),
        "C-NAMES": ("names-person", activity(olga, "C-NAMES", "KHM", purpose=f"By {NAMES[0]}.")),
        "D-NAMES": ("names-person", activity(olga, "D-NAMES", "KHM", title="Course of Bopha")),
        "E-NAMES": ("names-person", activity(olga, "E-NAMES", "KHM", title=f"กับ{NAMES[2]}")),
        "F/G": ("code", activity(olga, "F/G", "KHM")),
        "H-NOWHERE": ("no-country", activity(olga, "H-NOWHERE")),
    }
    for _, row in rows.values():
        Funding.objects.create(activity=row, grant=grant, share_bp=10_000)
    made, text = publish(desk, olga)
    told = {each["code"]: each["reason"] for each in made.left_out}
    assert told == {"A-UNPAID": "no-funding", **{code: each[0] for code, each in rows.items()}}
    assert not any(name in text for name in NAMES)
    found = overview(olga)
    assert (found.activities, found.no_funding, found.invented, found.no_country) == (8, 1, 1, 1)
    practice, text = publish(desk, olga, is_practice=True)
    assert "invented" not in {each["reason"] for each in practice.left_out}
    assert practice.file_name.startswith("iati-practice-")
    (region,) = by_name(text)["B-INVENTED"].regions
    assert region.code == "998"


def test_only_public_documents_with_an_address_are_linked(desk: Desk, olga: Person) -> None:
    first = Activity.objects.get()
    document(olga, first, "Secret list")
    document(olga, first, "Withdrawn", is_public=True, withdrawn_at=AT)
    document(olga, first, "Outcome", is_public=True)
    _, text = publish(desk, olga)
    assert "document-link" not in text
    set_reporter(by=olga, reporter=replace(REPORTER, documents_at="https://papers.example.org"))
    _, text = publish(desk, olga)
    (link,) = by_name(text)["2026-SEA-001"].documents
    assert link.url == "https://papers.example.org/" + "ab" * 32


def test_spending_of_an_undone_import_is_in_no_file(desk: Desk, olga: Person) -> None:
    spend(olga, Grant.objects.get(), Activity.objects.get(), undone_at=AT)
    _, text = publish(desk, olga)
    assert '<value currency="AUD" value-date="2026-03-31">15.00</value>' in text


def test_a_fault_keeps_nothing(desk: Desk, olga: Person) -> None:
    set_reporter(by=olga, reporter=replace(REPORTER, type=""))
    before = Act.objects.count()
    with pytest.raises(IatiNotValid):
        publish(desk, olga)
    assert not IatiFile.objects.exists()
    assert Act.objects.count() == before
    assert list(desk.workspace.uploads_dir.iterdir()) == []


def test_who_publishes_is_said_first_by_an_officer(desk: Desk) -> None:
    olga = person("olga", Role.PROGRAMME_OFFICER)
    with pytest.raises(IatiReporterMissing):
        publish(desk, olga)
    for change in ({"ref": "a/b"}, {"name": " "}, {"documents_at": "ftp://x"}):
        with pytest.raises(FieldNotUsable):
            set_reporter(by=olga, reporter=replace(REPORTER, **change))
    for role in Role:
        if role is Role.PROGRAMME_OFFICER:
            continue
        other = person(f"p-{role}", role)
        with pytest.raises(ActNotYours):
            set_reporter(by=other, reporter=REPORTER)
        with pytest.raises(ActNotYours):
            publish(desk, other)
        with pytest.raises(ActNotYours):
            take(other, document_of())
        with pytest.raises(ActNotYours):
            undo_iati_import(by=other, batch="x")
        for query in (overview, iati_files, iati_imports):
            with pytest.raises(ActNotYours):
                query(other)
        with pytest.raises(ActNotYours):
            open_iati_file(other, desk.vault, "x")
    with pytest.raises(RecordNotFound):
        open_iati_file(olga, desk.vault, "x")


# --- importing ------------------------------------------------------------------------------------


def document_of() -> IatiDocument:
    return read_iati(SAMPLE.read_bytes())


def take(by: Person, document: IatiDocument) -> str:
    return import_iati(
        by=by, document=document, file_name="a.xml", sha256="0" * 64,
        otherwise=ActivityKind.WORKSHOP, at=AT,
    ).batch  # fmt: skip


def test_a_published_file_is_imported_into_another_programme(desk: Desk, olga: Person) -> None:
    _, text = publish(desk, olga)
    kept = Activity.objects.values_list("code", "kind", "title", "begins_on", "ends_on", "state")
    before = list(kept)
    document = read_iati(text.encode())
    plan = plan_import(by=olga, document=document, otherwise=ActivityKind.WORKSHOP)
    reasons = [each.reason for each in plan.rows]
    assert reasons == ["known", "holds-others", "holds-others"]
    Funding.objects.all().delete()
    Activity.objects.all().update(code="other")
    batch = take(olga, document)
    made = Activity.objects.get(batch=batch)
    assert list(kept.filter(batch=batch)) == before
    assert {each.code for each in made.countries.all()} == {"KHM", "LAO"}
    assert [(each.grant.reference, each.share_bp) for each in made.funding.all()] == [
        ("G-1", 10_000)
    ]
    row = ImportBatch.objects.get(id=batch)
    assert (row.kind, row.rows, row.taken) == ("iati", 3, 1)
    assert {**row.refused[0], "line": 0} == {
        "row": 2, "line": 0, "code": "GRANT-G-1", "reason": "holds-others"
    }  # fmt: skip
    assert row.refused[0]["line"] > 1
    whole = stated_activity(olga, StatedActivity.objects.get(activity=made).id)
    assert whole.activity == made.id
    assert "transaction" in {each.kind for each in whole.said.money}


def test_an_import_is_undone_unless_it_is_in_use(desk: Desk, olga: Person) -> None:
    (activity_,) = document_of().activities
    set_reporter(by=olga, reporter=replace(REPORTER, ref="XM-DAC-41128"))
    mended = replace(activity_, countries=(), hierarchy="3", regions=(Share("1", code="789"),))
    document = IatiDocument("2.03", (mended, mended), {})
    plan = plan_import(by=olga, document=document, otherwise=ActivityKind.WORKSHOP)
    assert [each.reason for each in plan.rows] == ["", "known"]
    assert not ImportBatch.objects.filter(kind="iati").exists()
    batch = take(olga, document)
    made = Activity.objects.get(batch=batch)
    assert (made.kind, made.funding.get().grant.reference) == ("workshop", "G-1")
    AgendaItem.objects.create(activity=made, day=made.begins_on, title="Opening")
    with pytest.raises(ImportInUse):
        undo_iati_import(by=olga, batch=batch)
    AgendaItem.objects.all().delete()
    Activity.objects.filter(id=made.id).update(version=2)
    with pytest.raises(ImportInUse):
        undo_iati_import(by=olga, batch=batch)
    Activity.objects.filter(id=made.id).update(version=1)
    assert undo_iati_import(by=olga, batch=batch) == 1
    assert not Activity.objects.filter(batch=batch).exists()
    assert iati_imports(olga)[0].undone_at is not None
    with pytest.raises(RecordNotFound):
        undo_iati_import(by=olga, batch=batch)
    told = list(Act.objects.filter(kind__startswith="iati.import").values_list("kind", flat=True))
    assert sorted(told) == ["iati.import-undone", "iati.imported"]


def nobody_said_who_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iati_import, "reporter_of_site", lambda: None)


def test_what_cannot_be_imported_says_why(
    desk: Desk, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_said_who_reports(monkeypatch)
    (whole,) = document_of().activities
    one = replace(whole, hierarchy="", countries=whole.countries[:1])
    odd = {
        "country-not-here": one,
        "no-country": replace(one, countries=()),
        "title": replace(one, title=()),
        "days": replace(one, dates=one.dates[:1]),
        "status": replace(one, status="9"),
        "code": replace(one, identifier="XM-DAC-41128-" + "x" * 61),
        "holds-others": replace(one, related=(Related("XM-DAC-41128-B", "2"),)),
    }
    numbered = [
        replace(each, identifier=f"{each.identifier}-{n}") if name != "code" else each
        for n, (name, each) in enumerate(odd.items())
    ]
    document = IatiDocument("2.03", tuple(numbered), {})
    plan = plan_import(by=olga, document=document, otherwise=ActivityKind.WORKSHOP)
    assert [each.reason for each in plan.rows] == list(odd)
    assert plan.taken == []
    assert len(plan.stated) == len(odd), "each is kept as stated by the file"
    nameless = IatiDocument("2.03", (replace(one, identifier=""), *numbered[:1] * 2), {})
    plan = plan_import(by=olga, document=nameless, otherwise=ActivityKind.WORKSHOP)
    assert [each.reason for each in plan.refused] == ["no-identifier", "known"]


OF_OTHERS = """<iati-activities version="2.02">
<iati-activity hierarchy="1" default-currency="EUR">
<iati-identifier>XM-DAC-7-P1</iati-identifier>
<reporting-org ref="XM-DAC-7" type="10"><narrative>Ministry of Aid</narrative></reporting-org>
<title><narrative xml:lang="fr">Programme mondial</narrative></title>
<description><narrative/></description>
<activity-status code="2"/>
<recipient-region code="A7" vocabulary="99"><narrative>Own region</narrative></recipient-region>
<sector code="15130" vocabulary="1" percentage="60"/><sector code="Z9" vocabulary="98"/>
<budget type="1"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value currency="EUR" value-date="2024-01-01">250000.50</value></budget>
<transaction><transaction-type code="3"/><transaction-date iso-date="2024-03-05"/>
<value value-date="2024-03-05">1000</value>
<receiver-org><narrative>Police of Nowhere</narrative></receiver-org></transaction>
<transaction><transaction-type code="3"/><value currency="USD">7</value></transaction>
<transaction><transaction-type code="4"/><value currency="USD"/></transaction>
<related-activity ref="XM-DAC-7-P1-1" type="2"/>
<result type="2"><title><narrative>Fewer frauds</narrative></title>
<indicator measure="1"><title><narrative>Cases solved</narrative></title><baseline value="3"/>
<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<target value="10"/><actual value="8"/></period></indicator></result>
<crs-add/>
</iati-activity>
<iati-activity hierarchy="2"><iati-identifier>XM-DAC-7-P1-1</iati-identifier>
<reporting-org ref="XM-DAC-7" type="10"/><recipient-country code="FJ"/></iati-activity>
<iati-activity><iati-identifier/></iati-activity>
</iati-activities>"""


@pytest.mark.parametrize("is_said", [True, False], ids=["own-reporter-named", "nobody-said"])
def test_activities_of_others_are_kept_as_their_file_states_them(
    desk: Desk, olga: Person, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_said:
        nobody_said_who_reports(monkeypatch)
    figures_before, batches = FigureRow.objects.count(), ImportBatch.objects.count()
    spent = SpendingLine.objects.count()
    activities = Activity.objects.count()
    document = read_iati(OF_OTHERS.encode())
    plan = plan_import(by=olga, document=document, otherwise=ActivityKind.WORKSHOP)
    assert (len(plan.taken), len(plan.stated), plan.transactions) == (0, 2, 2)
    assert [(each.line, each.reason) for each in plan.refused] == [(26, "no-identifier")]
    assert document.first_lines["iati-activity/crs-add"] == 22
    batch = take(olga, document)
    assert Activity.objects.count() == activities
    assert (SpendingLine.objects.count(), FigureRow.objects.count()) == (spent, figures_before)
    assert ImportBatch.objects.count() == batches + 1
    first, second = stated_activities(olga).order_by("identifier")
    said = stated_activity(olga, first.id).said
    assert (said.title, said.reporter) == ("Programme mondial", "Ministry of Aid")
    assert totals(said.money) == {
        ("budget", "1", "EUR"): Decimal("250000.50"),
        ("transaction", "3", "EUR"): Decimal(1000),
        ("transaction", "3", "USD"): Decimal(7),
    }
    assert said.left_out == (("no-amount", 1),)
    assert [(each.kind, each.vocabulary, each.code) for each in said.codes] == [
        ("region", "99", "A7"), ("sector", "1", "15130"), ("sector", "98", "Z9"),
    ]  # fmt: skip
    (number,) = said.numbers
    assert (number.indicator, number.baseline, number.target, number.actual) == (
        "Cases solved", "3", "10", "8",
    )  # fmt: skip
    assert said.related == (("2", "XM-DAC-7-P1-1"),)
    assert (second.title, second.line) == ("XM-DAC-7-P1-1", 24)
    assert [each.identifier for each in stated_activities(olga, "mondial")] == ["XM-DAC-7-P1"]
    again = plan_import(by=olga, document=document, otherwise=ActivityKind.WORKSHOP)
    assert {each.reason for each in again.refused} == {"known", "no-identifier"}
    assert undo_iati_import(by=olga, batch=batch) == 2
    assert not StatedActivity.objects.exists()
