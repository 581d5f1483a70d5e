"""Charts as SVG: pure functions from values to text, the same bytes for the same values.

Each has a title and a description, says everything by shape, pattern or letter beside colour, and
wraps its words. On a page the site's own style sheet (`charts.css`) gives the colours; with
`standalone` the style stands inside, for paper and for files. A chart never stands alone: whoever
shows one shows the table of the same values, too.
"""

from .bars import Bar, Count, area_bars, count_bars
from .heat import Category, HeatRow, Look, heat_map, look_of
from .moved import MovedBar, moved_bars
from .radar import Axis, sector_radar
from .since import since_bars
from .style import STYLE
from .svg import About
from .threats import Mark, Sureness, Trend, threat_matrix
from .timeline import Span, SpanState, timeline

__all__ = [
    "STYLE", "About", "Axis", "Bar", "Category", "Count", "HeatRow", "Look", "Mark", "MovedBar",
    "Span", "SpanState", "Sureness", "Trend", "area_bars", "count_bars", "heat_map",
    "look_of", "moved_bars", "sector_radar", "since_bars", "threat_matrix", "timeline",
]  # fmt: skip
