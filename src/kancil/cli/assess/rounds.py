"""Commands for rounds: opened, given a team and respondents, followed, closed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kancil.cli.programme.door import (
    CountryCode,
    Programme,
    ProtocolName,
    RoundName,
    day,
    plain,
    shown,
)
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render


def new(
    context: typer.Context,
    country: CountryCode,
    title: Annotated[str, typer.Argument(help="Its title.")],
    protocol: Annotated[list[str], typer.Option(help="A kept protocol; repeat for more.")],
    period_from: Annotated[str, typer.Option("--from", help="First day, 2026-03-01.")],
    period_to: Annotated[str, typer.Option("--to", help="Last day.")],
    scope: Annotated[str, typer.Option(help="What it covers, in words.")] = "",
    older: Annotated[str | None, typer.Option(help="The round it is compared with.")] = None,
    instrument: Annotated[
        list[str] | None,
        typer.Option(help="Ask the provisions of this instrument alone; repeat for more."),
    ] = None,
    same_as: Annotated[
        str | None, typer.Option("--id", help="Id of the same round on another installation.")
    ] = None,
) -> None:
    """Open a round on one or more protocols.

    By a programme officer, or a team lead, who then leads it. On a laptop, name the id that the
    round has on the site: files of answers are merged by it.

        kancil assess round new XKA 'First round' --protocol capability-2026.2 --from 2026-03-01
        --to 2026-05-31
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.rounds import open_round

    id = open_round(
        by=programme.person,
        country=country,
        title=title,
        period_from=day(period_from, "--from"),
        period_to=day(period_to, "--to"),
        protocols=protocol,
        scope=scope,
        older=programme.round(older) if older else None,
        id=same_as,
        instruments=instrument or (),
    )
    programme.added("round", id, title)


def list_rounds(
    context: typer.Context,
    country: Annotated[str | None, typer.Option(help="Of one country only.")] = None,
) -> None:
    """List the rounds you see.

    The rounds that you see, the newest first.

        kancil assess round list
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.rounds import rounds

    rows = rounds(programme.person, country)
    zone = programme.door.workspace.zone
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("id", "country", "title", "period", "protocols", "closed"),
            [
                (
                    each.id, each.country, each.title, f"{each.period_from} {each.period_to}",
                    shown(each.protocols),
                    shown(each.closed_at and each.closed_at.astimezone(zone).date()),
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def show(context: typer.Context, round: RoundName) -> None:
    """Show a round with its team.

    Country, period, protocols, team and respondents.

        kancil assess round show 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.rounds import round_of

    view = round_of(sight)
    row = view.row

    def text() -> None:
        programme.door.screen.title(f"{row.country_name}: {row.title}")
        programme.door.screen.facts(
            [
                ("id", row.id),
                ("period", f"{row.period_from} {row.period_to}"),
                ("protocols", shown(row.protocols)),
                ("closed", shown(row.closed_at)),
                *((each.part.value, each.name) for each in view.team),
                *((each.sector, each.organisation) for each in view.respondents),
            ]
        )

    value = {
        **plain(row),
        "respondents": plain(view.respondents),
        "team": [{**plain(each), "person": str(each.person)} for each in view.team],
    }
    programme.show(value, text)


def close(
    context: typer.Context,
    round: RoundName,
    unsigned: Annotated[
        bool,
        typer.Option(
            "--unsigned", help="The comment term passed, and the country has not signed off."
        ),
    ] = False,
) -> None:
    """Close a round: it takes no more answers.

    By its lead, once each comment has a reply and the country has signed off. Nothing is
    answered or settled after; its plan goes on. Closed without a sign-off is never agreed.

        kancil assess round close 'First round'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.rounds import close_round

    id = programme.round(round)
    close_round(by=programme.person, round=id, unsigned=unsigned)
    programme.done(id, "done.assess-round-close")


def team(
    context: typer.Context,
    round: RoundName,
    lead: Annotated[str, typer.Option(help="User name of the lead.")],
    assessor: Annotated[
        list[str] | None, typer.Option(help="User name; repeat for each assessor.")
    ] = None,
    reviewer: Annotated[
        list[str] | None, typer.Option(help="User name; repeat for each reviewer.")
    ] = None,
    owes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="USERNAME=PROTOCOL:AREA",
            help="An area somebody owes answers for; without any, all. Repeat for more.",
        ),
    ] = None,
) -> None:
    """Set a round's team.

    These, and nobody else. Answers that were given stay. By the lead or a programme officer.

        kancil assess team 'First round' --lead lea --assessor ann --assessor bo
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.rounds import Member, set_team
    from kancil.desk.assessment.queries.site import Part

    areas: dict[str, list[str]] = {}
    for each in owes or ():
        name, equals, area = each.partition("=")
        if not equals:
            raise OptionNotUsable(option="--owes", value=each[:40], why=Phrase("why.assess-pair"))
        areas.setdefault(name, []).append(area)
    parts = [(lead, Part.LEAD)]
    parts += [(each, Part.ASSESSOR) for each in assessor or ()]
    parts += [(each, Part.REVIEWER) for each in reviewer or ()]
    members = [
        Member(programme.account(name).pk, part, tuple(areas.get(name, ()))) for name, part in parts
    ]
    id = programme.round(round)
    set_team(by=programme.person, round=id, members=members)
    programme.done(id, "done.assess-team", people=", ".join(name for name, _ in parts))


def respondent(
    context: typer.Context,
    round: RoundName,
    organisation: Annotated[str, typer.Argument(help="An institution, never a person.")],
    sector: Annotated[str, typer.Option(help="Its sector.")],
    office: Annotated[str, typer.Option(help="Which office of it.")] = "",
) -> None:
    """Add an institution that answers in a round.

    An institution that answers in the round; never a person's name.

        kancil assess respondent add 'First round' 'Ministry of Justice' --sector justice
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.rounds import add_respondent

    id = add_respondent(
        by=programme.person,
        round=programme.round(round),
        organisation=organisation,
        sector=sector,
        office=office,
    )
    programme.added("respondent", id, organisation)


def progress(context: typer.Context, round: RoundName, protocol: ProtocolName = None) -> None:
    """Show the progress of a round, and what is still to answer by whom.

    How far each area is, and who owes what; the country's side sees areas alone.

        kancil assess progress 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries import answers

    found = [answers.progress(sight, each) for each in programme.protocols(sight, protocol)]

    def text() -> None:
        screen = programme.door.screen
        for each in found:
            screen.title(each.protocol)
            screen.table(
                ("area", "asked>", "answered>", "agreed>", "alone>", "disputed>"),
                [
                    (
                        one.area, str(one.asked), str(one.answered), str(one.agreed),
                        str(one.alone), str(one.disputed),
                    )
                    for one in each.areas
                ],
            )  # fmt: skip
            for person in each.people:
                if not person.owed:
                    continue
                screen.say(
                    render(
                        "note.assess-owes",
                        name=person.name,
                        given=person.given,
                        owed=person.owed,
                    )
                )

    value: list[dict[str, Any]] = [{"id": each.protocol, **plain(each)} for each in found]
    programme.show(value, text)
