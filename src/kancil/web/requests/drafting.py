"""The form of a letter: filled in by its reader's questions, saved as a version, never sent.

Rows are added and removed by buttons that send the form and keep what was typed. Whoever saves
after somebody else is told so, and nothing of theirs is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.custody.errors import RequestNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.directory.queries import directory_of
from kancil.desk.requests.actions import draft_request
from kancil.desk.requests.begun import begun_letter, identifiers_of
from kancil.desk.requests.errors import DraftOvertaken
from kancil.desk.requests.queries import Request, problems_of, read_version, request_named
from kancil.desk.studies.named_in import Searched
from kancil.ground.clock import now
from kancil.ground.errors import Refused
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.legal.directory.office import Listing, Standing
from kancil.legal.errors import CheckNotAtOnce
from kancil.legal.fields import Form
from kancil.legal.request import Draft, RequestKind
from kancil.legal.requests import kinds
from kancil.legal.rights import check_for, is_at_home, none_applies
from kancil.web.cases.pages import basis_ended_note, crumbs
from kancil.web.guard import shown_params
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .letter_form import Offered, addressee_of, sections_of, steps_of
from .letter_text import changed_fields
from .of_law import offered_law, take_pair
from .pages import choose_kind
from .typed import (
    RIGHTS,
    RIGHTS_FOR,
    WINDOW,
    Row,
    Typed,
    draft_of,
    is_filled,
    of_draft,
    of_post,
    recognised,
)

_APART = re.compile(r"[\n;,\t]+")
_MOST_PASTED = 1000
_MOST_OFFICES = 12


@dataclass
class Writing:
    """A letter in the form, and what it is made from."""

    desk: UnitDesk
    case: Case
    kind: RequestKind
    base: Draft
    """Saved, or begun by what the case says."""
    held: Request | None
    """None: not saved yet."""
    typed: Typed
    base_sha256: str = ""
    told: list[Phrase] | None = None
    """What happened to what was sent."""
    is_refused: bool = False
    overtaken: str = ""
    """SHA-256 of a version that somebody saved meanwhile."""
    find: str = ""
    not_at_once: list[Phrase] | None = None
    """Why the human-rights check was not answered at once; it stands beside its button."""
    offices: list[Listing] | None = None
    """Of the directory, by the name that was typed; None: not looked for."""

    @property
    def draft(self) -> Draft:
        """What the form makes; an office counts as the directory's while it stands as it is there.

        Its channel counts as verified only while this unit's verification is not old.
        """
        made = draft_of(self.kind, self.typed, self.base)
        to, directory = made.addressee, directory_of(self.desk.ledger, self.desk.workspace)
        if not to.office:
            return made
        found = directory.named(to.office) if to.office in directory else None
        if found is None or (to.name, to.kind) != (found.office.name, found.office.kind):
            return replace(made, addressee=replace(to, office="", verified_on=None))
        today = now().astimezone(self.desk.workspace.zone).date()
        is_same = (to.channel, to.address) == (found.office.channel or "", found.office.address)
        holds = is_same and found.standing(today) is Standing.VERIFIED
        verified = found.office.verified_on if holds else None
        return replace(made, addressee=replace(to, verified_on=verified))


@page(
    "cases/<str:case>/requests/new/", "request_new", may=ACTING, of="case",
    methods=("GET", "POST"),
)  # fmt: skip
def request_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Draft a letter of `?kind=`, else choose one; `?after=R1` takes over what that one says."""
    if not request.GET.get("kind"):
        return choose_kind(request, case)
    desk, member = unit_desk(), kinds().named(request.GET["kind"])
    name = request.GET.get("after", "")
    after = request_named(desk.ledger, CaseId(case.id), name) if name else None
    base = begun_letter(
        desk.ledger, desk.workspace, case=CaseId(case.id), kind=member,
        officer=person_of(request).name,
        after=after if after is not None and after.versions else None,
    )  # fmt: skip
    return _answer(request, Writing(desk, case, member, base, None, of_draft(member, base)))


