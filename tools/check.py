"""Run every check that needs no test: format, lint, types, imports, words, pages, forbidden text.

All are run, so that one look shows all that is wrong; each prints how long it took.

    python -m tools.check
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tools.tree import ROOT

PYTHON = sys.executable
BESIDE = Path(PYTHON).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", (PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", (PYTHON, "-m", "ruff", "check", "--quiet", ".")),
    ("types", (PYTHON, "-m", "mypy", "--no-error-summary")),
    ("imports", (str(BESIDE / "lint-imports"), "--no-cache")),
    ("words", (PYTHON, "-m", "tools.build_words", "--check")),
    ("reference", (PYTHON, "-m", "tools.build_reference", "--check")),
    ("pages", (PYTHON, "-m", "tools.check_docs")),
    ("text", (PYTHON, "-m", "tools.check_text")),
)


def main() -> int:
    """Run all checks; the exit status says whether all passed."""
    failed = []
    for name, command in CHECKS:
        started = time.perf_counter()
        outcome = subprocess.run(
            command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        verdict = "ok" if outcome.returncode == 0 else "FAILED"
        print(f"{name:10} {verdict:7} {time.perf_counter() - started:6.1f} s", flush=True)
        if outcome.returncode:
            failed.append(name)
            print(outcome.stdout.decode(errors="replace").rstrip(), flush=True)
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
