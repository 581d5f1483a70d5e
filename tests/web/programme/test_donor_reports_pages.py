"""Pages of donor reports, of what was done in a country, and of annual tables."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from tests.reports.programme.sample_donor import png
from tests.web.programme.asking import confirmed, sent, shown, words_of
from tests.web.programme.reading import bytes_of, refused
from tests.web.programme.served import ProgrammeSite

if TYPE_CHECKING:
    from tests.desk.programme.report_books import Books

FORMATS = ("pdf", "docx", "html")
SECRETS = ("7777733", "77,777.33", "NOR-1", "61.25", "38.75", "6125")


@pytest.fixture
def made(programme: ProgrammeSite) -> tuple[ProgrammeSite, Books]:
    from tests.desk.programme.report_books import books

    return programme, books(programme.people)


def begun(site: ProgrammeSite, of: Books) -> str:
    """A draft, begun by the form of the page."""
    from kancil.desk.programme.models import DonorReport

    given = {
        "do": "begin", "report_due": f"{of.grant} 2025-12-31", "report_title": "Report 2025",
    }  # fmt: skip
    assert "This is a draft" in sent(site, "olga", reverse("donor_reports"), given)
    return DonorReport.objects.latest("at").id


def published(site: ProgrammeSite, report: str) -> None:
    """Publish it as a person does, by the form."""
    from kancil.desk.programme.reports.donor_reports import enter_report, said_of

    said = said_of(enter_report(site.people["olga"], report))
    there = reverse("donor_report_publish", args=[report])
    answer = confirmed(site, "olga").post(there, {
        "do": "publish", "report_official": "I. Vale", "report_office": "Director",
        "paper_language": "en", "report_publish_sure": "on", "report_digest": said.sha256,
    })  # fmt: skip
    assert answer.status_code == 302, words_of(answer)


def text_of_docx(data: bytes) -> str:
    """All text of a Word file; each of its parts is well-formed."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        parts = {each: held.read(each) for each in held.namelist()}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(part)
    root = ET.fromstring(parts["word/document.xml"])
    return " ".join(each.text or "" for each in root.iter() if each.tag.endswith("}t"))


def test_a_report_is_begun_written_published_and_read_by_its_donor(
    made: tuple[ProgrammeSite, Books],
) -> None:
    from kancil.desk.programme.models import Activity, SpendingLine

    site, of = made
    assert "Late reports" in shown(site, "olga", reverse("donor_reports"))
    report = begun(site, of)
    there = reverse("donor_report", args=[report])
    refused(site, "don", there)
    section = reverse("donor_report_section", args=[report, "summary"])
    given = {"do": "write", "report_text": "Two courses were held.", "report_seen": "0"}
    assert "Two courses were held." in sent(site, "olga", section, given)
    again = sent(site, "olga", section, {**given, "report_text": "Mine"})
    assert "changed this after you opened it" in again
    assert "Mine" in again
    refused(site, "fin", section)
    published(site, report)
    page = shown(site, "don", there)
    assert "Two courses were held." in page
    assert "I. Vale" in page
    files = {
        each: bytes_of(site.client("don").get(reverse("donor_report_file", args=[report, each])))
        for each in FORMATS
    }
    assert files["pdf"].startswith(b"%PDF")
    html, docx = files["html"].decode(), text_of_docx(files["docx"])
    for text in (page, html, docx):
        assert "Agency of Nordland" in text
        assert "32,345.00" in text
        assert not any(each in text for each in SECRETS)
    Activity.objects.update(title="Changed since")
    SpendingLine.objects.update(amount_minor=1)
    for each, data in files.items():
        answer = site.client("don").get(reverse("donor_report_file", args=[report, each]))
        assert bytes_of(answer) == data
    assert "Changed since" not in shown(site, "don", there)
    assert "Begin a correction" in shown(site, "olga", there)
    assert "It corrects the report" in sent(site, "olga", there, {"do": "correct"})


