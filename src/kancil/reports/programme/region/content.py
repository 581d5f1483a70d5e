"""The regional comparison: only what each country released, in the order of the alphabet.

Figures stand as they were on the day of the release. Different protocols, and different versions of
one, never stand in one table. Nothing is ranked, added up or averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.releases import RegionalRow
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    PROGRAMME,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Picture,
    Section,
    bullets,
    cell,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.document.language import document_language
from kancil.reports.programme.charts import Category, HeatRow, Look, heat_map, look_of
from kancil.reports.programme.country.pictures import about, picture
from kancil.reports.programme.country.saying import DASH, figure_title, plain
from kancil.reports.programme.stood import of_protocol

_COLUMNS = 5
"""Countries beside each other in one table; more of them stand in further tables."""
_MOST_DRAWN = 10
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """A protocol as some countries released figures of it."""

    name: str
    sha256: str
    method: str
    protocol: Protocol | None
    """None where this site does not keep the very same file: titles are then ids."""
    rows: tuple[RegionalRow, ...]
    """By name of the country."""

    def figures(self, row: RegionalRow) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        """A country's figures by what they are of."""
        found: Sequence[Mapping[str, Any]] = row.figures[self.name]["figures"]
        return {(each["of"], each["id"], each["scale"]): each for each in found}


def regional_comparison(
    rows: Sequence[RegionalRow], protocols: Mapping[str, Protocol], *, kancil: str, on: date
) -> Document:
    """The comparison, in the spoken language.

    `rows`: released figures, as the reader may see them. `protocols`: those this site keeps, by
    name.
    """
    asked = grouped(rows, protocols)
    is_practice = any(each.release.is_invented for each in rows)
    sections = [_reading(), _released(rows), *(_of_protocol(each) for each in asked)]
    return Document(
        kind=render("name.region"),
        title=render("name.region-title"),
        subtitle=render("note.region-subtitle", count=len(rows), on=on.isoformat()),
        language=document_language("name.region"),
        author=render("name.paper-author"),
        description=render("note.region-description"),
        mark=render("name.region-mark-invented") if is_practice else "",
        cover=(
            Paragraph(render("note.region-what")),
            Paragraph(render("note.region-no-rank"), "warn"),
            *([Paragraph(render("note.region-practice"), "warn")] if is_practice else []),
            Paragraph(render("note.paper-nobody"), "muted"),
        ),
        sections=tuple(sections),
        accent=PROGRAMME,
        footer=render("note.paper-footer", version=kancil),
        has_contents=False,
    )


def grouped(rows: Sequence[RegionalRow], protocols: Mapping[str, Protocol]) -> list[Asked]:
    """Put released figures together by the very same protocol and method."""
    found: dict[tuple[str, str, str], list[RegionalRow]] = {}
    for row in rows:
        for name, said in row.figures.items():
            found.setdefault((name, said["sha256"], said["method"]), []).append(row)
    return [
        Asked(
            name,
            sha256,
            method,
            known if (known := protocols.get(name)) and known.sha256 == sha256 else None,
            tuple(sorted(of_it, key=lambda each: each.release.country_name)),
        )
        for (name, sha256, method), of_it in sorted(found.items())
    ]


def _reading() -> Section:
    return section(
        render("name.paper-reading"),
        bullets(
            [
                render("note.paper-read-figure"),
                render("note.paper-read-coverage"),
                render("note.paper-read-confirmed"),
                render("note.region-read-released"),
                render("note.region-read-difference"),
            ]
        ),
        Paragraph(render("note.paper-error"), "warn"),
    )


def _released(rows: Sequence[RegionalRow]) -> Section:
    title = render("name.region-released")
    ordered = sorted(rows, key=lambda each: each.release.country_name)
    return section(
        title,
        table(
            title,
            (
                Column(render("name.paper-country"), 0.2),
                Column(render("name.paper-round"), 0.3),
                Column(render("name.region-by"), 0.32),
                Column(render("name.region-on"), 0.18),
            ),
            [
                (
                    cell(
                        strong(each.release.country_name),
                        strong(render("name.region-invented")) if each.release.is_invented else "",
                    ),
                    cell(
                        each.release.title,
                        muted(
                            f"{each.release.period_from.isoformat()}"
                            f" – {each.release.period_to.isoformat()}"
                        ),
                    ),
                    cell(each.release.official, muted(each.release.office)),
                    cell(each.release.released_on.isoformat()),
                )
                for each in ordered
            ],
            empty=render("note.region-none"),
        ),
    )


