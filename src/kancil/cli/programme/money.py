"""Commands of money: donors, grants and rates of exchange."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kancil.cli.programme.described import doing, filling, listing
from kancil.cli.programme.door import Programme, bytes_of, day, plain, shown, with_id
from kancil.ground.words import render
from kancil.programme.funding import (
    DonorInput,
    DonorSearch,
    GrantInput,
    RateTableInput,
    RateTableSearch,
)
from kancil.programme.money.amount import Money
from kancil.records.described import read

if TYPE_CHECKING:
    from kancil.desk.programme.access import GrantSight
    from kancil.desk.programme.money.standing import GrantRow
    from kancil.programme.money.rates import Total
    from kancil.programme.money.reconcile import Reconciliation

GrantName = Annotated[
    str, typer.Argument(metavar="GRANT", help="Its code in the ledger, or its id.")
]
_SHOWN = 50


def _sum(total: Total) -> str:
    return str(total.money) if total.money else " + ".join(str(each) for each in total.parts) + " ?"


donor_list = listing(
    DonorSearch,
    "money.donors:DONORS",
    """List the donors.

    Donors by name; a donor reader has their own.

        kancil programme donor list
    """,
)
donor_add = doing(
    DonorInput,
    "money.donors:add_donor",
    "donor",
    """Add a donor.

    By a programme officer or finance.

        kancil programme donor add 'Ministry of Norland' --country-code XN
    """,
)
donor_import = filling(
    "money.donors:add_donor",
    """Add the donors of a spreadsheet.

    `--template` writes a sheet to fill in; a row that is refused is named with the reason, and the
    others are added. By a programme officer or finance.

        kancil programme donor import donors.xlsx --dry-run
    """,
)


grant_add = doing(
    GrantInput,
    "money.grants:add_grant",
    "grant",
    """Add a grant of a donor.

    By a programme officer or finance.

        kancil programme grant add NOR-1 --title 'Cybercrime units' --donor 'Ministry of Norland'
        --amount 1250000.00 --currency USD --begins-on 2026-01-01 --ends-on 2027-12-31 --audit-until
        2034-12-31 --support-percent 13
    """,
)


def grant_list(
    context: typer.Context,
    running: Annotated[bool, typer.Option("--running", help="Those that have not ended.")] = False,
) -> None:
    """List the grants: given, spent, left, and the next report due.

    What of each was given, spent and is left, in its own currency; and the next report.

        kancil programme grant list --running
    """
    programme = Programme(context)
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.money.standing import grants

    rows = grants(desk_of(programme.person), programme.today, running=running)
    programme.show(
        [{**plain(each), "left_minor": _text(each.left_minor)} for each in rows],
        lambda: programme.door.screen.table(
            ("grant", "donor", "given", "spent", "left", "ends", "report due"),
            [_grant_row(each) for each in rows],
        ),
    )


def _text(minor: int | None) -> str | None:
    return None if minor is None else str(minor)


def _grant_row(each: GrantRow) -> tuple[str, ...]:
    return (
        each.reference,
        each.donor,
        str(each.given),
        _sum(each.spent),
        "" if each.left_minor is None else str(Money(each.given.currency, each.left_minor)),
        each.ends_on.isoformat(),
        each.report.due_on.isoformat() if each.report else "",
    )


def enter_named(programme: Programme, named: str) -> GrantSight:
    """A grant by its code or id; raises GrantNotFound."""
    from kancil.desk.programme.entering import desk_of, enter_grant
    from kancil.desk.programme.money.grants import GRANTS

    return enter_grant(programme.person, GRANTS.row(desk_of(programme.person), named).id)


def grant_show(context: typer.Context, grant: GrantName) -> None:
    """Show a grant, what it pays for, and whether it is reconciled.

    Where a grant stands, by budget class and activity; whether it is reconciled, and why not.

        kancil programme grant show NOR-1
    """
    programme = Programme(context)
    sight = enter_named(programme, grant)
    from kancil.desk.programme.money.standing import grant_page

    one = grant_page(sight, programme.today)
    currency = one.row.given.currency
    value = {**with_id(one, sight.grant), "is_reconciled": one.reconciliation.is_reconciled}
    if not sight.sees_lines:
        value.pop("reconciliation")

    def text() -> None:
        screen = programme.door.screen
        screen.title(f"{one.row.reference} {one.row.title}")
        columns = ("grant", "donor", "given", "spent", "left", "ends", "report due")
        screen.table(columns, [_grant_row(one.row)])
        screen.table(
            ("budget class", "budgeted", "spent"),
            [
                (each.budget_class, str(Money(currency, each.budgeted_minor)), _sum(each.spent))
                for each in one.classes
            ],
        )
        screen.table(
            ("activity", "title", "share", "spent"),
            [
                (each.code, each.title, _percent(each.share_bp), _sum(each.spent))
                for each in one.activities[:_SHOWN]
            ],
        )
        say_reconciled(programme, one.reconciliation, whole=sight.sees_lines)

    programme.show(value, text)


def _percent(share_bp: int | None) -> str:
    return "" if share_bp is None else f"{share_bp / 100:g} %"


def say_reconciled(programme: Programme, found: Reconciliation, *, whole: bool = True) -> None:
    """Whether something is reconciled; `whole`: and why not."""
    screen = programme.door.screen
    screen.say(render("done.reconciled" if found.is_reconciled else "done.not-reconciled"))
    for each in (*found.open_ones, *found.remarks) if whole else ():
        screen.say(f"  {shown(each)}")


rate_list = listing(
    RateTableSearch,
    "money.rates:RATE_TABLES",
    """List the tables of rates.

Tables of rates.

    kancil programme rate list
""",
)


def rate_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: a column of codes, one of rates.")],
    source: Annotated[str, typer.Option(help="Whose table it is.")],
    valid_from: Annotated[str, typer.Option(help="From which day it is valid.")],
    base: Annotated[str, typer.Option(help="One unit of it is so many of each currency.")] = "USD",
) -> None:
    """Import a table of rates of exchange.

    By a programme officer or finance. Nothing of a table with a fault is taken.

        kancil programme rate import rates.csv --source 'UN operational rates of exchange'
        --valid-from 2026-11-01
    """
    programme = Programme(context)
    from kancil.desk.programme.money.rates import import_rate_table

    typed = {"source": source, "base": base, "valid_from": day(valid_from, "--valid-from")}
    given = read(RateTableInput, typed, today=programme.today)
    made = import_rate_table(
        by=programme.person, given=given, data=bytes_of(file), file_name=file.name
    )
    programme.added("rates", made.id, source)
