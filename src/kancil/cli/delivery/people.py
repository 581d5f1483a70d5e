"""Commands on people: organisations, participants, registrations, and who asked to be forgotten.

Without consent a list of these has no name: what a command prints is soon a file somewhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.programme.door import Programme, chosen, maybe_day, plain, shown
from kancil.ground.files import translated
from kancil.ground.words import render, render_phrase, spoken
from kancil.programme.vocabulary import (
    OrganisationKind,
    Profession,
    RegistrationState,
    Sex,
)

Activity = Annotated[str, typer.Argument(metavar="ACTIVITY", help="Its code, or its id.")]
Country = Annotated[str, typer.Option(help="Three letters, KHM.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Of the participant.")]


def organisation_list(context: typer.Context, country: Country = "") -> None:
    """A focal point sees those of their own country, and international ones."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.participants import organisations

    rows = organisations(desk_of(programme.person), country)
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("id", "name", "country", "kind", "ended"),
            [(each.id, each.name, each.country, each.kind, shown(each.ended_on)) for each in rows],
        ),
    )


def organisation_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    kind: Annotated[str, typer.Option(help="police, prosecution, judiciary, ministry …")],
    country: Country = "",
    partner: Annotated[bool, typer.Option("--partner", help="It is a partner.")] = False,
    beneficiary: Annotated[
        bool, typer.Option("--beneficiary/--no-beneficiary", help="It is helped.")
    ] = True,
) -> None:
    """Without a country it is regional or international. By a programme officer."""
    programme = Programme(context)
    from kancil.desk.programme.actions.people import OrganisationDraft, add_organisation

    chosen(kind, [each.value for each in OrganisationKind], "--kind")
    draft = OrganisationDraft(name, OrganisationKind(kind), country or None, beneficiary, partner)
    made = add_organisation(by=programme.person, draft=draft)
    programme.added("organisation", made, name)


def participant_list(
    context: typer.Context,
    text: Annotated[str, typer.Option(help="Part of a name or an e-mail address.")] = "",
    country: Country = "",
    organisation: Annotated[str, typer.Option(help="Id of an organisation.")] = "",
    role: Annotated[str, typer.Option(help="police, examiner, prosecutor, judge …")] = "",
) -> None:
    """Names, offices and addresses only of those who consented; the others are numbers."""
    programme = Programme(context)
    from kancil.desk.programme.queries.entering import desk_of
    from kancil.desk.programme.queries.participants import Wanted, leaving_participants

    if role:
        chosen(role, [each.value for each in Profession], "--role")
    wanted = Wanted(text, country, organisation, role)
    rows = leaving_participants(desk_of(programme.person), wanted)
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("number", "name", "country", "organisation", "work", "consent"),
            [
                (str(each.id), each.name, each.country, each.organisation_name, each.role,
                 shown(each.consent_on))
                for each in rows
            ],
        ),
    )  # fmt: skip


def participant_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="An adult's name.")],
    country: Country = "",
    organisation: Annotated[str, typer.Option(help="Id of an organisation.")] = "",
    office: Annotated[str, typer.Option(help="Office or rank.")] = "",
    email: Annotated[str, typer.Option(help="At work.")] = "",
    role: Annotated[str, typer.Option(help="police, examiner, prosecutor, judge …")] = "other",
    sex: Annotated[str, typer.Option(help="female, male, other, not-stated.")] = "not-stated",
    age: Annotated[
        str, typer.Option(help="18-29, 30-44, 45-59, 60-over, not-stated.")
    ] = "not-stated",
    consent_on: Annotated[str | None, typer.Option(help="Day of their consent.")] = None,
    consent_to: Annotated[str, typer.Option(help="To what, and how it was given.")] = "",
) -> None:
    """Any by a programme officer, by a focal point those of their own country."""
    programme = Programme(context)
    from kancil.desk.programme.actions.people import ParticipantDraft, add_participant

    chosen(role, [each.value for each in Profession], "--role")
    chosen(sex, [each.value for each in Sex], "--sex")
    draft = ParticipantDraft(
        name, country or None, organisation or None, office, email, Sex(sex), age,
        Profession(role), maybe_day(consent_on, "--consent-on"), consent_to,
    )  # fmt: skip
    made = add_participant(by=programme.person, draft=draft)
    programme.added("participant", made, name)


def participant_forget(
    context: typer.Context,
    number: Number,
    asked_on: Annotated[str | None, typer.Option("--on", help="Day; else today.")] = None,
) -> None:
    """For somebody who asked. Gone at once, or restricted until the last audit term is over."""
    programme = Programme(context)
    from kancil.desk.programme.actions.forgetting import forget_participant

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
    """Those who asked, and whose last audit term is over on that day."""
    programme = Programme(context)
    from kancil.desk.programme.actions.forgetting import forget_due as forget

    count = forget(by=programme.person, today=maybe_day(today, "--on"))
    programme.show({"count": count}, render("done.participants-forgotten", count=count))


def registration_list(
    context: typer.Context,
    activity: Activity,
    state: Annotated[str, typer.Option(help="invited, registered, waiting …")] = "",
) -> None:
    """With the places of each delegation; names only of those who consented."""
    programme = Programme(context)
    from kancil.desk.programme.queries.activities import activity_named
    from kancil.desk.programme.queries.registrations import leaving_registrations, places

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
    """One HTML file that works offline and sends nothing, for a host that holds nothing else."""
    programme = Programme(context)
    from kancil.desk.programme.queries.activities import activity_named
    from kancil.desk.programme.queries.registrations import form_of
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
    """Row by row with reasons; the import is one batch that can be undone."""
    programme = Programme(context)
    from kancil.desk.programme.actions.registration_files import (
        import_registrations,
        look_at_registrations,
    )
    from kancil.desk.programme.queries.activities import activity_named

    sight = activity_named(programme.person, activity)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise translated(error, file) from error
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
