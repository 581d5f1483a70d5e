"""Build the small map of the programme's countries: SVG paths for each region, to be shown offline.

Run by hand, seldom. Its data come from a TopoJSON file of countries (world-atlas, made from Natural
Earth) whose path is given, and from `countries.yaml`; the map goes to `map.json` beside that. The
same file gives the same bytes.

    python -m tools.build_country_map countries-10m.json
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from kancil.assessment.country import Country, Role, countries
from tools.tree import ROOT

FOLDER = ROOT / "src" / "kancil" / "assessment" / "countries"
NOTE = "Boundaries shown imply no opinion on the status of any territory; data Natural Earth"
LEFT_OUT = "Lines are simplified, and islands too small for the picture are left out."
JOINED = {"Somaliland": "706"}
"""Features without a number of their own that are drawn as part of a country, by its number."""
CUT = {"504": (27 + 40 / 60, "732")}
"""Countries, by number, of which all south of a latitude goes to another number: the source draws
most of Western Sahara (732) as part of Morocco; here it is other land, as it is on UN maps."""
WIDTH = 1000
TOLERANCE = 0.6
"""In units of a picture: how far a simplified line may run beside the true one."""
SMALLEST = 2.0
"""In square units: smaller rings are left out, save the largest of a country."""
DOT_BELOW = 22.0
"""In units: a country whose largest ring is neither wider nor higher is shown as a dot too."""

Point = tuple[float, float]
Ring = tuple[int, ...]
"""Numbers of arcs; one that runs backwards is written `~number`, as in TopoJSON."""


@dataclass(frozen=True)
class View:
    """What part of the earth a picture shows, in degrees; east of 180 counts on."""

    region: str
    west: float
    east: float
    south: float
    north: float
    centre: Point
    """Longitude and latitude at which the projection touches."""


VIEWS = (
    View("south_east_asia", 91.5, 141.5, -11.5, 28.8, (116.0, 8.0)),
    View("pacific", 129.0, 212.0, -25.5, 15.5, (180.0, -5.0)),
    View("central_america", -93.0, -76.5, 6.8, 18.8, (-85.0, 13.0)),
    View("eastern_africa", 28.0, 58.5, -26.0, 18.5, (43.0, -4.0)),
    View("mena", -17.5, 60.5, 11.5, 38.0, (22.0, 26.0)),
)


class Azimuthal:
    """Lambert's azimuthal equal-area projection on a sphere, scaled to a picture.

    Source: J. P. Snyder, Map Projections: A Working Manual, USGS 1395 (1987), chapter 24.
    """

    def __init__(self, view: View) -> None:
        """Fit the view's window into the picture's width."""
        self._east0, self._north0 = (math.radians(degrees) for degrees in view.centre)
        edge = [self._project(*point) for point in _window(view)]
        self._left, self._top = min(x for x, _ in edge), max(y for _, y in edge)
        self._scale = WIDTH / (max(x for x, _ in edge) - self._left)
        self.height = math.ceil((self._top - min(y for _, y in edge)) * self._scale)

    def _project(self, east: float, north: float) -> Point:
        away, up = math.radians(east) - self._east0, math.radians(north)
        level = math.cos(up) * math.cos(away)
        nearness = 1 + math.sin(self._north0) * math.sin(up) + math.cos(self._north0) * level
        k = math.sqrt(2 / max(nearness, 1e-9))
        x = math.cos(up) * math.sin(away)
        y = math.cos(self._north0) * math.sin(up) - math.sin(self._north0) * level
        return k * x, k * y

    def __call__(self, east: float, north: float) -> Point:
        """The place in the picture: units from the left, and from the top."""
        x, y = self._project(east, north)
        return (x - self._left) * self._scale, (self._top - y) * self._scale


def _window(view: View) -> Iterator[Point]:
    for step in range(101):
        east = view.west + (view.east - view.west) * step / 100
        north = view.south + (view.north - view.south) * step / 100
        yield from ((east, view.south), (east, view.north), (view.west, north), (view.east, north))


# --- TopoJSON -------------------------------------------------------------------------------------


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Decode the arcs to degrees. Source: the TopoJSON format, 2.1.1 and 2.1.3."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        decoded.append(line)
    return decoded


def rings_of(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    """The rings of each country by its number; features without one by `name:`."""
    found: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        key = JOINED.get(name) or geometry.get("id") or f"name:{name}"
        polygons = geometry.get("arcs", [])
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        found.setdefault(key, []).extend(tuple(ring) for part in polygons for ring in part)
    return {key: dissolved(rings) for key, rings in found.items()}


def dissolved(rings: Iterable[Ring]) -> list[Ring]:
    """Leave out the arcs along which two rings touch; the rest of them stays as it is.

    The result's rings are lists of arcs that `closed` joins again.
    """
    kept = list(rings)
    present = {arc for ring in kept for arc in ring}
    return [rest for ring in kept if (rest := tuple(arc for arc in ring if ~arc not in present))]


def closed(rings: Iterable[Ring], lines: Sequence[Sequence[Point]]) -> Iterator[list[Point]]:
    """Join the arcs of rings to closed lines of points, each arc in its direction."""
    following: dict[Point, list[list[Point]]] = {}
    order: list[Point] = []
    for arc in (arc for ring in rings for arc in ring):
        line = list(lines[arc]) if arc >= 0 else list(reversed(lines[~arc]))
        following.setdefault(line[0], []).append(line)
        order.append(line[0])
    for start in order:
        while following.get(start):
            whole = following[start].pop(0)
            while whole[-1] != start and following.get(whole[-1]):
                whole += following[whole[-1]].pop(0)[1:]
            yield whole


def cut_countries(rings: dict[str, list[Ring]], arcs: list[list[Point]]) -> None:
    """Divide the countries of `CUT`: each new ring becomes an arc of its own, added to `arcs`."""
    for number, (latitude, southern) in CUT.items():
        whole = list(closed(rings[number], arcs))
        for above, goes_to, kept in ((True, number, []), (False, southern, rings[southern])):
            rings[goes_to] = kept
            for ring in whole:
                part = half(ring[:-1], 1, latitude, above=above)
                if part:
                    arcs.append([*part, part[0]])
                    kept.append((len(arcs) - 1,))


# --- the picture ----------------------------------------------------------------------------------


def simplified(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Leave out points that lie near the line between kept ones (Douglas and Peucker, 1973)."""
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, where = tolerance, 0
        for number in range(first + 1, last):
            away = _distance(line[number], line[first], line[last])
            if away > far:
                far, where = away, number
        if where:
            kept.add(where)
            waiting += [(first, where), (where, last)]
    return [line[number] for number in sorted(kept)]


