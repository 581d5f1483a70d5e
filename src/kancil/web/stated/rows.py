"""A stated transfer as a row: what its publisher says, beside what a chain says of it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.ground.clock import from_text
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.beside import Joined, JoinState
from kancil.web.cells import identifier, tag, when
from kancil.web.parts import Cell, Kind

JOIN_KINDS: dict[JoinState, Kind] = {
    JoinState.JOINED: "intact",
    JoinState.PARTLY: "warn",
    JoinState.CONTRADICTS: "danger",
    JoinState.NOT_HELD: "unknown",
    JoinState.NOT_BITCOIN: "plain",
    JoinState.NO_TXID: "unknown",
}


def stated_columns(*, is_joined: bool = False) -> tuple[str, ...]:
    """Name the columns of `stated_cells`."""
    more = ("chain-says", "why") if is_joined else ()
    return ("place", "stated-amount>", "from", "to", "stated-time", "transaction", *more)


def stated_cells(
    row: StatedTransfer, joined: Joined | None, chain: Chain | None = None
) -> tuple[Cell, ...]:
    """A stated transfer's cells; `joined`: what the chain says of it, if one was asked."""
    found: tuple[Cell, ...] = (
        row.place,
        f"{_grouped(row.amount)} {row.asset}",
        _party(row.from_name, row.from_account, row.from_address),
        _party(row.to_name, row.to_account, row.to_address),
        _time(row),
        _txid(row, joined, chain),
    )
    if joined is None:
        return found
    is_of_none = joined.state is JoinState.NOT_BITCOIN and row.chain is None
    key = "web.reported.no-chain" if is_of_none else f"web.join.{joined.state.value}"
    said = tag(JOIN_KINDS[joined.state], key)
    return (*found, said, _why(joined))


def _grouped(amount: str) -> str:
    """An amount as stated, its thousands grouped."""
    whole, point, part = amount.partition(".")
    return f"{grouped(int(whole))}{point}{part}"


def _party(*names: str | None) -> Cell:
    told = [name for name in names if name]
    if not told:
        return Phrase("note.not-stated")
    if len(told) == 1 and told[0] == names[2]:
        return identifier(told[0], short=True)
    return " · ".join(told)


def _time(row: StatedTransfer) -> Cell:
    if row.time is not None:
        moment: datetime = from_text(row.time)
        return when(moment)
    return Phrase("web.stated.day-only", {"stated": row.time_as_stated or row.day or ""})


def _txid(row: StatedTransfer, joined: Joined | None, chain: Chain | None) -> Cell:
    if row.txid is None:
        return Phrase("note.not-stated")
    is_held = joined is not None and joined.tx_state is not None and chain is not None
    url = reverse("tx", kwargs={"chain": chain.name, "txid": row.txid}) if is_held and chain else ""
    return identifier(row.txid, url, short=True)


def _why(joined: Joined) -> str:
    """What differs or is missing, sentence by sentence."""
    return " ".join(words(f"note.join-why-{reason}") for reason in joined.reasons)
