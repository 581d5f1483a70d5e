"""Templates of activities: the files that come with Kancil, and what is found wrong in one."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from kancil.ground.errors import NotCanonical
from kancil.programme.template import Session, Template, faults, templates
from kancil.programme.vocabulary import ActivityKind, Moment


def test_every_template_is_whole() -> None:
    found = templates()
    assert len(found) == 5
    for each in found.values():
        assert list(faults(each)) == [], each.id
        assert each.title
        assert each.purpose
        needs = {ActivityKind.TRAINING, ActivityKind.WORKSHOP, ActivityKind.CONFERENCE}
        assert bool(each.agenda) is (each.kind in needs)


def test_the_model_calendar_has_what_the_programme_announced() -> None:
    kinds = {name: each.kind for name, each in templates().items()}
    assert kinds == {
        "cryptocurrency-tracing-training": ActivityKind.TRAINING,
        "social-media-workshop": ActivityKind.WORKSHOP,
        "darknet-penetration-study": ActivityKind.STUDY,
        "child-exploitation-conference": ActivityKind.CONFERENCE,
        "judges-and-prosecutors-training": ActivityKind.TRAINING,
    }
    assert templates()["cryptocurrency-tracing-training"].evaluations == tuple(Moment)


def test_a_session_falls_on_its_day() -> None:
    session = Session(3, "09:00", "12:30", "Following coins")
    wanted = (date(2027, 3, 3), time(9), time(12, 30))
    assert session.on(date(2027, 3, 1)) == wanted


def test_days_and_hours_that_do_not_fit_are_found() -> None:
    agenda = (
        Session(3, "09:00", "10:00", "Beyond the last day"),
        Session(1, "10:00", "09:00", "Ends first"),
        Session(1, "nine", "10:00", "No hour"),
    )
    one = Template(ActivityKind.TRAINING, "T", "P", 2, agenda=agenda)
    assert len(list(faults(one))) == 3
    assert "days" in list(faults(Template(ActivityKind.STUDY, "T", "P", 0)))


@pytest.mark.parametrize(
    "text", ["kind: party\ntitle: T\npurpose: P\ndays: 1\n", "title: T\n", "- training\n"]
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(NotCanonical):
        templates(tmp_path)
