"""The results framework in the books: acts, versions, figures, history, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.models import Act, Release
from kancil.desk.programme.errors import (
    ChangedMeanwhile,
    CodeTaken,
    FigureNotFound,
    PeriodBackwards,
    ResultIndicatorNotFound,
    ResultStillOpen,
)
from kancil.desk.programme.models import (
    Figure,
    HeadCount,
    IndicatorVersion,
    Participant,
    Participation,
)
from kancil.desk.programme.results import recording as acts
from kancil.desk.programme.results import versions as nodes
from kancil.desk.programme.results.counting import records_for, standing_row
from kancil.desk.programme.results.figures import (
    as_it_leaves,
    figure_behind,
    figures_of,
    people_behind,
)
from kancil.desk.programme.results.framework import (
    blocks,
    fed_by,
    framework,
    framework_file,
    indicator_versions,
    scopes,
)
from kancil.desk.programme.results.recording import Entry, Within
from kancil.ground import clock
from kancil.programme.counting.count import Scope, count
from kancil.programme.counting.rule import Counts, Dimension, Rule, Span, Times, rule_json
from kancil.programme.errors import ResultNotUsable
from kancil.programme.framework import EXAMPLE, IndicatorText, NodeText, read_framework
from kancil.records.errors import ReasonMissing
from tests.desk.assessment.programme import ROLES, Programme, programme
from tests.desk.desks import Desk
from tests.desk.programme.results_scene import TRAINED, Scene, scene

YEAR = Within(date(2026, 1, 1), date(2026, 12, 31))
SCOPE = Scope(YEAR.since, YEAR.until)


@pytest.fixture
def made(desk: Desk) -> Programme:
    return programme()


@pytest.fixture
def there(made: Programme) -> Scene:
    return scene(made["olga"])


def counted(there: Scene, within: Within = YEAR, **more: Any) -> str:
    return acts.count_figure(by=there.by, indicator=there.ids["trained"], within=within, **more)


SCENES: list[tuple[Callable[..., Any], Callable[[Scene], dict[str, Any]], str]] = [
    (nodes.add_node, lambda s: {"kind": "outcome", "code": "9", "text": NodeText("Better")}, "new"),
    (nodes.change_node,
     lambda s: {"node": s.ids["new"], "text": NodeText("Best", sdg_targets=("16.3",)), "seen": 1,
                "reason": "Clearer"}, ""),
    (nodes.add_indicator,
     lambda s: {"node": s.ids["new"], "code": "9.a", "text": IndicatorText("T", TRAINED)}, "line"),
    (nodes.change_indicator,
     lambda s: {"indicator": s.ids["line"], "text": IndicatorText("U", TRAINED), "seen": 1,
                "reason": "Clearer"}, ""),
    (acts.count_figure, lambda s: {"indicator": s.ids["line"], "within": YEAR}, ""),
    (acts.enter_figure,
     lambda s: {"indicator": s.ids["cases"], "within": YEAR,
                "entry": Entry("4", "Letter of the unit, 3 June 2026")}, "figure"),
    (acts.correct_figure,
     lambda s: {"figure": s.ids["figure"], "entry": Entry("5", "Second letter"),
                "reason": "One case was missed"}, ""),
    (nodes.end_indicator, lambda s: {"indicator": s.ids["line"]}, ""),
    (nodes.end_node, lambda s: {"node": s.ids["new"]}, ""),
    (nodes.import_framework,
     lambda s: {"framework": read_framework(EXAMPLE.read_bytes(), "example"), "reason": "Begun"},
     ""),
]  # fmt: skip


def test_every_act_is_the_officers_alone_and_writes_one_line(made: Programme, there: Scene) -> None:
    for act, call, keep in SCENES:
        for name in set(ROLES) - {"olga"}:
            with pytest.raises(ActNotYours):
                act(by=made[name], **call(there))
        last = Act.objects.latest("id").id
        before = Figure.objects.count()
        with patch.object(Act, "save", side_effect=MemoryError), pytest.raises(MemoryError):
            act(by=made["olga"], **call(there))
        assert Figure.objects.count() == before
        given = act(by=made["olga"], **call(there))
        assert Act.objects.filter(id__gt=last).count() == 1, act.__name__
        if keep:
            there.ids[keep] = given


def test_a_rule_counts_what_the_books_hold(there: Scene) -> None:
    row = Figure.objects.get(id=counted(there))
    assert row.value == "11"
    assert row.split == {"country": {"XBO": 2, "XKA": 9}, "sex": {"female": 6, "male": 5}}
    assert len(row.records["participations"]) == 13
    doubles = row.records["doubles"]
    assert (doubles["once"], doubles["each"]) == (11, 13)
    assert (doubles["several_activities"], doubles["joined"], doubles["several_countries"]) == (
        1, 1, 1,
    )  # fmt: skip


READ = [
    (Rule(Counts.ACTIVITIES), 2),
    (Rule(Counts.ORGANISATIONS), 1),
    (Rule(Counts.HANDOVERS), 10),
    (Rule(Counts.HANDOVERS, months=12), 7),
    (Rule(Counts.HEAD_COUNTS), 30),
    (Rule(Counts.HEAD_COUNTS, Times.EACH_TIME), 58),
    (replace(TRAINED, only={Dimension.GRANT: ("NOR-1",)}), 6),
]


def test_each_kind_of_record_is_read(there: Scene) -> None:
    for rule, value in READ:
        assert count(rule, records_for(rule, SCOPE), SCOPE).value == value, rule


def test_a_head_count_that_was_replaced_counts_no_more(there: Scene) -> None:
    HeadCount.objects.filter(count=30).update(replaced_at=HeadCount.objects.first().at)  # type: ignore[union-attr]
    rule = Rule(Counts.HEAD_COUNTS)
    assert count(rule, records_for(rule, SCOPE), SCOPE).value == 28


def test_released_rounds_feed_an_outcome(made: Programme) -> None:
    for day, percent in ((1, "40.0"), (9, "47.5")):
        figures = {"first-look-2026.1": {"figures": [
            {"id": "lf", "of": "area", "scale": "maturity", "percent": percent}]}}  # fmt: skip
        Release.objects.create(
            round_id=made.round, document="comparison", official="M", office="Ministry",
            released_on=date(2026, 3, day), sha256="0" * 64, file_name="f", by=made["olga"],
            at=clock.now(), figures=figures,
        )  # fmt: skip
    rule = Rule(Counts.ROUND_COUNTRIES, protocol="first-look", area="lf", rise=5)
    assert count(rule, records_for(rule, SCOPE), SCOPE).value == 1
    Release.objects.filter(released_on=date(2026, 3, 9)).update(withdrawn_at=clock.now())
    assert count(rule, records_for(rule, SCOPE), SCOPE).value == 0


def test_an_indicator_changed_after_reporting_leaves_the_old_figure(
    made: Programme, there: Scene
) -> None:
    old = counted(there)
    each = replace(TRAINED, times=Times.EACH_TIME)
    with pytest.raises(ReasonMissing):
        nodes.change_indicator(
            by=there.by, indicator=there.ids["trained"], text=IndicatorText("Places", each),
            seen=1, reason=" ",
        )  # fmt: skip
    nodes.change_indicator(
        by=there.by, indicator=there.ids["trained"], text=IndicatorText("Places", each),
        seen=1, reason="The donor counts places",
    )  # fmt: skip
    with pytest.raises(ChangedMeanwhile):
        nodes.change_indicator(
            by=there.by, indicator=there.ids["trained"], text=IndicatorText("X", each), seen=1,
            reason="Late",
        )  # fmt: skip
    (figure,) = figures_of(made["olga"], there.ids["trained"])
    assert (figure.id, figure.value, figure.n, figure.title) == (old, "11", 1, "People trained")
    _, newest, versions = indicator_versions(made["olga"], "2.1.a")
    assert (newest.n, [each.n for each in versions]) == (2, [2, 1])
    with pytest.raises(ReasonMissing):
        counted(there)
    counted(there, reason="By the new rule")
    now, before = figures_of(made["olga"], there.ids["trained"])
    assert (now.value, now.n, now.older) == ("13", 2, before.id)
    assert (before.value, before.n, before.newer) == ("11", 1, now.id)


def test_a_corrected_figure_keeps_its_history(made: Programme, there: Scene) -> None:
    first = acts.enter_figure(
        by=there.by, indicator=there.ids["cases"], within=YEAR, entry=Entry("4", "Letter of May")
    )
    entry = Entry("5", "Letter of June", "The ministry's own reform")
    second = acts.correct_figure(by=there.by, figure=first, entry=entry, reason="One was missed")
    with pytest.raises(ChangedMeanwhile):
        acts.correct_figure(by=there.by, figure=first, entry=entry, reason="Again")
    behind = figure_behind(made["olga"], second)
    assert [each.value for each in behind.history] == ["4"]
    assert (behind.figure.value, behind.figure.reason) == ("5", "One was missed")
    assert figure_behind(made["olga"], first).figure.newer == second
    shown = framework(made["olga"])[0].indicators[1]
    assert shown.figure is not None
    assert (shown.figure.value, shown.progress) == ("5", 50)


def test_a_figure_that_is_no_number_is_refused(there: Scene) -> None:
    for entry in (Entry("many", "Letter"), Entry("1e5", "Letter"), Entry("", "Letter")):
        with pytest.raises(ResultNotUsable):
            acts.enter_figure(by=there.by, indicator=there.ids["cases"], within=YEAR, entry=entry)
    assert not Figure.objects.exists()


def test_a_period_that_ends_before_it_begins_is_refused(there: Scene) -> None:
    with pytest.raises(PeriodBackwards):
        counted(there, Within(YEAR.until, YEAR.since))


def test_a_list_without_days_is_named_beside_the_figure(made: Programme, there: Scene) -> None:
    olga = made["olga"]
    versions = IndicatorVersion.objects.filter(indicator=there.ids["trained"])
    versions.update(rule=rule_json(replace(TRAINED, least_attendance=50)))
    Participation.objects.filter(attended=True).update(days_attended=0)
    counted(there)
    row = figures_of(olga, there.ids["trained"])[0]
    assert (row.value, row.without_days) == ("0", 11)
    assert as_it_leaves(Figure.objects.get()).without_days == 11


def test_small_groups_are_hidden_from_whoever_sees_no_names(made: Programme, there: Scene) -> None:
    counted(there)
    counted(there, replace(YEAR, country="XBO"))
    counted(there, replace(YEAR, country="XKA"))
    rows = {each.country: each for each in figures_of(made["olga"], there.ids["trained"])}
    assert rows["XBO"].value == "2"
    (here,) = figures_of(made["fay"], there.ids["trained"])  # who names them sees them
    assert (here.country, here.value, here.split["sex"]) == ("XKA", "9", {"female": 6, "male": 3})
    (seen,) = figures_of(made["mia"], there.ids["trained"])
    assert (seen.value, seen.split["sex"]) == ("9", {"female": None, "male": None})
    left = as_it_leaves(Figure.objects.get(country="XBO"))
    assert (left.value, left.split["country"]) == (None, {"XBO": None})


def test_a_figure_opens_to_its_records_as_far_as_one_may_see(made: Programme, there: Scene) -> None:
    figure = counted(there, replace(YEAR, country="XKA"))
    behind = figure_behind(made["olga"], figure)
    assert {each.code: each.count for each in behind.activities} == {"2026-A": 6, "2026-B": 5}
    assert behind.doubles["several_activities"] == 1
    names = [each.name for each in people_behind(made["olga"], figure, 0, 50)]
    assert len(names) == 11
    own = people_behind(made["fay"], figure, 0, 50)
    assert {each.country for each in own} == {"XKA"}
    assert len(own) == 10
    assert people_behind(made["mia"], figure, 0, 50) == []
    hidden = figure_behind(made["mia"], figure)
    assert {each.code: each.count for each in hidden.activities} == {"2026-A": None, "2026-B": None}
    assert hidden.count is None
    assert hidden.doubles == {}
    Participant.objects.filter(name="Woman 1").update(restricted_at=clock.now())
    assert "Woman 1" not in [each.name for each in people_behind(made["olga"], figure, 0, 50)]


def test_a_figure_of_another_country_is_none(made: Programme, there: Scene) -> None:
    figure = counted(there, replace(YEAR, country="XKA"))
    whole = counted(there)
    for name in ("far", "ada", "off", "don", "out"):
        for each in (figure, whole):
            with pytest.raises(FigureNotFound):
                figure_behind(made[name], each)
            with pytest.raises(FigureNotFound):
                people_behind(made[name], each, 0, 9)
        assert figures_of(made[name], there.ids["trained"]) == [], name


def test_a_donor_reader_sees_figures_of_their_own_grants(made: Programme, there: Scene) -> None:
    counted(there)
    paid = counted(there, replace(YEAR, grant=there.ids["grant"]))
    (row,) = figures_of(made["don"], there.ids["trained"])
    assert (row.id, row.value, row.grant_reference) == (paid, "6", "NOR-1")
    behind = figure_behind(made["don"], paid)
    assert [(each.code, each.count) for each in behind.activities] == [("2026-A", None)]
    assert list(scopes(made["don"]).grants) == [there.ids["grant"]]
    assert not scopes(made["don"]).is_whole


def test_an_administrator_sees_no_framework(made: Programme, there: Scene) -> None:
    with pytest.raises(ActNotYours):
        framework(made["ada"])


def test_the_example_framework_is_taken_in_once(made: Programme) -> None:
    example = read_framework(EXAMPLE.read_bytes(), "example")
    olga = made["olga"]
    first = nodes.import_framework(by=olga, framework=example, reason="Begun")
    assert len(first.added) == len(example.statements) + sum(
        len(each.indicators) for each in example.statements
    )
    again = nodes.import_framework(by=olga, framework=example, reason="Again")
    assert (again.added, again.changed, again.unchanged) == ((), (), len(first.added))
    assert framework_file(olga, example.title) == example
    shown = framework(olga)
    assert [each.code for each in shown[:4]] == ["I", "1", "1.1", "2"]
    assert [each.code for each in framework(olga, under="2")] == ["2", "2.1", "2.2"]
    assert [(each.code, each.indicators) for each in blocks(olga)] == [
        ("I", 0), ("1", 3), ("2", 6), ("3", 3), ("4", 3),
    ]  # fmt: skip
    one = example.statements[0]
    better = replace(one, text=replace(one.text, statement="Safer still"))
    changed = nodes.import_framework(
        by=olga, framework=replace(example, statements=(better, *example.statements[1:])),
        reason="Clearer",
    )  # fmt: skip
    assert changed.changed == ("I",)


def test_codes_stand_once_and_what_is_open_is_not_ended(there: Scene) -> None:
    with pytest.raises(CodeTaken):
        nodes.add_node(by=there.by, kind="output", code="2.1", text=NodeText("Twice"))
    with pytest.raises(CodeTaken):
        nodes.add_indicator(
            by=there.by, node=there.ids["node"], code="2.1.a", text=IndicatorText("T", TRAINED)
        )
    with pytest.raises(ResultStillOpen):
        nodes.end_node(by=there.by, node=there.ids["node"])
    nodes.end_indicator(by=there.by, indicator=there.ids["trained"])
    with pytest.raises(ResultIndicatorNotFound):
        counted(there)


def test_an_activity_names_the_indicators_that_it_feeds(there: Scene) -> None:
    assert [each.code for each in fed_by(there.ids["A"])] == ["2.1.a"]


def test_counting_asks_the_database_a_few_times(there: Scene) -> None:
    to_date = replace(TRAINED, span=Span.TO_DATE)
    with CaptureQueriesContext(connection) as asked:
        records_for(to_date, SCOPE)
    assert len(asked) <= 6
    counted(there)
    with CaptureQueriesContext(connection) as asked:
        framework(there.by)
    assert len(asked) <= 6


@pytest.mark.parametrize(
    ("joined", "stands"),
    [({}, 1), ({1: 2}, 2), ({1: 2, 2: 3}, 3), ({1: 2, 2: 1}, 1), ({1: 1}, 1)],
)
def test_joined_rows_stand_as_one(joined: dict[int, int], stands: int) -> None:
    assert standing_row(1, joined) == stands
