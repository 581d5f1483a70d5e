"""Finding the workspace, naming the officer, words before and after, statuses, hostile words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kancil.cli.main import COMMANDS, load_command
from tests.cli.running import ROOT, Unit, as_process, read_json, run, spawn
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, found


def test_the_named_workspace_comes_before_the_environment_and_the_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [found(tmp_path / name, name=name) for name in ("named", "home", "parent")]
    ids = [unit.ask("verify", unit.root)["id"] for unit in units]
    below = units[2].root / "some" / "where"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    def unit_id(*words: str | Path, home: Path | None = None) -> str:
        ran = run("upgrade", *words, "--json", env={"KANCIL_HOME": str(home)} if home else {})
        return str(read_json(ran.out)["id"])

    assert unit_id() == ids[2]
    assert unit_id(home=units[1].root) == ids[1]
    assert unit_id("--workspace", units[0].root, home=units[1].root) == ids[0]
    monkeypatch.chdir(tmp_path)
    error = Unit(tmp_path / "nowhere").refused("case", "list")
    assert error["code"] == "workspace-not-found"


def test_shared_words_may_stand_before_and_after_the_command(sample: Unit) -> None:
    root = str(sample.root)
    before = run("--workspace", root, "--json", "bitcoin", "block", "main", "170")
    between = run("bitcoin", "--json", "--workspace", root, "block", "main", "170")
    after = run("bitcoin", "block", "main", "170", "--workspace", root, "--json")
    assert before.status == between.status == after.status == 0
    assert before.out == between.out == after.out
    assert read_json(before.out)["height"] == 170


def test_no_command_has_a_parameter_that_would_take_a_shared_words_value() -> None:
    for name in COMMANDS:
        names = [parameter.name for parameter in load_command(name).params]
        assert len(names) == len(set(names)), name


def test_who_is_acted_on_is_not_who_acts(unit: Unit) -> None:
    officers = {row["label"]: row["id"] for row in unit.ask("officer", "list")}
    acts = (
        ("key", "rotate", "O2", "--reason", "yearly"),
        ("key", "revoke", "O2", "--reason", "lost"),
        ("officer", "retire", "O2", "--reason", "moved"),
    )
    out = unit.root.parent / "ledger.jsonl"
    numbers = [unit.ask(*words)["entry"] for words in acts]
    unit.say("ledger", "export", "-o", out)
    lines = out.read_text(encoding="utf-8").splitlines()
    signers = [read_json(lines[number - 1])["statement"]["officer"] for number in numbers]
    assert signers == [officers["O1"]] * 3


def test_an_officer_must_be_named_where_two_serve(unit: Unit) -> None:
    error = unit.refused("case", "new", "T", "--legal-basis", "order", officer="")
    assert (error["code"], error["status"]) == ("officer-not-named", 11)
    assert "O1 Dara" in error["next"]
    assert "O2 Boun Souk" in error["next"]
    for named in ("O2", "2", "Boun Souk"):
        unit.say("case", "new", "T", "--legal-basis", "order", "--as", named)


@pytest.mark.parametrize(
    ("officer", "code"),
    [("O9", "officer-not-found"), ("O3", "officer-key-not-found"), ("Nobody", "officer-not-found")],
)
def test_an_officer_who_may_not_act_is_refused(unit: Unit, officer: str, code: str) -> None:
    before = unit.ask("verify", unit.root)["entries"]
    error = unit.refused("case", "new", "T", "--legal-basis", "order", officer=officer)
    assert error["code"] == code
    assert unit.ask("verify", unit.root)["entries"] == before


def test_a_retired_officer_is_refused_even_with_their_old_key_file(unit: Unit) -> None:
    officer = unit.ask("officer", "list")[1]["id"]
    path = unit.root / "keys" / "officers" / f"{officer}.pem"
    kept = path.read_bytes()
    unit.say("officer", "retire", "O2", "--reason", "moved")
    assert not path.exists()
    path.write_bytes(kept)
    path.chmod(0o600)
    error = unit.refused("case", "new", "T", "--legal-basis", "order", officer="O2")
    assert error["code"] == "officer-retired"


def test_a_revoked_key_signs_nothing_and_a_new_one_does(unit: Unit) -> None:
    unit.say("key", "revoke", "O2", "--reason", "laptop stolen")
    error = unit.refused("case", "new", "T", "--legal-basis", "order", officer="O2")
    assert error["code"] == "key-not-active"
    unit.say("key", "rotate", "O2", "--reason", "new key")
    unit.say("case", "new", "T", "--legal-basis", "order", officer="O2")


def test_the_last_officer_cannot_be_lost_but_can_be_recovered(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    assert unit.refused("officer", "retire", "O1", "--reason", "x")["code"] == "last-officer"
    (key,) = (unit.root / "keys" / "officers").glob("*.pem")
    key.unlink()
    refused = unit.refused("case", "new", "T", "--legal-basis", "x")
    assert refused["code"] == "officer-key-not-found"
    assert ".pem" not in refused["sentence"], "a name, not a path"
    assert "kancil key rotate" in refused["next"]


def test_a_key_that_others_may_read_is_refused(unit: Unit) -> None:
    (unit.root / "keys").chmod(0o755)
    error = unit.refused("case", "new", "T", "--legal-basis", "order")
    assert error["code"] == "key-file-exposed"


def test_a_locked_key_needs_its_passphrase_and_nobody_is_asked(unit: Unit) -> None:
    missing = unit.refused("officer", "add", "Noy", "--vouch", "x", "--passphrase")
    assert missing["code"] == "option-not-usable"
    home = {"KANCIL_HOME": str(unit.root)}
    secret = {**home, "KANCIL_PASSPHRASE": "four words not together"}
    add = ("officer", "add", "Noy", "--vouch", "x", "--passphrase", "--as", "O1")
    assert run(*add, env=secret).status == 0
    error = unit.refused("case", "new", "T", "--legal-basis", "order", officer="Noy")
    assert error["code"] == "key-locked"
    act = ("case", "new", "T", "--legal-basis", "order", "--as", "Noy")
    assert (
        run(*act, env={**home, "KANCIL_PASSPHRASE": "another passphrase"}).status == error["status"]
    )
    assert run(*act, env=secret).status == 0
    short = run("officer", "add", "Sy", "--vouch", "x", "--passphrase", "--as", "O1",
                env={**home, "KANCIL_PASSPHRASE": "short"})  # fmt: skip
    assert short.status == 10


def test_a_closed_standard_input_is_no_terminal(sample: Unit, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from kancil.cli.main import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *command, "init", str(tmp_path / "unit")],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "unit" / "kancil.toml").is_file()


HOSTILE = "a\x1b]0;owned\x07b\x1b[2J\x9b1mc\u202edetrever"
"""Sets a terminal's title, clears it, and turns its writing round (CSI, OSC, U+202E)."""


