"""A lab is solved with what a trainee's account is given over HTTP, and never from its folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kancil.cli.main import every_command
from kancil.cli.training.bench import admitted_files, own_workspace
from kancil.custody.reading import DOWNLOADED
from kancil.ground.ids import CaseId
from kancil.ground.plain import plain
from kancil.training import labs
from kancil.training.lab import Lab
from kancil.training.labs import LABS
from kancil.training.labs.admissibility import ADMISSIBILITY
from kancil.training.making import Manifest
from kancil.training.marking.mark import machine_marked, mark
from kancil.training.solver import Given
from kancil.training.solvers import SOLVERS
from tests.cli.tables import copied_tables
from tests.desk.training.school import School
from tests.web.training.browser import Browsers

CASES = [
    pytest.param(lab, id=lab.name, marks=[pytest.mark.thorough] if lab is not ADMISSIBILITY else [])
    for lab in LABS
]
FILE = re.compile(r"/cases/\d+/exhibits/\d+/files/[0-9a-f]{64}/")


def downloaded(client: Client, run: str, manifest: Manifest, place: Path) -> Given:
    """Take the files in by the page of the lab, and download each from where that page leads."""
    page = f"/training/labs/{run}/"
    urls = dict.fromkeys(FILE.findall(client.get(page).content.decode()))
    for url in urls:
        answer: Any = client.get(f"{url}download/")
        assert answer.status_code == 200
        name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
        assert name is not None
        (place / name[1].removeprefix("TRAINING-")).write_bytes(b"".join(answer.streaming_content))
    shown = plain(manifest)  # what that page says, as data: it has neither seed nor key
    return Given({**shown, "evidence": [plain(each) for each in manifest.evidence]}, place)


def solved_share(
    lab: Lab, school: School, browsers: Browsers, place: Path, *, hides: Any
) -> tuple[float, int]:
    """Percent of the machine-marked points, and how many downloads the ledger has."""
    noy = school.join("noy")
    run = school.give(lab=lab)
    attempt = school.start(run, noy)
    client = browsers.of(noy)
    client.get(f"/training/labs/{run.id}/")  # plays what the lab plays
    client.post(f"/training/labs/{run.id}/", {"do": "take-all"})
    school.work()
    manifest, key = school.manifest(run, noy), school.key(run, noy)
    given = downloaded(client, run.id, manifest, place)
    entries = school.ledger.case_entries(CaseId(attempt.case_id))
    count = sum(1 for each in entries if each.kind == DOWNLOADED)
    hides(school.workspace.root / "training")
    solver = next(each for each in SOLVERS if each.name == lab.name)
    with copied_tables(), own_workspace(every_command()) as bench, admitted_files(manifest):
        answers = solver.solve(bench, given)
    earned, points = machine_marked(mark(key, manifest.questions, answers), manifest.questions)
    return earned / points, count


@pytest.mark.parametrize("lab", CASES)
def test_a_solver_needs_no_more_than_downloads(
    lab: Lab, school: School, browsers: Browsers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labs, "LABS", (lab,))
    place = tmp_path / "downloaded"
    place.mkdir()

    def hide(folder: Path) -> None:
        folder.rename(tmp_path / "hidden")

    share, count = solved_share(lab, school, browsers, place, hides=hide)
    assert share == 100.0
    assert count == len(list(place.iterdir())) > 0
