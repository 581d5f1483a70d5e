"""What the report's fonts can print, and what becomes of the rest."""

from __future__ import annotations

import hashlib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.reports.errors import ReportNotPrinted
from kancil.reports.pdf.glyphs import (
    FAMILIES,
    FONTS,
    Printable,
    covered,
    read_characters,
)
from tests.house.survey import english

RECORD = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))


def test_the_fonts_are_the_recorded_ones_and_their_licence_is_beside_them() -> None:
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")
    }
    assert there == RECORD["files"]
    assert len(there) == 2 * len(FAMILIES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert RECORD["source"]["licence"] == "OFL-1.1"


@pytest.mark.parametrize(
    "sample",
    [
        "Không bị thay đổi: được, ữ, ậ",
        "หลักฐานไม่ถูกเปลี่ยนแปลง ผู้ตรวจสอบ น้ำ",
        "ភស្តុតាងមិនត្រូវបានផ្លាស់ប្តូរ។ ព្រះរាជាណាចក្រ",
        "ຫຼັກຖານບໍ່ໄດ້ຖືກປ່ຽນແປງ ນ້ຳ",
        "သက်သေခံပစ္စည်း မပြောင်းလဲပါ။ ကြွေး",
        "1\u202f234.5 – “quoted” … €",
        "Łukasz Śliwa, İbrahim Yağız, Ștefan, Šárka, Þór, Đặng",  # noqa: RUF001  a name
        "\u22125 \u2192 7, 3 \u2264 4 \u2260 5 \u2265 2",
        "Гарантекс, Ґалаґан, Αθήνα, ₱ ₩ ₹ ₿",
    ],
)
def test_names_and_the_languages_of_the_region_are_printed_as_they_are(sample: str) -> None:
    printable = Printable()
    assert printable.text(sample) == sample
    assert not printable.replaced


def test_a_character_in_no_font_is_written_by_its_number_and_counted() -> None:
    printable = Printable()
    assert printable.text("日本 \u202eabc 😀\x00") == ("U+65E5U+672C U+202Eabc U+1F600U+0000")
    assert printable.text("日") == "U+65E5"
    assert printable.replaced["日"] == 2
    assert printable.replaced.total() == 6


def test_a_tree_is_made_printable_in_all_its_texts_and_in_nothing_else() -> None:
    printable = Printable()
    tree = {"✓": ["✓", 1, None, True, ("a", {"b": "ក✓"})]}
    assert printable.tree(tree) == {"✓": ["U+2713", 1, None, True, ["a", {"b": "កU+2713"}]]}
    assert printable.replaced.total() == 2


@given(st.text())
def test_whatever_the_text_is_every_character_that_remains_has_a_glyph(text: str) -> None:
    printable = Printable()
    again = printable.text(text)
    assert all(ord(character) in covered() for character in again)
    assert (again == text) == (not printable.replaced)
    assert Printable().text(again) == again


def test_no_sentence_of_ours_needs_a_character_that_the_fonts_lack() -> None:
    lacking = {key: text for key, text in english().items() if Printable().text(text) != text}
    assert not lacking


def test_the_mono_font_has_what_digests_addresses_and_amounts_are_written_with() -> None:
    for weight in ("Regular", "Bold"):
        name = f"NotoSansMono-{weight}"
        have = read_characters((FONTS / f"{name}.ttf").read_bytes(), name)
        assert have >= {ord(character) for character in "0123456789abcdefXYZ:…–\u202f"}


@pytest.mark.parametrize("cut", [0, 3, 40, 400])
def test_a_font_that_was_cut_is_refused_by_name(cut: int) -> None:
    font = (FONTS / "NotoSansLao-Bold.ttf").read_bytes()
    with pytest.raises(ReportNotPrinted) as refused:
        read_characters(font[:cut], "NotoSansLao-Bold")
    assert "NotoSansLao-Bold" in str(refused.value)
