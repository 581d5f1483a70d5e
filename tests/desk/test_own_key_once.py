"""One person is one officer, however many requests make the key at once, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kancil.custody.errors import AlreadyRecorded
from kancil.custody.roll import Roll
from kancil.desk.access.actions import make_own_key
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Person, Role
from tests.custody.sample import founded_in
from tests.desk.desks import Desk
from tests.desk.test_locks import in_words

AT_ONCE = 4


def test_of_four_requests_at_once_one_makes_the_key_and_three_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.custody.keys.PASSPHRASE_ROUNDS", 70_000)
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    before = len(ledger.folded(Roll).officers)
    dara, _ = add_person(username="dara", name="Dara", role=Role.OFFICER)
    together = Barrier(AT_ONCE)

    def one(_: int) -> str:
        mine = Person.objects.get(pk=dara.pk)
        assert mine.officer is None
        together.wait()
        try:
            return make_own_key(
                desk.ledger(), desk.keys, person=mine, passphrase="four words of my own",
                vouched_how="test", by=anna,
            )  # fmt: skip
        except AlreadyRecorded as error:
            return in_words(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, range(AT_ONCE)))
    dara.refresh_from_db()
    assert answers.count(str(dara.officer)) == 1
    assert answers.count("This officer is already recorded: Dara.") == AT_ONCE - 1
    assert len(desk.ledger().folded(Roll).officers) == before + 1
    keys = {path.stem for path in (desk.keys.folder / "officers").glob("*.pem")}
    assert keys == {dara.officer}
