"""What reports say in words: never more than the round's answers bear out."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from kancil.assessment.answer import Given, Kind, Outcome, Settled
from kancil.assessment.comparing import Side, compare
from kancil.assessment.export import OneProtocol
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.naming import threat_name
from kancil.assessment.planning.costs import CostLine
from kancil.assessment.planning.plan import Choice, ItemState, Wish, gaps
from kancil.assessment.protocol import AskedIf, Confidence, CriticalRule
from kancil.assessment.protocol_files.library import FOLDER, named_protocol
from kancil.assessment.protocol_files.reading import check_content
from kancil.assessment.voice import (
    ClosedAs,
    CommentKind,
    CommentSaid,
    ReplyOutcome,
    ReplySaid,
    SignOffSaid,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import speaking
from tests.assessment import small
from tests.reports.programme.sample_papers import law, one_protocol, papers
from tests.web.look import start_django

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.papers import RoundPapers


def page_of(kind: str, given: RoundPapers) -> str:
    start_django()
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    return make_report(given, ReportKind(kind), ReportFormat.HTML, "en").data.decode("utf-8")


def with_protocol(one: OneProtocol) -> RoundPapers:
    start_django()
    given = papers()
    return replace(given, whole=replace(given.whole, protocols=[one]))


def other_protocol(one: OneProtocol) -> OneProtocol:
    return replace(one, protocol=replace(one.protocol, id="other"))


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
    shown = part.count("the target is ")
    wanted = [each for each in one.gaps if each.wish.choice is not Choice.REJECTED]
    assert len(wanted) < len(one.gaps)
    said = "More gaps in the country report, of all protocols and without those that the country"
    assert f"{said} rejects: {len(wanted) - shown}." in part
    given = with_protocol(one)
    two = replace(given, whole=replace(given.whole, protocols=[one, other_protocol(one)]))
    part = page_of("brief", two).partition("The most pressing gaps</h2>")[2].partition("<h2")[0]
    assert f"rejects: {2 * len(wanted) - shown}." in part


def test_where_the_country_rejects_every_gap_the_brief_does_not_say_there_is_none() -> None:
    one = one_protocol()
    wishes = {each.indicator: Wish(Choice.REJECTED, "Not now") for each in one.gaps}
    rejected = replace(one, gaps=gaps(one.protocol, one.settled, {}, wishes=wishes))
    assert "Everything has reached its target" not in page_of("brief", with_protocol(rejected))


def strengths_in(page: str) -> str:
    return page.partition("Three strengths</h2>")[2].partition("</div>")[0]


def test_only_a_confirmed_answer_on_its_target_on_which_both_agree_is_a_strength() -> None:
    def one(*answers: Settled) -> OneProtocol:
        asked = small.protocol([small.indicator(f"L{n}", "a", 1) for n in range(3)], {"a": 1})
        settled = small.all_settled(*answers)
        return OneProtocol(asked, settled, AREA_PROFILE_1.profile(asked, settled))

    none = "No agreed answer that evidence confirms"
    low, alone = small.agreed("L0", 1), replace(small.agreed("L1", 4), outcome=Outcome.ALONE)
    assert none in strengths_in(page_of("brief", with_protocol(one(low, alone))))
    sure = small.agreed("L2", 3)
    part = strengths_in(page_of("brief", with_protocol(one(low, alone, sure))))
    assert "<li>L2: stage 3</li></ul>" in part
    assert "The team has not written strengths yet" in part
    assert "one gave it and somebody else agreed" in part, "agreed is not the same answer twice"


def test_what_the_team_wrote_stands_in_the_place_of_what_is_counted() -> None:
    start_django()
    from kancil.desk.assessment.queries.narratives import TextRow

    given = papers()
    bare = page_of("brief", given)
    for part in ("headline", "situation", "strengths", "finding"):
        assert f"has not written a {part}" in bare or f"has not written {part}" in bare or (
            f"has not written the {part}" in bare
        )  # fmt: skip
    said = {
        ("headline", "narrative"): "HEADLINE", ("situation", "narrative"): "SITUATION",
        ("audience", "narrative"): "the Minister of Tests", ("strengths", "narrative"): "ONE\nTWO",
        **{(f"area/{given.whole.protocols[0].protocol.name}/{area}", "finding"): f"FOUND {area}"
           for area in "ab"},
    }  # fmt: skip
    texts = {
        (section, kind, "en"): TextRow(
            "t", section, kind, "en", text, "Lea", given.whole.made_at, is_latest=True
        )
        for (section, kind), text in said.items()
    }
    page = page_of("brief", replace(given, texts=texts))
    assert "<h1>HEADLINE</h1>" in page
    assert "Brief for the Minister of Tests" in page
    assert "<li>ONE</li><li>TWO</li>" in page
    assert "FOUND a" in page
    assert "FOUND b" in page
    assert "has not written" not in page


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
    grave = threat_name(asked.indicators[names[0]].question.in_language("en"))
    assert f"Common and grave at the same time: {grave}." in page
    none = page_of("brief", with_protocol(OneProtocol(asked, {})))
    assert "No threat is judged common and grave" in none


def test_a_threat_is_drawn_alike_on_a_page_and_in_a_report_whatever_its_scales_are_called() -> None:
    start_django()
    from kancil.reports.programme.charts import Sureness, Trend
    from kancil.reports.programme.country.pictures import threat_marks, threats_picture

    text = (FOLDER / "threat-2026.1.yaml").read_text("utf-8")
    text = text.replace("  - id: impact\n", "  - id: harm\n", 1)
    text = text.replace("scale: impact}", "scale: harm}")
    asked, _ = check_content(text.encode("utf-8"), Path("threat-2026.1.yaml"))
    assert asked is not None
    name = next(iter(asked.indicators))
    now = small.agreed(name, 4, "a")
    assert now.answer is not None
    parts = {
        "prevalence": Given(Kind.VALUE, 2), "impact": Given(Kind.VALUE, 5),
        "trend": Given(Kind.VALUE, "rising"),
    }  # fmt: skip
    answer = replace(now.answer, given=None, parts=parts, confidence=Confidence.LOW)
    settled = {name: replace(now, answer=answer)}
    first, *others = threat_marks(asked, settled)
    assert (first.prevalence, first.impact) == (2, 5)
    assert (first.trend, first.sureness) == (Trend.UP, Sureness.LOW)
    assert not any(each.is_placed for each in others)
    assert threats_picture(OneProtocol(asked, settled)) is not None


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
    plan = [replace(each, donor="Donor", obstacles=()) for each in plan]
    page = page_of("brief", replace(given, whole=replace(given.whole, plan=plan)))
    assert (
        "Approved or done: EUR\u00a05.00, USD\u00a0200.00. Proposed: USD\u00a0100.50. "
        "Blocked: none. Of all this without a donor: none. Items: 3. Not costed yet: 1."
    ) in page
    held = [replace(plan[0], donor="", obstacles=(Phrase("why.plan-intrusive-held"),)), *plan[1:]]
    page = page_of("brief", replace(given, whole=replace(given.whole, plan=held)))
    assert (
        "Proposed: none. Blocked: USD\u00a0100.50. Of all this without a donor: USD\u00a0100.50."
        in page
    )
    assert "Together" not in page_of("report", given)


def test_a_critical_answer_at_the_lowest_stages_is_named_where_it_caps_nothing_too() -> None:
    rule = CriticalRule(1, 50, blocks_intrusive=False, until=None)
    low = replace(small.indicator("L0", "a", 1), critical=True)
    asked = small.protocol([low, small.indicator("L1", "a", 1)], {"a": 1}, critical=rule)
    settled = small.all_settled(small.agreed("L0", 1), small.agreed("L1", 1))
    profile = AREA_PROFILE_1.profile(asked, settled)
    assert not [each for each in profile.figures if each.capped_by]
    given = with_protocol(OneProtocol(asked, settled, profile))
    assert "No critical question has such a low answer" not in page_of("report", given)
    assert "is at the lowest stages" not in page_of("brief", given)


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
    shown = picture + table.partition("</table>")[0]
    assert "answered as in law" in shown
    assert "WRONG" not in shown


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
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    document = make_report(given, ReportKind.REPORT, ReportFormat.DOCX, "en").data
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        ET.fromstring(archive.read("word/document.xml"))  # our own bytes
    assert make_report(given, ReportKind.REPORT, ReportFormat.PDF, "en").data[:5] == b"%PDF-"


def test_a_blocking_gap_that_the_country_rejects_stays_in_the_brief_with_what_it_holds() -> None:
    one = one_protocol()
    assert one.profile is not None
    (blocking,) = one.profile.intrusive_blocked_by
    wishes = {blocking: Wish(Choice.REJECTED, "Not now")}
    one = replace(one, gaps=gaps(one.protocol, one.settled, {}, wishes=wishes))
    given = papers()
    (first, *_) = given.whole.plan
    held = replace(
        first,
        item=replace(first.item, state=ItemState.PROPOSED), title="HELD-item",
        obstacles=(Phrase("why.plan-intrusive-blocked", {"indicators": blocking}),),
    )  # fmt: skip
    given = replace(given, whole=replace(given.whole, protocols=[one], plan=[held]))
    page = page_of("brief", given)
    part = page.partition("The most pressing gaps</h2>")[2].partition("<h2")[0]
    assert f"{blocking}: stage 1" in part, "the gap as a statement"
    assert "The country does not want it closed; intrusive help stays blocked: HELD-item." in part


def test_the_brief_says_what_is_not_known_of_treaties_and_that_the_matrix_is_a_draft() -> None:
    one = law()
    assert one.matrix is not None
    (status,) = one.matrix.instruments
    for more, said in (
        ({"consent": "", "signed_on": status.as_of}, "signed, consent not known: "),
        ({"consent": "none", "signed_on": status.as_of}, "signed, not ratified: "),
        ({"consent": "none"}, "not signed, no consent: "),
        ({"consent": ""}, "neither a signature nor consent known: "),
        ({"in_force_on": status.as_of}, "a day of entry into force is recorded for "),
    ):
        matrix = replace(one.matrix, instruments=(replace(status, **more),))
        page = page_of("brief", with_protocol(replace(one, matrix=matrix)))
        assert said in page
        assert ("signed, not ratified" in page) is said.startswith("signed, not ratified")
    assert "no day of entry into force is recorded" in page_of("brief", with_protocol(one))
    assert "A lawyer signed the legal matrix as it is. Provisions with a cited law: 9 of " in (
        page_of("brief", with_protocol(one))
    )
    draft = page_of("brief", with_protocol(replace(one, signed=None)))
    assert "The legal matrix is a draft: no lawyer has signed it as it is." in draft


def test_the_lowest_areas_are_named_and_what_bands_are_called() -> None:
    names = "abc"
    asked = small.protocol(
        [small.indicator(f"{area}{place}", area, 1) for area in names for place in range(3)],
        {"a": 1, "b": 1, "c": 1},
    )
    settled = small.all_settled(
        *(small.agreed(f"{area}{place}", 4 - number, "a")
          for number, area in enumerate(names) for place in range(3))
    )  # fmt: skip
    one = OneProtocol(asked, settled, AREA_PROFILE_1.profile(asked, settled))
    page = page_of("brief", with_protocol(one))
    assert "Lowest areas: C (50.0 %), B (75.0 %)." in page or "Lowest areas: c (50.0 %)" in page
    assert "Words for them: " in page


def test_the_brief_does_not_call_late_what_it_cannot_know_and_names_the_body() -> None:
    given = papers()
    (first, *_) = given.whole.plan
    begun = replace(
        first, item=replace(first.item, state=ItemState.APPROVED), title="BEGUN",
        begins_on=given.today.replace(year=2025),
    )  # fmt: skip
    whole = replace(given.whole, plan=[begun], roads=())
    page = page_of("brief", replace(given, whole=whole))
    part = page.partition("Next steps</h2>")[2].partition("<h2")[0]
    assert "Was to begin: BEGUN" in part
    row = part.partition("Was to begin: BEGUN")[2].partition("</tr>")[0]
    assert "Late" not in row
    assert f"plan and board on {given.today.isoformat()}" in part
    body = next(each for each in whole.board if each.ended_on is None and each.matters)
    matter = next(each for each in body.matters if each.closed_on is None)
    alone = replace(whole, plan=[], board=[replace(body, name="BODY", matters=(
        replace(matter, title="MATTER"),))])  # fmt: skip
    assert "BODY: MATTER" in page_of("brief", replace(given, whole=alone))
    assert "Made on 2026-07-01" in page


def test_the_report_says_who_decided_what_holds_and_what_begins_too_early() -> None:
    given = papers()
    (first, *_) = given.whole.plan
    one = replace(
        first, item=replace(first.item, id="one", state=ItemState.REJECTED), title="ONE",
        decided_by="Fay", decided_for_country=True, decided_at=given.whole.made_at,
    )  # fmt: skip
    reason = "It is for judges"
    two = replace(
        first, item=replace(first.item, id="two", state=ItemState.APPROVED,
                            not_forces_reason=reason),
        title="TWO", too_early_for=("one",), decided_at=None,
    )  # fmt: skip
    page = page_of("report", replace(given, whole=replace(given.whole, plan=[one, two])))
    assert "Rejected on 2026-07-01 by Fay, for the country" in page
    assert "TWO begins before the item it depends on has ended: ONE." in page
    assert "By whom and when is not recorded" in page
    assert reason in page
    free = replace(given, whole=replace(given.whole, plan=[]))
    assert "no item of the plan serves them: L1" in page_of("report", free)
    assert "No item of the plan serves it." in page_of("brief", free)


def test_a_critical_question_that_lowers_no_figure_is_said_to_hold_help_back() -> None:
    rule = CriticalRule(1, 50, blocks_intrusive=True, until=None)
    low = replace(small.indicator("L0", "a", 1), critical=True)
    asked = small.protocol([low, small.indicator("L1", "a", 1)], {"a": 1}, critical=rule)
    settled = small.all_settled(small.agreed("L0", 1), small.agreed("L1", 1))
    one = OneProtocol(asked, settled, AREA_PROFILE_1.profile(asked, settled))
    page = page_of("report", with_protocol(one))
    assert "none now: their figures are not above 50 anyway" in page
    assert "holds intrusive help back" in page


def test_what_moved_in_a_question_of_parts_is_shown_by_its_parts() -> None:
    asked = named_protocol("threat")
    name = next(iter(asked.indicators))

    def side(stage: int) -> Side:
        now = small.agreed(name, 4, "a")
        assert now.answer is not None
        parts = {"prevalence": Given(Kind.VALUE, stage), "impact": Given(Kind.VALUE, 3)}
        return Side(
            asked, {name: replace(now, answer=replace(now.answer, given=None, parts=parts))}
        )

    newer = side(4)
    compared = compare(side(2), newer, AREA_PROFILE_1)
    one = OneProtocol(asked, newer.settled, comparison=compared)
    page = page_of("report", with_protocol(one))
    part = page.partition("Compared with the older round</h2>")[2]
    assert "Answered in parts" not in part
    words = {each.value: each.label.in_language("en") for each in asked.scales["prevalence"].values}
    assert words[2] in part
    assert words[4] in part


def test_an_item_is_printed_with_its_chain_of_results_and_its_cost_line_by_line() -> None:
    given = papers()
    lines = (CostLine("Trainers", "day", 120_050, Decimal(10)),)
    chain = {"output": "40 trained", "outcome": "They examine", "impact": "Fewer errors"}
    first = replace(given.whole.plan[0], lines=lines, cost_minor=1_200_500, **chain)  # type: ignore[arg-type]  # texts
    page = page_of("report", replace(given, whole=replace(given.whole, plan=[first])))
    assert page.count("40 trained") == 2  # in the table of the plan, and with the item
    assert "They examine" in page
    assert "Fewer errors" in page
    assert "Trainers: 10 × USD\u00a01,200.50 / day = USD\u00a012,005.00" in page


def test_what_the_country_says_stands_beside_the_team_and_a_silent_term_is_no_agreement() -> None:
    given = papers()
    one = given.whole.protocols[0]
    name, indicator = one.protocol.name, next(iter(one.protocol.indicators))
    reply = ReplySaid(ReplyOutcome.NOT_ACCEPTED, "We saw none.", "", given.whole.made_at)

    def said(id: str, text: str, *, of_country: bool = True, section: str = "") -> CommentSaid:
        of = ("", "") if section else (name, indicator)
        return CommentSaid(
            id, *of, section, CommentKind.CORRECTION, text, "Fay", "Ministry of Tests", of_country,
            given.whole.made_at, False, (), (reply,) if id == "1" else (),
        )  # fmt: skip

    area = one.protocol.indicators[indicator].area
    comments = [
        said("1", "WE HAVE ONE"), said("2", "REVIEWER", of_country=False),
        said("3", "OF THE TEXT", section=f"area/{name}/{area}"),
    ]  # fmt: skip
    whole = replace(given.whole, comments=comments, closed_as=ClosedAs.NOT_COMMENTED)
    for kind in ("report", "brief"):
        page = page_of(kind, replace(given, whole=whole))
        assert "“WE HAVE ONE” (Ministry of Tests, 2026-07-01.) The team did not accept it." in page
        assert "“OF THE TEXT”" in page
        assert "The team has not replied yet." in page
        assert "REVIEWER" not in page
        assert "did not comment within the term; that is not agreement" in page
    assert "The team: “We saw none.”" in page_of("report", replace(given, whole=whole))
    signed = SignOffSaid(
        "A. Minister", "Cabinet", given.today, given.whole.made_at, "0" * 64, "", counts=True
    )
    page = page_of("brief", replace(given, whole=replace(given.whole, sign_off=signed)))
    assert "A. Minister, Cabinet, signed it off for the country on 2026-07-01." in page
    stale = replace(given.whole, sign_off=replace(signed, counts=False))
    assert "Not signed off as it stands here" in page_of("brief", replace(given, whole=stale))


def test_a_paper_prints_the_texts_of_its_language_and_marks_the_others() -> None:
    start_django()
    from kancil.desk.assessment.queries.narratives import TextRow
    from kancil.reports.programme.brief.content import brief

    given = papers()

    def row(section: str, language: str, text: str) -> TextRow:
        made = given.whole.made_at
        return TextRow("t", section, "narrative", language, text, "Lea", made, is_latest=True)

    rows = [
        row("headline", "en", "ENGLISH HEADLINE"), row("headline", "es", "TITULAR"),
        row("situation", "en", "ENGLISH SITUATION"), row("strengths", "", "OLD STRENGTHS"),
    ]  # fmt: skip
    given = replace(
        given, texts={(each.section, each.kind, each.language): each for each in rows},
        plan_languages={each.item.id: "en" for each in given.whole.plan},
    )  # fmt: skip
    english = page_of("brief", given)
    assert "ENGLISH HEADLINE" in english
    assert "TITULAR" not in english
    assert "Texts in another language" not in english
    given = replace(given, plan_languages={each.item.id: "es" for each in given.whole.plan})
    with speaking("es"):
        named = {each.section: each.language for each in given.in_other_languages()}
        assert named == {"situation": "en", "strengths": ""}
        spanish = str(brief(given))
    assert "TITULAR" in spanish
    assert "ENGLISH HEADLINE" not in spanish
    assert "text='ENGLISH SITUATION', level='opening', language='en'" in spanish
    assert "text='OLD STRENGTHS', manner='plain', language='und'" in spanish


def test_an_item_of_the_plan_is_printed_in_the_papers_language_or_marked() -> None:
    start_django()
    from kancil.desk.assessment.queries.narratives import TextRow
    from kancil.reports.programme.country.texts import mixed_names

    given = papers()
    first, second, third = [replace(each, title=f"Item {place}", owner="Ministry", success="Seen")
                            for place, each in enumerate(given.whole.plan[:3])]  # fmt: skip
    written = {
        (f"plan/{first.item.id}", kind, "es"): TextRow(
            "t",
            f"plan/{first.item.id}",
            kind,
            "es",
            text,
            "Lea",
            given.whole.made_at,
            is_latest=True,
        )
        for kind, text in (("title", "Primera"), ("owner", "Ministerio"))
    }
    found = replace(
        given, texts=written, whole=replace(given.whole, plan=[first, second, third]),
        plan_languages={first.item.id: "en", second.item.id: "en", third.item.id: "es"},
    )  # fmt: skip
    with speaking("es"):
        plan = found.in_spoken_language().whole.plan
        mixed = mixed_names(found.in_other_languages(), [])
        printed = mixed_names(found.in_spoken_language().in_other_languages(), [])
    assert printed == mixed
    assert mixed.count("Item 1 (English)") == 1
    assert [(each.title, each.owner) for each in plan] == [
        ("Primera", "Ministerio"), ("Item 1 (English)", "Ministry"), ("Item 2", "Ministry"),
    ]  # fmt: skip
    assert plan[0].success == "Seen (English)"
    assert "Item 1" in mixed
    assert "Item 0" not in mixed
    with speaking("en"):
        english = found.in_spoken_language().whole.plan
    assert [each.title for each in english[:2]] == ["Item 0", "Item 1"]
