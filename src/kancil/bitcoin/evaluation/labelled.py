"""Labelled transactions: sets of which somebody says what they are, read for `evaluate`.

Formats:

- the text of the Dumplings scanner (nopara73/Dumplings and crocs-muni/Dumplings, `RpcParser.cs`),
  alone or in a zip: one transaction a line, `txid:::block:::index:::unix time:::inputs:::outputs`,
  coins joined by `}{`, an input `txid-vout-value+script+type`, an output `value+script+type`. The
  file's name says what its transactions are; the stated type is not used, the script is;
- `<protocol>_false_cjtxs.json` of crocs-muni/coinjoin-analysis: ids that look like a protocol's
  and were judged not to be, by reason. It holds no transactions: those not in another set here
  cannot be tested;
- a raw block, `<name>.raw`, with `<name>.spent-outputs.raw` beside it where that is held: what was
  mined before a protocol began is none of its transactions (`labelled_blocks`);
- `<name>.labelled.json`, our own: what is said of text files of that form beside it, and how that
  is known. `docs/reference/heuristics.md` has an example.

Labels of Dumplings and of such lists were made by another heuristic; of the last the file says how
its truth is known, and who says so. Lines that cannot be read are left out and counted.
"""

from __future__ import annotations

import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.coinjoins.heuristic import Coin, Shown
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.holdings.read import MAX_SINGLE_BYTES
from kancil.bitcoin.holdings.spent import SpentOutputs, parse_spent
from kancil.bitcoin.script.script import classify
from kancil.ground.clock import from_unix
from kancil.ground.errors import FileNotReadable
from kancil.ground.files import sha256_of
from kancil.ground.phrase import Phrase
from kancil.ground.skipped import Skipped
from kancil.ground.units import MAX_MONEY_SAT

from .labelled_blocks import began_later, input_count, read_block, transactions_of

MAX_LINE_BYTES = 16 << 20
"""A transaction of 4 million weight units in hex, with its inputs' scripts, is far shorter."""
MAX_LIST_BYTES = 64 << 20
LATEST = (1 << 32) - 1
"""A block's time has 32 bits."""
OWN_ENDING = ".labelled.json"
BLOCK_ENDING, SPENT_ENDING = ".raw", ".spent-outputs.raw"
BY_DATES = "mined before the protocol began"
BY_DUMPLINGS = "Dumplings"
_ZIP_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
    UnicodeDecodeError, ValueError,
)  # fmt: skip
"""What the zip reader raises of a zip that is broken, or packed in a way it does not know."""
_TXID = re.compile(r"[0-9a-f]{64}")
_LINE = re.compile(
    r"(?P<txid>[0-9a-f]{64}):::[0-9a-f]*:::[0-9]*:::(?P<seconds>[0-9]{0,10})"
    r":::(?P<inputs>[^:]+):::(?P<outputs>[^:]+)"
)
_OUTPUT = re.compile(r"(?P<value>[0-9]{1,16})\+(?P<script>(?:[0-9a-f]{2})*)\+[A-Za-z0-9]*")
_INPUT = re.compile(rf"(?P<source>[0-9a-f]{{64}})-(?P<place>[0-9]{{1,10}})-{_OUTPUT.pattern}")
_FALSE_LIST = re.compile(r"(?:(?P<protocol>[a-z0-9-]+)_)?false_cjtxs[a-z0-9_]*\.json")


class Truth(StrEnum):
    """How it is known what a labelled transaction is."""

    OWNER = "owner-known"
    """Whoever made the transaction says so."""
    PROTOCOL = "protocol-known"
    """The protocol's own record says so, such as a coordinator's, or the days on which it ran."""
    HEURISTIC = "other-heuristic"
    """Another heuristic said so; nobody knows how often it errs."""
    GENERATED = "generated"
    """Made by a generator that follows a paper."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the name of a set says of its transactions."""

    is_of: tuple[str, ...] = ()
    """Heuristics whose kind of transaction these are said to be."""
    is_not_of: tuple[str, ...] = ()
    """Heuristics whose kind of transaction these are said not to be."""

    def speaks_of(self, heuristic: str) -> bool:
        """Whether it says of a heuristic's kind that these are, or are not, of it."""
        return heuristic in self.is_of or heuristic in self.is_not_of


