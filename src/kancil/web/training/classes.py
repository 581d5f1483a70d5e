"""Classes: my classes and labs, a class with its join code, opened, joined and ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kancil.desk.people.queries import Person
from kancil.desk.training import access
from kancil.desk.training.actions import classes as actions
from kancil.desk.training.actions.slips import slips_of
from kancil.desk.training.keys import new_key_file, recipients_in
from kancil.desk.training.moments import moment_now
from kancil.desk.training.queries.classes import (
    ClassState,
    LabRun,
    Place,
    TrainingClass,
    classes,
    place_of,
    runs_for,
    runs_of,
    trainees_of,
    variants_made,
    waiting_in,
)
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.work import (
    attempt_of,
    attempts_in,
    finished,
    newest_mark,
    reopenings_of,
    variant_of,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, button, empty, facts, link, note, show, table, tag
from kancil.web.forms import day, text
from kancil.web.home.pages import ABOVE
from kancil.web.page import page
from kancil.web.parts import Cell, Kind, Minute
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .acting import (
    CLASSROOM,
    TRAINEES,
    TRAINERS,
    Acting,
    ask_once,
    is_sure,
    is_trainer,
    lab_title,
    local_warning,
)
from .first_blocks import FirstBlocksForm, first_blocks_section

_PLACES: dict[Place, Kind] = {
    Place.NOT_MADE: "unknown", Place.NOT_JOINED: "unknown", Place.NOT_BEGUN: "plain",
    Place.WORKING: "now", Place.STUCK: "warn", Place.HANDED_IN: "intact",
    Place.TIME_OVER: "sealed",
}  # fmt: skip


def place_cell(place: Place) -> Cell:
    """Where a trainee is, as a tag."""
    return tag(_PLACES[place], f"web.lab-place.{place.value}")


def way(training_class: TrainingClass | None = None) -> list[dict[str, Any]]:
    """The steps above a page of the classroom."""
    steps: list[dict[str, Any]] = [
        {"url": reverse("training"), "name": Phrase("web.room.training")}
    ]
    if training_class is not None:
        url = reverse("training_class", kwargs={"training_class": training_class.id})
        steps.append({"url": url, "name": training_class.title})
    return steps


@page("training/", "training", may=CLASSROOM, menu="site", order=1)
def training(request: HttpRequest) -> HttpResponse:
    """A trainee's labs and what is next; a trainer's classes."""
    person = person_of(request)
    if is_trainer(person):
        sections = _taught(request)
        buttons = [button(reverse("class_new"), "web.training.open-class", main=True)]
        return show(request, Phrase("web.room.training"), sections, buttons=buttons)
    rows: list[tuple[Cell, ...]] = [
        (each.title, each.begins_on.isoformat(), each.ends_on.isoformat(), _state(each))
        for each in classes(person)
    ]
    mine = table("web.training.my-classes", ("class", "begins", "ends", "state"), rows)
    buttons = [
        button(reverse("class_join"), "web.training.join"),
        button(reverse("my_certificates"), "web.training.my-certificates"),
    ]
    return show(request, Phrase("web.training.mine"), [*_mine(request), mine], buttons=buttons)


def _above(request: HttpRequest) -> list[Section]:
    """What stands on Home: a trainee's labs and what is next, a trainer's classes."""
    person = person_of(request)
    if is_trainer(person):
        more = {"url": reverse("class_new"), "text": Phrase("web.training.open-class")}
        return [{**each, "more": more} for each in _taught(request)]
    return _mine(request) if person.role in TRAINEES else []


ABOVE.append(_above)


def _mine(request: HttpRequest) -> list[Section]:
    runs = runs_for(person_of(request))
    return [*_next(request, runs), *_lab_table(request, runs)]


@page("training/next/", "training_next", may=TRAINEES)
def training_next(request: HttpRequest) -> HttpResponse:
    """Lead a trainee to the lab that waits: the one that was begun, else one to begin, or home."""
    person = person_of(request)
    found = _to_do(person, runs_for(person))
    first = found.get("go-on") or found.get("begin")
    return redirect("home") if first is None else redirect("lab", run=first.id)


def _to_do(person: Person, runs: list[LabRun]) -> dict[str, LabRun]:
    """What can be done now with which lab: `go-on`, `begin`, `read-marks`."""
    now = moment_now(unit_desk().ledger).at
    found: dict[str, LabRun] = {}
    for run in reversed(runs):
        attempt, variant = attempt_of(run, person), variant_of(run, person)
        place = place_of(variant, attempt, now)
        if place is Place.WORKING:
            found["go-on"] = run
        elif place is Place.NOT_BEGUN and run.opens_at <= now < run.closes_at:
            found["begin"] = run
        elif attempt is not None and run.released_at is not None and newest_mark(attempt):
            found["read-marks"] = run
    return found


def _next(request: HttpRequest, runs: list[LabRun]) -> list[Section]:
    """The one thing to do now: go on with what was begun, begin what is open, read marks."""
    found = _to_do(person_of(request), runs)
    for act in ("go-on", "begin", "read-marks"):
        if act in found:
            run, key = found[act], f"web.training.next-{act}"
            url = reverse("lab", kwargs={"run": run.id})
            return [note("info", key, url=url, do=f"{key}-do", lab=lab_title(run.lab))]
    return [note("info", "web.training.next-wait")] if runs else []


def _lab_table(request: HttpRequest, runs: list[LabRun]) -> list[Section]:
    if not runs:
        return [empty("web.training.no-labs")]
    person, now = person_of(request), moment_now(unit_desk().ledger).at
    rows: list[tuple[Cell, ...]] = []
    for run in runs:
        attempt = attempt_of(run, person)
        place = place_of(variant_of(run, person), attempt, now)
        rows.append(
            (
                link(reverse("lab", kwargs={"run": run.id}), lab_title(run.lab)),
                run.training_class.title,
                place_cell(place),
                Minute(run.opens_at),
                Minute(attempt.due_at if attempt else run.closes_at),
                _marks_cell(run, attempt),
            )
        )
    columns = ("lab", "class", "state", "opens", "due", "marks")
    return [table("web.training.my-labs", columns, rows)]


def _marks_cell(run: LabRun, attempt: Any) -> Cell:
    if attempt is None or run.released_at is None or newest_mark(attempt) is None:
        return Phrase("web.training.not-yet")
    return link(
        reverse("attempt_marks", kwargs={"attempt": attempt.id}), Phrase("web.training.read")
    )


def _state(each: TrainingClass) -> Cell:
    kind: Kind = "now" if each.state == ClassState.OPEN else "sealed"
    return tag(kind, f"web.class-state.{each.state}")


def _taught(request: HttpRequest) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("training_class", kwargs={"training_class": each.id}), each.title),
            each.begins_on.isoformat(), each.ends_on.isoformat(), _state(each),
            str(len(trainees_of(each))), str(len(runs_of(each))),
        )
        for each in classes(person_of(request))
    ]  # fmt: skip
    if not rows:
        return [empty("web.training.no-classes", url=reverse("class_new"))]
    columns = ("class", "begins", "ends", "state", "trainees>", "labs>")
    return [table("web.training.classes", columns, rows)]


class JoinForm(Acting):
    """The code on the trainer's wall."""

    act = "join"
    join_code = text(20)


