"""Every command has help and an example, stands in the reference, and asks nothing of a script."""

from __future__ import annotations

import ast
import builtins
import getpass
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kancil.cli.main import COMMANDS, load_command, main
from kancil.cli.unit import validation
from kancil.ground.errors import KancilError
from kancil.reports.casework.bundle.checker import verdict
from kancil.training.badges.verdict import NOT_KNOWN
from tests.cli.sample_unit import found
from tests.cli.tables import copied_tables
from tests.house.survey import (
    DOCS,
    PACKAGE,
    calls,
    module_of,
    nodes_of,
    place,
    python_files,
    tree_of,
)
from tools import build_reference

NAMES = list(COMMANDS)
# Names are law: what scripts and procedures of other units rely on.
LAW = """
init; officer add; officer retire; officer list; key export-public; case new; case list;
exhibit seize; exhibit add; exhibit list; exhibit transfer; exhibit dispose; ledger checkpoint;
ledger export; ledger prove; timestamp request; timestamp attach; backup; restore; upgrade;
bitcoin ingest; bitcoin status; bitcoin tx; bitcoin address; bitcoin block; bitcoin trace;
labels import; finding accept; bundle; verify
"""

# Statuses of families, and the answers of `kancil verify`; those of badges are the same.
STATUSES = {
    0,
    *(each.exit_status for each in KancilError.__subclasses__()),
    *(value for name, value in vars(verdict).items() if name.startswith("EXIT_")),
}

# Elsewhere than at the door, an error may be caught only to be counted, told, and gone on from.
DOORS = {
    "kancil.web.canvas.answering",
    "kancil.web.studies.graphs",
    "kancil.cli.main",
    "kancil.web.paging",
    "kancil.web.described",
    "kancil.web.forms",
}

TURNED_INTO_VALUES = {
    "kancil.cli.workspace.serve": "the first fold goes on beside the pages; who acts is told again",
    "kancil.cli.bitcoin.touched": "the ingest is done; told that watch lists were not looked at",
    "kancil.ground.child_entry": "the child hands it to its parent",
    "kancil.studies.canvas.adding": "a bad start is named with its reason, good ones are kept",
    "kancil.desk.custody.store": "verify tells it, from the entry's bytes",
    "kancil.desk.programme.imports.plan": "a row is refused with the reason, others go on",
    "kancil.web.home.letters": "a letter that is broken has no reference; its page says why",
    "kancil.web.programme.api.door": "an error becomes the answer of an operation",
    "kancil.desk.programme.filling": "a row is refused with the reason, others go on",
    "kancil.web.studies.findings.also_made": "the finding is signed; told what was not made",
    "kancil.web.training.courses.sitting": "said beside the item; what was typed stays there",
    "kancil.desk.jobs.hold": "logged, and the hold ends if it does not pass",
    "kancil.desk.jobs.worker": "kept in the task's row, told to whoever asked",
    "kancil.evidence.validation.validate": "an image that is refused is a verdict, with its reason",
    "kancil.evidence.named": "one exhibit's trouble must not hide the next one's",
    "kancil.reports.casework.bundle.answers": "a refused question is a problem",
    "kancil.reports.casework.bundle.checker.custody": "a broken proof is a problem, told",
}


