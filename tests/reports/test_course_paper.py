"""Courses on paper: what stands in a lesson stands on its page."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from kancil.reports.training.manual.paper import Paper, print_course
from kancil.reports.training.manual.rich import Rich, levelled, slides_of, written_slides
from kancil.training.courses import checks
from kancil.training.courses.course import Course
from kancil.training.courses.reading import course_of
from kancil.training.labs import LABS
from tests.training.courses.sample import sample_files, the_sample_lab

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
RICH = Rich({"p.svg": "<svg/>"}, {"s1": 1, "s2": 2})


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))
    return course_of(sample_files())


def _text(pdf: bytes) -> tuple[str, PdfReader]:
    reader = PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()), reader


def test_the_trainees_paper_has_each_lesson_and_the_sources(course: Course) -> None:
    pdf = print_course(course, Paper.TRAINEE, language="en", at=AT).pdf
    text, _ = _text(pdf)
    for lesson in course.outline.lessons:
        assert lesson.title in text
    assert "A digest of 256 bits is computed from all bytes of a file [1, section 6.2]." in text
    assert "Secure Hash Standard (SHS)" in text
    assert "to be verified" in text
    assert print_course(course, Paper.TRAINEE, language="xx", at=AT).pdf == pdf


def test_the_trainers_paper_has_the_manual_and_no_lesson(course: Course) -> None:
    text, _ = _text(print_course(course, Paper.TRAINER, language="en", at=AT).pdf)
    assert "Comparing the first digits alone." in text
    assert "Has given evidence of digests in court." in text
    assert "All of it again." not in text


def test_slides_are_sixteen_to_nine_and_made_of_lessons(course: Course) -> None:
    text, reader = _text(print_course(course, Paper.SLIDES, language="en", at=AT).pdf)
    box = reader.pages[0].mediabox
    assert round(float(box.width) / float(box.height), 2) == 1.78
    assert "What a digest proves" in text
    assert len(reader.pages) == 1 + 5 * 5


def test_the_speakers_paper_has_the_notes_that_slides_leave_out(course: Course) -> None:
    slides = "# One\n\n- on the wall\n\nNote: Wait for an answer [^s1].\n\n- Then ask again.\n"
    files = {**sample_files(), "en/slides.md": slides.encode()}
    written = course_of(files)
    on_the_wall, _ = _text(print_course(written, Paper.SLIDES, language="en", at=AT).pdf)
    assert "on the wall" in on_the_wall
    assert "Wait for" not in on_the_wall
    assert "ask again" not in on_the_wall
    spoken, _ = _text(print_course(written, Paper.SPEAKER, language="en", at=AT).pdf)
    for words in ("on the wall", "Wait for an answer [1].", "Then ask again.", "FIPS", "Standard"):
        assert words in spoken
    assert "Note:" not in spoken
    made, _ = _text(print_course(course, Paper.SPEAKER, language="en", at=AT).pdf)
    assert "A digest of 256 bits is computed from all bytes of a file [1, section 6.2]." in made


def test_a_note_alone_on_its_line_begins_notes_that_are_lists() -> None:
    slides = written_slides(RICH.blocks("# One\n\nx\n\nNote:\n\n- y\n\n---\n\n# Two\n\nz\n"), "T")
    assert [[each["block"] for each in one["notes"]] for one in slides] == [["list"], []]


def test_markdown_becomes_blocks() -> None:
    blocks = RICH.blocks(
        "A **b** `c` [^s2: p. 3].\n\n1. one\n   - two\n\n| a | n |\n|---|--:|\n| x | 1 |\n\n"
        "> # said\n\n![words](../pictures/p.svg)\n\n```\ncode\n```\n"
    )
    assert [each["block"] for each in blocks] == [
        "text", "list", "grid", "quote", "picture", "code",
    ]  # fmt: skip
    assert [(each["text"], each["look"]) for each in blocks[0]["spans"]] == [
        ("A ", ""), ("b", "strong"), (" ", ""), ("c", "code"), (" ", ""), ("[2, p. 3]", "cite"),
        (".", ""),
    ]  # fmt: skip
    assert blocks[1]["is_ordered"]
    assert [each["block"] for each in blocks[1]["items"][0]] == ["text", "list"]
    assert blocks[2]["is_right"] == [False, True]
    assert blocks[3]["blocks"][0]["spans"] == [{"text": "said", "look": "strong"}]
    assert blocks[4] == {"block": "picture", "svg": "<svg/>", "alt": "words"}


def test_headings_skip_no_level() -> None:
    blocks = RICH.blocks("### a\n\n##### b\n\n## c\n\n###### d\n")
    assert [each["level"] for each in levelled(blocks)] == [2, 3, 2, 3]


def test_slides_have_the_first_sentence_and_what_their_author_wrote() -> None:
    made = slides_of(RICH.blocks("Lead in [^s1]. More.\n\n## Part\n\nSo. And so.\n\n- x\n"), "T")
    assert [(each["title"], len(each["blocks"])) for each in made] == [("T", 1), ("Part", 2)]
    assert "".join(each["text"] for each in made[1]["blocks"][0]["spans"]) == "So."
    assert [len(each["notes"]) for each in made] == [1, 1]
    written = written_slides(RICH.blocks("# One\n\nx\n\n---\n\n# Two\n\n---\n\ny\n"), "T")
    assert [(each["title"], each["is_title"]) for each in written] == [
        ("One", False), ("Two", True), ("T", False),
    ]  # fmt: skip