@page("training/join/", "class_join", may=TRAINEES, methods=("GET", "POST"))
def class_join(request: HttpRequest) -> HttpResponse:
    """Join one more class, with an account that is there already."""
    asked = JoinForm.asked(request)
    if asked.is_ready:
        with asked.telling("join_code"):
            joined = actions.class_by_code(asked.cleaned_data["join_code"])
            actions.enrol(joined, person_of(request), how_authenticated(request))
            messages.success(request, words("web.training.joined", title=joined.title))
            return redirect("training")
    return show(request, Phrase("web.training.join"), [asked.section()], crumbs=way())


class ClassForm(Acting):
    """A new class."""

    act = "open-class"
    class_title = text(200)
    class_begins = day(required=True)
    class_ends = day(required=True)
    class_key_file = forms.FileField(required=False, max_length=200)
    class_recipient = text(2000, required=False, lines=2)
    class_pass_percent = forms.IntegerField(
        min_value=1, max_value=100, initial=actions.PASS_PERCENT, required=False
    )
    options = ("class_recipient", "class_pass_percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with five days from today; a key file is needed unless a recipient is named."""
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.setdefault("class_begins", today)
        self.initial.setdefault("class_ends", today + timedelta(days=4))
        file = self.fields["class_key_file"]
        file.required = not self.data.get("class_recipient")
        file.widget.use_required_attribute = lambda _initial: False

    def recipients(self) -> list[str]:
        """For whom keys are sealed: of a key file its public half. Raises OptionNotUsable."""
        sent = self.cleaned_data.get("class_key_file")
        found = recipients_in(sent.read(), sent.name or "") if sent else []
        return [*found, *self.cleaned_data["class_recipient"].split()]


@page("training/classes/new/", "class_new", may=TRAINERS, methods=("GET", "POST"))
def class_new(request: HttpRequest) -> HttpResponse:
    """Open a class; who has no key file yet makes one here, and it is kept nowhere."""
    if request.method == "POST" and request.POST.get("do") == "make-key":
        return _key_file()
    asked = ClassForm.asked(request)
    if asked.is_ready:
        with asked.telling("class_key_file"):
            given = asked.cleaned_data
            made = actions.open_class(
                by=person_of(request), title=given["class_title"],
                begins_on=given["class_begins"], ends_on=given["class_ends"],
                recipients=asked.recipients(),
                pass_percent=given["class_pass_percent"] or actions.PASS_PERCENT,
            )  # fmt: skip
            return redirect("training_class", training_class=made.id)
    making = KeyForm.asked(request)
    sections = [making.section(text="web.training.make-key-text"), asked.section()]
    return show(request, Phrase("web.training.open-class"), sections, crumbs=way())


class KeyForm(Acting):
    """Making a key file asks for nothing."""

    act = "make-key"


def _key_file() -> HttpResponse:
    """A new key file, handed out once."""
    answer = HttpResponse(new_key_file(), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="kancil-trainer-key.txt"'
    return answer


class CodeForm(Acting):
    """Another join code."""

    act = "renew-code"


class EndForm(Acting):
    """The end of a class."""

    act = "end-class"


class ReopenClassForm(Acting):
    """Why a class that was ended goes on."""

    act = "reopen-class"
    reopen_because = text(1000, lines=2)


@page(
    "training/classes/<str:training_class>/", "training_class", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def training_class(request: HttpRequest, training_class: str) -> HttpResponse:
    """One class: how to join it, who belongs to it, which labs it was given."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    renew, end = CodeForm.asked(request), EndForm.asked(request)
    if renew.is_ready:
        actions.renew_code(by=person, training_class=found)
        return redirect("training_class", training_class=found.id)
    if end.is_ready:
        if not is_sure(request):
            return _ask_end(request, found)
        actions.end_class(by=person, training_class=found)
        return redirect("training_class", training_class=found.id)
    again = ReopenClassForm.asked(request)
    if again.is_ready:
        with again.telling("reopen_because"):
            actions.reopen_class(
                by=person, training_class=found, because=again.cleaned_data["reopen_because"]
            )
            return redirect("training_class", training_class=found.id)
    blocks = FirstBlocksForm.asked(request)
    if blocks.is_ready:
        return redirect("task", task=blocks.add(request))
    sections = [_runs(found), _trainees(found), _about(found)]
    sections += first_blocks_section(blocks, is_open=found.state == ClassState.OPEN)
    shown: dict[str, Any] = {
        "title": Phrase("web.training.class", {"title": found.title}),
        "sections": sections, "crumbs": way(), "buttons": _buttons(found, person),
    }  # fmt: skip
    if found.state == ClassState.OPEN:
        shown |= _joining(request, found)
        shown["sections"] = [*local_warning(request), *shown["sections"]]
        shown["forms_below"] = [renew.section(), end.section(text="web.training.end-class-text")]
    else:
        shown["forms_below"] = [again.section(text="web.training.reopen-class-text")]
    shown["sections"] += _reopened(found)
    return render(request, "kancil/training_class.html", shown)


def _ask_end(request: HttpRequest, found: TrainingClass) -> HttpResponse:
    """Who is still at work or has not begun, before the class is ended."""
    now = moment_now(unit_desk().ledger).at
    attempts = attempts_in(found)
    working = sum(not finished(each, now) for each in attempts)
    open_runs = [each.pk for each in runs_of(found) if now < each.closes_at]
    begun = sum(each.variant.run_id in open_runs for each in attempts)
    waiting = len(trainees_of(found)) * len(open_runs) - begun
    return ask_once(
        request, "end-class", title=Phrase("web.training.end-class-sure"),
        told=note("warn", "web.training.end-class-tells", count=working, waiting=waiting),
        back=reverse("training_class", kwargs={"training_class": found.id}), crumbs=way(found),
    )  # fmt: skip


def _reopened(found: TrainingClass) -> list[Section]:
    """What was opened again in the class, by whom and why."""
    names = names_in(found)
    rows: list[tuple[Cell, ...]] = [
        (
            names[each.attempt.person_id] if each.attempt else Phrase("web.training.whole-class"),
            Minute(each.was_over_at), Minute(each.at), each.by.name, each.because,
        )
        for each in reopenings_of(found)
    ]  # fmt: skip
    columns = ("what", "was-over", "opened-again", "who", "why")
    return [table("web.training.reopenings", columns, rows)] if rows else []


def _buttons(found: TrainingClass, person: Person) -> list[dict[str, Any]]:
    given = {"training_class": found.id}
    buttons = [
        button(reverse("board", kwargs=given), "web.training.board"),
        button(reverse("class_course", kwargs=given), "web.courses.course"),
    ]
    for name in ("certificates", "evaluation", "results"):
        buttons.append(button(reverse(f"class_{name}", kwargs=given), f"web.training.{name}"))
    if found.state == ClassState.OPEN:
        giving = reverse("lab_give", kwargs=given)
        adding = reverse("trainees_new", kwargs=given)
        buttons.insert(0, button(giving, "web.training.give-lab", main=True))
        buttons.insert(1, button(adding, "web.training.add-trainees"))
        if slips_of(found, person):
            buttons.insert(2, button(reverse("class_slips", kwargs=given), "web.training.slips"))
    return buttons


def _joining(request: HttpRequest, found: TrainingClass) -> dict[str, Any]:
    """The join code, large, and its address as a QR code for telephones."""
    code = found.join_code or ""
    address = request.build_absolute_uri(f"/join/?code={code}")
    drawn = segno.make(address, error="m")
    return {
        "code": f"{code[:4]} {code[4:]}",
        "code_address": address,
        "code_qr": drawn.svg_inline(border=4, dark="#000", light="#fff", omitsize=True),
    }


def _runs(found: TrainingClass) -> Section:
    runs = runs_of(found)
    if not runs:
        url = reverse("lab_give", kwargs={"training_class": found.id})
        return empty("web.training.no-runs", url=url if found.state == ClassState.OPEN else "")
    made, count = variants_made(runs), len(trainees_of(found))
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("run", kwargs={"run": each.id}), lab_title(each.lab)),
            Minute(each.opens_at), Minute(each.closes_at),
            Phrase("web.training.made-of", {"made": made.get(each.id, 0), "of": count}),
            tag("intact", "web.training.released") if each.released_at
            else Phrase("web.training.not-yet"),
        )
        for each in runs
    ]  # fmt: skip
    return table("web.training.labs", ("lab", "opens", "closes", "variants", "marks"), rows)


def _trainees(found: TrainingClass) -> Section:
    waiting = waiting_in(found)
    rows: list[tuple[Cell, ...]] = [
        (
            link(
                reverse("class_trainee",
                        kwargs={"training_class": found.id, "trainee": each.pk}),
                each.person.name,
            ),
            each.person.username,
            tag("unknown", "web.training.not-joined") if each.person_id in waiting
            else Minute(each.joined_at),
        )
        for each in trainees_of(found)
    ]  # fmt: skip
    if not rows:
        return note("info", "web.training.nobody")
    return table("web.training.trainees", ("name", "account", "joined"), rows)


def _about(found: TrainingClass) -> Section:
    trainers = ", ".join(each.name for each in found.trainers.all())
    told: list[tuple[str, Cell]] = [
        ("begins", found.begins_on.isoformat()), ("ends", found.ends_on.isoformat()),
        ("trainers", trainers), ("state", _state(found)),
        ("sealed-to", found.recipients.replace("\n", ", ")),
    ]  # fmt: skip
    return facts("web.training.about", told)
