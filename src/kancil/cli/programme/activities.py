"""Commands on activities: list, show, plan, and the calendar file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.programme.door import Programme, chosen, day, maybe_day, plain, shown
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.words import render, render_phrase
from kancil.programme.template import templates
from kancil.programme.vocabulary import ActivityKind, ActivityState
from kancil.records.described import named

_SORTS = ("latest", "begins", "code", "title")


def activity_list(
    context: typer.Context,
    country: Annotated[str, typer.Option(help="Three letters, KHM.")] = "",
    kind: Annotated[str, typer.Option(help="training, workshop, conference …")] = "",
    state: Annotated[str, typer.Option(help="planned, confirmed, done …")] = "",
    grant: Annotated[str, typer.Option(help="Id of a grant that pays.")] = "",
    text: Annotated[str, typer.Option(help="Part of the title, code or place.")] = "",
    since: Annotated[str | None, typer.Option(help="Held on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Held on this day or before.")] = None,
    sort: Annotated[str, typer.Option(help="latest, begins, code or title.")] = "latest",
) -> None:
    """List the activities that you see.

    The country's side sees those for its country, a donor reader those its donor pays for.

        kancil programme activity list --country KHM --since 2027-01-01
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.activities import Activities, Wanted
    from kancil.desk.programme.entering import desk_of

    if kind:
        chosen(kind, [each.value for each in ActivityKind], "--kind")
    if state:
        chosen(state, [each.value for each in ActivityState], "--state")
    chosen(sort, _SORTS, "--sort")
    wanted = Wanted(country, kind, state, grant, text, maybe_day(since, "--since"),
                    maybe_day(until, "--until"), sort)  # fmt: skip
    rows = Activities(desk_of(programme.person), wanted)[:]
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("code", "title", "kind", "begins", "ends", "countries", "state"),
            [
                (
                    each.code, each.title, shown(named(each.kind)), shown(each.begins_on),
                    shown(each.ends_on), shown(each.countries), shown(named(each.state)),
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


Activity = Annotated[str, typer.Argument(metavar="ACTIVITY", help="Its code, or its id.")]


def activity_show(context: typer.Context, activity: Activity) -> None:
    """Show one activity, and what is missing before it is confirmed or done.

    With its needs, its due diligence, and its agenda, as far as you see them.

        kancil programme activity show 2027-SEA-014
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.activities import (
        activity_named,
        activity_whole,
        missing,
    )
    from kancil.desk.programme.activities.facets import agenda_of, documents_of

    sight = activity_named(programme.person, activity)
    whole = activity_whole(programme.person, sight)
    lacks = missing(sight, programme.today)
    row = whole.row
    value = {
        "id": row.id, **plain(whole),
        "missing": {state.value: plain(found) for state, found in lacks.items()},
        "agenda": plain(agenda_of(sight)), "documents": plain(documents_of(sight)),
    }  # fmt: skip

    def text() -> None:
        screen = programme.door.screen
        screen.say(f"{row.code} {row.title}")
        screen.say(
            render_phrase(named(row.kind)) + f", {span(row.begins_on, row.ends_on)}, "
            f"{', '.join(row.countries) or row.region}. {render_phrase(named(row.state))}"
        )
        for each in row.payers:
            screen.say(f"{each.donor} {each.reference}".strip())
        for state, found in lacks.items():
            for one in found:
                screen.say(render(f"web.activity.to-{state.value}", what=render_phrase(one)))

    programme.show(value, text)


def activity_add(
    context: typer.Context,
    title: Annotated[str, typer.Argument(help="The activity; empty: the template's title.")],
    begins: Annotated[str, typer.Option(help="First day.")],
    kind: Annotated[str, typer.Option(help="Needed without a template.")] = "",
    ends: Annotated[str | None, typer.Option(help="Last day; else by the template.")] = None,
    template: Annotated[str, typer.Option(help="Such as cryptocurrency-tracing-training.")] = "",
    country: Annotated[list[str] | None, typer.Option(help="For which; repeat.")] = None,
    region: Annotated[str, typer.Option(help="Such as 'South-East Asia'.")] = "",
    place: Annotated[str, typer.Option(help="Where it is held.")] = "",
    code: Annotated[str, typer.Option(help="Else the next of its year and region.")] = "",
    purpose: Annotated[str, typer.Option(help="What it is for.")] = "",
    item: Annotated[
        list[str] | None, typer.Option(help="Id of an item of a plan that it answers; repeat.")
    ] = None,
    security_forces: Annotated[
        bool, typer.Option("--security-forces", help="It supports police or security forces.")
    ] = False,
) -> None:
    """Plan an activity, blank or from a template.

    By a programme officer, who is responsible for it.

        kancil programme activity add 'Regional training' --kind training --begins 2027-03-01
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.draft import ActivityDraft
    from kancil.desk.programme.activities.planning import add_activity

    model = templates().get(template)
    if template:
        chosen(template, list(templates()), "--template")
    chosen(kind or (model.kind.value if model else ""), [each.value for each in ActivityKind],
           "--kind")  # fmt: skip
    first = day(begins, "--begins")
    last = maybe_day(ends, "--ends") or first + timedelta(days=model.days - 1 if model else 0)
    draft = ActivityDraft(
        kind=kind or (model.kind.value if model else ""),
        title=title or (model.title if model else ""), begins_on=first, ends_on=last, code=code,
        purpose=purpose or (model.purpose if model else ""), countries=tuple(country or ()),
        region=region, place=place, is_online=bool(model and model.is_online),
        to_security_forces=security_forces or bool(model and model.to_security_forces),
        plan_items=tuple(item or ()),
    )  # fmt: skip
    made = add_activity(by=programme.person, draft=draft, template=template)
    programme.added("activity", made, draft.title)


def activity_calendar(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
    since: Annotated[str | None, typer.Option(help="First day; else three months ago.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day; else in 18 months.")] = None,
) -> None:
    """Write the activities that you see as a calendar file (iCalendar).

    All that you see, for a calendar of your own; what is cancelled is in it as cancelled.

        kancil programme activity calendar -o activities.ics
    """
    programme = Programme(context)
    from kancil.desk.programme.activities.calendar import calendar_of
    from kancil.desk.programme.entering import desk_of

    first: date | None = maybe_day(since, "--since")
    content = calendar_of(desk_of(programme.person), programme.today, clock.now(),
                          first=first, last=maybe_day(until, "--until"))  # fmt: skip
    programme.door.write(out, content)
    count = content.count(b"BEGIN:VEVENT")
    programme.show({"path": str(out), "count": count},
                   render("done.activity-calendar", path=str(out), count=count))  # fmt: skip
