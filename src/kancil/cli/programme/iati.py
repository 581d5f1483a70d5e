"""Commands that publish the programme as IATI files, and import those of others."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.programme.door import Out, Programme, chosen, plain
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.programme.iati.importing import Plan

_SHOWN = 200


def reporter(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="Identifier of the organisation, XM-DAC-41128.")],
    name: Annotated[str, typer.Option(help="Of the organisation.")],
    title: Annotated[str, typer.Option(help="Of the programme as a whole.")],
    description: Annotated[str, typer.Option(help="What the programme is for.")],
    kind: Annotated[str, typer.Option("--type", help="Of IATI's OrganisationType.")] = "40",
    language: Annotated[str, typer.Option(help="Of titles and descriptions.")] = "en",
    documents_at: Annotated[
        str, typer.Option(help="Address of public documents, each by its SHA-256.")
    ] = "",
) -> None:
    """Say which organisation publishes the programme's IATI files.

    Look the identifier up in the IATI registry before you publish: nothing here checks it.

        kancil iati reporter XM-DAC-41128 --name Office --title Cybercrime --description '…'
    """
    programme = Programme(context)
    from kancil.desk.programme.iati.publishing import set_reporter
    from kancil.programme.iati.facts import Reporter

    who = Reporter(ref, name, kind, title, description, language, documents_at)
    set_reporter(by=programme.person, reporter=who)
    programme.show({"id": ref, **asdict(who)}, render("done.iati-reporter", ref=ref, name=name))


def export(
    context: typer.Context,
    out: Out,
    practice: Annotated[
        bool,
        typer.Option("--practice", help="With invented countries, as practice data that says so."),
    ] = False,
) -> None:
    """Publish the programme as an IATI file that was checked.

    The file is checked against the schema and the standard ruleset before it is kept; a fault
    keeps nothing. What is left out is told with its reason.

        kancil iati export -o activities.xml
    """
    programme = Programme(context)
    programme.door.can_write(out)
    from kancil.desk.assessment.stored import open_stored
    from kancil.desk.programme.iati.publishing import publish_iati

    folder = programme.door.workspace.uploads_dir
    with programme.door.screen.progress() as progress:
        done = publish_iati(
            by=programme.person, store=programme.store, folder=folder, is_practice=practice,
            progress=progress,
        )  # fmt: skip
    with open_stored(programme.store, done.sha256) as stream:
        programme.door.write(out, stream.read())
    said = render("done.iati-exported", path=str(out), count=done.activities, sha256=done.sha256)

    def show() -> None:
        programme.door.screen.say(said)
        _show_left_out(programme, done.left_out)

    programme.show({**plain(done), "path": str(out)}, show)


def _show_left_out(programme: Programme, left_out: list[dict[str, str]]) -> None:
    if not left_out:
        return
    say = programme.door.screen.say
    say(render("note.skipped", count=len(left_out)))
    for each in left_out[:_SHOWN]:
        say(f"  {each['code']}: " + render(f"why.iati-{each['reason']}"))
    if len(left_out) > _SHOWN:
        say("  " + render("note.skipped-more", count=len(left_out) - _SHOWN))


def list_files(context: typer.Context) -> None:
    """List the IATI files that were published.

    The newest first.

        kancil iati files
    """
    programme = Programme(context)
    from kancil.desk.programme.iati.file import iati_files

    rows = iati_files(programme.person)
    columns = ("iati-day", "iati-file", "iati-activities", "iati-left-out", "iati-by")
    programme.show(
        plain(rows),
        lambda: programme.door.screen.table(
            [render(f"web.column.{each}") for each in columns],
            [
                (programme.day_of(each.at).isoformat(), each.file_name, str(each.activities),
                 str(len(each.left_out)), each.by)
                for each in rows
            ],
        ),
    )  # fmt: skip


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of activities, of version 2.01 to 2.03.")],
    kind: Annotated[
        str, typer.Option(help="Of activities whose file does not say: training, workshop, …")
    ] = "mission",
    language: Annotated[str, typer.Option(help="Of texts in several languages.")] = "en",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would come of it; change nothing.")
    ] = False,
) -> None:
    """Import activities from an IATI file.

    Each activity of the programme's own organisation that can be one of this desk becomes one;
    those that are here already stay as they are. Activities of others, and the money and results of
    all, are kept as stated by the file, apart from the books. Undo it with kancil iati undo.

        kancil iati import activities.xml --dry-run
    """
    programme = Programme(context)
    from kancil.desk.programme.iati.importing import import_iati, plan_import
    from kancil.programme.iati.read import read_iati_file
    from kancil.programme.vocabulary import ActivityKind

    otherwise = ActivityKind(chosen(kind, [each.value for each in ActivityKind], "--kind"))
    document = read_iati_file(file)
    batch = ""
    if dry_run:
        plan = plan_import(
            by=programme.person, document=document, otherwise=otherwise, language=language
        )
    else:
        done = import_iati(
            by=programme.person, document=document, file_name=file.name,
            sha256=sha256_hex(read_file(file)), otherwise=otherwise, language=language,
        )  # fmt: skip
        batch, plan = done.batch, done.plan
    value = {"id": batch, **plain(plan), "not_understood": plain(document.not_understood)}
    programme.show(value, lambda: _show_plan(programme, plan, batch))


def _show_plan(programme: Programme, plan: Plan, batch: str) -> None:
    say = programme.door.screen.say
    key = "done.iati-took" if batch else "done.iati-would-take"
    told: dict[str, Any] = {
        "taken": len(plan.taken), "stated": len(plan.stated), "rows": len(plan.rows)
    }  # fmt: skip
    say(render(key, **told, batch=batch) if batch else render(key, **told))
    for each in plan.refused[:_SHOWN]:
        say(f"  {each.line} {each.code}: " + render(f"why.iati-{each.reason}"))
    if len(plan.refused) > _SHOWN:
        say("  " + render("note.skipped-more", count=len(plan.refused) - _SHOWN))


def undo(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(metavar="IMPORT", help="Id of the import.")],
) -> None:
    """Undo an import of an IATI file.

    Refused where one of its activities was changed or used since.

        kancil iati undo ID
    """
    programme = Programme(context)
    from kancil.desk.programme.iati.importing import undo_iati_import

    count = undo_iati_import(by=programme.person, batch=batch)
    programme.done(batch, "done.iati-undone", count=count)
