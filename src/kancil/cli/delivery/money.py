"""Commands of money: donors, grants, rates of exchange, and spending from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.programme.door import Programme, day, maybe_day, pairs, plain, shown, with_id
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.words import render
from kancil.programme.money.amount import Money, read_minor
from kancil.programme.money.ledger_file import FIELDS, LedgerMapping

if TYPE_CHECKING:
    from kancil.desk.programme.access import GrantSight
    from kancil.desk.programme.queries.grants import GrantRow
    from kancil.programme.money.rates import Total
    from kancil.programme.money.reconcile import Reconciliation

GrantName = Annotated[
    str, typer.Argument(metavar="GRANT", help="Its code in the ledger, or its id.")
]
BatchId = Annotated[str, typer.Argument(metavar="FILE", help="Id of the file, as the list has it.")]
_SHOWN = 50


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise translated(error, path) from error


def _sum(total: Total) -> str:
    return str(total.money) if total.money else " + ".join(str(each) for each in total.parts) + " ?"


def donor_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    country: Annotated[str, typer.Option(help="Two letters, such as AU.")] = "",
    iati: Annotated[str, typer.Option(help="Its IATI identifier, such as AU-5.")] = "",
    type: Annotated[str, typer.Option(help="Code of IATI's list of types.")] = "10",
) -> None:
    """By a programme officer or finance."""
    programme = Programme(context)
    from kancil.desk.programme.actions.donors import DonorDraft, add_donor

    id = add_donor(by=programme.person, draft=DonorDraft(name, country, iati, type))
    programme.added("donor", id, name)


def donor_list(context: typer.Context) -> None:
    """Donors by name; a donor reader has their own."""
    programme = Programme(context)
    from kancil.desk.programme.queries.donors import donors
    from kancil.desk.programme.queries.entering import desk_of

    rows = donors(desk_of(programme.person))
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("donor", "country", "IATI", "grants"),
            [(each.name, each.country_code, each.iati_ref, str(each.grants)) for each in rows],
        ),
    )


def grant_add(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="Its code in the ledger.")],
    title: Annotated[str, typer.Option(help="Title.")],
    donor: Annotated[str, typer.Option(help="Name of the donor, or its id.")],
    amount: Annotated[str, typer.Option(help="Such as 1250000.00.")],
    currency: Annotated[str, typer.Option(help="Such as AUD.")],
    begins: Annotated[str, typer.Option(help="First day, 2026-01-01.")],
    ends: Annotated[str, typer.Option(help="Last day.")],
    audit_until: Annotated[str, typer.Option(help="Until when its records are kept.")],
    support: Annotated[str, typer.Option(help="Programme support costs in percent.")] = "0",
    earmark: Annotated[str, typer.Option(help="For what it is given.")] = "",
    country: Annotated[
        list[str] | None, typer.Option(help="Country that it is given for; else all.")
    ] = None,
    every_months: Annotated[int, typer.Option(help="Months between reports.")] = 12,
    within_days: Annotated[int, typer.Option(help="Days for a report after its period.")] = 90,
) -> None:
    """By a programme officer or finance."""
    programme = Programme(context)
    from kancil.desk.programme.actions.grants import GrantDraft, add_grant
    from kancil.desk.programme.errors import DonorNotFound
    from kancil.desk.programme.queries.donors import donors
    from kancil.desk.programme.queries.entering import desk_of

    known = donors(desk_of(programme.person))
    payer = next((each.id for each in known if donor in (each.id, each.name)), None)
    if payer is None:
        raise DonorNotFound
    draft = GrantDraft(
        donor=payer,
        reference=reference,
        title=title,
        amount_minor=read_minor(amount, currency),
        currency=currency,
        begins_on=day(begins, "--begins"),
        ends_on=day(ends, "--ends"),
        audit_until=day(audit_until, "--audit-until"),
        support_bp=read_minor(support, "USD"),  # percent with two places, as dollars with cents
        earmark=earmark,
        countries=country or (),
        reports_every_months=every_months,
        report_within_days=within_days,
    )
    id = add_grant(by=programme.person, draft=draft)
    programme.added("grant", id, reference)


def grant_list(
    context: typer.Context,
    running: Annotated[bool, typer.Option("--running", help="Those that have not ended.")] = False,
) -> None:
    """What of each was given, spent and is left, in its own currency; and the next report."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.grants import grants

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


