"""Cells and sections of a page: plain values that the templates know how to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Page as Slice
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words

from .parts import Amount, Cell, Column, Identifier, Kind, Link, Minute, Number, Tag, When

Section = dict[str, Any]


def identifier(text: str | None, url: str = "", *, short: bool = False) -> Cell:
    """Show an identifier: mono, breakable, to be copied."""
    return Identifier(text, url, short)


def amount(value_sat: int | None) -> Cell:
    """Show satoshi, and bitcoin in front."""
    return Amount(value_sat)


def when(moment: datetime | None) -> Cell:
    """Show a time in the unit's zone, and in UTC beside it."""
    return When(moment)


def minute(moment: datetime | None) -> Cell:
    """Show a time to the minute, for lists: seconds stand in custody and reports alone."""
    return Minute(moment)


def tag(kind: Kind, key: str, **params: Any) -> Cell:
    """Show a word with a shape and a colour."""
    return Tag(kind, Phrase(key, params))


def link(url: str, text: str | Phrase) -> Cell:
    """Show a link."""
    return Link(url, text)


def number(value: int | None) -> Cell:
    """Show a number, grouped; None is *unknown*."""
    return Number(value)


def table(
    key: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    pages: Slice[Any] | None = None,
) -> Section:
    """Make a table; its columns are keys `web.column.<name>`, one that ends in `>` to the right."""
    return {
        "kind": "table",
        "heading": Phrase(key),
        "columns": [
            Column(Phrase("web.column." + name.rstrip(">")), right=name.endswith(">"))
            for name in columns
        ],
        "rows": rows,
        "pages": pages,
    }


def choosing(
    key: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    submit: str,
    text: Phrase | None = None,
    action: str = "",
    do: str = "",
    is_asking: bool = False,
    fields: Any = None,
    every: tuple[str, str] | None = None,
) -> Section:
    """Make a table whose rows are ticked (`Tick`, `Choice`), inside a form; `submit`: its button.

    `do`: value of the button's `do`. `is_asking`: it changes nothing, and is sent as an address.
    `fields`: a form that stands below the table and is sent with it. `every`: `do` and key of the
    button that does it to all rows, ticked or not.
    """
    return {
        **table(key, columns, rows),
        "kind": "choosing",
        "every": None if every is None else {"do": every[0], "text": Phrase(every[1])},
        "submit": Phrase(submit),
        "text": text,
        "action": action,
        "do": do,
        "is_asking": is_asking,
        "form": fields,
    }


def facts(key: str, items: Sequence[tuple[str, Cell]]) -> Section:
    """Make a list of facts; their names are keys `web.column.<name>`."""
    return {
        "kind": "facts",
        "heading": Phrase(key),
        "rows": [(Phrase(f"web.column.{name}"), cell) for name, cell in items],
    }


def form(
    key: str,
    fields: Any,
    *,
    submit: str,
    text: str = "",
    action: str = "",
    also: Sequence[tuple[str, Phrase]] = (),
) -> Section:
    """Make a form; `submit` is the key of its button.

    `also`: further buttons that send the same fields, each the value of `do` and its words.
    """
    return {
        "kind": "form",
        "keep": key.removeprefix("web.").replace(".", "-"),
        "heading": Phrase(key),
        "form": fields,
        "submit": Phrase(submit),
        "text": Phrase(text) if text else None,
        "action": action,
        "also": also,
        "is_multipart": fields.is_multipart(),
    }


def chart(key: str, wide: str, small: str = "", *, text: Phrase | None = None) -> Section:
    """Show a chart; its table is another section, or stands beside it as its `twin`.

    `wide`, `small`: SVG that `kancil.reports.programme.charts` drew, the second for a phone.
    """
    return {
        "kind": "chart",
        "heading": Phrase(key),
        "wide": mark_safe(wide),  # noqa: S308  # our own drawing, in which all words are escaped
        "small": mark_safe(small),  # noqa: S308  # as above
        "text": text,
    }


