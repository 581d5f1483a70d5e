"""Chains, labels and prices, opened once and kept until they change; findings being written."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.compute as pc
from django.db.models import F

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import HeightAmbiguous, NotInChain
from kancil.bitcoin.chain.same_keys import key_of_text, script_of_text
from kancil.bitcoin.chain.short_ids import transactions_like
from kancil.bitcoin.labels.errors import OtherAddressWrong
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label, label_of_fields
from kancil.bitcoin.labels.labels import Conflict, conflicts
from kancil.bitcoin.labels.other_chains import OtherLabels, address_fault
from kancil.bitcoin.labels.store import StoredImport, import_files, load_imports
from kancil.bitcoin.network import MAINNET, NETWORKS, Network, network_named
from kancil.bitcoin.script.address import is_address
from kancil.bitcoin.script.errors import AddressOfOtherCoin
from kancil.desk.cases.errors import PageNotFound
from kancil.evidence.tables.price_store import StoredPrices, list_prices, load_prices
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Workspace
from kancil.records.price import PriceBook

from .models import DraftState, FindingDraft, FindingVersion
from .open_chains import OpenChains
from .own_chains import chains_of_reader, is_own, may_read

__all__ = ["DraftState"]  # a choice, to be read

ADDRESS_FORM = re.compile(r"(?i:(?:bc|tb|bcrt)1)\S{6,120}|[^\W_]{25,130}")
"""What may be meant as an address, right or wrong, or is a key."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ABOUT = "chain.json"
T = TypeVar("T")
_open = OpenChains()
_kept: dict[tuple[str, Path], tuple[tuple[Any, ...], Any]] = {}
_lock = threading.Lock()


def chain_names(workspace: Workspace) -> list[str]:
    """List the chains that the reader may know of, by name."""
    names = sorted(path.parent.name for path in workspace.chains_dir.glob(f"*/{_ABOUT}"))
    return [name for name in names if may_read(workspace, name)]


def open_chain(workspace: Workspace, name: str) -> Chain:
    """A chain, as it is now; raises PageNotFound, and what opening raises."""
    about = workspace.chains_dir / name / _ABOUT
    is_here = _NAME.fullmatch(name) is not None and about.is_file()
    if not is_here or not may_read(workspace, name):
        raise PageNotFound
    return _open.get(about)


def kept_beside(chain: Chain, name: str, make: Callable[[], T]) -> T:
    """What is kept as long as `open_chain` keeps a chain; else it is made anew."""
    return _open.beside(chain, name, make)


@dataclass(frozen=True, slots=True)
class Held:
    """A transaction, block or address that a chain holds."""

    chain: str
    network: str
    height: int | None
    """Of its block, where that is known; of an address, None."""
    outputs: int = 0
    """How many outputs pay the address; none of those in stale blocks."""
    same_key: int = 0
    """How many outputs pay the key of the address in another way, such as directly (P2PK)."""
    spends: int = 0
    """How many inputs spend it by a spent-outputs file, their source not held."""


@dataclass(frozen=True, slots=True)
class HeldAs:
    """A transaction that is held, by its whole id."""

    txid: str
    held: Held


def held_transactions(workspace: Workspace, txid: str) -> list[Held]:
    """Find a transaction by its id in each chain of the unit."""
    found = []
    for chain in _chains(workspace):
        rows = chain.tx_rows(bytes.fromhex(txid)[::-1])
        if rows:
            height, _time = chain.height_and_time_of_tx(rows[-1])
            found.append(Held(chain.name, chain.network.name, height))
    return found


def transactions_short(workspace: Workspace, head: str, tail: str, most: int) -> list[HeldAs]:
    """Find transactions by a shortened id in each chain that is not too large to be searched."""
    found = []
    for chain in _chains(workspace):
        for txid in transactions_like(chain, head, tail, most) or ():
            height, _time = chain.height_and_time_of_tx(chain.tx_row(txid))
            found.append(HeldAs(txid, Held(chain.name, chain.network.name, height)))
    return found[:most]


