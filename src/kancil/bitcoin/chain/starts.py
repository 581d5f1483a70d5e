"""Where a trace begins: outpoints, transactions, addresses or a table, resolved on a chain.

From words as an officer types them, or a table of victims; to outputs. An address stands for all
coins it ever received here unless a time window or named deposits say otherwise, and then the
answer says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kancil.ground.child import in_child
from kancil.ground.clock import from_unix
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .chain import Chain, read_hash
from .errors import NotInChain, StartHasNoCoins, StartsTableNotReadable

_TXID = re.compile(r"[0-9a-fA-F]{64}")
_OUTPOINT = re.compile(r"([0-9a-fA-F]{64}):(\d{1,10})")
TABLE_SUFFIXES = (".csv", ".tsv")
MAX_TABLE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class AskedStart:
    """One line of what was asked."""

    text: str
    """`txid:n`, transaction id, or address."""
    share_sat: int | None = None
    """Satoshi of an outpoint that are meant; None: all."""
    reference: str = ""
    """The victim's or deposit's reference."""


@dataclass(frozen=True, slots=True)
class ResolvedStart:
    """One output at which the trace begins."""

    output: int
    share_sat: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """All outputs at which the trace begins."""

    starts: tuple[ResolvedStart, ...]
    all_coins_ever: bool
    """An address was named without a time window: all coins ever received here are meant."""


def read_asked(words: Iterable[str]) -> list[AskedStart]:
    """Read what was typed: each word is a start, or a table (.csv, .tsv) of them.

    Raises StartsTableNotReadable, FileNotReadable (from `read_file`).
    """
    asked: list[AskedStart] = []
    for word in words:
        path = Path(word)
        if path.suffix.lower() in TABLE_SUFFIXES:
            asked.extend(read_starts(path))
        else:
            asked.append(AskedStart(word.strip()))
    return asked


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def read_starts(path: Path) -> list[AskedStart]:
    """Read a table in a child of its own.

    Its first line names the columns reference, start, share_sat, in any order.

    `start` is an outpoint, a transaction or an address; `share_sat` may be empty.
    """
    data = read_file(path)
    if len(data) > MAX_TABLE_BYTES:
        raise StartsTableNotReadable(path=str(path), line=0, why=Phrase("why.table-too-large"))
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise StartsTableNotReadable(path=str(path), line=0, why=Phrase("why.not-utf8")) from error
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    if "start" not in (reader.fieldnames or ()):
        raise StartsTableNotReadable(path=str(path), line=1, why=Phrase("why.table-no-start"))
    asked = []
    try:
        for row in reader:
            asked.append(_read_row(row, path, reader.line_num))
    except csv.Error as error:
        raise StartsTableNotReadable(
            path=str(path), line=reader.line_num, why=str(error)
        ) from error
    return asked


def _read_row(row: dict[str, str | None], path: Path, line: int) -> AskedStart:
    start = (row.get("start") or "").strip()
    share = (row.get("share_sat") or "").strip()
    if not start:
        raise StartsTableNotReadable(path=str(path), line=line, why=Phrase("why.start-empty"))
    if share and not (share.isascii() and share.isdigit() and len(share) <= 16):
        raise StartsTableNotReadable(
            path=str(path), line=line, why=Phrase("why.share-no-amount", {"share": share[:40]})
        )
    return AskedStart(start, int(share) if share else None, (row.get("reference") or "").strip())


def resolve_starts(
    chain: Chain,
    asked: Sequence[AskedStart],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Resolved:
    """Find the outputs that were asked for.

    `since`, `until`: the window in which an address's deposits are meant, by block time. Raises
    NotInChain, StartHasNoCoins, NameNotReadable, and what reading an address raises.
    """
    starts: list[ResolvedStart] = []
    ever = False
    for item in asked:
        if match := _OUTPOINT.fullmatch(item.text):
            output = chain.output_row(read_hash(match[1], "transaction id"), int(match[2]))
            if output is None:
                raise NotInChain(what=Phrase("thing.output"), name=item.text, path=chain.name)
            starts.append(ResolvedStart(output, item.share_sat, item.reference))
            continue
        if item.share_sat is not None:
            raise StartHasNoCoins(start=item.text[:100], why=Phrase("why.share-needs-outpoint"))
        if _TXID.fullmatch(item.text):
            outputs = _outputs_of_transaction(chain, item.text)
        else:
            outputs = _deposits(chain, item.text, since, until)
            ever = ever or (since is None and until is None)
        starts.extend(ResolvedStart(output, None, item.reference) for output in outputs)
    return Resolved(tuple(starts), ever)


def _outputs_of_transaction(chain: Chain, text: str) -> list[int]:
    graph = chain.graph
    outputs = [
        output
        for output in graph.outputs_of(chain.tx_row(text))
        if int(graph.output_value[output]) > 0
    ]
    if not outputs:
        raise StartHasNoCoins(start=text, why=Phrase("why.outputs-empty"))
    return outputs


def _deposits(
    chain: Chain, address: str, since: datetime | None, until: datetime | None
) -> list[int]:
    """An address's outputs in chain order, in the window where one is given.

    Where a block's time is not known, the deposit cannot be said to lie in a window, and is left
    out of one.
    """
    found: list[int] = []
    for output in chain.outputs_of_address(address).tolist():
        if since is not None or until is not None:
            _height, time = chain.height_and_time_of_tx(chain.graph.tx_of_output(output))
            if time is None:
                continue
            moment = from_unix(time)
            if (since is not None and moment < since) or (until is not None and moment > until):
                continue
        found.append(output)
    if not found:
        raise StartHasNoCoins(start=address, why=Phrase("why.received-nothing"))
    return found
