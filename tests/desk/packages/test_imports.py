"""Packages of other sites are taken in once, in their order, and by trusted keys alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.models import Act
from kancil.desk.packages.actions import (
    end_site_key,
    import_package,
    trust_site,
    withdraw_package,
)
from kancil.desk.packages.errors import (
    PackageAltered,
    PackageNotSameFigures,
    PackageOfOtherSite,
    PackageOlder,
    PackageOvertaken,
    PackageWithdrawnAlready,
    ReceivedPackageNotFound,
    SiteKeyKnown,
    SiteKeyNotFound,
    SiteKeyUnknown,
)
from kancil.desk.packages.queries import (
    Standing,
    package_file,
    received_package,
    received_packages,
    trusted_keys,
)
from kancil.desk.people.models import Person, Role
from kancil.ground.errors import MadeInClassroom
from kancil.ground.ids import new_id
from kancil.ground.signing import fingerprint
from kancil.records.errors import (
    FieldNotUsable,
    PackageBroken,
    PackageNotReadable,
    PackageTooLarge,
    ReasonMissing,
)
from kancil.records.package import MAX_BYTES, Package, Period, SiteKind, SiteNamed, write_package
from tests.desk.assessment.programme import person
from tests.desk.desks import Desk
from tests.records.package_example import PATH, SIGNER, package

KEPT = PATH.read_bytes()
KEY = fingerprint(SIGNER.public_raw)
TRUST: dict[str, Any] = {
    "fingerprint": KEY, "name": "Unit of Laos", "kind": "unit", "country": "LA",
    "compared_how": "read aloud on the telephone",
}  # fmt: skip


@pytest.fixture
def olga(desk: Desk) -> Person:
    """A programme officer whose site trusts the example's key."""
    assert desk.workspace.root.is_dir()
    olga = person("olga", Role.PROGRAMME_OFFICER)
    trust_site(by=olga, **TRUST)
    return olga


def next_one(before: Package, **more: Any) -> Package:
    later = before.made_at + timedelta(days=1)
    return replace(before, **{"id": new_id(), "made_at": later, "supersedes": before.id, **more})


def take(by: Person, what: Package | bytes) -> bool:
    data = what if isinstance(what, bytes) else write_package(what, SIGNER)
    return import_package(by=by, data=data, path="package").is_new


def test_a_package_is_taken_in_once_and_kept_to_the_byte(olga: Person) -> None:
    assert take(olga, KEPT)
    assert not take(olga, KEPT)
    (held,) = received_packages(olga)
    assert held.package == package()
    assert (held.site, held.country, held.standing) == ("Unit of Laos", "LA", Standing.CURRENT)
    assert package_file(olga, held.package.id) == KEPT
    assert [act.kind for act in Act.objects.all()] == ["package.imported", "site-key.added"]


def test_the_same_id_over_other_bytes_is_refused(olga: Person) -> None:
    take(olga, KEPT)
    with pytest.raises(PackageAltered):
        take(olga, replace(package(), to="Somebody else"))
    assert package_file(olga, package().id) == KEPT


def test_a_key_that_nobody_trusts_is_shown_and_refused(desk: Desk) -> None:
    assert desk.workspace.root.is_dir()
    olga = person("olga", Role.PROGRAMME_OFFICER)
    with pytest.raises(SiteKeyUnknown) as refused:
        take(olga, KEPT)
    assert refused.value.params["fingerprint"] == KEY
    assert received_packages(olga) == []
    trust_site(by=olga, **{**TRUST, "country": "TH"})
    with pytest.raises(PackageOfOtherSite):
        take(olga, KEPT)
    end_site_key(by=olga, fingerprint=KEY)
    with pytest.raises(SiteKeyUnknown):
        take(olga, KEPT)
    with pytest.raises(SiteKeyNotFound):
        end_site_key(by=olga, fingerprint=KEY)
    with pytest.raises(SiteKeyKnown):
        trust_site(by=olga, **TRUST)
    assert trusted_keys(olga)[0].ended_at is not None


