"""The desk's ledger on both databases: links, the lock, damage, threads, hostile text."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.entry import NO_HASH, Draft
from kancil.custody.errors import (
    EntryNotFound,
    LedgerFileBroken,
    LedgerOfOtherUnit,
    OfficerNotFound,
)
from kancil.custody.merkle import root_of
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_entries, verify_ledger
from kancil.desk.cases.index import open_ledger
from kancil.desk.cases.models import Case
from kancil.desk.custody import store
from kancil.desk.custody.models import LedgerEntry, LedgerHead
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground import clock
from kancil.ground.errors import KancilError
from kancil.ground.ids import OfficerId, new_id
from tests.custody.sample import Sample, founded_in, make_sample_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import ON_BOTH, Desk


def disk_draft(anna: ActingOfficer, seen: str = "x") -> Draft:
    return Draft("unit.disk-stated", {"encrypted": "yes", "exception": None, "seen": seen}, anna.id)


def sampled(desk: Desk) -> tuple[DeskLedger, Sample]:
    ledger = desk.ledger()
    return ledger, make_sample_in(ledger, desk.workspace.unit.id)


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_entries_are_linked_in_unit_case_and_exhibit(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    entries = list(ledger.entries())
    assert [entry.n for entry in entries] == list(range(1, 10))
    assert entries[0].prev == NO_HASH
    for before, after in pairwise(entries):
        assert after.prev == before.hash.hex()
    in_case = list(ledger.case_entries(sample.case))
    assert [entry.case.n for entry in in_case if entry.case] == [1, 2, 3, 4, 5]
    phone = list(ledger.exhibit_entries(sample.phone))
    assert [(entry.n, entry.exhibit.n) for entry in phone if entry.exhibit] == [
        (6, 1), (8, 2), (9, 3),
    ]  # fmt: skip
    assert phone[1].exhibit is not None
    assert phone[1].exhibit.prev == phone[0].hash.hex()
    head = ledger.head()
    assert (head.size, head.hash) == (9, entries[-1].hash)
    assert head.root == root_of(entry.hash for entry in entries)
    assert ledger.hashes(4) == [entry.hash for entry in entries[:4]]
    assert ledger.derived_faults() == []
    assert verify_ledger(ledger).problems == []
    rows_against_ledger(ledger)
    for n in (0, 10):
        with pytest.raises(EntryNotFound):
            ledger.read(n)
    with pytest.raises(EntryNotFound):
        ledger.hashes(10)


def test_an_empty_ledger_has_an_empty_head(desk: Desk) -> None:
    ledger = desk.ledger()
    head = ledger.head()
    assert (head.size, head.hash, head.root) == (0, bytes(32), root_of([]))
    assert list(ledger.lines()) == []
    assert ledger.derived_faults() == []
    assert ledger.folded(Roll).size == 0
    rows_against_ledger(ledger)


def test_reading_goes_on_over_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, _ = sampled(desk)
    whole = list(ledger.lines())
    for rows in (1, 3, 9, 10):
        monkeypatch.setattr(store, "_PAGE_ROWS", rows)
        assert list(ledger.lines()) == whole
        assert list(ledger.lines(4)) == whole[3:]
        assert desk.ledger().folded(Roll).size == 9


def test_a_clock_that_ran_backwards_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    before = ledger.read(2).at
    wrong = before - timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: wrong)
    entry = ledger.append(disk_draft(anna), anna.signer)
    assert entry.at == before
    assert entry.body["clock"] == clock.to_text(wrong)
    assert verify_entries(ledger.lines()).problems == []


@ON_BOTH
def test_an_act_that_fails_leaves_nothing(desk: Desk) -> None:
    ledger, sample = sampled(desk)

    def fail(view: object) -> Draft:
        raise KeyError(view)

    with pytest.raises(KeyError):
        ledger.append_with(fail, sample.anna.signer)
    stranger = ActingOfficer(OfficerId(new_id()), sample.anna.signer)
    with pytest.raises(OfficerNotFound):
        open_case(ledger, title="No", basis=from_text("Court"), by=stranger)
    assert ledger.head().size == 9
    assert ledger.append(disk_draft(sample.anna), sample.anna.signer).n == 10


@ON_BOTH
def test_what_an_outer_transaction_takes_back_is_not_kept_in_the_fold(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    kept = ledger.folded(Roll)
    phantoms: list[str] = []

    def opened(*, taken_back: bool = False) -> str:
        with one_transaction():
            entry = open_case(ledger, title="Phantom", basis=from_text("Court"), by=sample.anna)
            phantoms.append(str(entry.case_id))
            assert entry.case_id in ledger.folded(Roll).cases
            if taken_back:
                raise ZeroDivisionError
        return str(entry.case_id)

    with pytest.raises(ZeroDivisionError):
        opened(taken_back=True)
    assert ledger.head().size == 9
    assert phantoms[0] not in ledger.folded(Roll).cases
    assert not Case.objects.filter(id=phantoms[0]).exists()
    with one_transaction():
        with pytest.raises(ZeroDivisionError):
            opened(taken_back=True)
        second = opened()
    assert ledger.folded(Roll) is not kept
    assert [case.number for case in ledger.folded(Roll).cases.values()] == [1, 2]
    assert second in ledger.folded(Roll).cases
    rows_against_ledger(ledger)
    assert verify_ledger(ledger).problems == []


def test_the_roll_is_only_continued_also_over_another_ones_entries(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    roll = ledger.folded(Roll)
    desk.ledger().append(disk_draft(sample.anna), sample.anna.signer)
    assert ledger.folded(Roll) is roll
    assert roll.size == 10


def test_another_units_ledger_is_refused(desk: Desk) -> None:
    _, sample = sampled(desk)
    with pytest.raises(LedgerOfOtherUnit):
        DeskLedger(new_id(), desk.ledger()._rows)
    assert open_ledger(desk.workspace).head().size == 9
    assert sample.unit == desk.workspace.unit.id


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE ledger_entry SET hash = data WHERE n = 4", "hash"),
        ("UPDATE ledger_entry SET case_n = 99 WHERE n = 7", "case_n"),
        ("UPDATE ledger_entry SET exhibit_id = 'x' WHERE n = 8", "exhibit_id"),
        ("UPDATE ledger_entry SET kind = 'x' WHERE n = 8", "kind"),
        ("UPDATE ledger_head SET size = 10, edge = (SELECT edge FROM ledger_head)", "head"),
    ],
)
def test_a_changed_derived_column_is_found(desk: Desk, statement: str, column: str) -> None:
    ledger, _ = sampled(desk)
    change(statement)
    assert [found for _, found in ledger.derived_faults()] == [column]
    assert [problem.code for problem in verify_ledger(ledger).problems] == ["derived-column-wrong"]


def test_a_changed_entry_is_found_and_stops_the_fold(desk: Desk) -> None:
    ledger, _ = sampled(desk)
    LedgerEntry.objects.filter(n=5).update(data=b'{"signature":"nothing"}')
    with pytest.raises(KancilError) as told:
        desk.ledger().folded(Roll)
    assert told.value.code == "entry-not-readable"
    codes = {problem.code for problem in verify_ledger(ledger).problems}
    assert codes == {"entry-not-readable", "link-wrong", "case-link-wrong", "derived-column-wrong"}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_entry WHERE n = 9",
        "UPDATE ledger_head SET size = 8",
        "UPDATE ledger_head SET size = 3",
        "UPDATE ledger_head SET hash = edge",
    ],
)
def test_nothing_is_appended_to_a_head_that_is_not_the_last_entry(
    desk: Desk, statement: str
) -> None:
    ledger, sample = sampled(desk)
    change(statement)
    with pytest.raises((LedgerFileBroken, EntryNotFound)):
        ledger.append(disk_draft(sample.anna), sample.anna.signer)
    assert LedgerEntry.objects.count() in (8, 9)


def test_a_damaged_edge_is_told(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    LedgerHead.objects.update(edge=b"short")
    for act in (ledger.head, lambda: ledger.append(disk_draft(sample.anna), sample.anna.signer)):
        with pytest.raises(LedgerFileBroken):
            act()


def test_a_whole_ledger_can_be_taken_over_all_or_none(desk: Desk, maker: Any, kind: str) -> None:
    ledger, _ = sampled(desk)
    lines, head = list(ledger.lines()), ledger.head()
    other = maker.make(kind, desk.workspace.root.parent / "other")
    copy = DeskLedger(desk.workspace.unit.id, other.ledger()._rows)
    with pytest.raises(KancilError):
        copy.import_lines(iter([*lines[:6], b"{}"]))
    assert (copy.head().size, LedgerEntry.objects.count()) == (0, 0)
    rows_against_ledger(copy)
    assert copy.import_lines(iter(lines[:6])) == 6
    with pytest.raises(LedgerFileBroken):
        copy.import_lines(iter(lines))
    assert copy.import_lines(iter(lines[6:]), after=6) == 9
    assert copy.head() == head
    assert list(copy.lines()) == lines
    assert copy.derived_faults() == []
    rows_against_ledger(copy)


HOSTILE = ("NUL \x00 inside", "' OR 1=1 --", "\u202egnp.exe", "<script>", "\U0001f98c" * 3, "%s {}")


@ON_BOTH
def test_hostile_text_is_kept_to_the_letter_in_entries_and_shown_in_rows(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    for title in (*HOSTILE, "x" * 100_000):
        entry = open_case(ledger, title=title, basis=from_text("Court"), by=sample.anna)
        assert ledger.read(entry.n).body["title"] == title
        shown = Case.objects.get(id=entry.case_id).title
        assert shown == title.replace("\x00", "\ufffd")
    rows_against_ledger(ledger)
    assert verify_ledger(ledger).problems == []


def in_threads(count: int, act: Callable[[int], None]) -> None:
    """Run an act in so many threads at once; what one raises is raised here."""
    faults: list[BaseException] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait(10)
            act(number)
        except BaseException as error:  # noqa: BLE001  # raised below, in the test's own thread
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    if faults:
        raise faults[0]


def test_eight_threads_append_through_one_ledger_and_read_it_meanwhile(desk: Desk) -> None:
    ledger, sample = sampled(desk)
    each = 25

    def act(number: int) -> None:
        for turn in range(each):
            if number % 2:
                title = f"{number}/{turn}"
                open_case(ledger, title=title, basis=from_text("Court"), by=sample.anna)
            else:
                ledger.append(disk_draft(sample.anna), sample.anna.signer)
            with store.folds_held():
                roll = ledger.folded(Roll)
                numbers = [case.number for case in roll.cases.values()]
            assert numbers == list(range(1, len(numbers) + 1))

    in_threads(8, act)
    assert ledger.head().size == 9 + 8 * each
    assert len(ledger.folded(Roll).cases) == 1 + 4 * each
    assert verify_ledger(ledger).problems == []
    rows_against_ledger(ledger)


def test_the_first_entry_of_all_is_written_once_by_eight_threads(desk: Desk) -> None:
    ledger = desk.ledger()
    done: list[int] = []

    def act(_: int) -> None:
        with one_transaction():
            if not ledger.head().size:
                founded_in(ledger)
                done.append(1)

    in_threads(8, act)
    assert done == [1]
    assert ledger.head().size == 2


def test_who_opens_the_same_desk_again_shares_what_was_folded(desk: Desk) -> None:
    _, sample = sampled(desk)
    first = open_ledger(desk.workspace)
    roll = first.folded(Roll)
    desk.open()
    again = open_ledger(desk.workspace)
    assert again.folded(Roll) is roll
    again.append(disk_draft(sample.anna), sample.anna.signer)
    assert first.folded(Roll).size == 10
    # Another database under the same unit is another ledger.
    connection.settings_dict["PORT"] = "1"
    assert open_ledger(desk.workspace) is not first
