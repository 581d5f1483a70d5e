"""What leaves the classroom: the counts of one class, made by one trainer and reviewed by another.

What leaves is decided twice: a draft shows it to the letter, and the review computes it again and
signs only what is still the same. A later package of the same class supersedes the earlier one.
"""

from __future__ import annotations

from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.base.opening import current_workspace, one_change
from kancil.desk.training.errors import (
    ClassMovedOn,
    ClassNotEnded,
    ClassPackageNotFound,
    MadeItself,
)
from kancil.desk.training.models import ClassPackage, ClassState, TrainingClass
from kancil.desk.training.queries.learned import class_facts
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.plain import plain
from kancil.ground.signing import Signer
from kancil.records.package import (
    Package,
    Period,
    Review,
    SiteKind,
    SiteNamed,
    checked,
    write_package,
)
from kancil.records.package_schema import full_name
from kancil.records.package_schemas import training_results as schema
from kancil.records.table import Table
from kancil.training.results import training_results

ROLE = "trainer"


def class_tables(training_class: TrainingClass) -> tuple[Table, ...]:
    """What a package of the class would hold now."""
    return training_results(class_facts(training_class))


def make_class_package(
    ledger: LedgerStore, *, training_class: TrainingClass, to: str, by: str
) -> ClassPackage:
    """Keep the counts of an ended class as a draft, which another trainer reviews.

    `by`: the name of who makes it. Raises ClassNotEnded, PackageNotReadable (`to` is no name).
    """
    if training_class.state != ClassState.ENDED:
        raise ClassNotEnded(title=training_class.title)
    with one_change():
        ClassPackage.objects.filter(training_class=training_class, data="").delete()
        row = ClassPackage(
            id=new_id(), training_class=training_class, to=to.strip(),
            tables=plain(class_tables(training_class)), made_by=by, made_at=clock.now(),
            supersedes=_standing(training_class),
        )  # fmt: skip
        checked(_package(ledger, row, Review(by, ROLE, row.made_at)))
        row.save(force_insert=True)
    return row


def review_class_package(
    ledger: LedgerStore, *, package: str, signer: Signer, by: str
) -> ClassPackage:
    """Sign a draft with the classroom's key, as its reviewer, who is not who made it.

    Raises ClassPackageNotFound, ClassMovedOn, MadeItself.
    """
    with one_change():
        found = ClassPackage.objects.select_for_update().filter(id=package[:36], data="")
        row = found.select_related("training_class").first()
        if row is None:
            raise ClassPackageNotFound(package=package[:40])
        if row.made_by == by:
            raise MadeItself(name=by)
        is_same = plain(class_tables(row.training_class)) == row.tables
        if not is_same or _standing(row.training_class) != row.supersedes:
            raise ClassMovedOn
        data = write_package(_package(ledger, row, Review(by, ROLE, clock.now())), signer)
        row.reviewed_by, row.data = by, data.decode()
        row.save(update_fields=["reviewed_by", "data"])
    return row


def _standing(training_class: TrainingClass) -> str:
    """The newest package of the class that left; empty: none did."""
    found = ClassPackage.objects.filter(training_class=training_class).exclude(data="")
    newest = found.order_by("-made_at", "-id").first()
    return "" if newest is None else newest.id


def _package(ledger: LedgerStore, row: ClassPackage, review: Review) -> Package:
    unit = ledger.folded(Roll).unit
    named = current_workspace().unit if unit is None else unit
    of = row.training_class
    return Package(
        row.id, full_name(schema), SiteNamed(named.name, SiteKind.CLASSROOM, named.country),
        row.to, Period(of.begins_on, of.ends_on), row.made_at, review, row.supersedes or None,
        class_tables(of),
    )  # fmt: skip
