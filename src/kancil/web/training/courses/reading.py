"""Courses to be read: the list, one course, its lessons, its manuals and pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.training.courses.course import Course, Standing
from kancil.training.courses.kept import keep_pack
from kancil.training.courses.markdown import parts_of
from kancil.web.cells import Section, button, empty, facts, link, show, table, tag
from kancil.web.forms import text
from kancil.web.page import page
from kancil.web.parts import Cell, Kind
from kancil.web.signed_in import person_of
from kancil.web.training.acting import CLASSROOM, TRAINERS, Acting, is_trainer, lab_title

from .papers import papers_section
from .shared import course_for, course_way, courses_of, language_of, lesson_name, places, shown
from .sitting import tests_section

_PACK_BYTES = 30_000_000
_STANDINGS: dict[Standing, Kind] = {
    Standing.READ: "intact", Standing.SECONDARY: "plain", Standing.GENERAL: "warn",
}  # fmt: skip
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of a picture that is opened by itself: it draws, and nothing else."""


class ImportForm(Acting):
    """A pack, and the fingerprint of whoever made it."""

    act = "import-course"
    course_pack = forms.FileField(max_length=200)
    course_fingerprint = text(100)


@page(
    "training/courses/", "courses", may=CLASSROOM, methods=("GET", "POST"), menu="site", order=2,
    body_bytes=_PACK_BYTES,
)  # fmt: skip
def courses(request: HttpRequest) -> HttpResponse:
    """The courses of my classes; all of them, and the import of one, for a trainer."""
    person = person_of(request)
    asked = ImportForm.asked(request) if is_trainer(person) else None
    if asked is not None and asked.is_ready:
        with asked.telling("course_pack"):
            _import(request, asked)
            return redirect("courses")
    found = courses_of(person)
    sections: list[Section] = [*tests_section(person)]
    sections.append(_listed(found) if found else empty("web.courses.none"))
    if asked is not None:
        sections.append(asked.section(text="web.training.import-course-text"))
    return show(request, Phrase("web.room.courses"), sections)


def _import(request: HttpRequest, asked: ImportForm) -> None:
    sent = asked.cleaned_data["course_pack"]
    data = sent.read(_PACK_BYTES)
    if sent.read(1):
        raise FileNotReadable(path=sent.name or "")
    opened = keep_pack(
        current_workspace().root, data, name=sent.name or "",
        fingerprint=asked.cleaned_data["course_fingerprint"],
    )  # fmt: skip
    outline = opened.course.outline
    told = {"course": outline.id, "version": outline.version, "title": outline.title}
    messages.success(request, words("done.course-imported", **told))


def _listed(found: list[Course]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("course", kwargs={"course": each.outline.id}), each.outline.title),
            Phrase(f"name.audience-{each.outline.audience.value}"),
            str(each.outline.hours), str(len(each.outline.lessons)),
            " ".join(each.written), each.outline.version,
        )
        for each in found
    ]  # fmt: skip
    columns = ("course", "for-whom", "hours>", "lessons>", "languages", "version")
    return table("web.courses.courses", columns, rows)


@page("training/courses/<str:course>/", "course", may=CLASSROOM, sample={"course": "none"})
def course(request: HttpRequest, course: str) -> HttpResponse:
    """One course: what it teaches, its lessons in order, its practicals and manuals."""
    person = person_of(request)
    found = course_for(person, course)
    sections = [
        _aims(found), _lessons(found), _practicals(found, person), papers_section(found, person),
        _about(found),
    ]  # fmt: skip
    title = Phrase("web.courses.title", {"title": found.outline.title})
    buttons = _manuals(found, person)
    return show(request, title, sections, crumbs=course_way(), buttons=buttons)


def _aims(found: Course) -> Section:
    aims = [Phrase("web.courses.aim", {"aim": each.text}) for each in found.outline.objectives]
    return {
        "kind": "told",
        "heading": Phrase("web.courses.aims"),
        "texts": [found.outline.description, *aims],
        "parts": [],
    }


def _lessons(found: Course) -> Section:
    id = found.outline.id
    rows = [
        {
            "url": reverse("lesson", kwargs={"course": id, "lesson": lesson_name(each.file)}),
            "name": each.title,
            "text": Phrase("web.courses.minutes", {"minutes": each.minutes}),
        }
        for each in found.outline.lessons
    ]
    return {"kind": "steps", "heading": Phrase("web.courses.lessons"), "rows": rows}


def _practicals(found: Course, person: Person) -> Section:
    where = places(found, person).lab
    rows: list[tuple[Cell, ...]] = [
        (
            link(where(each.lab), lab_title(each.lab)) if where(each.lab) else lab_title(each.lab),
            Phrase("web.courses.minutes", {"minutes": each.minutes}),
        )
        for each in found.outline.labs
    ]
    return table("web.courses.practicals", ("lab", "minutes"), rows)


