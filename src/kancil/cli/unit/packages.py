"""Commands for the unit's figures and the packages of them that leave it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.figures import show_figures, tables_value
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signing import fingerprint
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.figures.queries import MadePackage, PackageDraft
    from kancil.records.package import Period

Since = Annotated[str, typer.Option(help="First day of the period, 2026-01-01.")]
Until = Annotated[str, typer.Option(help="Last day of the period; it must be over.")]
DraftName = Annotated[str, typer.Argument(metavar="DRAFT", help="Id of the draft.")]


def figures(context: typer.Context, since: Since, until: Until) -> None:
    """Show the figures of requests sent in a period, over all cases.

    Over all cases, as the ledger stands now: requests sent in the period, how they were
    answered and how fast. Groups under five are hidden here too. Nothing is recorded.

        kancil figures --since 2026-01-01 --until 2026-06-30
    """
    door = Door(context)
    period = read_period(since, until)
    _ = door.roll
    from kancil.desk.figures.queries import figures_of  # once the roll has opened the desk

    tables = figures_of(door.ledger, door.workspace, period, is_own=True)
    value = {"id": f"{since}/{until}", "tables": tables_value(tables)}
    door.show(value, lambda: show_figures(door, tables))


def make(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="For whom it is made.")],
    since: Since,
    until: Until,
) -> None:
    """Make a package of figures for another site, which another officer reviews.

    Shows to the letter what would leave: numbers of groups of five and more, with no word of a
    case. It waits as a draft until another officer reviews it. A second package of the same
    period supersedes the first; one of a period that overlaps another is refused.

        kancil package make --to 'Programme' --since 2026-01-01 --until 2026-06-30
    """
    door = Door(context)
    period, by = read_period(since, until), door.acting()
    _ = door.ledger
    from kancil.desk.figures.actions import make_package

    draft = make_package(door.ledger, door.workspace, to=to, period=period, by=by)

    def text() -> None:
        show_figures(door, draft.tables)
        door.screen.say(render("done.package-drafted", id=draft.id))

    door.show(draft_value(draft), text)


def review(
    context: typer.Context,
    draft: DraftName,
    out: Annotated[Path, typer.Option("-o", "--out", help="The package to write.")],
) -> None:
    """Review a package that another officer made, and sign it with the unit's key.

    By an officer who did not make it. The figures are computed again and must be the same; then
    the unit's key signs the file, and your own key the entry in the ledger.

        kancil package review ID -o figures.kancil-package
    """
    door = Door(context)
    door.can_write(out)
    by = door.acting()
    _ = door.ledger
    from kancil.desk.figures.actions import review_package
    from kancil.desk.figures.queries import package_bytes

    signer = door.keys.unit_signer()
    made = review_package(
        door.ledger, door.workspace, draft=draft, unit_signer=signer, by=by
    )  # fmt: skip
    door.write(out, package_bytes(door.workspace, made))
    key = fingerprint(signer.public_raw)
    value = {**made_value(made), "path": str(out), "fingerprint": key}
    door.show(value, render("done.package-reviewed", path=str(out), key=key))


def discard(context: typer.Context, draft: DraftName) -> None:
    """Discard the draft of a package.

    A draft is in no entry of the ledger; nothing that was signed can be discarded.

        kancil package discard ID
    """
    door = Door(context)
    door.acting()
    from kancil.desk.figures.actions import discard_draft

    discard_draft(door.workspace, draft)
    door.show({"id": draft}, render("done.package-discarded", id=draft))


def list_unit_packages(door: Door) -> None:
    """Drafts that wait for a review, then the packages that were made, the newest first."""
    _ = door.ledger
    from kancil.desk.figures.queries import made_packages, package_drafts

    drafts, made = package_drafts(door.workspace), made_packages(door.ledger)
    value = [draft_value(each) for each in drafts] + [made_value(each) for each in made]
    columns = (
        "package-id", "package-state", "package-period", "package-to", "package-made-by",
        "package-reviewed-by",
    )  # fmt: skip
    rows = [
        (
            each["id"], render(f"name.package-{each['state']}"),
            f"{each['period']['since']} – {each['period']['until']}", each["to"],
            each["made_by"], each.get("reviewed_by", ""),
        )
        for each in value
    ]  # fmt: skip
    door.show(
        value,
        lambda: door.screen.table([render(f"column.{each}") for each in columns], rows),
    )


def show_unit_package(door: Door, name: str) -> None:
    """What a draft or a package says."""
    _ = door.ledger
    from kancil.desk.figures.errors import PackageNotFound
    from kancil.desk.figures.queries import (
        made_package,
        package_bytes,
        package_draft,
        package_drafts,
    )
    from kancil.records.package import read_package

    if any(each.id == name for each in package_drafts(door.workspace)):
        draft = package_draft(door.workspace, name)
        door.show(draft_value(draft), lambda: show_figures(door, draft.tables))
        return
    if not name:
        raise PackageNotFound(package=name)
    made = made_package(door.ledger, name)
    tables = read_package(package_bytes(door.workspace, made), made.id).package.tables
    value = {**made_value(made), "tables": tables_value(tables)}
    door.show(value, lambda: show_figures(door, tables))


def draft_value(draft: PackageDraft) -> dict[str, Any]:
    """A draft for `--json`."""
    return {**plain(draft), "state": "draft", "tables": tables_value(draft.tables)}


def made_value(made: MadePackage) -> dict[str, Any]:
    """A package for `--json`, without its tables."""
    value = {**plain(made), "state": "current" if made.superseded_by is None else "superseded"}
    return {**value, "entry": made.entry.n}


def read_period(since: str, until: str) -> Period:
    """The period of two days as they were typed; raises OptionNotUsable."""
    from kancil.records.package import Period

    days = []
    for option, text in (("--since", since), ("--until", until)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError as error:
            why = Phrase("why.assess-day")
            raise OptionNotUsable(option=option, value=text[:40], why=why) from error
    return Period(*days)
