"""Home, and my own key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from allauth.account import app_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.custody.keys import fingerprint_of
from kancil.desk.access.actions import make_own_key
from kancil.desk.base.opening import current_workspace
from kancil.desk.cases import queries
from kancil.desk.figures.queries import package_drafts
from kancil.desk.people.queries import TRAINING_ROLES, Person, case_ids_of
from kancil.desk.requests.due import due_of
from kancil.desk.selectors.shared import notices_of
from kancil.ground.clock import now
from kancil.ground.errors import IntegrityBroken
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    form,
    identifier,
    note,
    table,
    when,
)
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, secret
from kancil.web.jobs.pages import running
from kancil.web.page import ACTING, DECONFLICTION, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.steps import guide_begins, guided_case
from kancil.web.unit_desk import unit_desk

from .tables import case_table

ABOVE: list[Callable[[HttpRequest], list[Section]]] = []
"""What a classroom's own rooms put above my cases."""
_NEWEST = 10
"""How many of my cases stand on Home; all of them are a page of their own."""


@page("", "home", may=EVERYONE | DECONFLICTION, menu="site", order=0)
def home(request: HttpRequest) -> HttpResponse:
    """My cases, and what waits for me."""
    person = person_of(request)
    if person.role in DECONFLICTION:
        return redirect("deconfliction")
    ids = case_ids_of(person)
    mine = queries.cases(ids, _NEWEST)
    sections: list[Section] = []
    is_training = current_workspace().site.is_training
    if is_training:
        sections += [section for above in ABOVE for section in above(request)]
    if person.acts and person.officer is None and person.role not in TRAINING_ROLES:
        sections.append(
            note("warn", "web.home.no-key", url=reverse("own_key"), do="web.home.make-key")
        )
    sections += [*_due(ids), *_to_review(person), *_notices(ids)]
    tasks = running(request)
    if tasks["tasks"]:
        sections.append(tasks)
    if mine:
        all_of_them = {"url": reverse("cases"), "text": Phrase("web.home.all-cases")}
        more = {"more": all_of_them} if len(ids) > len(mine) else {}
        sections.append({**case_table(mine), **more})
    elif not is_training:  # a lab opens the case that its trainee works in
        begin = reverse("case_new") if person.acts else ""
        key = "web.home.empty" if person.acts else "web.home.empty-reader"
        sections.append(empty(key, url=begin))
    sections += _guided(ids, acts=person.acts)
    is_offered = person.acts and not is_training
    buttons = [button(reverse("case_new"), "web.case.new", main=True)] if is_offered else []
    shown = {
        "title": Phrase("web.home.title", {"name": person.name}),
        "sections": sections,
        "buttons": buttons,
    }
    return render(request, "kancil/page.html", shown)


def _due(ids: list[str]) -> list[Section]:
    """What of requests is overdue or due within a week."""
    desk, url, do = unit_desk(), reverse("requests_due"), "web.home.due-do"
    try:
        due = due_of(desk.ledger, desk.workspace, [CaseId(each) for each in ids], now())
    except IntegrityBroken:  # the page itself says which; the way to all else stays open
        return [note("danger", "web.home.due-broken", url=url, do=do)]
    parts = Counter(each.part for each in due)
    over, soon = parts["overdue"], parts["soon"]
    if not over and not soon:
        return []
    return [note("warn" if over else "info", "web.home.due", url=url, do=do, over=over, soon=soon)]


def _to_review(person: Person) -> list[Section]:
    """Packages of figures that others made, and that wait for a review."""
    drafts = package_drafts(unit_desk().workspace) if person.acts else []
    count = sum(each.made_by != person.officer for each in drafts)
    url, do = reverse("cooperation_figures"), "web.home.review-do"
    return [note("info", "web.home.review", url=url, do=do, count=count)] if count else []


def _notices(ids: list[str]) -> list[Section]:
    """What another case of the unit names too, and whom to speak with."""
    notices = notices_of(ids)
    numbers = queries.case_numbers(set(ids)) if notices else {}
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.selector-{each.kind}"),
            identifier(each.value),
            f"C{numbers[each.case_id]}",
            each.by,
            when(each.at),
        )
        for each in notices
    ]
    columns = ("kind", "selector", "case", "speak-with", "notified")
    return [table("web.home.notices", columns, rows)] if rows else []


def _guided(ids: list[str], *, acts: bool) -> list[Section]:
    """Offer the guided case of the sample workspace to whoever belongs to it."""
    number = guided_case(unit_desk().workspace.root)
    case = None if number is None else queries.find_case(str(number))
    if case is None or case.id not in ids:
        return []
    begin = guide_begins(case.number, acts=acts)
    return [note("info", "web.guide.offer", url=begin, do="web.guide.begin")]


class OwnKeyForm(WordsForm):
    """The passphrase of a new key, twice."""

    passphrase = secret()
    passphrase_again = secret()

    def clean(self) -> dict[str, object]:
        """Refuse two passphrases that differ."""
        given = super().clean() or {}
        if given.get("passphrase") != given.get("passphrase_again"):
            self.add_error("passphrase_again", words("web.form.differ"))
        return given


@page("account/key/", "own_key", may=ACTING, methods=("GET", "POST"), menu="person")
def own_key(request: HttpRequest) -> HttpResponse:
    """Make my own signing key, or see it; making it asks who is there."""
    person, desk = person_of(request), unit_desk()
    title = Phrase("web.key.title")
    if person.officer is not None:
        mark = fingerprint_of(desk.keys.officer_path(OfficerId(person.officer)))
        shown = [facts("web.key.yours", [("fingerprint", identifier(mark))])]
        return render(request, "kancil/page.html", {"title": title, "sections": shown})
    minutes = app_settings.REAUTHENTICATION_TIMEOUT
    asked = ask_who(request, OwnKeyForm(request.POST or None), seconds=minutes)
    if request.method == "POST" and asked.is_valid():
        with asked.telling("passphrase"):
            make_own_key(
                desk.ledger,
                desk.keys,
                person=person,
                passphrase=asked.cleaned_data["passphrase"],
                vouched_how=words("note.key-made-on-site", account=person.username),
                by=desk.server(request),
            )
            messages.success(request, words("web.key.made"))
            return redirect("home")
    sections = [
        *factor_note(request, asked),
        form("web.key.make", asked, submit="web.key.make", text="web.key.text"),
    ]
    return render(request, "kancil/page.html", {"title": title, "sections": sections})
