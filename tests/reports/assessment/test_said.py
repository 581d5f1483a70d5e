"""What reports say in words: never more than the round's answers bear out."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from kancil.assessment.answer import Given, Kind
from kancil.assessment.export import OneProtocol
from kancil.assessment.library import named_protocol
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.plan import Choice, ItemState, Wish, gaps
from kancil.assessment.protocol import AskedIf, CriticalRule
from tests.assessment import small
from tests.reports.assessment.sample_papers import law, one_protocol, papers
from tests.web.look import start_django

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.papers import RoundPapers


def page_of(kind: str, given: RoundPapers) -> str:
    start_django()
    from kancil.reports.assessment.make import ReportFormat, ReportKind, make_report

    return make_report(given, ReportKind(kind), ReportFormat.HTML, "en").data.decode("utf-8")


def with_protocol(one: OneProtocol) -> RoundPapers:
    start_django()
    given = papers()
    return replace(given, whole=replace(given.whole, protocols=[one]))


def test_a_round_is_called_the_first_only_where_there_is_no_older_one() -> None:
    first, since = "This is the first round", "answers moved up"
    given = papers()
    assert since in page_of("brief", given)
    assert first in page_of("brief", replace(given, row=replace(given.row, older=None)))
    apart = with_protocol(replace(one_protocol(), comparison=None))
    assert "No protocol of the two rounds can be compared" in page_of("brief", apart)
    unseen = page_of("brief", replace(apart, older_title=""))
    assert not [each for each in (first, since, "the two rounds") if each in unseen]


def test_gaps_that_the_brief_has_no_room_for_are_counted_those_not_known_too() -> None:
    one = one_protocol()
    known = [each for each in one.gaps if each.current is not None]
    assert 0 < len(known) < len(one.gaps)
    page = page_of("brief", with_protocol(one))
    part = page.partition("The most pressing gaps</h2>")[2].partition("<h2")[0]
    shown = part.count("wanted is ")
    assert f"More in the country report: {len(one.gaps) - shown}." in part


def test_where_the_country_rejects_every_gap_the_brief_does_not_say_there_is_none() -> None:
    one = one_protocol()
    wishes = {each.indicator: Wish(Choice.REJECTED, "Not now") for each in one.gaps}
    rejected = replace(one, gaps=gaps(one.protocol, one.settled, {}, wishes=wishes))
    assert "Nothing is short of its target" not in page_of("brief", with_protocol(rejected))


def test_an_area_in_the_lowest_band_is_no_strength() -> None:
    one = one_protocol()
    assert one.protocol.scoring is not None
    assert one.profile is not None
    title, none = "Three strengths", "No area has a figure above the lowest."
    assert none not in page_of("brief", with_protocol(one))
    lowest = min(one.protocol.scoring.bands, key=lambda each: each.min)
    low = [
        replace(each, band=lowest.id, percent=Fraction(1)) if each.of == "area" else each
        for each in one.profile.figures
    ]
    page = page_of(
        "brief", with_protocol(replace(one, profile=replace(one.profile, figures=tuple(low))))
    )
    assert none in page.partition(title)[2]


def test_a_dispute_on_a_question_that_is_asked_no_more_is_not_told() -> None:
    inner = replace(small.indicator("L1", "a", 1), asked_if=AskedIf("L0", (4,)))
    asked = small.protocol([small.indicator("L0", "a", 1), inner], {"a": 1})
    settled = small.all_settled(small.agreed("L0", 1), small.disputed("L1", 1, 4))
    one = OneProtocol(asked, settled, AREA_PROFILE_1.profile(asked, settled))
    assert [each.id for each in one.asked] == ["L0"]
    assert "Disputed questions" not in page_of("report", with_protocol(one))
    again = replace(one, settled={**settled, "L0": small.agreed("L0", 4)})
    assert "Disputed questions: 1." in page_of("report", with_protocol(again))


def test_a_threat_is_grave_in_the_brief_where_it_is_at_least_common_and_grave() -> None:
    asked = named_protocol("threat")
    names = [*asked.indicators][:3]
    settled = {}
    for name, stages in zip(names, ((4, 4), (5, 3), (None, 5)), strict=True):
        now = small.agreed(name, 4, "a")
        assert now.answer is not None
        given = {
            part: Given(Kind.VALUE if stage else Kind.NOT_KNOWN, stage)
            for part, stage in zip(("prevalence", "impact"), stages, strict=True)
        }
        settled[name] = replace(now, answer=replace(now.answer, given=None, parts=given))
    page = page_of("brief", with_protocol(OneProtocol(asked, settled)))
    assert f"Common and grave at the same time: {names[0].replace('_', ' ')}." in page
    none = page_of("brief", with_protocol(OneProtocol(asked, {})))
    assert "No threat is judged common and grave" in none


def test_costs_in_the_brief_are_of_one_currency_each_and_without_what_was_rejected() -> None:
    given = papers()
    (first, *_) = given.whole.plan
    plan = [
        replace(first, item=replace(first.item, state=state), currency=currency, cost_minor=cost)
        for state, currency, cost in (
            (ItemState.PROPOSED, "USD", 10_050), (ItemState.APPROVED, "USD", 20_000),
            (ItemState.APPROVED, "EUR", 500), (ItemState.PROPOSED, "", None),
            (ItemState.REJECTED, "USD", 99_900),
        )
    ]  # fmt: skip
    page = page_of("brief", replace(given, whole=replace(given.whole, plan=plan)))
    assert "Together: EUR 5, USD 300.50. Items: 3. Not costed yet: 1." in page


def test_a_critical_answer_at_the_lowest_stages_is_named_where_it_caps_nothing_too() -> None:
    rule = CriticalRule(1, 50, blocks_intrusive=False, until=None)
    low = replace(small.indicator("L0", "a", 1), critical=True)
    asked = small.protocol([low, small.indicator("L1", "a", 1)], {"a": 1}, critical=rule)
    settled = small.all_settled(small.agreed("L0", 1), small.agreed("L1", 1))
    profile = AREA_PROFILE_1.profile(asked, settled)
    assert not [each for each in profile.figures if each.capped_by]
    given = with_protocol(OneProtocol(asked, settled, profile))
    assert "No critical question is answered so low" not in page_of("report", given)
    assert "stands at the lowest stages" not in page_of("brief", given)


def test_the_law_at_a_glance_is_on_the_scale_that_provisions_are_answered_on() -> None:
    one = law()
    scales = {"other": replace(one.protocol.scales["coverage"], id="other"), **one.protocol.scales}
    wrong = tuple(replace(each, label=small.text("WRONG")) for each in scales["other"].values)
    scales["other"] = replace(scales["other"], values=wrong)
    page = page_of(
        "report", with_protocol(replace(one, protocol=replace(one.protocol, scales=scales)))
    )
    _, _, glance = page.partition("At a glance</h3>")
    picture, _, table = glance.partition("</svg>")
    assert "Partly covered" in picture
    assert "Partly covered" in table.partition("</table>")[0]
    assert "WRONG" not in picture + table.partition("</table>")[0]


def test_the_brief_does_not_say_that_a_treaty_binds_which_may_not_be_in_force() -> None:
    one = law()
    assert one.matrix is not None
    (status,) = one.matrix.instruments
    assert (status.consent, status.in_force_on) == ("acceded", None)
    page = page_of("brief", with_protocol(one))
    title = one.protocol.instruments["budapest"].short.in_language("en")
    assert f"consent to be bound given to {escape(title)};" in page
    assert "bound by" not in page


@pytest.mark.parametrize(
    ("typed", "tag"), [("Khmer", ""), ("km-KH", "km-kh"), ("pt-BR", "pt-br"), ('"/><w:x', "")]
)
def test_whatever_was_typed_as_the_language_of_a_law_the_report_comes_out(
    typed: str, tag: str
) -> None:
    one = law()
    assert one.matrix is not None
    extracts = {"x1": replace(one.matrix.extracts["x1"], language=typed, text="WORDS OF A LAW")}
    given = with_protocol(replace(one, matrix=replace(one.matrix, extracts=extracts)))
    marked = f'<span lang="{tag}">WORDS OF A LAW' if tag else "WORDS OF A LAW"
    assert marked in page_of("report", given)
    from kancil.reports.assessment.make import ReportFormat, ReportKind, make_report

    document = make_report(given, ReportKind.REPORT, ReportFormat.DOCX, "en").data
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        ET.fromstring(archive.read("word/document.xml"))  # our own bytes
    assert make_report(given, ReportKind.REPORT, ReportFormat.PDF, "en").data[:5] == b"%PDF-"
