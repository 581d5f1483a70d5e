"""What the commands of a programme's site stand in: its desk, who acts, and what that person sees.

Its tables can be imported only once its desk is open, so that commands import what they call after
they took their `Programme`. Who acts is an account, by its user name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.assessment.method import percent_text
from kancil.cli.errors import AccountNotNamed
from kancil.cli.frame.desk import database_url
from kancil.cli.frame.door import OFFICER_VARIABLE, Door
from kancil.desk.assessment.errors import RoundNotFound
from kancil.desk.base.opening import open_desk
from kancil.desk.studies.errors import OptionMissing
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.errors import FileNotReadable, OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.phrase import Phrase
from kancil.ground.plain import Writers
from kancil.ground.plain import plain as ground_plain
from kancil.ground.words import render, render_phrase
from kancil.ground.workspace import Site
from kancil.programme.money.sheets import MAX_FILE_BYTES

if TYPE_CHECKING:
    from kancil.desk.assessment.access import CountrySight, Sight
    from kancil.desk.assessment.actions.evidence import File
    from kancil.desk.people.queries import Person

RoundName = Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round, or its title.")]
IndicatorName = Annotated[str, typer.Argument(metavar="INDICATOR", help="As the protocol has it.")]
CountryCode = Annotated[str, typer.Argument(metavar="COUNTRY", help="Three letters, KHM.")]
Out = Annotated[Path, typer.Option("-o", "--out", help="The file to write.")]
Username = Annotated[str, typer.Argument(metavar="USERNAME", help="User name.")]
ProtocolName = Annotated[
    str | None,
    typer.Option("--protocol", help="capability-2026.2; else the only one that fits."),
]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Programme:
    """One running command of the programme's site."""

    def __init__(self, context: typer.Context, workspace: Path | None = None) -> None:
        """Open the desk of the workspace that is meant; `workspace`: in place of the named one.

        Raises WorkspaceNotFound, ProgrammeSiteNeeded, FileNotReadable.
        """
        self.door = Door(context, workspace, site=Site.PROGRAMME)
        require_desk(self.door)
        open_desk(self.door.workspace, database_url())

    @cached_property
    def person(self) -> Person:
        """The acting account: --as, else KANCIL_OFFICER, else the only active one.

        Raises PersonNotFound, AccountNotNamed.
        """
        from kancil.desk.assessment.queries.site import acting_account, active_accounts

        named = self.door.officer or os.environ.get(OFFICER_VARIABLE) or None
        if named is not None:
            return acting_account(named)
        known = active_accounts()
        if len(known) != 1:
            raise AccountNotNamed(known=", ".join(each.username for each in known[:20]))
        return known[0]

    def keeper(self) -> Person:
        """The acting account, or the first one that keeps the site where none is named.

        Raises PersonNotFound, AccountNotNamed.
        """
        from kancil.desk.assessment.queries.site import keepers

        named = self.door.officer or os.environ.get(OFFICER_VARIABLE)
        known = keepers()
        return self.person if named or not known else known[0]

    @property
    def store(self) -> Vault:
        """Where files of evidence and released documents lie."""
        return self.door.vault

    @contextmanager
    def kept(self, path: Path | None) -> Iterator[File | None]:
        """A file that is to be kept, open, if one is named; raises FileNotReadable."""
        from kancil.desk.assessment.actions.evidence import File

        if path is None:
            yield None
            return
        try:
            stream = path.open("rb")
        except OSError as error:
            raise translated(error, path) from error
        with stream:
            yield File(self.store, stream, path.name)

    @property
    def today(self) -> date:
        """The day in the workspace's zone."""
        return self.day_of(clock.now())

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in the workspace's zone."""
        return moment.astimezone(self.door.workspace.zone).date()

    def account(self, username: str) -> Person:
        """Find somebody's account; raises PersonNotFound."""
        from kancil.desk.assessment.queries.site import acting_account

        return acting_account(username)

    def round(self, named: str) -> str:
        """The id of a round that they see, by id or title; raises RoundNotFound."""
        from kancil.desk.assessment.queries.rounds import rounds

        seen = rounds(self.person)
        found = [each.id for each in seen if each.id == named]
        found = found or [each.id for each in seen if each.title == named]
        if len(found) != 1:
            raise RoundNotFound
        return found[0]

    def sight(self, named: str) -> Sight:
        """What they see of a round; raises RoundNotFound."""
        from kancil.desk.assessment.queries.rounds import enter

        return enter(self.person, self.round(named))

    def country(self, code: str) -> CountrySight:
        """What they see of a country; raises CountryNotFound."""
        from kancil.desk.assessment.queries.countries import enter_country

        return enter_country(self.person, code)

    def protocols(
        self, sight: Sight, named: str | None, indicators: Sequence[str] = ()
    ) -> list[str]:
        """Name the protocols of a round that fit: the named one, or all that ask the indicators.

        Raises ProtocolNotInRound.
        """
        from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in

        if named is not None:
            return [protocol_in(sight, named).name]
        return [
            each.name
            for each in protocols_in(sight)
            if all(indicator in each.indicators for indicator in indicators)
        ]

    def protocol(
        self, sight: Sight, named: str | None, indicators: Sequence[str] = (), shape: str = ""
    ) -> str:
        """Name the one protocol that fits; raises OptionMissing where it is not one."""
        from kancil.desk.assessment.kept_protocols import protocol_in

        found = self.protocols(sight, named, indicators)
        if shape and named is None:
            found = [each for each in found if protocol_in(sight, each).shape.value == shape]
        if len(found) != 1:
            raise OptionMissing(option="--protocol")
        return found[0]

    def show(self, value: Any, text: Any) -> None:
        """Answer: a value as JSON, or its text for a person."""
        self.door.show(plain(value), text)

    def added(self, thing: str, id: str | int, name: str, **more: Any) -> None:
        """Answer that something is there now."""
        said = Phrase(f"thing.record-{thing}")
        self.show(
            {"id": str(id), **more},
            render("done.assess-added", thing=said, name=name, id=str(id)),
        )

    def done(self, id: str, key: str, /, **params: str | int) -> None:
        """Answer that something was done to what has this id."""
        self.show({"id": id, **params}, render(key, **params))


