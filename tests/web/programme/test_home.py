"""What each person finds when they come in."""

from __future__ import annotations

from datetime import date

import pytest

from kancil.ground.words import render_phrase
from tests.web.programme.asking import words_of
from tests.web.programme.served import ProgrammeSite


def test_everybody_comes_in_to_what_is_theirs(programme: ProgrammeSite) -> None:
    for name in ("ada", "olga", "lea", "ann", "rex", "fay", "don", "out"):
        answer = programme.client(name).get("/")
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert ("Second round" in text) == (name in ("olga", "lea", "ann", "rex", "fay")), name


@pytest.mark.parametrize("name", ["fay", "mia"])
def test_whoever_speaks_for_the_country_is_asked_for_comments_on_home(
    programme: ProgrammeSite, name: str
) -> None:
    text = programme.client(name).get("/").content.decode()
    assert "The comment term ends" in text, "however far its end is"
    assert f'href="/rounds/{programme.second}/comments/"' in text


def test_the_first_open_question_is_one_click_away(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.answers import progress

    text = programme.client("ann").get("/").content.decode()
    sight = programme.sight("ann")
    far = progress(sight, "capability-2026.2")
    mine = next(each for each in far.people if each.person == sight.person)
    assert mine.missing
    there = f"/rounds/{programme.second}/capability-2026.2/{mine.missing[0]}/"
    assert f'href="{there}"' in text
    assert f"{mine.given} of {mine.owed}" in text
    assert programme.client("ann").get(there).status_code == 200


@pytest.mark.parametrize("name", ["lea", "ann", "bo"])
def test_what_is_owed_is_what_the_round_says(programme: ProgrammeSite, name: str) -> None:
    from kancil.desk.assessment.queries.answers import progress
    from kancil.desk.assessment.queries.waiting import work_of

    work = work_of(programme.people[name])
    owing = {row.round.id for row in work.owed}
    if name == "lea":  # who only leads owes no answers
        assert owing == set()
    else:
        assert owing == {programme.second, programme.bola} | {
            row.round.id for row in work.owed if row.round.country == "XCE"
        }
    for row in work.owed:
        far = progress(programme.sight(name, row.round.id), row.protocol)
        mine = next(each for each in far.people if each.name == programme.people[name].name)
        assert (row.owed, row.given, row.missing) == (mine.owed, mine.given, mine.missing)
    if name == "lea":
        for disputed in work.disputed:
            far = progress(programme.sight(name, disputed.round.id), disputed.protocol)
            assert len(disputed.indicators) == sum(each.disputed for each in far.areas)
    assert bool(work.disputed) == (name == "lea")


def test_questions_that_hang_on_an_answer_are_owed_once_it_is_given(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part, kept_protocol
    from kancil.desk.assessment.queries.waiting import work_of

    olga, lea, ann = (programme.people[name] for name in ("olga", "lea", "ann"))
    study = kept_protocol("study-2026.1").protocol
    opened = open_round(
        by=olga, country="XBO", title="Study", period_from=date(2026, 6, 1),
        period_to=date(2026, 7, 1), protocols=["study-2026.1"],
    )  # fmt: skip
    set_team(
        by=olga, round=opened, members=[Member(lea.pk, Part.LEAD), Member(ann.pk, Part.ASSESSOR)]
    )
    hanging = [each for each in study.indicators.values() if each.asked_if is not None]
    first = next(each for each in hanging if each.asked_if and each.asked_if.part is None)
    condition = first.asked_if
    assert condition is not None

    def owed() -> tuple[str, ...]:
        return next(row.missing for row in work_of(ann).owed if row.round.id == opened)

    assert first.id not in owed()
    scale = study.scales[study.indicators[condition.indicator].scale or ""]
    value = condition.values[0]
    given = (value,) if scale.kind.value == "many" else value
    give_answer(
        by=ann, round=opened, protocol=study.name, indicator=condition.indicator,
        given=Given(Kind.VALUE, given), confidence=Confidence.HIGH,  # type: ignore[arg-type]
    )  # fmt: skip
    assert first.id in owed()
    assert condition.indicator not in owed()


def test_a_reviewer_and_an_officer_owe_no_answers(programme: ProgrammeSite) -> None:
    for name in ("rex", "olga"):
        assert "Still to answer" not in words_of(programme.client(name).get("/"))


def test_what_is_late_or_due_is_told_to_those_who_can_act_on_it(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.due import due_of, due_words

    later = date(2100, 1, 1)
    team = {"comments", "road", "matter", "meeting"}
    wanted = {
        "olga": {"period", "review", "plan", "road", "matter", "meeting"},
        "lea": {"period", "review", "plan", "term-over", *team}, "ann": team, "bo": team,
        "fay": {"sign-off", "road", "matter", "meeting"},
        "mia": set(), "rex": set(), "far": set(), "don": set(), "ada": set(), "out": set(),
    }  # fmt: skip
    kinds = {name: {each.kind for each in due_of(programme.people[name], later)} for name in wanted}
    assert kinds == wanted
    before = {each.kind for each in due_of(programme.people["mia"], date(2026, 6, 1))}
    assert before == {"term"}
    assert due_of(programme.people["olga"], date(1990, 1, 1), date(1990, 1, 2)) == []
    steps = [render_phrase(due_words(each)) for each in due_of(programme.people["lea"], later)
             if each.kind == "road"]  # fmt: skip
    assert steps
    assert len(set(steps)) == len(steps), "each step is told from the others of its subject"


def test_a_focal_point_is_told_what_the_country_can_do_with_its_plan_alone(
    programme: ProgrammeSite,
) -> None:
    assert "Plan items waiting for a decision" in words_of(programme.client("olga").get("/"))
    assert "Plan items proposed for your country" in words_of(programme.client("fay").get("/"))
    for name in ("fay", "mia", "far", "don", "ada", "ann"):
        assert "Plan items waiting" not in words_of(programme.client(name).get("/"))
    assert "Rounds and their answers are not shown" in words_of(programme.client("ada").get("/"))


def test_a_donor_reader_finds_what_was_released_and_no_round(programme: ProgrammeSite) -> None:
    text = words_of(programme.client("don").get("/"))
    assert "Released documents" in text
    assert "Figures for comparison Bola" in text
    assert "Cera" not in text
    assert "My rounds" not in text


def test_whoever_was_given_nothing_is_told_whom_to_ask(programme: ProgrammeSite) -> None:
    assert "Ask a programme officer" in words_of(programme.client("out").get("/"))


def test_an_empty_site_says_what_to_do_first(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Answer, Country, Release, Round

    olga = programme.client("olga")
    assert "First steps" not in words_of(olga.get("/"))
    Release.objects.all().delete()
    Answer.evidence.through.objects.all().delete()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in ("round", "team_member", "plan_item", "road_step", "focal_country", "country"):
            cursor.execute(f"DELETE FROM {table}")
    assert not Round.objects.exists()
    assert not Country.objects.exists()
    text = words_of(olga.get("/"))
    assert "First steps" in text
    assert "Open a round" in text
    assert "No country yet" in words_of(olga.get("/countries/"))
    assert "No round yet" in words_of(olga.get("/rounds/"))
    assert "A country comes first" in words_of(olga.get("/rounds/new/"))
    assert "First steps" not in words_of(programme.client("ann").get("/"))


def test_the_site_has_its_own_name_and_accent_and_no_search_box(programme: ProgrammeSite) -> None:
    text = programme.client("olga").get("/").content.decode()
    assert 'data-site="programme"' in text
    assert "Programme · no network" in text
    assert 'role="search"' not in text


def test_home_draws_what_happens_where_on_a_map(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Country
    from kancil.desk.programme.models import Activity
    from kancil.web.acting import today
    from tests.desk.programme.event_stage import training

    olga = programme.client("olga")
    assert '<svg class="map"' not in olga.get("/").content.decode(), "invented countries alone"
    assert olga.post("/countries/new/", {"country": "KHM"}).status_code == 302
    room = training(programme.people["olga"], first=today(), last=today())
    Activity.objects.get(id=room.id).countries.add(Country.objects.get(code="KHM"))
    page = olga.get("/").content.decode()
    assert page.count('<svg class="map"') == 1
    assert "Cambodia: 1 to come" in page[page.index('<svg class="map"') :]


def test_home_asks_little_of_the_database(programme: ProgrammeSite) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name in ("lea", "olga", "ann", "fay"):
        client = programme.client(name)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        assert len(asked) <= 47, name
        assert not [each for each in asked if '"protocol_file"."text"' in each["sql"]], name
