"""What stands around the picture of a case: words, what a caption names, where notes go."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kancil.desk.cases.queries import Case

from .words import outside


def around(case: Case) -> dict[str, Any]:
    """What the template of a case's canvas needs besides the picture and its addresses."""
    return {
        **outside(),
        "caption": {"case": f"C{case.number} {case.title}"},
        "note_url": reverse("note_new", kwargs={"case": case.number}),
        "finding_url": reverse(
            "trace_select", kwargs={"case": case.number, "trace": "TRACE"}
        ).replace("TRACE", "{trace}"),
    }
