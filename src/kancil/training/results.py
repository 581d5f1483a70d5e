"""What a class comes to, as the tables of `training-results/1`: counts and means, no person.

Plain values in, tables out; what is no code of the schema becomes `other`. Groups under five are
hidden by `records.small_groups`. The gain is Hake's normalised gain of the means, over those who
sat both tests: (after - before) / (100 - before) (R. R. Hake, American Journal of Physics 66
(1998), 64-74). Where the mean fell, the loss is the share of the mean before that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kancil.ground.units import half_up
from kancil.records.package_schema import Shape
from kancil.records.package_schemas import training_results as schema
from kancil.records.small_groups import LEAST, alone, is_small, split
from kancil.records.table import Cell, Row, Table

_OTHER, _UNKNOWN = "other", "XX"


@dataclass(frozen=True, slots=True)
class TrainedPerson:
    """One trainee, as far as counts ask; no name."""

    certified: bool = False
    revoked: bool = False
    before: Fraction | None = None
    """Share of the points of the test before, 0 to 1; None: not sat."""
    after: Fraction | None = None
    labs: Mapping[str, Fraction | None] = field(default_factory=dict)
    """Labs that were begun, with the share of points; None: not handed in."""


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What a package of a class is made of."""

    course: str
    people: tuple[TrainedPerson, ...]
    tallies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """`sex`, `role`, `agency` and `country`: how many of each code, as the trainer counted them;
    empty or another sum than the trainees: not shown."""
    reactions: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By question of level 1: points from 1 to 5."""


def training_results(found: ClassFacts) -> tuple[Table, ...]:
    """The tables of `training-results/1`, in their order."""
    people = found.people
    whole = alone(len(people))
    return (
        schema.COURSE.table([(_code(found.course, schema.COURSES), whole)]),
        _numbers(people, whole),
        _tally(schema.BY_SEX, found.tallies.get("sex", {}), len(people), "not-stated"),
        _tally(schema.BY_ROLE, found.tallies.get("role", {}), len(people), _OTHER),
        _tally(schema.BY_AGENCY, found.tallies.get("agency", {}), len(people), _OTHER),
        _tally(schema.BY_COUNTRY, found.tallies.get("country", {}), len(people), _UNKNOWN),
        _tests(people, whole),
        _labs(people, whole),
        _reactions(found.reactions, whole),
    )


def normalised_gain(before: Fraction, after: Fraction) -> Fraction | None:
    """Hake's gain of two means (shares, 0 to 1), negative where the mean fell.

    None: all was known before.
    """
    return None if before >= 1 else (after - before) / (1 - before)


def _numbers(people: Sequence[TrainedPerson], whole: int | None) -> Table:
    certified = sum(each.certified for each in people)
    cells = split({"certified": certified, "not-certified": len(people) - certified}, total=whole)
    revoked = sum(each.revoked for each in people)
    shown = {"trainees": whole, **cells, "revoked": _part(revoked, certified, cells["certified"])}
    return schema.NUMBERS.table((each, shown[each]) for each in schema.PEOPLE)


def _part(part: int, whole: int, shown: int | None) -> int | None:
    """A part as it may be shown beside its whole: neither it nor what is left is one to four."""
    hidden = shown is None or is_small(part) or is_small(whole - part)
    return None if hidden else part


def _tally(shape: Shape, tally: Mapping[str, int], size: int, otherwise: str) -> Table:
    """A split as the trainer counted it; nothing of it where it is not of all trainees."""
    codes = list(shape.codes[shape.columns[0].name])
    counted: Counter[str] = Counter()
    for code, number in tally.items():
        counted[_code(code, codes, otherwise)] += number
    is_whole = counted.total() == size
    cells = split({each: counted[each] for each in codes}, total=alone(size) if is_whole else None)
    if shape.every:
        return shape.table((each, cells[each]) for each in codes)
    shown = all(cells[each] is None for each in codes)
    return shape.table((each, cells[each]) for each in codes if counted[each] and not shown)


def _tests(people: Sequence[TrainedPerson], whole: int | None) -> Table:
    pairs = [
        (each.before, each.after)
        for each in people
        if each.before is not None and each.after is not None
    ]
    number = _part(len(pairs), len(people), whole)
    measured: tuple[Cell, ...] = (None, None, None, None)
    if number and number >= LEAST:
        before = Fraction(sum((each for each, _ in pairs), Fraction()), number)
        after = Fraction(sum((each for _, each in pairs), Fraction()), number)
        gain = normalised_gain(before, after)
        loss = (before - after) / before if before > after else None
        rose = gain if gain is not None and gain >= 0 else None
        measured = (_percent(before), _percent(after), _hundredth(rose), _hundredth(loss))
    return schema.TESTS.table([("before-and-after", number, *measured)])


def _labs(people: Sequence[TrainedPerson], whole: int | None) -> Table:
    rows: list[Row] = []
    for code in schema.LABS:
        worked = [_of(each.labs, code) for each in people]
        begun = [each for each in worked if each]
        handed = [share for each in begun for share in [_mean(each)] if share is not None]
        attempted = _part(len(begun), len(people), whole)
        given = _part(len(handed), len(begun), attempted)
        if not begun or attempted is None:
            continue
        mean = _percent(Fraction(sum(handed, Fraction()), len(handed))) if given else None
        rows.append((code, attempted, given, mean))
    return schema.WORKED.table(rows)


def _of(labs: Mapping[str, Fraction | None], code: str) -> list[Fraction | None]:
    """What one person did in the labs of a code."""
    return [share for lab, share in labs.items() if _code(lab, schema.LABS) == code]


def _mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    known = [each for each in shares if each is not None]
    return Fraction(sum(known, Fraction()), len(known)) if known else None


def _reactions(answers: Mapping[str, Sequence[int]], whole: int | None) -> Table:
    rows: list[Row] = []
    for code in schema.REACTIONS:
        points = answers.get(code, ())
        fits = whole is not None and len(points) <= whole  # sheets bear no name: one may be twice
        number = _part(len(points), whole, whole) if whole is not None and fits else None
        if number:
            mean = Fraction(sum(points), len(points))
            rows.append((code, number, str(half_up(mean, 1))))
    return schema.REACTION.table(rows)


def _code(text: str, codes: Collection[str], otherwise: str = _OTHER) -> str:
    return text if text in codes else otherwise


def _percent(share: Fraction) -> str:
    return str(half_up(share * 100, 1))


def _hundredth(share: Fraction | None) -> str | None:
    if share is None:
        return None
    return str(half_up(share, 2))