def _grant(programme: Programme, named: str) -> GrantSight:
    from kancil.desk.programme.queries.entering import desk_of, enter_grant
    from kancil.desk.programme.queries.grants import grants

    found = grants(desk_of(programme.person), programme.today)
    id = next((each.id for each in found if each.reference == named), named)
    return enter_grant(programme.person, id)


def grant_show(context: typer.Context, grant: GrantName) -> None:
    """Where a grant stands, by budget class and activity; whether it is reconciled, and why not."""
    programme = Programme(context)
    sight = _grant(programme, grant)
    from kancil.desk.programme.queries.grants import grant_page

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
        _say(programme, one.reconciliation, whole=sight.sees_lines)

    programme.show(value, text)


def _percent(share_bp: int | None) -> str:
    return "" if share_bp is None else f"{share_bp / 100:g} %"


def _say(programme: Programme, found: Reconciliation, *, whole: bool = True) -> None:
    screen = programme.door.screen
    screen.say(render("done.reconciled" if found.is_reconciled else "done.not-reconciled"))
    for each in (*found.open_ones, *found.remarks) if whole else ():
        screen.say(f"  {shown(each)}")


def rate_list(context: typer.Context) -> None:
    """Tables of rates, the newest first."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.rates import rate_tables

    rows = rate_tables(desk_of(programme.person))
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("valid from", "source", "base", "rates", "id"),
            [
                (str(each.valid_from), each.source, each.base, str(each.count), each.id)
                for each in rows
                if not each.is_withdrawn
            ],
        ),
    )


def rate_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: a column of codes, one of rates.")],
    source: Annotated[str, typer.Option(help="Whose table it is.")],
    valid_from: Annotated[str, typer.Option(help="From which day it is valid.")],
    base: Annotated[str, typer.Option(help="One unit of it is so many of each currency.")] = "USD",
) -> None:
    """By a programme officer or finance. Nothing of a table with a fault is taken."""
    programme = Programme(context)
    from kancil.desk.programme.actions.rates import import_rate_table

    id = import_rate_table(
        by=programme.person,
        source=source,
        base=base,
        valid_from=day(valid_from, "--valid-from"),
        data=_file(file),
        file_name=file.name,
    )
    programme.added("rates", id, source)


def spending_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ledger's export, CSV or XLSX.")],
    system: Annotated[str, typer.Option(help="The ledger; the same name each time.")],
    begins: Annotated[str, typer.Option("--from", help="First day of its period.")],
    ends: Annotated[str, typer.Option("--to", help="Last day of its period.")],
    currency: Annotated[str, typer.Option(help="Of its amounts.")],
    stated: Annotated[
        str | None, typer.Option(help="The total that the ledger states; else not reconciled.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help=f"FIELD=HEADING; else as last time. Fields: {', '.join(FIELDS)}."),
    ] = None,
    days: Annotated[str | None, typer.Option(help="Order of days: ymd, dmy or mdy.")] = None,
    decimal_comma: Annotated[
        bool, typer.Option("--decimal-comma", help="Amounts are written as 1.234,50.")
    ] = False,
    of_class: Annotated[
        list[str] | None, typer.Option("--class", help="LEDGER'S NAME=BUDGET CLASS.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come of it.")] = False,
) -> None:
    """One batch, which can be undone; the same file is imported once. By a programme officer or
    finance.
    """
    programme = Programme(context)
    from kancil.desk.programme.actions.spending import (
        LedgerExport,
        hand_in_spending,
        import_spending,
        try_spending,
    )
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.spending import file_of, head_of, remembered

    by, store = programme.person, programme.store
    batch = hand_in_spending(by=by, store=store, data=_file(file), file_name=file.name)
    desk = desk_of(by)
    known = remembered(head_of(store, file_of(desk, batch)))
    mapping = LedgerMapping(
        {**known.columns, **_fields(column)},
        days or known.day_order,
        decimal_comma or known.decimal_comma,
        {**known.classes, **pairs(of_class, "--class")},
    )
    export = LedgerExport(
        system,
        day(begins, "--from"),
        day(ends, "--to"),
        currency,
        None if stated is None else read_minor(stated, currency),
    )
    about: dict[str, Any] = {"by": by, "store": store, "batch": batch, "export": export}
    if dry_run:
        tried = try_spending(**about, mapping=mapping)
        value, refused = with_id(tried, batch), tried.refused
        said = render("done.spending-tried", lines=tried.lines, refused=len(refused))
    else:
        import_spending(**about, mapping=mapping)
        row = file_of(desk, batch)
        value, refused = with_id(row, batch), row.refused
        said = render("done.spending-imported", lines=row.lines, refused=len(refused), id=batch)

    def text() -> None:
        programme.door.screen.say(said)
        for number, why in refused[:_SHOWN]:
            programme.door.screen.say(f"  {number}: {shown(why)}")

    programme.show(value, text)


def _fields(column: Sequence[str] | None) -> dict[str, str]:
    found = pairs(column, "--column")
    for each in found:
        if each not in FIELDS:
            raise OptionNotUsable(option="--column", value=each[:40], why=", ".join(FIELDS))
    return found


def spending_list(
    context: typer.Context,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Lines that are no grant's yet, not files.")
    ] = False,
) -> None:
    """Files of the ledger, the newest first; or the lines that wait to be matched."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.spending import line_row, spending_files, spending_lines

    desk, screen = desk_of(programme.person), programme.door.screen
    if unmatched:
        lines = [line_row(each) for each in spending_lines(desk, only_unmatched=True)]
        programme.show(
            [plain(each) for each in lines],
            lambda: screen.table(
                ("line", "posted on", "reference", "grant", "activity", "amount"),
                [
                    (str(each.id), str(each.posted_on), each.reference, each.grant_code,
                     each.activity_code, str(each.money))
                    for each in lines
                ],
            ),
        )  # fmt: skip
        return
    rows = spending_files(desk)
    programme.show(
        [with_id(each, each.batch) for each in rows],
        lambda: screen.table(
            ("file", "ledger", "from", "to", "lines", "sum", "id"),
            [
                (each.name, each.system, _day(each.period_from), _day(each.period_to),
                 str(each.lines), "" if each.counted is None else str(each.counted), each.batch)
                for each in rows
                if not each.is_undone
            ],
        ),
    )  # fmt: skip


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def spending_match(
    context: typer.Context,
    line: Annotated[list[int], typer.Argument(help="Numbers of lines, as the list has them.")],
    grant: Annotated[str | None, typer.Option(help="Code of the grant.")] = None,
    activity: Annotated[str | None, typer.Option(help="Code of the activity.")] = None,
) -> None:
    """Say by hand whose lines are. Who did is kept."""
    programme = Programme(context)
    from kancil.desk.programme.actions.spending import match_lines
    from kancil.desk.programme.errors import ActivityNotFound
    from kancil.desk.programme.queries.matching import Codes

    done = Codes.of([("", activity or "")]).activities.get(activity or "")
    if activity and done is None:
        raise ActivityNotFound
    paid = _grant(programme, grant).grant if grant else None
    count = match_lines(by=programme.person, lines=line, grant=paid, activity=done)
    programme.done(str(line[0]), "done.spending-matched", count=count)


