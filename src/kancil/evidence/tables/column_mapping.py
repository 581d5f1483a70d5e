"""A mapping: which column of a table is what, and how its amounts, times and directions are read.

A machine suggests one, an officer decides it, and the ledger keeps it whole: with it and the
exhibit's bytes anyone reads the same transfers again. In JSON it is `kancil-mapping/1`, or
`kancil-mapping/2` where amounts are counted in smallest units, or `kancil-mapping/3` for what came
later (docs/howto/stated-transfers.md shows each part). What is undecided is null, and nothing is
read until it is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kancil.evidence.errors import MappingNotReadable
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

from .amount import DECIMAL_MARKS, THOUSANDS_MARKS, AmountForm
from .moment import (
    CALENDARS,
    GREGORIAN,
    LOCAL_MONTH,
    ZONE_UNKNOWN,
    TimeForm,
    is_time_format,
    zone_named,
)
from .table import (
    DELIMITERS,
    ENCODINGS,
    LATER_ENCODINGS,
    MAX_HEADER_LINES,
    TableForm,
)

FORMAT = "kancil-mapping/1"
FORMAT_WITH_UNIT = "kancil-mapping/2"
"""The same with one part more, `unit`; written only where it says something else than `whole`, so
that a mapping of the first format keeps its digest."""
FORMAT_LATER = "kancil-mapping/3"
"""The same with `purpose`, a `balance` column, workbooks, column names of several lines, months by
their names in the region, and encodings of `LATER_ENCODINGS`; written only where one is used."""
FORMATS = (FORMAT, FORMAT_WITH_UNIT, FORMAT_LATER)
TRANSFERS = "transfers"
COMPLAINTS = "complaints"
PURPOSES = (TRANSFERS, COMPLAINTS)
"""What a row is: a transfer, or what somebody complains of having paid, whose name is not read."""
WHOLE = "whole"
SMALLEST = "smallest"
UNITS = (WHOLE, SMALLEST)
"""In what amounts and fees are written: coins and parts of them, or a count of the asset's smallest
unit (satoshi, wei, cents)."""
MAX_BYTES = 1_000_000

_SIDES = ("account", "address", "name")
FROM_TO = tuple(f"{end}_{side}" for end in ("from", "to") for side in _SIDES)
OWN_OTHER = tuple(f"{end}_{side}" for end in ("own", "other") for side in _SIDES)
"""The holder of the statement and whoever is at the other end; the direction says who paid whom."""
CONSTANTS = (*FROM_TO, *OWN_OTHER, "asset", "chain", "contract", "fee_asset")
"""What may be the same for the whole table instead of standing in a column."""
COLUMNS = (
    *CONSTANTS,
    "amount",
    "amount_in",
    "amount_out",
    "balance",
    "direction",
    "fee",
    "reference",
    "status",
    "time",
    "time_of_day",
    "txid",
)

BY_NONE = "none"
BY_VALUE = "value"
BY_SIGN = "sign"
BY_COLUMNS = "columns"
BY_WORDS = "words"
DIRECTIONS_BY = (BY_NONE, BY_VALUE, BY_SIGN, BY_COLUMNS, BY_WORDS)


@dataclass(frozen=True, slots=True)
class DirectionRule:
    """How a table says which way something went."""

    by: str
    """`none`: the columns from and to say it; `value`: the whole table goes one way; `sign`: plus
    is in, minus is out; `columns`: `amount_in` and `amount_out`; `words`: of a column."""
    value: str | None = None
    """For `value`: `in` or `out`. For `sign`: what a plus means. For `columns`: the one in which a
    minus means nothing, if a bank writes it so; else a minus there is no amount."""
    words_in: tuple[str, ...] = ()
    words_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping; None is what nobody has decided yet."""

    name: str
    """Of the layout it comes from, or `own`."""
    version: int
    """The layout's version."""
    table: TableForm
    columns: Mapping[str, str]
    """Field → name of the column."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Field → value for the whole table."""
    amount: AmountForm | None = None
    time: TimeForm | None = None
    direction: DirectionRule | None = None
    done: tuple[str, ...] | None = None
    """Words of the status column for what was carried out; rows with others are left out. None:
    not decided, where there is a status column."""
    stated_by: str | None = None
    """Publisher of the table."""
    unit: str = WHOLE
    """One of `UNITS`."""
    purpose: str = TRANSFERS
    """One of `PURPOSES`."""

    def missing(self) -> tuple[str, ...]:
        """Name what must be decided before a table can be read, as the JSON names it."""
        given = {*self.columns, *self.constants}
        wanted = {
            "stated_by": not self.stated_by,
            "amount": self.amount is None,
            "columns.amount": not given & {"amount", "amount_in", "amount_out"},
            "asset": "asset" not in given,
            "columns.time": "time" not in given,
            "time.formats": self.time is None or not self.time.formats,
            "time.zone": self.time is None or not self.time.zone,
            "direction": self.direction is None
            or (self.direction.by == BY_NONE and bool(given & set(OWN_OTHER))),
            "done": "status" in given and self.done is None,
        }
        return tuple(name for name, is_missing in wanted.items() if is_missing)

    @property
    def is_statement(self) -> bool:
        """Whether a row says what came in or went out of its holder's account."""
        given = {*self.columns, *self.constants}
        if self.purpose == COMPLAINTS or given & set(FROM_TO):
            return False
        has_rule = self.direction is not None and self.direction.by != BY_NONE
        return has_rule or bool(given & {*OWN_OTHER, "amount_in", "amount_out"})

    @property
    def lacks_chain(self) -> bool:
        """Whether it reads addresses or transactions, and nothing says of which blockchain."""
        given = {*self.columns, *self.constants}
        is_about_chains = "txid" in given or any(each.endswith("_address") for each in given)
        return is_about_chains and "chain" not in given and self.purpose != COMPLAINTS

    def used_columns(self) -> tuple[str, ...]:
        """Name the columns that the mapping reads."""
        return tuple(dict.fromkeys(self.columns.values()))

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form."""
        is_later = self._is_later
        has_unit = is_later or self.unit != WHOLE
        table = plain(self.table)
        if not is_later:
            del table["header_lines"]
        return {
            "amount": plain(self.amount),
            "columns": dict(sorted(self.columns.items())),
            "constants": dict(sorted(self.constants.items())),
            "direction": plain(self.direction),
            "done": plain(self.done),
            "format": FORMAT_LATER if is_later else FORMAT_WITH_UNIT if has_unit else FORMAT,
            "name": self.name,
            **({"purpose": self.purpose} if is_later else {}),
            "stated_by": self.stated_by,
            "table": table,
            "time": plain(self.time),
            **({"unit": self.unit} if has_unit else {}),
            "version": self.version,
        }

    @property
    def _is_later(self) -> bool:
        """Whether it says what only `FORMAT_LATER` can."""
        return (
            self.purpose != TRANSFERS
            or "balance" in self.columns
            or self.table.header_lines > 1
            or self.table.encoding in LATER_ENCODINGS
            or any(LOCAL_MONTH in each for each in (self.time.formats if self.time else ()))
        )

    @property
    def sha256(self) -> str:
        """Digest of the canonical JSON, by which results name the mapping."""
        return sha256_hex(canonical.dumps(self.as_dict()))

    def by(self, stated_by: str | None) -> ColumnMapping:
        """The mapping with the publisher that the officer names, if one is named."""
        return replace(self, stated_by=stated_by) if stated_by else self

    def counted_in(self, unit: str | None) -> ColumnMapping:
        """The mapping with the unit of amounts that the officer names, if one is named."""
        return replace(self, unit=str(unit)) if unit else self


# --- reading --------------------------------------------------------------------------------------


def read_mapping(data: bytes) -> ColumnMapping:
    """Read a mapping from JSON, strictly; raises MappingNotReadable."""
    if len(data) > MAX_BYTES:
        raise _wrong("mapping", str(len(data)))
    try:
        value = canonical.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except NotCanonical as error:
        raise MappingNotReadable(part="JSON", why=error.params["why"]) from error
    return mapping_from(value)


def mapping_from(value: Any) -> ColumnMapping:
    """Read a mapping from JSON that is parsed already; raises MappingNotReadable."""
    keys = ColumnMapping.__dataclass_fields__.keys() | {"format"}
    written_as = value.get("format") if isinstance(value, dict) else None
    if isinstance(value, dict) and "format" in value and written_as not in FORMATS:
        raise _wrong("format", written_as)
    is_later = written_as == FORMAT_LATER
    left_out = {FORMAT_WITH_UNIT: {"purpose"}, FORMAT_LATER: set[str]()}
    later = left_out.get(str(written_as), {"purpose", "unit"})
    whole = _object(value, "mapping", keys - later)
    unit, purpose = whole.get("unit", WHOLE), whole.get("purpose", TRANSFERS)
    if unit not in UNITS:
        raise _wrong("unit", unit)
    if purpose not in PURPOSES:
        raise _wrong("purpose", purpose)
    version = whole["version"]
    if type(version) is not int or not 1 <= version <= 1_000_000:
        raise _wrong("version", version)
    mapping = ColumnMapping(
        name=_text(whole["name"], "name"),
        version=version,
        table=_table(whole["table"], is_later=is_later),
        columns=_fields(
            whole["columns"],
            "columns",
            COLUMNS if is_later else tuple(name for name in COLUMNS if name != "balance"),
        ),
        constants=_fields(whole["constants"], "constants", CONSTANTS),
        amount=None if whole["amount"] is None else _amount(whole["amount"]),
        time=None if whole["time"] is None else _time(whole["time"], is_later=is_later),
        direction=None if whole["direction"] is None else _direction(whole["direction"]),
        done=None if whole["done"] is None else _texts(whole["done"], "done", may_be_empty=True),
        stated_by=None if whole["stated_by"] is None else _text(whole["stated_by"], "stated_by"),
        unit=unit,
        purpose=purpose,
    )
    _check_whole(mapping)
    return mapping


def _check_whole(mapping: ColumnMapping) -> None:
    """Refuse a mapping whose parts contradict each other."""
    columns = set(mapping.columns)
    doubled = columns & set(mapping.constants)
    if doubled:
        raise _wrong("constants", ", ".join(sorted(doubled)))
    given = columns | set(mapping.constants)
    if given & set(FROM_TO) and given & set(OWN_OTHER):
        raise _wrong("columns", ", ".join(sorted(given & set(OWN_OTHER))))
    rule = mapping.direction
    if "amount" in columns and columns & {"amount_in", "amount_out"}:
        raise _wrong("columns", "amount")
    if rule is None:
        return
    has_two = bool(columns & {"amount_in", "amount_out"})
    if has_two != (rule.by == BY_COLUMNS) and (has_two or "amount" in columns):
        raise _wrong("direction.by", rule.by)
    if rule.by == BY_WORDS and "direction" not in columns:
        raise _wrong("direction.by", rule.by)


def _wrong(part: str, value: Any) -> MappingNotReadable:
    why = Phrase("why.mapping-value", {"value": str(value)[:80]})
    return MappingNotReadable(part=part, why=why)


def _object(value: Any, part: str, keys: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(part, value)
    unlike = set(keys) ^ set(value)
    if unlike:
        names = ", ".join(sorted(map(str, unlike)))[:200]
        raise MappingNotReadable(part=part, why=Phrase("why.mapping-keys", {"names": names}))
    return value


def _text(value: Any, part: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 1000:
        raise _wrong(part, value)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(part, ascii(value))
    return value


def _texts(value: Any, part: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 100:
        raise _wrong(part, value)
    return tuple(
        each if each == "" and may_be_empty else _text(each, f"{part}[{number}]")
        for number, each in enumerate(value)
    )


def _fields(value: Any, part: str, known: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong(part, value)
    unknown = set(value) - set(known)
    if unknown:
        raise _wrong(part, ", ".join(sorted(unknown)))
    return {name: _text(text, f"{part}.{name}") for name, text in value.items()}


def _table(value: Any, *, is_later: bool) -> TableForm:
    keys = TableForm.__dataclass_fields__.keys()
    found = _object(value, "table", keys if is_later else keys - {"header_lines"})
    known = (
        ENCODINGS if is_later else tuple(each for each in ENCODINGS if each not in LATER_ENCODINGS)
    )
    if found["encoding"] not in known:
        raise _wrong("table.encoding", found["encoding"])
    if found["delimiter"] not in DELIMITERS:
        raise _wrong("table.delimiter", found["delimiter"])
    line = found["header_line"]
    if type(line) is not int or not 1 <= line <= 10_000:
        raise _wrong("table.header_line", line)
    lines = found.get("header_lines", 1)
    if type(lines) is not int or not 1 <= lines <= MAX_HEADER_LINES:
        raise _wrong("table.header_lines", lines)
    return TableForm(found["encoding"], found["delimiter"], line, lines)


def _amount(value: Any) -> AmountForm:
    found = _object(value, "amount", AmountForm.__dataclass_fields__)
    if found["decimal"] not in DECIMAL_MARKS:
        raise _wrong("amount.decimal", found["decimal"])
    if found["thousands"] not in THOUSANDS_MARKS or found["thousands"] == found["decimal"]:
        raise _wrong("amount.thousands", found["thousands"])
    return AmountForm(found["decimal"], found["thousands"])


def _time(value: Any, *, is_later: bool) -> TimeForm:
    found = _object(value, "time", TimeForm.__dataclass_fields__)
    formats = _texts(found["formats"], "time.formats")
    for each in formats:
        if not is_time_format(each) or (LOCAL_MONTH in each and not is_later):
            raise _wrong("time.formats", each)
    zone = found["zone"]
    if zone is not None:
        zone = _text(zone, "time.zone")
        if zone != ZONE_UNKNOWN and zone_named(zone) is None:
            raise _wrong("time.zone", zone)
    if found["calendar"] not in CALENDARS:
        raise _wrong("time.calendar", found["calendar"])
    return TimeForm(formats, zone, found["calendar"] or GREGORIAN)


def _direction(value: Any) -> DirectionRule:
    found = _object(value, "direction", DirectionRule.__dataclass_fields__)
    if found["by"] not in DIRECTIONS_BY:
        raise _wrong("direction.by", found["by"])
    possible: dict[str, tuple[str | None, ...]] = {
        BY_VALUE: ("in", "out"),
        BY_SIGN: ("in", "out"),
        BY_COLUMNS: ("in", "out", None),
    }
    if found["value"] not in possible.get(found["by"], (None,)):
        raise _wrong("direction.value", found["value"])
    words_in = _texts(found["words_in"], "direction.words_in")
    words_out = _texts(found["words_out"], "direction.words_out")
    both = {word.casefold() for word in words_in} & {word.casefold() for word in words_out}
    if both or (found["by"] == BY_WORDS) != bool(words_in or words_out):
        raise _wrong("direction.words_in", ", ".join(sorted(both)) or found["by"])
    return DirectionRule(found["by"], found["value"], words_in, words_out)
