"""How hard each item was, how well it tells trainees apart, and what a class gained.

Each item counts as right (all of its point) or not. Sources:

- difficulty p, the share that was right, and discrimination by the upper and lower 27 %:
  T. L. Kelley, *The selection of upper and lower groups for the validation of test items*,
  Journal of Educational Psychology 30 (1939) 17–24; the reading of D by R. L. Ebel and
  D. A. Frisbie, *Essentials of Educational Measurement* (from secondary sources: *verify*);
- corrected point-biserial: the item against the total of all other items;
- KR-20: G. F. Kuder, M. W. Richardson, *The theory of the estimation of test reliability*,
  Psychometrika 2 (1937) 151–160, with the variance over n;
- normalised gain: R. R. Hake, American Journal of Physics 66 (1998) 64–74: of class averages,
  (post - pre) / (100 - pre). Its bounds of low, medium and high (0.3, 0.7) were found for one
  test of mechanics and are no measure of a course here.

With fewer than five trainees nothing is said (`records.small_groups`). A class of thirty tells
little: a coefficient of one class is a hint to read the item again, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt

from kancil.records.small_groups import LEAST, alone

EDGE = Fraction(27, 100)
"""Share of the trainees in the upper, and in the lower group."""
LOOK_AGAIN = 0.2
"""Below this discrimination Ebel's reading calls an item poor."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item, over those who sat the test; an item that they left out is not right."""

    right: int
    """How many had all of its point."""
    of: int
    difficulty: Fraction
    """Share that was right: 1 is easiest."""
    discrimination: Fraction
    """Share right in the upper group less that in the lower one: -1 to 1."""
    point_biserial: float | None
    """With the total of the other items; None where one of the two does not vary."""


@dataclass(frozen=True, slots=True)
class BankFigures:
    """One test."""

    of: int
    """How many sat it."""
    items: tuple[ItemFigures, ...] | None
    """None: fewer than five."""
    kr20: float | None
    """None: fewer than five, one item alone, or all totals the same."""
    edge: int
    """Trainees in the upper, and in the lower group."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a class gained between two parallel tests."""

    paired: int | None
    """Who sat both; None: hidden."""
    pre_only: int | None
    post_only: int | None
    pre: Fraction | None
    """Average of the pre-test over the paired, in percent; None: fewer than five."""
    post: Fraction | None
    gain: Fraction | None
    """None: fewer than five, or nothing was left to gain."""


def analyse(rights: Sequence[Sequence[bool]]) -> BankFigures:
    """Figures of a test. `rights`: for each trainee, for each item, whether it was right."""
    of = len(rights)
    edge = max(1, floor(EDGE * of + Fraction(1, 2)))
    if of < LEAST or not rights[0]:
        return BankFigures(of, None, None, edge)
    totals = [sum(row) for row in rights]
    upper, lower = _upper(totals, edge), _upper([-each for each in totals], edge)
    columns = list(zip(*rights, strict=True))
    items = tuple(_item(column, totals, upper, lower, edge) for column in columns)
    return BankFigures(of, items, _kr20(columns, totals), edge)


def _item(
    column: Sequence[bool],
    totals: Sequence[int],
    upper: Sequence[Fraction],
    lower: Sequence[Fraction],
    edge: int,
) -> ItemFigures:
    right, of = sum(column), len(column)
    high = sum((part for part, is_right in zip(upper, column, strict=True) if is_right), _NONE)
    low = sum((part for part, is_right in zip(lower, column, strict=True) if is_right), _NONE)
    rest = [total - is_right for total, is_right in zip(totals, column, strict=True)]
    return ItemFigures(
        right, of, Fraction(right, of), (high - low) / edge, _correlation(column, rest)
    )


_NONE = Fraction(0)


def _upper(totals: Sequence[int], edge: int) -> list[Fraction]:
    """How far each trainee is in the upper group: those who tie at its edge share its last places.

    So the figures do not depend on the order in which trainees happen to stand.
    """
    cut = sorted(totals, reverse=True)[edge - 1]
    above, tied = sum(each > cut for each in totals), sum(each == cut for each in totals)
    part = Fraction(edge - above, tied)
    return [Fraction(1) if each > cut else part if each == cut else _NONE for each in totals]


def _correlation(column: Sequence[bool], rest: Sequence[int]) -> float | None:
    """Pearson's r of a column of 0 and 1 with whole numbers; exact up to the root."""
    n = len(column)
    product = n * sum(total for is_right, total in zip(column, rest, strict=True) if is_right)
    product -= sum(column) * sum(rest)
    varies = n * sum(column) - sum(column) ** 2
    varies_too = n * sum(each * each for each in rest) - sum(rest) ** 2
    if not varies or not varies_too:
        return None
    return product / sqrt(varies * varies_too)


def _kr20(columns: Sequence[Sequence[bool]], totals: Sequence[int]) -> float | None:
    n, k = len(totals), len(columns)
    varies = Fraction(n * sum(each * each for each in totals) - sum(totals) ** 2, n * n)
    if k < 2 or not varies:
        return None
    products = sum((Fraction(sum(each) * (n - sum(each)), n * n) for each in columns), _NONE)
    return float(Fraction(k, k - 1) * (1 - products / varies))


def gained(pre: Mapping[str, Fraction], post: Mapping[str, Fraction]) -> Gain:
    """The gain over those who sat both. `pre`, `post`: share of all points by trainee, 0 to 1."""
    paired = sorted(pre.keys() & post.keys())
    counts = (len(paired), len(pre) - len(paired), len(post) - len(paired))
    both, pre_only, post_only = map(alone, counts)
    if len(paired) < LEAST:
        return Gain(both, pre_only, post_only, None, None, None)
    before = 100 * sum((pre[each] for each in paired), _NONE) / len(paired)
    after = 100 * sum((post[each] for each in paired), _NONE) / len(paired)
    gain = None if before == 100 else (after - before) / (100 - before)
    return Gain(both, pre_only, post_only, before, after, gain)
