"""A study over countries: how many said what to a question, and how many did not say.

What is published hides small groups by the house's one rule (`records.small_groups`): an answer of
one to four countries is not counted out, nor is another one from which it would follow; of fewer
than five countries nothing is counted, and no group is named. Numbers are
counted by ranges that do not depend on the answers, since the smallest and the largest number are
those of one country.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kancil.assessment.protocol import Scale, ScaleKind
from kancil.records.small_groups import LEAST, is_small, split

STUDY_RULE = "released-answers/1"
"""The name of the method by which a study is counted, as a report states it."""
SUMMARY = "summary"
"""The section of a text on the whole study."""


class Said(StrEnum):
    """What one country said to one question."""

    VALUE = "value"
    NOT_APPLICABLE = "not-applicable"
    NOT_KNOWN = "not-known"
    NOT_ASKED = "not-asked"
    """It is asked only after an answer that was not given."""
    NOT_ANSWERED = "not-answered"
    DISPUTED = "disputed"
    """The assessors differ, and nothing counts yet."""
    KEPT_BACK = "kept-back"
    """It, or a question that it hangs on, waits for the reader's own answer."""


SILENT = (Said.NOT_APPLICABLE, Said.NOT_KNOWN, Said.DISPUTED, Said.KEPT_BACK, Said.NOT_ASKED,
          Said.NOT_ANSWERED)  # fmt: skip
"""What is no answer that can be counted, in the order in which it is shown."""

Values = tuple[int | str, ...]
Replied = tuple[Said, Values]
"""What one country said, with its values where it is an answer."""


