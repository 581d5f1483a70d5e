"""Commands for the cross-government board of a country: bodies, meetings, open matters."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.cli.programme.door import CountryCode, Programme, day, maybe_day, plain, shown
from kancil.ground.words import render
from kancil.records.described import read

BodyName = Annotated[str, typer.Argument(metavar="BODY", help="Id of the body.")]


def board(context: typer.Context, country: CountryCode) -> None:
    """Show the cross-government board of a country.

    Who is responsible, how often each body meets, when it last met, and what is open.

        kancil assess board show XKA
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.board import board_of

    rows = board_of(programme.country(country), programme.today)

    def text() -> None:
        for row in rows:
            programme.door.screen.title(f"{row.sector}: {row.name} ({row.id})")
            programme.door.screen.facts(
                [
                    ("responsible", row.responsible),
                    ("last met", shown(row.last_met_on)),
                    ("next by", shown(row.next_due_on)),
                    *(("late", render("note.assess-late")) for _ in range(row.is_late)),
                    *(
                        (shown(each.closed_on or each.due_on), f"{each.title} ({each.id})")
                        for each in row.matters
                    ),
                ]
            )

    programme.show([plain(each) for each in rows], text)


def body_add(
    context: typer.Context,
    country: CountryCode,
    name: Annotated[str, typer.Argument(help="Its name.")],
    sector: Annotated[
        str,
        typer.Option(help="diplomacy, policy, law-enforcement, prosecution-judiciary, prevention."),
    ],
    responsible: Annotated[str, typer.Option(help="An office, not a person.")],
    mandate: Annotated[str, typer.Option(help="Purpose.")] = "",
    every: Annotated[int | None, typer.Option(help="Months between meetings.")] = None,
    last_met: Annotated[str | None, typer.Option(help="Day of its last meeting.")] = None,
) -> None:
    """Add a body of the response.

    A body of the response.

        kancil assess board add XKA 'Cyber council' --sector policy --responsible 'Office of the
        Prime Minister' --every 3
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.board import BodyInput, add_body

    typed = {"name": name, "sector": sector.replace("-", "_"), "responsible": responsible,
             "mandate": mandate, "meets_every_months": every,
             "last_met_on": maybe_day(last_met, "--last-met")}  # fmt: skip
    given = read(BodyInput, typed, today=programme.today)
    id = add_body(by=programme.person, country=country, given=given)
    programme.added("body", id, name)


def body_met(
    context: typer.Context,
    country: CountryCode,
    body: BodyName,
    met_on: Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")],
) -> None:
    """Record when a body met.

    A body met on that day; an earlier day than the last one changes nothing.

        kancil assess board met XKA ID --on 2026-04-15
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.board import record_meeting

    record_meeting(by=programme.person, country=country, body=body, met_on=day(met_on, "--on"))
    programme.done(body, "done.assess-body-met", day=met_on)


def matter_add(
    context: typer.Context,
    country: CountryCode,
    body: BodyName,
    title: Annotated[str, typer.Argument(help="What is open.")],
    owner: Annotated[str, typer.Option(help="Whose it is.")],
    due: Annotated[str | None, typer.Option(help="By which day.")] = None,
) -> None:
    """Add a matter to a body.

    A matter before a body.

        kancil assess matter add XKA ID 'Who runs the network point' --owner 'Ministry of Interior'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.board import add_matter

    id = add_matter(
        by=programme.person,
        country=country,
        body=body,
        title=title,
        owner=owner,
        due_on=maybe_day(due, "--due"),
    )
    programme.added("matter", id, title)


def matter_close(
    context: typer.Context,
    country: CountryCode,
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="Id of the matter.")],
    closed_on: Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")],
    outcome: Annotated[str, typer.Option(help="Outcome.")] = "",
) -> None:
    """Close a matter with its outcome.

    A matter is closed with its outcome.

        kancil assess matter close XKA ID --on 2026-05-01 --outcome 'the police do'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.board import close_matter

    close_matter(
        by=programme.person,
        country=country,
        matter=matter,
        closed_on=day(closed_on, "--on"),
        outcome=outcome,
    )
    programme.done(matter, "done.assess-matter-closed", day=closed_on)
