"""Pages of background work. The part that runs asks for itself anew every two seconds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.jobs.actions import cancel_task
from kancil.desk.jobs.queries import OPEN, Task, ended_tasks, find_task, load, open_tasks
from kancil.desk.jobs.uploads import remove_sent
from kancil.ground.phrase import Phrase, from_json
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    empty,
    facts,
    identifier,
    link,
    note,
    number,
    rows_left,
    table,
    when,
)
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .results import case_numbers, result_url
from .shown import HEADS, error_of, name_of, result_of, shown, state_of

_ENDED_ROWS = 50


@page("tasks/", "work", may=EVERYONE, menu="site", order=20)
def work(request: HttpRequest) -> HttpResponse:
    """What runs, what waits, how it ended."""
    part = ended_tasks(person_of(request), request.GET.get("page"), _ENDED_ROWS)
    ended = list(part)
    now = running(request)
    nothing = empty("web.work.empty", url=reverse("cases"))
    sections: list[Section] = [now] if now["tasks"] or ended else [nothing]
    if ended:
        sections.append({**_ended_table(ended), "pages": part})
    shown_now = {"title": Phrase("web.work.title"), "sections": sections}
    return render(request, "kancil/page.html", shown_now)


@page("tasks/now/", "work_now", may=EVERYONE)
def work_now(request: HttpRequest) -> HttpResponse:
    """The part of a page that tells what runs; a page asks for it again and again."""
    return render(request, "kancil/_running.html", {"running": running(request)})


def progress(request: HttpRequest, task: Task) -> Section:
    """How far one task is, in place; the page around it is loaded anew once the task has ended."""
    return {
        "kind": "progress",
        "task": shown(task, person_of(request), case_numbers([task])),
        "here_url": reverse("task_here", kwargs={"task": task.id}),
    }


@page("tasks/<str:task>/here/", "task_here", may=EVERYONE)
def task_here(request: HttpRequest, task: str) -> HttpResponse:
    """The part of another page that tells how far a task is; ended, the page is loaded anew."""
    found = _found(request, task)
    if found.state not in OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "kancil/_progress.html", {"section": progress(request, found)})


def running(request: HttpRequest) -> Section:
    """The section that tells what runs and what waits: for Home, and for the page of work."""
    person, all_of_it = person_of(request), load()
    tasks = open_tasks(person)
    numbers = case_numbers(tasks)
    return {
        "kind": "running",
        "tasks": [shown(each, person, numbers) for each in tasks],
        "others": max(0, all_of_it.running + all_of_it.waiting - len(tasks)),
        "is_stalled": all_of_it.is_stalled,
        "stalled": Phrase("web.work.stalled"),
        "now_url": reverse("work_now"),
        "all_url": reverse("work"),
    }


def _ended_table(ended: list[Task]) -> Section:
    numbers = case_numbers(ended)
    return table(
        "web.work.ended",
        ("job", "case", "state", "gave", "who", "when"),
        [
            (
                link(reverse("task", kwargs={"task": task.id}), name_of(task)),
                f"C{numbers[task.case_id]}" if task.case_id in numbers else Phrase("web.work.unit"),
                state_of(task),
                result_of(task) or error_of(task, "sentence") or "",
                task.asked_by.name,
                when(task.ended_at),
            )
            for task in ended
        ],
    )


@page("tasks/<str:task>/", "task", may=EVERYONE)
def one_task(request: HttpRequest, task: str) -> HttpResponse:
    """One task: how far it is, what it gave or met, what it left out."""
    person, found = person_of(request), _found(request, task)
    numbers = case_numbers([found])
    sections = [_facts(found, numbers)]
    gave = result_of(found)
    if "HX-Request" in request.headers and found.state not in OPEN:
        if _leads_on(found):
            return HttpResponse(headers={"HX-Redirect": result_url(found, numbers)})
        return HttpResponse(headers={"HX-Refresh": "true"})  # the heading tells how it ended
    if gave is not None:
        made = result_url(found, numbers)
        said = note("info", gave.key, url=made, do="web.work.see" if made else "")
        sections.insert(0, {**said, "text": gave})
    skips = (found.result or {}).get("skips", [])
    if skips:
        sections.append(_skip_table(skips))
        sections += rows_left(len(skips), (found.result or {}).get("skipped", len(skips)))
    shown_now = {
        "title": Phrase(
            "web.work.task-title" if found.state in OPEN else "web.work.task-ended",
            {"name": name_of(found)},
        ),
        "sections": sections,
        "task": shown(found, person, numbers),
        "is_open": found.state in OPEN,
        "met": error_of(found, "sentence"),
        "following": error_of(found, "next"),
        "crumbs": [{"url": reverse("work"), "name": Phrase("web.room.work")}],
    }
    return render(request, "kancil/task.html", shown_now)


_SHOWS_ITSELF = ("study", "clusters_of")
"""In the result of a task whose page tells no more than the page of what was made."""


def _leads_on(task: Task) -> bool:
    """Whether whoever watched a task that has ended is led to its result."""
    given = task.result or {}
    shows_itself = any(each in given for each in _SHOWS_ITSELF)
    return shows_itself and not given.get("skips") and "outcome" not in given


def _facts(found: Task, numbers: dict[str, int]) -> Section:
    number_of = numbers.get(found.case_id or "")
    return facts(
        "web.work.what",
        [
            ("state", state_of(found)),
            ("case", Phrase("web.work.unit") if number_of is None else f"C{number_of}"),
            ("who", found.asked_by.name),
            ("asked-at", when(found.asked_at)),
            ("started", when(found.started_at) if found.started_at else Phrase("web.work.not-yet")),
            ("ended", when(found.ended_at) if found.ended_at else Phrase("web.work.not-yet")),
            ("tries", number(found.attempt)),
            ("task", identifier(found.id)),
        ],
    )


def _skip_table(skips: list[dict[str, Any]]) -> Section:
    return table(
        "web.work.skips",
        ("place", "why"),
        [
            (
                skip["place"],
                Phrase(
                    f"skip.{skip['code']}",
                    {"place": skip["place"], **from_json(skip["params"])},
                ),
            )
            for skip in skips
        ],
    )


@page("tasks/<str:task>/cancel/", "task_cancel", may=ACTING, methods=("POST",))
def task_cancel(request: HttpRequest, task: str) -> HttpResponse:
    """Cancel a task that waits, or ask one that runs to stop."""
    person, found = person_of(request), _found(request, task)
    cancel_task(found.id, person=person, is_head=person.role in HEADS)
    remove_sent(unit_desk().workspace, found.id)
    messages.info(request, words("web.work.cancel-asked"))
    return redirect("task", task=found.id)


def _found(request: HttpRequest, name: str) -> Task:
    """Find a task that the person may know of; any other is as if it were not there."""
    found = find_task(person_of(request), name)
    if found is None:
        raise PageNotFound
    return found
