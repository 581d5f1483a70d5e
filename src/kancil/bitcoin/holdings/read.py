"""What one source file holds: found by reading it whole, never by its name.

Files come from `sources`; columns, proofs and headers go to `build`. Nothing that a file
holds raises an error: whatever cannot be used is a `Skipped` with its reason.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kancil.bitcoin.blocks import columns, compressed, parse
from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks import merkle_proof as merkleproof
from kancil.bitcoin.blocks.columns import Columns, TargetState
from kancil.bitcoin.blocks.errors import MerkleProofNotReadable, TransactionNotReadable
from kancil.bitcoin.blocks.headers import HEADER_BYTES, NO_HEIGHT
from kancil.bitcoin.blocks.json_answers import UNNAMED
from kancil.bitcoin.blocks.raw import base_of, compact_size
from kancil.bitcoin.blocks.undo import looks_like_undo
from kancil.bitcoin.blocks.work import meets_own_target
from kancil.bitcoin.network import Network, network_of_magic
from kancil.ground.skipped import Skipped
from kancil.ground.units import bytes_text

from .errors import SpentNotReadable
from .network_signs import other_network
from .sources import Found, Source, SourceForm, is_block_name, is_undo_name
from .spent import parse_spent
from .transfer_tables import LINE_BYTES, is_transfer_table

MAX_SINGLE_BYTES = 4_000_000
"""A block or transaction is never larger (BIP 141: 4,000,000 weight units, one a byte at least)."""
MIN_TRANSACTION_BYTES = 60
MIN_INPUT_BYTES = 41
_MAGIC_BYTES = 4
_FRAME_BYTES = 8
_FIRST_HEADER_END = _FRAME_BYTES + HEADER_BYTES
_NEW_COINS = bytes(32) + b"\xff" * 4
"""Outpoint that the input of a coinbase states."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source gave."""

    source: Source
    columns: Columns
    proof: bytes = b""
    """A `merkleblock` as it came."""
    headers: bytes = b""
    """80-byte headers, one after another."""


@dataclass(slots=True)
class FileReading:
    """What one file gave: readings, and what had to be left out."""

    readings: list[Reading] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_file(file: Found, network: Network) -> FileReading:
    """Read one file whole: find out what it is, and fill columns from it.

    Never raises for what the file holds: whatever is wrong is a Skipped of the result.
    """
    place = str(file.path)
    try:
        data = blockfile.open_bytes(file.path)
    except blockfile.NotAFile:
        return FileReading(skipped=[Skipped("source-device", place)])
    except OSError:
        return FileReading(skipped=[Skipped("source-unreadable", place)])
    plain, fault = compressed.unpacked(data)
    reading = _read_plain(file, plain, network)
    if fault and not reading.readings:
        limit, ratio = bytes_text(compressed.MOST_BYTES), compressed.MOST_RATIO
        return FileReading(skipped=[Skipped(fault, place, {"limit": limit, "ratio": ratio})])
    if plain is not data and reading.readings:
        sha256 = digest_of(data)
        reading.readings = [
            replace(one, source=replace(one.source, sha256=sha256)) for one in reading.readings
        ]
    return reading


def _read_plain(file: Found, data: blockfile.Bytes, network: Network) -> FileReading:
    if not len(data):
        return FileReading(skipped=[Skipped("source-empty", str(file.path))])
    reading = (
        _read_undo_file(file, data, network)
        or _read_block_file(file, data, network)
        or _read_single(file, data, network)
    )
    if reading is None:
        reading = _read_late_block_file(file, data, network)
    return reading or FileReading(skipped=[_not_bitcoin(file, data)])


def _not_bitcoin(file: Found, data: blockfile.Bytes) -> Skipped:
    if len(data) <= MAX_SINGLE_BYTES and _is_spent(data.tobytes()):
        return Skipped("source-spent-outputs", str(file.path))
    if is_undo_name(file):
        return Skipped("source-undo-file", str(file.path))
    if is_block_name(file):
        return Skipped("source-no-block", str(file.path))
    if is_transfer_table(data[:LINE_BYTES].tobytes()):
        return Skipped("source-transfer-table", str(file.path))
    return Skipped("source-not-bitcoin", str(file.path))


def _is_spent(raw: bytes) -> bool:
    try:
        return len(parse_spent(raw, "")) > 1
    except SpentNotReadable:
        return False


def _magic_network(data: blockfile.Bytes) -> Network | None:
    return network_of_magic(data[:_MAGIC_BYTES].tobytes())


def undo_form(file: Found, data: blockfile.Bytes) -> tuple[Network, bytes] | None:
    """Network and XOR key of undo data, told by their form, or by their name if they are broken.

    None for all other files, and for blocks whatever the file is called.
    """
    is_named = is_undo_name(file)
    for key in (b"", file.xor_key):
        magic = blockfile.without_xor(data[:_MAGIC_BYTES], key).tobytes()
        belongs = network_of_magic(magic)
        if belongs is None or not (is_named or looks_like_undo(data, magic, key)):
            continue
        header = blockfile.without_xor(data[_FRAME_BYTES:_FIRST_HEADER_END], key, _FRAME_BYTES)
        if len(header) == HEADER_BYTES and _has_work(header.tobytes(), belongs):
            return None
        return belongs, key
    return None


