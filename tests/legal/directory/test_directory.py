"""The folded directory: whose word counts, what search finds, and that nothing is guessed."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from kancil.legal.directory.directory import Directory
from kancil.legal.directory.errors import OfficeNotFound
from kancil.legal.directory.office import Kind, Listing, Origin
from kancil.records.selector import Selector
from tests.legal.directory.sample import office

SHIPPED = Listing(office(verified_on=None, address="old@exb.example"), Origin.SHIPPED)
THEIRS = Listing(office(address="theirs@exb.example"), Origin.UNIT, "Unit A")
NEWER = Listing(
    office(address="newer@exb.example", verified_on=date(2026, 4, 1)), Origin.UNIT, "Unit B"
)
OWN = Listing(office(address="own@exb.example", verified_on=date(2025, 1, 1)), Origin.OWN)


@pytest.mark.parametrize("order", list(permutations((SHIPPED, THEIRS, NEWER, OWN))))
def test_the_units_own_word_counts_however_old_and_nothing_is_lost(
    order: tuple[Listing, ...],
) -> None:
    found = Directory(order).named("la-example-bank")
    told = [found.office.address, *(each.office.address for each in found.others)]
    assert told == [
        "own@exb.example", "newer@exb.example", "theirs@exb.example", "old@exb.example",
    ]  # fmt: skip


def directory() -> Directory:
    listings = [
        office(),
        office(id="th-bank", name="Example Bank of the South", country="TH", services=()),
        office(id="ex", name="Köln Exchange", kind=Kind.EXCHANGE, country="", services=("KEX",)),
        office(id="mail", name="Mailer", kind=Kind.PROVIDER, services=("mail.example", "EXB")),
        office(id="fiu", name="Unit of the South", kind=Kind.FIU, country="TH", services=("KEX",)),
    ]
    return Directory(Listing(each, Origin.SHIPPED) for each in listings)


def test_search_wants_every_word_and_puts_names_that_begin_so_first() -> None:
    whole = directory()
    found = [each.office.id for each in whole.search("EXAMPLE bank")]
    assert found == ["la-example-bank", "th-bank"]
    assert [each.office.id for each in whole.search("south", country="TH", kind=Kind.FIU)] == [
        "fiu"
    ]
    assert whole.search("unit")[0].office.id == "fiu"
    assert whole.search("nobody") == ()
    assert len(whole.search()) == len(whole) == 5
    assert [each.office.id for each in whole.search("kö")] == ["ex"]


def test_a_keeper_is_named_by_its_exact_name_or_service_and_never_guessed() -> None:
    whole = directory()

    def named(text: str) -> list[str]:
        return [each.office.id for each in whole.keepers(text)]

    assert named(" example BANK ") == ["la-example-bank"]
    assert named("Example") == []
    assert named("EXB") == ["la-example-bank", "mail"], "both are shown, none is chosen"
    assert named("KEX") == ["ex"], "an intelligence unit keeps no money"
    assert named("") == []


def test_an_address_of_mail_points_to_its_domain_and_an_account_to_nobody() -> None:
    whole = directory()
    found = whole.keepers(Selector("email-address", "somebody@mail.example"))
    assert [each.office.id for each in found] == ["mail"]
    assert whole.keepers(Selector("bank-account", "EXB")) == ()
    assert whole.keepers(Selector("email-address", "a@sub.mail.example")) == ()


def test_an_unknown_id_is_said() -> None:
    with pytest.raises(OfficeNotFound):
        directory().named("nobody")
    assert "nobody" not in directory()
    assert "ex" in directory()
