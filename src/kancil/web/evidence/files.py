"""Files of a disk: folder by folder, or all that fit what is looked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.desk.cases.queries import Case
from kancil.desk.evidence.examination import Examination
from kancil.desk.evidence.files import SORTS, STATES, Places, Wanted, fitting, inside, rows_at
from kancil.evidence.images.entry import EntryKind
from kancil.evidence.images.volume import VolumeState
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import harmless
from kancil.ground.words import render as words
from kancil.web.cells import Section, beginning, folded_form, limits, link, number, show, table, tag
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Several
from kancil.web.studies.result_page import PAGE_ROWS, chosen_tab, paged, part_of, said, tabs

from .opened import SAMPLE, examination_of, exhibit_of, time_cell, way

_TABS = {"folders": Phrase("web.disk.tab-folders"), "all": Phrase("web.disk.tab-all")}
_PATH_CHARACTERS = 160
_LONGEST = 200


class FilesForm(WordsForm):
    """What is looked for among the entries of a disk."""

    entry_name = text(_LONGEST, required=False)
    kind = forms.ChoiceField(choices=(), required=False)
    entry_state = forms.ChoiceField(choices=(), required=False)
    modified_since = day()
    modified_until = day()
    sort = forms.ChoiceField(choices=(), required=False)
    tab = forms.CharField(widget=forms.HiddenInput(), initial="all", required=False)

    def __init__(self, kinds: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of content that the disk holds."""
        super().__init__(*args, **kwargs)
        named = sorted(
            ((kind, words(f"thing.file-{kind}")) for kind in kinds), key=lambda one: one[1]
        )
        every = ("", words("web.disk.all"))
        choose(self, "kind", [every, *named])
        choose(
            self, "entry_state", [every, *((one, words(f"web.disk-state-{one}")) for one in STATES)]
        )
        sorts = [("", words("web.disk-sort-none"))]
        for name in SORTS:
            sorts += [(name, words(f"web.disk-sort-{name}")),
                      (f"-{name}", words(f"web.disk-sort-{name}-down"))]  # fmt: skip
        choose(self, "sort", sorts)

    def wanted(self) -> Wanted:
        """What is looked for; a field that cannot be read counts as empty."""
        self.full_clean()
        asked = self.cleaned_data
        until = asked.get("modified_until")
        sort = asked.get("sort") or ""
        return Wanted(
            asked.get("entry_name") or "", asked.get("kind") or "", asked.get("entry_state") or "",
            first_ns(asked.get("modified_since")),
            first_ns(until + timedelta(days=1) if until else None),
            sort.removeprefix("-"), sort.startswith("-"),
        )  # fmt: skip


def first_ns(on: date | None) -> int | None:
    """The first moment of a day in UTC."""
    if on is None:
        return None
    return int(datetime.combine(on, time(), UTC).timestamp()) * 1_000_000_000


@page(
    "cases/<str:case>/exhibits/<str:exhibit>/disk/files/", "disk_files", may=EVERYONE, of="case",
    sample=SAMPLE,
)  # fmt: skip
def disk_files(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """The files of a disk: of one folder, or all that fit."""
    found = exhibit_of(case, exhibit)
    opened = examination_of(request, found)
    tab = chosen_tab(request, list(_TABS))
    build = _all if tab == "all" else _folder
    sections = [tabs(_TABS, {"all": len(opened.entries)}, tab), *build(request, opened)]
    bound = limits([Phrase("web.disk-limit-deleted"), Phrase("web.disk-limit-time")])
    return show(
        request, Phrase("web.disk.files"), [*sections, bound], crumbs=way(case, found)
    )  # fmt: skip


def _all(request: HttpRequest, opened: Examination) -> list[Section]:
    asked = FilesForm(opened.kinds[0], request.GET)
    places = fitting(opened, asked.wanted())
    keep = {
        name: value for name in asked.fields if (value := request.GET.get(name)) and name != "tab"
    }
    query = f"{urlencode(keep)}&" if keep else ""
    told = Phrase(
        "web.disk.fitting", {"count": grouped(len(places)), "of": grouped(len(opened.entries))}
    )
    form = folded_form("web.disk.find", asked, submit="web.disk.find-do")
    form["is_open"] = not keep or bool(asked.errors)
    return [said([told]), form, _rows(request, opened, places, "all", query, is_whole=True)]


def _folder(request: HttpRequest, opened: Examination) -> list[Section]:
    """One folder; above all of them, the volumes."""
    listed = [
        each for each in opened.outcome.listed.volumes if each.state is VolumeState.LISTED
    ]  # fmt: skip
    asked = request.GET.get("volume", "")
    volume = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not volume and len(listed) == 1:
        volume = listed[0].number
    if not volume:
        rows = [
            (link(f"?volume={each.number}", f"{each.number} {each.holds}"), number(each.size_bytes))
            for each in listed
        ]
        return [table("table.volumes", ("volume", "size>"), rows)]
    folder = request.GET.get("at", "").strip("/")
    places = inside(opened, volume, folder)
    names = folder.split("/") if folder else []
    trail: list[Cell] = [link(_at(volume, ""), Phrase("web.disk.root", {"volume": volume}))]
    trail += [
        link(_at(volume, "/".join(names[: depth + 1])), harmless(name))
        for depth, name in enumerate(names)
    ]
    told = Phrase("web.disk.in-folder", {"count": grouped(len(places)), "folder": f"/{folder}"})
    keep = urlencode({"volume": volume, "at": folder}) + "&"
    return [
        said([told]),
        {"kind": "compact", "heading": Phrase("web.disk.where"),
         "rows": [(Phrase("web.disk.where"), Several(trail))]},
        _rows(request, opened, places, "folders", keep, is_whole=False),
    ]  # fmt: skip


def _at(volume: int, folder: str) -> str:
    return "?" + urlencode({"volume": volume, "at": folder})


def _rows(
    request: HttpRequest,
    opened: Examination,
    places: Places,
    tab: str,
    keep: str,
    *,
    is_whole: bool,
) -> Section:
    """A page of entries; `is_whole`: with their whole paths."""
    part = part_of(request, range(len(places)))
    first = max(part.start_index() - 1, 0)
    rows = [
        _row(row, is_whole=is_whole) for row in rows_at(opened, places[first : first + PAGE_ROWS])
    ]
    columns = ("file", "kind", "state", "size>", "modified")
    shown = table("web.disk.entries", columns, rows)
    return paged(shown, part, tab, keep)


def _row(row: dict[str, Any], *, is_whole: bool) -> tuple[Cell, ...]:
    path = row["path"]
    name = beginning(harmless(path if is_whole else path.rpartition("/")[2]), _PATH_CHARACTERS)
    is_folder = row["kind"] == EntryKind.FOLDER
    state = row["state"]
    return (
        link(_at(row["volume"], path) if is_folder else f"{row['number']}/", name),
        Phrase(f"name.entry-kind-{row['kind']}" if row["content"] is None
               else f"thing.file-{row['content']}"),
        "" if state == "allocated" else tag("warn", f"name.allocation-{state}"),
        "–" if is_folder or row["size_bytes"] is None else number(row["size_bytes"]),
        time_cell(row["modified_ns"], row["zone"], is_short=True),
    )  # fmt: skip
