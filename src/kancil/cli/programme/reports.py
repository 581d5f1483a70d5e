"""Commands for what leaves: donor reports, the page of a country, the tables of a year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kancil import __version__
from kancil.cli.programme.door import CountryCode, Programme, chosen, day, plain, shown
from kancil.cli.programme.papers import FormatName, LanguageName, keep_report
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.errors import OptionNotUsable
from kancil.ground.offered import offered
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase

if TYPE_CHECKING:
    from kancil.programme.donor_report import Said
    from kancil.records.table import Table
    from kancil.reports.programme.make import MadeReport
    from kancil.reports.programme.study.content import Publication

ReportName = Annotated[str, typer.Argument(metavar="REPORT", help="Id of the report.")]
MaybeOut = Annotated[
    Path | None, typer.Option("-o", "--out", help="Write it as a file, which is not there yet.")
]
_SURFACE = "paper.donor"


def list_reports(context: typer.Context) -> None:
    """List donor reports: late, due, drafts, published.

    Late ones first, then by the day on which they are due; those that nobody began have no id.
    A donor reader has the published ones of their own donors.

        kancil programme report list
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.donor_reports import report_rows

    rows = report_rows(programme.person, programme.today)

    def text() -> None:
        for each in rows:
            period = span(each.period.begins_on, each.period.ends_on)
            line = (each.reference, each.donor, period, str(each.period.due_on),
                    render(f"web.donor-report.{each.status}"), each.title, each.id)  # fmt: skip
            programme.door.screen.say(" · ".join(filter(None, line)))

    programme.show(rows, text)


def begin(
    context: typer.Context,
    grant: Annotated[str, typer.Argument(metavar="GRANT", help="Reference of the grant.")],
    ends: Annotated[str, typer.Option(help="Last day of the period, by the grant's terms.")],
    title: Annotated[str, typer.Option(help="Title of the report.")],
) -> None:
    """Begin a donor report for a period of a grant, or the correction of a published one.

    The period follows from the grant's reporting terms. Where a report for it was published, the
    new one corrects it, and begins with its texts.

        kancil programme report begin AUS-2024-01 --ends 2025-12-31 --title 'Annual report 2025'
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.donor_reports import grant_periods
    from kancil.desk.programme.reports.writing import begin_report

    id, periods = grant_periods(programme.person, grant)
    last = day(ends, "--ends")
    period = next((each for each in periods if each.ends_on == last), None)
    if period is None:
        known = ", ".join(each.ends_on.isoformat() for each in periods)
        raise OptionNotUsable(option="--ends", value=ends[:40], why=known)
    made = begin_report(
        by=programme.person, grant=id, period_from=period.begins_on, period_to=period.ends_on,
        due_on=period.due_on, title=title,
    )  # fmt: skip
    programme.added("donor-report", made, title)


def write(
    context: typer.Context,
    report: ReportName,
    section: Annotated[
        str,
        typer.Argument(
            metavar="SECTION", help="summary, done, changed, others, risks, lessons or next."
        ),
    ],
    text: Annotated[str, typer.Option(help="The text; empty takes the section out.")],
    follows: Annotated[int, typer.Option(help="Number of the version that it replaces.")] = 0,
) -> None:
    """Write a section of a donor report.

    Nothing is overwritten: older versions stay, and who names another version than stands is
    refused.

        kancil programme report write REPORT done --text 'Two courses were held.'
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.writing import write_report_section
    from kancil.programme.donor_report import ReportSection

    chosen(section, [each.value for each in ReportSection], "SECTION")
    made = write_report_section(
        by=programme.person, report=report, section=section, text=text, seen=follows
    )
    programme.done(report, "done.programme-report-written", section=section, version=made)


