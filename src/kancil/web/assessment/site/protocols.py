"""Protocols: which this site keeps, and all that one asks, with sources and how sure they are.

One question stands in `asked`, what is kept and given away as a file in `protocol_files`.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.protocol import Confidence, Indicator, Protocol, Scale, Standing, Text
from kancil.assessment.protocol_files.library import translations_of
from kancil.desk.assessment.access import may_keep_site
from kancil.desk.assessment.queries.site import kept_protocol, kept_protocols
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase, spoken
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    folded,
    identifier,
    link,
    minute,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.paging import language_name
from kancil.web.parts import Cell, Done, Kind, Several
from kancil.web.programme_page import EVERYONE, page
from kancil.web.signed_in import person_of

SAMPLE = {"protocol": "none-2026.1"}
_SURE: dict[Confidence, Kind] = {
    Confidence.HIGH: "plain",
    Confidence.MEDIUM: "warn",
    Confidence.LOW: "unknown",
}


def said(text: Text | None) -> str:
    """Words of a protocol in the reader's language, else in its own."""
    return "" if text is None else text.in_language(spoken())


_CODE = re.compile(r"[A-Z]{1,4}[0-9]+")


def code_of(protocol: Protocol, id: str) -> str:
    """A question's name in a list: its own code, its article, else its place in the protocol.

    What the protocol does not ask keeps its id.
    """
    each = protocol.indicators.get(id)
    if each is None or _CODE.fullmatch(id):
        return id
    if each.article is not None:
        instrument = protocol.instruments.get(each.article.instrument)
        short = said(instrument.short) if instrument else each.article.instrument
        return f"{short} {each.article.number}"
    return str(list(protocol.indicators).index(id) + 1)


def code_in_area(protocol: Protocol, each: Indicator) -> str:
    """A question's name below the heading of its area, which names a provision's instrument."""
    return each.article.number if each.article else code_of(protocol, each.id)


def indicator_name(protocol: Protocol, each: Indicator) -> str:
    """What a question is called: a provision by its instrument, number and title, or its code."""
    if each.article is None:
        return code_of(protocol, each.id)
    return render_phrase(indicator_title(protocol, each))


def indicator_title(protocol: Protocol, each: Indicator) -> Phrase:
    """The title of a question's page; that of a provision leaves its question to the page."""
    if each.article is None:
        params = {"name": code_of(protocol, each.id), "question": said(each.question)}
        return Phrase("web.indicator.title", params)
    instrument = protocol.instruments.get(each.article.instrument)
    params = {
        "instrument": said(instrument.short) if instrument else each.article.instrument,
        "number": each.article.number,
        "title": said(each.article.title),
    }
    return Phrase("web.texts.provision", params)


def sure(confidence: Confidence | None) -> Cell:
    """Show how sure the author of a question or a source is; green would say that it is proven."""
    if confidence is None:
        return tag("unknown", "web.confidence.unsaid")
    return tag(_SURE[confidence], f"web.confidence.{confidence.value}")


@page("protocols/", "protocols", may=EVERYONE, menu="site", order=30)
def all_protocols(request: HttpRequest) -> HttpResponse:
    """List the protocols that this site keeps."""
    keeps = may_keep_site(person_of(request))
    kept = [each.protocol for each in kept_protocols()]
    buttons = [button(reverse("protocol_schema"), "web.protocol.schema")]
    if keeps:
        buttons.insert(0, button(reverse("protocol_new"), "web.protocol.add", main=True))
    if kept:
        sections = [_list(kept)]
    else:
        there = reverse("protocol_new") if keeps else ""
        sections = [empty("web.protocol.none" if keeps else "web.protocol.none-kept", url=there)]
    return show(request, Phrase("web.room.protocols"), sections, buttons=buttons)


def _list(protocols: list[Protocol]) -> Section:
    return table(
        "web.protocol.kept-here",
        ("title", "version", "shape", "asks>", "standing", "licence"),
        [
            (
                link(reverse("protocol", kwargs={"protocol": each.name}), said(each.title)),
                each.version,
                Phrase(f"web.shape.{each.shape.value}"),
                number(len(each.indicators)),
                standing_tag(each),
                each.licence,
            )
            for each in protocols
        ],
    )


def standing_tag(protocol: Protocol) -> Cell:
    """Whether a protocol was reviewed, or is a proposal."""
    if protocol.standing is Standing.REVIEWED:
        return tag("intact", "web.standing.reviewed")
    return tag("warn", "web.standing.proposal")


@page("protocols/<str:protocol>/", "protocol", may=EVERYONE, sample=SAMPLE)
def one_protocol(request: HttpRequest, protocol: str) -> HttpResponse:
    """All that a protocol asks, area by area, and what it rests on."""
    kept = kept_protocol(protocol)
    found = kept.protocol
    asked = found.indicators.values()
    compared = sum(each.checked is not None for each in asked)
    told: list[tuple[str, Cell]] = [
        ("purpose", said(found.purpose)),
        ("standing", standing_tag(found)),
        ("languages", _languages(found)),
        ("licence", found.licence),
        ("shape", Phrase(f"web.shape.{found.shape.value}")),
        ("asks", number(len(found.indicators))),
        ("compared", Done(compared, len(found.indicators))),
        ("kept-on", minute(kept.added_at)),
        ("sha256", identifier(found.sha256)),
    ]
    if found.reviewed is not None:
        by = {"by": said(found.reviewed.by), "on": found.reviewed.on.isoformat()}
        told.insert(2, ("reviewed", Phrase("web.protocol.reviewed", by)))
    sections: list[Section] = []
    if found.standing is not Standing.REVIEWED:
        sections.append(note("warn", "web.protocol.standing", said=said(found.standing_note)))
    if not compared:
        sections.append(note("warn", "web.protocol.not-compared"))
    sections += [facts("web.protocol.about", told), _contents(found), *_areas(found)]
    sections += [_scale(each) for each in found.scales.values() if each.values]
    if found.grades:
        sections.append(_grades(found))
    if found.instruments:
        sections.append(_instruments(found))
    if found.sources:
        sections.append({**sources_of(found, list(found.sources)), "kind": "folded"})
    there = reverse("protocol_file", kwargs={"protocol": found.name})
    return show(
        request,
        Phrase("web.protocol.title", {"title": said(found.title)}),
        sections,
        crumbs=way_to(),
        buttons=[button(there, "web.protocol.file")],
    )


