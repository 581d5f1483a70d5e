"""What is searched is folded in rows of its own, alike on each database, and for desks that are."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.models import F

from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.exhibits import Item, seize_exhibit, store_exhibit
from kancil.desk.base.errors import AccountNameTaken
from kancil.desk.cases.index import row_faults
from kancil.desk.cases.models import Case, Exhibit, Officer
from kancil.desk.cases.search import cases_titled, exhibits_titled, officers_named
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Role
from tests.custody.sample import SEIZED_AT, add_colleague, founded_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk

SEAL = "Печать-7"


def filled(desk: Desk) -> DeskLedger:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    add_colleague(ledger, anna, "Élodie Đặng")
    case = open_case(ledger, title="Дело «Волга»", basis=from_text("Court"), by=anna).case_id
    assert case is not None
    exhibit = seize_exhibit(
        ledger, case=case, title="Ổ CỨNG Straße 100%_", item=Item("a disk"), place="Vientiane",
        seized_at=SEIZED_AT, seized_from=None, seized_by=anna.id, by=anna,
    ).exhibit_id  # fmt: skip
    assert exhibit is not None
    store_exhibit(ledger, exhibit=exhibit, place="Shelf", seal=SEAL, reason=None, by=anna)
    return ledger


def found(text: str) -> tuple[int, int, int]:
    """Count the cases, exhibits and officers that are found."""
    mine = list(Case.objects.values_list("id", flat=True))
    return (
        len(cases_titled(text, mine, 9)),
        len(exhibits_titled(text, mine, 9)),
        len(officers_named(text, 9)),
    )


ASKED = {
    "ВОЛГА": (1, 0, 0), "дело": (1, 0, 0), "волга": (1, 0, 0),
    "ổ cứng": (0, 1, 0), "Ổ CỨNG": (0, 1, 0), "STRASSE": (0, 1, 0), "strasse": (0, 1, 0),
    "ПЕЧАТЬ-7": (0, 1, 0), "печать": (0, 0, 0), "100%_": (0, 1, 0), "100%X": (0, 0, 0),
    "ÉLODIE": (0, 0, 1), "e\u0301lodie đẶNG": (0, 0, 1),
}  # fmt: skip


def test_letters_of_every_script_are_found_in_either_case(desk: Desk) -> None:
    ledger = filled(desk)
    assert {text: found(text) for text in ASKED} == ASKED
    rows_against_ledger(ledger)
    Case.objects.update(title_folded="nothing")
    (fault,) = row_faults(ledger)
    assert (fault.table, fault.column, fault.code) == ("case_row", "title_folded", "changed")


def test_a_desk_that_was_there_before_is_folded_when_it_is_brought_up_to_date(desk: Desk) -> None:
    ledger = filled(desk)
    call_command("migrate", "cases", "0001", verbosity=0)
    call_command("migrate", verbosity=0)
    assert not Officer.objects.filter(name_folded="").exists()
    assert not Exhibit.objects.filter(title_folded=F("title")).exists()
    assert {text: found(text) for text in ASKED} == ASKED
    rows_against_ledger(ledger)


@pytest.mark.usefixtures("desk")
def test_two_accounts_whose_names_differ_in_case_alone_are_one() -> None:
    add_person(username="Élodie", name="Élodie", role=Role.OFFICER)
    for name in ("élodie", "ÉLODIE", "E\u0301LODIE"):
        with pytest.raises(AccountNameTaken):
            add_person(username=name, name=name, role=Role.OFFICER)