def asking(key: str, fields: Any, *, submit: str, text: str = "", action: str = "") -> Section:
    """Make a form that changes nothing and is sent as an address; `action`: of another page."""
    return {
        "kind": "asking",
        "heading": Phrase(key),
        "form": fields,
        "submit": Phrase(submit),
        "text": Phrase(text) if text else None,
        "action": action,
    }


def folded_form(key: str, fields: Any, *, submit: str) -> Section:
    """Make a form that changes nothing and opens at a click: what is asked of a result again."""
    return {**asking(key, fields, submit=submit), "kind": "folded-asking",
            "is_open": fields.is_bound and bool(fields.errors)}  # fmt: skip


def folded(
    key: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], **told: Any
) -> Section:
    """Make a table that opens at a click; `told`: parameters of its heading."""
    return {**table(key, columns, rows), "kind": "folded", "heading": Phrase(key, told)}


def fold(one: Section, count: int) -> Section:
    """Fold a table into one line, which says its heading and how many rows there are in all."""
    return {
        **one,
        "kind": "folded",
        "heading": Phrase("web.folded", {"what": one["heading"], "count": grouped(count)}),
    }


def fold_long(one: Section, most: int = 12) -> Section:
    """Fold a table of more than `most` rows, where the page answers without it."""
    count = len(one["rows"])
    return fold(one, count) if count > most else one


def shortened(one: Section, most: int = 12) -> list[Section]:
    """A table as far as its first rows; the others, if there are many, folded below it."""
    rows = one["rows"]
    if len(rows) <= most + most // 4:
        return [one]
    rest = {"kind": "folded", "heading": Phrase("web.folded-rest", {"count": len(rows) - most})}
    return [{**one, "rows": rows[:most]}, {**one, **rest, "rows": rows[most:]}]


def limits(texts: Sequence[Phrase]) -> Section:
    """What a result does not say: counted in one line, and told in full at a click."""
    return {
        "kind": "limits",
        "heading": Phrase("web.limits", {"count": len(texts)}),
        "texts": texts,
    }


def empty(key: str, *, url: str = "", icon: str = "empty") -> Section:
    """That there is nothing yet, and what to do first: keys `<key>.heading`, `.text`, `.do`."""
    return {
        "kind": "empty",
        "heading": Phrase(f"{key}.heading"),
        "text": Phrase(f"{key}.text"),
        "action": Phrase(f"{key}.do"),
        "url": url,
        "icon": icon,
    }


def note(kind: str, key: str, *, url: str = "", do: str = "", **params: Any) -> Section:
    """Something above all else; `kind`: `info`, `warn`, `danger` or `intact`."""
    return {
        "kind": "note",
        "level": kind,
        "text": Phrase(key, params),
        "url": url,
        "action": Phrase(do) if do else None,
    }


def rows_left(shown: int, count: int, *, url: str = "", do: str = "") -> list[Section]:
    """How many rows of a table are shown where not all are, and where the others are."""
    if shown >= count:
        return []
    said = {"shown": grouped(shown), "count": grouped(count)}
    return [note("info", "web.cut.rows", url=url, do=do, **said)]


def beginning(text: str, most: int) -> str:
    """A text, or how it begins and how long it is: a list has no room for all of it."""
    if len(text) <= most:
        return text
    return words("web.cut.text", text=text[:most], characters=grouped(len(text)))


def joined(parts: Iterable[Phrase | str], by: str = "web.says.and") -> Phrase | str:
    """Parts of a sentence, one after the other; `by` "web.says.then": whole sentences."""
    said: Phrase | str = ""
    for part in parts:
        said = Phrase(by, {"first": said, "more": part}) if said else part
    return said


def button(url: str, key: str, *, main: bool = False) -> dict[str, Any]:
    """Make a link that looks like a button."""
    return {"url": url, "text": Phrase(key), "main": main}


def show(request: HttpRequest, title: Phrase, sections: list[Section], **more: Any) -> HttpResponse:
    """Show a page made of sections."""
    shown = {"title": title, "sections": sections, **more}
    return render(request, "kancil/page.html", shown)