def _about(found: Course) -> Section:
    outline = found.outline
    marking = "; ".join(f"{each.part} {each.percent} %" for each in outline.marking)
    needed = "; ".join(each.rstrip(".") for each in outline.prerequisites)
    told: list[tuple[str, Cell]] = [
        ("for-whom", outline.target_audience), ("prerequisites", needed),
        ("hours", str(outline.hours)), ("assessment", outline.assessment), ("marking", marking),
        ("pass-percent", f"{outline.pass_percent} %"), ("version", outline.version),
        ("authors", ", ".join(outline.authors)), ("licence", outline.licence),
    ]  # fmt: skip
    return facts("web.courses.about", told)


def _manuals(found: Course, person: Person) -> list[dict[str, Any]]:
    given = {"course": found.outline.id}
    buttons = [button(reverse("course_trainee", kwargs=given), "web.courses.trainee")]
    if is_trainer(person):
        buttons.append(button(reverse("course_trainer", kwargs=given), "web.courses.trainer"))
    return buttons


@page(
    "training/courses/<str:course>/lessons/<str:lesson>/", "lesson", may=CLASSROOM,
    sample={"course": "none", "lesson": "none"},
)  # fmt: skip
def lesson(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """One lesson, with the one before and the one after it."""
    person = person_of(request)
    found = course_for(person, course)
    files = [each.file for each in found.outline.lessons]
    if f"{lesson}.md" not in files:
        raise PageNotFound
    at = files.index(f"{lesson}.md")
    language = language_of(found)
    text = found.in_language(language).lessons.get(files[at], "")
    said: dict[str, Any] = {
        "title": _title(text) or found.outline.lessons[at].title,
        "crumbs": course_way(found),
        **_parts(request, found, text),
        "before": _neighbour(found, at - 1),
        "after": _neighbour(found, at + 1),
        "place": Phrase("web.courses.place", {"at": at + 1, "of": len(files)}),
        "sources": _sources(found, text),
        "text_language": language,
    }
    return render(request, "kancil/lesson.html", said)


def _parts(request: HttpRequest, found: Course, text: str) -> dict[str, Any]:
    """A text in parts that are opened one by one, or all of them at once."""
    return {
        "parts": shown(found, text, person_of(request)),
        "all_open": request.GET.get("parts") == "all",
    }


def _title(text: str) -> str:
    parts = parts_of(text)
    return parts[0].words if parts and parts[0].kind == "heading" else ""


def _neighbour(found: Course, at: int) -> dict[str, str] | None:
    lessons = found.outline.lessons
    if not 0 <= at < len(lessons):
        return None
    given = {"course": found.outline.id, "lesson": lesson_name(lessons[at].file)}
    return {"url": reverse("lesson", kwargs=given), "title": lessons[at].title}


def _sources(found: Course, text: str) -> list[dict[str, Any]]:
    """The sources that a text names, by their number in the course."""
    named = {id for part in parts_of(text) for id in part.cites}
    return [
        {
            "id": each.id, "number": number, "said": each.in_one_line, "url": each.url,
            "tag": tag(_STANDINGS[each.standing], f"name.source-{each.standing.value}"),
        }
        for number, each in enumerate(found.sources, 1)
        if each.id in named
    ]  # fmt: skip


@page(
    "training/courses/<str:course>/trainee/", "course_trainee", may=CLASSROOM,
    sample={"course": "none"},
)  # fmt: skip
def course_trainee(request: HttpRequest, course: str) -> HttpResponse:
    """What a trainee keeps."""
    found = course_for(person_of(request), course)
    written = found.in_language(language_of(found))
    return _manual(request, found, written.trainee, "web.courses.trainee")


@page(
    "training/courses/<str:course>/trainer/", "course_trainer", may=TRAINERS,
    sample={"course": "none"},
)  # fmt: skip
def course_trainer(request: HttpRequest, course: str) -> HttpResponse:
    """The trainer's manual."""
    found = course_for(person_of(request), course)
    written = found.in_language(language_of(found))
    return _manual(request, found, written.trainer, "web.courses.trainer")


def _manual(request: HttpRequest, found: Course, text: str, key: str) -> HttpResponse:
    said = {
        "title": Phrase(key),
        "crumbs": course_way(found),
        **_parts(request, found, text),
        "sources": _sources(found, text),
        "text_language": language_of(found),
    }
    return render(request, "kancil/lesson.html", said)


@page(
    "training/courses/<str:course>/pictures/<str:picture>", "course_picture", may=CLASSROOM,
    sample={"course": "none", "picture": "none.svg"},
)  # fmt: skip
def course_picture(request: HttpRequest, course: str, picture: str) -> HttpResponse:
    """A picture of a course."""
    found = course_for(person_of(request), course)
    svg = found.pictures.get(picture)
    if svg is None:
        raise PageNotFound
    answer = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return answer
