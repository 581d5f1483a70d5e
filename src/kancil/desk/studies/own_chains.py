"""Whose blockchain and labels: in a classroom each case has its own, and trainers keep the shared.

The blockchain of case C7 is named `case-7`. Whoever may open the case reads it, its members alone
write to it, and the case's blocks enter no other. Labels that were made or imported for it lie in
`labels/case-7/` and no other blockchain knows them. What bears another name is shared: all read it,
trainers and heads alone change it. In a unit nothing of this applies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.people.queries import Person, Role, is_member, may_open
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace

from .errors import ChainOfAnotherCase, NetworkOfLab, SharedOfTrainers

_OWN = re.compile(r"case-([1-9][0-9]{0,9})")
_KEEPERS = frozenset({Role.TRAINER, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who changes what a classroom shares."""
_reader: ContextVar[Person | None] = ContextVar("reader", default=None)
LabNetwork = Callable[[str], str]
"""Gives the network of a case's lab by the id of the case; empty: it is no lab's case."""
_lab_networks: list[LabNetwork] = []


@contextmanager
def reading_as(person: Person | None) -> Iterator[None]:
    """Show the blockchains and labels that a person may read; None: all, as at the machine."""
    before = _reader.set(person)
    try:
        yield
    finally:
        _reader.reset(before)


def networks_by(found: LabNetwork) -> None:
    """Let the classroom's room of labs say which network a case's blocks are of."""
    _lab_networks[:] = [found]


def lab_network(case: CaseId | str) -> str:
    """The network of a case's lab; empty where the case is of no lab."""
    return next((name for each in _lab_networks if (name := each(str(case)))), "")


def own_chain(workspace: Workspace, case: Case) -> str:
    """The name of a case's own blockchain; empty in a unit, whose cases share theirs."""
    return f"case-{case.number}" if workspace.site.is_training else ""


def is_own(workspace: Workspace, name: str) -> bool:
    """Whether a blockchain of this name belongs to one case."""
    return workspace.site.is_training and _OWN.fullmatch(name) is not None


def keeps_shared(person: Person) -> bool:
    """Whether the person may change labels, tags and blockchains that all use."""
    return not current_workspace().site.is_training or person.role in _KEEPERS


def require_shared(person: Person) -> None:
    """Refuse a change to what a classroom shares; raises SharedOfTrainers."""
    if not keeps_shared(person):
        raise SharedOfTrainers


def may_read(workspace: Workspace, name: str) -> bool:
    """Whether whoever asks may know of a blockchain and its labels."""
    person = _reader.get()
    if person is None or not is_own(workspace, name):
        return True
    case = _case_of(name)
    return case is not None and may_open(person, case.id)


def chains_of_reader(workspace: Workspace, folder: Path) -> list[str]:
    """The cases' own blockchains that have a folder in `folder`, as far as the reader may see."""
    if _reader.get() is None or not workspace.site.is_training or not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir() if _OWN.fullmatch(path.name))
    return [name for name in names if may_read(workspace, name)]


def may_write(workspace: Workspace, name: str, person: Person) -> bool:
    """Whether a person may change a blockchain or its labels."""
    if not is_own(workspace, name):
        return keeps_shared(person)
    case = _case_of(name)
    return case is not None and is_member(person, case.id)


def require_ingest(
    workspace: Workspace, name: str, network: str, *, case: CaseId | str, person: Person
) -> None:
    """Refuse blocks of one case for a blockchain that is not theirs.

    Raises ChainOfAnotherCase, NetworkOfLab for blocks of a lab under another network than the
    lab's, SharedOfTrainers.
    """
    if not workspace.site.is_training:
        return
    found = find_case(str(case))
    mine = "" if found is None else own_chain(workspace, found)
    if name != mine:
        if is_own(workspace, name):
            raise ChainOfAnotherCase(chain=name, own=mine)
        if lab_network(case) or not keeps_shared(person):
            raise SharedOfTrainers
    expected = lab_network(case)
    if expected and network != expected:
        raise NetworkOfLab(network=network, expected=expected)


def labels_folder(workspace: Workspace, chain: str) -> Path:
    """Where labels of a blockchain lie: its own, or the shared ones."""
    return workspace.labels_dir / chain if is_own(workspace, chain) else workspace.labels_dir


def _case_of(name: str) -> Case | None:
    found = _OWN.fullmatch(name)
    return None if found is None else find_case(found[1])
