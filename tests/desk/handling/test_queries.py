"""What limits forbid in a case: they follow the file; another case learns no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.exhibits import Content, add_exhibit
from kancil.custody.handling import Limitation, Release
from kancil.custody.roll import Roll
from kancil.desk.handling.actions import limit_exhibit, limitation_at_intake, release_exhibit
from kancil.desk.handling.errors import LimitForbidsUse, LimitNotUsable
from kancil.desk.handling.queries import (
    bound_in_case,
    codes_on,
    limits_that_forbid,
    require_use,
    standing_limits,
    state_of,
)
from kancil.evidence.intake import take_in
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.words import render, render_phrase
from kancil.legal.handling import Use
from tests.custody.sample import Sample, make_sample

FIU = Limitation(("fiu",), "Unit of X", "letter 4")
CONSENT = Release("fiu", "consent", "12/2026", date(2026, 3, 9))


@dataclass
class Bench:
    """The sample, a second case, and one folder whose one file the second case holds alone."""

    sample: Sample
    vault: Vault
    other: CaseId
    folder: ExhibitId
    file: ExhibitId

    def limit(self, limitation: Limitation = FIU) -> None:
        limit_exhibit(
            self.sample.ledger, exhibit=self.folder, limitation=limitation, by=self.sample.anna
        )

    def forbids(self, case: CaseId, exhibit: ExhibitId, use: Use) -> list[str]:
        found = limits_that_forbid(self.sample.ledger, self.vault, case, [exhibit], use)
        return [render_phrase(each.sentence) for each in found]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    sample, vault = make_sample(), Vault(tmp_path / "vault", tmp_path / "incoming")
    other = open_case(sample.ledger, title="B", basis=from_text("Court"), by=sample.anna).case_id
    assert other is not None
    for folder in (vault.folder, vault.incoming, tmp_path / "sent"):
        folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "sent" / name).write_text(f"table {name}\n")

    def added(case: CaseId, path: Path) -> ExhibitId:
        stated = take_in(vault, [path]).content()
        content = Content(**{**stated, "size_bytes": int(stated["size_bytes"])})
        entry = add_exhibit(sample.ledger, case=case, title=path.name, content=content,
                            source="sent", by=sample.anna)  # fmt: skip
        return ExhibitId(str(entry.exhibit_id))

    sent = tmp_path / "sent"
    return Bench(sample, vault, other, added(sample.case, sent), added(other, sent / "b.csv"))


def test_a_letter_may_not_tell_what_a_unit_abroad_disclosed_until_it_consents(
    bench: Bench,
) -> None:
    case = bench.sample.case
    assert bench.forbids(case, bench.folder, Use.REQUEST) == []
    bench.limit()
    (told,) = bench.forbids(case, bench.folder, Use.REQUEST)
    assert told == (
        "E3 is marked: financial intelligence unit, by Unit of X. It may not go into a letter to "
        "others."
    )
    assert bench.forbids(case, bench.folder, Use.OTHER_CASE) == [], "it is its own case"
    release_exhibit(
        bench.sample.ledger, exhibit=bench.folder, by=bench.sample.anna,
        release=replace(CONSENT, cases=(case,)),
    )  # fmt: skip
    assert bench.forbids(case, bench.folder, Use.REQUEST) == []
    assert bench.forbids(bench.other, bench.folder, Use.REQUEST) != []


def test_one_file_of_a_limited_folder_is_bound_in_another_case_and_its_office_not_told(
    bench: Bench,
) -> None:
    bench.limit()
    (told,) = bench.forbids(bench.other, bench.file, Use.OTHER_CASE)
    assert told.startswith("E4 holds a file that came into another case")
    ledger, vault = bench.sample.ledger, bench.vault
    with pytest.raises(LimitForbidsUse) as refused:
        require_use(ledger, vault, bench.other, [bench.file], Use.OTHER_CASE)
    said = render(f"error.{refused.value.code}.next", **refused.value.params) + told
    assert not [each for each in ("Unit of X", "E3") if each in said]
    bound = bound_in_case(ledger, vault, bench.other, Use.BUNDLE)
    assert bound is not None
    assert (bound.labels, [each.kind for each in bound.entries]) == (
        frozenset({"E4"}),
        ["exhibit.added"],
    )


def test_no_limit_that_forbids_is_no_bound(bench: Bench) -> None:
    ledger, vault, case = bench.sample.ledger, bench.vault, bench.sample.case
    assert bound_in_case(ledger, vault, case, Use.REPORT) is None
    bench.limit(replace(FIU, codes=("evidence",)))
    assert bound_in_case(ledger, vault, case, Use.REPORT) is None
    assert codes_on(ledger.folded(Roll), {bench.folder}) == {}
    bench.limit()
    assert codes_on(ledger.folded(Roll), {bench.folder}) == {bench.folder: ["fiu"]}


def test_what_is_confidential_until_a_day_is_over_after_it(bench: Bench) -> None:
    until = date(2026, 12, 31)
    bench.limit(replace(FIU, codes=("confidential-until",), until=until))
    exhibit = bench.sample.ledger.folded(Roll).exhibit(bench.folder)
    (limit,) = standing_limits(exhibit, until)
    assert standing_limits(exhibit, date(2027, 1, 1)) == []
    assert state_of(limit, until).key == "note.handling-state-stands"
    assert state_of(limit, date(2027, 1, 1)).key == "note.handling-state-ended"


def test_an_intake_sets_a_code_with_its_office_or_none(bench: Bench) -> None:
    assert limitation_at_intake("", "") is None
    with pytest.raises(LimitNotUsable):
        bench.limit(limitation_at_intake("fiu", "") or FIU)
    assert limitation_at_intake("fiu", "Unit of X") == replace(FIU, reason="")
