"""How a programme's workspace begins: keys, its desk, and the first account. It has no ledger."""

from __future__ import annotations

from pathlib import Path

from kancil.cli.frame.desk import begin_desk
from kancil.cli.frame.door import Door
from kancil.custody.keys import KeyRing
from kancil.ground.disk import Disk
from kancil.ground.words import render
from kancil.ground.workspace import Site, Unit, Workspace, mark

FIRST_ROLES = ("administrator", "programme-officer")
"""Roles of the first account: those who keep the site."""


def found_programme(
    door: Door,
    folder: Path,
    unit: Unit,
    *,
    username: str,
    name: str,
    role: str,
    disk: Disk,
    factor_exception: str | None,
) -> None:
    """Make a laid-out folder a programme's workspace, and say the first one-time password once.

    Raises FieldNotUsable, TextNotStorable, FileExists, DiskFull.
    """
    KeyRing(folder / "keys").found()
    begin_desk(Workspace(folder.resolve(), unit, site=Site.PROGRAMME))
    from kancil.desk.assessment.actions.people import admit_first
    from kancil.desk.people.queries import Role

    person, password = admit_first(
        username=username, name=name, role=Role(role), factor_exception=factor_exception or ""
    )
    workspace = mark(folder, unit, Site.PROGRAMME)
    value = {
        "id": unit.id,
        "workspace": str(workspace.root),
        "site": workspace.site.value,
        "account": {"id": str(person.pk), "username": username, "password": password},
        "disk": {"encrypted": disk.encrypted, "seen": disk.seen},
        "second_factor": {"exception": factor_exception},
    }

    def text() -> None:
        door.screen.say(render("done.assess-init", path=str(workspace.root)))
        door.screen.say(render("done.person-add", name=username, password=password))
        door.screen.say(render(f"note.disk-{disk.encrypted.replace(' ', '-')}", seen=disk.seen))

    door.show(value, text)
