"""A suggested mapping for a table, with the reason for each part and a list of what stays open.

From column names and the first rows only. The machine suggests, the officer decides: what the rows
do not say (03/04/2024, the zone of a clock, who made the table) is never filled in. `TableForm`
comes from `sniff_table`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kancil.ground.phrase import Param, Phrase
from kancil.records.asset import TRON
from kancil.records.identifier import is_tron_address

from .amount import read_amount
from .column_mapping import (
    BY_NONE,
    BY_SIGN,
    BY_WORDS,
    COMPLAINTS,
    FROM_TO,
    OWN_OTHER,
    ColumnMapping,
    DirectionRule,
)
from .draft import Draft
from .forms import seen_amounts, seen_times
from .headings import is_failed, plain_heading, tells_failure, words_for
from .layouts import LAYOUTS
from .stated import unread_columns
from .suggest_headings import suggest_headings, suggest_holder
from .table import Sniffed

_SMALL = {"sat", "sats", "satoshi", "satoshis", "wei", "cents", "smallest", "minor"}
_WORD = re.compile(r"[a-z]+")


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
    guesses: tuple[str, ...] = ()
    """Fields whose column is a guess: matched by a part of its name, or by what stands in it."""


def suggest_mapping(sniffed: Sniffed) -> Suggestion:
    """Suggest a mapping for a table whose form was sniffed."""
    draft = _begin(sniffed)
    suggest_headings(draft)
    if draft.mapping.amount is None:
        _suggest_amount(draft)
    if draft.mapping.time is None:
        _suggest_time(draft)
    _suggest_direction(draft)
    suggest_holder(draft)
    _suggest_chain(draft)
    _suggest_done(draft)
    _ask_unit(draft)
    _ask_failed(draft)
    unused = unread_columns(sniffed.columns, draft.mapping)
    if unused:
        draft.asks.append(Phrase("note.suggest-unused", {"columns": ", ".join(unused)[:400]}))
    missing = draft.mapping.missing()
    guesses = tuple(name for name in draft.mapping.columns if name in draft.guesses)
    if guesses:
        guessed = ", ".join(draft.mapping.columns[name] for name in guesses)[:400]
        draft.asks.append(Phrase("note.suggest-guesses", {"columns": guessed}))
    return Suggestion(draft.mapping, tuple(draft.reasons), tuple(draft.asks), missing, guesses)


def _begin(sniffed: Sniffed) -> Draft:
    for layout in LAYOUTS:
        mapping = layout.mapping(sniffed.columns, sniffed.form)
        if mapping is not None:
            draft = Draft(sniffed, mapping, list(sniffed.reasons))
            params = {"layout": layout.name, "source": layout.source}
            draft.reasons.append(Phrase("note.suggest-layout", params))
            if not layout.is_confirmed:
                draft.asks.append(Phrase("note.suggest-unconfirmed", {"layout": layout.name}))
            return draft
    mapping = ColumnMapping("own", 1, sniffed.form, {})
    known = ", ".join(layout.name for layout in LAYOUTS)
    reason = Phrase("note.suggest-no-layout", {"known": known})
    return Draft(sniffed, mapping, [*sniffed.reasons, reason])


def _suggest_amount(draft: Draft) -> None:
    seen = seen_amounts(draft.texts("amount", "amount_in", "amount_out", "fee"))
    draft.mapping = replace(draft.mapping, amount=seen.form)
    draft.reasons += seen.reasons
    draft.asks += seen.asks


def _ask_unit(draft: Draft) -> None:
    """Ask about columns whose names sound like smallest units; which unit it is, is not guessed."""
    named = [name for name in draft.sniffed.columns if _SMALL & set(_WORD.findall(name.casefold()))]
    if named:
        draft.asks.append(Phrase("note.suggest-unit", {"columns": ", ".join(named)[:400]}))


def _ask_failed(draft: Draft) -> None:
    """Name the first rows in which a cell that is no status speaks of a payment that failed."""
    columns = draft.sniffed.columns
    status = draft.mapping.columns.get("status")
    for row in draft.rows:
        for column, cell in zip(columns, row.cells, strict=False):
            if column != status and tells_failure(cell):
                told: dict[str, Param] = {
                    "line": row.line,
                    "text": cell.strip()[:120],
                    "column": column[:120],
                }
                draft.asks.append(Phrase("note.suggest-failed", told))
                return


def _suggest_time(draft: Draft) -> None:
    column = draft.mapping.columns.get("time")
    if column is None:
        return
    seen = seen_times(draft.times(), column)
    draft.mapping = replace(draft.mapping, time=seen.form)
    draft.reasons += seen.reasons
    draft.asks += seen.asks


def _suggest_direction(draft: Draft) -> None:
    mapping = draft.mapping
    if mapping.direction is not None:
        return
    words = {word: plain_heading(word) for word in draft.texts("direction")}
    ins, outs = words_for("in"), words_for("out")
    if words and set(words.values()) <= ins | outs:
        rule = DirectionRule(
            BY_WORDS, None,
            tuple(sorted(word for word, plain in words.items() if plain in ins)),
            tuple(sorted(word for word, plain in words.items() if plain in outs - ins)),
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
    ends = [name.partition("_")[0] for name in mapping.columns if name in FROM_TO]
    has_ends = {"from", "to"} <= set(ends) or mapping.purpose == COMPLAINTS
    if has_ends and not has_own:
        draft.mapping = replace(mapping, direction=DirectionRule(BY_NONE))
        if mapping.purpose == COMPLAINTS:
            return
        draft.reasons.append(Phrase("note.suggest-direction-none"))
        return
    draft.asks.append(Phrase("note.suggest-direction-open"))


def _suggest_chain(draft: Draft) -> None:
    mapping = draft.mapping
    if not mapping.lacks_chain:
        return
    addresses = draft.texts("from_address", "to_address", "other_address", "own_address")

    if addresses and all(is_tron_address(text) for text in addresses):
        draft.mapping = replace(mapping, constants={**mapping.constants, "chain": TRON})
        draft.reasons.append(Phrase("note.suggest-chain-tron"))
    elif addresses or draft.texts("txid"):
        draft.asks.append(Phrase("note.suggest-chain-open"))


def _has_empty(draft: Draft, field: str) -> bool:
    """Whether a cell of a field's column is empty in the first rows."""
    place = draft.sniffed.columns.index(draft.mapping.columns[field])
    return any(not row.cells[place].strip() for row in draft.rows if place < len(row.cells))


def _suggest_done(draft: Draft) -> None:
    if "status" not in draft.mapping.columns:
        return
    words = {word: plain_heading(word) for word in draft.texts("status")}
    seen = ", ".join(sorted(words))[:200]
    if draft.mapping.done is None:
        done_words = words_for("done")
        chosen = tuple(sorted(word for word, plain in words.items() if plain in done_words))
        rest = set(words) - set(chosen)
        if not chosen and "txid" in draft.mapping.columns and _has_empty(draft, "status"):
            chosen = ("",)  # as Etherscan and its sister sites leave it where nothing failed
        if chosen and all(map(is_failed, rest)):
            draft.mapping = replace(draft.mapping, done=chosen)
    if draft.mapping.done is None:
        draft.asks.append(Phrase("note.suggest-status-open", {"words": seen}))
    elif seen:
        done = ", ".join(filter(None, draft.mapping.done)) or Phrase("note.suggest-empty")
        draft.reasons.append(Phrase("note.suggest-status", {"words": seen, "done": done}))
