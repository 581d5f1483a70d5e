"""Spending from the ledger: files, their columns, lines to match, and what does not agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.money.grants import seen_grants
from kancil.desk.programme.money.lines import (
    FileRow,
    Trial,
    file_of,
    head_of,
    line_row,
    paid_outside,
    reconciled_files,
    remembered,
    spending_files,
    spending_lines,
)
from kancil.desk.programme.money.spending import (
    hand_in_spending,
    import_spending,
    match_by_codes,
    match_lines,
    try_spending,
    undo_spending,
)
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.money.ledger_file import LedgerHead
from kancil.programme.money.reconcile import Reconciliation
from kancil.web.acting import show_wide
from kancil.web.cells import (
    Section,
    choosing,
    empty,
    facts,
    folded,
    form,
    identifier,
    limits,
    link,
    note,
    number,
    table,
    tag,
)
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell, Tick
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .rates import whole_file
from .spending_forms import IMPORT, CodesForm, MappingForm, MatchForm, SendForm, UndoForm
from .words import ROWS, class_name, money, paged, reconciled, reconciled_tag, told, way

_SHOWN = 200
_SAMPLE = {"batch": "none"}


@page(
    "grants/spending/", "spending", may=MONEY, methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES
)
def all_files(request: HttpRequest) -> HttpResponseBase:
    """Every file, and a form for the next one."""
    desk = desk_of(person_of(request))
    asked = SendForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            sent = asked.cleaned_data["money_file"]
            store = store_of(current_workspace())
            batch = hand_in_spending(
                by=person_of(request), store=store, data=whole_file(sent), file_name=sent.name
            )
            return redirect("spending_file", batch=batch)
    files = spending_files(desk)
    pages = Paginator(files, ROWS).get_page(request.GET.get("page"))
    state = reconciled_files([each.file for each in pages if each.file and not each.is_undone])
    rows = [_row(each, state) for each in pages]
    left = spending_lines(desk, only_unmatched=True).count()
    sections: list[Section] = []
    if left:
        there = reverse("spending_unmatched")
        sections.append(note("warn", "web.money.left-to-match", count=left, url=there,
                             do="web.money.match"))  # fmt: skip
    columns = ("file", "money-system", "money-period", "state", "money-lines>", "amount>")
    listed = paged(request, table("web.room.spending", columns, rows), pages)
    sections += [
        listed if rows else empty("web.money.no-files"),
        asked.section("web.money.send", text="web.money.send-text"),
        limits([Phrase("web.money.rule-lines")]),
    ]
    return show_wide(request, Phrase("web.room.spending"), sections, crumbs=way())


def _period(row: FileRow) -> str:
    """From the first to the last day of a file that was taken in."""
    if row.period_from is None or row.period_to is None:
        return "–"
    return span(row.period_from, row.period_to)


def _row(each: FileRow, state: Mapping[str, Reconciliation]) -> tuple[Cell, ...]:
    there = reverse("spending_file", kwargs={"batch": each.batch})
    return (
        link(there, each.name),
        each.system or "–",
        _period(each),
        _state(each, state),
        number(each.lines),
        money(each.counted),
    )


def _state(each: FileRow, state: Mapping[str, Reconciliation]) -> Cell:
    if each.is_undone:
        return tag("unknown", "web.money.undone")
    if each.file is None:
        return tag("now", "web.money.waits")
    return reconciled_tag(state[each.file])


@page(
    "grants/spending/<str:batch>/",
    "spending_file",
    may=MONEY,
    methods=("GET", "POST"),
    sample=_SAMPLE,
)
def one_file(request: HttpRequest, batch: str) -> HttpResponseBase:
    """One file: its columns while it waits; then its lines, and whether it is reconciled."""
    desk = desk_of(person_of(request))
    row = file_of(desk, batch)
    undo = UndoForm.asked(request)
    if undo.is_ready:
        with undo.telling():
            undo_spending(by=person_of(request), batch=row.batch)
            messages.success(request, words("web.money.saved"))
            return redirect("spending")
    if row.is_undone:
        sections: list[Section] = [note("info", "web.money.is-undone"), facts(*_about(row))]
    elif row.file is None:
        found = _mapped(request, row)
        if not isinstance(found, list):
            return found
        sections = [*found, undo.section("web.money.give-up")]
    else:
        done = _Matching(request, desk, row.file)
        if done.is_done():
            return redirect("spending_file", batch=row.batch)
        sections = [*_imported(row), *done.sections()]
        sections.append(undo.section("web.money.undo", text="web.money.undo-text"))
    crumbs = way(("spending", {}, Phrase("web.room.spending")))
    return show_wide(request, Phrase("web.money.file-title", {"name": row.name}), sections,
                crumbs=crumbs)  # fmt: skip


# --- While it waits -------------------------------------------------------------------------------


def _mapped(request: HttpRequest, row: FileRow) -> list[Section] | HttpResponseBase:
    store = store_of(current_workspace())
    head = head_of(store, row)
    asked = MappingForm.sent(request, head=head, known=remembered(head))
    tried: list[Section] = []
    if asked.is_ready:
        with asked.telling():
            about: dict[str, Any] = {
                "by": person_of(request),
                "store": store,
                "batch": row.batch,
                "export": asked.export(),
                "mapping": asked.mapping(),
            }
            if request.POST.getlist("do")[-1] == IMPORT:
                import_spending(**about)
                messages.success(request, words("web.money.imported"))
                return redirect("spending_file", batch=row.batch)
            tried = _tried(try_spending(**about))
    columns = [(each, "") for each in head.columns]
    first = {
        **table("web.money.first-rows", (), head.rows),
        "columns": [{"name": name} for name, _ in columns],
        "scroll": True,
    }
    one = form("web.money.columns", asked, submit="web.money.try", text="web.money.columns-text",
               also=[(IMPORT, Phrase("web.money.import"))])  # fmt: skip
    return [*_guessed(head), *tried, first, one]


def _guessed(head: LedgerHead) -> list[Section]:
    """In which encoding a file was read, where that is a guess."""
    if not head.guessed:
        return []
    encoding = Phrase(f"name.encoding-{head.guessed}")
    return [note("warn", "web.prog-import-remark-guessed", encoding=encoding)]


def _tried(found: Trial) -> list[Section]:
    counts: list[tuple[str, Cell]] = [
        ("money-lines", number(found.lines)),
        ("amount", money(found.sum)),
        ("money-of-grants", number(found.of_grants)),
        ("money-of-activities", number(found.of_activities)),
        ("money-refused", number(len(found.refused))),
    ]
    if found.unknown:
        counts.append(("money-unknown", ", ".join(found.unknown)))
    return [
        facts("web.money.tried", counts),
        *_outside(found.outside),
        *_refused(found.refused, is_open=True),
    ]


def _outside(found: tuple[Phrase, ...]) -> list[Section]:
    """What grants are charged for outside their earmarks, by name."""
    return told("web.money.outside", list(found))


def _refused(refused: tuple[tuple[int, Phrase], ...], *, is_open: bool = False) -> list[Section]:
    if not refused:
        return []
    rows: list[tuple[Cell, ...]] = [(number(row), why) for row, why in refused[:_SHOWN]]
    one = folded("web.money.refused", ("money-row>", "money-why"), rows, count=len(refused))
    return [{**one, "is_open": is_open}]


# --- Once it is imported --------------------------------------------------------------------------


def _about(row: FileRow) -> tuple[str, list[tuple[str, Cell]]]:
    return "web.money.about-file", [
        ("money-system", row.system or "–"),
        ("money-period", _period(row)),
        ("money-lines", number(row.lines)),
        ("money-counted", money(row.counted)),
        ("money-stated", money(row.stated)),
        ("sha256", identifier(row.sha256)),
        ("added-by", row.by),
    ]


def _imported(row: FileRow) -> list[Section]:
    found = reconciled_files([row.file or ""])[row.file or ""]
    level = "intact" if found.is_reconciled else "warn"
    said = "web.money.file-reconciled" if found.is_reconciled else "web.money.file-open"
    return [
        note(level, said),
        *reconciled(found),
        *_outside(paid_outside(row.file or "")),
        facts(*_about(row)),
        *_refused(row.refused),
    ]


class _Matching:
    """Lines not matched with a grant, and the forms by which they become one's."""

    def __init__(self, request: HttpRequest, desk: Desk, file: str) -> None:
        self.request, self.file = request, file
        lines = spending_lines(desk, file=file, only_unmatched=True)
        self.pages = Paginator(lines, ROWS).get_page(request.GET.get("page"))
        known = [(each.id, f"{each.reference} {each.title}") for each in seen_grants(desk)]
        self.match = MatchForm.asked(request, known=known)
        self.ticked = {each for each in request.POST.getlist("line") if each.isdecimal()}
        self.codes = CodesForm.asked(request)

    def is_done(self) -> bool:
        """Do what was sent; what is wrong with it is told at its form."""
        by = person_of(self.request)
        if self.match.is_ready:
            with self.match.telling():
                count = match_lines(
                    by=by,
                    lines=sorted(map(int, self.ticked)),
                    override=self.match.cleaned_data["funding_override"],
                    **self.match.chosen(),
                )
                messages.success(self.request, words("web.money.matched", count=count))
                return True
        if self.codes.is_ready:
            with self.codes.telling():
                count = match_by_codes(by=by, file=self.file)
                messages.success(self.request, words("web.money.matched", count=count))
                return True
        return False

    def sections(self) -> list[Section]:
        """The lines, and below them where they belong."""
        if not self.pages.paginator.count:
            return []
        rows: list[tuple[Cell, ...]] = [
            (
                Tick(
                    "line",
                    str(each.id),
                    Phrase("web.money.tick", {"reference": each.reference}),
                    str(each.id) in self.ticked,
                ),
                each.posted_on.isoformat(),
                each.reference,
                each.grant_code or "–",
                each.activity_code or "–",
                class_name(each.budget_class),
                each.what or "–",
                money(each.money),
            )
            for each in map(line_row, self.pages)
        ]
        columns = (
            "take", "money-posted", "money-reference", "money-grant-code", "money-activity-code",
            "money-class", "money-what", "amount>",
        )  # fmt: skip
        one = choosing("web.money.unmatched", columns, rows, submit="web.money.match",
                       do=MatchForm.act, fields=self.match)  # fmt: skip
        again = self.codes.section("web.money.codes", text="web.money.codes-text")
        return [paged(self.request, one, self.pages), again]


@page("grants/spending/unmatched/", "spending_unmatched", may=MONEY, methods=("GET", "POST"))
def all_unmatched(request: HttpRequest) -> HttpResponseBase:
    """Lines of every file that are not matched with a grant."""
    done = _Matching(request, desk_of(person_of(request)), "")
    if request.POST.get("do") == MatchForm.act and done.is_done():
        return redirect("spending_unmatched")
    sections = done.sections()[:1] or [note("intact", "web.money.all-matched")]
    crumbs = way(("spending", {}, Phrase("web.room.spending")))
    return show_wide(request, Phrase("web.room.spending-unmatched"), sections, crumbs=crumbs)
