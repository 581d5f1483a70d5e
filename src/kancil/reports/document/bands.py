"""A picture too wide for any page, cut into bands that stand below each other.

Each band shows the same picture from another place on, so nothing of it moves. A band ends where a
box would be cut, and the next begins with the last boxes of the one before: the eye finds its way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

WIDEST = 1460
"""User units that a turned page holds at a size that is read; a wider picture is cut."""
BAND = 1200
"""User units that an upright page holds."""
MOST_BANDS = 16
_EDGE = 16
_HEAD = re.compile(r'viewBox="(-?\d+) (-?\d+) (\d+) (\d+)" width="\d+" height="\d+"')


def bands_of(svg: str, boxes: Sequence[tuple[int, int]]) -> list[tuple[str, int, int]]:
    """The picture, or its bands from left to right: each with its width and height.

    `boxes`: where each box of it begins and ends, in user units.
    """
    head = _HEAD.search(svg)
    if head is None:
        raise AssertionError(svg[:200])
    left, top, width, height = (int(each) for each in head.groups())
    if width <= WIDEST:
        return [(svg, width, height)]
    windows = list(windows_of(left, left + width, boxes))
    if len(windows) > MOST_BANDS:
        return [(svg, width, height)]
    return [
        (_seen(svg, head[0], start, top, end - start, height), end - start, height)
        for start, end in windows
    ]


def _seen(svg: str, head: str, left: int, top: int, width: int, height: int) -> str:
    size = f'width="{width}" height="{height}"'
    return svg.replace(head, f'viewBox="{left} {top} {width} {height}" {size}', 1)


def windows_of(
    left: int, right: int, boxes: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """From where to where each band goes; together they show every place, and every box whole."""
    start = left
    while start + BAND < right:
        ahead = [one for one in boxes if one[0] >= start]
        inside = [one for one in ahead if one[1] + _EDGE <= start + BAND]
        end = max((one[1] + _EDGE for one in inside), default=start + BAND)
        cut = [one[0] for one in ahead if one not in inside]
        nexts = [start + BAND, *cut, *([max(inside)[0]] if inside else [])]
        follows = min(one for one in nexts if one - _EDGE > start) - _EDGE
        yield start, max(end, follows)
        start = follows
    yield start, right