def run(*words: str) -> tuple[int, str, str]:
    """Run Kancil in this process; give exit status and what it wrote."""
    out, err = io.StringIO(), io.StringIO()
    with copied_tables(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(sys, "stdin", io.StringIO(""))
        with pytest.raises(SystemExit) as ended:
            main(list(words))
    status = ended.value.code
    return (status if isinstance(status, int) else 0), out.getvalue(), err.getvalue()


def test_every_command_that_is_law_is_there() -> None:
    promised = {" ".join(name.split()) for name in LAW.split(";")}
    assert promised <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_says_in_one_line_what_it_does(name: str) -> None:
    target = COMMANDS[name]
    assert "\n" not in target.help
    assert target.help[0].isupper()
    assert target.help.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_command_explains_itself_by_an_example_of_its_own(name: str) -> None:
    words = shlex.split(COMMANDS[name].example)
    assert words[: len(name.split()) + 1] == ["kancil", *name.split()]
    status, out, _ = run(*name.split(), "--help")
    assert status == 0
    assert "Example" in out
    assert "kancil" in out


@pytest.mark.parametrize("name", NAMES)
def test_the_example_uses_only_options_that_the_command_has(name: str) -> None:
    given = [word for word in shlex.split(COMMANDS[name].example) if word.startswith("-")]
    known = {
        option
        for parameter in load_command(name).params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(given) <= known


@pytest.mark.parametrize("name", NAMES)
def test_a_command_takes_the_options_that_all_share(name: str) -> None:
    options = [option for parameter in load_command(name).params for option in parameter.opts]
    for shared in ("--workspace", "--as", "--json"):
        assert options.count(shared) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_command_stands_in_the_reference(name: str, reference: str) -> None:
    assert f"\n## {name}\n" in reference
    assert COMMANDS[name].example in reference


@pytest.fixture(scope="module")
def reference() -> str:
    return build_reference.commands_page()


def test_the_page_of_errors_is_what_the_code_says() -> None:
    kept = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    assert kept == build_reference.errors_page(), "run: make reference"


def test_help_and_version_load_no_heavy_part() -> None:
    script = (
        "import sys\n"
        "from kancil.cli.main import main\n"
        "try:\n"
        "    main([sys.argv[1]])\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code\n"
        "heavy = {'numba', 'numpy', 'pyarrow', 'llvmlite', 'cryptography', 'sqlite3', 'jinja2',"
        "'typst', 'pyhanko'}\n"
        "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))\n"
    )
    for word in ("--help", "--version"):
        ran = subprocess.run(
            [sys.executable, "-c", script, word], capture_output=True, check=True, text=True
        )
        assert ran.stderr == ""
        assert "kancil" in ran.stdout


@pytest.mark.thorough
def test_a_worker_that_waits_has_not_loaded_numba(tmp_path: Path) -> None:
    root = found(tmp_path / "unit").root
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kancil.desk.base.opening import open_desk\n"
        "from kancil.ground.workspace import open_workspace\n"
        "open_desk(open_workspace(Path(sys.argv[1])))\n"
        "import kancil.desk.cases.jobs, kancil.desk.studies.jobs\n"
        "sys.stdout.write(f\"{'django' in sys.modules} {'numba' in sys.modules}\")\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(root)], capture_output=True, check=True, text=True
    )
    assert ran.stdout == "True False"


@pytest.mark.parametrize("name", NAMES)
def test_a_command_without_a_terminal_asks_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object, **__: object) -> str:
        raise AssertionError(f"kancil {name} asked a question")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "input", asked)
    monkeypatch.setattr(getpass, "getpass", asked)
    # Its passes take seconds and ask nothing; tests/cli/test_validation.py lets it make them.
    monkeypatch.setattr(validation, "validate", list)
    status, _, err = run(*name.split())
    assert "Traceback" not in err
    free = {
        "init", "upgrade", "assess protocols", "request kinds", "status", "lab list", "course list",
        "evidence validate",
    }  # fmt: skip
    assert status != 0 or name in free


def test_questions_are_asked_at_one_place_only() -> None:
    asking = [
        place(path, call.lineno)
        for path in python_files("src")
        for call in calls(tree_of(path), "input", "getpass", "prompt", "confirm")
        if path != PACKAGE / "cli" / "frame" / "door.py"
    ]
    assert not asking


def test_errors_of_all_kinds_are_caught_only_at_the_door_or_where_they_become_a_value() -> None:
    catching = {
        module_of(path)
        for path in python_files("src")
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and ast.unparse(node.type) == "KancilError"
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    }
    assert catching - DOORS <= set(TURNED_INTO_VALUES)


def test_help_states_no_status_that_no_command_ends_with() -> None:
    stated = {
        (name, int(found))
        for name in NAMES
        for found in re.findall(r"[Ss]tatus (?:is then )?([0-9]+)", load_command(name).help)
    }
    assert {name for name, _ in stated} >= {"verify", "restore", "certificate verify"}
    assert not {each for each in stated if each[1] not in STATUSES}
    assert NOT_KNOWN == verdict.EXIT_NOT_CONFIRMED
