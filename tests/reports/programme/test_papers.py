"""Reports of a round: nothing in them that may not leave, and every figure as in the export."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from kancil.assessment.export import OneProtocol, write_round
from kancil.assessment.law.matrix import make_matrix, matrix_sha256
from kancil.assessment.law.spread import spreads
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.planning.plan import gaps
from kancil.assessment.protocol_files.library import named_protocol
from kancil.ground.errors import MemberNotFound
from kancil.ground.words import languages, speaking
from tests.assessment import small
from tests.assessment.test_export import reproduced
from tests.reports import poppler
from tests.reports.programme.sample_papers import (
    ALONE,
    ENDED,
    INTERVIEW,
    KHMER,
    REASON,
    WITHHELD,
    papers,
)
from tests.web.look import start_django

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kancil.reports.programme.make import MadeReport

KINDS, FORMATS = ("report", "brief"), ("pdf", "docx", "html")
WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def made(kind: str, format: str, language: str = "en", long: int = 1) -> MadeReport:
    start_django()
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    return make_report(papers(long), ReportKind(kind), ReportFormat(format), language)


def said_in(report: MadeReport, folder: Path) -> str:
    """All the words of a document, taken out of its file as a stranger would."""
    if report.format.value == "html":
        return report.data.decode("utf-8")
    if report.format.value == "docx":
        with zipfile.ZipFile(io.BytesIO(report.data)) as archive:
            parts = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
        return "\n".join(part.decode("utf-8") for part in parts)
    path = folder / "report.pdf"
    path.write_bytes(report.data)
    return poppler.text_of(path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_that_may_not_leave_is_in_it(kind: str, format: str, tmp_path: Path) -> None:
    poppler.need("pdftotext")
    said = said_in(made(kind, format), tmp_path)
    assert "Aland" in said
    assert ENDED not in said
    for secret in (INTERVIEW, WITHHELD, ALONE, "SECRET"):
        assert secret not in said, secret
        assert secret.encode() not in made(kind, format).data
    if kind == "report":
        assert REASON in said


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_other_people_are_words_and_nothing_else(kind: str, tmp_path: Path) -> None:
    poppler.need("pdftotext")
    page = said_in(made(kind, "html"), tmp_path)
    assert "<script" not in page
    assert "&lt;script&gt;alert" in page
    assert "\u202e" not in page
    text = said_in(made(kind, "docx"), tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;alert" in text
    assert "#panic(1)" in said_in(made(kind, "pdf"), tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_papers_give_the_same_bytes(kind: str, format: str) -> None:
    first = made(kind, format).data
    made.cache_clear()
    assert made(kind, format).data == first


@pytest.mark.parametrize("long", [1, 12])
def test_the_brief_has_two_pages_however_much_is_said(long: int, tmp_path: Path) -> None:
    poppler.need("pdfinfo")
    path = tmp_path / "brief.pdf"
    path.write_bytes(made("brief", "pdf", "en", long).data)
    assert re.search(r"^Pages: +2$", poppler.run("pdfinfo", path), re.M)


def test_the_brief_of_an_empty_round_has_two_pages_and_a_sentence_under_each_heading(
    tmp_path: Path,
) -> None:
    start_django()
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    poppler.need("pdfinfo")
    given = papers()
    asked = [named_protocol(name) for name in ("capability", "threat")]
    empty = [
        OneProtocol(each, {}, AREA_PROFILE_1.profile(each, {}), gaps=gaps(each, {}, {}))
        for each in asked
    ]
    whole = replace(
        given.whole, protocols=empty, plan=[], roads=(), board=[], team=[], respondents=[]
    )
    given = replace(
        given, whole=whole, row=replace(given.row, older=None), older_title="", withheld=()
    )
    path = tmp_path / "brief.pdf"
    path.write_bytes(make_report(given, ReportKind.BRIEF, ReportFormat.PDF, "en").data)
    assert re.search(r"^Pages: +2$", poppler.run("pdfinfo", path), re.M)
    page = make_report(given, ReportKind.BRIEF, ReportFormat.HTML, "en").data.decode("utf-8")
    assert not re.search(r"</h2>\s*(<h2|</section>|</div>)", page)
    for said in ("There is no plan yet", "This is the first round", "has not said yet",
                 "has not commented", "No step with an owner"):  # fmt: skip
        assert said in page, said


def test_the_brief_speaks_plainly_and_names_no_indicator(tmp_path: Path) -> None:
    page = said_in(made("brief", "html"), tmp_path)
    assert "small-2026.1" not in page
    first = ("Three strengths", "What moved", "Five priorities", "asked for")
    for part in (*first, "Findings by area", "pressing gaps", "Next steps", "What was not checked"):
        assert part in page


def test_the_pdf_is_tagged_and_has_bookmarks() -> None:
    data = made("report", "pdf").data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert b"<pdfaid:part>3</pdfaid:part>" in data
    assert b"/Outlines" in data
    assert made("report", "pdf").replaced == 0


def test_days_are_those_of_the_workspaces_clocks() -> None:
    page = made("report", "html").data.decode("utf-8")
    assert "Closed on 2026-07-01" in page
    assert "<dt>Made on</dt><dd>2026-07-01</dd>" in page
    assert "On 2026-07-01 the team recorded that" in page


def test_a_range_says_what_it_ranges_over() -> None:
    page = made("report", "html").data.decode("utf-8")
    assert "went the other way" not in page
    assert re.search(r"Range [\d.]+ to [\d.]+: without the disputed answers \(\d+\), or with", page)


def test_a_signature_is_what_somebody_recorded_and_nobody_else_checked() -> None:
    page = made("report", "html").data.decode("utf-8")
    assert page.count("nly the person who recorded it has checked") >= 2
    assert "a day that was not recorded" in page


def test_what_nobody_consents_to_stands_in_the_paper_as_on_the_page() -> None:
    start_django()
    from kancil.reports.programme.make import make_law_paper

    asked = named_protocol("legal")
    row = small.disputed("budapest.5", 0, 2)
    matrix = make_matrix(asked, small.all_settled(row), "XAA", {})
    page = make_law_paper(asked, matrix, "Aland", frozenset()).data.decode("utf-8")
    free = [each for each in asked.instruments.values() if not each.takes_consent]
    assert len(free) == 4
    assert page.count("Nothing to consent to") == 4
    assert "Disputed" in page
    assert page.count(matrix_sha256(matrix)) >= 2


def test_the_paper_of_a_matrix_is_marked_with_the_language_of_its_words() -> None:
    start_django()
    from kancil.reports.programme.make import make_law_paper

    asked = named_protocol("legal")
    matrix = make_matrix(asked, {}, "XAA", {})
    with speaking("km"):  # which has no words for it yet
        made = make_law_paper(asked, matrix, "Aland", frozenset())
    assert made.language == "en"
    assert '<html lang="en"' in made.data.decode("utf-8")


def test_the_law_at_a_glance_is_that_of_the_page() -> None:
    start_django()
    from kancil.reports.programme.charts import About
    from kancil.reports.programme.country.law_glance import law_heat, law_picture

    asked = named_protocol("legal")
    answers = [("budapest.2", 2), ("budapest.3", 0), ("budapest.4", 2)]
    settled = small.all_settled(
        *(small.agreed(name, value) for name, value in answers), small.disputed("budapest.5", 0, 2)
    )
    matrix = make_matrix(asked, settled, "XAA", {})
    one = OneProtocol(asked, settled, matrix=matrix)
    drawn = law_picture(one, matrix)
    assert drawn is not None
    found = spreads(asked, matrix.rows)
    on_page = law_heat(asked, found, About("legal", "", "", 760))

    def said(svg: str) -> list[str]:
        return re.findall(r"<text[^>]*>([^<]*)</text>", svg)

    assert said(drawn.svg) == said(on_page)
    group = found["budapest", "substantive_offence"]
    assert f"{group.answered}/{group.asked}" in said(drawn.svg)
    assert "S!" in said(drawn.svg)
    assert "in law" in "".join(each for each in said(drawn.svg) if "answered as" in each)
    assert len(set(re.findall(r"rotate\(-90", on_page))) == 1
    assert 'width="330"' in law_heat(asked, found, About("legal", "", "", 330))


def test_the_list_of_evidence_is_the_same_whoever_sees_all_answers() -> None:
    start_django()
    from kancil.reports.programme.country.evidence import evidence_of

    team = papers().whole
    from_the_country = [
        replace(one, settled={name: replace(now, answers=()) for name, now in one.settled.items()})
        for one in team.protocols
    ]
    country = evidence_of(replace(team, protocols=from_the_country))
    assert [each.item.id for each in country]
    assert evidence_of(team) == country
    assert not [each for each in country if "L2" in each.used_by], "disputed: none counts"


class _Shape(HTMLParser):
    """Gathers what a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.tags: list[str] = []
        self.figures: dict[str, list[str]] = {}
        self.scopes: list[str | None] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))
        if tag == "th":
            self.scopes.append(given.get("scope"))
        self._open = given.get("data-figure") or ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.figures.setdefault(self._open, []).append(data)
            self._open = ""


