"""Bundles with saved views: honest ones, and what insiders can bend in them.

Entries of the ledger: 6 trace, 7 finding, 8 the saved view, 9 the making of the bundle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from kancil.reports.casework.bundle.archive import write_archive
from kancil.studies.canvas.view import ChainSource, TraceSource, View
from tests.reports.make_sample_bundle import sample_answers
from tests.reports.tiny_ledger import CASE, OFFICER, TinyLedger, canonical, key_of

from .attack import ANYONE, BOTH, NOBODY, Attack
from .attack import OFFICER as OWN
from .forge import KEY, WITNESS, Forgery, Members, hide

VIEW = "01936000-0000-7000-8000-0000000003{number:02d}"
FIRST = "views/1.json"
VIEW_ENTRY = 8
HIDDEN = {"boxes": 1, "filtered": 0, "unknown_values": 0, "value_sat": "1000000000"}


def view(**changes: Any) -> View:
    """A view of the sample's trace."""
    digest = sample_answers().answers[0].digest
    given = {"sources": (TraceSource(1, digest),), "hidden": ("end-1",), **changes}
    return View(**given)


def save(data: bytes, number: int = 1, **changes: Any) -> Any:
    """What records a view in the ledger before the making."""
    body = {
        "base": None, "hidden": HIDDEN, "name": "The payee", "note": "",
        "number": number, "sha256": hashlib.sha256(data).hexdigest(),
        "view": VIEW.format(number=number), **changes,
    }  # fmt: skip

    def bend(ledger: TinyLedger) -> None:
        ledger.add("view.saved", body, key=key_of("officer"), officer=OFFICER, case=CASE)

    return bend


def forgery(
    data: bytes | None = None,
    *,
    held: Mapping[str, bytes] | None = None,
    entry: Mapping[str, Any] | None = None,
    **other: Any,
) -> Forgery:
    """An honest bundle of a trace and a view, unless something is bent.

    `data`: the view, as its entry names it; `held`: other members than that; `entry`: changes to
    the body of its entry.
    """
    data = view().canonical if data is None else data
    members = {FIRST: data} if held is None else held
    told: dict[str, Any] = {
        "bend_ledger": save(data, **(entry or {})),
        "making": {"views": [VIEW.format(number=1)]},
        "bend_listed": lambda listed: listed.update(members),
        **other,
    }
    return Forgery(**told)


def attacks() -> Iterator[Attack]:
    """Every bundle of this file."""
    yield Attack("views: whole", forgery().make(), NOBODY, "unchanged")
    yield Attack("views: whole, fingerprint fits", forgery().make(), NOBODY, "confirmed", KEY)
    around = view(sources=(ChainSource("main", ("1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d",)),))
    yield Attack("views: of a chain", forgery(around.canonical).make(), NOBODY, "unchanged")
    saved = forgery(held={}, making={})
    yield Attack("views: saved and not put in", saved.make(), NOBODY, "unchanged")
    for name, one in bent().items():
        yield Attack(f"views: {name}", one.make(), BOTH)
    hidden = forgery(bend_custody=hide("view.saved"))
    yield Attack("views: entry taken out, list anew", hidden.make(), OWN)
    members = forgery().members()
    yield Attack("views: left out", write_archive(_without(members)), ANYONE)


def _without(members: Members) -> Members:
    return {name: data for name, data in members.items() if name != FIRST}


def bent() -> dict[str, Forgery]:
    """Whoever holds both keys names other views or puts in others."""
    other = view(hidden=()).canonical
    elsewhere = view(sources=(TraceSource(1, "ab" * 32),)).canonical
    renumbered = view(sources=(TraceSource(2, sample_answers().answers[0].digest),)).canonical
    spaced = view().canonical.replace(b'"format":', b'"format": ')
    return {
        "another view than the entry names": forgery(held={FIRST: other}),
        "of a trace that is not in the bundle": forgery(elsewhere),
        "of a trace under another number": forgery(renumbered),
        "not named by the making": forgery(making={}),
        "named and not there": forgery(held={}),
        "named twice": forgery(making={"views": [VIEW.format(number=1)] * 2}),
        "named by no text": forgery(making={"views": [1]}),
        "names that are no list": forgery(making={"views": "V1"}),
        "named and recorded by nothing": forgery(making={"views": [VIEW.format(number=7)]}),
        "a file beside it": forgery(held={FIRST: view().canonical, "views/more.txt": b"x"}),
        "under another number": forgery(held={"views/2.json": view().canonical}),
        "no JSON": forgery(b"not JSON"),
        "a list": forgery(b"[]"),
        "with a space": forgery(spaced),
        "of a newer form": forgery(view().canonical.replace(b"view/1", b"view/2")),
        "without sources": forgery(canonical({"format": "kancil-view/1"})),
        "whose sources are texts": forgery(
            canonical({"format": "kancil-view/1", "sources": ["T1"]})
        ),
        "no digest in the entry": forgery(entry={"sha256": None}),
        "a text for the count of hidden boxes": forgery(entry={"hidden": {**HIDDEN, "boxes": "1"}}),
        "a truth for the count of hidden boxes": forgery(
            entry={"hidden": {**HIDDEN, "boxes": True}}
        ),
        "a number for what is hidden": forgery(entry={"hidden": 1}),
        "a number for the name": forgery(entry={"name": 7}),
        "sealed as declared": forgery(declared={VIEW_ENTRY: WITNESS}),
    }
