"""The course for first responders has two trainees hand an item over; the pages let them."""

from __future__ import annotations

import re

from django.test import Client, override_settings

from kancil.custody.keys import KeyRing
from kancil.desk.access.actions import make_own_key
from kancil.desk.people.models import Person
from tests.desk.training.school import PASSWORD, School
from tests.web.signing import PASSPHRASE
from tests.web.training.browser import CLASSROOM, Browsers


def _with_key(school: School, person: Person) -> str:
    """Give a trainee a key of their own; gives the id of the officer that they are."""
    keys, by = KeyRing(school.workspace.keys_dir), school.server(person)
    make_own_key(school.ledger, keys, person=person, passphrase=PASSPHRASE, vouched_how="test",
                 by=by)  # fmt: skip
    person.refresh_from_db()
    return str(person.officer)


def _send(client: Client, url: str, **given: str) -> str:
    """Fill in a form as it came; gives where it led."""
    seen = dict(re.findall(r'name="(seen)" value="([0-9]+)"', client.get(url).content.decode()))
    answer = client.post(url, {**seen, **given})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_trainee_hands_an_item_of_their_own_to_a_neighbour_and_gets_it_back(
    school: School,
) -> None:
    noy, kham = school.join("noy"), school.join("kham")
    school.start(school.give(), noy)
    giver, receiver = _with_key(school, noy), _with_key(school, kham)
    both = {
        "place": "Room", "sign_in_password": PASSWORD, "passphrase": PASSPHRASE,
        "receiver_passphrase": PASSPHRASE,
    }  # fmt: skip
    with override_settings(ROOT_URLCONF=CLASSROOM):
        hers, his = Browsers(school).of(noy), Browsers(school).of(kham)
        item = _send(
            hers, "/cases/1/exhibits/seize/", exhibit_title="Old telephone", seized_place="Room",
            seized_by=giver,
        )  # fmt: skip
        assert his.get(item).status_code == 404
        _send(hers, "/cases/1/people/", member="kham")
        assert "/training/labs/" in hers.get("/cases/1/").content.decode()
        assert "/training/runs/" not in his.get("/cases/1/").content.decode(), "is the trainer's"
        _send(hers, f"{item}hand-over/", receiver=receiver, **both)
        _send(his, f"{item}hand-over/", receiver=giver, **both)
    handed = [each for each in school.ledger.entries() if each.kind == "exhibit.transferred"]
    assert [(each.officer, each.body["to"]) for each in handed] == [
        (giver, receiver), (receiver, giver),
    ]  # fmt: skip
    assert all(each.body["receipt"] for each in handed)
