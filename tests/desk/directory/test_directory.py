"""The unit's directory: keys compared once, older files refused, its own word never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kancil.ground.clock import now
from kancil.ground.errors import KancilError, MadeInClassroom, NotInClassroom
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.workspace import Site
from kancil.legal.directory.errors import OfficeNotReadable, PublicAddressWanted
from kancil.legal.directory.office import Channel, Kind, Office, Origin, Standing
from kancil.legal.directory.signed import Issuer, open_directory, read_directory, write_directory
from kancil.records.selector import Selector
from tests.custody.sample import founded_in
from tests.desk.desks import Desk
from tests.legal.directory.sample import DAY, NEIGHBOUR, SIGNER, STRANGER, office

from kancil.desk.directory import actions, errors, queries  # isort: skip  # Django is set up

COMPARED = {"typed": fingerprint(SIGNER.public_raw), "compared_how": "read out by telephone"}


class Unit:
    """A desk with its directory."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace, self.ledger = desk, desk.workspace, desk.ledger()
        self.signer, self.by = founded_in(self.ledger)

    def take_in(self, data: bytes, **more: Any) -> actions.Taken:
        return actions.import_directory(
            self.ledger, self.workspace, data, "theirs.kancil-directory", by=self.by, **more
        )

    def verify(self, name: str, corrected: Office | None = None, on: date = DAY) -> Any:
        return actions.verify_office(
            self.ledger, self.workspace, listing=self.named(name), on=on, how="called", note="",
            by=self.by, corrected=corrected,
        )  # fmt: skip

    def named(self, name: str) -> Any:
        return queries.office_named(self.ledger, self.workspace, name)

    @property
    def entries(self) -> list[Any]:
        return [each for each in self.ledger.entries() if each.kind.startswith("directory.")]


@pytest.fixture
def unit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """A founded unit; files are read in this process, but for the test of the child."""
    monkeypatch.setattr(actions, "open_directory", open_directory.here)
    return Unit(desk)


def made(
    offices: Sequence[Office] = (),
    version: int = 1,
    issuer: Issuer = NEIGHBOUR,
    signer: Signer = SIGNER,
) -> bytes:
    return write_directory(
        offices or [office()], unit=issuer, version=version, as_of=DAY, signer=signer
    )


def test_a_key_is_compared_once_and_the_entry_keeps_how(unit: Unit) -> None:
    with pytest.raises(errors.DirectoryKeyUnknown) as told:
        unit.take_in(made())
    assert told.value.params["fingerprint"] == COMPARED["typed"]
    with pytest.raises(errors.DirectoryKeyUnknown):
        unit.take_in(made(), typed=COMPARED["typed"])
    with pytest.raises(errors.DirectoryKeyOther):
        unit.take_in(made(), **{**COMPARED, "typed": "SHA256:other"})
    assert unit.entries == []
    assert not list(unit.workspace.directory_dir.glob("*"))
    assert unit.take_in(made(), **COMPARED).is_new
    assert unit.take_in(made(version=2)).is_new, "its key is known now"
    assert [each.body["compared_how"] for each in unit.entries] == ["read out by telephone", None]
    (held,) = queries.held_directories(unit.ledger)
    assert (held.version, held.compared_how, held.by) == (2, "read out by telephone", "Anna Keo")


def test_a_file_is_read_in_a_child_of_its_own(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "open_directory", open_directory)
    with pytest.raises(PublicAddressWanted):
        unit.take_in(made([office(address="a@gmail.com")]), **COMPARED)
    assert unit.take_in(made(), **COMPARED).is_new


def test_an_older_file_is_refused_and_the_same_again_changes_nothing(unit: Unit) -> None:
    unit.take_in(made(version=2), **COMPARED)
    assert not unit.take_in(made(version=2)).is_new
    for older in (made(version=1), made([office(name="Other")], version=2)):
        with pytest.raises(errors.DirectoryOlder):
            unit.take_in(older)
    assert len(unit.entries) == 1
    assert unit.named("la-example-bank").office.name == "Example Bank"


