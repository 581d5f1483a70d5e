"""Counting a study: non-response adds up, and no small group is told or follows."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.protocol import Scale, ScaleKind
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.study import (
    SILENT,
    Group,
    Replied,
    Said,
    Tally,
    kinds_in,
    place_of,
    study_sections,
    tally,
)
from kancil.records.small_groups import LEAST, is_small

SCALES = named_protocol("study").scales
CHOICE, MANY = SCALES["plan"], SCALES["kinds_of_law"]


def _replies(scale: Scale) -> st.SearchStrategy[list[Replied]]:
    """What up to forty countries say, mostly answers."""
    values = [each.value for each in scale.values[:3]]
    some = st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
    if scale.kind is not ScaleKind.MANY:
        some = some.map(lambda found: found[:1])
    answer = some.map(lambda found: (Said.VALUE, tuple(found)))
    silent = st.sampled_from(SILENT).map(lambda said: (said, ()))
    return st.lists(st.one_of(answer, answer, answer, silent), max_size=40)


def _of(counts: dict[str, int], silent: int = 0) -> list[Replied]:
    answers: list[Replied] = [
        (Said.VALUE, (value,)) for value, n in counts.items() for _ in range(n)
    ]
    return answers + [(Said.NOT_KNOWN, ())] * silent


def _shown(made: Tally) -> dict[str, int | None]:
    return {each.key: each.count for each in made.groups}


@given(_replies(CHOICE), _replies(MANY))
def test_who_did_not_answer_is_counted_and_all_add_up(
    one: list[Replied], several: list[Replied]
) -> None:
    made = tally(CHOICE, one, is_published=False)
    assert sum(each.count or 0 for each in made.groups) == made.asked == len(one)
    made = tally(MANY, several, is_published=False)
    silent = sum(each.count or 0 for each in made.groups if not each.is_response)
    assert (made.answered or 0) + silent == len(several)


@given(st.one_of(_replies(CHOICE).map(lambda x: (CHOICE, x)),
                 _replies(MANY).map(lambda x: (MANY, x))))  # fmt: skip
def test_no_small_group_is_published(asked: tuple[Scale, list[Replied]]) -> None:
    scale, replies = asked
    true, made = (tally(scale, replies, is_published=each) for each in (False, True))
    real = _shown(true)
    for key, count in _shown(made).items():
        assert count is None or (count == real[key] and not is_small(count))
    if made.answered is not None:
        assert made.answered == true.answered
    if made.may_be_several and made.answered is not None:
        for each in made.groups:
            if each.is_response and each.count is not None:
                assert not is_small(made.answered - each.count)


@given(_replies(MANY))
def test_how_many_did_not_answer_does_not_follow_from_what_some_chose(
    replies: list[Replied],
) -> None:
    """Each size that the one small silent group can have must fit what is shown."""
    made = tally(MANY, replies, is_published=True)
    hidden = [each for each in made.groups if not each.is_response and each.count is None]
    shown = [each.count for each in made.groups if each.is_response and each.count]
    if made.answered is None and len(hidden) == 1 and shown:
        known = sum(each.count or 0 for each in made.groups if not each.is_response)
        for silent, chosen in product(range(1, LEAST), shown):
            assert made.asked - known - silent - chosen >= LEAST


def test_the_worked_example_hides_the_small_group_and_the_next() -> None:
    made = tally(CHOICE, _of({"yes": 12, "planned": 6, "no": 2}), is_published=True)
    assert _shown(made) == {"yes": 12, "planned": None, "no": None}
    assert made.answered == 20
    assert made.is_hidden
    open_one = tally(CHOICE, _of({"yes": 12, "planned": 6}, silent=7), is_published=True)
    assert _shown(open_one) == {"yes": 12, "planned": 6, "no": 0, "not-known": 7}
    assert open_one.answered == 18
    assert not open_one.is_hidden


def test_under_five_countries_nothing_is_published() -> None:
    """Nor is it named which groups there are: of two countries that would tell both answers."""
    made = tally(CHOICE, _of({"yes": 4}), is_published=True)
    assert (made.groups, made.answered, made.is_hidden) == ((), None, True)
    assert tally(CHOICE, _of({"yes": 4}), is_published=False).answered == 4


def test_numbers_are_counted_by_ranges_that_do_not_depend_on_them() -> None:
    replies: list[Replied] = [(Said.VALUE, (n,)) for n in (0, 3, 9, 10, 99, 100, 1_000)]
    made = tally(SCALES["number"], replies, is_published=False)
    assert made.groups == (
        Group("0", 1), Group("1-9", 2), Group("10-99", 2), Group("100-999", 1),
        Group("1000-9999", 1),
    )  # fmt: skip
    shares: list[Replied] = [(Said.VALUE, (text,)) for text in ("0", "19.9", "20", "100", 80)]
    made = tally(SCALES["percent"], shares, is_published=False)
    assert _shown(made) == {"0-19": 2, "20-39": 1, "40-59": 0, "60-79": 0, "80-100": 2}


def test_sections_are_the_whole_the_areas_and_the_questions() -> None:
    found = study_sections("p-1", ["a"], [place_of("Q1", None), place_of("Q1", "x")])
    assert found == ["summary", "area/p-1/a", "question/Q1", "question/Q1-x"]
    assert [kinds_in(each) for each in found[1:3]] == [("finding", "narrative"), ("finding",)]


@given(_replies(CHOICE), _replies(MANY))
def test_how_many_answered_never_tells_of_a_few_who_did_not(
    one: list[Replied], several: list[Replied]
) -> None:
    for scale, replies in ((CHOICE, one), (MANY, several)):
        made = tally(scale, replies, is_published=True)
        silent = sum(said is not Said.VALUE for said, _ in replies)
        if is_small(silent):
            assert made.answered is None
            given = [each.count for each in made.groups if each.is_response]
            assert not given or None in given, "nor does the sum of those who did"


def test_two_who_are_silent_for_two_reasons_are_a_small_group_together() -> None:
    replies = [*_of({"yes": 9, "no": 8}), (Said.NOT_KNOWN, ()), (Said.DISPUTED, ())]
    made = tally(CHOICE, replies, is_published=True)
    assert made.answered is None
