"""Audit: who did what when, from the ledger; and who signed in.

Members see the entries of their cases. An administrator also sees what is of no case, and of other
cases that they have entries: when, and of which case, nothing of what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.custody.kinds import KINDS
from kancil.desk.cases import queries as case_queries
from kancil.desk.custody.queries import AuditFilter, AuditPart, Sight, audit, audit_all
from kancil.desk.people.queries import Person, Role, case_ids_of, find_person
from kancil.ground import clock
from kancil.ground.cells import Cell as TableCell
from kancil.ground.cells import plain_cell, write_table
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.words import has
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    link,
    note,
    number,
    show,
    table,
    tag,
    when,
)
from kancil.web.forms import WordsForm, text
from kancil.web.page import ADMINISTRATORS, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .sign_ins import sign_ins_page

_ROWS = 20
_MOST = 5000
"""Entries gone through for one page; then the reader is asked whether to go on."""
_FILE_ROWS = 500


class AuditForm(WordsForm):
    """Whose acts, in which case, of which kind, on which day."""

    who = text(200, required=False)
    in_case = text(20, required=False)
    act_kind = forms.ChoiceField(choices=(), required=False)
    on_day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of entry that have a name."""
        super().__init__(*args, **kwargs)
        field = self.fields["act_kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", words("web.audit.any")), *_kinds()]


def _kinds() -> list[tuple[str, str]]:
    named = ((kind, f"web.kind.{kind.replace('.', '-')}") for kind in KINDS)
    return sorted(((kind, words(key)) for kind, key in named if has(key)), key=lambda two: two[1])


@page("audit/", "audit", may=EVERYONE, menu="site", order=85)
def audit_page(request: HttpRequest) -> HttpResponse:
    """Who did what when, the newest first."""
    person = person_of(request)
    asked = AuditForm(request.GET or None)
    sections: list[Section] = [_asking(asked)]
    wanted = _filter(person, asked)
    part = AuditPart((), None, 0)
    if wanted is not None:
        before = request.GET.get("before", "")
        start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
        sight = sight_of(person)
        part = audit(unit_desk().workspace, sight, wanted, before=start, rows=_ROWS, most=_MOST)
    if part.entries:
        sections.append(_entries(person, part))
    elif part.next_before is None:
        sections.append(empty("web.audit.empty", url=reverse("cases"), icon="search"))
    sections += _go_on(request, part)
    buttons = [button(f"{reverse('audit_file')}?{_query(request)}", "web.audit.file")]
    if person.role in ADMINISTRATORS:
        buttons.append(button(reverse("audit_sign_ins"), "web.audit.sign-ins"))
    lead = "web.audit.lead-administrator" if person.role in ADMINISTRATORS else "web.audit.lead"
    return show(request, Phrase("web.room.audit"), sections, buttons=buttons, lead=Phrase(lead))


def _asking(asked: AuditForm) -> Section:
    return {
        "kind": "asking",
        "heading": Phrase("web.audit.ask"),
        "form": asked,
        "submit": Phrase("web.audit.ask-do"),
    }


def sight_of(person: Person) -> Sight:
    """Which entries a person may see."""
    return Sight(frozenset(case_ids_of(person)), person.role == Role.ADMINISTRATOR)


def _filter(person: Person, asked: AuditForm) -> AuditFilter | None:
    """Read what is looked for; None where there can be no answer, such as no such case."""
    if not asked.is_bound:
        return AuditFilter()
    if not asked.is_valid():
        return None
    given = asked.cleaned_data
    case_id = None
    if given["in_case"]:
        case = case_queries.find_case(given["in_case"])
        sight = sight_of(person)
        if case is None or not (sight.is_whole or case.id in sight.cases):
            return None
        case_id = case.id
    who = given["who"].strip()
    account = find_person(who)
    officers = frozenset(
        officer
        for officer, name in case_queries.officer_names().items()
        if who and (folded(who) in folded(name) or who == officer)
    )
    return AuditFilter(
        accounts=frozenset((who,) if who else ()),
        officers=officers | frozenset((account.officer,) if account and account.officer else ()),
        by_somebody=bool(who),
        case=case_id,
        kind=given["act_kind"],
        day=given["on_day"],
    )


def _entries(person: Person, part: AuditPart) -> Section:
    sight, names = sight_of(person), case_queries.officer_names()
    numbers = case_queries.case_numbers({str(each.case_id) for each in part.entries})
    return table(
        "web.audit.entries",
        ("entry>", "when", "case", "event", "who", "signed"),
        [_row(entry, sight, names, numbers) for entry in part.entries],
    )


