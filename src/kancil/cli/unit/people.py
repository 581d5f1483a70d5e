"""Commands for accounts of the unit's site; they work also when nobody can sign in any more.

Each is the act that the site's pages do, and the same entry, signed by whoever acts.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.desk.base.errors import PersonNotFound
from kancil.ground.errors import OptionNotUsable
from kancil.ground.words import render

from .officers import Reason

Username = Annotated[str, typer.Argument(metavar="USERNAME", help="User name.")]


def add(
    context: typer.Context,
    username: Username,
    name: Annotated[str, typer.Option(help="Full name.")],
    role: Annotated[
        str,
        typer.Option(
            help="officer, examiner, supervisor, administrator or reader; in a classroom also"
            " trainer or trainee."
        ),
    ],
    officer: Annotated[
        str | None, typer.Option(help="The account's officer in the ledger: O1 or an id.")
    ] = None,
) -> None:
    """Add an account for the unit's site.

    The one-time password is printed once; the site asks for a new one at the first sign-in.
    The ledger has who added the account, for whom and with which role; never the password.

        kancil person add dara --name 'Dara S.' --role examiner --officer O2
    """
    door = Door(context)
    roll = door.roll
    known = roll.officer(officer).id if officer else None
    from kancil.desk.access.actions import admit_person
    from kancil.desk.people.queries import ROLES_OF, Role

    offered = [each.value for each in Role if each in ROLES_OF[door.workspace.site]]
    if role not in offered:
        raise OptionNotUsable(option="--role", value=role[:40], why=", ".join(offered))
    person, password = admit_person(
        door.ledger,
        username=username,
        name=name,
        role=Role(role),
        officer=known,
        by=door.acting(),
    )
    value = {"id": str(person.pk), "username": username, "password": password, "role": role}
    door.show(value, render("done.person-add", name=username, password=password))


def password(context: typer.Context, username: Username, reason: Reason) -> None:
    """Give somebody a new one-time password.

    The old password opens nothing any more, and every browser is signed out. Second factors
    stay as they are. The ledger has who gave it, to whom and why; never the password.

        kancil person password dara --reason 'forgotten'
    """
    door = Door(context)
    door.needed(reason, "--reason")
    door.ledger.head()
    from kancil.desk.access.actions import renew_password
    from kancil.desk.people.queries import find_person

    person = find_person(username)
    if person is None:
        raise PersonNotFound(name=username[:60])
    fresh = renew_password(door.ledger, person, reason=reason, by=door.acting())
    value = {"id": str(person.pk), "username": username, "password": fresh}
    door.show(value, render("done.person-password", name=username, password=fresh))


def factors(context: typer.Context, username: Username, reason: Reason) -> None:
    """Remove somebody's second factors, such as those of a lost telephone.

    For a telephone or key that is lost. Every browser is signed out; whoever needs a second
    factor sets up a new one at the next sign-in. The ledger has who removed them, whose and why.

        kancil person factors dara --reason 'telephone lost'
    """
    door = Door(context)
    door.needed(reason, "--reason")
    door.ledger.head()
    from kancil.desk.access.actions import remove_factors
    from kancil.desk.people.queries import find_person

    person = find_person(username)
    if person is None:
        raise PersonNotFound(name=username[:60])
    remove_factors(door.ledger, person, reason=reason, by=door.acting())
    value = {"id": str(person.pk), "username": username}
    door.show(value, render("done.person-factors", name=username))


def people_list(context: typer.Context) -> None:
    """List the accounts.

    Everyone who can sign in, by name.

        kancil person list
    """
    door = Door(context)
    door.ledger.head()
    from kancil.desk.people.queries import people

    found = people()
    rows = [
        {
            "id": str(person.pk),
            "username": person.username,
            "name": person.name,
            "role": person.role,
            "officer": person.officer,
            "is_active": person.is_active,
        }
        for person in found
    ]

    def text() -> None:
        columns = (
            render("web.column.account"), render("web.column.name"), render("web.column.role"),
        )  # fmt: skip
        shown = [
            (person.username, person.name, render(f"web.role.{person.role}")) for person in found
        ]
        door.screen.table(columns, shown)

    door.show(rows, text)


def join(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    username: Username,
) -> None:
    """Make somebody a member of a case.

    The ledger has who was given access, by whom and when.

        kancil person join C1 dara
    """
    door = Door(context)
    found = door.roll.case(case)
    from kancil.desk.access.actions import add_member

    add_member(door.ledger, case=found.id, username=username, by=door.acting(), adder=None)
    value = {"id": found.id, "label": found.label, "username": username}
    door.show(value, render("done.person-join", name=username, case=found.label))
