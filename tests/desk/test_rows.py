"""Rows that somebody changed by hand are told by name, and written anew from the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from kancil.cli.errors import RowsDiffer
from kancil.custody.errors import LedgerBroken
from kancil.custody.verify import verify_ledger
from kancil.desk.access.actions import remove_member
from kancil.desk.cases.index import row_faults
from kancil.desk.cases.models import Case, Exhibit
from kancil.desk.people.models import Membership, Person
from kancil.ground.ids import CaseId
from tests.cli.running import read_json, run
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk
from tests.desk.test_backup import filled, take
from tests.desk.test_store import change


def asked(desk: Desk, *words: str) -> tuple[int, Any]:
    ran = run(*words, "--json", env=desk.environment())
    return ran.status, read_json(ran.out)


CHANGES = [
    ("UPDATE exhibit SET title = 'Another title'", "exhibit", "title", "changed"),
    ("UPDATE exhibit SET status = 'returned'", "exhibit", "status", "changed"),
    ("UPDATE exhibit SET seal = 'S-999'", "exhibit", "seal", "changed"),
    ("UPDATE exhibit SET size_bytes = size_bytes + 1", "exhibit", "size_bytes", "changed"),
    ("UPDATE exhibit_content SET sha256 = md5", "exhibit_content", "sha256", "changed"),
    ("DELETE FROM exhibit_content", "exhibit_content", "", "missing"),
    ("UPDATE case_row SET title = ''", "case_row", "title", "changed"),
    ("UPDATE case_row SET number = 7", "case_row", "number", "changed"),
    ("UPDATE officer SET name = 'Nobody' WHERE number = 1", "officer", "name", "changed"),
    ("UPDATE officer SET retired_at = NULL, role = 'x' WHERE number = 2",
     "officer", "role", "changed"),
    ("DELETE FROM officer WHERE number = 2", "officer", "", "missing"),
    (("INSERT INTO bundle (n, case_id, purpose, analysis_sha256, made_at) "
     "SELECT 99, id, 'x', 'x', opened_at FROM case_row"), "bundle", "", "stranger"),
    ("DELETE FROM membership WHERE person_id = (SELECT min(id) FROM person)",
     "membership", "", "missing"),
    ("UPDATE case_opening SET n = 1", "case_opening", "", "stranger"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "table", "column", "code"), CHANGES)
def test_a_row_that_somebody_changed_is_told_by_name_and_written_anew(
    desk: Desk, statement: str, table: str, column: str, code: str
) -> None:
    ledger, *_ = filled(desk)
    status, answer = asked(desk, "verify", str(desk.workspace.root))
    assert (status, answer["rows"], answer["intact"]) == (0, [], True)
    desk.open()
    change(statement)
    status, answer = asked(desk, "verify", str(desk.workspace.root))
    assert (status, answer["intact"]) == (RowsDiffer.exit_status, False)
    assert [(row["table"], row["column"], row["code"]) for row in answer["rows"]] == [
        (table, column, code)
    ]
    assert answer["problems"] == []
    ran = run("verify", desk.workspace.root, env=desk.environment())
    assert f"  {table} " in ran.out
    if code == "stranger":
        status, answer = asked(desk, "upgrade")
        assert (status, answer["error"]["code"]) == (RowsDiffer.exit_status, RowsDiffer.code)
        desk.open()
        assert len(row_faults(desk.ledger())) == 1, "what may be all that is left stays"
    status, answer = asked(desk, "upgrade", "--drop-unknown-rows")
    assert (status, answer["mended"]) == (0, 1)
    assert [(row["table"], row["code"]) for row in answer["rows"]] == [(table, code)]
    desk.open()
    assert verify_ledger(ledger).problems == []
    if table != "case_opening":  # who signed in when is not in the ledger: it cannot come back
        rows_against_ledger(desk.ledger())
    assert asked(desk, "upgrade")[1]["mended"] == 0


def test_nothing_is_mended_by_a_ledger_that_is_broken_itself(desk: Desk) -> None:
    """Rows betray entries that were cut off; mending would destroy what betrays it."""
    ledger, *_ = filled(desk)
    size = ledger.head().size
    change(f"DELETE FROM ledger_entry WHERE n = {size}")
    status, answer = asked(desk, "upgrade", "--drop-unknown-rows")
    assert (status, answer["error"]["code"]) == (LedgerBroken.exit_status, LedgerBroken.code)
    desk.open()
    assert row_faults(desk.ledger()) != []


def test_a_membership_that_no_entry_gave_is_ended(desk: Desk) -> None:
    ledger, by, _ = filled(desk)
    case = CaseId(Case.objects.get().id)
    remove_member(ledger, case=case, username="ຄໍາ", reason="moved", by=by)
    Membership.objects.create(person=Person.objects.get(username="ຄໍາ"), case_id=case)
    assert [fault.code for fault in row_faults(ledger)] == ["stranger"]
    assert ledger.mend_rows() == 1
    assert Membership.objects.count() == 1
    rows_against_ledger(ledger)


def test_mending_leaves_rows_that_are_right_as_they_are(desk: Desk) -> None:
    """Tables of other rooms hang on these rows: mending must not delete and insert them."""
    ledger, by, _ = filled(desk)
    take(desk, ledger, CaseId(Case.objects.get().id), by, b"more")
    right = set(Exhibit.objects.values_list("contents__pk", flat=True))
    change("UPDATE exhibit SET title = 'x' WHERE number = 1")
    assert ledger.mend_rows() == 1
    assert set(Exhibit.objects.values_list("contents__pk", flat=True)) == right
    rows_against_ledger(ledger)


def test_the_label_of_a_row_says_which_it_is(desk: Desk) -> None:
    ledger, *_ = filled(desk)
    change("UPDATE exhibit SET title = 'x'")
    (fault,) = row_faults(ledger)
    assert fault.row == f"E1 {Exhibit.objects.get().id}"


def test_the_models_need_no_other_migration(sqlite_desk: Desk) -> None:
    assert sqlite_desk.is_sqlite
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
