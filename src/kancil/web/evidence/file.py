"""One file of a disk: its content at one place, and what the file system says of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.evidence.one_file import (
    MOST_MEMBERS,
    Listed,
    draw_listed,
    listed_file,
    open_listed,
    send_listed,
)
from kancil.evidence.images.entry import Allocation, time_text
from kancil.evidence.reading.kinds import fits_ending
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.words import harmless
from kancil.web.cases.file_shown import asked_from, refused, shown
from kancil.web.cases.reading import UNFIT, file_name, picture_of, show_file
from kancil.web.cells import (
    Section,
    button,
    identifier,
    note,
    number,
    rows_left,
    table,
    tag,
)
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Several
from kancil.web.ranges import attached, stretch_of
from kancil.web.unit_desk import unit_desk

from .opened import SAMPLE, examination_of, exhibit_of, given, time_cell, way

_OF = "cases/<str:case>/exhibits/<str:exhibit>/disk/files/<int:entry>/"
_SAMPLE = {**SAMPLE, "entry": 1}
_TIMES = ("modified", "accessed", "changed", "created")
_LIMITS = ("deleted", "time", "kind")


@page(_OF, "disk_file", may=EVERYONE, of="case", sample=_SAMPLE)
def disk_file(request: HttpRequest, case: Case, exhibit: str, entry: int) -> HttpResponse:
    """A file of a disk, opened at one place; the ledger says who looks."""
    found, desk = exhibit_of(case, exhibit), unit_desk()
    listed = listed_file(examination_of(request, found), entry)
    at = given(case, found, entry=entry)
    size = 0 if listed.content is None else listed.content["read_bytes"]
    asked = asked_from(request.GET, size)
    told: dict[str, Any] = {}
    buttons = []
    if listed.content is not None and not listed.secrets:
        row = desk.ledger.folded(Roll).exhibit(ExhibitId(found.id))
        buttons = [button(reverse("disk_file_download", kwargs=at), "web.file.download")]
        try:
            opened = open_listed(desk.vault, row, listed.asked, asked)
        except UNFIT as error:
            told = refused(error, asked)
        else:
            picture = reverse("disk_file_picture", kwargs=at)
            told = shown(opened, asked, picture, is_drawn="show" in request.GET)
    own = [Phrase(f"web.disk-limit-{each}") for each in _LIMITS]
    told["limits"] = [*told.get("limits", ()), *own]
    parts = {
        "title": file_name(listed.name),
        "crumbs": way(
            case,
            found,
            (reverse("disk_files", kwargs=given(case, found)), Phrase("web.disk.files")),
        ),
        "sections": [
            *(note("danger", "web.disk.sealed", what=Phrase(f"name.secret-{kind}"))
              for kind in listed.secrets),
            *({**note("warn", "web.disk.files"), "text": why} for why in listed.reasons),
        ],
        "buttons": buttons,
        "facts": _facts(listed),
        "below": [*_identifiers(case, found, listed), _times(listed), *_members(listed)],
    }  # fmt: skip
    return show_file(request, asked, told, parts)


def _facts(listed: Listed) -> list[tuple[Phrase, Cell]]:
    entry, content = listed.entry, listed.content
    is_live = entry["state"] == Allocation.ALLOCATED
    rows: list[tuple[str, Cell]] = [
        ("file", harmless(entry["path"])),
        ("number", number(entry["number"])),
        ("volume", number(entry["volume"])),
        ("metadata-address", identifier(entry["address"]) if entry["address"] else "–"),
        ("state", tag("intact" if is_live else "warn", f"name.allocation-{entry['state']}")),
        ("kind", _kind(listed)),
        ("size", number(entry["size_bytes"])),
    ]
    if content is not None:
        if content["read_bytes"] != entry["size_bytes"]:
            rows.append(("size-read", number(content["read_bytes"])))
        rows += [(name, identifier(content[name].hex())) for name in ("sha256", "sha1", "md5")]
    return [(Phrase(f"web.column.{name}"), cell) for name, cell in rows]


def _kind(listed: Listed) -> Cell:
    """What it is by its first bytes; and that its name says another thing."""
    if listed.content is None:
        return Phrase(f"name.entry-kind-{listed.entry['kind']}")
    kind = listed.content["kind"]
    named = Phrase(f"thing.file-{kind}")
    if fits_ending(kind, listed.name) is not False:
        return named
    return Several((named, tag("warn", "web.disk.ending-differs")))


def _times(listed: Listed) -> Section:
    """Each time as it is stored, in which zone, which one was assumed, and as pages show it."""
    zone = listed.entry["zone"]
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"web.disk-time-{name}"),
            "–" if at is None else identifier(time_text(at, zone)),
            "–" if at is None else Phrase(f"name.time-zone-{zone}"),
            "–" if at is None else Phrase("web.disk.zone-none"),
            time_cell(at, zone),
        )
        for name in _TIMES
        for at in (listed.entry[f"{name}_ns"],)
    ]
    columns = ("disk-time", "time-as-stored", "zone-stored", "zone-assumed", "time-shown")
    return table("web.disk.times", columns, rows)


def _identifiers(case: Case, found: Exhibit, listed: Listed) -> list[Section]:
    """What stands in it, each leading to its places on the disk."""
    if not listed.selectors:
        return []
    here = reverse("disk_identifiers", kwargs=given(case, found))
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.selector-{each['kind']}"),
            identifier(each["value"], f"{here}?{urlencode({'value': each['value']})}"),
            number(each["offset"]),
            Phrase(f"name.coded-{each['coded']}"),
        )
        for each in listed.selectors[:MOST_MEMBERS]
    ]
    shown = table("web.disk.identifiers", ("kind", "identifier", "offset>", "coded"), rows)
    return [shown, *rows_left(len(rows), len(listed.selectors))]


def _members(listed: Listed) -> list[Section]:
    """What lies in it, where it is an archive that was opened."""
    if not listed.members:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            harmless(each["inside"]),
            Phrase(f"thing.file-{each['kind']}"),
            number(each["read_bytes"]),
            identifier(each["sha256"].hex(), short=True),
        )
        for each in listed.members
    ]
    found = table("web.disk.inside", ("file", "kind", "size>", "sha256"), rows)
    more = len(rows) == MOST_MEMBERS
    return [found, *(rows_left(MOST_MEMBERS, MOST_MEMBERS + 1) if more else [])]


@page(f"{_OF}picture/", "disk_file_picture", may=EVERYONE, of="case", sample=_SAMPLE)
def disk_file_picture(request: HttpRequest, case: Case, exhibit: str, entry: int) -> HttpResponse:
    """A picture, or a page of a PDF, of a disk's file, drawn anew."""
    found, desk = exhibit_of(case, exhibit), unit_desk()
    listed = listed_file(examination_of(request, found), entry)
    row = desk.ledger.folded(Roll).exhibit(ExhibitId(found.id))
    try:
        drawn = draw_listed(desk.vault, row, listed.asked, asked_from(request.GET))
    except UNFIT as error:
        raise PageNotFound from error
    return picture_of(drawn)


@page(f"{_OF}download/", "disk_file_download", may=EVERYONE, of="case", sample=_SAMPLE)
def disk_file_download(
    request: HttpRequest, case: Case, exhibit: str, entry: int
) -> HttpResponseBase:
    """The bytes of a disk's file as they are; the ledger says to whom they went."""
    found, desk = exhibit_of(case, exhibit), unit_desk()
    listed = listed_file(examination_of(request, found), entry)
    row, one = desk.ledger.folded(Roll).exhibit(ExhibitId(found.id)), listed.asked
    return attached(
        stretch_of(request),
        name=listed.name,
        size_bytes=one.size_bytes,
        sha256=one.sha256,
        read=lambda first, last: send_listed(
            desk.ledger, desk.vault, row, one, desk.reading(request), first, last
        ),
    )
