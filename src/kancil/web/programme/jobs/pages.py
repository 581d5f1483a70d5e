"""Pages of a person's background jobs. The part that runs asks for itself every two seconds.

Nobody sees what somebody else asked for: what it is about has its own page, for those who see that.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.jobs.actions import cancel_task
from kancil.desk.jobs.queries import OPEN, Task, ended_tasks, find_task, load, open_tasks
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, empty, facts, identifier, link, note, number, table, when
from kancil.web.jobs.shown import error_of, name_of, result_of, shown, state_of
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

_ENDED_ROWS = 50
_SAMPLE = {"task": "none"}


@page("tasks/", "work", may=MONEY, menu="site", order=33)
def work(request: HttpRequest) -> HttpResponse:
    """What of theirs runs, what waits, how it ended."""
    part = ended_tasks(person_of(request), request.GET.get("page"), _ENDED_ROWS)
    ended, now = list(part), _running(request)
    nothing = empty("web.prog-jobs.empty", url=reverse("imports"))
    sections: list[Section] = [now] if now["tasks"] or ended else [nothing]
    if ended:
        sections.append({**_ended_table(ended), "pages": part})
    return render(request, "kancil/page.html",
                  {"title": Phrase("web.work.title"), "sections": sections})  # fmt: skip


@page("tasks/now/", "work_now", may=MONEY)
def work_now(request: HttpRequest) -> HttpResponse:
    """The part of a page that tells what runs; a page asks for it again and again."""
    return render(request, "kancil/_running.html", {"running": _running(request)})


def _running(request: HttpRequest) -> Section:
    person = person_of(request)
    return {
        "kind": "running",
        "tasks": [shown(each, person, {}) for each in open_tasks(person)],
        "others": 0,
        "is_stalled": load().is_stalled,
        "stalled": Phrase("web.work.stalled"),
        "now_url": reverse("work_now"),
        "all_url": reverse("work"),
    }


def _ended_table(ended: list[Task]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("task", kwargs={"task": task.id}), name_of(task)),
            state_of(task),
            result_of(task) or error_of(task, "sentence") or "",
            when(task.ended_at),
        )
        for task in ended
    ]
    return table("web.work.ended", ("job", "state", "gave", "when"), rows)


@page("tasks/<str:task>/", "task", may=MONEY, sample=_SAMPLE)
def one_task(request: HttpRequest, task: str) -> HttpResponse:
    """One task: how far it is, what it gave or met; whoever watched it end is led to its result."""
    found = _found(request, task)
    is_open, there = found.state in OPEN, result_url(found)
    if "HX-Request" in request.headers and not is_open:
        name = "HX-Redirect" if there else "HX-Refresh"  # the heading tells how it ended
        return HttpResponse(headers={name: there or "true"})
    sections = [_facts(found)]
    gave = result_of(found)
    if gave is not None:
        said = note("info", gave.key, url=there, do="web.work.see" if there else "")
        sections.insert(0, {**said, "text": gave})
    shown_now = {
        "title": Phrase(
            "web.work.task-title" if is_open else "web.work.task-ended", {"name": name_of(found)}
        ),
        "sections": sections,
        "task": shown(found, person_of(request), {}),
        "is_open": is_open,
        "met": error_of(found, "sentence"),
        "following": error_of(found, "next"),
        "crumbs": [_about(found), {"url": reverse("work"), "name": Phrase("web.room.work")}],
    }
    return render(request, "kancil/task.html", shown_now)


def _about(task: Task) -> dict[str, object]:
    """The way back to what a task is about."""
    if "batch" not in task.parameters:
        return {"url": reverse("iati"), "name": Phrase("web.iati.title")}
    return {"url": reverse("imports"), "name": Phrase("web.room.imports")}


def result_url(task: Task) -> str:
    """The page of what a task gave; empty where there is none."""
    given = task.result or {}
    if "iati_file" in given:
        return reverse("iati_file", kwargs={"file": given["iati_file"]})
    if "batch" in given:
        there = reverse("import_batch", kwargs={"batch": given["batch"]})
        return f"{there}?look=1" if "first_refused" in given else there
    return ""


def _facts(found: Task) -> Section:
    started, ended = found.started_at, found.ended_at
    return facts(
        "web.work.what",
        [
            ("state", state_of(found)),
            ("asked-at", when(found.asked_at)),
            ("started", when(started) if started else Phrase("web.work.not-yet")),
            ("ended", when(ended) if ended else Phrase("web.work.not-yet")),
            ("tries", number(found.attempt)),
            ("task", identifier(found.id)),
        ],
    )


@page("tasks/<str:task>/here/", "task_here", may=MONEY, sample=_SAMPLE)
def task_here(request: HttpRequest, task: str) -> HttpResponse:
    """The part of another page that tells how far a task is; ended, the page is loaded anew."""
    found = _found(request, task)
    if found.state not in OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "kancil/_progress.html", {"section": progress(request, found)})


def progress(request: HttpRequest, task: Task) -> Section:
    """How far a task of the reader's is; of somebody else's, only that it goes on."""
    person = person_of(request)
    if task.asked_by_id != person.pk:
        return note("info", "web.prog-jobs.of-another", name=task.asked_by.name)
    return {
        "kind": "progress",
        "task": shown(task, person, {}),
        "here_url": reverse("task_here", kwargs={"task": task.id}),
    }


@page("tasks/<str:task>/cancel/", "task_cancel", may=MONEY, methods=("POST",), sample=_SAMPLE)
def task_cancel(request: HttpRequest, task: str) -> HttpResponse:
    """Cancel a task that waits, or ask one that runs to stop."""
    found = _found(request, task)
    cancel_task(found.id, person=person_of(request), is_head=False)
    messages.info(request, words("web.work.cancel-asked"))
    return redirect("task", task=found.id)


def _found(request: HttpRequest, name: str) -> Task:
    """Find a task of the reader's; any other is as if it were not there."""
    found = find_task(person_of(request), name)
    if found is None:
        raise RecordNotFound(thing=Phrase("thing.record-task"))
    return found
