"""Parts that must come to their whole, wherever a sentence, a report or a finding names both."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import SumsWrong


def require_parts(
    place: str, whole: int, parts: Iterable[tuple[int, int]], *, undetermined: int | None = None
) -> None:
    """Raise SumsWrong unless parts can be all of a whole.

    `parts`: the least and the most of each, in the unit of `whole`, satoshi as a rule.
    `undetermined`: how much of the whole the least of all parts leave open, None where nobody
    states it. `place`: what names them, for the error.
    """
    bounds = tuple(parts)
    least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    is_within = all(0 <= low <= high <= whole for low, high in bounds)
    is_stated = undetermined is None or (undetermined >= 0 and least + undetermined == whole)
    if not (is_within and is_stated and least <= whole <= most):
        raise SumsWrong(place=place, whole=whole, least=least, most=most)


def require_most(place: str, whole: int, part: tuple[int, int]) -> None:
    """Raise SumsWrong where one part is more than the whole it is of."""
    low, high = part
    if not 0 <= low <= high <= whole:
        raise SumsWrong(place=place, whole=whole, least=low, most=high)
