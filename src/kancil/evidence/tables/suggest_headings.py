"""Columns that no layout names, found by the names that they have in the languages of the region.

From column names, the first cells below them, and the lines above; each field that is suggested
says which name was met and how nearly.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kancil.ground.phrase import Param, Phrase
from kancil.records.asset import is_currency
from kancil.records.identifier import is_tron_address
from kancil.records.selectors.bank_account import BANK_ACCOUNT
from kancil.records.selectors.iban import IBAN

from .column_mapping import BY_COLUMNS, COMPLAINTS, FROM_TO, OWN_OTHER, DirectionRule
from .draft import Draft
from .headings import EXACT, Heading, headings_of, is_counter, is_heading
from .layouts import BANK_STATEMENT, EXCHANGE_WITHDRAWALS

_GENERAL = ("own", BANK_STATEMENT.name, EXCHANGE_WITHDRAWALS.name)
"""Layouts that know no publisher: what they leave, the names of headings may fill."""
_ADDRESS = re.compile(
    r"0[xX][0-9a-fA-F]{40}|[123mn][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc|tb|bcrt)1[a-z0-9]{8,87}"
)
_FIGURES = re.compile(r"[A-Z]{0,4}\d[\d -]{6,}\d$")
_CODE = re.compile(r"[(\[\uff08]\s*([A-Za-z]{3,6})\s*[)\]\uff09]")
_COINS = ("BTC", "ETH", "TRX", "USDT", "USDC")
_VICTIM = "victim"


def suggest_headings(draft: Draft) -> None:
    """Fill what a general layout left open; a publisher's own layout stays as it is."""
    if draft.mapping.name not in _GENERAL:
        return
    _resolve_ends(draft)
    _check_holder(draft)
    free = [name for name in draft.sniffed.columns if name not in draft.mapping.used_columns()]
    taken = set(draft.mapping.columns)
    style = _style(draft, free)

    def resolve(field: str, column: str) -> str | None:
        found = _resolved(draft, field, column, style)
        return None if found in taken or found in _barred(draft, style) else found

    found = headings_of(free, resolve)
    _fill(draft, found)
    _suggest_constants(draft)


def _resolve_ends(draft: Draft) -> None:
    """Ends that a layout took for addresses, and whose cells are accounts or names."""
    columns = dict(draft.mapping.columns)
    for end in ("from", "to"):
        column = columns.get(f"{end}_address")
        if column is not None and (side := _side(draft, column)) != "address":
            del columns[f"{end}_address"]
            columns.setdefault(f"{end}_{side}", column)
    draft.mapping = replace(draft.mapping, columns=columns)


def _side(draft: Draft, column: str) -> str:
    """What the cells of a column of parties are: addresses, accounts or names."""
    cells = draft.cells(column)
    addresses = sum(bool(is_tron_address(cell) or _ADDRESS.fullmatch(cell)) for cell in cells)
    accounts = sum(bool(BANK_ACCOUNT.read(cell) or IBAN.read(cell)) for cell in cells)
    if not cells or 2 * addresses >= len(cells):
        return "address"
    return "account" if 2 * accounts >= len(cells) else "name"


def _check_holder(draft: Draft) -> None:
    """A column that a layout took for the holder's account, and that is the other end's."""
    columns = dict(draft.mapping.columns)
    column = columns.get("own_account")
    if column is None or "other_account" in columns or not _is_others(draft, column):
        return
    columns["other_account"] = columns.pop("own_account")
    draft.guesses.add("other_account")
    draft.mapping = replace(draft.mapping, columns=columns)


def _is_others(draft: Draft, column: str) -> bool:
    """Whether a column of accounts is the other end's: by its name, or by what stands in it.

    A statement is of one account: what differs from row to row, or from the account that stands
    above, is not its holder's, unless another column is named as the other end's.
    """
    if is_counter(column):
        return True
    named = headings_of(draft.sniffed.columns, lambda field, _column: field)
    if any(each.field == "other_account" and each.how == EXACT for each in named):
        return False
    values = {_bare(cell) for cell in draft.cells(column)}
    above = _account_above(draft)
    return len(values) > 1 or (above is not None and bool(values) and _bare(above) not in values)