def show(
    context: typer.Context,
    report: ReportName,
    out: MaybeOut = None,
    format: FormatName = "pdf",
    language: LanguageName = "en",
) -> None:
    """Show what a donor report says, or write it as a file.

    A draft as it would be now, marked as one; a published report as it was published: its file
    is the one that left.

        kancil programme report show REPORT -o report.pdf
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.donor_reports import (
        enter_report,
        open_report_file,
        published_of,
        said_of,
    )
    from kancil.reports.programme.make import MadeReport, ReportFormat
    from kancil.reports.programme.study.content import Publication

    chosen(format, [each.value for each in ReportFormat], "--format")
    chosen(language, offered(_SURFACE), "--language")
    programme.door.can_write(out)
    sight = enter_report(programme.person, report)
    said = published_of(sight)[0] if sight.is_published else said_of(sight)
    if out is None:
        programme.show({"id": sight.report, **plain(said)}, lambda: _say(programme, said))
        return
    if sight.is_published:
        with open_report_file(sight, programme.store, format) as stream:
            made = MadeReport(
                stream.read(), ReportFormat(format), published_of(sight)[1].language, 0
            )
    else:
        made = _made(programme, said, Publication(), format, language)
    keep_report(programme, out, made, {"published": sight.is_published})


def _say(programme: Programme, said: Said) -> None:
    from kancil.programme.money.amount import Money
    from kancil.reports.programme.donor.figures import figure_line

    say = programme.door.screen.say
    finance = said.finance
    spent = str(Money(finance.currency, finance.spent_minor))
    begins, ends = said.period.begins_on.isoformat(), said.period.ends_on.isoformat()
    say(render("web.donor-report.answer", reference=said.grant.reference, donor=said.grant.donor,
               begins=begins, ends=ends, spent=spent))  # fmt: skip
    key = "note.donor-reconciled" if finance.is_reconciled else "note.donor-not-reconciled"
    say(render(key))
    for reason in finance.reasons:
        say("  " + render_phrase(reason))
    for figure in said.figures:
        say(figure_line(figure))
    if said.figures_apart:
        say(render("name.donor-figures-apart"))
    for figure in said.figures_apart:
        say(figure_line(figure))
    for each in said.missing:
        say("– " + render_phrase(each))


def _made(
    programme: Programme, said: Said, of: Publication, format: str, language: str
) -> MadeReport:
    from kancil.reports.programme.make import ReportFormat, make_donor_report

    return make_donor_report(
        said, of, programme.store, ReportFormat(format), language, kancil=__version__,
        at=clock.now(), on=programme.today,
    )  # fmt: skip


def publish(
    context: typer.Context,
    report: ReportName,
    official: Annotated[str, typer.Option(help="Who answers for the report.")],
    office: Annotated[str, typer.Option(help="Their office.")],
    language: LanguageName = "en",
) -> None:
    """Publish a donor report; a named official answers for it.

    PDF, DOCX and HTML are made and kept as they are; nobody can change the report after. What is
    missing in it is said in it.

        kancil programme report publish REPORT --official 'I. Vale' --office Director
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.donor_reports import enter_report, said_of
    from kancil.desk.programme.reports.writing import publish_report
    from kancil.reports.programme.make import ReportFormat
    from kancil.reports.programme.study.content import Publication

    chosen(language, offered(_SURFACE), "--language")
    said = said_of(enter_report(programme.person, report))
    of = Publication(official.strip(), office.strip())
    files = {each.value: _made(programme, said, of, each.value, language).data
             for each in ReportFormat}  # fmt: skip
    publish_report(
        by=programme.person, report=report, seen=said.sha256, official=official, office=office,
        language=language, files=files, store=programme.store,
    )  # fmt: skip
    programme.done(report, "done.programme-report-published", official=of.official)


def annual(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100)],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Write them: .xlsx has all, .csv the one of --table."),
    ] = None,
    table: Annotated[str, typer.Option(help="Only this table, such as annual-countries.")] = "",
    internal: Annotated[
        bool, typer.Option("--internal", help="With spending, and small groups if you see names.")
    ] = False,
) -> None:
    """Show the tables of a year by country, kind, donor and sex, or write them as XLSX or CSV.

    Groups of fewer than five are hidden, and others from which they could be computed.

        kancil programme annual 2025 -o year.xlsx
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.annual import annual_tables
    from kancil.reports.programme.annual.content import tables_workbook

    programme.door.can_write(out)
    tables = annual_tables(programme.person, year, is_public=not internal)
    if table:
        chosen(table, [each.name for each in tables], "--table")
        tables = [each for each in tables if each.name == table]
    if out is None:
        value = {"id": str(year), "tables": {each.name: each.as_rows() for each in tables}}
        programme.show(value, lambda: _say_tables(programme, tables))
        return
    if out.suffix == ".csv" and len(tables) == 1:
        data = tables[0].csv()
    elif out.suffix == ".xlsx":
        data = tables_workbook(tables)
    else:
        raise OptionNotUsable(option="--out", value=str(out)[:40], why=Phrase("why.annual-file"))
    programme.door.write(out, data)
    programme.done(str(year), "done.programme-annual", path=str(out))


def _say_tables(programme: Programme, tables: list[Table]) -> None:
    for each in tables:
        programme.door.screen.title(render_phrase(each.title))
        for row in each.rows:
            cells = [one.shown(cell) for one, cell in zip(each.columns, row, strict=True)]
            programme.door.screen.say(" · ".join(shown(cell) for cell in cells))


def country(
    context: typer.Context,
    country: CountryCode,
    out: MaybeOut = None,
    format: FormatName = "pdf",
    language: LanguageName = "en",
) -> None:
    """Show what was done in a country, or write it as a page.

    From each need of its plans to the activities that answer it, and its score in the next round
    that the country released.

        kancil programme country XKA -o kasa.pdf
    """
    programme = Programme(context)
    from kancil.desk.programme.reports.country_programme import country_programme
    from kancil.reports.programme.delivered.content import answer, change_lines
    from kancil.reports.programme.make import ReportFormat, make_country_page

    chosen(format, [each.value for each in ReportFormat], "--format")
    chosen(language, offered(_SURFACE), "--language")
    programme.door.can_write(out)
    of = country_programme(programme.person, programme.country(country), programme.today)
    if out is not None:
        made = make_country_page(of, ReportFormat(format), language, kancil=__version__,
                                 at=clock.now(), on=programme.today)  # fmt: skip
        keep_report(programme, out, made, {"country": of.code})
        return

    def text() -> None:
        say = programme.door.screen.say
        say(answer(of))
        for need in of.needs:
            say(f"{need.title} ({need.round})")
            for each in need.activities:
                say(f"  {each.code} · {each.title}")
            for line in change_lines(need):
                say(f"  {line}")

    programme.show({"id": of.code, **plain(of)}, text)