def test_hostile_titles_and_names_reach_no_terminal(unit: Unit, tmp_path: Path) -> None:
    source = tmp_path / f"file {HOSTILE}"
    source.write_bytes(b"x")
    told = [
        unit.say("case", "new", HOSTILE, "--legal-basis", HOSTILE),
        unit.say("case", "list"),
        unit.say("officer", "add", HOSTILE, "--vouch", HOSTILE, "--role", HOSTILE),
        unit.say("officer", "list"),
        unit.say("exhibit", "seize", "C4", HOSTILE, "--place", HOSTILE, "--from", HOSTILE),
        unit.say("exhibit", "add", "C4", source),
        unit.say("exhibit", "list"),
        unit.run("bitcoin", "ingest", "main", source).err,
        unit.run("bitcoin", "address", "main", HOSTILE).err,
        unit.run("bitcoin", "status", HOSTILE).err,
        unit.run("case", "new", "T", "--legal-basis", "x", "--as", "x" + HOSTILE).err,
        unit.run("verify", tmp_path / HOSTILE).err,
        unit.run("exhibit", "list", HOSTILE).err,
        unit.run(HOSTILE).err,
        unit.run("bitcoin", "trace", "main", FIRST_PAYMENT, "--hops", HOSTILE).err,
    ]
    for text in told:
        assert text
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
    assert unit.ask("case", "list")[3]["title"] == HOSTILE
    raw = unit.run("case", "list", "--json").out
    assert raw.isascii()
    assert "\x1b" not in raw


