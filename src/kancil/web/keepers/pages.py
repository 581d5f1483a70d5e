"""Where the money can still be stopped: the keepers it met, and the letter to those ticked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.keepers.queries import CaseKeepers
from kancil.desk.keepers.words import answer_of, limits_of, old_of
from kancil.desk.studies.queries import labels_named_address
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped_decimal
from kancil.studies.keepers.freeze import finding_of, uncovered
from kancil.studies.keepers.keeper import Met
from kancil.studies.keepers.rest import GONE
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    asking,
    button,
    choosing,
    empty,
    identifier,
    limits,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    tag,
)
from kancil.web.forms import WordsForm, text
from kancil.web.labels.cells import label_cells
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Minute, Several, Tick
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

from .asked import ASKED, found_keepers, sign_url
from .drafting import LetterForm

MOST_SHOWN = 100
_MOST_NAMED = 3


class FromForm(WordsForm):
    """The reported transfer from which money is followed."""

    transfer = text(60)


@page("cases/<str:case>/keepers/", "keepers", may=EVERYONE, of="case", menu="case", order=27)
def keepers(request: HttpRequest, case: Case) -> HttpResponse:
    """The keepers that money met, those to ask first on top; ticked ones get a letter."""
    found = found_keepers(request, unit_desk(), case)
    acts = person_of(request).acts
    title = Phrase("web.room.keepers")
    if not (found.traces or found.backward or found.tables):
        ask = reverse("money", kwargs={"case": case.number}) if acts else ""
        nothing = empty("web.keepers.empty", url=ask)
        return show(request, title, [nothing], crumbs=crumbs(case))
    sections: list[Section] = [said(answer_of(found)), *_notes(found)]
    if found.met:
        sections += _table(request, case, found, acts=acts)
    if found.book is not None:
        form = FromForm(initial={"transfer": request.GET.get("transfer", "")})
        sections.append(asking("web.keepers.from", form, submit="web.keepers.from-do",
                               text="web.keepers.from-text"))  # fmt: skip
    sections.append(limits(limits_of(found)))
    return show(request, title, sections, crumbs=crumbs(case), buttons=_buttons(request, case))


def _buttons(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """The way back to all keepers, where the page shows those of one trace or transfer."""
    if not any(request.GET.get(name) for name in ASKED):
        return []
    return [button(reverse("keepers", kwargs={"case": case.number}), "web.keepers.all")]


def _notes(found: CaseKeepers) -> list[Section]:
    """What would mislead if it were not seen: coins of a test network, a trace to the past."""
    notes = [
        note("warn", "note.watermark", network=asset.removesuffix(" BTC"))
        for asset in dict.fromkeys(each.asset for each in found.met)
        if asset.endswith(" BTC")
    ]
    old = old_of(found)
    if old is not None:
        notes.append({**note("warn", "web.keepers.old"), "text": old})
    if found.backward and not found.traces and not found.starts:
        notes.append(note("warn", "web.keepers.backward", trace=found.backward[0]))
    return notes


def _table(request: HttpRequest, case: Case, found: CaseKeepers, *, acts: bool) -> list[Section]:
    columns = ("number>", "keeper", "held-at", "may-remain>", "last-arrival", "proved-or-reported",
               "findings")  # fmt: skip
    shown = found.met[:MOST_SHOWN]
    rows = [_row(request, case, found, place, each) for place, each in enumerate(shown, 1)]
    left = rows_left(len(shown), len(found.met))
    if not acts:
        return [*left, table("web.keepers.table", columns, rows)]
    ticked = [
        (
            Tick(
                "keeper",
                each.id,
                Phrase("web.keepers.take", {"number": place}),
                is_on=place == 1 and each.remaining.state != GONE,
            ),
            *row,
        )
        for place, (each, row) in enumerate(zip(shown, rows, strict=True), 1)
    ]
    asked = request.GET.urlencode()
    action = reverse("keepers_draft", kwargs={"case": case.number})
    return [
        *left,
        choosing(
            "web.keepers.table", ("take", *columns), ticked, submit="web.keepers.draft",
            text=Phrase("web.keepers.table-text"), action=f"{action}?{asked}" if asked else action,
            fields=LetterForm(),
        ),
    ]  # fmt: skip


def _row(
    request: HttpRequest, case: Case, found: CaseKeepers, place: int, met: Met
) -> tuple[Cell, ...]:
    return (
        number(place),
        _keeper(met),
        _held_at(met),
        _amount(met, found),
        _arrived(met, found),
        _standing(met),
        _finding(request, case, found, met),
    )


def _keeper(met: Met) -> Cell:
    keeper = met.keeper
    how = Phrase(f"name.keeper-how-{keeper.how}")
    if keeper.how in ("label", "cluster"):
        how = Phrase("web.keepers.known-by", {"how": how, "publisher": keeper.said_by})
    name = keeper.name or Phrase("study.keeper-unnamed")
    kind = tag("service" if keeper.name else "unknown", f"name.keeper-kind-{keeper.kind}")
    return Several([name, kind, how])


def _held_at(met: Met) -> Cell:
    cells: list[Cell] = [identifier(met.identifier, short=True),
                         Phrase(f"name.party-{met.identifier_kind}")]  # fmt: skip
    paid = dict.fromkeys(each.address for each in met.arrivals if each.address)
    for name in list(paid)[:_MOST_NAMED]:
        if name != met.identifier:
            cells += [Phrase("web.keepers.paid-address"), identifier(name, short=True)]
    through = list(dict.fromkeys(one for each in met.arrivals for one in each.through))
    if through:
        cells.append(Phrase("web.keepers.paid-through"))
        cells += [identifier(name, short=True) for name in through[:_MOST_NAMED]]
    txids = list(dict.fromkeys(each.txid for each in met.arrivals if each.txid))
    if txids:
        cells.append(Phrase("web.keepers.transactions", {"count": len(txids)}))
        cells += [identifier(name, short=True) for name in txids[:_MOST_NAMED]]
    if len(through) > _MOST_NAMED:
        cells.append(Phrase("web.trace.more-parties", {"count": len(through) - _MOST_NAMED}))
    return Several([*cells, *_labels((met.identifier, *paid, *through))])


def _labels(names: Iterable[str]) -> list[Cell]:
    """What publishers say of the addresses of a keeper's row, whatever their chain."""
    workspace = unit_desk().workspace
    return label_cells(
        label for name in dict.fromkeys(names) for label in labels_named_address(workspace, name)
    )


