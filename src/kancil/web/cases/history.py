"""Ledger entries of a case as rows, each linked to what it names; who acted, and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.custody.handling import LIMITED, RELEASED
from kancil.desk.cases.queries import Case
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, beginning, joined, link, number, table, tag, when
from kancil.web.limits import word_of

_ROOMS = {
    "case.opened": "overview",
    "case.basis-added": "overview",
    "case.member-added": "case_people",
    "case.member-removed": "case_people",
    "finding.accepted": "findings",
    "finding.withdrawn": "findings",
    "bundle.made": "bundle",
    "report.made": "report",
    "request.drafted": "requests",
    "request.authorised": "requests",
    "request.recorded": "requests",
    "request.received": "requests",
}
"""The page of the case that shows what an entry of this kind names."""


def history(key: str, case: Case, entries: Sequence[Entry], names: dict[str, str]) -> Section:
    """Table of entries in the order given; `names`: of officers, by id."""
    return table(
        key,
        ("entry>", "when", "event", "who", "signed", "says"),
        [
            (
                number(entry.n),
                when(entry.at),
                link(url, what_happened(entry))
                if (url := url_of(case, entry))
                else what_happened(entry),
                who_acted(entry, names),
                tag("unknown", "web.signed-by-server")
                if entry.on_behalf
                else tag("intact", "web.signed-by-own-key"),
                says(entry, names),
            )
            for entry in entries
        ],
    )


def url_of(case: Case, entry: Entry) -> str:
    """Address of the page of what an entry names: exhibit, trace, findings, …; empty if none."""
    given: dict[str, Any] = {"case": case.number}
    if entry.exhibit_id:
        return reverse("exhibit", kwargs={**given, "exhibit": entry.exhibit_id})
    if entry.kind in _OF_TRACE:
        return reverse("trace", kwargs={**given, "trace": entry.body["number"]})
    if entry.kind == "study.run":
        return reverse("study", kwargs={**given, "study": entry.body["number"]})
    room = _ROOMS.get(entry.kind)
    return reverse(room, kwargs=given) if room else ""


def what_happened(entry: Entry) -> Phrase:
    """Name of the entry's kind; of a trace made by exploring, that it began as a draft."""
    if entry.kind == "trace.run" and entry.body.get("draft") is True:
        return Phrase("web.kind.trace-run-draft")
    return Phrase(f"web.kind.{entry.kind.replace('.', '-')}")


def who_acted(entry: Entry, names: dict[str, str]) -> str:
    """Name of the person who acted, whoever signed."""
    behalf = entry.on_behalf
    if behalf is not None:
        return names.get(str(behalf.get("officer")), str(behalf.get("account")))
    return names.get(str(entry.officer), str(entry.officer or "-"))


_OF_TRACE = ("trace.run", "trace.kept", "trace.set-aside")
_LETTERS = {**dict.fromkeys(_OF_TRACE, "T"), "study.run": "S", "view.saved": "V",
            "request.drafted": "R", "request.received": "R"}  # fmt: skip
_HAPPENED = frozenset(
    f"exhibit.{each}" for each in ("transferred", "stored", "opened", "deposited", "returned")
) | {"exhibit.sealed"}


def says(entry: Entry, names: dict[str, str]) -> Phrase | str:
    """Few words of what an entry states, for which a list has room."""
    body = entry.body
    if entry.kind in _HAPPENED:
        return _happened(body, names)
    if entry.kind in _LETTERS:
        return f"{_LETTERS[entry.kind]}{body['number']}"
    if entry.kind == LIMITED:
        codes = ", ".join(word_of(str(each)) for each in body["codes"])
        return Phrase("web.says.limited", {"codes": codes, "office": str(body["source_office"])})
    if entry.kind == RELEASED:
        told = {"code": word_of(str(body["code"])), "reference": str(body["reference"])}
        return Phrase("web.says.released", told)
    if entry.kind == "request.recorded":
        return Phrase(f"name.request-event-{body['what']}")
    if entry.kind == "transfers.decided":
        return Phrase(f"web.reported.decision-{body['decision']}")
    for name in ("title", "text", "place", "purpose", "name", "account", "reason"):
        if isinstance(body.get(name), str) and body[name]:
            return beginning(str(body[name]), 200)
    return ""


def _happened(body: dict[str, Any], names: dict[str, str]) -> Phrase | str:
    """To whom, where, under which seal and why, as far as the entry states it."""
    stated = ((name, body.get(name)) for name in ("to", "place", "seal", "reason"))
    return joined(
        Phrase(f"web.says.{name}", {name: beginning(names.get(value, value), 200)})
        for name, value in stated
        if isinstance(value, str) and value
    )
