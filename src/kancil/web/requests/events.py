"""What happened to a request, and what came of it: exhibits, tables, identifiers met again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.requests.answers import met_elsewhere
from kancil.desk.requests.queries import Request
from kancil.desk.studies.named_in import Searched
from kancil.desk.studies.stated import tables_of_exhibit
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Param, Phrase
from kancil.legal.request_events import REFUSALS
from kancil.web.cases.history import who_acted
from kancil.web.cells import Section, identifier, joined, link, table
from kancil.web.parts import Cell, Minute, Several
from kancil.web.unit_desk import UnitDesk

_SAID = ("on", "until", "channel", "reference")


def happened_sections(
    desk: UnitDesk, case: Case, held: Request, offered: Sequence[dict[str, Any]]
) -> list[Section]:
    """What happened, the newest first; what came of it; what may be recorded next."""
    names, roll = queries.officer_names(), desk.ledger.folded(Roll)
    rows = [
        {
            "what": Phrase(f"name.request-event-{event.what}"),
            "url": _exhibit_url(case, roll, entry),
            "says": says(entry, roll),
            "who": who_acted(entry, names),
            "at": Minute(entry.at),
        }
        for entry, event in zip(held.history.entries, held.events, strict=True)
    ][::-1]
    sections: list[Section] = [
        {"kind": "events", "heading": Phrase("web.request-tab.happened"), "rows": rows}
    ]
    if held.exhibits:
        Searched(desk.ledger, desk.workspace, desk.vault, [case.id]).index()
    came = [_came(desk, case, roll, each) for each in held.exhibits]
    if came:
        columns = ("exhibit", "title", "table-read", "met-elsewhere")
        sections.append(table("web.request.came", columns, came))
    if offered:
        sections.append({"kind": "acts", "heading": Phrase("web.request.record"),
                         "anchor": "record", "rows": offered})  # fmt: skip
    return sections


def _exhibit_url(case: Case, roll: Roll, entry: Entry) -> str:
    exhibit = roll.exhibits.get(ExhibitId(str(entry.body.get("exhibit") or "")))
    if exhibit is None:
        return ""
    return reverse("exhibit", kwargs={"case": case.number, "exhibit": exhibit.number})


def says(entry: Entry, roll: Roll) -> Phrase | str:
    """What an entry states, in one line."""
    body, parts = entry.body, []
    zone = UTC if roll.unit is None else roll.unit.zone
    same_day = entry.at.astimezone(zone).date().isoformat()
    for name in _SAID:
        if body.get(name) and (name, body[name]) != ("on", same_day):
            parts.append(Phrase(f"web.request-says.{name}", {name: str(body[name])}))
    if body.get("letter_sha256"):
        short = str(body["letter_sha256"])[:16]
        parts.append(Phrase("web.request-says.file", {"sha256": short}))
    if "authority" in body:
        parts.append(Phrase("web.request-says.authority", dict(body["authority"])))
    if body.get("reason"):
        parts.append(Phrase("web.request-says.reason", {"reason": reason(str(body["reason"]))}))
    for each in body.get("amounts") or ():
        words: dict[str, Param] = {"what": Phrase(f"web.request-amount.{each['what']}"),
                                   "amount": each["amount"], "asset": each["asset"]}  # fmt: skip
        parts.append(Phrase("web.request-says.amount", words))
    exhibit = roll.exhibits.get(ExhibitId(str(body.get("exhibit") or "")))
    if exhibit is not None:
        parts.append(Phrase("web.request-says.exhibit", {"exhibit": exhibit.label}))
    return joined(parts)


def reason(text: str) -> Phrase | str:
    """A reason in words: a documented one by its name, and what was added to it."""
    code, _, more = text.partition(":")
    if code not in REFUSALS:
        return text
    name = Phrase(f"name.request-refusal-{code}")
    return joined([name, *filter(None, [more.strip()])])


def _came(desk: UnitDesk, case: Case, roll: Roll, ident: str) -> tuple[Cell, ...]:
    """An exhibit that came of it: its table, and where its identifiers stand elsewhere."""
    exhibit = roll.exhibits[ExhibitId(ident)]
    given = {"case": case.number, "exhibit": exhibit.number}
    read = tables_of_exhibit(desk.ledger, exhibit)
    rows = sum(each.rows for each in read)
    stated: Cell = link(reverse("stated_map", kwargs=given), Phrase("web.request.read-table"))
    if read:
        url = reverse("stated", kwargs={"case": case.number})
        stated = link(url, Phrase("web.request.rows-read", {"count": rows}))
    met = met_elsewhere(desk.ledger, exhibit.case, [str(each.n) for each in read])
    found = [
        Several([identifier(value, f"{reverse('find')}?q={value}", short=True), places])
        for value, places in met
    ]
    return (
        link(reverse("exhibit", kwargs=given), exhibit.label),
        exhibit.title,
        stated,
        Several(found) if found else Phrase("web.request.met-nowhere") if read else "",
    )
