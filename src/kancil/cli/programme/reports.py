"""Commands for what an assessment leaves on paper: reports of a round, and the region compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil import __version__
from kancil.ground import clock
from kancil.ground.units import bytes_text
from kancil.ground.words import render, speaking

from .door import Programme, RoundName, chosen
from .site import Out

if TYPE_CHECKING:
    from kancil.reports.programme.make import MadeReport

FormatName = Annotated[str, typer.Option("--format", help="pdf, docx or html.")]
LanguageName = Annotated[
    str, typer.Option(help="en, or one in which words and protocol are nearly all there.")
]


def report(
    context: typer.Context,
    round: RoundName,
    out: Out,
    kind: Annotated[str, typer.Option(help="report, or brief: two pages for a minister.")] = (
        "report"
    ),
    format: FormatName = "pdf",
    language: LanguageName = "en",
) -> None:
    """Only what may leave: no interview; what is withheld is said to be. Every figure in it stands
    in `assess export` of the same round. An open round's report is marked as a draft.
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.papers import round_papers
    from kancil.reports.programme.country.texts import mixed_names
    from kancil.reports.programme.languages import report_languages
    from kancil.reports.programme.make import (
        ReportFormat,
        ReportKind,
        make_report,
    )

    chosen(kind, [each.value for each in ReportKind], "--kind")
    chosen(format, [each.value for each in ReportFormat], "--format")
    programme.door.can_write(out)
    papers = round_papers(
        programme.person,
        programme.round(round),
        today=programme.today,
        made_at=clock.now(),
        kancil=__version__,
    )
    protocols = [each.protocol for each in papers.whole.protocols]
    chosen(language, report_languages(protocols), "--language")
    made = make_report(papers, ReportKind(kind), ReportFormat(format), language)
    with speaking(language):
        mixed = mixed_names(papers.in_other_languages(), protocols)
    keep_report(programme, out, made, {"kind": kind, "other_languages": mixed})
    if mixed:
        programme.door.screen.warn(render("note.paper-mixed", texts=mixed))


def region(
    context: typer.Context,
    out: Out,
    format: FormatName = "pdf",
    language: LanguageName = "en",
) -> None:
    """Only figures that a named official released, as they were on that day; countries in the order
    of the alphabet, and no ranking.
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.releases import regional
    from kancil.desk.assessment.queries.site import kept_protocols
    from kancil.reports.programme.languages import region_languages
    from kancil.reports.programme.make import ReportFormat, make_comparison

    chosen(format, [each.value for each in ReportFormat], "--format")
    programme.door.can_write(out)
    rows = regional(programme.person)
    protocols = {each.protocol.name: each.protocol for each in kept_protocols()}
    chosen(language, region_languages(rows, protocols), "--language")
    made = make_comparison(
        rows,
        protocols,
        ReportFormat(format),
        language,
        kancil=__version__,
        at=clock.now(),
        on=programme.today,
    )
    keep_report(programme, out, made, {"countries": [each.release.country for each in rows]})


def keep_report(programme: Programme, out: Path, made: MadeReport, more: Mapping[str, Any]) -> None:
    """Write a document, and answer with what is to be known of it."""
    programme.door.write(out, made.data)
    value = {
        "id": made.sha256,
        "path": str(out),
        "format": made.format.value,
        "language": made.language,
        "size_bytes": str(len(made.data)),
        "replaced_characters": made.replaced,
        **more,
    }

    def text() -> None:
        size = bytes_text(len(made.data))
        say = programme.door.screen.say
        say(render("done.assess-report", path=str(out), size=size, sha256=made.sha256))
        if made.replaced:
            say(render("note.paper-replaced", count=made.replaced))

    programme.show(value, text)
