"""The grant's money: on page 1 in one table, and by budget class with all it rests on."""

from __future__ import annotations

from kancil.ground.words import render, render_phrase
from kancil.programme.donor_report import Finance, Said
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    bullets,
    cell,
    strong,
    table,
)

from .saying import money, number, share, word


def finance_table(finance: Finance) -> Table:
    """Page 1: budget, spent, left of the period; received and spent until its end."""
    left = finance.budget_minor - finance.spent_minor
    until = finance.spent_before_minor + finance.spent_minor
    columns = (
        Column(render("name.donor-col-money"), 0.68),
        Column(finance.currency, 0.32, is_number=True),
    )
    rows = [
        (cell(render(f"name.donor-{name}")), cell(number(finance.currency, minor)))
        for name, minor in (
            ("budget", finance.budget_minor), ("spent", finance.spent_minor), ("left", left),
            ("received-until", finance.received_minor), ("spent-until", until),
            ("balance", finance.received_minor - until),
        )
    ]  # fmt: skip
    return table(render("name.donor-money"), columns, rows)


def money_blocks(said: Said) -> list[Block]:
    """The section on finance."""
    finance = said.finance
    found: list[Block] = [_by_class(finance), *_by_days(finance), *_support(finance)]
    if finance.apart:
        found.append(Heading(render("name.donor-apart")))
        apart = [money(each.currency, each.minor) for each in finance.apart]
        found += [Paragraph(render("note.donor-apart"), "warn"), bullets(apart)]
    found.append(Heading(render("name.donor-rates")))
    found.append(_rates(finance))
    found.append(Heading(render("name.donor-reconciliation")))
    key = "note.donor-reconciled" if finance.is_reconciled else "note.donor-not-reconciled"
    found.append(Paragraph(render(key), "plain" if finance.is_reconciled else "warn"))
    said_of_it = [render_phrase(each) for each in (*finance.reasons, *finance.remarks)]
    if said_of_it:
        found.append(bullets(said_of_it))
    return found


def _by_class(finance: Finance) -> Table:
    columns = (
        Column(render("name.donor-col-class"), 0.43),
        *(
            Column(render(f"name.donor-{each}-in", currency=finance.currency), 0.19, is_number=True)
            for each in ("budget", "spent", "left")
        ),
    )

    def row(name: str, *minors: int, is_whole: bool = False) -> tuple[Cell, ...]:
        texts = [name, *(number(finance.currency, each) for each in minors)]
        return tuple(cell(strong(each) if is_whole else each) for each in texts)

    rows = [
        row(word("budget-class", each.budget_class), each.budget_minor, each.spent_minor,
            each.left_minor)
        for each in finance.lines
    ]  # fmt: skip
    budget, spent = finance.budget_minor, finance.spent_minor
    rows.append(row(render("name.donor-total"), budget, spent, budget - spent, is_whole=True))
    return table(render("name.donor-by-class"), columns, rows)


def _by_days(finance: Finance) -> list[Block]:
    """That budget lines which run beyond the period are counted by days."""
    if not finance.lines_by_days:
        return []
    return [Paragraph(render("note.donor-budget-by-days", count=finance.lines_by_days), "muted")]


def _support(finance: Finance) -> list[Block]:
    told = render(
        "note.donor-support", share=share(finance.support_bp),
        due=money(finance.currency, finance.support_due_minor),
        charged=money(finance.currency, finance.support_charged_minor),
    )  # fmt: skip
    is_so = finance.support_due_minor == finance.support_charged_minor
    return [Paragraph(told, "muted" if is_so else "plain")]


def _rates(finance: Finance) -> Block:
    if not finance.rates:
        key = "note.donor-none-converted" if finance.apart else "note.donor-no-rates"
        return Paragraph(render(key, currency=finance.currency), "muted")
    columns = (
        Column(render("name.donor-col-rate"), 0.32),
        Column(render("name.donor-col-from"), 0.2),
        Column(render("name.donor-col-source"), 0.48),
    )
    rows = [
        (
            cell(each.rate),
            cell(each.valid_from.isoformat()),
            cell(each.source),
        )
        for each in finance.rates
    ]
    return table(render("name.donor-rates"), columns, rows)