def labels_named(workspace: Workspace, text: str, most: int) -> list[dict[str, Any]]:
    """Labels in whose name a text occurs, letter case aside; `most`: no more than these."""
    found: list[dict[str, Any]] = []
    shelf = label_shelf(workspace)
    for stored in shelf.imports:
        table = shelf.tables[stored.id]
        names = table["label"].cast("string")
        is_in = pc.match_substring(names, text, ignore_case=True).fill_null(False)
        rows = table.filter(is_in).slice(0, most - len(found)).to_pylist()
        found += [{**row, "network": stored.network, "import": stored.id} for row in rows]
        if len(found) >= most:
            break
    return found


def held_blocks(workspace: Workspace, name: str) -> list[Held]:
    """Find a block by its hash or height in each chain of the unit."""
    found = []
    for chain in _chains(workspace):
        try:
            height = chain.height_of(chain.block_row(name))
        except NotInChain:
            continue
        except HeightAmbiguous:
            height = int(name)  # the block's page says which ones there are
        found.append(Held(chain.name, chain.network.name, height))
    return found


def held_address(workspace: Workspace, address: str) -> list[Held]:
    """Find an address, or a public key in hex, in each chain of a network it is right for."""
    found = []
    for chain in _chains(workspace):
        if key_of_text(address) or is_address(address, chain.network):
            kind, payload = script_of_text(address, chain.network)
            outputs = len(chain.find_outputs_in_graph(kind, payload))
            spends = len(chain.find_stated_in_graph(kind, payload))
            same = sum(len(rows) for _, _, rows in chain.same_key_outputs(kind, payload))
            if outputs or spends or same or len(chain.find_outputs(kind, payload)):
                found.append(Held(chain.name, chain.network.name, None, outputs, same, spends))
    return found


def chains_of_networks(workspace: Workspace) -> dict[str, str]:
    """The first chain, by name, of each network that is held."""
    found: dict[str, str] = {}
    for chain in _chains(workspace):
        found.setdefault(chain.network.name, chain.name)
    return found


def networks_held(workspace: Workspace) -> list[Network]:
    """List the networks of the unit's chains; bitcoin's own where there is no chain yet."""
    found = {chain.network.name: chain.network for chain in _chains(workspace)}
    return list(found.values()) or [MAINNET]


def labels_of(workspace: Workspace, address: str, network: Network) -> tuple[Label, ...]:
    """What imported labels say of an address; raises what `script_of_text` raises."""
    return label_shelf(workspace).index(network).of(*script_of_text(address, network))


def labels_named_address(workspace: Workspace, address: str) -> tuple[Label, ...]:
    """What imported labels say of an address of whatever chain; empty for what is no address.

    A text that is right on two chains (a legacy address of Bitcoin Cash) has the labels of both.
    """
    networks = (network for network in NETWORKS.values() if is_address(address, network))
    own = (label for each in networks for label in labels_of(workspace, address, each))
    return (*own, *other_labels_of(workspace, address))


def labels_found(workspace: Workspace, text: str, most: int) -> list[tuple[Label, StoredImport]]:
    """Labels of an address of whatever chain, or of a name; each with the list that it stands in.

    `most`: no more than these by name. Raises what `script_of_text` raises for an address that is
    right on no chain, and OtherAddressWrong where it fails the check of a chain not bitcoin's.
    """
    found = list(labels_named_address(workspace, text))
    if not found:
        rows = labels_named(workspace, text, most)
        names = {each.name for each in fields(Label)}
        found = [label_of_fields({name: row[name] for name in names}) for row in rows]
    if not found:
        _require_right(text)
    lists = {each.file_sha256: each for each in label_shelf(workspace).imports}
    return [(each, lists[each.file_sha256]) for each in found]


def _require_right(text: str) -> None:
    """Refuse what has the form of an address and is one of no chain."""
    fault = address_fault(text)
    if fault is not None:
        raise OtherAddressWrong(text=text, why=Phrase(f"web.search.{fault}"))
    is_right = any(is_address(text, each) for each in NETWORKS.values())
    if ADDRESS_FORM.fullmatch(text) and not is_right:
        with suppress(AddressOfOtherCoin):
            script_of_text(text, MAINNET)


