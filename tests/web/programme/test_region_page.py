"""The regional comparison: what was released, by whom, side by side by name, and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import date

from tests.web.programme.reading import got, refused, tables
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY, LEGAL

PAGE = f"/region/{CAPABILITY}/"


def _release(programme: ProgrammeSite, official: str = "=Official <b>X</b>") -> None:
    from kancil.desk.assessment.actions.releases import release_figures
    from kancil.evidence.vault import Vault

    release_figures(
        consent="Letter 12 (invented)",
        by=programme.people["fay"], round=programme.second, official=official,
        office="Office of law", released_on=date(2026, 6, 2), protocols=[CAPABILITY],
        store=Vault(programme.root / "vault", programme.root / "incoming"),
    )  # fmt: skip


def test_countries_stand_by_name_with_who_released_what_and_when(programme: ProgrammeSite) -> None:
    text = got(programme, "olga", PAGE)
    areas, sectors, made = tables(text)
    for rows in (areas, sectors, made):
        assert [row.split()[0] for row in rows] == ["Bola", "Cera", "Kasa"]
        assert "Not released" in rows[2]
    assert "A. Minister (invented) Ministry of Interior" in made[0]
    assert "2026-05-04" in made[0]
    assert "not ranked" in text
    assert text.count("<svg") == 2
    assert "Bola" in got(programme, "olga", "/region/")


def test_a_country_comes_in_with_its_release_and_goes_with_its_withdrawal(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.actions.releases import withdraw_release
    from kancil.desk.assessment.queries.answers import profile_of
    from kancil.desk.assessment.queries.releases import releases_of

    _release(programme)
    figure = profile_of(programme.sight("olga"), CAPABILITY).figures[0]
    from kancil.assessment.method import percent_text

    rows = tables(got(programme, "olga", PAGE))[0]
    assert f"{percent_text(figure.percent)} %" in rows[2]
    raw = programme.client("olga").get(PAGE).content.decode()
    assert "=Official &lt;b&gt;X&lt;/b&gt;" in raw
    release = releases_of(programme.sight("olga"))[0]
    withdraw_release(
        by=programme.people["fay"], round=programme.second, release=release.id, reason="A mistake"
    )
    assert "Not released" in tables(got(programme, "olga", PAGE))[0][2]


def test_what_was_released_stays_as_it_was_that_day(programme: ProgrammeSite) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.answers import own_latest

    _release(programme)
    before = tables(got(programme, "olga", PAGE))
    own = own_latest(programme.sight("ann"), CAPABILITY, "LF02")
    give_answer(
        by=programme.people["ann"], round=programme.second, protocol=CAPABILITY, indicator="LF02",
        given=Given(Kind.VALUE, 4), parts={}, confidence=own[-1].confidence, comment="",
        evidence=[], follows=own[-1].id,
    )  # fmt: skip
    assert tables(got(programme, "olga", PAGE)) == before


def test_a_donor_and_a_focal_point_see_the_releases_of_their_countries(
    programme: ProgrammeSite,
) -> None:
    _release(programme)
    focal = got(programme, "fay", PAGE)
    assert [row.split()[0] for row in tables(focal)[0]] == ["Kasa"]
    assert "Bola" not in focal
    other = got(programme, "far", PAGE)
    assert "Kasa" not in other
    assert "Bola" in other
    refused(programme, "ada", PAGE)
    refused(programme, "ada", "/region/")
    donor = got(programme, "don", "/region/")
    assert "Regional comparison" in donor
    assert "Kasa" not in programme.client("far").get(f"{PAGE}table.csv").content.decode()


def test_a_figure_can_be_chosen_and_none_that_was_not_released(programme: ProgrammeSite) -> None:
    text = got(programme, "olga", f"{PAGE}?shown_figure=sector:policy:stage")
    assert text.count("<svg") == 2
    for wrong in ("area:nowhere:stage", "<script>", ""):
        text = got(programme, "olga", f"{PAGE}?shown_figure={wrong}")
        assert "<svg" not in text
        assert "errorlist" in text
        assert len(tables(text)) == 3


def test_the_table_that_leaves_runs_nothing_and_says_who_did_not_release(
    programme: ProgrammeSite,
) -> None:
    answer = programme.client("olga").get(f"{PAGE}table.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    kasa = [row for row in rows if row["country"] == "XKA"]
    assert [(row["state"], row["percent"]) for row in kasa] == [("not-released", "")]
    bola = next(row for row in rows if row["country"] == "XBO" and row["id"] == "lf")
    assert bola["state"] == "released"
    assert bola["official"] == "A. Minister (invented)"
    _release(programme)
    text = programme.client("olga").get(f"{PAGE}table.csv").content.decode()
    assert "'=Official" in text
    assert ",=Official" not in text


def test_nothing_released_says_what_to_do_first(programme: ProgrammeSite) -> None:
    assert "Nothing has been released" in got(programme, "olga", f"/region/{LEGAL}/")
    assert "Nothing has been released" in got(programme, "out", "/region/")
    assert programme.client("olga").get("/region/none-1/").status_code == 404


def test_each_page_of_the_region_says_how_rounds_stood_when_figures_were_released(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import Release
    from kancil.desk.assessment.queries.stood import stood_now

    _release(programme)
    text = got(programme, "don", PAGE)
    assert "PRACTICE: at least one of these countries is invented" in text
    assert "Released while the round was open" in text
    assert "a proposal nobody had reviewed: " in text
    kasa = tables(text)[2][-1]
    one = stood_now(programme.sight("olga"), [CAPABILITY]).protocols[CAPABILITY]
    assert one.disputed > 0
    assert f"answered by one assessor: {one.alone}; disputed: {one.disputed};" in kasa
    assert "Kasa (invented, for practice)" in kasa
    assert "of it confirmed)" in tables(text)[0][-1]
    told = programme.client("don").get(f"{PAGE}table.csv").content.decode()
    rows = csv.DictReader(io.StringIO(told))
    row = next(row for row in rows if row["country"] == "XKA")
    assert (row["invented"], row["round"], row["protocol_standing"]) == ("yes", "open", "proposal")
    assert row["disputed"] == str(one.disputed)
    Release.objects.filter(round_id=programme.second).update(stood={})
    assert "not recorded" in tables(got(programme, "don", PAGE))[2][-1]


def test_released_figures_of_law_say_that_the_matrix_was_a_draft(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.releases import release_figures
    from kancil.evidence.vault import Vault

    release_figures(
        consent="Letter 12 (invented)",
        by=programme.people["fay"], round=programme.second, official="O", office="Office",
        released_on=date(2026, 6, 2), protocols=[LEGAL],
        store=Vault(programme.root / "vault", programme.root / "incoming"),
    )  # fmt: skip
    text = got(programme, "don", f"/region/{LEGAL}/")
    assert "The legal matrix was a draft that no lawyer had signed" in text
