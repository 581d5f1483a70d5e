"""Lists that are narrowed: by region, by state, by words; and where one stands in a list."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from kancil.ground.clock import now
from tests.web.programme.asking import words_of
from tests.web.programme.reading import got
from tests.web.programme.served import PASSWORD, ProgrammeSite
from tools.sample_programme import CAPABILITY

PRACTICE, SOUTH = "Practice", "Southern Asia"


def with_nepal(programme: ProgrammeSite) -> None:
    answer = programme.client("olga").post("/countries/new/", {"country": "Nepal"})
    assert answer.status_code == 302


def test_countries_and_comparison_are_narrowed_to_a_region(programme: ProgrammeSite) -> None:
    there = "/countries/?in_region="
    assert 'name="in_region"' not in programme.client("olga").get("/countries/").content.decode()
    with_nepal(programme)
    assert "Kasa" not in got(programme, "olga", there + quote(SOUTH))
    assert "Nepal" not in got(programme, "olga", there + PRACTICE)
    assert "Nepal" in got(programme, "olga", "/countries/?look_for=NEPA")
    assert "No country fits" in got(programme, "olga", "/countries/?look_for=%3Cb%3E")
    assert "Choose one of the options" in got(programme, "olga", there + "Nowhere")

    comparison = f"/region/{CAPABILITY}/"
    whole = got(programme, "olga", comparison)
    assert "Nepal" in whole
    some = got(programme, "olga", f"{comparison}?in_region={PRACTICE}")
    assert "Bola" in some
    assert "<td>Nepal" not in some
    table = f"{comparison}table.csv?in_region={PRACTICE}"
    assert f'href="{table}"' in some
    rows = csv.DictReader(io.StringIO(got(programme, "olga", table)))
    assert {row["country_name"] for row in rows} == {"Bola", "Cera", "Kasa"}
    none = got(programme, "olga", f"{comparison}?in_region={quote(SOUTH)}")
    assert "No release in this region" in none
    assert "Bola" in got(programme, "olga", f"/region/?in_region={PRACTICE}")
    assert "Bola" not in got(programme, "olga", f"/region/?in_region={quote(SOUTH)}")


def test_a_round_whose_period_is_over_says_so_on_its_page_and_in_the_list(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import Round
    from kancil.desk.base.opening import day_of

    def ends(day: date) -> None:
        Round.objects.filter(pk=programme.second).update(period_to=day)

    page, listed = f"/rounds/{programme.second}/", "/rounds/?round_state=period-over"
    yesterday = day_of(now()) - timedelta(days=2)
    ends(yesterday)
    over = f"The period of this round ended on {yesterday.isoformat()}"
    assert over in words_of(programme.client("rex").get(page))
    assert "Second round" in got(programme, "rex", listed)
    assert "Open after its period" in got(programme, "rex", "/rounds/")
    ends(day_of(now()) + timedelta(days=2))
    assert over not in words_of(programme.client("rex").get(page))
    assert "Second round" not in got(programme, "rex", listed)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("budget STRATEGY", ["GV01"]),
        ("gv01", ["GV01"]),
        ("no such words", []),
        ("<b>%", []),
        (" ", None),
    ],
)
def test_questions_are_found_by_their_words(
    programme: ProgrammeSite, words: str, found: list[str] | None
) -> None:
    there = f"/rounds/{programme.second}/{CAPABILITY}/?look_for={quote(words)}"
    text = got(programme, "ann", there)
    shown = re.findall(rf"/{CAPABILITY}/(\w+)/\">\1<", text)
    assert shown == found or (found is None and len(shown) > 100)
    assert ("No question fits" in text) == (found == [])


def test_a_question_says_its_place_and_its_state_moves_on_with_what_is_saved(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.answers import settled

    sight = programme.sight("olga")
    asked, stands = protocol_in(sight, CAPABILITY), settled(sight, CAPABILITY)
    open_ones = [each.id for each in asked.indicators.values() if each.id not in stands]
    there = f"/rounds/{programme.second}/{CAPABILITY}/{open_ones[0]}/"
    client = programme.client("bo")
    before = words_of(client.get(there))
    assert re.search(r"\b\d+ of \d+\b", before)
    assert "No answer yet" in before
    first = next(iter(asked.indicators))
    assert re.search(r"\b1 of \d+\b", got(programme, "ann", there.replace(open_ones[0], first)))
    sent = {"given_whole": "2", "confidence": "high"}
    saved = client.post(there, sent, headers={"HX-Request": "true"}).content.decode()
    assert 'id="stands" hx-swap-oob="true"' in saved
    assert "No answer yet" not in saved
    assert "No answer yet" not in words_of(client.get(there))
    wrong = client.post(there, {**sent, "given_whole": "9"}, headers={"HX-Request": "true"})
    assert 'id="stands"' not in wrong.content.decode()


def test_a_ticked_protocol_is_kept_while_one_shows_who_one_is(programme: ProgrammeSite) -> None:
    from django.core.cache import cache

    cache.clear()
    client, there = programme.client("olga"), f"/rounds/{programme.second}/releases/figures/"
    assert "/account/confirm/" not in words_of(client.get(there))
    given = {
        "do": "figures", "release_official": "A. Minister", "release_office": "Ministry",
        "release_consent": "Letter 12",
        "release_day": "2026-06-02", "release_protocols": [CAPABILITY],
    }  # fmt: skip
    asked = client.post(there, given)
    assert asked.headers["Location"].startswith("/account/confirm/")
    back = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == there
    page = client.get(there).content.decode()
    assert re.search(rf'value="{CAPABILITY}"[^>]*checked', page)
    assert 'value="A. Minister"' in page
