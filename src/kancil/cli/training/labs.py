"""Commands for labs: list, make, check, mark, correct, pack, unpack. None needs a workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.errors import LabKeyPlain
from kancil.cli.frame.door import Door
from kancil.evidence.age import is_encrypted, read_identities, read_recipients
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.registry import Registry
from kancil.ground.units import bytes_text
from kancil.ground.words import render, render_phrase
from kancil.training.key import Key
from kancil.training.lab import Knobs
from kancil.training.labs import LABS
from kancil.training.making import (
    Manifest,
    check_files,
    check_key,
    correct_key,
    make_lab,
    make_with_key,
    new_seed,
    open_key,
    read_answers,
    read_key,
    read_manifest,
    seal_key,
    write_key,
)
from kancil.training.marking.mark import mark
from kancil.training.marking.marks import Marked, points_text
from kancil.training.packing import pack_lab, unpack_lab

PLAIN_KEY = "key.json"
_D = Knobs()

LabFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A lab's folder.")]
To = Annotated[
    list[str] | None,
    typer.Option("--to", help="Recipient age1…, or a file of them; repeat for more."),
]
IdentityFile = Annotated[
    Path | None,
    typer.Option("--identity", help="The trainer's age identity file, which opens the key."),
]


def labs() -> Registry[Any]:
    """The labs by name."""
    return Registry("lab", LABS)


def lab_list(context: typer.Context) -> None:
    """List the labs: for whom each is, and what it rests on.

    A lab's version changes where it makes other files of the same seed.

        kancil lab list
    """
    door = Door(context, site=None)
    rows = [
        {
            "id": each.name, "version": each.version, "audience": each.audience.value,
            "sources": list(each.sources),
        }
        for each in LABS
    ]  # fmt: skip

    def text() -> None:
        for each in LABS:
            door.screen.title(f"{each.name}  {each.version}")
            door.screen.say("  " + render(f"name.audience-{each.audience.value}"))
            for source in each.sources:
                door.screen.say(f"  {source}")

    door.show(rows, text)


def lab_make(
    context: typer.Context,
    lab: Annotated[str, typer.Argument(metavar="LAB", help="Its name: ransom-payment.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new or empty folder.")],
    seed: Annotated[
        int | None,
        typer.Option(help="Same seed, same bytes; else 63 random bits, as a class needs."),
    ] = None,
    to: To = None,
    hops: Annotated[int, typer.Option(help="Transactions to follow; 2 to 12.")] = _D.hops,
    decoys: Annotated[int, typer.Option(help="Side branches to nobody; 0 to 8.")] = _D.decoys,
    missing: Annotated[int, typer.Option(help="Records left out; 0 to 4.")] = _D.missing,
    noise: Annotated[
        int, typer.Option(help="Transactions of everyday life; 200 to 20,000.")
    ] = _D.noise,
    language: Annotated[
        str, typer.Option(help="Of names and messages: en, id, km, lo, my, th, vi.")
    ] = _D.language,
    plain_key: Annotated[
        bool,
        typer.Option("--plain-key", help="Write the key unsealed, for proofs alone."),
    ] = False,
) -> None:
    """Make one variant of a lab: evidence, questions, and a key sealed to the trainer.

    The seed stands in the sealed key alone and is not shown. A small seed can be guessed, and
    who has the seed can make the key: state one only for tests.

        kancil lab make ransom-payment -o lab --to age1…
    """
    door = Door(context, site=None)
    if not to and not plain_key:
        raise LabKeyPlain
    member = labs().named(lab)
    recipients = read_recipients(to or (), "--to")
    knobs = Knobs(hops, decoys, missing, noise, language)
    chosen = new_seed() if seed is None else seed
    with door.screen.progress() as progress:
        if plain_key:
            manifest, key = make_with_key(member, chosen, knobs, out, progress)
            door.write(out / PLAIN_KEY, write_key(key))
        else:
            manifest = make_lab(member, chosen, knobs, out, recipients, progress)
    door.show(
        _manifest(manifest, out), lambda: _show_manifest(door, manifest, out, "done.lab-made")
    )


def lab_check(context: typer.Context, folder: LabFolder) -> None:
    """Compare every file of a lab with its manifest.

    Every file by its SHA-256; a file more or less is found too.

        kancil lab check lab
    """
    door = Door(context, site=None)
    manifest = read_manifest(folder)
    check_files(manifest, folder)
    door.show(
        _manifest(manifest, folder),
        lambda: _show_manifest(door, manifest, folder, "done.lab-checked"),
    )


def _manifest(manifest: Manifest, folder: Path) -> dict[str, Any]:
    return {
        "id": manifest.variant, "folder": str(folder), "lab": manifest.lab,
        "version": manifest.version, "language": manifest.language,
        "evidence": [
            {"name": each.name, "kind": each.kind, "sha256": each.sha256,
             "size_bytes": str(each.size_bytes)}
            for each in manifest.evidence
        ],
        "questions": len(manifest.questions),
        "points": sum(each.points for each in manifest.questions),
    }  # fmt: skip


def _show_manifest(door: Door, manifest: Manifest, folder: Path, done: str) -> None:
    points = sum(each.points for each in manifest.questions)
    screen = door.screen
    screen.title(render(done, lab=manifest.lab, path=str(folder)))
    screen.facts(
        [
            (render("name.lab-variant"), manifest.variant),
            (render("name.lab-questions"), f"{len(manifest.questions)} ({points})"),
            *((each.name, f"{bytes_text(each.size_bytes)}  {each.sha256}")
              for each in manifest.evidence),
        ]
    )  # fmt: skip


def lab_mark(
    context: typer.Context,
    folder: LabFolder,
    answers: Annotated[Path, typer.Option(help="The file of answers.")],
    key: Annotated[Path, typer.Option(help="key.age, with --identity; or an opened key.")],
    identity: IdentityFile = None,
) -> None:
    """Mark answers by the key, and say why each mark.

    A wrong accusation costs more than no answer. Texts wait for a trainer, and count nothing
    here. The way of working is marked where the case is: in the class.

        kancil lab mark lab --answers answers.json --key lab/key.age --identity trainer.txt
    """
    door = Door(context, site=None)
    manifest = read_manifest(folder)
    opened = opened_key(key, identity)
    check_key(opened, manifest)
    given = read_answers(read_file(answers), str(answers))
    marked = mark(opened, manifest.questions, given)
    door.show(marked_value(marked), lambda: _show_marked(door, marked))


def opened_key(path: Path, identity: Path | None) -> Key:
    """The key in a file, sealed or plain; raises OptionNotUsable where an identity is missing."""
    data = read_file(path)
    if not is_encrypted(path):
        return read_key(data, str(path))
    if identity is None:
        why = Phrase("why.lab-identity-needed")
        raise OptionNotUsable(option="--identity", value="", why=why)
    return open_key(data, read_identities(identity, "--identity"))


def marked_value(marked: Marked) -> dict[str, Any]:
    """Marks as JSON, with the sentences beside the codes."""
    value = plain(marked)
    for row, each in zip(value["questions"], marked.questions, strict=True):
        row |= {"reason_text": render_phrase(each.reason), "why_text": render_phrase(each.why)}
    return {"id": marked.variant, **value}


def _show_marked(door: Door, marked: Marked) -> None:
    screen = door.screen
    earned = points_text(marked.earned_hundredths)
    screen.title(render("done.lab-marked", earned=earned, points=marked.points))
    if not marked.is_final:
        screen.say(render("note.lab-texts-wait"))
    for each in marked.questions:
        got = each.earned_hundredths
        shown = "–" if got is None else points_text(got)
        screen.say(f"{each.question}: {shown} / {each.points}. {render_phrase(each.reason)}")
        if got != each.points * 100:
            screen.say("    " + render_phrase(each.why))


def lab_correct(
    context: typer.Context,
    key: Annotated[Path, typer.Argument(metavar="KEY", help="key.age, or an opened key.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="Id of the question.")],
    reason: Annotated[str, typer.Option(help="Why; every trainee reads it.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The new sealed key.")],
    to: To = None,
    identity: IdentityFile = None,
    value: Annotated[
        str | None, typer.Option(help="What is right now: text, or JSON of a list or an object.")
    ] = None,
    tolerance: Annotated[str | None, typer.Option(help="Of an amount or a time.")] = None,
    also: Annotated[
        list[str] | None, typer.Option(help="What is right too; repeat for more.")
    ] = None,
) -> None:
    """Correct one answer of a key; the old key stays as it is.

    A new version beside the old one: mark again with it, and what changed can be shown.

        kancil lab correct lab/key.age amount --value 0.26 --reason 'fee' --identity trainer.txt
        --to age1… -o new.age
    """
    door = Door(context, site=None)
    door.can_write(out)
    if not to:
        raise LabKeyPlain
    recipients = read_recipients(to, "--to")
    new = correct_key(
        opened_key(key, identity), question, reason=reason,
        value=None if value is None else _read_value(value, "--value"), tolerance=tolerance,
        also=[_read_value(each, "--also") for each in also or ()],
    )  # fmt: skip
    door.write(out, seal_key(new, recipients))
    text = render("done.lab-corrected", question=question, version=new.version, path=str(out))
    door.show({"id": new.variant, "version": new.version, "key": str(out)}, text)


def _read_value(text: str, option: str) -> Any:
    """A value as a person types it: JSON where it begins like a list or an object, else text."""
    if text.lstrip()[:1] not in ("[", "{"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        why = Phrase("why.json-no-json")
        raise OptionNotUsable(option=option, value=text[:80], why=why) from error


def lab_pack(
    context: typer.Context,
    folder: LabFolder,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file: lab.kancil-lab.")],
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave the sealed key here.")
    ] = False,
) -> None:
    """Write a lab's folder as one file.

    The same folder gives the same file. A plain key never goes along.

        kancil lab pack lab -o lab.kancil-lab
    """
    door = Door(context, site=None)
    door.can_write(out)
    data = pack_lab(folder, with_key=not without_key)
    door.write(out, data)
    size = bytes_text(len(data))
    value = {"id": read_manifest(folder).variant, "file": str(out), "size_bytes": str(len(data))}
    door.show(value, render("done.lab-packed", path=str(out), size=size))


def lab_unpack(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The packed lab.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new or empty folder.")],
) -> None:
    """Unpack a lab that came as one file, and check all of it.

    Nothing is written of a file that is not wholly as its manifest says.

        kancil lab unpack lab.kancil-lab -o lab
    """
    door = Door(context, site=None)
    manifest = unpack_lab(file, out)
    door.show(
        _manifest(manifest, out), lambda: _show_manifest(door, manifest, out, "done.lab-unpacked")
    )