def _amount(met: Met, found: CaseKeepers) -> Cell:
    """What may remain, with its value where all were compared; then what arrived."""
    cells: list[Cell] = [met.said_amount(max(0, met.remaining.most))]
    value = found.order.values.get(met.id)
    if value is not None and met.asset != found.order.currency:
        shown = f"{grouped_decimal(f'{value.shown:f}')} {found.order.currency}"
        cells.append(Phrase("web.keepers.value", {"value": shown}))
    if met.remaining.most != met.most or met.least != met.most:
        cells.append(Phrase("web.keepers.arrived", {"amount": met.said_amount(met.most)}))
    if met.least != met.most:
        cells.append(Phrase("web.keepers.at-least", {"amount": met.said_amount(met.least)}))
    return Several(cells)


def _arrived(met: Met, found: CaseKeepers) -> Cell:
    times = [each for each in met.arrivals if each.when]
    if not times:
        return Phrase("note.not-stated")
    cells: list[Cell] = [_moment(times[-1].at, times[-1].day)]
    if times[0].when != times[-1].when:
        cells += [Phrase("web.keepers.payments-since", {"count": len(times)}),
                  _moment(times[0].at, times[0].day)]  # fmt: skip
    return Several([*cells, met.reason(found.moment)])


def _moment(at: Any, day: str) -> Cell:
    return Minute(at) if at else day


def _standing(met: Met) -> Cell:
    first = met.arrivals[0]
    publishers = dict.fromkeys(each.reported_by for each in met.arrivals if each.reported_by)
    kind = tag("intact" if first.outpoint else "unknown", f"name.keeper-standing-{first.standing}")
    places = dict.fromkeys(each.short_place for each in met.arrivals[:_MOST_NAMED])
    return Several([kind, *list(publishers)[:_MOST_NAMED], *places])


def _finding(request: HttpRequest, case: Case, found: CaseKeepers, met: Met) -> Cell:
    """The findings that cover it, or the way to the one that is to be signed first."""
    missing = uncovered([met], found.signed)
    if missing:
        return link(sign_url(request, case, found, met), Phrase("web.keepers.sign-first"))
    numbers = dict.fromkeys(finding_of(each, found.signed) for each in met.arrivals)
    return Several([f"F{each}" for each in numbers])
