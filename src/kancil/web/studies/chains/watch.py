"""Watch lists on the site: the unit's, and those of a case for its members alone.

What touched a watch is shown here whether it was told by command or not; *Seen* tells it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.clusters.views import METHOD
from kancil.custody.roll import Roll
from kancil.desk.cases import queries as case_queries
from kancil.desk.cases.queries import Case
from kancil.desk.people.queries import case_ids_of
from kancil.desk.studies.own_chains import keeps_shared, require_shared
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.desk.studies.watched import (
    TouchRead,
    WatchRead,
    ended_watches,
    found_touches,
    waiting_by_case,
    watches,
)
from kancil.desk.studies.watching import Wanted, add_watch, end_watch, see
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    amount,
    button,
    empty,
    form,
    identifier,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    tag,
    when,
)
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Kind
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

SHOWN_ROWS = 200
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_KINDS: dict[str, Kind] = {"gone": "danger", "new": "warn"}


class WatchForm(WordsForm):
    """What is watched, and why that is allowed."""

    chain = forms.ChoiceField(choices=())
    watch_address = text(140)
    watch_reason = text(1000, lines=2)
    watch_basis = text(1000, lines=2)

    def __init__(self, chains: Sequence[str], *args: Any, **kwargs: Any) -> None:
        """Offer the chains that are here."""
        super().__init__(*args, **kwargs)
        choose(self, "chain", [(name, name) for name in chains])


class WatchEndForm(WordsForm):
    """Which watch ends, and why."""

    watch = forms.ChoiceField(choices=())
    watch_why = text(1000, lines=2)

    def __init__(self, rows: Sequence[WatchRead], *args: Any, **kwargs: Any) -> None:
        """Offer the watches that go on."""
        super().__init__(*args, **kwargs)
        choose(self, "watch", [(str(row.number), _title(row)) for row in rows])


class SeenForm(WordsForm):
    """Which rows were shown: when the newest was found (microseconds since 1970), their ids."""

    watch_seen = forms.RegexField(r"\A[0-9]{1,16}( [0-9]{1,18})+\Z", widget=forms.HiddenInput)


def _shown(rows: Sequence[TouchRead]) -> str:
    newest = (max(row.found_at for row in rows) - _EPOCH) // _TICK
    return " ".join((str(newest), *(str(row.id) for row in rows)))


def _title(row: WatchRead) -> str:
    return f"{row.label} {row.address} ({row.chain})"


@page("watch/", "watch", may=EVERYONE, menu="site", order=21)
def watch(request: HttpRequest) -> HttpResponse:
    """What the unit watches, and what touched it."""
    rows = watches(None)
    return show(
        request,
        Phrase("web.room.watch"),
        [*_sections(request, None, rows), *_of_my_cases(request)],
        buttons=_buttons(request, None, rows),
    )


@page("cases/<str:case>/watch/", "case_watch", may=EVERYONE, of="case", menu="case", order=25)
def case_watch(request: HttpRequest, case: Case) -> HttpResponse:
    """What is watched for the case, and what touched it."""
    rows = watches(_of(case))
    return show(
        request,
        Phrase("web.room.case-watch"),
        _sections(request, case, rows),
        buttons=_buttons(request, case, rows),
        crumbs=crumbs(case),
    )


@page("watch/add/", "watch_new", may=ACTING, methods=("GET", "POST"), within="watch")
def watch_new(request: HttpRequest) -> HttpResponse:
    """Watch an address for the unit."""
    require_shared(person_of(request))
    return _new(request, None)


@page("cases/<str:case>/watch/add/", "case_watch_new", may=ACTING, of="case",
      methods=("GET", "POST"))  # fmt: skip
def case_watch_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Watch an address for the case."""
    return _new(request, case)


@page("watch/end/", "watch_end", may=ACTING, methods=("GET", "POST"), within="watch")
def watch_end(request: HttpRequest) -> HttpResponse:
    """End a watch of the unit."""
    require_shared(person_of(request))
    return _end(request, None)


@page("cases/<str:case>/watch/end/", "case_watch_end", may=ACTING, of="case",
      methods=("GET", "POST"))  # fmt: skip
