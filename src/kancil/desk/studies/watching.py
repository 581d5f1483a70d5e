"""Watch lists: what is watched and why, and what is to be told of it.

A transaction is told once, and again only when something happens to it. What was found is kept by
the transaction's id, so that a chain that is ingested again tells nothing twice, and one whose
block is no longer in the chain is told to be so. Nothing here is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.watch import MOST_SCRIPTS, Script, Touch, too_wide, touches
from kancil.bitcoin.clusters.clusters import Clusters, find_address
from kancil.bitcoin.clusters.views import script_of, script_of_text
from kancil.bitcoin.script.kind import ScriptKind
from kancil.custody.cases import require_basis
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerView
from kancil.desk.base.errors import TextNotStorable
from kancil.desk.base.keeping import fill
from kancil.desk.base.opening import told
from kancil.desk.custody.store import one_transaction
from kancil.ground.clock import now
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase

from .errors import OptionMissing
from .models import TouchChange, Watch, WatchScript, WatchTouch
from .watched import TouchRead, WatchRead, as_touch, as_watch, untold

_BATCH_ROWS = 500
_MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be watched, and why."""

    address: str
    reason: str
    legal_basis: str
    case: CaseId | None = None


@told()
def add_watch(
    ledger: LedgerView,
    chain: Chain,
    wanted: Wanted,
    *,
    by: str,
    clusters: Clusters | None = None,
) -> WatchRead:
    """Begin to watch an address (or key, in hex), with `clusters` its whole cluster.

    What the chain holds now is not told. `by`: an officer's id, or an account's name. Raises
    OptionMissing, OptionNotUsable, TextNotStorable, LegalBasisExpired, and what reading an address
    raises.
    """
    for option, text in (("--reason", wanted.reason), ("--legal-basis", wanted.legal_basis)):
        if not text.strip():
            raise OptionMissing(option=option)
        if "\x00" in text:
            raise TextNotStorable
    scripts = _scripts(chain, wanted.address, clusters)
    if isinstance(scripts, int):
        raise too_wide(wanted.address)
    held = touches(chain, scripts)
    if held is None:
        raise too_wide(wanted.address)
    roll = ledger.folded(Roll)
    if wanted.case is not None:
        require_basis(roll, roll.case(wanted.case))
    moment = now()
    with one_transaction():
        watch = _new_watch(chain, wanted, by, is_cluster=clusters is not None)
        WatchScript.objects.bulk_create(_script_rows(watch, scripts, moment), _BATCH_ROWS)
        rows = [_row(watch, each, TouchChange.BEFORE) for each in held.values()]
        for row in rows:
            row.told_at = moment
        WatchTouch.objects.bulk_create(rows, _BATCH_ROWS)
    return as_watch(watch)


def _new_watch(chain: Chain, wanted: Wanted, by: str, *, is_cluster: bool) -> Watch:
    address = wanted.address.strip()
    same = Watch.objects.filter(
        chain=chain.name,
        address=address,
        is_cluster=is_cluster,
        case_id=wanted.case,
        ended_at=None,
    ).first()
    if same is not None:
        why = Phrase("why.watch-known", {"watch": f"W{same.number}"})
        raise OptionNotUsable(option="ADDRESS", value=address[:100], why=why)
    last = Watch.objects.aggregate(last=Max("number"))["last"] or 0
    return Watch.objects.create(
        number=last + 1,
        chain=chain.name,
        address=address,
        is_cluster=is_cluster,
        case_id=wanted.case,
        reason=wanted.reason.strip(),
        legal_basis=wanted.legal_basis.strip(),
        by=by,
        since=now(),
    )


