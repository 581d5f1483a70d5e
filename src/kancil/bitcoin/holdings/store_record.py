"""What `chain.json` says of a store: how far its columns count, and what was added when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from kancil.ground.errors import FormatTooNew

from .store_layout import FORMAT, Rows


@dataclass(frozen=True, slots=True)
class Range:
    """Blocks that were added in one step, and what the columns hold of them."""

    first_height: int
    rows: Rows
    """How many rows were added."""
    checks: dict[str, str]
    """SHA-256 of the bytes added to each column that never changes."""
    are_amounts_compared: bool = True
    """Whether what its transactions pay out was compared with what they take in."""

    @property
    def last_height(self) -> int:
        """Height of the last block."""
        return self.first_height + self.rows.blocks - 1

    def as_dict(self) -> dict[str, Any]:
        """The form that the record keeps."""
        return {
            "first_height": self.first_height,
            "rows": self.rows.as_dict(),
            "checks": self.checks,
            "amounts": self.are_amounts_compared,
        }


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of sorted keys: see `runs`."""

    name: str
    entries: int
    check: str
    """SHA-256 of its arrays."""


@dataclass(frozen=True, slots=True)
class StoreRecord:
    """What `chain.json` says of a store, under `store`."""

    seed: int
    """Secret of the keys, so that nobody can choose ids that fall together."""
    first_height: int
    """Height of the first block; over 0 for a window."""
    ranges: tuple[Range, ...] = ()
    id_runs: tuple[RunFile, ...] = ()
    script_runs: tuple[RunFile, ...] = ()
    tree: str = ""
    """Name of the file of arrays with the header tree."""
    left: tuple[dict[str, Any], ...] = ()
    """Blocks that were in the chain and are not any more: hash, height, when, place."""
    rows: Rows = field(default_factory=Rows)
    seen: tuple[tuple[int, int] | None, ...] = ()
    """Size and time of change (ns) of each source when its blocks were last looked for."""

    @property
    def is_whole(self) -> bool:
        """Whether it begins with the first block of the network."""
        return self.first_height == 0

    @property
    def next_height(self) -> int:
        """Height of the block that comes next."""
        return self.first_height + self.rows.blocks

    def as_dict(self) -> dict[str, Any]:
        """The form that the record keeps."""
        return {
            "format": FORMAT,
            "seed": f"{self.seed:016x}",
            "first_height": self.first_height,
            "rows": self.rows.as_dict(),
            "tree": self.tree,
            "id_runs": [[run.name, run.entries, run.check] for run in self.id_runs],
            "script_runs": [[run.name, run.entries, run.check] for run in self.script_runs],
            "left": list(self.left),
            "seen": self.seen,
            "ranges": [one.as_dict() for one in self.ranges],
        }

    @classmethod
    def read(cls, found: dict[str, Any], path: str) -> Self:
        """Read it. Raises FormatTooNew; ValueError, KeyError, TypeError for what is no record."""
        if found["format"] > FORMAT:
            raise FormatTooNew(what=path, found=found["format"], known=FORMAT)
        return cls(
            seed=int(found["seed"], 16),
            first_height=int(found["first_height"]),
            ranges=tuple(
                Range(
                    one["first_height"],
                    Rows(**one["rows"]),
                    one["checks"],
                    bool(one.get("amounts", False)),
                )
                for one in found["ranges"]
            ),
            id_runs=tuple(RunFile(*run) for run in found["id_runs"]),
            script_runs=tuple(RunFile(*run) for run in found["script_runs"]),
            tree=found["tree"],
            left=tuple(found["left"]),
            rows=Rows(**found["rows"]),
            seen=tuple(None if one is None else (one[0], one[1]) for one in found["seen"]),
        )
