"""A lab given to a class, as its trainer sees it: marked, corrected, released."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.training import access
from kancil.desk.training.actions import marks
from kancil.desk.training.answers import read_value
from kancil.desk.training.folders import manifest_of
from kancil.desk.training.moments import moment_now
from kancil.desk.training.queries.classes import (
    LabRun,
    Place,
    Standing,
    Variant,
    board,
    variants_of,
)
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.work import corrections_of
from kancil.evidence.age import Identity, identities_in
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.training.making import Manifest
from kancil.training.question import Kind, Question
from kancil.web.cells import Section, facts, note, show, table, tag, when
from kancil.web.forms import choose, text
from kancil.web.page import page
from kancil.web.parts import Cell, Link, Minute
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINERS, Acting, ask_once, is_sure, lab_title, points_of
from .classes import place_cell, way
from .questions import value_cell

_KEY_BYTES = 100_000
_OVER = (Place.HANDED_IN, Place.TIME_OVER)
_HOWS = ("also", "value", "tolerance")


class WithKey(Acting):
    """A form with the trainer's key file, which is read and never kept."""

    trainer_key = forms.FileField(max_length=200)

    def identities(self) -> list[Identity]:
        """The identities in the file; raises OptionNotUsable."""
        sent = self.cleaned_data["trainer_key"]
        return identities_in(sent.read(_KEY_BYTES), "key file", sent.name or "")


class MarkForm(WithKey):
    """Marking everybody."""

    act = "mark-all"


class ReleaseForm(Acting):
    """Letting trainees see their marks."""

    act = "release"


class CorrectForm(WithKey):
    """What the key of a question is to say instead."""

    act = "correct-key"
    field_order = ("key_question", "key_of", "key_how", "key_value", "key_reason", "trainer_key")
    key_question = forms.ChoiceField(choices=())
    key_of = forms.ChoiceField(choices=())
    key_how = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    key_value = text(20_000, lines=3)
    key_reason = text(1000, lines=2)

    def __init__(
        self, *args: Any, manifest: Manifest, variants: list[Variant], **more: Any
    ) -> None:
        """Offer the questions, and whose keys."""
        super().__init__(*args, **more)
        asked = [(each.id, _asked(number, each))
                 for number, each in enumerate(manifest.questions, 1)]  # fmt: skip
        choose(self, "key_question", asked)
        choose(
            self, "key_of", [("", words("web.training.every-variant")), *_names(variants).items()]
        )
        self.fields["key_of"].required = False
        choose(self, "key_how", [(each, words(f"web.training.how-{each}")) for each in _HOWS])
        self._manifest = manifest

    def change(self) -> marks.Change:
        """What is put in place of what the key said; raises AnswerNotUsable."""
        how, given = self.cleaned_data["key_how"], self.cleaned_data["key_value"]
        if how == "tolerance":
            return marks.Change(tolerance=given.strip())
        question = self._manifest.question(self.cleaned_data["key_question"])
        if question is None:
            return marks.Change()
        value = read_value(question, _typed(question, given))
        return marks.Change(value=value) if how == "value" else marks.Change(also=value)


def _typed(question: Question, given: str) -> Any:
    """A value as a trainer types it: of a finding or ruling its code, then a line for each more."""
    first, *more = given.splitlines() or [""]
    if question.kind is Kind.FINDING:
        return {"statement": first.strip(), "pointers": more}
    if question.kind is Kind.RULING:
        return {"ruling": first.strip(), "reasons": more}
    return given


def _asked(number: int, question: Question) -> str:
    said = render_phrase(question.words)
    return f"{number}. {said[:100]}"


@page(
    "training/runs/<str:run>/", "run", may=TRAINERS, methods=("GET", "POST"),
    sample={"run": "none"},
)  # fmt: skip
def run(request: HttpRequest, run: str) -> HttpResponse:
    """One lab of a class: everybody's place and marks, and what a trainer does with them."""
    desk = unit_desk()
    found = access.find_run(person_of(request), run)
    variants = variants_of(found)
    sections: list[Section] = []
    acts: list[Acting] = [MarkForm.asked(request)]
    if variants:
        manifest = manifest_of(desk.workspace, variants[0])
        acts.append(CorrectForm.asked(request, manifest=manifest, variants=variants))
    if found.released_at is None:
        acts.append(ReleaseForm.asked(request))
    for each in acts:
        if each.is_ready and isinstance(each, ReleaseForm) and not is_sure(request):
            return _ask_release(request, found)
        if each.is_ready:
            with each.telling():
                _do(request, found, each)
                return redirect("run", run=found.id)
    rows = board(desk.workspace, found, moment_now(desk.ledger).at)
    is_released = found.released_at is not None
    shown = _standings(rows, is_released=is_released)
    sections += [_released(found), shown, *_corrections(found, variants)]
    sections += [_act(each) for each in acts]
    sections.append(_about(found))
    return show(request, Phrase("web.training.run", {"lab": lab_title(found.lab)}), sections,
                crumbs=way(found.training_class))  # fmt: skip


