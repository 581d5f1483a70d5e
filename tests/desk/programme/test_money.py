"""Money of the programme: worked by hand, shared, converted, reconciled, and who may do what."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db.models import Model

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.models import Act, Country
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.action import Action
from kancil.desk.programme.due import all_due
from kancil.desk.programme.entering import desk_of, enter_grant
from kancil.desk.programme.errors import (
    ActivityNotFound,
    ChangedMeanwhile,
    FileImportedBefore,
    GrantNotFound,
)
from kancil.desk.programme.models import Grant, SpendingLine
from kancil.desk.programme.money import budgets, donors, grants, rates, spending
from kancil.desk.programme.money.costs import costs_of, spent_of
from kancil.desk.programme.money.lines import file_of, reconciled_file, spending_lines
from kancil.desk.programme.money.spending import LedgerExport, match_lines, undo_spending
from kancil.desk.programme.money.standing import grant_page, reconciled_grant, reports_due, unspent
from kancil.desk.programme.money.standing import grants as listed
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from kancil.programme.funding import BudgetInput, DonorInput, RateTableInput, ReceiptInput
from kancil.programme.money.amount import Money
from kancil.programme.money.ledger_file import LedgerMapping
from kancil.programme.money.terms import Period
from kancil.programme.vocabulary import BudgetClass
from kancil.records.described import Input, read
from kancil.records.errors import FieldNotUsable
from tests.desk.desks import Desk
from tests.desk.programme.money_books import (
    COLUMNS,
    HALF,
    HEADINGS,
    LEDGER,
    TOTAL,
    YEAR,
    Books,
    an_activity,
    draft,
    money_books,
)

TODAY = date(2026, 7, 15)
RATES = "AUD 1.5\njpy 150\n"


@pytest.fixture
def books(desk: Desk) -> Books:
    return money_books(store_of(desk.workspace))


def with_rates(books: Books, day: date = date(2026, 2, 1)) -> str:
    given = RateTableInput(source="Rates of Nowhere", base="USD", valid_from=day, rates=RATES)
    return rates.add_rate_table(by=books["fin"], given=given).id


def test_two_donors_pay_for_one_activity_as_it_was_worked_by_hand(books: Books) -> None:
    with_rates(books)
    books.imported()
    # NOR-1: 1000.00 less 100.00 of its own lines, 0.6 of 300.01 = 180.006 → 180.01, and 50.00.
    spent = spent_of(books.grants["NOR-1"])
    assert str(spent.whole.money) == "USD\u00a01,130.01"
    assert {name: str(each.money) for name, each in spent.by_class.items()} == {
        "travel": "USD\u00a0900.00", "contracts": "USD\u00a0180.01", "support": "USD\u00a050.00",
    }  # fmt: skip
    # AUS-1: 120.00 of the 300.01, at 1.5 Australian dollars for one of the United States.
    spent = spent_of(books.grants["AUS-1"])
    assert str(spent.whole.money) == "AUD\u00a0180.00"
    assert spent.whole.parts == (Money("USD", 12_000),)
    assert [each.source for each in spent.whole.tables] == ["Rates of Nowhere"]
    costs = costs_of(books.activity)
    assert {each.reference: str(each.spent.money) for each in costs.grants} == {
        "NOR-1": "USD\u00a01,080.01", "AUS-1": "AUD\u00a0180.00",
    }  # fmt: skip
    assert costs.unassigned == ()


def test_yen_have_no_decimals_and_are_converted_by_the_day_they_were_posted(books: Books) -> None:
    with_rates(books)
    march = RateTableInput(source="March", base="USD", valid_from=date(2026, 3, 1), rates="JPY 100")
    rates.add_rate_table(by=books["fin"], given=march)
    text = HEADINGS + (
        "2026-02-03,J1,15000,Travel,NOR-1,,Train\n2026-03-03,J2,15000,Travel,NOR-1,,Train\n"
    )
    books.imported(text, stated=30_000, currency="JPY")
    assert str(spent_of(books.grants["NOR-1"]).whole.money) == "USD\u00a0250.00"
    february = Period(date(2026, 2, 1), date(2026, 2, 28))
    assert str(spent_of(books.grants["NOR-1"], february).whole.money) == "USD\u00a0100.00"


def test_without_a_rate_there_is_no_sum_and_the_parts_stay(books: Books) -> None:
    books.imported()
    spent = spent_of(books.grants["AUS-1"]).whole
    assert spent.money is None
    assert spent.parts == (Money("USD", 12_000),)
    period = Period(*HALF)
    (why,) = reconciled_grant(books.grants["AUS-1"], period).open_ones
    assert "2026-02-10" in render_phrase(why)
    with_rates(books)
    assert reconciled_grant(books.grants["AUS-1"], period).is_reconciled
    sight = enter_grant(books["fin"], books.grants["AUS-1"])
    assert grant_page(sight, TODAY).row.left_minor == 10_000_000 - 18_000


def test_a_file_is_reconciled_with_its_total_its_neighbours_and_its_grants(books: Books) -> None:
    batch = books.imported()
    file = file_of(desk_of(books["fin"]), batch).file or ""
    found = reconciled_file(file)
    assert found.is_reconciled
    assert [each.key for each in found.remarks] == ["programme.reconcile.credits"]
    text = HEADINGS + "2026-06-30,D9,5.00,Travel,WHO,,\n2026-02-03,D1,1000.00,Travel,NOR-1,A-1,x\n"
    period = (date(2026, 6, 1), date(2026, 7, 31))
    second = books.imported(text, stated=None, period=period, name="second.csv")
    keys = [each.key for each in reconciled_file(file).open_ones]
    assert keys == ["programme.reconcile.overlap", "programme.reconcile.twice-elsewhere"]
    other = file_of(desk_of(books["fin"]), second).file or ""
    found = reconciled_file(other)
    assert [each.key.removeprefix("programme.reconcile.") for each in found.open_ones] == [
        "no-total", "unmatched", "outside", "overlap", "twice-elsewhere",
    ]  # fmt: skip
    (line,) = spending_lines(desk_of(books["fin"]), only_unmatched=True)
    match_lines(by=books["fin"], lines=[line.pk], grant=books.grants["NOR-1"])
    assert not spending_lines(desk_of(books["fin"]), only_unmatched=True).exists()
    undo_spending(by=books["fin"], batch=second)
    assert reconciled_file(file).is_reconciled
    assert str(spent_of(books.grants["NOR-1"]).whole.money) == "USD\u00a01,130.01"


def test_a_grant_is_not_reconciled_on_days_no_file_covers_nor_with_too_much_support(
    books: Books,
) -> None:
    with_rates(books)
    text = LEDGER.replace("50.00,Programme", "60.00,Programme")
    books.imported(text, stated=TOTAL + 1000)
    found = reconciled_grant(books.grants["NOR-1"], Period(*YEAR))
    assert [each.key for each in found.open_ones] == [
        "programme.reconcile.no-file",
        "programme.reconcile.support-over",
    ]
    assert found.open_ones[0].params == {"first": "2026-07-01", "last": "2026-12-31"}
    # 5 % of 1,080.01 is 54.0005.
    assert found.open_ones[1].params == {"charged": "USD\u00a060.00", "due": "USD\u00a054.00"}


def test_the_same_file_is_imported_once_and_again_after_it_was_undone(books: Books) -> None:
    batch = books.imported()
    with pytest.raises(FileImportedBefore):
        books.imported(name="another-name.csv")
    undo_spending(by=books["fin"], batch=batch)
    assert spent_of(books.grants["NOR-1"]).whole.minor == 0
    assert books.imported() != batch
    assert SpendingLine.objects.count() == 8  # what was undone stays


def test_lines_wait_until_shares_are_the_whole(books: Books) -> None:
    an_activity(books["olga"], "A-2", {books.grants["NOR-1"]: 9000})
    text = HEADINGS + "2026-02-03,E1,10.00,Travel,,A-2,\n"
    batch = books.imported(text, stated=1000)
    file = file_of(desk_of(books["fin"]), batch).file or ""
    assert [each.key for each in reconciled_file(file).open_ones] == [
        "programme.reconcile.unmatched"
    ]
    assert spent_of(books.grants["NOR-1"]).whole.minor == 0


def test_a_line_that_names_a_grant_not_known_here_is_split_among_none(books: Books) -> None:
    text = HEADINGS + "2026-02-03,E1,10.00,Travel,WHO,A-1,\n2026-02-03,E2,1.00,Travel,,A-1,\n"
    books.imported(text, stated=1100)
    desk = desk_of(books["fin"])
    (line,) = spending_lines(desk, only_unmatched=True)
    assert line.reference == "E1"
    assert spent_of(books.grants["NOR-1"]).whole.minor == 60
    match_lines(by=books["fin"], lines=[line.pk], activity=books.activity)  # whose it is after all
    assert not spending_lines(desk, only_unmatched=True).exists()
    assert spent_of(books.grants["NOR-1"]).whole.minor == 660


def test_the_second_of_two_finance_editors_is_told(books: Books) -> None:
    grant = books.grants["NOR-1"]
    first = draft(books.donors["Norland"], title="As amended")
    grants.change_grant(by=books["fin"], on=grant, version=1, given=first)
    second = draft(books.donors["Norland"], title="As I saw it")
    with pytest.raises(ChangedMeanwhile) as told:
        grants.change_grant(by=books["flo"], on=grant, version=1, given=second)
    assert told.value.params["name"] == "Fin"
    assert Grant.objects.get(id=grant).title == "As amended"


def test_a_donor_that_is_renamed_is_written_down_by_both_names(books: Books) -> None:
    donor = books.donors["Norland"]
    given = DonorInput(name="Norland Aid")
    assert donors.DONORS.row(desk_of(books["fin"]), "Ministry of Norland").id == donor
    donors.change_donor(by=books["flo"], on=donor, version=1, given=given)
    act = Act.objects.latest("id")
    assert (act.kind, act.about) == ("donor.changed", "Norland Aid")
    assert act.details == {"id": donor, "was": "Ministry of Norland"}
    with pytest.raises(ChangedMeanwhile) as told:
        donors.change_donor(by=books["fin"], on=donor, version=1, given=given)
    assert told.value.params["name"] == "Flo"


def test_a_grant_is_written_down_and_keeps_the_currency_it_was_received_in(books: Books) -> None:
    donor, grant, fin = books.donors["Norland"], books.grants["NOR-1"], books["fin"]
    Country.objects.create(code="XKA", name="Kasa", region="Practice", is_invented=True)
    given = draft(donor, amount="250.50", countries=("XKA",))
    grants.change_grant(by=fin, on="NOR-1", version=1, given=given)
    act = Act.objects.latest("id")
    assert (act.kind, act.about) == ("grant.changed", "NOR-1")
    before = {"reference": "NOR-1", "amount": "10000000", "currency": "USD"}
    assert act.details == {
        "id": grant, "was": before, "given": {"amount": "25050", "currency": "USD"},
    }  # fmt: skip
    row = Grant.objects.get(id=grant)
    assert [each.code for each in row.countries.all()] == ["XKA"]
    assert (row.support_bp, str(row.support_percent), str(row.amount)) == (500, "5", "250.50")
    received = ReceiptInput(received_on=TODAY, amount="-1.5", reference="V 1")
    grants.add_receipt(by=fin, given=received, grant_id=grant)
    act = Act.objects.latest("id")
    assert (act.kind, act.about) == ("grant.received", "NOR-1")
    assert act.details == {"amount": "-150", "day": "2026-07-15"}
    with pytest.raises(FieldNotUsable) as told:
        grants.change_grant(
            by=fin, on=grant, version=2, given=draft(donor, currency="EUR", amount="250.50")
        )
    assert told.value.params["field"] == Phrase("field.currency")
    with pytest.raises(FieldNotUsable):
        grants.add_receipt(
            by=fin, given=ReceiptInput(received_on=TODAY, amount="0"), grant_id=grant
        )


def test_a_line_of_a_budget_takes_anothers_place_and_both_stay(books: Books) -> None:
    fin, grant = books["fin"], books.grants["AUS-1"]
    given = _line("1,000.50").model_copy(update={"activity_code": "A-1"})
    old = budgets.add_budget_line(by=fin, given=given, grant_id=grant)
    assert (old.currency, str(old.money)) == ("AUD", "AUD\u00a01,000.50")
    act = Act.objects.latest("id")
    assert (act.kind, act.about) == ("budget.added", "AUS-1 A-1")
    assert act.details == {"line": old.pk, "amount": "100050"}
    with pytest.raises(FieldNotUsable):
        budgets.replace_budget_line(by=fin, line=old.pk, given=_line("7"))
    new = budgets.replace_budget_line(
        by=fin, line=old.pk, given=given.model_copy(update={"amount": "7"})
    )
    assert Act.objects.latest("id").details == {"line": old.pk, "amounts": ["100050", "700"]}
    sight = enter_grant(fin, grant)
    lines = [(each.pk, each.replaced_at is None) for each in budgets.budget_of_grant(sight)]
    assert lines == [(old.pk, False), (new.pk, True)]
    assert budgets.budgeted([grant]) == {grant: 700}
    with pytest.raises(ActivityNotFound):
        budgets.add_budget_line(
            by=fin, given=given.model_copy(update={"activity_code": "A-9"}), grant_id=grant
        )


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_period_of_a_budget_is_no_longer_than_a_year(last: date) -> None:
    said = {"budget_class": "travel", "amount": "1", "period_from": YEAR[0], "period_to": last}
    with pytest.raises(FieldNotUsable) as told:
        read(BudgetInput, said, today=TODAY)
    assert told.value.params["field"] == Phrase("field.period-until")


def test_what_is_late_and_what_is_unspent_is_told(books: Books) -> None:
    desk = desk_of(books["fin"])
    assert reports_due(desk, TODAY) == []
    (one, two) = reports_due(desk, date(2027, 4, 1))
    told = all_due(books["fin"], date(2027, 4, 1))
    assert [(each.kind, each.day) for each in told] == [
        ("donor-report", one.due_on), ("donor-report", two.due_on),
    ]  # fmt: skip
    assert (one.reference, two.reference, str(one.due_on)) == ("AUS-1", "NOR-1", "2027-03-31")
    assert one.is_late
    assert [each.reference for each in unspent(desk, TODAY)] == ["AUS-1", "NOR-1"]
    assert unspent(desk, date(2025, 1, 1)) == []


def test_a_donor_reader_sees_their_own_grants_and_no_line(books: Books) -> None:
    don = books["don"]
    assert listed(desk_of(don), TODAY) == []
    donors.set_donor_seats(by=books["olga"], person=don.pk, donors=[books.donors["Norland"]])
    assert [each.reference for each in listed(desk_of(don), TODAY)] == ["NOR-1"]
    sight = enter_grant(don, books.grants["NOR-1"])
    assert (sight.sees_lines, sight.may_keep) == (False, False)
    with pytest.raises(GrantNotFound):
        enter_grant(don, books.grants["AUS-1"])
    with pytest.raises(ActNotYours):
        spending_lines(desk_of(don))


@pytest.mark.thorough
def test_fifty_thousand_rows_are_taken_and_counted(books: Books) -> None:
    rows = "".join(
        f"2026-{1 + n % 6:02d}-{1 + n % 28:02d},R{n},1.01,Travel,NOR-1,A-1,\n"
        for n in range(50_000)
    )
    batch = books.imported(HEADINGS + rows, stated=50_000 * 101)
    assert reconciled_file(file_of(desk_of(books["fin"]), batch).file or "").is_reconciled
    assert str(spent_of(books.grants["NOR-1"]).whole.money) == "USD\u00a050,500.00"


# --- Every act ------------------------------------------------------------------------------------


@dataclass
class Stage:
    """What scenes leave for those after them."""

    books: Books
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One act of money, by finance unless another is named."""

    act: Callable[..., Any]
    call: Callable[[Stage], dict[str, Any]]
    keep: str = ""
    by: str = "fin"