@pytest.mark.parametrize(
    "wrong",
    [{"fingerprint": "SHA256:short"}, {"kind": "court"}, {"country": "Laos"}, {"name": " "},
     {"compared_how": ""}],
)  # fmt: skip
def test_a_key_is_trusted_with_all_that_is_asked(sqlite_desk: Desk, wrong: dict[str, str]) -> None:
    assert sqlite_desk.workspace.root.is_dir()
    with pytest.raises(FieldNotUsable):
        trust_site(by=person("olga", Role.PROGRAMME_OFFICER), **{**TRUST, **wrong})


def test_packages_that_came_before_a_key_ended_stay(olga: Person) -> None:
    take(olga, KEPT)
    end_site_key(by=olga, fingerprint=KEY)
    assert received_package(olga, package().id).standing is Standing.CURRENT


def test_what_is_superseded_stays_and_is_shown_as_such(olga: Person) -> None:
    newer = next_one(package())
    assert take(olga, newer)  # it may come first
    assert take(olga, KEPT)
    assert received_package(olga, package().id).standing is Standing.SUPERSEDED
    assert received_package(olga, package().id).superseded_by == newer.id
    assert received_package(olga, newer.id).standing is Standing.CURRENT


def test_an_older_package_supersedes_nothing(olga: Person) -> None:
    take(olga, KEPT)
    older = next_one(package(), made_at=package().made_at - timedelta(days=1))
    with pytest.raises(PackageOlder):
        take(olga, older)
    newer = next_one(package())
    take(olga, newer)
    with pytest.raises(PackageOvertaken):
        take(olga, next_one(package()))
    assert len(received_packages(olga)) == 2


def test_the_older_one_may_not_come_later_with_a_later_day(olga: Person) -> None:
    newer = next_one(package())
    take(olga, newer)
    with pytest.raises(PackageOlder):
        take(olga, replace(package(), made_at=newer.made_at))


def test_a_package_supersedes_its_own_figures_alone(olga: Person) -> None:
    take(olga, KEPT)
    with pytest.raises(PackageNotSameFigures):
        take(olga, next_one(package(), period=Period(date(2026, 1, 1), date(2026, 3, 31))))


def test_a_site_that_names_another_country_is_refused(olga: Person) -> None:
    site = package().site
    with pytest.raises(PackageOfOtherSite):
        take(olga, replace(package(), site=SiteNamed(site.name, site.kind, "TH")))


def test_a_package_is_withdrawn_with_a_reason_once(olga: Person) -> None:
    take(olga, KEPT)
    with pytest.raises(ReasonMissing):
        withdraw_package(by=olga, package=package().id, reason=" ")
    withdraw_package(by=olga, package=package().id, reason="The unit counted twice.")
    held = received_package(olga, package().id)
    assert (held.standing, held.withdrawn_why) == (Standing.WITHDRAWN, "The unit counted twice.")
    with pytest.raises(PackageWithdrawnAlready):
        withdraw_package(by=olga, package=package().id, reason="again")
    with pytest.raises(ReceivedPackageNotFound):
        withdraw_package(by=olga, package=new_id(), reason="none")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PackageNotReadable),
        (KEPT[:-100] + b"}}\n", PackageBroken),
        (KEPT.replace(b'["sent",30]', b'["sent",31]'), PackageBroken),
        (b" " * (MAX_BYTES + 1), PackageTooLarge),
    ],
)
def test_a_bad_file_changes_nothing(olga: Person, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        take(olga, data)
    assert received_packages(olga) == []


def test_only_those_who_keep_the_site_see_packages(olga: Person) -> None:
    take(olga, KEPT)
    don = person("don", Role.DONOR_READER)
    for act in (
        lambda: received_packages(don),
        lambda: package_file(don, package().id),
        lambda: trusted_keys(don),
        lambda: take(don, KEPT),
        lambda: withdraw_package(by=don, package=package().id, reason="no"),
        lambda: end_site_key(by=don, fingerprint=KEY),
    ):
        with pytest.raises(ActNotYours):
            act()


def test_figures_of_exercises_are_not_imported(olga: Person) -> None:
    room = replace(package(), site=SiteNamed("Class box", SiteKind.CLASSROOM, "LA"))
    with pytest.raises(MadeInClassroom):
        take(olga, room)
    assert received_packages(olga) == []
