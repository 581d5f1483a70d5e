"""What an officer decides of reported transfers: the tabs *Same account?* and *Victims*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.studies.actions import decide, record_outcome
from kancil.desk.studies.cash_out_words import cash_out_said
from kancil.desk.studies.reported import CaseBook, case_book
from kancil.desk.studies.suggested import mark, mark_of
from kancil.evidence.tables.amount import AmountForm, read_amount
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.records.table import Table
from kancil.studies.reported.book import Party, Row
from kancil.studies.reported.follow import converts
from kancil.studies.reported.joins import (
    APART,
    CONVERSION,
    PARTY,
    SAME,
    SERVICE,
    TRANSFER,
    UNDONE,
    Decision,
    Suggestion,
    row_of,
    together,
)
from kancil.studies.reported.tricks import seen_as
from kancil.studies.reported.victims import OUTCOMES, WAY_COLUMNS, Outcome
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, choosing, form, link, note, rows_left, show, table, when
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Tick
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

from .described import described
from .following import party_named

_PLAIN = AmountForm(".", ",")
_WHAT = {
    "party": Phrase("web.reported.what-party"),
    "transfer": Phrase("web.reported.what-transfer"),
    "service": Phrase("web.reported.what-service"),
    "reversal": Phrase("web.reported.what-reversal"),
    "conversion": Phrase("web.reported.what-conversion"),
}
_DECISIONS = {
    SAME: "web.reported.decision-same",
    APART: "web.reported.decision-apart",
    UNDONE: "web.reported.decision-undone",
}
MOST_SHOWN = 25
"""Suggestions and decisions on one page: the next stand there once these are decided."""
MOST_OF_ONE = 200
"""Pairs that one decision answers, listed before it is made."""


class DecisionForm(WordsForm):
    """What is said of the ticked suggestions."""

    decision = forms.ChoiceField(choices=())
    decision_remark = text(500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what can be said."""
        super().__init__(*args, **kwargs)
        offered = [(each, words(_DECISIONS[each])) for each in (SAME, APART)]
        choose(self, "decision", offered)


class OwnForm(WordsForm):
    """What an officer knows of an account: it is a service's own, or the same as another."""

    party = text(200)
    same_as = text(200, required=False)
    decision_remark = text(500)


class RowsForm(WordsForm):
    """Two rows that an officer knows to be one payment, whatever was suggested."""

    row_one = text(60)
    row_other = text(60)
    decision_remark = text(500)
    is_conversion = False

    def rows(self, found: CaseBook) -> tuple[Row, Row] | None:
        """Both rows as they were typed; what is wrong with them is told beside the fields."""
        book, named = found.book, {}
        for field in ("row_one", "row_other"):
            place = book.place_named(self.cleaned_data[field])
            if place is None:
                self.add_error(field, words("web.reported.no-transfer"))
            else:
                named[field] = place
        if len(named) < 2:
            return None
        one, other = named["row_one"], named["row_other"]
        if self.is_conversion:
            if not converts(book, one, other):
                self.add_error("row_other", words("web.reported.rows-no-conversion"))
                return None
            return row_of(book, one), row_of(book, other)
        assets = {seen_as(book.assets[book.rows.asset[place]].symbol) for place in (one, other)}
        if book.kept_for.get(one, one) == book.kept_for.get(other, other):
            self.add_error("row_other", words("web.reported.rows-one"))
        elif len(assets) > 1:
            self.add_error("row_other", words("web.reported.rows-assets"))
        else:
            return row_of(book, one), row_of(book, other)
        return None


class ConversionForm(RowsForm):
    """A row that came in, and one that went out for it in another asset."""

    is_conversion = True


class OutcomeForm(WordsForm):
    """How much of a victim's loss is frozen or was returned, until now."""

    victim = forms.ChoiceField(choices=())
    outcome = forms.ChoiceField(choices=())
    outcome_amount = text(60)
    outcome_reference = text(200)

    def __init__(self, found: CaseBook, *args: Any) -> None:
        """Offer the victims of the case, by the place of their complaint."""
        super().__init__(*args)
        book = found.book
        offered = [(str(place), _victim(found, place)) for place in found.victims.places]
        choose(self, "victim", offered)
        choose(self, "outcome", [(each, words(f"column.{each}")) for each in OUTCOMES])
        self.book = book

    def clean_outcome_amount(self) -> str:
        """The amount without marks between thousands."""
        amount = read_amount(self.cleaned_data["outcome_amount"], _PLAIN)
        if amount is None or amount.value < 0:
            raise forms.ValidationError(words("web.reported.amount-form"))
        return amount.text


