"""A suggested mapping for a table, with the reason for each part and a list of what stays open.

From column names and the first rows only. The machine suggests, the officer decides: what the rows
do not say (03/04/2024, the zone of a clock, who made the table) is never filled in. `TableForm`
comes from `sniff_table`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kancil.ground.phrase import Phrase
from kancil.records.asset import TRON
from kancil.records.identifier import is_tron_address

from .amount import read_amount
from .column_mapping import BY_NONE, BY_SIGN, BY_WORDS, OWN_OTHER, ColumnMapping, DirectionRule
from .forms import seen_amounts, seen_times
from .layouts import LAYOUTS
from .table import Sniffed

_IN = {"in", "credit", "cr", "crdt", "deposit", "receive", "received", "incoming"}
_SMALL = {"sat", "sats", "satoshi", "satoshis", "wei", "cents", "smallest", "minor"}
_WORD = re.compile(r"[a-z]+")
_OUT = {"out", "debit", "dr", "dbit", "withdrawal", "withdraw", "send", "sent", "outgoing"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping that is suggested, and what is said of it."""

    mapping: ColumnMapping
    reasons: tuple[Phrase, ...]
    """Why each part is as it is."""
    asks: tuple[Phrase, ...]
    """What the table does not say and the officer must look at."""
    open: tuple[str, ...]
    """Parts of the mapping that are undecided; nothing is read before they are."""


@dataclass(slots=True)
class _Draft:
    """A mapping in the making."""

    sniffed: Sniffed
    mapping: ColumnMapping
    reasons: list[Phrase] = field(default_factory=list)
    asks: list[Phrase] = field(default_factory=list)

    def texts(self, *fields: str) -> list[str]:
        """The filled cells of the first rows in the columns of these fields."""
        names = [self.mapping.columns[name] for name in fields if name in self.mapping.columns]
        places = [self.sniffed.columns.index(name) for name in names]
        return [
            row.cells[place].strip()
            for row in self.sniffed.rows
            for place in places
            if place < len(row.cells) and row.cells[place].strip()
        ]


def suggest_mapping(sniffed: Sniffed) -> Suggestion:
    """Suggest a mapping for a table whose form was sniffed."""
    draft = _begin(sniffed)
    if draft.mapping.amount is None:
        _suggest_amount(draft)
    if draft.mapping.time is None:
        _suggest_time(draft)
    _suggest_direction(draft)
    _suggest_chain(draft)
    _suggest_done(draft)
    _ask_unit(draft)
    unused = [name for name in sniffed.columns if name not in draft.mapping.used_columns()]
    if unused:
        draft.asks.append(Phrase("note.suggest-unused", {"columns": ", ".join(unused)[:400]}))
    missing = draft.mapping.missing()
    return Suggestion(draft.mapping, tuple(draft.reasons), tuple(draft.asks), missing)


def _begin(sniffed: Sniffed) -> _Draft:
    for layout in LAYOUTS:
        mapping = layout.mapping(sniffed.columns, sniffed.form)
        if mapping is not None:
            draft = _Draft(sniffed, mapping, list(sniffed.reasons))
            params = {"layout": layout.name, "source": layout.source}
            draft.reasons.append(Phrase("note.suggest-layout", params))
            if not layout.is_confirmed:
                draft.asks.append(Phrase("note.suggest-unconfirmed", {"layout": layout.name}))
            return draft
    mapping = ColumnMapping("own", 1, sniffed.form, {})
    known = ", ".join(layout.name for layout in LAYOUTS)
    reason = Phrase("note.suggest-no-layout", {"known": known})
    return _Draft(sniffed, mapping, [*sniffed.reasons, reason])


def _suggest_amount(draft: _Draft) -> None:
    seen = seen_amounts(draft.texts("amount", "amount_in", "amount_out", "fee"))
    draft.mapping = replace(draft.mapping, amount=seen.form)
    draft.reasons += seen.reasons
    draft.asks += seen.asks


def _ask_unit(draft: _Draft) -> None:
    """Ask about columns whose names sound like smallest units; which unit it is, is not guessed."""
    named = [name for name in draft.sniffed.columns if _SMALL & set(_WORD.findall(name.casefold()))]
    if named:
        draft.asks.append(Phrase("note.suggest-unit", {"columns": ", ".join(named)[:400]}))


def _suggest_time(draft: _Draft) -> None:
    column = draft.mapping.columns.get("time")
    if column is None:
        return
    seen = seen_times(_times(draft), column)
    draft.mapping = replace(draft.mapping, time=seen.form)
    draft.reasons += seen.reasons
    draft.asks += seen.asks


def _times(draft: _Draft) -> list[str]:
    """The texts of date and time of day, joined as the reading joins them."""
    columns = draft.sniffed.columns
    names = (draft.mapping.columns.get("time"), draft.mapping.columns.get("time_of_day"))
    places = [columns.index(name) for name in names if name is not None]
    return [
        " ".join(filter(None, (row.cells[place].strip() for place in places)))
        for row in draft.sniffed.rows
        if len(row.cells) == len(columns)
    ]


def _suggest_direction(draft: _Draft) -> None:
    mapping = draft.mapping
    if mapping.direction is not None:
        return
    words = set(draft.texts("direction"))
    folded = {word.casefold() for word in words}
    if words and folded <= _IN | _OUT:
        rule = DirectionRule(
            BY_WORDS, None,
            tuple(sorted(word for word in words if word.casefold() in _IN)),
            tuple(sorted(word for word in words if word.casefold() in _OUT)),
        )  # fmt: skip
        seen = ", ".join(sorted(words))[:80]
        draft.mapping = replace(mapping, direction=rule)
        draft.reasons.append(Phrase("note.suggest-direction-words", {"words": seen}))
        return
    form = mapping.amount
    amounts = [read_amount(text, form) for text in draft.texts("amount")] if form else []
    if any(amount is not None and amount.value < 0 for amount in amounts):
        draft.mapping = replace(mapping, direction=DirectionRule(BY_SIGN, "in"))
        draft.asks.append(Phrase("note.suggest-direction-sign"))
        return
    has_own = {*mapping.columns, *mapping.constants} & set(OWN_OTHER)
    has_ends = {"from_address", "to_address"} <= mapping.columns.keys()
    if has_ends and not has_own:
        draft.mapping = replace(mapping, direction=DirectionRule(BY_NONE))
        draft.reasons.append(Phrase("note.suggest-direction-none"))
        return
    draft.asks.append(Phrase("note.suggest-direction-open"))


def _suggest_chain(draft: _Draft) -> None:
    mapping = draft.mapping
    if "chain" in {*mapping.columns, *mapping.constants}:
        return
    addresses = draft.texts("from_address", "to_address", "other_address", "own_address")
    if addresses and all(is_tron_address(text) for text in addresses):
        draft.mapping = replace(mapping, constants={**mapping.constants, "chain": TRON})
        draft.reasons.append(Phrase("note.suggest-chain-tron"))
    elif addresses or draft.texts("txid"):
        draft.asks.append(Phrase("note.suggest-chain-open"))


def _suggest_done(draft: _Draft) -> None:
    if "status" not in draft.mapping.columns:
        return
    seen = ", ".join(sorted(set(draft.texts("status"))))[:200]
    if draft.mapping.done is None:
        draft.asks.append(Phrase("note.suggest-status-open", {"words": seen}))
    elif seen:
        done = ", ".join(filter(None, draft.mapping.done)) or Phrase("note.suggest-empty")
        draft.reasons.append(Phrase("note.suggest-status", {"words": seen, "done": done}))
