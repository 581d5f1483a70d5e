"""Commands for assessment protocols. They need no workspace and record nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.foreign import (
    check_protocol_file,
    check_translation_file,
    read_protocol_file,
)
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.library import all_protocols, translated_file, translations
from kancil.assessment.protocol_files.translation import Coverage, offered_languages
from kancil.cli.frame.door import Door
from kancil.ground.offered import LEAST_PERCENT
from kancil.ground.words import render
from kancil.ground.yaml_tree import Fault

_SHOWN_FAULTS = 200


def protocols(context: typer.Context) -> None:
    """List the assessment protocols that come with Kancil.

    Each is read whole and every reference in it looked up; one with a fault ends the command
    with its place. A proposal is what it says: no named expert has made it `reviewed` yet.

        kancil assess protocols
    """
    door = Door(context)
    found = all_protocols()
    value = [_facts(each) | {"translations": _translations(each)} for each in found]
    door.show(value, lambda: _show_protocols(door, found))


def _translations(protocol: Protocol) -> list[dict[str, Any]]:
    """Each packaged translation with what it covers, those below the bar too."""
    return [
        {"standing": made.standing.value} | _covered(has)
        for made, has in translations(protocol.name)
    ]


def _covered(has: Coverage) -> dict[str, Any]:
    return {"language": has.language, "have": has.have, "of": has.of, "offered": has.is_offered}


def _facts(protocol: Protocol) -> dict[str, Any]:
    return {
        "id": protocol.name,
        "title": str(protocol.title),
        "shape": protocol.shape.value,
        "standing": protocol.standing.value,
        "indicators": len(protocol.indicators),
        "areas": len(protocol.areas),
        "instruments": len(protocol.instruments),
        "languages": list(offered_languages(protocol)),
        "licence": protocol.licence,
        "sha256": protocol.sha256,
    }


def _show_protocols(door: Door, found: tuple[Protocol, ...]) -> None:
    if not found:
        door.screen.say(render("note.protocols-none"))
        return
    columns = ("name", "title", "shape", "standing", "indicators>", "areas>", "instruments>",
               "languages", "SHA-256")  # fmt: skip
    door.screen.table(columns, [_cells(_facts(each)) for each in found])


def _cells(facts: dict[str, Any]) -> list[str]:
    return [
        facts["id"],
        facts["title"],
        facts["shape"],
        facts["standing"],
        str(facts["indicators"]),
        str(facts["areas"]),
        str(facts["instruments"]),
        " ".join(facts["languages"]),
        facts["sha256"],
    ]


def check(
    context: typer.Context,
    file: Annotated[list[Path], typer.Argument(help="Protocols, `<id>-<version>.yaml`.")],
) -> None:
    """Check a protocol that you wrote; list every fault with its line.

    Every fault is told with its file, line and column, so that one look is enough to mend a
    file. A translation, `<id>-<version>.<language>.yaml`, is checked against the protocol beside
    it, or against the packaged one, and its texts are counted. See
    docs/howto/write-a-protocol.md, and docs/formats/protocol.md for each key.

        kancil assess check my-country-2026.1.yaml
    """
    door = Door(context)
    checked = [(path, *_checked(path)) for path in file]
    value = [_verdict(path, found, faults) for path, found, faults in checked]

    def text() -> None:
        for path, found, faults in checked:
            _show_check(door, path, found, faults)

    door.show(value, text)
    if any(faults for _, _, faults in checked):
        sys.stdout.flush()
        raise typer.Exit(ProtocolNotReadable.exit_status)


def _checked(path: Path) -> tuple[Protocol | Coverage | None, list[Fault]]:
    translated = translated_file(path)
    if translated is None:
        return check_protocol_file(path)
    return check_translation_file(path, read_protocol_file(translated))


def _verdict(path: Path, found: Protocol | Coverage | None, faults: list[Fault]) -> dict[str, Any]:
    return {
        "id": str(path),
        "protocol": _facts(found) if isinstance(found, Protocol) else None,
        "translation": _covered(found) if isinstance(found, Coverage) else None,
        "faults": [
            {
                "code": fault.code,
                "line": fault.line,
                "column": fault.column,
                "sentence": _sentence(fault),
            }
            for fault in faults
        ],
    }


def _sentence(fault: Fault) -> str:
    return render(fault.phrase.key, **fault.params)


def _show_check(
    door: Door, path: Path, protocol: Protocol | Coverage | None, faults: list[Fault]
) -> None:
    say = door.screen.say
    if isinstance(protocol, Coverage):
        key = "done.translation-offered" if protocol.is_offered else "done.translation-too-little"
        say(
            render(
                key,
                path=str(path),
                have=protocol.have,
                of=protocol.of,
                language=protocol.language,
                percent=LEAST_PERCENT,
            )
        )
        return
    if protocol is not None:
        say(
            render(
                "done.protocol-checked",
                path=str(path),
                name=protocol.name,
                indicators=len(protocol.indicators),
                areas=len(protocol.areas),
            )
        )
        return
    for fault in faults[:_SHOWN_FAULTS]:
        say(f"{fault.file}:{fault.line}:{fault.column}: {_sentence(fault)}")
    if len(faults) > _SHOWN_FAULTS:
        say(render("note.skipped-more", count=len(faults) - _SHOWN_FAULTS))
    say(render("note.protocol-faults", path=str(path), count=len(faults)))
