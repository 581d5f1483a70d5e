"""Every error of the package: each room keeps its own in `errors.py`, and all are imported here."""

from __future__ import annotations

import importlib
from functools import cache

from kancil.ground.errors import KancilError
from tools.tree import ROOT, project_files

SOURCES = ROOT / "src"


@cache
def rooms_with_errors() -> tuple[str, ...]:
    """Modules that hold errors, by dotted name."""
    return tuple(
        ".".join(path.relative_to(SOURCES).with_suffix("").parts)
        for path in project_files()
        if path.name == "errors.py" and path.is_relative_to(SOURCES)
    )


@cache
def every_error() -> tuple[tuple[type[KancilError], type[KancilError]], ...]:
    """Each error with its family."""
    for name in rooms_with_errors():
        importlib.import_module(name)
    return tuple(
        (family, kind) for family in KancilError.__subclasses__() for kind in below(family)
    )


def below(kind: type[KancilError]) -> list[type[KancilError]]:
    """What stands below an error, at any depth."""
    return [each for child in kind.__subclasses__() for each in (child, *below(child))]
