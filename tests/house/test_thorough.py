"""Which thorough tests a change runs, and what the marker leaves to whom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import thorough
from tools.thorough import ROUND, all_test_files, choose, history, room_of
from tools.tree import ROOT

FILES = [
    "tests/bitcoin/store/test_store.py", "tests/bitcoin/test_chain.py", "tests/desk/test_locks.py",
    "tests/flows/test_case.py", "tests/ground/test_words.py", "tests/web/programme/test_round.py",
    "tests/web/test_pages.py", "tests/web/test_people.py",
]  # fmt: skip
ROOMS = {"bitcoin/store", "bitcoin", "desk", "flows", "ground", "web/programme", "web"}


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("src/kancil/bitcoin/store/reading.py", "bitcoin/store"),
        ("src/kancil/bitcoin/chain/opening.py", "bitcoin"),
        ("src/kancil/web/programme/pages/round.html", "web/programme"),
        ("src/kancil/records/finding.py", None),
        ("src/kancil/__init__.py", None),
        ("tests/desk/desks.py", "desk"),
        ("tests/desk/test_locks.py", "desk"),
        ("tests/data/workspace/kancil.toml", None),
        ("tools/check.py", None),
        ("docs/desk/index.md", None),
    ],
)
def test_a_file_belongs_to_the_deepest_room_of_its_name(path: str, room: str | None) -> None:
    assert room_of(path, ROOMS) == room


def test_a_change_in_the_product_runs_its_room_and_the_whole_trips() -> None:
    chosen = choose(FILES, ["src/kancil/desk/base/opening.py", "docs/index.md"], 0)
    assert chosen.rooms == ("desk", "flows")
    assert set(chosen.changed) == {"tests/desk/test_locks.py", "tests/flows/test_case.py"}
    assert chosen.near == ()


def test_a_change_in_tests_runs_that_room_alone() -> None:
    assert choose(FILES, ["tests/web/site.py"], 0).rooms == ("web",)


@pytest.mark.parametrize("path", ["requirements/run.txt", "tests/conftest.py"])
def test_what_every_test_rests_on_changes_all_rooms(path: str) -> None:
    chosen = choose(FILES, [path], 0)
    assert set(chosen.rooms) == ROOMS
    assert set(chosen.changed) == set(FILES)


def test_without_a_history_all_rooms_are_run() -> None:
    assert set(choose(FILES, None, 0).changed) == set(FILES)


def test_what_changed_comes_before_its_rooms_and_by_turns_with_the_ring() -> None:
    changed = ["src/kancil/web/people.py", "tests/desk/test_locks.py", "src/kancil/web/look.html"]
    chosen = choose(FILES, changed, 0)
    assert set(chosen.near) == {"tests/desk/test_locks.py", "tests/web/test_people.py"}
    assert set(chosen.changed) == {"tests/flows/test_case.py", "tests/web/test_pages.py"}
    assert sorted(chosen.ring) == FILES
    assert chosen.files == [
        "tests/web/test_people.py",  # stands first in the ring too
        "tests/desk/test_locks.py", "tests/bitcoin/test_chain.py",
        "tests/web/test_pages.py", "tests/ground/test_words.py",
        "tests/flows/test_case.py", "tests/web/programme/test_round.py",
        "tests/bitcoin/store/test_store.py",
    ]  # fmt: skip


MANY = [f"tests/{room}/test_{number}.py" for room in ("desk", "web") for number in range(100, 170)]
"""More files than the ring has places, and no multiple of it."""
NEAR = -(-len(MANY) // ROUND)
"""The files between two places of the ring, at most."""
CHANGES = st.sampled_from(
    [[], MANY[:1], MANY[30:50], MANY[60:80], ["tests/conftest.py", *MANY[:90]], MANY[1:]]
)


@given(st.integers(0, 5000), st.lists(CHANGES, min_size=ROUND, max_size=ROUND))
def test_every_file_is_run_within_one_round_whatever_the_commits_change(
    commits: int, changes: list[list[str]]
) -> None:
    run = set[str]()
    for number, changed in enumerate(changes, commits):
        run |= set(choose(MANY, changed, number).files[: 2 * NEAR])
    assert run == set(MANY)


@given(st.integers(0, 5000), st.integers(2, ROUND - 1))
def test_runs_of_every_nth_commit_come_to_every_place_too(commits: int, step: int) -> None:
    run = set[str]()
    for number in range(commits, commits + step * ROUND, step):
        run |= set(choose(MANY, ["tests/conftest.py"], number).files[: 2 * NEAR])
    assert run == set(MANY)


@given(st.integers(0, 5000), st.integers(1, 60))
def test_half_of_what_a_run_comes_to_is_of_what_changed(commits: int, count: int) -> None:
    chosen = choose(MANY, MANY[:count], commits)
    assert set(chosen.near) == set(MANY[:count]) <= set(chosen.files[: 2 * count])
    assert sorted(chosen.files) == MANY


def test_what_is_run_is_said_by_name() -> None:
    chosen = choose(FILES, ["tests/web/site.py"], 1)
    told = chosen.told()
    assert "1 files changed; commit 1" in told
    assert "rooms that changed (2 more test files): web\n" in told
    assert told.endswith(f"from\n    {chosen.ring[0]}")


@pytest.mark.parametrize(
    ("until", "told"),
    [("1", "thorough: 0 tests ran, 1 did not for time, of 1"), ("", "1 passed")],
)
def test_after_its_moment_no_test_begins(until: str, told: str) -> None:
    name = "tests/house/test_thorough.py::test_the_whole_trips_and_the_wide_changes_are_there"
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", name]
    env = {**os.environ, thorough.UNTIL: until}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert told in ran.stdout, ran.stdout


ASKED = """
import pytest
from hypothesis import given, settings, strategies as st
from kancil.ground import child
from tests.examples import examples

