"""Commands for official texts of instruments: import, list, and compare provisions with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.programme.door import (
    IndicatorName,
    Programme,
    ProtocolName,
    RoundName,
    day,
    plain,
    shown,
)
from kancil.ground.files import translated
from kancil.ground.words import render


def import_text(
    context: typer.Context,
    instrument: Annotated[
        str, typer.Argument(metavar="INSTRUMENT", help="As the protocol has it: budapest.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Text, HTML or PDF as published.")],
    source: Annotated[str, typer.Option(help="Who published it, and where it was fetched.")],
    language: Annotated[str, typer.Option(help="Of the text: en, km.")] = "en",
) -> None:
    """Import the official text of an instrument.

    The file is split by article and kept with its digest; a newer text of the same language
    stands after it. One of another instrument, or with many articles missing, is refused. By a
    programme officer, a team lead or an administrator.

        kancil assess texts import budapest convention.html --source 'Council of Europe, its treaty
        office, 2026-03-09'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.evidence import File
    from kancil.desk.assessment.actions.texts import import_text

    try:
        with file.open("rb") as stream:
            made = import_text(
                by=programme.person,
                instrument=instrument,
                language=language,
                source=source,
                file=File(programme.store, stream, file.name),
            )
    except OSError as error:
        raise translated(error, file) from error
    told = render(
        "done.assess-text-imported", count=made.articles, name=instrument, language=language,
        sha256=made.sha256,
    )  # fmt: skip
    if made.missing:
        missing = ", ".join(map(str, made.missing))
        told = f"{told}\n{render('note.assess-text-missing', articles=missing)}"
    if not made.compares_titles:
        told = f"{told}\n{render('note.assess-text-numbers-alone')}"
    programme.show(made, told)


def list_texts(
    context: typer.Context,
    older: Annotated[bool, typer.Option("--older", help="Older ones too.")] = False,
) -> None:
    """List the official texts that this site keeps.

    The official texts that this site keeps, with source and digest.

        kancil assess texts list
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.texts import official_texts

    rows = official_texts(with_older=older)
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("instrument", "language", "articles>", "newest", "day", "source", "SHA-256", "id"),
            [
                (
                    each.instrument, each.language, str(each.articles), shown(each.is_latest),
                    programme.day_of(each.at).isoformat(), each.source, each.sha256[:16], each.id,
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def compare(
    context: typer.Context,
    round: RoundName,
    indicator: IndicatorName,
    text: Annotated[str, typer.Option(help="Id of the official text, as `texts list` has it.")],
    lawyer: Annotated[str, typer.Option(help="Who compared it.")],
    compared_on: Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")],
    differs: Annotated[str, typer.Option(help="What differs; nothing where it is left out.")] = "",
    protocol: ProtocolName = None,
) -> None:
    """Record that a lawyer compared a provision with the official text.

    Record that a lawyer compared what the protocol asks of a provision with the official text.
    Nobody else checks that.

        kancil assess texts compare 'First round' budapest.7 --text ID --lawyer 'S. Rim' --on
        2026-03-09
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, [indicator], shape="provisions")
    from kancil.desk.assessment.actions.texts import mark_compared

    id = mark_compared(
        by=programme.person,
        round=sight.round,
        protocol=name,
        indicator=indicator,
        text=text,
        lawyer=lawyer,
        compared_on=day(compared_on, "--on"),
        differs=differs,
    )
    programme.done(id, "done.assess-text-compared", name=indicator, lawyer=lawyer)