def other_labels_of(workspace: Workspace, address: str) -> tuple[Label, ...]:
    """What imported labels say of an address of a chain that is not bitcoin's."""
    return label_shelf(workspace).others.of(address)


def _chains(workspace: Workspace) -> Iterator[Chain]:
    return (open_chain(workspace, name) for name in chain_names(workspace))


@dataclass(frozen=True, slots=True)
class Wording:
    """What a draft of a finding says: of which row, in which class, with which remark."""

    trace: str
    """Id of the trace or other study it rests on."""
    finding_class: str
    row: int
    label_number: int
    remark: str
    table: str = ""
    """Table of the study; empty: a trace, whose transfers are meant."""


@dataclass(frozen=True, slots=True)
class SavedWording:
    """One version of a draft."""

    version: int
    wording: Wording
    saved_by: str
    """Name of the person."""
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FindingDraftRead:
    """A draft with its newest version."""

    number: int
    state: str
    newest: SavedWording
    finding: str | None
    """Id of the finding it became."""

    @property
    def version(self) -> int:
        """The number of the newest version."""
        return self.newest.version

    @property
    def wording(self) -> Wording:
        """What the newest version says."""
        return self.newest.wording


def drafts(case_id: str) -> list[FindingDraftRead]:
    """List the drafts of a case by number."""
    return [as_read(draft) for draft in FindingDraft.objects.filter(case_id=case_id)]


def open_wordings(case_id: str) -> dict[Wording, int]:
    """What each open draft of a case says now, with its number; the first counts."""
    newest = FindingVersion.objects.filter(
        draft__case_id=case_id, draft__state=DraftState.OPEN, version=F("draft__version")
    )
    found: dict[Wording, int] = {}
    for row in newest.select_related("draft").order_by("draft__number"):
        found.setdefault(_wording(row), row.draft.number)
    return found


def read_draft(case_id: str, number: int) -> FindingDraftRead | None:
    """Find a draft of a case by its number."""
    draft = FindingDraft.objects.filter(case_id=case_id, number=number).first()
    return None if draft is None else as_read(draft)


def draft_versions(case_id: str, number: int) -> list[SavedWording]:
    """List what a draft said, the newest version first."""
    found = FindingVersion.objects.filter(draft__case_id=case_id, draft__number=number)
    return [_saved(each) for each in found.select_related("saved_by").order_by("-version")]


def as_read(draft: FindingDraft) -> FindingDraftRead:
    """A draft's row with its newest version."""
    newest = draft.versions.select_related("saved_by").get(version=draft.version)
    return FindingDraftRead(draft.number, draft.state, _saved(newest), draft.finding)


def _saved(row: FindingVersion) -> SavedWording:
    return SavedWording(row.version, _wording(row), row.saved_by.name, row.saved_at)


def _wording(row: FindingVersion) -> Wording:
    return Wording(row.trace, row.finding_class, row.row, row.label_number, row.remark, row.table)


@dataclass(frozen=True, slots=True)
class LabelSource:
    """One import of labels: who speaks in it, and about how much."""

    stored: StoredImport
    publishers: tuple[str, ...]
    laws: tuple[str, ...]
    licences: tuple[str, ...]
    first_listed: str | None
    """Earliest listing date in it, `YYYY-MM-DD`."""
    last_listed: str | None
    undated: int
    """Labels whose publisher gives no listing date."""
    conflicts: int
    """Addresses of it on which labels of the unit do not agree."""