@page(
    "cases/<str:case>/requests/<int:number>/edit/", "request_edit", may=ACTING, of="case",
    methods=("GET", "POST"),
)  # fmt: skip
def request_edit(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """Change a letter: saving makes its next version."""
    desk = unit_desk()
    held = outgoing(desk, case, number)
    entry = held.versions[-1]
    asked = request.POST.get("base", "")
    for each in held.versions:
        entry = each if each.body["sha256"] == asked else entry
    base = read_version(desk.workspace, held, entry)
    kind = kinds().named(base.kind)
    first = request.GET.get("first", "")
    typed = of_draft(kind, base, int(first) if first.isdigit() and len(first) < 8 else 0)
    return _answer(request, Writing(desk, case, kind, base, held, typed, base.sha256))


def outgoing(desk: UnitDesk, case: Case, number: int) -> Request:
    """A letter of ours by its number; raises RequestNotFound, also for one that came in."""
    held = request_named(desk.ledger, CaseId(case.id), f"R{number}")
    if not held.versions:
        raise RequestNotFound(name=held.label)
    return held


def _answer(request: HttpRequest, form: Writing) -> HttpResponse:
    if request.method != "POST":
        if request.GET.get("beside"):
            asked = request.GET.dict()
            form.told = take_pair(form.desk, form.kind, form.draft, form.typed, asked)
        return _show(request, form)
    form.typed = of_post(form.kind, request.POST)
    dropped = _dropped_check(form)
    form.find = request.POST.get("find", "")[:100]
    do, _, rest = request.POST.get("do", "save").partition(":")
    if do == "save-none":
        _none_applies(form, person_of(request).name)
        if form.not_at_once:
            return _show(request, form)
    if do in ("save", "save-none", "over"):
        if request.POST.getlist("law"):
            _take_law(form, request.POST.getlist("law"))
        form.told = [*dropped, *_order_by(form)] or None
        return _save(request, form)
    _do(form, do, rest, request)
    form.told = [*dropped, *_dropped_check(form), *(form.told or [])] or None
    if len(form.typed.rows.get(Form.ITEMS, [])) > WINDOW:
        return _save(request, form)
    return _show(request, form)


def _do(form: Writing, do: str, rest: str, request: HttpRequest) -> None:
    """What a button of the form does with what is typed; nothing is kept yet."""
    if do == "add":
        _rows(form, rest).append({})
    elif do == "remove":
        group, _, place = rest.partition(":")
        rows = _rows(form, group)
        if place.isdigit() and int(place) < len(rows):
            del rows[int(place)]
    elif do == "paste":
        form.told = _paste(form, request.POST.get("pasted", ""))
    elif do == "offices":
        found = directory_of(form.desk.ledger, form.desk.workspace)
        named = found.search(form.typed.values.get("to_name", ""))
        form.offices = [e for e in named if e.office.kind in form.kind.addressees][:_MOST_OFFICES]
    elif do == "take":
        _take(form, rest)
    elif do == "none-applies":
        _none_applies(form, person_of(request).name)
    elif do == "pick":
        form.told = _pick(form, request.POST.getlist("picked"))
    elif do == "law":
        form.told = _take_law(form, request.POST.getlist("law"))


def _take(form: Writing, ident: str) -> None:
    """Take an office of the directory as the addressee; raises OfficeNotFound."""
    office = directory_of(form.desk.ledger, form.desk.workspace).named(ident).office
    stated = {**plain(office), "office": office.id, "language": "".join(office.languages[:1])}
    for name in ("office", "name", "kind", "country", "channel", "address", "language"):
        form.typed.values[f"to_{name}"] = str(stated[name] or "")


def _dropped_check(form: Writing) -> list[Phrase]:
    """Drop the answers of the human-rights check that were given for another country."""
    made_for = form.typed.values.get(RIGHTS_FOR, "")
    if not made_for or check_for(form.draft, made_for) == form.draft:
        return []
    _answer_check(form, {}, "")
    return [Phrase("web.letter.rights-dropped", {"country": made_for})]


def _none_applies(form: Writing, officer: str) -> None:
    """Answer all questions of the check as who pressed the button, or whom they named."""
    name = form.typed.values.get("t_rights_checked_by") or officer
    try:
        made = none_applies(form.draft, name)
    except CheckNotAtOnce as error:
        form.not_at_once = [Phrase(f"error.{error.code}.{part}") for part in ("sentence", "next")]
        return
    _answer_check(form, made.rights, name)
    form.told = [Phrase("web.letter.none-applied", {"name": name})]


def _answer_check(form: Writing, answers: Mapping[str, str], name: str) -> None:
    values = form.typed.values
    values.update({f"r_{each}": answers.get(each, "") for each in RIGHTS})
    values.update({f"a_{each}": "" for each in RIGHTS})
    values["t_rights_checked_by"] = name


def _order_by(form: Writing) -> list[Phrase]:
    """By when the formal order follows, where nobody says: before the hold that is sought ends."""
    values, names = form.typed.values, form.kind.fields
    until = values.get("t_hold_until", "")
    if not {"hold_until", "order_by"} <= set(names) or values.get("t_order_by") or not until:
        return []
    values["t_order_by"] = until
    return [Phrase("web.letter.order-by-set", {"day": until})]


def _rows(form: Writing, name: str) -> list[Row]:
    """The rows of a field; of none, rows that nobody sees."""
    return next((rows for each, rows in form.typed.rows.items() if each.value == name), [])


def _new_item(form: Writing, row: Row) -> None:
    """A row of items in place of an empty one, or after all."""
    rows = _rows(form, Form.ITEMS.value)
    sought = form.kind.sought[0].value if form.kind.sought else ""
    whole = {"sought": sought, "keeper": form.typed.values.get("to_name", ""), **row}
    if rows and not is_filled(Form.ITEMS, rows[-1]):
        rows.pop()
    rows.append(whole)


def _paste(form: Writing, text: str) -> list[Phrase]:
    """Make an item of each identifier that was pasted; in each line as a whole, or each word."""
    country, known, unknown = form.desk.workspace.unit.country, 0, 0
    for line in filter(None, (each.strip() for each in _APART.split(text))):
        whole = recognised(line, "", country)
        for each in [whole] if whole["selector"] else line.split():
            row = each if isinstance(each, dict) else recognised(each, "", country)
            if known + unknown < _MOST_PASTED:
                _new_item(form, row)
                known, unknown = known + bool(row["selector"]), unknown + (not row["selector"])
    return [Phrase("web.letter.pasted", {"count": known + unknown, "unknown": unknown})]


def _pick(form: Writing, picked: list[str]) -> list[Phrase]:
    """Make an item of each identifier of the case that was ticked, with its proof reference."""
    found, _ = identifiers_of(form.desk.ledger, CaseId(form.case.id), form.find)
    chosen = [each for each in found if f"{each.selector.kind} {each.selector.value}" in picked]
    for each in chosen:
        _new_item(form, {
            "selector": each.selector.kind, "value": each.selector.value, "proof": each.proof,
            "standing": each.standing.value, "reported_by": each.reported_by,
        })  # fmt: skip
    return [Phrase("web.letter.picked", {"count": len(chosen)})]


def _take_law(form: Writing, taken: list[str]) -> list[Phrase]:
    """Make a row of each legal basis or text of law that was ticked."""
    count = 0
    for field, offered in offered_law(form.desk, form.draft).items():
        rows = _rows(form, field.value)
        for each in offered:
            if each.value in taken:
                if rows and not is_filled(field, rows[-1]):
                    rows.pop()
                rows.append(dict(each.row))
                count += 1
    return [Phrase("web.letter.law-taken", {"count": count})]


def _save(request: HttpRequest, form: Writing) -> HttpResponse:
    """Keep the next version; what is refused stays in the form with the reason."""
    draft, held = form.draft, form.held
    over = request.POST.get("over", "") if request.POST.get("do") == "over" else ""
    try:
        saved = draft_request(
            form.desk.ledger, form.desk.workspace, case=CaseId(form.case.id), draft=draft,
            request="" if held is None else held.history.id,
            base=over or form.base_sha256, by=form.desk.server(request),
        )  # fmt: skip
    except DraftOvertaken as error:
        newest = request_named(form.desk.ledger, CaseId(form.case.id), held.label if held else "")
        theirs = read_version(form.desk.workspace, newest)
        form.overtaken = theirs.sha256
        form.told = [Phrase(f"error.{error.code}.sentence", shown_params(error)),
                     *(Phrase("web.letter.differs", {"field": name})
                       for name in changed_fields(draft, theirs))]  # fmt: skip
        return _show(request, form)
    except Refused as error:
        form.is_refused = True
        form.told = [Phrase(f"error.{error.code}.{part}", shown_params(error))
                     for part in ("sentence", "next")]  # fmt: skip
        return _show(request, form)
    if form.told:
        messages.warning(request, " ".join(render_phrase(each) for each in form.told))
    stops = sum(each.stops for each in problems_of(form.desk.ledger, CaseId(form.case.id), draft))
    messages.success(request, words("web.letter.saved", request=saved.label, count=stops))
    given = {"case": form.case.number, "number": saved.history.number}
    if len(draft.items) > WINDOW and form.told:
        return redirect(reverse("request_edit", kwargs=given) + f"?first={len(draft.items) - 1}")
    return redirect(reverse("request", kwargs=given) + "?tab=check")


def _show(request: HttpRequest, form: Writing) -> HttpResponse:
    case, kind, typed = form.case, form.kind, form.typed
    given: dict[str, Any] = {"case": case.number}
    Searched(form.desk.ledger, form.desk.workspace, form.desk.vault, [case.id]).index()
    found, more = identifiers_of(form.desk.ledger, CaseId(case.id), form.find)
    is_sent = request.method == "POST"
    problems = (
        problems_of(form.desk.ledger, CaseId(case.id), form.draft) if form.held or is_sent else []
    )
    name = Phrase(f"name.request-{kind.name}")
    title = name if form.held is None else Phrase(
        "web.letter.heading", {"request": form.held.label, "kind": name})  # fmt: skip
    way = crumbs(case, (reverse("requests", kwargs=given), Phrase("web.room.requests")))
    if form.held is not None:
        url = reverse("request", kwargs={**given, "number": form.held.history.number})
        way.append({"url": url, "name": form.held.label})
    total = len(form.base.items)
    shown = {
        "title": title,
        "lead": Phrase(f"name.request-{kind.name}.help"),
        "crumbs": way,
        "notices": [] if is_sent else basis_ended_note(case),
        "told": form.told,
        "kind": kind.name,
        "is_sent": is_sent,
        "is_refused": form.is_refused,
        "offices": form.offices,
        "to": addressee_of(kind, typed, problems),
        "overtaken": form.overtaken,
        "newest_url": way[-1]["url"] if form.held else "",
        "base": form.base_sha256,
        "typed": typed,
        "letter_steps": steps_of(
            sections_of(
                kind, typed, Offered.of(form.desk, case, kind, form.draft), problems,
                is_new=form.held is None,
            ),
            typed.values.get("to_name", ""),
        ),
        "saves_at_once": "rights" in kind.required and is_at_home(form.draft)
        and not form.draft.rights,
        "not_at_once": form.not_at_once,
        "rights_for": form.draft.addressee.country if form.draft.rights else "",
        "identifiers": [
            (f"{each.selector.kind} {each.selector.value}", each,
             Phrase(f"name.selector-{each.selector.kind}")) for each in found
        ],
        "more_identifiers": max(0, more),
        "find": form.find,
        "windows": _windows(form, total),
        "law": {field.value: of for field, of in offered_law(form.desk, form.draft).items()},
    }  # fmt: skip
    return render(request, "kancil/request_draft.html", shown)


def _windows(form: Writing, total: int) -> list[dict[str, Any]]:
    """Links to the parts of a long list of items; what is typed is to be saved before."""
    if form.held is None or len(form.base.items) <= WINDOW:
        return []
    return [
        {"url": f"?first={first}#field-items", "from": first + 1,
         "to": min(first + WINDOW, total), "is_here": first == form.typed.first}
        for first in range(0, len(form.base.items), WINDOW)
    ]  # fmt: skip
