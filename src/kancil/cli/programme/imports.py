"""Commands of imports from spreadsheets: taken as one batch, listed, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.programme.door import Programme, bytes_of, chosen, plain, shown, with_id
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.words import render
from kancil.programme.imports.fields import FIELDS, ImportKind
from kancil.programme.imports.mapping import ORDERS, TableMapping
from kancil.programme.money.sheets import Heading

if TYPE_CHECKING:
    from kancil.programme.imports.mapping import TableHead

BatchId = Annotated[str, typer.Argument(metavar="BATCH", help="Its id, as the list has it.")]
_SHOWN = 50


def import_take(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="XLSX, XLS, ODS or CSV.")],
    kind: Annotated[str, typer.Option(help=f"{', '.join(ImportKind)}.")],
    mapping: Annotated[
        Path | None,
        typer.Option(help="JSON: columns (heading by field), day_order, decimal_comma."),
    ] = None,
    days: Annotated[str | None, typer.Option(help="What 3/4/2026 is: dmy or mdy.")] = None,
    heading_row: Annotated[
        int, typer.Option(help="Row of the headings; else where they seem to stand.", min=0)
    ] = 0,
    join: Annotated[
        bool, typer.Option("--join", help="The row above names groups of columns.")
    ] = False,
    activity: Annotated[
        str, typer.Option(help="Of participants: code of the activity of all of them.")
    ] = "",
    attended: Annotated[
        bool, typer.Option("--attended", help="The list is of those who came.")
    ] = False,
    others: Annotated[
        bool, typer.Option("--others", help="Take rows that look like somebody known as new.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come of it.")] = False,
) -> None:
    """Import participants, past activities or budgets from a spreadsheet.

    Columns are read as last time or as their headings look, unless a mapping says otherwise.

    Rows that look like something in the books are left out. By a programme officer; budgets by
    finance too.

        kancil programme import take list.xlsx --kind participants --activity 2027-SEA-014
    """
    programme = Programme(context)
    wanted = ImportKind(chosen(kind, list(ImportKind), "--kind"))
    order = None if days is None else chosen(days, ORDERS, "--days")
    told = _mapping(mapping, wanted) if mapping else {}
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.imports import importing as acts
    from kancil.desk.programme.imports.plan import Decisions

    by, store = programme.person, programme.store
    data = bytes_of(file)
    batch = acts.hand_in(by=by, store=store, kind=wanted, data=data, file_name=file.name,
                         activity_code=activity)  # fmt: skip
    is_taken = False
    try:
        read = _as_told(
            wanted, lambda at: acts.head_of(store, acts.waiting(desk_of(by), batch), at), told,
            order, Heading(heading_row, join), attended=attended,
        )  # fmt: skip
        acts.map_columns(by=by, store=store, batch=batch, mapping=read)
        about: dict[str, Any] = {"by": by, "store": store, "batch": batch}
        act = acts.look if dry_run else acts.take
        found = act(**about, today=programme.today, decisions=Decisions(others=others))
        is_taken = not dry_run
    finally:
        if not is_taken:
            acts.give_up(by=by, store=store, batch=batch)
    counts = {"taken": found.taken, "refused": len(found.refused), "twins": len(found.twins)}
    said = render("done.import-tried" if dry_run else "done.import-taken", id=batch, **counts)

    def text() -> None:
        screen = programme.door.screen
        screen.say(said)
        if found.remarks.guessed:
            encoding = render(f"name.encoding-{found.remarks.guessed}")
            screen.say(render("web.prog-import-remark-guessed", encoding=encoding))
        if found.remarks.unread:
            names = ", ".join(found.remarks.unread)[:300]
            screen.say(render("web.prog-import-remark-unread", names=names))
        left = [(each.row, each.why) for each in found.refused]
        left += [(each.row, each.why) for each in found.twins]
        for number, why in sorted(left, key=lambda each: each[0])[:_SHOWN]:
            screen.say(f"  {number}: {shown(why)}")

    programme.show({**with_id(found, batch), "mapping": plain(read)}, text)


def _mapping(path: Path, kind: ImportKind) -> dict[str, Any]:
    try:
        given = json.loads(path.read_bytes())
    except OSError as error:
        raise translated(error, path) from error
    except (ValueError, RecursionError):
        given = None
    known = {each.name for each in FIELDS[kind]}
    columns = given.get("columns", {}) if isinstance(given, dict) else None
    is_right = (
        isinstance(given, dict)
        and given.keys() <= {each.name for each in fields(TableMapping)}
        and isinstance(columns, dict)
        and columns.keys() <= known
        and all(isinstance(each, str) for each in columns.values())
        and given.get("day_order", "") in ("", *ORDERS)
        and isinstance(given.get("decimal_comma", False), bool)
        and isinstance(given.get("all_attended", False), bool)
        and isinstance(given.get("joins_groups", False), bool)
        and type(given.get("heading_row", 0)) is int
    )
    if not is_right:
        raise OptionNotUsable(option="--mapping", value=str(path), why=", ".join(sorted(known)))
    return dict(given)


def _as_told(
    kind: ImportKind,
    head_at: Callable[[Heading], TableHead],
    told: dict[str, Any],
    order: str | None,
    heading: Heading,
    *,
    attended: bool,
) -> TableMapping:
    """How the file is read: as the mapping says, else as last time, else as its headings look."""
    from kancil.desk.programme.imports.batches import remembered

    if told:
        read = TableMapping(**told)
    elif heading == Heading():
        head = head_at(heading)
        read = remembered(kind, head) or head.guess(kind)
    else:
        read = head_at(heading).guess(kind)
    return replace(
        read,
        day_order=read.day_order if order is None else order,
        all_attended=read.all_attended or attended,
    )


def import_list(context: typer.Context) -> None:
    """List the spreadsheets that were imported.

    The newest first; those that wait were handed in on the site.

        kancil programme import list
    """
    programme = Programme(context)
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.imports.batches import batches

    rows = batches(desk_of(programme.person))
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("file", "of", "rows", "taken", "at", "by", "undone", "id"),
            [
                (each.file_name, each.kind.value, str(each.rows), str(each.taken), shown(each.at),
                 each.by, shown(each.undone_at), each.id)
                for each in rows
            ],
        ),
    )  # fmt: skip


def import_undo(context: typer.Context, batch: BatchId) -> None:
    """Undo an import from a spreadsheet.

    Removes what it added and nothing rests on since; what stays is told with its reason.

        kancil programme import undo 01a0…
    """
    programme = Programme(context)
    from kancil.desk.programme.imports.importing import undo

    found = undo(by=programme.person, batch=batch)

    def text() -> None:
        said = render("done.import-undone", removed=found.removed, kept=len(found.kept))
        programme.door.screen.say(said)
        for each in found.kept[:_SHOWN]:
            programme.door.screen.say(f"  {each.thing} {each.id}: {shown(each.why)}")

    programme.show(with_id(found, batch), text)
