"""Rounds: opened, given a team, respondents and areas, closed; and their record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.programme.asking import words_of
from tests.web.programme.served import ProgrammeSite

FORM = {
    "country": "XBO", "round_title": "Round <script>alert(1)</script>", "round_scope": "Police",
    "period_from": "2026-06-01", "period_to": "2026-07-01", "protocols": ["threat-2026.1"],
    "older_round": "",
}  # fmt: skip


def opened(programme: ProgrammeSite, **other: Any) -> str:
    answer = programme.client("olga").post("/rounds/new/", {**FORM, **other})
    assert answer.status_code == 302, words_of(answer)
    there: str = answer.headers["Location"]
    assert there.endswith("/team/")
    return there.split("/")[2]


def team(programme: ProgrammeSite, **parts: str) -> dict[str, str]:
    return {f"part_{programme.people[name].pk}": part for name, part in parts.items()}


def closed_at(round: str, moment: datetime) -> None:
    from kancil.desk.assessment.models import Round

    assert Round.objects.filter(pk=round).update(closed_at=moment) == 1


def test_a_round_is_opened_given_a_team_and_closed(programme: ProgrammeSite) -> None:
    round = opened(programme, older_round=programme.bola)
    there = f"/rounds/{round}/"
    olga, lea = programme.client("olga"), programme.client("lea")
    page = olga.get(there)
    assert "This round has no lead yet" in words_of(page)
    assert "<script>alert" not in page.content.decode()
    assert lea.get(there).status_code == 404
    answer = olga.post(there + "team/", team(programme, ann="assessor"))
    assert answer.status_code == 200
    assert "lead" in words_of(answer)
    assert '<option value="assessor" selected>' in answer.content.decode()
    answer = olga.post(there + "team/", team(programme, lea="lead", ann="assessor", rex="reviewer"))
    assert answer.status_code == 302
    text = words_of(lea.get(there))
    assert "0 of 25" in text
    assert "Still to answer by you here" not in text, "who only leads owes none"
    text = words_of(programme.client("ann").get(there))
    assert "Still to answer by you here: 25" in text
    text = words_of(lea.get(there))
    assert "First round" in text  # the older one, which a lead sees
    ann = programme.people["ann"].pk
    areas = f"{there}team/{ann}/"
    assert "threat-2026.1:gain" in lea.get(areas).content.decode()
    assert lea.post(areas, {"areas_0": ["threat-2026.1:gain"]}).status_code == 302
    assert "Cybercrime threat situation: " in words_of(lea.get(there + "team/"))
    assert "Choose one of the options" in words_of(lea.post(areas, {"areas_0": ["x:y"]}))
    assert "Still to answer by you here: 25" not in words_of(programme.client("ann").get(there))
    # a new team keeps what somebody owes
    olga.post(there + "team/", team(programme, lea="lead", ann="assessor", bo="assessor"))
    assert "Cybercrime threat situation: " in words_of(lea.get(there + "team/"))
    assert "Questions without an answer 25" in words_of(lea.get(there + "close/"))
    signed = {"do": "signed"}
    assert lea.post(there + "close/", signed).status_code == 400, "the country comes first"
    official = {"signing_official": "M.", "signing_office": "Ministry", "signing_day": "2026-06-30"}
    assert programme.client("far").post(there + "sign-off/", official).status_code == 302
    assert lea.post(there + "close/", signed).status_code == 302
    assert "This round was closed on" in words_of(lea.get(there))
    closed_at(round, datetime(2026, 6, 30, 20, tzinfo=UTC))
    assert "closed on 2026-07-01" in words_of(lea.get(there)), "the day where the workspace is"
    assert lea.post(there + "close/", signed).status_code == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period_to": "2025-01-01"}, "The end is before the beginning."),
        ({"protocols": []}, "This must be filled in."),
        ({"protocols": ["nothing-1"]}, "Choose one of the options."),
        ({"country": "XQQ"}, "Choose one of the options."),
        ({"round_title": "x" * 201}, "200"),
        ({"round_title": "  "}, "This must be filled in."),
        ({"period_from": "soon"}, "date"),
    ],
)
def test_a_round_that_cannot_be_is_refused_and_what_was_typed_stays(
    programme: ProgrammeSite, change: dict[str, Any], said: str
) -> None:
    answer = programme.client("olga").post("/rounds/new/", {**FORM, **change})
    assert answer.status_code == 200
    assert said in words_of(answer)
    assert "Police" in answer.content.decode()


def test_the_older_round_must_be_of_the_same_country(programme: ProgrammeSite) -> None:
    answer = programme.client("olga").post(
        "/rounds/new/", {**FORM, "older_round": programme.second}
    )
    assert "another one of the same country" in words_of(answer)


def test_rounds_are_found_by_country_state_and_protocol(programme: ProgrammeSite) -> None:
    client = programme.client("olga")
    assert "Second round" in words_of(client.get("/rounds/"))
    closed = words_of(client.get("/rounds/?round_state=closed"))
    assert "2025-02-03" in closed
    assert "2026-03-02" not in closed
    assert "No round matches" in words_of(client.get("/rounds/?in_country=XBO&round_state=closed"))
    law = words_of(client.get("/rounds/?with_protocol=legal-2026.4"))
    assert "Kasa" in law
    assert "2026-01-12" not in law
    assert client.get("/rounds/?in_country=nothing&page=999").status_code == 200
    far = words_of(programme.client("far").get("/rounds/?in_country=XKA"))
    assert "Second round" not in far
    assert "Kasa" not in far


def test_the_overview_says_who_owes_what_and_a_country_is_not_told(
    programme: ProgrammeSite,
) -> None:
    there = f"/rounds/{programme.second}/"
    text = words_of(programme.client("rex").get(there))
    assert "Still to answer, by person" in text
    assert "Ann Abreu" in text
    focal = words_of(programme.client("fay").get(there))
    assert "Still to answer, by person" not in focal
    assert "Ann Abreu" not in focal
    assert "Team" not in focal
    assert "Ministry of Justice of Kasa" in focal
    assert "Progress" in focal


def test_progress_read_at_once_is_the_same(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.answers import progress, progress_of_all

    for name in ("ann", "fay"):
        sight = programme.sight(name)
        found = progress_of_all(sight)
        assert [asked.name for asked, _ in found] == sorted(sight.protocols)
        for asked, each in found:
            assert each == progress(sight, asked.name)


def test_who_may_not_change_a_round(programme: ProgrammeSite) -> None:
    there = f"/rounds/{programme.second}/"
    ann = programme.people["ann"].pk
    expected = {
        "ann": {"team/": 403, f"team/{ann}/": 403, "close/": 403, "record/": 200},
        "rex": {"team/": 403, f"team/{ann}/": 403, "close/": 403, "record/": 200},
        "fay": {"team/": 403, f"team/{ann}/": 403, "close/": 403, "record/": 403},
        "far": {"team/": 404, f"team/{ann}/": 404, "close/": 404, "record/": 404, "": 404},
        "out": {"team/": 404, f"team/{ann}/": 404, "close/": 404, "record/": 404, "": 404},
        "ada": {"team/": 404, f"team/{ann}/": 404, "close/": 404, "record/": 404, "": 404},
        "olga": {"team/": 200, f"team/{ann}/": 200, "close/": 403, "record/": 200},
    }
    for name, pages in expected.items():
        client = programme.client(name)
        for page, status in pages.items():
            assert client.get(there + page).status_code == status, (name, page)
            if page in ("team/", f"team/{ann}/", "close/") and status != 200:
                assert client.post(there + page, {}).status_code == status, (name, page)
    assert programme.client("olga").get(there + "team/99999/").status_code == 404


def test_a_respondent_is_an_institution(programme: ProgrammeSite) -> None:
    there = f"/rounds/{programme.second}/respondents/"
    given = {"organisation": "<b>Customs</b>", "sector": "law_enforcement", "office": ""}
    ann = programme.client("ann")
    assert ann.post(there, given).status_code == 302
    page = ann.get(there).content.decode()
    assert "&lt;b&gt;Customs&lt;/b&gt;" in page
    assert "<b>Customs" not in page
    answer = ann.post(there, {**given, "sector": "nothing", "office": "Section 5"})
    assert "Choose one of the options." in words_of(answer)
    assert 'value="Section 5"' in answer.content.decode()
    for name in ("rex", "fay"):
        client = programme.client(name)
        assert "Add a respondent" not in words_of(client.get(there))
        assert client.post(there, given).status_code == 403, name
    assert programme.client("far").get(there).status_code == 404


def test_the_record_of_a_round_hides_interviews_and_goes_on_page_by_page(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import Act

    there = f"/rounds/{programme.second}/record/"
    kinds = set(Act.objects.filter(round=programme.second).values_list("kind", flat=True))
    assert "interview.added" in kinds
    authors = set(
        Act.objects.filter(round=programme.second, kind="interview.added").values_list(
            "person__username", flat=True
        )
    )

    def all_pages(name: str, first: str) -> str:
        client, found, where = programme.client(name), "", first
        while where:
            answer = client.get(where)
            found += words_of(answer)
            page = answer.content.decode()
            at = page.find('href="?before=')
            where = first + page[at + 6 : page.index('"', at + 6)] if at > 0 else ""
        return found

    for name in ("lea", "olga", "rex", "ann", "bo"):
        text = all_pages(name, there)
        assert "Round opened" in text, name
        assert ("Interview recorded" in text) == (name == "lea" or name in authors), name
    assert "Interview recorded" not in all_pages("olga", "/record/")
    assert programme.client("lea").get(there + "?before=nothing").status_code == 200
