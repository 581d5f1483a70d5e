"""Invented donors, grants, activities and a ledger for tests of money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.desk.people.models import Person, Role
from kancil.desk.programme.models import Activity, Funding, Grant
from kancil.desk.programme.money.donors import add_donor
from kancil.desk.programme.money.grants import add_grant
from kancil.desk.programme.money.spending import LedgerExport, hand_in_spending, import_spending
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.programme.funding import DonorInput, GrantInput
from kancil.programme.money.ledger_file import LedgerMapping

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
HALF = (date(2026, 1, 1), date(2026, 6, 30))
COLUMNS = {
    "posted_on": "Date", "reference": "Document", "amount": "Amount", "budget_class": "Class",
    "grant_code": "Fund", "activity_code": "Project", "what": "Text",
}  # fmt: skip
HEADINGS = "Date,Document,Amount,Class,Fund,Project,Text\n"
LEDGER = HEADINGS + (
    "2026-02-03,D1,1000.00,Travel,NOR-1,A-1,Tickets\n"
    "2026-02-10,D2,300.01,Contractual services,,A-1,Venue\n"
    "2026-03-01,D3,-100.00,Travel,NOR-1,A-1,Refund\n"
    "2026-03-02,D4,50.00,Programme support costs,NOR-1,,Charge\n"
)
"""In USD. NOR-1 has 0.6 and AUS-1 0.4 of A-1, so that of D2 one pays 180.01, the other 120.00."""
TOTAL = 125_001
"""What the lines of `LEDGER` are together, in cents."""


def person(name: str, role: Role) -> Person:
    made = Person(username=name, name=name.title(), role=role, must_change_password=False)
    made.set_unusable_password()
    made.save()
    return made


@dataclass
class Books:
    """Two donors, two grants, an activity that both pay for, and those who look."""

    people: dict[str, Person]
    donors: dict[str, str]
    grants: dict[str, str]
    activity: str
    store: Vault

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def imported(
        self,
        text: str = LEDGER,
        *,
        stated: int | None = TOTAL,
        currency: str = "USD",
        period: tuple[date, date] = HALF,
        name: str = "ledger.csv",
        by: str = "fin",
    ) -> str:
        """Import a ledger's export; gives the id of its batch."""
        batch = hand_in_spending(by=self[by], store=self.store, data=text.encode(), file_name=name)
        export = LedgerExport("Ledger of Nowhere", *period, currency, stated)
        import_spending(
            by=self[by], store=self.store, batch=batch, export=export,
            mapping=LedgerMapping(COLUMNS),
        )  # fmt: skip
        return batch


def draft(
    donor: str, reference: str = "NOR-1", currency: str = "USD", **more: object
) -> GrantInput:
    given = {
        "title": f"Grant {reference}", "amount": "100,000.00", "begins_on": YEAR[0],
        "ends_on": YEAR[1], "audit_until": date(2031, 12, 31), "support_percent": 5, **more,
    }  # fmt: skip
    return GrantInput(donor=donor, reference=reference, currency=currency, **given)  # type: ignore[arg-type]


def an_activity(by: Person, code: str, shares: dict[str, int]) -> str:
    """An activity with the shares of grants in it; `shares`: by the grants' ids."""
    row = Activity.objects.create(
        code=code, kind="training", title=f"Training {code}", begins_on=date(2026, 2, 9),
        ends_on=date(2026, 2, 11), officer=by, by=by, at=clock.now(),
    )  # fmt: skip
    for grant, share in shares.items():
        Funding.objects.create(activity=row, grant=Grant.objects.get(id=grant), share_bp=share)
    return row.id


def money_books(store: Vault, people: dict[str, Person] | None = None) -> Books:
    """Make them on the desk that is open."""
    people = people or {
        "olga": person("olga", Role.PROGRAMME_OFFICER),
        "fin": person("fin", Role.FINANCE),
        "flo": person("flo", Role.FINANCE),
        "don": person("don", Role.DONOR_READER),
        "ada": person("ada", Role.ADMINISTRATOR),
        "ann": person("ann", Role.ASSESSOR),
        "fay": person("fay", Role.FOCAL_POINT),
    }
    fin = people["fin"]
    donors = {
        name: add_donor(
            by=fin,
            given=DonorInput(name=f"Ministry of {name}", country_code=code, iati_ref=f"XM-{code}"),
        ).id
        for name, code in (("Norland", "XN"), ("Austland", "XA"))
    }
    grants = {
        "NOR-1": add_grant(by=fin, given=draft(donors["Norland"])).id,
        "AUS-1": add_grant(by=fin, given=draft(donors["Austland"], "AUS-1", "AUD")).id,
    }
    activity = an_activity(people["olga"], "A-1", {grants["NOR-1"]: 6000, grants["AUS-1"]: 4000})
    return Books(people, donors, grants, activity, store)