def _is_others_name(draft: Draft, column: str) -> bool:
    """Whether a column of names is the other end's: by its name, its cells, or what stands beside.

    The holder of a statement has one name; and a name beside the other end's account is its name.
    """
    if is_counter(column):
        return True
    named = headings_of(draft.sniffed.columns, lambda field, _column: field)
    if any(each.field == "other_name" and each.how == EXACT for each in named):
        return False
    if len({_bare(cell) for cell in draft.cells(column)}) > 1:
        return True
    return any(each.field == "own_account" and _is_others(draft, each.column) for each in named)


def _bare(account: str) -> str:
    return "".join(filter(str.isalnum, account)).casefold()


def _style(draft: Draft, free: list[str]) -> tuple[str, ...]:
    """Whether a row names sender and receiver, or the holder of a statement and another."""
    used = {*draft.mapping.columns, *draft.mapping.constants}
    if used & set(OWN_OTHER):
        return OWN_OTHER
    ends = {name.partition("_")[0] for name in used if name in FROM_TO}
    fields = {each.field for each in headings_of(free, lambda field, _column: field)}
    has_two = {"amount_in", "amount_out"} <= used | fields
    if _VICTIM in fields or {"from", "to"} <= ends | fields:
        return FROM_TO
    return OWN_OTHER if has_two or fields & {"own_account", "other_account"} else FROM_TO


def _resolved(draft: Draft, field: str, column: str, style: tuple[str, ...]) -> str | None:
    if field in ("from", "to"):
        if style == OWN_OTHER:
            return f"other_{_side(draft, column)}"
        return f"{field}_{_side(draft, column)}"
    if style == OWN_OTHER and field in ("from_name", "to_name"):
        return "other_name"
    if style == OWN_OTHER and field in ("own_account", "own_name"):
        is_others = _is_others if field == "own_account" else _is_others_name
        if not is_others(draft, column):
            return field
        other = f"other_{_side(draft, column)}"
        draft.guesses.add(other)
        return other
    if style == OWN_OTHER and field in ("other_name", "other_account"):
        return f"other_{_side(draft, column)}" if draft.cells(column) else field
    if style == FROM_TO and field in OWN_OTHER:
        end = "to" if field.startswith("own") else None
        is_free = end and not any(name.startswith("to_") for name in draft.mapping.columns)
        return f"to_{field.partition('_')[2]}" if is_free and draft.mapping.name == "own" else None
    if field in ("amount", "amount_in", "amount_out", "balance", "fee"):
        return field if _has_amounts(draft, column) else None
    return field


def _has_amounts(draft: Draft, column: str) -> bool:
    """Whether figures stand in a column: a half of its cells, of those that are filled."""
    cells = draft.cells(column)
    figures = sum(any(character.isdecimal() for character in cell) for cell in cells)
    return 2 * figures >= len(cells)


def _barred(draft: Draft, style: tuple[str, ...]) -> set[str]:
    """Fields that cannot stand beside those that are there."""
    other = FROM_TO if style == OWN_OTHER else OWN_OTHER
    found = set(other)
    if {"amount_in", "amount_out"} & draft.mapping.columns.keys():
        found |= {"amount", "direction"}
    elif "amount" in draft.mapping.columns:
        found |= {"amount_in", "amount_out"}
    return found


