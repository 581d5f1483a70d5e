"""The report of a study: a small group is in no file, who did not answer is in each."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kancil.assessment.protocol import ScaleKind
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.study import Said, Values
from kancil.ground.plain import plain
from tests.web.look import start_django
from tools.sample_programme import STUDY

start_django()

from kancil.desk.assessment.queries.released_study import StudyText  # noqa: E402
from kancil.desk.assessment.queries.study import (  # noqa: E402
    ALL,
    Choice,
    CountryIn,
    StudyFigures,
    places,
    published_questions,
)
from kancil.reports.programme.make import MadeReport, ReportFormat, make_study  # noqa: E402
from kancil.reports.programme.study.content import Publication, study_report  # noqa: E402

AT, ON = datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1)
SECRET = "The only answer that could name its country"


def _answers(number: int) -> dict[tuple[str, str | None], tuple[Said, Values]]:
    """Of twelve countries: 7 yes, 3 planned, 2 do not know; one alone answers in words."""
    said: tuple[Said, Values] = (Said.VALUE, ("yes" if number < 7 else "planned",))
    if number >= 10:
        said = (Said.NOT_KNOWN, ())
    found: dict[tuple[str, str | None], tuple[Said, Values]] = {("L03", None): said}
    if number == 0:
        found["L02", None] = (Said.VALUE, (SECRET,))
    found["L07", None] = (Said.VALUE, ("0" if number < 6 else "4",))
    found["L08", None] = (Said.VALUE, ("no",))
    return found


def _figures(countries: int = 12) -> StudyFigures:
    asked = named_protocol("study")
    rows = tuple(
        CountryIn(
            f"X{chr(65 + n)}A", f"Land {n}", f"r{n}", "Round", ON, ON, is_invented=True,
            release=f"l{n}", official="A. Official", office="Ministry", released_on=ON,
        )
        for n in range(countries)
    )  # fmt: skip
    counted = published_questions(asked, [_answers(n) for n in range(countries)])
    few = tuple(each for each in counted if each.indicator.area == "leg")
    return StudyFigures(asked, rows, few, is_published=True)


def _made(format: ReportFormat, official: str = "") -> MadeReport:
    text = StudyText("1", "summary", "finding", "Most plan <b>law</b>.", "Olga Osei", AT, ON)
    return make_study(
        _figures(), {("summary", "finding"): text}, Choice(), Publication(official, "Office"),
        format, "en", kancil="1", at=AT, on=ON,
    )  # fmt: skip


def _words(made: MadeReport) -> str:
    if made.format is ReportFormat.DOCX:
        with zipfile.ZipFile(io.BytesIO(made.data)) as opened:
            parts = [opened.read(each) for each in opened.namelist() if each.endswith(".xml")]
        text = b" ".join(parts).decode()
    else:
        text = made.data.decode()
    text = re.sub(r'<wp:docPr [^>]*descr="([^"]*)"[^>]*>', r" \1 ", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


@pytest.mark.parametrize("format", [ReportFormat.HTML, ReportFormat.DOCX])
def test_no_small_group_and_no_small_text_is_in_a_file(format: ReportFormat) -> None:
    text = _words(_made(format))
    assert not re.search(r"\b[1-4] of 12", text)
    assert SECRET not in text
    assert "7 of 12" in text
    assert "12 of 12" in text
    assert "hidden" in text
    assert "Not answered" in text
    assert "Most plan" in text
    assert named_protocol("study").sha256 in text


def test_the_json_of_a_study_has_no_small_group() -> None:
    for each in _figures().questions:
        written = plain(each.tally)
        counts = [written["answered"], *(one["count"] for one in written["groups"])]
        assert not {1, 2, 3, 4} & {one for one in counts if one is not None}
        assert SECRET not in str(each.texts)


def test_a_draft_is_marked_until_an_official_answers_for_it() -> None:
    assert "DRAFT" in _words(_made(ReportFormat.HTML))
    published = _words(_made(ReportFormat.HTML, "B. Minister"))
    assert "DRAFT" not in published
    assert "B. Minister" in published
    assert STUDY in published


def test_a_count_stands_in_a_chart_or_in_a_table_and_never_in_both() -> None:
    parts = _made(ReportFormat.HTML).data.decode().split("<h3")
    questions = [each.split("</section")[0] for each in parts if "Answered: " in each]
    assert len(questions) == len(_figures().questions)
    drawn = [each for each in questions if "<svg" in each]
    assert len(drawn) == 1, "one alone has two counts to compare"
    assert "6 of 12; " in drawn[0], "what the bars show is read out"
    assert all(("<svg" in each) != ("<table" in each) for each in questions)


@pytest.mark.thorough
def test_the_printed_report_hides_the_same() -> None:
    import shutil
    import subprocess

    made = _made(ReportFormat.PDF)
    assert made.data.startswith(b"%PDF")
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext here")
    ran = subprocess.run([program, "-", "-"], input=made.data, capture_output=True, check=True)
    text = ran.stdout.decode()
    assert "7 of 12" in text
    assert not re.search(r"\b[1-4] of 12", text)
    assert SECRET not in text


def test_of_fewer_than_five_countries_no_question_is_printed() -> None:
    made = study_report(
        _figures(countries=4), {}, ALL, Publication(), kancil="0", on=date(2026, 11, 30)
    )
    titles = [each.title for each in made.sections]
    assert len(titles) == 2, titles


def test_answers_in_words_follow_the_rule_of_small_groups() -> None:
    asked = named_protocol("study")
    text = next(
        (each.id, part) for each in asked.indicators.values() for part, scale in places(each)
        if asked.scales[scale].kind is ScaleKind.TEXT
    )  # fmt: skip
    own = [{text: (Said.VALUE, (f"Act {number} of Land {number}",))} for number in range(7)]
    same = [{text: (Said.VALUE, ("None",))} for _ in range(5)]
    (hidden,) = [each for each in published_questions(asked, own + same)
                 if (each.indicator.id, each.part) == text]  # fmt: skip
    assert (hidden.texts, hidden.texts_hidden) == (("None",) * 5, 7)
    (open_one,) = [each for each in published_questions(asked, own, hides_small=False)
                   if (each.indicator.id, each.part) == text]  # fmt: skip
    assert (len(open_one.texts), open_one.texts_hidden) == (7, 0)


def test_a_study_whose_governments_released_their_answers_hides_nothing_and_says_why() -> None:
    asked = named_protocol("study")
    few = [_answers(number) for number in range(3)]
    counted = published_questions(asked, few, hides_small=False)
    assert not any(each.tally.is_hidden for each in counted)
    figures = replace(_figures(3), questions=counted, hides_small=False)
    assert not figures.is_too_small
    choice = Choice(all_groups_because="The seven governments agreed in writing")
    made = str(study_report(figures, {}, choice, Publication(), kancil="0", on=date(2026, 6, 1)))
    assert "No group is hidden, whatever its size. Reason: The seven governments agreed" in made
    assert "under-five" not in made
