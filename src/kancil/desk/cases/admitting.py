"""Which files may come in as exhibits: in a classroom those of its labs alone, in a unit all.

A classroom's room of labs says which, by their SHA-256; until it does, nothing comes in. Every way
into the vault goes through `take_in` of this module; a test holds it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kancil.desk.base.opening import current_workspace
from kancil.evidence import intake
from kancil.evidence.errors import NotAdmitted
from kancil.evidence.intake import Intake
from kancil.evidence.vault import Vault
from kancil.ground.progress import SILENT, Progress

Admitted = Callable[[str], bool]
"""Whether a classroom gave out a file with this SHA-256 (hex)."""

_hooks: list[Admitted] = []


def admit_by(admitted: Admitted) -> None:
    """Let a classroom take in what `admitted` says; the last one that was named counts."""
    _hooks[:] = [admitted]


@contextmanager
def admitting(admitted: Admitted) -> Iterator[None]:
    """Let a classroom take in what `admitted` says too, within the block."""
    _hooks.append(admitted)
    try:
        yield
    finally:
        _hooks.remove(admitted)


def take_in(
    vault: Vault,
    sources: Iterable[Path | str],
    *,
    in_place: bool = False,
    standard_input: BinaryIO | None = None,
    stated: Mapping[Path, str] | None = None,
    progress: Progress = SILENT,
) -> Intake:
    """As `evidence.intake.take_in`; in a classroom raises NotAdmitted for any other file.

    What is refused never lies in the vault. The desk must be open.
    """
    return intake.take_in(
        vault,
        sources,
        in_place=in_place,
        standard_input=standard_input,
        stated=stated,
        admitted=_admitted if current_workspace().site.is_training else None,
        progress=progress,
    )


def require_admitted(sha256: str, name: str) -> None:
    """Refuse, before anything is recorded, a file that `take_in` would; raises NotAdmitted."""
    if current_workspace().site.is_training and not _admitted(sha256):
        raise NotAdmitted(name=name)


def _admitted(sha256: str) -> bool:
    return any(hook(sha256) for hook in _hooks)
