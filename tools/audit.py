"""Look for known vulnerabilities of what is locked, where a list of advisories can be reached.

`make audit` runs it with pip-audit of an environment of its own, lock by lock; versions come from
the locks alone and nothing is installed. Where no list is reached, one line says so and the status
is 0: an offline machine is no vulnerability. Found ones are shown, and the status is 1.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.tree import ROOT

LOCKS = ("run", "build", "dev")
NOT_REACHED = "No list of advisories can be reached from here: nothing was looked up."
_NO_NETWORK = ("ConnectionError", "Max retries", "resolve", "timed out", "Timeout", "service error")
_CLEAN, _FOUND = 0, 1
Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def audit(run: Run, folder: Path = ROOT / "requirements") -> tuple[int, list[str]]:
    """Ask of each lock; gives the status and the lines to print.

    `run`: runs pip-audit with these words. Status 2: pip-audit failed for another reason.
    """
    lines, status = [], _CLEAN
    for name in LOCKS:
        words = [
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner",
            "off",
            "--timeout",
            "10",
        ]
        ran = run([*words, "-r", str(folder / f"{name}.txt")])
        told = ran.stderr + ran.stdout
        if ran.returncode == _CLEAN:
            lines.append(f"{name}: no known vulnerabilities")
        elif "known vulnerabilit" in told:
            lines.append(f"{name}:\n{told.strip()}")
            status = max(status, _FOUND)
        elif any(word in told for word in _NO_NETWORK):
            return status, [*lines, NOT_REACHED]
        else:
            return 2, [*lines, told.strip()]
    return status, lines


def main() -> None:
    """Run pip-audit of the environment that the first word names."""
    tool = sys.argv[1]

    def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run([tool, *words], capture_output=True, text=True, check=False)

    status, lines = audit(run) if Path(tool).is_file() else (_CLEAN, [NOT_REACHED])
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
