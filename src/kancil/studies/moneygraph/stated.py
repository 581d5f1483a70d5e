"""Stated transfers on the graph: what somebody's table says, beside what the chain proves.

From rows of tables (exchange returns, bank statements, explorers' exports) to nodes and dotted
arrows. A row that names a transaction drawn here hangs on it; one that names an address drawn here
hangs on that; all others are counted and not drawn. No amount of a table enters a sum of the chain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.reported.beside import BesideTransfer

from .folding import MOST_NODES, short_id
from .lines import plain
from .net import Sight
from .parts import END, OUTPUT, PARTY, START, Folded, Part, Tie


@dataclass(slots=True)
class StatedTie:
    """What one dotted arrow says."""

    stated_by: str
    asset: str
    amounts: list[Decimal] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stated_times: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    """Of its rows, as their tables state them."""
    keys: dict[str, None] = field(default_factory=dict)
    """Words for what the chain says of its rows, each once."""
    is_contradicted: bool = False
    """The chain says otherwise of all its rows; of none, where it is False."""

    @property
    def times(self) -> tuple[str, ...]:
        """First and last time or day, as stated."""
        known = sorted(self.stated_times)
        return tuple(dict.fromkeys((known[0], known[-1]))) if known else ()

    @property
    def told(self) -> str:
        """The sum of its rows, as stated."""
        total = f"{sum(self.amounts, Decimal(0)):f}"
        whole, _, part = total.partition(".")
        part = part.rstrip("0")
        text = f"{grouped(int(whole))}{'.' if part else ''}{part} {plain(self.asset, 12)}"
        return text if len(self.rows) == 1 else f"{text} ({grouped(len(self.rows))})"

    @property
    def words(self) -> tuple[str, ...]:
        """Its amount and days, who says so, and that the chain says otherwise where it does."""
        told = f"{self.told} · {self._days}" if self.days else self.told
        said = render("note.graph-stated-by", publisher=plain(self.stated_by, 22))
        if self.is_contradicted:
            return told, said, render("note.graph-stated-contradicted")
        return told, said

    @property
    def _days(self) -> str:
        """First and last day; of one year, which is written once."""
        first, last = min(self.days), max(self.days)
        if first == last:
            return first
        return f"{first} – {last[5:] if first[:4] == last[:4] else last}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the chain says of its rows, in sentences."""
        return tuple(render(key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class StatedRows:
    """Rows of tables, hung on what they name; `parts.Hanging`."""

    key: tuple[BesideTransfer, ...]

    def hang(self, sight: Sight, folded: Folded) -> tuple[str, ...]:
        """Hang each row on what it names; says how many name nothing drawn."""
        return stated_notes(add_stated(sight, folded, self.key))


@dataclass(frozen=True, slots=True)
class Added:
    """How many stated transfers are drawn, and how many are not."""

    drawn: int
    left: int


def add_stated(sight: Sight, folded: Folded, transfers: Sequence[BesideTransfer]) -> Added:
    """Hang stated transfers on a folded graph, as long as it has room for their parties."""
    adder = _Adder(sight, folded)
    drawn = sum(adder.add(transfer) for transfer in transfers)
    return Added(drawn, len(transfers) - drawn)


class _Adder:
    def __init__(self, sight: Sight, folded: Folded) -> None:
        self.sight, self.folded = sight, folded
        self.hub = {tx: part.id for part in folded.parts.values() for tx in part.txs}
        self.at_address: defaultdict[str, list[Part]] = defaultdict(list)
        for part in folded.parts.values():
            if part.kind in (START, OUTPUT, END) and part.strands[0].output >= 0:
                address = sight.names.address(part.strands[0].output)
                if address:
                    self.at_address[address].append(part)
        self.at_output = {
            part.strands[0].output: part
            for part in folded.parts.values()
            if part.kind in (START, OUTPUT, END) and part.strands[0].output >= 0
        }
        self.ties: dict[tuple[str, str, str, str, bool], Tie] = {}

    def add(self, transfer: BesideTransfer) -> bool:
        """Draw a transfer; False if it names nothing drawn here, or no room is left."""
        tx = self.sight.tx_of(transfer.txid) if transfer.txid else -1
        if tx in self.hub:
            return self._join(transfer, tx)
        source = self._drawn_at(transfer.from_address)
        target = self._drawn_at(transfer.to_address)
        if source is None and target is None:
            return False
        begin = source or self._party(transfer, is_payer=True, beside=target)
        end = target or self._party(transfer, is_payer=False, beside=source)
        if begin is None or end is None:
            return False
        self._tie(begin, end, transfer)
        return True

    def _join(self, transfer: BesideTransfer, tx: int) -> bool:
        """Hang payer and payee on the transaction that the row names."""
        hub = self.folded.parts[self.hub[tx]]
        payer = self._party(transfer, is_payer=True, beside=hub)
        paid = self._paid_by(tx, transfer)
        payee = paid or self._party(transfer, is_payer=False, beside=hub)
        if payer is not None:
            self._tie(payer, hub, transfer)
        if payee is not None:
            self._tie(hub, payee, transfer)
        return payer is not None or payee is not None

    def _paid_by(self, tx: int, transfer: BesideTransfer) -> Part | None:
        """The output that the row means: the one that fits it, else one to its address."""
        outputs = self.sight.graph.outputs_of(tx)
        if transfer.output is not None and transfer.output < len(outputs):
            return self.at_output.get(outputs[transfer.output])
        found = [
            part for part in self.at_address.get(transfer.to_address or "", ())
            if part.strands[0].output in outputs
        ]  # fmt: skip
        return found[0] if found else None

    def _drawn_at(self, address: str | None) -> Part | None:
        found = self.at_address.get(address or "", ())
        return min(found, key=lambda part: (part.order, part.id)) if found else None

    def _party(
        self, transfer: BesideTransfer, *, is_payer: bool, beside: Part | None
    ) -> Part | None:
        """The node of who paid or was paid; None where the row does not say, or no room is."""
        names = (
            (transfer.from_name, transfer.from_account, transfer.from_address)
            if is_payer
            else (transfer.to_name, transfer.to_account, transfer.to_address)
        )
        told = [name for name in names if name]
        if not told or beside is None:
            return None
        side = "from" if is_payer else "to"
        ident = short_id(PARTY, side, transfer.stated_by, *(name or "" for name in names))
        part = self.folded.parts.get(ident)
        if part is None:
            if len(self.folded.parts) >= MOST_NODES:
                return None
            part = Part(ident, PARTY, tone="stated", told=(*told, transfer.stated_by))
            part.order = beside.order + (-1 if is_payer else 1)
            self.folded.parts[ident] = part
        elif is_payer:
            part.order = min(part.order, beside.order - 1)
        else:
            part.order = max(part.order, beside.order + 1)
        return part

    def _tie(self, source: Part, target: Part, transfer: BesideTransfer) -> None:
        key = (
            source.id, target.id, transfer.stated_by, transfer.asset, transfer.is_contradicted,
        )  # fmt: skip
        tie = self.ties.get(key)
        if tie is None:
            tie = self.ties[key] = Tie(
                source.id,
                target.id,
                stated=StatedTie(
                    transfer.stated_by,
                    transfer.asset,
                    is_contradicted=transfer.is_contradicted,
                ),
            )
            self.folded.ties.append(tie)
        stated = tie.stated
        if isinstance(stated, StatedTie):
            stated.amounts.append(Decimal(transfer.amount))
            stated.rows.append(transfer.row)
            stated.keys |= dict.fromkeys(transfer.reasons)
            stated.stated_times += [when for when in (transfer.time or transfer.day,) if when]
            stated.days += [transfer.day] if transfer.day else []


def stated_notes(added: Added) -> tuple[str, ...]:
    """What stated transfers are, and how many name nothing drawn here."""
    notes = []
    if added.drawn:
        notes.append(render("note.graph-stated", count=grouped(added.drawn)))
    if added.left:
        notes.append(render("note.graph-stated-left", count=grouped(added.left)))
    return tuple(notes)
