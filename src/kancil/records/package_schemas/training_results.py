"""Results of one class: who took part, what was learned, which exercises were worked, as counts.

One population, the trainees of the class; each table splits it, or shows a part of it. Where a part
is shown, neither it nor what is left of its whole is one to four people. Means are of five people
or more. Tests before and after are compared only over those who sat both, so that no mean of a
larger group can be subtracted from one of a smaller.
"""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase

from kancil.records.errors import SmallGroupShown
from kancil.records.package_schema import Shape, Tables, counts, not_readable, require_open
from kancil.records.small_groups import is_small
from kancil.records.table import Column, Holds, count, decimal

NAME, VERSION = "training-results", 1

SEXES = ("female", "male", "other", "not-stated")
ROLES = (
    "police", "examiner", "prosecutor", "judge", "policy", "teacher", "social-worker",
    "civil-society", "industry", "academic", "other",
)  # fmt: skip
"""The professions of the programme's register of people."""
AGENCIES = (
    "police", "prosecution", "judiciary", "ministry", "regulator", "civil-society", "industry",
    "academia", "international", "other",
)  # fmt: skip
"""The kinds of organisation of the same register."""
COUNTRIES = tuple(map("".join, product(ascii_uppercase, repeat=2)))
"""Two letters, as ISO 3166-1 alpha-2 has them; `XX`: not known."""
COURSES = ("bitcoin-tracing", "first-responder", "judges-and-prosecutors", "other")
LABS = (
    "ransom-payment", "romance-scam", "donation-campaign", "admissibility", "freeze-request",
    "other",
)  # fmt: skip
PEOPLE = ("trainees", "certified", "not-certified", "revoked")
"""`certified`: who was given a certificate; `revoked`: of those, whose was revoked."""
REACTIONS = ("relevant", "understandable", "pace", "exercises", "trainers", "confident")
"""The questions of level 1 that are answered on a scale."""

_PERCENT = 100


def _split(name: str, key: str, words: str, codes: tuple[str, ...], *, every: bool) -> Shape:
    first = Column(key, Holds.CODE, words) if words else Column(key)
    return Shape(f"training-{name}", (first, *count("trainees")), {key: codes}, every=every)


COURSE = _split("course", "course", "name.course-code", COURSES, every=False)
NUMBERS = _split("numbers", "trained", "name.trained", PEOPLE, every=True)
BY_SEX = _split("sex", "sex", "programme.sex.", SEXES, every=True)
BY_ROLE = _split("roles", "profession", "programme.profession.", ROLES, every=False)
BY_AGENCY = _split(
    "agencies", "organisation_kind", "programme.organisation-kind.", AGENCIES, every=False
)
BY_COUNTRY = _split("countries", "country", "", COUNTRIES, every=False)
TESTS = Shape(
    "training-tests",
    (
        Column("test", Holds.CODE, "name.test-pair"),
        *count("trainees"),
        *decimal("before_percent", "after_percent", "gain", "mean_lost"),
    ),
    {"test": ("before-and-after",)},
    every=True,
)
WORKED = Shape(
    "training-labs",
    (
        Column("lab", Holds.CODE, "name.lab-code"),
        *count("attempted", "handed_in"),
        *decimal("mean_percent"),
    ),
    {"lab": LABS},
)
REACTION = Shape(
    "training-reaction",
    (Column("asked", Holds.CODE, "name.reaction"), *count("answered"), *decimal("mean_points")),
    {"asked": REACTIONS},
)
SHAPES = (COURSE, NUMBERS, BY_SEX, BY_ROLE, BY_AGENCY, BY_COUNTRY, TESTS, WORKED, REACTION)
_MEASURED = (
    (TESTS, "trainees", ("before_percent", "after_percent", "gain", "mean_lost")),
    (WORKED, "handed_in", ("mean_percent",)),
    (REACTION, "answered", ("mean_points",)),
)


def check(tables: Tables) -> None:
    """Parts fit their whole, nothing hidden follows, and nobody under five is measured.

    Raises SmallGroupShown, PackageNotReadable.
    """
    numbers = tables[NUMBERS.name]
    trained = dict(zip(PEOPLE, counts(numbers, "trainees"), strict=True))
    whole = trained["trainees"]
    require_open(numbers, [trained["certified"], trained["not-certified"]], whole)
    _check_part(tables, NUMBERS, trained["revoked"], trained["certified"])
    for shape in (BY_SEX, BY_ROLE, BY_AGENCY, BY_COUNTRY):
        if tables[shape.name].rows:
            require_open(tables[shape.name], counts(tables[shape.name], "trainees"), whole)
    for found in counts(tables[COURSE.name], "trainees"):
        if found != whole:
            raise not_readable(COURSE.name, "trainees")
    for each in counts(tables[TESTS.name], "trainees"):
        _check_part(tables, TESTS, each, whole)
    worked = tables[WORKED.name]
    handed = counts(worked, "handed_in")
    for attempted, given in zip(counts(worked, "attempted"), handed, strict=True):
        _check_part(tables, WORKED, attempted, whole)
        _check_part(tables, WORKED, given, attempted)
    for each in counts(tables[REACTION.name], "answered"):
        _check_part(tables, REACTION, each, whole)
    _check_measured(tables)


def _check_part(tables: Tables, shape: Shape, part: int | None, whole: int | None) -> None:
    """A part is not more than its whole, and leaves nobody or five; hidden where that is."""
    if part is None:
        return
    if whole is None or part > whole:
        raise not_readable(shape.name, "part")
    if is_small(whole - part):
        raise SmallGroupShown(table=tables[shape.name].title)


def _check_measured(tables: Tables) -> None:
    for shape, size, measures in _MEASURED:
        table = tables[shape.name]
        for at in range(1, len(table.rows) + 1):
            cells = table.row(at) or {}
            found = [cells[each] for each in measures if cells[each] is not None]
            if found and not cells[size]:
                raise not_readable(shape.name, size)
            if any(float(str(each)) > _PERCENT for each in found):
                raise not_readable(shape.name, measures[0])
