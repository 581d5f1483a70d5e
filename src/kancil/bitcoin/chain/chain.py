"""An ingested chain that answers: about blocks, transactions, addresses and itself.

What it holds comes from `held`; views go to doors and reports. A chain may be any slice of
the real one: what is not held is *unknown*, never guessed, and *no spend seen* reaches only as far
as the blocks held.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LOOSE, NO_OUTPUT, MerkleState, WitnessState
from kancil.bitcoin.blocks.headers import NOT_HELD, HeightSource, WorkReason, WorkVerdict
from kancil.bitcoin.holdings.build import Placed
from kancil.bitcoin.holdings.graph import UNKNOWN
from kancil.bitcoin.holdings.merge import Aside
from kancil.bitcoin.holdings.network_signs import STATED, known_by
from kancil.bitcoin.holdings.sources import SourceForm
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import bare_keys, same_key_address

from .amounts_open import NotCompared, not_compared
from .held import HeldChain, read_hash, shown
from .same_keys import script_of_text, scripts_of_key
from .views import (
    HEIGHT_SOURCE_TEXT,
    NETWORK_STATED,
    NOT_CHECKED,
    PLACED_TEXT,
    SIGNET_NOT_CHECKED,
    WORK_TEXT,
    AddressView,
    BlockView,
    ChainStatus,
    DepositView,
    InputView,
    OutputView,
    SameKeyView,
    TxView,
    time_text,
)

__all__ = ["Chain", "read_hash", "shown"]

_HEADER_FIELDS = (
    "hash",
    "previous",
    "height",
    "height_source",
    "height_disputed",
    "time",
    "state",
    "work",
    "work_reason",
    "subsidy_sat",
    "network",
    "is_real_money",
    "not_checked",
)


class Chain(HeldChain):
    """A chain of a workspace that answers in views; see `HeldChain` for rows and raw bytes."""

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What was not validated of the blocks here."""
        return self._not_checked(0, self.columns.tx_count)

    @cached_property
    def network_known_by(self) -> str:
        """How its network is known; see `ChainStatus`."""
        return known_by((source.form for source in self.sources), self.tree, self.network)

    @cached_property
    def amounts_not_compared(self) -> NotCompared:
        """Transactions that may pay out more than they take in, for all that is held here."""
        return not_compared(self)

    def _not_checked(self, first: int, last: int) -> tuple[str, ...]:
        """What was not validated of transactions first to last - 1 and of their blocks."""
        never: tuple[str, ...] = NOT_CHECKED
        if self.network.name == "signet":
            never = (*never, SIGNET_NOT_CHECKED)
        if self.network_known_by == STATED:
            never = (*never, NETWORK_STATED)
        count = self.amounts_not_compared.count(first, last)
        if not count:
            return never
        return (*never, f"amounts of {count} of {last - first} transactions")

    @property
    def last_height(self) -> int | None:
        """Height of the latest block in the graph; None if there is none or it is not proved."""
        last = self.graph.last_block
        if last == LOOSE or int(self.arrays["t.height_source"][last]) < HeightSource.CLAIMED:
            return None
        return self.height_of(last)

    @property
    def scope(self) -> str:
        """Up to where a spend would have been seen."""
        last = self.graph.last_block
        if last == LOOSE:
            return "in the transactions held"
        height = self.last_height
        place = f"height {height}" if height is not None else f"block {shown(self.hash_of(last))}"
        return f"up to {place} in the blocks held"

    def state_of(self, row: int) -> str:
        """Whether a header of the tree is `in chain`, `stale`, `failed` or `set aside`.

        Set aside is a block that stands there by its header, but cannot be by what it holds.
        """
        row = self._first_of(row)
        if row in self._aside_at and self.arrays["t.verdict"][row] != WorkVerdict.FAILED:
            return "set aside"
        if int(self.arrays["t.verdict"][row]) == WorkVerdict.FAILED:
            return "failed"
        return "in chain" if self.arrays["t.on_best"][row] else "stale"

    def _first_of(self, row: int) -> int:
        """The first row of the tree that has the same header."""
        first = int(self.arrays["t.duplicate_of"][row])
        return row if first == NOT_HELD else first

    @cached_property
    def _aside_at(self) -> dict[int, int]:
        """The row of each block set aside, by the first row of its header.

        None of which a good copy is held.
        """
        count = self.columns.block_count
        first = count + len(self.arrays["x.header_raw"])
        rows = range(first, first + len(self.arrays["x.aside_reason"]))
        found = {self._first_of(row): row for row in rows}
        return {at: row for at, row in found.items() if at >= count}

    def block(self, text: str) -> BlockView:
        """Of a block by height or hash. Raises as `block_row`."""
        return self.block_at(self.block_row(text))

    def block_at(self, row: int) -> BlockView:
        """Of a header of the tree, and of its block if that is held."""
        arrays = self.arrays
        row = self._aside_at.get(self._first_of(row), row)
        height = self.height_of(row)
        values: dict[str, Any] = {
            "hash": shown(self.hash_of(row)),
            "previous": shown(self.header(row)[4:36]),
            "height": height,
            "height_source": HEIGHT_SOURCE_TEXT[HeightSource(int(arrays["t.height_source"][row]))],
            "height_disputed": bool(arrays["t.height_disputed"][row]),
            "time": self.time_of(row),
            "state": self.state_of(row),
            "work": WORK_TEXT[WorkVerdict(int(arrays["t.verdict"][row]))],
            "work_reason": WorkReason(int(arrays["t.reason"][row])).code,
            "subsidy_sat": None if height is None else self.network.subsidy_sat(height),
            "network": self.network.name,
            "is_real_money": self.network.is_real_money,
            "not_checked": self._not_checked(*self._txs_of(row)),
        }
        return BlockView(**values, **self._body_of(row))

    def _txs_of(self, row: int) -> tuple[int, int]:
        """First and last + 1 of a block's transactions; none of a header alone."""
        starts = self.columns.block_tx_start
        held = row < self.columns.block_count
        return (int(starts[row]), int(starts[row + 1])) if held else (0, 0)

    def _body_of(self, row: int) -> dict[str, Any]:
        """What is told of a block beyond its header."""
        rows, arrays = self.columns, self.arrays
        bare = row - rows.block_count
        aside = bare - len(arrays["x.header_raw"])
        names = [each.name for each in fields(BlockView)]
        body: dict[str, Any] = dict.fromkeys(name for name in names if name not in _HEADER_FIELDS)
        if row < rows.block_count:
            return body | self._held_body(row)
        if aside < 0:
            return body | {"held": "header"}
        reason = Aside(int(arrays["x.aside_reason"][aside]))
        counts = arrays["x.aside_counts"][aside].tolist()
        return body | {
            "held": "set aside",
            "set_aside": reason.code,
            "tx_count": counts[0],
            "input_count": counts[1],
            "output_count": counts[2],
            "merkle_ok": reason not in (Aside.MERKLE_WRONG, Aside.MERKLE_MUTATED),
            "size_bytes": int(arrays["x.aside_size"][aside]),
            "source": self.sources[int(arrays["x.aside_source"][aside])].name,
            "offset": int(arrays["x.aside_offset"][aside]),
        }

    def _held_body(self, block: int) -> dict[str, Any]:
        rows, graph = self.columns, self.graph
        first, last = int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])
        inputs = slice(int(rows.tx_input_start[first]), int(rows.tx_input_start[last]))
        outputs = slice(int(rows.tx_output_start[first]), int(rows.tx_output_start[last]))
        paid = slice(int(rows.tx_output_start[first + 1]), outputs.stop)
        values = graph.input_value[inputs.start + 1 : inputs.stop]
        is_known = not (values < 0).any()
        fees = int(values.sum()) - int(rows.output_value[paid].sum())
        return {
            "held": "block",
            "tx_count": last - first,
            "input_count": inputs.stop - inputs.start,
            "output_count": outputs.stop - outputs.start,
            "unknown_input_count": int((graph.input_source[inputs][1:] == UNKNOWN).sum()),
            "merkle_ok": int(rows.block_merkle[block]) == MerkleState.RIGHT,
            "witness": WitnessState(int(rows.block_witness[block])).name.lower().replace("_", " "),
            "size_bytes": int(rows.block_size[block]),
            "fees_sat": fees if is_known else None,
            "reward_sat": int(rows.output_value[outputs.start : paid.start].sum()),
            "spent_outputs": self._spent_of(block),
            "source": self.sources[int(rows.block_source[block])].name,
            "offset": int(rows.block_offset[block]),
        }

    def _spent_of(self, block: int) -> dict[str, Any] | None:
        arrays = self.arrays
        same = (arrays["x.spent_hash"] == self.columns.block_hash[block]).all(axis=1)
        found = np.flatnonzero(same)
        if not len(found):
            return None
        number = int(found[0])
        start, stop = arrays["x.spent_start"][number : number + 2].tolist()
        return {
            "source": self.sources[int(arrays["x.spent_source"][number])].name,
            "outputs": stop - start,
            "scripts_shown": int(arrays["x.spent_shown"][number]),
        }

    def tx(self, text: str) -> TxView:
        """Of a transaction by its id. Raises NameNotReadable, NotInChain."""
        return self.tx_at(self.tx_row(text))

    def place_of_tx(self, tx: int) -> dict[str, Any]:
        """A transaction's id, height and block time as views show them; None: not known."""
        height, seconds = self.height_and_time_of_tx(tx)
        return {"txid": self.txid(tx), "height": height, "time": time_text(seconds)}

    def tx_at(self, tx: int) -> TxView:
        """Of the transaction in this row of the columns."""
        rows, arrays = self.columns, self.arrays
        block = int(rows.tx_block[tx])
        row = self.header_row_of_tx(tx)
        proof = self.proof_record(tx)
        index = None if proof is None else int(proof["index"])
        height, time = self.height_and_time_of_tx(tx)
        source = None
        if row != NOT_HELD:
            source = HEIGHT_SOURCE_TEXT[HeightSource(int(arrays["t.height_source"][row]))]
        others = [other for other in self.tx_rows(rows.tx_id[tx].tobytes()) if other != tx]
        wid = self.wid_of(tx)
        return TxView(
            txid=self.txid(tx),
            wtxid=None if wid is None else shown(wid),
            block=None if row == NOT_HELD else shown(self.hash_of(row)),
            block_known_by=None if row == NOT_HELD else "merkle proof" if proof else "block",
            proof_depth_shown=None if proof is None else bool(proof["depth_shown"]),
            height=height,
            height_source=source,
            time=time,
            index=index if block == LOOSE else tx - int(rows.block_tx_start[block]),
            state="loose" if row == NOT_HELD else self.state_of(row),
            copies=tuple(
                shown(self.hash_of(int(rows.tx_block[other])))
                for other in others
                if int(rows.tx_block[other]) != LOOSE
            ),
            size_bytes=int(rows.tx_size[tx]),
            version=int(rows.tx_version[tx]),
            locktime=int(rows.tx_locktime[tx]),
            fee_sat=self.graph.fee_of(tx),
            inputs=tuple(
                self.input_at(number, place)
                for place, number in enumerate(self.graph.inputs_of(tx))
            ),
            outputs=tuple(
                self.output_at(number, place)
                for place, number in enumerate(self.graph.outputs_of(tx))
            ),
            network=self.network.name,
            is_real_money=self.network.is_real_money,
            not_checked=self._not_checked(tx, tx + 1),
        )

    def input_at(self, number: int, place: int) -> InputView:
        """Of one input; `place`: its number within its transaction."""
        rows, graph = self.columns, self.graph
        source, value = int(graph.input_source[number]), int(graph.input_value[number])
        index = int(rows.input_prev_index[number])
        is_new = index == NO_OUTPUT and not rows.input_prev_id[number].any()
        status = "known" if source >= 0 else "coinbase" if is_new else "unknown"
        script: tuple[ScriptKind, bytes] | None = None
        value_source = None
        if source >= 0:
            script, value_source = rows.script_at(source), "held output"
        elif status == "coinbase":
            value_source = "coinbase outputs" if value >= 0 else None
        elif value >= 0:
            script, value_source = self.stated_script(number), self._stated_by(number)
        outpoint = f"{shown(rows.input_prev_id[number])}:{index}"
        return InputView(
            n=place,
            source=None if status == "coinbase" else outpoint,
            status=status,
            value_sat=value if value >= 0 else None,
            value_source=value_source,
            script=None if script is None else _kind_text(script[0]),
            address=None if script is None else encode_address(*script, self.network),
            same_key_as=() if script is None else self._same_keys(*script),
            sequence=int(rows.input_sequence[number]),
        )

    def _stated_by(self, number: int) -> str:
        """What kind of file states the value of an input."""
        place = self.stated_place(number)
        if place is None:
            return "spent-outputs file"
        starts = self.arrays["x.spent_start"]
        file = int(np.searchsorted(starts, place, side="right")) - 1
        source = self.sources[int(self.arrays["x.spent_source"][file])]
        return "undo file" if source.form is SourceForm.UNDO_FILE else "spent-outputs file"

    def output_at(self, number: int, place: int) -> OutputView:
        """Of one output; `place`: its number within its transaction."""
        rows = self.columns
        kind, payload = rows.script_at(number)
        return OutputView(
            n=place,
            value_sat=int(rows.output_value[number]),
            script=_kind_text(kind),
            address=encode_address(kind, payload, self.network),
            same_key_as=self._same_keys(kind, payload),
            spent_by=self.spender_of(number),
            no_spend_seen=self.no_spend_seen(number),
        )

    def _same_keys(self, kind: ScriptKind, payload: bytes) -> tuple[str, ...]:
        return tuple(same_key_address(key, self.network) for key in bare_keys(kind, payload))

    def spender_of(self, output: int) -> dict[str, Any] | None:
        """The transaction and input that spend an output; None if no spend was seen."""
        spender = int(self.graph.output_spender[output])
        if spender < 0:
            return None
        tx = self.graph.tx_of_input(spender)
        row = self.header_row_of_tx(tx)
        return {
            "txid": self.txid(tx),
            "input": spender - int(self.columns.tx_input_start[tx]),
            "block": None if row == NOT_HELD else shown(self.hash_of(row)),
        }

    def no_spend_seen(self, output: int) -> str | None:
        """Up to where no spend of an output was seen; None if one was."""
        if int(self.graph.output_spender[output]) >= 0:
            return None
        tx = self.graph.tx_of_output(output)
        if int(self.graph.tx_rank[tx]) < 0:
            return self._not_followed(int(self.columns.tx_block[tx]))
        return f"no spend seen {self.scope}"

    def _not_followed(self, block: int) -> str:
        """Why the transactions of a block, or a loose one, are not followed."""
        if block != LOOSE and self.arrays["t.on_best"][block]:
            return "not followed: another block held here has this transaction too"
        return "not followed: its block is not in the chain"

    # --- addresses --------------------------------------------------------------------------------

    def address(self, text: str) -> AddressView:
        """Of an address: what it received, what was spent of it, in the blocks held.

        A public key in hex asks for what pays it directly (P2PK). What pays the same key in another
        way is told beside, each by itself.

        Raises the errors of `decode_address`, which say what is wrong with the text.
        """
        kind, payload = script_of_text(text, self.network)
        every = self.find_outputs(kind, payload)
        outputs = self.outputs_of_script(kind, payload)
        return AddressView(
            address=text.strip(),
            script=_kind_text(kind),
            deposits=tuple(self._deposit(output) for output in outputs.tolist()),
            spends_of_unknown=tuple(self._stated_spends(kind, payload)),
            outside_chain=len(every) - len(outputs),
            same_key=self._same_key(kind, payload),
            scope=f"all coins ever received here {self.scope}",
            network=self.network.name,
            is_real_money=self.network.is_real_money,
        )

    def same_key_outputs(
        self, kind: ScriptKind, payload: bytes
    ) -> list[tuple[str, ScriptKind, NDArray[np.int64]]]:
        """Of the other scripts of the key of this one: name, kind and outputs of each that is held.

        An address tells its key only if that is paid directly, too.
        """
        key = payload if kind == ScriptKind.P2PK else b""
        if kind in (ScriptKind.P2PKH, ScriptKind.P2WPKH):
            key = (self.bare_keys_by_hash or {}).get(payload, b"")
        found = []
        for other in scripts_of_key(key) if key else ():
            outputs = self.outputs_of_script(*other)
            if other != (kind, payload) and len(outputs):
                name = encode_address(*other, self.network) or other[1].hex()
                found.append((name, other[0], outputs))
        return found

    def _same_key(self, kind: ScriptKind, payload: bytes) -> tuple[SameKeyView, ...]:
        return tuple(
            SameKeyView(name, _kind_text(other), tuple(map(self._deposit, outputs.tolist())))
            for name, other, outputs in self.same_key_outputs(kind, payload)
        )

    def _deposit(self, output: int) -> DepositView:
        height, time = self.height_and_time_of_tx(self.graph.tx_of_output(output))
        return DepositView(
            outpoint=self.outpoint(output),
            output=output,
            value_sat=int(self.columns.output_value[output]),
            height=height,
            time=time,
            spent_by=self.spender_of(output),
            no_spend_seen=self.no_spend_seen(output),
        )

    def _stated_spends(self, kind: ScriptKind, payload: bytes) -> list[dict[str, Any]]:
        """Of inputs that spend this script by a spent-outputs file, their source not held."""
        rows, graph = self.columns, self.graph
        result = []
        for number in self.find_stated_in_graph(kind, payload).tolist():
            tx = graph.tx_of_input(number)
            previous = shown(rows.input_prev_id[number])
            result.append(
                {
                    "txid": self.txid(tx),
                    "input": number - int(rows.tx_input_start[tx]),
                    "source": f"{previous}:{int(rows.input_prev_index[number])}",
                    "value_sat": str(int(graph.input_value[number])),
                    "value_source": self._stated_by(number),
                }
            )
        return result

    # --- status -----------------------------------------------------------------------------------

    def status(self) -> ChainStatus:
        """What the chain holds, and how surely."""
        arrays, rows, graph = self.arrays, self.columns, self.graph
        count = rows.block_count
        is_best, verdict = arrays["t.on_best"][:count], arrays["t.verdict"][:count]
        is_failed = verdict == WorkVerdict.FAILED
        unknown, valued = self._unknown_inputs()
        stated_in = arrays["x.spent_source"].tolist()
        undo = sum(self.sources[one].form is SourceForm.UNDO_FILE for one in stated_in)
        return ChainStatus(
            name=self.name,
            form=self.form,
            network=self.network.name,
            network_known_by=self.network_known_by,
            is_real_money=self.network.is_real_money,
            blocks=count,
            blocks_in_chain=int(is_best.sum()),
            stale=self._shown_rows(~is_best & ~is_failed),
            failed=self._shown_rows(is_failed),
            set_aside=self._set_aside(),
            headers_alone=len(arrays["x.header_raw"]),
            transactions=rows.tx_count,
            loose_transactions=rows.tx_count - self.first_loose,
            loose_proven=int((arrays["x.loose_header"] != NOT_HELD).sum()),
            inputs=rows.input_count,
            unknown_inputs=unknown,
            unknown_inputs_valued=valued,
            outputs=rows.output_count,
            islands=self._islands(),
            islands_by_time=self._islands_placed(Placed.BY_TIME),
            islands_not_placed=self._islands_placed(Placed.NOT),
            contested_heights=int(arrays["t.height_contested"][:count].sum()),
            tied_tips=tuple(shown(self.hash_of(row)) for row in arrays["t.tied_tips"].tolist()),
            conflicts=graph.conflicts,
            duplicate_coinbases=self._duplicate_coinbases(),
            work={text: int((verdict == code).sum()) for code, text in WORK_TEXT.items()},
            spent_outputs_files=len(stated_in) - undo,
            undo_blocks=undo,
            scope=self.scope,
            left=() if self.record.store is None else self.record.store.left,
            sources=len(self.sources),
            sources_gone=sum(not Path(source.path).is_file() for source in self.sources),
            source_bytes=self._source_bytes(),
            ingests=self.record.ingests,
            not_checked=self.not_checked,
        )

    @property
    def form(self) -> str:
        """What it is: `slice`, `whole` or `window`."""
        store = self.record.store
        return "slice" if store is None else "whole" if store.is_whole else "window"

    def _unknown_inputs(self) -> tuple[int, int]:
        """Count inputs of unknown source, and those of them whose value is stated."""
        if self.store is not None:
            return self.store.record.rows.unknown, 0
        rows, graph = self.columns, self.graph
        spender = np.repeat(np.arange(rows.tx_count), np.diff(rows.tx_input_start))
        is_unknown = (graph.input_source == UNKNOWN) & (graph.tx_rank >= 0)[spender]
        return int(is_unknown.sum()), int((is_unknown & (graph.input_value >= 0)).sum())

    def _shown_rows(self, mask: Any) -> tuple[str, ...]:
        return tuple(shown(self.hash_of(row)) for row in np.flatnonzero(mask).tolist())

    def _set_aside(self) -> tuple[dict[str, str], ...]:
        first = self.columns.block_count + len(self.arrays["x.header_raw"])
        return tuple(
            {"hash": shown(self.hash_of(first + number)), "reason": Aside(reason).code}
            for number, reason in enumerate(self.arrays["x.aside_reason"].tolist())
        )

    def _source_bytes(self) -> int:
        files = {source.sha256: source.size_bytes for source in self.sources}
        return sum(files.values())

    def _islands(self) -> tuple[dict[str, Any], ...]:
        """Each connected part of the chain: first and last block, heights, how many."""
        count = self.columns.block_count
        rows = np.flatnonzero(self.arrays["t.on_best"][:count])
        island = self.arrays["t.island"][rows]
        place = np.empty(len(self.arrays["t.height"]), np.int64)
        place[self.arrays["t.order"]] = np.arange(len(self.arrays["t.order"]))
        keys = np.lexsort((place[rows], island))
        rows, island = rows[keys], island[keys]
        breaks = np.flatnonzero(np.diff(island) != 0) + 1
        result = []
        for part in np.split(np.arange(len(rows)), breaks):
            if not len(part):
                continue
            first, last = int(rows[part[0]]), int(rows[part[-1]])
            source = HeightSource(int(self.arrays["t.height_source"][last]))
            result.append(
                {
                    "first": shown(self.hash_of(first)),
                    "last": shown(self.hash_of(last)),
                    "first_height": self.height_of(first),
                    "last_height": self.height_of(last),
                    "height_source": HEIGHT_SOURCE_TEXT[source],
                    "placed_by": PLACED_TEXT[Placed(int(self.arrays["x.block_placed"][last]))],
                    "blocks": len(part),
                }
            )
        result.sort(key=lambda one: (one["first_height"] is None, one["first_height"] or 0))
        return tuple(result)

    def _islands_placed(self, how: Placed) -> int:
        """Count the islands whose place among the others is known in this way."""
        blocks = self.columns.block_count
        rows = self.arrays["t.on_best"][:blocks] & (self.arrays["x.block_placed"] == how)
        return len(np.unique(self.arrays["t.island"][:blocks][rows]))

    def _duplicate_coinbases(self) -> tuple[str, ...]:
        """The historic coinbases that are held twice (BIP 30)."""
        return tuple(
            shown(known.txid)
            for known in self.network.duplicate_coinbases
            if len(self.tx_rows(known.txid)) > 1
        )


def _kind_text(kind: ScriptKind) -> str:
    return kind.name.lower()
