"""Registrations for an activity: places, who comes, who waits, and files of a form host."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.people.participants import PARTICIPANTS
from kancil.desk.programme.taking_part.registering import register, register_new, set_state
from kancil.desk.programme.taking_part.registrations import (
    Places,
    RegistrationRow,
    TakingPart,
    count_registrations,
    places,
    registrations,
    taking_part,
)
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.programme.people import ParticipantSearch
from kancil.programme.vocabulary import Part, RegistrationState, Sex
from kancil.records.described import named
from kancil.web.cells import (
    Section,
    asking,
    button,
    choosing,
    facts,
    folded,
    link,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.parts import Cell, Tick
from kancil.web.programme.activities.panels import panel
from kancil.web.programme_page import REGISTERING, page
from kancil.web.signed_in import person_of

from .forms import (
    KnownFinder,
    KnownForm,
    RegisterForm,
    RegistrationFilter,
    StateForm,
)

_ROWS = 100
_FOUND = 20
_SAMPLE = {"activity": "01a00000-0000-7000-8000-000000000000"}
_KINDS = {
    RegistrationState.CONFIRMED: "intact", RegistrationState.REGISTERED: "intact",
    RegistrationState.INVITED: "plain", RegistrationState.WAITING: "warn",
    RegistrationState.DECLINED: "unknown", RegistrationState.WITHDRAWN: "unknown",
}  # fmt: skip


@page(
    "activities/<str:activity>/registrations/", "registrations", may=REGISTERING, of="activity",
    methods=("GET", "POST"), menu="activity", order=40, sample=_SAMPLE,
)  # fmt: skip
def registrations_page(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Who comes, who waits, and the places of each delegation."""
    person, desk = person_of(request), sight.desk
    states = StateForm(_sent(request, "state"), desk=desk)
    known = KnownForm(_sent(request, "register-known"))
    if request.method == "POST" and _is_done(request, person, sight, states, known):
        return redirect("registrations", activity=sight.activity)
    delegations = places(sight)
    sections = [_answer(taking_part(sight), delegations), *_places(delegations)]
    sections += _listed(request, sight, states)
    sections += _known(request, sight, known)
    given = {"activity": sight.activity}
    buttons = [button(reverse("registration_new", kwargs=given), "web.prog-people.register-new",
                      main=True)]  # fmt: skip
    if sight.may_write:
        buttons += [
            button(reverse("registration_form", kwargs=given), "web.prog-people.form-file"),
            button(reverse("registration_import", kwargs=given), "web.prog-people.import"),
            button(
                f"{reverse('registrations_file', kwargs=given)}?{_asked_for(request)}",
                "web.register.file",
            ),
        ]
    title = Phrase("web.prog-people.registrations-of", {"title": sight.title})
    return show(request, title, sections, buttons=buttons)


def _sent(request: HttpRequest, does: str) -> QueryDict | None:
    """What was sent by the button of one of the forms below a table."""
    return request.POST if request.POST.get("do") == does else None


def _ticked(sent: QueryDict, name: str) -> list[int]:
    given = sent.getlist(name)[:1000]
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 19]


def _is_done(
    request: HttpRequest, by: Person, sight: ActivitySight, states: StateForm, known: KnownForm
) -> bool:
    """Do what the button below a table says; False: it was refused, and the form says why."""
    if states.is_bound and states.is_valid():
        with states.telling():
            state = RegistrationState(states.cleaned_data["new_state"])
            ids = _ticked(request.POST, "registration")
            set_state(by=by, activity=sight.activity, registrations=ids, state=state)
            return True
    if known.is_bound and known.is_valid():
        with known.telling():
            given = known.cleaned_data
            part, first = Part(given["known_part"]), RegistrationState(given["known_state"])
            for id in _ticked(request.POST, "participant"):
                register(by=by, activity=sight.activity, participant=id, part=part, state=first)
            return True
    return False