def spending_undo(context: typer.Context, file: BatchId) -> None:
    """All lines of an import stop counting; the same file can be imported again."""
    programme = Programme(context)
    from kancil.desk.programme.actions.spending import undo_spending

    undo_spending(by=programme.person, batch=file)
    programme.done(file, "done.spending-undone")


def spending_reconcile(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE|GRANT", help="Id of a file, or a grant.")],
    begins: Annotated[str | None, typer.Option("--from", help="Of a grant: first day.")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="Of a grant: last day.")] = None,
) -> None:
    """Whether a file agrees with the ledger's own total, or a grant with its files; and why not."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of, require
    from kancil.desk.programme.queries.grants import grant_page, reconciled_grant
    from kancil.desk.programme.queries.spending import reconciled_file, spending_files
    from kancil.programme.money.terms import Period

    desk = desk_of(programme.person)
    require(desk.sees_money, desk)
    file = next((each.file for each in spending_files(desk) if each.batch == name), None)
    if file is not None:
        found, id = reconciled_file(file), name
    else:
        sight = _grant(programme, name)
        row, id = grant_page(sight, programme.today).row, sight.grant
        period = Period(
            maybe_day(begins, "--from") or row.begins_on,
            maybe_day(ends, "--to") or min(row.ends_on, programme.today),
        )
        found = reconciled_grant(sight.grant, period)
    value = {**with_id(found, id), "is_reconciled": found.is_reconciled}
    programme.show(value, lambda: _say(programme, found))
