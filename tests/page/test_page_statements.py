"""What the page quotes of the unit: only from a right custody, as text, and as Kancil reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from kancil.ground.words import render
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.page.build import FOLDER
from kancil.reports.casework.bundle.statement_words import by
from tests.page.browser import Desk, open_desk
from tests.page.bundle_maker import Key, Plan, make_bundle
from tests.page.stated_ledger import (
    LAO,
    LONG,
    MARKUP,
    TEXT,
    TURNED,
    WITHDRAWN,
    tell,
    tell_by_server,
    tell_hostile,
    with_server_key,
)
from tests.page.test_page_kancils_bundles import whole

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

LEAD = (
    "These are statements by the unit, signed and unchanged. "
    "Whether they are true is for people to judge."
)


def stated(desk: Desk) -> str | None:
    """The text of the section, None where it is not shown."""
    section = desk.page.locator("#stated")
    return section.inner_text() if section.is_visible() else None


def must_state(desk: Desk) -> str:
    text = stated(desk)
    assert text is not None
    return text


def texts_in(value: Any) -> Iterator[str]:
    """Every text that Kancil's own checker read, but for ids and terms of the format."""
    if isinstance(value, dict):
        skip = {"id", "officer", "at", "kind", "finding_class", "status", "to_kind"}
        for name in value.keys() - skip:
            yield from texts_in(value[name])
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value


def test_the_section_says_case_bases_exhibits_findings_and_purpose(desk: Desk) -> None:
    desk.check(make_bundle(Plan(twist_ledger=tell)))
    text = must_state(desk)
    wanted = (
        "What the unit states", LEAD, "Sample: payment under threat", "Dara (sample) (officer 1)",
        "? not checked", "a warrant", "17/2026", "Provincial Court", "2027-02-28", "d" * 64,
        "Exhibit 3", "a" * 32, "deposited with Registry of the court", "court archive",
        "what the chain shows", "what follows under a policy", "what a source alleges",
        "Study S12 (exposure, version 1) was run and its result was recorded", "S12",
        TEXT, LAO, "Finding 2, accepted and later withdrawn", WITHDRAWN, "Purpose",
        "2026-11-24 08:00:03 UTC, by the unit’s clock (entry 3)",
    )  # fmt: skip
    assert [each for each in wanted if each not in text] == []
    assert "counts no more" not in text
    assert "of no finding" not in text
    assert desk.page.locator("#stated blockquote").nth(2).get_attribute("lang") == "lo"


ENDED = "2026-01-31"


@pytest.mark.parametrize(
    "plan",
    [
        Plan(),
        Plan(twist_ledger=tell),
        Plan(twist_making=lambda body: body.update(basis_ended_on=ENDED)),
    ],
    ids=["little", "much", "after the legal basis ended"],
)
def test_the_page_states_all_that_kancil_reads(desk: Desk, plan: Plan) -> None:
    bundle = make_bundle(plan)
    read = verify_bytes(bundle).statements
    assert read is not None
    desk.check(bundle)
    text = must_state(desk)
    wanted = list(texts_in(read.as_dict()))
    assert len(wanted) > 10
    assert (ENDED in text) == (ENDED in wanted) == (b'"basis_ended_on":"' in bundle)
    assert [each for each in wanted if each not in text] == []


def test_an_entry_that_a_server_signed_names_the_person_and_says_so(desk: Desk) -> None:
    bundle = make_bundle(Plan(twist_ledger=tell_by_server, twist_custody=with_server_key))
    answer = desk.check(bundle)
    assert answer.verdict == "unchanged"
    text = must_state(desk)
    read = verify_bytes(bundle).statements
    assert read is not None
    stored = read.exhibits[0].said
    assert stored is not None
    shown = [str(by(said)) for said in (*(each.said for each in read.bases), stored)]
    assert [each for each in shown if each not in text] == []
    assert "feigned" not in text


def test_a_bundle_that_kancil_writes_is_quoted(desk: Desk) -> None:
    desk.check(whole())
    text = must_state(desk)
    for each in ("an order", "12/2026", "Block files", "files: 1, bytes: 0", "to show"):
        assert each in text


