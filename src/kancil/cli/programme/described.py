"""Commands that are made from a description: an `Action` done, a `Register` listed.

    organisation_add = doing(
        OrganisationInput, "people.organisations:add_organisation", "organisation",
        \"\"\"Without a country it is regional or international. By a programme officer.\"\"\",
    )

A command's function is loaded before its desk is open, and names what it calls as text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from inspect import Parameter, Signature
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.ground.words import render
from kancil.records.described import Input, Item, items, read

from .door import Programme, bytes_of, maybe_day, plain, shown

if TYPE_CHECKING:
    from kancil.desk.programme.filling import Filled


def doing(given: type[Input], action: str, thing: str, help: str) -> Callable[..., None]:
    """A command that adds something: its first field is an argument, the others are options.

    `action`: module below `kancil.desk.programme`, and name in it. `thing`: what is there then.
    """
    first, *others = items(given)

    def command(context: typer.Context, **typed: Any) -> None:
        programme = Programme(context)
        act = _named(action)
        made = act(by=programme.person, given=_read(programme, given, typed))
        programme.added(thing, made.pk, act.on.named(made))

    argument = Annotated[str, typer.Argument(metavar=first.name.upper(), help=first.help)]
    return _made(command, help, [(first.name, argument, Parameter.empty), *map(_option, others)])


def filling(action: str, help: str) -> Callable[..., None]:
    """A command that does with each row of a spreadsheet what `doing` does with its options.

    `action`: as `doing` has it.
    """

    def command(
        context: typer.Context,
        file: Annotated[Path, typer.Argument(help="XLSX, XLS, ODS or CSV.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
        empty: Annotated[
            bool, typer.Option("--template", help="Write an empty sheet to the file, as CSV.")
        ] = False,
    ) -> None:
        programme = Programme(context)
        from kancil.desk.programme.filling import fill, template

        if empty:
            programme.door.write(file, template(_named(action).given))
            said = {"path": str(file)}
            programme.show(said, render("done.sheet-written", **said))
            return
        found = fill(
            _named(action), by=programme.person, data=bytes_of(file), path=file.name,
            today=programme.today, try_only=dry_run,
        )  # fmt: skip
        programme.show(plain(found), lambda: _show_filled(programme, found, dry_run))

    command.__doc__ = help
    return command


def _show_filled(programme: Programme, found: Filled, dry_run: bool) -> None:
    screen = programme.door.screen
    counts = {"taken": found.taken, "refused": len(found.refused)}
    screen.say(render("done.rows-tried" if dry_run else "done.rows-taken", **counts))
    if found.unread:
        names = ", ".join(found.unread)[:300]
        screen.say(render("web.prog-import-remark-unread", names=names))
    if found.remarks:
        screen.say(render("web.prog-filled.remarks", count=found.remarks))
    for number, why in found.refused:
        screen.say(f"  {number}: {shown(why)}")


def listing(asked: type[Input], register: str, help: str) -> Callable[..., None]:
    """A command that lists a register, as a list that leaves has it."""

    def command(context: typer.Context, **typed: Any) -> None:
        programme = Programme(context)
        from kancil.desk.programme.entering import desk_of

        found = _named(register)
        rows = list(found.found(desk_of(programme.person), _read(programme, asked, typed)))
        table = found.table(rows).as_rows()
        first, *others = found.columns
        shown = [each.column.name for each in (first, *filter(attrgetter("lists"), others))]
        programme.show(
            [{"id": row.pk, **each} for row, each in zip(rows, table, strict=True)],
            lambda: programme.door.screen.table(
                shown, [[str(row[each] or "") for each in shown] for row in table]
            ),
        )

    return _made(command, help, [_option(each) for each in items(asked)])


def _named(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(f"kancil.desk.programme.{module}"), name)


def _made(
    command: Callable[..., None], help: str, options: list[tuple[str, Any, Any]]
) -> Callable[..., None]:
    """A function as typer reads one: its parameters, their options and its help."""
    of = {"context": typer.Context, **{name: kind for name, kind, _ in options}}
    defaults = {"context": Parameter.empty, **{name: default for name, _, default in options}}
    command.__doc__ = help
    command.__annotations__ = {**of, "return": None}
    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=defaults[name], annotation=kind)
            for name, kind in of.items()
        ]
    )
    return command


def _flag(item: Item) -> str:
    return f"--{item.name.removeprefix('is_').replace('_', '-')}"


def _option(item: Item) -> tuple[str, Any, Any]:
    words = ", ".join(item.words) if item.words else ""
    help = " ".join(each for each in (item.help, f"{words}." if words else "") if each)
    flag = _flag(item)
    if item.kind is bool:
        flags = f"{flag}/--no-{flag[2:]}" if item.default else flag
        return item.name, Annotated[bool, typer.Option(flags, help=help)], item.default
    if item.kind is int:
        return item.name, Annotated[int | None, typer.Option(flag, help=help)], item.default
    if item.is_several:
        return item.name, Annotated[list[str] | None, typer.Option(flag, help=help)], None
    if item.is_needed:
        return item.name, Annotated[str, typer.Option(flag, help=help)], Parameter.empty
    default = str(item.default) if item.words and item.default else None
    return item.name, Annotated[str | None, typer.Option(flag, help=help)], default


def _read(programme: Programme, given: type[Input], typed: dict[str, Any]) -> Input:
    """What was typed, as the input; raises OptionNotUsable, FieldNotUsable."""
    for each in items(given):
        if each.kind is date:
            typed[each.name] = maybe_day(typed[each.name], _flag(each))
    return read(given, typed, today=programme.today)
