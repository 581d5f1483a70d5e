"""Files of a class, as a box hands them over, for the tests of whoever imports them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kancil.records.package import Package, Period, Review, SiteKind, SiteNamed, write_package
from kancil.training.results import training_results
from tests.training.badges.samples import BOX
from tests.training.class_samples import facts

AT = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


def class_file(number: int, *, supersedes: int | None = None, size: int = 20) -> bytes:
    """A package of a class; each later number was made a day later."""

    def name(which: int) -> str:
        return f"019bfc2a-5a00-7abc-8def-{which:012d}"

    made_at = AT + timedelta(days=number)
    package = Package(
        name(number), "training-results/1",
        SiteNamed("Training centre (invented)", SiteKind.CLASSROOM, "LA"), "Programme",
        Period(date(2026, 11, 23), date(2026, 11, 27)), made_at,
        Review("Second trainer", "trainer", made_at),
        None if supersedes is None else name(supersedes), training_results(facts(size=size)),
    )  # fmt: skip
    return write_package(package, BOX)
