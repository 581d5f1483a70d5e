"""The regional comparison: only what was released, by the alphabet, versions never mixed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kancil.assessment.protocol_files.library import named_protocol
from tests.reports.programme.sample_papers import AT, TODAY
from tests.web.look import start_django

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.releases import RegionalRow

ASKED = named_protocol("capability")


def row(country: str, percent: str | None, *, sha256: str = ASKED.sha256) -> RegionalRow:
    start_django()
    from kancil.desk.assessment.queries.releases import RegionalRow, ReleaseRow

    release = ReleaseRow(
        f"id-{country}", "r", f"X{country[:2].upper()}", country, "First", date(2026, 1, 1),
        date(2026, 3, 1), "comparison", "A. Official", "Office", date(2026, 5, 1), "", "", None,
        "", "", "",
    )  # fmt: skip
    figure: dict[str, Any] = {
        "of": "area", "id": "lf", "scale": "stage", "percent": percent, "coverage": "88.5",
        "confirmed": "70.0", "band": "basic" if percent else None,
    }  # fmt: skip
    said = {"sha256": sha256, "method": "area-profile-1", "figures": [figure]}
    return RegionalRow(release, {ASKED.name: said})


def page_of(*rows: RegionalRow, format: str = "html") -> bytes:
    start_django()
    from kancil.reports.programme.make import ReportFormat, make_comparison

    return make_comparison(
        rows, {ASKED.name: ASKED}, ReportFormat(format), "en", kancil="0.1.0", at=AT, on=TODAY
    ).data


def test_countries_stand_by_the_alphabet_and_not_by_their_figures() -> None:
    page = page_of(row("Zed", "90.0"), row("Abe", "10.0"), row("Mid", "50.0")).decode()
    heads = re.findall(r'<th scope="col" class="number">(\w+)</th>', page)
    assert heads == ["Abe", "Mid", "Zed"]
    assert "not a ranking" in page
    assert page.count(">90.0<") == 1


def test_two_versions_of_a_protocol_never_stand_in_one_table() -> None:
    page = page_of(row("Abe", "10.0"), row("Zed", "90.0", sha256="0" * 64)).decode()
    tables = re.findall(r"<table>.*?</table>", page, re.S)
    assert not [each for each in tables if ">10.0<" in each and ">90.0<" in each]
    assert "0" * 64 in page


def test_a_figure_that_is_not_there_is_no_nought() -> None:
    page = page_of(row("Abe", None), row("Zed", "0.0")).decode()
    assert "Too few answers for a figure" in page
    assert page.count(">0.0<") == 1


def test_many_countries_stand_in_tables_that_fit_a_page_and_nothing_is_left_out() -> None:
    rows = [row(f"Land{place:02}", f"{place}.0") for place in range(1, 56)]
    page = page_of(*rows).decode()
    assert all(f">{place}.0<" in page for place in range(1, 56))
    assert max(each.count('scope="col"') for each in page.split("<table>")) <= 6
    assert page_of(*rows, format="pdf") == page_of(*rows, format="pdf")


def test_without_a_release_it_says_so() -> None:
    assert "No country has released figures" in page_of().decode()


def test_the_document_says_how_each_round_stood_and_marks_invented_countries() -> None:
    start_django()
    from kancil.desk.assessment.queries.stood import ProtocolStood, Stood

    here, older = row("Abe", "10.0"), row("Zed", "90.0")
    one = ProtocolStood("proposal", 57, 40, 6, 5, "draft")
    stood = Stood(date(2026, 5, 1), True, date(2026, 3, 1), None, True, {ASKED.name: one})
    release = replace(here.release, is_invented=True, stood=stood)
    page = page_of(replace(here, release=release), older).decode()
    assert '<p class="mark">PRACTICE: invented countries</p>' in page
    for words in (
        "The round was open on 2026-05-01", "a proposal that nobody had reviewed",
        "Agreed: 40; answered by one assessor: 6; disputed: 5; not answered: 6.",
        "Legal matrix: a draft", "not recorded, because the release is an older one",
        "Invented, for practice",
    ):  # fmt: skip
        assert words in page
    assert "PRACTICE" not in page_of(older).decode()
