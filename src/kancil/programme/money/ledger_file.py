"""The export of an organisation's own ledger: its columns as they are mapped, its rows as lines.

Files come from any ledger, as CSV or workbook. What a row lacks or says in two ways is told with
its number and is not taken; no day, no amount and no class is guessed. How days and amounts are
written is suggested where the rows looked at can be read in one way alone; a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import islice

from kancil.ground.child import in_child
from kancil.ground.phrase import Param, Phrase
from kancil.ground.spreadsheet import CellKind, SheetCell
from kancil.programme.errors import LedgerNotReadable
from kancil.programme.vocabulary import BudgetClass

from .amount import Money, digits_of, is_amount, read_minor
from .sheets import DAY_ORDERS, Cells, SheetOf, cell_in, days_of, is_formula, open_sheet

FIELDS = (
    "posted_on", "reference", "amount", "budget_class", "grant_code", "activity_code", "what",
    "currency",
)  # fmt: skip
"""What a column may be."""
NEEDED = ("posted_on", "reference", "amount", "budget_class")
_OF_LINES = ("posted_on", "reference", "grant_code", "activity_code")
"""What a row of totals has not."""
_LENGTHS = {"reference": 120, "grant_code": 60, "activity_code": 60, "what": 300}
_CHILD_BYTES = 2 << 30
_TOTAL = "why.ledger-total"
_SHOWN_ROWS = 5
_LOOKED_AT = 500
"""Rows by which it is suggested how days and amounts are written."""
_WITH_COMMA = re.compile(r"[-(]?\d{1,3}(?:[. ]?\d{3})*,\d{2}[-)]?", re.ASCII)
_WITH_POINT = re.compile(r"[-(]?\d{1,3}(?:[, ]?\d{3})*\.\d{2}[-)]?", re.ASCII)
CLASSES = {
    "staff and other personnel costs": BudgetClass.STAFF,
    "staff and personnel": BudgetClass.STAFF,
    "supplies, commodities and materials": BudgetClass.SUPPLIES,
    "equipment, vehicles and furniture": BudgetClass.EQUIPMENT,
    "contractual services": BudgetClass.CONTRACTS,
    "transfers and grants to counterparts": BudgetClass.TRANSFERS,
    "transfers and grants": BudgetClass.TRANSFERS,
    "general operating and other direct costs": BudgetClass.OPERATING,
    "programme support costs": BudgetClass.SUPPORT,
    "psc": BudgetClass.SUPPORT,
    **{each.value: each for each in BudgetClass},
}
"""The UN's harmonised classes as ledgers write them (UNDG, 2012)."""
_WORDS = {
    "posted_on": ("date", "posting date", "posted on", "posted", "transaction date"),
    "reference": ("reference", "document", "document number", "voucher", "transaction id"),
    "amount": ("amount", "amount in currency", "value", "net amount"),
    "budget_class": ("class", "budget class", "commitment item", "account class", "category"),
    "grant_code": ("grant", "grant code", "fund", "award"),
    "activity_code": ("activity", "activity code", "project", "wbs element", "wbs"),
    "what": ("description", "text", "what", "details"),
    "currency": ("currency", "currency code"),
}


@dataclass(frozen=True, slots=True)
class LedgerMapping:
    """How the columns of an export are read."""

    columns: Mapping[str, str]
    """Heading by field, of `FIELDS`."""
    day_order: str = DAY_ORDERS[0]
    """Of days written as text, of `sheets.DAY_ORDERS`; empty: not known."""
    decimal_comma: bool = False
    """Whether `1.234,50` is meant where an amount is text."""
    classes: Mapping[str, str] = field(default_factory=dict)
    """Budget class by what the ledger writes for it, beside the usual names."""


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """What a file looks like before its columns are mapped."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first few, as text."""
    sha256: str
    """Of the row of headings, by which a mapping is found again."""
    guessed: str = ""
    """The encoding of a text that is not Unicode, which is a guess."""
    day_order: str = DAY_ORDERS[0]
    """Of `sheets.DAY_ORDERS`: the one in which every written day can be read; empty: a person
    says it."""
    decimal_comma: bool = False
    """Whether amounts with cents are written with a comma, and none with a point."""

    def guess(self) -> LedgerMapping:
        """Columns whose headings are usual; whoever imports looks at it."""
        by_name = {each.casefold(): each for each in reversed(self.columns)}
        found = {
            field: by_name[word]
            for field, usual in _WORDS.items()
            for word in reversed(usual)
            if word in by_name
        }
        return LedgerMapping(found, self.day_order, self.decimal_comma)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One row as a line of spending."""

    row: int
    posted_on: date
    reference: str
    grant_code: str
    activity_code: str
    budget_class: str
    what: str
    minor: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that is not taken, and why."""

    row: int
    why: Phrase


