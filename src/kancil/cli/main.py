"""The door for commands: the lazy table of all commands, and the only place that catches errors.

`kancil --help` imports neither Numba nor Arrow nor any room: the table below says where each
command lives, what it does in one line, and shows one example.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from kancil import __version__
from kancil.ground.errors import KancilError, OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.owner import write_for_owner_only
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import harmless, render, render_phrase

from .assess.commands import ASSESS_COMMANDS, ASSESS_GROUPS, IATI_COMMANDS
from .bitcoin.commands import BITCOIN_COMMANDS
from .frame.target import Target, help_in
from .programme.commands import PROGRAMME_COMMANDS, PROGRAMME_GROUPS
from .training.commands import TRAINING_COMMANDS, TRAINING_GROUPS

INTERRUPTED_STATUS = 130


_WHERE: dict[str, str] = {
    "init": "workspace.setup:init",
    "status": "workspace.status:status",
    "serve": "workspace.serve:serve",
    "person add": "unit.people:add",
    "person list": "unit.people:people_list",
    "person password": "unit.people:password",
    "person factors": "unit.people:factors",
    "person join": "unit.people:join",
    "key guard": "unit.officers:guard",
    "work": "workspace.jobs:work",
    "officer add": "unit.officers:add",
    "officer retire": "unit.officers:retire",
    "officer list": "unit.officers:list_officers",
    "key rotate": "unit.officers:rotate",
    "key revoke": "unit.officers:revoke",
    "key export-public": "unit.officers:export_public",
    "case new": "unit.cases:new",
    "case basis": "unit.cases:add_basis",
    "case list": "unit.cases:list_cases",
    "exhibit seize": "unit.exhibits:seize",
    "exhibit add": "unit.exhibits:add",
    "exhibit list": "unit.exhibits:list_exhibits",
    "exhibit files": "unit.files:files",
    "exhibit open": "unit.files:open_one",
    "evidence triage": "unit.evidence:triage",
    "evidence export": "unit.evidence:export",
    "evidence search": "unit.disk_search:look_for",
    "evidence identifiers": "unit.disk_identifiers:list_identifiers",
    "evidence record": "unit.disk_identifiers:record",
    "evidence timeline": "unit.evidence:timeline",
    "evidence validate": "unit.validation:validate_reading",
    "exhibit export": "unit.files:export",
    "exhibit record": "unit.exhibits:record",
    "exhibit acquire": "unit.exhibits:acquire",
    "exhibit transfer": "unit.exhibits:transfer",
    "exhibit dispose": "unit.exhibits:dispose",
    "keepers": "unit.keepers:keepers",
    "exhibit limit": "unit.limits:limit",
    "exhibit release": "unit.limits:release",
    "request kinds": "unit.requests:list_kinds",
    "request draft": "unit.requests:draft",
    "request list": "unit.requests:list_requests",
    "request show": "unit.requests:show",
    "request check": "unit.requests:check_request",
    "request authorise": "unit.requests:authorise",
    "request print": "unit.request_letters:print_letter",
    "request record-sent": "unit.request_events:record_sent",
    "request record-answer": "unit.request_events:record_answer",
    "request record": "unit.request_events:record_other",
    "request due": "unit.request_due:due",
    "request received add": "unit.request_due:receive",
    "request received check": "unit.request_due:check_received",
    "law list": "unit.law:list_law",
    "law import": "unit.law:import_law",
    "law bases": "unit.law:bases",
    "directory list": "unit.directory:list_offices",
    "directory show": "unit.directory:show_office",
    "directory verify": "unit.directory:verify_office",
    "directory add": "unit.directory:add_offices",
    "directory import": "unit.directory:import_directory",
    "directory export": "unit.directory:export_directory",
    "ledger checkpoint": "unit.ledger:checkpoint",
    "ledger copy-to": "unit.checkpoint_copies:copy_to",
    "ledger export": "unit.ledger:export",
    "ledger prove": "unit.ledger:prove",
    "ledger consistency": "unit.ledger:consistency",
    "timestamp request": "unit.timestamps:request",
    "timestamp attach": "unit.timestamps:attach",
    "backup": "workspace.setup:backup",
    "restore": "workspace.restoring:restore",
    "upgrade": "workspace.upgrade:upgrade",
    **BITCOIN_COMMANDS,
    "labels import": "bitcoin.labels:import_labels",
    "labels find": "bitcoin.labels:find_labels",
    "transfers suggest": "unit.stated:suggest",
    "transfers read": "unit.stated:read",
    "transfers join": "unit.stated:join",
    "prices import": "unit.prices:import_prices",
    "prices at": "unit.prices:price_at",
    "study list": "unit.studies:list_studies",
    "study show": "unit.studies:show_study",
    "study check": "unit.studies:check_study",
    "finding accept": "unit.findings:accept",
    "finding withdraw": "unit.findings:withdraw",
    "bundle": "unit.bundles:bundle",
    "figures": "unit.packages:figures",
    "package make": "unit.packages:make",
    "package review": "unit.packages:review",
    "package discard": "unit.packages:discard",
    "package list": "assess.packages:list_packages",
    "package show": "assess.packages:show_package",
    "report": "unit.reports:report",
    **ASSESS_COMMANDS,
    **IATI_COMMANDS,
    **PROGRAMME_COMMANDS,
    **TRAINING_COMMANDS,
    "verify": "unit.verify:verify",
}
COMMANDS = {name: Target(where) for name, where in _WHERE.items()}

_GROUPS = {
    "officer": "People of the unit and who vouches for them.",
    "person": "Accounts of the unit's site.",
    "key": "Officers' keys.",
    "case": "Cases and their legal basis.",
    "exhibit": "Exhibits: intake, hand-over, disposal.",
    "evidence": "Disk images: files listed, read, and written for other tools.",
    "ledger": "The ledger: checkpoints, exports, proofs.",
    "timestamp": "Outside time stamps on checkpoints, by file.",
    "bitcoin": "Blocks, transactions, addresses, and tracing coins.",
    "bitcoin spark": "Work over a whole export by Apache Spark, on one machine or many.",
    "bitcoin watch": "Watch lists: addresses and clusters to be notified of.",
    "labels": "Labels on addresses, each its publisher's allegation.",
    "transfers": "Transfers reported by others in tables, never proved by them.",
    "prices": "Dated prices with their source.",
    "study": "Analyses recorded in a case: traces, exposure, clusters, change, patterns.",
    "finding": "Findings, accepted by a named officer.",
    "law": "The law that a request stands on: texts of law, agreements, treaties.",
    "directory": "Offices and keepers to which requests go, each with its source and age.",
    "request": "Requests to keepers of money or data, and to other States.",
    "request received": "Requests of others: registered and checked.",
    **ASSESS_GROUPS,
    **PROGRAMME_GROUPS,
    **TRAINING_GROUPS,
}


class LazyGroup(TyperGroup):
    """A group whose commands are loaded only when one of them runs."""

    prefix = ""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands and groups below this one, in the order of the table."""
        words = [name[len(self.prefix) :].split(" ")[0] for name in self._below()]
        return list(dict.fromkeys(words))

    def _below(self) -> list[str]:
        return [name for name in COMMANDS if name.startswith(self.prefix)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A group, or a stand-in that knows only the command's line of help."""
        full = self.prefix + cmd_name
        if full in COMMANDS:
            return TyperCommand(cmd_name, help=COMMANDS[full].help)
        if any(name.startswith(full + " ") for name in COMMANDS):
            return _group(cmd_name, full + " ", _GROUPS[full])
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the command that is about to run."""
        name, command, rest = super().resolve_command(ctx, args)
        full = self.prefix + (name or "")
        if full in COMMANDS:
            command = load_command(full)
        return name, command, rest


def _group(name: str, prefix: str, text: str) -> LazyGroup:
    group = LazyGroup(name=name, help=text, no_args_is_help=True)
    group.prefix = prefix
    group.params.extend(_shared_options())
    return group


def load_command(full_name: str) -> Any:
    """Import a command's module and build the command, with the options that all share."""
    target = COMMANDS[full_name]
    function = getattr(importlib.import_module(f"kancil.cli.{target.module}"), target.function)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    line, more, example = help_in(function.__doc__ or "")
    app.command(help="\n\n".join(filter(None, (line, more, f"Example: {example}"))))(function)
    command = get_command(app)
    command.name = full_name.split(" ")[-1]
    command.params.extend(_shared_options())
    return command


def _shared(
    shared_workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            metavar="DIR",
            help="The workspace; else KANCIL_HOME, else the nearest parent with kancil.toml.",
        ),
    ] = None,
    shared_officer: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="OFFICER",
            help="Who acts: O1, a name or an id, in a programme a user name; else KANCIL_OFFICER;"
            " else the only one.",
        ),
    ] = None,
    shared_json: Annotated[
        bool,
        typer.Option("--json", help="Answer in JSON; satoshi and large integers are strings."),
    ] = False,
) -> None:
    """Name the options that every command takes, before or after its own words.

    No command may have a parameter of these names: click would give one the other's value.
    """


