"""A trainee's lab: its story, its files, the case, and the questions, which save themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.training import access
from kancil.desk.training.actions import work
from kancil.desk.training.errors import AnswerNotUsable, AttemptSubmitted, LabOver
from kancil.desk.training.folders import manifest_of
from kancil.desk.training.moments import SLACK, moment_now
from kancil.desk.training.queries.classes import LabRun, Place, Variant, place_of
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.work import (
    Attempt,
    Exhibit,
    answers_by_question,
    attempt_at,
    attempt_of,
    exhibits_by_digest,
    newest_mark,
    variant_of,
)
from kancil.desk.training.script import play_script
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.training.making import Manifest
from kancil.training.question import Kind, Question
from kancil.web.cases.overview import ABOVE as OVER_CASE
from kancil.web.cases.pages import BasisForm
from kancil.web.cells import (
    Section,
    button,
    choosing,
    folded,
    form,
    identifier,
    link,
    note,
    show,
    table,
    tag,
)
from kancil.web.forms import text
from kancil.web.guard import shown_params
from kancil.web.page import page
from kancil.web.parts import Cell, Tick
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINEES, ask_once, is_sure, is_trainer, lab_title, local_minute, plain_times
from .classes import way
from .questions import AnswerForm, sent_value, value_text

_LEAST_RULINGS = 3
_STEPS = {"next": 1, "before": -1}


class StartForm(BasisForm):
    """The case of an attempt, and the legal basis that the trainee states."""

    asks_paper = False  # a story need not number its papers
    field_order = ("case_title",)
    case_title = text()


@page(
    "training/labs/<str:run>/", "lab", may=TRAINEES, methods=("GET", "POST"),
    sample={"run": "none"},
)  # fmt: skip
def lab(request: HttpRequest, run: str) -> HttpResponse:
    """A lab of my own: before it opens, while I work on it, after it."""
    person = person_of(request)
    found = access.find_run(person, run)
    attempt, variant = attempt_of(found, person), variant_of(found, person)
    if variant is None:
        return _waiting(request, found, "web.training.lab-not-made")
    now = moment_now(unit_desk().ledger)
    if attempt is None and now.at < found.opens_at:
        return _waiting(request, found, "web.training.lab-opens", at=local_minute(found.opens_at))
    if attempt is None:
        return _start(request, found, variant)
    _play_rest(request, attempt)
    if request.method == "POST":
        return _done(request, found, attempt)
    return _work(request, attempt, {})


def _way_back(request: HttpRequest, case: Case) -> list[Section]:
    """On the page of a case: of which lab it is, and the way there."""
    attempt = attempt_at(case.id)
    if attempt is None:
        return []
    run = attempt.variant.run
    person = person_of(request)
    is_mine = attempt.person_id == person.pk
    url = reverse("lab" if is_mine else "run", kwargs={"run": run.id})
    if not is_mine and not is_trainer(person):
        url = ""  # of the case they may read, of the class nothing
    told = {"lab": lab_title(run.lab), "name": names_in(run.training_class)[attempt.person_id]}
    key = "web.training.case-of-lab" if is_mine else "web.training.case-of-trainee"
    return [note("info", key, url=url, do="web.training.to-lab", **told)]


OVER_CASE.append(_way_back)


def _play_rest(request: HttpRequest, attempt: Attempt) -> None:
    """Go on with the acts that the lab plays in its case, where their playing was cut off."""
    desk = unit_desk()
    steps = manifest_of(desk.workspace, attempt.variant).script
    if attempt.played < len(steps):
        by = desk.server(request)
        play_script(desk.ledger, desk.workspace, attempt=attempt, steps=steps, by=by)


def _waiting(request: HttpRequest, run: LabRun, key: str, **params: Any) -> HttpResponse:
    sections = [note("info", key, **params)]
    return show(request, lab_phrase(run), sections, crumbs=way())


def lab_phrase(run: LabRun) -> Phrase:
    """The title of a lab's page."""
    return Phrase("web.training.lab", {"lab": lab_title(run.lab)})


def _story(manifest: Manifest) -> Section:
    return {
        "kind": "told",
        "heading": Phrase("web.training.story"),
        "texts": [
            *map(plain_times, manifest.story),
            plain_times(Phrase("web.training.basis-is", {"basis": manifest.basis})),
        ],
        "parts": [],
    }


