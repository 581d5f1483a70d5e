"""Search in my own cases: by number or title, and exhibits by a digest of their bytes."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Schema

from kancil.desk.cases import queries
from kancil.desk.cases import search as find
from kancil.desk.people.queries import case_ids_of
from kancil.ground.folding import folded
from kancil.web.page import EVERYONE

from .cases import CaseAnswer, case_shown
from .exhibits import ExhibitAnswer, exhibit_shown
from .fields import Words
from .operation import Asker, operation

_MOST = 50


class FoundExhibit(ExhibitAnswer):
    """An exhibit and the case it is of."""

    case: str


class FoundAnswer(Schema):
    """What was found; at most 50 of each kind, which `is_cut` says."""

    cases: list[CaseAnswer]
    exhibits: list[FoundExhibit]
    is_cut: bool


@operation("GET", "/search", may=EVERYONE, gives=FoundAnswer, sample={"query": {"q": "C1"}})
def search(asker: Asker, q: Annotated[Words, Query()]) -> Any:
    """Find cases by number or title, and exhibits by a SHA-256, SHA-1 or MD5, or how it begins."""
    ids = case_ids_of(asker.person)
    asked = q.strip()
    numbered = queries.find_case(asked)
    cases = [numbered] if numbered is not None and numbered.id in ids else []
    titled = find.cases_titled(asked, ids, _MOST) if folded(asked) else []
    cases += [case for case in titled if case not in cases]
    held = find.exhibits_with(asked, ids, _MOST)
    return {
        "cases": [case_shown(case) for case in cases[:_MOST]],
        "exhibits": [{**exhibit_shown(each), "case": each.case_id} for each in held[:_MOST]],
        "is_cut": max(len(cases), len(held)) > _MOST,
    }