DUMPLINGS: dict[str, Meaning] = {
    "SamouraiCoinJoins": Meaning(("whirlpool",), ("whirlpool-tx0",)),
    "SamouraiTx0s": Meaning(("whirlpool-tx0",), ("whirlpool",)),
    "SamouraiPostMixTxs": Meaning((), ("whirlpool",)),
    "WasabiCoinJoins": Meaning(("wasabi1",)),
    "WasabiPostMixTxs": Meaning((), ("wasabi1",)),
    "Wasabi2CoinJoins": Meaning(("wasabi2",)),
    "Wasabi2PostMixTxs": Meaning((), ("wasabi2",)),
    "OtherCoinJoins": Meaning(("joinmarket", "equal-output")),
    "OtherCoinJoinPostMixTxs": Meaning((), ("joinmarket", "equal-output")),
}
"""What Dumplings says by the name of a file. A post-mix transaction spends a mix and is, says
Dumplings, no mix of that kind; it may be a tx0. Of other protocols a set says nothing."""
_DUMPLINGS_NAME = re.compile(rf"({'|'.join(DUMPLINGS)})(?:_[A-Za-z0-9_-]*)?\.txt")


@dataclass(frozen=True)
class LabelledSet:
    """Transactions of which one thing is said."""

    name: str
    """`SamouraiCoinJoins`."""
    file: str
    """Name of the file, with its place in a zip."""
    meaning: Meaning
    truth: Truth
    known_by: str
    """Who says so, and how they know."""
    open_stream: Callable[[], AbstractContextManager[IO[bytes]]]
    block: tuple[Columns, SpentOutputs | None] | None = None
    """The block that the set is, already read; None for text."""

    def transactions(self) -> Iterator[Shown | Skipped]:
        """Read the set, transaction by transaction; a line that cannot be read is a skip."""
        if self.block is not None:
            yield from transactions_of(*self.block)
            return
        with self.open_stream() as stream:
            yield from read_dumplings(stream, self.file)


@dataclass(frozen=True, slots=True)
class ListedFalse:
    """Ids judged not to be of a protocol, though they look so."""

    file: str
    protocol: str
    reasons: dict[str, frozenset[str]]
    """By the publisher's word for the reason."""
    truth: Truth = Truth.HEURISTIC

    @property
    def txids(self) -> frozenset[str]:
        """All ids, each once."""
        return frozenset().union(*self.reasons.values())


@dataclass(frozen=True, slots=True)
class Labelled:
    """What files of labelled transactions hold."""

    sets: tuple[LabelledSet, ...]
    false: tuple[ListedFalse, ...]
    files: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file."""


def open_labelled(paths: list[Path]) -> Labelled:
    """Find out what each file holds, reading no transaction yet.

    Raises FileNotReadable, and LabelledSetNotReadable for a file that holds no labelled set, or
    where a set is given twice.
    """
    sets: list[LabelledSet] = []
    false: list[ListedFalse] = []
    files = []
    for path in paths:
        with _translated(path):
            files.append((path.name, sha256_of(path)))
            if zipfile.is_zipfile(path):
                sets += _in_zip(path)
            elif path.name.endswith(OWN_ENDING):
                sets += _own(path)
            elif path.suffix == BLOCK_ENDING:
                sets.append(_block(path))
            elif _FALSE_LIST.fullmatch(path.name):
                false.append(_false_list(path))
            else:
                sets.append(_alone(path))
    names = [each.name for each in sets]
    for each in sets:
        if names.count(each.name) > 1:
            why = Phrase("why.labelled-twice", {"name": each.name})
            raise LabelledSetNotReadable(path=each.file, why=why)
    return Labelled(tuple(sets), tuple(false), tuple(files))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what the system and the zip reader raise into errors of ours."""
    try:
        yield
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    except _ZIP_BROKEN as error:
        raise _zip_not_readable(path) from error


def _zip_not_readable(path: Path) -> LabelledSetNotReadable:
    return LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-zip"))


def _meaning(name: str) -> tuple[str, Meaning] | None:
    found = _DUMPLINGS_NAME.fullmatch(name)
    return None if found is None else (found[1], DUMPLINGS[found[1]])


def _alone(path: Path) -> LabelledSet:
    known = _meaning(path.name)
    if known is None:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-name"))
    name, meaning = known
    opener = _opener(path)
    return LabelledSet(name, path.name, meaning, Truth.HEURISTIC, BY_DUMPLINGS, opener)


def _in_zip(path: Path) -> list[LabelledSet]:
    sets = []
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            known = _meaning(Path(member.filename).name)
            if known is None or member.is_dir():
                continue
            name, meaning = known
            file = f"{path.name}/{member.filename}"
            opener = _zip_opener(path, member.filename)
            sets.append(LabelledSet(name, file, meaning, Truth.HEURISTIC, BY_DUMPLINGS, opener))
    if not sets:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-name"))
    return sets


def _zip_opener(path: Path, member: str) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with _translated(path), zipfile.ZipFile(path) as archive:
            try:
                stream = archive.open(member)
            except (RuntimeError, OSError) as error:  # a password, or a place before the file
                raise _zip_not_readable(path) from error
            with stream:
                yield stream

    return opened


