"""What runs in a child gives its value or its error, and can do nothing else."""

from __future__ import annotations

import errno
import io
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kancil.ground import child, child_entry
from kancil.ground.confine import Grants, Limits, filter_program, missing
from kancil.ground.errors import FileNotReadable, ParserLimitReached, ParserStopped
from kancil.ground.phrase import Phrase
from kancil.ground.syscalls import MACHINES
from tests.ground import child_samples as samples
from tools.every_error import every_error
from tools.tree import ROOT

needs_landlock = pytest.mark.skipif("landlock" in missing(), reason="this kernel has no Landlock")
needs_seccomp = pytest.mark.skipif("seccomp" in missing(), reason="this kernel has no seccomp")


@pytest.fixture(autouse=True)
def tests_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a child import the samples."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@dataclass
class Heard:
    """Progress as it was told."""

    told: list[object] = field(default_factory=list)

    def start(self, total: int | None, unit: str, label: str) -> None:
        self.told.append((total, unit, label))

    def advance(self, amount: int) -> None:
        self.told.append(amount)

    def finish(self) -> None:
        self.told.append("end")


# --- what passes ----------------------------------------------------------------------------------


def test_a_value_bytes_and_progress_come_back_and_printed_words_do_not() -> None:
    seen = samples.Seen(
        "ກ\n", None, datetime(2026, 3, 9, tzinfo=UTC), b"\x00\n", Phrase("a", {"n": 1}), {"b": 2},
        {"k": [1, None]},
    )  # fmt: skip
    heard = Heard()
    raw = bytes(range(256)) * 4096
    assert samples.echo(seen, io.BytesIO(raw), progress=heard) == (seen, raw)
    assert heard.told[0] == (3, "rows", "progress.labels")
    assert sum(each for each in heard.told if isinstance(each, int)) == 3
    assert heard.told[-1] == "end"


def test_an_error_of_ours_is_raised_as_if_it_had_been_raised_here() -> None:
    with pytest.raises(FileNotReadable) as refused:
        samples.refuse("blk.dat")
    assert refused.value.params == {"path": "blk.dat"}


def test_every_error_can_be_made_again_from_its_room_and_code() -> None:
    for _, kind in every_error():
        told = {"room": kind.__module__, "code": kind.code, "params": {"path": "x"}}
        again = child.error_of(told)
        assert (type(again), again.params) == (kind, {"path": "x"})


@pytest.mark.parametrize("room", ["os", "kancil.ground.files", "kancil.nowhere.errors", "a.errors"])
def test_a_child_cannot_name_another_module_as_a_room_of_errors(room: str) -> None:
    sys.modules.pop("kancil.nowhere", None)
    again = child.error_of({"room": room, "code": "not-found", "params": {}})
    assert (type(again), again.params) == (ParserStopped, {"how": "not-found"})


def test_a_relative_path_is_read_from_where_the_parent_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "table.csv").write_text("a,b", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert samples.read(Path("table.csv")) == "a,b"


def test_a_child_has_an_event_loop_and_a_thread() -> None:
    assert samples.in_loop() == 7


def test_what_a_child_calls_runs_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child._here, "is_child", True)
    monkeypatch.setattr(child, "_PYTHON", ("-c", "raise SystemExit(3)"))
    with pytest.raises(FileNotReadable):
        samples.refuse("x")


# --- how it ends ----------------------------------------------------------------------------------