def _read_undo_file(file: Found, data: blockfile.Bytes, network: Network) -> FileReading | None:
    """Read a file of undo data; only which file it is: records are read when blocks are known."""
    form = undo_form(file, data)
    if form is None:
        return None
    belongs, key = form
    if belongs is not network:
        params: dict[str, str | int] = {"network": network.name, "belongs": belongs.name}
        return FileReading(skipped=[Skipped("source-other-network", str(file.path), params)])
    xor_key = key.hex() if any(key) else ""
    source = as_source(file, SourceForm.UNDO_FILE, digest_of(data), xor_key=xor_key)
    return FileReading([Reading(source, columns.empty())])


def _read_block_file(file: Found, data: blockfile.Bytes, network: Network) -> FileReading | None:
    """Read a file that begins with a network's magic, in the clear or XORed; else None."""
    belongs = _magic_network(data)
    if belongs is not None:
        return _read_records(file, data, data, "", network, belongs)
    key = file.xor_key
    if not any(key):
        return None
    belongs = _magic_network(blockfile.without_xor(data[:_MAGIC_BYTES], key))
    if belongs is None:
        return None
    plain = blockfile.without_xor(data, key) if belongs is network else data
    return _read_records(file, data, plain, key.hex(), network, belongs)


def _read_late_block_file(
    file: Found, data: blockfile.Bytes, network: Network
) -> FileReading | None:
    """Read a file in which blocks stand behind other bytes; None if none is whole."""
    if _first_magic(data, network) < 0:
        return None
    reading = _read_records(file, data, data, "", network, network)
    return reading if reading.readings else None


def _first_magic(data: blockfile.Bytes, network: Network) -> int:
    """The place of the first magic of the network, -1 if there is none."""
    step = 1 << 24
    for start in range(0, len(data), step):
        place = data[start : start + step + _MAGIC_BYTES - 1].tobytes().find(network.magic)
        if place >= 0:
            return start + place
    return -1


def _read_records(
    file: Found,
    data: blockfile.Bytes,
    plain: blockfile.Bytes,
    xor_key: str,
    network: Network,
    belongs: Network,
) -> FileReading:
    """Read the records of a block file; `data` as on disk, `plain` in the clear."""
    place = str(file.path)
    if belongs is not network:
        params: dict[str, str | int] = {"network": network.name, "belongs": belongs.name}
        return FileReading(skipped=[Skipped("source-other-network", place, params)])
    with ThreadPoolExecutor(1) as pool:  # hashlib lets go of the interpreter: the parser goes on
        digest = pool.submit(digest_of, data)
        rows, broken = parse.parse_block_file(plain, network.magic)
        sha256 = digest.result()
    skipped = [_placed(skip, place) for skip in parse.without_room(broken, data)]
    if not rows.block_count:
        return FileReading(skipped=skipped or [_not_bitcoin(file, data)])
    source = as_source(file, SourceForm.BLOCK_FILE, sha256, xor_key=xor_key)
    return FileReading([Reading(source, rows)], skipped)


def _read_single(file: Found, data: blockfile.Bytes, network: Network) -> FileReading | None:
    """Read a file that holds one thing, raw, as hex or in JSON; None if it is none known."""
    answer = blockfile.json_pieces(data)
    if len(answer) > 1:
        return _read_lines(file, answer, data, network)
    if len(data) > MAX_SINGLE_BYTES * 3:
        return _read_headers(file, data, network)
    if not blockfile.looks_like_hex(data):
        return _read_piece(file, data.tobytes(), data, network, is_hex=False, piece=0)
    pieces = blockfile.hex_pieces(data)
    whole = _read_piece(file, pieces[0], data, network, is_hex=True, piece=0)
    if whole is not None and (whole.readings or len(pieces) == 1):
        return whole
    result = _read_lines(file, pieces, data, network)
    return result if result.readings else whole


def _read_lines(
    file: Found, pieces: list[bytes], data: blockfile.Bytes, network: Network
) -> FileReading:
    """Read each piece of a text but the first, which is the whole of it."""
    result = FileReading()
    unnamed = pieces.count(UNNAMED)
    if unnamed:
        result.skipped.append(Skipped("source-inputs-unnamed", str(file.path), {"count": unnamed}))
    for number, piece in enumerate(pieces[1:], 1):
        if piece == UNNAMED:
            continue
        part = _read_piece(file, piece, data, network, is_hex=True, piece=number)
        if part is None:
            part = FileReading(skipped=[Skipped("source-line", f"{file.path}, line {number}")])
        result.readings += part.readings
        result.skipped += part.skipped
    return result