def _distance(point: Point, first: Point, last: Point) -> float:
    run, rise = last[0] - first[0], last[1] - first[1]
    length = run * run + rise * rise
    if not length:
        return math.dist(point, first)
    along = ((point[0] - first[0]) * run + (point[1] - first[1]) * rise) / length
    along = min(1.0, max(0.0, along))
    return math.dist(point, (first[0] + along * run, first[1] + along * rise))


def clipped(ring: Sequence[Point], width: float, height: float) -> list[Point]:
    """Cut a closed line at the picture's edges (Sutherland and Hodgman, 1974)."""
    points = list(ring)
    for axis, limit in ((0, width), (1, height)):
        points = half(half(points, axis, 0.0, above=True), axis, limit, above=False)
    return points


def half(ring: Sequence[Point], axis: int, limit: float, *, above: bool) -> list[Point]:
    """Keep of a closed line what lies on one side of a limit; `axis`: 0 across, 1 up or down."""
    cut: list[Point] = []
    for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        inside, was_inside = (
            point[axis] == limit or (point[axis] > limit) == above for point in (here, before)
        )
        if inside != was_inside:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
            cut.append((other, limit) if axis else (limit, other))
        if inside:
            cut.append(here)
    return cut


def area_and_moment(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Signed area of a closed line, and the area times its centroid."""
    area = moment_x = moment_y = 0.0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        moment_x += (x1 + x2) * cross / 6
        moment_y += (y1 + y2) * cross / 6
    return area, moment_x, moment_y


def path_of(rings: Iterable[Sequence[Point]]) -> str:
    """Write closed lines as one SVG path of whole units, to be filled by the even-odd rule."""
    text = []
    for ring in rings:
        places = [(round(x), round(y)) for x, y in ring]
        places = [
            here
            for before, here in zip([None, *places[:-1]], places, strict=True)
            if here != before
        ]
        if len(places) > 1 and places[0] == places[-1]:
            places.pop()
        if len(places) < 3:
            continue
        steps = "".join(
            _number(x2 - x1) + _number(y2 - y1) for (x1, y1), (x2, y2) in pairwise(places)
        )
        text.append(f"M{places[0][0]} {places[0][1]}l{steps.strip()}z")
    return "".join(text)


def _number(value: int) -> str:
    return str(value) if value < 0 else f" {value}"


def drawn(rings: Iterable[Sequence[Point]], height: float, keep_largest: bool) -> list[list[Point]]:
    """Simplified rings as they are drawn: large enough, cut at the edges, the largest first."""
    sized = sorted(rings, key=lambda ring: -abs(area_and_moment(ring)[0]))
    kept = [
        ring
        for place, ring in enumerate(sized)
        if abs(area_and_moment(ring)[0]) >= SMALLEST or (keep_largest and not place)
    ]
    return [cut for ring in kept if len(cut := clipped(ring, WIDTH, height)) > 2]


def country_of(
    row: Country,
    rings: list[Ring],
    exact: list[list[Point]],
    plain: list[list[Point]],
    height: float,
) -> dict[str, Any]:
    """One country's path, the centroid of all its rings, and whether it needs a dot."""
    whole = list(closed(rings, exact))
    sums = [sum(part) for part in zip(*map(area_and_moment, whole), strict=True)]
    largest = max(whole, key=lambda ring: abs(area_and_moment(ring)[0]))
    size = max(
        max(place[axis] for place in largest) - min(place[axis] for place in largest)
        for axis in (0, 1)
    )
    return {
        "iso3": row.iso3,
        "numeric": row.numeric,
        "at": [round(sums[1] / sums[0]), round(sums[2] / sums[0])],
        "dot": size < DOT_BELOW,
        "path": path_of(drawn(closed(rings, plain), height, keep_largest=True)),
    }


def picture(
    view: View, rows: list[Country], rings: dict[str, list[Ring]], arcs: list[list[Point]]
) -> dict[str, Any]:
    """Draw one region: its countries one by one, all other land within the frame as one shape."""
    place = Azimuthal(view)
    exact = [[place(*point) for point in arc] for arc in arcs]
    plain = [simplified(arc, TOLERANCE) for arc in exact]
    own = {row.numeric for row in rows}
    around = [
        ring
        for number, parts in rings.items()
        if number not in own and _meets(parts, exact, place.height)
        for ring in parts
    ]
    return {
        "region": view.region,
        "width": WIDTH,
        "height": place.height,
        "centre": list(view.centre),
        "land": path_of(drawn(closed(dissolved(around), plain), place.height, keep_largest=False)),
        "countries": [
            country_of(row, rings[row.numeric], exact, plain, place.height) for row in rows
        ],
    }


def _meets(parts: Iterable[Ring], lines: list[list[Point]], height: float) -> bool:
    arcs = (arc if arc >= 0 else ~arc for ring in parts for arc in ring)
    return any(0 <= x <= WIDTH and 0 <= y <= height for arc in arcs for x, y in lines[arc])


def build(source: Path) -> str:
    """The text of `map.json`."""
    content = source.read_bytes()
    topology = json.loads(content)
    listed = [each for each in countries().values() if each.role is Role.BENEFICIARY]
    arcs, rings = arcs_of(topology), rings_of(topology)
    cut_countries(rings, arcs)
    whole = {
        "schema": "kancil-country-map/1",
        "note": NOTE,
        "left_out": LEFT_OUT,
        "projection": "Lambert azimuthal equal-area, touching at centre (longitude, latitude)",
        "made_from": {"name": source.name, "sha256": sha256(content).hexdigest()},
        "views": [
            picture(view, [row for row in listed if row.region == view.region], rings, arcs)
            for view in VIEWS
        ],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the map; the only argument is the TopoJSON file."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    target = FOLDER / "map.json"
    target.write_text(build(Path(arguments[0])), encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
