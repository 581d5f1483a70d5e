"""Countries, drawn and listed; and one of them."""

from __future__ import annotations

import re

import pytest

from tests.web.programme.asking import words_of
from tests.web.programme.served import ProgrammeSite

NOTE = "Boundaries shown imply no opinion on the status of any territory"


def add(programme: ProgrammeSite, code: str) -> None:
    answer = programme.client("olga").post("/countries/new/", {"country": code})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/countries/{code}/"


def test_invented_countries_stand_in_a_region_without_a_map(programme: ProgrammeSite) -> None:
    answer = programme.client("olga").get("/countries/")
    text = words_of(answer)
    assert "Practice" in text
    assert "Kasa" in text
    assert '<svg class="map"' not in answer.content.decode()


def test_a_map_is_shown_with_its_note_its_twin_and_marks_by_shape(
    programme: ProgrammeSite,
) -> None:
    for code in ("KHM", "FJI", "KEN"):
        add(programme, code)
    from datetime import date

    from kancil.desk.assessment.actions.rounds import open_round

    open_round(
        by=programme.people["olga"], country="KHM", title="One", period_from=date(2026, 1, 1),
        period_to=date(2026, 2, 1), protocols=["threat-2026.1"],
    )  # fmt: skip
    page = programme.client("olga").get("/countries/").content.decode()
    text = words_of(programme.client("olga").get("/countries/"))
    assert text.index("South-East Asia") < text.index("Pacific") < text.index("Eastern Africa")
    assert text.count(NOTE) == page.count('<svg class="map"') == 3
    cambodia = re.findall(r'<a href="/countries/KHM/" aria-label="([^"]*)">.*?</a>', page)
    assert cambodia == ["Cambodia: round under way"]
    mark = page[page.index('<a href="/countries/KHM/" aria-label') :]
    assert '<rect class="map-mark open"' in mark[: mark.index("</a>")]
    assert "Cambodia KHM Round under way 1" in text
    assert "Fiji FJI No round 0" in text


def test_a_map_draws_no_country_that_is_not_theirs_as_a_link(programme: ProgrammeSite) -> None:
    for code in ("KHM", "THA"):
        add(programme, code)
    from kancil.desk.assessment.actions.site import set_focal_countries

    far = programme.people["far"]
    set_focal_countries(by=programme.people["olga"], person=far.pk, countries=["KHM"])
    page = programme.client("far").get("/countries/").content.decode()
    assert 'href="/countries/KHM/"' in page
    assert "/countries/THA/" not in page
    assert "Thailand" not in page


@pytest.mark.parametrize("name", ["lea", "ann", "rex", "fay", "don"])
def test_only_those_who_keep_the_site_add_a_country(programme: ProgrammeSite, name: str) -> None:
    client = programme.client(name)
    assert client.get("/countries/new/").status_code == 403
    assert client.post("/countries/new/", {"country": "KHM"}).status_code == 403
    assert "/countries/new/" not in client.get("/countries/").content.decode()


def test_an_invented_country_needs_a_code_with_x_and_keeps_what_was_typed(
    programme: ProgrammeSite,
) -> None:
    client = programme.client("ada")
    given = {"invented_code": "kas", "invented_name": "<script>alert(1)</script>"}
    answer = client.post("/countries/new/", given)
    assert answer.status_code == 200
    assert "that of an invented country begins with X" in words_of(answer)
    page = answer.content.decode()
    assert 'value="kas"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    answer = client.post("/countries/new/", {"invented_code": "xka", "invented_name": "Kasa"})
    assert answer.status_code == 200
    assert "XKA" in words_of(answer)
    answer = client.post("/countries/new/", {**given, "invented_code": "xzz"})
    assert answer.headers["Location"] == "/countries/XZZ/"
    shown = client.get("/countries/XZZ/").content.decode()
    assert "<script>alert" not in shown


def test_any_country_of_the_world_is_added_by_what_people_call_it(
    programme: ProgrammeSite,
) -> None:
    client = programme.client("olga")
    page = client.get("/countries/new/").content.decode()
    assert '<option value="Nepal">' in page
    assert 'list="country-suggested"' in page
    answer = client.post("/countries/new/", {"country": "nepal", "country_region": ""})
    assert answer.headers["Location"] == "/countries/NPL/"
    text = words_of(client.get("/countries/NPL/"))
    assert "Region Southern Asia" in text
    assert '<option value="Nepal">' not in client.get("/countries/new/").content.decode()
    asked = {"country": "Vietnam", "country_region": "Eastern Asia"}
    assert client.post("/countries/new/", asked).headers["Location"] == "/countries/VNM/"
    text = words_of(client.get("/countries/VNM/"))
    assert "Viet Nam" in text
    assert "Region Eastern Asia" in text
    for typed, said in (
        ("ZZZ", "No country of the ISO list is called that."),
        ("korea", "Which of these countries? Democratic People's Republic of Korea; Republic of"),
        ("VNM", "VNM"),
        ("XKA", "No country of the ISO list is called that."),
    ):
        answer = client.post("/countries/new/", {"country": typed})
        assert answer.status_code == 200
        assert said in words_of(answer), typed
    answer = client.post("/countries/new/", {"country": "Fiji", "country_region": "Nowhere"})
    assert "Choose one of the options." in words_of(answer)


def test_what_is_packaged_is_said_to_be_and_what_is_unknown_too(programme: ProgrammeSite) -> None:
    add(programme, "KHM")
    text = words_of(programme.client("olga").get("/countries/KHM/"))
    assert "Packaged, not checked here" in text
    assert "Budapest Convention (ETS 185) unknown" in text
    assert "No source was found" in text
    kasa = words_of(programme.client("olga").get("/countries/XKA/"))
    assert "Packaged, not checked here" not in kasa
    assert "Letter of the foreign ministry (invented)" in kasa
    assert "2026-04-01" in kasa


def test_a_country_is_shown_to_those_who_see_it(programme: ProgrammeSite) -> None:
    for name, status in {"fay": 200, "far": 404, "out": 404, "don": 200, "ann": 200}.items():
        answer = programme.client(name).get("/countries/XKA/")
        assert answer.status_code == status, name
        assert ("Second round" in answer.content.decode()) == (name in ("fay", "ann")), name
    assert programme.client("olga").get("/countries/XQQ/").status_code == 404
    don = words_of(programme.client("don").get("/countries/XBO/"))
    assert "Figures for comparison" in don
    assert "First round" in don
    assert "Treaty status" not in don
    assert "Accounts for this country" not in words_of(
        programme.client("fay").get("/countries/XKA/")
    )
    assert "Fay Fonua" in words_of(programme.client("ada").get("/countries/XKA/"))


def test_finance_has_no_page_of_countries_of_which_none_is_theirs(programme: ProgrammeSite) -> None:
    assert 'href="/countries/"' not in programme.client("fin").get("/").content.decode()
    assert programme.client("fin").get("/countries/").status_code in (403, 404)
    assert 'href="/countries/"' in programme.client("ada").get("/").content.decode()


def test_a_donor_is_told_what_was_released_and_not_that_there_is_no_round(
    programme: ProgrammeSite,
) -> None:
    text = words_of(programme.client("don").get("/countries/"))
    assert "No round" not in text
    bola = text.partition("XBO")[2].partition("X")[0]
    assert "Released: 1" in bola
    assert "Nothing released" in text.partition("XKA")[2]
    assert "/countries/XBO/released/" in programme.client("don").get("/countries/").content.decode()
    assert "No round" in words_of(programme.client("ada").get("/countries/"))
