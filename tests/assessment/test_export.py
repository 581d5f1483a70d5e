"""The export: whole, without interviews, and enough to make each figure again."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.assessment.answer import Answer, Evidence, Given, Kind, Outcome, Settled
from kancil.assessment.comparing import Comparison, Move, Moved, Side, compare
from kancil.assessment.export import (
    OneProtocol,
    Planned,
    RoundSaid,
    WholeRound,
    exact_text,
    round_json,
    safe_cell,
    safe_table,
    write_round,
)
from kancil.assessment.law.matrix import Extract, make_matrix
from kancil.assessment.law.road import Stage, Step, roads
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.planning.plan import DueDiligence, Item, ItemState, gaps, obstacles
from kancil.assessment.protocol import Confidence, CriticalRule, Protocol
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.sensitivity import bounds
from kancil.ground import canonical
from tests.assessment import small
from tools.tree import ROOT

PAGE = ROOT / "docs" / "formats" / "assessment-export.md"
ROUND = RoundSaid("r1", "XAA", "First", date(2026, 1, 1), date(2026, 6, 30))
AT = datetime(2026, 7, 1, tzinfo=UTC)
RULE = CriticalRule(1, 50, blocks_intrusive=True, until="safeguards")


def protocol() -> Protocol:
    indicators = [small.indicator(f"L{n}", "ab"[n % 2], 1 + n / 5) for n in range(8)]
    indicators[1] = replace(indicators[1], critical=True)
    indicators[2] = replace(indicators[2], critical=True)
    return small.protocol(indicators, {"a": 1.2, "b": 2}, critical=RULE)


SETTLED = small.all_settled(
    small.agreed("L0", 4, "B"),
    small.agreed("L1", 1, "A"),
    small.disputed("L2", 1, 4),
    small.agreed("L3", 4, "C"),
    small.agreed("L4", 3, "AC"),
    small.agreed("L5", Kind.NOT_APPLICABLE),
    small.agreed("L6", Kind.NOT_KNOWN),
    small.agreed("L7", 4, "A"),
)


def one(asked: Protocol, settled: dict[str, Settled]) -> OneProtocol:
    older = Side(asked, small.all_settled(small.agreed("L0", 2)))
    return OneProtocol(
        asked,
        settled,
        AREA_PROFILE_1.profile(asked, settled),
        bounds(asked, settled, AREA_PROFILE_1),
        gaps(asked, settled, {}),
        compare(older, Side(asked, settled), AREA_PROFILE_1),
        make_matrix(asked, settled, "XAA", {"x1": Extract("x1", "Act", "1", "2", "Who", "en")}),
    )


def whole(withheld: dict[str, str] | None = None) -> WholeRound:
    asked = protocol()
    diligence = DueDiligence("Abuse", "Training", "proceed", "The board", "2026-12-01")
    item = Item("p1", ("L1",), "tools", (), True, ItemState.PROPOSED, (), diligence)
    profile = AREA_PROFILE_1.profile(asked, SETTLED)
    planned = Planned(
        item,
        "Tools",
        "Ministry",
        begins_on=date(2026, 9, 1),
        months=3,
        cost_minor=2**60,
        currency="USD",
        obstacles=tuple(obstacles(item, [], profile, asked, "2026-07-01")),
    )
    steps = [Step("s1", "Act", Stage.BILL, "Ministry", date(2026, 1, 1))]
    return WholeRound(
        ROUND,
        AT,
        "0.1.0",
        [one(asked, SETTLED)],
        [planned],
        roads(steps, AT.date()),
        withheld or {},
    )


def script() -> str:
    (text,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    return str(text)


def reproduced(data: bytes, folder: Path) -> list[list[str]]:
    """Run the page's script on an export, alone; it fails where a figure differs."""
    (folder / "round.json").write_bytes(data)
    (folder / "again.py").write_text(script(), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "again.py", "round.json"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_a_script_of_a_few_lines_makes_every_figure_again(tmp_path: Path) -> None:
    lines = [line for line in script().splitlines() if line.strip()]
    assert len(lines) <= 25
    assert set(re.findall(r"^(?:from|import) (\w+)", script(), re.M)) == {"json", "fractions"}
    figures = round_json(whole())["protocols"][0]["figures"]
    assert [row[1:4] for row in reproduced(write_round(whole()), tmp_path)] == [
        [each["of"], each["id"], str(each["percent"])] for each in figures
    ]
    assert {each["percent"] for each in figures} >= {"50.0", None}


def test_the_script_makes_the_threats_again_from_a_file_without_anybodys_own_answers(
    tmp_path: Path,
) -> None:
    asked = named_protocol("threat")
    stages = {"ransomware": (1, 4), "unauthorised_access": (5, None)}
    settled = {}
    for name, pair in stages.items():
        parts = {
            part: Given(Kind.NOT_KNOWN if stage is None else Kind.VALUE, stage)
            for part, stage in zip(("prevalence", "impact"), pair, strict=True)
        }
        answer = Answer("a1", name, "", AT, None, parts, Confidence.HIGH)
        settled[name] = Settled(name, Outcome.ALONE, answer)
    told = replace(whole(), protocols=[OneProtocol(asked, settled)])
    assert {tuple(row) for row in reproduced(write_round(told), tmp_path)} == {
        (name, str(prevalence), str(impact)) for name, (prevalence, impact) in stages.items()
    }


def test_the_script_notices_a_figure_that_was_changed(tmp_path: Path) -> None:
    changed = write_round(whole()).replace(b'"percent":"50.0"', b'"percent":"51.0"')
    with pytest.raises(AssertionError):
        reproduced(changed, tmp_path)


@settings(max_examples=20)
@given(st.dictionaries(st.integers(0, 122), st.integers(0, 4), min_size=20))
def test_figures_of_a_packaged_protocol_come_out_again(values: dict[int, int]) -> None:
    asked = named_protocol("capability")
    names = list(asked.indicators)
    settled = small.all_settled(
        *(small.agreed(names[place % len(names)], value, "a") for place, value in values.items())
    )
    data = write_round(
        WholeRound(
            ROUND,
            AT,
            "0.1.0",
            [OneProtocol(asked, settled, AREA_PROFILE_1.profile(asked, settled))],
        )
    )
    source = script().replace('json.load(open(sys.argv[1], encoding="utf-8"))', "loaded")
    assert source != script()
    exec(source, {"loaded": json.loads(data), "print": lambda *_: None})


def test_the_export_is_canonical_and_the_same_every_time() -> None:
    data = write_round(whole())
    assert data == write_round(whole())
    assert canonical.dumps(canonical.loads(data)) + b"\n" == data


def test_interviews_never_leave_and_are_counted() -> None:
    data = round_json(whole())
    answers = [
        answer for settled in data["protocols"][0]["indicators"] for answer in settled["answers"]
    ]
    grades = {item.get("grade") for answer in answers for item in answer["evidence"]}
    assert grades == {"A"}
    titles = json.dumps(data)
    assert "L3 C" not in titles
    assert "L0 B" not in titles
    assert data["left_out"]["interviews"] == 6


def test_withheld_evidence_is_said_to_be_withheld_and_nothing_else() -> None:
    data = round_json(whole({"L7-ann-0": "The ministry asked"}))
    text = json.dumps(data)
    assert '{"id": "L7-ann-0", "withheld": "The ministry asked"}' in text
    assert "L7 A" in text  # bo's own copy is another item
    assert data["left_out"]["withheld"] == 1


def test_what_the_country_sees_withheld_without_its_grade_is_no_interview() -> None:
    bare = Evidence("masked", "", "", "withheld")
    moved = Moved(Move.UP, "L0", "L0", None, None, (bare,))
    told = replace(one(protocol(), {}), comparison=Comparison("a", "b", (moved,), ()))
    said = replace(whole({"masked": "The ministry asked"}), protocols=[told])
    data = round_json(said)
    (row,) = data["protocols"][0]["comparison"]["indicators"]
    assert row["evidence_added"] == [{"id": "masked", "withheld": "The ministry asked"}]
    assert data["left_out"] == {"interviews": 0, "withheld": 1}


def test_what_counts_is_named_and_a_dispute_has_no_answer_that_counts() -> None:
    rows = {each["indicator"]: each for each in round_json(whole())["protocols"][0]["indicators"]}
    assert rows["L0"]["counts"] == "L0-ann"
    assert (rows["L2"]["outcome"], rows["L2"]["counts"]) == ("disputed", None)
    assert len(rows["L2"]["answers"]) == 2
    assert rows["L2"]["settled"] is None


def test_what_counts_stands_in_a_file_without_anybodys_own_answers() -> None:
    """As from the country's side, where no id of an answer may point to what is not there."""
    told = {name: replace(each, answers=()) for name, each in SETTLED.items()}
    (protocols,) = round_json(replace(whole(), protocols=[one(protocol(), told)]))["protocols"]
    (whole_protocols,) = round_json(whole())["protocols"]
    for bare, full in zip(protocols["indicators"], whole_protocols["indicators"], strict=True):
        assert bare["settled"] == full["settled"]
        assert (bare["counts"], bare["answers"]) == (None, [])
    rows = {each["indicator"]: each["settled"] for each in protocols["indicators"]}
    assert rows["L4"] == {
        "given": {"kind": "value", "value": 3, "reason": ""}, "parts": {}, "confidence": "medium",
        "grade": "A",
    }  # fmt: skip
    assert rows["L3"]["grade"] is None, "an interview's"


def test_an_answer_that_only_an_interview_moved_moved_without_evidence_that_is_shown() -> None:
    held = Evidence("i1", "C", "", "interview")
    moved = Moved(Move.UP, "L0", "L0", None, None, (held,))
    told = replace(one(protocol(), {}), comparison=Comparison("a", "b", (moved,), ()))
    (made,) = round_json(replace(whole(), protocols=[told]))["protocols"]
    (row,) = made["comparison"]["indicators"]
    assert (row["without_evidence"], row["evidence_added"]) == (True, [])


def test_documents_that_the_older_round_withheld_are_not_counted_with_this_ones() -> None:
    told = replace(whole({"x": "Asked", "y": "Names people"}), withheld_before=["y"])
    assert round_json(told)["left_out"]["withheld"] == 1


def test_money_and_weights_leave_as_text() -> None:
    data = round_json(whole())
    assert data["plan"][0]["cost_minor"] == str(2**60)
    weights = {
        line["weight"] for figure in data["protocols"][0]["figures"] for line in figure["lines"]
    }
    assert "1.2" in weights
    assert all(isinstance(each, str) for each in weights)


@given(st.integers(-(10**6), 10**6), st.sampled_from([1, 2, 3, 5, 7, 8, 10, 40, 625, 1000]))
def test_an_exact_number_is_read_back_as_itself(numerator: int, denominator: int) -> None:
    number = Fraction(numerator, denominator)
    assert Fraction(exact_text(number)) == number


def test_all_keys_of_the_export_stand_on_its_page() -> None:
    page = PAGE.read_text("utf-8")

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return {
                *(name for name in value if not re.fullmatch(r"[A-Z]\d|en", name)),
                *(key for name, each in value.items() if name != "params" for key in keys(each)),
            }
        return {key for each in value for key in keys(each)} if isinstance(value, list) else set()

    exported = round_json(whole())
    exported["protocols"][0]["legal"]["matrix"] = None
    missing = {key for key in keys(exported) if f"`{key}`" not in page and f'"{key}"' not in page}
    assert missing - {"risk", "mitigation", "decision", "review_on"} == set()


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1",
        "+1",
        "-1",
        "@cmd",
        "\t=1",
        " =1",
        "\r\n=1",
        "\x00=1",
        "\u200b=1",
        "\uff1dcmd",
        "a;=1+1",
        'a;"=1+1',
        "a;\t=1",
        "a|@x",
    ],
)
def test_no_cell_runs_as_a_formula_whatever_the_separator(hostile: str) -> None:
    data = safe_table(["name", hostile], [[hostile, 1], [None, "plain"]]).decode("utf-8")
    for delimiter in ",;|\t":
        for row in csv.reader(io.StringIO(data), delimiter=delimiter):
            for cell in row:
                assert not re.match('["\\s]*[=+@\\-\uff1d\uff0b\uff0d\uff20]', cell), cell


@given(st.text())
def test_a_safe_cell_is_one_line_without_control_characters(text: str) -> None:
    cell = safe_cell(text)
    assert cell.isprintable()
    assert not cell.startswith(("=", "+", "-", "@"))


def test_words_that_are_no_formula_stay_as_they_are() -> None:
    for words in ("ច្បាប់ស្តីពី", "a - b", "x = y", "3-4; 5", "'quoted'"):
        assert safe_cell(words) == words