def _start(request: HttpRequest, run: LabRun, variant: Variant) -> HttpResponse:
    """The story, and the case that is opened under the authority in it."""
    desk, asked = unit_desk(), StartForm(request.POST or None)
    manifest = manifest_of(desk.workspace, variant)
    title = lab_title(run.lab)
    asked.initial["case_title"] = render_phrase(title) if isinstance(title, Phrase) else title
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            work.start_attempt(
                desk.ledger, desk.workspace, run=run, person=person_of(request),
                title=asked.cleaned_data["case_title"], basis=asked.basis(),
                by=desk.server(request),
            )  # fmt: skip
            return redirect("lab", run=run.id)
    sections = [_story(manifest)]
    minutes = work.minutes_of(run, manifest)
    if minutes:
        sections.append(note("info", "web.training.minutes", minutes=minutes))
    sections.append(
        form("web.training.start", asked, submit="web.training.start-do",
             text="web.training.start-text")
    )  # fmt: skip
    return show(request, lab_phrase(run), sections, crumbs=way())


def _done(request: HttpRequest, run: LabRun, attempt: Attempt) -> HttpResponse:
    """One of the acts of the page: files laid ready, a hint, handed in."""
    desk, asked = unit_desk(), request.POST.get("do", "")
    if asked == "lay":
        for piece in request.POST.getlist("piece"):
            work.lay_ready(desk.workspace, attempt=attempt, piece=piece)
        case = find_case(attempt.case_id)
        if case is None:
            raise PageNotFound
        return redirect(reverse("intake", kwargs={"case": case.number}) + "#unfinished")
    if asked == "take-all":
        count = work.take_in_all(
            desk.workspace, attempt=attempt, authenticated_by=how_authenticated(request)
        )
        messages.success(request, words("web.training.taking-in", count=count))
        return redirect("lab", run=run.id)
    if asked == "hint":
        question, seen = request.POST.get("question", ""), request.POST.get("seen", "0")
        work.take_hint(
            desk.ledger, desk.workspace, attempt=attempt, question=question,
            seen=int(seen) if seen.isascii() and seen.isdigit() else 0,
        )  # fmt: skip
        manifest = manifest_of(desk.workspace, attempt.variant)
        if in_steps(manifest):
            return redirect(item_url(attempt, manifest, _place(manifest, question)))
        return redirect(reverse("lab", kwargs={"run": run.id}) + f"#q-{question}")
    if asked == "hand-in" and not is_sure(request):
        return _ask_hand_in(request, run, attempt)
    if asked == "hand-in":
        work.submit(desk.ledger, attempt=attempt)
        messages.success(request, words("web.training.handed-in"))
    return redirect("lab", run=run.id)


def _ask_hand_in(request: HttpRequest, run: LabRun, attempt: Attempt) -> HttpResponse:
    """How much is answered, before the attempt is handed in."""
    manifest = manifest_of(unit_desk().workspace, attempt.variant)
    count, of = len(answers_by_question(attempt)), len(manifest.questions)
    return ask_once(
        request, "hand-in", title=Phrase("web.training.hand-in-sure"),
        told=note("warn", "web.training.hand-in-tells", count=count, of=of),
        back=reverse("lab", kwargs={"run": run.id}), crumbs=way(),
    )  # fmt: skip


@page(
    "training/attempts/<str:attempt>/answers/<str:question>/", "lab_answer", may=TRAINEES,
    methods=("POST",), sample={"attempt": "none", "question": "none"},
)  # fmt: skip
def lab_answer(request: HttpRequest, attempt: str, question: str) -> HttpResponse:
    """Save the answer to one question: for the page's script a line, else the page again."""
    desk, person = unit_desk(), person_of(request)
    found = access.find_attempt(person, attempt)
    if found.person_id != person.pk:
        raise PageNotFound
    manifest = manifest_of(desk.workspace, found.variant)
    asked = work.question_of(manifest, question)
    saved, refused = None, None
    try:
        saved = work.save_answer(
            desk.ledger, desk.workspace, attempt=found, question=question,
            given=sent_value(asked, request.POST),
        )  # fmt: skip
    except (AnswerNotUsable, AttemptSubmitted, LabOver) as error:
        refused = words(f"error.{error.code}.sentence", **shown_params(error))
    if "HX-Request" in request.headers:
        shown = {
            "item": {"id": question, "saved": saved, "refused": refused, "is_now": True},
            "answered_now": _answered(found, manifest),
        }
        return render(request, "kancil/_lab_saved.html", shown)
    if refused:
        return _work(request, found, {question: refused})
    where = reverse("lab", kwargs={"run": found.variant.run_id})
    if not in_steps(manifest):
        return redirect(f"{where}#q-{question}")
    return redirect(item_url(found, manifest, _place(manifest, question) + _STEPS.get(
        request.POST.get("do", ""), 0)
    ))  # fmt: skip


