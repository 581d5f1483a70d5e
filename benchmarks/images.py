"""Benchmark rows of disk images: digests, the walk, and the whole pass over 36,000 real files.

The image is an ext4 file system of 2 GiB, made of files of this very machine. `disk-digests` (goal:
three times the peer's speed): MD5, SHA-1 and SHA-256 of it, beside `hashdeep`. `disk-walk` (goal:
300,000 entries a CPU second): every entry with its metadata, beside `fls -r -l`. `disk-pass` (goal:
100 MB a core second): listed and read by two children, beside `fiwalk`, which makes MD5 and SHA-1;
`disk-pass-memory` (goal: 450 MB): the largest child twice, and this process. CPU seconds stand in
the figure, seconds on the clock are printed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kancil.evidence.images.opening import open_image, tsk_image
from kancil.evidence.images.tsk import entries
from kancil.evidence.images.volume import volumes
from kancil.evidence.triage.child import digests_of_image
from kancil.evidence.triage.supervise import WORKERS
from kancil.ground.confine import Grants

NAMES = ("disk-digests", "disk-walk", "disk-pass", "disk-pass-memory")
SIZE_BYTES, FILES, FILE_BYTES, TIMES = 2 << 30, 36_000, 1_700_000_000, 5
_TRIAGE = """
import resource, sys
from pathlib import Path
from kancil.evidence.triage.supervise import triage
triage([Path(sys.argv[1])], Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_SOURCES = ("/usr/share", "/usr/lib", "/usr/bin")


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure all; nothing where no ext4 file system can be made."""
    if shutil.which("mkfs.ext4") is None:
        print("install e2fsprogs for the rows of disk images", end=" ")
        return []
    with tempfile.TemporaryDirectory(prefix="kancil-images-") as folder:
        image, read = make_image(Path(folder))
        found = [_digests(image), _walk(image), *_pass(image, Path(folder), read)]
    return [{**each, "machine": machine} for each in found]


def make_image(folder: Path) -> tuple[Path, int]:
    """An image of real files, and how many bytes these have."""
    tree, image, count, total = folder / "tree", folder / "disk.raw", 0, 0
    for path in _files():
        size = path.stat().st_size
        if size > 20_000_000 or total + size > FILE_BYTES:
            continue
        target = tree / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        count, total = count + 1, total + size
        if count == FILES:
            break
    with image.open("wb") as file:
        file.truncate(SIZE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(image)], check=True)
    shutil.rmtree(tree)
    return image, total


def _files() -> list[Path]:
    return [
        path
        for source in _SOURCES
        for folder, _, names in os.walk(source)
        for path in (Path(folder, name) for name in names)
        if path.is_file() and not path.is_symlink()
    ]


def _digests(image: Path) -> dict[str, Any]:
    names = (str(image),)
    asked = digests_of_image.within(digests_of_image.limits, Grants(reads=names))
    ours = _least(lambda: asked(names))
    peer = _peer("hashdeep", "-c", "md5,sha1,sha256", str(image))
    speed = SIZE_BYTES / ours / 1e6
    theirs = SIZE_BYTES / peer / 1e6 if peer else None
    goal = 3 * theirs if theirs else None
    return _row("disk-digests", speed, "MB/CPU-s", goal, "hashdeep", theirs)


def _walk(image: Path) -> dict[str, Any]:
    count = 0

    def ours() -> None:
        nonlocal count
        with ExitStack() as stack:
            opened = open_image([image], stack)
            count = sum(
                sum(1 for _ in entries(system))
                for _, system in volumes(opened, tsk_image(opened))
                if system is not None
            )

    took = _least(ours)
    peer = _peer("fls", "-r", "-l", "-p", str(image))
    theirs = count / peer if peer else None
    return _row("disk-walk", count / took, "entries/CPU-s", 300_000, "fls", theirs)


def _pass(image: Path, folder: Path, read: int) -> list[dict[str, Any]]:
    held = 0.0

    def ours() -> None:
        nonlocal held
        with tempfile.TemporaryDirectory(dir=folder) as out:
            words = [sys.executable, "-c", _TRIAGE, str(image), out]
            said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        own, child = (int(each) for each in said.split())
        held = (own + child * WORKERS) / 1_000

    took = _least(ours)
    made = folder / "fiwalk.xml"
    peer = _peer("fiwalk", "-X", str(made), str(image), made=made)
    theirs = read / peer / 1e6 if peer else None
    return [
        _row("disk-pass", read / took / 1e6, "MB/CPU-s", 100, "fiwalk", theirs),
        _row("disk-pass-memory", held, "MB", 450, is_less_better=True),
    ]


def _least(act: Callable[[], object]) -> float:
    """The least CPU seconds of several times, children's included."""
    took = []
    for _ in range(TIMES):
        began, clock = _cpu_seconds(), time.perf_counter()
        act()
        took.append(_cpu_seconds() - began)
        print(f"({took[-1]:.2f} CPU-s in {time.perf_counter() - clock:.2f} s)", end=" ", flush=True)
    return min(took)


def _cpu_seconds() -> float:
    each = os.times()
    return each.user + each.system + each.children_user + each.children_system


def _peer(*words: str, made: Path | None = None) -> float | None:
    """CPU seconds of a peer, the least of several; None where it is not installed."""
    if shutil.which(words[0]) is None:
        return None

    def run() -> None:
        if made is not None:
            made.unlink(missing_ok=True)
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)

    return _least(run)


def _row(
    name: str, ours: float, unit: str, goal: float | None, peer: str | None = None,
    figure: float | None = None, *, is_less_better: bool = False,
) -> dict[str, Any]:  # fmt: skip
    met = None if goal is None else (ours <= goal if is_less_better else ours >= goal)
    return {
        "name": name, "ours": ours, "unit": unit, "peer": peer if figure else None,
        "peer_figure": figure, "ratio": ours / figure if figure else None, "goal": goal, "met": met,
    }  # fmt: skip
