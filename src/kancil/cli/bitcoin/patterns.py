"""The command that looks for forms which laundering often has, over a chain or around something."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.store import kept_numbers
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.laundering.ground import Threshold
from kancil.bitcoin.laundering.pattern import Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import BITCOIN, MOST, chosen_of, seconds_of
from kancil.bitcoin.laundering.views import findings_view
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study
from kancil.desk.studies.errors import OptionMissing
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.exhibit_table import table_bytes
from kancil.evidence.tables.foreign import read_price_table
from kancil.evidence.tables.price_store import load_prices
from kancil.evidence.tables.price_table import PricesStated
from kancil.ground.clock import from_person, to_text
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase, from_json
from kancil.ground.registry import Registry
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase
from kancil.records.price import PriceBook
from kancil.studies.pattern.study import PATTERN, Search, law_threshold, subject_of

from .chains import ChainName, chain_dir, clusters_of, watermark

_PAIR = re.compile(r"([a-z][a-z.-]{1,60})=([0-9]{1,16})")
_MOST = 100_000


def patterns(
    context: typer.Context,
    chain: ChainName,
    around: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ADDRESS|TXID|TXID:N]…", help="Only what these have a part in."),
    ] = None,
    pattern: Annotated[
        list[str] | None, typer.Option(help="Only this pattern; repeat for more.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another threshold of a definition; repeat."),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(help="Table of daily prices of BTC, days in UTC; else those imported."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of the law's threshold: THB, LAK, USD, BTC …")
    ] = None,
    threshold: Annotated[
        str | None, typer.Option(help="The threshold of the law, in that currency.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Transactions of this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Transactions of this day or earlier.")
    ] = None,
    most: Annotated[int, typer.Option(help="How many of each pattern are listed.")] = MOST,
    case: Annotated[
        str | None, typer.Option(help="Record the study in this case: C1 or an id.")
    ] = None,
) -> None:
    """Search for forms that laundering often has; one alone proves nothing.

    One indicator alone proves nothing: each form has innocent makers, which are told beside it.
    Nothing is scored or added up; findings stand in the order of the chain. See
    docs/reference/patterns.md.

        kancil bitcoin patterns main --pattern peel-chain --from 2024-01-01
    """
    door = Door(context)
    members, given = read_members(pattern or [], param or [])
    if not 1 <= most <= _MOST:
        raise OptionNotUsable(option="--most", value=str(most), why=Phrase("why.pattern-most"))
    zone = door.workspace.zone
    first = from_person(since, zone) if since else None
    last = from_person(until, zone, end_of_day=True) if until else None
    limit = _threshold(door, prices, currency, threshold)
    opened = Chain.open(chain_dir(door, chain))
    subject_of(opened, around or ())  # a wrong name is refused before anything is printed or made
    watermark(door, opened)
    if case is not None:
        if prices is not None:
            why = Phrase("why.study-prices")
            raise OptionNotUsable(option="--prices", value=str(prices)[:80], why=why)
        asked = {
            "around": list(around or ()), "chain": chain, "currency": currency, "most": most,
            "patterns": [each.name for each in members], "threshold": threshold,
            "thresholds": given, "since": None if first is None else to_text(first),
            "until": None if last is None else to_text(last),
        }  # fmt: skip
        record_study(door, PATTERN, asked, case)
        return
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network, opened.name)
    with door.screen.progress() as progress:
        if kept_numbers(opened) is None:  # those made here are kept for the next question
            clusters_of(door, opened, labels, progress=progress)
        search = Search(members, given, seconds_of(first, last), limit, most)
        found = search.run(opened, labels, around or (), progress)
    value = {
        "id": chain,
        "around": list(around or []),
        "scope": opened.scope,
        "notes": [render_phrase(note) for note in found.notes],
        "patterns": [
            _in_words(findings_view(opened, member, one))
            for member, one in zip(members, found.findings, strict=True)
        ],
    }
    door.show(value, lambda: _show(door, value))


def read_members(
    names: Sequence[str], pairs: Sequence[str]
) -> tuple[list[Pattern], dict[str, int]]:
    """Find the patterns named, all if none is, and read NAME=NUMBER pairs.

    Raises OptionNotUsable, and what a name that is not known raises.
    """
    known = Registry("pattern", PATTERNS)
    members = [known.named(name) for name in dict.fromkeys(names or known.names)]
    given = {}
    for text in pairs:
        pair = _PAIR.fullmatch(text)
        if pair is None:
            why = Phrase("why.pattern-parameter-pair")
            raise OptionNotUsable(option="--param", value=text[:60], why=why)
        given[pair[1]] = int(pair[2])
    chosen_of(members, given)
    return members, given


def _threshold(
    door: Door, prices: Path | None, currency: str | None, threshold: str | None
) -> Threshold | None:
    """Read the threshold of the law; None where none was given."""
    if threshold is None:
        if currency is not None or prices is not None:
            raise OptionMissing(option="--threshold")
        return None
    if currency is None:
        raise OptionMissing(option="--currency")
    book = PriceBook(()) if currency.upper() == BITCOIN else _book(door, prices, currency.upper())
    return law_threshold(threshold, currency, book)


def _book(door: Door, prices: Path | None, currency: str) -> PriceBook:
    if prices is None:
        return load_prices(door.workspace.prices_dir)
    stated = PricesStated(
        source=prices.name, currency=currency, asset=BITCOIN, amount=AmountForm(".", ",")
    )
    return PriceBook(read_price_table(io.BytesIO(table_bytes(prices)), prices.name, stated).prices)


def _in_words(view: dict[str, Any]) -> dict[str, Any]:
    """Put the keys of a view into words."""
    for name in ("definition", "innocent", "error", "proves_nothing"):
        view[name] = render(view[name])
    view["typology"] = {"code": view["typology"],
                        "words": render(f"note.typology-{view['typology']}")}  # fmt: skip
    view["indicator"]["words"] = render(view["indicator"]["words"])
    for each in view["parameters"]:
        each["why"] = render(each["why"])
    view["notes"] = [_said(note) for note in view["notes"]]
    for found in view["findings"]:
        found["why"] = {**found["why"], "words": _said(found["why"])}
        found["proves_nothing"] = render(found["proves_nothing"])
        for step in found["transactions"]:
            step["role_words"] = render(f"name.pattern-role-{step['role']}")
    return view


def _said(phrase: dict[str, Any]) -> str:
    return render(phrase["key"], **from_json(phrase["params"]))


def _show(door: Door, value: dict[str, Any]) -> None:
    screen = door.screen
    for note in value["notes"]:
        screen.say(note)
    silent = [view["name"] for view in value["patterns"] if not view["total"]]
    for view in value["patterns"]:
        if view["total"]:
            _show_pattern(door, view)
    if silent:
        screen.say(render("note.pattern-none", names=", ".join(silent)))
    for note in dict.fromkeys(note for view in value["patterns"] for note in view["notes"]):
        screen.say(note)


def _indicator(told: dict[str, Any]) -> str:
    checked = render(f"note.pattern-checked-{told['compared']}", by=told["told_by"])
    return f"{told['words']} ({told['source']}; {told['section']}; {checked})"


def _show_pattern(door: Door, view: dict[str, Any]) -> None:
    screen, indicator = door.screen, view["indicator"]
    screen.title(
        render("note.pattern-title", name=view["name"], version=view["version"],
               total=grouped(view["total"]))
    )  # fmt: skip
    screen.facts(
        [
            (render("name.pattern-definition"), view["definition"]),
            (render("name.pattern-parameters"),
             ", ".join(f"{each['name']}={each['value']}" for each in view["parameters"])),
            (render("name.pattern-innocent"), view["innocent"]),
            (render("name.pattern-error"), view["error"]),
            (render("name.pattern-indicator"), _indicator(indicator)),
            (render("name.pattern-typology"), view["typology"]["words"]),
            (render("name.pattern-source"), view["source"]),
        ]
    )  # fmt: skip
    screen.table(
        (
            render("name.pattern-first"), render("name.pattern-last"),
            render("name.pattern-reason"), render("name.pattern-at"),
        ),
        [
            ((found["first"] or "?")[:19], (found["last"] or "?")[:19], found["why"]["words"],
             found["at"])
            for found in view["findings"]
        ],
    )  # fmt: skip
    if view["more"]:
        screen.say(render("note.pattern-more", count=grouped(view["more"])))
    screen.say(view["proves_nothing"])
