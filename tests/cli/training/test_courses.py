"""`kancil course …`, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kancil.cli.training.commands import TRAINING_COMMANDS
from kancil.training.courses import checks, kept, pack
from kancil.training.errors import CourseNotReadable
from kancil.training.labs import LABS
from tests.classroom.room import founded
from tests.cli.running import run
from tests.training.courses.sample import sample_files, the_sample_lab


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The sample course in a folder; it is read here, where its lab is known."""
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))
    from kancil.cli.training import courses

    for module, names in {
        pack: ("open_pack", "read_outline", "pack_files"),
        kept: ("open_pack", "pack_files"),
        courses: ("check_course_folder", "read_course_files", "read_course_folder"),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).here)
    made = tmp_path / "sample"
    for name, content in sample_files().items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    yield made
    kept._opened.cache_clear()


def test_every_command_of_courses_is_tried_here() -> None:
    tried = {"course list", "course check", "course print", "course export", "course import"}
    assert {name for name in TRAINING_COMMANDS if name.startswith("course ")} == tried


def test_a_course_is_checked_with_each_fault_and_its_line(folder: Path) -> None:
    good = run("course", "check", folder)
    assert (good.status, "no fault" in good.out) == (0, True), good.err
    lesson = folder / "en" / "lessons" / "01-a-digest.md"
    lesson.write_text(lesson.read_text().replace(" [^s1: section 6.2]", ""))
    bad = run("course", "check", folder)
    assert bad.status == CourseNotReadable.exit_status
    assert "en/lessons/01-a-digest.md:9: No source is named here:" in bad.out
    told = json.loads(run("course", "check", folder, "--json").out)
    (fault,) = told[0]["faults"]
    assert (fault["code"], fault["line"]) == ("course-no-source", 9)
    assert told[0]["id"] == str(folder)


@pytest.mark.thorough
def test_a_course_goes_from_one_workspace_to_another(folder: Path, tmp_path: Path) -> None:
    unit = founded(tmp_path / "room")
    out = tmp_path / "sample.kancil-course"
    made = unit.ask("course", "export", folder, "-o", out)
    assert (made["id"], made["version"]) == ("sample", "1")
    assert made["fingerprint"] in unit.run("course", "export", folder, "-o", f"{out}2").out
    refused = unit.run("course", "import", out, "--fingerprint", "another")
    assert refused.status != 0
    assert made["fingerprint"] in refused.err
    taken = unit.ask("course", "import", out, "--fingerprint", made["fingerprint"])
    assert (taken["id"], taken["lessons"]) == ("sample", 5)
    assert "sample" in {each["id"] for each in unit.ask("course", "list")}
    assert "A digest and who held it" in unit.run("course", "list").out
    again = tmp_path / "again.kancil-course"
    assert unit.ask("course", "export", "sample", "-o", again)["version"] == "1"
    assert again.read_bytes() == out.read_bytes()


def test_a_course_is_printed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "trainer.pdf"
    told = json.loads(run("course", "print", folder, "--paper", "trainer", "-o", out, "--json").out)
    assert (told["id"], told["paper"]) == ("sample", "trainer")
    assert out.read_bytes().startswith(b"%PDF-")
    assert (
        "trainee, trainer, slides, speaker"
        in run("course", "print", folder, "--paper", "poster", "-o", tmp_path / "x.pdf").err
    )
    assert "printed" not in run("course", "print", folder, "-o", out).out  # the file is there
