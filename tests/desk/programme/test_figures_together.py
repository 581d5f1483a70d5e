"""What a reader of all screens of results computes of a small group: nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.models import Figure, Indicator, IndicatorVersion
from kancil.desk.programme.results.figures import FigureRow, figure_behind, figures_of
from kancil.desk.programme.results.figures import standing_figures as standing
from kancil.ground import clock
from kancil.programme.counting.rule import Counts, Dimension, Rule, rule_json
from kancil.records.small_groups import is_small
from tests.desk.assessment.programme import Programme, person, programme
from tests.desk.desks import Desk
from tests.desk.programme.results_scene import Scene, scene
from tests.programme.counting.test_together import ATOMS, SETS, can_be, number_in

PEOPLE = Rule(Counts.PEOPLE, split=(Dimension.SEX,))
COUNTRIES = ("", "XKA", "XBO", "XSE")


@pytest.fixture
def made(desk: Desk) -> Programme:
    found = programme()
    found.people["fin"] = person("fin", Role.FINANCE)
    Country.objects.create(code="XSE", name="Land XSE", region="", is_invented=True)
    return found


@pytest.fixture
def there(made: Programme) -> Scene:
    found = scene(made["olga"])
    IndicatorVersion.objects.filter(indicator=found.ids["trained"]).update(rule=rule_json(PEOPLE))
    return found


def figure(there: Scene, value: int, country: str = "", year: int = 2026, **more: Any) -> Figure:
    """A figure of people who were trained in a year."""
    version = IndicatorVersion.objects.get(indicator=there.ids["trained"])
    return Figure.objects.create(
        version=more.pop("version", version), period_from=date(year, 1, 1),
        period_to=date(year, 12, 31), value=str(value), country_id=country or None, by=there.by,
        at=clock.now(), **more,
    )  # fmt: skip


def screens(reader: Person, there: Scene) -> dict[str, list[FigureRow]]:
    """Each figure as each screen has it, by id."""
    found: dict[str, list[FigureRow]] = {}
    rows = list(figures_of(reader, there.ids["trained"]))
    for country in COUNTRIES:
        rows += figures_of(reader, there.ids["trained"], country=country, grant="")
        for until in (None, date(2026, 12, 31)):
            for some in standing(desk_of(reader), country=country, until=until).values():
                rows += some
    for each in list(rows):
        behind = figure_behind(reader, each.id)
        rows += [behind.figure, *behind.history]
    for each in rows:
        found.setdefault(each.id, []).append(each)
    return found


def test_no_screen_shows_what_another_one_hides(made: Programme, there: Scene) -> None:
    whole, here = figure(there, 40), figure(there, 20, "XKA")
    few, beside = figure(there, 3, "XSE"), figure(there, 17, "XBO")
    shown = screens(made["fin"], there)
    values = {id: {each.value for each in rows} for id, rows in shown.items()}
    assert values == {whole.id: {"40"}, here.id: {"20"}, few.id: {None}, beside.id: {None}}
    assert {each.value for each in screens(made["mia"], there)[here.id]} == {"20"}
    officer = {id: rows[0].value for id, rows in screens(made["olga"], there).items()}
    assert officer == {whole.id: "40", here.id: "20", few.id: "3", beside.id: "17"}


def test_a_part_of_one_figure_beside_another_tells_no_small_group(
    made: Programme, there: Scene
) -> None:
    of = Indicator.objects.create(node_id=there.ids["node"], code="2.1.w")
    women = Rule(Counts.PEOPLE, only={Dimension.SEX: ("female",)})
    version = IndicatorVersion.objects.create(
        indicator=of, n=1, title="Women", rule=rule_json(women), by=there.by, at=clock.now()
    )
    figure(there, 37, version=version)
    whole = figure(there, 40)
    (row,) = figures_of(made["fin"], of.id)
    assert row.value is None
    assert figures_of(made["fin"], there.ids["trained"])[0].value == "40"
    Figure.objects.filter(id=whole.id).update(split={"sex": {"female": 30, "male": 10}})
    (row,) = figures_of(made["fin"], of.id)  # the same set, counted on another day
    assert row.value is None


def test_a_corrected_figure_tells_no_small_group(made: Programme, there: Scene) -> None:
    figure(there, 23, "XKA")
    figure(there, 17, "XBO")
    older = figure(there, 43, split={"sex": {"female": 3, "male": 40}})
    now = figure(there, 46, split={"sex": {"female": 6, "male": 40}}, older=older)
    rows = {each.id: each for each in figures_of(made["fin"], there.ids["trained"])}
    assert (rows[now.id].value, rows[now.id].split) == ("46", {"sex": {"female": 6, "male": 40}})
    assert (rows[older.id].value, rows[older.id].split) == (
        None, {"sex": {"female": None, "male": None}},
    )  # fmt: skip
    assert figure_behind(made["fin"], now.id).history == (rows[older.id],)
    assert [each.value for each in figures_of(made["olga"], there.ids["trained"], country="")] == [
        "46", "43",
    ]  # fmt: skip


def test_all_figures_are_read_in_one_query(made: Programme, there: Scene) -> None:
    for country in COUNTRIES:
        figure(there, 20, country)
    for name in ("olga", "fin"):
        reader = desk_of(made[name])
        with CaptureQueriesContext(connection) as asked:
            standing(reader, country="XKA")
        assert len(asked) == 1, name


def _shown(rows: Mapping[str, FigureRow]) -> dict[str, int | None]:
    """Sets of the solver's by name, as the figures of a year and their parts show them."""
    names = {where: name for name, where in SETS.items()}
    found: dict[str, int | None] = {}
    for country, row in rows.items():
        found[names[country, ""]] = None if row.value is None else int(row.value)
        for sex, count in row.split["sex"].items():
            found[names[country, sex]] = count
    return found


def test_no_hidden_number_can_be_solved_from_any_screen(made: Programme, there: Scene) -> None:
    random, years = Random(7), {}
    for year in range(1990, 2020):  # years of their own: none lies within another
        atoms = {atom: random.choice((0, 1, 2, 3, 4, 5, 7, 9)) for atom in ATOMS}
        years[year] = atoms
        for country in ("", "XBO", "XKA"):
            name = {"": "all", "XBO": "a", "XKA": "b"}[country]
            parts = {
                sex: number_in({"": "", "XBO": "a", "XKA": "b"}[country] + sex[0], atoms)
                for sex in ("female", "male")
            }
            figure(there, number_in(name, atoms), country, year, split={"sex": parts})
    by_year: dict[int, dict[str, FigureRow]] = {}
    for row in figures_of(made["fin"], there.ids["trained"]):
        by_year.setdefault(row.period_from.year, {})[row.country] = row
    hidden = 0
    for year, rows in by_year.items():
        shown = _shown(rows)
        known = {name: count for name, count in shown.items() if count is not None}
        assert not any(map(is_small, known.values()))
        for name in shown.keys() - known:
            true = number_in(name, years[year])
            if is_small(true):
                hidden += 1
                others = (each for each in range(12) if each != true)
                assert any(can_be(known, name, each) for each in others), (year, name, known)
    assert hidden > 20
