"""The command that generates a chain with its truth, for tests, benchmarks and classrooms."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from kancil.bitcoin.generator.counter import MILLION
from kancil.bitcoin.generator.generate import DEFAULT_START, Wishes
from kancil.bitcoin.generator.generate import generate as generate_chain
from kancil.cli.frame.door import Door
from kancil.ground.clock import from_person
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render

_RATE = re.compile(r"([a-z0-9-]{1,40})=([01])(?:\.([0-9]{1,6}))?", re.ASCII)


def generate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes; 0 to 2^64 - 1.")],
    transactions: Annotated[int, typer.Option(help="How many, without the blocks' coinbases.")],
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=RATE",
            help="Plant a pattern; RATE is its share of all transactions, 0.02. Repeat for more.",
        ),
    ] = None,
    coinjoin: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=RATE", help="Plant CoinJoins of a protocol; repeat for more."),
    ] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Real keys and valid signatures; slow.")
    ] = False,
    start: Annotated[
        str | None, typer.Option(help="Day of the first block, 2021-01-01, in UTC.")
    ] = None,
) -> None:
    """Generate a chain whose owners and planted patterns are known, for tests and classrooms.

    The blocks are valid by regtest's rules, the owners of all addresses and every planted
    instance are known and written beside them. Such a chain is invented: it is marked as
    generated and never stands for a real one.

        kancil bitcoin generate made --seed 7 --transactions 10000 --pattern peel-chain=0.02
    """
    door = Door(context)
    wishes = Wishes(
        seed=seed,
        transactions=transactions,
        patterns=_rates("--pattern", pattern or []),
        coinjoins=_rates("--coinjoin", coinjoin or []),
        signed=signed,
        start=_start(start),
    )
    with door.screen.progress() as progress:
        told = generate_chain(folder, wishes, progress)
    door.show(
        {"id": told["last_block"], "folder": str(folder), **told}, lambda: _show(door, folder, told)
    )


def _start(text: str | None) -> datetime:
    return DEFAULT_START if text is None else from_person(text, ZoneInfo("UTC"))


def _rates(option: str, given: list[str]) -> dict[str, int]:
    """Read NAME=RATE as millionths, digit by digit; raises OptionNotUsable."""
    rates: dict[str, int] = {}
    for each in given:
        found = _RATE.fullmatch(each)
        if found is None or found[1] in rates:
            raise OptionNotUsable(option=option, value=each[:40], why=Phrase("why.rate-pair"))
        rates[found[1]] = int(found[2]) * MILLION + int((found[3] or "").ljust(6, "0"))
    return rates


def _show(door: Door, folder: Path, told: dict[str, Any]) -> None:
    screen, counts = door.screen, told["counts"]
    screen.title(render("done.generate", path=str(folder)))
    size = sum(int(file["size_bytes"]) for file in told["files"])
    names = ("blocks", "transactions", "inputs", "outputs", "owners", "instances")
    screen.facts(
        [
            *((render(f"name.{name}"), grouped(counts[name])) for name in names),
            (render("name.block-files"), f"{len(told['files'])} ({bytes_text(size)})"),
            (render("name.seed"), told["parameters"]["seed"]),
            (render("name.last-block"), told["last_block"]),
        ]
    )
    for name, one in told["planted"].items():
        made, asked = one["transactions"], one["asked_transactions"]
        if 10 * made < 9 * asked:
            count, wanted = grouped(made), grouped(asked)
            screen.say(render("note.generated-fewer", name=name, made=count, asked=wanted))
    short = sum(one["instances"] - one["complete"] for one in told["planted"].values())
    if short:
        screen.say(render("note.generated-cut-short", count=grouped(short)))
