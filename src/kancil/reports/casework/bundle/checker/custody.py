"""Steps 3 and 4 of checking a bundle: the ledger it shows, and when it existed.

The ledger's own rules are judged by `kancil.custody.shown`; here its parts are taken from the
members, and the bundle's manifest is tied to the entry that records its making.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.custody.checkpoint import CASE, Checkpoint, read_checkpoint
from kancil.custody.consistency import Consistency
from kancil.custody.entry import Entry, read_entry
from kancil.custody.errors import CheckpointNotReadable, EntryNotReadable
from kancil.custody.shown import verify_shown
from kancil.custody.spans import UNIT
from kancil.custody.timestamp import check_imprint, verify_response
from kancil.custody.verdict import ANCHORED, ShownVerdict
from kancil.ground import canonical, signing
from kancil.ground.clock import to_text
from kancil.ground.errors import KancilError, NotCanonical
from kancil.reports.casework.bundle.manifest import MANIFEST, SITE
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.seal import CHECKPOINT

from .files import KEYS_LIST, read_keys
from .making import check_making
from .verdict import BundleVerdict
from .views import check_views

CASE_FILE = "custody/case.json"
ENTRIES = "custody/entries.jsonl"
PROOFS = "custody/proofs.json"
STAMP = "custody/checkpoint.tsr"
_HEADS = "custody/heads/"
_PEMS = "custody/keys/"
_ANCHOR_CODES = {
    "ledger-forked": "checkpoint-differs",
    "checkpoint-of-other-unit": "checkpoint-differs",
    "checkpoint-not-signed": "checkpoint-differs",
    "consistency-wrong": "consistency-wrong",
}


def check_custody(
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    against: Checkpoint | None,
    consistency: Consistency | None,
) -> list[Entry]:
    """Judge everything under `custody/`; gives the shown entries that can be read."""
    step = verdict.steps["custody"]
    checkpoint = _read_note(members, CHECKPOINT, verdict)
    heads = _read_heads(members, verdict)
    proofs = _read_json(members, PROOFS, verdict)
    lines = _read_lines(members, verdict)
    entries: list[Entry] = []
    if checkpoint is not None and proofs is not None and lines is not None:
        shown = verify_shown(lines, proofs, checkpoint, heads)
        _take(shown, verdict)
        entries = _read_entries(lines)
        _check_site(verdict, entries)
        _check_case(members, verdict, entries, heads)
        _check_keys(members, verdict, shown, entries)
        _check_lists(proofs, verdict, entries)
        check_making(members, verdict, entries, shown, checkpoint)
        check_views(members, verdict, entries)
        if against is not None and not step.problems:
            held = verify_shown(
                lines, proofs, checkpoint, heads, against=against, consistency=consistency
            )
            _check_against(verdict, held)
    _check_members(members, verdict, heads)
    step.close()
    return entries


def _check_site(verdict: BundleVerdict, entries: list[Entry]) -> None:
    """A classroom's bundle says that it is one, as the ledger's first entry does, and no other."""
    founded = any(e.kind == "unit.founded" and SITE in e.body for e in entries)
    stated = verdict.is_training
    verdict.is_training = founded or stated
    if founded is not stated:
        verdict.steps["custody"].problems.append(Remark("site-differs", MANIFEST))


def _read_note(
    members: Mapping[str, bytes], name: str, verdict: BundleVerdict
) -> Checkpoint | None:
    try:
        return read_checkpoint(members.get(name, b""))
    except CheckpointNotReadable:
        verdict.steps["custody"].problems.append(Remark("note-form", name))
        return None


def _read_heads(members: Mapping[str, bytes], verdict: BundleVerdict) -> list[Checkpoint]:
    heads = []
    for name in sorted(n for n in members if n.startswith(_HEADS)):
        head = _read_note(members, name, verdict)
        if head is None:
            continue
        expected = "case" if head.scope == CASE else str(head.subject)
        if name != f"{_HEADS}{expected}.txt":
            verdict.steps["custody"].problems.append(Remark("head-name", name))
        heads.append(head)
    return heads


def _read_json(members: Mapping[str, bytes], name: str, verdict: BundleVerdict) -> Any:
    try:
        return canonical.loads_canonical(members.get(name, b""))
    except NotCanonical:
        verdict.steps["custody"].problems.append(Remark("member-form", name))
        return None


def _read_lines(members: Mapping[str, bytes], verdict: BundleVerdict) -> list[bytes] | None:
    data = members.get(ENTRIES, b"")
    if not data.endswith(b"\n"):
        verdict.steps["custody"].problems.append(Remark("member-form", ENTRIES))
        return None
    return data.split(b"\n")[:-1]


def _read_entries(lines: list[bytes]) -> list[Entry]:
    entries = []
    for line in lines:
        try:
            entries.append(read_entry(line))
        except EntryNotReadable:
            continue
    return entries


def _take(shown: ShownVerdict, verdict: BundleVerdict) -> None:
    """Take over what the ledger's own rules found."""
    step = verdict.steps["custody"]
    for problem in shown.problems:
        step.problems.append(
            Remark("ledger-problem", str(problem.n), {"code": problem.code, "n": problem.n})
        )
    for note in shown.not_checked:
        if note.code not in ("not-anchored", "unit-key-not-compared"):
            step.not_checked.append(Remark(f"ledger-{note.code}", "", note.params))
    if not shown.is_broken:
        params: dict[str, str | int] = {"shown": shown.shown, "size": shown.size}
        step.said.append(Remark("ledger-shown", "", params))
        step.said.append(Remark("ledger-complete", "", {"count": len(shown.complete)}))
        step.not_checked.append(Remark("unit-key-not-compared", "", {"key": str(shown.unit_key)}))


