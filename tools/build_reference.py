"""Build the reference pages from the code: `docs/reference/commands.md`, `errors.md`, `api.md`.

Their data come from the table of commands, the commands themselves, the tree of errors, the
operations of the API and the English words. `errors.md` is committed, and `--check` says when it is
not what the code says; the other two are made where somebody wants them.

    python -m tools.build_reference [--check]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from typing import Any

from kancil.cli.main import COMMANDS, load_command
from tools.api_reference import api_page
from tools.build_words import ENGLISH, gather
from tools.every_error import every_error
from tools.tree import ROOT, shown

REFERENCE = ROOT / "docs" / "reference"
SHARED = ("--workspace", "--as", "--json")
COMMITTED = "errors.md"
MADE = "<!-- Made by `make reference`; do not edit. -->"


def commands_page() -> str:
    """The page of all commands, in the order of the table."""
    lines = [MADE, "# Commands", ""]
    lines += [
        "Every command also takes `--workspace DIR` (else `KANCIL_HOME`, else the nearest",
        "parent folder with `kancil.toml`), `--as OFFICER` (else `KANCIL_OFFICER`, else the only",
        "officer) and `--json`. No command asks a question without a terminal. Exit status 0 is",
        "success; the others stand in [errors](errors.md).",
        "",
    ]
    for name in COMMANDS:
        lines += command_lines(name)
    return "\n".join(lines)


def command_lines(name: str) -> list[str]:
    """One command: what it is for, an example, its usage, its arguments and options."""
    target, command = COMMANDS[name], load_command(name)
    context = command.make_context(f"kancil {name}", [], resilient_parsing=True)
    usage = re.sub(r"\s+", " ", command.get_usage(context)).removeprefix("Usage: ")
    lines = [
        f"## {name}",
        "",
        target.help,
        "",
        "```sh",
        target.example,
        "```",
        "",
        f"`{usage}`",
        "",
    ]
    own = [record(parameter, context) for parameter in command.params if not is_shared(parameter)]
    rows = [f"| `{left}` | {cell(right)} |" for left, right in own if left]
    return [*lines, "| | |", "|---|---|", *rows, ""] if rows else lines


def is_shared(parameter: Any) -> bool:
    """Whether an option is one that every command has."""
    return any(option in SHARED for option in parameter.opts)


def record(parameter: Any, context: Any) -> tuple[str, str]:
    """What `--help` says of an argument or option, left and right."""
    left, right = parameter.get_help_record(context) or ("", "")
    return re.sub(r"<list\[(.+?)\]>", r"<\1> …", left), right


def cell(text: str) -> str:
    """Put a text into one cell of a table."""
    return re.sub(r"\s+", " ", text).replace("|", r"\|").strip()


def errors_page() -> str:
    """The page of all errors, by family and code."""
    english, _ = gather(ENGLISH)
    lines = [MADE, "# Errors", ""]
    lines += [
        "A command ends with the exit status of its error's family; the code tells the rest. Each",
        "error says what happened and what to do next; with `--json` it is an object with `code`,",
        "`status`, `params`, `sentence` and `next`. Names in braces are filled in.",
        "",
        "| status | family | code | what happened | what to do next |",
        "|---|---|---|---|---|",
    ]
    for family, kind in sorted(every_error(), key=lambda pair: (pair[0].exit_status, pair[1].code)):
        said = [cell(english[f"error.{kind.code}.{part}"]) for part in ("sentence", "next")]
        status, name = family.exit_status, family.__name__
        lines.append(f"| {status} | {name} | `{kind.code}` | {said[0]} | {said[1]} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the pages, or with `--check` only compare; the exit status says whether all is well."""
    reader = argparse.ArgumentParser(description="Build the reference pages.")
    reader.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = reader.parse_args().check
    stale = []
    pages: tuple[tuple[str, Callable[[], str]], ...] = (
        ("errors.md", errors_page),
        ("commands.md", commands_page),
        ("api.md", lambda: api_page(MADE)),
    )
    for name, page in pages:
        path = REFERENCE / name
        text = page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check and name != COMMITTED:
            continue
        stale.append(path)
        if not check:
            REFERENCE.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"written: {shown(path)}")
    if check:
        for path in stale:
            print(f"{shown(path)} is not what the code says; run: make reference", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
