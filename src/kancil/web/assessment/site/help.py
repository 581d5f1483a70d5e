"""Help: what each page is for, on one page of the site; every page leads to its part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, show
from kancil.web.programme_help import TOPICS
from kancil.web.programme_page import EVERYONE, page

_PARTS = 2
"""So many paragraphs each topic has."""


@page("help/", "help", may=EVERYONE, menu="person", order=90)
def help_page(request: HttpRequest) -> HttpResponse:
    """What each page is for, topic by topic."""
    sections: list[Section] = [
        {
            "kind": "limits",
            "anchor": topic,
            "heading": Phrase(f"help.programme-{topic}.name"),
            "texts": [
                Phrase(f"help.programme-{topic}.text-{part}") for part in range(1, _PARTS + 1)
            ],
        }
        for topic in TOPICS
    ]
    lead = Phrase("help.programme.lead")
    return show(request, Phrase("web.room.help"), sections, lead=lead)
