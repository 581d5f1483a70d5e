"""Stated transfers beside a chain: what the transaction that a row names has to say of it.

From rows of tables (`records.transfer`) and an opened chain; to one answer a row, for graph and
report. A row stays *stated by* its publisher, also where the chain agrees: the chain proves the
transaction, not who asked for it, nor that the table is complete. What differs is shown side by
side, and nothing is decided about who is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.chain.views import OutputView, TxView, time_text
from kancil.bitcoin.script.address import decode_address, encode_address
from kancil.bitcoin.script.errors import (
    AddressIsExtendedKey,
    AddressIsPrivateKey,
    AddressNotReadable,
)
from kancil.ground.clock import from_text, from_unix
from kancil.records.asset import BITCOIN, in_units
from kancil.records.transfer import StatedTransfer

BITCOIN_ASSET = "BTC"
SAT_DIGITS = 8


class JoinState(Enum):
    """What came of looking a row up."""

    JOINED = "joined"
    """The transaction is held and has an output to that address with that amount."""
    PARTLY = "partly"
    """It is held and has all that the row states, but the row states no address, or no amount in
    whole satoshi."""
    CONTRADICTS = "contradicts"
    """It is held, and no output fits what the row states."""
    NOT_HELD = "not-held"
    """It is not among the blocks held, which may be a slice: it may well exist."""
    NOT_BITCOIN = "not-bitcoin"
    """The row is of another chain or asset."""
    NO_TXID = "no-txid"
    """The row is of bitcoin and names no transaction."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A stated transfer and what the chain has beside it; words are `note.join-<state>`."""

    transfer: StatedTransfer
    state: JoinState
    reasons: tuple[str, ...] = ()
    """What differs or is missing: words are `note.join-why-<reason>`."""
    outputs: tuple[OutputView, ...] = ()
    """Those that fit; where none does, those to the stated address, else all."""
    block: str | None = None
    time: int | None = None
    """Of the block, the miner's claim, in seconds since 1970."""
    tx_state: str | None = None
    """`in chain`, `stale`, `failed` or `loose`."""
    seconds_apart: int | None = None
    """From the stated time to the block's; None where either is not known. Clocks differ, a
    payment waits for its block: it is shown and never judged."""
    network: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form; amounts as text."""
        return {
            "block": self.block,
            "block_time": time_text(self.time),
            "network": self.network,
            "outputs": [
                {"address": one.address, "n": one.n, "value_sat": str(one.value_sat)}
                for one in self.outputs
            ],
            "reasons": list(self.reasons),
            "seconds_apart": self.seconds_apart,
            "state": self.state.value,
            "stated": self.transfer.as_dict(),
            "tx_state": self.tx_state,
        }


MOST_BESIDE = 2_000
"""Stated transfers that are kept ready for a picture; a picture has at most 500 nodes."""


@dataclass(frozen=True, slots=True)
class BesideTransfer:
    """A stated transfer for a picture, with what the chain says of it: keys of words."""

    row: int
    asset: str
    amount: str
    stated_by: str
    time: str | None
    day: str | None
    txid: str | None
    from_name: str | None
    from_account: str | None
    from_address: str | None
    to_name: str | None
    to_account: str | None
    to_address: str | None
    output: int | None
    """Number of the one output that fits."""
    is_contradicted: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What tables state that may hang on a chain's picture."""

    rows: tuple[BesideTransfer, ...]
    others: int
    """Rows that name no transaction held here and no address of this network."""
    left: int
    """Rows that do, and are more than are kept ready."""


def beside_chain(chain: Chain, transfers: Iterable[StatedTransfer]) -> Beside:
    """Pick the stated transfers that name a transaction held, or an address of this network."""
    rows: list[BesideTransfer] = []
    others = left = 0
    for transfer in transfers:
        joined = _join(chain, transfer)
        if joined.tx_state is None and not _names_address(chain, transfer):
            others += 1
        elif len(rows) == MOST_BESIDE:
            left += 1
        else:
            rows.append(_beside_transfer(joined))
    return Beside(tuple(rows), others, left)


def _names_address(chain: Chain, transfer: StatedTransfer) -> bool:
    """Whether a row of this chain or of a bank names an address of this network."""
    if transfer.chain not in (None, BITCOIN):
        return False
    named = (transfer.from_address, transfer.to_address)
    return any(_address(chain, text)[0] is not None for text in named)


def _beside_transfer(joined: Joined) -> BesideTransfer:
    transfer = joined.transfer
    fits = joined.state in (JoinState.JOINED, JoinState.PARTLY)
    names = (name for name in BesideTransfer.__slots__ if name in StatedTransfer.__slots__)
    return BesideTransfer(
        **{name: getattr(transfer, name) for name in names},
        output=joined.outputs[0].n if fits and len(joined.outputs) == 1 else None,
        is_contradicted=joined.state is JoinState.CONTRADICTS,
        reasons=(
            f"note.join-{joined.state.value}",
            *(f"note.join-why-{reason}" for reason in joined.reasons),
        ),
    )


