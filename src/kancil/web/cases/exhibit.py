"""One exhibit: its files, its digests, what may be done with it, and its whole history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.requests.queries import requests_of
from kancil.ground.clock import from_text
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, button, facts, identifier, note, number, show, when
from kancil.web.limits import limit_sections
from kancil.web.page import EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .history import history
from .pages import crumbs
from .reading import file_acts, file_section, listed_files

_PAGE_ROWS = 50
_MOST_WAITING = 3
_IMAGES = frozenset((
    "001", "bin", "dd", "dmg", "e01", "ex01", "img", "iso", "qcow", "qcow2", "raw", "s01", "vhd",
    "vmdk",
))  # fmt: skip
"""Endings of names for which the examination of a disk is offered first: a hint, since a container
is told by its bytes."""


@page("cases/<str:case>/exhibits/<str:exhibit>/", "exhibit", may=EVERYONE, of="case")
def exhibit(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """One exhibit: its digests, and its whole history."""
    found = queries.find_exhibit(case, exhibit)
    if found is None:
        raise PageNotFound
    names = queries.officer_names()
    ledger = unit_desk().ledger
    kinds = ("exhibit.seized", "exhibit.added", "exhibit.acquired")
    begun = list(ledger.exhibit_entries(ExhibitId(found.id), *kinds))
    part = queries.exhibit_history(ledger, found, request.GET.get("page"), _PAGE_ROWS)
    sections = [
        facts(
            "web.exhibit.what",
            [
                ("status", Phrase(f"thing.exhibit-{found.status}")),
                ("holder", names.get(found.holder or "", found.holder)),
                ("seal", found.seal or Phrase("note.not-stated")),
                ("files", number(found.file_count)),
                ("size", number(found.size_bytes)),
            ],
        ),
        *(_seizure_facts(each.body, names) for each in begun if each.kind == "exhibit.seized"),
        *(_content_facts(each.body["content"]) for each in begun if "content" in each.body),
        {**history("web.exhibit.history", case, list(part), names), "pages": part},
    ]
    given = {"case": case.number, "exhibit": found.number}
    acts = person_of(request).acts
    if acts and found.status in ("returned", "disposed"):
        sections.insert(
            1, {**_acts(given, set(_ACTS) - _ALSO_GONE), "heading": Phrase("web.handling.limits")}
        )
    elif acts:
        sections.insert(1, _acts(given, _apart(is_outside=(found.holder or "") not in names)))
        sections = [*_answered(case, found.id, f"E{found.number}", begun[0]), *sections]
    files, troubles = listed_files(found)
    is_image = any(each.path.rpartition(".")[2].lower() in _IMAGES for each in files)
    buttons = []
    if len(files) == 1 == found.file_count:
        own = {**given, "sha256": files[0].sha256}
        buttons.append(
            button(reverse("exhibit_file", kwargs=own), "web.file.open", main=not is_image)
        )
        buttons.append(button(reverse("exhibit_file_download", kwargs=own), "web.file.download"))
        buttons += file_acts(given, files[0], acts=acts)
    elif files:
        sections.insert(1, file_section(case, found, files))
        buttons += (
            [button(reverse("stated_map", kwargs=given), "web.mapping.begin")] if acts else []
        )
    sections[:0] = [*limit_sections(found.id), *troubles]
    if is_image:
        buttons.insert(0, button(reverse("disk", kwargs=given), "web.disk.open", main=True))
    title = Phrase("web.exhibit.title", {"number": f"E{found.number}", "title": found.title})
    way = crumbs(
        case,
        (reverse("exhibits", kwargs={"case": case.number}), Phrase("web.room.exhibits")),
    )
    return show(request, title, sections, crumbs=way, buttons=buttons)


def _answered(case: Case, exhibit: str, label: str, begun: Entry) -> list[Section]:
    """Offer to record an exhibit as the answer to requests that were waiting when it came."""
    found = requests_of(unit_desk().ledger, CaseId(case.id))
    if any(exhibit in each.exhibits for each in found):
        return []
    waiting = [each for each in found
               if each.awaits_answer and each.first.n < begun.n][:_MOST_WAITING]  # fmt: skip
    return [
        note(
            "info", "web.request.is-this", request=each.label, exhibit=label,
            url=reverse("request_record", kwargs={
                "case": case.number, "number": each.history.number, "what": "answered",
            }) + f"?exhibit={label}",
            do="web.request.record-answer",
        )
        for each in waiting
    ]  # fmt: skip


_ACTS = {
    "exhibit_hand_over": "transferred",
    "exhibit_hand_out": "handed-out",
    "exhibit_take_back": "taken-back",
    "exhibit_store": "stored",
    "exhibit_seal": "sealed",
    "exhibit_open": "opened",
    "exhibit_acquire": "acquired",
    "exhibit_deposit": "deposited",
    "exhibit_return": "returned",
    "exhibit_dispose": "disposed",
    "exhibit_limit": "limited",
    "exhibit_release": "released",
}
"""Pages of what may be done with an exhibit, and their words `web.custody-act.<act>`."""
_ALSO_GONE = {"exhibit_limit", "exhibit_release"}
"""What may be done when it was returned or disposed of: what was read from it is still here."""


def _apart(*, is_outside: bool) -> set[str]:
    """What may not be done where whoever holds it is no officer of the unit, or is one."""
    return {"exhibit_hand_over", "exhibit_hand_out"} if is_outside else {"exhibit_take_back"}


def _acts(given: dict[str, int], apart: set[str]) -> Section:
    """Offer what may be done with an exhibit, each with a few words of what it is."""
    rows = [
        {
            "url": reverse(name, kwargs=given),
            "name": Phrase(f"web.custody-act.{act}"),
            "text": Phrase(f"web.custody-act.{act}-is"),
        }
        for name, act in _ACTS.items()
        if name not in apart
    ]
    if set(_ACTS) - apart != _ALSO_GONE:
        own = (Phrase("web.disk.examine"), Phrase("web.disk.examine-is"))
        rows.append({"url": reverse("disk", kwargs=given), "name": own[0], "text": own[1]})
    return {"kind": "acts", "heading": Phrase("web.act.acts"), "rows": rows}


def _seizure_facts(body: dict[str, Any], names: dict[str, str]) -> Section:
    """Show a thing as it was seen when it was seized."""
    item, unsaid = body["item"], Phrase("note.not-stated")
    seen = [(name, item[name] or unsaid) for name in ("make", "model", "serial", "seal")]
    return facts(
        "web.exhibit.seizure",
        [
            *seen,
            ("seized-place", body["place"]),
            ("seized-from", body["seized_from"] or unsaid),
            ("seized-by", names.get(body["seized_by"], body["seized_by"])),
            ("seized-at", when(from_text(body["seized_at"]))),
            *(("photograph", identifier(each)) for each in item["photographs"]),
        ],
    )


def _content_facts(content: dict[str, Any]) -> Section:
    names = ("sha256", "sha1", "md5", "listing_sha256")
    given = [(name.replace("_", "-"), identifier(content[name])) for name in names if content[name]]
    return facts("web.exhibit.content", given)
