"""Commands for assessment protocols. They need no workspace and record nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.foreign import check_protocol_file
from kancil.assessment.library import all_protocols
from kancil.assessment.protocol import Protocol
from kancil.cli.frame.door import Door
from kancil.ground.words import render
from kancil.ground.yaml_tree import Fault

_SHOWN_FAULTS = 200


def protocols(context: typer.Context) -> None:
    """Each is read whole and every reference in it looked up; one with a fault ends the command
    with its place. A proposal is what it says: no named expert has made it `reviewed` yet.
    """
    door = Door(context)
    found = all_protocols()
    door.show([_facts(each) for each in found], lambda: _show_protocols(door, found))


def _facts(protocol: Protocol) -> dict[str, Any]:
    return {
        "id": protocol.name,
        "title": str(protocol.title),
        "shape": protocol.shape.value,
        "standing": protocol.standing.value,
        "indicators": len(protocol.indicators),
        "areas": len(protocol.areas),
        "instruments": len(protocol.instruments),
        "languages": _languages(protocol),
        "licence": protocol.licence,
        "sha256": protocol.sha256,
    }


def _languages(protocol: Protocol) -> list[str]:
    """Name the languages in which every question can be asked, the protocol's own first."""
    said = [set(each.question.said) for each in protocol.indicators.values()]
    whole = set.intersection(*said) if said else set()
    return [protocol.language, *sorted(whole - {protocol.language})]


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
    """Every fault is told with its file, line and column, so that one look is enough to mend a
    file. See docs/howto/write-a-protocol.md, and docs/formats/protocol.md for each key.
    """
    door = Door(context)
    checked = [(path, *check_protocol_file(path)) for path in file]
    value = [_verdict(path, protocol, faults) for path, protocol, faults in checked]

    def text() -> None:
        for path, protocol, faults in checked:
            _show_check(door, path, protocol, faults)

    door.show(value, text)
    if any(faults for _, _, faults in checked):
        sys.stdout.flush()
        raise typer.Exit(ProtocolNotReadable.exit_status)


def _verdict(path: Path, protocol: Protocol | None, faults: list[Fault]) -> dict[str, Any]:
    return {
        "id": str(path),
        "protocol": None if protocol is None else _facts(protocol),
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


def _show_check(door: Door, path: Path, protocol: Protocol | None, faults: list[Fault]) -> None:
    say = door.screen.say
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