def shape(kind: str) -> _Shape:
    found = _Shape()
    found.feed(made(kind, "html").data.decode("utf-8"))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_can_be_read_aloud_and_fetches_nothing(kind: str) -> None:
    page, found = made(kind, "html").data.decode("utf-8"), shape(kind)
    assert found.levels[0] == 1
    assert found.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(found.levels))
    assert found.tags.count("table") == found.tags.count("caption")
    assert set(found.scopes) == {"row", "col"}
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert '<html lang="en" dir="ltr">' in page
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert found.tags.count("svg") == page.count('role="img"')
    assert (found.tags.count("svg") > 0) == (kind == "report")


def expected(export: dict[str, Any]) -> dict[str, str]:
    """Make every number that the report marks again, from the export alone."""
    found: dict[str, str] = {}
    for protocol in export["protocols"]:
        name = protocol["name"]
        for each in protocol["figures"]:
            key = f"{name}/{each['of']}/{each['id']}/{each['scale']['id']}"
            for member in ("percent", "coverage", "confirmed"):
                found[f"{key}/{member}"] = each[member] or "–"
        for each in protocol["bounds"]:
            for member in ("percent", "low", "high"):
                key = f"{name}/bounds/{each['of']}/{each['id']}/{each['scale']}/{member}"
                found[key] = each[member] or "–"
        for each in (protocol["comparison"] or {"figures": []})["figures"]:
            for member in ("before", "now"):
                key = f"{name}/compared/{each['of']}/{each['id']}/{each['scale']}/{member}"
                found[key] = each[member] or "–"
        outcomes = [each["outcome"] for each in protocol["indicators"]]
        for member in ("agreed", "alone", "disputed"):
            found[f"{name}/answers/{member}"] = str(outcomes.count(member))
        for row in (protocol["legal"] or {"matrix": {"rows": []}})["matrix"]["rows"]:
            key = f"{name}/matrix/{row['article']['instrument']}"
            given = row["given"]
            kind = row["status"] if row["status"] in ("disputed", "not-applicable") else (
                str(given["value"]) if given and given["kind"] == "value" else "unknown"
            )  # fmt: skip
            for member in ("asked", kind):
                found[f"{key}/{member}"] = str(int(found.get(f"{key}/{member}", 0)) + 1)
    return found


