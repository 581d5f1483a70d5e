"""Figures of the unit, a package of them made by one and reviewed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kancil.custody.acting import ActingOfficer, OnBehalf
from kancil.custody.errors import ReviewerMadeIt, ServerActsForSomebody
from kancil.custody.roll import Roll
from kancil.desk.cases.kept_files import kept_faults
from kancil.desk.figures.actions import discard_draft, make_package, review_package
from kancil.desk.figures.errors import (
    FiguresMovedOn,
    PackageChanged,
    PackageMakerNoOfficer,
    PackageNotFound,
    PeriodNotOver,
    PeriodOverlaps,
)
from kancil.desk.figures.queries import (
    PackageDraft,
    figures_of,
    made_packages,
    package_bytes,
    package_draft,
    package_drafts,
)
from kancil.ground.clock import now
from kancil.ground.ids import new_id
from kancil.ground.signing import fingerprint
from kancil.records.errors import PackageNotReadable
from kancil.records.package import Period, read_package
from kancil.records.table import Table
from tests.desk.desks import Desk
from tests.desk.figures.asked import PERIOD, Asked, asked
from tests.legal.letters import good


def draft_by(it: Asked, by: ActingOfficer | None = None, period: Period = PERIOD) -> PackageDraft:
    return make_package(
        it.ledger, it.desk.workspace, to="Programme", period=period, by=by or it.anna
    )


def reviewed(it: Asked, draft: PackageDraft, by: ActingOfficer | None = None) -> bytes:
    made = review_package(
        it.ledger, it.desk.workspace, draft=draft.id, unit_signer=it.unit_signer,
        by=by or it.boun,
    )  # fmt: skip
    return package_bytes(it.desk.workspace, made)


def row(tables: tuple[Table, ...], name: str, number: int) -> dict[str, object]:
    table = next(each for each in tables if each.name == f"cooperation-{name}")
    return dict(table.row(number) or {})


def test_figures_are_read_from_the_ledger_and_the_letters(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    for _ in range(6):
        unchecked = replace(good("freeze"), rights={}, reference=new_id())
        it.request("hold-set", frozen="150000.50", draft=unchecked)  # authorised all the same
    for _ in range(5):
        it.request("refused", kind="subscriber", reason="too-broad", bad=True)
    it.request("answered", on=date(2025, 12, 31))
    found = figures_of(it.ledger, sqlite_desk.workspace, PERIOD)
    assert row(found, "outcomes", 1) == {"outcome": "sent", "requests": 11}
    assert row(found, "kinds", 1)["days_median"] == "3.0"
    assert row(found, "countries", 1)["addressee_country"] == "TH"
    assert row(found, "refusals", 2) == {"refusal": "too-broad", "requests": 5}
    assert row(found, "problems", 1) == {"problem": "missing", "requests": 5}
    assert row(found, "money", 1)["amount_held"] == "900003"


def test_one_makes_a_package_and_another_signs_it(desk: Desk) -> None:
    it = asked(desk)
    for _ in range(7):
        it.request("answered")
    draft = draft_by(it)
    assert package_drafts(desk.workspace) == [draft]
    opened = read_package(reviewed(it, draft), "package")
    assert opened.package.tables == draft.tables
    assert opened.package.review.name == "Boun Souk"
    assert opened.package.review.role == "custodian"
    assert opened.fingerprint == fingerprint(it.unit_signer.public_raw)
    (made,) = made_packages(it.ledger)
    assert (made.id, made.sha256, made.made_by) == (draft.id, opened.sha256, "Anna Keo")
    assert made.entry.officer == it.boun.id
    assert package_drafts(desk.workspace) == []
    assert kept_faults(it.ledger.folded(Roll), desk.workspace) == []


def test_nobody_reviews_what_they_made_nor_lets_a_server_do_it(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    draft = draft_by(it)
    with pytest.raises(ReviewerMadeIt):
        reviewed(it, draft, it.anna)
    served = ActingOfficer(it.boun.id, it.boun.signer, OnBehalf(it.boun.id, "boun", "password"))
    with pytest.raises(ServerActsForSomebody):
        reviewed(it, draft, served)
    nobody = ActingOfficer(it.boun.id, it.boun.signer, OnBehalf(None, "reader", "password"))
    with pytest.raises(PackageMakerNoOfficer):
        draft_by(it, nobody)
    assert made_packages(it.ledger) == []
    assert package_drafts(sqlite_desk.workspace) == [draft]


def test_figures_that_moved_on_are_not_signed(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    for _ in range(5):
        it.request("answered")
    draft = draft_by(it)
    it.request("answered")
    with pytest.raises(FiguresMovedOn):
        reviewed(it, draft)
    discard_draft(sqlite_desk.workspace, draft.id)
    with pytest.raises(PackageNotFound):
        package_draft(sqlite_desk.workspace, draft.id)
    assert reviewed(it, draft_by(it))


def test_a_draft_that_somebody_wrote_into_is_not_signed(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    for _ in range(5):
        it.request("answered")
    draft = draft_by(it)
    path = sqlite_desk.workspace.packages_dir / f"{draft.id}.draft.json"
    path.write_bytes(path.read_bytes().replace(b'["sent",5]', b'["sent",6]'))
    with pytest.raises(FiguresMovedOn):
        reviewed(it, draft)
    path.write_bytes(b"{}")
    assert package_drafts(sqlite_desk.workspace) == []


def test_a_period_is_over_and_overlaps_no_other(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    today = now().astimezone(sqlite_desk.workspace.zone).date()
    for period in (Period(PERIOD.since, today), Period(PERIOD.until, PERIOD.since)):
        with pytest.raises(PeriodNotOver):
            draft_by(it, period=period)
    with pytest.raises(PackageNotReadable):
        make_package(it.ledger, sqlite_desk.workspace, to=" ", period=PERIOD, by=it.anna)
    first = draft_by(it)
    second = draft_by(it)
    reviewed(it, first)
    with pytest.raises(FiguresMovedOn):
        reviewed(it, second)  # it does not say that it supersedes the first
    with pytest.raises(PeriodOverlaps):
        draft_by(it, period=Period(date(2026, 6, 30), date(2026, 7, 31)))
    third = draft_by(it)
    assert third.supersedes == first.id
    assert read_package(reviewed(it, third), "third").package.supersedes == first.id
    newest, older = made_packages(it.ledger)
    assert (newest.superseded_by, older.superseded_by) == (None, newest.id)


def test_a_file_that_was_changed_is_not_handed_out(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    reviewed(it, draft_by(it))
    (made,) = made_packages(it.ledger)
    path = sqlite_desk.workspace.packages_dir / f"{made.sha256}.kancil-package"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"Programme", b"Somewhere"))
    with pytest.raises(PackageChanged):
        package_bytes(sqlite_desk.workspace, made)
    (fault,) = kept_faults(it.ledger.folded(Roll), sqlite_desk.workspace)
    assert (fault.name, fault.code) == (made.id, "changed")


def test_a_ledger_without_requests_has_a_package_of_zeros(sqlite_desk: Desk) -> None:
    it = asked(sqlite_desk)
    found = read_package(reviewed(it, draft_by(it)), "zeros").package.tables
    assert row(found, "outcomes", 1)["requests"] == 0
