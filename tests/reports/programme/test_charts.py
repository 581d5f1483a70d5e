"""Charts: well-formed, escaped, true to their values, readable without colour, always the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.ground.words import speaking
from kancil.reports.programme.charts import (
    About,
    Axis,
    Bar,
    Category,
    Count,
    HeatRow,
    Look,
    Mark,
    MovedBar,
    Span,
    SpanState,
    Sureness,
    Trend,
    area_bars,
    count_bars,
    heat_map,
    moved_bars,
    sector_radar,
    threat_matrix,
    timeline,
)
from kancil.reports.programme.charts.style import RULES
from kancil.reports.programme.charts.svg import clusters, wrapped
from tools.tree import ROOT

SVG = "{http://www.w3.org/2000/svg}"
KHMER = "ការវាយតម្លៃសមត្ថភាពក្នុងការប្រយុទ្ធប្រឆាំងនឹងឧក្រិដ្ឋកម្មតាមប្រព័ន្ធអ៊ីនធឺណិត"
THAI = "การประเมินขีดความสามารถในการต่อต้านอาชญากรรมทางไซเบอร์ระดับชาติ"
HOSTILE = "<script>alert('x')</script> & \"quoted\" \x01\x0b\u202eturned"
LABELS = ("Legal framework", KHMER, THAI, HOSTILE)
STAGES = ("None known", "Isolated", "Recurrent", "Common", "Pervasive")
LOOKS = {look.value: Category(look.value[:1].upper(), f"means {look.value}", look) for look in Look}


def about(width: int = 720, *, standalone: bool = False) -> About:
    return About("chart", f"Title {HOSTILE}", f"Description {HOSTILE}", width, standalone)


def _bars(what: About) -> str:
    return area_bars(
        [
            Bar(LABELS[0], Fraction(125, 2), Fraction(80), Fraction(70), low=Fraction(50),
                high=Fraction(70), url="/there/?a=1&b=2"),
            Bar(LABELS[1], Fraction(40), Fraction(92), Fraction(30), raw=Fraction(75)),
            Bar(LABELS[2], None, Fraction(30), reason=HOSTILE),
            Bar(LABELS[3], Fraction(100), None),
        ],
        what,
    )  # fmt: skip


CHARTS: dict[str, Callable[[About], str]] = {
    "area bars": _bars,
    "no bars": lambda what: area_bars([], what),
    "radar": lambda what: sector_radar([Axis(one, Fraction(40)) for one in LABELS], what),
    "radar with a gap": lambda what: sector_radar(
        [Axis(KHMER, Fraction(9), Fraction(3)), *(Axis(one, None) for one in LABELS)], what,
    ),
    "radar of one": lambda what: sector_radar([Axis(KHMER, Fraction(1))], what),
    "radar of none": lambda what: sector_radar([], what),
    "heat map": lambda what: heat_map(
        LABELS, [HeatRow(one, [*list(LOOKS)[:3], None]) for one in LABELS], LOOKS, what
    ),
    "threats": lambda what: threat_matrix(
        [
            Mark(HOSTILE, 5, 5, Trend.UP, Sureness.HIGH), Mark(KHMER, 4, 4, Trend.DOWN),
            Mark(THAI, 4, 4, Trend.SAME, Sureness.MEDIUM), Mark("Unplaced", None, 3),
        ],
        STAGES, STAGES, what,
    ),
    "timeline": lambda what: timeline(
        [
            Span("1", KHMER, date(2026, 9, 1), 4, SpanState.APPROVED),
            Span("2", HOSTILE, date(2026, 10, 1), 60, SpanState.DONE, ("1", "elsewhere")),
            Span("3", "Without date", None, 3, SpanState.REJECTED, ("1",)),
        ],
        date(2026, 11, 25), what,
    ),
    "two rounds": lambda what: moved_bars(
        [MovedBar(one, Fraction(20), Fraction(45)) for one in LABELS] + [MovedBar("x", None, None)],
        what,
    ),
    "counts": lambda what: count_bars(
        [Count(HOSTILE, 3), Count("Silent", 2, is_response=False)], 5, what
    ),
}  # fmt: skip


def texts(root: ET.Element) -> str:
    return "".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", [720, 330])
def test_a_chart_is_well_formed_named_escaped_and_the_same_twice(name: str, width: int) -> None:
    drawn = CHARTS[name](about(width))
    assert drawn == CHARTS[name](about(width))
    root = ET.fromstring(drawn)  # our own bytes
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert root.attrib["role"] == ("group" if "<a " in drawn else "img")
    named = [root.find(f"{SVG}title"), root.find(f"{SVG}desc")]
    assert root.attrib["aria-labelledby"] == " ".join(
        each.attrib["id"] for each in named if each is not None
    )
    assert "<script" not in drawn
    assert not any(each.tag.endswith("script") for each in root.iter())
    assert "\x01" not in drawn
    assert "\u202e" not in drawn
    assert "style=" not in drawn
    assert "<style" not in drawn


@pytest.mark.parametrize("name", CHARTS)
def test_only_a_chart_that_stands_alone_has_its_style_inside(name: str) -> None:
    drawn = CHARTS[name](about(standalone=True))
    ET.fromstring(drawn)  # our own bytes
    assert drawn.count("<style>") == 1
    used = {one for each in re.findall(r'class="([^"]*)"', drawn) for one in each.split()}
    marks = {"chart", "c-bar", "c-gap", "c-label", "c-span", "c-wait", "c-rule", "c-now", "c-was",
             "c-before", "c-small-number"}  # fmt: skip
    assert used - marks <= set(RULES)


def test_the_sites_style_sheet_has_a_rule_for_each_class_of_the_style() -> None:
    sheet = (ROOT / "src/kancil/web/static/css/charts.css").read_text("utf-8")
    named = set(re.findall(r"^\.(c-[a-z-]+)\{", sheet, re.MULTILINE))
    assert named == set(RULES)
    assert "#" not in sheet.replace("/*", ""), "colours are tokens"


def test_a_bar_is_as_long_as_its_percent_says() -> None:
    bars = [Bar(str(each), Fraction(each), Fraction(100)) for each in (0, 10, 50, 100)]
    root = ET.fromstring(area_bars(bars, about()))  # our own bytes
    rects = list(root.iter(f"{SVG}rect"))
    long = [float(each.attrib["width"]) for each in rects if "c-bar" in each.attrib["class"]]
    assert long[0] == 0
    assert long[3] > 100
    assert long[1:3] == pytest.approx([long[3] / 10, long[3] / 2], abs=0.02)


def test_where_too_little_is_answered_there_is_a_gap_and_its_reason_and_no_bar() -> None:
    drawn = area_bars([Bar("Area", None, Fraction(12), reason="Too little is answered")], about())
    root = ET.fromstring(drawn)  # our own bytes
    classes = [each.attrib.get("class", "") for each in root.iter(f"{SVG}rect")]
    assert not any("c-bar" in each for each in classes)
    assert any("c-gap" in each for each in classes)
    assert "Too little is answered" in texts(root)
    assert "12.0\u202f% answered" in texts(root)


def test_a_cap_and_the_bounds_of_disputes_are_drawn_only_where_there_are_some() -> None:
    plain = area_bars([Bar("Area", Fraction(40), Fraction(90))], about())
    held = area_bars(
        [Bar("Area", Fraction(40), Fraction(90), raw=Fraction(60), low=Fraction(20),
             high=Fraction(55))], about(),
    )  # fmt: skip
    for class_ in ("c-cap-mark", "c-ghost", "c-whisker"):
        assert class_ not in plain
        assert class_ in held
    whisker = next(each for each in re.findall(r'<path d="([^"]+)" class="c-whisker"', held))
    low, high = re.match(r"M([\d.]+) .*H([\d.]+)M", whisker).groups()  # type: ignore[union-attr]
    track = re.search(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="16" class="c-track"',
                      held)  # fmt: skip
    assert track is not None
    left, wide = (float(each) for each in track.groups())
    assert float(low) == pytest.approx(left + wide * 0.2, abs=0.02)
    assert float(high) == pytest.approx(left + wide * 0.55, abs=0.02)


def test_a_radar_draws_nothing_across_a_gap() -> None:
    whole = sector_radar([Axis(one, Fraction(50)) for one in "abcd"], about())
    gap = sector_radar([Axis(one, Fraction(50) if one != "c" else None) for one in "abcd"], about())
    assert 'class="c-area"' in whole
    assert 'class="c-area"' not in gap
    lines = re.findall(r'<path d="[^"]*" class="c-line"', gap)
    assert len(lines) == 2
    assert "No figure" in gap


def test_every_cell_of_a_heat_map_says_its_letter_and_no_two_looks_are_alike() -> None:
    drawn = heat_map(["One"], [HeatRow(each, [each]) for each in LOOKS], LOOKS, about())
    root = ET.fromstring(drawn)  # our own bytes
    for each in LOOKS.values():
        assert each.meaning in drawn
        assert texts(root).count(each.letter) >= 2
    looks = set()
    for name in LOOKS:
        one = heat_map(["One"], [HeatRow("row", [name])], LOOKS, about())
        found = re.search(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="24" (class="[^"]*"'
                          r'(?: fill="[^"]*")?)', one)  # fmt: skip
        assert found is not None
        looks.add(found.group(1))
    assert len(looks) == len(LOOKS)


def test_a_threat_that_is_not_known_is_listed_and_not_placed() -> None:
    marks = [Mark("Placed", 1, 1), Mark("Unknown", None, 5)]
    drawn = threat_matrix(marks, STAGES, STAGES, about())
    assert drawn.count("<circle") == 2, "one in the grid, one in the legend"
    assert "Not placed" in drawn
    assert "Unknown" in drawn


def test_a_plan_of_no_items_and_one_of_many_years_can_be_drawn() -> None:
    assert "today" in timeline([], date(2026, 11, 25), about())
    spans = [Span(str(year), "Long", date(year, 1, 1), 12) for year in (2020, 2045)]
    root = ET.fromstring(timeline(spans, date(2026, 11, 25), about()))  # our own
    assert int(root.attrib["width"]) < 2000


@pytest.mark.parametrize("years", [(2012, 2027), (1926, 2026), (26, 2026), (2026, 9999)])
def test_every_item_of_a_plan_and_today_stand_in_its_picture(years: tuple[int, int]) -> None:
    spans = [Span(str(year), "Item", date(year, 3, 1), 12) for year in years]
    spans.append(Span("long", "Item", date(2026, 1, 1), 2**31))
    for plan in (spans[:2], spans):
        drawn = timeline(plan, date(2026, 11, 25), about())
        root = ET.fromstring(drawn)  # our own bytes
        wide = int(root.attrib["width"])
        assert wide < 1500
        assert len(drawn) < 200_000
        bars = [each for each in root.iter(f"{SVG}rect") if "c-span" in each.attrib["class"]]
        assert len(bars) == len(plan)
        for each in bars:
            assert 0 <= float(each.attrib["x"]) <= wide
            assert float(each.attrib["x"]) + float(each.attrib["width"]) <= wide
        (today, *_) = re.findall(r'<path d="M([\d.]+) [^"]*" class="c-today"', drawn)
        assert float(today) <= wide


def test_what_a_chart_says_is_said_in_the_readers_language_or_in_english() -> None:
    with speaking("it"):  # of whose words there are none
        assert "answered" in _bars(about())


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60
) | st.sampled_from([KHMER, THAI, f"a {KHMER} b"])


@given(words, st.integers(10, 400))
@settings(max_examples=150)
def test_wrapping_leaves_nothing_out_and_cuts_no_cluster(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(lines) or not text.strip()


def test_a_line_never_ends_within_a_cluster() -> None:
    for text in (KHMER, THAI):
        whole = set()
        place = 0
        for each in clusters(text):
            whole.add(place)
            place += len(each)
        at = 0
        for line in wrapped(text, 90):
            assert at in whole
            at += len(line)


def test_charts_are_in_the_room_of_reports_and_read_no_table() -> None:
    room = ROOT / "src/kancil/reports/programme/charts"
    for path in Path(room).glob("*.py"):
        said = path.read_text("utf-8")
        assert "django" not in said, path.name
        assert "kancil.desk" not in said, path.name
