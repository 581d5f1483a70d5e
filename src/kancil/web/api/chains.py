"""The chains that a unit holds: what is there, one block, transaction or address, its labels.

What is not held is unknown, and null. A label is its publisher's allegation.
"""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.change.combine import COMBINATIONS, combination_of
from kancil.desk.studies.changed import change_soon
from kancil.desk.studies.queries import chain_names, label_shelf, open_chain
from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.studies.change.values import change_value
from kancil.web.page import EVERYONE

from .fields import FEW, FIRST, Cursor, Identifier, Limit, Moment, Name, Part, Sat, part
from .operation import Asker, operation

_BLOCK = {"chain": "main", "block": "170"}
_TX = {
    "chain": "main",
    "txid": "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
}
MOST_COMBINED = 10
_ADDRESS = {"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"}


class ChainAnswer(Schema):
    """What a chain holds, and how surely."""

    id: str = Field(validation_alias="name")
    network: str
    network_known_by: str = Field(
        description="`block files`, `pinned block`, `difficulty`, or `officer`: stated alone."
    )
    is_real_money: bool
    blocks: int
    blocks_in_chain: int
    headers_alone: int
    transactions: int
    loose_transactions: int
    inputs: int
    unknown_inputs: int = Field(description="Inputs whose source is not held.")
    unknown_inputs_valued: int = Field(
        description="Of these, with a value by a file of spent ones."
    )
    outputs: int
    conflicts: int = Field(description="Inputs that spend what another input spends.")
    work: dict[str, int] = Field(description="Blocks by the answer about their work.")
    islands: list[dict[str, Any]]
    scope: str = Field(description="Up to where the blocks held reach.")
    not_checked: list[str]


