"""Commands for the texts of a round's report: what the team wrote, by section and version."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.assessment.narrative import Genre
from kancil.ground.words import render

from .door import Programme, RoundName, chosen, plain, shown

SectionName = Annotated[
    str, typer.Argument(metavar="SECTION", help="headline, or area/capability-2026.2/lf.")
]


def list_texts(context: typer.Context, round: RoundName) -> None:
    """Each place with its room in characters, and the text that stands there with its id."""
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.narratives import text_places, texts

    written = texts(sight)
    places = text_places(sight)
    value = [
        {
            "section": each.section,
            "kind": each.genre.value,
            "most_signs": each.most_signs,
            "text": plain(written.get((each.section, each.genre.value))),
        }
        for each in places
    ]

    def text() -> None:
        for each in places:
            row = written.get((each.section, each.genre.value))
            if row is not None:
                screen = programme.door.screen
                screen.title(f"{each.section} {each.genre.value} ({row.id})")
                screen.say(row.text)
                screen.say(render("note.assess-text-by", name=row.author, at=shown(row.at)))
        left = len(places) - len(written)
        programme.door.screen.say(render("note.assess-texts-left", count=left))

    programme.show(value, text)


def write(
    context: typer.Context,
    round: RoundName,
    section: SectionName,
    text: Annotated[str, typer.Option(help="The text; empty takes back what stands.")],
    kind: Annotated[str, typer.Option(help="narrative, finding or recommendation.")] = "narrative",
    follows: Annotated[
        str, typer.Option(help="Id of the text that stands there, which this one replaces.")
    ] = "",
) -> None:
    """Nothing is overwritten: older versions stay, and who names another one than stands is
    refused.
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.narratives import write_text

    chosen(kind, [each.value for each in Genre], "--kind")
    id = write_text(
        by=programme.person,
        round=programme.round(round),
        section=section,
        kind=kind,
        text=text,
        follows=follows or None,
    )
    programme.added("narrative", id, section)
