"""What commands write is the officer's alone, whatever the account's umask; older folders too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ran, Unit, as_process, run
from tests.modes import mode, open_to_others, usual_umask

pytestmark = pytest.mark.usefixtures("_umask")


@pytest.fixture(name="_umask")
def umask() -> Iterator[None]:
    """Be an account whose files others may read."""
    with usual_umask():
        yield


def command(*words: str | Path, unit: Unit | None = None) -> Ran:
    """Run a command from an umask that no command before it has changed."""
    with usual_umask():
        return run(*words, env=None if unit is None else unit.env())


@pytest.fixture
def filled(tmp_path: Path) -> Unit:
    """Make a unit with an exhibit."""
    unit = Unit(tmp_path / "unit")
    (tmp_path / "seen.raw").write_bytes(b"made for a test")
    done = command("init", unit.root, "--officer", "Dara", "--disk-exception", "test")
    assert done.status == 0, done.err
    for words in (
        ("case", "new", "Case", "--legal-basis", "Court"),
        ("exhibit", "add", "C1", tmp_path / "seen.raw", "--title", "File"),
    ):
        assert command(*words, unit=unit).status == 0
    return unit


def test_a_workspace_its_backup_and_what_comes_back_are_the_owners(
    filled: Unit, tmp_path: Path
) -> None:
    assert open_to_others(filled.root) == set()
    assert {mode(path) for path in filled.root.glob("vault/*/*/*")} == {0o400}

    out = tmp_path / "unit.tar"
    assert command("backup", "-o", out, "--with-keys", unit=filled).status == 0
    assert mode(out) == 0o600

    restored = command("restore", out, tmp_path / "second")
    assert restored.status == 0, restored.err
    assert open_to_others(tmp_path / "second") == set()
    assert mode(tmp_path / "second") == 0o700


def test_an_empty_folder_that_was_open_is_shut_by_init(tmp_path: Path) -> None:
    (tmp_path / "unit").mkdir(mode=0o755)
    assert as_process("init", tmp_path / "unit", "--disk-exception", "test").status == 0
    assert open_to_others(tmp_path / "unit") == set()


def test_the_first_command_shuts_a_workspace_that_others_may_read(filled: Unit) -> None:
    for path in (filled.root, *filled.root.rglob("*")):
        if "keys" not in path.relative_to(filled.root).parts:
            path.chmod(0o755 if path.is_dir() else mode(path) | 0o044)
    assert open_to_others(filled.root)

    first = command("case", "list", unit=filled)

    assert first.status == 0
    assert "be read by you alone" in first.err
    assert str(filled.root) in first.err
    assert open_to_others(filled.root) == set()
    assert command("case", "list", unit=filled).err == ""


def test_a_programme_is_its_owners_too(tmp_path: Path) -> None:
    site = Unit(tmp_path / "programme", "ada")
    made = command(
        "init", site.root, "--site", "programme", "--officer", "Ada", "--username", "ada"
    )
    assert made.status == 0, made.err
    assert open_to_others(site.root) == set()
    out = tmp_path / "programme.tar"
    assert command("backup", "-o", out, unit=site).status == 0
    assert mode(out) == 0o600
    assert command("restore", out, tmp_path / "second").status == 0
    assert open_to_others(tmp_path / "second") == set()
