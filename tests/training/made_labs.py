"""Labs made into folders, and answers compared with their keys, for the tests of labs and solvers.

The comparison here is plainer than the marks that trainees get: an answer has all points of its
question or none.
"""

from __future__ import annotations

import atexit
import csv
import io
import shutil
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT
from kancil.training.key import Expected
from kancil.training.lab import FILES, MANIFEST, SMALL, Knobs, Lab, Made
from kancil.training.labs import LABS
from kancil.training.question import Answers, Kind, Question

VARIANT = "019c0000-0000-7000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Folder:
    """A lab that was made."""

    folder: Path
    made: Made

    @property
    def files(self) -> Path:
        return self.folder / FILES

    @property
    def digests(self) -> dict[str, str]:
        paths = sorted(self.files.iterdir())
        return {path.name: sha256_hex(path.read_bytes()) for path in paths}

    @property
    def sha256(self) -> str:
        """One digest of all files and their names."""
        return sha256_hex(canonical.dumps(self.digests))

    @property
    def texts(self) -> dict[str, str]:
        bare = (".dat", ".zip")
        paths = sorted(path for path in self.files.iterdir() if path.suffix not in bare)
        return {path.name: path.read_text("utf-8") for path in paths}

    def expected(self, question: str) -> Expected:
        return next(each for each in self.made.expected if each.question == question)


def lab_named(name: str) -> Lab:
    return next(lab for lab in LABS if lab.name == name)


def make(lab: Lab, folder: Path, seed: int, knobs: Knobs = SMALL) -> Folder:
    """Make a variant with a manifest that a solver can read."""
    files = folder / FILES
    files.mkdir(parents=True)
    made = lab.make(files, seed, knobs, SILENT)
    manifest = {
        "basis": plain(made.basis),
        "evidence": [plain(each) for each in made.evidence],
        "lab": lab.name,
        "questions": [plain(each) for each in made.questions],
        "story": [plain(each) for each in made.story],
        "variant": VARIANT,
    }
    (folder / MANIFEST).write_bytes(canonical.dumps(manifest))
    return Folder(folder, made)


@cache
def made_once(name: str) -> Folder:
    """The SMALL variant of seed 7 of a lab, made once for all tests of a process."""
    place = Path(mkdtemp(prefix="kancil-test-lab-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return make(lab_named(name), place / "lab", 7)


def phrases(made: Made) -> list[Phrase]:
    """Everything that a lab says."""
    found = [*made.story, made.basis]
    found += [each for one in made.evidence for each in (one.title, one.source)]
    for question in made.questions:
        found += [question.words, *(hint.words for hint in question.hints)]
        found += [choice.words for choice in question.choices]
    for expected in made.expected:
        found += [expected.why, *expected.accusations.values()]
        found += [criterion.words for criterion in expected.rubric]
    return found + [each.words for each in made.timeline]


def points(folder: Folder, answers: Answers) -> tuple[int, int, list[str]]:
    """Points of those a machine can give, how many there are, and what was wrong."""
    asked = [each for each in folder.made.questions if each.kind is not Kind.TEXT]
    wrong = [
        f"{each.id}: {answers.values.get(each.id)!r}, right is {folder.expected(each.id).value!r}"
        for each in asked
        if not is_right(each, folder.expected(each.id), answers.values.get(each.id))
    ]
    lost = {line.split(":")[0] for line in wrong}
    return (
        sum(each.points for each in asked if each.id not in lost),
        sum(each.points for each in asked),
        wrong,
    )


def is_right(question: Question, expected: Expected, value: Any) -> bool:
    if value is None:
        return False
    if question.kind is Kind.AMOUNT:
        off = abs(Decimal(value) - Decimal(expected.value))
        return off <= Decimal(expected.tolerance or "0")
    if question.kind is Kind.TIME:
        off_s = datetime.fromisoformat(value) - datetime.fromisoformat(expected.value)
        return abs(off_s.total_seconds()) <= int(expected.tolerance or "0")
    if question.kind is Kind.SET:
        return sorted(value) == sorted(expected.value)
    if question.kind is Kind.FINDING:
        pointers = set(value["pointers"])
        known = set(expected.value["pointers"])
        return value["statement"] == expected.value["statement"] and pointers <= known
    return bool(value == expected.value)


def rows(folder: Folder, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file by their columns."""
    return list(csv.DictReader(io.StringIO(folder.texts[name], newline="")))
