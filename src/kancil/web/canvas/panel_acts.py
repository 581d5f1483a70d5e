"""What one can do from a box: links that work without script, and acts of the page's own script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.ground.phrase import Phrase
from kancil.studies.moneygraph.parts import Subject

from .shares import Alleged, Share

COINS = ("transaction", "output", "address")
"""Kinds from which one can trace and follow."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do."""

    name: str
    """What the script does (`data-canvas-act`); empty: only the link."""
    text: Phrase
    url: str = ""
    """Where it leads without script; empty: it needs script."""
    direction: str = ""


def acts_of(
    case: Case,
    subject: Subject,
    address: str,
    shares: Sequence[Share],
    alleged: Sequence[Alleged] = (),
    reported: Sequence[Act] = (),
    *,
    may_act: bool,
) -> list[Act]:
    """What is offered, in the order of the panel; `reported`: at the box of a reported party."""
    found: list[Act] = list(reported)
    if not subject.kind:
        return found
    name = address if subject.kind == "cluster" else subject.value
    if subject.kind in COINS or (subject.kind == "cluster" and name):
        found += _ways(case, subject, name, may_act=may_act)
    found += _places(case, subject, address, may_act=may_act)
    if may_act and shares:
        found.append(Act("", Phrase("web.canvas.act-finding"), shares[0].finding_url))
    recorded = next((each.trace for each in shares if not each.is_draft), None)
    if recorded is not None:
        stop = f"{_url('keepers', case=case.number)}?trace=T{recorded}"
        found.append(Act("", Phrase("web.keepers.open"), stop))
    for one in alleged if may_act else ():
        told = {"publisher": one.publisher, "label": one.label}
        found.append(Act("", Phrase("web.select.attribution", told), one.finding_url))
    found += [Act(each, Phrase(f"web.canvas.act-{each}")) for each in ("hide", "group", "colour")]
    return found


def _ways(case: Case, subject: Subject, name: str, *, may_act: bool) -> list[Act]:
    """Trace on, and follow to the next service."""
    found = []
    for direction in ("forward", "backward") if may_act else ():
        url = _url("trace_new", case=case.number)
        asked = urlencode({"start": name, "chain": subject.chain, "direction": direction})
        text = Phrase(f"web.canvas.act-trace-{direction}")
        found.append(Act("trace", text, f"{url}?{asked}", direction))
    found.append(Act("follow", Phrase("web.canvas.act-follow"), direction="forward"))
    return found


def _places(case: Case, subject: Subject, address: str, *, may_act: bool) -> list[Act]:
    """The profile of what the box stands for, watching and tagging it, a note."""
    found = []
    chain = subject.chain
    if subject.kind == "cluster" and address:
        url = _url("cluster", chain=chain, address=address)
        found.append(Act("", Phrase("web.canvas.act-profile"), url))
    elif address:
        url = _url("address", chain=chain, address=address)
        found.append(Act("", Phrase("web.canvas.act-profile"), url))
        url = _url("exposure", chain=chain, address=address)
        found.append(Act("", Phrase("web.canvas.act-exposure"), url))
    elif subject.kind == "transaction":
        url = _url("tx", chain=chain, txid=subject.value)
        found.append(Act("", Phrase("web.canvas.act-transaction"), url))
    if not may_act:
        return found
    if address:
        watched = urlencode({"chain": chain, "watch_address": address})
        watch = _url("case_watch_new", case=case.number)
        found.append(Act("", Phrase("web.canvas.act-watch"), f"{watch}?{watched}"))
        asked = urlencode({"kind": "address", "chain": chain, "value": address})
        found.append(Act("", Phrase("web.canvas.act-tag"), f"{_url('tag_new')}?{asked}"))
    about = urlencode({"kind": subject.kind, "chain": chain, "value": subject.value})
    note = _url("note_new", case=case.number)
    found.append(Act("note", Phrase("web.canvas.act-note"), f"{note}?{about}"))
    return found


def _url(name: str, **given: object) -> str:
    return reverse(name, kwargs=given)