@dataclass(frozen=True, slots=True)
class Group:
    """Those who said the same."""

    key: str
    """A value of the scale, a range such as `10-99`, or what was said in place of an answer."""
    count: int | None
    """None: hidden, since it is small, or a small one would follow from it."""
    is_response: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """How a question was answered; groups add up to `asked`, but where several could be chosen."""

    asked: int
    """Countries."""
    answered: int | None
    """None: hidden."""
    groups: tuple[Group, ...]
    may_be_several: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether a group of it is hidden."""
        return self.answered is None or any(each.count is None for each in self.groups)


def tally(scale: Scale, replies: Sequence[Replied], *, is_published: bool) -> Tally:
    """Count what countries said to a question.

    `is_published`: hide small groups, for readers who do not see the answers one by one.
    """
    if is_published and len(replies) < LEAST:
        return Tally(len(replies), None, ())  # even which groups there are would tell
    silent: Counter[Said] = Counter(said for said, _ in replies if said is not Said.VALUE)
    given = [values for said, values in replies if said is Said.VALUE]
    none = {each.value: silent[each] for each in SILENT if silent[each]}
    if scale.kind is ScaleKind.MANY:
        return _several(scale, given, none, len(replies), is_published)
    counted = Counter(_key(scale, each) for values in given for each in values[:1])
    cells = {("", key): counted[key] for key in _keys(scale, counted)}
    cells |= {("silent", key): count for key, count in none.items()}
    shown = _shown(cells, len(replies), is_published)
    groups = tuple(Group(key, count, not kind) for (kind, key), count in shown.items())
    return Tally(len(replies), _answered(groups, len(replies)), groups)


def _shown(
    cells: Mapping[tuple[str, str], int], total: int, is_published: bool
) -> dict[tuple[str, str], int | None]:
    """The cells as they may be shown; who did not answer is one group more, of all silent cells."""
    if not is_published:
        return dict(cells)
    shown = split(cells, total=total)
    given = {key: count for key, count in cells.items() if key[0] != "silent"}
    none = sum(count for key, count in cells.items() if key[0] == "silent")
    if is_small(none):
        apart = split({**given, _NONE: none}, total=total)
        shown |= {key: None for key in given if apart[key] is None}
    return shown


_NONE = ("none", "")
"""All who did not answer, as one cell."""


def _answered(groups: Iterable[Group], asked: int) -> int | None:
    """How many answered, as far as it follows from the groups that are shown and tells no more."""
    silent = [each.count for each in groups if not each.is_response]
    given = [each.count for each in groups if each.is_response]
    if None not in silent:
        return asked - sum(each or 0 for each in silent)
    return sum(each or 0 for each in given) if None not in given else None


def _several(
    scale: Scale, given: Sequence[Values], none: Mapping[str, int], asked: int, is_published: bool
) -> Tally:
    """Of each answer who chose it and who did not: both are groups of those who answered."""
    outer = {("", Said.VALUE.value): len(given)} | {("silent", k): n for k, n in none.items()}
    shown = _shown(outer, asked, is_published)
    answered = shown.pop(("", Said.VALUE.value))
    chosen = Counter(str(one) for values in given for one in set(values))
    groups = []
    for key in _keys(scale, chosen):
        count: int | None = chosen[key]
        if is_published and answered is not None:
            both = {True: chosen[key], False: answered - chosen[key]}
            count = split(both, total=answered)[True]
        elif is_published and not _is_apart(chosen[key], outer, shown, asked):
            count = None
        groups.append(Group(key, count))
    groups += [Group(key, count, is_response=False) for (_, key), count in shown.items()]
    return Tally(asked, answered, tuple(groups), may_be_several=True)


def _is_apart(
    count: int,
    cells: Mapping[tuple[str, str], int],
    shown: Mapping[tuple[str, str], int | None],
    asked: int,
) -> bool:
    """Whether who chose an answer may be shown where it is hidden how many answered at all.

    That is so where one small group did not answer: nobody, or so many less than all that neither
    the size of that group follows nor that fewer than five did not choose it.
    """
    hidden = [cells[key] for key, each in shown.items() if each is None]
    if len(hidden) != 1 or not is_small(hidden[0]):
        return False
    left = asked - sum(each or 0 for each in shown.values())
    return count == 0 or (count >= LEAST and left - count >= 2 * LEAST - 1)


def _keys(scale: Scale, counted: Iterable[str]) -> list[str]:
    """The groups of a scale in its order; of numbers from the first that is met to the last."""
    if scale.values:
        return [str(each.value) for each in scale.values]
    if scale.kind is ScaleKind.SHARE:
        return list(SHARES)
    if scale.kind is ScaleKind.COUNT:
        return sorted(set(counted), key=lambda key: int(key.split("-")[0]))
    return [Said.VALUE.value]


SHARES = ("0-19", "20-39", "40-59", "60-79", "80-100")
"""Ranges of percents; a fraction belongs to the whole number below it."""


def _key(scale: Scale, value: int | str) -> str:
    if scale.kind is ScaleKind.SHARE:
        return SHARES[min(int(float(value)) // 20, len(SHARES) - 1)]
    if scale.kind is ScaleKind.COUNT:
        whole = int(value)
        if whole <= 0:
            return "0"
        low = 10 ** (len(str(whole)) - 1)
        return f"{low}-{low * 10 - 1}"
    return str(value) if scale.values else Said.VALUE.value


def study_sections(protocol: str, areas: Iterable[str], questions: Iterable[str]) -> list[str]:
    """The sections of a study's texts: of the whole, of each area, of each question.

    `questions`: as `place_of` writes them.
    """
    return [
        SUMMARY,
        *(area_section(protocol, each) for each in areas),
        *(question_section(each) for each in questions),
    ]


def area_section(protocol: str, area: str) -> str:
    """The section of an area."""
    return f"area/{protocol}/{area}"


def question_section(place: str) -> str:
    """The section of a question, or of a part of one."""
    return f"question/{place}"


def kinds_in(section: str) -> tuple[str, ...]:
    """Which texts a section has; of a question there is a finding alone."""
    return ("finding",) if section.startswith("question/") else ("finding", "narrative")


def place_of(indicator: str, part: str | None) -> str:
    """The name of a question, or of a part of one, in addresses and sections."""
    return indicator if part is None else f"{indicator}-{part}"
