"""The command that looks for words on the examined disks of a case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.desk.evidence.files import Wanted
from kancil.desk.evidence.search import search, search_list
from kancil.desk.evidence.timeline import Line, lines_of
from kancil.evidence.search.word_list import read_word_list
from kancil.ground.clock import from_person
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render

from .exhibits import CaseName


def look_for(
    context: typer.Context,
    case: CaseName,
    words: Annotated[
        list[str] | None, typer.Argument(help="Words; in quotes: in a row; -word: without.")
    ] = None,
    exhibit: Annotated[str | None, typer.Option(help="On this disk alone.")] = None,
    words_list: Annotated[
        Path | None, typer.Option("--list", help="A text file: each line is looked for.")
    ] = None,
    kind: Annotated[str, typer.Option(help="In files of a kind: text, zip, pdf.")] = "",
    under: Annotated[str, typer.Option(help="In paths that begin so.")] = "",
    since: Annotated[str | None, typer.Option(help="In files modified then or later.")] = None,
    until: Annotated[str | None, typer.Option(help="In files modified before.")] = None,
    most: Annotated[int, typer.Option(min=1, max=100_000, help="Texts of each disk.")] = 20,
) -> None:
    """Look for words on the examined disks of a case.

    Case and accents make no difference. In Thai, Khmer, Lao, Burmese and Chinese, letters are found
    wherever they stand in a row. The ledger says who looked.

        kancil evidence search C1 wallet backup --under home/
    """
    door = Door(context)
    found = door.roll.case(case)
    lines = lines_of(door.ledger, door.vault, door.workspace.triage_dir, found.id, door.acting())
    if exhibit is not None:
        own = door.roll.exhibit(exhibit)
        lines = [each for each in lines if each.exhibit.id == own.id]
    zone = door.workspace.zone
    first, last = (
        None if each is None else _ns(from_person(each, zone)) for each in (since, until)
    )
    wanted = Wanted(kind=kind, since_ns=first, until_ns=last)
    value: dict[str, Any] = {"id": found.id, "case": found.label}
    if words_list is not None:
        _list(door, lines, read_word_list(words_list), wanted, value)
    else:
        _words(door, lines, " ".join(words or ()), wanted, under, most, value)


def _words(
    door: Door, lines: list[Line], typed: str, wanted: Wanted, under: str, most: int,
    value: dict[str, Any],
) -> None:  # fmt: skip
    found = search(lines, typed, wanted, under, most)
    value["disks"] = [
        {"exhibit": each.line.exhibit.label, "total": each.total,
         "hits": [{**plain(hit), "snippet": "".join(hit.snippet)} for hit in each.hits]}
        for each in found
    ]  # fmt: skip

    def text() -> None:
        told = {"total": grouped(sum(each.total for each in found)), "disks": grouped(len(found))}
        door.screen.say(render("web.disk-search.answer", **told))
        for each in found:
            door.screen.table(
                [render(f"web.column.{name}") for name in ("exhibit", "file", "text")],
                [[each.line.exhibit.label, hit.path, "".join(hit.snippet)] for hit in each.hits],
            )
        door.screen.say(render("web.disk-search-limit"))

    door.show(value, text)


def _list(
    door: Door, lines: list[Line], words: list[str], wanted: Wanted, value: dict[str, Any]
) -> None:
    found = search_list(lines, words, wanted)
    rows: list[dict[str, Any]] = [
        {"words": each.words, "exhibit": line.exhibit.label, "total": each.total,
         "numbers": list(each.numbers)}
        for line, listed in found for each in listed if each.total
    ]  # fmt: skip
    value |= {"lines": len(words), "found": rows}

    def text() -> None:
        told = {"found": grouped(len({row["words"] for row in rows})), "lines": grouped(len(words))}
        door.screen.say(render("web.disk-search.answer-list", **told))
        door.screen.table(
            [render(f"web.column.{name}") for name in ("words", "exhibit", "texts")],
            [[row["words"], row["exhibit"], grouped(row["total"])] for row in rows],
        )
        door.screen.say(render("web.disk-search-limit"))

    door.show(value, text)


def _ns(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000_000