@page(
    "activities/<str:activity>/registrations/new/", "registration_new", may=REGISTERING,
    of="activity", methods=("GET", "POST"), within="registrations", sample=_SAMPLE,
)  # fmt: skip
def registration_new(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Register somebody who is not in the books yet."""
    person = person_of(request)
    new = RegisterForm.asked(request, desk=sight.desk)
    if new.is_ready:
        with new.telling():
            part = Part(new.cleaned_data["registration_part"])
            made = register_new(by=person, activity=sight.activity, given=new.typed, part=part)
            messages.success(request, words(f"web.prog-people.became-{made.value}"))
            return redirect("registrations", activity=sight.activity)
    title = "web.prog-people.register-new"
    sections = [new.section(title, text="web.prog-people.register-new-text")]
    return show(request, Phrase(title), sections)


def _answer(found: TakingPart, delegations: Collection[Places]) -> Section:
    """The answer first: how many come, how many wait, and whether anybody can move up."""
    waiting = found.by_state.get(RegistrationState.WAITING, 0)
    free = sum(each.free for each in delegations if each.waiting)
    come = "–" if found.total is None else grouped(found.total)
    if waiting and free:
        return note("warn", "web.prog-people.may-move-up", come=come, waiting=waiting, free=free)
    return note("info", "web.prog-people.come", come=come, waiting=waiting)


def _places(delegations: Collection[Places]) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            each.country_name or Phrase("field.country.none"),
            each.organisation or "–",
            number(each.places),
            number(each.coming),
            number(each.free),
            number(each.waiting),
            each.answer_by.isoformat() if each.answer_by else "–",
        )
        for each in delegations
    ]
    columns = ("country", "person-organisation", "person-places>", "person-coming>",
               "person-free>", "person-waiting>", "person-answer-by")  # fmt: skip
    return [table("web.prog-people.delegations", columns, rows)] if rows else []


def _listed(request: HttpRequest, sight: ActivitySight, states: StateForm) -> list[Section]:
    asked = RegistrationFilter(request.GET if "in_state" in request.GET else None)
    given = asked.wanted()
    state, text = given.get("state", ""), given.get("text", "")
    count = count_registrations(sight, state, text)
    find = asking("web.prog-people.find-registered", asked, submit="web.register.find")
    if not count:
        return [find, note("info", "web.prog-people.none-registered")] if given else []
    pages = Paginator(range(count), _ROWS).get_page(request.GET.get("page"))
    rows = registrations(sight, **given, first=pages.start_index() - 1, most=_ROWS)
    columns = ("person-tick", "name", "country", "person-organisation", "part", "state",
               "person-consent", "person-attended")  # fmt: skip
    listed = choosing(
        "web.prog-people.registered", columns, [_cells(each) for each in rows],
        submit="web.prog-people.set-state", do="state", fields=states,
    )  # fmt: skip
    kept = _asked_for(request)
    listed |= {"pages": pages, "query": f"{kept}&" if kept else ""}
    return [find, listed]


def _asked_for(request: HttpRequest) -> str:
    """What was asked for, as an address has it, without the page of the list."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _cells(each: RegistrationRow) -> tuple[Cell, ...]:
    state = RegistrationState(each.state)
    return (
        Tick("registration", str(each.id), Phrase("web.prog-people.tick", {"name": each.name})),
        link(reverse("participant", kwargs={"participant": each.participant}), each.name),
        each.country_name or "–",
        each.organisation or "–",
        named(Part(each.part)),
        tag(_KINDS[state], f"programme.registration-state.{state.value}"),  # type: ignore[arg-type]
        Phrase(f"web.prog-people.consent-{'yes' if each.has_consent else 'no'}"),
        Phrase("web.prog-people.attended") if each.attended else "–",
    )


def _known(request: HttpRequest, sight: ActivitySight, known: KnownForm) -> list[Section]:
    """Find somebody who is in the books, and register them by a tick."""
    asked = KnownFinder(request.GET if "known" in request.GET else None)
    find = asking("web.prog-people.register-known", asked, submit="web.register.find",
                  text="web.prog-people.register-known-text")  # fmt: skip
    wanted = asked.cleaned_data["known"].strip() if asked.is_bound and asked.is_valid() else ""
    if not wanted:
        return [find]
    people = list(
        PARTICIPANTS.found(sight.desk, ParticipantSearch(name_or_email=wanted))[: _FOUND + 1]
    )
    if not people:
        return [find, note("info", "web.register.none-fitting.heading")]
    rows: list[tuple[Cell, ...]] = [
        (
            Tick("participant", str(each.id), Phrase("web.prog-people.tick", {"name": each.name})),
            each.name,
            each.country.shown_name if each.country else "–",
            each.organisation.name if each.organisation else "–",
            each.office or "–",
        )
        for each in people[:_FOUND]
    ]
    columns = ("person-tick", "name", "country", "person-organisation", "person-office")
    listed = choosing("web.prog-people.known-found", columns, rows,
                      submit="web.prog-people.register", do="register-known",
                      fields=known)  # fmt: skip
    more = (
        [note("info", "web.prog-people.more-found", shown=_FOUND)] if len(people) > _FOUND else []
    )
    return [find, listed, *more]


@panel(order=40)
def people_panel(request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """Who takes part, in numbers for all who see the activity."""
    found = taking_part(sight)
    if found.total == 0:
        return []
    split: list[tuple[str, Cell, int | None]] = [
        *(("part", named(Part(key)), count) for key, count in found.by_part.items()),
        *(("person-sex", named(Sex(key)), count) for key, count in found.by_sex.items()),
        *(
            ("country", found.country_names.get(code, code) or "–", count)
            for code, count in found.by_country.items()
        ),
    ]
    rows: list[tuple[Cell, ...]] = [
        (Phrase(f"web.column.{by}"), name, shown(count)) for by, name, count in split
    ]
    coming = shown(found.total)
    if sight.may_register and found.total is not None:
        there = reverse("registrations", kwargs={"activity": sight.activity})
        coming = link(there, grouped(found.total))
    said = [("person-coming", coming), ("person-attended", shown(found.attended))]
    key = "own-people" if sight.desk.of_country else "takes-part"
    numbers = (found.total, found.attended, *(count for _, _, count in split))
    why = [note("info", "web.prog-people.why-not-shown")] if None in numbers else []
    return [
        facts(f"web.prog-people.{key}", said),
        *why,
        folded("web.prog-people.split", ("person-split", "kind", "person-people>"), rows),
    ]


def shown(count: int | None) -> Cell:
    """A number, or that it is hidden since the group is small."""
    return Phrase("web.prog-people.not-shown") if count is None else number(count)