def case_watch_end(request: HttpRequest, case: Case) -> HttpResponse:
    """End a watch of the case."""
    return _end(request, case)


@page("watch/seen/", "watch_seen", may=ACTING, methods=("POST",), within="watch")
def watch_seen(request: HttpRequest) -> HttpResponse:
    """Mark what touched the unit's watches as told."""
    require_shared(person_of(request))
    return _seen(request, None)


@page("cases/<str:case>/watch/seen/", "case_watch_seen", may=ACTING, of="case", methods=("POST",))
def case_watch_seen(request: HttpRequest, case: Case) -> HttpResponse:
    """Mark what touched the case's watches as told."""
    return _seen(request, case)


# --- what they share ------------------------------------------------------------------------------


def _of(case: Case | None) -> CaseId | None:
    return None if case is None else CaseId(case.id)


def _url(name: str, case: Case | None) -> str:
    """The address of a page of the unit's list, or of the same page of a case's."""
    if case is None:
        return reverse(name)
    return reverse(f"case_{name}", kwargs={"case": case.number})


def _way(case: Case | None) -> list[dict[str, Any]]:
    if case is None:
        return [{"url": reverse("watch"), "name": Phrase("web.room.watch")}]
    return crumbs(case, (_url("watch", case), Phrase("web.room.case-watch")))


def _may_watch(request: HttpRequest, case: Case | None) -> bool:
    """Whether the reader may change this list: in a classroom the shared one is its trainers'."""
    person = person_of(request)
    return person.acts and (case is not None or keeps_shared(person))


def _buttons(
    request: HttpRequest, case: Case | None, rows: Sequence[WatchRead]
) -> list[dict[str, Any]]:
    if not _may_watch(request, case):
        return []
    found = [button(_url("watch_new", case), "web.watch.add", main=True)]
    if rows:
        found.append(button(_url("watch_end", case), "web.watch.end"))
    return found


def _sections(request: HttpRequest, case: Case | None, rows: Sequence[WatchRead]) -> list[Section]:
    roll = unit_desk().ledger.folded(Roll)
    over = _ended(*ended_watches(_of(case), most=SHOWN_ROWS), roll)
    if not rows:
        first = _url("watch_new", case) if _may_watch(request, case) else ""
        return [empty("web.watch.empty", url=first), *over]
    return [*_going_on(request, case, rows, roll), *over]


def _going_on(
    request: HttpRequest, case: Case | None, rows: Sequence[WatchRead], roll: Roll
) -> list[Section]:
    found, count = found_touches(_of(case), SHOWN_ROWS)
    columns = ("number", "address", "chain", "watch-reason", "watch-basis", "watch-by", "since")
    sections: list[Section] = [
        table("web.watch.watched", columns, [_watch_row(row, roll) for row in rows])
    ]
    sections += [{**note("warn", cut.key), "text": cut} for row in rows for cut in row.cuts]
    if any(row.is_cluster for row in rows):
        sections.append(note("info", "note.watch-cluster", **METHOD))
    if not found:
        return [*sections, note("info", "web.watch.nothing")]
    columns = ("number", "watch-change", "when", "height>", "watch-in>", "watch-out>",
               "transaction")  # fmt: skip
    chains = {row.label: row.chain for row in rows}
    told = [_touch_row(chains[each.watch], each) for each in found]
    sections += [table("web.watch.touched", columns, told), *rows_left(len(found), count)]
    waiting = sum(row.untold for row in rows)
    if waiting and _may_watch(request, case):
        sections.append(
            form(
                "web.watch.seen",
                SeenForm(initial={"watch_seen": _shown(found)}),
                submit="web.watch.seen",
                text="web.watch.seen-text",
                action=_url("watch_seen", case),
            )
        )
    return sections


def _watch_row(row: WatchRead, roll: Roll) -> tuple[Cell, ...]:
    address: Cell = identifier(row.address, short=True)
    if row.is_cluster:
        address = Phrase("web.watch.cluster", {"address": row.address, "count": row.addresses})
    return (
        row.label,
        address,
        link(reverse("chain", kwargs={"chain": row.chain}), row.chain),
        row.reason,
        row.legal_basis,
        _who(row.by, roll),
        when(row.since),
    )


