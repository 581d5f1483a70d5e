"""The demonstration's screen: short, and no false fact or failed command passes it by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import demo, demo_screen, sample_classroom, sample_programme

LINES, COLUMNS = 50, 100
DEV_ALONE = ("hypothesis", "mypy", "playwright", "pytest", "ruff", "xdist")
"""Packages that are installed for work on Kancil and not for its users."""
LONGEST_ADDRESS = "http://localhost:8099"


def made() -> demo_screen.Made:
    names = [name for name, _ in (*demo_screen.UNIT_ACCOUNTS, *demo_screen.PROGRAMME_ACCOUNTS)]
    passwords = dict.fromkeys(names, "abcde-fghij-klmno-pqrst")
    cluster = "bcrt1qztymu8d00j5gh795gs8mv9ulqx8acqmdq9cq8q"
    teachers = {name: "fghij-abcde-klmno-pqrst" for name, _ in demo_screen.CLASSROOM_ACCOUNTS}
    some_id = "01a22521-5bd4-7fab-aae0-26dab1b37591"
    return demo_screen.Made(passwords, teachers, some_id, cluster, some_id, 12, 1234.5)


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send the log of the demonstration to a folder of its own."""
    path = tmp_path / "demo.log"
    monkeypatch.setattr(demo, "LOG", path)
    return path


def test_all_that_is_shown_fits_two_screens() -> None:
    screen = demo_screen.closing(
        made(), demo.LOG, LONGEST_ADDRESS, LONGEST_ADDRESS, LONGEST_ADDRESS
    )
    source = Path(demo.__file__).read_text("utf-8")
    steps = source.count("with step(")
    before_and_after = 2  # what is being made; how to stop it
    assert steps >= 5
    assert len(screen) + steps + before_and_after <= LINES
    assert max(map(len, screen)) <= COLUMNS


def test_the_screen_ends_with_addresses_accounts_and_pages() -> None:
    text = "\n".join(
        demo_screen.closing(made(), demo.LOG, *(f"http://localhost:800{each}" for each in range(3)))
    )
    for name in made().passwords:
        assert f"  {name} " in text
    assert text.count("abcde-fghij") == len(made().passwords)
    assert text.count("fghij-abcde") == len(demo_screen.CLASSROOM_ACCOUNTS)
    assert sample_classroom.PASSWORD in text
    for name in (*sample_classroom.TRAINEES, sample_classroom.JUDGE[0]):
        assert name in text
    assert demo_screen.PASSPHRASE in text
    assert 5 <= text.count("\n  http://localhost") <= 8
    assert demo_screen.VERIFY_PAGE.is_file()


def test_everybody_of_the_sample_programme_can_sign_in() -> None:
    assert set(sample_programme.PEOPLE) <= {name for name, _ in demo_screen.PROGRAMME_ACCOUNTS}


def test_no_comment_of_the_sample_is_written_by_a_machine() -> None:
    from kancil.assessment.protocol_files.library import named_protocol
    from tools import sample_words

    areas = named_protocol(sample_programme.CAPABILITY).areas
    assert set(sample_words.COMMENTS) == set(areas)
    every = [each for bank in sample_words.COMMENTS.values() for each in bank]
    assert len(set(every)) == 4 * len(areas)


def test_a_fact_that_is_not_so_fails_the_demonstration_and_is_named(log_file: Path) -> None:
    assert demo.hold({"water is wet": True, "fire is hot": True}) == 2
    with pytest.raises(SystemExit) as ended:
        demo.hold({"water is wet": True, "the sum is 50 BTC": False})
    assert "NOT SO: the sum is 50 BTC" in str(ended.value.code)
    assert "NOT SO the sum is 50 BTC" in log_file.read_text("utf-8")


def test_a_failed_command_shows_the_tail_of_the_log_and_where_it_is(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.log("".join(f"line {number}\n" for number in range(100)))
    monkeypatch.setattr(demo, "KANCIL", Path(sys.executable))
    with pytest.raises(SystemExit) as ended:
        demo.run("-c", "raise SystemExit('the disk is full')")
    said = str(ended.value.code)
    assert "the disk is full" in said
    assert "line 99" in said
    assert "line 50" not in said
    assert str(log_file) in said
    assert "status 1" in said


def test_an_answer_that_may_hold_a_password_is_not_logged(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "KANCIL", Path(sys.executable))
    script = "import json; print(json.dumps({'password': 'x' * 9}))"
    assert demo.ask("-c", script) == {"password": "x" * 9}
    assert "'x' * 9" in log_file.read_text("utf-8")
    assert "x" * 9 not in log_file.read_text("utf-8")


def test_a_step_is_one_line_with_its_seconds(
    log_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with demo.step("Something is made"):
        demo.log("a wall of text\n" * 9)
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1
    assert shown.rstrip().endswith("0 s")
    assert len(shown.rstrip("\n")) <= COLUMNS
    assert log_file.read_text("utf-8").count("a wall of text") == 9


def test_the_demonstration_needs_nothing_that_only_developers_have() -> None:
    missing = f"import sys; sys.modules.update(dict.fromkeys({DEV_ALONE}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{missing}; import tools.demo"],
        cwd=demo_screen.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
