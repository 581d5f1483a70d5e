"""Commands for what an assessment leaves on paper: reports of a round, and the region compared."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil import __version__
from kancil.cli.programme.door import Out, Programme, RoundName, chosen
from kancil.cli.programme.papers import FormatName, LanguageName, keep_report
from kancil.ground import clock
from kancil.ground.words import render, speaking


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
    """Write the country report of a round, or its two-page brief.

    Only what may leave: no interview; what is withheld is said to be. Every figure in it stands
    in `assess export` of the same round. An open round's report is marked as a draft.

        kancil assess report 'First round' --kind brief --format pdf -o brief.pdf
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
    """Write what countries released, side by side and unranked.

    Only figures that a named official released, as they were on that day; countries in the order
    of the alphabet, and no ranking.

        kancil assess region -o region.pdf
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