def _of_protocol(asked: Asked) -> Section:
    title = plain(asked.protocol.title) if asked.protocol else asked.name
    keys = _keys(asked)
    blocks: list[Block] = [
        Paragraph(render("note.region-made-with", protocol=asked.name, method=asked.method),
                  "muted"),
        _stood(asked, title),
    ]  # fmt: skip
    for of in ("area", "instrument", "sector"):
        wanted = [key for key in keys if key[0] == of]
        if not wanted:
            continue
        heading = render(f"name.paper-by-{of}")
        blocks.append(Heading(heading))
        drawn = _picture(asked, wanted, f"{title}: {heading}", of)
        blocks += [drawn] if drawn else []
        for start in range(0, len(asked.rows), _COLUMNS):
            shown = asked.rows[start : start + _COLUMNS]
            names = ", ".join(each.release.country_name for each in shown)
            blocks.append(_figures(asked, wanted, shown, f"{title}, {heading}: {names}"))
    blocks.append(Paragraph(render("note.region-digest", sha256=asked.sha256), "muted"))
    return section(title, *blocks, starts_page=True)


def _stood(asked: Asked, title: str) -> Block:
    """How each country's round stood on the day of its release."""
    return table(
        render("note.region-stood", protocol=title),
        (
            Column(render("name.paper-country"), 0.2),
            Column(render("name.region-stood"), 0.8),
        ),
        [
            (cell(strong(each.release.country_name)), cell(*of_protocol(each.release, asked.name)))
            for each in asked.rows
        ],
    )


def _keys(asked: Asked) -> list[tuple[str, str, str]]:
    """What figures are of, in the protocol's order, or as they come where it is not kept."""
    found = dict.fromkeys(key for row in asked.rows for key in asked.figures(row))
    if asked.protocol is None:
        return sorted(found)
    protocol = asked.protocol
    order = [*protocol.areas, *protocol.instruments, *protocol.sectors]
    return sorted(found, key=lambda key: (order.index(key[1]) if key[1] in order else -1, key))


def _title(asked: Asked, key: tuple[str, str, str]) -> str:
    of, id, _ = key
    return figure_title(asked.protocol, of, id) if asked.protocol else id


def _figures(
    asked: Asked, keys: Sequence[tuple[str, str, str]], rows: Sequence[RegionalRow], caption: str
) -> Block:
    figures = [asked.figures(row) for row in rows]
    wide = 0.72 / len(rows)
    return table(
        caption,
        (
            Column(render("name.paper-col-area"), 0.28),
            *(Column(each.release.country_name, wide, is_number=True) for each in rows),
        ),
        [
            (
                cell(strong(_title(asked, key))),
                *(
                    _figure(asked, row, found.get(key))
                    for row, found in zip(rows, figures, strict=True)
                ),
            )
            for key in keys
        ],
    )


def _figure(asked: Asked, row: RegionalRow, figure: Mapping[str, Any] | None) -> Cell:
    if figure is None:
        return cell(DASH)
    name = f"{row.release.country}/{asked.name}/{figure['of']}/{figure['id']}/{figure['scale']}"
    return cell(
        Line(figure["percent"] or DASH, "strong", figure=f"{name}/percent"),
        _band(asked, figure["band"]),
        muted(
            render("note.region-known", coverage=figure["coverage"], confirmed=figure["confirmed"])
        ),
    )


def _band(asked: Asked, id: str | None) -> str:
    bands = asked.protocol.scoring.bands if asked.protocol and asked.protocol.scoring else ()
    return next((plain(each.title) for each in bands if each.id == id), id or "")


def _picture(
    asked: Asked, keys: Sequence[tuple[str, str, str]], title: str, of: str
) -> Picture | None:
    """Draw in which band each figure is; countries are columns, in the alphabet's order."""
    bands = asked.protocol.scoring.bands if asked.protocol and asked.protocol.scoring else ()
    if not bands or not 0 < len(asked.rows) <= _MOST_DRAWN:
        return None
    categories = {
        each.id: Category(str(place + 1), plain(each.title), look_of(place, len(bands)))
        for place, each in enumerate(bands)
    }
    categories[_NONE] = Category("?", render("note.region-no-figure"), Look.UNKNOWN)
    figures = [asked.figures(row) for row in asked.rows]
    rows = [
        HeatRow(
            _title(asked, key),
            [(found[key]["band"] or _NONE) if key in found else None for found in figures],
        )
        for key in keys
    ]
    names = [each.release.country_name for each in asked.rows]
    said = about(f"{asked.name}-region-{of}", title, render("note.region-chart"))
    return picture(heat_map(names, rows, categories, said), said)
