"""Places of satoshi: span arithmetic against sets of single satoshi."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.tracing import places
from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Spans
from kancil.ground.units import MAX_MONEY_SAT

SIZE = 24


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    return places.merged((p, p + 1) for p in draw(st.sets(st.integers(0, SIZE - 1))))


def spelt(these: Spans) -> set[int]:
    return {place for start, stop in these for place in range(start, stop)}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5))))
def test_merged_spans_hold_the_same_satoshi_and_never_touch(parts: list[tuple[int, int]]) -> None:
    given_spans = [(start, start + size) for start, size in parts]
    joined = places.merged(given_spans)
    assert spelt(joined) == spelt(tuple(given_spans))
    assert all(a[1] < b[0] for a, b in pairwise(joined))


@given(these=spans())
def test_mirroring_twice_changes_nothing(these: Spans) -> None:
    once = places.mirrored(these, SIZE)
    assert spelt(once) == {SIZE - 1 - place for place in spelt(these)}
    assert places.mirrored(once, SIZE) == these


@given(
    these=spans(),
    low=st.integers(-10, 10),
    more=st.integers(0, 12),
    first=st.integers(0, 20),
    size=st.integers(0, 20),
)
def test_overlap_range_is_what_trying_every_shift_gives(
    these: Spans, low: int, more: int, first: int, size: int
) -> None:
    counts = [
        len({p + shift for p in spelt(these)} & set(range(first, first + size)))
        for shift in range(low, low + more + 1)
    ]
    found = places.overlap_range(these, (low, low + more), (first, first + size))
    assert found == (min(counts), max(counts))


def test_many_spans_fall_back_to_a_wider_bound() -> None:
    many = tuple((4 * n, 4 * n + 2) for n in range(places.EXACT_SPANS + 1))
    counts = [places.overlap(many, shift, 10, 30) for shift in range(4)]
    least, most = places.overlap_range(many, (0, 3), (10, 30))
    assert least <= min(counts)
    assert max(counts) <= most


@given(
    certain=spans(),
    maybe=spans(),
    picks=st.data(),
    low=st.integers(-6, 6),
    more=st.integers(0, 6),
    first=st.integers(0, 16),
    narrow=st.integers(0, 12),
    wider=st.integers(0, 6),
)
def test_cut_holds_every_possible_cut(
    certain: Spans,
    maybe: Spans,
    picks: st.DataObject,
    low: int,
    more: int,
    first: int,
    narrow: int,
    wider: int,
) -> None:
    possible = places.merged((*certain, *maybe))
    open_places = sorted(spelt(possible) - spelt(certain))
    chosen = picks.draw(st.sets(st.sampled_from(open_places))) if open_places else set()
    truth = spelt(certain) | chosen
    slack = picks.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    coins = Coins(
        max(len(spelt(certain)), len(truth) - slack[0]), len(truth) + slack[1], certain, possible
    )
    part = places.cut(coins, (low, low + more), first, (narrow, narrow + wider))
    for shift in range(low, low + more + 1):
        for size in range(narrow, narrow + wider + 1):
            inside = {p + shift - first for p in truth if 0 <= p + shift - first < size}
            assert part.lower <= len(inside) <= part.upper
            assert spelt(part.certain) <= inside
            assert not inside or inside <= spelt(part.possible)


def test_doubt_of_unknown_value_may_lie_anywhere() -> None:
    assert places.doubt(UNKNOWN_VALUE, 5) == Coins(0, 5, (), ((0, MAX_MONEY_SAT),))
    assert places.doubt(3, 5) == Coins(0, 3, (), ((0, 3),))
    assert places.doubt(0, 5) == NOTHING


def test_joining_whole_coins_keeps_their_places_exactly() -> None:
    flow = Coins(2, 2, ((0, 2),), ((0, 2),))
    flow = flow._replace(possible=flow.certain)
    assert places.join(flow, places.whole(5), 5) == places.whole(5)
    part = places.join(flow, places.begin(5, 2), 5)
    assert (part.lower, part.upper) == (2, 4)
    assert part.certain == ((0, 2),)
