"""Commands about whole chains: check one again, take one over from another disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.chain.ingest import ingest as ingest_sources
from kancil.bitcoin.clusters.store import damage_of, forget_clusters
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import network_named
from kancil.bitcoin.store.copy import copied
from kancil.bitcoin.store.verify import Verified, Verifier, repair
from kancil.cli.frame.door import Door
from kancil.custody.unit import record_chain
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render

from .chains import ChainName, chain_dir

_SHOWN = 40


def verify_chain(
    context: typer.Context,
    chain: ChainName,
    blocks: Annotated[
        bool, typer.Option("--blocks", help="Read every block again from its file; takes long.")
    ] = False,
    mend: Annotated[
        bool, typer.Option("--repair", help="Rebuild what is damaged, from blocks if needed.")
    ] = False,
) -> None:
    """Check a whole chain again: its columns, its links and, if asked, every block.

    Three things are told apart: unchanged since it was written, consistent in itself, and
    proved from the blocks. Only the last says that the rows are those of the chain. Scripts and
    signatures are not validated.

        kancil bitcoin verify main --blocks
    """
    door = Door(context)
    folder = chain_dir(door, chain)
    with chain_store.held(folder):
        with door.screen.progress() as progress:
            found = Verifier(folder, progress).check(blocks=blocks)
        clusters = damage_of(folder)
        if mend and clusters:
            forget_clusters(folder)
        again = repair(folder, found.damages) if mend and found.damages else None
    value: dict[str, Any] = plain(found) | {
        "clusters": {"kept": clusters is not None, "damages": list(clusters or ())},
        "repaired": mend and bool(found.damages),
    }
    if again is not None:
        value["ingested_again_from"] = again
        _ingest_again(door, folder)
    if value["repaired"]:
        with chain_store.held(folder), door.screen.progress() as progress:
            value["after"] = plain(Verifier(folder, progress).check())
    door.show(value, lambda: _show(door, found, value))
    left = value.get("after", value)
    if not left["consistent"] or (clusters and not mend):
        raise typer.Exit(ChainBroken.exit_status)


def _ingest_again(door: Door, folder: Path) -> None:
    record = chain_store.read_record(folder)
    sources = [
        SourcePath(Path(source.path), source.name, source.origin, source.xor_key)
        for source in record.sources
    ]
    with door.screen.progress() as progress:
        ingest_sources(folder, sources, network=network_named(record.network), progress=progress)


def copy_chain(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="The chain's folder on the other disk: …/chains/NAME.")
    ],
    chain: ChainName,
    blocks: Annotated[
        Path | None,
        typer.Option(help="Folder with the block files here: every block is read again from them."),
    ] = None,
) -> None:
    """Copy a whole chain from another disk, and check it.

    Without block files the copy is as its own record says, and nothing of it can be proved
    from blocks here; that is told with every answer about raw bytes.

        kancil bitcoin copy /media/disk/unit/chains/main main --blocks /media/disk/blocks
    """
    door = Door(context)
    by = door.acting()
    target = chain_dir(door, chain)
    with door.screen.progress() as progress:
        found = copied(folder, target, blocks=blocks, progress=progress)
    record = chain_store.read_record(target)
    rows = record.store.rows if record.store is not None else None
    entry = record_chain(
        door.ledger,
        chain=chain,
        network=record.network,
        sources=sorted({source.sha256 for source in record.sources}),
        blocks=0 if rows is None else rows.blocks,
        transactions=0 if rows is None else rows.transactions,
        skipped=found.blocks_not_here,
        by=by,
    )
    value = plain(found) | {"entry": entry.n}
    door.show(value, lambda: _show(door, found, value))
    if found.damages:
        raise typer.Exit(ChainBroken.exit_status)


def _show(door: Door, found: Verified, value: dict[str, Any]) -> None:
    screen = door.screen
    screen.say(
        render(
            "note.store-read",
            chain=found.chain,
            first=found.first_height,
            last=found.last_height,
            size=bytes_text(found.size_bytes),
        )
    )
    for key, is_so in (("unchanged", value["unchanged"]), ("consistent", value["consistent"])):
        screen.say(render(f"note.store-{key}" if is_so else f"note.store-not-{key}"))
    for one in found.damages[:_SHOWN]:
        heights = "" if one.first_height is None else f"{one.first_height}-{one.last_height}"
        screen.say(f"  {one.column} {heights} {render(f'note.store-damage-{one.what}')}")
    kept = value.get("clusters")
    if kept and kept["kept"]:
        damages = ", ".join(kept["damages"])
        screen.say(
            render("note.clusters-damaged", damages=damages)
            if damages
            else render("note.clusters-unchanged")
        )
    if found.asked_blocks:
        proved, gone = grouped(found.blocks_proved), grouped(found.blocks_not_here)
        screen.say(render("note.store-proved", proved=proved, gone=gone))
        for name in found.missing_sources[:_SHOWN]:
            screen.say(f"  {name}")
    else:
        screen.say(render("note.store-blocks-not-read"))
    if value.get("repaired"):
        again = value.get("ingested_again_from")
        screen.say(
            render("note.store-repaired")
            if again is None
            else render("note.store-repaired-from", height=again)
        )
