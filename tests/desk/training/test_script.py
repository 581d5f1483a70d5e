"""What a lab plays in the case before work begins: the unit's own entries, each act once."""

from __future__ import annotations

import pytest

from kancil.custody.roll import Roll
from kancil.desk.training import script
from kancil.desk.training.errors import StepUnknown
from kancil.desk.training.folders import manifest_of
from kancil.desk.training.models import Attempt
from kancil.desk.training.script import play_script
from kancil.ground.ids import CaseId
from kancil.training import labs
from kancil.training.lab import Step
from kancil.training.labs.admissibility import ADMISSIBILITY
from tests.desk.training.school import School

PAPERS = 10


@pytest.fixture
def court(school: School, monkeypatch: pytest.MonkeyPatch) -> School:
    """A class whose lab is the admissibility lab."""
    monkeypatch.setattr(labs, "LABS", (ADMISSIBILITY,))
    return school


def _exhibits(school: School, attempt: Attempt) -> list[str]:
    case = CaseId(attempt.case_id)
    return [
        each.kind for each in school.ledger.case_entries(case) if each.kind.startswith("exhibit.")
    ]


def test_the_court_finds_the_papers_of_the_case_as_exhibits(court: School) -> None:
    judge = court.join("judge")
    attempt = court.start(court.give(lab=ADMISSIBILITY), judge)
    kinds = _exhibits(court, attempt)
    assert kinds == ["exhibit.added", "exhibit.sealed", *["exhibit.added"] * (PAPERS - 1)]
    held = court.ledger.folded(Roll).case(CaseId(attempt.case_id)).exhibits
    assert len(held) == PAPERS
    attempt.refresh_from_db()
    assert attempt.played == PAPERS + 1


def test_a_script_that_was_killed_goes_on_and_plays_nothing_twice(
    court: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = court.join("judge")
    run = court.give(lab=ADMISSIBILITY)
    with monkeypatch.context() as patch:

        def killed(*_given: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(script, "_event", killed)
        with pytest.raises(KeyboardInterrupt):
            court.start(run, judge)
    attempt = Attempt.objects.select_related("variant__run__training_class", "person").get()
    assert (attempt.played, _exhibits(court, attempt)) == (1, ["exhibit.added"])
    steps = manifest_of(court.workspace, attempt.variant).script
    for _ in range(2):
        play_script(court.ledger, court.workspace, attempt=attempt, steps=steps,
                    by=court.server(judge))  # fmt: skip
    assert len(_exhibits(court, attempt)) == PAPERS + 1
    with pytest.raises(StepUnknown):
        play_script(court.ledger, court.workspace, attempt=attempt,
                    steps=[*steps, Step("forge")], by=court.server(judge))  # fmt: skip