def require_desk(door: Door) -> None:
    """Refuse a workspace whose database `init` never began; raises FileNotReadable."""
    if not (database_url() or door.workspace.desk_path.is_file()):
        raise FileNotReadable(path=str(door.workspace.desk_path))


def _with_text(phrase: Phrase) -> dict[str, Any]:
    return {
        "key": phrase.key,
        "params": plain(phrase.params),
        "text": render_phrase(phrase),
    }


_WRITERS: Writers = {Fraction: percent_text, Phrase: _with_text}


def bytes_of(path: Path) -> bytes:
    """The bytes of a file, one more than are read at most; raises FileNotReadable."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise translated(error, path) from error


def plain(value: Any) -> Any:
    """As `kancil.ground.plain`, with percent for fractions and the sentence of each phrase."""
    return ground_plain(value, _WRITERS)


def with_id(value: Any, id: str) -> dict[str, Any]:
    """A value for JSON with the id by which it is named."""
    return {"id": id, **plain(value)}


def day(text: str, option: str) -> date:
    """Read a day as 2026-03-09; raises OptionNotUsable."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise OptionNotUsable(option=option, value=text[:40], why=Phrase("why.assess-day"))


def maybe_day(text: str | None, option: str) -> date | None:
    """Read a day, where one was given; raises OptionNotUsable."""
    return None if text is None else day(text, option)


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """Read words as ID=VALUE, each id once; raises OptionNotUsable."""
    found: dict[str, str] = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if not (name and equals) or name in found:
            raise OptionNotUsable(option=option, value=each[:40], why=Phrase("why.assess-pair"))
        found[name] = value
    return found


def chosen(text: str, known: Sequence[str], option: str) -> str:
    """A word that must be one of several; raises OptionNotUsable."""
    if text not in known:
        raise OptionNotUsable(option=option, value=text[:40], why=", ".join(known))
    return text


def shown(value: Any) -> str:
    """Write a cell of a table."""
    if value is None:
        return ""
    if isinstance(value, Phrase):
        return render_phrase(value)
    if isinstance(value, Fraction):
        return percent_text(value) or ""
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return str(plain(value))
