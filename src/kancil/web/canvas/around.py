"""What stands around the picture of a case: words, what a caption names, where notes go."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.studies.stated import stated_tables
from kancil.ground.ids import CaseId
from kancil.ground.words import render as words
from kancil.studies.canvas.view import TraceSource, View
from kancil.web.limits import limits_by_exhibit, word_of
from kancil.web.unit_desk import unit_desk

from .words import outside


def around(case: Case, view: View) -> dict[str, Any]:
    """What the template of a case's canvas needs besides the picture and its addresses."""
    return {
        **outside(),
        "caption": {"case": caption_case(case)},
        "picture_url": _picture(case, view),
        "note_url": reverse("note_new", kwargs={"case": case.number}),
        "clusters_url": clusters_url(),
        "finding_url": _of_trace(case, "trace_select"),
    }


def caption_case(case: Case) -> str:
    """The case as a caption names it, with the limits on exhibits whose transfers may be drawn.

    Of a classroom's case it says so first.
    """
    name = f"C{case.number} {case.title}"
    if unit_desk().workspace.site.is_training:
        name = f"{words('name.training')}: {name}"
    held = {
        str(each.exhibit.id): each.exhibit.label
        for each in stated_tables(unit_desk().ledger, CaseId(case.id))
    }
    found = limits_by_exhibit(set(held))
    told = [f"{held[each]} {', '.join(map(word_of, codes))}" for each, codes in found.items()]
    return words("web.handling.caption", case=name, limits="; ".join(told)) if told else name


def _picture(case: Case, view: View) -> str:
    """The small picture of the first trace of a view: what is seen where no script runs."""
    for source in view.sources:
        if isinstance(source, TraceSource):
            given = {"case": case.number, "trace": source.trace}
            return reverse("trace_picture", kwargs=given)
    return ""


def clusters_url() -> str:
    """Where the clusters of `{chain}` are made: the script fills in its name."""
    return reverse("clusters", kwargs={"chain": "CHAIN"}).replace("CHAIN", "{chain}")


def _of_trace(case: Case, page: str) -> str:
    """A page of the case's trace `{trace}`, whose number the script fills in."""
    given = {"case": case.number, "trace": "TRACE"}
    return reverse(page, kwargs=given).replace("TRACE", "{trace}")
