"""Commands of results: the framework, its counting, and the figures of indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.frame.figures import error_value
from kancil.cli.programme.door import Out, Programme, day, maybe_day, plain, shown
from kancil.ground.days import span
from kancil.ground.files import read_file
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.programme.results.figures import FigureRow
    from kancil.desk.programme.results.recording import Within

IndicatorCode = Annotated[str, typer.Argument(metavar="INDICATOR", help="Code or id: 2.1.a.")]
FigureId = Annotated[str, typer.Argument(metavar="FIGURE", help="Id of the figure.")]
CountryOption = Annotated[str, typer.Option("--country", help="Three letters; else all.")]
GrantOption = Annotated[str, typer.Option("--grant", help="Its reference; else whoever paid.")]
Since = Annotated[str, typer.Option("--from", help="First day of the period, 2026-01-01.")]
Until = Annotated[str, typer.Option("--to", help="Last day of the period.")]
Source = Annotated[str, typer.Option(help="Who says so, where, of which day.")]
Contribution = Annotated[str, typer.Option(help="To what else the change is owed.")]
Reason = Annotated[str, typer.Option(help="Why; needed where a figure stands already.")]


def list_results(
    context: typer.Context,
    country: CountryOption = "",
    grant: GrantOption = "",
    until: Annotated[str | None, typer.Option(help="Periods that had ended then.")] = None,
) -> None:
    """Show the results framework with the newest figure of each indicator.

    Outcomes, outputs and indicators with the newest figure of each that you may see.

        kancil programme results list --country XKA
    """
    programme = Programme(context)
    from kancil.desk.programme.results.framework import framework

    rows = framework(
        programme.person,
        country=country,
        grant=_grant(programme, grant),
        until=maybe_day(until, "--until"),
    )

    def text() -> None:
        screen = programme.door.screen
        for node in rows:
            screen.title(f"{'  ' * node.depth}{node.code}  {node.text.statement}")
            for each in node.indicators:
                value = render("note.result-no-figure")
                if each.figure:
                    value = f"{_value(each.figure)} ({_basis(each.figure)})"
                if not (country or grant):
                    value = render("note.result-of", value=value, target=each.text.target or "–")
                screen.say(f"{'  ' * node.depth}  {each.code}  {each.text.title}: {value}")

    programme.show(
        [
            {
                **plain(node),
                "indicators": [
                    {
                        **plain(each),
                        **{
                            name: None if one is None else {**plain(one), **_basis_value(one)}
                            for name, one in (("figure", each.figure), ("before", each.before))
                        },
                        "progress": each.progress,
                    }
                    for each in node.indicators
                ],
            }
            for node in rows
        ],
        text,
    )


def import_results(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A framework in YAML; without it the packaged example.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why what differs is written anew.")] = "",
) -> None:
    """Import a results framework; what differs becomes a new version.

    What is new is added, what differs gets a new version, the rest stays. By an officer.

        kancil programme results import framework.yaml --reason 'Agreed with donors in May'
    """
    programme = Programme(context)
    from kancil.desk.programme.results.versions import import_framework
    from kancil.programme.framework import EXAMPLE, read_framework_file

    path = file or EXAMPLE
    framework = read_framework_file(read_file(path), path.name)
    done = import_framework(
        by=programme.person,
        framework=framework,
        reason=reason or render("note.result-import", name=path.name),
    )
    text = render(
        "done.results-imported",
        added=len(done.added),
        changed=len(done.changed),
        unchanged=done.unchanged,
    )
    programme.show({"id": framework.title, **plain(done)}, text)


def export_results(
    context: typer.Context,
    out: Out,
    title: Annotated[str, typer.Option(help="Title of the framework.")] = "",
) -> None:
    """Export the results framework as a file.

    The framework as it stands, as a file that `results import` reads.

        kancil programme results export -o framework.yaml
    """
    programme = Programme(context)
    from kancil.desk.programme.results.framework import framework_file
    from kancil.programme.framework import write_framework

    programme.door.can_write(out)
    title = title or programme.door.workspace.unit.name
    framework = framework_file(programme.person, title)
    programme.door.write(out, write_framework(framework))
    programme.done(
        str(out), "done.results-exported", path=str(out), count=len(framework.statements)
    )


def count_results(
    context: typer.Context,
    indicator: IndicatorCode,
    since: Since,
    until: Until,
    country: CountryOption = "",
    grant: GrantOption = "",
    contribution: Contribution = "",
    reason: Reason = "",
) -> None:
    """Count an indicator by its rule, and keep the figure.

    Count an indicator by its rule, and keep the figure. By an officer.

        kancil programme results count 2.1.a --from 2026-01-01 --to 2026-12-31
    """
    programme = Programme(context)
    from kancil.desk.programme.results.recording import count_figure

    id = count_figure(
        by=programme.person,
        indicator=_indicator(programme, indicator),
        within=_within(programme, since, until, country, grant),
        contribution=contribution,
        reason=reason,
    )
    _show_figure(programme, id)


def list_figures(context: typer.Context, indicator: IndicatorCode) -> None:
    """List the figures of an indicator, corrected ones too.

    All figures of an indicator that you may see, corrected ones too.

        kancil programme figure list 2.1.a
    """
    programme = Programme(context)
    from kancil.desk.programme.results.figures import figures_of

    rows = figures_of(programme.person, _indicator(programme, indicator))
    columns = ("figure", "period", "country", "grant", "value>", "version>", "basis", "state")
    programme.show(
        [_plain(each) for each in rows],
        lambda: programme.door.screen.table(
            [render(f"column.result-{each.rstrip('>')}") + ">" * each.endswith(">")
             for each in columns],
            [
                (
                    each.id, span(each.period_from, each.period_to), each.country or "–",
                    each.grant_reference or "–", _value(each), str(each.n),
                    _basis(each),
                    render("note.result-corrected" if each.newer else "note.result-stands"),
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def show_figure(context: typer.Context, figure: FigureId) -> None:
    """Open a figure to its rule, its history, and what stands behind it.

    A figure with its rule, its history, and the activities behind it.

        kancil programme figure show 01a2…
    """
    _show_figure(Programme(context), figure)


def enter_figure(
    context: typer.Context,
    indicator: IndicatorCode,
    value: Annotated[str, typer.Argument(help="A number such as 1200 or 62.5, or words.")],
    since: Since,
    until: Until,
    source: Source,
    country: CountryOption = "",
    grant: GrantOption = "",
    contribution: Contribution = "",
    reason: Reason = "",
) -> None:
    """Enter a figure that is not counted here, with its source.

    Enter a figure that is not counted here, with its source. By an officer.

        kancil programme figure enter 2.a 4 --from 2026-01-01 --to 2026-12-31 --source 'Letter of
        the unit, 3 June 2026'
    """
    programme = Programme(context)
    from kancil.desk.programme.results.recording import Entry
    from kancil.desk.programme.results.recording import enter_figure as enter

    id = enter(
        by=programme.person,
        indicator=_indicator(programme, indicator),
        within=_within(programme, since, until, country, grant),
        entry=Entry(value, source, contribution),
        reason=reason,
    )
    _show_figure(programme, id)


def correct_figure(
    context: typer.Context,
    figure: FigureId,
    value: Annotated[str, typer.Argument(help="The number that is right.")],
    source: Source,
    reason: Annotated[str, typer.Option(help="What was wrong.")],
    contribution: Contribution = "",
) -> None:
    """Correct a figure; the older one stays in its history.

    Put the right number after a figure; the older one stays in its history. By an officer.

        kancil programme figure correct 01a2… 5 --source 'Second letter' --reason 'One was missed'
    """
    programme = Programme(context)
    from kancil.desk.programme.results.recording import Entry
    from kancil.desk.programme.results.recording import correct_figure as correct

    entry = Entry(value, source, contribution)
    id = correct(by=programme.person, figure=figure, entry=entry, reason=reason)
    _show_figure(programme, id)


def _show_figure(programme: Programme, id: str) -> None:
    from kancil.desk.programme.results.figures import figure_behind
    from kancil.programme.counting.rule import rule_sentence

    found = figure_behind(programme.person, id)
    figure = found.figure

    def text() -> None:
        screen = programme.door.screen
        screen.title(f"{figure.code}  {figure.title}: {_value(figure)}")
        screen.say(shown(rule_sentence(figure.rule)))
        screen.facts(
            [
                (render(f"column.result-{name}"), value)
                for name, value in (
                    ("figure", figure.id),
                    ("period", span(figure.period_from, figure.period_to)),
                    ("country", figure.country),
                    ("grant", figure.grant_reference),
                    ("source", figure.source),
                    ("reason", figure.reason),
                )
                if value
            ]
        )
        for each in found.history:
            screen.say(render("note.result-before", value=_value(each), at=str(each.at.date())))
        for one in found.activities:
            name = f"{one.code} {one.title}" if one.code else render("note.result-others")
            screen.say(
                f"  {name}: {render('note.result-hidden') if one.count is None else one.count}"
            )

    value = {**_plain(figure), **plain(found)}
    programme.show(value, text)


def _plain(figure: FigureRow) -> dict[str, Any]:
    from kancil.programme.counting.rule import rule_json

    return {**plain(figure), "rule": rule_json(figure.rule), **_basis_value(figure)}


def _basis_value(figure: FigureRow) -> dict[str, Any]:
    """Whether it was counted or entered, and its error.

    Whoever attended without recorded days may belong to a count, and may not.
    """
    error = error_value()
    if figure.value is None:
        error = error_value("hidden")
    elif figure.measure == "unit" and figure.without_days and figure.value.isdigit():
        upper = int(figure.value) + figure.without_days
        error = error_value("days-not-recorded", figure.value, str(upper))
    return {"basis": "entered" if figure.is_entered else "counted", "error": error}


def _value(figure: FigureRow) -> str:
    from kancil.programme.counting.shown import without_days_said

    if figure.value is None:
        return render("note.result-hidden")
    sign = " %" if figure.measure == "percentage" else ""
    of = render("note.result-of-count", count=figure.of) if figure.of is not None else ""
    beside = without_days_said(figure.without_days)
    return f"{figure.value}{sign}{of}" + (f" ({shown(beside)})" if beside else "")


def _basis(figure: FigureRow) -> str:
    """Over which days, and whether it was counted here or who says so."""
    period = span(figure.period_from, figure.period_to)
    if figure.source:
        return render("note.result-entered", period=period, source=figure.source)
    return render("note.result-counted", period=period)


def _indicator(programme: Programme, named: str) -> str:
    from kancil.desk.programme.results.framework import indicator_versions

    _, row, _ = indicator_versions(programme.person, named)
    return row.id


def _grant(programme: Programme, reference: str) -> str:
    """The id of a grant that the person sees; raises GrantNotFound."""
    if not reference:
        return ""
    from kancil.desk.programme.entering import enter_grant
    from kancil.desk.programme.results.framework import grant_named

    return enter_grant(programme.person, grant_named(reference)).grant


def _within(programme: Programme, since: str, until: str, country: str, grant: str) -> Within:
    from kancil.desk.programme.results.recording import Within

    return Within(day(since, "--from"), day(until, "--to"), country, _grant(programme, grant))
