"""Gaps, the costed plan and human rights due diligence, as people use them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from tests.web.programme.asking import confirmed, plain, sent, shown
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

TYPED: dict[str, Any] = {
    "do": "item", "plan_title": "Course on safeguards <script>",
    "plan_assistance": "training_basic", "plan_owner": "Judicial academy", "plan_months": "4",
    "plan_cost": "1200.50", "plan_currency": "eur", "plan_cost_basis": "Two quotations",
    "plan_success": "A test is passed", "plan_begins": "2027-01-01",
}  # fmt: skip
WEIGHED = {
    "do": "diligence", "hrdd_risk": "Arrests without a warrant",
    "hrdd_mitigation": "A judge teaches",
    "hrdd_decision": "proceed", "hrdd_decided_by": "Head of programme", "hrdd_review": "2099-01-01",
}  # fmt: skip


def plan(site: ProgrammeSite, *further: str) -> str:
    return "/".join([f"/rounds/{site.second}/plan", *further, ""])


def gap(site: ProgrammeSite, indicator: str) -> str:
    return plan(site, "gaps", CAPABILITY, indicator)


def first_gap(site: ProgrammeSite) -> str:
    from kancil.desk.assessment.queries.plans import shortfall_of

    return shortfall_of(site.sight("lea"), CAPABILITY).gaps[0].indicator


def item_id(site: ProgrammeSite, title: str) -> str:
    from kancil.desk.assessment.models import PlanItem

    return PlanItem.objects.get(round_id=site.second, title=title).id


def added(site: ProgrammeSite, **changed: Any) -> str:
    """Have the lead add an item; gives its address."""
    given = {**TYPED, "plan_indicators": [first_gap(site)], **changed}
    sent(site, "lea", plan(site, "new"), given)
    return plan(site, item_id(site, given["plan_title"]))


def test_gaps_stand_in_order_with_their_reasons(programme: ProgrammeSite) -> None:
    listed = plan(programme, "gaps", CAPABILITY)
    assert "Another partner does this already." not in shown(programme, "fay", listed)
    text = "".join(shown(programme, "fay", f"{listed}?page={page}") for page in range(1, 9))
    assert "weight of its area" in text
    assert "The country wants this first" in text
    assert "Another partner does this already." in text
    assert text.index("The country wants this first") < text.index("Another partner")
    assert "It is critical" in text
    shown(programme, "lea", plan(programme, "gaps", "threat-2026.1"), 404)


def test_the_country_chooses_and_says_why_it_rejects(programme: ProgrammeSite) -> None:
    there = gap(programme, first_gap(programme))
    refused = {"do": "choice", "gap_choice": "REJECTED", "gap_reason": " "}
    text = sent(programme, "fay", there, refused)
    assert "A rejection" in text
    said = {**refused, "gap_reason": "Not <b>now</b>, after the election"}
    text = sent(programme, "fay", there, said)
    assert "Not <b>now</b>, after the election" in text
    assert "Rejected" in text
    for who in ("lea", "ann", "rex", "olga"):
        sent(programme, who, there, said, 403)
    sent(programme, "far", there, said, 404)


def test_the_country_chooses_by_a_button_of_each_gap_that_only_it_has(
    programme: ProgrammeSite,
) -> None:
    first = first_gap(programme)
    for there in (plan(programme), plan(programme, "gaps", CAPABILITY)):
        page = programme.client("fay").get(there).content.decode()
        assert f'<a class="btn" href="{gap(programme, first)}#choice_gap_choice">Choose</a>' in page
        assert f">{first}<" not in page  # a gap is its question; ids are for files
        assert "#choice_gap_choice" not in programme.client("lea").get(there).content.decode()
    page = programme.client("fay").get(gap(programme, first)).content.decode()
    assert '<a class="btn main" href="#choice_gap_choice">' in page
    assert 'id="choice_gap_choice"' in page


def test_the_team_sets_target_and_feasibility(programme: ProgrammeSite) -> None:
    there = gap(programme, first_gap(programme))
    given = {"do": "target", "gap_target": "4", "gap_feasibility": "HARD"}
    text = sent(programme, "lea", there, given)
    assert "4 · Mature" in text
    assert "Hard" in text
    assert "Set by" in text
    assert "Lea Lim" not in shown(programme, "fay", there)
    assert "Target and feasibility" not in shown(programme, "fay", there)
    sent(programme, "fay", there, given, 403)
    sent(programme, "ann", there, given, 403)
    assert "Choose one of the options" in sent(
        programme, "lea", there, {**given, "gap_target": "9"}
    )


def test_an_item_is_typed_with_its_cost_and_shown_escaped(programme: ProgrammeSite) -> None:
    there = added(programme)
    page = programme.client("fay").get(there).content.decode()
    assert "Course on safeguards &lt;script&gt;" in page
    assert "EUR\u00a01,200.50" in page
    text = shown(programme, "fay", plan(programme))
    assert "EUR" in text
    assert "USD" in text
    assert "Cost by currency" in text
    assert "The plan in time" in text
    assert "Change the item" not in shown(programme, "fay", there)


def test_bad_input_is_said_in_a_sentence_and_stays_typed(programme: ProgrammeSite) -> None:
    indicators = [first_gap(programme)]
    for field, value, why in (
        ("plan_cost", "much", "much is no amount"),
        ("plan_cost", "-1", "-1 is no amount"),
        ("plan_cost", "45.000,50", "45.000,50 can be read in two ways"),
        ("plan_currency", "", "A cost needs its currency"),
        ("plan_cost_basis", "", "A cost needs its estimate"),
        ("plan_months", "six", "Write a whole number"),
        ("plan_begins", "spring", "Write a day as"),
        ("plan_title", "x" * 301, "at most 300"),
        ("plan_assistance", "tanks", "Choose one of the options"),
        ("plan_indicators", ["XX99"], "Choose one of the options"),
    ):
        given = {**TYPED, "plan_indicators": indicators, field: value}
        answer = programme.client("lea").post(plan(programme, "new"), given)
        page = answer.content.decode()
        assert answer.status_code == 200, field
        assert why in page, (field, value)
        assert "Judicial academy" in page


LINES: dict[str, Any] = {
    "plan_lines_what": ["Trainers <b>", "Rooms", ""], "plan_lines_unit": ["day", "day", ""],
    "plan_lines_rate": ["1,200.50", "300", ""], "plan_lines_quantity": ["10", "2.5", ""],
}  # fmt: skip
CHAIN = {"plan_output": "40 judges trained", "plan_result": "They ask for the warrant",
         "plan_impact": "Fewer unlawful searches"}  # fmt: skip


def test_a_cost_is_the_sum_of_its_lines_and_the_chain_of_results_is_shown(
    programme: ProgrammeSite,
) -> None:
    given = {**LINES, **CHAIN, "plan_cost": "", "plan_cost_basis": "", "plan_title": "Lines"}
    there = added(programme, **given)
    page = programme.client("fay").get(there).content.decode()
    assert "Trainers &lt;b&gt;" in page
    # 10 × 1,200.50 + 2.5 × 300.
    assert "EUR\u00a012,755.00" in page
    for words in CHAIN.values():
        assert words in page
    assert "40 judges trained" in shown(programme, "fay", plan(programme))
    data = programme.client("fay").get(plan(programme) + "plan.csv").content.decode()
    row = next(each for each in csv.DictReader(io.StringIO(data)) if "Lines" in each.values())
    assert row["Cost"] == "12755.00"
    assert row["Cost lines"] == "Trainers <b>: 10 × 1200.50 / day; Rooms: 2.5 × 300 / day"
    assert row["Outcome"] == "They ask for the warrant"
    edit = programme.client("lea").get(there + "edit/").content.decode()
    assert 'value="1200.50"' in edit
    assert "Sum of the lines: 12,755.00" in edit


def test_a_wrong_line_is_named_and_another_sum_beside_lines_is_refused(
    programme: ProgrammeSite,
) -> None:
    for changed, why in (
        ({"plan_lines_rate": ["45.000", "300", ""]}, "Line 1: 45.000 can be read in two ways"),
        ({"plan_lines_unit": ["day", "", ""]}, "Line 2: A line has four parts"),
        ({"plan_lines_quantity": ["10", "0", ""]}, "Line 2: The quantity must be more than 0"),
        ({"plan_cost": "13,000"}, "The lines come to another sum"),
        ({"plan_currency": "XXX"}, "A cost needs its currency"),
    ):
        given = {**TYPED, **LINES, "plan_cost": "", "plan_indicators": [first_gap(programme)]}
        answer = programme.client("lea").post(plan(programme, "new"), {**given, **changed})
        assert why in answer.content.decode(), changed


def test_a_gap_is_found_by_a_word_and_what_is_ticked_stays(programme: ProgrammeSite) -> None:
    there, ticked = plan(programme, "new"), first_gap(programme)
    page = programme.client("lea").get(there).content.decode()
    assert "more. Search by a word to find them" in page
    given = {**TYPED, "plan_indicators": [ticked], "plan_indicators_find": "laborator",
             "plan_title": "", "again": "plan_indicators"}  # fmt: skip
    page = programme.client("lea").post(there, given).content.decode()
    assert "This must be filled in" not in page
    assert "Judicial academy" in page
    boxes = re.findall(
        r'name="plan_indicators" value="([^"]+)"[^>]*?( checked)?><span>([^<]+)', page
    )
    assert [value for value, is_ticked, _ in boxes if is_ticked] == [ticked]
    assert len(boxes) > 1
    assert all("laborator" in label.casefold() for _, is_ticked, label in boxes if not is_ticked)
    assert not any(value in label for value, _, label in boxes)
    given["plan_indicators_find"] = "zebra"
    assert "No title has these words" in programme.client("lea").post(there, given).content.decode()


def test_support_to_security_forces_waits_for_due_diligence(programme: ProgrammeSite) -> None:
    there = added(programme, plan_to_forces="on")
    text = shown(programme, "olga", there)
    assert "cannot be approved yet" in text
    assert "has no human rights due diligence record" in text
    assert "Approve the item" not in text
    sent(programme, "olga", there, {"do": "approve"}, 400)

    sent(programme, "fay", there, WEIGHED, 403)
    sent(programme, "ann", there, WEIGHED, 403)
    text = sent(programme, "lea", there, WEIGHED)
    assert "Arrests without a warrant" in text
    assert "Counts now" in text
    assert "Approve the item" not in text
    sent(programme, "lea", there, {"do": "approve"}, 403)
    assert "Approved" in sent(programme, "olga", there, {"do": "approve"})

    text = sent(programme, "olga", there, {**WEIGHED, "hrdd_decision": "refuse"})
    assert "Proposed, blocked" in text
    assert "refuses the support" in text
    assert "Earlier" in text
    text = sent(programme, "lea", there, {**WEIGHED, "hrdd_review": "2026-01-31"})
    assert "Review overdue" in text
    assert "was due on 2026-01-31" in text
    assert "Lea Lim" not in shown(programme, "fay", there)


def test_an_item_is_rejected_proposed_again_moved_and_done(programme: ProgrammeSite) -> None:
    there = added(programme)
    assert "This must be filled in" in sent(programme, "fay", there, {"do": "reject"})
    reject = {"do": "reject", "plan_reject_reason": "Our academy does it"}
    text = sent(programme, "fay", there, reject)
    assert "Rejected" in text
    assert "Our academy does it" in text
    sent(programme, "ann", there, reject, 403)
    sent(programme, "olga", there, reject, 400)
    again = {"do": "again", "plan_again_reason": "The academy has no room"}
    assert "Proposed" in sent(programme, "olga", there, again)
    move = {"do": "move", "plan_place": "1", "plan_move_reason": "The minister asked"}
    assert "The minister asked" in sent(programme, "lea", there, move)
    from kancil.desk.assessment.queries.plans import plan_of
    from kancil.web.acting import today

    assert plan_of(programme.sight("lea"), today())[0].title == TYPED["plan_title"]
    sent(programme, "olga", there, {"do": "approve"})
    done = {"do": "done", "plan_outcome": "Thirty passed the test"}
    text = sent(programme, "lea", there, done)
    assert "Done" in text
    assert "Thirty passed the test" in text
    assert "Change the item" not in text


def test_a_change_of_what_was_approved_proposes_it_again(programme: ProgrammeSite) -> None:
    there = added(programme)
    sent(programme, "olga", there, {"do": "approve"})
    assert "Once you change it" in shown(programme, "lea", f"{there}edit/")
    given = {**TYPED, "plan_indicators": [first_gap(programme)], "plan_months": "9"}
    text = sent(programme, "lea", f"{there}edit/", given)
    assert "Proposed" in text
    assert "9 months" in text
    undated = sent(programme, "lea", f"{there}edit/", {**given, "plan_begins": ""})
    assert "9 months, no first day yet" in undated
    sent(programme, "fay", f"{there}edit/", given, 403)
    shown(programme, "rex", plan(programme, "new"), 403)
    shown(programme, "far", there, 404)
    other = there.replace(programme.second, programme.first)
    shown(programme, "lea", other, 404)


def test_the_plan_leaves_as_a_table_that_runs_no_formula(programme: ProgrammeSite) -> None:
    added(programme, plan_title="=HYPERLINK(1)", plan_owner="+49", plan_donor="@donor")
    answer = programme.client("fay").get(plan(programme) + "plan.csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert len({len(row) for row in rows}) == 1
    ours = next(row for row in rows if "HYPERLINK" in row[1])
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert {"1200.50", "EUR", "4"} <= set(ours)
    shown(programme, "don", plan(programme), 404)


def test_a_round_without_plan_says_what_to_do_first(programme: ProgrammeSite) -> None:
    text = shown(programme, "olga", f"/rounds/{programme.bola}/plan/")
    assert "Nothing is planned yet" in text
    assert "The first gaps" in text


def test_who_approved_or_rejected_is_said_and_an_approval_is_not_overturned_by_one_press(
    programme: ProgrammeSite,
) -> None:
    reason = {"plan_not_forces": "It is for judges"}
    there = added(programme, **reason)
    text = sent(programme, "olga", there, {"do": "approve"})
    assert "by Olga Osei" in text
    assert "Approved on" in shown(programme, "fay", there)
    press = {"do": "reject", "plan_reject_reason": "We have one already"}
    assert "This must be filled in" in sent(programme, "fay", there, press)
    sure = {**press, "act_sure": "on"}
    answer = programme.client("fay").post(there, sure)
    assert answer["Location"].startswith("/account/confirm/")
    again = {"do": "again", "plan_again_reason": "Refresh", "act_sure": "on"}
    assert programme.client("fay").post(there, again)["Location"].startswith("/account/confirm/")
    assert "Approved on" in shown(programme, "rex", there)
    answer = confirmed(programme, "fay").post(there, sure, follow=True)
    assert "by Fay Fonua, for the country" in plain(answer.content.decode())
    table = plan(programme, "plan.csv").rstrip("/")
    told = programme.client("rex").get(table).content.decode()
    assert "by Fay Fonua, for the country" in told


def test_what_looks_like_support_to_police_needs_a_record_or_a_reason(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.plans import shortfall_of

    sight = programme.sight("lea")
    sectors = {each.id: each.sector for each in protocol_in(sight, CAPABILITY).indicators.values()}
    short = [each.indicator for each in shortfall_of(sight, CAPABILITY).gaps]
    police = [name for name in short if sectors[name] == "law_enforcement"][:1]
    there = added(programme, plan_indicators=police, plan_owner="Cybercrime Unit")
    text = shown(programme, "olga", there)
    assert "cannot be approved yet" in text
    assert "or a written reason why it is not such support" in text
    sent(programme, "olga", there, {"do": "approve"}, 400)
    assert "Arrests without a warrant" in sent(programme, "lea", there, WEIGHED)
    assert "Approve the item" in shown(programme, "olga", there)
    why = "The trainees <b>are</b> prosecutors"
    there = added(programme, plan_indicators=police, plan_title="Other", plan_not_forces=why)
    text = shown(programme, "olga", there)
    assert why in text
    assert "Approve the item" in text


def test_a_rejected_critical_gap_says_what_stays_held_back(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.queries.answers import profile_of

    blocking = profile_of(programme.sight("olga"), CAPABILITY).intrusive_blocked_by[0]
    there = gap(programme, blocking)
    assert "even if the country rejects this" in shown(programme, "fay", there)
    said = {"do": "choice", "gap_choice": "REJECTED", "gap_reason": "After the election"}
    assert "intrusive help stays blocked. Blocked now:" in sent(programme, "fay", there, said)
    assert "intrusive help stays blocked. Blocked now:" in shown(programme, "lea", there)


def test_sums_tell_apart_what_is_held_back_and_early_items_are_named(
    programme: ProgrammeSite,
) -> None:
    added(programme, plan_not_forces="For judges")
    first = item_id(programme, TYPED["plan_title"])
    added(programme, plan_title="Early", plan_depends=[first], plan_begins="2027-02-01")
    text = shown(programme, "rex", plan(programme))
    assert f"Early begins before the item it depends on has ended: {TYPED['plan_title']}" in text
    for column in ("Approved", "Proposed", "Blocked", "Without a donor"):
        assert column in text


def test_a_gap_that_nobody_set_has_no_day_and_a_first_one_without_help_is_named(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.queries.plans import planned_for, shortfall_of, wishes

    sight = programme.sight("lea")
    free = next(
        each.indicator
        for each in shortfall_of(sight, CAPABILITY).gaps
        if each.indicator not in planned_for(sight, CAPABILITY)
        and each.indicator not in wishes(sight, CAPABILITY)
    )
    there, day = gap(programme, free), "Target, feasibility or choice last set"
    assert day not in shown(programme, "fay", there)
    first = {"do": "choice", "gap_choice": "FIRST"}
    assert day in sent(programme, "fay", there, first)
    text = shown(programme, "rex", plan(programme))
    assert "no item of the plan serves them: " in text
    from kancil.assessment.protocol_files.library import named_protocol

    asked = str(named_protocol(CAPABILITY).indicators[free].question)
    assert asked in text.partition("no item of the plan serves them: ")[2]


def test_the_plan_in_time_fits_beside_the_menu(programme: ProgrammeSite) -> None:
    page = programme.client("rex").get(plan(programme)).content.decode()
    widths = [int(each) for each in re.findall(r'<svg [^>]*width="(\d+)"', page)]
    assert 900 < max(widths) < 973, "the room that a window of 1280 pixels leaves it"