@dataclass(frozen=True, slots=True)
class LedgerRead:
    """All rows of an export."""

    lines: tuple[LedgerLine, ...]
    refused: tuple[RefusedRow, ...]

    @property
    def rows(self) -> int:
        """How many rows are spending; totals of rows above are not, and are named all the same."""
        return len(self.lines) + sum(each.why.key != _TOTAL for each in self.refused)


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=60)
def read_ledger_head(data: bytes, path: str) -> LedgerHead:
    """Headings and first rows; raises LedgerNotReadable, LedgerTooLarge."""
    sheet = _opened(data, path)
    width = len(sheet.columns)
    looked_at = [cells for _, cells in islice(sheet.rows, _LOOKED_AT)]
    rows = [
        tuple(cell_in(cells, at).text[:80] for at in range(width))
        for cells in looked_at[:_SHOWN_ROWS]
    ]
    digest = sha256("\x1f".join(sheet.columns).encode()).hexdigest()
    written = [
        each.text.strip()
        for cells in looked_at
        for each in cells.values()
        if each.kind is CellKind.TEXT
    ]
    return LedgerHead(
        sheet.columns, tuple(rows), digest, sheet.guessed, _day_order(written), _has_comma(written)
    )


def _opened(data: bytes, path: str) -> SheetOf:
    sheet = open_sheet(data, path, knows=_is_usual, may_guess=True)
    sheet.tell_apart()
    return sheet


def _is_usual(heading: str) -> bool:
    word = " ".join(heading.split()).casefold()
    return any(word in usual for usual in _WORDS.values())


def _day_order(written: Sequence[str]) -> str:
    """The one order in which every day can be read; empty where several or none can be."""
    orders = [found.keys() for each in written if (found := days_of(each))]
    left = [each for each in DAY_ORDERS if all(each in found for found in orders)]
    if not orders or len(left) == len(DAY_ORDERS):
        return DAY_ORDERS[0]
    return left[0] if len(left) == 1 else ""


def _has_comma(written: Sequence[str]) -> bool:
    with_comma = any(_WITH_COMMA.fullmatch(each) for each in written)
    return with_comma and not any(_WITH_POINT.fullmatch(each) for each in written)


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=120)
def read_ledger(data: bytes, path: str, mapping: LedgerMapping, currency: str) -> LedgerRead:
    """Every row, as a line in the file's currency or with the reason why not.

    Raises LedgerNotReadable (also for a column that is not there), LedgerTooLarge, CurrencyUnknown.
    """
    digits_of(currency)
    sheet = _opened(data, path)
    there = sheet.places()
    missing = [each for each in NEEDED if mapping.columns.get(each, "") not in there]
    if missing:
        why = Phrase(
            "why.ledger-column", {"name": Phrase(f"name.ledger-{missing[0]}".replace("_", "-"))}
        )
        raise LedgerNotReadable(path=path, why=why)
    reader = _Reader(
        {name: there.get(at) for name, at in mapping.columns.items()}, mapping, currency
    )
    return reader.read(sheet.rows)


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=60)
def read_rate_file(data: bytes, path: str) -> list[tuple[str, str]]:
    """Currency and rate of each row of a table of rates, whose first columns these are.

    Columns named currency or code, and rate, go before. Raises LedgerNotReadable, LedgerTooLarge.
    """
    sheet = open_sheet(data, path)
    by_name = {name.casefold(): at for name, at in sheet.places().items()}
    usual = ("currency code", "code", "currency")
    code = next((by_name[each] for each in usual if each in by_name), 0)
    rate = next((at for name, at in by_name.items() if "rate" in name), 1)
    found = []
    for number, cells in sheet.rows:
        pair = (cell_in(cells, code), cell_in(cells, rate))
        if any(is_formula(each) for each in pair):
            formula = Phrase("why.ledger-rate-formula")
            why = Phrase("why.ledger-row", {"row": number, "why": formula})
            raise LedgerNotReadable(path=path, why=why)
        if all(each.text.strip() for each in pair):
            found.append((pair[0].text.strip().upper(), pair[1].text.strip()))
    return found