def _row(
    entry: Entry, sight: Sight, names: dict[str, str], numbers: dict[str, int]
) -> tuple[Cell, ...]:
    case = numbers.get(str(entry.case_id))
    where: Cell = Phrase("web.audit.no-case") if case is None else f"C{case}"
    if not sight.shows(entry):
        hidden = tag("sealed", "web.audit.not-yours")
        return number(entry.n), when(entry.at), where, hidden, "–", "–"
    if case is not None:
        where = link(reverse("custody", kwargs={"case": case}), f"C{case}")
    return (
        number(entry.n),
        when(entry.at),
        where,
        _event(entry),
        _who(entry, names),
        tag("unknown", "web.signed-by-server")
        if entry.on_behalf
        else tag("intact", "web.signed-by-own-key"),
    )


def _event(entry: Entry) -> Phrase | str:
    """Name what happened; of an account also to which, since that is of no case."""
    key = f"web.kind.{entry.kind.replace('.', '-')}"
    said = Phrase(key) if has(key) else entry.kind
    if entry.kind == "account.changed":
        change = f"web.account-change.{entry.body.get('change')}"
        said = Phrase(change) if has(change) else said
    if entry.kind in ("account.added", "account.changed"):
        account = str(entry.body.get("account"))
        return Phrase("web.audit.of-account", {"event": said, "account": account})
    return said


def _who(entry: Entry, names: dict[str, str]) -> str:
    behalf = entry.on_behalf
    if behalf is None:
        return names.get(str(entry.officer), str(entry.officer or "–"))
    account = str(behalf.get("account"))
    known = names.get(str(behalf.get("officer")))
    return account if known is None else f"{known} · {account}"


def _go_on(request: HttpRequest, part: AuditPart) -> list[Section]:
    """Offer what is older, and say how far was looked."""
    if part.next_before is None:
        return []
    older = f"{reverse('audit')}?{_query(request, before=part.next_before)}"
    return [
        note(
            "info",
            "web.audit.looked",
            url=older,
            do="web.audit.older",
            looked=part.looked_at,
            n=part.next_before,
        )
    ]


def _query(request: HttpRequest, **more: int) -> str:
    names = ("who", "in_case", "act_kind", "on_day")
    kept = {name: request.GET[name] for name in names if request.GET.get(name)}
    return urlencode({**kept, **more})


@page("audit/entries.csv", "audit_file", may=EVERYONE)
def audit_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a file for a spreadsheet, all of it; no cell runs as a formula."""
    person, asked = person_of(request), AuditForm(request.GET or None)
    wanted = _filter(person, asked)
    answer = StreamingHttpResponse(_file(person, wanted), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _file(person: Person, wanted: AuditFilter | None) -> Iterator[bytes]:
    columns = ("entry", "at", "case", "kind", "account", "officer", "who", "signed_by")
    rows: list[tuple[TableCell, ...]] = [columns]
    sight, names = sight_of(person), case_queries.officer_names()
    numbers = case_queries.case_numbers(None)
    found = () if wanted is None else audit_all(unit_desk().workspace, sight, wanted)
    for entry in found:
        rows.append(_file_row(entry, sight, names, numbers))
        if len(rows) == _FILE_ROWS:
            yield _lines(rows)
            rows = []
    if rows:
        yield _lines(rows)


def _lines(rows: list[tuple[TableCell, ...]]) -> bytes:
    first = ["" if cell is None else str(cell) for cell in rows[0]]
    return write_table(first, rows[1:])


def _file_row(
    entry: Entry, sight: Sight, names: dict[str, str], numbers: dict[str, int]
) -> tuple[TableCell, ...]:
    case = numbers.get(str(entry.case_id))
    begin = (entry.n, clock.to_text(entry.at), "" if case is None else f"C{case}")
    if not sight.shows(entry):
        return (*begin, "", "", "", "", "")
    behalf = entry.on_behalf
    officer = entry.officer if behalf is None else behalf.get("officer")
    return (
        *begin,
        plain_cell(entry.kind),
        plain_cell("" if behalf is None else str(behalf.get("account"))),
        str(officer or ""),
        plain_cell(names.get(str(officer), "")),
        "own key" if behalf is None else "server",
    )


@page("audit/sign-ins/", "audit_sign_ins", may=ADMINISTRATORS)
def audit_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who signed in, who tried, and which names were locked."""
    above = {"url": reverse("audit"), "name": Phrase("web.room.audit")}
    names = case_queries.officer_names()
    lead = "web.audit.sign-ins-lead"
    return sign_ins_page(request, above=above, lead=lead, names=names)