def test_a_public_picture_stands_in_the_report_and_the_others_do_not(
    made: tuple[ProgrammeSite, Books],
) -> None:
    from kancil.desk.assessment.stored import store_of, taken
    from kancil.desk.base.opening import current_workspace
    from kancil.desk.programme.models import Document
    from tests.desk.programme.report_books import AT

    site, of = made
    olga = site.people["olga"]
    for title, data, is_public in (
        ("Opening day", png(8, 6, b"17.97 N 102.63 E"), True),
        ("Faces", png(9, 6), False),
        ("Torn", b"\xff\xd8torn", True),
    ):
        with taken(store_of(current_workspace()), io.BytesIO(data)) as digests:
            Document.objects.create(
                activity_id=of.training, kind="picture", title=title, file_name="a.png",
                sha256=digests.sha256, is_public=is_public, by=olga, at=AT,
            )  # fmt: skip
    report = begun(site, of)
    answer = site.client("olga").get(reverse("donor_report_file", args=[report, "html"]))
    html = answer.content.decode()
    assert base64.b64encode(png(8, 6)).decode() in html
    assert html.count("data:image/png") == 1
    assert "Faces" not in html
    assert "“Torn” of 2025-001 could not be read and is left out" in html


def test_a_draft_says_first_that_spending_does_not_reconcile(
    made: tuple[ProgrammeSite, Books],
) -> None:
    from kancil.desk.programme.models import SpendingFile

    site, of = made
    SpendingFile.objects.all().delete()
    report = begun(site, of)
    page = shown(site, "fin", reverse("donor_report", args=[report]))
    assert page.index("Spending does not reconcile") < page.index("Narrative")
    answer = site.client("fin").get(reverse("donor_report_file", args=[report, "html"]))
    html = answer.content.decode()
    assert html.index("Spending does not reconcile") < html.index("Finance of the period")
    assert "DRAFT" in html


def test_who_may_see_reports(made: tuple[ProgrammeSite, Books]) -> None:
    site, of = made
    report = begun(site, of)
    there = reverse("donor_report", args=[report])
    for name in ("fay", "far", "mia", "lea", "ann", "ada", "don", "dor"):
        if name in site.people:
            refused(site, name, there)
            refused(site, name, reverse("donor_report_file", args=[report, "pdf"]))
            refused(site, name, reverse("donor_report_publish", args=[report]))
    published(site, report)
    refused(site, "dor", there)
    refused(site, "dor", reverse("donor_report_file", args=[report, "pdf"]))
    assert "Report 2025" not in shown(site, "dor", reverse("donor_reports"))
    assert "Report 2025" in shown(site, "don", reverse("donor_reports"))
    csv = site.client("don").get(reverse("donor_reports_csv")).content.decode()
    assert csv.splitlines()[1].startswith("OST-1,Office of Outer Affairs of Ostralia,Report 2025,")
    assert "NOR-1" not in csv


def test_the_page_of_a_country_goes_from_need_to_activity(
    made: tuple[ProgrammeSite, Books],
) -> None:
    from kancil.desk.assessment.models import PlanItem
    from kancil.desk.programme.models import Activity

    site, of = made
    item = PlanItem.objects.filter(round_id=site.second).exclude(state="rejected").first()
    assert item is not None
    Activity.objects.get(id=of.training).plan_items.add(item)
    there = reverse("country_programme", args=["XKA"])
    page = shown(site, "fay", there)
    assert item.title in page
    assert "2025-001 · Activity 2025-001" in page
    assert "People" in page
    file = site.client("fay").get(reverse("country_programme_file", args=["XKA", "html"]))
    assert item.title in file.content.decode()
    refused(site, "far", there)
    refused(site, "far", reverse("country_programme_file", args=["XKA", "pdf"]))
    assert "Nothing was planned here yet" not in page


def test_annual_tables_are_public_unless_asked_otherwise(
    made: tuple[ProgrammeSite, Books],
) -> None:
    site, _ = made
    there = reverse("annual_tables")
    page = shown(site, "fin", f"{there}?annual_year=2025")
    assert "hidden" in page
    assert "77777.33" not in page
    internal = f"{there}?annual_year=2025&annual_internal=on"
    page = shown(site, "fin", internal)
    assert "77,777.33" in page
    assert "Groups of fewer than five are hidden, since you see no names." in page
    assert "Small groups are in these tables" in shown(site, "olga", internal)
    answer = site.client("fin").get(f"{there}?annual_year=2025&as=annual-countries")
    assert answer.content.decode().splitlines()[0] == "country_code,country,activities,people"
    book = site.client("fin").get(f"{there}?annual_year=2025&as=xlsx")
    assert zipfile.is_zipfile(io.BytesIO(book.content))
    refused(site, "fay", there)
    refused(site, "don", there)
