"""Whatever is done, refused and taken back, in any order: rows, fold and ledger say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.custody import cases, exhibits
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis, from_text
from kancil.custody.officers import retire_officer
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_entries
from kancil.desk.access.actions import add_member, admit_person, enter_case, remove_member
from kancil.desk.base.opening import close_desk
from kancil.desk.cases.actions import open_case
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.desk.people.models import Person, Role
from kancil.ground.errors import KancilError
from kancil.ground.ids import BasisId, CaseId, ExhibitId, TraceId, new_id
from tests.custody.sample import CONTENT, SEIZED_AT, add_colleague, founded_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import QUICK_AND_THOROUGH, Maker

pytestmark = pytest.mark.thorough

LONG_AGO = LegalBasis(
    BasisId(new_id()), "warrant", "1/2020", "Court", date(2020, 1, 1), date(2020, 2, 1)
)


class TakenBack(Exception):
    """An outer act changes its mind."""


@dataclass
class World:
    """A desk with people and officers, and one case to begin with."""

    ledger: DeskLedger
    anna: ActingOfficer
    boun: ActingOfficer
    refused: list[str] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return Person.objects.get(username="anna")

    def case(self) -> CaseId:
        """The case that was opened last."""
        return next(reversed(self.ledger.folded(Roll).cases))

    def exhibit(self) -> ExhibitId:
        """The exhibit that came last, or the id of none."""
        return next(reversed(self.ledger.folded(Roll).exhibits), ExhibitId(new_id()))


def opens(world: World) -> None:
    basis = from_text("Court")
    open_case(world.ledger, title="Case", basis=basis, opener=world.person, by=world.anna)


def opens_without_basis(world: World) -> None:
    open_case(world.ledger, title="Late", basis=LONG_AGO, opener=world.person, by=world.anna)


def lets_in(world: World) -> None:
    add_member(world.ledger, case=world.case(), username="boun", by=world.anna, adder=world.person)


def puts_out(world: World) -> None:
    remove_member(world.ledger, case=world.case(), username="boun", reason="x", by=world.anna)


def looks(world: World) -> None:
    enter_case(world.ledger, case=world.case(), person=world.person, session="s", by=world.anna)


def seizes(world: World) -> None:
    exhibits.seize_exhibit(
        world.ledger, case=world.case(), title="Phone", item=exhibits.Item("a phone", seal="S1"),
        place="Vientiane", seized_at=SEIZED_AT, seized_from=None, seized_by=world.boun.id,
        by=world.anna,
    )  # fmt: skip


def adds(world: World) -> None:
    exhibits.add_exhibit(
        world.ledger, case=world.case(), title="File", content=CONTENT, source="usb", by=world.boun
    )


def adds_to_the_same(world: World) -> None:
    exhibits.add_exhibit(
        world.ledger, case=world.case(), title="File", content=CONTENT, source="usb",
        by=world.anna, exhibit=world.exhibit(),
    )  # fmt: skip


def stores(world: World) -> None:
    exhibits.store_exhibit(
        world.ledger, exhibit=world.exhibit(), place="Locker", seal="S2", reason=None, by=world.anna
    )


def unseals(world: World) -> None:
    exhibits.open_exhibit(
        world.ledger, exhibit=world.exhibit(), place="Room", seal="S2", reason="x", by=world.anna
    )


def gives_to_court(world: World) -> None:
    exhibits.deposit_exhibit(
        world.ledger, exhibit=world.exhibit(), to="Court", place="Vientiane", seal=None,
        reason=None, by=world.anna,
    )  # fmt: skip


def disposes(world: World) -> None:
    order = exhibits.DisposalOrder("Court", None, date(2026, 1, 1), None)
    exhibits.dispose_exhibit(world.ledger, exhibit=world.exhibit(), order=order, by=world.anna)


def traces(world: World) -> None:
    parameters = {"direction": "forward", "policy": "fifo"}
    cases.record_trace(
        world.ledger, case=world.case(), trace=TraceId(new_id()), result_sha256="a" * 64,
        provenance={"chain": "main", "parameters": parameters}, by=world.anna,
    )  # fmt: skip


def finds(world: World) -> None:
    cases.accept_finding(
        world.ledger, case=world.case(), finding_class="chain-fact", code="payment", params={},
        language="en", text="It was paid.", trace=None, result_sha256=None, by=world.anna,
    )  # fmt: skip


def bundles(world: World) -> None:
    cases.record_bundle(
        world.ledger, case=world.case(), analysis_sha256="b" * 64, traces=[], purpose="court",
        by=world.anna, bundle_format="kancil-bundle/2", page_sha256=None,
    )  # fmt: skip


def retires(world: World) -> None:
    retire_officer(world.ledger, officer=world.boun.id, reason="moved", by=world.anna)


ACTS: tuple[Callable[[World], None], ...] = (
    opens, opens_without_basis, lets_in, puts_out, looks, seizes, adds, adds_to_the_same, stores,
    unseals, gives_to_court, disposes, traces, finds, bundles, retires,
)  # fmt: skip

STEPS = st.lists(
    st.tuples(st.lists(st.sampled_from(ACTS), min_size=1, max_size=3), st.booleans()),
    min_size=1,
    max_size=12,
)
"""Groups of acts; each group is done act by act, or as one transaction that is taken back."""


def do(world: World, acts: list[Callable[[World], None]]) -> None:
    for act in acts:
        try:
            act(world)
        except KancilError as error:
            world.refused.append(error.code)


def take_back(world: World, acts: list[Callable[[World], None]]) -> None:
    with one_transaction():
        do(world, acts)
        raise TakenBack


@pytest.mark.parametrize("kind", QUICK_AND_THOROUGH)
def test_rows_fold_and_ledger_agree_after_any_sequence_of_acts(
    kind: str, maker: Maker, tmp_path: Path
) -> None:
    made = iter(range(10_000))

    @settings(max_examples=25)
    @given(steps=STEPS)
    def agree(steps: list[tuple[list[Callable[[World], None]], bool]]) -> None:
        desk = maker.make(kind, tmp_path / f"unit{next(made)}")
        ledger = desk.ledger()
        _, anna = founded_in(ledger)
        world = World(ledger, anna, add_colleague(ledger, anna, "Boun"))
        for name in ("anna", "boun"):
            admit_person(ledger, username=name, name=name, role=Role.OFFICER, by=anna)
        opens(world)
        for acts, taken_back in steps:
            before = ledger.head()
            if taken_back:
                with pytest.raises(TakenBack):
                    take_back(world, acts)
                assert ledger.head() == before
            else:
                do(world, acts)
            assert ledger.folded(Roll) == Roll.of(ledger.entries())
        rows_against_ledger(ledger)
        assert ledger.derived_faults() == []
        assert verify_entries(ledger.lines()).problems == []

    agree()
    close_desk()
