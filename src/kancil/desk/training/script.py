"""Acts that a lab plays in the case before the trainee sees it, through the unit's own actions.

What is planted there, such as a gap in custody, is an entry like any other of this classroom:
signed by its server, in a ledger whose first entry says *classroom*.

    take-in   {"files": name of a file or folder of the lab, "title": text, "source": text}
    sealed, stored, opened, deposited, returned
              {"exhibit": number of the exhibit in the case's order of taking in, from 1,
               "place": text, "seal": text, "reason": text, "to": text}; as the act needs them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.cases.actions import Event, admit_exhibit, record_event
from kancil.desk.custody.store import one_transaction
from kancil.evidence.intake import Intake
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace
from kancil.training.lab import Step

from .errors import StepUnknown
from .folders import file_path, manifest_of
from .models import Attempt

EVENTS = ("sealed", "stored", "opened", "deposited", "returned")


class _PlayedAlready(Exception):
    """Another window played the act at this moment; what this one wrote is taken back."""


def play_script(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    attempt: Attempt,
    steps: Sequence[Step],
    by: ActingOfficer,
) -> None:
    """Play the acts that were not played yet, each once: act and count are one transaction.

    Raises StepUnknown, and what the acts raise.
    """
    for place in range(attempt.played, len(steps)):
        step = steps[place]
        try:
            if step.act == "take-in":
                _take_in(ledger, workspace, attempt, place, step.given, by)
            elif step.act in EVENTS:
                with one_transaction():
                    _event(ledger, attempt, cast(Event, step.act), step.given, by)
                    _count(attempt, place)
            else:
                raise StepUnknown(act=step.act[:40])
        except _PlayedAlready:
            continue
    attempt.refresh_from_db(fields=["played"])


def _count(attempt: Attempt, place: int) -> None:
    """Count the act, in its transaction."""
    if not Attempt.objects.filter(pk=attempt.pk, played=place).update(played=place + 1):
        raise _PlayedAlready


def _take_in(
    ledger: LedgerStore,
    workspace: Workspace,
    attempt: Attempt,
    place: int,
    given: dict[str, Any],
    by: ActingOfficer,
) -> None:
    named = str(given["files"])
    manifest = manifest_of(workspace, attempt.variant)
    files = [each for each in manifest.evidence if f"{each.name}/".startswith(f"{named}/")]
    paths = {file_path(workspace, attempt.variant, each.name): each.name for each in files}

    def record(write: Callable[[ActingOfficer, Intake], Entry], intake: Intake) -> Entry:
        with one_transaction():
            entry = write(by, intake)
            _count(attempt, place)
        return entry

    admit_exhibit(
        ledger,
        Vault(workspace.vault_dir, workspace.incoming_dir, workspace.reserve_bytes),
        case=CaseId(attempt.case_id),
        paths=list(paths),
        title=str(given["title"]),
        source=str(given["source"]),
        by=by,
        stated=paths,
        record=record,
    )


def _event(
    ledger: LedgerStore, attempt: Attempt, event: Event, given: dict[str, Any], by: ActingOfficer
) -> None:
    taken = ledger.folded(Roll).case(CaseId(attempt.case_id)).exhibits
    record_event(
        ledger,
        exhibit=taken[int(given["exhibit"]) - 1],
        event=event,
        place=str(given["place"]),
        seal=given.get("seal"),
        reason=given.get("reason"),
        to=given.get("to"),
        by=by,
    )