def _read_piece(
    file: Found, raw: bytes, data: blockfile.Bytes, network: Network, *, is_hex: bool, piece: int
) -> FileReading | None:
    """Read one block, transaction, proof or run of headers; None if it is none of them."""
    if not MIN_TRANSACTION_BYTES <= len(raw) <= MAX_SINGLE_BYTES:
        return None
    buffer = np.frombuffer(raw, np.uint8)
    place = str(file.path)

    def made(form: SourceForm, rows: Columns, **more: bytes) -> FileReading:
        source = as_source(file, form, digest_of(data), is_hex=is_hex, piece=piece)
        return FileReading([Reading(source, rows, **more)])

    rows, broken = None, list[Skipped]()
    has_work = len(raw) > HEADER_BYTES and _has_work(raw[:HEADER_BYTES], network)
    if has_work or _begins_as_block(raw):
        rows, broken = parse.parse_blocks(buffer, np.array([[0, len(raw)]], np.int64))
        if rows.block_count and _is_likely_block(rows):
            other = _other_network(raw, int(rows.block_height_claimed[0]), place, network)
            return other or made(SourceForm.BLOCK, rows)
    loose = _transaction(raw)
    if loose is not None:
        if len(base_of(raw)) == merkleproof.UNSAFE_SIZE_BYTES:
            return FileReading(skipped=[Skipped("transaction-unsafe", place)])
        return made(SourceForm.TRANSACTION, loose)
    is_proof = _is_proof(raw)
    if is_proof or _are_headers(raw, network):
        other = _other_network(raw, NO_HEIGHT, place, network)
        if other is not None:
            return other
        if is_proof:
            return made(SourceForm.PROOF, columns.empty(), proof=raw)
        return made(SourceForm.HEADERS, columns.empty(), headers=raw)
    if rows is not None and rows.block_count:
        return made(SourceForm.BLOCK, rows)
    if broken and has_work:
        return FileReading(skipped=[_placed(skip, place) for skip in broken])
    return None


def _other_network(
    raw: bytes, claimed_height: int, place: str, network: Network
) -> FileReading | None:
    """Refuse what its first header shows to be of another network; None if it does not."""
    likely = other_network(raw[:HEADER_BYTES], claimed_height, network)
    if likely is None:
        return None
    params: dict[str, str | int] = {"network": network.name, "belongs": likely.name}
    return FileReading(skipped=[Skipped("source-likely-other-network", place, params)])


def _begins_as_block(raw: bytes) -> bool:
    """Whether a coinbase follows the header: quick, so that junk costs little."""
    _, at = compact_size(raw, HEADER_BYTES)
    at += 4
    if raw[at : at + 2] == b"\x00\x01":
        at += 2
    return raw[at : at + 1 + len(_NEW_COINS)] == b"\x01" + _NEW_COINS


def _is_likely_block(rows: Columns) -> bool:
    """A block with one fault from a transaction or junk that happens to read as one."""
    return bool(rows.block_merkle[0] != 0 or rows.block_target[0] == TargetState.MET)


def _read_headers(file: Found, data: blockfile.Bytes, network: Network) -> FileReading | None:
    if len(data) % HEADER_BYTES or not _has_work(data[:HEADER_BYTES].tobytes(), network):
        return None
    raw = data.tobytes()
    if not _are_headers(raw, network):
        return None
    other = _other_network(raw, NO_HEIGHT, str(file.path), network)
    if other is not None:
        return other
    source = as_source(file, SourceForm.HEADERS, digest_of(data))
    return FileReading([Reading(source, columns.empty(), headers=raw)])


def _transaction(raw: bytes) -> Columns | None:
    count, _ = compact_size(raw, 6 if raw[4:6] == b"\x00\x01" else 4)
    if not 0 < count * MIN_INPUT_BYTES <= len(raw):
        return None
    try:
        return parse.parse_transaction(raw)
    except TransactionNotReadable:
        return None


def _is_proof(raw: bytes) -> bool:
    try:
        merkleproof.parse_proof(raw)
    except MerkleProofNotReadable:
        return False
    return True


def _has_work(header: bytes, network: Network) -> bool:
    digest = hashlib.sha256(hashlib.sha256(header).digest()).digest()
    return meets_own_target(digest, int.from_bytes(header[72:76], "little"), network)


def _are_headers(raw: bytes, network: Network) -> bool:
    """Whether bytes are 80-byte headers, each with work behind it."""
    starts = range(0, len(raw), HEADER_BYTES)
    return len(raw) % HEADER_BYTES == 0 and all(
        _has_work(raw[at : at + HEADER_BYTES], network) for at in starts
    )


def as_source(file: Found, form: SourceForm, sha256: str, **more: Any) -> Source:
    """Describe a file that was read."""
    return Source(
        path=str(file.path.absolute()),
        name=file.name,
        origin=file.origin,
        size_bytes=file.size_bytes,
        sha256=sha256,
        form=form,
        **more,
    )


def digest_of(data: blockfile.Bytes) -> str:
    """The SHA-256 of a file's bytes as on disk."""
    return hashlib.sha256(data.data).hexdigest()


def _placed(skip: Skipped, path: str) -> Skipped:
    return Skipped(skip.code, f"{path}, {skip.place}" if skip.place else path, skip.params)