def test_too_much_memory_is_one_clear_error() -> None:
    with pytest.raises(ParserLimitReached) as refused:
        samples.allocate()
    assert refused.value.params == {
        "limit": Phrase("thing.memory"),
        "amount": Phrase("thing.megabytes", {"n": samples.small_memory // 1_000_000}),
    }


def test_too_much_processor_time_is_one_clear_error() -> None:
    with pytest.raises(ParserLimitReached) as refused:
        samples.spin.within(Limits(256 << 20, cpu_seconds=1))()
    assert refused.value.params["limit"] == Phrase("thing.time")


def test_too_long_by_the_clock_is_one_clear_error() -> None:
    with pytest.raises(ParserLimitReached) as refused:
        samples.sleep.within(Limits(256 << 20, cpu_seconds=100, wall_seconds=1))()
    assert refused.value.params == {
        "limit": Phrase("thing.time"),
        "amount": Phrase("thing.seconds", {"n": 1}),
    }


def test_a_child_that_waits_for_nothing_is_one_clear_error() -> None:
    with pytest.raises(ParserLimitReached) as refused:
        samples.sleep.within(Limits(256 << 20, cpu_seconds=100, still_seconds=2))()
    assert refused.value.params["amount"] == Phrase("thing.seconds", {"n": 2})


def test_less_memory_than_a_child_takes_to_begin_is_one_clear_error() -> None:
    with pytest.raises(ParserLimitReached) as refused:
        samples.in_loop.within(Limits(1 << 20, cpu_seconds=100))()
    assert refused.value.params["amount"] == Phrase("thing.megabytes", {"n": 1})


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_is_killed_is_told(number: signal.Signals) -> None:
    with pytest.raises(ParserStopped) as refused:
        samples.die(int(number))
    assert refused.value.params == {"how": number.name}


def test_a_fault_of_the_parser_is_told_by_its_last_line() -> None:
    with pytest.raises(ParserStopped) as refused:
        samples.fault()
    assert refused.value.params == {"how": "RuntimeError: a fault"}


def test_a_value_of_another_type_than_promised_is_no_answer() -> None:
    with pytest.raises(ParserStopped):
        samples.lie()


SAY = "import os, sys; sys.stdin.buffer.readline(); os.write(1, {!r})"


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense\n", b"[]\n", b"7\n", b'{"start": 1}\n', b'{"start": [1, 2, 3]}\n',
        b'{"advance": "x"}\n', b'{"result": "no number", "blobs": []}\n',
        b'{"result": 1, "blobs": [-1]}\n', b'{"result": 1, "blobs": [1000000000000]}\n',
        b'{"result": 1, "blobs": [5]}\nabc', b"[" * 100_000 + b"\n", b"",
    ],
)  # fmt: skip
def test_a_child_that_was_taken_over_is_not_believed(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_PYTHON", ("-c", SAY.format(said)))
    with pytest.raises(ParserStopped):
        samples.allocate()


def test_a_child_that_talks_without_end_is_heard_no_longer_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = "import os\nwhile True: os.write(1, b'x' * 65536)"
    monkeypatch.setattr(child, "_PYTHON", ("-c", code))
    with pytest.raises(ParserStopped):
        samples.allocate.within(Limits(256 << 20, 10, answer_bytes=1 << 20))()


def test_a_progress_that_refuses_ends_the_child() -> None:
    class Cancelled(Exception):
        pass

    class Refusing(Heard):
        def start(self, total: int | None, unit: str, label: str) -> None:
            raise Cancelled

    seen = samples.Seen("", 1, datetime(2026, 3, 9, tzinfo=UTC), b"", "", {}, {})
    with pytest.raises(Cancelled):
        samples.echo(seen, io.BytesIO(b""), progress=Refusing())


def test_a_child_whose_parent_is_gone_ends_at_once() -> None:
    asked = b'{"parent": 1}\n'
    done = subprocess.run(
        [sys.executable, *child._PYTHON], input=asked, env=child.child_environment(), check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == b""


def test_only_a_marked_function_is_run() -> None:
    ask = child.Ask("os:getcwd", {}, [], Limits(256 << 20, 5), Grants())
    with pytest.raises(ParserStopped) as refused:
        child.run(ask, Heard())
    assert "os:getcwd" in str(refused.value.params["how"])


# --- what it cannot do ----------------------------------------------------------------------------


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A workspace with a key that the child was not given."""
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "officer.pem").write_text("a key", encoding="utf-8")
    return keys / "officer.pem"


@needs_landlock
@pytest.mark.parametrize(
    "what", ["read", "list folder", "write", "make", "remove", "environment", "link"]
)
def test_no_other_file_is_read_or_changed(secret: Path, what: str) -> None:
    assert samples.attempt(what, str(secret)) == "PermissionError"
    assert secret.read_text(encoding="utf-8") == "a key"
    assert [path.name for path in secret.parent.iterdir()] == ["officer.pem"]


@needs_landlock
def test_a_file_that_it_was_given_is_read_and_not_changed(secret: Path, tmp_path: Path) -> None:
    given = tmp_path / "table.csv"
    given.write_text("a", encoding="utf-8")
    assert samples.read(given) == "a"
    with pytest.raises(ParserStopped) as refused:
        samples.read(given, str(secret))
    assert "PermissionError" in str(refused.value.params["how"])
    only_read = samples.attempt.within(Limits(256 << 20, 5), Grants(reads=[str(given)]))
    assert only_read("read", str(given)) == "done"
    assert only_read("write", str(given)) == "PermissionError"


@needs_landlock
def test_a_folder_that_it_may_write_is_all_that_it_writes(secret: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    writing = samples.attempt.within(Limits(256 << 20, 5), Grants(writes=[str(out)]))
    assert writing("write", str(out / "new")) == "done"
    assert (out / "new").stat().st_mode & 0o077 == 0
    assert writing("write", str(secret)) == "PermissionError"


@needs_seccomp
@pytest.mark.parametrize(
    "what", ["connect", "local socket", "run", "exec", "fork", "signal", "chmod", "trace"]
)
def test_no_connection_no_program_no_other_process(secret: Path, what: str) -> None:
    before = secret.stat().st_mode
    assert samples.attempt(what, str(secret)) == "PermissionError"
    assert secret.stat().st_mode == before


def test_limits_are_not_raised_again_and_no_new_privileges_are_had(secret: Path) -> None:
    assert samples.attempt("limits", str(secret)) in ("ValueError", "PermissionError")
    assert samples.umask_and_privileges() == (0o077, 1)


def test_no_secret_of_the_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANCIL_PASSPHRASE", "secret")
    monkeypatch.setenv("KANCIL_DATABASE", "postgresql://kancil:secret@localhost/kancil")
    monkeypatch.setenv("PGPASSWORD", "secret")
    names = samples.private()
    assert "PATH" in names
    assert not [name for name in names if name.startswith(("KANCIL", "PG"))]


# --- the filter itself ----------------------------------------------------------------------------


def answer(machine: str, number: int, first: int = 0, architecture: int | None = None) -> int:
    """Run the filter as the kernel would, on one call; gives the errno, 0 where it is allowed."""
    program = filter_program(MACHINES[machine], pid=4711)
    words = {
        0: number,
        4: MACHINES[machine].architecture if architecture is None else architecture,
        16: first,
    }
    at, held = 0, 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == 0x06:
            return 0 if value == 0x7FFF0000 else value & 0xFFFF
        if code == 0x20:
            held = words[value]
            continue
        is_so = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
        at += yes if is_so else no


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_the_filter_judges_each_call_by_its_number_and_first_argument(machine: str) -> None:
    numbers = MACHINES[machine].numbers
    read_call = {"x86_64": 0, "aarch64": 63}[machine]
    assert answer(machine, read_call) == 0
    for name in ("socket", "connect", "execve", "ptrace", "unshare", "bpf", "fchmod"):
        assert answer(machine, numbers[name]) == errno.EPERM
    assert answer(machine, numbers["clone3"]) == errno.ENOSYS
    assert answer(machine, numbers["clone"], 0x00010F00) == 0
    assert answer(machine, numbers["clone"], 17) == errno.EPERM
    assert answer(machine, numbers["socketpair"], 1) == 0
    assert answer(machine, numbers["socketpair"], 2) == errno.EPERM
    assert answer(machine, numbers["kill"], 4711) == 0
    assert answer(machine, numbers["kill"], 1) == errno.EPERM
    assert answer(machine, numbers["prlimit64"], 1) == errno.EPERM
    assert answer(machine, numbers["execve"] | 0x40000000) == errno.EPERM
    assert answer(machine, read_call, architecture=0x40000003) == errno.EPERM


def test_a_child_is_an_entry_that_starts_nothing_by_being_imported() -> None:
    assert callable(child_entry.main)