def test_every_figure_of_the_page_is_made_again_from_the_export(tmp_path: Path) -> None:
    data = write_round(papers().whole)
    reproduced(data, tmp_path)  # the figures of the export, by its page's own script
    wanted, shown = expected(json.loads(data)), shape("report").figures
    compared = {key: set(texts) for key, texts in shown.items() if key in wanted}
    assert compared == {key: {wanted[key]} for key in compared}
    assert len(compared) >= 30
    left = {key for key in shown if key not in wanted}
    assert all(key.endswith(("/asked", "/open")) or shown[key] == ["0"] for key in left), left


def test_the_text_document_has_what_an_officer_needs_to_go_on() -> None:
    with zipfile.ZipFile(io.BytesIO(made("report", "docx").data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        trees = {name: ET.fromstring(archive.read(name)) for name in names
                 if name.endswith((".xml", ".rels"))}  # fmt: skip
    body, style = trees["word/document.xml"], trees["word/styles.xml"]
    known = {each.get(f"{WORDS}styleId") for each in style.iter(f"{WORDS}style")}
    used = {each.get(f"{WORDS}val") for each in body.iter(f"{WORDS}pStyle")}
    used |= {each.get(f"{WORDS}val") for each in body.iter(f"{WORDS}rStyle")}
    used |= {each.get(f"{WORDS}val") for each in body.iter(f"{WORDS}tblStyle")}
    assert used <= known
    assert {"Title", "Heading1", "Heading2", "Heading3", "Caption"} <= used
    heads = [row for row in body.iter(f"{WORDS}tr") if row.find(f".//{WORDS}tblHeader") is not None]
    assert len(heads) > 20
    drawings = [each for each in body.iter() if each.tag.endswith("}docPr")]
    pictures = [name for name in names if name.startswith("word/media/")]
    assert len(drawings) == len(pictures) > 0
    assert all(each.get("descr") for each in drawings)
    targets = {each.get("Target") for each in trees["word/_rels/document.xml.rels"]}
    assert {f"word/{each}" for each in targets} <= set(names)
    anchors = {each.get(f"{WORDS}anchor") for each in body.iter(f"{WORDS}hyperlink")}
    marks = {each.get(f"{WORDS}name") for each in body.iter(f"{WORDS}bookmarkStart")}
    assert anchors <= marks
    assert [each.get(f"{WORDS}val") for each in style.iter(f"{WORDS}lang")] == ["en-GB"]


@pytest.mark.parametrize("language", [each for each in languages() if each != "en"])
def test_every_language_comes_out_and_says_what_it_is(language: str) -> None:
    report = made("brief", "html", language)
    assert f'<html lang="{report.language}" ' in report.data.decode("utf-8")
    assert report.language in ("en", language)
    assert made("brief", "pdf", language).replaced == 0


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(MemberNotFound):
        made("brief", "html", "xx")


def test_khmer_words_of_people_are_printed_whole(tmp_path: Path) -> None:
    poppler.need("pdffonts")
    path = tmp_path / "report.pdf"
    path.write_bytes(made("report", "pdf").data)
    assert "NotoSansKhmer" in poppler.run("pdffonts", path)
    assert KHMER[:20] in made("report", "html").data.decode("utf-8")


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_a_strangers_browser_finds_no_barrier_in_the_page(
    browser: Browser, kind: str, tmp_path: Path
) -> None:
    from tests.web.watching import BARRIERS, axe

    path = tmp_path / "page.html"
    path.write_bytes(made(kind, "html").data)
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        wider = (
            "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
        )
        assert page.evaluate(f"{wider}.length") == 0, "no column is cut off"
        page.evaluate(axe())
        assert page.evaluate(BARRIERS) == []
        page.close()
