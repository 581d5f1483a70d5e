"""One list of bundles, two checkers: `kancil verify` and verify.html both give the right answer."""

from __future__ import annotations

from functools import cache

import pytest
from playwright.sync_api import Browser

from kancil.custody.checkpoint import read_checkpoint
from kancil.custody.consistency import read_consistency
from kancil.reports.casework.bundle.checker.verdict import ANSWERS, NOT_INTACT, BundleVerdict
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from tests.page.browser import Desk, open_desk

from . import anyone, honest, insiders, studies, views
from .attack import INSIDERS, NOBODY, Attack
from .forge import Forgery, replace_in


@cache
def attacks() -> tuple[Attack, ...]:
    return (
        *anyone.attacks(),
        *insiders.attacks(),
        *honest.attacks(),
        *studies.attacks(),
        *views.attacks(),
    )


def verified(one: Attack) -> BundleVerdict:
    note = read_checkpoint(one.checkpoint) if one.checkpoint else None
    proof = read_consistency(one.consistency) if one.consistency else None
    return verify_bytes(one.data, against=note, key=one.key or None, consistency=proof)


def test_the_list_is_long_enough_and_names_each_bundle_once() -> None:
    attacked = [one for one in attacks() if one.by != NOBODY]
    assert len(attacked) >= 80
    assert sum(one.by in INSIDERS for one in attacked) >= 20
    names = [one.name for one in attacks()]
    assert len(set(names)) == len(names)
    assert {one.answer for one in attacks()} <= set(ANSWERS)
    files = [(one.data, one.key, one.checkpoint, one.consistency) for one in attacks()]
    assert len(set(files)) == len(files)


@pytest.mark.thorough
def test_kancil_verify_gives_the_right_answer_on_each() -> None:
    wrong = []
    for one in attacks():
        verdict = verified(one)
        if verdict.answer != one.answer:
            codes = [(problem.code, dict(problem.params)) for problem in verdict.problems]
            wrong.append(f"{one.name}: {verdict.answer}, not {one.answer} {codes[:3]}")
        elif (verdict.answer == NOT_INTACT) != bool(verdict.problems):
            wrong.append(f"{one.name}: without a reason")
        elif ("zipped-again" in {each.code for each in verdict.problems}) != one.is_zipped_again:
            wrong.append(f"{one.name}: zipped again or not")
    assert wrong == []


@pytest.mark.thorough
@pytest.mark.browser
def test_the_page_gives_the_same_answer_on_each(browser: Browser) -> None:
    desk = open_desk(browser)
    wrong = [f"{one.name}: {said}" for one in attacks() if (said := _page_says(desk, one))]
    assert wrong == []
    assert desk.faults == []


@pytest.mark.browser
def test_a_false_report_signed_by_both_is_seen_by_kancil_verify_and_left_open_by_the_page(
    browser: Browser,
) -> None:
    # The page does not make report, pictures and Parquet again, and says that it did not.
    bend = replace_in("analysis/report.html", b"50 BTC", b"51 BTC")
    data = Forgery(bend_analysis=bend).make()
    assert {problem.code for problem in verify_bytes(data).problems} == {"report-differs"}
    answer = open_desk(browser).check(data)
    assert answer.verdict == "unchanged"
    assert "this page did not make them again" in answer.texts["table"]


def _page_says(desk: Desk, one: Attack) -> str:
    """What the page says that is not right; empty where all is."""
    answer = desk.check(
        one.data,
        key=one.key,
        checkpoint=one.checkpoint.decode(),
        consistency=one.consistency.decode(),
    )
    if answer.verdict != one.answer:
        return f"{answer.verdict}, not {one.answer}: {answer.texts}"[:600]
    if ("zipped again" in answer.texts["bytes"]) != one.is_zipped_again:
        return f"zipped again or not: {answer.texts['bytes']}"
    if "not made for" in str(answer.texts):
        return f"did not end: {answer.texts}"
    return ""