@dataclass(frozen=True)  # without slots: what only the page of labels asks is worked out there
class LabelShelf:
    """Labels that were imported or made, shared ones and those of single chains."""

    imports: tuple[StoredImport, ...]
    """The oldest first."""
    tables: dict[str, Any]
    """Rows of each import, by its id: an Arrow table."""
    by_network: dict[str, LabelIndex]
    others: OtherLabels
    """Of chains that are not bitcoin's."""

    def index(self, network: Network) -> LabelIndex:
        """The index of a network's labels."""
        found = self.by_network.get(network.name)
        return LabelIndex([], network) if found is None else found

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Find the addresses on which labels do not agree."""
        groups = [index.all_labels() for index in self.by_network.values()]
        groups.append(self.others.all_labels())
        return tuple(each for group in groups for each in conflicts(group))

    @cached_property
    def sources(self) -> tuple[LabelSource, ...]:
        """Of each import who speaks in it."""
        torn: dict[str, set[str]] = {}
        for conflict in self.conflicts:
            for label in conflict.labels:
                torn.setdefault(label.file_sha256, set()).add(conflict.address)
        return tuple(
            _source(stored, self.tables[stored.id], len(torn.get(stored.file_sha256, ())))
            for stored in self.imports
        )


def label_shelf(workspace: Workspace, chain: Chain | None = None) -> LabelShelf:
    """Labels as they are now: the shared ones with those of one chain, or of all of the reader's.

    Background work reads as nobody: without a chain it sees the shared ones. Raises
    LabelStoreBroken.
    """
    folder = workspace.labels_dir
    names = [chain.name] if chain is not None else chains_of_reader(workspace, folder)
    own = [name for name in names if is_own(workspace, name) and (folder / name).is_dir()]
    files = import_files(folder, *own)
    return _fresh(" ".join(["labels", *own]), folder, lambda: _shelf(folder, *own), files)


def price_book(workspace: Workspace) -> PriceBook:
    """All prices of the unit, as they are now; raises PricesBroken."""
    folder = workspace.prices_dir
    return _fresh("prices", folder, lambda: load_prices(folder))


def price_tables(workspace: Workspace) -> list[StoredPrices]:
    """List the price tables of the unit, the oldest first; raises PricesBroken."""
    folder = workspace.prices_dir
    return _fresh("price tables", folder, lambda: list_prices(folder))


def _fresh(
    what: str, folder: Path, make: Callable[[], T], files: Sequence[Path] | None = None
) -> T:
    """What was made of a folder's files, made anew when one of them is other than before."""
    if files is None:
        files = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    state = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    with _lock:
        known = _kept.get((what, folder))
    if known is not None and known[0] == state:
        found: T = known[1]
        return found
    made = make()
    with _lock:
        _kept[what, folder] = (state, made)
    return made


def _shelf(folder: Path, *chains: str) -> LabelShelf:
    imports = load_imports(folder, *chains)
    networks = {stored.network for stored, _ in imports}
    standing = [each for each in imports if not each[0].is_withdrawn]
    by_network = {name: LabelIndex(standing, network_named(name)) for name in sorted(networks)}
    return LabelShelf(
        imports=tuple(stored for stored, _ in imports),
        tables={stored.id: table for stored, table in imports},
        by_network=by_network,
        others=OtherLabels(table for _, table in standing),
    )


def _source(stored: StoredImport, table: Any, torn: int) -> LabelSource:
    def names(column: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in table[column].unique().to_pylist() if name))

    listed = sorted(day for day in table["listed_on"].unique().to_pylist() if day)
    return LabelSource(
        stored=stored,
        publishers=names("publisher"),
        laws=names("law"),
        licences=names("licence"),
        first_listed=listed[0].isoformat() if listed else None,
        last_listed=listed[-1].isoformat() if listed else None,
        undated=int(table["listed_on"].null_count),
        conflicts=torn,
    )


@dataclass(frozen=True, slots=True)
class LabelPart:
    """Some of an import's labels."""

    rows: tuple[dict[str, Any], ...]
    found: int
    """How many fit what was asked."""


_SEARCHED = ("address", "label", "category", "published_category", "publisher", "abuse")


def labels_part(table: Any, asked: str, first: int, count: int) -> LabelPart:
    """Some of an import's labels: those in which a text occurs, letter case aside."""
    if asked:
        is_in = None
        for name in _SEARCHED:
            found = pc.match_substring(
                table[name].cast("string"), asked, ignore_case=True
            ).fill_null(False)
            is_in = found if is_in is None else pc.or_(is_in, found)
        table = table.filter(is_in)
    part = table.slice(first, count).to_pylist()
    return LabelPart(tuple(part), table.num_rows)