def _scripts(chain: Chain, address: str, clusters: Clusters | None) -> list[Script] | int:
    """The scripts of an address or its cluster.

    Of a cluster above `MOST_SCRIPTS` none is read: how many addresses it has is given instead.
    """
    kind, payload = script_of_text(chain, address)
    if clusters is None:
        return [(kind, payload)]
    number = find_address(chain, clusters.of_row, kind, payload)
    if number < 0:
        return [(kind, payload)]
    members = clusters.members_of(number)
    if len(members) > MOST_SCRIPTS:
        return len(members)
    return [script_of(chain, clusters, each) for each in members.tolist()]


@told()
def end_watch(chain: str, number: int, *, case: CaseId | None, why: str, by: str) -> WatchRead:
    """End a watch; it stays with all that was found. Raises OptionMissing, OptionNotUsable."""
    if not why.strip():
        raise OptionMissing(option="--why")
    if "\x00" in why:
        raise TextNotStorable
    with one_transaction():
        watch = Watch.objects.filter(
            chain=chain, number=number, case_id=case, ended_at=None
        ).first()
        if watch is None:
            name = f"W{number}"
            raise OptionNotUsable(option="WATCH", value=name, why=Phrase("why.watch-not-here"))
        watch.ended_at, watch.ended_by, watch.ended_why = now(), by, why.strip()
        watch.save(update_fields=["ended_at", "ended_by", "ended_why"])
    return as_watch(watch)


@told()
def look(chain: Chain) -> list[TouchRead]:
    """Look for what touches the watches of a chain, and keep what is new or has changed.

    Clusters are taken as they were last made. Gives what changed now, told or not. A watch that
    too many transactions touch by now stays as it was, and is marked so.
    """
    changed: list[TouchRead] = []
    for watch in list(Watch.objects.filter(chain=chain.name, ended_at=None)):
        held = touches(chain, _scripts_of(watch))
        if watch.is_too_wide != (held is None):
            watch.is_too_wide = held is None
            watch.save(update_fields=["is_too_wide"])
        if held is not None:
            changed += _keep(watch, held)
    return changed


def _keep(watch: Watch, held: dict[str, Touch]) -> list[TouchRead]:
    """Bring the kept transactions of a watch up to what the chain holds."""
    with one_transaction():
        kept = {row.txid: row for row in watch.touches.all()}
        fresh = [
            _row(watch, each, TouchChange.NEW) for txid, each in held.items() if txid not in kept
        ]
        WatchTouch.objects.bulk_create(fresh, _BATCH_ROWS)
        altered = [row for row in kept.values() if _alter(row, held.get(row.txid))]
        for row in altered:
            row.save()
    return [as_touch(watch, row) for row in (*fresh, *altered)]


def _row(watch: Watch, touch: Touch, change: TouchChange) -> WatchTouch:
    row = WatchTouch(watch=watch, change=change, found_at=now())
    fill(row, touch)
    return row


def _alter(row: WatchTouch, touch: Touch | None) -> bool:
    """Make a row what the chain says now; says whether anything is to be told of it."""
    if touch is None:
        if row.is_gone:
            return False
        row.is_gone, row.change = True, TouchChange.GONE
    else:
        change = _change(row, touch)
        if change is None:
            return False
        row.is_gone = False
        fill(row, touch)
        is_still_new = row.change == TouchChange.NEW and row.told_at is None
        row.change = TouchChange.NEW if is_still_new else change
    row.found_at, row.told_at = now(), None
    return True


def _change(row: WatchTouch, touch: Touch) -> TouchChange | None:
    if row.is_gone:
        return TouchChange.BACK
    if row.block != touch.block:
        return TouchChange.MOVED
    if (row.in_sat, row.out_sat) != (touch.in_sat, touch.out_sat):
        return TouchChange.AMOUNTS
    return None


