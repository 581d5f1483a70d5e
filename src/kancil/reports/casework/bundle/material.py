"""What a bundle's proofs hold, and all that its analysis is computed from.

The writer gathers it from a chain; the checker reads it back from the members alone. Both hand it
to `analyse.py`, so what a checker recomputes is what the writer wrote. Hashes of blocks and
transactions are text as people see them (reversed hex); Merkle paths are bytes as hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kancil.ground import canonical
from kancil.studies.trace.cited import CitedCoinjoin, CitedLabel

from .studies import CitedStudy, study_member

OWN_TARGET = "own target only"
LINKED_WORK = "difficulty checked along held headers to a pinned checkpoint"
FAILED_WORK = "failed"
NO_NETWORK = "none"
"""Network of a bundle in which there is nothing of a chain."""
HEADER_BYTES = 80


@dataclass(frozen=True, slots=True)
class CitedBlock:
    """A block in which a cited transaction stands."""

    hash: str
    height: int | None
    height_source: str | None
    """`linked`, `coinbase`, `file name`, or None."""
    place: int
    """Its number in `headers.bin`, from 0."""
    work: str

    def as_dict(self) -> dict[str, Any]:
        """Its element of `blocks.json`."""
        return {
            "hash": self.hash,
            "height": self.height,
            "height_source": self.height_source,
            "place": self.place,
            "work": self.work,
        }


@dataclass(frozen=True, slots=True)
class CitedTransaction:
    """A transaction with its bytes and its place in a block."""

    txid: str
    raw: bytes
    """Bytes as in the block, witness included."""
    base: bytes
    """Bytes that the txid is the hash of."""
    block: str | None
    """Hash of its block; None if it was not shown to be in any."""
    index: int | None
    path: tuple[bytes, ...]
    """Sibling hashes from the leaf up."""
    coinbase_txid: str | None
    coinbase_path: tuple[bytes, ...]
    run: tuple[int, int]
    """Run of blocks it surely comes after and surely comes before, as in `Graph.tx_run` and
    `tx_run_after`, numbered anew from 0; equal in a block, -1 none."""
    unknown_inputs: tuple[int, ...] = ()
    """Inputs whose source the maker does not hold. One neither here nor in the bundle has a source
    that the maker holds and does not show."""
    unspent_outputs: tuple[int, ...] = ()
    """Outputs that nothing held by the maker spends. One neither here nor spent in the bundle is
    spent by a transaction that the maker holds and does not show."""
    stated_values: dict[int, int] = field(default_factory=dict)
    """Satoshi of inputs known only from a spent-outputs file, by input number: stated, not
    proved."""

    @property
    def is_held(self) -> bool:
        """Whether its whole block was held, and not only the transaction with a proof."""
        return self.block is not None and self.run[0] == self.run[1]

    def as_dict(self) -> dict[str, Any]:
        """Its element of `transactions.json`."""
        return {
            "block": self.block,
            "coinbase_path": [step.hex() for step in self.coinbase_path],
            "coinbase_txid": self.coinbase_txid,
            "index": self.index,
            "path": [step.hex() for step in self.path],
            "run": list(self.run),
            "stated_values": [
                {"input": number, "value_sat": str(value)}
                for number, value in sorted(self.stated_values.items())
            ],
            "txid": self.txid,
            "unknown_inputs": list(self.unknown_inputs),
            "unspent_outputs": list(self.unspent_outputs),
        }


LABEL_COLUMNS = (
    "row", "address", "publisher", "label", "category", "abuse", "law", "listed_on",
    "modified_on", "fetched_on", "confidence", "licence", "source", "sha256", "place",
    "is_service", "is_listed_by_law",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Others:
    """What the maker states of the transactions that were held but are not in the bundle.

    Coins out of sight can come back only through them, so the bounds of a trace depend on it.
    """

    unknown_run: int = -1
    """Latest run with an input of unknown source, -1 none."""
    unseen_run: int = -1
    """Earliest run with an output without a seen spend, -1 none."""
    is_loose: bool = False
    """One of them stands in no run."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was held when the traces ran: stated by the maker, not provable by a bundle."""

    blocks: int
    transactions: int
    runs: int
    """Unbroken rows of blocks."""
    blocks_sha256: str
    """SHA-256 of the hashes (32 bytes, internal order) of all blocks in the graph, sorted."""
    inputs: tuple[str, ...]
    """SHA-256 of each source file, sorted."""
    last_block: str | None
    last_height: int | None
    last_time: str | None
    """Block up to which a spend would have been seen, its height and the miner's time."""
    others: Others

    def as_dict(self) -> dict[str, Any]:
        """The `held` of analysis.json."""
        return {
            "blocks": self.blocks,
            "blocks_sha256": self.blocks_sha256,
            "inputs": list(self.inputs),
            "last_block": self.last_block,
            "last_height": self.last_height,
            "last_time": self.last_time,
            "others": {
                "is_loose": self.others.is_loose,
                "unknown_run": self.others.unknown_run,
                "unseen_run": self.others.unseen_run,
            },
            "runs": self.runs,
            "transactions": self.transactions,
        }