def _false_list(path: Path) -> ListedFalse:
    """Read a list of false positives; the protocol stands in the file's or the folder's name."""
    found = _FALSE_LIST.fullmatch(path.name)
    protocol = (found and found["protocol"]) or path.absolute().parent.name
    value = _json_of(path)
    lists = {"listed": value} if isinstance(value, list) else value
    if not isinstance(lists, dict) or not all(_are_txids(each) for each in lists.values()):
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-json"))
    return ListedFalse(path.name, protocol, {name: frozenset(ids) for name, ids in lists.items()})


def _block(path: Path) -> LabelledSet:
    """Read a block: a negative, by the dates, of each protocol that began later."""
    raw = path.read_bytes() if path.stat().st_size <= MAX_SINGLE_BYTES else b""
    rows = read_block(raw)
    if rows is None:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-block"))
    beside = path.with_name(path.stem + SPENT_ENDING)
    spent = parse_spent(beside.read_bytes(), str(beside)) if beside.is_file() else None
    if spent is not None and len(spent) != input_count(rows):
        raise LabelledSetNotReadable(path=beside.name, why=Phrase("why.labelled-spent"))
    meaning = Meaning((), began_later(rows, HEURISTICS))
    name = f"block {path.stem}"
    return LabelledSet(
        name, path.name, meaning, Truth.PROTOCOL, BY_DATES, _opener(path), (rows, spent)
    )


def _own(path: Path) -> list[LabelledSet]:
    """Read what our own form says of the text files beside it."""
    value = _json_of(path)
    try:
        truth, known_by = Truth(value["truth"]), str(value["known_by"])
        rows = [(str(row["name"]), str(row["file"]), row) for row in value["sets"]]
        meanings = [_own_meaning(row) for _, _, row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-own")) from error
    sets = []
    for (name, file, _), meaning in zip(rows, meanings, strict=True):
        if Path(file).name != file or not (path.parent / file).is_file():
            why = Phrase("why.labelled-beside", {"file": file})
            raise LabelledSetNotReadable(path=path.name, why=why)
        opener = _opener(path.parent / file)
        sets.append(LabelledSet(name, file, meaning, truth, known_by, opener))
    return sets


def _own_meaning(row: dict[str, list[str]]) -> Meaning:
    """Read what is said of a set; raises KeyError for a heuristic that is none."""
    is_of, is_not_of = tuple(row.get("is_of", ())), tuple(row.get("is_not_of", ()))
    known = {heuristic.name for heuristic in HEURISTICS}
    for name in is_of + is_not_of:
        if name not in known:
            raise KeyError(name)
    return Meaning(is_of, is_not_of)


def _opener(path: Path) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with _translated(path), path.open("rb") as stream:
            yield stream

    return opened


def _json_of(path: Path) -> Any:
    """Read a small JSON file; raises LabelledSetNotReadable."""
    if path.stat().st_size > MAX_LIST_BYTES:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-large"))
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LabelledSetNotReadable(path=path.name, why=Phrase("why.labelled-json")) from error


def _are_txids(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) and _TXID.fullmatch(each) for each in value
    )


def read_dumplings(stream: IO[bytes], file: str) -> Iterator[Shown | Skipped]:
    """Read the text of the Dumplings scanner; a line that cannot be read is a skip."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        place = f"{file}, line {number}"
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            yield Skipped("labelled-line-long", place)
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            continue
        text = line.decode("ascii" if number > 1 else "utf-8-sig", "replace").strip()
        if not text:
            continue
        yield shown_of_line(text) or Skipped("labelled-line", place)


def shown_of_line(text: str) -> Shown | None:
    """Read one line; None where it is not as the module says."""
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    spent = [_INPUT.fullmatch(part) for part in found["inputs"].split("}{")]
    inputs = [_coin(one) for one in spent]
    outputs = [_coin(_OUTPUT.fullmatch(part)) for part in found["outputs"].split("}{")]
    seconds = int(found["seconds"]) if found["seconds"] else None
    known_in = tuple(coin for coin in inputs if coin is not None)
    known_out = tuple(coin for coin in outputs if coin is not None)
    is_whole = len(known_in) == len(inputs) and len(known_out) == len(outputs)
    if not is_whole or (seconds or 0) > LATEST:
        return None
    return Shown(
        txid=found["txid"],
        inputs=known_in,
        outputs=known_out,
        time=None if seconds is None else from_unix(seconds),
        spends=tuple((one["source"], int(one["place"])) for one in spent if one is not None),
    )


def _coin(found: re.Match[str] | None) -> Coin | None:
    if found is None or (value := int(found["value"])) > MAX_MONEY_SAT:
        return None
    return Coin(value, *classify(bytes.fromhex(found["script"])))
