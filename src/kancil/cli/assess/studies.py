"""The command for a study over countries: its counts as they may be published, and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil import __version__
from kancil.cli.programme.door import Programme, chosen, day
from kancil.cli.programme.papers import FormatName, LanguageName, keep_report
from kancil.ground import clock
from kancil.ground.words import render


def study(
    context: typer.Context,
    protocol: Annotated[str, typer.Argument(metavar="PROTOCOL", help="A questionnaire's name.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the report, marked as a draft.")
    ] = None,
    region: Annotated[str, typer.Option(help="Only countries of this region.")] = "",
    until: Annotated[str, typer.Option(help="Only rounds that ended by this day.")] = "",
    format: FormatName = "pdf",
    language: LanguageName = "en",
    all_groups: Annotated[
        str, typer.Option("--all-groups", help="Hide no small group, and why that is right.")
    ] = "",
) -> None:
    """Count what countries released of a questionnaire, or write the study's report.

    Only answers that a named official released, of each country the newest; small groups are
    hidden. A report is published on the site, where an official answers for it.

        kancil assess study study-2026.1 -o study.pdf --as olga
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.released_study import released_study, study_texts
    from kancil.desk.assessment.queries.study import Choice
    from kancil.reports.programme.languages import study_languages
    from kancil.reports.programme.make import ReportFormat, make_study
    from kancil.reports.programme.study.content import Publication
    from kancil.reports.programme.study.counting import count_words, counts_of, question_words

    chosen(format, [each.value for each in ReportFormat], "--format")
    programme.door.can_write(out)
    choice = Choice(region, day(until, "--until") if until else None, all_groups.strip())
    found = released_study(programme.person, protocol, choice)
    chosen(language, study_languages(found.protocol), "--language")
    if out is not None:
        made = make_study(
            found, study_texts(found.protocol.name), choice, Publication(), ReportFormat(format),
            language, kancil=__version__, at=clock.now(), on=programme.today,
        )  # fmt: skip
        keep_report(programme, out, made, {"countries": len(found.countries)})
        return
    value: dict[str, Any] = {
        "protocol": found.protocol.name,
        "sha256": found.protocol.sha256,
        "countries": [each.country for each in found.countries],
        "other_version": found.other_version,
        "questions": [
            {"indicator": each.indicator.id, "part": each.part, "tally": each.tally,
             "texts": each.texts}
            for each in found.questions
        ],
    }  # fmt: skip

    def text() -> None:
        say = programme.door.screen.say
        say(render("note.country-study-what", count=len(found.countries)))
        for each in found.questions:
            of = each.tally.asked
            say(f"{each.place} · {question_words(each.indicator, each.part)}")
            for one in counts_of(found.protocol, each):
                say(f"  {one.label}: {count_words(one.count, of)}")

    programme.show(value, text)
