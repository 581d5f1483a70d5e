"""Pages of which a part is made: what stands between two marks, and writing or checking the whole.

For the tools that put measured tables into `docs/reference/`: `build_change`, `build_heuristics`,
`build_patterns`, `build_rounds`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from tools.tree import shown


def between(text: str, begin: str, end: str, made: str) -> str:
    """A page with `made` between its marks. Raises ValueError where it lacks one of them."""
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"the page has no {end if found else begin}")
    return f"{before}{begin}\n{made}\n{end}{after}"


def row(*cells: object, is_head: bool = False) -> list[str]:
    """The line of a row of a table; with `is_head` also the line that ends the head."""
    line = f"| {' | '.join(str(cell) for cell in cells)} |"
    return [line, f"|{'---|' * len(cells)}"] if is_head else [line]


def write_or_check(pages: Mapping[Path, str], *, check: bool) -> int:
    """Write the pages that are not as they should be, or only name them; gives the exit status."""
    changed = 0
    for path, text in pages.items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{'differs' if check else 'written'}: {shown(path)}")
    return int(check and changed > 0)


def words_of(
    words: list[str], purpose: str | None, *, has_folder: bool = False
) -> argparse.Namespace:
    """Read a tool's words: `folder`, where it takes one, and `check`."""
    parser = argparse.ArgumentParser(description=purpose)
    if has_folder:
        parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args(words)
