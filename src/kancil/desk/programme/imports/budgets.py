"""Budget lines of a spreadsheet, of grants and activities that are in the books."""

from __future__ import annotations

from collections.abc import Sequence

from kancil.desk.base.keeping import check
from kancil.desk.programme.imports.plan import Asked, Plan, Twin, or_why
from kancil.desk.programme.matching import Codes, chunks
from kancil.desk.programme.models import BudgetLine, Grant
from kancil.desk.programme.money.budgets import price_line
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.programme.funding import BudgetInput
from kancil.programme.imports.checking import BudgetRow
from kancil.records.described import read


def plan_budgets(asked: Asked, rows: Sequence[BudgetRow], plan: Plan) -> None:
    """Plan what becomes of each row."""
    codes = Codes.of((each.grant_code, each.activity_code) for each in rows)
    currencies = dict(Grant.objects.values_list("id", "currency"))
    known = _known({*codes.grants.values()}, {*codes.activities.values()})
    for each in asked.counted(rows):
        grant, activity = codes.match(each.grant_code, each.activity_code)
        if (each.grant_code and not grant) or (each.activity_code and not activity):
            plan.refuse(each.row, "activity" if grant or not each.grant_code else "grant")
            continue
        currency = each.currency or currencies.get(grant or "", "")
        if not currency:
            plan.refuse(each.row, "no-currency")
            continue
        row = or_why(lambda: _line(asked, each, currency, grant, activity))  # noqa: B023
        if isinstance(row, Phrase):
            plan.refuse(each.row, row)
            continue
        twin = known.get(_key(row))
        if twin and each.row in asked.decisions.same:
            plan.refuse(each.row, "in-books")
        elif twin and not asked.decisions.others:
            why = Phrase("why.import-like-budget")
            names = " ".join(filter(None, (each.grant_code, each.activity_code, each.what)))
            plan.twins.append(Twin(each.row, str(twin), names, each.amount, why))
        else:
            plan.taken += 1
            plan.add.append(row)


def _line(
    asked: Asked, each: BudgetRow, currency: str, grant: str | None, activity: str | None
) -> BudgetLine:
    said = {"budget_class": each.budget_class, "period_from": each.period_from,
            "period_to": each.period_to, "what": each.what}  # fmt: skip
    given = read(BudgetInput, {**said, "amount": each.amount}, today=each.period_to)
    row = BudgetLine(**said, grant_id=grant, activity_id=activity, currency=currency,
                     batch=asked.batch, by=asked.by, at=clock.now())  # fmt: skip
    price_line(row, given)
    check(row)
    return row


_Key = tuple[object, ...]


def _key(row: BudgetLine) -> _Key:
    return (row.grant_id, row.activity_id, row.budget_class, row.amount_minor, row.currency,
            row.period_from, row.period_to, row.what)  # fmt: skip


def _known(grants: set[str], activities: set[str]) -> dict[_Key, int]:
    """Lines that stand, by what they say."""
    found = {}
    standing = BudgetLine.objects.filter(replaced_at=None)
    for name, ids in (("grant", grants), ("activity", activities)):
        for some in chunks(ids):
            found.update({_key(row): row.pk for row in standing.filter(**{f"{name}__in": some})})
    return found
