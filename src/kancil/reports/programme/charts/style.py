"""The style of charts that stand alone, on paper or in a file; on a page it is `charts.css`.

The same classes stand in both; a test holds them alike. A picture is readable in black and white:
what a class says by colour, the shape says too.
"""

FONTS = (
    "'Noto Sans Khmer','Noto Sans Lao','Noto Sans Myanmar','Noto Sans Thai','Noto Sans Arabic',"
    "'Noto Sans',sans-serif"
)
INK, QUIET, LINE, PAPER = "#22201c", "#575145", "#b9ae99", "#ffffff"
FILL, SOFT, DOUBT, DANGER = "#7d2a5c", "#f5e1ec", "#854f00", "#a3271d"

RULES = {
    "c-text": f"font-family:{FONTS};font-size:13px;fill:{INK}",
    "c-small": f"font-size:12px;fill:{QUIET}",
    "c-bold": "font-weight:700",
    "c-on": f"fill:{PAPER}",
    "c-grid": f"stroke:{LINE};stroke-width:1;fill:none",
    "c-axis": f"stroke:{QUIET};stroke-width:1;fill:none",
    "c-dash": "stroke-dasharray:4 3",
    "c-track": f"fill:{PAPER};stroke:{LINE};stroke-width:1",
    "c-fill": f"fill:{FILL}",
    "c-fill-soft": f"fill:{SOFT}",
    "c-edge": f"stroke:{FILL};stroke-width:1.5",
    "c-line-fill": f"stroke:{FILL};stroke-width:1.5;fill:none",
    "c-line-none": f"stroke:{QUIET};stroke-width:1;fill:none",
    "c-line-doubt": f"stroke:{DOUBT};stroke-width:1.2;fill:none",
    "c-dot": f"fill:{FILL}",
    "c-hollow": f"fill:{PAPER};stroke:{FILL};stroke-width:1.5",
    "c-none": f"stroke:{QUIET};stroke-width:1;stroke-dasharray:4 3",
    "c-ghost": f"fill:none;stroke:{FILL};stroke-width:1;stroke-dasharray:3 3",
    "c-cap": f"stroke:{DANGER};stroke-width:2.5;fill:none",
    "c-cap-mark": f"fill:{DANGER}",
    "c-halo": f"stroke:{PAPER};stroke-width:5;fill:none",
    "c-plate": f"fill:{PAPER}",
    "c-doubt": f"stroke:{DOUBT};stroke-width:1.2",
    "c-whisker": f"stroke:{DOUBT};stroke-width:2;fill:none",
    "c-cover": f"fill:{QUIET}",
    "c-today": f"stroke:{DANGER};stroke-width:1.5;stroke-dasharray:6 3;fill:none",
    "c-area": f"fill:{FILL};fill-opacity:.16;stroke:none",
    "c-line": f"stroke:{FILL};stroke-width:2;fill:none",
    "c-arrow": f"stroke:{INK};stroke-width:1.5;fill:none",
    "c-arrow-mark": f"fill:{INK}",
}
"""Declarations by class; later ones go before earlier ones."""
STYLE = "".join(f".{name}{{{rules}}}" for name, rules in RULES.items())
