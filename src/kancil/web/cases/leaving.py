"""What leaves a case: the bundle, signed with the officer's own key."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.acting import ActingOfficer
from kancil.custody.kept import keep_checkpoint
from kancil.custody.roll import Roll
from kancil.custody.withheld import read_withheld
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.kept_files import bundle_path, keep_bundle, open_kept
from kancil.desk.cases.queries import Bundle, Case
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.legal.handling import Use
from kancil.reports.casework.bundle.write import WrittenBundle, write_bundle
from kancil.reports.casework.recorded import free_in_bundle, run_again
from kancil.web.cells import (
    Section,
    button,
    empty,
    form,
    identifier,
    link,
    note,
    number,
    show,
    table,
    when,
)
from kancil.web.confirming import ask_who, factor_note, typed
from kancil.web.forms import WordsForm, say_own_key, secret, text
from kancil.web.limits import bound_to, leaving_note, ticked
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .leaving_out import (
    FIELD,
    leave_out_field,
    offer_answers,
    resting_answers,
    shown_without,
)
from .pages import basis_ended_note, crumbs
from .shown_views import NAME, offer_views, views_field, views_of
from .withholding import Row, WithholdField, offer, rows_of


class BundleForm(WordsForm):
    """What the bundle is for, what is kept back, and the passphrase of the officer's key."""

    purpose = text(500)
    shown_views = views_field()
    leave_out = leave_out_field()
    withhold_whole = WithholdField()
    passphrase = secret()

    def __init__(
        self, *args: Any, rows: list[Row], views: list[tuple[str, str]], answers: list[str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Whose passphrase it is, and offer saved views and what can be left out or withheld."""
        super().__init__(*args, **kwargs)
        say_own_key(self)
        offer_views(self, views)
        offer_answers(self, answers)
        offer(self, "withhold_whole", rows)


@page(
    "cases/<str:case>/bundle/", "bundle", may=EVERYONE, of="case", methods=("GET", "POST"),
    menu="case", order=50,
)  # fmt: skip
def bundle(request: HttpRequest, case: Case) -> HttpResponse:
    """The bundles of the case, and making one."""
    person, desk = person_of(request), unit_desk()
    roll = desk.ledger.folded(Roll)
    found = roll.case(case.id)
    bound = bound_to(CaseId(case.id), Use.BUNDLE)
    answers = resting_answers(bound)
    free = free_in_bundle(desk.ledger, found, shown_without(roll, found, answers))
    rows = rows_of(free, queries.officer_names(), fields=False)
    initial = {"withhold_whole": ticked(bound, free), **typed(request)}
    asked = BundleForm(
        request.POST or None, initial=initial, rows=rows, views=views_of(roll, found),
        answers=answers,
    )  # fmt: skip
    ask_who(request, asked)
    if request.method == "POST" and person.acts and asked.is_valid():
        with asked.telling():
            by = desk.own_key(request, asked.cleaned_data["passphrase"])
            written = make_bundle(desk, case, asked.cleaned_data, by)
            messages.success(request, words("web.bundle.made", sha256=written.sha256))
            return redirect("bundle", case=case.number)
    made = queries.bundles(case)
    sections: list[Section] = [_made_so_far(desk, case, made)] if made else []
    if not (queries.traces(case) or queries.studies(case)):
        first = reverse("money", kwargs={"case": case.number}) if person.acts else ""
        sections.append(empty("web.bundle.empty", url=first))
    elif person.acts:
        sections += [
            *basis_ended_note(case),
            *leaving_note(case.number, bound),
            *factor_note(request, asked),
        ]
        sections.append(
            form("web.bundle.make", asked, submit="web.bundle.make", text="web.bundle.text")
        )
    elif not made:
        sections.append(note("info", "web.bundle.none-made"))
    buttons = []
    if made and kept_bundle(desk, case, made[-1].n).is_file():
        check = reverse("case_check", kwargs={"case": case.number})
        buttons.append(button(check, "web.step.check"))
    return show(request, Phrase("web.room.bundle"), sections, crumbs=crumbs(case), buttons=buttons)


def _made_so_far(desk: UnitDesk, case: Case, made: Sequence[Bundle]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for each in made:
        where = reverse("bundle_file", kwargs={"case": case.number, "n": each.n})
        is_kept = kept_bundle(desk, case, each.n).is_file()
        rows.append(
            (
                number(each.n),
                when(each.made_at),
                each.purpose,
                identifier(each.analysis_sha256, short=True),
                link(where, Phrase("web.bundle.download"))
                if is_kept
                else Phrase("web.bundle.not-kept"),
            )
        )
    columns = ("entry>", "when", "purpose", "analysis", "leaving-file")
    return table("web.bundle.made-so-far", columns, rows)


def kept_bundle(desk: UnitDesk, case: Case, n: int) -> Path:
    """Where a bundle that was made on the site is kept, if it still is."""
    return bundle_path(desk.workspace, case.number, n)


def make_bundle(
    desk: UnitDesk, case: Case, given: dict[str, Any], by: ActingOfficer
) -> WrittenBundle:
    """Run every trace and study again, write the bundle, keep it and its checkpoint.

    All must be of one chain and one state of the labels, as for the command; else it is refused.
    `given`: as the form of the bundle has it, the passphrase apart.
    """
    roll = desk.ledger.folded(Roll)
    left_out = given.get(FIELD, ())
    shown = shown_without(roll, roll.case(case.id), left_out, given.get(NAME, ()))
    again = run_again(shown, desk.workspace)
    free = free_in_bundle(desk.ledger, roll.case(case.id), shown)
    lines = given["withhold_whole"].splitlines()
    withheld = read_withheld(lines, free, option=words("web.field.withhold-whole"), fields=False)
    folder = desk.workspace.root / "desk" / "bundles"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        out = Path(name) / "bundle.zip"
        written = write_bundle(
            out,
            ledger=desk.ledger,
            vault=desk.vault,
            case=CaseId(case.id),
            chain=again.chain,
            recorded=list(again.recorded),
            labels_of=again.labels_of,
            studies=again.studies,
            views=again.views,
            by=by,
            unit_signer=desk.keys.unit_signer(),
            purpose=given["purpose"],
            withheld=withheld,
        )
        newest = queries.bundles(case)[-1]
        keep_bundle(desk.ledger, out, kept_bundle(desk, case, newest.n), newest.n, by)
    keep_checkpoint(desk.workspace, written.checkpoint)
    return written


@page("cases/<str:case>/bundle/<int:n>.zip", "bundle_file", may=EVERYONE, of="case")
def bundle_file(request: HttpRequest, case: Case, n: int) -> FileResponse:
    """Send a bundle that was made here."""
    desk = unit_desk()
    path = kept_bundle(desk, case, n)
    if n not in {each.n for each in queries.bundles(case)}:
        raise PageNotFound
    file = open_kept(desk.ledger, path, n, lambda: desk.server(request))
    return FileResponse(file, as_attachment=True, filename=path.name)
