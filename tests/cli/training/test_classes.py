"""Classes by command: opened for a trainer, listed with their codes, and the board as rows."""

from __future__ import annotations

from tests.cli.running import Unit
from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School

__all__ = ["founded_room", "room", "sample", "school", "unit"]


def test_a_class_is_opened_listed_and_watched_by_command(school: School, room: Unit) -> None:
    recipient = str(school.identity.to_public())
    days = ("--from", "2026-03-16", "--to", "2026-03-20")
    made = room.ask(
        "class", "open", "Second class", "--trainer", "teacher", *days, "--seal-to", recipient
    )
    assert (made["title"], made["state"], len(made["join_code"])) == ("Second class", "open", 8)
    assert made["join_code"] in room.say("class", "list")
    assert [each["title"] for each in room.ask("class", "list")] == [
        "Second class", "Tracing in March",
    ]  # fmt: skip
    noy = school.join("noy")
    run = school.give()
    attempt = school.start(run, noy)
    school.answer(attempt, "payee", "bcrt1q")
    (row,) = room.ask("class", "board", "Tracing in March")
    assert (row["name"], row["place"], row["answered"], row["questions"]) == (
        "Noy", "working", 1, 9,
    )  # fmt: skip
    assert row["points"] is None


def test_what_does_not_fit_is_refused(school: School, room: Unit, unit: Unit) -> None:
    recipient = str(school.identity.to_public())
    words = ("class", "open", "X", "--from", "2026-03-16", "--to", "2026-03-20")
    assert room.refused(*words, "--trainer", "nobody", "--seal-to", recipient)["code"] == (
        "person-not-found"
    )
    school.join("noy")
    assert room.refused(*words, "--trainer", "noy", "--seal-to", recipient)["code"] == (
        "training-not-yours"
    )
    assert room.refused(*words, "--trainer", "teacher", "--seal-to", "age1wrong")["code"] == (
        "option-not-usable"
    )
    assert unit.refused("class", "list")["code"] == "classroom-needed"
