"""Figures of a round: open to the answers behind, alike for all, to each only what is theirs."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY, LEGAL, THREAT

from .reading import got, refused, tables


def address(round: str, page: str = "profile/", protocol: str = CAPABILITY) -> str:
    return f"/rounds/{round}/{protocol}/{page}"


def test_every_figure_has_a_bar_a_row_and_a_page_of_its_answers(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.answers import profile_of

    text = got(programme, "fay", address(programme.second))
    profile = profile_of(programme.sight("fay"), CAPABILITY)
    for figure in profile.figures:
        assert address(programme.second, f"figures/{figure.of}/{figure.id}/") in text
    assert text.count("<svg") == 4, "areas and sectors, each for a desk and for a phone"
    for said in ("no figure for the whole country", "not ranked", "Its error is not known",
                 "area-profile"):  # fmt: skip
        assert said in text
    blocked = ", ".join(profile.intrusive_blocked_by)
    assert "Training in intrusive powers is blocked" in text
    assert blocked in text


def test_what_the_answers_bring_adds_up_to_the_figure(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.figures import open_figures

    found, opened = open_figures(programme.sight("olga"), CAPABILITY, "area", "lf")
    one = opened[0]
    assert sum((each.points or Fraction(0)) for each in one.brought) == one.figure.raw_percent
    weights = [each.weight_percent for each in one.brought if each.weight_percent is not None]
    assert sum(weights) == 100
    text = got(programme, "olga", address(programme.second, "figures/area/lf/"))
    for each in one.brought:
        assert each.line.indicator in text
        assert found.protocol.indicators[each.line.indicator].question.in_language("en") in text
    assert "Total, before any rule" in text


def test_a_cap_is_told_in_the_words_of_its_rule(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.figures import figures_of

    for round in (programme.first, programme.second, programme.bola):
        found = figures_of(programme.sight("olga", round), CAPABILITY)
        capped = [each for each in found.profile.figures if each.capped_by and each.of == "area"]
        for figure in capped:
            text = got(programme, "olga", address(round, f"figures/area/{figure.id}/"))
            assert "shows no more than 50 %" in text
            assert figure.capped_by[0] in text
        uncertain = [each for each in found.profile.figures if each.uncertain]
        for figure in uncertain[:1]:
            there = address(round, f"figures/{figure.of}/{figure.id}/")
            assert "If one of them turns out" in got(programme, "olga", there)


def test_disputes_are_tried_for_those_who_see_answers_alone(programme: ProgrammeSite) -> None:
    disputed = _disputed(programme)
    there = address(programme.second, f"figures/{disputed}/")
    lead, focal = got(programme, "lea", there), got(programme, "fay", there)
    assert "What if a dispute" in lead
    assert "Ann Abreu" in lead
    assert "What if a dispute" not in focal
    assert "Ann Abreu" not in focal
    assert "Bo Bakri" not in focal
    assert "c-whisker" in got(programme, "lea", address(programme.second))
    assert "c-whisker" not in got(programme, "fay", address(programme.second))


def _disputed(programme: ProgrammeSite) -> str:
    from kancil.desk.assessment.queries.figures import figures_of

    bounds = figures_of(programme.sight("lea"), CAPABILITY).bounds
    assert bounds
    return f"{bounds[0].of}/{bounds[0].id}"


def test_an_assessor_sees_nothing_of_a_colleagues_answer_before_they_gave_theirs(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Outcome
    from kancil.desk.assessment.queries.figures import figures_of, open_figures

    sight = programme.sight("bo")
    found = figures_of(sight, CAPABILITY)
    assert found.kept_back, "the sample leaves answers that Ann alone has given"
    name = sorted(found.kept_back)[0]
    area = found.protocol.indicators[name].area
    _, opened = open_figures(sight, CAPABILITY, "area", area)
    line = next(one for one in opened[0].brought if one.line.indicator == name)
    assert (line.line.value, line.line.grade, line.points) == (None, None, None)
    assert line.line.outcome is Outcome.ALONE
    there = address(programme.second, f"figures/area/{area}/")
    assert "Waiting for your own answer" in got(programme, "bo", there)
    assert "Waiting for your own answer" not in got(programme, "ann", there)
    assert not figures_of(programme.sight("bo", programme.first), CAPABILITY).kept_back, "closed"


def test_which_low_answer_holds_figures_down_waits_for_their_own_too(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from tests.web.programme.opening import empty_round

    round = empty_round(programme, [CAPABILITY])
    for number in range(1, 15):
        give_answer(
            by=programme.people["ann"], round=round, protocol=CAPABILITY,
            indicator=f"LF{number:02}", given=Given(Kind.VALUE, 0 if number == 10 else 4),
            parts={}, confidence=Confidence.HIGH, comment="", evidence=[],
        )  # fmt: skip
    for page in ("profile/", "figures/area/lf/"):
        told = got(programme, "ann", address(round, page))
        assert "LF10" in told
        held = got(programme, "bo", address(round, page))
        assert "You see no figure before you have given your own answers" in held
        assert "Capped by" not in held
        assert "You see no figure" not in told
    assert "blocked" in got(programme, "bo", address(round))
    assert "LF10: critical, and at 1 or lower" in got(
        programme, "ann", address(round, "figures/area/lf/")
    )
    assert "c-cap-mark" in got(programme, "ann", address(round))


def test_that_there_was_an_interview_is_not_told_to_the_country(programme: ProgrammeSite) -> None:
    from kancil.assessment.protocol_files.library import named_protocol
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.models import EvidenceItem
    from kancil.desk.assessment.queries.answers import own_latest

    talk = EvidenceItem.objects.filter(round_id=programme.second, kind="interview").first()
    assert talk is not None
    own = own_latest(programme.sight("ann"), CAPABILITY, "LF01")
    give_answer(
        by=programme.people["ann"], round=programme.second, protocol=CAPABILITY, indicator="LF01",
        given=own[-1].given, parts={}, confidence=own[-1].confidence, comment="",
        evidence=[talk.id], follows=own[-1].id,
    )  # fmt: skip
    label = named_protocol(CAPABILITY).grades[talk.grade].label.in_language("en")
    there = address(programme.second, "figures/area/lf/")
    assert label not in got(programme, "fay", there)
    for page in ("profile/", "figures/area/lf/", "compare/"):
        assert "Two investigators" not in got(programme, "fay", address(programme.second, page))


@pytest.mark.parametrize("page", ["profile/", "figures/area/lf/", "compare/"])
def test_others_are_told_that_there_is_no_such_round(programme: ProgrammeSite, page: str) -> None:
    for name in ("far", "out", "don", "ada"):
        refused(programme, name, address(programme.second, page))
    assert programme.client(None).get(address(programme.second, page)).status_code == 302


def test_what_is_no_figure_is_not_found(programme: ProgrammeSite) -> None:
    for page in ("figures/area/nowhere/", "figures/x/lf/", "figures/area/<script>/"):
        answer = programme.client("lea").get(address(programme.second, page))
        assert answer.status_code == 404
        assert "<script>" not in answer.content.decode().split("<main")[1].split("</main>")[0]
    client = programme.client("lea")
    assert client.get(address(programme.second, protocol=THREAT)).status_code == 404
    assert client.get(address(programme.second, protocol="none-1")).status_code == 404
    assert client.get(address(programme.second, "threats/")).status_code == 404


def test_a_round_without_answers_says_what_to_do_first(programme: ProgrammeSite) -> None:
    from tests.web.programme.opening import empty_round

    round = empty_round(programme, [CAPABILITY, THREAT])
    assert "No figure yet" in got(programme, "olga", address(round))
    text = got(programme, "olga", address(round, "threats/", THREAT))
    assert "No threat has a place yet" in text
    assert text.count("Not known") > 5


def test_many_disputes_are_tried_only_when_asked_for(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.assessment.queries import figures

    monkeypatch.setattr(figures, "MOST_CHOICES", 0)
    text = got(programme, "lea", address(programme.second))
    assert "c-whisker" not in text
    offered = re.search(r'href="([^"]+\?what-if=1)"', text)
    assert offered is not None
    assert "c-whisker" in got(programme, "lea", offered.group(1))


def test_threats_are_drawn_and_told_with_what_they_rest_on(programme: ProgrammeSite) -> None:
    there = address(programme.second, "threats/", THREAT)
    text = got(programme, "fay", there)
    assert "own" in text
    assert "not multiplied" in text
    first, others, sources = tables(text)[-3:]
    twin = first + others
    assert len(first) == 12
    assert len(twin) == len(sources) > 20
    assert any("Yearly report of the unit" in row for row in twin)
    assert not any("Budget of the unit" in row for row in twin), "withheld from the country"
    of_lead = [row for rows in tables(got(programme, "lea", there))[-3:-1] for row in rows]
    assert any("Budget of the unit" in row for row in of_lead)


def test_threats_are_named_and_impact_of_what_nobody_met_is_remarked(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.desk.assessment.actions.answers import give_answer
    from tests.web.programme.opening import empty_round

    round = empty_round(programme, [THREAT])
    there = address(round, "threats/", THREAT)
    for name, prevalence, impact in (
        ("ransomware", 1, 4), ("unauthorised_access", 1, 1), ("online_fraud", 2, 4),
    ):  # fmt: skip
        give_answer(
            by=programme.people["ann"], round=round, protocol=THREAT, indicator=name, given=None,
            parts={
                part: Given(Kind.VALUE, stage)
                for part, stage in (("prevalence", prevalence), ("impact", impact))
            }, confidence=Confidence.HIGH, comment="", evidence=[],
        )  # fmt: skip
    text = got(programme, "lea", there)
    assert "How grave" not in text.partition("<main")[2]
    (remarked,) = re.findall(r"Impact of threats that did not occur here: ([^<]*)", text)
    assert remarked == (
        "3. Ransomware and extortion with stolen data. The comment on each should say what the "
        "impact is based on."
    )
    assert "Impact of threats that did not occur here" not in got(programme, "bo", there), (
        "answer first"
    )


def test_law_is_shown_by_instrument_and_never_together(programme: ProgrammeSite) -> None:
    text = got(programme, "lea", address(programme.second, protocol=LEGAL))
    assert "By instrument" in text
    assert "By area" not in text
    hub = got(programme, "fay", f"/rounds/{programme.second}/figures/")
    for page, protocol in (("profile/", LEGAL), ("threats/", THREAT), ("compare/", CAPABILITY)):
        assert address(programme.second, page, protocol) in hub


def test_pages_of_figures_ask_the_books_a_fixed_number_of_times(programme: ProgrammeSite) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = programme.client("lea")
    for page, protocol, most in (
        ("profile/", CAPABILITY, 18), ("figures/sector/law_enforcement/", CAPABILITY, 18),
        ("threats/", THREAT, 18), ("compare/", CAPABILITY, 32),
    ):  # fmt: skip
        client.get(address(programme.second, page, protocol))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address(programme.second, page, protocol)).status_code == 200
        assert len(asked) <= most, page
