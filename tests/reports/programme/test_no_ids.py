"""Ids of a protocol stand in no document: people know articles, threats and questions."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from kancil.assessment.answer import Given, Kind, Settled
from kancil.assessment.comparing import Side, compare
from kancil.assessment.export import OneProtocol
from kancil.assessment.law.matrix import make_matrix
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.planning.plan import ItemState, Threat, gaps, obstacles
from kancil.assessment.protocol import Protocol, Shape
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.sensitivity import bounds
from tests.assessment import small
from tests.reports import poppler
from tests.reports.programme.sample_papers import papers
from tests.web.look import start_django

NAMES = ("capability", "legal", "response", "threat")


def _answers(asked: Protocol) -> dict[str, Settled]:
    """Every third question disputed, the others low, so that all there is to say is said."""
    found = []
    for place, each in enumerate(asked.indicators.values()):
        if each.scale is None:
            now = small.agreed(each.id, 4)
            assert now.answer is not None
            parts = {
                part.id: Given(Kind.VALUE, asked.scales[part.scale].values[-1].value)
                for part in each.parts
            }
            found.append(replace(now, answer=replace(now.answer, given=None, parts=parts)))
        elif place % 3:
            found.append(small.agreed(each.id, place % 2))
        else:
            found.append(small.disputed(each.id, 0, 2))
    return small.all_settled(*found)


def _one(name: str) -> OneProtocol:
    asked = named_protocol(name)
    settled = _answers(asked)
    if asked.scoring is None:
        return OneProtocol(asked, settled)
    older = Side(asked, small.all_settled(*(small.agreed(each, 2) for each in asked.indicators)))
    grave = Threat("ransomware", tuple(asked.concepts), 5, 5)
    is_law = asked.shape is Shape.PROVISIONS
    return OneProtocol(
        asked,
        settled,
        AREA_PROFILE_1.profile(asked, settled),
        bounds(asked, settled, AREA_PROFILE_1, ("area", next(iter(asked.areas)))),
        gaps(asked, settled, {}, threats=[grave]),
        compare(older, Side(asked, settled), AREA_PROFILE_1),
        make_matrix(asked, settled, "XAA", {}) if is_law else None,
    )


@cache
def said(kind: str, format: str) -> tuple[str, bytes]:
    """A document as its words, and as its bytes."""
    start_django()
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    given = papers()
    all_of_them = [_one(name) for name in NAMES]
    first = all_of_them[0]
    (planned, *_) = given.whole.plan
    item = replace(
        planned.item, indicators=tuple(first.protocol.indicators)[:3], state=ItemState.PROPOSED,
        assistance=next(each.id for each in first.protocol.assistance.values() if each.intrusive),
    )  # fmt: skip
    held = obstacles(item, [item], first.profile, first.protocol, "2026-07-01")
    assert any("indicators" in each.params for each in held)
    plan = [replace(planned, item=item, obstacles=tuple(held))]
    whole = replace(given.whole, protocols=all_of_them, plan=plan)
    made = make_report(
        replace(given, whole=whole), ReportKind(kind), ReportFormat(format), "en"
    ).data
    return unescape(re.sub(r"<[^>]*>", " ", made.decode("utf-8", "replace"))), made


def ids() -> list[str]:
    """The ids that could be taken for no word of any language."""
    found = {id for name in NAMES for id in (
        *named_protocol(name).indicators, *named_protocol(name).instruments)}  # fmt: skip
    return sorted(each for each in found if re.search(r"[._\d]", each))


def _found(text: str) -> list[str]:
    pattern = r"(?<![\w.])(?:" + "|".join(map(re.escape, ids())) + r")(?![\w.]*\w)"
    return re.findall(pattern, text)


@pytest.mark.parametrize("kind", ["report", "brief"])
def test_no_id_of_a_question_stands_in_a_page(kind: str) -> None:
    assert len(ids()) > 400
    assert _found("see LF01, budapest.2 and data_theft_and_credential_trade") == [
        "LF01", "budapest.2", "data_theft_and_credential_trade",
    ]  # fmt: skip
    assert _found(said(kind, "html")[0]) == []


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["report", "brief"])
def test_nor_in_print(kind: str, tmp_path: Path) -> None:
    poppler.need("pdftotext")
    path = tmp_path / "report.pdf"
    path.write_bytes(said(kind, "pdf")[1])
    assert _found(poppler.text_of(path)) == []
