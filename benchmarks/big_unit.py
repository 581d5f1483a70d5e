"""A big unit for the site's benchmarks: 200 cases, 20,000 exhibits, 200,000 entries, 50 accounts.

It begins as the sample unit (real blocks, labels, traces) and goes on by the acts of custody, each
entry signed by its officer, in a ledger in memory whose lines the desk then takes in. Exhibits have
bytes in the vault. All names are generated. Built once into `benchmarks/.cache`, under the version
of this file and of the tables, and checked by `verify_entries` and `row_faults`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kancil.cli.frame.desk import desk_ledger
from kancil.custody import access, cases, exhibits
from kancil.custody.accounts import record_account
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_officer
from kancil.custody.roll import Roll
from kancil.evidence.intake import take_in
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.ids import CaseId, ExhibitId, OfficerId, TraceId, new_id
from kancil.ground.workspace import Workspace, open_workspace
from tests.cli.sample_unit import built
from tests.custody.memory_ledger import MemoryLedger

CACHE = Path(__file__).resolve().parent / ".cache"
ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "generated for a benchmark only"  # noqa: S105 (of no account that is anyone's)
SEED = 20_261_124

_THINGS = ("Phone", "Laptop", "USB stick", "SIM card", "Hard disk", "Router", "Paper wallet")
_COLOURS = ("black", "white", "red", "blue", "silver")
_PLACES = ("Locker", "Shelf", "Laboratory", "Safe")
_FIRST = ("Aloun", "Bopha", "Chan", "Dara", "Etta", "Fah", "Gita", "Hnin", "Ilan", "Jaya")
_LAST = ("Akara", "Boun", "Cham", "Duong", "Ekwan")


@dataclass(frozen=True, slots=True)
class Size:
    """How big a unit is to be."""

    cases: int = 200
    exhibits: int = 20_000
    entries: int = 200_000
    people: int = 50
    cases_each: int = 20
    """Cases that each account is a member of."""


@dataclass(frozen=True, slots=True)
class BigUnit:
    """A built unit, and what its clients need to know."""

    root: Path
    facts: dict[str, Any]
    """`accounts`: each with `username` and `cases` (numbers, exhibits, digests); see `_facts`."""


def big_unit(size: Size = Size()) -> BigUnit:
    """The unit, which nobody may change; it is built if this version has not been."""
    name = f"unit-{_version(size)}"
    folder, facts = CACHE / name, CACHE / f"{name}.json"
    if not facts.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        CACHE.mkdir(exist_ok=True)
        folder.mkdir()
        found = _build(folder, size)
        facts.write_text(json.dumps(found), "utf-8")
    return BigUnit(folder / "unit", json.loads(facts.read_text("utf-8")))


def copy_of(unit: BigUnit, folder: Path) -> Path:
    """Copy a unit to be served; the vault's files, which never change, are links."""
    root = folder / "unit"
    shutil.copytree(unit.root, root, ignore=shutil.ignore_patterns("vault"))
    shutil.copytree(unit.root / "vault", root / "vault", copy_function=os.link)
    return root


def _version(size: Size) -> str:
    """Name what the unit is made of: this file, the acts' formats, the tables."""
    digest = hashlib.sha256(repr(size).encode())
    migrations = sorted(ROOT.glob("src/kancil/desk/*/migrations/0*.py"))
    for path in (Path(__file__), *migrations):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(folder: Path, size: Size) -> dict[str, Any]:
    with patch("os.fsync", lambda _: None):  # a unit that is lost is built again
        unit = built(folder)
        workspace = open_workspace(unit.root)
        desk = desk_ledger(workspace)
        server = _people_rows(desk, workspace, size)
        memory = MemoryLedger(workspace.unit.id, desk.lines())
        begun = memory.head().size
        _Acts(memory, workspace, size, server).all()
    desk.import_lines(memory.lines(begun + 1), after=begun)
    return _facts(memory, size)


def _people_rows(desk: Any, workspace: Workspace, size: Size) -> ActingOfficer:
    """Add the accounts, one password for all, and the server that signs for them."""
    from kancil.desk.access.server import ensure_server
    from kancil.desk.people.models import Person, Role

    keys = KeyRing(workspace.keys_dir)
    first = desk.folded(Roll).officer("O1")
    by = ActingOfficer(first.id, keys.officer_signer(first.id))
    ensure_server(desk, keys, name="Server", vouched_how="benchmark", by=by)
    known = Person(username="x", name="x")
    known.set_password(PASSWORD)
    Person.objects.bulk_create(
        Person(
            username=username,
            name=name,
            role=Role.EXAMINER,
            password=known.password,
            must_change_password=False,
        )
        for username, name in _names(size)
    )
    return by


def _names(size: Size) -> list[tuple[str, str]]:
    return [
        (f"p{n}", f"{_FIRST[n % len(_FIRST)]} {_LAST[n // len(_FIRST) % len(_LAST)]} {n}")
        for n in range(1, size.people + 1)
    ]


