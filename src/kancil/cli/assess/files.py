"""Commands for what goes in and out of a programme's site as a file, and what countries release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil import __version__
from kancil.assessment.answer_forms.xlsform import write_form
from kancil.assessment.exchange import MAX_BYTES, Audience, write_parcel
from kancil.assessment.export import write_round
from kancil.assessment.foreign import read_protocol_file
from kancil.assessment.protocol_files.library import named_protocol
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.cli.programme.door import (
    Out,
    Programme,
    ProtocolName,
    RoundName,
    chosen,
    day,
    plain,
    shown,
)
from kancil.desk.studies.errors import OptionMissing
from kancil.ground import clock
from kancil.ground.digests import sha256_hex
from kancil.ground.files import translated
from kancil.ground.words import render

from .site import signing_key

Official = Annotated[str, typer.Option(help="Name of the official who releases it.")]
Office = Annotated[str, typer.Option(help="Their office.")]
ReleasedOn = Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")]


def xlsform(
    context: typer.Context,
    protocol: Annotated[
        str, typer.Argument(metavar="PROTOCOL|FILE", help="A packaged protocol, or your own file.")
    ],
    out: Out,
    area: Annotated[
        list[str] | None, typer.Option(help="Only these areas; repeat for more.")
    ] = None,
) -> None:
    """Write a protocol as a form for ODK and Kobo.

    Needs no workspace. ODK Central, ODK Collect, Enketo and Kobo take it; answers come back with
    `assess import`. See docs/reference/xlsform.md.

        kancil assess xlsform capability-2026.2 -o form.xlsx
    """
    door = Door(context)
    door.can_write(out)
    path = Path(protocol)
    is_file = path.suffix in (".yaml", ".yml")
    asked = read_protocol_file(path) if is_file else named_protocol(protocol)
    form = write_form(asked, area or ())
    door.write(out, form)
    value = {"id": sha256_hex(form), "path": str(out), "protocol": asked.name}
    door.show(value, render("done.assess-file", path=str(out), sha256=value["id"]))


def import_sheet(
    context: typer.Context,
    round: RoundName,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XLS or ODS, of ODK or Kobo.")],
    assessor: Annotated[str, typer.Option("--of", help="User name: whose answers they are.")],
    protocol: ProtocolName = None,
) -> None:
    """Import answers that came back from a form.

    Whose they are, you say: a name typed into a telephone proves nothing. They are added beside
    earlier ones. What cannot be read is left out with its row and column, and counted.

        kancil assess import 'First round' answers.csv --of ann --protocol capability-2026.2
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol)
    data = _bytes(file)
    from kancil.desk.assessment.actions.bringing import bring_sheet

    brought = bring_sheet(
        by=programme.person,
        round=sight.round,
        protocol=name,
        author=assessor,
        data=data,
        path=str(file),
    )
    value = {
        "id": sha256_hex(data),
        "added": list(brought.taken.added),
        "known": brought.taken.known,
        "conflicts": plain(brought.taken.conflicts),
        "extra_columns": list(brought.extra_columns),
        "skipped": skipped_as_dicts(brought.skipped),
    }

    def text() -> None:
        _say_taken(programme, brought.taken.added, brought.taken.known, brought.taken.conflicts)
        if brought.extra_columns:
            columns = ", ".join(brought.extra_columns[:20])
            programme.door.screen.say(render("note.assess-extra-columns", columns=columns))
        programme.door.show_skipped(brought.skipped)

    programme.show(value, text)