def _victim(found: CaseBook, place: int) -> str:
    book = found.book
    asset = book.rows.asset[place]
    return f"{book.place_of(place)}: {book.said_amount(asset, book.rows.amount[place])}"


# --- same account? --------------------------------------------------------------------------------


def join_sections(request: HttpRequest, case: Case, found: CaseBook) -> list[Section]:
    """What may be one, for an officer to decide; and what was decided."""
    may = person_of(request).acts
    here = reverse("stated_decide", kwargs={"case": case.number})
    sections: list[Section] = []
    if found.suggestions:
        asked = request.GET.get("of", "")
        chosen = [each for each in together(found.book, found.suggestions)
                  if mark_of(each) == asked]  # fmt: skip
        if chosen:
            sections += suggested(found, chosen[0].members, here, may=may, most=MOST_OF_ONE)
        else:
            sections += _together(found, here, may=may)
    else:
        sections.append(note("info", "web.reported.no-suggestions"))
    if may:
        sections.append(
            form(
                "web.reported.service",
                OwnForm(),
                submit="web.reported.service-do",
                text="web.reported.service-text",
                action=f"{here}?do=service",
            )
        )
        sections.append(
            form(
                "web.reported.rows",
                RowsForm(),
                submit="web.reported.rows-do",
                text="web.reported.rows-text",
                action=f"{here}?do=rows",
            )
        )
    if found.decisions:
        sections += _decided(found, here, may=may)
    return sections


def _together(found: CaseBook, here: str, *, may: bool) -> list[Section]:
    """Suggestions by what one decision may answer: all of them at once, or opened one by one."""
    every = together(found.book, found.suggestions)
    rows: list[tuple[Cell, ...]] = [
        (
            *((Tick("pair", mark_of(each), Phrase("web.choose-row")),) if may else ()),
            _WHAT[each.what],
            each.said,
            link(f"?tab=joins&of={mark_of(each)}", grouped(len(each.members))),
        )
        for each in every[:MOST_SHOWN]
    ]
    section = choosing(
        "web.reported.suggestions", (*(("take",) if may else ()), "what", "why", "pairs>"), rows,
        submit="web.reported.follows-do", text=Phrase("web.reported.suggestions-text"),
        action=here, do="follows", fields=DecisionForm() if may else None,
    )  # fmt: skip
    left = rows_left(len(rows), len(every))
    return [*left, section if may else {**section, "kind": "table", "pages": None}]


def _follows(
    request: HttpRequest, case: Case, found: CaseBook, made: list[Decision]
) -> HttpResponse:
    """What follows of decisions before they are recorded, and the button that records them."""
    desk, here = unit_desk(), reverse("stated", kwargs={"case": case.number})
    then = case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id), made)
    told: list[Phrase | str] = [
        Phrase(key, {"said": cash_out_said(each)[0]})
        for key, each in (("web.reported.follows-now", found), ("web.reported.follows-then", then))
        if cash_out_said(each)
    ]
    counts = {"count": grouped(len(made))}
    for name, each in (("now", found), ("then", then)):
        counts[f"rows_{name}"] = grouped(len(each.book) - len(each.not_drawn))
        counts[f"open_{name}"] = grouped(len(each.suggestions))
    told.append(Phrase("web.reported.follows-counts", counts))
    keys = {(each.what, each.one, each.other) for each in made}
    why = [(_WHAT[each.what], each.said) for each in found.suggestions
           if (each.what, each.one, each.other) in keys]  # fmt: skip
    sent = DecisionForm(request.POST)
    for field in sent.fields.values():
        field.widget = forms.HiddenInput()
    marks = [*map(mark, _ticked(request, found))]
    sent.fields["pair"] = forms.MultipleChoiceField(
        choices=[(each, each) for each in marks], widget=forms.MultipleHiddenInput()
    )
    sent.data = QueryDict(mutable=True)
    sent.data.update({name: request.POST.get(name, "") for name in ("decision", "decision_remark")})
    sent.data.setlist("pair", marks)
    sections = [
        said(told),
        form("web.reported.follows-record", sent, submit="web.reported.decide",
             text="web.reported.follows-text",
             action=f"{reverse('stated_decide', kwargs={'case': case.number})}?do=pairs"),
        *rows_left(min(len(why), MOST_OF_ONE), len(why)),
        table("web.reported.follows-pairs", ("what", "why"), why[:MOST_OF_ONE]),
    ]  # fmt: skip
    way = crumbs(case, (f"{here}?tab=joins", Phrase("web.reported.tab-joins")))
    return show(request, Phrase("web.reported.follows"), sections, crumbs=way)


