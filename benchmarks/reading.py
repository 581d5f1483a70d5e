"""Benchmark rows of files that are opened: a gigabyte of text in its middle, a page of a long PDF.

`open-text` (goal: 2 s): 200 lines from the middle of 1 GB, the start of the limited child included;
`open-text-memory`: the most that child held. Peer: `tail -c +N | head -n 200`, which starts no
Python, confines nothing and guesses no encoding. `open-pdf` (goal: 3 s): page 151 of 300 drawn at
150 dots an inch and written as PNG, the start of the child and the SHA-256 of the file included;
`open-pdf-memory` likewise. Peer: `pdftoppm` of the same page, width and format.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import typst

from kancil.evidence.reading.child import draw_file, open_file
from kancil.evidence.reading.drawn import WIDTH
from kancil.evidence.reading.page import Asked, Drawn, TextPage
from kancil.evidence.reading.text import PAGE_LINES

NAMES = ("open-text", "open-text-memory", "open-pdf", "open-pdf-memory")
TEXT_BYTES, PDF_PAGES, TIMES = 1_000_000_000, 300, 5
_LINE = "2026-03-09 10:00:00 ສະບາຍດີ, ខ្ញុំបានផ្ញើប្រាក់, ผมโอนเงินแล้ว: 1,234.56 to bc1qexample\n".encode()
_PDF = """#set page(paper: "a4")
#for n in range({pages}) {{ [= Page #n]; lorem(450); pagebreak(weak: true) }}"""


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure all, or the one named `only`; the text first, since it needs less memory."""
    wanted = [name for name in NAMES if only not in NAMES or name == only]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="kancil-reading-") as folder:
        if {"open-text", "open-text-memory"} & set(wanted):
            found += _text(Path(folder), machine)
        if {"open-pdf", "open-pdf-memory"} & set(wanted):
            found += _pdf(Path(folder), machine)
    return [each for each in found if each["name"] in wanted]


def _text(folder: Path, machine: dict[str, Any]) -> list[dict[str, Any]]:
    path = folder / "chat.txt"
    with path.open("wb") as file:
        for _ in range(TEXT_BYTES // (len(_LINE) * 10_000)):
            file.write(_LINE * 10_000)
    middle = path.stat().st_size // 2

    def ours() -> None:
        page = open_file(path, path.name, "", Asked(at=middle, is_near=True)).shown
        if not (isinstance(page, TextPage) and len(page.lines) == PAGE_LINES):
            raise AssertionError(page)

    took, held = _least(ours), _held_mb()
    words = f"tail -c +{middle} '{path}' | head -n {PAGE_LINES}"
    peer = _least(lambda: _run("bash", "-c", words))
    return [
        _row("open-text", took, "s", 2.0, machine, "tail and head", peer),
        _row("open-text-memory", held, "MB", 200.0, machine),
    ]


def _pdf(folder: Path, machine: dict[str, Any]) -> list[dict[str, Any]]:
    source, path = folder / "long.typ", folder / "long.pdf"
    source.write_text(_PDF.format(pages=PDF_PAGES), "utf-8")
    typst.compile(str(source), output=str(path))
    digest, at = sha256(path.read_bytes()).hexdigest(), PDF_PAGES // 2

    def ours() -> None:
        drawn: Drawn = draw_file(path, path.name, digest, Asked(at=at))
        if drawn.width < WIDTH - 1:
            raise AssertionError(drawn.width)

    took, held = _least(ours), _held_mb()
    peer = None
    if shutil.which("pdftoppm"):
        words = ("pdftoppm", "-f", str(at + 1), "-l", str(at + 1), "-scale-to-x", str(WIDTH),
                 "-scale-to-y", "-1", "-png", str(path), str(folder / "page"))  # fmt: skip
        peer = _least(lambda: _run(*words))
    return [
        _row("open-pdf", took, "s", 3.0, machine, "pdftoppm", peer),
        _row("open-pdf-memory", held, "MB", 400.0, machine),
    ]


def _least(act: Callable[[], None]) -> float:
    """The least seconds of several times."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)


def _run(*words: str) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=False)


def _held_mb() -> float:
    """The most that a child of this process held until now."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_000


def _row(
    name: str,
    ours: float,
    unit: str,
    goal: float,
    machine: dict[str, Any],
    peer: str | None = None,
    figure: float | None = None,
) -> dict[str, Any]:
    return {
        "name": name, "ours": round(ours, 3), "unit": unit, "peer": peer,
        "peer_figure": None if figure is None else round(figure, 3),
        "ratio": None if figure is None else round(figure / ours, 2), "goal": goal,
        "met": ours <= goal, "machine": machine,
    }  # fmt: skip
