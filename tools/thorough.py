"""Run the thorough tests of what changed, then the others in turn.

A room is a folder below `tests/` with test files in it. `python -m tools.thorough` runs the tests
marked `thorough`, and the property tests (`hypothesis`) with all their examples, in this order:

1. test files that changed since $KANCIL_BASE, or in the last 20 commits, and those that mirror a
   changed file of the product;
2. by turns a file of the rooms of all files that changed, and a file of the other rooms. Each of
   the two lists is a ring: with each commit it begins one file later.

So where time ends early, half of what is left of it goes to each; a run that comes to as many files
of a list as there were commits since the last run lets none out, and each file is run within as
many commits as the list has files. Without `--until`, a third of the other rooms is run.

A file belongs to the deepest room of its name: `src/kancil/bitcoin/store/reading.py` and
`tests/bitcoin/store/blocks.py` to `bitcoin/store`, or to `bitcoin` while there is no
`tests/bitcoin/store`. A file below `src/` also changes `flows`, the whole trips through all rooms.
What every test rests on (`EVERYWHERE`) changes all rooms; docs, tools and benchmarks change none.
Without a history to compare with, as in a shallow clone, all thorough tests run.

    python -m tools.thorough [--list] [--until SECONDS] [options for pytest]

`--until` names a moment, in seconds since 1970: tests that would begin later are skipped by name,
and the last lines say how many ran. Without a history it is not kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import PurePosixPath

from tools.tree import ROOT, shown

COMMITS = 20
TURNS = 3
"""A part of the other rooms' files where no time is set."""
TRIPS = "flows"
UNTIL = "KANCIL_TESTS_UNTIL"
"""The variable that tells the tests when their time is over."""
QUICK = "not thorough"
"""What `make test` asks of a test's markers."""
CHOSEN = "thorough or hypothesis"
"""What is asked here: property tests too, since `make test` tries a fifth of their examples."""
EVERYWHERE = (
    "requirements/", "tests/built_once.py", "tests/conftest.py", "tests/examples.py",
    "tests/modes.py", "tests/nursery.py",
)  # fmt: skip
BELOW = ("src/kancil/", "tests/")
NOTHING_COLLECTED = 5
"""Pytest's exit status where none of the files holds a thorough test."""


@dataclass(frozen=True)
class Choice:
    """Which test files are run, and why; paths from the root of the project."""

    why: str
    rooms: tuple[str, ...]
    """The rooms that changed."""
    near: tuple[str, ...]
    """Test files that changed, or that mirror what did."""
    changed: tuple[str, ...]
    """The other test files of these rooms, from the one whose turn it is."""
    others: tuple[str, ...]
    """The test files of other rooms, likewise."""
    has_history: bool = True

    @property
    def files(self) -> list[str]:
        """All files that may be run, in their order."""
        by_turns = (one for pair in zip_longest(self.changed, self.others) for one in pair if one)
        return [*self.near, *by_turns]

    def told(self) -> str:
        """Say in lines what is run."""
        names = ", ".join(self.rooms) or "none"
        return "\n".join(
            [
                f"thorough: {self.why}",
                f"thorough: test files that changed or mirror what did: {len(self.near)}",
                f"thorough: rooms that changed ({len(self.changed)} more test files): {names}",
                f"thorough: test files of other rooms: {len(self.others)}, from",
                *(f"    {name}" for name in self.others[:1]),
            ]
        )


def turned(files: Sequence[str], commits: int) -> tuple[str, ...]:
    """A ring of files, begun one file later with each commit."""
    first = commits % len(files) if files else 0
    return (*files[first:], *files[:first])


def mirror_of(path: str) -> str:
    """The test file of a file of the product, or of a test file itself; it may not be there."""
    if path.startswith("src/kancil/"):
        inner = PurePosixPath(path.removeprefix("src/kancil/"))
        return str("tests" / inner.with_name(f"test_{inner.stem}.py"))
    return path


def all_test_files() -> list[str]:
    """List the project's test files."""
    return sorted(shown(path) for path in (ROOT / "tests").rglob("test_*.py"))


def room_of(path: str, rooms: Iterable[str]) -> str | None:
    """Name the room that a file belongs to; None if it is in none."""
    known = set(rooms)
    for start in BELOW:
        if path.startswith(start):
            folders = PurePosixPath(path.removeprefix(start)).parents
            return next((str(folder) for folder in folders if str(folder) in known), None)
    return None


def choose(files: Sequence[str], changed: Iterable[str] | None, commits: int) -> Choice:
    """Choose among all test files.

    `changed`: paths of the changed files, None if nobody knows them; `commits`: how many there are.
    """
    home = {name: str(PurePosixPath(name).parent.relative_to("tests")) for name in files}
    every = sorted(set(home.values()))
    paths = None if changed is None else list(changed)
    if paths is None:
        why = "no history to compare with, so all rooms"
        rooms = set(every)
    elif wide := [path for path in paths if path.startswith(EVERYWHERE)]:
        why = f"{wide[0]} changed, so all rooms"
        rooms = set(every)
    else:
        why = f"{len(paths)} files changed; commit {commits}"
        rooms = {room for path in paths if (room := room_of(path, every))}
        if any(path.startswith("src/") for path in paths):
            rooms |= {TRIPS} & set(every)
    mirrored = {mirror_of(path) for path in paths or ()}
    near = [name for name in files if name in mirrored]
    own = [name for name in files if home[name] in rooms and name not in mirrored]
    others = [name for name in files if home[name] not in rooms and name not in mirrored]
    return Choice(
        why, tuple(sorted(rooms)), tuple(near), turned(own, commits), turned(others, commits),
        paths is not None,
    )  # fmt: skip


def git(*words: str) -> str | None:
    """Ask git; None if it has no answer."""
    command = ["git", "-C", str(ROOT), *words]
    try:
        answer = subprocess.run(command, capture_output=True, check=False, text=True)
    except FileNotFoundError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def history(base: str | None) -> tuple[list[str] | None, int]:
    """The files that changed since `base`, also those not committed, and the commit count."""
    if (git("rev-parse", "--is-shallow-repository") or "").strip() != "false":
        return None, 0
    commits = int(git("rev-list", "--count", "HEAD") or 0)
    start = git("merge-base", base or f"HEAD~{COMMITS}", "HEAD")
    listing = start and git("diff", "--name-only", "-z", "--no-renames", start.strip())
    return (None if listing is None else [name for name in listing.split("\0") if name]), commits


def main(words: Sequence[str]) -> int:
    """What is chosen and run it; gives pytest's exit status."""
    chosen = choose(all_test_files(), *history(os.environ.get("KANCIL_BASE")))
    print(chosen.told(), flush=True)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--until", default="")
    asked, options = parser.parse_known_args(words)
    if not asked.until:
        chosen = replace(chosen, others=chosen.others[: -(-len(chosen.others) // TURNS)])
    if asked.list or not chosen.files:
        return 0
    command = [sys.executable, "-m", "pytest", "-m", CHOSEN, *options, *chosen.files]
    env = {**os.environ, UNTIL: asked.until if chosen.has_history else ""}
    status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return 0 if status == NOTHING_COLLECTED else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