def test_nothing_is_quoted_where_custody_is_not_right(desk: Desk) -> None:
    def forged(statement: dict[str, Any]) -> None:
        if statement["n"] == 4:
            statement["prev"] = "1" * 64

    answer = desk.check(make_bundle(Plan(twist_statement=forged)))
    assert answer.states["custody"] == "bad"
    assert stated(desk) is None
    desk.check(make_bundle())
    assert stated(desk) is not None
    desk.check(make_bundle()[:-1])
    assert stated(desk) is None
    assert desk.page.locator("#stated-parts").inner_text() == ""


def test_nothing_is_quoted_under_a_key_that_is_not_the_one_received(desk: Desk) -> None:
    desk.check(make_bundle(), key=Key("someone else").fingerprint)
    assert stated(desk) is None
    desk.check(make_bundle(), key=Key("officer").fingerprint)
    assert stated(desk) is not None


def test_sealed_entries_are_counted_and_an_exhibit_may_have_moved(desk: Desk) -> None:
    desk.check(make_bundle(Plan(sealed=frozenset({6}))))
    text = must_state(desk)
    assert "1 entry is sealed: what it states is not shown here." in text
    assert "1: this exhibit may have been moved since." in text


def test_what_is_kept_back_stands_with_its_reason(desk: Desk) -> None:
    bundle = make_bundle(Plan(sealed=frozenset({6})))
    assert desk.check(bundle).verdict == "unchanged"
    text = must_state(desk)
    assert "entry 6: reason 6" in text
    read = verify_bytes(bundle).statements
    assert read is not None
    assert read.bundle is not None
    (one,) = read.bundle.withheld
    assert one.sha256 in text


@pytest.mark.parametrize("numbers", [(4,), (4, 6), ()])
def test_what_is_kept_back_is_what_is_sealed(desk: Desk, numbers: tuple[int, ...]) -> None:
    bundle = make_bundle(Plan(sealed=frozenset({6}), declared=frozenset(numbers)))
    assert desk.check(bundle).verdict == verify_bytes(bundle).answer == "not-intact"


def test_an_exhibit_that_went_to_another_is_where_the_last_entry_says(desk: Desk) -> None:
    desk.check(make_bundle())
    text = must_state(desk)
    assert "held by Dara (sample) (officer 1)" in text
    assert re.search(r"Place stated last\s+safe", text)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_hostile_words_are_text_and_break_nothing(browser: Browser, width: int) -> None:
    desk = open_desk(browser, viewport={"width": width, "height": 800})
    answer = desk.check(make_bundle(Plan(twist_ledger=tell_hostile)))
    assert answer.verdict == "unchanged"
    text = must_state(desk)
    assert MARKUP in text
    assert TURNED not in text
    assert "abc⟨202E⟩dcba" in text
    assert "polluted" not in text
    assert LONG not in text
    assert "Cut here: the whole text has 40000 characters" in text
    assert desk.page.locator("#stated img, #stated b").count() == 0
    assert desk.page.locator("#stated [lang]").count() == 0
    assert desk.page.title() != "run"
    assert not desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert desk.page.evaluate("document.getElementById('stated').scrollHeight") < 60_000
    assert desk.faults == []


def test_an_answer_without_statements_prints_on_one_page(browser: Browser) -> None:
    desk = open_desk(browser)
    desk.check(make_bundle()[:-1])
    printed = desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_the_terms_of_the_format_have_the_same_words_as_in_kancil() -> None:
    table = (FOLDER / "words" / "en.json").read_text(encoding="utf-8")
    terms = re.findall(r'"(stated-(?:class|kind|receiver|where)-[a-z-]+)": "([^"]+)"', table)
    assert len(terms) == 18
    study = {"number": "{number}", "study": "{study}", "version": "{version}"}
    assert f'"stated-study": "{render("note.stated-study", **study)}"' in table
    for key, sentence in terms:
        params = {name: f"{{{name}}}" for name in re.findall(r"\{([a-z]+)\}", sentence)}
        assert render(f"note.{key}", **params) == sentence
