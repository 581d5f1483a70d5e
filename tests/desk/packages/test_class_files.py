"""The file of a class, imported twice or in any order, gives one result."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from django.db import transaction

from kancil.desk.packages import actions
from kancil.desk.packages.actions import import_package, trust_site
from kancil.desk.packages.queries import Standing, received_packages
from kancil.desk.people.models import Person, Role
from kancil.ground.signing import fingerprint
from kancil.records.package import (
    SiteKind,
    read_package,
)
from tests.desk.assessment.programme import person
from tests.desk.desks import Desk
from tests.desk.packages.class_files import class_file
from tests.training.badges.samples import BOX

FILES = (
    class_file(1, size=18), class_file(2, supersedes=1, size=19), class_file(3, supersedes=2),
    class_file(4, size=12),
)  # fmt: skip


@pytest.fixture
def olga(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A programme officer whose site trusts the box; files are read in this process."""
    monkeypatch.setattr(actions, "open_package", read_package)
    olga = person("olga", Role.PROGRAMME_OFFICER)
    trust_site(
        by=olga, fingerprint=fingerprint(BOX.public_raw), name="Box", kind="classroom",
        country="LA", compared_how="on paper",
    )  # fmt: skip
    return olga


def outcome(by: Person, order: Sequence[bytes]) -> set[tuple[str, Standing, str]]:
    """What the site holds after an order of imports, which is then taken back."""
    with transaction.atomic():
        point = transaction.savepoint()
        for data in order:
            import_package(by=by, data=data, path="class")
        found = {(each.package.id, each.standing, each.sha256) for each in received_packages(by)}
        transaction.savepoint_rollback(point)
    return found


def test_any_order_and_any_repeat_gives_one_result(olga: Person) -> None:
    wanted = outcome(olga, FILES)
    standing = {name[-1]: stands for name, stands, _ in wanted}
    assert standing == {
        "1": Standing.SUPERSEDED, "2": Standing.SUPERSEDED, "3": Standing.CURRENT,
        "4": Standing.CURRENT,
    }  # fmt: skip
    chance = random.Random(7)  # which file comes twice
    for order in chance.sample(list(permutations(FILES)), 3):
        twice = [*order, *chance.sample(order, 2)]
        chance.shuffle(twice)
        assert outcome(olga, twice) == wanted


@pytest.mark.thorough
def test_every_order_gives_one_result(olga: Person) -> None:
    wanted = outcome(olga, FILES)
    for order in permutations(FILES):
        assert outcome(olga, [*order, *order]) == wanted


def test_the_counts_are_those_of_the_newest_file(olga: Person) -> None:
    for data in FILES[:3]:
        import_package(by=olga, data=data, path="class")
    (current,) = [each for each in received_packages(olga) if each.standing is Standing.CURRENT]
    rows = {row[0]: row[1] for row in current.package.table("training-numbers").rows}
    assert rows["trainees"] == 20
    assert replace(current.package, tables=()).site.kind is SiteKind.CLASSROOM
