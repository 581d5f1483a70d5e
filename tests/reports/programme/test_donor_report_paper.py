"""The donor report as paper: what page 1 says, and names in four scripts; the page of a country."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from kancil.programme.delivered import Change, CountryProgramme, Done, HandedOver, Need
from kancil.programme.donor_report import Said
from kancil.programme.vocabulary import ActivityKind, ActivityState
from kancil.reports.document.blocks import Document
from kancil.reports.document.page import write_page
from kancil.reports.document.photo import Photo, photo_picture
from kancil.reports.document.printed import print_document
from kancil.reports.document.textfile import write_text_document
from kancil.reports.programme.delivered.content import country_page
from kancil.reports.programme.donor.content import donor_report
from tests.reports.poppler import need, text_of
from tests.reports.programme.sample_donor import NAMES, ON, PICTURE, png, said, unreconciled

AT = datetime(2026, 3, 2, tzinfo=UTC)
PHOTO = photo_picture(Photo(png(), "image/png", 8, 6), PICTURE.title, PICTURE.activity)


def paper(of: Said, official: str = "I. Vale") -> Document:
    """The report as a document."""
    pictures = {PICTURE.sha256: PHOTO}
    return donor_report(of, pictures, official=official, office="Director", kancil="1", on=ON)


def words(document: Document) -> str:
    """Its text as a web page shows it."""
    return " ".join(re.sub("<[^>]+>", " ", write_page(document).decode()).split())


def test_page_one_says_first_whether_the_money_reconciles(tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "report.pdf"
    printed = print_document(paper(unreconciled(said(corrects=ON)), ""), at=AT)
    assert not printed.replaced
    path.write_bytes(printed.pdf)
    first = " ".join(text_of(path, 1).split())
    box = first.index("Spending does not reconcile")
    assert box < first.index("No file of the ledger covers") < first.index("Grant")
    assert first.index("This report corrects the one") < first.index("Finance of the period")
    assert "DRAFT" in first
    assert "No rate of exchange was there" in text_of(path)
    assert "JPY 1,250,000" in text_of(path)


def test_names_in_lao_khmer_thai_and_arabic_are_set_whole(tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "report.pdf"
    path.write_bytes(print_document(paper(said()), at=AT).pdf)
    text = "".join(text_of(path).split())
    html = words(paper(said()))
    for language, name in NAMES.items():
        assert name in html
        # Poppler gives Arabic in presentation order and forms of its own: there the rest counts.
        assert language == "ar" or "".join(name.split())[:4] in text, language
    assert print_document(paper(said()), at=AT).pdf == path.read_bytes()


def test_the_word_file_is_whole_and_says_the_same(tmp_path: Path) -> None:
    data = write_text_document(paper(said(pictures=(PICTURE,))), at=AT)
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert held.testzip() is None
        parts = {each: held.read(each) for each in held.namelist()}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(part)
    assert parts["word/media/image1.png"].startswith(b"\x89PNG")
    root = ET.fromstring(parts["word/document.xml"])
    text = " ".join(each.text or "" for each in root.iter() if each.tag.endswith("}t"))
    for each in (
        "253,516.07",
        "Also paid by: Agency of Nordland",
        "in part",
        "hidden",
        *NAMES.values(),
    ):
        assert each in text, each


def test_what_is_not_so_is_said() -> None:
    text = words(paper(said(pictures=(replace(PICTURE, sha256="cd" * 32),))))
    assert "could not be read and is left out" in text
    assert "Lessons Nothing was written here." in text
    assert "Activities that ended and are not marked as done: 1" in text
    assert "Two people were on two lists." in text
    assert "Entered:" not in words(paper(said(figures=())))
    assert "No figure stands for this period." in words(paper(said(figures=())))
    none = replace(said().people, total=None)
    assert "fewer than 5 people took part" in words(paper(said(people=none)))


def done(number: int) -> Done:
    """An activity that was held."""
    return Done(
        f"a{number}", f"2025-{number:03}", f"Course {number}", ActivityKind.TRAINING,
        ActivityState.DONE, date(2025, 3, 1), date(2025, 3, 5),
    )  # fmt: skip


def country(activities: int = 40) -> CountryProgramme:
    """An invented country with many activities."""
    held = tuple(done(number) for number in range(activities))
    change = Change("Detention of evidence", "41.2", "First round", "58.0", "Second round")
    needs = [Need("Train investigators", "First round", "P3", held[:2], (change,))]
    needs += [Need(f"Need {number}", "First round", "P3", (), ()) for number in range(11)]
    return CountryProgramme(
        "XKA", "Kasa", True, held, said().people,
        (HandedOver("Workstation", 4, "Police of Kasa", date(2025, 4, 1), 3, date(2026, 4, 1)),),
        said().figures, tuple(needs),
    )  # fmt: skip


def test_what_was_done_in_a_country_is_one_page(tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "country.pdf"
    path.write_bytes(print_document(country_page(country(), kancil="1", on=ON), at=AT).pdf)
    text = " ".join(text_of(path).split())
    assert "Page 1 of 1" in text
    assert "41.2 % to 58.0 %" in text
    assert "Activities answer 1 of 12 needs" in text
    assert "and 32 more" in text
    assert "and 6 more" in text
