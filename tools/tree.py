"""The project's own files: what is tracked, or would be if it were added now.

Its data come from git, or from the folder itself where there is no git (a release archive); they
go to the checks beside it and to `tests/house/`.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {".git", ".venv", ".venv-smoke", ".venv-lock", "__pycache__", "demo-out", "build"}
LEFT_OUT |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
TEXT = {
    ".cfg", ".css", ".csv", ".html", ".in", ".ini", ".j2", ".js", ".json", ".md", ".po", ".py",
    ".sh", ".svg", ".toml", ".txt", ".typ", ".yaml", ".yml", "",
}  # fmt: skip


@cache
def project_files() -> tuple[Path, ...]:
    """List the project's files, sorted; what `.gitignore` names is not among them."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def text_files() -> tuple[Path, ...]:
    """List the project's files that people write and read as text."""
    return tuple(path for path in project_files() if path.suffix in TEXT)


def markdown_files() -> tuple[Path, ...]:
    """List the project's pages."""
    return tuple(path for path in project_files() if path.suffix == ".md")


def shown(path: Path) -> str:
    """A path as the project names it."""
    return path.relative_to(ROOT).as_posix()