@dataclass(slots=True)
class _Reader:
    """Reads rows by a mapping."""

    places: Mapping[str, int | None]
    mapping: LedgerMapping
    currency: str

    def read(self, rows: Iterator[tuple[int, Cells]]) -> LedgerRead:
        lines: list[LedgerLine] = []
        refused: list[RefusedRow] = []
        whole = part = 0
        for number, row in rows:
            cells = {each: self._cell(row, each) for each in FIELDS}
            found = self._line(number, cells)
            minor = self._minor(cells["amount"]) or 0
            if isinstance(found, LedgerLine):
                lines.append(found)
            elif (
                minor in (whole, part)
                and minor
                and not any(cells[each].text.strip() for each in _OF_LINES)
            ):
                total = str(Money(self.currency, minor))
                refused.append(RefusedRow(number, Phrase(_TOTAL, {"amount": total})))
                part = 0
                continue
            else:
                refused.append(RefusedRow(number, found))
            whole, part = whole + minor, part + minor
        return LedgerRead(tuple(lines), tuple(refused))

    def _cell(self, cells: Cells, name: str) -> SheetCell:
        return cell_in(cells, self.places.get(name))

    def _line(self, row: int, cells: Mapping[str, SheetCell]) -> LedgerLine | Phrase:
        for name, cell in cells.items():
            if is_formula(cell):
                return _why("formula", name=_name(name))
            if name in NEEDED and not cell.text.strip():
                return _why("empty", name=_name(name))
            if len(cell.text) > _LENGTHS.get(name, 5_000):
                return _why("long", name=_name(name), most=_LENGTHS[name])
        posted_on = self._day(cells["posted_on"])
        if posted_on is None:
            return _why("day", written=cells["posted_on"].text[:40])
        minor = self._minor(cells["amount"])
        if minor is None:
            return _why("amount", written=cells["amount"].text[:40], currency=self.currency)
        stated = cells["currency"].text.strip()
        if stated and stated.upper() != self.currency:
            return _why("currency", written=stated[:12], currency=self.currency)
        text = {name: " ".join(cells[name].text.split()) for name in (*_LENGTHS, "budget_class")}
        budget_class = self._class(text["budget_class"])
        if budget_class is None:
            return _why("class", written=text["budget_class"][:40])
        return LedgerLine(
            row,
            posted_on,
            text["reference"],
            text["grant_code"],
            text["activity_code"],
            budget_class,
            text["what"],
            minor,
        )

    def _day(self, cell: SheetCell) -> date | None:
        if cell.kind is CellKind.DAY:
            return date.fromisoformat(cell.text)
        is_text = cell.kind is CellKind.TEXT
        return days_of(cell.text).get(self.mapping.day_order) if is_text else None

    def _minor(self, cell: SheetCell) -> int | None:
        text = cell.text.strip()
        if cell.kind not in (CellKind.TEXT, CellKind.NUMBER):
            return None
        if cell.kind is CellKind.TEXT and self.mapping.decimal_comma:
            text = text.translate(str.maketrans(",.", ".,"))
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1].strip()}"
        elif text.endswith("-"):
            text = f"-{text[:-1].strip()}"
        return read_minor(text, self.currency) if is_amount(text, self.currency) else None

    def _class(self, text: str) -> str | None:
        own = {name.casefold(): value for name, value in self.mapping.classes.items()}
        known = own.get(text.casefold()) or CLASSES.get(text.casefold())
        return BudgetClass(known).value if known in set(BudgetClass) else None


def _name(field: str) -> Phrase:
    return Phrase(f"name.ledger-{field.replace('_', '-')}")


def _why(key: str, **params: Param) -> Phrase:
    return Phrase(f"why.ledger-{key}", params)
