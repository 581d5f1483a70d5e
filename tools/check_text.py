"""Check what must stand in no file: registries' hosts, one machine's paths, borrowed authority.

python -m tools.check_text
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools.tree import ROOT, project_files, shown, text_files

# The dots in brackets keep this file from holding the hosts itself.
_HOSTS = "|".join(
    (
        "pypi[.]org",
        "pythonhosted[.]org",
        "registry[.]npmjs[.]org",
        "deb[.]debian[.]org",
        "crates[.]io",
        "proxy[.]golang[.]org",
    )
)
FORBIDDEN = {
    "a package registry's host": re.compile(_HOSTS, re.IGNORECASE),
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)/\w"),
    "an address inside one machine's network": re.compile(r"index-url|find-links", re.IGNORECASE),
    "the number of a task": re.compile(r"\bissues? (?:no\. ?|#)?\d+\b(?!-)", re.IGNORECASE),
}
# Kancil is nobody's official tool. Those names may be cited as sources in docs/, and as authors of
# treaties and studies in the data of assessment and law, and in courses; nowhere else.
AUTHORITY = re.compile(r"\bUNODC\b|\bUnited Nations\b")
ENDORSED = re.compile(
    r"\b(?:endorsed|approved|certified|recommended|sponsored) by\b[^.\n]{0,60}"
    r"(?:\bUN\b|\bUNODC\b|United Nations|INTERPOL|Europol)",
    re.IGNORECASE,
)
LIMIT_BYTES = 40_000_000
SELF = Path(__file__).resolve()


def forbidden_in(path: Path) -> list[str]:
    """List the lines of one file that hold what must stand in no file."""
    found = []
    parts = path.relative_to(ROOT).parts
    is_data = parts[:2] == ("src", "kancil") and path.suffix == ".yaml"
    cites = is_data and parts[2] in {"assessment", "legal"}
    cites |= parts[2:4] == ("training", "courses") and path.suffix != ".py"
    in_program = parts[0] in {"src", "tools", "benchmarks"} and not cites
    text = path.read_text(encoding="utf-8", errors="replace")
    rules = [*FORBIDDEN.values(), ENDORSED, *([AUTHORITY] if in_program else [])]
    if not any(rule.search(text) for rule in rules):
        return []
    for number, line in enumerate(text.splitlines(), start=1):
        place = f"{shown(path)}:{number}"
        found += [f"{place}: {what}" for what, rule in FORBIDDEN.items() if rule.search(line)]
        if ENDORSED.search(line) or (in_program and AUTHORITY.search(line)):
            found.append(f"{place}: an authority's name, as if it stood behind Kancil")
    return found


def emblems() -> list[str]:
    """List the files whose names say that they hold an authority's emblem."""
    mark = re.compile(r"(?:\bun\b|unodc|united.?nations|interpol).*(?:logo|emblem|seal)", re.I)
    return [f"{shown(path)}: an emblem" for path in project_files() if mark.search(path.name)]


def size_bytes() -> int:
    """Add up the project's files."""
    return sum(path.stat().st_size for path in project_files())


def faults() -> list[str]:
    """List everything that must not stand in the project."""
    wrong = [line for path in text_files() if path != SELF for line in forbidden_in(path)]
    wrong += emblems()
    if size_bytes() > LIMIT_BYTES:
        wrong.append(f"the project holds {size_bytes():,} bytes; {LIMIT_BYTES:,} are the limit")
    return wrong


def main() -> int:
    """Print what is wrong; the exit status says whether all is well."""
    wrong = faults()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
