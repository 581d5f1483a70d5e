"""Saved views in a bundle, held against the ledger entries that name them.

A view is an officer's arrangement of a picture. What is checked: that it is the very file that its
signed entry names, and that the traces it draws are in the bundle, whole. verify.html does the same
(`page/script/views.js`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kancil.custody.entry import Entry
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical
from kancil.reports.casework.bundle.manifest import VIEWS, view_member
from kancil.reports.casework.bundle.remark import Remark

from .verdict import BundleVerdict

ENTRIES = "custody/entries.jsonl"
FORMAT = "kancil-view/1"
_KIND = "view.saved"


def check_views(
    members: Mapping[str, bytes], verdict: BundleVerdict, entries: Sequence[Entry]
) -> None:
    """Compare number, order, digest and traces of each view with the signed entries."""
    step, making = verdict.steps["custody"], verdict.making
    if making is None:
        return
    named = making.body.get("views", [])
    held = {name for name in members if name.startswith(VIEWS)}
    if not _fits(named) or held != {view_member(n) for n in range(1, len(named) + 1)}:
        step.problems.append(Remark("views-not-recorded", ENTRIES))
        return
    own = [entry for entry in entries if entry.case_id == making.case_id]
    saved = {str(entry.body.get("view")): entry for entry in own if entry.kind == _KIND}
    shown = making.body.get("traces")
    traces = {
        (entry.body.get("number"), entry.body.get("result_sha256"))
        for entry in own
        if entry.kind == "trace.run" and entry.body.get("trace") in (shown or ())
    }
    for number, name in enumerate(named, 1):
        place, entry = view_member(number), saved.get(name)
        if entry is None:
            step.problems.append(Remark("views-not-recorded", ENTRIES))
            continue
        code = _wrong(members[place], entry, traces)
        if code:
            step.problems.append(Remark(code, place))
            continue
        told: dict[str, str | int] = {name: entry.body[name] for name in ("number", "name")}
        told["hidden"] = entry.body["hidden"]["boxes"]
        step.said.append(Remark("view-recorded", "", told))


def _fits(named: Any) -> bool:
    """Whether the making names views, each once."""
    is_list = isinstance(named, list) and all(isinstance(name, str) for name in named)
    return is_list and len(set(named)) == len(named)


def _wrong(data: bytes, entry: Entry, traces: set[tuple[Any, Any]]) -> str:
    """What is wrong with one view; empty for nothing."""
    try:
        view = canonical.loads_canonical(data)
    except NotCanonical:
        return "view-form"
    body = entry.body
    is_object = isinstance(view, dict) and view.get("format") == FORMAT
    sources = view.get("sources") if is_object else None
    if not isinstance(sources, list) or not all(isinstance(one, dict) for one in sources):
        return "view-form"
    hidden = body.get("hidden")
    counts = (body.get("number"), hidden.get("boxes") if isinstance(hidden, dict) else None)
    is_told = isinstance(body.get("name"), str) and all(type(count) is int for count in counts)
    if not is_told or sha256_hex(data) != body.get("sha256"):
        return "view-digest"
    drawn = [one for one in sources if one.get("kind") == "trace"]
    is_held = all((one.get("trace"), one.get("result_sha256")) in traces for one in drawn)
    return "" if is_held else "view-trace"
