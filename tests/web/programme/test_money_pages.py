"""Pages of money: a ledger's file from the upload to what is reconciled, and who sees what."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.programme.asking import sent, shown
from tests.web.programme.pages import pages
from tests.web.programme.served import ProgrammeSite

if TYPE_CHECKING:
    from tests.desk.programme.money_books import Books

OUTSIDE = ("ada", "ann", "lea", "rex", "fay", "mia", "far", "out")


@pytest.fixture
def books(programme: ProgrammeSite) -> Books:
    """Two donors, two grants and an activity in the sample; `don` reads for Norland."""
    from kancil.desk.assessment.stored import store_of
    from kancil.desk.base.opening import current_workspace
    from kancil.desk.programme.money.donors import set_donor_seats
    from tests.desk.programme.money_books import money_books

    made = money_books(store_of(current_workspace()), programme.people)
    don = programme.people["don"].pk
    set_donor_seats(by=made["olga"], person=don, donors=[made.donors["Norland"]])
    return made


def batch_of(name: str) -> str:
    from kancil.desk.programme.models import ImportBatch

    return ImportBatch.objects.get(file_name=name).id


def test_a_file_is_sent_tried_imported_matched_and_undone(
    programme: ProgrammeSite, books: Books
) -> None:
    from kancil.desk.programme.models import SpendingLine
    from tests.desk.programme.money_books import COLUMNS, LEDGER

    text = LEDGER + "2026-03-03,D5,7.00,7210,WHO,,Taxi\n2026-13-01,D6,1.00,Travel,,,\n"
    file = SimpleUploadedFile("ledger.csv", text.encode())
    sent(programme, "fin", "/grants/spending/", {"do": "send", "money_file": file})
    there = f"/grants/spending/{batch_of('ledger.csv')}/"
    given = {
        "money_system": "Ledger", "money_from": "2026-01-01", "money_to": "2026-06-30",
        "money_currency": "usd", "money_stated": "1,257.01", "money_days": "ymd",
        "money_classes": "7210 = travel",
        **{f"column_{name}": heading for name, heading in COLUMNS.items()},
    }  # fmt: skip
    tried = sent(programme, "fin", there, {**given, "do": "try"})
    assert "“2026-13-01” is no day in the order that was chosen" in tried
    assert "WHO" in tried
    assert not SpendingLine.objects.exists()
    done = sent(programme, "fin", there, {**given, "do": ["try", "import"]})
    assert "Not reconciled." in done
    assert "not matched with a grant: 1, USD 7.00 together" in done
    line = SpendingLine.objects.get(reference="D5").pk
    known = {"do": "match", "line": [line], "money_grant": books.grants["NOR-1"]}
    assert "Lines matched: 1." in sent(programme, "fin", there, known)
    # 1,130.01 of the ledger as it was worked by hand, and the taxi.
    assert "USD 1,137.01" in shown(programme, "fin", f"/grants/{books.grants['NOR-1']}/")
    sent(programme, "fin", there, {"do": "undo", "money_sure": "on"})
    assert "Spent USD 0.00" in shown(programme, "fin", f"/grants/{books.grants['NOR-1']}/")


def test_what_a_grant_is_not_given_for_is_named_and_the_tick_stays(
    programme: ProgrammeSite, books: Books
) -> None:
    from kancil.desk.programme.models import Grant, SpendingLine

    Grant.objects.filter(id=books.grants["AUS-1"]).update(kinds=["study"])
    text = "Buchung;Beleg;Kostenart;Fonds;Projekt;Betrag\n"
    text += "03.02.2026;D1;travel;AUS-1;A-1;1.000,00\n13.02.2026;D2;travel;;;7,00\n"
    text += "14.02.2026;D3;travel;NOR-1;;Tür\n;;;;;1.007,00\n"
    file = SimpleUploadedFile("journal.csv", text.encode("cp1252"))
    shown_first = sent(programme, "fin", "/grants/spending/", {"do": "send", "money_file": file})
    assert "It was read as Western European (Windows-1252)" in shown_first
    there = f"/grants/spending/{batch_of('journal.csv')}/"
    columns = {
        "posted_on": "Buchung", "reference": "Beleg", "budget_class": "Kostenart",
        "grant_code": "Fonds", "activity_code": "Projekt", "amount": "Betrag",
    }  # fmt: skip
    given = {
        "money_system": "Ledger", "money_from": "2026-01-01", "money_to": "2026-06-30",
        "money_currency": "USD", "money_stated": "1,007.00", "money_days": "dmy",
        "money_comma": "on", **{f"column_{name}": each for name, each in columns.items()},
    }  # fmt: skip
    named = "Grant AUS-1 is charged for A-1 and is not given for it: it is not given for"
    assert named in sent(programme, "fin", there, {**given, "do": "try"})
    done = sent(programme, "fin", there, {**given, "do": ["try", "import"]})
    assert named in done
    assert "a total of the rows above, not a line: USD 1,007.00" in done
    assert "Rows of the file that could not be read and are in no figure: 1." in done
    line = SpendingLine.objects.get(reference="D2").pk
    known = {"money_grant": books.grants["AUS-1"], "money_activity": "A-1"}
    refused = programme.client("fin").post(there, {"do": "match", "line": [line], **known})
    page = refused.content.decode()
    assert "Grant AUS-1 is not given for this" in page
    assert re.search(rf'value="{line}"[^>]*checked', page)


def test_a_file_that_is_no_table_is_told_and_leaves_nothing(
    programme: ProgrammeSite, books: Books
) -> None:
    from kancil.desk.programme.models import ImportBatch

    file = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 \xff\xfe")
    told = sent(programme, "fin", "/grants/spending/", {"do": "send", "money_file": file})
    assert "scan.pdf cannot be read" in told
    assert not ImportBatch.objects.exists()


def test_a_sum_without_a_rate_is_not_shown_as_one(programme: ProgrammeSite, books: Books) -> None:
    books.imported()
    there = f"/grants/{books.grants['AUS-1']}/"
    told = shown(programme, "fin", there)
    assert "a rate is missing USD 120.00" in told
    assert "There is no rate from USD to AUD for 2026-02-10" in told
    given = {"do": "rates", "source": "Rates of Nowhere", "base": "USD",
             "valid_from": "2026-02-01", "rates": "AUD 1.5\nJPY 150"}  # fmt: skip
    assert "1.5" in sent(programme, "fin", "/grants/rates/new/", given)
    assert "Spent AUD 180.00" in shown(programme, "fin", there)
    wrong = sent(programme, "fin", "/grants/rates/new/", {**given, "rates": "AUD 0"})
    assert "There is no rate of exchange in “0”" in wrong
    wrong = sent(programme, "fin", "/grants/rates/new/", {**given, "rates": "AUD = 1"})
    assert "Write one currency and its rate on each line" in wrong
    wrong = sent(programme, "fin", "/grants/rates/new/", {**given, "rates": ""})
    assert "one of the two" in wrong
    assert "2026-02-01 Rates of Nowhere USD Fina Flores in use 2" in shown(
        programme, "fin", "/grants/rates/"
    )
    wrong = sent(programme, "fin", "/grants/rates/new/", {**given, "base": ""})
    assert "Base currency" in wrong
    assert "This must be filled in." in wrong
    assert "Nothing found" in shown(programme, "fin", "/grants/rates/?base=eur")
    file = (
        programme.client("fin")
        .get("/grants/rates/rates.csv?base=usd")
        .content.decode()
        .splitlines()
    )
    assert file[0].endswith("rate_table,valid_from,source,base,by,withdrawn,rates")
    assert file[1].endswith(",2026-02-01,Rates of Nowhere,USD,Fina Flores,no,2")


def test_the_activity_page_says_what_it_costs_to_whoever_sees_money(
    programme: ProgrammeSite, books: Books
) -> None:
    books.imported()
    there = f"/activities/{books.activity}/"
    assert "USD 1,080.01" in shown(programme, "fin", there)
    assert "USD" not in shown(programme, "don", there)


def test_the_second_editor_of_a_donor_and_of_an_organisation_is_told(
    programme: ProgrammeSite, books: Books
) -> None:
    donor = f"/grants/donors/{books.donors['Norland']}/"
    first = {"do": "donor", "name": "Norland Aid", "iati_type": "10", "version": "1"}
    assert "Norland Aid" in sent(programme, "fin", donor, first)
    told = sent(programme, "olga", donor, {**first, "name": "Norland, Ministry"})
    assert "Fina Flores changed this after you opened it." in told
    assert "Norland Aid Norland, Ministry" in told
    second = {**first, "name": "Norland, Ministry", "version": "2"}
    assert "Norland, Ministry" in sent(programme, "olga", donor, second)
    unit = {"do": "organisation", "name": "Unit", "kind": "police",
            "country": "XKA", "version": "1"}  # fmt: skip
    made = programme.client("olga").post("/organisations/new/", unit).headers["Location"]
    sent(programme, "olga", made, {**unit, "name": "The unit"})
    told = sent(programme, "olga", made, {**unit, "name": "Our unit"})
    assert "changed this after you opened it." in told
    assert "The unit Our unit" in told


def test_donors_are_listed_with_who_reads_for_them_and_one_is_added(
    programme: ProgrammeSite, books: Books
) -> None:
    given = {"do": "donor", "name": "Westland", "country_code": "wl", "iati_type": "40"}
    refused = sent(programme, "fin", "/grants/donors/new/", {**given, "country_code": "W1"})
    assert "This value cannot be used here." in refused
    assert "Westland" in sent(programme, "fin", "/grants/donors/new/", given)
    listed = shown(programme, "fin", "/grants/donors/")
    assert "Donors (3)" in listed
    assert "Westland WL – 0 –" in listed
    file = programme.client("fin").get("/grants/donors/donors.csv?iati_type=40").content.decode()
    heading, row = file.lstrip("\ufeff").splitlines()
    assert heading == "donor,name,country_code,iati_ref,iati_type,grants,readers"
    assert row.endswith(",Westland,WL,,40,0,")


def test_a_grant_and_its_budget_are_written_and_the_second_editor_is_told(
    programme: ProgrammeSite, books: Books
) -> None:
    grant = books.grants["NOR-1"]
    given = {
        "do": "grant", "reference": "NOR-1", "title": "As amended",
        "donor": books.donors["Norland"], "amount": "200,000.00",
        "currency": "USD", "begins_on": "2026-01-01", "ends_on": "2027-06-30",
        "audit_until": "2034-12-31", "support_percent": "13", "reports_every_months": "6",
        "report_within_days": "60", "version": "1",
    }  # fmt: skip
    assert "USD 200,000.00" in sent(programme, "fin", f"/grants/{grant}/edit/", given)
    told = sent(programme, "olga", f"/grants/{grant}/edit/", {**given, "title": "Mine"})
    assert "Fina Flores changed this after you opened it." in told
    assert (
        "What stands now, and what you wrote Field Stands now You wrote Title As amended Mine"
        in told
    )
    again = {**given, "title": "Mine", "version": "2", "kinds": ["training"], "countries": ["XKA"]}
    early = sent(programme, "olga", f"/grants/{grant}/edit/", {**again, "ends_on": "2025-12-31"})
    assert "Last day This value cannot be used here." in early
    assert "Mine" in sent(programme, "olga", f"/grants/{grant}/edit/", again)
    assert "kept" in sent(
        programme, "olga", f"/grants/{grant}/edit/", {**given, "do": ["grant", "keep-draft"]}
    )
    page = programme.client("olga").get(f"/grants/{grant}/edit/").content.decode()
    for ticked in ("XKA", "training"):
        assert re.search(rf'<input[^>]*value="{ticked}"[^>]*checked', page), ticked
    line = {"do": "line", "budget_class": "travel", "amount": "5000",
            "period_from": "2026-01-01", "period_to": "2026-12-31",
            "activity_code": "A-1"}  # fmt: skip
    assert "USD 5,000.00" in sent(programme, "fin", f"/grants/{grant}/budget/", line)
    receipt = {"do": "receipt", "received_on": "2026-02-01", "amount": "1.001"}
    assert "cannot be read in USD" in sent(programme, "fin", f"/grants/{grant}/", receipt)


def test_a_donor_reader_reads_their_own_grants_in_totals(
    programme: ProgrammeSite, books: Books
) -> None:
    books.imported()
    listed = shown(programme, "don", "/grants/")
    assert "NOR-1" in listed
    assert "AUS-1" not in listed
    mine, other = books.grants["NOR-1"], books.grants["AUS-1"]
    told = shown(programme, "don", f"/grants/{mine}/")
    assert "USD 1,130.01" in told
    assert "in part" in told
    for hidden in ("60 %", "Record an instalment", "Tickets", "ledger.csv", "Why it is not"):
        assert hidden not in told
    csv = programme.client("don").get("/grants/grants.csv").content.decode()
    assert "NOR-1,Grant NOR-1,Ministry of Norland,USD,100000.00" in csv
    assert "AUS-1" not in csv
    for url in (f"/grants/{other}/", f"/grants/{other}/lines/", f"/grants/{other}/lines.csv"):
        shown(programme, "don", url, 404)
    given = {"do": "receipt", "received_on": date(2026, 2, 1), "amount": "5"}
    sent(programme, "don", f"/grants/{mine}/", given, 403)
    for url in ("/grants/spending/", "/grants/rates/", "/grants/donors/", f"/grants/{mine}/lines/"):
        shown(programme, "don", url, 403)


def test_nobody_else_finds_any_page_of_money(programme: ProgrammeSite, books: Books) -> None:
    books.imported()
    given = {"grant": books.grants["NOR-1"], "donor": books.donors["Norland"],
             "batch": batch_of("ledger.csv")}  # fmt: skip
    mine = [
        each for each in pages() if each.view.__module__.startswith("kancil.web.programme.money")
    ]
    assert len(mine) > 12
    for name in OUTSIDE:
        client = programme.client(name)
        for each in mine:
            url = "/" + each.address
            for key, value in {**given, "rate_table": "none"}.items():
                url = url.replace(f"<str:{key}>", value)
            wanted = 404 if each.of == "grant" else 403
            for method in each.methods:
                answer = getattr(client, method.lower())(url)
                assert answer.status_code == wanted, (name, each.name, method)
    for each in mine:
        url = "/" + each.address
        for key, value in given.items():
            url = url.replace(f"<str:{key}>", value)
        if "<" not in url:
            assert programme.client("fin").get(url).status_code == 200, each.name


def test_grants_are_sorted_as_they_are_asked_for(programme: ProgrammeSite, books: Books) -> None:
    for order, wanted in (("reference", sorted(books.grants)), ("donor", None)):
        listed = shown(programme, "fin", f"/grants/?money_sort={order}")
        found = sorted(books.grants, key=listed.index)
        assert found == (wanted or sorted(books.grants, key=lambda each: each.split("-")[0]))