def _check_case(
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    entries: list[Entry],
    heads: list[Checkpoint],
) -> None:
    """The case of the manifest, of case.json, of the head and of the opening must be one."""
    case = _read_json(members, CASE_FILE, verdict)
    problems = verdict.steps["custody"].problems
    opened = [entry for entry in entries if entry.kind == "case.opened"]
    manifest = verdict.manifest
    if not isinstance(case, dict) or manifest is None or len(opened) != 1:
        problems.append(Remark("case-differs", CASE_FILE))
        return
    expected = {
        "id": str(opened[0].case_id),
        "number": opened[0].body.get("number"),
        "title": opened[0].body.get("title"),
        "unit": opened[0].unit,
    }
    subjects = [head.subject for head in heads if head.scope == CASE]
    stated = {"id": manifest["case"], "unit": manifest["unit"]}
    if case != expected or {**expected, **stated} != expected or subjects != [expected["id"]]:
        problems.append(Remark("case-differs", CASE_FILE))


def _check_keys(
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    shown: ShownVerdict,
    entries: list[Entry],
) -> None:
    """keys.json must say of each key what the shown entries say, and the PEM files be the same."""
    problems = verdict.steps["custody"].problems
    keys = read_keys(members)
    if keys is None:
        problems.append(Remark("member-form", KEYS_LIST))
        return
    names = {
        UNIT if entry.kind == "unit.founded" else entry.body.get("officer"): entry.body.get("name")
        for entry in entries
        if entry.kind in ("unit.founded", "officer.added")
    }
    if {key["fingerprint"] for key in keys} != set(shown.keys.spans):
        problems.append(Remark("keys-not-those-of-ledger", KEYS_LIST))
    pems = {}
    for number, key in enumerate(keys, 1):
        span = shown.keys.spans.get(key["fingerprint"])
        holder = UNIT if key["officer"] is None else key["officer"]
        if span is None or holder != span.holder or key["name"] != names.get(holder):
            problems.append(Remark("key-differs-from-ledger", KEYS_LIST, {"key": number}))
        else:
            pems[f"{_PEMS}{number}.pem"] = signing.public_pem(span.public_raw)
    held = {name: data for name, data in members.items() if name.startswith(_PEMS)}
    if held != pems:
        problems.append(Remark("key-files", _PEMS))


def _check_lists(proofs: Any, verdict: BundleVerdict, entries: list[Entry]) -> None:
    """Every shown entry of the case and its exhibits is listed, and the lists name no other."""
    manifest, problems = verdict.manifest, verdict.steps["custody"].problems
    if manifest is None or any(one.code == "ledger-problem" for one in problems):
        return
    case = set(proofs["case"])
    exhibits = {name: set(hashes) for name, hashes in proofs["exhibits"].items()}
    for entry in entries:
        found, params = entry.hash.hex(), {"n": entry.n}
        is_own = entry.case_id == manifest["case"]
        if is_own and entry.exhibit_id is not None and entry.exhibit_id not in exhibits:
            problems.append(Remark("exhibit-not-listed", PROOFS, params))
        listed = {name for name, hashes in exhibits.items() if found in hashes}
        if (found in case) != is_own or listed - {entry.exhibit_id}:
            problems.append(Remark("list-names-another", PROOFS, params))


def _check_members(
    members: Mapping[str, bytes], verdict: BundleVerdict, heads: list[Checkpoint]
) -> None:
    known = {CASE_FILE, CHECKPOINT, ENTRIES, PROOFS, STAMP, KEYS_LIST}
    for name in sorted(members):
        if not name.startswith("custody/") or name in known:
            continue
        if not name.startswith((_HEADS, _PEMS)):
            verdict.steps["custody"].problems.append(Remark("member-unknown", name))


def _check_against(verdict: BundleVerdict, shown: ShownVerdict) -> None:
    """Compare with a checkpoint received by another road."""
    when = verdict.steps["when"]
    if shown.state == ANCHORED:
        when.said.append(Remark("anchored", "", {"size": shown.anchored_size}))
        verdict.is_anchored = True
        return
    codes = [_ANCHOR_CODES[one.code] for one in shown.problems if one.code in _ANCHOR_CODES]
    when.problems.extend(Remark(code) for code in dict.fromkeys(codes))
    for note in shown.not_checked:
        if note.code == "checkpoint-of-other-size":
            when.not_checked.append(Remark("checkpoint-of-other-size", "", note.params))


def check_when(
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    *,
    against: Checkpoint | None,
    timestamp_chain: bytes | None,
) -> None:
    """Step 4: outside time stamp and outside checkpoint, as far as they are given."""
    when = verdict.steps["when"]
    if against is None:
        when.not_checked.append(Remark("not-anchored"))
    if STAMP in members:
        _check_stamp(members[STAMP], members.get(CHECKPOINT, b""), verdict, timestamp_chain)
    else:
        when.not_checked.append(Remark("no-time-stamp"))
    if when.problems or when.said:
        when.close()


def _check_stamp(
    response: bytes, checkpoint: bytes, verdict: BundleVerdict, timestamp_chain: bytes | None
) -> None:
    """Without certificates only whether it is over this checkpoint can be seen."""
    when = verdict.steps["when"]
    try:
        if timestamp_chain is None:
            check_imprint(response, checkpoint, path=STAMP)
            when.not_checked.append(Remark("time-stamp-not-checked", STAMP))
            return
        stamp = verify_response(response, checkpoint, timestamp_chain, path=STAMP)
    except KancilError as error:
        when.problems.append(Remark("time-stamp-wrong", STAMP, {"code": error.code}))
        return
    params: dict[str, str | int] = {"authority": stamp.authority, "time": to_text(stamp.time)}
    when.said.append(Remark("time-stamped", STAMP, params))
