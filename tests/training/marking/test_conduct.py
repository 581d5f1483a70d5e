"""The checks of the ledger find what was done in the wrong order, and name the entries."""

from __future__ import annotations

from typing import Any

import pytest

from kancil.custody.entry import Entry
from kancil.ground.ids import CaseId
from kancil.ground.words import has, render_phrase
from kancil.training.marking.conduct import CHECKS, process_marks
from kancil.training.marking.marks import Check, State

CASE, OTHER = CaseId("case-1"), CaseId("case-2")
DARA, BOUN = "officer-1", "officer-2"
FILE, IMAGE = "aa" * 32, "bb" * 32
BASIS = {"kind": "order", "authority": "A court", "number": "1/2026"}
WORDS_ONLY = {"kind": "stated", "authority": "told by telephone", "number": None}


class Book:
    """Entries of a case, written as short as the checks need them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(
        self, kind: str, exhibit: str = "", by: str = DARA, case: str = CASE, **body: Any
    ) -> int:
        n = len(self.entries) + 1
        link = {"id": exhibit, "n": n, "prev": "0" * 64} if exhibit else None
        statement = {
            "body": body, "case": {"id": case, "n": n, "prev": "0" * 64}, "exhibit": link,
            "kind": kind, "n": n, "officer": by,
        }  # fmt: skip
        self.entries.append(Entry(b"", b"", statement))
        return n

    def take(self, exhibit: str = "e1", sha256: str | None = FILE, listing: str = "ll") -> int:
        return self.add(
            "exhibit.added", exhibit, content={"sha256": sha256, "listing_sha256": listing}
        )

    def check(self, code: str, **more: Any) -> Check:
        (found,) = process_marks(self.entries, CASE, [code], stated=[FILE], **more)
        assert has(found.reason.key)
        assert "{" not in render_phrase(found.reason)
        return found


@pytest.fixture
def book() -> Book:
    found = Book()
    found.add("case.opened", basis=BASIS)
    return found


def seen(check: Check) -> tuple[State, tuple[int, ...]]:
    return check.state, check.entries


@pytest.mark.parametrize("code", CHECKS)
def test_without_any_intake_no_check_is_met(book: Book, code: str) -> None:
    book.add("exhibit.added", "e9", case=OTHER, content={"sha256": FILE, "listing_sha256": "l"})
    found = book.check(code)
    assert (found.state, found.points, found.earned_hundredths) == (State.NOT_MET, 2, 0)
    assert has(f"name.check-{code}")


def test_an_unknown_check_is_not_applicable_and_worth_nothing(book: Book) -> None:
    found = book.check("something-new")
    assert (found.state, found.points) == (State.NOT_APPLICABLE, 0)


def test_a_basis_in_words_alone_or_after_the_work_is_not_enough() -> None:
    book = Book()
    book.add("case.opened", basis=WORDS_ONLY)
    book.take()
    assert seen(book.check("basis-first")) == (State.NOT_MET, (1,))
    book.add("case.basis-added", basis=BASIS)
    assert seen(book.check("basis-first")) == (State.NOT_MET, (2, 3))
    early = Book()
    early.add("case.opened", basis=WORDS_ONLY)
    early.add("case.basis-added", basis=BASIS)
    early.take()
    assert seen(early.check("basis-first")) == (State.MET, (2, 3))


def test_a_digest_that_did_not_come_with_the_material_is_found(book: Book) -> None:
    book.take()
    assert seen(book.check("hash-verified")) == (State.MET, (2,))
    book.take("e2", IMAGE)
    assert seen(book.check("hash-verified")) == (State.NOT_MET, (3,))


def test_several_files_of_one_intake_are_compared_where_their_listing_is_known(book: Book) -> None:
    book.take(sha256=None, listing="ll")
    assert book.check("hash-verified").state is State.NOT_MET
    assert book.check("hash-verified", listings={"ll": frozenset([FILE])}).state is State.MET
    listings = {"ll": frozenset([FILE, IMAGE])}
    assert book.check("hash-verified", listings=listings).state is State.NOT_MET


def test_an_acquisition_states_the_digest_of_its_source(book: Book) -> None:
    book.add("exhibit.seized", "e1", seized_by=DARA, item={"seal": "S-1"})
    assert book.check("hash-verified").state is State.NOT_APPLICABLE
    content = {"sha256": IMAGE, "listing_sha256": "l"}
    book.add("exhibit.acquired", "e1", content=content, source_digest=IMAGE, write_blocker="WB 1")
    assert book.check("hash-verified").state is State.MET
    book.add("exhibit.acquired", "e1", content=content, source_digest=None, write_blocker="none")
    assert seen(book.check("hash-verified")) == (State.NOT_MET, (4,))
    assert seen(book.check("original-untouched")) == (State.NOT_MET, (4,))


def hand_over(book: Book, giver: str, to: str, receipt: Any = "signed", seal: str = "") -> int:
    return book.add(
        "exhibit.transferred", "e1", by=giver, receipt=receipt, to=to, seal=seal or None,
        to_kind="officer", **{"from": giver},
    )  # fmt: skip


def test_custody_is_complete_where_each_hand_over_is_by_the_holder_with_a_receipt(
    book: Book,
) -> None:
    book.add("exhibit.seized", "e1", seized_by=DARA, item={"seal": "S-1"})
    hand_over(book, DARA, BOUN)
    assert seen(book.check("custody-complete")) == (State.MET, (3,))
    gap = hand_over(book, DARA, "laboratory")
    assert seen(book.check("custody-complete")) == (State.NOT_MET, (gap,))


def test_a_hand_over_without_receipt_and_an_act_of_somebody_else_are_gaps(book: Book) -> None:
    book.take()
    bare = hand_over(book, DARA, BOUN, receipt=None)
    assert seen(book.check("custody-complete")) == (State.NOT_MET, (bare,))
    other = Book()
    other.add("case.opened", basis=BASIS)
    other.take()
    opened = other.add("exhibit.opened", "e1", by=BOUN, seal="S-1")
    assert seen(other.check("custody-complete")) == (State.NOT_MET, (opened,))


def test_what_was_opened_and_went_on_without_a_seal_is_named(book: Book) -> None:
    book.add("exhibit.seized", "e1", seized_by=DARA, item={"seal": "S-1"})
    opened = book.add("exhibit.opened", "e1", seal="S-1")
    hand_over(book, DARA, BOUN)
    assert seen(book.check("custody-complete")) == (State.NOT_MET, (opened,))
    book.entries.pop()
    hand_over(book, DARA, BOUN, seal="S-2")
    assert book.check("custody-complete").state is State.MET


def test_an_exhibit_that_was_disposed_of_is_no_untouched_original(book: Book) -> None:
    book.take()
    assert book.check("original-untouched").state is State.MET
    gone = book.add("exhibit.disposed", "e1")
    assert seen(book.check("original-untouched")) == (State.NOT_MET, (gone,))


def run(book: Book, trace: str = "t1", reason: str = "", inputs: tuple[str, ...] = (FILE,)) -> int:
    asked = {"parameters": {"policy_reason": reason}, "inputs": list(inputs)}
    return book.add("trace.run", trace=trace, provenance=asked)


def find(book: Book, kind: str = "policy-result", trace: str = "t1", **params: str) -> int:
    return book.add("finding.accepted", **{"class": kind}, finding=f"f{len(book.entries)}",
                    trace=trace, params=params)  # fmt: skip


def test_a_finding_states_its_policy_with_a_reason_or_its_publisher(book: Book) -> None:
    book.take()
    assert book.check("limits-stated").state is State.NOT_APPLICABLE
    run(book, reason="")
    bare = find(book, policy="fifo", policy_version="2")
    assert seen(book.check("limits-stated")) == (State.NOT_MET, (bare,))
    book.add("finding.withdrawn", finding=book.entries[-1].body["finding"])
    run(book, "t2", reason="the court of appeal asks for it")
    good = find(book, trace="t2", policy="fifo", policy_version="2")
    fact = find(book, "chain-fact")
    assert seen(book.check("limits-stated")) == (State.MET, (good, fact))
    loose = find(book, "attribution", publisher="Example List")
    assert seen(book.check("limits-stated")) == (State.NOT_MET, (loose,))


def test_a_trace_reads_only_what_was_taken_in_before(book: Book) -> None:
    book.take("e0", IMAGE)
    assert book.check("traced-from-intake").state is State.NOT_APPLICABLE
    early = run(book)
    book.take()
    late = run(book)
    assert late > early
    assert seen(book.check("traced-from-intake")) == (State.NOT_MET, (early,))
    book.entries.pop(early - 1)
    assert seen(book.check("traced-from-intake")) == (State.MET, (late,))
