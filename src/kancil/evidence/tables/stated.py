"""From the rows of a table, by a mapping, to stated transfers and skips. Nothing is guessed.

A row that cannot be read whole in what matters (amount, asset, time, direction where parties need
one) is a skip with its place and reason; a detail that cannot be read is a note on the transfer.
What a row proves: that the table says so. Not that anything moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b

from kancil.evidence.errors import MappingColumnMissing, MappingIncomplete
from kancil.ground.clock import to_text
from kancil.ground.phrase import Param
from kancil.ground.skipped import Skipped
from kancil.records.asset import chain_named, from_units, in_units, is_currency, unit_digits
from kancil.records.identifier import ETHEREUM_UNCHECKED, read_address, read_txid
from kancil.records.transfer import Direction, StatedTransfer

from .amount import Amount, AmountForm, read_amount
from .column_mapping import (
    BY_COLUMNS,
    BY_SIGN,
    BY_VALUE,
    BY_WORDS,
    COMPLAINTS,
    FROM_TO,
    OWN_OTHER,
    SMALLEST,
    ColumnMapping,
    DirectionRule,
)
from .headings import is_failed, is_status, set_aside
from .moment import TimeForm, read_moment
from .table import WORKBOOK, Table, TableRow

VERSION = 4
"""Of the rules of reading; a change that alters any row is a new number. Version 2 compares the
capitals of Ethereum addresses with their check. Version 3 sets rows of totals and of balances
carried forward aside by name, and reads the statement's own balance. Version 4 sets rows aside
that a column *Result* or *Status* calls failed, also where the mapping does not read it. What was
read by an earlier one is read so again."""
_WITH_CASE_SINCE = 2
_WITH_TOTALS_SINCE = 3
_WITH_RESULTS_SINCE = 4
MAX_CELL_CHARACTERS = 2_000

TXID_FORM = "txid-form"
CONTRACT_NOT_NAMED = "contract-not-named"
CONTRACT_UNKNOWN = "contract-unknown"
FINER = "finer-than-unit"
FEE_FORM = "fee-form"
FEE_UNIT = "fee-unit"
REPEATED = "repeated"
BALANCE_FORM = "balance-form"
ROUNDED = "workbook-rounded"
"""Code of an amount with so many digits that a workbook may have rounded it."""
COMPLAINT = "complaint"
"""Code of a row that somebody complains of having paid: who it is was not read."""
_WORKBOOK_DIGITS = 15


def transfers_of(
    table: Table, mapping: ColumnMapping, exhibit_sha256: str, version: int = VERSION
) -> Iterator[StatedTransfer | Skipped]:
    """Go through a table and give a transfer or a skip for each row that is not blank.

    `exhibit_sha256`: digest of the table's bytes; `version`: by which rules. Raises
    MappingIncomplete, MappingColumnMissing, and while rows are read TableTooLarge,
    TableNotReadable.
    """
    reader = _Reader(mapping, table.columns, exhibit_sha256, version)
    return (reader.read(row) for row in table.rows())


def reader_of(
    columns: tuple[str, ...], mapping: ColumnMapping
) -> Callable[[TableRow], StatedTransfer | Skipped]:
    """What reads single rows of a table with these columns; raises as `transfers_of` does."""
    return _Reader(mapping, columns, "", VERSION).read


def unread_columns(columns: tuple[str, ...], mapping: ColumnMapping) -> tuple[str, ...]:
    """Columns of a table that neither the mapping nor the rules read, in their order."""
    used = set(mapping.used_columns())
    return tuple(name for name in columns if name not in used and not is_status(name))


class _Left(Exception):
    """A skip on its way out of a row; never an error."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class _Reader:
    """A mapping made ready for the rows of one table."""

    def __init__(
        self, mapping: ColumnMapping, columns: tuple[str, ...], exhibit_sha256: str, version: int
    ) -> None:
        self._with_case = version >= _WITH_CASE_SINCE
        self._with_totals = version >= _WITH_TOTALS_SINCE
        self._is_workbook = mapping.table.encoding == WORKBOOK
        self._is_complaints = mapping.purpose == COMPLAINTS
        missing = mapping.missing()
        rule, amount, time = mapping.direction, mapping.amount, mapping.time
        if missing or rule is None or amount is None or time is None:
            raise MappingIncomplete(missing=", ".join(missing))
        self._rule: DirectionRule = rule
        self._amount: AmountForm = amount
        self._time: TimeForm = time
        self._is_counted = mapping.unit == SMALLEST
        absent = [name for name in mapping.used_columns() if name not in columns]
        if absent:
            raise MappingColumnMissing(
                column=", ".join(absent)[:200], known=", ".join(columns)[:400]
            )
        self._places = {field: columns.index(name) for field, name in mapping.columns.items()}
        self._constants: Mapping[str, str] = mapping.constants
        self._width = len(columns)
        self._results = tuple(
            (name, place)
            for place, name in enumerate(columns)
            if version >= _WITH_RESULTS_SINCE
            and name not in mapping.used_columns()
            and is_status(name)
        )
        self._words = {word.strip().casefold(): "in" for word in rule.words_in}
        self._words |= {word.strip().casefold(): "out" for word in rule.words_out}
        self._done = {word.strip().casefold() for word in mapping.done or ()}
        self._stated_by = mapping.stated_by or ""
        self._exhibit_sha256 = exhibit_sha256
        self._seen: set[bytes] = set()

    def read(self, row: TableRow) -> StatedTransfer | Skipped:
        """Read one row."""
        try:
            return self._transfer(row)
        except _Left as left:
            return Skipped(left.code, row.place, left.params)

    def _transfer(self, row: TableRow) -> StatedTransfer:
        named = self._named(row)
        notes: list[str] = [COMPLAINT] if self._is_complaints else []
        amount, direction = self._moved(named, notes)
        values = self._asset(named, amount, notes)
        values |= self._parties(named, direction, notes)
        values |= self._when(named, notes)
        values |= self._fee(named, values, notes)
        values |= self._balance(named, notes)
        txid = read_txid(named["txid"]) if named.get("txid") else None
        if named.get("txid") and txid is None:
            notes.append(TXID_FORM)
        same = blake2b("\x1f".join(row.cells).encode(), digest_size=16).digest()
        if same in self._seen:
            notes.append(REPEATED)
        self._seen.add(same)
        return StatedTransfer(
            row=row.number,
            place=row.place,
            stated_by=self._stated_by,
            exhibit_sha256=self._exhibit_sha256,
            direction=direction,
            txid=txid,
            reference=named.get("reference"),
            status=named.get("status"),
            notes=tuple(dict.fromkeys(notes)),
            **values,
        )

    def _named(self, row: TableRow) -> dict[str, str]:
        """The filled cells that the mapping reads, and its constants, by field."""
        cells = row.cells
        kind = set_aside(cells) if self._with_totals else None
        if kind is not None:
            text = " ".join(" ".join(cells).split())[:80]
            raise _Left("stated-total" if kind == "totals" else "stated-carried", text=text)
        if len(cells) < self._width or any(cell.strip() for cell in cells[self._width :]):
            raise _Left("stated-row-cells", cells=len(cells), columns=self._width)
        named = dict(self._constants)
        for field, place in self._places.items():
            text = cells[place].strip()
            if len(text) > MAX_CELL_CHARACTERS:
                raise _Left("stated-cell-long", field=field, characters=len(text))
            if text:
                named[field] = text
        if "status" in self._places:
            status = named.get("status", "")
            if status.casefold() not in self._done:
                raise _Left("stated-not-done", status=status[:80])
        for name, place in self._results:
            if is_failed(cells[place]):
                raise _Left("stated-failed", column=name[:80], status=cells[place].strip()[:80])
        return named

    # --- amount and direction ---------------------------------------------------------------------

    def _moved(self, named: dict[str, str], notes: list[str]) -> tuple[Amount, str | None]:
        if self._rule.by == BY_COLUMNS:
            amount, direction = self._of_two(named)
        else:
            amount = self._read_amount(named.get("amount", ""))
            direction = self._one_way(named, amount)
        if amount.note:
            notes.append(amount.note)
        if self._is_workbook and len(amount.value.as_tuple().digits) >= _WORKBOOK_DIGITS:
            notes.append(ROUNDED)
        needs_direction = any(named.get(field) for field in OWN_OTHER)
        if direction is None and needs_direction:
            raise _Left("stated-direction-missing")
        return amount, direction

    def _of_two(self, named: dict[str, str]) -> tuple[Amount, str | None]:
        """Read an incoming and an outgoing column, of which a row fills one."""
        read = {
            way: self._read_amount(named[f"amount_{way}"])
            for way in ("in", "out")
            if named.get(f"amount_{way}")
        }
        if not read:
            raise _Left("stated-amount-missing")
        moved = {way: amount for way, amount in read.items() if amount.value}
        if len(moved) > 1:
            raise _Left("stated-in-and-out", amount_in=read["in"].text, amount_out=read["out"].text)
        for way, amount in moved.items():
            if amount.value < 0 and self._rule.value != way:
                # A reversal, or a bank that writes all that goes out with a minus: its mapping
                # says which.
                raise _Left("stated-sign", text=named[f"amount_{way}"][:80])
            return amount, way
        return next(iter(read.values())), None

    def _one_way(self, named: dict[str, str], amount: Amount) -> str | None:
        rule = self._rule
        if rule.by == BY_SIGN:
            if not amount.value:
                return None
            is_plus = amount.value > 0
            other = Direction.OUT.value if rule.value == Direction.IN.value else Direction.IN.value
            return rule.value if is_plus else other
        if amount.value < 0:
            raise _Left("stated-sign", text=named["amount"][:80])
        if rule.by == BY_VALUE:
            return rule.value
        if rule.by == BY_WORDS:
            word = named.get("direction", "")
            if word.casefold() not in self._words:
                raise _Left("stated-direction-word", word=word[:80])
            return self._words[word.casefold()]
        return None

    def _read_amount(self, text: str) -> Amount:
        if not text:
            raise _Left("stated-amount-missing")
        amount = read_amount(text, self._amount)
        if amount is None:
            raise _Left("stated-amount-form", text=text[:80])
        return amount

    # --- the rest ---------------------------------------------------------------------------------

    def _asset(self, named: dict[str, str], amount: Amount, notes: list[str]) -> dict[str, str]:
        asset = named.get("asset", "")
        if not asset:
            raise _Left("stated-asset-missing")
        asset = asset.upper() if is_currency(asset.upper()) else asset
        values = {"asset": asset, "amount": amount.text}
        chain = chain_named(named["chain"]) if named.get("chain") else None
        contract = None
        if named.get("contract"):
            contract, wrong = read_address(named["contract"], with_case=self._with_case)
            # One that is known is right, however it is written; one that is not is told below.
            notes += [wrong] if wrong and wrong != ETHEREUM_UNCHECKED else []
            values["contract"] = contract
        if chain is not None:
            values["chain"] = chain
        digits = unit_digits(asset, chain, contract)
        if self._is_counted:
            values |= _counted(amount, asset, digits)
            return values
        if digits is None:
            if chain is not None or contract is not None:
                notes.append(CONTRACT_UNKNOWN if contract else CONTRACT_NOT_NAMED)
            return values
        units = in_units(amount.value.copy_abs(), digits)
        if units is None:
            notes.append(FINER)
        else:
            values["units"] = str(units)
        return values

    def _parties(
        self, named: dict[str, str], direction: str | None, notes: list[str]
    ) -> dict[str, str]:
        payer, payee = ("own", "other") if direction == "out" else ("other", "own")
        values: dict[str, str] = {}
        for field in FROM_TO:
            end, _, side = field.partition("_")
            text = named.get(field) or named.get(f"{payer if end == 'from' else payee}_{side}")
            if not text:
                continue
            if side == "address":
                text, wrong = read_address(text, with_case=self._with_case)
                notes += [wrong] if wrong else []
            values[field] = text
        return values

    def _when(self, named: dict[str, str], notes: list[str]) -> dict[str, str]:
        text = " ".join(filter(None, (named.get("time"), named.get("time_of_day"))))
        if not named.get("time"):
            raise _Left("stated-time-missing")
        moment = read_moment(text, self._time)
        if moment is None:
            raise _Left("stated-time-form", text=text[:80])
        notes += [moment.note] if moment.note else []
        values = {"day": moment.day.isoformat(), "time_as_stated": text}
        if moment.at is not None:
            values["time"] = to_text(moment.at)
        if moment.zone is not None:
            values["zone"] = moment.zone
        return values

    def _balance(self, named: dict[str, str], notes: list[str]) -> dict[str, str]:
        """The statement's own balance after the row, with its sign."""
        if not named.get("balance"):
            return {}
        balance = read_amount(named["balance"], self._amount)
        if balance is None:
            notes.append(BALANCE_FORM)
            return {}
        return {"balance": ("-" if balance.value < 0 else "") + balance.text}

    def _fee(
        self, named: dict[str, str], values: dict[str, str], notes: list[str]
    ) -> dict[str, str]:
        if not named.get("fee"):
            return {}
        fee = read_amount(named["fee"], self._amount)
        if fee is None:
            notes.append(FEE_FORM)
            return {}
        fee_asset = named.get("fee_asset")
        told = {"fee_asset": fee_asset} if fee_asset else {}
        if not self._is_counted:
            return {"fee": fee.text, **told}
        # A fee is paid in the asset itself, or in a coin of the same chain.
        asset, contract = values["asset"], values.get("contract")
        paid_in = (fee_asset, None) if fee_asset and fee_asset != asset else (asset, contract)
        digits = unit_digits(paid_in[0], values.get("chain"), paid_in[1])
        units = None if digits is None else in_units(fee.value.copy_abs(), 0)
        if digits is None or units is None:
            notes.append(FEE_UNIT)
            return {}
        return {"fee": from_units(units, digits), **told}


def _counted(amount: Amount, asset: str, digits: int | None) -> dict[str, str]:
    """An amount that is a count of smallest units; a row is left out where it cannot be."""
    if digits is None:
        raise _Left("stated-unit-unknown", asset=asset[:80])
    units = in_units(amount.value.copy_abs(), 0)
    if units is None:
        raise _Left("stated-unit-part", text=amount.text[:80])
    return {"amount": from_units(units, digits), "units": str(units)}
