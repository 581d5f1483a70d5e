"""The form of every result's page: the sentence, the picture, tabs as links, limits once, folded.

A tab is `?tab=<name>`, so that it works without script and can be sent to a colleague; of a long
table a page has `PAGE_ROWS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from kancil.ground.phrase import Phrase
from kancil.web.cells import Section

PAGE_ROWS = 50
T = TypeVar("T")


def said(texts: Sequence[Phrase | str]) -> Section:
    """The answer: its first sentence large, the others small below it."""
    first, *more = texts
    return {
        "kind": "said", "heading": Phrase("web.recorded.answer"), "first": first, "more": more,
        "anchor": "answer",
    }  # fmt: skip


def chosen_tab(request: HttpRequest, names: Sequence[str]) -> str:
    """The tab that is asked for, else the first."""
    asked = request.GET.get("tab", "")
    return asked if asked in names else names[0]


def tabs(
    names: Mapping[str, Phrase], counts: Mapping[str, int], chosen: str, keep: str = ""
) -> Section:
    """Links to the parts of a page; `counts`: rows of those that have some.

    `keep`: parameters of the page that its links keep, ending in `&`.
    """
    rows = [
        {
            "url": f"?{keep}tab={name}",
            "name": words,
            "count": counts.get(name),
            "current": name == chosen,
        }
        for name, words in names.items()
    ]
    return {"kind": "tabs", "heading": Phrase("web.tabs"), "rows": rows}


def part_of(request: HttpRequest, rows: Sequence[T], most: int = PAGE_ROWS) -> Page[T]:
    """The rows of the page that is asked for."""
    return Paginator(rows, most).get_page(request.GET.get("page"))


def paged(
    shown: Section, part: Page[T], tab: str, keep: str = "", *, dense: bool = True
) -> Section:
    """A section with the way to its other pages, within its tab; `dense`: a row is one line."""
    return {**shown, "dense": dense, "pages": part, "query": f"{keep}tab={tab}&"}


def once(values: Iterable[T]) -> list[T]:
    """Each value at its first place."""
    found: list[T] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