def suggested(
    found: CaseBook, suggestions: Sequence[Suggestion], here: str, *, may: bool,
    most: int = MOST_SHOWN,
) -> list[Section]:  # fmt: skip
    """Suggestions of what may be one, each to be ticked, confirmed or rejected."""
    rows: list[tuple[Cell, ...]] = [
        (
            *((Tick("pair", mark(each), Phrase("web.choose-row")),) if may else ()),
            _WHAT[each.what],
            each.said,
        )
        for each in suggestions[:most]
    ]
    columns = (*(("take",) if may else ()), "what", "why")
    section = choosing(
        "web.reported.suggestions", columns, rows, submit="web.reported.decide",
        text=Phrase("web.reported.suggestions-text"), action=here, do="pairs",
        fields=DecisionForm() if may else None,
    )  # fmt: skip
    left = rows_left(len(rows), len(suggestions))
    return [*left, section if may else {**section, "kind": "table", "pages": None}]


def conversion_form(request: HttpRequest, case: Case) -> list[Section]:
    """The form by which an officer confirms that one row was converted into another."""
    if not person_of(request).acts:
        return []
    here = reverse("stated_decide", kwargs={"case": case.number})
    asked = {name: request.GET.get(name, "")[:60] for name in ("row_one", "row_other")}
    return [
        form("web.reported.conversion", ConversionForm(initial=asked),
             submit="web.reported.conversion-do", text="web.reported.conversion-text",
             action=f"{here}?do=conversion")
    ]  # fmt: skip


def _decided(found: CaseBook, here: str, *, may: bool) -> list[Section]:
    """What was decided, the newest first, each of which may be undone."""
    made: list[tuple[Cell, ...]] = [
        (
            *((Tick("entry", str(entry.n), Phrase("web.choose-row")),) if may else ()),
            _WHAT[decision.what],
            _named(found, decision.one),
            _named(found, decision.other),
            Phrase(_DECISIONS[decision.decision]),
            decision.remark or "–",
            when(entry.at),
        )
        for entry, decision in found.decisions[::-1][:MOST_SHOWN]
    ]
    left = rows_left(len(made), len(found.decisions))
    columns = (
        *(("take",) if may else ()),
        "what",
        "one",
        "other",
        "decision",
        "remark",
        "when",
    )
    section = choosing("web.reported.decided", columns, made, submit="web.reported.undo",
                       action=here, do="undo")  # fmt: skip
    return [*left, section if may else {**section, "kind": "table", "pages": None}]


def _named(found: CaseBook, of: Party | Row | None) -> str:
    if of is None:
        return "–"
    if isinstance(of, Party):
        return f"{of.value} ({of.publisher})" if of.publisher else of.value
    place = found.book.places.get(of)
    return f"#{of[0]}, {of[1]}" if place is None else found.book.place_of(place)


@page("cases/<str:case>/stated/decide/", "stated_decide", may=ACTING, of="case",
      methods=("POST",))  # fmt: skip
def stated_decide(request: HttpRequest, case: Case) -> HttpResponse:
    """Record what an officer decides of suggestions, of an address, or of earlier decisions."""
    desk = unit_desk()
    found = case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id))
    made, wrong = _decisions(request, found)
    if made and request.POST.get("do") == "follows":
        return _follows(request, case, found, made)
    by = desk.server(request)
    for decision in made:
        decide(desk.ledger, case=CaseId(case.id), decision=decision, by=by)
    if made:
        messages.success(request, words("web.reported.decisions-recorded", count=len(made)))
    else:
        messages.error(request, wrong or words("web.reported.nothing-ticked"))
    return redirect(f"{reverse('stated', kwargs={'case': case.number})}?tab=joins")


