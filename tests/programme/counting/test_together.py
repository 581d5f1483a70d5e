"""No small group follows from figures that stand together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.counting.count import Scope
from kancil.programme.counting.rule import Counts, Dimension, Rule, Span, Times
from kancil.programme.counting.together import Cell, cell, hidden_together
from kancil.records.small_groups import is_small
from tests.examples import examples

FIRST, HALF, LAST = date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31)
PEOPLE = Rule(Counts.PEOPLE)
COUNTRIES, SEXES = ("XBO", "XKA", "XSE"), ("female", "male")


def made(
    id: str, count: int, country: str = "", rule: Rule = PEOPLE, until: date = LAST,
    since: date = FIRST, *, is_fixed: bool = False, version: int = 0, **more: str,
) -> Cell:  # fmt: skip
    """A cell that is shown where it is not small itself."""
    scope = Scope(since, until, country)
    found = cell(
        id, rule, scope, str(count), is_shown=not is_small(count), is_fixed=is_fixed,
        version=version, more=more,
    )  # fmt: skip
    assert found is not None
    return found


def women(count: int, id: str = "women") -> Cell:
    return made(id, count, rule=Rule(Counts.PEOPLE, only={Dimension.SEX: ("female",)}))


def test_a_whole_beside_its_countries_tells_no_hidden_one() -> None:
    shown = [made("all", 40), made("a", 17, "XBO"), made("b", 20, "XKA"), made("c", 3, "XSE")]
    assert hidden_together(shown) == {"a"}
    assert hidden_together(shown[1:]) == frozenset()


def test_who_is_in_no_listed_country_is_a_group_too() -> None:
    assert hidden_together([made("all", 40), made("a", 38, "XBO")]) == {"a"}
    assert hidden_together([made("all", 40), made("a", 30, "XBO")]) == frozenset()


def test_an_indicator_of_women_beside_one_of_all_tells_no_small_group_of_men() -> None:
    assert hidden_together([made("all", 40), women(37)]) == {"women"}
    assert hidden_together([made("all", 40, sex="male"), women(37)]) == frozenset()


def test_two_periods_tell_no_small_group_that_came_in_between() -> None:
    year, half = made("year", 23), made("half", 20, until=HALF)
    assert hidden_together([year, half]) == {"half"}
    assert hidden_together([year, made("half", 20, until=HALF, is_fixed=True)]) == {"year"}
    to_date = Rule(Counts.PEOPLE, span=Span.TO_DATE)
    was = made("was", 60, rule=to_date, until=HALF, is_fixed=True)
    assert hidden_together([was, made("is", 62, rule=to_date)]) == {"is"}
    assert hidden_together([was, made("is", 66, rule=to_date)]) == frozenset()


def test_what_counts_each_time_is_the_sum_of_its_periods() -> None:
    each = Rule(Counts.PEOPLE, times=Times.EACH_TIME)
    later = date(2025, 7, 1)
    cells = [
        made("year", 30, rule=each), made("first", 18, rule=each, until=HALF),
        made("third", 9, rule=each, since=later, until=date(2025, 9, 30)),
        made("fourth", 3, rule=each, since=date(2025, 10, 1)),
    ]  # fmt: skip
    assert hidden_together(cells) == {"third"}


def test_who_attended_enough_beside_who_took_part_tells_no_small_group() -> None:
    often = Rule(Counts.PEOPLE, least_attendance=80)
    assert hidden_together([made("all", 40), made("often", 38, rule=often)]) == {"often"}


def test_one_set_that_is_hidden_in_a_split_is_hidden_as_a_figure() -> None:
    scope = Scope(FIRST, LAST)
    hidden = cell("people.male", PEOPLE, scope, "40", is_shown=False, more={"sex": "male"})
    men = made("men", 40, rule=Rule(Counts.PEOPLE, only={Dimension.SEX: ("male",)}))
    assert hidden is not None
    assert hidden_together([made("all", 43, is_fixed=True), hidden, men]) == {"men"}


def test_a_corrected_number_is_no_part_of_the_whole_beside_its_successor() -> None:
    now = [made("all", 40), made("a", 22, "XBO"), made("b", 18, "XKA")]
    assert hidden_together([*now, made("was a", 17, "XBO", version=1)]) == frozenset()


def test_an_older_number_is_hidden_for_the_sake_of_those_beside_it() -> None:
    now = [made("all", 43), made("a", 17, "XBO"), made("b", 20, "XKA"), made("c", 6, "XSE")]
    assert hidden_together(now) == frozenset()
    small = made("was c", 3, "XSE", version=1)
    assert hidden_together([*now, small]) == frozenset()
    assert hidden_together([*now, small, made("was all", 40, version=1)]) == {"was all"}


def test_what_is_hidden_is_hidden_in_its_older_numbers_too() -> None:
    now = [made("all", 40), made("a", 17, "XBO"), made("b", 20, "XKA"), made("c", 3, "XSE")]
    older = [made("was a", 19, "XBO", version=1), made("was c", 8, "XSE", version=1)]
    assert hidden_together([*now, *older]) == {"a", "was a", "was c"}


def test_one_set_that_two_figures_count_differently_is_hidden_in_both() -> None:
    cells = [made("all", 40), made("a", 17, "XBO"), made("b", 20, "XKA"), made("c", 3, "XSE")]
    assert hidden_together([*cells, made("a again", 18, "XBO")]) == {"a", "a again"}
    assert hidden_together([made("all", 40), made("all again", 42)]) == frozenset()


def test_a_whole_of_some_countries_beside_these_tells_no_hidden_one() -> None:
    some = Rule(Counts.PEOPLE, only={Dimension.COUNTRY: COUNTRIES})
    cells = [made("three", 40, rule=some), made("a", 20, "XBO"), made("b", 17, "XKA")]
    assert hidden_together(cells) == {"b"}


def test_what_is_no_number_of_persons_is_no_cell() -> None:
    scope = Scope(FIRST, LAST)
    assert cell("a", Rule(Counts.ACTIVITIES), scope, "3", is_shown=True) is None
    assert cell("a", Rule(Counts.ENTERED), scope, "3", is_shown=True) is None
    assert cell("a", PEOPLE, scope, "62.5", is_shown=True) is None
    assert cell("a", PEOPLE, scope, "good", is_shown=True) is None


Atom = tuple[str, str]
ATOMS: Sequence[Atom] = tuple(product(COUNTRIES, SEXES))
"""The third country is never listed: a reader does not know whether it is there."""
SETS: Mapping[str, tuple[str, str]] = {
    "all": ("", ""), "a": ("XBO", ""), "b": ("XKA", ""), "f": ("", "female"), "m": ("", "male"),
    "af": ("XBO", "female"), "am": ("XBO", "male"), "bf": ("XKA", "female"),
    "bm": ("XKA", "male"),
}  # fmt: skip


def _is_in(atom: Atom, name: str) -> bool:
    country, sex = SETS[name]
    return country in ("", atom[0]) and sex in ("", atom[1])


def number_in(name: str, atoms: Mapping[Atom, int]) -> int:
    return sum(count for atom, count in atoms.items() if _is_in(atom, name))


def can_be(known: Mapping[str, int], name: str, count: int) -> bool:
    """Whether there are numbers of persons that give what is shown, and this for a hidden one."""
    sums = {**known, name: count}
    most = max(sums.values()) + 6

    def fits(left: Mapping[str, int], place: int) -> bool:
        if place == len(ATOMS):
            return not any(left.values())
        own = [each for each in sums if _is_in(ATOMS[place], each)]
        last = [
            left[each] for each in own if not any(_is_in(one, each) for one in ATOMS[place + 1 :])
        ]
        top = min((left[each] for each in own), default=most)
        return any(
            fits({**left, **{each: left[each] - n for each in own}}, place + 1)
            for n in (set(last) if last else range(top + 1))
            if n <= top
        )

    return fits(sums, 0)


def cells_of(atoms: Mapping[Atom, int], listed: set[str], version: int = 0) -> list[Cell]:
    """The listed sets as cells; an older version has its number beside its name."""
    found = []
    for name in sorted(listed):
        country, sex = SETS[name]
        count, id = number_in(name, atoms), f"{name}{version or ''}"
        if sex:
            found.append(made(id, count, country, version=version, sex=sex))
        else:
            found.append(made(id, count, country, version=version))
    return found


def assert_open(atoms: Mapping[Atom, int], cells: Sequence[Cell], hidden: frozenset[str]) -> None:
    """No hidden small one has a single value."""
    shown = {each.id[: -1 if each.version else None]: each.count for each in cells
             if each.is_shown and each.id not in hidden}  # fmt: skip
    assert not any(is_small(count) for count in shown.values())
    for name in sorted({each.id[: -1 if each.version else None] for each in cells} - set(shown)):
        true = number_in(name, atoms)
        if is_small(true):
            others = (each for each in range(12) if each != true)
            assert any(can_be(shown, name, each) for each in others), (name, shown)


NUMBERS = st.tuples(*[st.integers(0, 9)] * 6)
LISTED = st.sets(st.sampled_from(sorted(SETS)), min_size=2, max_size=7)


@given(NUMBERS, LISTED, st.randoms(use_true_random=False))
@examples(300)
def test_no_hidden_number_can_be_solved_from_all_that_is_shown(
    numbers: tuple[int, ...], listed: set[str], random: Random
) -> None:
    atoms = dict(zip(ATOMS, numbers, strict=True))
    cells = cells_of(atoms, listed)
    hidden = hidden_together(cells)
    assert_open(atoms, cells, hidden)
    random.shuffle(cells)
    assert hidden_together(cells) == hidden


@given(NUMBERS, NUMBERS, LISTED)
@examples(100)
def test_numbers_that_were_corrected_at_once_tell_no_hidden_one(
    numbers: tuple[int, ...], earlier: tuple[int, ...], listed: set[str]
) -> None:
    now, before = (dict(zip(ATOMS, each, strict=True)) for each in (numbers, earlier))
    standing, older = cells_of(now, listed), cells_of(before, listed, version=1)
    hidden = hidden_together([*standing, *older])
    assert_open(now, standing, hidden)
    assert_open(before, older, hidden)