def _work(request: HttpRequest, attempt: Attempt, refused: dict[str, str]) -> HttpResponse:
    """The page on which a trainee works; after the end it is there to be read."""
    desk, run = unit_desk(), attempt.variant.run
    manifest = manifest_of(desk.workspace, attempt.variant)
    moment = moment_now(desk.ledger)
    place = place_of(attempt.variant, attempt, moment.at)
    case = find_case(attempt.case_id)
    is_open = place is Place.WORKING
    sections = _state(attempt, place)
    if moment.behind > SLACK:
        sections.append(note("warn", "web.training.clock-back"))
    sections.append(_story(manifest))
    if is_open:
        coming = work.on_the_way(desk.workspace, attempt)
        sections += _coming(coming, case)
        sections += _files(manifest, exhibits_by_digest(attempt), coming)
    rows = answers_by_question(attempt)
    steps = in_steps(manifest)
    here = _here(request, manifest, refused) if steps else 0
    if here:
        return _one_item(request, attempt, manifest, here, refused, is_open=is_open)
    if steps:
        sections.append(_items(attempt, manifest, rows))
    shown = {
        "title": lab_phrase(run),
        "crumbs": way(),
        "sections": sections,
        "buttons": _buttons(attempt, case.number if case else None),
        "items": []
        if steps
        else [
            _item(number, each, attempt, rows.get(each.id), refused.get(each.id, ""))
            for number, each in enumerate(manifest.questions, 1)
        ],
        "is_open": is_open,
        "answered": _answered(attempt, manifest),
        "lab_url": reverse("lab", kwargs={"run": run.id}),
    }
    return render(request, "kancil/training_lab.html", shown)


# --- one item a screen, where many are ruled on ---------------------------------------------------


def in_steps(manifest: Manifest) -> bool:
    """Whether each question has a screen of its own: where the same is asked of several items."""
    return sum(each.kind is Kind.RULING for each in manifest.questions) >= _LEAST_RULINGS


def item_url(attempt: Attempt, manifest: Manifest, number: int) -> str:
    """The screen of a question by its number; the lab's own page before the first and the last."""
    where = reverse("lab", kwargs={"run": attempt.variant.run_id})
    return f"{where}?item={number}" if 1 <= number <= len(manifest.questions) else where


def _place(manifest: Manifest, question: str) -> int:
    return next(n for n, each in enumerate(manifest.questions, 1) if each.id == question)


