"""Run every check that needs no test: format, lint, types, imports, words, pages, forbidden text.

All are run, as many at once as there are cores, so that one look shows all that is wrong; each
prints how long it took.

    python -m tools.check
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.tree import ROOT

PYTHON = sys.executable
BESIDE = Path(PYTHON).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("types", (PYTHON, "-m", "mypy", "--no-error-summary")),
    ("format", (PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", (PYTHON, "-m", "ruff", "check", "--quiet", ".")),
    ("imports", (str(BESIDE / "lint-imports"), "--no-cache")),
    ("words", (PYTHON, "-m", "tools.build_words")),
    ("reference", (PYTHON, "-m", "tools.build_reference", "--check")),
    ("pages", (PYTHON, "-m", "tools.check_docs")),
    ("text", (PYTHON, "-m", "tools.check_text")),
)


def run(check: tuple[str, tuple[str, ...]]) -> str | None:
    """Run a check and print what it found; gives its name if it failed."""
    name, command = check
    started = time.perf_counter()
    outcome = subprocess.run(
        command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    verdict = "FAILED" if outcome.returncode else "ok"
    found = outcome.stdout.decode(errors="replace").rstrip() if outcome.returncode else ""
    told = f"{name:10} {verdict:7} {time.perf_counter() - started:6.1f} s\n{found}".rstrip()
    print(told, flush=True)
    return name if outcome.returncode else None


def main() -> int:
    """Run all checks; the exit status says whether all passed."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [name for name in pool.map(run, CHECKS) if name]
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
