"""Where a trace begins: outpoints, transactions, addresses or a table, resolved on a chain.

From words as an officer types them, or a table of victims; to outputs. An address stands for all
coins it ever received here unless a time window or named deposits say otherwise, and then the
answer says so.

**Own change.** What an address pays back to itself was received before: counted again, a wallet
that pays itself change seventy times seems to have received its coins seventy times. So of a
transaction that spends from the addresses asked about, their outputs count only for what exceeds
what they put in. An output that is all change is a start of no satoshi: its coins go on from there
as from a start, and nothing is added. Whose coins an input spends is known where its source is held
or a file states it; else its transaction counts as paid from outside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from kancil.bitcoin.tracing.result import Start
from kancil.ground.child import in_child
from kancil.ground.clock import from_unix
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .activity import activity_of, coins_of_scripts
from .chain import Chain, read_hash
from .errors import NotInChain, StartHasNoCoins, StartsTableNotReadable
from .same_keys import script_of_text

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
class Resolved:
    """All outputs at which the trace begins."""

    starts: tuple[Start, ...]
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
    starts: list[Start] = []
    ever = False
    received: dict[int, str] = {}
    addresses: list[str] = []
    for item in asked:
        if match := _OUTPOINT.fullmatch(item.text):
            output = chain.output_row(read_hash(match[1], "transaction id"), int(match[2]))
            if output is None:
                raise NotInChain(what=Phrase("thing.output"), name=item.text, path=chain.name)
            starts.append(Start(output, item.share_sat, item.reference))
            continue
        if item.share_sat is not None:
            raise StartHasNoCoins(start=item.text[:100], why=Phrase("why.share-needs-outpoint"))
        if _TXID.fullmatch(item.text):
            outputs = _outputs_of_transaction(chain, item.text)
        else:
            addresses.append(item.text)
            for output in _deposits(chain, item.text, since, until):
                received.setdefault(output, item.reference)
            ever = ever or (since is None and until is None)
            continue
        starts.extend(Start(output, None, item.reference) for output in outputs)
    return Resolved((*starts, *_net_of_change(chain, addresses, received)), ever)


def _net_of_change(chain: Chain, addresses: Sequence[str], received: dict[int, str]) -> list[Start]:
    """The outputs that pay addresses, with their references, each with what came from outside.

    Of a transaction into which others pay too, what came from outside is put on its largest outputs
    first. Raises StartHasNoCoins where all of it is change.
    """
    if not received:
        return []
    scripts = dict.fromkeys(script_of_text(text, chain.network) for text in addresses)
    own = activity_of(chain, coins_of_scripts(chain, scripts))
    change = dict(zip(own.txs.tolist(), np.minimum(own.in_sat, own.out_sat).tolist(), strict=True))
    rows = np.array(list(received), np.int64)
    values = dict(zip(received, chain.graph.output_value[rows].tolist(), strict=True))
    makers = dict(zip(received, chain.txs_of_outputs(rows).tolist(), strict=True))
    shares: dict[int, int | None] = {}
    for output in sorted(received, key=lambda one: (values[one], -one)):  # the smallest first
        back = min(values[output], change.get(makers[output], 0))
        if back:
            change[makers[output]] -= back
        shares[output] = values[output] - back if back else None
    if not any(share is None or share for share in shares.values()):
        raise StartHasNoCoins(start=addresses[0], why=Phrase("why.received-change-alone"))
    return [Start(output, shares[output], received[output]) for output in received]


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
