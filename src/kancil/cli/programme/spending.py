"""Commands of spending: an export of the ledger imported, matched, undone, reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.programme.door import (
    Programme,
    bytes_of,
    day,
    maybe_day,
    pairs,
    plain,
    shown,
    with_id,
)
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.programme.money.amount import read_minor
from kancil.programme.money.ledger_file import FIELDS, LedgerMapping
from kancil.programme.vocabulary import BudgetClass

from .money import enter_named, say_reconciled

BatchId = Annotated[str, typer.Argument(metavar="FILE", help="Id of the file, as the list has it.")]
_SHOWN = 50


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
    """Import spending from an export of your organisation's ledger.

    One batch, which can be undone; the same file is imported once. By a programme officer or
    finance.

        kancil programme spending import ledger.csv --system Ledger --from 2026-01-01 --to
        2026-06-30 --currency USD --stated 125000.00
    """
    programme = Programme(context)
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.money.lines import file_of, head_of, remembered
    from kancil.desk.programme.money.spending import (
        LedgerExport,
        hand_in_spending,
        import_spending,
        try_spending,
    )

    by, store = programme.person, programme.store
    batch = hand_in_spending(by=by, store=store, data=bytes_of(file), file_name=file.name)
    desk = desk_of(by)
    head = head_of(store, file_of(desk, batch))
    known = remembered(head)
    mapping = LedgerMapping(
        {**known.columns, **_fields(column)},
        days or known.day_order,
        decimal_comma or known.decimal_comma,
        {**known.classes, **_classes(of_class)},
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
        if head.guessed:
            encoding = Phrase(f"name.encoding-{head.guessed}")
            programme.door.screen.say(render("web.prog-import-remark-guessed", encoding=encoding))
        for number, why in refused[:_SHOWN]:
            programme.door.screen.say(f"  {number}: {shown(why)}")

    programme.show(value, text)


def _fields(column: Sequence[str] | None) -> dict[str, str]:
    found = pairs(column, "--column")
    for each in found:
        if each not in FIELDS:
            raise OptionNotUsable(option="--column", value=each[:40], why=", ".join(FIELDS))
    return found


def _classes(of_class: Sequence[str] | None) -> dict[str, str]:
    """Budget class by the ledger's name; raises OptionNotUsable for one that is none of ours."""
    found = pairs(of_class, "--class")
    for name, each in found.items():
        if each not in set(BudgetClass):
            why = Phrase("why.budget-class-none", {"names": ", ".join(BudgetClass)})
            raise OptionNotUsable(option="--class", value=f"{name}={each}"[:80], why=why)
    return found


def spending_list(
    context: typer.Context,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Lines not matched with a grant, not files.")
    ] = False,
) -> None:
    """List the files of spending, or the lines not matched with a grant.

    Files of the ledger, the newest first; or the lines that wait to be matched.

        kancil programme spending list --unmatched
    """
    programme = Programme(context)
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.money.lines import line_row, spending_files, spending_lines

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
    override: Annotated[
        str, typer.Option(help="Why the grant pays outside what it is given for.")
    ] = "",
) -> None:
    """Match lines of spending to a grant and an activity by hand.

    By hand, for lines whose codes name no grant. Who did it is kept.

        kancil programme spending match 17 18 --grant NOR-1
    """
    programme = Programme(context)
    from kancil.desk.programme.errors import ActivityNotFound
    from kancil.desk.programme.matching import Codes
    from kancil.desk.programme.money.spending import match_lines

    done = Codes.of([("", activity or "")]).activities.get(activity or "")
    if activity and done is None:
        raise ActivityNotFound
    paid = enter_named(programme, grant).grant if grant else None
    count = match_lines(
        by=programme.person, lines=line, grant=paid, activity=done, override=override
    )
    programme.done(str(line[0]), "done.spending-matched", count=count)


def spending_undo(context: typer.Context, file: BatchId) -> None:
    """Undo an import of spending whole.

    All lines of an import stop counting; the same file can be imported again.

        kancil programme spending undo 01a0…
    """
    programme = Programme(context)
    from kancil.desk.programme.money.spending import undo_spending

    undo_spending(by=programme.person, batch=file)
    programme.done(file, "done.spending-undone")


def spending_reconcile(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE|GRANT", help="Id of a file, or a grant.")],
    begins: Annotated[str | None, typer.Option("--from", help="Of a grant: first day.")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="Of a grant: last day.")] = None,
) -> None:
    """Say whether a file or a grant is reconciled, and why not.

    Whether a file agrees with the ledger's own total, or a grant with its files; and why not.

        kancil programme spending reconcile NOR-1 --from 2026-01-01 --to 2026-06-30
    """
    programme = Programme(context)
    from kancil.desk.programme.entering import desk_of, require
    from kancil.desk.programme.money.lines import reconciled_file, spending_files
    from kancil.desk.programme.money.standing import grant_page, reconciled_grant
    from kancil.programme.money.terms import Period

    desk = desk_of(programme.person)
    require(desk.sees_money, desk)
    file = next((each.file for each in spending_files(desk) if each.batch == name), None)
    if file is not None:
        found, id = reconciled_file(file), name
    else:
        sight = enter_named(programme, name)
        row, id = grant_page(sight, programme.today).row, sight.grant
        period = Period(
            maybe_day(begins, "--from") or row.begins_on,
            maybe_day(ends, "--to") or min(row.ends_on, programme.today),
        )
        found = reconciled_grant(sight.grant, period)
    value = {**with_id(found, id), "is_reconciled": found.is_reconciled}
    programme.show(value, lambda: say_reconciled(programme, found))