def _bytes(path: Path) -> bytes:
    """Read a file, up to a byte more than any craft takes, which then says that it is too large."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise translated(error, path) from error


def _say_taken(
    programme: Programme,
    added: tuple[str, ...],
    known: int,
    conflicts: tuple[tuple[str, str], ...],
) -> None:
    say = programme.door.screen.say
    say(render("done.assess-taken-in", added=len(added), known=known))
    for _, indicator in conflicts:
        say(render("note.assess-conflict", indicator=indicator))


def pack(
    context: typer.Context,
    round: RoundName,
    out: Out,
    audience: Annotated[str, typer.Option(help="own, team or focal-point.")],
) -> None:
    """Export your own answers as a signed file.

    Your own answers as one file, signed with your key and not sealed: carry it on an encrypted
    disk. For others than yourself interviews are left out; how many items were is said in it.

        kancil assess pack 'First round' -o ann.kancil-answers --audience own
    """
    programme = Programme(context)
    chosen(audience, [each.value for each in Audience], "--audience")
    programme.door.can_write(out)
    from kancil.desk.assessment.queries.leaving import parcel_of

    parcel = parcel_of(programme.person, programme.round(round), Audience(audience), clock.now())
    data = write_parcel(parcel, signing_key(programme))
    programme.door.write(out, data)
    value = {
        "id": sha256_hex(data),
        "path": str(out),
        "answers": len(parcel.answers),
        "audience": audience,
        "left_out": parcel.left_out,
    }
    programme.show(
        value,
        render(
            "done.assess-pack",
            path=str(out),
            answers=len(parcel.answers),
            left_out=parcel.left_out,
        ),
    )


def merge(
    context: typer.Context,
    round: RoundName,
    file: Annotated[Path, typer.Argument(help="A file of answers, *.kancil-answers.")],
) -> None:
    """Import a signed file of answers; nothing is overwritten.

    The answers are those of the owner of the key that signed it. Nothing is written over: where
    they answered on two machines, both answers stay until they choose one.

        kancil assess merge 'First round' ann.kancil-answers
    """
    programme = Programme(context)
    id_of_round = programme.round(round)
    data = _bytes(file)
    from kancil.desk.assessment.actions.bringing import bring_answers

    brought = bring_answers(by=programme.person, round=id_of_round, data=data, path=str(file))
    value = {
        "id": sha256_hex(data),
        "added": list(brought.taken.added),
        "known": brought.taken.known,
        "conflicts": plain(brought.taken.conflicts),
        "audience": plain(brought.audience),
        "left_out": brought.left_out,
        "skipped": skipped_as_dicts(brought.skipped),
    }

    def text() -> None:
        _say_taken(programme, brought.taken.added, brought.taken.known, brought.taken.conflicts)
        programme.door.show_skipped(brought.skipped)

    programme.show(value, text)


def export(
    context: typer.Context,
    round: RoundName,
    out: Out,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Answers, gaps and plan as a workbook for Excel instead.")
    ] = False,
) -> None:
    """Export a whole round as JSON, without interviews.

    All of a round as JSON that a stranger can work with: docs/formats/assessment-export.md has
    the form, and a short script that makes every figure again. Interviews are never in it; what is
    withheld is said to be withheld. With `--xlsx` a sheet for each protocol, the gaps and the plan.

        kancil assess export 'First round' -o round.json
    """
    programme = Programme(context)
    programme.door.can_write(out)
    from kancil.desk.assessment.queries.leaving import whole_round

    whole = whole_round(
        programme.person,
        programme.round(round),
        today=programme.today,
        made_at=clock.now(),
        kancil=__version__,
    )
    if xlsx:
        from kancil.reports.programme.workbook.content import answers_workbook

        data = answers_workbook(whole)
    else:
        data = write_round(whole)
    programme.door.write(out, data)
    value = {"id": sha256_hex(data), "path": str(out), "size_bytes": str(len(data))}
    programme.show(value, render("done.assess-file", path=str(out), sha256=value["id"]))


def release(
    context: typer.Context,
    round: RoundName,
    document: Annotated[str, typer.Argument(help="country, brief or comparison.")],
    official: Official,
    office: Office,
    released_on: ReleasedOn,
    consent: Annotated[
        str, typer.Option(help="The country's consent on file: its letter, number and day.")
    ],
    consent_file: Annotated[
        Path | None, typer.Option("--consent-file", help="A scan of that paper.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The document; `comparison` has none: its figures are made.")
    ] = None,
    protocol: Annotated[
        list[str] | None, typer.Option(help="For `comparison`: whose figures; repeat for more.")
    ] = None,
) -> None:
    """Record that a named official releases a document.

    Record that a named official lets the programme's readers see a document as it is, or a
    round's figures be shown beside other countries'. By the focal point or a programme officer.

        kancil assess release 'First round' brief --file brief.pdf --official 'A. B.' --office
        'Secretary' --on 2026-06-30 --consent 'Letter 12 of 1 June 2026'
    """
    programme = Programme(context)
    id_of_round = programme.round(round)
    from kancil.desk.assessment.actions import releases

    on = day(released_on, "--on")
    given: dict[str, Any] = {
        "by": programme.person, "round": id_of_round, "official": official, "office": office,
        "released_on": on, "consent": consent,
    }  # fmt: skip
    with programme.kept(consent_file) as paper, programme.kept(file) as kept:
        given["consent_file"] = paper
        if document == "comparison":
            id = releases.release_figures(protocols=protocol or (), store=programme.store, **given)
        elif kept is None:
            raise OptionMissing(option="--file")
        else:
            id = releases.record_release(document=document, file=kept, **given)
    programme.added("release", id, document)


def withdraw(
    context: typer.Context,
    round: RoundName,
    release_id: Annotated[str, typer.Argument(metavar="RELEASE", help="Id of the release.")],
    reason: Annotated[str, typer.Option(help="Why, in words.")],
) -> None:
    """Withdraw a release.

    Nobody is shown it any more; that it was released stays recorded.

        kancil assess withdraw 'First round' ID --reason 'a figure was wrong'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.releases import withdraw_release

    withdraw_release(
        by=programme.person, round=programme.round(round), release=release_id, reason=reason
    )
    programme.done(release_id, "done.assess-withdrawn")


def released(
    context: typer.Context,
    country: Annotated[str | None, typer.Option(help="Of one country only.")] = None,
) -> None:
    """List what countries released.

    What countries released that you may read, the newest first.

        kancil assess released
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.releases import released_to

    rows = released_to(programme.person, country)
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("country", "round", "document", "official", "on", "sha256"),
            [
                (
                    each.country_name, each.title, each.document, each.official,
                    shown(each.released_on), each.sha256,
                )
                for each in rows
            ],
        ),
    )  # fmt: skip
