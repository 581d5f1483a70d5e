"""A document in Arabic is written from right to left, in each of its forms."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from fractions import Fraction

from kancil.ground.words import isolated, speaking
from kancil.reports.document.blocks import (
    Column,
    Document,
    Line,
    Paragraph,
    Picture,
    Section,
    Table,
)
from kancil.reports.document.page import write_page
from kancil.reports.document.printed import print_document
from kancil.reports.document.textfile import write_text_document
from kancil.reports.programme.charts.moved import MovedBar, moved_bars
from kancil.reports.programme.charts.svg import About

AT = datetime(2026, 11, 29, tzinfo=UTC)
DAY = "2026-05-29"
LABEL = "الأدلة الرقمية، NCU (الإجراءات)"
"""Joined letters beside Latin ones: no printer of SVG takes them from two fonts."""


def _document(language: str) -> Document:
    about = About("one", "عنوان", "وصف", standalone=True)
    svg = moved_bars([MovedBar(LABEL, None, Fraction(25))], about)
    table = Table(
        "الجدول", (Column("المجال", 0.5), Column("النتيجة", 0.5)),
        (((Line("القانون Law"),), (Line("3f2a" * 16, "mono"),)),),
    )  # fmt: skip
    quoted = Paragraph("In the ministry's own words.", "plain", "en")
    high = int(re.search(r'height="(\d+)"', svg)[1])  # type: ignore[index]
    picture = Picture(svg, "عنوان", "وصف", 720, high)
    ended = Paragraph(f"انتهت في {DAY}.")
    section = Section("النتائج", (table, quoted, ended, picture))
    return Document("موجز", "عنوان", "", language, "فريق", "وصف", "", (), (section,))


def test_a_page_says_its_direction_and_that_of_words_in_another_language() -> None:
    with speaking("ar"):
        page = write_page(_document("ar")).decode("utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert 'lang="en" dir="ltr"' in page
    assert '<html lang="en" dir="ltr">' in write_page(_document("en")).decode("utf-8")


def test_a_picture_is_mirrored_and_its_words_are_not() -> None:
    bar = MovedBar(LABEL, Fraction(40), Fraction(60))
    with speaking("ar"):
        turned = moved_bars([bar], About("one", "t", "d"))
    assert 'transform="translate(720 0) scale(-1 1)"' in turned
    assert re.search(rf'<text x="720"[^>]*text-anchor="end">&#x2067;{LABEL.split()[0]}', turned)
    assert "scale(-1 1)" not in moved_bars([bar], About("one", "t", "d"))


def test_a_picture_with_joined_and_latin_letters_is_printed_in_either_direction() -> None:
    with speaking("ar"):
        turned = print_document(_document("ar"), at=AT)
    assert turned.pdf.startswith(b"%PDF")
    assert not turned.replaced
    assert not print_document(_document("en"), at=AT).replaced


def test_a_text_document_marks_paragraphs_tables_and_runs() -> None:
    with speaking("ar"):
        made = write_text_document(_document("ar"), at=AT)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        body, styles = (archive.read(f"word/{n}.xml").decode() for n in ("document", "styles"))
    assert "<w:bidiVisual/>" in body
    assert "<w:bidi/></w:sectPr>" in body
    assert "<w:rPr><w:rtl/></w:rPr>" in body
    assert re.search(r'<w:r><w:t xml:space="preserve">Law</w:t></w:r>', body)
    assert "<w:pPr><w:bidi/></w:pPr>" in styles
    with zipfile.ZipFile(io.BytesIO(write_text_document(_document("en"), at=AT))) as archive:
        assert b"bidi" not in archive.read("word/document.xml")


def test_a_day_keeps_the_order_of_its_parts_after_arabic_letters() -> None:
    kept = f"\u2066{DAY}\u2069"
    with speaking("ar"):
        page, file = write_page(_document("ar")), write_text_document(_document("ar"), at=AT)
        assert isolated(f"من {DAY} إلى {DAY} 14:05.") == f"من {kept} إلى \u2066{DAY} 14:05\u2069."
        assert (
            isolated("01a22870-3-1e7a SHA-256 legal-2026-2")
            == "01a22870-3-1e7a SHA-256 legal-2026-2"
        )
        assert (
            isolated("النشاط 2026-P-007 (16.a)")
            == "النشاط \u20662026-P-007\u2069 (\u206616.a\u2069)"
        )
        assert isolated("30.0 (+7.5)") == "30.0 (\u2066+7.5\u2069)"
        assert isolated("44.4–52.1") == "44.4–52.1"
        assert isolated("الرصيد -11,196.51 USD") == "الرصيد \u2066-11,196.51\u2069 USD"
    assert f"في {kept}." in page.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert kept in archive.read("word/document.xml").decode()
    assert isolated(f"on {DAY}") == f"on {DAY}"


def test_the_full_stop_of_an_english_sentence_stays_at_its_end_in_an_arabic_file() -> None:
    files = {}
    for language in ("ar", "en"):
        with speaking(language):
            made = write_text_document(_document(language), at=AT)
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            files[language] = archive.read("word/document.xml").decode()
    assert "own words.\u200e</w:t>" in files["ar"]
    assert "\u200e" not in files["en"]