def _decisions(request: HttpRequest, found: CaseBook) -> tuple[list[Decision], str]:
    if request.GET.get("do") == "service":
        named = OwnForm(request.POST)
        party = party_named(found.book, named, "party") if named.is_valid() else None
        other = None
        if party is not None and named.cleaned_data["same_as"]:
            other = party_named(found.book, named, "same_as")
        if party is None or named.errors:
            return [], " ".join(str(each[0]) for each in named.errors.values())
        one, remark = found.book.parties[party], named.cleaned_data["decision_remark"]
        if other is not None:
            second = found.book.parties[other]
            return [Decision(PARTY, one, second, SAME, "own", remark)], ""
        return [Decision(SERVICE, one, None, SAME, "own", remark)], ""
    if request.GET.get("do") in ("rows", "conversion"):
        is_conversion = request.GET["do"] == "conversion"
        typed = (ConversionForm if is_conversion else RowsForm)(request.POST)
        rows = typed.rows(found) if typed.is_valid() else None
        if rows is None:
            return [], " ".join(str(each[0]) for each in typed.errors.values())
        remark = typed.cleaned_data["decision_remark"]
        what = CONVERSION if is_conversion else TRANSFER
        return [Decision(what, *rows, SAME, "own", remark)], ""
    if request.POST.get("do") == "undo":
        ticked = set(request.POST.getlist("entry"))
        return [
            Decision(each.what, each.one, each.other, UNDONE, each.reason)
            for entry, each in found.decisions
            if str(entry.n) in ticked
        ], ""
    sent = DecisionForm(request.POST)
    if not sent.is_valid():
        return [], " ".join(str(each[0]) for each in sent.errors.values())
    given = sent.cleaned_data
    return [
        Decision(
            each.what,
            each.one,
            each.other,
            given["decision"],
            each.reason,
            given["decision_remark"],
        )
        for each in _ticked(request, found)
    ], ""


def _ticked(request: HttpRequest, found: CaseBook) -> list[Suggestion]:
    """The suggestions that are ticked, one by one or together."""
    ticked = set(request.POST.getlist("pair"))
    if not ticked:
        return []
    all_of = {mark(one) for each in together(found.book, found.suggestions)
              if mark_of(each) in ticked for one in each.members}  # fmt: skip
    return [each for each in found.suggestions if mark(each) in ticked | all_of]


# --- victims --------------------------------------------------------------------------------------


def victim_sections(
    request: HttpRequest, case: Case, found: CaseBook
) -> tuple[list[Section], list[Table]]:
    """Each victim's loss, how far it is followed, what is frozen and returned."""
    victims = found.victims
    if not victims.places:
        return [note("info", "web.reported.no-victims")], []
    sections = described(request, victims.table)
    open_ = [
        number for number, each in enumerate(victims.table.columns) if each.name in WAY_COLUMNS
    ]
    not_known = Phrase("web.reported.not-known")
    for shown in sections[:1]:
        shown["rows"] = [
            tuple(not_known if number in open_ and row[open_[0]] == "–" else each
                  for number, each in enumerate(row))
            for row in shown["rows"]
        ]  # fmt: skip
    texts: list[Phrase | str] = [*cash_out_said(found)]
    texts.append(Phrase("web.reported.victims-said", {"count": len(victims.places)}))
    texts.append(Phrase("web.reported.victims-names"))
    for key, count in (
        ("web.reported.victims-unknown", victims.unknown),
        ("web.reported.victims-reversed", victims.reversed),
    ):
        if count:
            texts.append(Phrase(key, {"count": count}))
    texts.append(Phrase("web.reported.conventions" if victims.is_followed
                        else "web.reported.victims-many"))  # fmt: skip
    sections.insert(0, said(texts))
    if person_of(request).acts:
        here = reverse("stated_victim", kwargs={"case": case.number})
        sections.append(form("web.reported.outcome", OutcomeForm(found), action=here,
                             submit="web.reported.outcome-do",
                             text="web.reported.outcome-text"))  # fmt: skip
    return sections, [victims.table]


@page("cases/<str:case>/stated/victim/", "stated_victim", may=ACTING, of="case",
      methods=("POST",))  # fmt: skip
def stated_victim(request: HttpRequest, case: Case) -> HttpResponse:
    """Record how much of a victim's loss is frozen or was returned."""
    desk = unit_desk()
    found = case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id))
    sent = OutcomeForm(found, request.POST)
    if sent.is_valid():
        given, book = sent.cleaned_data, found.book
        place = int(given["victim"])
        outcome = Outcome(
            (book.tables[book.rows.table[place]].entry, book.rows.row[place]),
            given["outcome"],
            given["outcome_amount"],
            book.assets[book.rows.asset[place]].symbol,
            given["outcome_reference"],
        )
        record_outcome(desk.ledger, case=CaseId(case.id), outcome=outcome, by=desk.server(request))
        messages.success(request, words("web.reported.outcome-recorded"))
    else:
        messages.error(request, " ".join(str(each[0]) for each in sent.errors.values()))
    return redirect(f"{reverse('stated', kwargs={'case': case.number})}?tab=victims")