def _fill(draft: Draft, found: list[Heading]) -> None:
    """Take the fields into the mapping, with the reason of each."""
    fields = {each.field for each in found}
    both = {"amount_in", "amount_out"} <= fields
    left_out = {"amount", "direction"} if both else {"amount_in", "amount_out"}
    if {"amount_in", "amount_out"} <= draft.mapping.columns.keys():
        left_out = set()
    is_complaints = _VICTIM in fields
    kept = [each for each in found if each.field not in left_out]
    columns = dict(draft.mapping.columns)
    for each in kept:
        if each.field != _VICTIM:
            columns[each.field] = each.column
            if each.how != EXACT:
                draft.guesses.add(each.field)
            told: dict[str, Param] = {
                "column": each.column[:80],
                "name": each.name,
                "field": field_name(each.field),
                "language": Phrase(f"name.language-{each.language}"),
            }
            draft.reasons.append(Phrase(f"note.suggest-heading-{each.how}", told))
    draft.mapping = replace(draft.mapping, columns=columns)
    if both:
        draft.mapping = replace(draft.mapping, direction=DirectionRule(BY_COLUMNS, _minus(draft)))
    if is_complaints:
        column = next(each.column for each in found if each.field == _VICTIM)
        draft.mapping = replace(draft.mapping, purpose=COMPLAINTS)
        draft.reasons.append(Phrase("note.suggest-complaints", {"column": column[:80]}))


def field_name(field: str) -> Phrase:
    """A field in words; of one of a side (`to_account`) with the side."""
    name = Phrase(f"web.mapping.field-{field.replace('_', '-')}")
    if field not in (*FROM_TO, *OWN_OTHER):
        return name
    side = Phrase(f"web.mapping.group-{field.partition('_')[0]}")
    return Phrase("name.reported-field", {"side": side, "field": name})


def _minus(draft: Draft) -> str | None:
    """The column of two in which every amount has a minus; None where there is none."""
    for way in ("out", "in"):
        cells = draft.texts(f"amount_{way}")
        if cells and all(cell.startswith(("-", "(", "\u2212")) for cell in cells):
            return way
    return None


def _suggest_constants(draft: Draft) -> None:
    """What stands in a heading, or above the table, for all of its rows."""
    mapping = draft.mapping
    given = {*mapping.columns, *mapping.constants}
    if "asset" not in given:
        code = _asset_in(draft)
        if code is not None:
            draft.mapping = replace(mapping, constants={**mapping.constants, "asset": code[0]})
            params = {"asset": code[0], "text": code[1][:80]}
            draft.reasons.append(Phrase("note.suggest-asset-named", params))


def suggest_holder(draft: Draft) -> None:
    """Ask whose account a statement is of; what stands above the table is proposed."""
    mapping = draft.mapping
    if not mapping.is_statement:
        return
    column = mapping.columns.get("own_account")
    if column is not None:
        draft.asks.append(Phrase("note.suggest-holder-column", {"column": column[:80]}))
        return
    account = _account_above(draft)
    if account is None:
        draft.asks.append(Phrase("note.suggest-holder-open"))
        return
    constants = {**mapping.constants, "own_account": account}
    draft.mapping = replace(mapping, constants=constants)
    draft.asks.append(Phrase("note.suggest-holder-above", {"account": account}))


def _asset_in(draft: Draft) -> tuple[str, str] | None:
    """The one asset that the headings of amounts name, else the one that stands above."""
    columns = draft.mapping.columns
    names = [columns[name] for name in ("amount", "amount_in", "amount_out", "balance")
             if name in columns]  # fmt: skip
    for texts in (names, [cell for cells in draft.sniffed.above for cell in cells]):
        codes = {
            code.upper(): text
            for text in texts
            for code in [*_CODE.findall(text), *re.findall(r"\b[A-Z]{3,4}\b", text)]
            if is_currency(code.upper()) or code.upper() in _COINS
        }
        if len(codes) == 1:
            return next(iter(codes.items()))
    return None


def _after_name(cell: str) -> str:
    """A cell above the table with a colon between a name and the figures after it."""
    cell = cell.replace("\uff1a", ":")
    found = None if ":" in cell else _FIGURES.search(cell)
    return cell if found is None else f"{cell[: found.start()]}:{found[0]}"


def _account_above(draft: Draft) -> str | None:
    """The account that is named above the table, after a heading for accounts."""
    for cells in draft.sniffed.above:
        for place, cell in enumerate(cells):
            name, _, rest = _after_name(cell).partition(":")
            if not is_heading(name):
                continue
            for text in (rest.strip(), *cells[place + 1 : place + 2]):
                if (BANK_ACCOUNT.read(text) or IBAN.read(text)) and len(text) >= 8:
                    return text
    return None
