"""Pages of results: the framework, an indicator, a figure opened, and who may have them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.web.programme.served import ProgrammeSite

YEAR = {"result_since": "2026-01-01", "result_to": "2026-12-31"}
PLAIN = {"rule_counts": "people", "rule_times": "once", "rule_span": "period",
         "result_measure": "unit"}  # fmt: skip


@pytest.fixture
def ids(programme: ProgrammeSite) -> dict[str, Any]:
    from tests.desk.programme.results_scene import scene

    return scene(programme.people["olga"]).ids


def plain(content: bytes) -> str:
    """A page as words without tags."""
    body = content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub("<[^>]+>", " ", body)).split())


def seen(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return plain(answer.content)


def test_an_officer_begins_counts_and_corrects(programme: ProgrammeSite) -> None:
    olga = programme.client("olga")
    assert "No results framework yet" in seen(olga, "/results/")
    assert olga.post("/results/begin/", {"do": "begin"}).status_code == 302
    page = seen(olga, "/results/")
    assert "Cases that units opened on their own initiative" in page
    from kancil.desk.programme.models import Indicator

    id = Indicator.objects.get(code="2.a").id
    there = f"/results/indicators/{id}/"
    assert "Entered by hand with its source" in seen(olga, there)
    entry = {**YEAR, "do": "enter", "result_value": "4", "result_source": "Letter of June"}
    figure = olga.post(f"{there}enter/", entry).headers["Location"]
    assert "Letter of June" in seen(olga, figure)
    again = olga.post(f"{there}enter/", entry)
    assert "Another figure in place of one that stands" in plain(again.content)
    fix = {"do": "correct", "result_value": "5", "result_source": "Letter of July",
           "result_why": "One was missed"}  # fmt: skip
    newer = olga.post(figure, fix).headers["Location"]
    assert "This figure was corrected" in seen(olga, figure)
    assert "Letter of June" in seen(olga, newer)
    assert "5 of 60" in seen(olga, "/results/")
    assert b"Cases that units opened" in olga.get("/results/results.csv").content
    assert b"counting-rule/1" in olga.get("/results/framework.yaml").content


def test_a_rule_is_written_in_a_form_and_counted(
    programme: ProgrammeSite, ids: dict[str, Any]
) -> None:
    olga = programme.client("olga")
    new = f"/results/nodes/{ids['node']}/indicator/"
    assert "What is counted" in seen(olga, new)
    wrong = {**PLAIN, "do": "indicator", "result_code": "2.1.z", "result_title": "Women trained",
             "rule_split": ["audience"]}  # fmt: skip
    kept = olga.post(new, {**wrong, "do": ["indicator", "keep-draft"]})
    assert "The draft is kept." in plain(kept.content)
    assert b'value="Women trained"' in olga.get(f"{new}?draft=indicator").content
    refused = olga.post(new, wrong)
    assert "cannot be chosen or split by audience" in plain(refused.content)
    right = {**wrong, "rule_split": ["country"], "rule_only_sex": ["female"], "result_target": "9"}
    there = olga.post(new, right).headers["Location"]
    assert b'value="Women trained"' not in olga.get(f"{new}?draft=indicator").content
    assert "Only sex: Female." in seen(olga, there)
    figure = olga.post(f"{there}count/", {**YEAR, "do": "count"}).headers["Location"]
    page = seen(olga, figure)
    assert "2.1.z Women trained: 6" in page
    assert "Woman 3" in page
    assert "2026-B" in page
    edit = f"{there}edit/"
    assert b'value="Women trained"' in olga.get(edit).content
    again = {**right, "result_seen": "1", "result_title": "Women", "result_why": "Shorter"}
    assert olga.post(edit, again).status_code == 302
    assert "6 of 9" in seen(olga, there)
    late = olga.post(edit, again)
    assert "Olga" in plain(late.content)
    assert "Somebody changed this after you opened the form." in plain(late.content)
    assert b'name="result_seen" value="2"' in late.content
    assert olga.post(edit, {**again, "result_seen": "2"}).status_code == 302


def test_people_without_days_stand_beside_the_figure_on_page_and_in_the_table(
    programme: ProgrammeSite, ids: dict[str, Any]
) -> None:
    from dataclasses import replace

    from kancil.desk.programme.models import IndicatorVersion, Participation
    from kancil.programme.counting.rule import rule_json
    from tests.desk.programme.results_scene import TRAINED

    of = IndicatorVersion.objects.filter(indicator=ids["trained"])
    of.update(rule=rule_json(replace(TRAINED, least_attendance=50)))
    Participation.objects.filter(attended=True).update(days_attended=0)
    olga = programme.client("olga")
    there = f"/results/indicators/{ids['trained']}/"
    figure = olga.post(f"{there}count/", {**YEAR, "do": "count"}).headers["Location"]
    said = "0 (not counted, days of attendance not recorded: 11)"
    for page in (figure, there, "/results/"):
        assert said in seen(olga, page), page
    row = next(each for each in olga.get("/results/results.csv").content.decode().splitlines()
               if ",0,,11," in each)  # fmt: skip
    assert "50" in row


def test_whoever_sees_no_names_sees_no_small_group(
    programme: ProgrammeSite, ids: dict[str, Any]
) -> None:
    olga = programme.client("olga")
    there = f"/results/indicators/{ids['trained']}/"
    sent = {**YEAR, "do": "count", "result_country": "XKA"}
    figure = olga.post(f"{there}count/", sent).headers["Location"]
    for name in ("mia", "lea"):
        page = seen(programme.client(name), figure)
        assert "Woman 3" not in page, name
        assert "Female Hidden" in page, name
    assert "Woman 3" in seen(programme.client("fay"), figure)
    assert "Guest" not in seen(programme.client("fay"), figure)
    assert "Female Hidden" in seen(programme.client("mia"), there)


def test_no_page_file_or_command_shows_a_figure_that_tells_a_small_group_beside_another(
    programme: ProgrammeSite, ids: dict[str, Any]
) -> None:
    """Of 61 people of a year 58 came in its first half: three came later."""
    from datetime import date

    from kancil.desk.programme.models import Figure, IndicatorVersion
    from kancil.ground import clock

    version = IndicatorVersion.objects.get(indicator=ids["trained"])
    half, year = (
        Figure.objects.create(
            version=version, period_from=date(2025, 1, 1), period_to=until, value=value,
            country_id="XKA", by=programme.people["olga"], at=clock.now(),
        ).id
        for until, value in ((date(2025, 6, 30), "58"), (date(2025, 12, 31), "61"))
    )  # fmt: skip
    indicator, now = f"/results/indicators/{ids['trained']}/", "?result_country=XKA"
    then = f"{now}&result_until=2025-07-01"
    for name, is_whole in (("mia", False), ("lea", False), ("fay", True), ("olga", True)):
        client = programme.client(name)
        for url in (f"/results/{then}", f"/results/figures/{half}/", indicator):
            page = seen(client, url)
            tells = re.search(r"(?<!:)\b58\b", page)  # not of a time
            assert bool(tells) is is_whole, (name, url)
        title = f"2.1.a People trained: {'58' if is_whole else 'hidden'}"
        assert title in seen(client, f"/results/figures/{half}/"), name
        assert "2.1.a People trained: 61" in seen(client, f"/results/figures/{year}/"), name
        for query, value in ((then, "58" if is_whole else "hidden"), (now, "61")):
            rows = client.get(f"/results/results.csv{query}").content.decode().splitlines()
            (row,) = (each for each in rows if each.startswith("2.1.a,"))
            assert f",{value},," in row, (name, row)


def test_a_figure_of_another_country_is_not_there(
    programme: ProgrammeSite, ids: dict[str, Any]
) -> None:
    olga = programme.client("olga")
    there = f"/results/indicators/{ids['trained']}/"
    whole = olga.post(f"{there}count/", {**YEAR, "do": "count"}).headers["Location"]
    figure = olga.post(f"{there}count/", {**YEAR, "do": "count", "result_country": "XKA"}).headers[
        "Location"
    ]
    far = programme.client("far")
    for url in (whole, figure):
        assert far.get(url).status_code == 404
        assert far.post(url, {"do": "correct"}).status_code == 404
    assert "No figure yet" in seen(far, there)
    assert far.post(f"{there}count/", {**YEAR, "do": "count"}).status_code == 403
    ada = programme.client("ada")
    for url in ("/results/", there, figure, "/results/results.csv", "/results/framework.yaml"):
        assert ada.get(url).status_code == 403, url
    for name in ("fay", "don", "fin", "lea"):
        if name in programme.people:
            client = programme.client(name)
            assert client.get("/results/").status_code == 200, name
            for url in (
                "/results/new/",
                f"/results/nodes/{ids['node']}/",
                f"{there}edit/",
                f"{there}count/",
                f"{there}enter/",
            ):
                assert client.get(url).status_code == 403, (name, url)


def test_a_choice_of_another_scope_is_none(programme: ProgrammeSite, ids: dict[str, Any]) -> None:
    olga = programme.client("olga")
    there = f"/results/indicators/{ids['trained']}/"
    olga.post(f"{there}count/", {**YEAR, "do": "count", "result_country": "XKA"})
    address = "/results/?result_country=XKA"
    assert "People trained 9 – 2026" in seen(programme.client("fay"), address)
    assert "Targets are the whole programme’s" in seen(programme.client("fay"), address)
    assert "People trained No figure yet" in seen(programme.client("far"), address)
