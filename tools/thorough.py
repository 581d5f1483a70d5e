"""Run the thorough tests of what changed, then the others in turn.

A room is a folder below `tests/` with test files in it. `python -m tools.thorough` runs the tests
marked `thorough`, and the property tests (`hypothesis`) with all their examples. It takes test
files by turns from two lists, and none twice:

- what changed since $KANCIL_BASE, or in the last 20 commits: the test files that changed themselves
  and those that mirror a changed file of the product, then the others of the rooms that changed;
- the ring of all test files, whatever changed, in the order of their names' checksums: files of one
  room are alike, and so lie apart. With each commit it begins a `ROUND`th further on.

So a change of any size takes half of the files that a run comes to, and the ring the other half.
Where each commit has its run and each run comes to two `ROUND`ths of all test files, every file is
run within `ROUND` commits. Where only every n-th commit has one, a run must come to n times as many
for that; with no more, every file is still run within `ROUND` runs, since `ROUND` is prime. Without
`--until`, the ring ends after a third of its files.

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
from zlib import crc32

from tools.tree import ROOT, shown

COMMITS = 20
ROUND = 61
"""Commits in which the ring of all test files comes round. A prime: pushes of two, three or five
commits each come to all its places too."""
UNTIMED = 3
"""What part of the ring is run where no time is set."""
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
    """The other test files of these rooms."""
    ring: tuple[str, ...]
    """All test files. As in the two above, the one whose turn it is stands first."""
    has_history: bool = True

    @property
    def files(self) -> list[str]:
        """All files that may be run, in their order."""
        pairs = zip_longest((*self.near, *self.changed), self.ring)
        return list(dict.fromkeys(one for pair in pairs for one in pair if one))

    def told(self) -> str:
        """Say in lines what is run."""
        names = ", ".join(self.rooms) or "none"
        return "\n".join(
            [
                f"thorough: {self.why}",
                f"thorough: test files that changed or mirror what did: {len(self.near)}",
                f"thorough: rooms that changed ({len(self.changed)} more test files): {names}",
                f"thorough: by turns with these, of all {len(self.ring)} test files, from",
                *(f"    {name}" for name in self.ring[:1]),
            ]
        )


def turned(files: Sequence[str], commits: int) -> tuple[str, ...]:
    """A ring of files, begun a `ROUND`th further on with each commit."""
    first = commits % ROUND * len(files) // ROUND
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
    ring = turned(sorted(files, key=lambda name: crc32(name.encode())), commits)
    return Choice(
        why,
        tuple(sorted(rooms)),
        tuple(name for name in ring if name in mirrored),
        tuple(name for name in ring if home[name] in rooms and name not in mirrored),
        ring,
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
    if not asked.until:
        chosen = replace(chosen, ring=chosen.ring[: -(-len(chosen.ring) // UNTIMED)])
    if asked.list:
        print(*chosen.files, sep="\n")
        return 0
    command = [sys.executable, "-m", "pytest", "-m", CHOSEN, *options, *chosen.files]
    env = {**os.environ, UNTIL: asked.until if chosen.has_history else ""}
    status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return 0 if status == NOTHING_COLLECTED else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
