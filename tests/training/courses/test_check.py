"""What the check of a course finds, each fault with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kancil.training.courses import checks
from kancil.training.courses.library import all_courses
from kancil.training.courses.parallel import check_wording
from kancil.training.courses.reading import check_course_folder, checked_files
from kancil.training.lab import Audience
from kancil.training.labs import LABS
from tests.training.courses.sample import sample_files, the_sample_lab

Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def _the_sample_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))


def _codes(files: Files) -> set[tuple[str, str, int]]:
    return {(each.code, each.file, each.line) for each in checked_files(files).faults}


def test_the_sample_has_no_fault() -> None:
    checked = checked_files(sample_files())
    assert checked.faults == ()
    assert checked.course is not None
    assert checked.course.outline.audience is Audience.COURT
    assert len(checked.course.own.lessons) == 5
    assert checked.course.own.pre is not None
    assert len(checked.course.own.pre.asked) == 20


def test_a_folder_is_read_in_a_child(tmp_path: Path) -> None:
    for name, content in sample_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    faults = check_course_folder(tmp_path).faults
    assert {each.code for each in faults} <= {"course-lab-unknown"}  # a child knows our own labs


LESSON = "en/lessons/01-a-digest.md"


def _edit(name: str, old: str, new: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        text = files[name].decode()
        assert old in text
        files[name] = text.replace(old, new, 1).encode()

    return edit


def _put(name: str, text: str) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(name, text.encode())


WRONG: dict[str, tuple[Callable[[Files], object], tuple[str, str, int]]] = {
    "statement without source": (
        _edit(LESSON, " [^s1: section 6.2]", ""), ("course-no-source", LESSON, 9)),
    "list without source": (_edit(LESSON, " [^s2]:", ":"), ("course-no-source", LESSON, 11)),
    "source unknown": (_edit(LESSON, "[^s1: ", "[^s9: "), ("course-source-unknown", LESSON, 9)),
    "picture missing": (
        _edit(LESSON, "exhibit.svg", "other.svg"), ("course-picture-missing", LESSON, 16)),
    "picture from the web": (
        _edit(LESSON, "../../pictures/exhibit.svg", "https://example.org/x.svg"),
        ("course-picture-missing", LESSON, 16)),
    "picture without words": (
        _edit(LESSON, "An exhibit with its number", ""),
        ("course-picture-without-words", LESSON, 16)),
    "picture that runs": (
        _put("pictures/exhibit.svg",
             '<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'),
        ("course-picture-unsafe", "pictures/exhibit.svg", 1)),
    "picture that listens": (
        _put("pictures/exhibit.svg",
             '<svg xmlns="http://www.w3.org/2000/svg"><rect onclick="x()"/></svg>'),
        ("course-picture-unsafe", "pictures/exhibit.svg", 1)),
    "picture that fetches": (
        _put("pictures/exhibit.svg",
             '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(//example.org)"/></svg>'),
        ("course-picture-unsafe", "pictures/exhibit.svg", 1)),
    "link nowhere": (
        _edit(LESSON, "(01-a-digest.md)", "(07-none.md)"), ("course-link-nowhere", LESSON, 24)),
    "lab not of the course": (
        _edit(LESSON, "lab:sample-lab", "lab:other"), ("course-link-nowhere", LESSON, 24)),
    "lab unknown": (
        _edit("course.yaml", "lab: sample-lab", "lab: other"),
        ("course-lab-unknown", "course.yaml", 1)),
    "objective not taught": (
        lambda files: [_edit("course.yaml", "teaches: [o1]", "teaches: [o2]")(files)
                       for _ in range(2)],
        ("course-objective-not-taught", "course.yaml", 1)),
    "key unknown": (
        _edit("course.yaml", "licence:", "license:"), ("course-unknown-key", "course.yaml", 34)),
    "not whole": (
        _edit("course.yaml", "hours: 4", "hours: four"), ("course-not-whole", "course.yaml", 9)),
    "marking sum": (
        _edit("course.yaml", "percent: 60}", "percent: 70}"),
        ("course-marking-sum", "course.yaml", 1)),
    "hours": (_edit("course.yaml", "hours: 4", "hours: 5"), ("course-hours-sum", "course.yaml", 1)),
    "newer": (
        _edit("course.yaml", "kancil-course/1", "kancil-course/2"),
        ("course-other-format", "course.yaml", 1)),
    "lesson missing": (
        lambda files: files.pop(LESSON), ("course-missing-file", LESSON, 1)),
    "another file": (
        _put("en/notes.txt", "x"), ("course-unknown-file", "en/notes.txt", 1)),
    "path outside": (
        _put("../x.md", "x"), ("course-unknown-file", "../x.md", 1)),
    "tests not parallel": (
        _edit("en/post.gift", "objective: o1", "objective: o2"),
        ("course-not-parallel", "en/post.gift", 1)),
    "same item in both": (
        _edit("en/post.gift", "In post case 0", "In pre case 0"),
        ("course-item-in-both", "en/post.gift", 2)),
    "item without aim": (
        _edit("en/pre.gift", "// objective: o1; source: s1", "//"),
        ("course-item-without-aim", "en/pre.gift", 2)),
    "too few items": (
        _edit("en/pre.gift", "In pre case 0, is it so? {T#No: it is so.}", "In pre case 0."),
        ("course-items", "en/pre.gift", 1)),
    "free text": (
        _edit("en/pre.gift", "{T#No: it is so.}", "{}"), ("course-item-essay", "en/pre.gift", 2)),
    "HTML in an item": (
        _edit("en/pre.gift", " In pre case 0", "[html]<b>In</b> pre case 0"),
        ("course-item-html", "en/pre.gift", 2)),
    "broken GIFT": (
        _edit("en/pre.gift", "{T#No: it is so.}", "{T#No"),
        ("gift-open-brace", "en/pre.gift", 2)),
    "trainer's part": (
        _edit("en/trainer.md", "### Show", "### Tell"),
        ("course-trainer-part", "en/trainer.md", 3)),
    "source nowhere": (
        _edit("sources.yaml", "    doi: 10.6028/NIST.FIPS.180-4\n", ""),
        ("course-source-nowhere", "sources.yaml", 1)),
}  # fmt: skip


def test_a_course_whose_longest_answers_are_right_is_named(tmp_path: Path) -> None:
    files = sample_files()
    for name, content in files.items():
        changed = content.replace(b"=the record", b"=the record that was kept at the time")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed if name == "en/pre.gift" else content)
    faults = check_course_folder(tmp_path).faults
    assert [(each.code, each.file) for each in faults if each.code == "course-longest-right"] == [
        ("course-longest-right", "en/pre.gift")
    ]


def test_the_trainer_of_a_course_has_a_solution_for_each_exercise() -> None:
    for course in all_courses():
        for written in course.written.values():
            lessons = [each.title for each in course.outline.lessons]
            parts = re.split(r"^## ", written.trainer, flags=re.M)
            by_title = {part.partition("\n")[0]: part for part in parts}
            for lesson, title in zip(course.outline.lessons, lessons, strict=True):
                practise = written.lessons[lesson.file].partition("## Practise")[2]
                exercises = re.findall(r"^\d\. ", practise.partition("## Summary")[0], re.M)
                solutions = by_title[title].partition("### Solutions")[2]
                assert len(re.findall(r"^\d\. ", solutions, re.M)) == len(exercises) > 0, title
                assert "trainer's" not in practise, "what an exercise shows stands in the lesson"


def test_no_test_of_the_library_is_passed_by_taking_the_longest_answers() -> None:
    assert not [fault for course in all_courses() for fault in check_wording(course)]


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_found_with_its_line(name: str) -> None:
    change, expected = WRONG[name]
    files = sample_files()
    change(files)
    assert expected in _codes(files)


def _translated(version: str, lesson: str) -> Files:
    files = sample_files()
    _edit("course.yaml", "authors:", "translations: [lo]\nauthors:")(files)
    for name in list(files):
        if name.startswith("en/"):
            files["lo/" + name.removeprefix("en/")] = files[name]
    for name in list(files):
        if name.startswith("lo/lessons/"):
            files[name] = f"---\ntranslates: {version}\n---\n".encode() + files[name]
    if lesson:
        files["lo/lessons/01-a-digest.md"] = lesson.encode()
    return files


def test_a_translation_beside_has_no_fault() -> None:
    assert _codes(_translated("1", "")) == set()


def test_a_translated_test_with_another_right_option_is_a_fault() -> None:
    files = _translated("1", "")
    _edit("lo/pre.gift", "{=the record ~the promise ~no}", "{~the record =the promise ~no}")(files)
    assert {(code, file) for code, file, _ in _codes(files)} == {
        ("course-item-other", "lo/pre.gift")
    }


def test_a_translation_of_another_version_is_a_fault() -> None:
    found = _codes(_translated("2", ""))
    assert ("course-translates-other", "lo/lessons/01-a-digest.md", 1) in found


def test_a_translation_that_leaves_out_a_source_is_a_fault() -> None:
    found = _codes(_translated("1", "# x\n\nIt is so [^s1].\n"))
    assert ("course-translation-sources", "lo/lessons/01-a-digest.md", 1) in found
    assert ("course-translates-nothing", "lo/lessons/01-a-digest.md", 1) in found
