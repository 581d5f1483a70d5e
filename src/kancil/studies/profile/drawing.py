"""A subject's activity as a small chart: received upwards, sent downwards, over its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from html import escape

from kancil.bitcoin.chain.activity import Span
from kancil.ground.clock import from_unix
from kancil.ground.words import render
from kancil.studies.amounts import btc

WIDTH, HALF, AXIS = 960, 56, 18
_GAP = 2


def activity_svg(spans: Sequence[Span], zone: tzinfo) -> str:
    """The chart, without style of its own; empty where there is no time to draw."""
    largest = max((max(each.in_sat, each.out_sat) for each in spans), default=0)
    if not largest:
        return ""
    step = WIDTH / len(spans)
    told = render("study.activity-chart", largest=btc(largest))
    parts = [
        f'<svg class="activity" viewBox="0 0 {WIDTH} {2 * HALF + AXIS}" role="img">',
        f"<title>{escape(told)}</title>",
        f'<line class="axis" x1="0" x2="{WIDTH}" y1="{HALF}" y2="{HALF}"/>',
    ]
    for place, each in enumerate(spans):
        x, width = place * step, max(step - _GAP, 1)
        for name, sat, is_up in (("in", each.in_sat, True), ("out", each.out_sat, False)):
            if sat:
                height = max(1, round(sat * (HALF - 2) / largest))
                y = HALF - height if is_up else HALF
                parts.append(
                    f'<rect class="{name}" x="{x:.1f}" y="{y}" width="{width:.1f}" '
                    f'height="{height}"/>'
                )
    days = [from_unix(each.first).astimezone(zone).date().isoformat() for each in spans]
    y = 2 * HALF + AXIS - 4
    parts.append(f'<text x="0" y="{y}">{days[0]}</text>')
    if days[-1] != days[0]:
        parts.append(f'<text class="end" x="{WIDTH}" y="{y}">{days[-1]}</text>')
    return "".join([*parts, "</svg>"])