FEW = examples(300)


@given(st.none())
def test_what_is_tried(nothing):
    told = settings().max_examples, FEW.max_examples, type(child.subprocess).__name__
    pytest.skip(f"tried {told}")
"""


@pytest.mark.parametrize(
    ("markers", "told"),
    [
        (thorough.QUICK, "(20, 60, 'SimpleNamespace')"),
        (thorough.CHOSEN, "(100, 300, 'module')"),
    ],
)
def test_only_make_test_tries_a_fifth_of_the_examples_and_begins_children_warm(
    markers: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "test_asked.py").write_text(ASKED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-rs", "-p", "no:cacheprovider"]
    command += ["-p", "tests.conftest", f"--rootdir={ROOT}", "-m", markers, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"tried {told}" in ran.stdout, ran.stdout


def test_a_test_that_leaves_another_zone_behind_is_refused(tmp_path: Path) -> None:
    text = "import os\n\ndef test_it():\n    os.environ['TZ'] = 'Asia/Vientiane'\n"
    (tmp_path / "test_zone.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider"]
    command += ["-p", "tests.conftest", f"--rootdir={ROOT}", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "a test leaves another environment behind" in ran.stdout, ran.stdout


def test_a_shallow_clone_and_an_unknown_base_have_no_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {"rev-parse": "true\n", "rev-list": "1\n"}
    monkeypatch.setattr(thorough, "git", lambda *words: answers.get(words[0]))
    assert history(None) == (None, 0)
    answers["rev-parse"] = "false\n"
    assert history("no-such-commit") == (None, 1)
    answers |= {"merge-base": "abc\n", "diff": "a.py\0b.py\0"}
    assert history("main") == (["a.py", "b.py"], 1)


def test_every_test_file_is_in_a_room() -> None:
    files = all_test_files()
    assert len(files) > 400
    rooms = set(choose(files, None, 0).rooms)
    assert "." not in rooms
    assert thorough.TRIPS in rooms


def test_the_whole_trips_and_the_wide_changes_are_there() -> None:
    for name in thorough.EVERYWHERE:
        assert (ROOT / name).exists(), name


def test_make_test_leaves_out_what_is_thorough_and_nothing_else_does() -> None:
    makefile = Path(ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r'-m "([^"]+)"', makefile) == [thorough.QUICK, "not browser"]
    assert re.search(
        r"^test-thorough:.*\n\t@\$\(BIN\)/python -m pytest \$\(SPREAD\)$", makefile, re.M
    )