def test_what_a_newer_file_no_longer_names_is_gone(unit: Unit) -> None:
    unit.take_in(made([office(), office(id="second")]), **COMPARED)
    unit.take_in(made(version=2))
    assert "second" not in queries.directory_of(unit.ledger, unit.workspace)


def test_a_key_speaks_for_its_unit_alone_and_nobody_imports_their_own(unit: Unit) -> None:
    unit.take_in(made(), **COMPARED)
    other = replace(NEIGHBOUR, id="01939fd4-0000-7000-8000-00000000000c", name="Somebody")
    with pytest.raises(errors.DirectoryUnitOther):
        unit.take_in(made(version=9, issuer=other))
    new_key = made(version=9, signer=STRANGER)
    with pytest.raises(errors.DirectoryKeyChanged) as told:
        unit.take_in(new_key)
    assert told.value.params["known"] == COMPARED["typed"]
    own = replace(NEIGHBOUR, id=unit.workspace.unit.id)
    with pytest.raises(errors.DirectoryIsOwn):
        unit.take_in(made(issuer=own), **COMPARED)
    assert len(unit.entries) == 1
    compared = {"typed": fingerprint(STRANGER.public_raw), "compared_how": "in person"}
    assert unit.take_in(new_key, **compared).is_new
    assert [each.version for each in queries.held_directories(unit.ledger)] == [9]


@pytest.mark.parametrize(
    ("offices", "error"),
    [
        ([office(address="a@gmail.com")], PublicAddressWanted),
        ([office(name="x" * 400)], OfficeNotReadable),
    ],
)
def test_a_bad_entry_refuses_the_whole_file_and_changes_nothing(
    unit: Unit, offices: list[Office], error: type[KancilError]
) -> None:
    with pytest.raises(error):
        unit.take_in(made([office(id="good"), *offices]), **COMPARED)
    assert unit.entries == []
    assert "good" not in queries.directory_of(unit.ledger, unit.workspace)


def test_an_own_verification_is_never_overwritten(unit: Unit) -> None:
    unit.take_in(made(), **COMPARED)
    theirs = unit.named("la-example-bank")
    assert (theirs.origin, theirs.by) == (Origin.UNIT, NEIGHBOUR.name)
    assert theirs.standing(DAY) is Standing.NEVER
    unit.verify("la-example-bank", replace(theirs.office, address="new@exb.example"))
    unit.take_in(made([office(verified_on=DAY, address="wrong@exb.example")], version=2))
    found = unit.named("la-example-bank")
    assert (found.origin, found.office.address) == (Origin.OWN, "new@exb.example")
    assert found.standing(DAY) is Standing.VERIFIED
    assert [each.office.address for each in found.others] == ["wrong@exb.example"]


