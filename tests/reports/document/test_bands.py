"""A picture that is too wide for a page is cut into bands, and no box is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kancil.reports.document.bands import BAND, WIDEST, bands_of, windows_of


@given(
    st.lists(st.tuples(st.integers(0, 6000), st.integers(40, 260)), min_size=1, max_size=40),
    st.integers(-50, 0),
)
def test_bands_show_every_place_and_every_box_whole(
    placed: list[tuple[int, int]], left: int
) -> None:
    boxes = [(at, at + wide) for at, wide in placed]
    right = max(end for _, end in boxes) + 40
    windows = list(windows_of(left, right, boxes))
    assert (windows[0][0], windows[-1][1]) == (left, right)
    assert all(0 < end - start <= BAND for start, end in windows)
    for (start, end), (following, _) in pairwise(windows):
        assert start < following <= end
    assert all(any(s <= one[0] and one[1] <= e for s, e in windows) for one in boxes)


def test_what_a_page_holds_is_not_cut_and_a_wide_picture_is_the_same_one_seen_in_parts() -> None:
    def svg(wide: int) -> str:
        size = f'width="{wide}" height="90"'
        return f'<svg viewBox="-10 0 {wide} 90" {size}><rect {size}/></svg>'

    assert bands_of(svg(WIDEST), []) == [(svg(WIDEST), WIDEST, 90)]
    boxes = [(at, at + 170) for at in range(0, 2700, 420)]
    parts = bands_of(svg(2710), boxes)
    assert len(parts) > 2
    assert all(f'width="{wide}" height="90"' in part for part, wide, _ in parts)
    assert all(part.endswith(svg(2710)[-40:]) for part, _, _ in parts)