def _members(size: Size, number: int) -> list[int]:
    """List the numbers, from 0, of the cases that account `number` belongs to."""
    step = max(1, size.cases // size.people)
    return sorted({(number * step + k) % size.cases for k in range(size.cases_each)})


class _Acts:
    """The acts that make a unit big, in order."""

    def __init__(
        self, ledger: MemoryLedger, workspace: Workspace, size: Size, by: ActingOfficer
    ) -> None:
        self.ledger: Any = ledger
        self.size, self.by = size, by
        self.keys = KeyRing(workspace.keys_dir)
        self.vault = Vault(workspace.vault_dir, workspace.incoming_dir)
        self.chance = random.Random(SEED)  # noqa: S311 (generated names, no secret)
        self.officers: list[ActingOfficer] = []
        self.cases: list[CaseId] = []

    def all(self) -> None:
        """Do all of it."""
        self._add_officers()
        self._open_cases()
        sample = next(iter(self.ledger.folded(Roll).traces.values())).entry.body
        for number in range(self.size.cases * 4):
            self._trace_and_finding(self.cases[number % len(self.cases)], sample)
        held = [self._exhibit(number) for number in range(self.size.exhibits)]
        self._handle(held)

    def _add_officers(self) -> None:
        from kancil.desk.people.models import Person

        for username, name in _names(self.size):
            officer = OfficerId(new_id())
            signer = self.keys.create_officer(officer)
            add_officer(
                self.ledger, officer=officer, name=name, role="examiner",
                public_raw=signer.public_raw, vouched_how="generated", by=self.by,
            )  # fmt: skip
            record_account(
                self.ledger, account=username, name=name, role="examiner", officer=officer,
                by=self.by,
            )  # fmt: skip
            Person.objects.filter(username=username).update(officer=officer)
            self.officers.append(ActingOfficer(officer, signer))

    def _open_cases(self) -> None:
        for number in range(self.size.cases):
            title = f"Generated case {number}: {self.chance.choice(_THINGS).lower()} fraud"
            basis = from_text(f"Court of Generated Cases, {number}/2026")
            entry = cases.open_case(self.ledger, title=title, basis=basis, by=self._someone())
            self.cases.append(CaseId(str(entry.case_id)))
        for number, (username, name) in enumerate(_names(self.size)):
            for case in _members(self.size, number):
                access.add_member(
                    self.ledger, case=self.cases[case], account=username, name=name,
                    member=self.officers[number].id, by=self.by,
                )  # fmt: skip

    def _someone(self) -> ActingOfficer:
        return self.chance.choice(self.officers)

    def _trace_and_finding(self, case: CaseId, sample: dict[str, Any]) -> None:
        by, trace = self._someone(), TraceId(new_id())
        cases.record_trace(
            self.ledger, case=case, trace=trace, provenance=sample["provenance"],
            result_sha256=sample["result_sha256"], by=by,
        )  # fmt: skip
        cases.accept_finding(
            self.ledger, case=case, finding_class="policy-result", code="generated", params={},
            language="en", text="Generated: so much went from here to there.", trace=trace,
            result_sha256=sample["result_sha256"], by=by,
        )  # fmt: skip

    def _exhibit(self, number: int) -> tuple[ExhibitId, ActingOfficer]:
        given = io.BytesIO(f"generated exhibit {number}\n".encode())
        content = take_in(self.vault, ["-"], standard_input=given).content()
        by = self._someone()
        thing, colour = self.chance.choice(_THINGS), self.chance.choice(_COLOURS)
        entry = exhibits.add_exhibit(
            self.ledger,
            case=self.cases[number % len(self.cases)],
            title=f"{thing} {number:05}, {colour}",
            content=exhibits.Content(**{**content, "size_bytes": int(content["size_bytes"])}),
            source="generated",
            by=by,
        )
        return ExhibitId(str(entry.exhibit_id)), by

    def _handle(self, held: list[tuple[ExhibitId, ActingOfficer]]) -> None:
        """Seal, keep, open and hand over, until the ledger is as long as it is to be."""
        step = 0
        while True:
            for number, (exhibit, holder) in enumerate(held):
                if self.ledger.head().size >= self.size.entries:
                    return
                seal, place = f"S{step}-{number:05}", f"{self.chance.choice(_PLACES)} {number % 97}"
                if step % 4 == 0:
                    exhibits.seal_exhibit(
                        self.ledger, exhibit=exhibit, seal=seal, place=place, by=holder
                    )
                elif step % 4 == 1:
                    held[number] = (exhibit, self._hand_over(exhibit, holder, place))
                else:
                    exhibits.store_exhibit(
                        self.ledger, exhibit=exhibit, place=place, seal=None, reason=None,
                        by=holder,
                    )  # fmt: skip
            step += 1

    def _hand_over(self, exhibit: ExhibitId, giver: ActingOfficer, place: str) -> ActingOfficer:
        taker = self._someone()
        receipt = exhibits.make_receipt(
            unit=self.ledger.folded(Roll).unit.id, exhibit=exhibit, giver=giver.id, to=taker.id,
            place=place, seal=None, at=clock.now(), signer=taker.signer,
        )  # fmt: skip
        exhibits.transfer_exhibit(
            self.ledger, exhibit=exhibit, to=taker.id, to_kind="officer", place=place, seal=None,
            receipt=receipt, by=giver,
        )  # fmt: skip
        return taker


def _facts(memory: MemoryLedger, size: Size) -> dict[str, Any]:
    """Who can sign in, and what they can open."""
    roll = memory.folded(Roll)
    generated = list(roll.cases.values())[-size.cases :]
    accounts = []
    for number, (username, _) in enumerate(_names(size)):
        mine = [generated[each] for each in _members(size, number)]
        accounts.append(
            {
                "username": username,
                "cases": [
                    {
                        "number": case.number,
                        "title": case.title,
                        "exhibits": [roll.exhibits[each].number for each in case.exhibits[:20]],
                        "digests": [
                            roll.exhibits[each].contents[0]["sha256"] for each in case.exhibits[:20]
                        ],
                    }
                    for case in mine
                ],
            }
        )
    return {
        "accounts": accounts,
        "cases": len(roll.cases),
        "exhibits": len(roll.exhibits),
        "entries": roll.size,
    }