def _line(amount: str) -> BudgetInput:
    return BudgetInput(
        budget_class=BudgetClass.TRAVEL, amount=amount, period_from=HALF[0], period_to=HALF[1]
    )


SCENES = [
    Scene(donors.add_donor, lambda _: {"given": DonorInput(name="Agency of Westland")}, "donor"),
    Scene(donors.change_donor,
          lambda s: {"on": s.kept["donor"], "version": 1,
                     "given": DonorInput(name="Agency of the West", country_code="XW")}),
    Scene(donors.set_donor_seats,
          lambda s: {"person": s.books["don"].pk, "donors": [s.kept["donor"]]}, by="olga"),
    Scene(grants.add_grant, lambda s: {"given": draft(s.kept["donor"], "WES-1")}, "grant"),
    Scene(grants.change_grant,
          lambda s: {"on": s.kept["grant"], "version": 1,
                     "given": draft(s.kept["donor"], "WES-1", amount="0.05")}),
    Scene(grants.add_receipt,
          lambda s: {"given": ReceiptInput(received_on=TODAY, amount="1"),
                     "grant_id": s.kept["grant"]}),
    Scene(budgets.add_budget_line,
          lambda s: {"given": _line("50"), "grant_id": s.books.grants["NOR-1"]}, "line"),
    Scene(budgets.replace_budget_line,
          lambda s: {"line": s.kept["line"], "given": _line("0.07")}),
    Scene(rates.add_rate_table,
          lambda _: {"given": RateTableInput(source="S", base="USD", valid_from=TODAY,
                                             rates=RATES)}, "table"),
    Scene(rates.import_rate_table,
          lambda _: {"given": RateTableInput(source="S", base="USD", valid_from=TODAY),
                     "data": b"Currency code,Rate\nAUD,1.5\nJPY,150\n", "file_name": "r.csv"}),
    Scene(rates.withdraw_rate_table, lambda s: {"on": s.kept["table"], "given": Input()}),
    Scene(spending.hand_in_spending,
          lambda s: {"store": s.books.store, "data": LEDGER.encode(), "file_name": "l.csv"},
          "batch"),
    Scene(spending.import_spending,
          lambda s: {"store": s.books.store, "batch": s.kept["batch"],
                     "export": LedgerExport("L", *HALF, "USD", TOTAL),
                     "mapping": LedgerMapping(COLUMNS)}, "file"),
    Scene(spending.match_lines,
          lambda s: {"lines": [SpendingLine.objects.latest("pk").pk],
                     "grant": s.books.grants["AUS-1"]}),
    Scene(spending.match_by_codes, lambda s: {"file": s.kept["file"]}),
    Scene(spending.undo_spending, lambda s: {"batch": s.kept["batch"]}),
]  # fmt: skip