@told()
def grow_clusters(chain: Chain, clusters: Clusters) -> dict[str, int]:
    """Add addresses that clusters have won since; gives how many, by the watch's number (`W2`).

    What touches them already is kept and not told. One that a cluster has lost stays watched. Of a
    cluster that has become too large none is added, and its watch is marked so.
    """
    grown: dict[str, int] = {}
    for watch in list(Watch.objects.filter(chain=chain.name, ended_at=None, is_cluster=True)):
        scripts = _scripts(chain, watch.address, clusters)
        fresh: list[Script] = []
        left: int | None = None
        if isinstance(scripts, int):
            left = scripts
        else:
            fresh = _not_watched(watch, scripts)
            if not _add_scripts(chain, watch, fresh):
                left = len(scripts)
        if watch.cluster_addresses != left:
            watch.cluster_addresses = left
            watch.save(update_fields=["cluster_addresses"])
        if fresh and left is None:
            grown[f"W{watch.number}"] = len(fresh)
    return grown


def _not_watched(watch: Watch, scripts: list[Script]) -> list[Script]:
    known = {(row.kind, row.payload) for row in watch.scripts.all()}
    return [each for each in scripts if (int(each[0]), each[1].hex()) not in known]


def _add_scripts(chain: Chain, watch: Watch, fresh: list[Script]) -> bool:
    """Watch these too, or none of them where that would be too many; says which."""
    if not fresh:
        return True
    every = [*_scripts_of(watch), *fresh]
    held = touches(chain, every) if len(every) <= MOST_SCRIPTS else None
    if held is None:
        return False
    moment = now()
    with one_transaction():
        rows = _script_rows(watch, fresh, moment)
        WatchScript.objects.bulk_create(rows, _BATCH_ROWS, ignore_conflicts=True)
        kept = {row.txid: row for row in watch.touches.all()}
        before = []
        for txid, touch in held.items():
            row = kept.get(txid)
            if row is None:
                row = _row(watch, touch, TouchChange.BEFORE)
                row.told_at = moment
                before.append(row)
            elif (row.in_sat, row.out_sat) != (touch.in_sat, touch.out_sat):
                row.in_sat, row.out_sat = touch.in_sat, touch.out_sat
                row.save(update_fields=["in_sat", "out_sat"])
        WatchTouch.objects.bulk_create(before, _BATCH_ROWS)
    return True


def _script_rows(watch: Watch, scripts: list[Script], moment: datetime) -> list[WatchScript]:
    return [
        WatchScript(watch=watch, kind=int(kind), payload=payload.hex(), since=moment)
        for kind, payload in scripts
    ]


def _scripts_of(watch: Watch) -> list[Script]:
    return [(ScriptKind(row.kind), bytes.fromhex(row.payload)) for row in watch.scripts.all()]


@told()
def tell(chain: str, case: CaseId | None) -> list[TouchRead]:
    """What is new of the watches of the unit, or of one case, and mark it as told."""
    moment = now()
    with one_transaction():
        found = untold(chain, case)
        ids = [each.id for each in found]
        for start in range(0, len(ids), _BATCH_ROWS):
            part = ids[start : start + _BATCH_ROWS]
            WatchTouch.objects.filter(id__in=part).update(told_at=moment)
        Watch.objects.filter(chain=chain, case_id=case, ended_at=None).update(checked_at=moment)
    return found


@told()
def see(case: CaseId | None, shown: Sequence[int], until: datetime) -> None:
    """Mark as told what was shown of the watches of the unit, or of one case.

    `shown`: ids of the rows. `until`: when the newest of them was found: what happened to one of
    them since was not shown, and is still to be told.
    """
    with one_transaction():
        WatchTouch.objects.filter(
            id__in=list(shown)[:_MOST_SHOWN],
            watch__case_id=case,
            found_at__lte=until,
            told_at=None,
        ).update(told_at=now())


def split_by_case(rows: Iterable[TouchRead]) -> tuple[list[TouchRead], dict[str, int]]:
    """Part rows into those of the unit's own watches, and how many each case has."""
    own: list[TouchRead] = []
    others: dict[str, int] = {}
    for row in rows:
        if row.case_id is None:
            own.append(row)
        else:
            others[row.case_id] = others.get(row.case_id, 0) + 1
    return own, others
