"""What a chain answers about one block, transaction or address: plain values, ready for a door.

Made by `chain`; shown by doors and reports. Amounts are integers here and text in JSON.
What is not known is None and is said; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from kancil.bitcoin.blocks.headers import HeightSource, WorkVerdict
from kancil.bitcoin.holdings.build import Placed
from kancil.ground import clock
from kancil.ground.plain import LEFT_OUT, as_text, itself, written

NOT_CHECKED = ("scripts", "signatures")
"""What Kancil never checks of a block; signet's block signature besides, on signet. Amounts come
with them, and of how many transactions, where what these spend is not held."""
NETWORK_STATED = "network (stated by the officer)"
SIGNET_NOT_CHECKED = "signet block signature"

WORK_TEXT = {
    WorkVerdict.OWN_TARGET_ONLY: "own target only",
    WorkVerdict.CHECKED: "difficulty checked along held headers to a pinned checkpoint",
    WorkVerdict.FAILED: "failed",
}
HEIGHT_SOURCE_TEXT = {
    HeightSource.NONE: None,
    HeightSource.STATED: "file name",
    HeightSource.CLAIMED: "coinbase",
    HeightSource.LINKED: "linked",
}
PLACED_TEXT = {
    Placed.NOT: None,
    Placed.BY_TIME: "block times",
    Placed.BY_HEIGHT: "heights",
    Placed.ALONE: "only one",
}


def time_text(seconds: int | None) -> str | None:
    """Write a block time (seconds since 1970, the miner's word) as UTC text."""
    return None if seconds is None else clock.to_text(clock.from_unix(seconds))


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block, or a header held alone, or a block set aside."""

    PLAIN_ALSO: ClassVar = ("stale",)

    hash: str
    previous: str
    height: int | None
    height_source: str | None
    height_disputed: bool
    time: int = field(metadata=written(by=time_text))
    held: str
    """`block`, `header` or `set aside`."""
    set_aside: str | None
    """Why a block was set aside."""
    state: str
    """`in chain`, `stale`, `failed`; `set aside`: its header stands there, what it holds cannot."""
    tx_count: int | None
    input_count: int | None
    output_count: int | None
    unknown_input_count: int | None
    work: str
    work_reason: str
    merkle_ok: bool | None
    witness: str | None
    size_bytes: int | None = field(metadata=written(by=itself))
    fees_sat: int | None
    """All fees of the block; None where a value is not known."""
    reward_sat: int | None
    """What the coinbase's outputs take."""
    subsidy_sat: int | None
    """New coins that the rules allow at this height."""
    spent_outputs: dict[str, Any] | None
    """The spent-outputs file that belongs to it, and what of it was compared."""
    source: str | None
    offset: int | None = field(metadata=written(by=as_text))
    network: str
    is_real_money: bool
    not_checked: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether it is whole and not on its island's chain of most work."""
        return self.state == "stale"


@dataclass(frozen=True, slots=True)
class InputView:
    """One input: what it spends, as far as that is held or stated."""

    n: int
    source: str | None
    """Outpoint `txid:n`; None for a coinbase."""
    status: str
    """`known`, `unknown` (its source is not held) or `coinbase`."""
    value_sat: int | None
    value_source: str | None
    """`held output`, `spent-outputs file`, `undo file`, `coinbase outputs`; None: not known."""
    script: str | None
    address: str | None
    same_key_as: tuple[str, ...]
    sequence: int


@dataclass(frozen=True, slots=True)
class OutputView:
    """One output, and whether a spend of it was seen."""

    n: int
    value_sat: int
    script: str
    address: str | None
    same_key_as: tuple[str, ...]
    """P2PKH form of the keys of a P2PK or bare multisig output, which has no address."""
    spent_by: dict[str, Any] | None
    """`txid`, `input` and `block` of the transaction that spends it."""
    no_spend_seen: str | None
    """Said where no spend was seen; never that there is none."""


@dataclass(frozen=True, slots=True)
class TxView:
    """One transaction."""

    txid: str
    wtxid: str | None
    """Zeros for the coinbase of a block, as BIP 141 has it."""
    block: str | None
    """Hash of its block; None if it came without one and no proof tells."""
    block_known_by: str | None
    """`block` or `merkle proof`."""
    proof_depth_shown: bool | None
    """For a Merkle proof: whether the coinbase's path of equal depth came with it."""
    height: int | None
    height_source: str | None
    time: int | None = field(metadata=written(by=time_text))
    index: int | None
    state: str
    """`in chain`, `stale`, `failed`, `loose` (in no block as far as is known here)."""
    copies: tuple[str, ...]
    """Other held blocks that have a transaction of this id."""
    size_bytes: int = field(metadata=written(by=itself))
    version: int
    locktime: int
    fee_sat: int | None
    inputs: tuple[InputView, ...]
    outputs: tuple[OutputView, ...]
    network: str
    is_real_money: bool
    not_checked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepositView:
    """One output that an address received."""

    outpoint: str
    output: int = field(metadata=LEFT_OUT)
    """Row in the columns."""
    value_sat: int
    height: int | None
    time: int | None = field(metadata=written(by=time_text))
    spent_by: dict[str, Any] | None
    no_spend_seen: str | None


def _unspent(deposits: Sequence[DepositView]) -> int:
    return sum(each.value_sat for each in deposits if each.spent_by is None)


@dataclass(frozen=True, slots=True)
class SameKeyView:
    """What pays the same key as the address or key asked for, in another way."""

    PLAIN_ALSO: ClassVar = ("deposit_count", "received_sat", "no_spend_seen_sat")

    name: str
    """Address, or the key in hex where it is paid directly."""
    script: str
    deposits: tuple[DepositView, ...]

    @property
    def deposit_count(self) -> int:
        """How many deposits there are."""
        return len(self.deposits)

    @property
    def received_sat(self) -> int:
        """Sum of the deposits."""
        return sum(deposit.value_sat for deposit in self.deposits)

    @property
    def no_spend_seen_sat(self) -> int:
        """Sum of the deposits of which no spend was seen; never that there is none."""
        return _unspent(self.deposits)


@dataclass(frozen=True, slots=True)
class AddressView:
    """All that the blocks held show of one address."""

    PLAIN_ALSO: ClassVar = ("deposit_count", "received_sat", "no_spend_seen_sat", "not_counted")

    address: str
    script: str
    deposits: tuple[DepositView, ...]
    """In the order of the chain."""
    spends_of_unknown: tuple[dict[str, Any], ...]
    """Inputs whose source is not held and which, by a spent-outputs file, spend this address."""
    outside_chain: int
    """Outputs of this address in stale or failed blocks, not listed."""
    same_key: tuple[SameKeyView, ...]
    """What pays the same key in another way, where that is known; not counted in the deposits."""
    scope: str
    """Up to where the blocks held reach."""
    network: str
    is_real_money: bool

    @property
    def has_bare_keys(self) -> bool:
        """Whether the key of this address may also be paid without any address.

        Payments to a bare key (P2PK, bare multisig) have no address and are not among the deposits.
        """
        return self.script == "p2pkh"

    @property
    def not_counted(self) -> tuple[str, ...]:
        """Codes of what else may belong to it."""
        return ("bare-keys",) if self.has_bare_keys else ()

    @property
    def deposit_count(self) -> int:
        """How many deposits there are."""
        return len(self.deposits)

    @property
    def received_sat(self) -> int:
        """Sum of the deposits."""
        return sum(deposit.value_sat for deposit in self.deposits)

    @property
    def no_spend_seen_sat(self) -> int:
        """Sum of the deposits of which no spend was seen; never that there is none."""
        return _unspent(self.deposits)


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """What a chain holds, and how surely."""

    name: str
    form: str
    """`slice`; `whole`: from the first block on, nothing missing; `window`: from one block on."""
    network: str
    network_known_by: str
    """`block files` (their magic), `pinned block`, `difficulty`, or `officer`: stated alone."""
    is_real_money: bool
    blocks: int
    blocks_in_chain: int
    stale: tuple[str, ...]
    """Hashes of whole blocks that are not on their island's chain of most work."""
    failed: tuple[str, ...]
    """Hashes of blocks whose difficulty is not what the held headers ask for."""
    set_aside: tuple[dict[str, str], ...]
    """Hash and reason of blocks whose transactions were not taken."""
    headers_alone: int
    transactions: int
    loose_transactions: int
    loose_proven: int
    """Loose transactions whose block a Merkle proof tells."""
    inputs: int
    unknown_inputs: int
    """Inputs in the chain whose source is not held."""
    unknown_inputs_valued: int
    """Of these, how many have a value by a spent-outputs file or an undo file."""
    outputs: int
    islands: tuple[dict[str, Any], ...]
    """Connected parts: `placed_by` says how it is known where each stands, None not at all."""
    islands_by_time: int
    """How many are placed by nothing but their block times."""
    islands_not_placed: int
    """How many have no known place: neither heights nor block times tell it."""
    contested_heights: int
    tied_tips: tuple[str, ...]
    conflicts: int
    """Inputs that spend what another input spends; the earlier one was followed."""
    duplicate_coinbases: tuple[str, ...]
    work: dict[str, int]
    """Blocks by the answer about their work."""
    spent_outputs_files: int
    undo_blocks: int
    """Blocks whose inputs have values by a record of an undo file."""
    scope: str
    left: tuple[dict[str, Any], ...]
    """Blocks that were in a whole chain or window and gave way to a branch of more work."""
    sources: int
    sources_gone: int
    """Source files that are no longer where they were: their blocks are not re-provable here."""
    source_bytes: int
    ingests: tuple[dict[str, Any], ...]
    not_checked: tuple[str, ...]