def test_every_act_asks_who_and_is_recorded(books: Books) -> None:
    stage = Stage(books)
    for scene in SCENES:
        others = {"don", "ada", "ann", "fay"} | ({"fin"} if scene.by == "olga" else set())
        for other in others:
            with pytest.raises((ActNotYours, GrantNotFound)):
                scene.act(by=books[other], **scene.call(stage))
        last = Act.objects.latest("id")
        made = scene.act(by=books[scene.by], **scene.call(stage))
        stage.kept[scene.keep] = made.pk if isinstance(made, Model) else made
        written = Act.objects.filter(id__gt=last.id)
        assert [row.person_id for row in written] == [books[scene.by].pk], scene.act


def test_every_act_of_money_has_a_scene() -> None:
    shown = [each.act for each in SCENES]
    found = 0
    for name in (
        "money.budgets", "money.donors", "money.grants", "money.rates", "money.spending",
    ):  # fmt: skip
        module = importlib.import_module(f"kancil.desk.programme.{name}")
        for each in vars(module).values():
            is_act = getattr(each, "__module__", "") == module.__name__ and (
                "by" in getattr(each, "__annotations__", {})
                and not getattr(each, "__name__", "_").startswith("_")
            )
            if each is spending.try_spending:  # writes nothing
                continue
            if is_act or isinstance(each, Action):
                found += 1
                assert each in shown, (name, each)
    assert found == len(SCENES)