def _here(request: HttpRequest, manifest: Manifest, refused: dict[str, str]) -> int:
    """Which question is shown; 0: the lab's own page."""
    if refused:
        return _place(manifest, next(iter(refused)))
    asked = request.GET.get("item", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return number if number <= len(manifest.questions) else 0


def _items(attempt: Attempt, manifest: Manifest, rows: Mapping[str, Any]) -> Section:
    """The questions of a lab, each with the way to its screen."""
    found: list[tuple[Cell, ...]] = [
        (
            link(item_url(attempt, manifest, number), f"{number}. {plain_times(each.words)}"),
            tag("intact", "web.training.is-answered") if each.id in rows
            else tag("unknown", "web.training.no-answer"),
        )
        for number, each in enumerate(manifest.questions, 1)
    ]  # fmt: skip
    return table("web.training.questions", ("question", "state"), found)


def _one_item(
    request: HttpRequest,
    attempt: Attempt,
    manifest: Manifest,
    number: int,
    refused: dict[str, str],
    *,
    is_open: bool,
) -> HttpResponse:
    """The screen of one question."""
    question, run = manifest.questions[number - 1], attempt.variant.run
    row = answers_by_question(attempt).get(question.id)
    crumbs = [*way(), {"url": reverse("lab", kwargs={"run": run.id}), "name": lab_title(run.lab)}]
    of = len(manifest.questions)
    shown = {
        "title": Phrase("web.training.question-of", {"number": number, "of": of}),
        "crumbs": crumbs,
        "item": _item(number, question, attempt, row, refused.get(question.id, "")),
        "is_open": is_open,
        "answered": _answered(attempt, manifest),
        "done": len(answers_by_question(attempt)),
        "of": of,
        "before": item_url(attempt, manifest, number - 1),
        "after": item_url(attempt, manifest, number + 1),
        "is_last": number == of,
        "lab_url": reverse("lab", kwargs={"run": run.id}),
    }
    return render(request, "kancil/training_lab_item.html", shown)


def _answered(attempt: Attempt, manifest: Manifest) -> Phrase:
    """How many of the questions have an answer."""
    told: dict[str, Param] = {
        "count": len(answers_by_question(attempt)), "of": len(manifest.questions),
    }  # fmt: skip
    return Phrase("web.training.answered", told)


def _buttons(attempt: Attempt, case: int | None) -> list[dict[str, Any]]:
    found = []
    if case is not None:
        found.append(
            button(reverse("overview", kwargs={"case": case}), "web.training.to-case", main=True)
        )
    if attempt.variant.run.released_at and newest_mark(attempt):
        url = reverse("attempt_marks", kwargs={"attempt": attempt.pk})
        found.append(button(url, "web.training.read"))
    return found


def _state(attempt: Attempt, place: Place) -> list[Section]:
    if place is Place.HANDED_IN and attempt.submitted_at is not None:
        return [note("intact", "web.training.was-handed-in", at=local_minute(attempt.submitted_at))]
    if place is Place.TIME_OVER:
        return [note("info", "web.training.is-over", at=local_minute(attempt.due_at))]
    return [note("info", "web.training.due", at=local_minute(attempt.due_at))]


def _coming(digests: Collection[str], case: Case | None) -> list[Section]:
    """That files are on their way into the case."""
    count = len(digests)
    if not count or case is None:
        return []
    url = reverse("intake", kwargs={"case": case.number}) + "#unfinished"
    return [note("info", "web.training.coming", url=url, do="web.training.coming-do", count=count)]


def _files(
    manifest: Manifest, held: Mapping[str, Exhibit], coming: Collection[str]
) -> list[Section]:
    """The files that can be taken in, and, folded, those that are exhibits of the case already."""
    columns = ("title", "source", "file", "sha256")
    to_take, taken = list[tuple[Cell, ...]](), list[tuple[Cell, ...]]()
    for piece, files in work.pieces_of(manifest).items():
        many = Phrase("web.training.files-in", {"count": len(files), "name": piece})
        is_one = len(files) == 1
        shown = (
            files[0].title, files[0].source, piece if is_one else many,
            identifier(files[0].sha256, short=True) if is_one else "",
        )  # fmt: skip
        if all(each.sha256 in held for each in files):
            found = held[files[0].sha256]
            at = {"case": found.case.number, "exhibit": found.number}
            title: Cell = shown[0]
            if is_one:
                opened = reverse("exhibit_file", kwargs={**at, "sha256": files[0].sha256})
                title = link(opened, files[0].title)
            taken.append(
                (link(reverse("exhibit", kwargs=at), f"E{found.number}"), title, *shown[1:])
            )
        elif files[0].sha256 not in coming:
            tick = Tick("piece", piece, Phrase("web.training.take-piece", {"name": piece}))
            to_take.append((tick, *shown))
    sections = list[Section]()
    if to_take:
        sections.append(
            choosing("web.training.files", ("take", *columns), to_take, do="lay",
                     submit="web.training.take-in", every=("take-all", "web.training.take-all"),
                     text=Phrase("web.training.files-how"))
        )  # fmt: skip
    if taken:
        key = "web.training.files-taken"
        sections.append(folded(key, ("exhibit", *columns), taken, count=len(taken)))
    return sections


def _item(
    number: int, question: Question, attempt: Attempt, row: Any, refused: str
) -> dict[str, Any]:
    """What the page shows of one question."""
    taken = int(attempt.hints.get(question.id, 0))
    left = question.hints[taken:]
    return {
        "id": question.id,
        "number": number,
        "words": plain_times(question.words),
        "points": Phrase("web.training.points", {"count": question.points}),
        "subject": question.subject if question.subject != question.id else "",
        "form": AnswerForm(question, None if row is None else row.value),
        "url": reverse("lab_answer", kwargs={"attempt": attempt.pk, "question": question.id}),
        "saved": row,
        "given": value_text(question, None if row is None else row.value),
        "refused": refused,
        "hints": [plain_times(each.words) for each in question.hints[:taken]],
        "seen": taken,
        "next_hint": Phrase("web.training.take-hint", {"cost": left[0].cost}) if left else None,
    }
