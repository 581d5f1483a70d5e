"""A classroom's backup brings back its books and its labs, keys still sealed."""

from __future__ import annotations

from pathlib import Path

from kancil.cli.errors import RowsDiffer
from kancil.desk.base.opening import close_desk
from kancil.desk.training.actions.marks import Change, correct_run, mark_run, mark_text
from kancil.desk.training.actions.work import submit
from kancil.desk.training.models import Answer, Attempt, Mark
from kancil.desk.training.queries.work import newest_mark
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit, run
from tests.desk.training.school import School, reopened


def test_a_class_is_restored_and_can_be_marked_again(
    school: School, room: Unit, tmp_path: Path
) -> None:
    noy = school.join("noy")
    given = school.give()
    attempt = school.start(given, noy)
    school.answer(attempt, "payee", "bcrt1qelsewhere")
    school.answer(attempt, "account", "It went on.")
    submit(school.ledger, attempt=attempt)
    mark_run(school.ledger, school.workspace, run=given, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    mark_text(school.workspace, attempt=attempt, question="account",
              points={"clear": 1, "limits": 0}, comment="", by=school.trainer)  # fmt: skip
    correct_run(
        school.ledger, school.workspace, run=given, question="payee", reason="Both are right.",
        change=Change(also="bcrt1qelsewhere"), identities=[school.identity], by=school.trainer,
    )  # fmt: skip
    room.ask("backup", "-o", tmp_path / "room.tar")
    close_desk()
    ran = run("restore", tmp_path / "room.tar", tmp_path / "again", "--classroom")
    assert ran.status == RowsDiffer.exit_status, "no entry has this school's accounts"
    again = reopened(school, open_workspace(tmp_path / "again"))
    assert Answer.objects.count() == 2
    assert Mark.objects.count() == 3
    back = Attempt.objects.select_related("variant__run__training_class", "person").get()
    newest = newest_mark(back)
    assert newest is not None
    assert newest.key_version == 2
    done = mark_run(again.ledger, again.workspace, run=back.variant.run,
                    identities=[again.identity], by=again.trainer)  # fmt: skip
    assert (done.marked, done.same) == (0, 1)
