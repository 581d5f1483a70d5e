"""The API of the programme's site: by a token, with the input of a register as its body."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.web.programme.asking import confirmed, sent, shown, words_of
from tests.web.programme.served import ProgrammeSite

UNIT = {"name": "Border police", "kind": "police", "country": "XKA", "is_partner": True}


def token(site: ProgrammeSite, who: str, *, may_write: bool = True) -> str:
    from kancil.desk.assessment.actions.people import grant_own_token

    return grant_own_token(by=site.people[who], name="script", may_write=may_write, days=3)[1]


def ask(
    secret: str, method: str, place: str, body: Any = None, *, text: str | None = None
) -> tuple[int, Any]:
    """The status and the JSON of an answer; no cookie is sent, and no CSRF token."""
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    data = text if text is not None else "" if body is None else json.dumps(body)
    answer = client.generic(
        method, f"/api/v1/{place}", data, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )  # fmt: skip
    return answer.status_code, answer.json()


def test_a_register_is_listed_added_to_and_changed_by_its_input(programme: ProgrammeSite) -> None:
    mine = token(programme, "olga")
    status, made = ask(mine, "POST", "organisations", UNIT)
    assert status == 201
    assert (made["name"], made["country"], made["partner"], made["version"]) == (
        "Border police", "XKA", "yes", 1,
    )  # fmt: skip
    there = f"organisations/{made['id']}"
    assert ask(mine, "GET", there) == (200, made)
    assert "Border police" in shown(programme, "olga", "/organisations/")
    status, changed = ask(mine, "PUT", there, {**UNIT, "name": "Frontier police", "version": 1})
    assert (status, changed["name"], changed["version"]) == (200, "Frontier police", 2)
    status, refused = ask(mine, "PUT", there, {**UNIT, "version": 1})
    assert (status, refused["error"]) == (409, "changed-meanwhile")
    assert ask(mine, "PUT", there, UNIT)[1]["params"]["field"] == "version"
    for n in range(3):
        assert ask(mine, "POST", "organisations", {**UNIT, "name": f"Unit {n}"})[0] == 201
    status, part = ask(mine, "GET", "organisations?country=XKA&sort=name&limit=3")
    assert [each["name"] for each in part["items"]] == ["Frontier police", "Unit 0", "Unit 1"]
    rest = ask(mine, "GET", f"organisations?sort=name&cursor={part['next']}")[1]
    assert ([each["name"] for each in rest["items"]], rest["next"]) == (["Unit 2"], None)
    record = words_of(confirmed(programme, "olga").get("/record/"))
    assert "added an organisation" in record
    assert "Token for a program made" in record


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "Name"), ({"name": None}, "Name"), ({"name": 7}, "Name"),
        ({"name": "x" * 201}, "Name"), ({"name": "\ud800"}, None),
        ({"kind": "harbour"}, "Kind"), ({"kind": 1}, "Kind"), ({"country": "XQQ"}, None),
        ({"country": ["XKA"]}, "Country"), ({"is_partner": "yes"}, None),
        ({"ended_on": "2026-01-01"}, "ended_on"), ({"version": 1}, "version"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_the_input_changes_nothing_and_names_the_field(
    programme: ProgrammeSite, change: dict[str, Any], field: str | None
) -> None:
    mine = token(programme, "olga")
    status, refused = ask(mine, "POST", "organisations", {**UNIT, **change})
    assert status in (404, 409, 422), refused
    assert field is None or field in refused["sentence"]
    assert ask(mine, "GET", "organisations")[1]["items"] == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 1.5}', '{"name": "a", "name": "b"}'])
def test_a_body_that_is_no_strict_json_is_refused(programme: ProgrammeSite, text: str) -> None:
    status, refused = ask(token(programme, "olga"), "POST", "organisations", text=text)
    assert (status, "error" in refused) == (422, True)
    long = json.dumps({**UNIT, "name": "x" * 1_000_001})
    assert ask(token(programme, "olga"), "POST", "organisations", text=long)[0] == 413


@pytest.mark.parametrize(
    ("who", "reads", "adds", "gives"),
    [
        ("olga", 200, 201, 201), ("fay", 200, 403, 403), ("fin", 403, 403, 201),
        ("don", 403, 403, 403), ("lea", 403, 403, 403), ("ann", 403, 403, 403),
    ],
)  # fmt: skip
def test_a_token_may_what_its_owner_may(
    programme: ProgrammeSite, who: str, reads: int, adds: int, gives: int
) -> None:
    own = token(programme, who)
    assert ask(own, "GET", "organisations")[0] == reads
    assert ask(own, "POST", "organisations", UNIT)[0] == adds
    assert ask(own, "POST", "donors", {"name": "Bank of Norland"})[0] == gives
    listed = ask(token(programme, who, may_write=False), "GET", "donors")
    assert listed[0] == 200
    assert bool(listed[1]["items"]) is (gives == 201)


def test_no_cookie_and_no_ended_token_opens_the_api(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.people import end_own_token
    from kancil.desk.people.actions import end_sessions
    from kancil.desk.people.models import Token

    assert programme.client("olga").get("/api/v1/organisations").status_code == 401
    for secret in ("", "x", "\x7f"):
        assert ask(secret, "POST", "organisations", text="{")[0] == 401
    reading = token(programme, "olga", may_write=False)
    assert ask(reading, "POST", "organisations", UNIT)[1]["error"] == "token-read-only"
    assert ask(reading, "DELETE", "organisations")[0] == 405
    assert ask(reading, "GET", "organisations/none")[0] == 404
    assert ask(reading, "GET", "organisations?height=1")[0] == 422
    assert ask(reading, "GET", "organisations?limit=-1")[0] == 422
    olga = programme.people["olga"]
    mine = Token.objects.get(person=olga)
    assert not end_own_token(by=programme.people["fay"], token=mine.id)
    assert end_own_token(by=olga, token=mine.id)
    assert ask(reading, "GET", "organisations")[0] == 401
    other = token(programme, "olga")
    end_sessions(olga)
    assert ask(other, "GET", "organisations")[0] == 401


def test_the_schemas_are_those_of_the_inputs(programme: ProgrammeSite) -> None:
    from kancil.programme.people import OrganisationInput

    status, found = ask(token(programme, "don"), "GET", "openapi.json")
    assert status == 200
    assert set(found["paths"]) == {
        "/api/v1/organisations", "/api/v1/organisations/{organisation}", "/api/v1/donors",
        "/api/v1/donors/{donor}",
    }  # fmt: skip
    schema = found["components"]["schemas"]["OrganisationInput"]
    assert set(schema["properties"]) == set(OrganisationInput.model_fields)
    assert schema["additionalProperties"] is False
    assert "police" in found["components"]["schemas"]["OrganisationKind"]["enum"]


def test_a_token_is_made_on_its_page_shown_once_and_ended_there(programme: ProgrammeSite) -> None:
    client = confirmed(programme, "fin")
    asked = {"token_name": "Nightly list", "token_scope": "write", "token_days": "5"}
    page = client.post("/account/tokens/", asked).content.decode()
    (secret,) = re.findall(r"kancil_[A-Za-z0-9_-]{20,}", page)[:1]
    assert ask(secret, "POST", "donors", {"name": "Bank of Norland"})[0] == 201
    page = client.get("/account/tokens/").content.decode()
    assert secret not in page
    assert "donors" in words_of(client.get("/account/tokens/"))
    (id,) = re.findall(r'<option value="([0-9a-f-]{36})"', page)
    assert client.post("/account/tokens/end/", {"token": "none"}).status_code == 404
    assert "The token has ended." in sent(programme, "fin", "/account/tokens/end/", {"token": id})
    assert ask(secret, "GET", "donors")[0] == 401
