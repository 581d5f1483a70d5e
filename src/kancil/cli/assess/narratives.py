"""Commands for the texts of a round's report: what the team wrote, by section and version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kancil.assessment.narrative import Genre, TextPlace
from kancil.cli.programme.door import Programme, RoundName, chosen, plain, shown
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.narratives import TextRow

SectionName = Annotated[
    str, typer.Argument(metavar="SECTION", help="headline, or area/capability-2026.2/lf.")
]


def list_texts(context: typer.Context, round: RoundName) -> None:
    """List the texts of a round's report, and the room that each has.

    Each place with its room in characters, and the text that stands there with its id.

        kancil assess narrative list 'First round'
    """
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
            "texts": [plain(row) for row in _standing(written, each)],
        }
        for each in places
    ]

    def text() -> None:
        for each in places:
            for row in _standing(written, each):
                screen = programme.door.screen
                named = row.language or render("note.assess-text-unstated")
                screen.title(f"{each.section} {each.genre.value} ({named}, {row.id})")
                screen.say(row.text)
                screen.say(render("note.assess-text-by", name=row.author, at=shown(row.at)))
        left = sum(not _standing(written, each) for each in places)
        programme.door.screen.say(render("note.assess-texts-left", count=left))

    programme.show(value, text)


def _standing(written: Mapping[tuple[str, str, str], TextRow], place: TextPlace) -> list[TextRow]:
    """The texts of a place, one of each language."""
    return [
        row for (section, kind, _), row in sorted(written.items())
        if (section, kind) == (place.section, place.genre.value)
    ]  # fmt: skip


def write(
    context: typer.Context,
    round: RoundName,
    section: SectionName,
    text: Annotated[str, typer.Option(help="The text; empty takes back what stands.")],
    kind: Annotated[str, typer.Option(help="narrative, finding or recommendation.")] = "narrative",
    follows: Annotated[
        str, typer.Option(help="Id of the text that stands there, which this one replaces.")
    ] = "",
    language: Annotated[
        str, typer.Option(help="Of the text: en, ar, es. Each language has its own.")
    ] = "",
) -> None:
    """Write a text of a round's report over the one that stands there.

    Nothing is overwritten: older versions stay, and who names another one than stands is
    refused.

        kancil assess narrative write 'First round' headline --text 'The law is ready.'
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
        language=language,
    )
    programme.added("narrative", id, section)
