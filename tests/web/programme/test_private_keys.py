"""A private key that is typed on a programme's page is refused and repeated nowhere."""

from __future__ import annotations

from pathlib import Path

from tests.ground.test_private_keys import WIF
from tests.web.programme.asking import confirmed
from tests.web.programme.served import ProgrammeSite, desk_of, founded, given_passwords


def test_a_key_in_a_form_or_an_address_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "programme"
    founded(root)
    with desk_of(root):
        from kancil.desk.assessment.models import Act
        from kancil.desk.people.models import Person

        given_passwords()
        site = ProgrammeSite(root, {"ada": Person.objects.get(username="ada")}, "", "", "")
        client = confirmed(site, "ada")
        new = {"username": "ann", "person_name": f"Ann {WIF}", "role": "assessor"}
        before = Act.objects.count()
        for answer in (
            client.post("/people/new/", new),
            client.get(f"/record/?before={WIF}"),
            client.get(f"/{WIF}"),
        ):
            assert answer.status_code == 400
            text = answer.content.decode() + str(answer.headers)
            assert WIF not in text
            assert "contains a private key" in text
        assert Act.objects.count() == before
        assert not Person.objects.filter(username="ann").exists()