def _languages(protocol: Protocol) -> Cell:
    """The protocol's own language, and each translation: how much it has, and who has read it."""
    rows: list[Cell] = [language_name(protocol.language)]
    for made, has in translations_of(protocol):
        state = "below" if not has.is_offered else made.standing.value
        counts: dict[str, str | int | Phrase] = {"have": has.have, "of": has.of}
        counts["name"] = language_name(made.language)
        rows.append(Phrase(f"web.protocol-translation-{state}", counts))
    return Several(rows)


def _contents(protocol: Protocol) -> Section:
    """List the areas, each a way down to its questions."""
    counts: dict[str, int] = {}
    critical: dict[str, int] = {}
    for each in protocol.indicators.values():
        counts[each.area] = counts.get(each.area, 0) + 1
        critical[each.area] = critical.get(each.area, 0) + each.critical
    rows: list[tuple[Cell, ...]] = [
        (
            link(f"#{name}", said(area.title)) if counts.get(name) else said(area.title),
            f"{area.weight:g}",
            number(counts.get(name, 0)),
            number(critical.get(name, 0)),
        )
        for name, area in protocol.areas.items()
    ]
    return table("web.protocol.contents", ("area", "weight>", "asks>", "critical>"), rows)


def way_to(protocol: Protocol | None = None) -> list[dict[str, object]]:
    """The steps above a page of protocols, or of one."""
    found: list[dict[str, object]] = [
        {"url": reverse("protocols"), "name": Phrase("web.room.protocols")}
    ]
    if protocol is not None:
        there = reverse("protocol", kwargs={"protocol": protocol.name})
        found.append({"url": there, "name": said(protocol.title)})
    return found


def _areas(protocol: Protocol) -> list[Section]:
    by_area: dict[str, list[Indicator]] = {}
    for each in protocol.indicators.values():
        by_area.setdefault(each.area, []).append(each)
    columns = ("number", "question", "weighs", "how-sure", "compared")
    found = []
    for name, area in protocol.areas.items():
        rows: list[tuple[Cell, ...]] = [
            (
                link(
                    reverse("asked", kwargs={"protocol": protocol.name, "indicator": each.id}),
                    code_in_area(protocol, each),
                ),
                said(each.question),
                tag("danger", "web.indicator.critical") if each.critical else f"{each.weight:g}",
                sure(each.confidence),
                compared_tag(each),
            )
            for each in by_area.get(name, ())
        ]
        if rows:
            one = folded("web.protocol.area", columns, rows)
            found.append({**one, "heading": said(area.title), "anchor": name})
    return found


def compared_tag(each: Indicator) -> Cell:
    """Whether a question was compared with an official text, when, and with which."""
    if each.checked is None:
        return tag("unknown", "web.indicator.not-compared")
    said_of = {"on": each.checked.on.isoformat(), "against": each.checked.against}
    return tag("intact", "web.indicator.compared", **said_of)


def _scale(scale: Scale) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (str(each.value), said(each.label), said(each.meaning) or "–") for each in scale.values
    ]
    one = folded("web.protocol.scale", ("value", "stage", "meaning"), rows)
    return {**one, "heading": Phrase("web.protocol.scale", {"title": said(scale.title)})}


def _instruments(protocol: Protocol) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            said(each.short),
            said(each.title),
            each.ref,
            Phrase("web.protocol.binding") if each.binding else Phrase("web.protocol.not-binding"),
            sure(each.confidence),
        )
        for each in protocol.instruments.values()
    ]
    columns = ("instrument", "title", "reference", "force", "how-sure")
    return folded("web.protocol.instruments", columns, rows)


def _grades(protocol: Protocol) -> Section:
    return folded(
        "web.protocol.grades",
        ("grade", "meaning", "confirmed"),
        [
            (
                said(each.label),
                said(each.meaning),
                tag("intact", "web.grade.confirms")
                if each.confirmed
                else tag("unknown", "web.grade.states"),
            )
            for each in protocol.grades.values()
        ],
    )


def sources_of(protocol: Protocol, names: list[str]) -> Section:
    """Show what some questions come from, and how sure that is."""
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        each = protocol.sources.get(name)
        if each is not None:
            where = f"{each.ref} ({each.url})" if each.url else each.ref
            reference: Cell = where
            if each.as_of is not None:
                said_of = {"where": where, "day": each.as_of.isoformat()}
                reference = Phrase("web.protocol.source-as-of", said_of)
            rows.append(
                (said(each.title), reference, sure(each.confidence), said(each.note) or "–")
            )
    columns = ("rests-on", "reference", "how-sure", "of-note")
    return table("web.protocol.sources", columns, rows)
