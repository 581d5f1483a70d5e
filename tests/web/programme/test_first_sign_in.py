"""Coming in: a wrong password, a one-time password, and where one arrives."""

from __future__ import annotations

from tests.web.programme.asking import words_of
from tests.web.programme.served import PASSWORD, ProgrammeSite

OWN = "seven blue herons fly"


def test_a_wrong_password_is_said_in_one_sentence(programme: ProgrammeSite) -> None:
    from django.core.cache import cache

    cache.clear()
    answer = programme.client(None).post("/sign-in/", {"login": "rex", "password": "wrong"})
    assert answer.status_code == 200
    text = words_of(answer)
    assert text.count("User name or password is wrong.") == 1
    assert "Not saved" not in text


def test_a_one_time_password_is_changed_first_and_leads_home(programme: ProgrammeSite) -> None:
    from django.core.cache import cache

    cache.clear()
    person = programme.people["rex"]
    person.must_change_password = True
    person.save()
    client = programme.client(None)
    came = client.post("/sign-in/", {"login": "rex", "password": PASSWORD}, follow=True)
    assert came.redirect_chain[-1][0] == "/account/password/"
    assert "Choose your own password You are signed in with a one-time password." in words_of(came)
    changed = {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN}
    assert client.post("/account/password/", changed).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert "Choose your own password" not in words_of(client.get("/account/password/"))
    client.logout()
    asked = client.get("/rounds/").headers["Location"]
    again = client.post(asked, {"login": "rex", "password": OWN, "next": "/rounds/"})
    assert again.headers["Location"] == "/rounds/"
    client.logout()
    again = client.post("/sign-in/", {"login": "rex", "password": OWN})
    assert again.headers["Location"] == "/"