@dataclass(frozen=True, slots=True)
class Material:
    """All that the analysis of a bundle is computed from."""

    network: str
    kancil: str
    """Version of Kancil that wrote the analysis."""
    held: Held
    blocks: tuple[CitedBlock, ...]
    """From the oldest to the newest, as the trace ranked them."""
    headers: bytes
    transactions: tuple[CitedTransaction, ...]
    """In the order in which the trace ranked them."""
    labels: tuple[CitedLabel, ...]
    """Sorted; the row number in labels.csv is the place here from 1."""
    questions: tuple[dict[str, Any], ...]
    """`parameters.json` of each trace."""
    coinjoins: tuple[CitedCoinjoin, ...] = ()
    """Where traces stopped, sorted."""
    studies: tuple[CitedStudy, ...] = ()
    """Recorded studies other than traces, in the order of their folders."""
    is_training: bool = False
    """Whether the analysis was made in a classroom, of no real case."""

    @property
    def has_chain(self) -> bool:
        """Whether there is a trace, and with it something of a chain."""
        return bool(self.questions)

    def header(self, block: CitedBlock) -> bytes:
        """The 80 bytes of a block's header."""
        return self.headers[block.place * HEADER_BYTES : (block.place + 1) * HEADER_BYTES]


def without_chain(kancil: str, studies: tuple[CitedStudy, ...]) -> Material:
    """The material of a bundle that holds studies and no trace; `kancil`: version of its maker."""
    held = Held(0, 0, 0, "", (), None, None, None, Others())
    return Material(NO_NETWORK, kancil, held, (), b"", (), (), (), studies=studies)


def shown(digest: bytes) -> str:
    """Write a block or transaction hash as people see it."""
    return digest[::-1].hex()


def study_members(material: Material) -> dict[str, bytes]:
    """The members under `analysis/studies/`."""
    return {study_member(n): one.data for n, one in enumerate(material.studies, 1)}


def proof_members(material: Material) -> dict[str, bytes]:
    """The members under `analysis/proofs/`; none where there is nothing of a chain."""
    if not material.has_chain:
        return {}
    folder = "analysis/proofs/"
    members = {
        f"{folder}blocks.json": canonical.dumps([block.as_dict() for block in material.blocks]),
        f"{folder}headers.bin": material.headers,
        f"{folder}transactions.json": canonical.dumps(
            [transaction.as_dict() for transaction in material.transactions]
        ),
    }
    for transaction in material.transactions:
        members[f"{folder}tx/{transaction.txid}.raw"] = transaction.raw
        if transaction.base != transaction.raw:
            members[f"{folder}tx/{transaction.txid}.base"] = transaction.base
    return members


def tells_stops(questions: Iterable[Any]) -> bool:
    """Whether a bundle of traces with these parameters has the member."""
    return any(isinstance(question, dict) and "stops_at" in question for question in questions)