def test_what_was_verified_stays_though_what_is_shipped_changes(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit.verify("google")
    changed = [office(id="google", kind=Kind.PROVIDER, name="Google", verified_on=None)]
    monkeypatch.setattr(queries, "shipped_offices", lambda: tuple(changed))
    queries._kept.clear()
    found = unit.named("google")
    assert found.office.address == "lers.google.com"
    assert [each.origin for each in found.others] == [Origin.SHIPPED]
    assert len(queries.verifications(unit.ledger, "google")) == 1
    queries._kept.clear()


def test_a_name_only_is_corrected_not_verified(unit: Unit) -> None:
    for name in ("tether", "telegram"):
        with pytest.raises(errors.OfficeWithoutWay):
            unit.verify(name)
    right = replace(unit.named("tether").office, channel=Channel.PORTAL, address="law.example")
    unit.verify("tether", right)
    assert unit.named("tether").standing(DAY) is Standing.VERIFIED


def test_a_correction_keeps_id_and_kind_and_no_day_to_come_is_recorded(unit: Unit) -> None:
    google = unit.named("google").office
    for other in (replace(google, id="other"), replace(google, kind=Kind.BANK)):
        with pytest.raises(errors.OfficeChangesKind):
            unit.verify("google", other)
    with pytest.raises(errors.VerificationNotYet):
        unit.verify("google", on=date(now().year + 1, 1, 1))
    with pytest.raises(PublicAddressWanted):
        unit.verify("google", replace(google, address="somebody@gmail.com"))
    assert unit.entries == []


def test_offices_are_added_all_or_none_and_then_found(unit: Unit) -> None:
    def add(*offices: Office) -> Any:
        return actions.add_offices(
            unit.ledger, unit.workspace, offices, on=DAY, how="letter", note="", by=unit.by
        )

    with pytest.raises(errors.OfficeThereAlready):
        add(office(), replace(unit.named("google").office))
    assert unit.entries == []
    (entry,) = add(office(verified_on=None, verified_by=""))
    assert entry.body["office"]["verified_by"] == unit.workspace.unit.name
    found = queries.offices(unit.ledger, unit.workspace, kind=Kind.BANK, country="LA", text="exb")
    assert [each.office.id for each in found] == ["la-example-bank"]
    named = queries.keeper_for(unit.ledger, unit.workspace, "Example Bank")
    assert [each.office.id for each in named] == ["la-example-bank"]
    mail = Selector("email-address", "somebody@gmail.com")
    (provider,) = queries.keeper_for(unit.ledger, unit.workspace, mail)
    assert provider.office.id == "google"


def test_the_own_directory_goes_out_signed_and_names_no_officer(unit: Unit) -> None:
    with pytest.raises(errors.NothingVerified):
        actions.export_directory(unit.ledger, unit.workspace, unit.signer)
    unit.verify("google")
    unit.verify("google", replace(unit.named("google").office, note="asks for a case number"))
    sent = actions.export_directory(unit.ledger, unit.workspace, unit.signer)
    again = actions.export_directory(unit.ledger, unit.workspace, unit.signer)
    assert sent == again, "the same until it verifies again"
    file = read_directory(sent.data, "ours")
    assert (file.version, file.as_of, len(file.offices)) == (2, DAY, 1)
    assert file.offices[0].note == "asks for a case number"
    assert b"Anna" not in sent.data
    assert file.fingerprint == fingerprint(unit.signer.public_raw)


def test_a_held_file_that_was_changed_stops_the_directory(unit: Unit) -> None:
    unit.take_in(made(), **COMPARED)
    (path,) = unit.workspace.directory_dir.glob("*")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"changed")
    queries._kept.clear()
    with pytest.raises(errors.DirectoryFileChanged):
        queries.directory_of(unit.ledger, unit.workspace)


def test_nothing_is_folded_again_while_nothing_changes(unit: Unit) -> None:
    first = queries.directory_of(unit.ledger, unit.workspace)
    assert queries.directory_of(unit.ledger, unit.workspace) is first
    unit.verify("google")
    assert queries.directory_of(unit.ledger, unit.workspace) is not first


def test_the_same_office_gets_the_same_id() -> None:
    assert actions.new_office_id("bank", "LA", "Example Bank, Head Office") == (
        "la-example-bank-head-office"
    )
    lao = actions.new_office_id("bank", "LA", "ທະນາຄານ")
    assert lao == actions.new_office_id("bank", "LA", "ທະນາຄານ")
    assert lao.startswith("la-bank-")


def test_a_classrooms_directory_and_a_units_are_kept_apart(unit: Unit) -> None:
    own: dict[str, Any] = {"unit": NEIGHBOUR, "version": 1, "as_of": DAY, "signer": SIGNER}
    entries = [office(verified_on=DAY)]
    real = write_directory(entries, **own)
    exercise = write_directory(entries, **own, site=Site.CLASSROOM)
    assert open_directory.here(exercise, "x").is_training
    assert not open_directory.here(real, "x").is_training
    with pytest.raises(MadeInClassroom):
        unit.take_in(exercise, **COMPARED)
    unit.workspace = replace(unit.workspace, site=Site.CLASSROOM)
    with pytest.raises(NotInClassroom):
        unit.take_in(real, **COMPARED)
    assert unit.take_in(exercise, **COMPARED).is_new