def _shared_options() -> list[Any]:
    """The shared options, each kept for the command's door instead of being passed to it."""
    app = typer.Typer(add_completion=False)
    app.command()(_shared)
    options = [option for option in get_command(app).params if option.name != "help"]
    for option in options:
        option.expose_value = False
        option.callback = _keep(str(option.name))
    return options


def _keep(name: str) -> Any:
    def keep(ctx: Any, parameter: Any, value: Any) -> Any:
        kept = ctx.ensure_object(dict)
        if value or name not in kept:
            kept[name] = value
        return value

    return keep


def every_command() -> LazyGroup:
    """The group of all commands, each loaded when it runs."""
    return _group("kancil", "", render("note.kancil"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; turn every error of ours into its sentences and exit status."""
    write_for_owner_only()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--version"]:
        sys.stdout.write(f"kancil {__version__}\n")
        sys.exit(0)
    group = every_command()
    try:
        _refuse_unreadable(words)
        sys.exit(group.main(args=words, prog_name="kancil", standalone_mode=True))
    except KancilError as error:
        tell(error, as_json="--json" in words)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        _say_interrupted()
        sys.exit(INTERRUPTED_STATUS)
    except SystemExit as ended:
        # Typer turns an interruption into this status, without a word.
        if ended.code == INTERRUPTED_STATUS:
            _say_interrupted()
        raise
    except BrokenPipeError:
        # The reader of a pipe has gone; what was recorded is recorded.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # The system refused a path that no room could judge: it is said like any other.
        told = translated(error, str(error.filename or error.strerror))
        tell(told, as_json="--json" in words)
        sys.exit(told.exit_status)


def _say_interrupted() -> None:
    sys.stderr.write("\n" + render("note.interrupted") + "\n")


def _refuse_unreadable(words: Sequence[str]) -> None:
    """Refuse a word that is no text; a file's name may be any bytes, if that file is there."""
    for word in words:
        if not word.isascii() and _is_no_text(word) and not os.path.lexists(word):
            shown = word.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            why = Phrase("note.no-text")
            raise OptionNotUsable(option=Phrase("name.word"), value=shown[:80], why=why)


def _is_no_text(word: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in word)


def _as_text(params: Mapping[str, Param]) -> dict[str, Any]:
    """Parameters for `--json`: texts, a number as text too, a phrase with its words."""
    return {
        name: {
            "key": value.key,
            "params": _as_text(value.params),
            "text": render_phrase(value),
        }
        if isinstance(value, Phrase)
        else str(value)
        for name, value in params.items()
    }


def tell(error: KancilError, *, as_json: bool) -> None:
    """Say an error: what happened, and what to do next."""
    sentence = render(f"error.{error.code}.sentence", **error.params)
    following = render(f"error.{error.code}.next", **error.params)
    if as_json:
        value = {
            "error": {
                "code": error.code,
                "next": following,
                "params": _as_text(error.params),
                "sentence": sentence,
                "status": error.exit_status,
            }
        }
        sys.stdout.write(json.dumps(value, indent=2) + "\n")
    sys.stderr.write(harmless(f"kancil: {sentence}\n{following}\n"))
