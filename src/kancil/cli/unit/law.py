"""Commands for the law that a request stands on: the unit's own texts, and legal bases."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import plain_name, read_file
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase
from kancil.legal.bases import PossibleBasis
from kancil.legal.library import Library
from kancil.legal.requests import kinds


def list_law(context: typer.Context) -> None:
    """List the texts of law and agreements that the unit keeps.

    Texts of law, agreements, and what the unit states of treaties, each with its source and the
    day on which an officer looked at it. What comes packaged is not listed here.

        kancil law list
    """
    door = Door(context)
    found = _library(door)
    value = [{"what": "offence", **plain(each)} for each in found.offences.values()]
    value += [{"what": "agreement", **plain(each)} for each in found.agreements.values()]
    value += [
        {"what": "status", "id": f"{each.country}-{each.instrument}", **plain(each)}
        for each in found.own_statuses.values()
    ]
    value += [{"what": "entry", "id": id, **plain(each)} for id, each in found.entries.items()]
    door.show(value, lambda: _show_law(door, value))


def _library(door: Door) -> Library:
    ledger = door.ledger
    from kancil.desk.law.queries import law_library  # once the ledger has opened the desk

    return law_library(ledger, door.workspace)


def _show_law(door: Door, value: list[dict[str, Any]]) -> None:
    if not value:
        door.screen.say(render("note.law-none"))
        return
    rows = [
        (
            each["what"],
            each["id"],
            " ".join(filter(None, (each.get("country"), each.get("other")))),
            str(each.get("law") or each.get("title") or each.get("status") or ""),
            str(each.get("verified_on") or each.get("as_of") or ""),
            each["source"],
        )
        for each in value
    ]
    door.screen.table(("what", "id", "country", "what it is", "looked at", "source"), rows)


def import_law(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML or JSON: docs/formats/law.md.")],
) -> None:
    """Import a file of law: texts of law, agreements, status of treaties.

    An entry of a later file stands in the place of an earlier one of the same id. What the file
    states stays the word of whoever wrote it.

        kancil law import laos.yaml
    """
    door = Door(context)
    by = door.acting()
    data = read_file(file)
    from kancil.desk.law.actions import import_law as keep  # once the roll has opened the desk

    name = plain_name(file.name)
    done = keep(door.ledger, door.workspace, data=data, name=name, by=by)
    value = {"id": done.sha256, "is_new": done.is_new, **done.counts}
    key = "done.law-imported" if done.is_new else "done.law-known"
    door.show(value, render(key, file=name, **done.counts))


def bases(
    context: typer.Context,
    kind: Annotated[str, typer.Option(help="Kind of request, such as freeze or preservation.")],
    other: Annotated[str, typer.Option("--with", help="The requested country, such as TH.")],
    requesting: Annotated[
        str | None, typer.Option("--from", help="The requesting country; else the unit's.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day, 2026-03-09; else today.")] = None,
) -> None:
    """Show on which law a request to another country may stand.

    What may carry a request between two countries, the best first, as far as it is known here.
    An officer chooses. What is not known is said so, with the place where to ask.

        kancil law bases --kind freeze --with TH
    """
    door = Door(context)
    asked = kinds().named(kind).name
    home = door.workspace.unit.country
    ends = (_country(requesting or home, "--from"), _country(other, "--with"))
    day = _day(on) if on else door.now.astimezone(door.workspace.zone).date()
    found = _library(door).bases(asked, *ends, day)
    value = [
        {**plain(each), "sentences": [render_phrase(one) for one in each.sentences()]}
        for each in found
    ]
    door.show(value, lambda: _show_bases(door, found))


def _show_bases(door: Door, found: tuple[PossibleBasis, ...]) -> None:
    for each in found:
        form = render(f"law.form-{each.form}")
        bound = render(f"law.bound-{each.bound}")
        door.screen.title(f"{each.name or form} · {form} · {bound}")
        for phrase in each.sentences():
            door.screen.say("  " + render_phrase(phrase))
        numbers = ", ".join(article.number for article in each.articles)
        if numbers:
            key = "note.law-articles" if each.is_own else "note.law-articles-general"
            door.screen.say("  " + render(key, numbers=numbers))
    door.screen.say(render("note.law-officer-chooses"))


def _country(text: str, option: str) -> str:
    code = text.strip().upper()
    if re.fullmatch(r"[A-Z]{2}", code) is None:
        raise OptionNotUsable(option=option, value=text[:40], why=Phrase("note.law-two-letters"))
    return code


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OptionNotUsable(option="--on", value=text[:40], why="2026-03-09") from error
