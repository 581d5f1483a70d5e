"""A file that was opened (`kancil.evidence.reading`), as the template shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from kancil.evidence.reading.json_values import PAGE_ITEMS
from kancil.evidence.reading.page import (
    Asked,
    BytesPage,
    JsonPage,
    MailPage,
    Opened,
    PaperPage,
    PdfPage,
    PicturePage,
    TablePage,
    TextPage,
    Way,
)
from kancil.evidence.reading.tables import PAGE_ROWS
from kancil.ground.encodings import ENCODINGS
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import harmless
from kancil.web.guard import shown_params

_LONGEST_POINTER = 2_000
_DEPTH = 8


def asked_from(sent: Mapping[str, Any], size_bytes: int = 0) -> Asked:
    """What an address asks for; what cannot be read of it counts as not said.

    `size_bytes`: of the file, of which `percent` names a place.
    """
    way = sent.get("way", "")
    at, is_near = _number(sent.get("at", "")), sent.get("near", "") == "1"
    percent = sent.get("percent", "").replace(",", ".")
    if percent and size_bytes:
        at, is_near = _place(percent, size_bytes), True
    encoding = sent.get("encoding", "")
    parts = tuple(filter(None, map(_number, sent.get("part", "").split("."))))
    return Asked(
        Way(way) if way in set(Way) else None,
        encoding if encoding in ENCODINGS else "",
        at,
        is_near,
        0 if percent else _number(sent.get("line", "")),
        sent.get("pointer", "")[:_LONGEST_POINTER],
        parts[:_DEPTH],
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else 0


def _place(percent: str, size_bytes: int) -> int:
    try:
        share = float(percent)
    except ValueError:
        return 0
    return int(size_bytes * min(max(share, 0), 100) / 100) if math.isfinite(share) else 0


def address(asked: Asked, **changes: Any) -> str:
    """The query of an address that asks for the same, with changes."""
    given = {
        "way": asked.way.value if asked.way else "",
        "encoding": asked.encoding,
        "part": ".".join(map(str, asked.parts)),
        **changes,
    }
    return "?" + urlencode({name: value for name, value in given.items() if value not in ("", 0)})


def refused(error: KancilError, asked: Asked) -> dict[str, Any]:
    """What stands where a file could not be shown: why, and the ways that need no form."""
    return {
        "refused": Phrase(f"error.{error.code}.sentence", shown_params(error)),
        "ways": [_tab(asked, way, False) for way in (Way.TEXT, Way.BYTES)],
    }


def shown(opened: Opened, asked: Asked, picture: str, *, is_drawn: bool) -> dict[str, Any]:
    """The parts of the template.

    `picture`: address of the page that draws. `is_drawn`: the picture was asked for.
    """
    page = opened.shown
    found: dict[str, Any] = {
        "way": opened.way.value,
        "ways": [_tab(asked, way, way is opened.way) for way in opened.ways],
        "lead": Phrase(
            "web.file.is", {
                "kind": Phrase(f"thing.file-{opened.kind}"), "size": bytes_text(opened.size_bytes),
            },
        ),
        "fallen_back": opened.fallen_back,
        "part_name": harmless(opened.name),
        "keep": _kept(asked, opened.way),
        "page": page,
        "limits": [Phrase(f"note.file-{each}") for each in _limits(opened)],
    }  # fmt: skip
    if isinstance(page, TextPage):
        return {**found, **_text(page, asked, opened)}
    if isinstance(page, BytesPage):
        return {**found, **_bytes(page, asked, opened)}
    if isinstance(page, TablePage):
        return {**found, **_table(page, asked)}
    if isinstance(page, JsonPage):
        return {**found, **_json(page, asked)}
    if isinstance(page, MailPage):
        return {**found, **_mail(page, asked)}
    if isinstance(page, PaperPage):
        return {**found, "blocks": _blocks(page), "is_cut": page.is_cut}
    if isinstance(page, PdfPage):
        return {**found, **_pdf(page, asked, picture)}
    return {**found, **_picture(page, asked, picture, is_drawn=is_drawn)}


def _tab(asked: Asked, way: Way, is_current: bool) -> dict[str, Any]:
    url = address(Asked(encoding=asked.encoding, parts=asked.parts), way=way.value)
    return {"url": url, "name": Phrase(f"name.way-{way.value}"), "current": is_current}


def _kept(asked: Asked, way: Way) -> list[tuple[str, str]]:
    """What a form of the page sends along."""
    parts = ".".join(map(str, asked.parts))
    return [(name, value) for name, value in (("way", way.value), ("part", parts)) if value]


def _limits(opened: Opened) -> list[str]:
    own = {
        Way.TEXT: ["text"], Way.TABLE: ["table"], Way.MAIL: ["mail"], Way.PAPER: ["paper"],
        Way.PAGES: ["pages"], Way.PICTURE: ["picture"],
    }.get(opened.way, [])  # fmt: skip
    return own + (["not-compared"] if opened.size_bytes > 64_000_000 else [])


def _text(page: TextPage, asked: Asked, opened: Opened) -> dict[str, Any]:
    here = {"way": Way.TEXT.value, "encoding": asked.encoding}
    before, after = "", ""
    if page.before >= 0:
        before = address(asked, **here, at=page.before, near=1, line=page.line_before)
    if page.after >= 0:
        after = address(asked, **here, at=page.after, line=page.line_after)
    return {
        "lines": [(each.number or "", harmless(each.text)) for each in page.lines],
        "encoding": page.encoding,
        "encodings": [
            (each, Phrase(f"name.encoding-{each}"), each == page.encoding) for each in ENCODINGS
        ],
        "reason": page.reason,
        "before": before,
        "after": after,
        "place": _percent(page.at, opened.size_bytes) if before or after else "",
        "may_seek": bool(before or after) and not asked.parts,
    }


def _bytes(page: BytesPage, asked: Asked, opened: Opened) -> dict[str, Any]:
    way = Way.BYTES.value
    return {
        "rows": [(f"{at:08x}", hexed, letters) for at, hexed, letters in page.rows],
        "before": address(asked, way=way, at=page.before or "0") if page.before >= 0 else "",
        "after": address(asked, way=way, at=page.after) if page.after >= 0 else "",
        "place": _percent(page.at, opened.size_bytes),
        "may_seek": (page.before >= 0 or page.after >= 0) and not asked.parts,
    }


def _percent(at: int, size_bytes: int) -> str:
    return f"{at * 100 / size_bytes:.1f}" if size_bytes else ""


def _table(page: TablePage, asked: Asked) -> dict[str, Any]:
    way = Way.TABLE.value
    return {
        "columns": [harmless(each) for each in page.columns],
        "rows": [(line, list(map(harmless, cells))) for line, cells in page.rows],
        "reasons": page.reasons,
        "before": address(asked, way=way, at=page.at - PAGE_ROWS or "0") if page.at else "",
        "after": address(asked, way=way, at=page.at + PAGE_ROWS) if page.has_more else "",
        "place": grouped(page.at + 1) if page.at or page.has_more else "",
    }


def _json(page: JsonPage, asked: Asked) -> dict[str, Any]:
    way = Way.JSON.value
    steps = page.pointer.split("/")[1:]
    trail = [
        (address(asked, way=way, pointer="/" + "/".join(steps[: n + 1])), harmless(_key(each)))
        for n, each in enumerate(steps)
    ]

    def turned(at: int) -> str:
        return address(asked, way=way, pointer=page.pointer, at=at or "0")

    return {
        "trail": [(address(asked, way=way), ""), *trail] if trail else [],
        "nodes": [
            {
                "key": harmless(each.key),
                "text": harmless(each.text),
                "size": each.size,
                "count": Phrase("web.file.parts", {"count": grouped(max(each.size, 0))}),
                "is_cut": each.is_cut,
                "url": address(asked, way=way, pointer=each.pointer) if each.size >= 0 else "",
            }
            for each in page.nodes
        ],
        "columns": [harmless(each) for each in page.columns],
        "rows": [
            (page.at + number, list(map(harmless, cells)))
            for number, cells in enumerate(page.rows, 1)
        ],
        "lists": [
            {
                "url": address(asked, way=way, pointer=each.pointer),
                "name": harmless(each.pointer),
                "count": Phrase("web.file.parts", {"count": grouped(each.size)}),
            }
            for each in page.lists
        ],
        "before": turned(max(0, page.at - PAGE_ITEMS)) if page.at else "",
        "after": turned(page.at + PAGE_ITEMS) if page.at + PAGE_ITEMS < page.size else "",
        "place": grouped(page.at + 1) if page.size > PAGE_ITEMS else "",
    }


def _key(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _mail(page: MailPage, asked: Asked) -> dict[str, Any]:
    return {
        "headers": [(name, harmless(value)) for name, value in page.headers],
        "text": harmless(page.text),
        "is_from_html": page.is_from_html,
        "is_cut": page.is_cut,
        "attachments": [
            {
                "url": "?" + urlencode({"part": ".".join(map(str, (*asked.parts, each.number)))}),
                "name": harmless(each.name),
                "kind": harmless(each.kind),
                "size": bytes_text(each.size_bytes),
            }
            for each in page.attachments
        ],
    }


def _blocks(page: PaperPage) -> list[dict[str, Any]]:
    """The blocks of a paper; rows that follow one another are one table, items one list."""
    found: list[dict[str, Any]] = []
    for each in page.blocks:
        texts = list(map(harmless, each.texts))
        kind = {"headed": "table", "row": "table", "item": "list"}.get(each.kind, each.kind.value)
        if kind in ("table", "list") and found and found[-1]["kind"] == kind and (
            each.kind != "headed"
        ):  # fmt: skip
            found[-1]["rows"].append(texts)
        elif kind in ("table", "list"):
            found.append({"kind": kind, "rows": [texts], "head": each.kind == "headed"})
        else:
            found.append({"kind": kind, "text": texts[0]})
    for block in found:
        if block.get("head"):
            block["columns"], block["rows"] = block["rows"][0], block["rows"][1:]
    return found


def _pdf(page: PdfPage, asked: Asked, picture: str) -> dict[str, Any]:
    way = Way.PAGES.value
    return {
        "picture": picture + address(asked, way="", at=page.at),
        "picture_name": Phrase("web.file.page", {"page": page.at + 1, "count": page.count}),
        "text": harmless(page.text),
        "before": address(asked, way=way, at=page.at - 1 or "0") if page.at else "",
        "after": address(asked, way=way, at=page.at + 1) if page.at + 1 < page.count else "",
        "place": "",
        "count": page.count,
        "number": page.at + 1,
    }


def _picture(page: PicturePage, asked: Asked, picture: str, *, is_drawn: bool) -> dict[str, Any]:
    return {
        "size": Phrase(
            "web.file.pixels", {"width": grouped(page.width), "height": grouped(page.height)}
        ),
        "is_drawn": is_drawn,
        "warning": Phrase("web.file.picture-warning"),
        "draw": address(asked, way=Way.PICTURE.value, show="1"),
        "picture": picture + address(asked, way=""),
        "picture_name": Phrase("web.file.picture"),
    }