def test_a_word_that_is_no_text_is_refused_unless_a_file_has_that_name(
    unit: Unit, tmp_path: Path
) -> None:
    bad = os.fsdecode(b"caf\xe9")
    error = unit.refused("case", "new", bad, "--legal-basis", "x")
    assert error["code"] == "option-not-usable"
    assert "caf\\xe9" in error["sentence"]
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    path.write_bytes(b"evidence")
    added = unit.ask("exhibit", "add", "C1", path)
    assert added["title"].endswith("caf\\xe9")
    assert added["files"][0]["path"].endswith("caf\\xe9")
    unit.say("verify", unit.root)


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "export", "-o", "/dev/null/x"),
        ("ledger", "checkpoint", "-o", "/dev/null/x"),
        ("ledger", "prove", "E1", "-o", "/dev/null/x"),
        ("key", "export-public", "O1", "-o", "/dev/null/x"),
        ("backup", "-o", "/dev/null/x"),
        ("bundle", "C1", "-o", "/dev/null/x"),
        ("bundle", "C1", "-o", "/proc/nowhere/x"),
        ("bundle", "C1", "-o", "x" * 300),
        ("bitcoin", "trace", "main", FIRST_PAYMENT, "--fetch-list", "/dev/null/x"),
        ("case", "new", "T", "--legal-basis", "x", "--slip", "/dev/null/x"),
        ("init", "/dev/null/x"),
        ("init", "/proc/nowhere"),
        ("restore", "/dev/null", "/dev/null/x"),
        ("timestamp", "request", "-o", "/dev/null/x"),
        ("exhibit", "add", "C1", "x" * 300),
        ("verify", "/dev/null/x"),
        ("labels", "import", "/dev/null/x"),
    ],
)
def test_an_impossible_path_is_one_sentence_and_records_nothing(
    unit: Unit, words: tuple[str, ...]
) -> None:
    before = unit.ask("verify", unit.root)
    error = unit.refused(*words)
    assert error["code"] in {"file-not-readable", "backup-not-readable", "file-exists"}
    assert unit.ask("verify", unit.root)["entries"] == before["entries"]


def test_a_file_that_is_there_is_never_overwritten_and_nothing_is_recorded(
    unit: Unit, tmp_path: Path
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(b"mine")
    before = unit.ask("verify", unit.root)
    for words in (
        ("bundle", "C1", "-o", path),
        ("bundle", "C1", "-o", tmp_path / "b.zip", "--slip", path),
        ("case", "new", "T", "--legal-basis", "x", "--slip", path),
        ("exhibit", "seize", "C1", "T", "--place", "x", "--slip", path),
        ("bitcoin", "trace", "main", FIRST_PAYMENT, "--case", "C1", "--fetch-list", path),
        ("ledger", "export", "-o", path),
        ("ledger", "checkpoint", "-o", path),
        ("ledger", "prove", "E1", "-o", path),
        ("timestamp", "request", "-o", path),
        ("key", "export-public", "O1", "-o", path),
        ("backup", "-o", path),
    ):
        assert unit.refused(*words)["code"] == "file-exists", words
    assert path.read_bytes() == b"mine"
    assert unit.ask("verify", unit.root) == before


def test_a_reader_that_leaves_early_is_no_fault(sample: Unit) -> None:
    child = sample.spawn("bitcoin", "trace", "main", FIRST_PAYMENT)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()
    assert child.wait(timeout=60) in (0, 1)
    assert b"Traceback" not in err


# A shell's background jobs ignore Ctrl-C, and hand that on: a person's terminal does not.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from kancil.cli.main import main
main()
"""


def test_an_interruption_is_said_in_words(unit: Unit) -> None:
    before = set(_intakes(unit))
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "exhibit", "add", "C1", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "KANCIL_HOME": str(unit.root),
             "KANCIL_OFFICER": "O1"},
    ) as child:  # fmt: skip
        _wait_for_intake(unit, before)
        child.send_signal(signal.SIGINT)
        err = child.communicate()[1].decode("utf-8")
    assert child.returncode == 130
    assert "Interrupted" in err
    unit.say("verify", unit.root)


def _intakes(unit: Unit) -> list[Path]:
    return list((unit.root / "incoming").glob("*.intake"))


def _wait_for_intake(unit: Unit, before: set[Path]) -> None:
    for _ in range(400):
        if set(_intakes(unit)) - before:
            return
        time.sleep(0.05)
    raise AssertionError("the intake never began")


def test_unknown_commands_and_options_have_status_two() -> None:
    for words in (["nothing"], ["bitcoin", "nothing"], ["case", "new"], ["init", "--nothing"]):
        ran = run(*words)
        assert ran.status == 2, words
        assert ran.err
    assert run("--help").status == 0
    assert run("--version").out.startswith("kancil ")


def test_a_process_ends_with_the_status_of_its_error(tmp_path: Path) -> None:
    ran = as_process("case", "list", "--workspace", tmp_path)
    assert (ran.status, ran.out) == (14, "")
    with spawn("--version") as child:
        assert child.communicate()[0].startswith(b"kancil ")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words",
    [
        ("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1"),
        ("person", "add", "noy", "--name", "Noy", "--role", "reader"),
        ("person", "list"),
        ("verify", "."),
        ("serve", "--prepare"),
    ],
    ids=" ".join,
)
def test_a_command_runs_in_a_process_of_its_own(unit: Unit, words: tuple[str, ...]) -> None:
    """Tables can be imported only once the desk is open, which tests in one process do not show."""
    named = [str(unit.root) if word == "." else word for word in words]
    child = spawn("--workspace", unit.root, "--as", "O1", *named)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err.decode()
    assert out
