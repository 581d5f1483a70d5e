"""Killed at every step of opening a case, adding a member and an intake: nothing is half done.

Each step is tried once, on both databases; then forty kills come at random moments.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.desk.access.actions import add_member, admit_person, enter_case, remove_member
from kancil.desk.cases.actions import admit_exhibit, keep_trace, open_case
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.models import Person, Role
from kancil.evidence.named import check_contents, named_contents
from kancil.ground import canonical
from kancil.ground.ids import TraceId, new_id
from tests.custody.sample import founded_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk
from tests.desk.killing import run_and_kill

pytestmark = pytest.mark.thorough

RANDOM_KILLS = 40
LONGEST_SECONDS = 0.5


def trip(desk: Desk, source: Path, anna: ActingOfficer) -> None:
    """Open a case, let another person in, look into it, take a file in, and end their access."""
    ledger = desk.ledger()
    opener, other = Person.objects.order_by("username")
    case = open_case(ledger, title="Case", basis=from_text("Court"), opener=opener, by=anna)
    add_member(ledger, case=case, username=other.username, by=anna, adder=opener)
    enter_case(ledger, case=case, person=other, session=new_id(), by=anna)
    source.write_bytes(random.randbytes(10_000))
    admit_exhibit(
        ledger, desk.vault, case=case, paths=[source], title="File", source="usb", by=anna
    )
    remove_member(ledger, case=case, username=other.username, reason="moved", by=anna)


def two_people(ledger: DeskLedger, by: ActingOfficer) -> None:
    for name in ("anna", "boun"):
        admit_person(ledger, username=name, name=name.title(), role=Role.OFFICER, by=by)


def whole(desk: Desk) -> tuple[DeskLedger, int]:
    """Check all that must hold, then let the next intake sweep what the killed one left.

    Gives the ledger, and how many files of the vault no entry named.
    """
    desk.open()
    ledger = desk.ledger()
    assert verify_ledger(ledger).problems == []
    rows_against_ledger(ledger)
    kinds = [entry.kind for entry in ledger.entries()]
    opened, given = kinds.count("case.opened"), kinds.count("case.member-added")
    assert opened <= given <= 2 * opened, "a case without its first member"
    roll, vault = ledger.folded(Roll), desk.vault

    def named() -> set[str]:
        return named_contents(roll, ledger.entries(), vault)

    assert list(check_contents(roll, vault)) == []
    left = len(vault.orphans(named()))
    with vault.intake_open(named):
        assert vault.orphans(named()) == []
    assert [path.name for path in desk.workspace.incoming_dir.iterdir()] == [".lock"]
    assert list(check_contents(roll, vault)) == []
    return ledger, left


def prepared(desk: Desk, tmp_path: Path) -> Callable[[], None]:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    two_people(ledger, anna)
    return lambda: trip(desk, tmp_path / "source", anna)


@pytest.mark.thorough
def test_killed_before_every_single_step(desk: Desk, tmp_path: Path) -> None:
    act = prepared(desk, tmp_path)
    step = 1
    orphans = []
    while run_and_kill(act, before=step):
        orphans.append(whole(desk)[1])
        step += 1
    assert step > 60, "the steps are not seen any more"
    assert {0, 1, 2} == set(orphans), "neither file, the file, the file and its listing"
    ledger, left = whole(desk)
    assert left == 0
    assert [entry.kind for entry in ledger.entries()][-6:] == [
        "case.opened", "case.member-added", "case.member-added", "case.entered", "exhibit.added",
        "case.member-removed",
    ]  # fmt: skip


@pytest.mark.thorough
def test_killed_at_forty_random_moments(desk: Desk, tmp_path: Path) -> None:
    act = prepared(desk, tmp_path)
    rng = random.Random(4)

    def again_and_again() -> None:
        while True:
            act()

    sizes = []
    for _ in range(RANDOM_KILLS):
        assert run_and_kill(again_and_again, after_seconds=rng.uniform(0.0, LONGEST_SECONDS))
        sizes.append(whole(desk)[0].head().size)
    assert sizes == sorted(sizes)
    assert sizes[-1] > RANDOM_KILLS, "too little was done between the kills"


def test_a_trace_killed_before_every_step_is_recorded_with_its_rows_or_not_at_all(
    desk: Desk,
) -> None:
    _, anna = founded_in(desk.ledger())
    two_people(desk.ledger(), anna)
    opener = Person.objects.order_by("username")[0]
    case = open_case(desk.ledger(), title="Case", basis=from_text("Court"), opener=opener, by=anna)

    def trace() -> None:
        keep_trace(
            desk.ledger(),
            desk.workspace,
            case=case,
            trace=TraceId(new_id()),
            provenance={"method": "bitcoin.trace"},
            result_sha256="ab" * 32,
            rows={"transfers": []},
            by=anna,
        )

    step, files = 1, set()
    while run_and_kill(trace, before=step):
        desk.open()
        rows_against_ledger(desk.ledger())
        files.add(len(list(desk.workspace.traces_dir.glob("*.json"))))
        kept_with_their_rows(desk)
        step += 1
    assert step > 10, "the steps are not seen any more"
    assert len(files) > 1, "never killed between the file and the commit"
    desk.open()
    assert kept_with_their_rows(desk) == 1


def kept_with_their_rows(desk: Desk) -> int:
    """Count recorded traces; each has a file that names it and its result."""
    recorded = [entry for entry in desk.ledger().entries() if entry.kind == "trace.run"]
    for entry in recorded:
        path = desk.workspace.traces_dir / f"{entry.body['trace']}.json"
        rows = canonical.loads(path.read_bytes())
        assert (rows["id"], rows["label"]) == (entry.body["trace"], f"T{entry.body['number']}")
        assert rows["result_sha256"] == entry.body["result_sha256"]
    return len(recorded)