def _act(asked: Acting) -> Section:
    """A form of the page; what is seldom done is folded until something in it is wrong."""
    shown = asked.section(text=f"web.training.{asked.act}-text")
    if not isinstance(asked, CorrectForm) or asked.is_bound:
        return shown
    return {"kind": "folds", "heading": shown["heading"], "text": None, "parts": [shown]}


def _do(request: HttpRequest, found: LabRun, asked: Acting) -> None:
    desk, by = unit_desk(), person_of(request)
    if isinstance(asked, CorrectForm):
        whose = asked.cleaned_data["key_of"]
        variant = next((each for each in variants_of(found) if each.id == whose), None)
        _, again = marks.correct_run(
            desk.ledger, desk.workspace, run=found,
            question=asked.cleaned_data["key_question"], change=asked.change(),
            reason=asked.cleaned_data["key_reason"], identities=asked.identities(), by=by,
            variant=variant,
        )  # fmt: skip
        told = {"marked": again.marked, "same": again.same}
        messages.success(request, words("web.training.corrected", **told))
    elif isinstance(asked, MarkForm):
        done = marks.mark_run(
            desk.ledger, desk.workspace, run=found, identities=asked.identities(), by=by
        )
        told = {"marked": done.marked, "same": done.same, "working": done.working}
        messages.success(request, words("web.training.marked", **told))
    else:
        marks.release_marks(desk.ledger, run=found, by=by)
        messages.success(request, words("web.training.did-release"))


def _ask_release(request: HttpRequest, found: LabRun) -> HttpResponse:
    """Whose work is not finished or not wholly marked, before everybody sees their marks."""
    desk = unit_desk()
    rows = board(desk.workspace, found, moment_now(desk.ledger).at)
    told: dict[str, Any] = {
        "marked": sum(each.mark is not None for each in rows), "of": len(rows),
        "working": sum(each.place not in _OVER for each in rows),
        "texts": sum(each.mark is not None and not each.mark.is_final for each in rows),
    }  # fmt: skip
    return ask_once(
        request, "release", title=Phrase("web.training.release-sure"),
        told=note("warn", "web.training.release-tells", **told),
        back=reverse("run", kwargs={"run": found.id}), crumbs=way(found.training_class),
    )  # fmt: skip


def _released(found: LabRun) -> Section:
    if found.released_at is None:
        return note("info", "web.training.not-released")
    return note("intact", "web.training.is-released")


def _standings(rows: list[Standing], *, is_released: bool) -> Section:
    return table(
        "web.training.attempts", ("name", "state", "answered", "marks", "to-do"),
        [
            (
                each.name, place_cell(each.place),
                Phrase("web.training.n-of-m", {"count": each.answered, "of": each.questions}),
                _marks(each), _to_do(each, is_released=is_released),
            )
            for each in rows
        ],
    )  # fmt: skip


def _marks(each: Standing) -> Cell:
    if each.mark is None or each.attempt is None:
        return Phrase("web.training.not-yet")
    url = reverse("attempt_marks", kwargs={"attempt": each.attempt})
    return Link(url, points_of(each.mark.earned_hundredths, each.mark.points))


def _to_do(each: Standing, *, is_released: bool) -> Cell:
    if each.attempt is None:
        return "–"
    again = Link(reverse("attempt_reopen", kwargs={"attempt": each.attempt}),
                 Phrase("web.training.reopen-attempt"))  # fmt: skip
    is_over = each.place in _OVER
    if each.mark is None or each.mark.is_final:
        return again if is_over and not is_released else "–"
    url = reverse("attempt_texts", kwargs={"attempt": each.attempt})
    return Link(url, Phrase("web.training.mark-texts"))


def _names(variants: list[Variant]) -> dict[str, str]:
    """Whose each variant is, by its id."""
    names = names_in(variants[0].run.training_class) if variants else {}
    return {each.id: names[each.enrolment.person_id] for each in variants}


def _corrections(found: LabRun, variants: list[Variant]) -> list[Section]:
    names = _names(variants)
    rows: list[tuple[Cell, ...]] = [
        (
            each.question,
            names.get(each.variant_id or "", Phrase("web.training.every-variant")),
            Phrase(f"web.training.did-{next(iter(each.change), 'value')}"),
            value_cell(None, next(iter(each.change.values()), None)),
            each.reason, each.by.name, when(each.at),
        )
        for each in corrections_of(found)
    ]  # fmt: skip
    if not rows:
        return []
    columns = ("question", "name", "change", "value", "why", "who", "when")
    return [table("web.training.corrections", columns, rows)]


def _about(found: LabRun) -> Section:
    hard = found.knobs
    told: list[tuple[str, Cell]] = [
        ("opens", Minute(found.opens_at)), ("closes", Minute(found.closes_at)),
        ("minutes", str(found.minutes) if found.minutes else Phrase("web.training.no-minutes")),
        ("lab-version", found.version),
        ("difficulty", Phrase("web.training.knobs", {
            name: hard.get(name, "") for name in ("hops", "decoys", "missing", "noise")
        })),
    ]  # fmt: skip
    if found.released_at is not None:
        told.append(("state", tag("intact", "web.training.released")))
    return facts("web.training.about", told)
