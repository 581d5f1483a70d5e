"""What is done in the child in which sources are read (`ground.child`).

It may crash or be killed without harm to the chain: what it writes is the array file whose name it
was given, or the steps of a store, which are whole one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks import merkle_proof as merkleproof
from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.blocks.compressed import unpacked
from kancil.bitcoin.blocks.errors import MerkleProofDepthWrong, MerkleProofUnsafe, MerkleProofWrong
from kancil.bitcoin.blocks.work import meets_own_target
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.amounts import allowed_in, judge, wrong_in
from kancil.bitcoin.holdings.build import Built, Proven, build, holdings_of, no_spent
from kancil.bitcoin.holdings.merge import Holdings, MergeCounts, merge, taken_out
from kancil.bitcoin.holdings.network_signs import STATED, known_by
from kancil.bitcoin.holdings.read import Reading, as_source, digest_of, read_file
from kancil.bitcoin.holdings.sources import (
    Source,
    SourceForm,
    SourcePath,
    list_files,
    without_others,
)
from kancil.bitcoin.holdings.spent import SpentOutputs, parse_spent
from kancil.bitcoin.holdings.undo import UndoCounts
from kancil.bitcoin.network import NETWORKS, Network, network_named
from kancil.ground.files import translated
from kancil.ground.phrase import Phrase, as_json
from kancil.ground.skipped import Skipped

from .errors import NetworkNotNamed, NothingToIngest

_MAX_SPENT_BYTES = 1 << 26


class _Run:
    """One ingest, step by step."""

    def __init__(self, request: dict[str, Any], tell: Any) -> None:
        self.tell = tell
        self.chain_dir = Path(request["chain_dir"])
        self.temporary = Path(request["temporary"])
        self.network: Network = network_named(request["network"])
        self.paths = [_source_path(row) for row in request["sources"]]
        self.spent_paths = [_source_path(row) for row in request["spent"]]
        self.is_fresh: bool = request["fresh"]
        self.is_network_named: bool = request["network_named"]
        self.skipped: list[Skipped] = []
        self.sources: list[Source] = []
        self.number_of: dict[tuple[str, str, int], int] = {}
        self.proofs: list[dict[str, Any]] = []
        self.proven: set[tuple[str, str]] = set()
        self.held = Holdings()
        self.spent = no_spent()
        self.columns: list[tuple[Columns, int]] = []
        self.headers: list[bytes] = []
        self.undo: list[int] = []
        self.size_bytes = 0
        self.file_count = 0

    def load(self) -> None:
        """Take up the chain as it is, if there is one."""
        if self.is_fresh or not chain_store.exists(self.chain_dir):
            return
        record, arrays = chain_store.open_chain_files(self.chain_dir)
        self.held, self.spent = holdings_of(arrays)
        for row in record.proofs:
            self._keep_proof(row)
        for source in record.sources:
            self._number(source)

    def read(self) -> None:
        """Read every file of the sources."""
        every, skipped = list_files(self.paths)
        files, others = without_others(every, blocks_only=False)
        stated = {path.path.resolve() for path in self.spent_paths}
        files = [file for file in files if file.path.resolve() not in stated]
        self.skipped += skipped + others
        self.file_count = len(files)
        self.tell(
            {"start": [sum(file.size_bytes for file in files), "bytes", "progress.bitcoin-read"]}
        )
        for file in files:
            reading = read_file(file, self.network)
            self.skipped += reading.skipped
            for one in reading.readings:
                self._take(one)
            self.size_bytes += file.size_bytes
            self.tell({"advance": file.size_bytes})
        self.tell({"finish": True})

    def _take(self, reading: Reading) -> None:
        number = self._number(reading.source)
        if reading.proof:
            self._take_proof(reading, number)
        elif reading.source.form is SourceForm.UNDO_FILE:
            self.undo.append(number)
        elif reading.headers:
            self.headers.append(reading.headers)
        else:
            self.columns.append((reading.columns, number))

    def _take_proof(self, reading: Reading, number: int) -> None:
        proof = merkleproof.parse_proof(reading.proof)
        place = reading.source.path
        bits = int.from_bytes(proof.header[72:76], "little")
        if not meets_own_target(proof.block_hash, bits, self.network):
            self.skipped.append(Skipped("proof-work-failed", place))
            return
        try:
            depths = [
                merkleproof.check_path(path, proof.header_root, coinbase=proof.coinbase_path())
                for path in proof.paths
            ]
        except (MerkleProofWrong, MerkleProofDepthWrong, MerkleProofUnsafe):
            self.skipped.append(Skipped("proof-wrong", place))
            return
        self.headers.append(proof.header)
        for path, depth in zip(proof.paths, depths, strict=True):
            row = {
                "txid": path.txid[::-1].hex(),
                "header": proof.header.hex(),
                "index": path.index,
                "depth_shown": depth == merkleproof.Depth.SHOWN,
                "raw": reading.proof.hex(),
                "source": number,
            }
            self._keep_proof(row)

    def _keep_proof(self, row: dict[str, Any]) -> None:
        key = (row["txid"], row["header"])
        if key not in self.proven:
            self.proven.add(key)
            self.proofs.append(row)

    def _number(self, source: Source) -> int:
        """A source its number; the same bytes read again keep theirs, at the newer path."""
        key = (source.sha256, source.form.value, source.piece)
        number = self.number_of.setdefault(key, len(self.sources))
        if number == len(self.sources):
            self.sources.append(source)
        elif source.stated_height >= 0 or self.sources[number].stated_height < 0:
            self.sources[number] = source
        return number

    def read_spent(self) -> list[tuple[int, SpentOutputs]]:
        """Read the spent-outputs files. Raises SpentNotReadable, SourceNotFound."""
        files, skipped = list_files(self.spent_paths)
        self.skipped += skipped
        result = []
        for file in files:
            try:
                data = blockfile.open_bytes(file.path)
            except OSError:
                self.skipped.append(Skipped("source-unreadable", str(file.path)))
                continue
            plain, _ = unpacked(data)
            raw = plain[:_MAX_SPENT_BYTES].tobytes()
            is_hex = blockfile.looks_like_hex(plain)
            outputs = parse_spent(blockfile.hex_pieces(plain)[0] if is_hex else raw, str(file.path))
            form = SourceForm.SPENT_OUTPUTS
            source = as_source(file, form, digest_of(data), is_hex=is_hex)
            result.append((self._number(source), outputs))
            self.size_bytes += file.size_bytes
            self.file_count += 1
        return result

    def finish(self, new_spent: list[tuple[int, SpentOutputs]]) -> dict[str, Any]:
        """Join, compute, write the arrays, and give what the record and the report need."""
        merged, counts = merge(self.held, self.columns, b"".join(self.headers), self.network)
        self._tell_aside(counts)
        self.tell({"start": [None, "", "progress.bitcoin-link"]})
        merged, built = self._built(merged, counts, new_spent)
        self.skipped += built.skipped
        self._check_something(counts, new_spent, built.undo)
        forms = [source.form for source in self.sources]
        if not self.is_network_named and known_by(forms, built.tree, self.network) == STATED:
            raise NetworkNotNamed(known=", ".join(NETWORKS))
        chain_store.write_arrays(self.temporary, built.arrays)
        self.tell({"finish": True})
        rows = merged.rows
        return {
            "sources": [source.as_dict() for source in self.sources],
            "proofs": self.proofs,
            "skipped": [[skip.code, skip.place, as_json(skip.params)] for skip in self.skipped],
            "added": {
                "blocks": counts.blocks,
                "transactions": counts.txs,
                "inputs": counts.inputs,
                "outputs": counts.outputs,
                "loose_transactions": counts.loose,
                "headers": counts.headers,
                "spent_outputs_files": len(new_spent),
                "undo_records": built.undo.records,
                "undo_blocks": built.undo.stated,
                "undo_values": built.undo.values,
                "blocks_set_aside": len(counts.aside),
                "duplicate_blocks": counts.duplicate_blocks,
                "duplicate_transactions": counts.duplicate_loose,
            },
            "held": {
                "blocks": rows.block_count,
                "transactions": rows.tx_count,
                "inputs": rows.input_count,
                "outputs": rows.output_count,
            },
            "files": self.file_count,
            "size_bytes": self.size_bytes,
        }

    def _built(
        self, merged: Holdings, counts: MergeCounts, new_spent: list[tuple[int, SpentOutputs]]
    ) -> tuple[Holdings, Built]:
        """Build all, as often as blocks or transactions have to go whose amounts cannot be."""
        proven = [
            Proven(bytes.fromhex(row["txid"])[::-1], bytes.fromhex(row["header"]), row["index"])
            for row in self.proofs
        ]
        while True:
            built = build(
                merged, self.sources, proven, self.spent, new_spent, self.network, undo=self.undo
            )
            allowed = allowed_in(built.tree, built.heights, self.network)
            verdict = judge(merged.rows, built.graph, allowed)
            wrong = wrong_in(merged.rows, merged.loose_source, verdict, self.sources)
            if wrong is None:
                return merged, built
            self.skipped += wrong.skipped
            merged, counts = taken_out(merged, wrong.reasons, wrong.loose, counts)

    def _tell_aside(self, counts: MergeCounts) -> None:
        for reason, source, offset in counts.aside:
            place = f"{self.sources[source].path}, byte {offset}"
            self.skipped.append(Skipped(reason.skip_code, place))

    def _check_something(
        self, counts: MergeCounts, new_spent: Iterable[object], undo: UndoCounts
    ) -> None:
        """Refuse an ingest that found nothing of use at all. Raises NothingToIngest."""
        found = asdict(counts)
        if any(found.values()) or any(True for _ in new_spent) or self._has_known():
            return
        if undo.stated or undo.held or undo.again:
            return
        first = self.skipped[0] if self.skipped else Skipped("source-empty", "")
        raise NothingToIngest(
            files=self.file_count,
            skips=len(self.skipped),
            place=first.place,
            reason=Phrase(f"skip.{first.code}", first.params),
        )

    def _has_known(self) -> bool:
        """Whether something was read that the chain had before (a proof, a header)."""
        return bool(self.headers or self.columns)


def _source_path(row: list[str]) -> SourcePath:
    path, name, origin, xor_key = row
    return SourcePath(Path(path), name, origin, xor_key)


def run(request: dict[str, Any], tell: Any) -> dict[str, Any]:
    """Do one ingest in this process. Raises the errors that `ingest` names."""
    if "store" in request:
        return _run_store(request, tell)
    work = _Run(request, tell)
    try:
        work.load()
        work.read()
        return work.finish(work.read_spent())
    except OSError as error:
        raise translated(error, error.filename or work.chain_dir) from error


def _run_store(request: dict[str, Any], tell: Any) -> dict[str, Any]:
    from kancil.bitcoin.store import ingest as store_ingest  # Numba is slow to import

    asked = store_ingest.Request(
        chain_dir=Path(request["chain_dir"]),
        network=network_named(request["network"]),
        paths=[_source_path(row) for row in request["sources"]],
        first_height=request["store"]["first_height"],
        memory_bytes=request["store"]["memory_bytes"],
        threads=request["store"]["threads"],
    )
    try:
        result = store_ingest.run(asked, tell)
    except OSError as error:
        raise translated(error, error.filename or asked.chain_dir) from error
    return result | {
        "skipped": [[code, place, as_json(params)] for code, place, params in result["skipped"]]
    }
