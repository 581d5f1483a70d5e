"""Commands for chains: ingest, status, transactions, addresses, blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import IngestReport, limits_of
from kancil.bitcoin.chain.ingest import ingest as ingest_sources
from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import open_clusters
from kancil.bitcoin.coinjoins.heuristic import Answer, outside_period
from kancil.bitcoin.coinjoins.verdicts import Look, looks_of
from kancil.bitcoin.compiled.kept import must_compile
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import network_named
from kancil.bitcoin.store.plan import plan_for
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.custody.unit import record_chain
from kancil.desk.studies.chains import exhibit_sources
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.progress import Progress
from kancil.ground.units import btc_text, bytes_text, grouped
from kancil.ground.words import render, render_phrase
from kancil.studies.change.values import look_value
from kancil.studies.study import CHAIN_NAME

from .touched import after_ingest, show_after_ingest

ChainName = Annotated[str, typer.Argument(metavar="CHAIN", help="Name of the chain.")]
_EXHIBIT = re.compile(r"[Ee]\d+|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}")


def chain_dir(door: Door, name: str) -> Path:
    """The folder of a chain; raises OptionNotUsable for a name that is none."""
    if CHAIN_NAME.fullmatch(name) is None:
        raise OptionNotUsable(option="CHAIN", value=name[:80], why=Phrase("note.chain-name"))
    return door.workspace.chains_dir / name


def open_chain(door: Door, name: str) -> Chain:
    """Open a chain and, off mainnet, put the watermark on the screen."""
    chain = Chain.open(chain_dir(door, name))
    watermark(door, chain)
    return chain


def watermark(door: Door, chain: Chain) -> None:
    """Say plainly that coins of a test network are worth nothing."""
    if not chain.network.is_real_money and not door.as_json:
        door.screen.title(render("note.watermark", network=chain.network.name))


def clusters_of(
    door: Door,
    chain: Chain,
    labels: LabelIndex,
    *,
    progress: Progress,
    coinjoins_join: bool = False,
    unsure_join: bool = False,
) -> Clusters:
    """The clusters of a chain, what looks like a CoinJoin left out unless it is to join.

    If the kept ones were damaged, that is said on standard error.
    """
    return open_clusters(
        chain,
        labels,
        None if coinjoins_join else exclude_coinjoins(progress=progress, unsure_join=unsure_join),
        progress=progress,
        on_damage=lambda: door.screen.warn(render("note.clusters-made-anew")),
    )


def ingest(
    context: typer.Context,
    chain: ChainName,
    source: Annotated[
        list[str],
        typer.Argument(
            help="Exhibits (E1), blk*.dat folders or files, single blocks, transactions or"
            " Merkle proofs, raw, hex, JSON, .gz or .bz2."
        ),
    ],
    network: Annotated[
        str | None,
        typer.Option(
            help="mainnet, testnet3, testnet4, signet or regtest; else the chain's own, or mainnet"
            " if the blocks show that they are of it."
        ),
    ] = None,
    spent: Annotated[
        list[str] | None,
        typer.Option(help="File of a block's spent outputs (exhibit or path); repeat for more."),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="Begin a whole chain, which may be larger than memory: from the first block on,"
            " in order, with nothing missing. Later ingests continue it.",
        ),
    ] = False,
    from_height: Annotated[
        int | None,
        typer.Option(min=0, help="Begin such a chain with the block of this height instead."),
    ] = None,
    memory: Annotated[
        float | None,
        typer.Option(
            min=1,
            help="Gigabytes that reading may use; else nine tenths of all, half for a whole chain.",
        ),
    ] = None,
) -> None:
    """Read block files into a blockchain, checking every block.

    Every block is checked: its Merkle root, its witness commitment, its work. Scripts and
    signatures are not validated. Blocks are read in a separate process that may be killed; the
    chain is then as before. What cannot be read is left out, counted and named.

        kancil bitcoin ingest main ~/blocks --network mainnet
    """
    door = Door(context)
    by = door.acting()
    folder = chain_dir(door, chain)
    known = network_named(network or _network_of(folder))
    sources = [path for item in source for path in _sources(door, item)]
    spent_sources = [path for item in spent or [] for path in _sources(door, item)]
    is_store = whole or from_height is not None
    planned = plan_for(folder, sources) if is_store else None
    if planned is not None and not door.as_json:
        sizes = {name: bytes_text(int(size)) for name, size in plain(planned).items()}
        door.screen.say(render("note.store-planned", **sizes))
    if must_compile():
        door.screen.warn(render("note.kernels-compiled"))
    with door.screen.progress() as progress:
        report = ingest_sources(
            folder,
            sources,
            network=known,
            spent=spent_sources,
            first_height=0 if whole and from_height is None else from_height,
            is_network_named=network is not None,
            progress=progress,
            limits=None if memory is None else limits_of(int(memory * 10**9)),
        )
    entry = record_chain(
        door.ledger,
        chain=chain,
        network=known.name,
        sources=list(report.inputs),
        blocks=report.held.get("blocks", 0),
        transactions=report.held.get("transactions", 0),
        skipped=len(report.skipped),
        by=by,
    )
    watched = after_ingest(door, Chain.open(folder))
    value = {
        **plain(report),
        **({} if planned is None else {"planned": plain(planned)}),
        "skipped": skipped_as_dicts(report.skipped),
        "entry": entry.n,
        "watched": watched,
    }

    def text() -> None:
        _show_ingest(door, report)
        show_after_ingest(door, watched)

    door.show(value, text)


def _network_of(folder: Path) -> str:
    """The network of a chain that is there, else mainnet."""
    return chain_store.read_record(folder).network if chain_store.exists(folder) else "mainnet"


def _sources(door: Door, item: str) -> Iterator[SourcePath]:
    """The files of an exhibit, or the path itself."""
    if _EXHIBIT.fullmatch(item) is None or Path(item).exists():
        yield SourcePath(Path(item).absolute())
        return
    yield from exhibit_sources(door.roll.exhibit(item), door.vault)


def _show_ingest(door: Door, report: IngestReport) -> None:
    screen = door.screen
    if not report.is_real_money:
        screen.title(render("note.watermark", network=report.network))
    screen.say(
        render("done.ingest", chain=report.chain, files=report.files,
               size=bytes_text(report.size_bytes))
    )  # fmt: skip
    names = ("blocks", "transactions", "inputs", "outputs")
    screen.facts(
        [
            (
                render(f"name.{name}"),
                render(
                    "note.new-and-held",
                    new=grouped(report.added.get(name, 0)),
                    held=grouped(report.held.get(name, 0)),
                ),
            )
            for name in names
        ]
    )
    others = {name: count for name, count in report.added.items() if name not in names and count}
    screen.facts([(_field(name), grouped(count)) for name, count in others.items()])
    door.show_skipped(report.skipped)


def status(context: typer.Context, chain: ChainName) -> None:
    """Show what a blockchain holds and what is missing.

    A slice of the chain is first-class: what is not held is unknown, never guessed.

        kancil bitcoin status main
    """
    door = Door(context)
    opened = open_chain(door, chain)
    value = {"id": chain, **plain(opened.status())}

    def text() -> None:
        screen = door.screen
        screen.facts(
            [(_field(name), _plain(item)) for name, item in value.items() if _is_short(item)]
        )
        for part in value["islands"]:
            screen.say(
                render(
                    "note.island",
                    blocks=part["blocks"],
                    first=str(part["first_height"] if part["first_height"] is not None else "?"),
                    last=str(part["last_height"] if part["last_height"] is not None else "?"),
                    source=str(part["height_source"] or render("note.height-unknown")),
                    placed=str(part["placed_by"] or render("note.placed-unknown")),
                )
            )
        for one in value["left"]:
            screen.say(
                render("note.left-chain", at=one["at"], name=one["hash"], height=one["height"])
            )
        _say_not_checked(door, opened.not_checked)

    door.show(value, text)


def _is_short(item: Any) -> bool:
    return isinstance(item, str | int | bool) or (isinstance(item, dict) and len(item) < 6)


def _field(name: str) -> str:
    """The words for a field of an answer."""
    return render(f"name.field-{name.replace('_', '-').replace(' ', '-')}")


def _plain(item: Any) -> str:
    if isinstance(item, bool):
        return render("note.yes" if item else "note.no")
    if isinstance(item, int):
        return grouped(item)
    if isinstance(item, dict):
        return "; ".join(f"{_field(name)}: {_plain(count)}" for name, count in item.items())
    return str(item)


def _say_not_checked(door: Door, not_checked: tuple[str, ...]) -> None:
    for code in not_checked:
        door.screen.say(render("note.not-validated", what=code))


def block(
    context: typer.Context,
    chain: ChainName,
    name: Annotated[str, typer.Argument(metavar="BLOCK", help="Height or block hash.")],
) -> None:
    """Show a block and what was checked of it.

    Work is answered as `own target only`, `difficulty checked along held headers to a pinned
    checkpoint`, or `failed`.

        kancil bitcoin block main 170
    """
    door = Door(context)
    opened = open_chain(door, chain)
    view = opened.block(name)
    value = {"id": view.hash, **plain(view)}

    def text() -> None:
        left = ("id", "not_checked")
        rows = [(key, item) for key, item in value.items() if item is not None and key not in left]
        door.screen.facts([(_field(key), _plain(item)) for key, item in rows])
        _say_not_checked(door, view.not_checked)

    door.show(value, text)


def transaction(
    context: typer.Context,
    chain: ChainName,
    name: Annotated[str, typer.Argument(metavar="TXID", help="Transaction id.")],
) -> None:
    """Show a transaction.

    An input whose source is not held is unknown; the fee is then unknown too. What heuristics
    say of its form is a guess with a reason; see docs/reference/heuristics.md.

        kancil bitcoin tx main f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16
    """
    door = Door(context)
    opened = open_chain(door, chain)
    row = opened.tx_row(name)
    view, looks = opened.tx_at(row), looks_of(opened, row)
    value = {"id": view.txid, **plain(view), "looks": [look_value(look) for look in looks]}

    def text() -> None:
        screen = door.screen
        height = "?" if view.height is None else grouped(view.height)
        screen.facts(
            [
                (render("name.transaction"), view.txid),
                (render("name.block"), f"{view.block or render('note.no-block')} ({height})"),
                (render("name.fee"), render("note.unknown") if view.fee_sat is None
                 else f"{grouped(view.fee_sat)} sat"),
            ]
        )  # fmt: skip
        screen.table(
            ("In>", "Source", "Satoshi>", "Address or script", "Status"),
            [
                (str(one.n), one.source or "-", _sat(one.value_sat),
                 one.address or one.script or "-", one.status)
                for one in view.inputs
            ],
        )  # fmt: skip
        screen.table(
            ("Out>", "Satoshi>", "Bitcoin>", "Address or script", "Spent by"),
            [
                (str(one.n), _sat(one.value_sat), btc_text(one.value_sat),
                 one.address or _script_note(one.script, one.same_key_as),
                 _spent(one.spent_by, one.no_spend_seen))
                for one in view.outputs
            ],
        )  # fmt: skip
        for look in looks:
            _say_look(door, look)
        _say_not_checked(door, view.not_checked)

    door.show(value, text)


def _say_look(door: Door, look: Look) -> None:
    """What a heuristic found, why, and what is known of its error."""
    heuristic, why = look.heuristic, look.verdict.why
    if look.verdict.answer is Answer.UNKNOWN:
        door.screen.say(render("note.look-unknown", heuristic=heuristic.name))
        return
    door.screen.say(
        render(
            f"note.look-{look.manner}",
            heuristic=heuristic.name,
            version=heuristic.version,
            rule=look.verdict.rule,
            why=why,
        )
    )
    if look.in_period is False:
        outside = outside_period(heuristic)
        door.screen.say(render_phrase(outside))
    door.screen.say(f"{heuristic.name}: {render(look.error)}")


def _sat(value_sat: int | None) -> str:
    return render("note.unknown") if value_sat is None else grouped(value_sat)


def _script_note(script: str, same_key_as: tuple[str, ...]) -> str:
    if not same_key_as:
        return script
    return render("note.same-key", script=script, address=", ".join(same_key_as))


def _spent(spent_by: dict[str, Any] | None, no_spend_seen: str | None) -> str:
    if spent_by is not None:
        return str(spent_by.get("txid", spent_by))
    return no_spend_seen or "-"


def address(
    context: typer.Context,
    chain: ChainName,
    name: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Bitcoin address, or a public key in hex.")
    ],
) -> None:
    """Show what an address received and spent in the blocks held.

    Only deposits in the blocks held are seen. A mistyped address is answered with which part
    of it is wrong. A public key means what pays it directly (P2PK); what pays its addresses, or the
    key of an address directly, is told beside, each by itself.

        kancil bitcoin address main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d
    """
    door = Door(context)
    opened = open_chain(door, chain)
    view = opened.address(name)
    found = labels_of_address(door, opened, name)
    value = {"id": view.address, **plain(view), "labels": found}

    def text() -> None:
        screen = door.screen
        screen.facts(
            [
                (render("name.address"), view.address),
                (render("name.received"), f"{grouped(view.received_sat)} sat"),
                (render("name.scope"), view.scope),
            ]
        )
        screen.table(
            ("Deposit", "Satoshi>", "Height>", "Spent by"),
            [
                (one.outpoint, grouped(one.value_sat),
                 "?" if one.height is None else grouped(one.height),
                 _spent(one.spent_by, one.no_spend_seen))
                for one in view.deposits
            ],
        )  # fmt: skip
        for other in view.same_key:
            screen.say(
                render(
                    "note.same-key-paid",
                    name=other.name,
                    script=other.script,
                    count=len(other.deposits),
                    received=grouped(other.received_sat),
                )
            )
        if view.has_bare_keys:
            screen.say(render("note.bare-keys-not-counted"))
        for label in found:
            screen.say(render("note.label-says", **label))
        if found:
            screen.say(render("note.label-allegation"))

    door.show(value, text)


def labels_of_address(door: Door, chain: Chain, text: str) -> list[dict[str, str]]:
    """What imported labels say of an address."""
    kind, payload = script_of_text(text, chain.network)
    index = LabelIndex.load(door.workspace.labels_dir, chain.network, chain.name)
    return [label_as_dict(label) for label in index.of(kind, payload)]


def label_as_dict(label: Any) -> dict[str, str]:
    """A label for JSON and for sentences."""
    unknown = render("note.label-listing-date-unknown")
    missing = render("note.not-stated")
    return {
        "label": label.label,
        "category": label.category or label.published_category or missing,
        "abuse": label.abuse,
        "publisher": label.publisher,
        "law": label.law or missing,
        "listed_on": label.listed_on.isoformat() if label.listed_on else unknown,
        "fetched_on": label.fetched_on.isoformat() if label.fetched_on else missing,
        "confidence": label.confidence,
        "licence": label.licence,
        "source": label.source,
    }