def join_stated(chain: Chain, transfers: Iterable[StatedTransfer]) -> Iterator[Joined]:
    """Look each stated transfer up in a chain, in order."""
    for transfer in transfers:
        yield _join(chain, transfer)


def _join(chain: Chain, transfer: StatedTransfer) -> Joined:
    if transfer.chain not in (None, BITCOIN) or transfer.asset.upper() != BITCOIN_ASSET:
        return Joined(transfer, JoinState.NOT_BITCOIN)
    if transfer.txid is None:
        return Joined(transfer, JoinState.NO_TXID)
    if transfer.txid.startswith("0x"):
        return Joined(transfer, JoinState.NOT_BITCOIN, ("txid-form",))
    try:
        tx = chain.tx(transfer.txid)
    except NotInChain:
        reasons = () if transfer.chain == BITCOIN else ("chain-not-stated",)
        return Joined(transfer, JoinState.NOT_HELD, reasons)
    return _beside(chain, transfer, tx)


def _beside(chain: Chain, transfer: StatedTransfer, tx: TxView) -> Joined:
    """Compare a row with the transaction it names."""
    address, wrong = _address(chain, transfer.to_address)
    value_sat = in_units(Decimal(transfer.amount), SAT_DIGITS)
    to_it = [one for one in tx.outputs if address is None or _pays(one, address)]
    fitting = [one for one in to_it if value_sat is not None and one.value_sat == value_sat]
    reasons = [wrong] if wrong else []
    if value_sat is None:
        reasons.append("finer-than-satoshi")
    if wrong:
        state, shown = JoinState.CONTRADICTS, list(tx.outputs)
    elif not to_it:
        state, shown = JoinState.CONTRADICTS, list(tx.outputs)
        reasons.append("address-not-paid")
    elif not fitting:
        state, shown = JoinState.CONTRADICTS, to_it
        if value_sat is not None:
            reasons.append(_difference(transfer, value_sat, to_it))
    elif address is None:
        state, shown = JoinState.PARTLY, fitting
        reasons.append("address-not-stated")
    else:
        state, shown = JoinState.JOINED, fitting
    reasons += _sender(chain, transfer, tx)
    if "sender-differs" in reasons:
        state = JoinState.CONTRADICTS
    if len(fitting) > 1:
        reasons.append("several-fit")
    if tx.state != "in chain":
        reasons.append("not-in-best-chain")
    return Joined(
        transfer,
        state,
        tuple(reasons),
        tuple(shown),
        tx.block,
        tx.time,
        tx.state,
        _seconds_apart(transfer, tx),
        chain.network.name,
    )


def _address(chain: Chain, text: str | None) -> tuple[str | None, str | None]:
    """A stated address as the chain writes it, or the reason why it is none of this network.

    A private key is not repeated in any reason.
    """
    if text is None:
        return None, None
    try:
        kind, payload = decode_address(text, chain.network)
    except (AddressNotReadable, AddressIsPrivateKey, AddressIsExtendedKey):
        return None, "address-not-readable"
    return encode_address(kind, payload, chain.network), None


def _pays(output: OutputView, address: str) -> bool:
    """Whether an output pays an address: by its script, or to the bare key behind it."""
    return output.address == address or output.same_key_as == (address,)


def _difference(transfer: StatedTransfer, value_sat: int, outputs: list[OutputView]) -> str:
    """Whether an amount differs by just the fee that the row states."""
    if transfer.fee is not None and transfer.fee_asset in (None, BITCOIN_ASSET):
        fee_sat = in_units(Decimal(transfer.fee), SAT_DIGITS)
        by_fee = {one.value_sat - value_sat for one in outputs} & {fee_sat, -(fee_sat or 0)}
        if fee_sat and by_fee:
            return "differs-by-fee"
    return "amount-differs"


def _sender(chain: Chain, transfer: StatedTransfer, tx: TxView) -> list[str]:
    """How the stated sender stands to the inputs; unknown inputs settle nothing."""
    if transfer.from_address is None:
        return []
    address, wrong = _address(chain, transfer.from_address)
    if wrong or address is None:
        return ["sender-not-readable"]
    inputs = [(one.address, one.same_key_as) for one in tx.inputs]
    if any(held == address or same == (address,) for held, same in inputs):
        return []
    has_unknown = any(held is None and not same for held, same in inputs)
    return ["sender-not-checked" if has_unknown else "sender-differs"]


def _seconds_apart(transfer: StatedTransfer, tx: TxView) -> int | None:
    if transfer.time is None or tx.time is None:
        return None
    block = from_unix(tx.time)
    return round((block - from_text(transfer.time)).total_seconds())