def _who(name: str, roll: Roll) -> str:
    officer = roll.officers.get(OfficerId(name))
    return name if officer is None else officer.name


def _ended(rows: Sequence[WatchRead], count: int, roll: Roll) -> list[Section]:
    """Which watches have ended, who began and who ended each, and why."""
    if not rows:
        return []
    columns = ("number", "address", "chain", "watch-reason", "watch-basis", "watch-by", "since",
               "ended", "watch-ended-by", "watch-ended-why")  # fmt: skip
    told = [
        (*_watch_row(row, roll), when(row.ended_at), _who(row.ended_by, roll), row.ended_why)
        for row in rows
    ]
    return [table("web.watch.ended", columns, told), *rows_left(len(told), count)]


def _touch_row(chain: str, row: TouchRead) -> tuple[Cell, ...]:
    is_held = not row.is_gone
    url = reverse("tx", kwargs={"chain": chain, "txid": row.txid}) if is_held else ""
    key = f"name.touch-{row.change}"
    change: Cell = Phrase(key)
    if row.told_at is None or row.is_gone:
        change = tag(_KINDS.get(row.change, "warn"), key)
    return (
        row.watch,
        change,
        when(row.time),
        number(row.height),
        amount(row.in_sat),
        amount(row.out_sat),
        identifier(row.txid, url, short=True),
    )


def _of_my_cases(request: HttpRequest) -> list[Section]:
    """Which of my cases have something that was not told yet, and how much."""
    waiting = waiting_by_case(case_ids_of(person_of(request)))
    rows = [
        (link(_url("watch", case), f"C{case.number} {case.title}"), number(waiting[case.id]))
        for case in case_queries.cases(list(waiting))
    ]
    return [table("web.watch.cases", ("case", "watch-waiting>"), rows)] if rows else []


def _new(request: HttpRequest, case: Case | None) -> HttpResponse:
    desk = unit_desk()
    names = chain_names(desk.workspace)
    title = Phrase("web.watch.add")
    if not names:
        sections = [empty("web.chains.empty", url=reverse("chains"))]
        return show(request, title, sections, crumbs=_way(case))
    asked = WatchForm(names, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and asked.is_valid():
        given, person = asked.cleaned_data, person_of(request)
        with asked.telling("watch_address"):
            wanted = Wanted(
                given["watch_address"], given["watch_reason"], given["watch_basis"], _of(case)
            )
            chain = open_chain(desk.workspace, given["chain"])
            add_watch(desk.ledger, chain, wanted, by=person.officer or person.username)
            return redirect(_url("watch", case))
    sections = [form("web.watch.add", asked, submit="web.watch.add", text="web.watch.text")]
    return show(request, title, sections, crumbs=_way(case))


def _end(request: HttpRequest, case: Case | None) -> HttpResponse:
    rows = watches(_of(case))
    title = Phrase("web.watch.end")
    if not rows:
        first = _url("watch_new", case)
        return show(request, title, [empty("web.watch.empty", url=first)], crumbs=_way(case))
    asked = WatchEndForm(rows, request.POST or None)
    if request.method == "POST" and asked.is_valid():
        given, person = asked.cleaned_data, person_of(request)
        chosen = next(row for row in rows if str(row.number) == given["watch"])
        with asked.telling("watch"):
            end_watch(
                chosen.chain,
                chosen.number,
                case=_of(case),
                why=given["watch_why"],
                by=person.officer or person.username,
            )
            return redirect(_url("watch", case))
    sections = [form("web.watch.end", asked, submit="web.watch.end", text="web.watch.end-text")]
    return show(request, title, sections, crumbs=_way(case))


def _seen(request: HttpRequest, case: Case | None) -> HttpResponse:
    asked = SeenForm(request.POST)
    if asked.is_valid():
        until, *ids = asked.cleaned_data["watch_seen"].split(" ")
        see(_of(case), [int(each) for each in ids], _EPOCH + int(until) * _TICK)
    return redirect(_url("watch", case))
