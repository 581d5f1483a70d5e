"""Donor reports on the desk: the grant's own share alone, and kept as they were published."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.models import Act, Country, PlanItem
from kancil.desk.assessment.queries.countries import enter_country
from kancil.desk.assessment.stored import store_of
from kancil.desk.people.models import Person
from kancil.desk.programme import models
from kancil.desk.programme.activities.planning import set_funding
from kancil.desk.programme.errors import (
    ChangedMeanwhile,
    GrantNotFound,
    OutsideEarmark,
    ReportBegun,
    ReportMoved,
    ReportNotFound,
    ReportPublished,
)
from kancil.desk.programme.money.spending import match_lines
from kancil.desk.programme.reports.annual import annual_tables
from kancil.desk.programme.reports.country_programme import country_programme
from kancil.desk.programme.reports.donor_reports import (
    DRAFT,
    DUE,
    LATE,
    PUBLISHED,
    enter_report,
    open_report_file,
    published_of,
    report_rows,
    said_of,
    text_versions,
)
from kancil.desk.programme.reports.writing import (
    begin_report,
    publish_report,
    withdraw_draft,
    write_report_section,
)
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render_phrase
from kancil.programme.donor_report import ReportSection
from kancil.programme.vocabulary import Sex
from kancil.records.errors import FieldNotUsable
from tests.desk.assessment.programme import GUIDE, HERE, Programme, a_round, programme
from tests.desk.desks import Desk
from tests.desk.programme.report_books import (
    AT,
    PERIOD,
    SECRET_MINOR,
    SECRET_SHARE,
    Books,
    attended,
    books,
    people,
)

TODAY = date(2026, 4, 2)
FILES = {"pdf": b"%PDF-1.7 report", "html": b"<!doctype html>", "docx": b"PK"}


@pytest.fixture
def made(desk: Desk) -> tuple[Programme, Books, Desk]:
    site = programme()
    return site, books(site.people), desk


def begun(made: tuple[Programme, Books, Desk], **other: object) -> str:
    site, of, _ = made
    given: dict[str, Any] = {"grant": of.grant, "title": "Report 2025", **PERIOD, **other}
    return begin_report(by=site["olga"], **given)


def published(made: tuple[Programme, Books, Desk], report: str) -> None:
    site, _, desk = made
    said = said_of(enter_report(site["olga"], report))
    publish_report(
        by=site["olga"], report=report, seen=said.sha256, official="I. Vale", office="Director",
        language="en", files=FILES, store=store_of(desk.workspace),
    )  # fmt: skip


def test_a_report_holds_only_its_own_share_and_names_others_without_their_money(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    said = said_of(enter_report(site["olga"], begun(made)))
    by_code = {each.code: each for each in said.activities}
    assert not by_code["2025-002"].is_whole
    assert by_code["2025-001"].is_whole
    assert by_code["2025-002"].cost_minor == 2_000_000
    assert by_code["2025-002"].others == ("Agency of Nordland",)
    assert said.finance.spent_minor == 3_234_500
    written = json.dumps(plain(said))
    assert str(SECRET_MINOR) not in written
    assert str(SECRET_SHARE) not in written
    assert str(10_000 - SECRET_SHARE) not in written
    assert "NOR-1" not in written


def test_a_line_of_no_grant_is_split_and_the_parts_make_the_whole(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    line = models.SpendingLine.objects.get(amount_minor=2_000_000)
    models.SpendingLine.objects.filter(pk=line.pk).update(grant=None, amount_minor=1_000_001)
    said = said_of(enter_report(site["olga"], begun(made)))
    by_code = {each.code: each.cost_minor for each in said.activities}
    assert by_code == {"2025-001": 1_234_500, "2025-002": 387_500}
    assert said.no_activity_minor == 0
    assert said.finance.spent_minor == sum(by_code.values())
    assert sum(each.spent_minor for each in said.finance.lines) == said.finance.spent_minor


def test_what_has_no_rate_is_in_no_sum(made: tuple[Programme, Books, Desk]) -> None:
    site, _, _ = made
    file = models.SpendingFile.objects.get(lines__amount_minor=1_234_500)
    models.SpendingFile.objects.filter(pk=file.pk).update(currency="JPY")
    report = begun(made)
    finance = said_of(enter_report(site["olga"], report)).finance
    assert [str(each) for each in finance.apart] == ["JPY\u00a01,234,500"]
    assert (finance.spent_minor, finance.is_reconciled) == (2_000_000, False)
    assert "no-rate" in finance.reasons[0].key
    table = models.RateTable.objects.create(
        source="UN operational rates", base="USD", valid_from=date(2025, 6, 1), by=site["olga"],
        at=AT,
    )  # fmt: skip
    for currency, rate in (("JPY", "150"), ("AUD", "1.5")):
        models.Rate.objects.create(table=table, currency=currency, per_base=rate)
    finance = said_of(enter_report(site["olga"], report)).finance
    assert finance.apart == ()
    assert finance.spent_minor == 2_000_000 + 1_234_500
    assert finance.rates[0].rate == "1 USD = 1.5 AUD = 150 JPY"


def figure_of(by: Person, value: str, **other: Any) -> models.Figure:
    """A figure of how many people took part, for the year."""
    version = models.IndicatorVersion.objects.filter(indicator__code="2.1.a").first()
    if version is None:
        node = models.ResultNode.objects.create(kind="output", code="2.1")
        models.NodeVersion.objects.create(node=node, n=1, statement="Police can.", by=by, at=AT)
        of = models.Indicator.objects.create(node=node, code="2.1.a")
        version = models.IndicatorVersion.objects.create(
            indicator=of, n=1, title="Trained", target="40", by=by, at=AT,
            rule={"schema": "counting-rule/1", "counts": "people"},
        )  # fmt: skip
    return models.Figure.objects.create(
        version=version, period_from=PERIOD["period_from"], period_to=PERIOD["period_to"],
        value=value, by=by, at=AT, **other,
    )  # fmt: skip


def test_figures_are_those_of_the_grant_or_the_whole_with_what_was_corrected(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, _ = made
    olga = site["olga"]
    older = figure_of(olga, "48")
    report = begun(made)
    assert [each.value for each in said_of(enter_report(olga, report)).figures] == ["48"]
    published(made, report)
    figure_of(olga, "47", older=older, reason="One person was on two lists.")
    other = models.Grant.objects.get(id=of.other_grant)
    figure_of(olga, "999", grant=other)
    figure_of(olga, "3", country_id="XKA")
    newer = begun(made)
    found = {each.country: each for each in said_of(enter_report(olga, newer)).figures}
    whole, land = found[""], found["Land XKA"]
    assert (whole.value, whole.before, whole.corrected) == ("47", "48", "48")
    assert (whole.reason, whole.is_whole) == ("One person was on two lists.", True)
    assert (land.value, land.share_of_target) == (None, None)
    assert isinstance(whole.rule, Phrase)
    figure_of(olga, "17", grant=models.Grant.objects.get(id=of.grant))
    own = said_of(enter_report(olga, newer)).figures[0]
    assert (own.value, own.is_whole) == ("17", False)


def test_figures_of_a_report_tell_no_small_group_together(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    olga = site["olga"]
    Country.objects.create(code="XSE", name="Land XSE", region="", is_invented=True)
    figure_of(olga, "48")
    figure_of(olga, "30", country_id="XKA")
    was = figure_of(olga, "16", country_id="XBO")
    figure_of(olga, "15", country_id="XBO", older=was, reason="One was on two lists.")
    figure_of(olga, "3", country_id="XSE")
    said = said_of(enter_report(olga, begun(made)))
    assert {each.country: (each.value, each.corrected) for each in said.figures} == {
        "": ("48", ""), "Land XKA": ("30", ""), "Land XBO": (None, ""), "Land XSE": (None, ""),
    }  # fmt: skip


def test_a_figure_beside_who_took_part_or_the_last_report_tells_no_small_group(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    olga = site["olga"]
    older = figure_of(olga, "18")
    report = begun(made)
    said = said_of(enter_report(olga, report))
    assert (said.people.total, [each.value for each in said.figures]) == (17, [None])
    figure_of(olga, "48", older=older, reason="A list was missing.")
    published(made, report)
    figure = models.Figure.objects.get(newer=None)
    figure.pk, figure.value, figure.older = "longer", "50", None
    figure.period_to = date(2026, 3, 31)
    figure.save(force_insert=True)
    later = begun(made, period_to=date(2026, 3, 31))
    (now,) = said_of(enter_report(olga, later)).figures
    assert (now.before, now.value) == ("48", None)


def test_a_half_year_has_its_days_of_the_budget_and_no_figure_of_other_days(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    olga = site["olga"]
    figure_of(olga, "18")
    half = begun(made, period_from=date(2025, 7, 1))
    said = said_of(enter_report(olga, half))
    earlier = begun(made, period_to=date(2025, 6, 30))
    first = said_of(enter_report(olga, earlier)).finance.budget_minor
    assert (first, said.finance.budget_minor) == (2_479_452, 2_520_548)  # 181 and 184 of 365 days
    assert said.finance.lines_by_days == 1
    assert said.figures == ()
    assert [(each.value, each.period_to) for each in said.figures_apart] == [
        ("18", date(2025, 12, 31))
    ]
    figure = models.Figure.objects.get()
    figure.pk, figure.value, figure.period_from = "half", "7", date(2025, 7, 1)
    figure.save(force_insert=True)
    said = said_of(enter_report(olga, half))
    assert ([each.value for each in said.figures], said.figures_apart) == (["7"], ())


def test_a_report_published_before_periods_were_printed_is_read(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    figure_of(site["olga"], "48")
    report = begun(made)
    published(made, report)
    row = models.DonorReport.objects.get(id=report)
    for name in ("period_from", "period_to", "without_days"):
        del row.said["said"]["figures"][0][name]
    del row.said["said"]["figures_apart"], row.said["said"]["finance"]["lines_by_days"]
    row.save()
    figure = published_of(enter_report(site["don"], report))[0].figures[0]
    assert (figure.value, figure.period_to, figure.without_days) == ("48", None, 0)


def test_a_grant_pays_outside_its_earmark_by_name_and_reason_alone(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, _ = made
    olga, fin = site["olga"], site["fin"]
    grant = models.Grant.objects.get(id=of.grant)
    grant.excluded = "police"
    grant.save()
    grant.countries.set(Country.objects.filter(code="XBO"))
    pays: dict[str, Any] = {"activity": of.training, "shares_bp": {of.grant: 10_000}}
    with pytest.raises(OutsideEarmark) as refused:
        set_funding(by=olga, **pays)
    why = refused.value.params["why"]
    assert isinstance(why, Phrase)
    assert "police" in render_phrase(why)
    report = begun(made)
    said = said_of(enter_report(olga, report))
    assert "outside-earmark" in [each.key.rpartition(".")[2] for each in said.finance.reasons]
    lines = list(
        models.SpendingLine.objects.filter(activity=of.training).values_list("pk", flat=True)
    )
    with pytest.raises(OutsideEarmark):
        match_lines(by=fin, lines=lines, grant=of.grant)
    set_funding(by=fin, **pays, override="The donor agreed on 3 May")
    set_funding(by=olga, **pays)
    assert match_lines(by=fin, lines=lines, grant=of.grant) == len(lines)
    found = {each.code: each for each in said_of(enter_report(olga, report)).activities}
    training, conference = found["2025-001"], found["2025-002"]
    assert (training.override_by, training.override) == ("Fin", "The donor agreed on 3 May")
    assert len(training.outside) == 2
    assert (conference.override, len(conference.outside)) == ("", 2)
    grant.kinds = ["study"]
    grant.save()
    with pytest.raises(OutsideEarmark):
        set_funding(by=olga, **pays)


def test_people_are_counted_once_and_small_groups_hidden(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, _ = made
    again = models.Participant.objects.filter(sex="male").first()
    assert again is not None
    twin = people(1, site["olga"], Sex.MALE)[0]
    models.Participant.objects.filter(pk=twin.pk).update(same_as=again)
    attended(models.Activity.objects.get(id=of.training), site["olga"], twin)
    said = said_of(enter_report(site["olga"], begun(made)))
    assert said.people.total == 17
    assert dict(said.people.by_sex) == {"female": 8, "male": 9}
    # Two judges are hidden, and with them the only other group, from which they would follow.
    assert dict(said.people.by_profession) == {"police": None, "judge": None}


def test_a_report_says_first_why_it_does_not_reconcile(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    report = begun(made)
    assert said_of(enter_report(site["olga"], report)).finance.is_reconciled
    models.ImportBatch.objects.update(undone_at=AT)
    finance = said_of(enter_report(site["olga"], report)).finance
    assert not finance.is_reconciled
    assert finance.reasons
    assert finance.spent_minor == 0


def test_what_was_published_stays_and_a_correction_names_it(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, desk = made
    report = begun(made)
    write_report_section(
        by=site["olga"], report=report, section="done", text="Two courses.", seen=0
    )
    published(made, report)
    sight = enter_report(site["don"], report)
    before, by = published_of(sight)
    assert (by.official, by.office, by.corrected_on) == ("I. Vale", "Director", None)
    with open_report_file(sight, store_of(desk.workspace), "pdf") as stream:
        assert stream.read() == FILES["pdf"]
    models.Activity.objects.filter(id=of.training).update(title="Another title")
    models.SpendingLine.objects.update(amount_minor=1)
    assert published_of(enter_report(site["don"], report))[0] == before
    with pytest.raises(ReportPublished):
        write_report_section(by=site["olga"], report=report, section="done", text="x", seen=1)
    with pytest.raises(ReportPublished):
        withdraw_draft(by=site["olga"], report=report)
    newer = begun(made)
    said = said_of(enter_report(site["olga"], newer))
    assert said.corrects is not None
    assert said.text(ReportSection.DONE) == before.text(ReportSection.DONE)
    assert {each.title for each in said.activities} == {"Another title", "Activity 2025-002"}
    published(made, newer)
    assert published_of(sight)[1].corrected_on is not None
    rows = report_rows(site["don"], TODAY)
    assert {each.id for each in rows} == {report, newer}


def test_two_who_write_one_section_lose_nothing(made: tuple[Programme, Books, Desk]) -> None:
    site, _, _ = made
    report = begun(made)
    act: dict[str, Any] = {"by": site["olga"], "report": report, "section": "risks"}
    assert write_report_section(**act, text="First", seen=0) == 1
    with pytest.raises(ChangedMeanwhile) as refused:
        write_report_section(**act, text="Second", seen=0)
    assert refused.value.params["name"] == "Olga"
    assert write_report_section(**act, text="First", seen=1) == 1
    assert write_report_section(**act, text="", seen=1) == 2
    sight = enter_report(site["olga"], report)
    assert [each.text for each in text_versions(sight, ReportSection.RISKS)] == ["", "First"]
    assert said_of(sight).text(ReportSection.RISKS) is None
    other = {**act, "section": "lessons"}
    assert write_report_section(**other, text="Apart", seen=0) == 1


@pytest.mark.parametrize(
    ("section", "text"), [("nothing", "x"), ("summary", "x" * 1201), ("done", "x" * 8001)]
)
def test_a_text_that_does_not_fit_is_refused(
    made: tuple[Programme, Books, Desk], section: str, text: str
) -> None:
    site, _, _ = made
    with pytest.raises(FieldNotUsable):
        write_report_section(
            by=site["olga"], report=begun(made), section=section, text=text, seen=0
        )


def test_nothing_is_published_that_its_publisher_did_not_see(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, desk = made
    report = begun(made)
    seen = said_of(enter_report(site["olga"], report)).sha256
    models.Activity.objects.filter(id=of.training).update(title="Moved")
    given: dict[str, Any] = {
        "by": site["olga"], "report": report, "official": "O", "office": "X", "language": "en",
        "files": FILES, "store": store_of(desk.workspace),
    }  # fmt: skip
    with pytest.raises(ReportMoved):
        publish_report(**given, seen=seen)
    with pytest.raises(FieldNotUsable):
        publish_report(**{**given, "official": " "}, seen=seen)
    assert models.DonorReport.objects.get(id=report).files == {}


def test_only_one_draft_of_a_period(made: tuple[Programme, Books, Desk]) -> None:
    begun(made)
    with pytest.raises(ReportBegun):
        begun(made)
    with pytest.raises(FieldNotUsable):
        begun(made, period_from=date(2027, 1, 1))


def test_what_is_due_is_listed_by_the_terms_of_the_grant(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    rows = report_rows(site["fin"], TODAY)
    assert [(each.reference, each.status) for each in rows] == [("NOR-1", LATE), ("OST-1", LATE)]
    begun(made)
    rows = report_rows(site["olga"], TODAY)
    assert {(each.reference, each.status) for each in rows} == {("NOR-1", LATE), ("OST-1", DRAFT)}
    assert all(each.is_late for each in rows)
    assert report_rows(site["don"], TODAY) == []
    rows = report_rows(site["olga"], date(2025, 11, 2))
    assert {(each.reference, each.status) for each in rows} == {("NOR-1", DUE), ("OST-1", DRAFT)}
    rows = report_rows(site["olga"], date(2025, 10, 31))
    assert [(each.reference, each.is_late) for each in rows] == [("OST-1", False)]


SEES = {"olga", "fin"}


def test_a_report_is_there_for_who_keeps_money_and_its_donor_once_published(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    report = begun(made)

    def who() -> set[str]:
        found = set()
        for name, person in site.people.items():
            try:
                enter_report(person, report)
            except ReportNotFound:
                continue
            found.add(name)
        return found

    assert who() == SEES
    published(made, report)
    assert who() == SEES | {"don"}
    assert report_rows(site["don"], TODAY)[0].status == PUBLISHED
    assert report_rows(site["dor"], TODAY) == []


def test_every_act_on_reports_asks_who_and_leaves_one_line_of_record(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, desk = made
    kept: dict[str, str] = {}

    def publish_now(by: Any) -> None:
        said = said_of(enter_report(site["olga"], kept["report"]))
        publish_report(
            by=by, report=kept["report"], seen=said.sha256, official="O", office="X",
            language="en", files=FILES, store=store_of(desk.workspace),
        )  # fmt: skip

    scenes: list[tuple[str, Callable[[Any], Any]]] = [
        ("donor-report.begun", lambda by: begin_report(
            by=by, grant=of.grant, title="R", **PERIOD)),
        ("donor-report.written", lambda by: write_report_section(
            by=by, report=kept["report"], section="done", text="Done", seen=0)),
        ("donor-report.published", publish_now),
        ("donor-report.begun", lambda by: begin_report(
            by=by, grant=of.grant, title="R", **PERIOD)),
        ("donor-report.removed", lambda by: withdraw_draft(by=by, report=kept["report"])),
    ]  # fmt: skip
    for kind, act in scenes:
        for name in set(site.people) - {"olga"}:
            with pytest.raises((ActNotYours, ReportNotFound, GrantNotFound)):
                act(site[name])
        with patch.object(Act, "save", side_effect=MemoryError), pytest.raises(MemoryError):
            act(site["olga"])
        count = Act.objects.count()
        given = act(site["olga"])
        assert Act.objects.count() == count + 1, kind
        assert Act.objects.latest("id").kind == kind
        kept["report"] = given if isinstance(given, str) else kept["report"]


def test_the_annual_tables_hide_small_groups_where_they_are_public(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    public = {each.name: each for each in annual_tables(site["fin"], 2025, is_public=True)}
    assert public["annual-sex"].rows == (("female", "8"), ("male", "9"))
    assert public["annual-profession"].rows == (("judge", "hidden"), ("police", "hidden"))
    assert public["annual-donors"].rows == (
        ("Agency of Nordland", 1, 1), ("Office of Outer Affairs of Ostralia", 1, 2),
    )  # fmt: skip
    assert "annual-spending" not in public
    kinds = {row[0]: row[2] for row in public["annual-kinds"].rows}
    assert kinds == {"conference": "11", "training": "hidden"}, "of 17 people 15 were at a training"
    own = {each.name: each for each in annual_tables(site["fin"], 2025, is_public=False)}
    assert own["annual-profession"].rows == public["annual-profession"].rows
    assert "annual-spending" in own
    assert "annual-country-sex" not in own
    whole = {each.name: each for each in annual_tables(site["olga"], 2025, is_public=False)}
    assert whole["annual-profession"].rows == (("judge", "2"), ("police", "15"))
    assert whole["annual-spending"].rows == (
        ("Agency of Nordland", "NOR-1", "USD", "77777.33"),
        ("Office of Outer Affairs of Ostralia", "OST-1", "AUD", "32345.00"),
    )
    assert annual_tables(site["olga"], 2024, is_public=True)[0].rows == ()
    for name in ("fay", "don", "lea", "ada"):
        with pytest.raises(ActNotYours):
            annual_tables(site[name], 2025, is_public=True)


def test_a_line_of_a_joint_activity_is_in_the_year_by_the_shares_of_its_grants(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    line = models.SpendingLine.objects.get(amount_minor=2_000_000)
    models.SpendingLine.objects.filter(pk=line.pk).update(grant=None, amount_minor=1_000_001)
    tables = {each.name: each for each in annual_tables(site["olga"], 2025, is_public=False)}
    spent = {(row[1], row[2]): Decimal(str(row[3])) for row in tables["annual-spending"].rows}
    own, other = spent["OST-1", "AUD"], spent["NOR-1", "AUD"]
    assert spent["NOR-1", "USD"] == Decimal("77777.33")
    assert own + other == Decimal("12345.00") + Decimal("10000.01"), "no cent is lost"
    assert abs(other - Decimal("10000.01") * SECRET_SHARE / 10_000) < Decimal("0.01")


def test_a_country_sees_what_was_done_for_it_and_others_see_nothing(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, _, _ = made
    of = country_programme(site["fay"], enter_country(site["fay"], "XKA"), TODAY)
    assert [each.code for each in of.activities] == ["2025-001", "2025-002"]
    assert of.people.total == 17
    with pytest.raises(KancilError):
        enter_country(site["far"], "XKA")


def test_needs_are_those_of_rounds_that_the_reader_sees(
    made: tuple[Programme, Books, Desk],
) -> None:
    site, of, _ = made
    items = [
        PlanItem.objects.create(
            round_id=round, title=title, protocol=GUIDE, assistance="training", owner="Police",
            success="Held", by=site["olga"], at=AT,
        )
        for round, title in (
            (site.round, "Own"), (a_round(site["olga"], HERE, [GUIDE]), "Of another round"),
        )
    ]  # fmt: skip
    models.Activity.objects.get(id=of.training).plan_items.set(items)

    def needs(name: str) -> set[str]:
        seen = country_programme(site[name], enter_country(site[name], HERE), TODAY).needs
        return {each.title for each in seen if each.activities}

    assert needs("fay") == needs("olga") == {"Own", "Of another round"}
    assert needs("ann") == {"Own"}
