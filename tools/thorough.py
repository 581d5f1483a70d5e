"""Run the thorough tests of what changed, and a third of the others.

A room is a folder below `tests/` with test files in it. `python -m tools.thorough` runs the tests
marked `thorough`, and the property tests (`hypothesis`) with all their examples, in

- the rooms of all files that changed since $KANCIL_BASE, or in the last 20 commits;
- a third of the test files of the other rooms: which third turns with the number of commits, so
  that three commits in a row run them all.

A file belongs to the deepest room of its name: `src/kancil/bitcoin/store/reading.py` and
`tests/bitcoin/store/blocks.py` to `bitcoin/store`, or to `bitcoin` while there is no
`tests/bitcoin/store`. A file below `src/` also changes `flows`, the whole trips through all rooms.
What every test rests on (`EVERYWHERE`) changes all rooms; docs, tools and benchmarks change none.
Without a history to compare with, as in a shallow clone, all thorough tests run.

    python -m tools.thorough [--list] [--until SECONDS] [options for pytest]

`--until` names a moment, in seconds since 1970: tests that would begin later are skipped by name,
and each commit begins at another file. Without a history it is not kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.tree import ROOT, shown

COMMITS = 20
TURNS = 3
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
    changed: tuple[str, ...]
    """All test files of these rooms."""
    turn: tuple[str, ...]
    """The third of the other files whose turn it is."""
    commits: int = 0
    has_history: bool = True

    @property
    def files(self) -> list[str]:
        """All files that are run, in their order: each commit begins at another one."""
        found = sorted({*self.changed, *self.turn})
        first = self.commits * len(found) // TURNS % len(found) if found else 0
        return found[first:] + found[:first]

    def told(self) -> str:
        """Say in lines what is run."""
        names = ", ".join(self.rooms) or "none"
        return "\n".join(
            [
                f"thorough: {self.why}",
                f"thorough: rooms that changed ({len(self.changed)} test files): {names}",
                f"thorough: of the other rooms ({len(self.turn)} test files):",
                *(f"    {name}" for name in self.turn),
            ]
        )


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
        why = f"{len(paths)} files changed; turn {commits % TURNS + 1} of {TURNS}"
        rooms = {room for path in paths if (room := room_of(path, every))}
        if any(path.startswith("src/") for path in paths):
            rooms |= {TRIPS} & set(every)
    others = [name for name in files if home[name] not in rooms]
    return Choice(
        why,
        tuple(sorted(rooms)),
        tuple(name for name in files if home[name] in rooms),
        tuple(others[commits % TURNS :: TURNS]),
        commits,
        paths is not None,
    )


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
    if asked.list or not chosen.files:
        return 0
    command = [sys.executable, "-m", "pytest", "-m", CHOSEN, *options, *chosen.files]
    env = {**os.environ, UNTIL: asked.until if chosen.has_history else ""}
    status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return 0 if status == NOTHING_COLLECTED else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
