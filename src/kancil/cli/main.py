"""The door for commands: the lazy table of all commands, and the only place that catches errors.

`kancil --help` imports neither Numba nor Arrow nor any room: the table below says where each
command lives, what it does in one line, and shows one example.
"""

from __future__ import annotations

import importlib
import inspect
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

from .bitcoin.commands import BITCOIN_COMMANDS
from .delivery.commands import PROGRAMME_COMMANDS, PROGRAMME_GROUPS
from .frame.target import Target
from .programme.commands import ASSESS_COMMANDS, ASSESS_GROUPS, IATI_COMMANDS
from .training.commands import TRAINING_COMMANDS, TRAINING_GROUPS
from .unit.package_commands import PACKAGE_COMMANDS
from .unit.request_commands import REQUEST_COMMANDS, REQUEST_GROUPS

INTERRUPTED_STATUS = 130


COMMANDS: dict[str, Target] = {
    "init": Target(
        "workspace.setup",
        "init",
        "Make a workspace: its folder, its ledger, its keys, its first officer.",
        "kancil init unit --name 'Cybercrime Unit' --country LA --zone Asia/Vientiane",
    ),
    "status": Target(
        "workspace.status",
        "status",
        "Show this machine's protections and the state of the workspace's checkpoints.",
        "kancil status",
    ),
    "serve": Target(
        "workspace.serve",
        "serve",
        "Serve the unit's site to browsers on this machine, or to a network under TLS.",
        "kancil serve --port 8000",
    ),
    "person add": Target(
        "unit.people",
        "add",
        "Add an account for the unit's site.",
        "kancil person add dara --name 'Dara S.' --role examiner --officer O2",
    ),
    "person list": Target("unit.people", "people_list", "List the accounts.", "kancil person list"),
    "person password": Target(
        "unit.people",
        "password",
        "Give somebody a new one-time password.",
        "kancil person password dara --reason 'forgotten'",
    ),
    "person factors": Target(
        "unit.people",
        "factors",
        "Remove somebody's second factors, such as those of a lost telephone.",
        "kancil person factors dara --reason 'telephone lost'",
    ),
    "person join": Target(
        "unit.people",
        "join",
        "Make somebody a member of a case.",
        "kancil person join C1 dara",
    ),
    "key guard": Target(
        "unit.officers",
        "guard",
        "Lock an officer's key with their own passphrase.",
        "kancil key guard O1",
    ),
    "work": Target(
        "workspace.jobs",
        "work",
        "Run background jobs that were started on the site.",
        "kancil work",
    ),
    "officer add": Target(
        "unit.officers",
        "add",
        "Add an officer with a new key, vouched for by the acting officer.",
        "kancil officer add 'Dara S.' --role examiner --vouch 'known to me for six years'",
    ),
    "officer retire": Target(
        "unit.officers",
        "retire",
        "Retire an officer: their keys sign nothing from now on.",
        "kancil officer retire O2 --reason 'moved to another unit'",
    ),
    "officer list": Target(
        "unit.officers",
        "list_officers",
        "List officers, their keys, and who vouched for them.",
        "kancil officer list",
    ),
    "key rotate": Target(
        "unit.officers",
        "rotate",
        "Give an officer a new key in place of the old one.",
        "kancil key rotate O2 --reason 'yearly change'",
    ),
    "key revoke": Target(
        "unit.officers",
        "revoke",
        "Record that a key is lost or was exposed; it signs nothing from now on.",
        "kancil key revoke O2 --cause lost --reason 'laptop stolen on 3 March'",
    ),
    "key export-public": Target(
        "unit.officers",
        "export_public",
        "Export an officer's public key as a signed file, to give to others.",
        "kancil key export-public O1 -o dara.kancil-key",
    ),
    "case new": Target(
        "unit.cases",
        "new",
        "Open a case under a legal basis.",
        "kancil case new 'Payment under threat' --legal-basis 'Order 17/2026 of the court'",
    ),
    "case basis": Target(
        "unit.cases",
        "add_basis",
        "Add a legal basis to a case, such as a renewed warrant.",
        "kancil case basis C1 --legal-basis 'order: 18/2026 of the court'",
    ),
    "case list": Target("unit.cases", "list_cases", "List cases.", "kancil case list"),
    "exhibit seize": Target(
        "unit.exhibits",
        "seize",
        "Record a seized physical item, and print its checkpoint slip.",
        "kancil exhibit seize C1 'Phone' --place 'Vientiane' --from 'Mr A' --seal S-001",
    ),
    "exhibit add": Target(
        "unit.exhibits",
        "add",
        "Add files, folders or standard input as an exhibit.",
        "kancil exhibit add C1 blocks/ --title 'Blocks 0 to 299'",
    ),
    "exhibit list": Target(
        "unit.exhibits",
        "list_exhibits",
        "List exhibits with digests, holder and state.",
        "kancil exhibit list C1",
    ),
    "exhibit files": Target(
        "unit.files",
        "files",
        "List the files of an exhibit.",
        "kancil exhibit files E1",
    ),
    "exhibit open": Target(
        "unit.files",
        "open_one",
        "Show a file of an exhibit: text, table, JSON, mail, paper, pages or bytes.",
        "kancil exhibit open E3 --at 4000000",
    ),
    "exhibit export": Target(
        "unit.files",
        "export",
        "Copy a file of an exhibit out of the vault, as it is.",
        "kancil exhibit export E3 -o statement.csv",
    ),
    "exhibit record": Target(
        "unit.exhibits",
        "record",
        "Record that an exhibit was sealed, stored, opened, deposited, returned or taken back.",
        "kancil exhibit record E1 stored --place 'Shelf 4' --seal S-001",
    ),
    "exhibit acquire": Target(
        "unit.exhibits",
        "acquire",
        "Add the bytes acquired from a seized item, with the tool that was used.",
        "kancil exhibit acquire E1 phone.tar --tool 'Tool' --tool-version 1.2 --write-blocker none",
    ),
    "exhibit transfer": Target(
        "unit.exhibits",
        "transfer",
        "Hand an exhibit over: released by one officer, received by another, both sign.",
        "kancil exhibit transfer E1 --to O2 --place 'Laboratory'",
    ),
    "exhibit dispose": Target(
        "unit.exhibits",
        "dispose",
        "Remove an exhibit's bytes under an order; digests and history stay.",
        "kancil exhibit dispose E1 --authority 'Court' --number 9/2026 --date 2026-03-09",
    ),
    "keepers": Target(
        "unit.keepers",
        "keepers",
        "List the banks, exchanges and issuers that the money of a case met.",
        "kancil keepers --case C1 --trace T1",
    ),
    "exhibit limit": Target(
        "unit.limits",
        "limit",
        "Limit the use of an exhibit by handling codes, as the office that sent it asks.",
        "kancil exhibit limit E1 --code police-channel --from 'National bureau of X'",
    ),
    "exhibit release": Target(
        "unit.limits",
        "release",
        "Record what lifts a limit: mutual legal assistance, or consent.",
        "kancil exhibit release E1 --code fiu --by consent --reference 12/2026 --date 2026-03-09",
    ),
    **REQUEST_COMMANDS,
    "ledger checkpoint": Target(
        "unit.ledger",
        "checkpoint",
        "Sign a checkpoint of the ledger and print its slip, to hand to someone outside.",
        "kancil ledger checkpoint --slip slip.html",
    ),
    "ledger copy-to": Target(
        "unit.checkpoint_copies",
        "copy_to",
        "Set the folder or drive to which every checkpoint is copied.",
        "kancil ledger copy-to /media/drive",
    ),
    "ledger export": Target(
        "unit.ledger",
        "export",
        "Export all ledger entries as JSON lines.",
        "kancil ledger export -o ledger.jsonl",
    ),
    "ledger prove": Target(
        "unit.ledger",
        "prove",
        "Prove that an exhibit's history is complete, with sealed entries shown as hashes.",
        "kancil ledger prove E1 -o history.json --seal 4",
    ),
    "ledger consistency": Target(
        "unit.ledger",
        "consistency",
        "Prove that a later checkpoint grew from the one of an older bundle.",
        "kancil ledger consistency bundle.zip -o proof.json",
    ),
    "timestamp request": Target(
        "unit.timestamps",
        "request",
        "Write an RFC 3161 request for a checkpoint, to take to an authority.",
        "kancil timestamp request -o request.tsq",
    ),
    "timestamp attach": Target(
        "unit.timestamps",
        "attach",
        "Check an authority's answer and attach it to its checkpoint.",
        "kancil timestamp attach answer.tsr --authority authority.pem",
    ),
    "backup": Target(
        "workspace.setup",
        "backup",
        "Copy books, files and ledger into one file; private keys stay here.",
        "kancil backup -o unit.tar",
    ),
    "restore": Target(
        "workspace.restoring",
        "restore",
        "Restore a backup into a new folder, and check all of it.",
        "kancil restore unit.tar second",
    ),
    "upgrade": Target(
        "workspace.upgrade",
        "upgrade",
        "Upgrade an older workspace to this version, and remove what killed commands left.",
        "kancil upgrade",
    ),
    **BITCOIN_COMMANDS,
    "labels import": Target(
        "bitcoin.labels",
        "import_labels",
        "Import lists of labelled addresses; each is its publisher's allegation.",
        "kancil labels import sanctioned_addresses_XBT.txt --fetched-on 2024-09-27",
    ),
    "transfers suggest": Target(
        "unit.stated",
        "suggest",
        "Suggest how to read a table of transfers: which column is what, and why.",
        "kancil transfers suggest E4 -o mapping.json",
    ),
    "transfers read": Target(
        "unit.stated",
        "read",
        "Import reported transfers from an exhibit's table, by a mapping you decided.",
        "kancil transfers read E4 --mapping mapping.json --stated-by 'Example Exchange'",
    ),
    "transfers join": Target(
        "unit.stated",
        "join",
        "Compare reported transfers with the transactions they name, where held.",
        "kancil transfers join main E4",
    ),
    "prices import": Target(
        "unit.prices",
        "import_prices",
        "Import a dated table of prices.",
        "kancil prices import prices.csv --source 'Example Bank' --asset BTC --currency USD",
    ),
    "prices at": Target(
        "unit.prices",
        "price_at",
        "Show the price that a source gives for a time, or that there is none.",
        "kancil prices at BTC 2026-03-09 --currency USD",
    ),
    "study list": Target(
        "unit.studies",
        "list_studies",
        "List the traces and other studies recorded in a case.",
        "kancil study list C1",
    ),
    "study show": Target(
        "unit.studies",
        "show_study",
        "Show a recorded study: the answer, its tables and its limits.",
        "kancil study show S1 --csv tables",
    ),
    "study check": Target(
        "unit.studies",
        "check_study",
        "Run a recorded study again and compare it with what was recorded.",
        "kancil study check S1",
    ),
    "finding accept": Target(
        "unit.findings",
        "accept",
        "Accept a finding with your key: chain fact, result under a policy, or attribution.",
        "kancil finding accept C1 --study S1 --table members --row 2",
    ),
    "finding withdraw": Target(
        "unit.findings",
        "withdraw",
        "Withdraw an accepted finding, with the reason; it stays in the ledger.",
        "kancil finding withdraw F1 --reason 'read from the wrong row'",
    ),
    "bundle": Target(
        "unit.bundles",
        "bundle",
        "Write a case's bundle, for people without Kancil.",
        "kancil bundle C1 -o bundle.zip",
    ),
    **PACKAGE_COMMANDS,
    "report": Target(
        "unit.reports",
        "report",
        "Print a case's report as a signed PDF, for the prosecutor or the defence.",
        "kancil report C1 -o report.pdf",
    ),
    **ASSESS_COMMANDS,
    **IATI_COMMANDS,
    **PROGRAMME_COMMANDS,
    **TRAINING_COMMANDS,
    "verify": Target(
        "unit.verify",
        "verify",
        "Check a bundle, a report or a workspace; list what is proved and what was not checked.",
        "kancil verify bundle.zip --against checkpoint.txt",
    ),
}

_GROUPS = {
    "officer": "People of the unit and who vouches for them.",
    "person": "Accounts of the unit's site.",
    "key": "Officers' keys.",
    "case": "Cases and their legal basis.",
    "exhibit": "Exhibits: intake, hand-over, disposal.",
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
    **REQUEST_GROUPS,
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
    more = " ".join(inspect.cleandoc(function.__doc__ or "").split("\n"))
    app.command(help=f"{target.help}\n\n{more}\n\nExample: {target.example}")(function)
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