@operation("GET", "/chains", may=EVERYONE, gives=Part[ChainAnswer])
def list_chains(asker: Asker, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The chains of the unit, by name."""
    workspace = asker.desk.workspace
    rows = list(enumerate(chain_names(workspace), start=1))

    def shown(row: tuple[int, str]) -> Any:
        return plain(open_chain(workspace, row[1]).status())

    return part(rows, cursor, limit, lambda row: int(row[0]), shown)


@operation("GET", "/chains/{chain}", may=EVERYONE, gives=ChainAnswer, sample={"chain": "main"})
def get_chain(asker: Asker, chain: Name) -> Any:
    """What one chain holds, and how surely."""
    return plain(open_chain(asker.desk.workspace, chain).status())


class BlockAnswer(Schema):
    """One block, or a header held alone."""

    id: str = Field(validation_alias="hash")
    previous: str
    height: int | None
    height_source: str | None
    height_disputed: bool
    time: Moment = Field(description="The miner's word, up to about two hours off.")
    held: str
    set_aside: str | None
    state: str
    tx_count: int | None
    input_count: int | None
    output_count: int | None
    unknown_input_count: int | None
    work: str
    work_reason: str
    merkle_ok: bool | None
    witness: str | None
    size_bytes: int | None
    fees_sat: Sat | None
    reward_sat: Sat | None
    subsidy_sat: Sat | None
    network: str
    is_real_money: bool
    not_checked: list[str]


@operation("GET", "/chains/{chain}/blocks/{block}", may=EVERYONE, gives=BlockAnswer, sample=_BLOCK)
def get_block(asker: Asker, chain: Name, block: Identifier) -> Any:
    """One block by its hash or height."""
    return plain(open_chain(asker.desk.workspace, chain).block(block))


class SpenderAnswer(Schema):
    """What spends an output."""

    txid: str
    input: int
    block: str | None


class InputAnswer(Schema):
    """What a transaction spends, as far as that is held or stated."""

    n: int
    source: str | None
    status: str
    value_sat: Sat | None
    value_source: str | None
    script: str | None
    address: str | None
    same_key_as: list[str]
    sequence: int


class OutputAnswer(Schema):
    """What a transaction makes, and whether a spend of it was seen."""

    n: int
    value_sat: Sat
    script: str
    address: str | None
    same_key_as: list[str]
    spent_by: SpenderAnswer | None
    no_spend_seen: str | None = Field(description="Never that there is none.")


class TxAnswer(Schema):
    """One transaction."""

    id: str = Field(validation_alias="txid")
    wtxid: str | None
    block: str | None
    block_known_by: str | None
    proof_depth_shown: bool | None
    height: int | None
    height_source: str | None
    time: Moment | None
    index: int | None
    state: str
    copies: list[str]
    size_bytes: int
    version: int
    locktime: int
    fee_sat: Sat | None
    inputs: list[InputAnswer]
    outputs: list[OutputAnswer]
    network: str
    is_real_money: bool
    not_checked: list[str]


@operation("GET", "/chains/{chain}/txs/{txid}", may=EVERYONE, gives=TxAnswer, sample=_TX)
def get_tx(asker: Asker, chain: Name, txid: Identifier) -> Any:
    """One transaction: what it spent, what it made, and what is not known of it."""
    return plain(open_chain(asker.desk.workspace, chain).tx(txid))


class ChangeAnswer(Schema):
    """Which output of a transaction may be change: a guess with its reasons, never a finding."""

    id: str = Field(validation_alias="txid")
    applicable: bool
    not_applicable: dict[str, Any] | None = Field(description="Why no rule is asked.")
    joins: list[dict[str, Any]] = Field(
        description="What detectors of CoinJoins and equal outputs say that say yes or cannot tell."
    )
    output: dict[str, Any] | None = Field(description="Named by the first combination, if any.")
    answered_by: str | None
    outputs: list[dict[str, Any]]
    members: list[dict[str, Any]] = Field(description="What each rule says, and why.")
    combinations: list[dict[str, Any]]
    scope: str = Field(description="Up to where the blocks held reach.")
    network: str
    is_real_money: bool
    notes: list[str] = Field(description="What must be told with the answer.")


Combine = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=200)]],
    Query(max_length=MOST_COMBINED, description="As in `kancil bitcoin change --combine`."),
]


@operation("GET", "/chains/{chain}/txs/{txid}/change", may=EVERYONE, gives=ChangeAnswer, sample=_TX)
def get_change(
    asker: Asker,
    chain: Name,
    txid: Identifier,
    combine: Combine = [],  # noqa: B006  # ninja takes a list's default from here, and copies it
) -> Any:
    """Which output may be change, by each rule and combination; no error rate is known."""
    opened = open_chain(asker.desk.workspace, chain)
    asked = [combination_of(text) for text in combine] or COMBINATIONS
    return change_value(change_soon(opened, txid, asked))


class DepositAnswer(Schema):
    """One output that an address received."""

    outpoint: str
    value_sat: Sat
    height: int | None
    time: Moment | None
    spent_by: SpenderAnswer | None
    no_spend_seen: str | None


class AddressAnswer(Schema):
    """What the blocks held show of an address."""

    id: str = Field(validation_alias="address")
    script: str
    deposit_count: int
    received_sat: Sat
    no_spend_seen_sat: Sat
    deposits: list[DepositAnswer]
    next: int | None = Field(description="Cursor of the next deposits; null: these are the last.")
    spends_of_unknown: list[dict[str, Any]]
    outside_chain: int
    same_key: list[dict[str, Any]] = Field(
        description="What pays the same key in another way (P2PK, P2PKH, P2WPKH), each by itself."
    )
    not_counted: list[str]
    scope: str
    network: str
    is_real_money: bool


@operation(
    "GET", "/chains/{chain}/addresses/{address}", may=EVERYONE, gives=AddressAnswer,
    sample=_ADDRESS,
)  # fmt: skip
def get_address(
    asker: Asker,
    chain: Name,
    address: Identifier,
    cursor: Cursor = FIRST,
    limit: Limit = FEW,
) -> Any:
    """What an address received in the blocks held, a part of its deposits at a time."""
    found = plain(open_chain(asker.desk.workspace, chain).address(address))
    rows = list(enumerate(found["deposits"], start=1))
    few = part(rows, cursor, limit, lambda row: int(row[0]), lambda row: row[1])
    return {**found, "deposits": few["items"], "next": few["next"]}


class LabelAnswer(Schema):
    """What a publisher says of an address: an allegation."""

    publisher: str
    label: str
    category: str
    published_category: str
    abuse: str
    law: str
    listed_on: str | None = Field(description="Null: not known, and may be after any payment.")
    fetched_on: str | None
    confidence: str
    licence: str
    source: str
    file_sha256: str
    place: str


class LabelsAnswer(Schema):
    """The labels of an address."""

    allegation: str = Field(description="How labels are to be read.")
    items: list[LabelAnswer]


@operation(
    "GET", "/chains/{chain}/addresses/{address}/labels", may=EVERYONE, gives=LabelsAnswer,
    sample=_ADDRESS,
)  # fmt: skip
def list_labels(asker: Asker, chain: Name, address: Identifier) -> Any:
    """What imported labels say of an address."""
    opened = open_chain(asker.desk.workspace, chain)
    kind, payload = script_of_text(address, opened.network)
    found = label_shelf(asker.desk.workspace, opened).index(opened.network).of(kind, payload)
    return {
        "allegation": render("note.label-allegation"),
        "items": plain(found),
    }
