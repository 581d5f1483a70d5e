"""Commands on people: organisations, participants, registrations, and who asked to be forgotten.

Without consent a list of these has no name: what a command prints is soon a file somewhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.programme.described import doing, filling, listing
from kancil.cli.programme.door import Programme, bytes_of, chosen, maybe_day, plain
from kancil.ground.words import render, render_phrase, spoken
from kancil.programme.people import (
    OrganisationInput,
    OrganisationSearch,
    ParticipantInput,
    ParticipantSearch,
)
from kancil.programme.vocabulary import RegistrationState

Activity = Annotated[str, typer.Argument(metavar="ACTIVITY", help="Its code, or its id.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Of the participant.")]


organisation_list = listing(
    OrganisationSearch,
    "people.organisations:ORGANISATIONS",
    """List organisations: who is helped, and partners.

    A focal point sees those of their own country, and international ones.

        kancil programme organisation list --country KHM
    """,
)
organisation_add = doing(
    OrganisationInput,
    "people.organisations:add_organisation",
    "organisation",
    """Add an organisation.

    Without a country it is regional or international. By a programme officer.

        kancil programme organisation add 'Cybercrime Unit' --kind police --country KHM
    """,
)
organisation_import = filling(
    "people.organisations:add_organisation",
    """Add the organisations of a spreadsheet.

    A column is called as its field: `name`, `kind`, `country`, or as the site calls it. A row that
    is refused is named with the reason, and the others are added. `--template` writes a sheet to
    fill in. By a programme officer.

        kancil programme organisation import agencies.xlsx --dry-run
    """,
)
participant_list = listing(
    ParticipantSearch,
    "people.participants:PARTICIPANTS",
    """List participants, with the names of those who consented.

    Names, offices and addresses only of those who consented; the others are numbers.

        kancil programme participant list --country KHM --role judge
    """,
)
participant_add = doing(
    ParticipantInput,
    "people.participants:add_participant",
    "participant",
    """Add an adult who takes part.

    Any by a programme officer, by a focal point those of their own country.

        kancil programme participant add 'Sok Dara' --country KHM --role prosecutor
    """,
)


def participant_forget(
    context: typer.Context,
    number: Number,
    asked_on: Annotated[str | None, typer.Option("--on", help="Day; else today.")] = None,
) -> None:
    """Forget a participant who asked for it.

    For somebody who asked. Gone at once, or restricted until the last audit term is over.

        kancil programme participant forget 12 --on 2027-03-09
    """
    programme = Programme(context)
    from kancil.desk.programme.people.forgetting import forget_participant

    until = forget_participant(
        by=programme.person, participant=number, asked_on=maybe_day(asked_on, "--on")
    )
    key = "done.participant-restricted" if until else "done.participant-forgotten"
    said = {"until": until.isoformat()} if until else {}
    programme.done(str(number), key, number=number, **said)


def forget_due(
    context: typer.Context,
    today: Annotated[str | None, typer.Option("--on", help="Day; else today.")] = None,
) -> None:
    """Forget those whose last audit term is over.

    Those who asked, and whose last audit term is over on that day.

        kancil programme participant forget-due
    """
    programme = Programme(context)
    from kancil.desk.programme.people.forgetting import forget_due as forget

    count = forget(by=programme.person, today=maybe_day(today, "--on"))
    programme.show({"count": count}, render("done.participants-forgotten", count=count))


def registration_list(
    context: typer.Context,
    activity: Activity,
    state: Annotated[str, typer.Option(help="invited, registered, waiting …")] = "",
) -> None:
    """List the registrations and places of an activity.

    With the places of each delegation; names only of those who consented.

        kancil programme registration list 2027-SEA-014
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.activities import activity_named
    from kancil.desk.programme.taking_part.registrations import leaving_registrations, places

    if state:
        chosen(state, [each.value for each in RegistrationState], "--state")
    sight = activity_named(programme.person, activity)
    rows, held = leaving_registrations(sight, state), places(sight)
    value = {"id": sight.activity, "places": plain(held),
             "registrations": [plain(each) for each in rows]}  # fmt: skip

    def text() -> None:
        screen = programme.door.screen
        screen.table(
            ("country", "organisation", "places>", "coming>", "waiting>"),
            [(each.country, each.organisation, str(each.places), str(each.coming),
              str(each.waiting)) for each in held],
        )  # fmt: skip
        screen.table(
            ("id", "participant", "name", "country", "part", "state"),
            [(str(each.id), str(each.participant), each.name, each.country, each.part, each.state)
             for each in rows],
        )  # fmt: skip

    programme.show(value, text)


def registration_form(
    context: typer.Context,
    activity: Activity,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
) -> None:
    """Write the registration form of an activity as one HTML file.

    One HTML file that works offline and sends nothing, for a host that holds nothing else.

        kancil programme registration form 2027-SEA-014 -o form.html
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.activities import activity_named
    from kancil.desk.programme.taking_part.registrations import form_of
    from kancil.programme.registration.form import form_page

    sight = activity_named(programme.person, activity)
    programme.door.write(out, form_page(form_of(sight), spoken()))
    said = {"path": str(out), "code": sight.code}
    programme.show({"id": sight.activity, **said}, render("done.registration-form", **said))


def registration_import(
    context: typer.Context,
    activity: Activity,
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or a spreadsheet.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
) -> None:
    """Import what a registration form collected.

    Row by row with reasons; the import is one batch that can be undone.

        kancil programme registration import 2027-SEA-014 forms.jsonl --dry-run
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.activities import activity_named
    from kancil.desk.programme.taking_part.registration_files import (
        import_registrations,
        look_at_registrations,
    )

    sight = activity_named(programme.person, activity)
    data = bytes_of(file)
    act = look_at_registrations if dry_run else import_registrations
    found = act(by=programme.person, activity=sight.activity, data=data, file_name=file.name)
    value: dict[str, Any] = {"id": found.batch or sight.activity, **plain(found)}

    def text() -> None:
        screen = programme.door.screen
        screen.say(render("done.registrations-read", rows=found.rows, registered=found.registered,
                          waiting=found.waiting, refused=len(found.refused)))  # fmt: skip
        for each in found.refused:
            screen.say(f"{file.name}:{each.row}: {render_phrase(each.why)}")
        if dry_run:
            screen.say(render("done.registrations-dry-run"))

    programme.show(value, text)
