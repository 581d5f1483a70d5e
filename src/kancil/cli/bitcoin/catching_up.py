"""The command that fetches from a running node the blocks that a chain lacks, and ingests them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import ChainOtherNetwork
from kancil.bitcoin.chain.ingest import IngestReport, ingest
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import Network, network_named
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.custody.unit import record_chain
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render
from kancil.wire import fetched as fetched_room
from kancil.wire.bitcoin_node import PORTS, Node, RestNode, RpcNode, read_cookie
from kancil.wire.catch_up import CatchUp
from kancil.wire.catch_up import catch_up as fetch_blocks
from kancil.wire.fetched import Fetched
from kancil.wire.gate import Address, let_through
from kancil.wire.window import Window

from .chains import ChainName, chain_dir
from .touched import after_ingest, show_after_ingest

_HEIGHT = re.compile(r"[0-9]{1,8}")
_FOLDER = "fetched"


def catch_up(
    context: typer.Context,
    chain: ChainName,
    node: Annotated[
        str, typer.Option(help="Where the node listens, such as http://127.0.0.1:8332.")
    ],
    rpc: Annotated[
        bool, typer.Option("--rpc", help="Ask by JSON-RPC in place of REST; needs --cookie.")
    ] = False,
    cookie: Annotated[
        Path | None, typer.Option(help="The running node's cookie file, for --rpc.")
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="HEIGHT",
            help="Begin a separate range here, if nothing held reaches this height.",
        ),
    ] = None,
    at_most: Annotated[
        int | None, typer.Option(help="Maximum number of blocks to fetch in this run.")
    ] = None,
    network: Annotated[
        str | None, typer.Option(help="Network of a new chain; mainnet if not said.")
    ] = None,
    other_host: Annotated[
        bool,
        typer.Option("--other-host", help="Allow a node on another machine; see what it learns."),
    ] = False,
) -> None:
    """Fetch the blocks a blockchain lacks from a running node, and ingest them.

    The only command that opens a connection, and only to the node named. Whole blocks are
    asked for, never an address or a transaction. Each block is checked before it is kept; killed
    at any moment, the same command goes on. Then the blocks are ingested as any others are.

        kancil bitcoin catch-up main --node http://127.0.0.1:8332
    """
    door = Door(context)
    door.acting()
    folder = chain_dir(door, chain)
    known = _network(folder, network)
    start, most = _height(first), _most(at_most)
    address = let_through(node, PORTS[known.name], other_hosts=other_host)
    asked = _node(address, rpc=rpc, cookie=cookie)
    asked.window.tell_retry = lambda count: door.screen.warn(
        render("note.node-again", address=str(address), count=count)
    )
    warning = None if address.is_local else render("note.other-host", host=address.host)
    if warning is not None and not door.as_json:
        door.screen.title(warning)
    blocks_dir = door.workspace.root / _FOLDER / chain
    reports: list[IngestReport] = []
    try:
        with fetched_room.held(blocks_dir, known) as kept:
            reports += _ingest(door, folder, kept, known)
            run = _fetch(door, folder, asked, kept, known, start, most)
            reports += _ingest(door, folder, kept, known)
    finally:
        asked.window.close()
    watched = after_ingest(door, Chain.open(folder)) if reports else None
    skipped = [skip for report in reports for skip in report.skipped]
    value = {
        "id": chain,
        "node": str(address),
        "way": asked.way,
        "warning": warning,
        **run.as_dict(),
        "requests": asked.window.requests,
        "held": reports[-1].held if reports else None,
        "skipped": skipped_as_dicts(skipped),
        "watched": watched,
    }

    def text() -> None:
        _show(door, run, str(address))
        if watched is not None:
            show_after_ingest(door, watched)
        door.show_skipped(tuple(skipped))

    door.show(value, text)


def _network(folder: Path, named: str | None) -> Network:
    """The network of the chain, or of one to be made. Raises ChainOtherNetwork."""
    if not chain_store.exists(folder):
        return network_named(named or "mainnet")
    belongs = chain_store.read_record(folder).network
    if named is not None and network_named(named).name != belongs:
        raise ChainOtherNetwork(path=str(folder), network=named, belongs=belongs)
    return network_named(belongs)


def _height(text: str | None) -> int | None:
    if text is None:
        return None
    if _HEIGHT.fullmatch(text) is None:
        raise OptionNotUsable(option="--from", value=text[:40], why=Phrase("why.node-height"))
    return int(text)


def _most(number: int | None) -> int | None:
    if number is not None and number < 1:
        raise OptionNotUsable(option="--at-most", value=str(number), why=Phrase("why.node-most"))
    return number


def _node(address: Address, *, rpc: bool, cookie: Path | None) -> Node:
    """The node, asked the way that was chosen. Raises OptionNotUsable, FileNotReadable."""
    if rpc != (cookie is not None):
        given = "--cookie" if cookie else "--rpc"
        raise OptionNotUsable(option=given, value="-", why=Phrase("why.node-cookie-needed"))
    window = Window(address)
    return RestNode(window) if cookie is None else RpcNode(window, read_cookie(cookie))


def _fetch(
    door: Door,
    folder: Path,
    asked: Node,
    kept: Fetched,
    network: Network,
    start: int | None,
    most: int | None,
) -> CatchUp:
    chain = Chain.open(folder) if chain_store.exists(folder) else None
    kept.tell("run", node=str(asked.window.address), way=asked.way)

    def plan(run: CatchUp) -> None:
        lacking = max(0, run.state.height - run.first_height + 1)
        if lacking and not door.as_json:
            door.screen.say(
                render(
                    "note.catch-up-plan",
                    height=grouped(run.state.height),
                    first=grouped(run.first_height),
                    count=grouped(lacking),
                    size=bytes_text(run.state.size_bytes),
                )
            )

    with door.screen.progress() as progress:
        run = fetch_blocks(
            chain,
            asked,
            kept,
            network,
            first_height=start,
            most_blocks=most,
            progress=progress,
            tell_plan=plan,
        )
    kept.tell("end", **run.as_dict())
    return run


def _ingest(door: Door, folder: Path, kept: Fetched, network: Network) -> list[IngestReport]:
    """Ingest the finished files that the chain does not have yet, and record it."""
    paths = kept.finished()
    if chain_store.exists(folder):
        have = {Path(source.path) for source in chain_store.read_record(folder).sources}
        paths = [path for path in paths if path not in have]
    if not paths:
        return []
    sources = [SourcePath(path, f"{_FOLDER}/{path.parent.name}/{path.name}") for path in paths]
    with door.screen.progress() as progress:
        report = ingest(folder, sources, network=network, progress=progress)
    record_chain(
        door.ledger,
        chain=folder.name,
        network=network.name,
        sources=list(report.inputs),
        blocks=report.held.get("blocks", 0),
        transactions=report.held.get("transactions", 0),
        skipped=len(report.skipped),
        fetched_from=_asked_since_last(kept),
        by=door.acting(),
    )
    kept.tell("ingested", names=[path.name for path in paths], id=report.id)
    return [report]


def _asked_since_last(kept: Fetched) -> str:
    """Name the nodes that were asked since blocks were last ingested, by the journal."""
    asked: list[str] = []
    for line in kept.told():
        if line.get("event") == "ingested":
            asked = []
        elif line.get("event") == "run":
            asked.append(f"{line.get('way')} {line.get('node')}")
    return ", ".join(dict.fromkeys(asked))


def _show(door: Door, run: CatchUp, node: str) -> None:
    screen = door.screen
    if run.taken_up:
        screen.say(render("note.catch-up-taken-up", count=grouped(run.taken_up)))
    if run.blocks:
        screen.say(
            render(
                "done.catch-up",
                blocks=grouped(run.blocks),
                size=bytes_text(run.size_bytes),
                node=node,
                first=grouped(run.first_height),
                last=grouped(run.last_height),
            )
        )
    else:
        height = grouped(run.state.height)
        screen.say(render("done.catch-up-nothing", node=node, height=height))
    if run.blocks and not run.is_linked:
        screen.say(render("note.catch-up-not-linked", first=grouped(run.first_height)))
    if run.left_count:
        count, latest = grouped(run.left_count), run.left[0] if run.left else "-"
        screen.say(render("note.catch-up-left", count=count, hash=latest))
